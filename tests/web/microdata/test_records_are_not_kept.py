"""However a measurement ends, its records are gone; and nobody else ever sees them."""

import os
import signal
import zipfile
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from milepost.errors import MilepostError
from milepost.web.jobs import actions as job_actions
from milepost.web.jobs import work as jobs
from milepost.web.microdata import actions, records
from milepost.web.microdata.models import Measurement
from tests.web.microdata import steps, survey
from tests.web.operation.installation import bare, installation, migrated, wait_until  # noqa: F401


def sent(client, cast, **more):
    """A measurement that waits for a worker."""
    steps.brought_in(client, cast)
    one = steps.last()
    client.post(
        reverse("measurement-columns", args=[one.pk]),
        {**steps.explained(client, one, **more), "measure": "1"},
    )
    return steps.last()


def codes(one):
    return [problem["code"] for problem in one.problems]


def test_records_lie_where_only_the_server_can_read_them(alice, cast):
    steps.brought_in(alice, cast)
    one = steps.last()
    (folder,) = steps.folders()
    assert folder == one.folder
    assert (records.home() / folder).stat().st_mode & 0o777 == 0o700
    path = records.path_of(folder, one.source_name)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.read_bytes() == survey.as_csv()
    assert one.size == path.stat().st_size
    assert actions.tidy() == {"ended": 0, "folders": 0}
    assert steps.folders() == [folder]


def test_columns_are_remembered_without_the_values_of_others(alice, cast):
    steps.brought_in(alice, cast)
    known = {column["name"]: column["values"] for column in steps.last().columns}
    assert set(known["born"]) == {"here", "abroad"}
    assert known["person"] == known["cost"] == known["weight"] == {}


def test_a_measurement_that_is_stopped_before_it_began_lets_them_go(alice, cast):
    one = sent(alice, cast)
    alice.post(reverse("measurement-cancel", args=[one.pk]))
    one = steps.last()
    assert (one.state, one.folder, steps.folders()) == ("cancelled", "", [])
    jobs.run_all()
    assert steps.last().state == "cancelled"


def test_stopped_from_the_page_of_the_job_they_go_with_the_next_tidying(alice, cast):
    one = sent(alice, cast)
    job_actions.ask_to_cancel(one.job, by=cast.alice)
    actions.tidy()
    assert (steps.last().state, steps.folders()) == ("cancelled", [])


def asked(what):
    """A worker's heart that has heard somebody ask for this."""
    heart = jobs.Heart("one")
    heart.asked = what
    return heart


def test_stopped_in_the_middle_they_go_at_once(alice, cast):
    sent(alice, cast)
    jobs.run_next("one", asked(jobs.Cancelled))
    one = steps.last()
    assert (one.state, one.job.status, steps.folders()) == ("cancelled", "cancelled", [])


def test_a_worker_that_is_to_end_leaves_them_for_the_next(alice, cast):
    sent(alice, cast)
    jobs.run_next("one", asked(jobs.Stopped))
    one = steps.last()
    assert (one.state, one.job.status, steps.folders()) == ("waiting", "queued", [one.folder])
    assert actions.tidy()["folders"] == 0
    jobs.run_all()
    assert (steps.last().state, steps.folders()) == ("measured", [])


def test_discarded_they_go(alice, cast):
    steps.brought_in(alice, cast)
    one = steps.last()
    alice.post(reverse("measurement-discard", args=[one.pk]), {"revision": one.revision})
    assert (steps.last().state, steps.folders()) == ("discarded", [])


def test_left_alone_for_a_day_they_go(alice, cast):
    steps.brought_in(alice, cast)
    Measurement.objects.update(touched_at=timezone.now() - timedelta(hours=23))
    actions.tidy()
    assert steps.last().state == "draft"
    Measurement.objects.update(touched_at=timezone.now() - timedelta(hours=25))
    actions.tidy()
    one = steps.last()
    assert (one.state, codes(one), steps.folders()) == ("failed", ["records-alone"], [])
    page = alice.get(one.get_absolute_url()).content.decode()
    assert "Upload them again" in page
    assert "Bring in the records again" in page


def test_what_a_library_says_of_records_is_told_to_nobody():
    with pytest.raises(MilepostError) as found, actions.without_cells("workers.csv"):
        float(f"{survey.SECRET} EUR")
    (problem,) = found.value.problems
    assert (problem.code, dict(problem.details)) == ("records-failed", {"why": "ValueError"})
    assert found.value.__suppress_context__


def test_a_fault_of_the_records_quotes_no_cell(alice, cast, caplog):
    rows = [list(row) for row in survey.records()]
    rows[77][2] = 101  # a sampling unit in two strata
    rows[200][3] = f"{survey.SECRET} EUR"
    steps.brought_in(alice, cast, survey.as_csv(rows))
    one = steps.last()
    alice.post(reverse("measurement-columns", args=[one.pk]), {**steps.explained(alice, one), "measure": "1"})
    jobs.run_all()
    one = steps.last()
    assert one.problems
    assert one.job.status == "failed"
    assert survey.SECRET not in caplog.text
    assert survey.SECRET not in str([one.problems, one.job.problems, one.columns])


def test_too_large_a_file_is_given_up_at_once(alice, cast, settings):
    settings.MICRODATA_MEGABYTES = 0.1
    answer = steps.brought_in(alice, cast)
    assert answer.status_code == 200
    assert "the limit" in answer.content.decode()
    assert (Measurement.objects.count(), steps.folders()) == (0, [])


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("workers.csv", b""),
        ("workers.parquet", b"no such thing"),
        ("workers.sav", b"$FL2 broken"),
        ("a.exe", b"MZ"),
    ],
)
def test_what_cannot_be_read_leaves_nothing(alice, cast, name, content):
    answer = steps.brought_in(alice, cast, content, name=name)
    assert answer.status_code == 200
    assert answer.context["form"].errors["file"]
    assert (Measurement.objects.count(), steps.folders()) == (0, [])


def test_an_upload_without_its_token_is_refused_and_leaves_nothing(cast):
    steps.listed(cast)
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.alice)
    assert steps.brought_in(client, cast).status_code == 403
    assert steps.folders() == []


def test_an_upload_of_a_stranger_is_not_even_read(client, cast):
    steps.listed(cast)
    assert "/account/login/" in steps.brought_in(client, cast)["Location"]
    client.force_login(cast.nobody)
    assert steps.brought_in(client, cast).status_code == 403
    assert steps.folders() == []


def test_folders_that_nobody_holds_or_names_are_removed():
    folder = records.make()
    (records.home() / folder / "records.csv").write_bytes(b"person\n1\n")
    with records.held(folder):
        assert records.remove_left([]) == 0
    assert records.remove_left([]) == 1
    assert steps.folders() == []


# A real installation ----------------------------------------------------------------------------------------

PLANT = """
    import tests.cast
    from django.core.files.uploadedfile import SimpleUploadedFile
    from django.test import Client
    from django.test.utils import setup_test_environment
    from django.conf import settings
    settings.MICRODATA = True
    setup_test_environment()
    plant = getattr(tests.cast.cast, "__wrapped__", None) or tests.cast.cast.__pytest_wrapped__.obj
    cast = plant(None)
    from tests.web.microdata import steps, survey
    steps.listed(cast)
    client = Client()
    client.force_login(cast.alice)
    steps.brought_in(client, cast)
    one = steps.last()
    from django.urls import reverse
    address = reverse("measurement-columns", args=[one.pk])
    client.post(address, {**steps.explained(client, one), "measure": "1"})
    answer = [steps.last().state, steps.last().folder]
"""


SLOW = """
from milepost.web.settings import *
import time
from milepost.recipes import measure as recipe
recipe.measure = lambda *given, **named: time.sleep(600)
"""


@pytest.fixture
def planted(installation):  # noqa: F811
    """An installation in which a measurement waits."""
    state, folder = installation.python(PLANT)
    assert state == "waiting"
    assert (installation.home / "microdata" / folder).is_dir()
    return installation


def state_of(place):
    return place.python("""
        from milepost.web.microdata.models import Measurement
        one = Measurement.objects.get()
        answer = [one.state, one.job.status, [problem["code"] for problem in one.problems]]
    """)


def test_after_a_kill_the_next_start_deletes_them_and_says_so(planted, tmp_path):
    slow = tmp_path / "slow"
    slow.mkdir()
    (slow / "slow_settings.py").write_text(SLOW)
    worker = planted.start("worker", DJANGO_SETTINGS_MODULE="slow_settings", PYTHONPATH=str(slow))
    wait_until(lambda: state_of(planted)[0] == "measuring")
    os.kill(worker.pid, signal.SIGKILL)
    worker.wait()
    assert list((planted.home / "microdata").iterdir())
    again = planted.start("worker")
    wait_until(lambda: not list((planted.home / "microdata").iterdir()))
    wait_until(lambda: state_of(planted)[0] == "failed")
    assert state_of(planted)[2] == ["measuring-killed"]
    planted.python("""
        from datetime import timedelta
        from milepost.web.jobs.models import Job, Worker
        from milepost.web.jobs.queries import now
        Job.objects.update(heartbeat_at=now() - timedelta(minutes=1))
    """)
    wait_until(lambda: state_of(planted)[1] == "failed")
    again.terminate()
    again.wait(20)
    said = planted.python("""
        from milepost.web.jobs.models import Job
        answer = Job.objects.get(kind="microdata.measure").problems
    """)
    assert [problem["code"] for problem in said] == ["records-gone"]
    assert "Upload them again" in said[0]["remedy"]


def test_no_backup_has_them(planted, tmp_path):
    done = planted.milepost("backup", tmp_path / "backup.zip")
    assert done.returncode == 0, done.stderr
    with zipfile.ZipFile(tmp_path / "backup.zip") as archive:
        names = archive.namelist()
        assert not [name for name in names if "microdata/" in name]
        whole = b"".join(archive.read(name) for name in names)
    assert b"P00102" not in whole
    assert survey.SECRET.encode() not in whole
