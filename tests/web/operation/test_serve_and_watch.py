import json
import os
import signal
import socket
import stat
from http.client import HTTPConnection
from pathlib import Path

import pytest

from tests.web.operation.installation import SERVER, wait_until


def free_port():
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        return tried.getsockname()[1]


def get(port, path="/health/", host="localhost"):
    connection = HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request("GET", path, headers={"Host": host})
        answer = connection.getresponse()
        return answer.status, answer.read().decode(), answer.headers
    finally:
        connection.close()


def refused(port):
    """Whether nobody listens there."""
    with socket.socket() as tried:
        return tried.connect_ex(("127.0.0.1", port)) != 0


def parts_of(process):
    """The processes that belong to a `milepost serve`."""
    return [int(pid) for pid in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()]


def alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(") ", 1)[1][0] != "Z"
    except OSError:
        return False


@pytest.fixture
def served(installation):
    """A server with its worker."""
    port = free_port()
    process = installation.start("serve", "--port", port, "--workers", 1)
    said = []
    for line in process.stdout:
        said.append(line)
        if f"http://127.0.0.1:{port}/" in line:
            break
    else:
        pytest.fail("".join(said))
    return installation, process, port


def test_migrate_makes_the_database_once(bare):
    first, second = bare.milepost("migrate"), bare.milepost("migrate")
    assert first.returncode == second.returncode == 0, first.stderr
    assert "changes made: 0." not in first.stdout
    assert "changes made: 0." in second.stdout
    assert stat.S_IMODE((bare.home / "secret-key").stat().st_mode) == 0o600
    if not SERVER:
        assert stat.S_IMODE((bare.home / "milepost.sqlite3").stat().st_mode) == 0o600


@pytest.mark.parametrize("command", [["serve"], ["worker"], ["backup", "x.zip"]])
def test_nothing_starts_on_a_database_of_another_version(bare, command):
    done = bare.milepost(*command)
    assert done.returncode == 1
    assert "milepost migrate" in done.stderr
    assert "Traceback" not in done.stderr


def test_every_refused_setting_is_named(bare):
    done = bare.milepost("migrate", MILEPOST_DEBUG="yes", MILEPOST_HOSTS="*")
    assert done.returncode == 1
    assert "MILEPOST_DEBUG: 'yes' is neither 0 nor 1." in done.stderr
    assert "MILEPOST_HOSTS" in done.stderr
    assert "itself failed" not in done.stderr


def test_a_database_that_does_not_answer_is_named_without_its_password(bare):
    url = "postgresql://milepost:geheim@127.0.0.1:1/milepost"
    bare.database_url = url
    for command in ("migrate", "serve"):
        done = bare.milepost(command)
        assert done.returncode == 1
        assert "The database does not answer" in done.stderr
        assert "geheim" not in done.stderr


def test_server_and_worker_answer_and_end_together(served):
    _, process, port = served
    status, _, headers = get(port)
    assert status == 200
    assert headers["Content-Type"] == "application/json"
    found = wait_until(
        lambda: json.loads(get(port)[1]).get("worker") is not None and json.loads(get(port)[1])
    )
    assert found["status"] == "ok"
    assert found["database"] == "ok"
    assert found["queue"] == 0
    assert 0 <= found["worker"] < 30
    assert set(found) == {"status", "version", "database", "worker", "queue"}
    assert get(port, host="elsewhere.example")[0] == 400
    assert get(port, "/static/django_htmx/htmx-2.min.js")[0] == 200
    parts = parts_of(process)
    assert len(parts) == 2
    process.send_signal(signal.SIGTERM)
    assert process.wait(40) == 0
    assert not [pid for pid in parts if alive(pid)]


def test_nothing_is_left_when_the_server_is_killed(served):
    _, process, port = served
    parts = parts_of(process)
    os.kill(process.pid, signal.SIGKILL)
    wait_until(lambda: not [pid for pid in parts if alive(pid)], 20)
    wait_until(lambda: refused(port), 20)


def test_a_worker_that_is_killed_is_started_again(served):
    _, process, _port = served
    before = parts_of(process)
    worker = next(pid for pid in before if "operation.worker" in Path(f"/proc/{pid}/cmdline").read_text())
    os.kill(worker, signal.SIGKILL)
    wait_until(lambda: len(parts_of(process)) == 2 and worker not in parts_of(process), 20)


def test_a_port_that_is_taken_is_named(installation):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        done = installation.milepost("serve", "--port", port)
    assert done.returncode == 1
    assert f"127.0.0.1:{port}" in done.stderr
    assert "--port" in done.stderr


def test_the_first_administrator_is_made_once(installation):
    first = installation.milepost("administrator", "nina@example.org", "Nina", "--language", "ru")
    assert first.returncode == 0, first.stderr
    assert "/ru/account/invitation/" in first.stdout
    second = installation.milepost("administrator", "olga@example.org", "Olga")
    assert second.returncode == 1
    assert "accounts already" in second.stderr


def test_health_says_that_the_database_is_not_made_yet(bare):
    answer = bare.python("""
        from django.test import Client
        found = Client(headers={"host": "localhost"}).get("/health/")
        answer = [found.status_code, found.json()]
    """)
    assert answer[0] == 503
    assert answer[1]["status"] == "failing"
    assert answer[1]["database"] == "not migrated"


def test_health_says_that_the_database_does_not_answer(bare):
    bare.database_url = "postgresql://milepost:geheim@127.0.0.1:1/milepost"
    answer = bare.python("""
        from django.test import Client
        found = Client(headers={"host": "localhost"}).get("/health/")
        answer = [found.status_code, found.json()]
    """)
    assert answer[0] == 503
    assert answer[1]["database"] == "does not answer"
    assert "geheim" not in str(answer)


def test_health_counts_what_waits(client, db):
    from milepost.web.jobs.models import Job, Worker
    from milepost.web.jobs.queries import now

    Job.objects.create(kind="x")
    Worker.objects.create(name="a", pid=1, heartbeat_at=now())
    found = client.get("/health/").json()
    assert found["queue"] == 1
    assert 0 <= found["worker"] < 30
