from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from milepost.web.audit.models import Event
from milepost.web.jobs import actions, queries, work
from milepost.web.jobs.models import Job, Worker


@pytest.fixture
def file(tmp_path):
    return tmp_path / "done"


def test_work_is_done_once_and_keeps_its_result(cast, file):
    job = actions.start(
        "count", by=cast.alice, address="dataset:7", arguments={"file": str(file), "name": "a"}
    )
    work.run_all()
    work.run_all()
    job.refresh_from_db()
    assert (job.status, job.result, job.attempt) == ("done", {"counted": 3}, 1)
    assert (job.step, job.done, job.total) == ("Counting", 2, 3)
    assert job.finished_at >= job.started_at >= job.created_at
    assert file.read_text() == "a\n"


def test_first_come_first_done(cast, file):
    for name in "abc":
        actions.start("count", by=cast.alice, arguments={"file": str(file), "name": name})
    work.run_all()
    assert file.read_text() == "a\nb\nc\n"


def test_work_for_later_waits(cast, file):
    later = queries.now() + timedelta(hours=1)
    actions.start("count", by=cast.alice, arguments={"file": str(file)}, run_after=later)
    work.run_all()
    assert not file.exists()
    Job.objects.update(run_after=queries.now())
    work.run_all()
    assert file.exists()


def test_there_is_no_other_work_than_that_of_the_dict(cast):
    with pytest.raises(ValueError, match="no such work: sing"):
        actions.start("sing", by=cast.alice)


def test_what_a_person_can_mend_is_listed_with_its_place(cast):
    job = actions.start("refuse", by=cast.alice)
    work.run_all()
    job.refresh_from_db()
    assert job.status == "failed"
    first, second = queries.problems(job)
    assert (first.code, str(first.origin)) == ("number-unreadable", "visas.csv, row 4, column Value")
    assert (second.code, str(second.origin)) == ("empty-file", "permits.csv")


def test_signs_that_a_database_refuses_are_kept_as_signs_that_it_takes():
    assert work._storable({"a\0": ["\0", "\ud800", float("nan"), {1}]}) == {
        "a\ufffd": ["\ufffd", "?", "nan", [1]]
    }


def test_a_mistake_of_the_program_is_said_plainly_and_told_to_the_log_only(cast, caplog):
    job = actions.start("crash", by=cast.alice)
    work.run_all()
    job.refresh_from_db()
    assert job.status == "failed"
    assert [problem.code for problem in queries.problems(job)] == ["job-crashed"]
    assert "12345" not in str(job.problems)
    assert "the secret is 12345" in caplog.text


def test_work_that_waits_is_cancelled_at_once(cast, file):
    job = actions.start("count", by=cast.alice, arguments={"file": str(file)})
    actions.ask_to_cancel(job, by=cast.alice)
    work.run_all()
    assert job.status == "cancelled"
    assert not file.exists()
    assert Event.objects.filter(verb="job.cancelled", address=job.address_of_job, by=cast.alice).count() == 1


def test_work_that_runs_stops_at_its_next_step_even_where_it_catches_its_own_faults(cast, file):
    job = actions.start("swallow", by=cast.alice, arguments={"file": str(file)})
    claimed = work.claim("here")
    actions.ask_to_cancel(claimed, by=cast.alice)
    work._do(work.Progress(claimed))
    job.refresh_from_db()
    assert job.status == "cancelled"
    assert not file.exists()


def test_what_has_ended_is_not_cancelled(cast, file):
    job = actions.start("count", by=cast.alice, arguments={"file": str(file)})
    work.run_all()
    assert actions.ask_to_cancel(job, by=cast.alice).status == "done"
    assert not Event.objects.filter(verb="job.cancelled").exists()


def test_only_who_started_it_and_who_operates_the_installation_decide(cast):
    job = actions.start("refuse", by=cast.alice)
    for stranger in (cast.bob, cast.charlie, cast.carol):
        with pytest.raises(PermissionDenied):
            actions.ask_to_cancel(job, by=stranger)
        with pytest.raises(PermissionDenied):
            actions.retry(job, by=stranger)
    assert actions.ask_to_cancel(job, by=cast.adam).status == "cancelled"
    assert actions.retry(job, by=cast.alice).status == "queued"


def test_what_failed_is_done_again_from_its_checkpoint(cast, file):
    job = actions.start("walk", by=cast.alice, arguments={"file": str(file), "steps": 3, "pause": 0})
    Job.objects.filter(pk=job.pk).update(status="failed", checkpoint={"next": 2}, attempt=3, problems=[1])
    actions.retry(job, by=cast.alice)
    work.run_all()
    job.refresh_from_db()
    assert (job.status, job.problems, job.attempt) == ("done", [], 1)
    assert file.read_text() == "1:2\n"


def silent(job, **changes):
    """A job whose worker has not been heard of for a minute."""
    before = queries.now() - timedelta(minutes=1)
    Job.objects.filter(pk=job.pk).update(
        status="running", worker="dead", heartbeat_at=before, started_at=before, **changes
    )
    job.refresh_from_db()
    return job


def test_the_work_of_a_dead_worker_is_said_to_be_lost_and_done_again(cast, file):
    job = silent(actions.start("count", by=cast.alice, arguments={"file": str(file)}), attempt=1)
    assert work.take_up_lost() == 1
    job.refresh_from_db()
    assert job.status == "lost"
    event = Event.objects.get(verb="job.lost")
    assert (event.address, event.details["worker"]) == (job.address_of_job, "dead")
    work.run_all()
    job.refresh_from_db()
    assert (job.status, job.attempt) == ("done", 2)


def test_work_that_kills_its_worker_three_times_has_failed(cast):
    job = silent(actions.start("crash", by=cast.alice), attempt=3)
    work.take_up_lost()
    job.refresh_from_db()
    assert job.status == "failed"
    assert [problem.code for problem in queries.problems(job)] == ["job-lost"]


def test_lost_work_that_was_to_be_cancelled_is(cast):
    job = silent(actions.start("crash", by=cast.alice), attempt=1, cancel_asked=True)
    work.take_up_lost()
    job.refresh_from_db()
    assert job.status == "cancelled"


def test_a_worker_that_beats_has_lost_nothing(cast):
    silent(actions.start("crash", by=cast.alice), attempt=1)
    Worker.objects.create(name="dead", pid=1, heartbeat_at=queries.now())
    assert work.take_up_lost() == 0


def test_what_runs_in_the_name_of_an_idle_worker_is_lost(cast):
    job = actions.start("crash", by=cast.alice)
    work.claim("me")
    assert work.take_up_lost("other") == 0
    assert work.take_up_lost("me") == 1
    job.refresh_from_db()
    assert job.status == "lost"


def test_an_attempt_that_was_held_for_dead_writes_nothing_any_more(cast):
    job = actions.start("count", by=cast.alice)
    first = work.Progress(work.claim("slow"))
    silent(job)
    work.take_up_lost()
    work.claim("quick")
    work._end(first, "done", result={"counted": 3})
    with pytest.raises(work.Taken):
        first.checkpoint(next=1)
    with pytest.raises(work.Taken):
        first("Next", 1, 2)
    job.refresh_from_db()
    assert (job.status, job.worker, job.result, job.checkpoint) == ("running", "quick", {}, {})


def test_the_clock_starts_work_once_in_its_time(cast, settings):
    settings.PERIODIC = "tests.web.jobs.some_work.EVERY_HOUR"
    assert work.start_periodic() == 1
    assert work.start_periodic() == 0
    Job.objects.update(created_at=queries.now() - timedelta(hours=2))
    assert work.start_periodic() == 0  # the last one still waits
    Job.objects.update(status="done", finished_at=queries.now())
    assert work.start_periodic() == 1
    assert Job.objects.get(status="queued").periodic


def test_periodic_work_that_went_well_is_forgotten_after_a_month(cast, settings):
    settings.PERIODIC = "tests.web.jobs.some_work.EVERY_HOUR"
    long_ago = queries.now() - timedelta(days=40)
    old = Job.objects.create(kind="count-hourly", periodic=True, status="done", finished_at=long_ago)
    bad = Job.objects.create(kind="count-hourly", periodic=True, status="failed", finished_at=long_ago)
    Job.objects.update(created_at=long_ago)
    work.start_periodic()
    assert not Job.objects.filter(pk=old.pk).exists()
    assert Job.objects.filter(pk=bad.pk).exists()
