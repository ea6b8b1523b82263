"""A large file of records goes to the disk in pieces, is measured and deleted; a larger one is refused."""

import hashlib
import os
import re
import signal
import socket
from http.client import HTTPConnection
from pathlib import Path

import pytest

from tests.web.microdata.test_records_are_not_kept import state_of
from tests.web.operation.installation import bare, installation, migrated, wait_until  # noqa: F401

MEGABYTE = 1_000_000
SECRET = "Aurelia Quispe Valdivia"
HEADER = b"name,sex,weight,cost,earnings\n"
PIECE = b"".join(
    b"%s %06d,%d,%d.5,%d,%d\n"
    % (SECRET.encode(), at, at % 2 + 1, at % 40 + 20, at % 700 + 100, at % 300 + 200)
    for at in range(20_000)
)
PIECES = 200 * MEGABYTE // len(PIECE) + 1
MAPPING = """
indicator: 10.7.1
columns: {cost: cost, earnings: earnings, weight: weight}
dimensions: {sex: sex}
recodes: {sex: {"1": M, "2": F}}
"""
PLANT = """
    import tests.cast
    from django.conf import settings
    from django.test import Client
    from tests.web.microdata import steps
    plant = getattr(tests.cast.cast, "__wrapped__", None) or tests.cast.cast.__pytest_wrapped__.obj
    cast = plant(None)
    steps.listed(cast)
    client = Client()
    client.force_login(cast.alice)
    answer = [client.cookies[settings.SESSION_COOKIE_NAME].value, f"{cast.office.pk}-xs"]
"""
MEASURE = f"""
    from milepost.web.microdata import actions
    from milepost.web.microdata.models import Measurement
    one = Measurement.objects.get()
    one = actions.explain(
        by=one.created_by, measurement=one, revision=one.revision, text={MAPPING!r}, tables=[["sex"]]
    )
    one = actions.measure(by=one.created_by, measurement=one, revision=one.revision)
    answer = [one.state, one.size, one.sha256]
"""
NEW = "/en/work/datasets/measurements/new/"


class Desk:
    """A person's browser before a real server."""

    def __init__(self, port, session, place):
        self.port, self.place = port, place
        self.cookies = {"sessionid": session}
        page = self.asked("GET")[1]
        self.token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]

    def asked(self, method, headers=None, pieces=()):
        """(status, text, where to) of an answer; the pieces are sent one after the other."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=100)
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        connection.putrequest(method, NEW, skip_host=True)
        for name, value in {"Host": "localhost", "Cookie": cookies, **(headers or {})}.items():
            connection.putheader(name, value)
        connection.endheaders()
        for piece in pieces:
            connection.send(piece)
        answer = connection.getresponse()
        text = answer.read().decode()
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        connection.close()
        return answer.status, text, answer.headers.get("Location", "")

    def form(self):
        """(what stands before the file in the body, what stands behind it, the headers)."""
        said = {"csrfmiddlewaretoken": self.token, "place": self.place, "indicator": "10.7.1", "year": "2025"}
        fields = [
            f'--form\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
            for name, value in said.items()
        ]
        file = 'Content-Disposition: form-data; name="file"; filename="large.csv"\r\nContent-Type: text/csv'
        before = "".join([*fields, f"--form\r\n{file}\r\n\r\n"]).encode()
        headers = {"Content-Type": "multipart/form-data; boundary=form", "Origin": "http://localhost"}
        return before, b"\r\n--form--\r\n", headers


@pytest.fixture
def served(installation):  # noqa: F811
    """What starts a server with its worker, and gives Alice's browser: served(limit in megabytes)."""
    session, place = installation.python(PLANT)

    def start(limit):
        with socket.socket() as tried:
            tried.bind(("127.0.0.1", 0))
            port = tried.getsockname()[1]
        process = installation.start(
            "serve",
            *("--port", port, "--workers", 1),
            MILEPOST_MICRODATA="on",
            MILEPOST_MAX_MICRODATA_MB=str(limit),
        )
        said = []
        for line in process.stdout:
            said.append(line)
            if f"http://127.0.0.1:{port}/" in line:
                break
        else:
            pytest.fail("".join(said))
        return process, Desk(port, session, place)

    return installation, start


def servers_of(pid):
    """The processes below this one that answer requests."""
    found = []
    for child in map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split()):
        found += servers_of(child)
        if b"operation.server" in Path(f"/proc/{child}/cmdline").read_bytes():
            found.append(child)
    return found


def most_memory(pid):
    """The most that any of them has held, in bytes."""
    said = [Path(f"/proc/{one}/status").read_text() for one in servers_of(pid)]
    return max(int(re.search(r"VmHWM:\s+(\d+) kB", text)[1]) * 1024 for text in said)


def left(place):
    """What is left in the folder of records."""
    return list((place.home / "microdata").iterdir()) if (place.home / "microdata").is_dir() else []


def test_two_hundred_megabytes_go_to_the_disk_are_measured_and_deleted(served):
    place, start = served
    process, desk = start(limit=300)
    before, behind, headers = desk.form()
    length = len(HEADER) + PIECES * len(PIECE)
    headers["Content-Length"] = str(len(before) + length + len(behind))
    held = most_memory(process.pid)

    def body():
        yield before + HEADER
        for _ in range(PIECES):
            yield PIECE
        yield behind

    status, text, location = desk.asked("POST", headers, body())
    assert status == 302, text
    assert location.endswith("/columns/")
    assert most_memory(process.pid) - held < 60 * MEGABYTE
    (folder,) = left(place)
    assert [path.stat().st_size for path in folder.iterdir()] == [length]

    digest = hashlib.sha256(HEADER)
    for _ in range(PIECES):
        digest.update(PIECE)
    assert place.python(MEASURE) == ["waiting", length, digest.hexdigest()]
    wait_until(lambda: state_of(place)[0] not in ("waiting", "measuring"))
    assert state_of(place)[::2] == ["measured", []]
    assert left(place) == []
    whole = place.python("""
        from django.apps import apps
        from django.core import serializers
        answer = "".join(serializers.serialize("json", model.objects.all()) for model in apps.get_models())
    """)
    assert SECRET not in whole


def test_more_than_the_limit_is_refused_before_it_is_sent(served):
    place, start = served
    _process, desk = start(limit=50)
    before, _behind, headers = desk.form()
    headers["Content-Length"] = str(200 * MEGABYTE)
    status, text, _location = desk.asked("POST", headers, [before])
    assert status == 413
    assert "50 MB is the limit" in text
    assert left(place) == []


LARGE = f"""
    from contextlib import suppress
    import tests.cast
    from django.core.files.uploadhandler import StopFutureHandlers
    from milepost.web.microdata import actions, records
    from tests.web.microdata import steps
    from tests.web.microdata.test_large_uploads import HEADER, MAPPING, PIECE, PIECES
    plant = getattr(tests.cast.cast, "__wrapped__", None) or tests.cast.cast.__pytest_wrapped__.obj
    cast = plant(None)
    steps.listed(cast)
    receiver = records.Receiver(None, "file")
    with suppress(StopFutureHandlers):
        receiver.new_file("file", "large.csv", "text/csv", None)
    for piece in (HEADER, *[PIECE] * PIECES):
        receiver.receive_data_chunk(piece, 0)
    one = actions.start(
        by=cast.alice, country=cast.sandoria, institution=cast.office, indicator="10.7.1", year=2025,
        received=receiver.file_complete(0),
    )
    receiver.keep()
    receiver.close()
    one = actions.explain(
        by=cast.alice, measurement=one, revision=one.revision, text={MAPPING!r}, tables=[["sex"]]
    )
    answer = actions.measure(by=cast.alice, measurement=one, revision=one.revision).state
"""


def aside_of(place):
    """The records that the engine has written aside."""
    return list((place.home / "microdata").glob("*/milepost-measure-*/*.parquet"))


def test_killed_in_the_middle_of_its_work_a_worker_leaves_no_record(installation, tmp_path):  # noqa: F811
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    assert installation.python(LARGE) == "waiting"
    worker = installation.start("worker", TMPDIR=str(temporary))
    wait_until(lambda: sum(path.stat().st_size for path in aside_of(installation)))
    os.kill(worker.pid, signal.SIGKILL)
    worker.wait()
    assert state_of(installation)[0] == "measuring"
    assert aside_of(installation)
    again = installation.start("worker", TMPDIR=str(temporary))
    wait_until(lambda: not left(installation))
    wait_until(lambda: state_of(installation)[0] == "failed")
    assert state_of(installation)[2] == ["measuring-killed"]
    assert list(temporary.iterdir()) == []
    assert not list(installation.home.glob("milepost-*"))
    again.terminate()
    again.wait(20)
