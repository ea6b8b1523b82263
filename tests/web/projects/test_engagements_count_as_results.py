"""Engagements count towards indicators: offered with one click, typed once, added up once."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from milepost.errors import MilepostError
from milepost.values import Figure
from milepost.web.projects.actions import engagements as actions
from milepost.web.projects.actions import matrix, register, reporting
from milepost.web.projects.queries import engagements as queries
from milepost.web.traces.models import Edge
from milepost.web.ui.revisions import Stale

pytestmark = pytest.mark.django_db


def held(mary, about, day, came, **more):
    """A training of one day."""
    return actions.record(
        by=mary, about=about, kind="training", first_day=day, topic={"en": f"On {day}"}, came=came, **more
    )


@pytest.fixture
def period(active):
    """The first half-year."""
    return active.periods.first()


@pytest.fixture
def trainings(mary, active, trained):
    """Two in the first half-year with 7 and 5 persons, one in the second; they count persons trained."""
    made = [
        held(mary, active, date(2025, 3, 4), {("ministry", "F"): 4, ("ministry", "M"): 3}),
        held(mary, active, date(2025, 6, 30), {("agency", "F"): 3, ("other", "U"): 2}),
        held(mary, active, date(2025, 7, 1), {("agency", "M"): 9}),
    ]
    for one in made:
        actions.count_for(by=mary, engagement=one, indicator=trained, what="participants")
    return made


def cells(report):
    """{breakdown: value} of a report."""
    return {cell.key: int(cell.value) for cell in report.cells.all()}


def told(error):
    """The codes of the faults."""
    return {problem.code for problem in error.value.problems}


def test_the_form_offers_what_the_engagements_of_the_period_come_to(client, mary, trained, period, trainings):
    client.force_login(mary)
    page = reverse("report", args=[trained.result.project_id, period.pk, trained.pk])
    assert "12 from 2 engagements in this period" in client.get(page).content.decode()
    client.post(
        reverse("report-take", args=[trained.result.project_id, period.pk, trained.pk]), {"revision": "0"}
    )
    answer = client.get(page).content.decode()
    assert 'value="12"' in answer and 'value="7"' in answer
    [report] = trained.actuals.all()
    assert (report.state, cells(report)) == ("draft", {"": 12, "sex=F": 7, "sex=M": 3})
    edges = Edge.objects.filter(source=report.address, relation="rests_on", target__startswith="engagement:")
    assert {edge.target for edge in edges} == {trainings[0].address, trainings[1].address}


def test_comment_and_other_cells_of_a_draft_stay(mary, trained, period, trainings):
    typed = reporting.report(
        by=mary,
        indicator=trained,
        period=period,
        figures=[Figure(Decimal(1)), Figure(Decimal(1), place="North")],
        comment="So far",
    )
    with pytest.raises(Stale):
        actions.take(by=mary, indicator=trained, period=period, revision=typed.revision + 1)
    report = actions.take(by=mary, indicator=trained, period=period, revision=typed.revision)
    assert report.comment == "So far"
    assert {(cell.key, cell.place): int(cell.value) for cell in report.cells.all()}["", "North"] == 1


def test_a_report_that_differs_shows_both(client, mary, fred, trained, period, trainings):
    report = reporting.report(by=mary, indicator=trained, period=period, figures=[Figure(Decimal(15))])
    report = reporting.submit(by=mary, actual=report, revision=report.revision)
    client.force_login(fred)
    page = client.get(reverse("actual", args=[report.pk])).content.decode()
    assert "12 from 2 engagements" in page and "Reported: 15" in page and "The two differ" in page
    assert queries.offer(trained, period, report).differs


def test_an_approved_report_is_not_taken_over(mary, fred, trained, period, trainings):
    report = actions.take(by=mary, indicator=trained, period=period, revision=0)
    report = reporting.submit(by=mary, actual=report, revision=report.revision)
    reporting.approve(by=fred, actual=report, revision=report.revision)
    report.refresh_from_db()
    with pytest.raises(MilepostError) as error:
        actions.take(by=mary, indicator=trained, period=period, revision=report.revision)
    assert told(error) == {"no-such-step"}


def test_what_a_report_rests_on_is_not_taken_back(mary, trained, period, trainings):
    actions.take(by=mary, indicator=trained, period=period, revision=0)
    with pytest.raises(MilepostError) as error:
        actions.remove(by=mary, engagement=trainings[0], revision=1)
    assert told(error) == {"engagement-in-use"}
    actions.remove(by=mary, engagement=trainings[2], revision=1)


def test_where_nobody_counted_nothing_is_offered_as_zero(mary, trained, period, active):
    silent = held(mary, active, date(2025, 3, 4), {})
    actions.count_for(by=mary, engagement=silent, indicator=trained, what="participants")
    found = queries.offer(trained, period)
    assert (found.figures, found.uncounted) == ((), [silent])
    with pytest.raises(MilepostError) as error:
        actions.take(by=mary, indicator=trained, period=period, revision=0)
    assert told(error) == {"nothing-to-take"}


@pytest.mark.parametrize(
    ("what", "number"), [("women", 7), ("men", 3), ("events", 2), ("days", 4), ("institutions", 2)]
)
def test_each_thing_is_counted_in_its_own_way(mary, cast, trained, active, period, what, number):
    parties = [actions.Party("participant", cast.office), actions.Party("participant", name="Union")]
    for day, came, who in (
        (date(2025, 3, 4), {("ministry", "F"): 4, ("ministry", "M"): 3}, parties),
        (date(2025, 5, 4), {("ministry", "F"): 3}, parties[:1]),
    ):
        one = held(mary, active, day, came, last_day=day.replace(day=5), parties=who)
        actions.count_for(by=mary, engagement=one, indicator=trained, what=what)
    assert queries.offer(trained, period).total == number


def test_figures_since_the_start_take_all_that_ended_before(mary, trained, active, trainings):
    type(trained).objects.filter(pk=trained.pk).update(counting="reported_cumulatively")
    trained.refresh_from_db()
    assert queries.offer(trained, active.periods.last()).total == 21


def test_one_total_never_mixes_persons_and_events(mary, trained, active, trainings):
    other = held(mary, active, date(2025, 3, 9), {})
    with pytest.raises(MilepostError) as error:
        actions.count_for(by=mary, engagement=other, indicator=trained, what="events")
    assert told(error) == {"counted-otherwise"}
    with pytest.raises(MilepostError) as error:
        actions.count_for(by=mary, engagement=trainings[0], indicator=trained, what="participants")
    assert told(error) == {"counted-already"}
    type(trained).objects.filter(pk=trained.pk).update(measure="percentage")
    trained.refresh_from_db()
    with pytest.raises(MilepostError) as error:
        actions.count_for(by=mary, engagement=other, indicator=trained, what="participants")
    assert told(error) == {"not-countable"}


def test_an_engagement_of_two_projects_is_counted_once_over_both(
    client, mary, cast, active, trained, trainings
):
    second = register.enter(by=mary, institution=cast.ministry, title={"en": "Next"})
    objective = matrix.add_result(by=mary, project=second, level="objective", code="O", title={"en": "On"})
    persons = matrix.add_indicator(by=mary, result=objective, code="O.a", title={"en": "Persons"})
    actions.count_for(by=mary, engagement=trainings[0], indicator=persons, what="participants")
    [reach] = queries.reach(mary, queries.visible_to(mary))
    assert (reach.counted.amount.value, len(reach.counted.repeated), reach.projects) == (21, 1, 2)
    client.force_login(mary)
    page = client.get(reverse("engagements")).content.decode()
    assert "results of 2 projects" in page and "1 further link, not counted again" in page


def test_a_link_is_made_and_removed_on_the_page(client, mary, trained, active):
    one = held(mary, active, date(2025, 3, 4), {("ministry", "F"): 4})
    client.force_login(mary)
    page = reverse("engagement", args=[one.pk])
    assert "Persons trained" in client.get(page).content.decode()
    client.post(
        reverse("engagement-count", args=[one.pk]), {"indicator": str(trained.pk), "what": "participants"}
    )
    [link] = one.links.all()
    assert queries.amount(link) == 4
    client.post(reverse("engagement-uncount", args=[one.pk, link.pk]))
    assert not one.links.exists()


def test_nobody_counts_towards_a_project_that_is_not_theirs(mary, zoe, cast, trained, active):
    theirs = register.enter(by=zoe, institution=cast.abroad, title={"en": "Abroad"})
    abroad = held(zoe, theirs, date(2025, 3, 4), {("ministry", "F"): 4})
    with pytest.raises(PermissionDenied):
        actions.count_for(by=zoe, engagement=abroad, indicator=trained, what="participants")
    assert queries.countable(zoe, abroad) == []
