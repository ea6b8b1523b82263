"""What was reached in a year under each code of a results framework: figures worked out by hand."""

import csv
import io
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from django.urls import reverse

from milepost.values import Figure
from milepost.web.projects.actions import lifecycle, matrix, register, reporting
from milepost.web.projects.models import Actual, Period, Tag
from milepost.web.projects.queries import codes

pytestmark = pytest.mark.django_db
F, M = (("sex", "F"),), (("sex", "M"),)


@pytest.fixture
def halves(active):
    """The two half-years of 2025."""
    return list(active.periods.order_by("start"))


@pytest.fixture
def coded(active):
    """The project under two codes of IOM's framework."""
    for code in ("3c5c", "3c4b"):
        Tag.objects.create(project=active, framework="iom", code=code)
    return active


def approved(mary, fred, indicator, period, *figures):
    made = reporting.report(by=mary, indicator=indicator, period=period, figures=list(figures))
    made = reporting.submit(by=mary, actual=made, revision=made.revision)
    return reporting.approve(by=fred, actual=made, revision=made.revision)


def another(mary, trained, code, **rules):
    return matrix.add_indicator(by=mary, result=trained.result, code=code, title={"en": code}, **rules)


def lines_of(user, year=2025, code=""):
    return codes.lines(codes.tagged(user, "iom", year, code), "iom", year, code)


def told(user, indicator, year=2025):
    """{(breakdown, place): figure in words} of one indicator, under the code where it is counted."""
    return {
        (line.breakdown, line.place): line.words
        for line in lines_of(user, year)
        if line.indicator == indicator and not line.repeated
    }


def test_the_periods_of_a_year_make_one_figure_by_breakdown(mary, fred, trained, coded, halves):
    """12 and 8 persons are 20; of men only the first half-year is known, and that is said."""
    first, second = halves
    by_sex = Figure(Decimal(5), breakdown=F), Figure(Decimal(7), breakdown=M)
    approved(mary, fred, trained, first, Figure(Decimal(12)), *by_sex)
    approved(mary, fred, trained, second, Figure(Decimal(8)), Figure(Decimal(3), breakdown=F))
    assert told(mary, trained) == {((), ""): "20", (F, ""): "8", (M, ""): "7"}
    men = next(line for line in lines_of(mary) if line.breakdown == M)
    assert men.notes == ["1 of 2 periods have a figure."]
    assert [actual.period for actual in men.rests_on] == [first, second]


def test_what_is_counted_since_the_start_is_not_added_up(mary, fred, trained, coded, halves):
    """80 in June and 120 in December are 120 by the end of the year."""
    since = another(mary, trained, "since", counting="reported_cumulatively")
    for period, number in zip(halves, (80, 120), strict=True):
        approved(mary, fred, since, period, Figure(Decimal(number)))
    assert told(mary, since) == {((), ""): "120"}


def test_percentages_are_worked_out_of_their_parts(mary, fred, trained, coded, halves):
    """3 of 10 and 5 of 30 are 8 of 40, which is 20 %, not the mean of 30 % and 16.7 %."""
    share = another(mary, trained, "share", measure="percentage", over_time="ratio")
    for period, parts in zip(halves, ((3, 10), (5, 30)), strict=True):
        numerator, denominator = map(Decimal, parts)
        approved(mary, fred, share, period, Figure(numerator=numerator, denominator=denominator))
    (line,) = [line for line in lines_of(mary) if line.indicator == share and not line.repeated]
    assert (line.amount.value, line.amount.numerator, line.amount.denominator) == (20, 8, 40)


def test_places_stand_beside_what_they_come_to(mary, fred, trained, coded, halves):
    """Osh 4 and Naryn 6 are 10."""
    places = another(mary, trained, "places", over_time="sum")
    approved(
        mary, fred, places, halves[0], Figure(Decimal(4), place="Osh"), Figure(Decimal(6), place="Naryn")
    )
    assert told(mary, places) == {((), ""): "10", ((), "Osh"): "4", ((), "Naryn"): "6"}


def test_nothing_is_not_zero(cast, mary, fred, trained, coded, halves):
    """A draft, a missing figure and no report are lines without a figure; a true zero is one."""
    empty = another(mary, trained, "empty")
    missing = another(mary, trained, "missing")
    zero = another(mary, trained, "zero")
    reporting.report(by=mary, indicator=trained, period=halves[0], figures=[Figure(Decimal(12))])
    approved(mary, fred, missing, halves[0], Figure(status="O"))
    approved(mary, fred, zero, halves[0], Figure(Decimal(0)))
    found = {line.indicator: line for line in lines_of(mary) if not line.repeated}
    assert {one.code: (line.words, line.why) for one, line in found.items()} == {
        "1.1.a": ("not reported", "Nothing has been reported."),
        "empty": ("not reported", "Nothing has been reported."),
        "missing": ("missing", "The figure is missing."),
        "zero": ("0", ""),
    }
    assert found[empty].rests_on == ()


def test_a_figure_under_two_codes_is_counted_once(mary, fred, trained, coded, halves):
    """It stands under both, and the second says so; who asks for the second alone is told no repetition."""
    approved(mary, fred, trained, halves[0], Figure(Decimal(12)))
    totals = [line for line in lines_of(mary) if not line.breakdown]
    assert [(line.code, line.repeated, line.words) for line in totals] == [
        ("3c4b", False, "12"),
        ("3c5c", True, "12"),
    ]
    (alone,) = [line for line in lines_of(mary, code="3c5c") if not line.breakdown]
    assert (alone.code, alone.repeated) == ("3c5c", False)
    sums = codes.totals(codes.tagged(mary, "iom", 2025), "iom", 2025)
    assert [(one.code, one.projects, one.reported) for one in sums.codes] == [("3c4b", 1, 1), ("3c5c", 1, 1)]
    assert (sums.projects, sums.reported) == (1, 1)


def test_a_period_belongs_to_the_year_in_which_it_ends(mary, fred, trained, coded, halves):
    """From July 2025 to June 2026 is 2026; the project runs in both years."""
    Period.objects.filter(pk=halves[1].pk).update(end=date(2026, 6, 30))
    for period, number in zip(halves, (12, 8), strict=True):
        approved(mary, fred, trained, period, Figure(Decimal(number)))
    assert told(mary, trained, 2025)[(), ""] == "12"
    assert told(mary, trained, 2026)[(), ""] == "8"
    assert lines_of(mary, 2024) == lines_of(mary, 2027) == []
    assert codes.years(mary, "iom") == [2026, 2025]


def test_proposals_are_left_out_and_projects_without_indicator_say_so(cast, mary, fred, coded):
    """A proposal has reached nothing that could be missing."""
    more = {"by": mary, "institution": cast.ministry, "start": "2025", "end": "2025-12"}
    proposal = register.enter(title={"en": "Only proposed"}, **more)
    bare = register.enter(title={"en": "Bare"}, **more)
    for project in (proposal, bare):
        Tag.objects.create(project=project, framework="iom", code="3c4c")
    type(bare).objects.filter(pk=bare.pk).update(state="active")
    (line,) = [line for line in lines_of(mary) if line.code == "3c4c"]
    assert (line.project, line.indicator, line.why) == (bare, None, "The project has no indicator.")


def test_everybody_sees_what_they_may_see(client, mary, fred, zoe, trained, coded, halves):
    """Nothing abroad; once it is public, the approved figures and nothing else."""
    approved(mary, fred, trained, halves[0], Figure(Decimal(12)))
    reporting.report(by=mary, indicator=trained, period=halves[1], figures=[Figure(Decimal(77))])
    assert lines_of(zoe) == []
    client.force_login(zoe)
    assert "No project that you may see" in client.get(reverse("projects-by-code")).content.decode()
    lifecycle.publish(by=fred, project=coded, revision=coded.revision)
    client.logout()
    page = client.get(reverse("projects-by-code") + "?year=2025").content.decode()
    assert coded.get_absolute_url() in page
    assert "77" not in page
    assert mary.name not in page
    assert told(zoe, trained)[(), ""] == "12"


def test_csv_and_workbook_hold_every_figure_with_its_source(client, mary, fred, trained, coded, halves):
    """The page's own figures: of both codes, numbers as numbers, what is missing empty."""
    approved(mary, fred, trained, halves[0], Figure(Decimal("12.5")), Figure(Decimal(5), breakdown=F))
    client.force_login(mary)
    content = client.get(reverse("projects-by-code-export", args=["csv"]) + "?year=2025").content
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    actual = Actual.objects.get()
    assert [(row["Code"], row["Counted"], row["Breakdown"], row["Figure"]) for row in rows] == [
        ("3c4b", "yes", "Total", "12.5"),
        ("3c4b", "yes", "Female", "5"),
        ("3c4b", "yes", "Male", ""),
        ("3c5c", "repeats 3c4b", "Total", "12.5"),
        ("3c5c", "repeats 3c4b", "Female", "5"),
        ("3c5c", "repeats 3c4b", "Male", ""),
    ]
    assert {row["Rests on"] for row in rows} == {f"{actual.address}@{actual.revision}"}
    assert {row["Periods reported on"] for row in rows} == {"2025-01-01 – 2025-06-30"}
    assert rows[2]["Why there is no figure"] == "Nothing has been reported."
    answer = client.get(reverse("projects-by-code-export", args=["xlsx"]) + "?year=2025&code=3c5c")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    heads, *cells = list(sheet.iter_rows(values_only=True))
    assert [row[heads.index("Figure")] for row in cells] == [12.5, 5, None]
    assert [row[heads.index("Year")] for row in cells] == [2025] * 3
    assert client.get(reverse("projects-by-code-export", args=["pdf"])).status_code == 404


def test_other_frameworks_can_be_asked_for(client, mary, coded):
    """By the targets of the SDGs, with their names; a year without anything, and nonsense, are no crash."""
    client.force_login(mary)
    page = client.get(reverse("projects-by-code") + "?framework=sdg&year=2025")
    (one,) = page.context["totals"].codes
    assert (one.code, one.projects, one.reported) == ("10.7", 1, 0)
    assert one.name
    for asked in ("?year=1", "?year=x&framework=y", "?code=nothing", "?page=99"):
        assert client.get(reverse("projects-by-code") + asked).status_code == 200


def test_however_many_projects_there_are_the_database_is_asked_as_often(
    cast, mary, fred, trained, coded, halves, django_assert_num_queries
):
    """Codes, projects, areas, periods, indicators, reports, cells; each once."""
    approved(mary, fred, trained, halves[0], Figure(Decimal(12)))
    tags = list(codes.tagged(mary, "iom", 2025))
    with django_assert_num_queries(6):
        few = codes.lines(tags, "iom", 2025)
    for number in range(5):
        project = register.enter(
            by=mary, institution=cast.ministry, title={"en": f"{number}"}, start="2025", end="2025-12"
        )
        type(project).objects.filter(pk=project.pk).update(state="active")
        Tag.objects.create(project=project, framework="iom", code="3c4b")
    tags = list(codes.tagged(mary, "iom", 2025))
    with django_assert_num_queries(6):
        assert len(codes.lines(tags, "iom", 2025)) == len(few) + 5
