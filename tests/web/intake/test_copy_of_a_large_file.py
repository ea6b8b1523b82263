"""The marked copy of a large file is made by a job: asked for, seen on its way, taken, made anew."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from milepost.web.audit.models import Event
from milepost.web.files import store
from milepost.web.files.models import StoredFile
from milepost.web.indicators.actions import datasets
from milepost.web.intake import actions, queries
from milepost.web.jobs import work
from milepost.web.jobs.models import Job

ROWS = (
    "Year,Series,Units,Value\n2020,SL_EMP_RCOST,MONTHS_EARNINGS,8.2\n2021,SL_EMP_RCOST,MONTHS_EARNINGS,many\n"
)


@pytest.fixture
def large(draft, monkeypatch):
    """A draft of a file that counts as large."""
    monkeypatch.setattr(queries, "MOST_AT_ONCE", 1)
    return draft(ROWS)


def copy(dataset):
    return reverse("delivery-copy", args=[dataset.delivery_id])


def marked(dataset):
    return reverse("delivery-marked", args=[dataset.delivery_id])


def test_it_is_asked_for_made_by_a_job_and_taken(large, office, client):
    client.force_login(office.bob)
    assert client.get(marked(large)).url == copy(large)
    assert "Make the copy" in client.get(copy(large)).content.decode()
    assert client.post(copy(large)).url == copy(large)
    assert client.post(copy(large)).url == copy(large)  # twice is once
    assert Job.objects.filter(kind="delivery.mark").count() == 1
    assert Event.objects.get(verb="delivery.copy-asked").by == office.bob
    said = client.get(copy(large)).content.decode()
    assert "is being made" in said
    assert 'http-equiv="refresh"' in said
    work.run_all()
    said = client.get(copy(large)).content.decode()
    assert "The copy is ready" in said
    answer = client.get(marked(large), follow=True)
    assert answer.redirect_chain == [(reverse("file", args=[StoredFile.objects.last().pk]), 302)]
    assert b"".join(answer.streaming_content).startswith(b"PK")


def test_who_may_not_have_the_file_may_not_have_the_copy(large, office, client):
    actions.ask_for_copy(by=office.alice, delivery=large.delivery, language="en")
    work.run_all()
    client.force_login(office.charlie)
    for address in (copy(large), marked(large), reverse("file", args=[StoredFile.objects.last().pk])):
        assert client.get(address).status_code == 404
    assert client.post(copy(large)).status_code == 404
    with pytest.raises(PermissionDenied):
        actions.ask_for_copy(by=office.charlie, delivery=large.delivery, language="en")


def test_after_a_row_was_mended_the_copy_is_made_anew(large, office):
    actions.ask_for_copy(by=office.alice, delivery=large.delivery, language="en")
    work.run_all()
    assert queries.copy_of(large.delivery, "en").file is not None
    assert queries.copy_of(large.delivery, "ru") is None  # faults are said in another language
    datasets.mend(by=office.alice, dataset=large, number=2, revision=1, cells={"obs_value": "8"}, why="x")
    assert queries.copy_of(large.delivery, "en") is None


def test_one_that_failed_is_said_and_can_be_asked_for_again(large, office, client):
    actions.ask_for_copy(by=office.alice, delivery=large.delivery, language="en")
    Job.objects.update(status=Job.Status.FAILED)
    client.force_login(office.alice)
    said = client.get(copy(large)).content.decode()
    assert "could not be made" in said
    assert "Make the copy" in said
    client.post(copy(large))
    assert Job.objects.filter(kind="delivery.mark").count() == 2


def test_a_small_file_is_marked_at_once(draft, office, client):
    dataset = draft(ROWS)
    client.force_login(office.alice)
    assert client.get(marked(dataset))["Content-Disposition"] == 'attachment; filename="figures.xlsx"'
    assert "Download" in client.get(copy(dataset)).content.decode()
    assert not Job.objects.filter(kind="delivery.mark").exists()


def files_of(dataset):
    return list(StoredFile.objects.filter(owner=dataset.delivery.address).order_by("pk"))


@pytest.mark.django_db(transaction=True)
def test_a_new_copy_takes_the_place_of_the_earlier_one_and_the_original_stays(large, office):
    original = large.delivery.file
    for language in ("en", "ru"):
        actions.ask_for_copy(by=office.alice, delivery=large.delivery, language=language)
    work.run_all()
    assert len(files_of(large)) == 3  # both are of the rows as they are now
    former = files_of(large)[1:]
    row = queries.rows(large.delivery).get(number=2)
    mend = {
        "number": 2,
        "revision": row.revision,
        "cells": {"obs_value": "8.1"},
        "why": "As the letter says.",
    }
    datasets.mend(by=office.alice, dataset=large, **mend)
    assert queries.copy_of(large.delivery, "en") is None
    actions.ask_for_copy(by=office.alice, delivery=large.delivery, language="en")
    work.run_all()
    first, made = files_of(large)
    assert (first, made in former) == (original, False)
    assert [store.path_of(one.sha256).exists() for one in (original, *former, made)] == [
        True, False, False, True,
    ]  # fmt: skip
    assert Event.objects.filter(verb="file.dropped").count() == 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("end", ["discard", "publish"])
def test_copies_go_with_the_draft(large, office, end, client):
    row = queries.rows(large.delivery).get(number=2)
    mend = {
        "number": 2,
        "revision": row.revision,
        "cells": {"obs_value": "8.1"},
        "why": "As the letter says.",
    }
    large = datasets.mend(by=office.alice, dataset=large, **mend)
    actions.ask_for_copy(by=office.alice, delivery=large.delivery, language="en")
    work.run_all()
    assert len(files_of(large)) == 2
    if end == "discard":
        datasets.discard(by=office.alice, dataset=large, revision=large.revision)
    else:
        sent = datasets.submit(by=office.alice, dataset=large, revision=large.revision)
        datasets.approve(by=office.bob, dataset=sent, revision=sent.revision)
    assert files_of(large) == [large.delivery.file]
    client.force_login(office.bob)
    assert client.get(copy(large)).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_a_copy_that_was_sent_in_again_keeps_its_content(large, office, bring):
    actions.ask_for_copy(by=office.alice, delivery=large.delivery, language="en")
    work.run_all()
    (_original, made) = files_of(large)
    again = bring(store.path_of(made.sha256).read_bytes(), "again.xlsx")
    actions.drop_copies(large.delivery, by=office.alice)
    assert again.file.sha256 == made.sha256
    assert store.path_of(made.sha256).exists()
