"""A programme across its projects: gaps, budgets, results, people; a stranger sees only the public part."""

from datetime import date
from decimal import Decimal

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from milepost.values import Figure
from milepost.web.projects.actions import engagements, matrix, register, reporting
from milepost.web.projects.models import Project
from milepost.web.projects.queries import of_programmes, portfolio

pytestmark = pytest.mark.django_db
NOBODY = AnonymousUser()
TODAY = date(2026, 3, 1)


def enter(cast, mary, programme, title, state="active", **more):
    """A project of the programme that stands in a state."""
    made = register.enter(
        by=mary, institution=cast.ministry, programme=programme, title={"en": title}, areas=["xs"], **more
    )
    Project.objects.filter(pk=made.pk).update(state=state)
    made.refresh_from_db()
    return made


@pytest.fixture
def programme(cast, mary):
    """A programme of the ministry."""
    return register.save_programme(
        by=mary, institution=cast.ministry, title={"en": "Recruitment", "ru": "Найм"}, description={}
    )


@pytest.fixture
def several(cast, mary, programme):
    """Two projects with a gap between them, one beside the second, and a proposal within the gap."""
    first = enter(
        cast, mary, programme, "First", "closed",
        start="2021-10-21", end="2022-01-21", year=2021, budget=Decimal(38000), currency="USD",
    )  # fmt: skip
    second = enter(
        cast,
        mary,
        programme,
        "Second",
        start="2024",
        end="2025",
        year=2021,
        budget=Decimal(500),
        currency="EUR",
    )
    third = enter(cast, mary, programme, "Third", start="2025-03", end="2025-06", year=2024)
    idea = enter(
        cast, mary, programme, "Idea", "proposal",
        start="2023", end="2023", budget=Decimal(70), currency="USD",
    )  # fmt: skip
    register.connect(by=mary, first=first, second=second, kind="after")
    register.connect(by=mary, first=second, second=third, kind="beside")
    Project.objects.filter(pk__in=(first.pk, second.pk)).update(public=True)
    return [first, second, third, idea]


@pytest.fixture
def line(cast, mary, fred, programme):
    """A function: a project of the programme with so many officials trained, approved."""

    def made(title, number, unit="persons", *, public=False):
        project = enter(cast, mary, programme, title, start="2025", end="2025")
        row = matrix.add_result(
            by=mary, project=project, level="objective", code="O", title={"en": "Officials know"}
        )
        indicator = matrix.add_indicator(
            by=mary, result=row, code="a", title={"en": "Officials trained"}, unit=unit
        )
        matrix.add_indicator(by=mary, result=row, code="b", title={"en": "Never reported"})
        period = matrix.add_period(by=mary, project=project, start=date(2025, 1, 1), end=date(2025, 6, 30))
        actual = reporting.report(
            by=mary, indicator=indicator, period=period, figures=[Figure(Decimal(number))]
        )
        reporting.submit(by=mary, actual=actual, revision=actual.revision)
        reporting.approve(by=fred, actual=actual, revision=actual.revision)
        Project.objects.filter(pk=project.pk).update(public=public)
        return indicator

    return made


def shown(client, programme, user=None):
    """The page of a programme as text."""
    if user is not None:
        client.force_login(user)
    return client.get(programme.get_absolute_url()).content.decode()


# The list ---------------------------------------------------------------------------------------------------


def test_the_list_counts_what_the_reader_may_see(client, mary, programme, several):
    register.save_programme(by=mary, institution=programme.institution, title={"en": "Empty"}, description={})
    [empty, row] = of_programmes.rows(mary, of_programmes.listed(mary))
    assert (row.projects, row.without_budget, row.first, row.last) == (
        4, 1, date(2021, 10, 21), date(2025, 12, 31),
    )  # fmt: skip
    assert [(each.currency, each.total) for each in row.money] == [("EUR", 500), ("USD", 38070)]
    assert (empty.projects, empty.first, empty.money) == (0, None, [])
    [seen] = of_programmes.rows(NOBODY, of_programmes.listed(NOBODY))
    assert (seen.programme, seen.projects, seen.without_budget) == (programme, 2, 0)
    assert [(each.currency, each.total) for each in seen.money] == [("EUR", 500), ("USD", 38000)]
    page = client.get(reverse("programmes")).content.decode()
    assert "Recruitment" in page and "Empty" not in page
    assert reverse("programmes") in client.get(reverse("projects")).content.decode()


def test_a_programme_without_anything_to_see_is_hidden(client, zoe, programme, several):
    Project.objects.update(public=False)
    assert client.get(programme.get_absolute_url()).status_code == 404
    client.force_login(zoe)
    assert client.get(programme.get_absolute_url()).status_code == 404
    assert "There is no programme" in client.get(reverse("programmes")).content.decode()


# Time -------------------------------------------------------------------------------------------------------


def test_a_gap_is_drawn_and_said_and_a_proposal_does_not_fill_it(client, mary, programme, several):
    drawn = of_programmes.timeline(several, of_programmes.neighbours(mary, several), today=TODAY)
    [gap] = drawn.gaps
    assert (gap.first, gap.last) == (date(2022, 1, 22), date(2023, 12, 31))
    assert gap.words.endswith("no project ran: 709 days.")
    assert len(drawn.holes) == len(drawn.lines) == len(drawn.beside) == 1
    assert [strip.ran for strip in drawn.strips] == [True, True, True, False]
    page = shown(client, programme, mary)
    assert page.count(gap.words) == 2  # in the description of the picture and below it
    assert "<title id=" in page and "goes on from" in page and "is followed by" in page
    assert page.count("runs beside <a") == 2


def test_days_that_follow_each_other_are_no_gap(cast, mary, programme):
    one = enter(cast, mary, programme, "One", start="2024", end="2024")
    other = enter(cast, mary, programme, "Other", start="2025-01-01", end="2025")
    within = enter(cast, mary, programme, "Within", start="2024-02", end="2024-03")
    drawn = of_programmes.timeline([one, other, within], {}, today=TODAY)
    assert drawn.whole and not drawn.gaps


def test_what_is_not_stated_is_not_called_a_gap(client, cast, mary, programme):
    endless = enter(cast, mary, programme, "Endless", start="2021")
    later = enter(cast, mary, programme, "Later", start="2025", end="2025")
    undated = enter(cast, mary, programme, "Undated")
    drawn = of_programmes.timeline([endless, later, undated], {}, today=TODAY)
    assert (drawn.gaps, drawn.whole, drawn.undated, drawn.endless) == ([], False, 1, 1)
    page = shown(client, programme, mary)
    assert "1 project has no stated start" in page and "1 project has no stated end" in page
    assert "there is no gap" not in page


def test_a_programme_without_any_date_has_a_table_and_no_picture(client, cast, mary, programme):
    enter(cast, mary, programme, "Undated", "proposal")
    page = shown(client, programme, mary)
    assert "<svg" not in page.split("<main")[1] and "Undated" in page and "there is no gap" not in page


def test_a_neighbour_outside_of_the_programme_is_named_as_such(cast, mary, programme, several):
    other = enter(cast, mary, None, "Elsewhere", start="2026", end="2026")
    register.connect(by=mary, first=several[1], second=other, kind="after")
    told = of_programmes.neighbours(mary, several)[several[1].pk]
    assert {(one.how, one.project, one.outside) for one in told} == {
        ("before", several[0], False), ("beside", several[2], False), ("after", other, True),
    }  # fmt: skip
    seen = of_programmes.neighbours(NOBODY, several[:2])
    assert [(one.how, one.project) for one in seen[several[1].pk]] == [("before", several[0])]


# Money ------------------------------------------------------------------------------------------------------


def test_budgets_stand_by_year_and_currency_and_agree_with_the_totals(mary, programme, several):
    found = of_programmes.budgets(several)
    assert found.currencies == ["EUR", "USD"]
    assert [tuple(row) for row in found.years] == [
        (2021, 2, [Decimal(500), Decimal(38000)], 0),
        (2024, 1, [None, None], 1),
        (None, 1, [None, Decimal(70)], 0),
    ]
    totals = portfolio.totals(of_programmes.inside(mary, programme))
    assert found.total.amounts == [each.total for each in totals.money]
    assert found.total.without_budget == totals.without_budget == 1


# Results ----------------------------------------------------------------------------------------------------


def test_figures_stand_side_by_side_and_are_not_added_up(client, mary, programme, line):
    line("One", 12)
    line("Two", 30)
    line("Three", 5, "trainings")
    found = of_programmes.results(list(of_programmes.inside(mary, programme)), today=TODAY)
    assert [(group.unit, [each.words for each in group.lines]) for group in found.groups] == [
        ("persons", ["12", "30"]), ("trainings", ["5"]),
    ]  # fmt: skip
    assert found.silent == 3
    page = shown(client, programme, mary)
    assert ">42<" not in page and "3 indicators have no approved figure yet." in page


def test_a_report_that_is_not_approved_does_not_count(mary, programme, line):
    indicator = line("One", 12)
    indicator.actuals.update(state="submitted")
    found = of_programmes.results(list(of_programmes.inside(mary, programme)), today=TODAY)
    assert (found.groups, found.silent) == ([], 2)


def test_people_are_counted_once_whatever_they_count_towards(client, mary, programme, line):
    indicators = [line("One", 12), line("Two", 30)]
    about = indicators[0].result.project
    held = {"by": mary, "about": about, "kind": "training", "first_day": date(2025, 2, 3)}
    training = engagements.record(
        **held, topic={"en": "Contracts"}, came={("ministry", "F"): 4, ("other", "U"): 3}
    )
    engagements.record(**held, topic={"en": "Nobody counted"})
    engagements.record(
        by=mary, about=programme, kind="dialogue", first_day=date(2025, 3, 3), topic={"en": "Talks"},
        came={("agency", "M"): 2},
    )  # fmt: skip
    for one in indicators:
        engagements.count_for(by=mary, engagement=training, indicator=one, what="participants")
    inside = list(of_programmes.inside(mary, programme))
    found = of_programmes.people(mary, of_programmes.engaged(mary, programme, inside))
    assert tuple(found.totals.people) == (4, 2, 3)
    assert (found.totals.engagements, found.totals.uncounted) == (3, 1)
    [reach] = found.reach
    assert (reach.counted.amount.value, len(reach.counted.repeated), reach.projects) == (7, 1, 2)
    assert "People reached by engagements" in shown(client, programme, mary)


# Who sees what ----------------------------------------------------------------------------------------------


def test_a_stranger_sees_the_public_part_and_its_totals(client, zoe, mary, programme, several, line):
    line("Open", 12, public=True)
    hidden = line("Hidden", 30)
    for public, number in ((True, 4), (False, 90)):
        engagements.record(
            by=mary, about=programme, kind="training", first_day=date(2025, 2, 3), topic={"en": "Contracts"},
            came={("ministry", "F"): number}, public=public,
        )  # fmt: skip
    engagements.record(
        by=mary, about=hidden.result.project, kind="training", first_day=date(2025, 2, 3),
        topic={"en": "Inside"}, came={("ministry", "F"): 50}, public=True,
    )  # fmt: skip
    for user in (None, zoe):
        page = shown(client, programme, user)
        assert "First" in page and "Second" in page and "Open" in page
        for word in ("Third", "Idea", "Hidden", "38,070"):
            assert word not in page
        seen = list(of_programmes.inside(user or NOBODY, programme))
        assert [one.title["en"] for one in seen] == ["First", "Second", "Open"]
        [group] = of_programmes.results(seen, today=TODAY).groups
        assert [each.words for each in group.lines] == ["12"]
        people = of_programmes.people(user or NOBODY, of_programmes.engaged(user or NOBODY, programme, seen))
        assert (people.totals.people.total, people.totals.engagements) == (4, 1)


def test_the_page_asks_the_database_a_fixed_number_of_times(client, cast, mary, programme, several, line):
    """Whatever the number of projects, indicators, engagements and programmes."""

    def grow(number):
        indicator = line(f"More {number}", number + 1)
        register.connect(by=mary, first=several[0], second=indicator.result.project, kind="after")
        held = engagements.record(
            by=mary, about=indicator.result.project, kind="training", first_day=date(2025, 2, 3),
            topic={"en": "Contracts"}, came={("ministry", "F"): 4},
        )  # fmt: skip
        engagements.count_for(by=mary, engagement=held, indicator=indicator, what="participants")
        further = register.save_programme(
            by=mary, institution=cast.ministry, title={"en": f"P {number}"}, description={}
        )
        enter(cast, mary, further, "Of it", start="2025", budget=Decimal(1), currency="USD")

    def asked(path):
        client.get(path)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path).status_code == 200
        return len(queries)

    client.force_login(mary)
    grow(0)
    paths = (programme.get_absolute_url(), reverse("programmes"))
    few = [asked(path) for path in paths]
    for number in range(1, 6):
        grow(number)
    assert [asked(path) for path in paths] == few
