"""The pages are there only where they were turned on, and only for the people of the institution."""

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from milepost.web.accounts.models import Grant
from milepost.web.accounts.queries import forget_grants
from milepost.web.indicators.actions import datasets, lists
from milepost.web.indicators.models import Dataset
from milepost.web.indicators.queries import work
from milepost.web.jobs import work as jobs
from milepost.web.settings import read
from tests.web.conftest import DESK, PHONE, accessible
from tests.web.microdata import steps, test_second_file, test_sheets_and_values

PAGES = ("measurement", "measurement-columns", "measurement-mapping")
DEEDS = ("take-mapping", "cancel", "discard", "lower", "dataset")


def signed_in(person):
    client = Client()
    client.force_login(person)
    return client


def test_where_it_is_off_there_is_nothing(alice, cast, settings):
    steps.brought_in(alice, cast)
    one = steps.last()
    settings.MICRODATA = False
    addresses = [reverse(name, args=[one.pk]) for name in PAGES]
    addresses += [reverse(f"measurement-{deed}", args=[one.pk]) for deed in DEEDS]
    for address in [reverse("measurements"), reverse("measurement-new"), *addresses]:
        assert alice.get(address).status_code == 404
        assert alice.post(address).status_code == 404
    assert "measurements" not in alice.get(reverse("dataset-new")).content.decode()


def test_the_page_of_uploads_leads_to_it(alice):
    assert reverse("measurement-new") in alice.get(reverse("dataset-new")).content.decode()


def test_another_country_finds_nothing(alice, cast):
    one = steps.measured(alice, cast)
    charlie = signed_in(cast.charlie)
    for name in PAGES:
        assert charlie.get(reverse(name, args=[one.pk])).status_code == 404
    for deed in DEEDS:
        address = reverse(f"measurement-{deed}", args=[one.pk])
        assert charlie.post(address, {"revision": one.revision, "title": "x"}).status_code == 404
    assert one.title not in charlie.get(reverse("measurements")).content.decode()
    assert one.title in alice.get(reverse("measurements")).content.decode()


def test_readers_see_the_figures_and_only_those_who_work_on_them_the_protocol(alice, cast):
    one = steps.measured(alice, cast)
    for person, reads in ((cast.alice, True), (cast.bob, True), (cast.carol, False)):
        text = signed_in(person).get(one.get_absolute_url()).content.decode()
        assert "The figures as they would be published" in text
        assert ("Not for publication" in text) is reads
        assert ("too few respondents" in text) is reads


def test_a_reviewer_makes_no_dataset_and_stops_nothing(alice, cast):
    one = steps.measured(alice, cast)
    bob = signed_in(cast.bob)
    for deed in ("dataset", "discard", "cancel"):
        address = reverse(f"measurement-{deed}", args=[one.pk])
        assert bob.post(address, {"revision": one.revision, "title": "x"}).status_code == 403


def test_one_dataset_is_made_and_no_second(alice, cast):
    one = steps.measured(alice, cast)
    address = reverse("measurement-dataset", args=[one.pk])
    assert alice.post(address, {"revision": one.revision, "title": "x"}).status_code == 302
    assert alice.post(address, {"revision": one.revision, "title": "x"}).status_code == 422
    one.refresh_from_db()
    assert alice.post(address, {"revision": one.revision, "title": "x"}).status_code == 422
    discard = reverse("measurement-discard", args=[one.pk])
    alice.post(discard, {"revision": one.revision})
    assert steps.last().state == "measured"


def test_a_table_of_a_database_is_offered_by_name_only(alice, cast, settings):
    settings.MICRODATA_SOURCES = []
    assert "connection" not in alice.get(reverse("measurement-new")).context["form"].fields
    settings.MICRODATA_SOURCES = ["surveys"]
    settings.MICRODATA_INSTITUTIONS = {"surveys": ["xs/statistics"]}
    said = {"place": f"{cast.office.pk}-xs", "indicator": "10.7.1", "year": 2025, "table": "public.persons"}
    form = alice.post(reverse("measurement-new"), {**said, "connection": "postgresql://x@y/z"}).context[
        "form"
    ]
    assert form.errors["connection"]
    form = alice.post(reverse("measurement-new"), {**said, "connection": "surveys"}).context["form"]
    assert "surveys" in str(form.errors["table"])  # an administrator has not set its address here


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, (False, 2000, [])),
        ({"MILEPOST_MICRODATA": "on", "MILEPOST_MAX_MICRODATA_MB": "50"}, (True, 50, [])),
        (
            {"MILEPOST_SOURCE_SURVEYS": "postgresql://x@y/z", "MILEPOST_SOURCE_EMPTY": ""},
            (False, 2000, ["surveys"]),
        ),
    ],
)
def test_settings(tmp_path, environment, expected):
    found = read({"MILEPOST_HOME": str(tmp_path), **environment})
    assert (found["MICRODATA"], found["MICRODATA_MEGABYTES"], found["MICRODATA_SOURCES"]) == expected


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_every_page_can_be_read_by_all(alice, cast, tab, settings, language, size):
    settings.MICRODATA_CLUSTERS = {"ministries": "local[1]"}
    settings.MICRODATA_SOURCES = ["surveys"]
    settings.MICRODATA_INSTITUTIONS = {"ministries": ["xs/statistics"], "surveys": ["xs/statistics"]}
    done = steps.measured(alice, cast)
    steps.brought_in(alice, cast)
    waits = steps.last()
    said = {**steps.explained(alice, waits), "measure": "1"}
    assert alice.post(reverse("measurement-columns", args=[waits.pk]), said).status_code == 302
    steps.brought_in(alice, cast, test_sheets_and_values.SEVERAL, name="workers.xlsx")
    sheets = steps.last()
    steps.brought_in(alice, cast)
    draft = steps.last()
    lists.add(by=cast.carol, country=cast.sandoria, code="8.8.1", custodian=cast.office)
    accidents = test_second_file.ACCIDENTS
    steps.brought_in(alice, cast, accidents, name="accidents.csv", indicator="8.8.1")
    alone = steps.last()
    steps.brought_in(alice, cast, accidents, name="accidents.csv", indicator="8.8.1")
    both = test_second_file.with_second(alice, steps.last())
    tab.sign_in(cast.alice)
    tab.page.set_viewport_size(size)
    for path in (
        "",
        "new/",
        f"{draft.pk}/columns/",
        f"{done.pk}/",
        f"{waits.pk}/",
        f"{sheets.pk}/sheet/",
        f"{alone.pk}/second/",
        f"{both.pk}/second/",
        f"{both.pk}/columns/",
    ):
        tab.open(f"/{language}/work/datasets/measurements/{path}")
        assert accessible(tab.page) == [], path
        assert tab.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth + 1"), path
    assert tab.faults == []


def test_who_measured_does_not_approve(alice, cast):
    Grant.objects.create(user=cast.alice, role="reviewer", scope=cast.office.address)
    Grant.objects.create(user=cast.bob, role="statistician", scope=cast.office.address)
    one = steps.measured(signed_in(cast.alice), cast)
    bob = signed_in(cast.bob)
    bob.post(reverse("measurement-dataset", args=[one.pk]), {"revision": one.revision, "title": "x"})
    jobs.run_all()
    dataset = Dataset.objects.get()
    datasets.submit(by=cast.bob, dataset=dataset, revision=dataset.revision)
    dataset.refresh_from_db()
    assert {cast.alice.pk, cast.bob.pk} <= work.contributors(dataset)
    forget_grants(cast.alice)
    assert not work.may_approve(cast.alice, dataset)
    assert work.waiting(cast.alice, now=timezone.now()).to_review == []
    with pytest.raises(PermissionDenied):
        datasets.approve(by=cast.alice, dataset=dataset, revision=dataset.revision)
