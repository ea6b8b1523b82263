"""The release calendar: what is announced, moved with a reason, and then comes out."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from milepost.errors import MilepostError
from milepost.web.indicators import tasks
from milepost.web.indicators.actions import calendar, datasets
from milepost.web.indicators.actions.targets import Stale
from milepost.web.indicators.models import Dataset, Release
from milepost.web.notices.models import Notice
from tests.web.indicators.steps import again, listed, public, upload

ROW = "8.8.1,2023,,NUMBER,4.9,,"


def soon(days=3):
    return timezone.now().replace(second=0, microsecond=0) + timedelta(days=days)


def code(error):
    return error.value.problems[0].code


@pytest.fixture
def submitted(cast):
    listed(cast, "8.8.1")
    dataset = upload(cast.alice, cast.office, cast.sandoria, ROW)
    return datasets.submit(by=cast.alice, dataset=dataset, revision=dataset.revision)


def plan(cast, by=None, **more):
    fields = {
        "country": cast.sandoria,
        "institution": cast.office,
        "title": {"en": "Work injuries"},
        "planned_at": soon(),
    }
    return calendar.plan(by=by or cast.bob, **{**fields, **more})


def test_a_dataset_waits_for_its_entry_and_comes_out_with_it(cast, submitted):
    release = plan(cast, dataset=submitted)
    dataset = again(submitted)
    assert dataset.release_at == release.planned_at
    with pytest.raises(MilepostError) as error:
        datasets.schedule(by=cast.bob, dataset=dataset, revision=dataset.revision, release_at=None)
    assert code(error) == "date-of-calendar"
    datasets.approve(by=cast.bob, dataset=dataset, revision=dataset.revision)
    assert again(dataset).state == "approved"
    Dataset.objects.filter(pk=dataset.pk).update(release_at=timezone.now())
    tasks.release_due(lambda *_: None)
    assert again(dataset).state == "published"
    assert Release.objects.get().released_at is not None


def test_a_date_is_moved_with_a_public_reason_and_the_first_one_stays_shown(cast, submitted):
    release = plan(cast, dataset=submitted)
    first = release.planned_at
    with pytest.raises(MilepostError) as error:
        calendar.postpone(by=cast.bob, release=release, revision=1, planned_at=soon(9), reason="")
    assert code(error) == "reason-missing"
    release = calendar.postpone(
        by=cast.bob, release=release, revision=1, planned_at=soon(9), reason="One region is late."
    )
    release = calendar.postpone(
        by=cast.bob, release=release, revision=2, planned_at=soon(12), reason="It is still late."
    )
    assert (release.postponed_from, release.reason) == (first, "It is still late.")
    assert again(submitted).release_at == release.planned_at


def test_two_people_who_move_one_entry_do_not_overwrite_each_other(cast):
    release = plan(cast)
    calendar.postpone(by=cast.bob, release=release, revision=1, planned_at=soon(9), reason="Late.")
    with pytest.raises(Stale):
        calendar.postpone(by=cast.carol, release=release, revision=1, planned_at=soon(4), reason="No.")
    assert Release.objects.get().reason == "Late."


def test_what_cannot_be_announced(cast, submitted):
    for fields, fault in (
        ({"planned_at": timezone.now() - timedelta(days=1)}, "release-past"),
        ({"title": {"en": " "}}, "title-missing"),
        ({"institution": cast.ministry, "dataset": submitted, "by": cast.carol}, "release-dataset"),
    ):
        with pytest.raises(MilepostError) as error:
            plan(cast, **fields)
        assert code(error) == fault
    plan(cast, dataset=submitted)
    with pytest.raises(MilepostError) as error:
        plan(cast, dataset=submitted)
    assert code(error) == "release-dataset-twice"


def test_who_keeps_the_calendar(cast):
    for keeper in (cast.bob, cast.carol):
        plan(cast, by=keeper)
    for stranger in (cast.alice, cast.frank, cast.charlie, cast.nobody, cast.adam):
        with pytest.raises(PermissionDenied):
            plan(cast, by=stranger)


def test_those_who_publish_are_reminded_of_an_entry_without_figures(cast, submitted):
    plan(cast, planned_at=soon(3))
    plan(cast, planned_at=soon(30))
    assert calendar.remind(timezone.now()) == 1
    assert {one.user for one in Notice.objects.filter(kind="release-due")} == {cast.bob}


def test_an_entry_lets_go_of_its_dataset(cast, submitted):
    release = plan(cast, dataset=submitted)
    calendar.edit(
        by=cast.bob, release=release, revision=1, title={"en": "Other"}, indicators=[], dataset=None
    )
    assert again(submitted).release_at is None


def test_the_pages_of_the_calendar(cast, client, submitted):
    client.force_login(cast.bob)
    form = client.get(reverse("release-new")).context["form"]
    place = next(iter(form.places))
    planned = soon().strftime("%Y-%m-%dT%H:%M")
    data = {"place": place, "title-en": "Work injuries", "planned_at": planned, "dataset": submitted.pk}
    answer = client.post(reverse("release-new"), data)
    release = Release.objects.get()
    assert answer.url == reverse("release", args=[release.pk])
    assert again(submitted).release_at == release.planned_at
    page = client.get(answer.url).content.decode()
    assert "Work injuries" in page
    move = {"revision": 1, "planned_at": soon(8).strftime("%Y-%m-%dT%H:%M"), "reason": "Late."}
    assert client.post(reverse("release-postpone", args=[release.pk]), move).status_code == 302
    stale = client.post(reverse("release-postpone", args=[release.pk]), {**move, "reason": "My own reason"})
    assert stale.status_code == 409 and "My own reason" in stale.content.decode()
    edit = {"revision": 2, "title-en": "Injuries at work", "dataset": ""}
    assert client.post(reverse("release-edit", args=[release.pk]), edit).status_code == 302
    assert "Injuries at work" in client.get(reverse("releases")).content.decode()
    for stranger in (cast.alice, cast.nobody, cast.charlie):
        client.force_login(stranger)
        assert client.get(reverse("release", args=[release.pk])).url.startswith("/en/xs/calendar/")
        assert client.post(reverse("release-edit", args=[release.pk]), edit).status_code in (403, 404)
    client.force_login(cast.nobody)
    assert client.get(reverse("releases")).status_code == 403
    client.logout()
    assert client.get(reverse("releases")).status_code == 302


def test_public_figures_do_not_come_before_their_entry(cast, submitted):
    plan(cast, dataset=submitted)
    dataset = again(submitted)
    datasets.approve(by=cast.bob, dataset=dataset, revision=dataset.revision)
    tasks.release_due(lambda *_: None)
    (indicator,) = cast.sandoria.indicators.all()
    assert public(indicator) == {}


def test_an_entry_leads_readers_to_the_public_calendar_and_keepers_to_their_page(cast, client):
    release = plan(cast)
    public = f"/en/xs/calendar/#release-{release.pk}"
    trace = f"/en/trace/{release.address}/"
    assert public in client.get(trace).content.decode()
    assert f'id="release-{release.pk}"' in client.get("/en/xs/calendar/").content.decode()
    client.force_login(cast.charlie)
    assert client.get(release.get_absolute_url())["Location"] == public
    client.force_login(cast.bob)
    assert release.get_absolute_url() in client.get(trace).content.decode()
    assert client.get(release.get_absolute_url()).status_code == 200


def test_an_entry_of_a_closed_country_is_not_there_for_strangers(cast, client):
    release = plan(cast)
    type(cast.sandoria).objects.filter(pk=cast.sandoria.pk).update(open_to_public=False)
    assert client.get(f"/en/trace/{release.address}/").status_code == 404
    client.force_login(cast.charlie)
    assert client.get(release.get_absolute_url()).status_code == 404
