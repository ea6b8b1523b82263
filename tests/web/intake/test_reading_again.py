"""A file is read once more: what people changed by hand stays, or they are asked before it goes."""

import pytest
from django.urls import reverse

from milepost.web.audit.models import Event
from milepost.web.indicators.actions import datasets
from milepost.web.intake import actions, queries
from milepost.web.jobs import work
from tests.web.intake.conftest import FIGURES

CONCEPTS = {
    "Year": "time_period",
    "Series": "series",
    "Units": "unit_measure",
    "SEX": "sex",
    "Value": "obs_value",
    "OBS_STATUS": "obs_status",
}


@pytest.fixture
def mended(draft, office):
    """The draft of a file of three rows, of which Alice changed the first two by hand."""
    dataset = draft(FIGURES)
    for number, value in ((1, "8.5"), (2, "9.5")):
        dataset = datasets.mend(
            by=office.alice,
            dataset=dataset,
            number=number,
            revision=1,
            cells={"obs_value": value},
            why="As the letter of 2 May says.",
        )
    return dataset


def values(dataset):
    return [row.cells["obs_value"] for row in queries.rows(dataset.delivery)]


def map_anew(office, dataset, **columns):
    """Alice says of the columns something else than before."""
    actions.remember(
        by=office.alice, delivery=dataset.delivery, columns={**CONCEPTS, **columns}, codes={}, fixed={}
    )


def test_rows_changed_by_hand_stay_so(mended, office):
    actions.decide(by=office.alice, delivery=mended.delivery, row_numbers=[1], decision="use")
    counts = datasets.preview(mended, by=office.alice)
    assert (values(mended), counts["add"]) == (["8.5", "9.5", "7.9"], 3)
    first = queries.rows(mended.delivery).get(number=1)
    assert (first.as_it_came["obs_value"], first.edited_by, first.decision) == ("8.2", office.alice, "use")
    event = Event.objects.filter(verb="dataset.read").latest("pk")
    assert (event.details["mends_kept"], event.details["mends_dropped"]) == (2, [])
    datasets.preview(mended, by=office.alice)  # and once more
    assert values(mended) == ["8.5", "9.5", "7.9"]


def test_before_a_change_by_hand_goes_people_are_asked(mended, office):
    map_anew(office, mended, SEX="")  # only the second row says something there
    assert datasets.preview(mended, by=office.alice) == {}
    assert values(mended) == ["8.5", "9.5", "7.9"]
    mended.refresh_from_db()
    assert mended.counts == {}  # so it cannot be sent to review
    asked = queries.faults_of_file(mended.delivery)
    assert [(one.code, one.origin.row) for one in asked] == [("mend-would-go", 3)]
    assert asked[0].details["changed"] == "obs_value: 9 → 9.5"

    datasets.preview(mended, by=office.alice, drop_mends=True)
    assert values(mended) == ["8.5", "9", "7.9"]
    event = Event.objects.filter(verb="dataset.read").latest("pk")
    assert (event.details["mends_kept"], event.details["mends_dropped"]) == (1, [2])
    assert not queries.asks_of_mends(mended.delivery)


def test_saying_of_the_columns_what_was_said_before_keeps_them_all(mended, office):
    map_anew(office, mended, SEX="")
    datasets.preview(mended, by=office.alice)
    map_anew(office, mended)
    assert datasets.preview(mended, by=office.alice)["add"] == 3
    assert values(mended) == ["8.5", "9.5", "7.9"]


def test_a_change_that_the_reading_itself_makes_needs_nobody(mended, office):
    datasets.mend(
        by=office.alice,
        dataset=mended,
        number=2,
        revision=2,
        cells={"obs_value": "9", "sex": ""},
        why="Not of women.",
    )
    map_anew(office, mended, SEX="")
    assert datasets.preview(mended, by=office.alice)
    second = queries.rows(mended.delivery).get(number=2)
    assert ("sex" in second.cells, second.as_it_came) == (False, None)


def test_the_page_asks_and_does_what_was_said(mended, office, client):
    client.force_login(office.alice)
    page = reverse("delivery", args=[mended.delivery_id])
    again = reverse("delivery-read", args=[mended.delivery_id])
    assert "Rows that were changed by hand stay so." in client.get(page).text
    said = client.post(again, follow=True).text
    assert "2 rows that were changed by hand stay so." in said
    work.run_all()
    map_anew(office, mended, SEX="")
    client.post(again)
    work.run_all()
    assert values(mended) == ["8.5", "9.5", "7.9"]
    shown = client.get(page).text
    assert "obs_value: 9 → 9.5" in shown
    assert "Read again, and let these changes go" in shown
    client.post(again, {"drop": "1"})
    work.run_all()
    assert values(mended) == ["8.5", "9", "7.9"]


@pytest.mark.parametrize(("name", "answer"), [("bob", 403), ("charlie", 404), ("nobody", 404)])
def test_others_let_nothing_go(mended, office, client, name, answer):
    client.force_login(getattr(office, name))
    again = reverse("delivery-read", args=[mended.delivery_id])
    assert client.post(again, {"drop": "1"}).status_code == answer


def test_a_row_that_is_changed_while_the_file_is_read_stays_so(mended, office):
    mend = {"number": 3, "revision": 1, "cells": {"obs_value": "8.7"}, "why": "As the letter says, too."}
    steps = []

    def say(step, done, total):
        if step == datasets.COMPARING and step not in steps:
            datasets.mend(by=office.alice, dataset=mended, **mend)
        steps.append(step)

    datasets.preview(mended, by=office.alice, say=say)
    assert values(mended) == ["8.5", "9.5", "8.7"]
    assert steps.count(datasets.COMPARING) == 2
