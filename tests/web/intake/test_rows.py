"""Rows: written in bulk, mended and decided one by one, never lost."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from milepost.errors import MilepostError
from milepost.recipes import incoming
from milepost.values import Origin, Table
from milepost.web.audit.models import Event
from milepost.web.indicators.actions import datasets
from milepost.web.intake import actions, queries
from milepost.web.intake.models import Row
from milepost.web.traces.models import Edge
from milepost.web.ui.revisions import Stale
from tests.web.intake.conftest import FIGURES

TWICE = """Year,Series,Units,Value
2020,SL_EMP_RCOST,MONTHS_EARNINGS,8
2020,SL_EMP_RCOST,MONTHS_EARNINGS,9
2021,SL_EMP_RCOST,MONTHS_EARNINGS,x\\t"y"
"""


def judged(*rows, header=("Year", "Series", "Value", "COMMENT_OBS")):
    table = Table("x", header, list(rows), Origin("x.csv", "Blätt\t1"))
    reading, _ = incoming.suggest([table], country_m49="901")
    records = incoming.read_rows(
        [table],
        reading,
        indicators={"10.7.1"},
        country_m49="901",
        today=datetime.date(2026, 11, 22),
    )
    return incoming.compare(records, {})


def test_rows_are_stored_as_they_were_judged(bring):
    delivery = bring()
    strange = "tab\tback\\slash \"quotes\" 'one' {brace} \\N ўөү 中 %s \n line"
    found = judged(("2020", "SL_EMP_RCOST", "8.5", strange), ("2021", "SL_EMP_RCOST", "many", ""))
    actions.replace_rows(delivery, found)
    first, second = queries.rows(delivery)
    assert (first.number, first.sheet, first.line, first.outcome, first.problems) == (
        1, "Blätt\t1", 2, "add", [],
    )  # fmt: skip
    assert first.cells["comment_obs"] == strange.strip()
    assert first.key == found[0].record.key
    assert (second.outcome, second.key, second.before) == ("refused", "", None)
    assert second.problems[0]["code"] == "number-unreadable"
    assert second.problems[0]["origin"]["row"] == 3


def test_who_is_told_how_far_it_is_may_ask_the_database(bring, monkeypatch):
    """A worker without a heart writes down how far it is by the connection that writes the rows."""
    monkeypatch.setattr(actions, "BATCH", 2)
    delivery, seen = bring(), []
    lines = [("2020", "SL_EMP_RCOST", str(n), "") for n in range(5)]
    actions.replace_rows(delivery, judged(*lines), lambda *_told: seen.append(queries.rows(delivery).count()))
    assert seen == [0, 2, 4, 5]


def test_rows_are_written_by_the_ways_of_both_databases_alike(bring):
    lines = [("2020", "SL_EMP_RCOST", str(n), "") for n in range(7)]
    delivery = bring()
    said = []
    actions.replace_rows(delivery, judged(*lines), lambda *told: said.append(told))
    assert queries.rows(delivery).count() == 7
    assert said[0] == ("Writing the rows", 0, 7)
    assert said[-1] == ("Writing the rows", 7, 7)
    assert connection.vendor in ("sqlite", "postgresql")


def test_what_people_did_stays_with_rows_that_say_the_same(draft, office):
    dataset = draft(TWICE)
    delivery = dataset.delivery
    actions.decide(by=office.alice, delivery=delivery, row_numbers=[1], decision="use")
    datasets.preview(dataset, by=office.alice)
    assert [row.decision for row in queries.rows(delivery)] == ["use", "leave", ""]
    assert queries.rows(delivery).get(number=1).revision == 3  # left, then used


def test_a_cell_is_mended_and_the_row_compared_again(draft, office):
    dataset = draft(TWICE)
    row = queries.rows(dataset.delivery).get(number=3)
    assert row.outcome == "refused"
    mended = actions.edit_row(by=office.alice, row=row, cells={"obs_value": "1 234,5"}, revision=1)
    assert (mended.cells["obs_value"], mended.revision, mended.edited_by) == ("1234.5", 2, office.alice)
    datasets.compare_again(dataset, numbers=[3])
    row.refresh_from_db()
    assert (row.outcome, [fault["code"] for fault in row.problems]) == ("add", ["value-unlikely"])
    event = Event.objects.get(verb="row.edited")
    assert event.details == {"row": 3, "concepts": ["obs_value"]}  # the figure itself is not in the audit


def test_a_row_that_stays_faulty_tells_its_new_fault(draft, office):
    dataset = draft(TWICE)
    row = queries.rows(dataset.delivery).get(number=3)
    actions.edit_row(by=office.alice, row=row, cells={"obs_value": "-4"}, revision=1)
    datasets.compare_again(dataset, numbers=[3])
    row.refresh_from_db()
    assert [fault["code"] for fault in row.problems] == ["value-impossible"]


def test_the_second_of_two_who_mend_a_row_is_told(draft, office):
    dataset = draft(FIGURES)
    row = queries.rows(dataset.delivery).get(number=1)
    actions.edit_row(by=office.alice, row=row, cells={"obs_value": "8"}, revision=1)
    with pytest.raises(Stale) as stale:
        actions.edit_row(by=office.alice, row=row, cells={"obs_value": "7"}, revision=1)
    assert stale.value.now.cells["obs_value"] == "8"
    assert Row.objects.get(pk=row.pk).cells["obs_value"] == "8"


def test_an_edit_that_changes_nothing_leaves_no_trace(draft, office):
    dataset = draft(FIGURES)
    row = queries.rows(dataset.delivery).get(number=1)
    actions.edit_row(by=office.alice, row=row, cells={"obs_value": "8.2"}, revision=1)
    assert not Event.objects.filter(verb="row.edited").exists()


def test_of_rows_in_conflict_one_is_used_and_the_others_are_left(draft, office):
    dataset = draft(TWICE)
    delivery = dataset.delivery
    assert dataset.counts["conflict"] == 2
    assert actions.decide(by=office.alice, delivery=delivery, row_numbers=[2], decision="use") == 1
    datasets.compare_again(dataset, numbers=[1, 2])
    assert [row.outcome for row in queries.rows(delivery)][:2] == ["same", "add"]
    event = Event.objects.get(verb="row.decided")
    assert event.details["rows"] == [2]
    assert Edge.objects.filter(source=delivery.address, relation="decided_by").count() == 1

    actions.decide(by=office.alice, delivery=delivery, row_numbers=[1, 2], decision="")
    datasets.compare_again(dataset, numbers=[1, 2])
    assert [row.outcome for row in queries.rows(delivery)][:2] == ["conflict", "conflict"]


def test_using_two_rows_for_one_figure_uses_the_first(draft, office):
    dataset = draft(TWICE)
    actions.decide(by=office.alice, delivery=dataset.delivery, row_numbers=[1, 2], decision="use")
    assert [row.decision for row in queries.rows(dataset.delivery)] == ["use", "leave", ""]


def test_strangers_and_reviewers_change_no_row_and_nobody_does_in_review(draft, office):
    dataset = draft(FIGURES)
    delivery = dataset.delivery
    row = queries.rows(delivery).get(number=1)
    for person in (office.charlie, office.bob, office.carol):
        with pytest.raises(PermissionDenied):
            actions.edit_row(by=person, row=row, cells={"obs_value": "1"}, revision=1)
        with pytest.raises(PermissionDenied):
            actions.decide(by=person, delivery=delivery, row_numbers=[1], decision="leave")
    dataset.state = "submitted"
    dataset.save()
    row = queries.rows(queries.visible_to(office.alice).get(pk=delivery.pk)).get(number=1)
    with pytest.raises(MilepostError):
        actions.edit_row(by=office.alice, row=row, cells={"obs_value": "1"}, revision=1)
