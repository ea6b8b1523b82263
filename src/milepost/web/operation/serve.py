"""Server and worker as two processes that end together."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from http.client import HTTPConnection, HTTPException

from milepost.errors import refuse
from milepost.interchange.limits import end_with_parent
from milepost.values import Origin

DONE, FAULTS = 0, 1
PATIENCE = 30.0
PAUSE = 2.0
"""Seconds: until a process is killed that was asked to end; until a worker that died is started again."""


def serve(host: str, port: int, *, workers: int, with_worker: bool) -> int:
    """Serve until SIGTERM or Ctrl-C; the exit code is 1 where the server ended by itself.

    A worker that dies is started again, and takes up what it left.
    """
    check_free(host, port)
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    server = _start("server", f"[{host}]:{port}" if ":" in host else f"{host}:{port}", str(workers))
    worker = _start("worker") if with_worker else None
    try:
        if _answers(server, host, port, ended):
            print(f"Milepost answers at {_address(host, port)}  (Ctrl-C ends it)", flush=True)
        while not ended.wait(0.5):
            if server.poll() is not None:
                print("The server ended by itself; its last words are above.", file=sys.stderr)
                return FAULTS
            if worker is not None and worker.poll() is not None:
                print(f"The worker died ({worker.returncode}); another one is started.", file=sys.stderr)
                if not ended.wait(PAUSE):
                    worker = _start("worker")
        return DONE
    finally:
        _end([server, *([worker] if worker is not None else [])])


def check_free(host: str, port: int) -> None:
    """MilepostError where the address cannot be listened at."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            tried.bind(address)
    except OSError as error:
        raise refuse("cannot-listen", Origin(f"{host}:{port}"), why=error.strerror or str(error)) from error


def _start(part: str, *arguments: str) -> subprocess.Popen[bytes]:
    module = f"milepost.web.operation.{part}"
    return subprocess.Popen([sys.executable, "-m", module, str(os.getpid()), *arguments])  # noqa: S603


def end_with(parent: str) -> None:
    """Have this process, a part of `milepost serve`, end when the process of that number has ended."""
    if os.getppid() != int(parent):
        sys.exit(1)  # it ended before we began
    end_with_parent()


def _answers(server: subprocess.Popen[bytes], host: str, port: int, ended: threading.Event) -> bool:
    """Wait until the application answers; False where it ended before."""
    from django.conf import settings  # noqa: PLC0415

    while server.poll() is None and not ended.wait(0.1):
        connection = HTTPConnection(_local(host), port, timeout=5)
        try:
            connection.request("GET", "/health/", headers={"Host": settings.ALLOWED_HOSTS[0].lstrip(".")})
            connection.getresponse().read()
            return True
        except (OSError, HTTPException):
            continue
        finally:
            connection.close()
    return False


def _local(host: str) -> str:
    return {"0.0.0.0": "127.0.0.1", "": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104


def _address(host: str, port: int) -> str:
    shown = _local(host)
    return f"http://{f'[{shown}]' if ':' in shown else shown}:{port}/"


def _end(processes: list[subprocess.Popen[bytes]]) -> None:
    """Ask all to end, then kill those that do not."""
    for process in processes:
        if process.poll() is None:
            process.terminate()
    until = time.monotonic() + PATIENCE
    for process in processes:
        try:
            process.wait(max(until - time.monotonic(), 0.1))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
