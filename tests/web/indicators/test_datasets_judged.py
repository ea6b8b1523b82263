"""A dry run is made again exactly when something it rests on has changed."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from milepost import catalogue
from milepost.errors import MilepostError
from milepost.web.frameworks import actions as frameworks
from milepost.web.indicators.actions import datasets
from milepost.web.indicators.models import Observation
from milepost.web.indicators.queries import work
from milepost.web.stakeholders.models import Country
from tests.web.indicators.steps import again, listed, upload

STRICT = catalogue.definition_file("10.7.1").replace("limits: {minimum: 0}", "limits: {minimum: 5}")


@pytest.fixture
def draft(cast):
    listed(cast, "10.7.1", "8.8.1")
    return upload(cast.alice, cast.office, cast.sandoria, "10.7.1,2024,,,4,,", "10.7.1,2023,,,6,,")


def submit(dataset, cast):
    dataset = again(dataset)
    return datasets.submit(by=cast.alice, dataset=dataset, revision=dataset.revision)


def approve(dataset, cast):
    return datasets.approve(by=cast.bob, dataset=dataset, revision=dataset.revision)


def test_while_nothing_changed_it_is_not_compared_with_what_is_current_again(draft, cast):
    with CaptureQueriesContext(connection) as queries:
        sent = submit(draft, cast)
    assert not [one for one in queries if "indicators_observation" in one["sql"]]
    approve(sent, cast)
    assert Observation.objects.count() == 2


def test_a_definition_that_changed_before_it_is_sent_is_heeded(draft, cast):
    frameworks.save_definition(by=cast.carol, country=cast.sandoria, text=STRICT, reason="", revision=0)
    with pytest.raises(MilepostError) as error:
        submit(draft, cast)
    assert [problem.code for problem in error.value.problems] == ["dataset-moved"]
    assert (again(draft).counts["add"], again(draft).counts["refused"]) == (1, 1)
    assert submit(draft, cast).state == "submitted"


def test_a_definition_that_changed_while_it_waits_is_heeded_by_the_approval(draft, cast):
    sent = submit(draft, cast)
    frameworks.save_definition(by=cast.carol, country=cast.sandoria, text=STRICT, reason="", revision=0)
    with pytest.raises(MilepostError) as error:
        approve(sent, cast)
    assert [problem.code for problem in error.value.problems] == ["dataset-moved"]
    assert not Observation.objects.exists()
    approve(again(sent), cast)  # having looked again
    assert list(Observation.objects.values_list("value", flat=True)) == [6.0]


def test_what_does_not_touch_these_figures_is_looked_at_and_nothing_is_asked(draft, cast):
    before = work.circumstances(draft)
    listed(cast, "17.3.2")
    assert work.circumstances(draft) != before
    assert submit(draft, cast).judged_by == work.circumstances(draft)


def test_every_publication_and_withdrawal_of_the_institution_counts_and_no_other(draft, cast):
    seen = [work.circumstances(draft)]
    other = submit(upload(cast.alice, cast.office, cast.sandoria, "8.8.1,2024,,NUMBER,1,,"), cast)
    assert work.circumstances(draft) == seen[0]
    other = approve(other, cast)
    seen.append(work.circumstances(draft))
    datasets.withdraw(by=cast.bob, dataset=other, revision=other.revision, reason="Wrong.")
    seen.append(work.circumstances(draft))
    frameworks.add_code(
        by=cast.carol, country=cast.sandoria, list="areas", code="NORTH", name={"en": "North"}
    )
    seen.append(work.circumstances(draft))
    assert len(set(seen)) == 4
    Country.objects.create(code="xo", name={"en": "Other"}, m49="903")
    assert work.circumstances(draft) == seen[-1]


def test_a_row_that_was_changed_past_the_actions_is_not_published(draft, cast):
    sent = submit(draft, cast)
    row = sent.delivery.rows.get(number=1)
    row.cells = {**row.cells, "obs_value": "40"}
    row.save(update_fields=["cells"])
    with pytest.raises(MilepostError) as error:
        approve(sent, cast)
    assert [problem.code for problem in error.value.problems] == ["dataset-moved"]


def test_the_database_keeps_no_bounds_of_a_value_that_is_not_there(draft, cast):
    approve(submit(draft, cast), cast)
    one = Observation.objects.get(period="2024")
    with pytest.raises(IntegrityError), transaction.atomic():
        Observation.objects.filter(pk=one.pk).update(value=None, status="Q", lower=1.0)
    Observation.objects.filter(pk=one.pk).update(value=None, status="Q")


def test_sending_and_approving_takes_the_same_number_of_queries_however_many_rows(cast):
    listed(cast, "8.8.1")
    taken = []
    for first, last in ((1990, 1993), (1994, 2024)):
        rows = [f"8.8.1,{year},,NUMBER,{year - 1900},," for year in range(first, last)]
        dataset = upload(cast.alice, cast.office, cast.sandoria, *rows)
        with CaptureQueriesContext(connection) as queries:
            submit(dataset, cast)
        taken.append(len(queries))
    assert taken[0] == taken[1]
