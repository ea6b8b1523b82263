"""Real workers, real processes, on the database of the suite."""

import os
import signal
import time
from collections import Counter

import pytest

from tests.web.operation.installation import SERVER, wait_until


@pytest.fixture
def place(installation):
    installation.settings = "tests.web.jobs.worker_settings"
    return installation


def start(place, kind, number=1, **arguments):
    """Queue the same work several times, each with its number as name."""
    return place.python(f"""
        from milepost.web.jobs import actions
        answer = []
        for number in range({number}):
            arguments = {arguments!r}
            if {kind!r} == "count":
                arguments["name"] = str(number)
            answer.append(actions.start({kind!r}, by=None, arguments=arguments).pk)
    """)


def state(place, pk):
    return place.python(f"""
        from milepost.web.jobs.models import Job
        job = Job.objects.get(pk={pk})
        answer = [job.status, job.attempt, job.step, job.done]
    """)


def silence(place):
    """Let the heartbeats of all workers be a minute old, as if a minute had passed."""
    place.python("""
        from datetime import timedelta
        from milepost.web.jobs.models import Job, Worker
        from milepost.web.jobs.queries import now
        for model in (Job, Worker):
            model.objects.update(heartbeat_at=now() - timedelta(minutes=1))
    """)


def test_two_workers_do_two_hundred_jobs_once_each(place, tmp_path):
    file = tmp_path / "done"
    start(place, "count", 200, file=str(file))
    workers = [place.start("worker") for _ in range(2)]
    wait_until(lambda: file.exists() and len(file.read_text().splitlines()) >= 200, 120)
    for worker in workers:
        worker.terminate()
    assert [worker.wait(20) for worker in workers] == [0, 0]
    assert set(Counter(file.read_text().split()).values()) == {1}
    done = place.python("""
        from milepost.web.jobs.models import Job, Worker
        jobs = Job.objects.filter(status="done", attempt=1)
        answer = [jobs.count(), jobs.values("worker").distinct().count(), Worker.objects.count()]
    """)
    assert done == [200, 2, 0]


def test_the_work_of_a_killed_worker_goes_on_from_its_checkpoint(place, tmp_path):
    file = tmp_path / "steps"
    (pk,) = start(place, "walk", file=str(file), steps=60, pause=0.05)
    first = place.start("worker")
    wait_until(lambda: file.exists() and len(file.read_text().splitlines()) > 5)
    os.kill(first.pid, signal.SIGKILL)
    first.wait()
    assert state(place, pk)[:2] == ["running", 1]
    silence(place)
    place.start("worker")
    wait_until(lambda: state(place, pk)[0] == "done")
    attempts = [line.split(":") for line in file.read_text().splitlines()]
    assert {attempt for attempt, _ in attempts} == {"1", "2"}
    steps = Counter(int(step) for _, step in attempts)
    assert set(steps) == set(range(60))
    assert sum(steps.values()) <= 61  # at most the step in which it was killed was done twice
    lost = place.python("""
        from milepost.web.audit.models import Event
        answer = list(Event.objects.filter(verb="job.lost").values_list("address", flat=True))
    """)
    assert lost == [f"job:{pk}"]


def test_a_worker_that_is_asked_to_end_gives_its_work_back(place, tmp_path):
    file = tmp_path / "steps"
    (pk,) = start(place, "walk", file=str(file), steps=100, pause=0.05)
    first = place.start("worker")
    wait_until(lambda: file.exists() and len(file.read_text().splitlines()) > 5)
    first.terminate()
    assert first.wait(20) == 0
    assert state(place, pk)[:2] == ["queued", 0]


def test_progress_is_seen_and_cancel_heard_while_a_worker_works(place, tmp_path):
    (pk,) = start(place, "walk", file=str(tmp_path / "steps"), steps=10_000, pause=0.02)
    place.start("worker")
    wait_until(lambda: state(place, pk)[2:] > ["Walking", 10])
    place.python(f"""
        from milepost.web.jobs.models import Job
        Job.objects.filter(pk={pk}).update(cancel_asked=True)
    """)
    wait_until(lambda: state(place, pk)[0] == "cancelled", 15)


def test_a_worker_in_a_long_transaction_is_not_held_for_dead(place, tmp_path):
    file = tmp_path / "held"
    (pk,) = start(place, "hold", file=str(file), seconds=4)
    place.start("worker")
    wait_until(file.exists)
    if SERVER:
        time.sleep(1.5)  # its heart goes on: only the row of the job is locked by its transaction
    other = place.python("""
        from datetime import timedelta
        from django.db import connection
        from milepost.web.jobs import work
        work.LOST_AFTER = 0.5 if connection.vendor == "sqlite" else 6
        answer = work.take_up_lost()
    """)
    assert other == 0
    wait_until(lambda: state(place, pk)[:2] == ["done", 1], 30)
