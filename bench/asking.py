"""Ask a server of ours so many times a second, and say how long its answers and its processors took.

A request counts from when it was due, so that one slow answer is not hidden by the wait of the next.
"""

import http.client
import itertools
import os
import socket
import statistics
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple


class Question(NamedTuple):
    """One request: of which kind of page, at which address, by whom (a session's key; "" for anybody)."""

    kind: str
    address: str
    session: str = ""


class Answer(NamedTuple):
    """One answer: of which kind of page, after how long (from when it was due), whether it was right."""

    kind: str
    seconds: float
    right: bool
    size: int


@contextmanager
def server(environment: dict[str, str], folder: Path, workers: int) -> Iterator[tuple[int, int]]:
    """The application under gunicorn, as long as it is needed: (its port, its process)."""
    port = _free_port()
    command = [
        *(sys.executable, "-m", "gunicorn", "milepost.web.wsgi:application"),
        *("--bind", f"127.0.0.1:{port}", "--workers", str(workers)),
        *("--control-socket", str(folder / "gunicorn.ctl"), "--log-level", "error"),
    ]
    started = subprocess.Popen(command, env=environment)  # noqa: S603
    try:
        _wait_for(port)
        yield port, started.pid
    finally:
        started.terminate()
        started.wait()


def ask(port: int, question: Question) -> tuple[int, int]:
    """(status, length) of the answer."""
    headers = {"Cookie": f"sessionid={question.session}"} if question.session else {}
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("GET", question.address, headers=headers)
        answer = connection.getresponse()
        return answer.status, len(answer.read())
    finally:
        connection.close()


def at_rate(port: int, questions: Iterable[Question], rate: int, seconds: int) -> Iterator[Answer]:
    """Ask so many times a second, whether or not earlier answers are there."""
    start = time.perf_counter() + 0.5

    def one(due: float, question: Question) -> Answer:
        time.sleep(max(0.0, due - time.perf_counter()))
        status, size = ask(port, question)
        return Answer(question.kind, time.perf_counter() - due, status == http.client.OK, size)

    with ThreadPoolExecutor(max_workers=rate * 4) as pool:
        asked = [
            pool.submit(one, start + number / rate, question)
            for number, question in enumerate(itertools.islice(questions, rate * seconds))
        ]
        yield from (each.result() for each in asked)


def summary(name: str, answers: list[Answer]) -> dict[str, Any]:
    """What there is to say of many answers, in milliseconds and kilobytes."""
    times = sorted(answer.seconds * 1000 for answer in answers)
    by_kind: dict[str, list[float]] = defaultdict(list)
    for answer in answers:
        by_kind[answer.kind].append(answer.seconds * 1000)
    return {
        "case": name,
        "requests": len(answers),
        "failed": sum(not answer.right for answer in answers),
        "p50_ms": round(statistics.median(times), 1),
        "p95_ms": round(_percentile(times, 0.95), 1),
        "max_ms": round(times[-1], 1),
        "mean_kb": round(statistics.mean(answer.size for answer in answers) / 1000, 1),
        "p95_ms_by_kind": {kind: round(_percentile(sorted(own), 0.95), 1) for kind, own in by_kind.items()},
    }


def processor_seconds(pid: int) -> float:
    """The processor time that a process and its present descendants have used."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="utf-8").split()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    own = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return own + sum(processor_seconds(int(child)) for child in children)


def _percentile(ordered: list[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def _wait_for(port: int) -> None:
    for _attempt in range(300):
        try:
            if ask(port, Question("health", "/health/"))[0] == http.client.OK:
                return
        except OSError:
            pass
        time.sleep(0.1)
    raise SystemExit("the server did not start")


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]
