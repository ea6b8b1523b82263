"""Projects go to IATI and come back the same; what is missing is left out, never 0."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from milepost.errors import KINDS, MilepostError
from milepost.interchange import iati
from milepost.values import Text
from milepost.values.project import (
    Budget,
    Document,
    Marker,
    Money,
    Party,
    Project,
    Related,
    Share,
    Transaction,
)
from milepost.values.results import Baseline, Figure, Reference, ReportingPeriod, Result, ResultIndicator
from tests.interchange.iati.samples import ACTIVITIES, OLD, spoilt

OFFICE = Party(Text(en="Sandoria Office"), reference="XM-DAC-90001", kind="40")
PROJECT = Project(
    identifier="XM-DAC-90001-P1",
    title=Text(en="Safe return", fr="Retour sans danger"),
    description=Text(en="People return safely."),
    reporter=OFFICE,
    parties=(Party(Text(en="Ministry"), role="1"),),
    status="2",
    days=(("planned_start", date(2022, 1, 1)),),
    countries=(Share("SO"),),
    sectors=(Share("15190", vocabulary="1"),),
    currency="USD",
    language="en",
)


def there_and_back(projects, folder):
    path = folder / "out.xml"
    notes = iati.write(projects, path)
    faults = [each for each in iati.check(path) if KINDS[each.code].gravity != "note"]
    assert faults == []
    read = iati.read(path)
    assert read.problems == ()
    return read.projects, notes


def with_indicator(**of_indicator):
    indicator = ResultIndicator("1.1", Text(en="Persons"), **of_indicator)
    return replace(PROJECT, results=(Result("1", "output", Text(en="Helped"), indicators=(indicator,)),))


def test_a_file_is_read_as_projects(tmp_path):
    path = tmp_path / "in.xml"
    path.write_text(ACTIVITIES, encoding="utf-8")
    (project,), problems = iati.read(path)
    assert problems == ()
    assert project.title == Text(en="Safe return", fr="Retour sans danger")
    assert project.markers[1] == Marker(
        "2a", "99", title=Text(en="Gender mainstreamed"), uri="https://example.org/gender.pdf"
    )
    assert project.transactions[0].money == Money(Decimal("250.50"), "EUR", date(2022, 3, 1))
    assert project.budgets[0].money.currency == "USD"
    counted, told = project.results[0].indicators
    assert counted.baseline == Baseline(2021, date(2021, 12, 31), (Figure(Decimal(0)),))
    assert counted.periods[0].actuals == (
        Figure(Decimal(90), comment=Text(en="Floods")),
        Figure(Decimal(50), breakdown=(("age", "adult"), ("sex", "female"))),
    )
    assert counted.dimensions == (("age", "sex"),)
    assert told.periods[0].actuals == (Figure(text="Well"),)
    assert there_and_back([project], tmp_path) == ((project,), ())


def test_a_file_of_version_1_03_is_read_in_the_codes_of_today(tmp_path):
    path = tmp_path / "old.xml"
    path.write_text(OLD, encoding="utf-8")
    (project,), problems = iati.read(path)
    assert problems == ()
    assert project.title == Text(en="Safe return", fr="Retour sans danger")
    assert project.days[0] == ("planned_start", date(2012, 1, 1))
    assert (project.parties[0].role, project.transactions[0].kind) == ("1", "4")


def test_what_cannot_be_read_is_said_and_stays_missing(tmp_path):
    path = tmp_path / "in.xml"
    text = spoilt(
        ACTIVITIES, ('<target value="100"/>', '<target value="many"/>'), ('percentage="60"', 'percentage="?"')
    )
    path.write_text(
        text.replace('<period-end iso-date="2022-12-31"/>\n   <value', "<value"), encoding="utf-8"
    )
    (project,), problems = iati.read(path)
    assert project.countries[0].percentage is None
    assert project.budgets == ()
    assert project.results[0].indicators[0].periods[0].targets == ()
    assert [each.details["value"] for each in problems] == ["?", "", "many"]
    assert all(each.origin.row for each in problems)


def test_a_missing_figure_is_left_out_and_said_never_0(tmp_path):
    missing = Figure(None, status="O")
    period = ReportingPeriod(date(2022, 1, 1), date(2022, 12, 31), (Figure(Decimal(5)), missing), (missing,))
    projects, notes = there_and_back([with_indicator(periods=(period,))], tmp_path)
    assert projects[0].results[0].indicators[0].periods[0] == replace(
        period, targets=(Figure(Decimal(5)),), actuals=()
    )
    assert notes[0].details["what"] == "figure without value: 2"
    root = etree.parse(tmp_path / "out.xml").getroot()
    assert root.findall(".//actual") == []


def test_a_baseline_without_a_year_is_left_out_never_year_1(tmp_path):
    projects, notes = there_and_back(
        [with_indicator(baseline=Baseline(None, None, (Figure(Decimal(5)),)))], tmp_path
    )
    assert projects[0].results[0].indicators[0].baseline is None
    assert "baseline without year" in notes[0].details["what"]


def test_words_of_a_qualitative_indicator_go_to_the_comment_never_to_the_value(tmp_path):
    figure = Figure(text="Officials use it", comment=Text(fr="Observé"))
    period = ReportingPeriod(date(2022, 1, 1), date(2022, 12, 31), actuals=(figure,))
    project = with_indicator(measure="qualitative", periods=(period,))
    assert there_and_back([project], tmp_path)[0] == (project,)
    (actual,) = etree.parse(tmp_path / "out.xml").findall(".//actual")
    assert actual.get("value") is None


def test_places_and_crossed_dimensions_are_cells_of_their_own_beside_the_total(tmp_path):
    cells = (
        Figure(Decimal(9)),
        Figure(Decimal(4), breakdown=(("age", "adult"), ("sex", "female"))),
        Figure(Decimal(2), breakdown=(("sex", "female"),), place="Puntland"),
    )
    period = ReportingPeriod(date(2022, 1, 1), date(2022, 12, 31), actuals=cells)
    project = with_indicator(periods=(period,), dimensions=(("age", "sex"), ("sex",)))
    assert there_and_back([project], tmp_path)[0] == (project,)
    actuals = etree.parse(tmp_path / "out.xml").findall(".//actual")
    assert [len(actual.findall("dimension")) for actual in actuals] == [0, 2, 2]


def test_results_keep_their_codes_and_what_they_are_part_of(tmp_path):
    indicator = ResultIndicator("A", Text(en="Persons"))
    output = Result("1.1", "output", Text(en="Trained"), indicators=(replace(indicator, code="B"),))
    outcome = Result("1", "outcome", Text(en="Able"), indicators=(indicator,), below=(output,))
    project = replace(PROJECT, results=(outcome,))
    assert there_and_back([project], tmp_path)[0] == (project,)


def test_what_iati_has_no_place_for_is_said(tmp_path):
    project = replace(
        with_indicator(unit="persons", over_time="sum", direction="maintain", tolerance=Decimal(1)),
        budgets=(Budget(date(2022, 1, 1), date(2022, 12, 31), Money(Decimal(5), "USD"), line="staff"),),
    )
    _, (note,) = there_and_back([project], tmp_path)
    for what in ("budget/line", "unit", "over_time", "direction: maintain", "tolerance"):
        assert what in note.details["what"]


def test_a_value_without_a_day_takes_that_of_the_payment(tmp_path):
    project = replace(PROJECT, transactions=(Transaction("4", date(2022, 3, 1), Money(Decimal(5), "USD")),))
    ((read,), _) = there_and_back([project], tmp_path)
    assert read.transactions[0].money.day == date(2022, 3, 1)


def test_a_project_that_the_standard_would_refuse_is_not_written(tmp_path):
    path = tmp_path / "out.xml"
    empty = Project("", Text())
    with pytest.raises(MilepostError) as error:
        iati.write([PROJECT, empty], path)
    assert {each.details["what"] for each in error.value.problems} == {
        "iati-identifier", "reporting-org", "title", "description", "participating-org", "activity-status",
        "activity-date",
    }  # fmt: skip
    with pytest.raises(MilepostError) as error:
        iati.write([replace(PROJECT, sectors=(), countries=(Share("SO", percentage=Decimal(50)),))], path)
    assert {each.code for each in error.value.problems} == {"iati-no-sector", "iati-single-percentage"}
    with pytest.raises(MilepostError) as error:
        iati.write([replace(PROJECT, title=Text(en="Bell \a"))], path)
    assert error.value.problems[0].code == "iati-character"
    assert not path.exists()


def test_a_significance_of_the_dac_is_written_only_if_somebody_entered_it(tmp_path):
    fund = Marker("2a", "99", title=Text(en="Mainstreamed"), uri="https://example.org/gender.pdf")
    there_and_back([replace(PROJECT, markers=(fund,))], tmp_path)
    (marker,) = etree.parse(tmp_path / "out.xml").findall(".//policy-marker")
    assert marker.get("significance") is None


# Whatever projects hold

WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn"), exclude_characters="\ufffe\uffff"),
    min_size=1, max_size=12,
).map(str.strip).filter(bool)  # fmt: skip
TEXTS = st.dictionaries(st.sampled_from(["en", "fr", "ru"]), WORDS, min_size=1).map(Text)
MAYBE_TEXTS = st.one_of(st.just(Text()), TEXTS)
DAYS = st.dates(date(2000, 1, 1), date(2019, 12, 31))
NUMBERS = st.decimals(-(10**9), 10**9, places=2)
URIS = st.sampled_from(["", "https://example.org/codes"])
MONEY = st.builds(Money, NUMBERS, st.sampled_from(["USD", "EUR", "CHF"]), DAYS)
PARTIES = st.builds(
    Party,
    TEXTS,
    role=st.sampled_from("1234"),
    reference=st.sampled_from(["", "XX-1"]),
    kind=st.sampled_from(["", "10"]),
)
PAYERS = st.none() | st.builds(Party, TEXTS, reference=st.sampled_from(["", "XX-1"]))
BREAKDOWNS = st.dictionaries(st.sampled_from(["sex", "age"]), WORDS).map(lambda d: tuple(sorted(d.items())))
PLACES = st.sampled_from(["", "Puntland"])
VALUES = st.builds(Figure, NUMBERS, breakdown=BREAKDOWNS, place=PLACES, comment=MAYBE_TEXTS)
ANSWERS = st.builds(Figure, breakdown=BREAKDOWNS, place=PLACES, text=WORDS, comment=MAYBE_TEXTS)
BUDGETS = st.builds(
    lambda start, *terms: Budget(start, start + timedelta(days=364), *terms),
    DAYS, MONEY, st.just(""), st.booleans(), st.booleans(),
)  # fmt: skip
TRANSACTIONS = st.builds(
    Transaction,
    st.sampled_from(["1", "4", "11"]),
    DAYS,
    MONEY,
    reference=st.sampled_from(["", "T1"]),
    description=MAYBE_TEXTS,
    provider=PAYERS,
    receiver=PAYERS,
)
DOCUMENTS = st.builds(
    Document,
    st.just("https://example.org/a.pdf"),
    TEXTS,
    st.just("application/pdf"),
    st.just("A07"),
    st.sampled_from(["", "en"]),
    st.none() | DAYS,
)
TAGS = st.builds(Reference, st.just("99"), WORDS, TEXTS, URIS)
MARKERS = st.builds(Marker, WORDS, st.just("99"), title=TEXTS, uri=URIS)
RELATED = st.builds(Related, WORDS, st.sampled_from("12345"))
OTHER_IDENTIFIERS = st.builds(Reference, st.just("A1"), WORDS)
CODES = st.integers(1, 10**9).map(str)


def several(draw, strategy):
    return tuple(draw(st.lists(strategy, max_size=2)))


@st.composite
def indicators(draw, references):
    measure = draw(st.sampled_from(["number", "percentage", "nominal", "ordinal", "qualitative"]))
    figures = st.lists(ANSWERS if measure == "qualitative" else VALUES, max_size=3).map(tuple)
    periods = tuple(
        ReportingPeriod(
            start, start + timedelta(days=draw(st.integers(0, 400))), draw(figures), draw(figures)
        )
        for start in draw(st.lists(DAYS, max_size=2))
    )
    before = draw(figures)
    day = draw(st.none() | DAYS)
    baseline = Baseline(day.year if day else 2018, day, before) if before else None
    said = [*before, *(f for p in periods for f in (*p.targets, *p.actuals))]
    return ResultIndicator(
        draw(CODES),
        draw(TEXTS),
        measure=measure,
        direction=draw(st.sampled_from(["up", "down"])),
        baseline=baseline,
        periods=periods,
        description=draw(MAYBE_TEXTS),
        dimensions=tuple(sorted({tuple(n for n, _ in f.breakdown) for f in said if f.breakdown})),
        references=(Reference("9", "10-7-1"),) if references and draw(st.booleans()) else (),
    )


@st.composite
def results(draw):
    codes = draw(st.lists(CODES, min_size=1, max_size=4, unique=True))

    def result(code, below):
        own = draw(st.booleans())
        return Result(
            code,
            draw(st.sampled_from(["objective", "outcome", "output", "activity"])),
            draw(TEXTS),
            description=draw(MAYBE_TEXTS),
            indicators=tuple(draw(st.lists(indicators(not own), min_size=1, max_size=2))),
            references=(Reference("99", "B1", uri="https://example.org/codes"),) if own else (),
            below=below,
        )

    first, *others = codes
    if draw(st.booleans()):
        return (result(first, tuple(result(code, ()) for code in others)),)
    return tuple(result(code, ()) for code in codes)


@st.composite
def projects(draw):
    regional = draw(st.booleans())
    start = draw(DAYS)
    days = [("planned_start", start)] + ([("planned_end", date(2020, 1, 1))] if draw(st.booleans()) else [])
    own = Share("DP", vocabulary="99", title=draw(TEXTS), uri=draw(URIS))
    return replace(
        PROJECT,
        title=draw(TEXTS),
        description=draw(TEXTS),
        parties=tuple(draw(st.lists(PARTIES, min_size=1, max_size=3))),
        status=draw(st.sampled_from("123456")),
        days=tuple(days),
        scope=draw(st.sampled_from(["", "2", "4"])),
        countries=() if regional else (
            Share("SO", percentage=Decimal("33.33"), title=draw(MAYBE_TEXTS)),
            Share("KE", percentage=Decimal("66.67")),
        ),
        regions=(Share("298", vocabulary="1", title=draw(MAYBE_TEXTS)),) if regional else (),
        sectors=(Share("15190", vocabulary="1", title=draw(MAYBE_TEXTS)), own),
        tags=several(draw, TAGS),
        markers=several(draw, MARKERS),
        budgets=several(draw, BUDGETS),
        transactions=several(draw, TRANSACTIONS),
        documents=several(draw, DOCUMENTS),
        related=several(draw, RELATED),
        results=draw(st.just(()) | results()),
        other_identifiers=several(draw, OTHER_IDENTIFIERS),
    )  # fmt: skip


@given(project=projects())
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_whatever_iati_can_carry_comes_back_and_passes_the_check(tmp_path_factory, project):
    back, _ = there_and_back([project], tmp_path_factory.mktemp("iati"))
    assert back == (project,)
