"""Whatever is asked for: list, totals, map and export have the projects that a loop in Python finds."""

import csv
import io
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any, NamedTuple
from urllib.parse import urlencode

import pytest
from django.forms import Select
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django.asserts import assertHTMLEqual

from milepost.values import Figure
from milepost.web.projects.actions import lifecycle, matrix, register, reporting
from milepost.web.projects.forms.register import PortfolioForm
from milepost.web.projects.models import Party, Project
from milepost.web.projects.queries import deadlines, portfolio, standing, visible_to
from milepost.web.projects.queries.matrix import matrix as whole
from milepost.web.projects.queries.matrix import of_projects
from milepost.web.ui.forms import LongSelect
from tests.cast import person

pytestmark = pytest.mark.django_db

TYPES, REGIONS = ("LM", "PO", ""), ("latin-america-caribbean", "europe", "")
CURRENCIES, MARKERS = ("USD", "EUR", ""), ("2a", "N/A", "")
OFFICES, LINES = ("Страновое бюро", "Country office", ""), ("Line 1", "Линия 2", "")
AREAS = (["kg"], ["xs", "tj"], [])
TAGS = ({"sdg": ["10.7"], "gcm": ["5"]}, {"iom": ["3c4b"]}, {})
DONORS = ("Фонд «Мост»", "Bridge Fund", "")
NUMBER = 12


class Facts(NamedTuple):
    """What a project of the tests is, in plain values."""

    project: Project
    year: int
    budget: Decimal | None
    fields: dict[str, str]
    areas: list[str]
    tags: dict[str, list[str]]
    donor: str


@pytest.fixture
def register_of_many(cast, mary):
    """Twelve projects that differ in every field, some without it."""
    found = []
    programme = register.save_programme(
        by=mary, institution=cast.ministry, title={"en": "Roads"}, description={}
    )
    for n in range(NUMBER):
        fields = {
            "type": TYPES[n % 3],
            "region": REGIONS[n // 2 % 3],
            "currency": CURRENCIES[n // 3 % 3],
            "gender_marker": MARKERS[n // 4 % 3],
            "managing_office": OFFICES[(n + 1) % 3],
            "funding_line": LINES[n // 5 % 3],
            "fund": "idf" if n % 4 == 0 else "",
            "coverage": "national" if n % 2 else "regional",
        }
        budget = None if n % 5 == 0 else Decimal(1000 * n)
        areas, tags, donor = AREAS[n % 3], TAGS[(n + 2) % 3], DONORS[n // 2 % 3]
        project = register.enter(
            by=mary,
            institution=cast.ministry,
            title={"en": f"Roads {n}", "ru": f"Дороги {n}"},
            year=2015 + n % 4,
            start=str(2016 + n % 3),
            end=str(2018 + n % 4),
            budget=budget,
            programme=programme if n % 6 == 0 else None,
            manager=mary if n % 3 == 0 else None,
            areas=areas,
            tags=tags,
            **fields,
        )
        if donor:
            register.add_party(by=mary, project=project, role="1", name={"ru": donor})
        found.append(Facts(project, 2015 + n % 4, budget, fields, areas, tags, donor))
    return found


def is_like(one: Facts, asked: dict[str, Any]) -> bool:
    """The plain reference: whether a project is like what is asked for."""
    number = int(str(one.project).split()[1])
    first, last = 2016 + number % 3, 2018 + number % 4
    tests = {
        "words": lambda value: value.casefold() in f"roads {number} дороги {number} {one.donor}".casefold(),
        "area": lambda value: value in one.areas,
        "tag": lambda value: value.split("/")[1] in one.tags.get(value.split("/")[0], []),
        "own_code": lambda value: any(code.startswith(value.lower()) for code in one.tags.get("iom", [])),
        "partner": lambda value: value.casefold() in one.donor.casefold(),
        "role": lambda value: bool(one.donor) and value == "1",
        "programme": lambda _value: number % 6 == 0,
        "manager": lambda _value: number % 3 == 0,
        "least": lambda value: one.budget is not None and one.budget >= value,
        "most": lambda value: one.budget is not None and one.budget <= value,
        "year": lambda value: one.year == value,
        "since": lambda value: last >= value,
        "until": lambda value: first <= value,
        "managing_office": lambda value: value.casefold() in one.fields["managing_office"].casefold(),
        "funding_line": lambda value: value.casefold() in one.fields["funding_line"].casefold(),
        "institution": lambda _value: True,
        "state": lambda value: value == "proposal",
    }

    def same(name: str, value: Any) -> bool:
        if name in tests:
            return tests[name](value)
        return one.fields[name] == ("" if value == "none" else value)

    return all(same(name, value) for name, value in asked.items())


def choices(*some: Any) -> Any:
    return st.sampled_from(some)


CHOICES = {
    "words": choices("дороги 1", "ROADS", "мост", "nothing"),
    "type": choices("LM", "PO", "none"),
    "region": choices("latin-america-caribbean", "europe", "none"),
    "currency": choices("USD", "EUR", "none"),
    "gender_marker": choices("2a", "N/A", "none"),
    "coverage": choices("national", "regional"),
    "fund": choices("idf", "none"),
    "managing_office": choices("СТРАНОВОЕ", "office", "elsewhere"),
    "funding_line": choices("line", "линия 2"),
    "area": choices("kg", "tj"),
    "tag": choices("sdg/10.7", "gcm/5", "sdg/8.8"),
    "own_code": choices("3C4B", "3c", "15190"),
    "partner": choices("МОСТ", "bridge", "nobody"),
    "role": choices("1", "4"),
    "least": choices(0, 2000, 6000),
    "most": choices(3000, 9000),
    "year": choices(2015, 2017),
    "since": choices(2019, 2020),
    "until": choices(2016, 2017),
    "state": choices("proposal", "active"),
}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_list_totals_map_and_export_agree_with_a_loop(client, cast, mary, register_of_many, data):
    """Up to four things are asked for at once, over the same addresses that people use."""
    names = data.draw(st.lists(st.sampled_from(sorted(CHOICES)), max_size=4, unique=True))
    asked = {name: data.draw(CHOICES[name], label=name) for name in names}
    wanted = [one for one in register_of_many if is_like(one, asked)]
    query = f"?{urlencode(asked)}"
    client.force_login(mary)

    page = client.get(reverse("projects") + query)
    assert not page.context["form"].errors
    shown = [row.project.pk for row in page.context["rows"]]
    assert sorted(shown) == sorted(one.project.pk for one in wanted)

    totals = page.context["totals"]
    money: Counter[str] = Counter()
    for one in wanted:
        if one.budget is not None:
            money[one.fields["currency"]] += one.budget  # type: ignore[assignment]
    assert totals.projects == len(wanted)
    assert {each.currency: each.total for each in totals.money} == dict(money)
    assert totals.without_budget == sum(one.budget is None for one in wanted)
    by_type = Counter(one.fields["type"] for one in wanted)
    assert {bar.key: bar.number for bar in totals.types} == dict(by_type)
    areas = Counter(area for one in wanted for area in one.areas)
    assert {bar.key: bar.number for bar in totals.areas} == dict(areas)

    spread = client.get(reverse("projects-map") + query).context["spread"]
    assert spread.total.projects == len(wanted)
    assert {row.code: row.projects for row in spread.rows} == dict(areas)

    content = client.get(reverse("projects-export", args=["csv"]) + query).content.decode("utf-8-sig")
    heads, *lines = csv.reader(io.StringIO(content))
    titles = [line[heads.index("Title")] for line in lines]
    by_key = {one.project.pk: str(one.project) for one in wanted}
    assert titles == [by_key[key] for key in shown]


def test_who_manages_and_which_programme_can_be_asked_for(client, mary, register_of_many):
    """And what is kept under a name is the same choice."""
    client.force_login(mary)
    programme = register_of_many[0].project.programme
    for name, key in (("manager", mary.pk), ("programme", programme.pk)):
        asked = {name: str(key)}
        rows = client.get(reverse("projects") + f"?{urlencode(asked)}").context["rows"]
        wanted = {one.project.pk for one in register_of_many if is_like(one, asked)}
        assert {row.project.pk for row in rows} == wanted
        view = register.keep_view(by=mary, name=name, query=urlencode(asked))
        page = client.get(f"{reverse('projects')}?{view.query}")
        assert {row.project.pk for row in page.context["rows"]} == wanted


def test_the_public_cannot_ask_for_people_and_deadlines(client, active, mary, fred):
    """What is asked for all the same narrows nothing, and tells nothing."""
    lifecycle.publish(by=fred, project=active, revision=active.revision)
    page = client.get(reverse("projects") + f"?manager={mary.pk}&due=late")
    assert [row.project for row in page.context["rows"]] == [active]
    assert {"manager", "due"}.isdisjoint(page.context["form"].fields)
    assert str(mary) not in page.text


def test_every_field_of_the_record_can_be_asked_for():
    """By a field of its own, or by the words of the search."""
    by_words = {"title", "narrative", "project_code", "prima_code", "iati_identifier", "gender_checks"}
    elsewhere = {"start": "until", "end": "since", "budget": "least", "rights_based": "words"}
    fields = set(PortfolioForm.base_fields)
    assert {elsewhere.get(name, name) for name in register.RECORD} - by_words <= fields


def test_gender_checks_are_found_by_their_words_and_the_funding_line_by_its_own_field(mary, proposal):
    """The words of the search are those that the public reads; the funding line is not among them."""
    register.save(
        by=mary,
        project=proposal,
        revision=proposal.revision,
        gender_checks={"outputs": "Annex 7"},
        funding_line="Линия 4",
    )
    for wanted, found in (
        ({"words": "annex 7"}, [proposal]),
        ({"words": "линия 4"}, []),
        ({"funding_line": "линия 4"}, [proposal]),
    ):
        assert list(portfolio.narrowed(visible_to(mary), wanted)) == found


def test_the_longest_region_fits(cast, mary):
    """Its code is longer than twenty letters."""
    made = register.enter(
        by=mary, institution=cast.ministry, title={"en": "Far"}, region="latin-america-caribbean"
    )
    made.refresh_from_db()
    assert made.region == "latin-america-caribbean"
    assert max(len(code) for code in REGIONS) <= Project._meta.get_field("region").max_length


def test_a_register_institution_is_found_as_partner_by_its_name_of_today(cast, mary, proposal):
    """In whatever case and language; the role narrows further."""
    register.add_party(by=mary, project=proposal, role="4", institution=cast.office)
    name = next(iter(cast.office.name.values()))

    def found(**asked: str) -> list[Project]:
        return list(portfolio.narrowed(visible_to(mary), asked))

    assert found(partner=name.upper()) == [proposal]
    assert found(partner=name, role="4") == [proposal]
    assert found(partner=name, role="1") == []
    assert found(role="4") == [proposal]
    Party.objects.all().delete()
    assert found(role="4") == []


def test_a_fund_manager_of_the_whole_installation_sees_what_is_not_public(client, proposal):
    """A right that holds everywhere holds in every list, beside what is public."""
    everywhere = person("gwen", ("fund-manager", ""))
    assert list(visible_to(everywhere)) == [proposal]
    client.force_login(everywhere)
    assert [row.project for row in client.get(reverse("projects")).context["rows"]] == [proposal]


def test_a_long_select_is_written_as_django_writes_one():
    """With groups, a choice that is chosen, and letters that HTML needs escaped."""
    choices = [("", "all"), ("Group <1>", [("a", "A & B"), ("b", '"quoted"')]), ("c", "C")]
    attrs = {"id": "id_tag", "required": True, "disabled": False}
    ours, theirs = LongSelect(choices=choices), Select(choices=choices)
    for chosen in (None, "", "b", "<c>"):
        assertHTMLEqual(ours.render("tag", chosen, attrs), theirs.render("tag", chosen, attrs))


def test_the_form_shows_what_was_asked_for_after_one_who_asked_for_nothing(client, mary):
    """The further fields are remembered only where they are blank."""
    client.force_login(mary)
    client.get(reverse("projects"))
    asked = client.get(reverse("projects") + "?currency=EUR")
    assert 'value="EUR"' in asked.context["form"].further
    assert 'value="EUR"' not in client.get(reverse("projects")).context["form"].further


# Reports that are wanted, and how indicators stand ----------------------------------------------------------


def approved(mary, fred, indicator, period, number):
    """A report that is approved."""
    figures = [Figure(Decimal(number))]
    actual = reporting.report(by=mary, indicator=indicator, period=period, figures=figures)
    actual = reporting.submit(by=mary, actual=actual, revision=actual.revision)
    reporting.approve(by=fred, actual=actual, revision=actual.revision)


@pytest.mark.parametrize("due", ["late", "month"])
@pytest.mark.parametrize(
    ("days", "own_day"), [(-3, True), (20, True), (90, True), (-40, False), (-10, False)]
)
def test_reports_that_are_wanted_are_those_of_the_one_rule(mary, fred, active, trained, due, days, own_day):
    """The filter in the database and the rule of the pages agree."""
    today = timezone.localdate()
    active.periods.all().delete()
    end = today - timedelta(200) if own_day else today + timedelta(days)
    period = matrix.add_period(by=mary, project=active, start=end - timedelta(30), end=end)
    if own_day:
        period.due = today + timedelta(days)
        period.save()
    until = today + portfolio.DUE[due]
    by_rule = any(one.late(until) for one in deadlines.due(active))
    found = portfolio.narrowed(visible_to(mary), {"due": due})
    assert found.exists() == by_rule == ((period.due or end + timedelta(30)) < until)
    approved(mary, fred, trained, period, 3)
    assert not found.all().exists()


def test_nothing_is_wanted_of_a_locked_period(mary, active):
    """It takes no more reports."""
    asked = {"due": "month"}
    assert portfolio.narrowed(visible_to(mary), asked).exists()
    active.periods.update(locked=True)
    assert not portfolio.narrowed(visible_to(mary), asked).exists()


def test_the_list_says_how_indicators_stand_as_the_page_of_results_does(client, mary, fred, active, trained):
    """By the same verdicts: nothing is reported, then less than was due; the export has the same numbers."""
    client.force_login(mary)
    today = timezone.localdate()
    period = active.periods.order_by("start").first()
    matrix.set_goal(
        by=mary, indicator=trained, kind="target", period=period, figure=Figure(Decimal(20)), reason="x"
    )
    for reported, words in ((None, "1 not reported"), (5, "1 off track")):
        if reported is not None:
            approved(mary, fred, trained, period, reported)
        row = next(row for row in client.get(reverse("projects")).context["rows"] if row.project == active)
        assert [one.words for one in row.indicators] == [words]
        whole_page = standing.lines(whole(active), today=today)
        grave = [one.latest.grave for line in whole_page for one in line.indicators]
        roll = standing.rolled_up([active], today=today)[active.pk]
        assert (roll.indicators, roll.off_track) == (1, sum(grave))
        content = client.get(reverse("projects-export", args=["csv"])).content.decode("utf-8-sig")
        heads, line = csv.reader(io.StringIO(content))
        told = {head: line[heads.index(head)] for head in heads if head.startswith("Indicators ")}
        assert [head for head, number in told.items() if number == "1"] == [f"Indicators {words[2:]}"]
        assert sorted(told.values()) == ["0", "0", "0", "0", "1"]


def test_indicators_of_several_projects_are_read_as_those_of_one(mary, fred, active, trained):
    """Breakdowns, percentages and whatever else: the same values, words left aside."""
    period = active.periods.order_by("start").first()
    figures = [
        Figure(Decimal(3), breakdown=(("sex", "F"),)),
        Figure(Decimal(4), breakdown=(("sex", "M"),)),
        Figure(Decimal("7.5")),
    ]
    actual = reporting.report(by=mary, indicator=trained, period=period, figures=figures)
    actual = reporting.submit(by=mary, actual=actual, revision=actual.revision)
    reporting.approve(by=fred, actual=actual, revision=actual.revision)
    [(row, value)] = of_projects([active])[active.pk]
    [alone] = [
        one for result in every(whole(active).tree) for one in result.indicators if one.code == trained.code
    ]
    assert row == trained
    assert value == replace(
        alone, title=value.title, means_of_verification=value.means_of_verification, responsible=""
    )
    assert value.periods[0].actuals[0].value == Decimal("7.5")


def every(results):
    """The results of a tree, from the top."""
    for result in results:
        yield result
        yield from every(result.below)


def test_a_programme_can_be_asked_for_as_soon_as_it_is_there(client, cast, mary, proposal):
    """What is offered is kept for a minute, but what is asked for is looked for."""
    client.force_login(mary)
    client.get(reverse("projects"))
    programme = register.save_programme(
        by=mary, institution=cast.ministry, title={"en": "Roads"}, description={}
    )
    page = client.get(f"{reverse('projects')}?programme={programme.pk}")
    assert not page.context["form"].errors
    assert page.context["rows"] == []
    assert client.get(f"{reverse('projects')}?programme=0").context["form"].errors


def test_what_was_hidden_is_offered_no_more(
    client, cast, mary, fred, active, django_capture_on_commit_callbacks
):
    """Not even for the minute for which what is offered is kept."""
    programme = register.save_programme(
        by=mary, institution=cast.ministry, title={"en": "Roads"}, description={}
    )
    active = register.save(by=mary, project=active, revision=active.revision, programme=programme)
    active = lifecycle.publish(by=fred, project=active, revision=active.revision)
    assert "Roads" in client.get(reverse("projects")).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        lifecycle.hide(by=fred, project=active, revision=active.revision, reason="An error")
    assert "Roads" not in client.get(reverse("projects")).content.decode()
    client.force_login(mary)
    assert "Roads" in client.get(reverse("projects")).content.decode()


def test_the_funding_line_is_not_for_the_public(client, mary, fred, active):
    """Neither on the page nor in an export, and nobody finds a project by it from outside."""
    active = register.save(by=mary, project=active, revision=active.revision, funding_line="Line 7")
    lifecycle.publish(by=fred, project=active, revision=active.revision)
    page, export = reverse("project", args=[active.pk]), reverse("projects-export", args=["csv"])
    for address in (page, export):
        assert "Line 7" not in client.get(address).content.decode()
    asked = client.get(f"{reverse('projects')}?funding_line=nothing+of+this")
    assert "funding_line" not in asked.context["form"].fields and len(asked.context["rows"]) == 1
    client.force_login(mary)
    for address in (page, export):
        assert "Line 7" in client.get(address).content.decode()
    assert client.get(f"{reverse('projects')}?funding_line=line+8").context["rows"] == []
