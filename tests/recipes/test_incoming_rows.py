"""Rows of a delivery become records: what is read, what is refused, and why."""

import datetime
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from milepost import demonstration, interchange
from milepost.recipes import incoming
from milepost.recipes.incoming import Reading, Unknown, read_cells, read_rows, suggest, unmapped
from milepost.values import Origin, Table

TODAY = datetime.date(2026, 11, 22)
LISTED = {"10.7.1", "10.7.2", "16.2.2", "17.3.2", "8.8.1", "10.2.1"}


def table(text, code="figures", sheet=None):
    """A table of lines with `|` between cells."""
    header, *lines = [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]
    return Table(code, tuple(header), [tuple(line) for line in lines], Origin("figures.csv", sheet))


def read(text, code="figures", reading=None, **also):
    one = table(text, code)
    if reading is None:
        reading, _ = suggest([one], country_m49="417")
    return read_rows([one], reading, indicators=LISTED, country_m49="417", today=TODAY, **also)


def codes(record):
    return [problem.code for problem in record.problems]


def test_a_plain_row_is_read_whole():
    (record,) = read("""
        Year | Series       | Units           | SEX | REF_AREA | OBS_STATUS | NATURE | Value
        2020 | SL_EMP_RCOST | MONTHS_EARNINGS | F   | KG05     | E          | C      | 8.2
    """)
    assert (record.indicator, record.period, record.year, record.value, record.status) == (
        "10.7.1", "2020", 2020, 8.2, "E",
    )  # fmt: skip
    assert record.quantity == incoming.Quantity(
        series="SL_EMP_RCOST", unit="MONTHS_EARNINGS", area="KG05", breakdown=(("sex", "F"),)
    )
    assert record.attributes == {"nature": "C"}
    assert record.problems == ()
    assert record.key == incoming.row_key(record.indicator, record.quantity, "2020")
    assert record.cells == {
        "indicator": "10.7.1",
        "series": "SL_EMP_RCOST",
        "unit_measure": "MONTHS_EARNINGS",
        "sex": "F",
        "ref_area": "KG05",
        "nature": "C",
        "time_period": "2020",
        "obs_value": "8.2",
        "obs_status": "E",
    }


def test_russian_headers_and_words_are_understood():
    (record,) = read("""
        Год  | Код ряда     | Единица измерения | Пол     | Регион            | Возраст   | Значение
        2021 | SL_EMP_RCOST | Месячных заработков | Женщины | Баткенская область | 15–24 лет | 6,4
    """)
    assert record.problems == ()
    assert record.value == 6.4
    assert record.quantity.area == "KG05"
    assert record.quantity.unit == "MONTHS_EARNINGS"
    assert record.quantity.breakdown == (("age", "Y15T24"), ("sex", "F"))


def test_the_country_itself_and_totals_by_code_are_no_breakdown():
    found = read("""
        Year | Series       | SEX | REF_AREA   | REPORTING_TYPE | FREQ | UNIT_MULT | Value
        2020 | SL_EMP_RCOST |     |            |                |      |           | 1
        2020 | SL_EMP_RCOST | _T  | 417        | N              | A    | 0         | 1
        2020 | SL_EMP_RCOST | _T  | KGZ        | N              | A    | 0         | 1
        2020 | SL_EMP_RCOST | _T  | Кыргызстан | N              | A    | 0         | 1
    """)
    assert len({record.key for record in found}) == 1
    assert found[0].quantity.reporting_type == "N"


def test_a_total_that_is_spelled_out_is_left_to_a_person():
    one = table("""
        Year | Series       | SEX   | Value
        2020 | SL_EMP_RCOST | Total | 1
    """)
    reading, unknown = suggest([one], country_m49="417")
    assert unknown == [Unknown("word", "sex", "Total", suggestion="_T")]
    (record,) = read_rows([one], reading, indicators=LISTED, country_m49="417", today=TODAY)
    assert codes(record) == ["total-in-words"]
    assert record.quantity.breakdown == (("sex", "Total"),)

    decided = Reading(reading.columns, {"sex": {"Total": "_T"}})
    (record,) = read_rows([one], decided, indicators=LISTED, country_m49="417", today=TODAY)
    assert (codes(record), record.quantity.breakdown) == ([], ())


@pytest.mark.parametrize(
    ("texts", "values"),
    [
        (["12,5", "3,25", "1000"], [12.5, 3.25, 1000]),
        (["1 234,5", "1\u00a0000"], [1234.5, 1000]),
        (["1 234.5", "2"], [1234.5, 2]),
        (["0,125", "1,234"], [0.125, 1.234]),
        (["1,234", "2,345"], [None, None]),
        (["12,5", "12.5"], [None, 12.5]),
        (["1,234,567", "12,5"], [None, None]),
        (["\u22125", "1e3", "+4"], [-5, 1000, 4]),
        (["1_000", "inf", "nan", "1e999"], [None, None, None, None]),
    ],
)
def test_commas_and_blanks_are_read_only_where_the_column_leaves_no_doubt(texts, values):
    found = incoming.numbers(texts)
    assert [found[text][0] for text in texts] == values


@pytest.mark.parametrize(
    ("year", "value", "status", "fault"),
    [
        ("2020", "", "", "nothing-given"),
        ("2020", "", "A", "status-without-reason"),
        ("2020", "7", "O", "value-with-status"),
        ("2020", "7", "?", "status-unreadable"),
        ("", "7", "", "no-period"),
        ("soon", "7", "", "period-unreadable"),
        ("2040", "7", "", "year-to-come"),
        ("2020", "7 *", "", "mark-beside"),
        ("2020", "..", "", "mark-instead"),
        ("2020", "-3", "", "value-impossible"),
    ],
)
def test_a_faulty_row_is_refused_with_its_place_and_remedy(year, value, status, fault):
    (record,) = read(f"""
        Year | Series | OBS_STATUS | Value
        {year} | SL_EMP_RCOST | {status} | {value}
    """)
    (problem,) = record.problems
    assert problem.code == fault
    assert (problem.origin.file, problem.origin.row) == ("figures.csv", 2)
    assert problem.origin.column in ("Year", "OBS_STATUS", "Value")
    assert record.key == ""


def test_a_forecast_may_lie_ahead_and_a_reason_needs_no_value():
    ahead, missing = read("""
        Year | Series       | OBS_STATUS | Value
        2030 | SL_EMP_RCOST | F          | 5
        2020 | SL_EMP_RCOST | O          |
    """)
    assert (ahead.problems, ahead.value) == ((), 5)
    assert (missing.problems, missing.value, missing.status) == ((), None, "O")


def test_what_the_definition_makes_impossible_is_refused_and_the_implausible_is_told():
    wrong, odd = read("""
        Year | Series       | Units           | Value
        2019 | SG_CPA_MIGRS | NUMBER          | 152
        2019 | SL_EMP_RCOST | MONTHS_EARNINGS | 90
    """)
    assert (codes(wrong), wrong.key) == (["no-such-class-10-7-2"], "")
    assert codes(odd) == ["value-unlikely"]
    assert odd.key


def test_an_indicator_is_told_by_its_column_its_series_the_files_name_or_by_a_person():
    by_column, by_series = read("""
        Indicator | Year | Series       | Value
        10-2-1    | 2020 | OWN_SERIES   | 1
                  | 2020 | SL_EMP_RCOST | 1
    """)
    assert [by_column.indicator, by_series.indicator] == ["10.2.1", "10.7.1"]
    lines = """
        Year | Value
        2020 | 1
    """
    assert read(lines, code="10-2-1")[0].indicator == "10.2.1"
    assert codes(read(lines)[0]) == ["no-indicator"]
    fixed = Reading({"Year": "time_period", "Value": "obs_value"}, {}, {"indicator": "17.3.2"})
    assert read(lines, reading=fixed)[0].indicator == "17.3.2"
    (told,) = read(
        """
        Year | Series      | Value
        2020 | BX_TRF_PWKR | 1
    """,
        reading=Reading({**fixed.columns, "Series": "series"}, {}, {"indicator": "10.7.1"}),
    )
    assert told.indicator == "17.3.2"  # what is remembered of another file does not outweigh the series
    (unlisted,) = read(lines, code="1-2-1")
    assert (codes(unlisted), unlisted.indicator) == (["indicator-not-listed"], "1.2.1")


def test_what_a_person_must_decide_is_named():
    one = table("""
        When | How many | Bezirk | SEX
        2020 | 4        | Osh    | ?
    """)
    _, unknown = suggest([one], country_m49="417")
    kinds = [(u.kind, u.concept, u.text) for u in unknown]
    assert kinds == [
        ("column", "", "When"),
        ("column", "", "How many"),
        ("column", "", "Bezirk"),
        ("period", "time_period", ""),
        ("value", "obs_value", ""),
        ("indicator", "indicator", "figures"),
        ("word", "sex", "?"),
    ]
    assert unknown[0].examples == ("2020",)
    decided = Reading(
        {"When": "time_period", "How many": "obs_value", "Bezirk": "ref_area", "SEX": ""},
        {"ref_area": {"Osh": "KG21"}},
        {"indicator": "10.7.1"},
    )
    assert unmapped([one], decided) == []
    (record,) = read_rows([one], decided, indicators=LISTED, country_m49="417", today=TODAY)
    assert (record.value, record.quantity.area, record.quantity.breakdown) == (4, "KG21", ())


def test_two_columns_for_one_concept_are_a_decision_too():
    one = table("""
        Year | Value | Figure | Series
        2020 | 1     | 2      | SL_EMP_RCOST
    """)
    _, unknown = suggest([one], country_m49="417")
    assert [(u.kind, u.text) for u in unknown] == [("column", "Figure")]
    both = Reading({"Year": "time_period", "Value": "obs_value", "Figure": "obs_value", "Series": "series"})
    assert [(u.kind, u.text) for u in unmapped([one], both)] == [("twice", "Figure")]


def test_a_column_of_titles_is_not_taken_for_one_of_codes():
    one = table("""
        Year | Indicator          | Value
        2020 | Share of something | 1
    """)
    _, unknown = suggest([one], country_m49="417")
    assert [(u.kind, u.text) for u in unknown] == [("column", "Indicator"), ("indicator", "figures")]


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("15-24", "Y15T24"),
        ("15–24 лет", "Y15T24"),
        ("aged 16-17 years", "Y16T17"),
        ("от 0 до 17 лет", "Y0T17"),
        ("65+", "Y_GE65"),
        ("65 лет и старше", "Y_GE65"),
        ("aged 65 and older", "Y_GE65"),
        ("under 5 years old", "Y0T4"),
        ("до 5 лет", "Y0T4"),
        ("youth", ""),
    ],
)
def test_ages_in_words_get_their_code_where_they_leave_no_doubt(word, code):
    one = Table("10-7-1", ("Year", "Value", "Age"), [("2020", "1", word)], Origin("a.csv"))
    reading, unknown = suggest([one], country_m49="417")
    assert reading.codes.get("age", {}).get(word, "") == code
    assert bool(unknown) == (not code)


def test_blank_columns_are_left_out_without_asking():
    one = table("""
        Year | Value | Remarks of the office | Series
        2020 | 1     |                       | SL_EMP_RCOST
    """)
    reading, unknown = suggest([one], country_m49="417")
    assert (reading.columns["Remarks of the office"], unknown) == ("", [])


def test_periods_that_are_the_same_have_one_key():
    found = read("""
        Year      | Series       | Value
        2018/19   | SL_EMP_RCOST | 1
        2018-2019 | SL_EMP_RCOST | 1
        2018/2019 | SL_EMP_RCOST | 1
    """)
    assert len({record.key for record in found}) == 1
    assert found[0].period == "2018/2019"


def test_bounds_are_read_and_held_against_the_value():
    fine, swapped, outside = read("""
        Year | Series       | Value | LOWER_BOUND | UPPER_BOUND
        2020 | SL_EMP_RCOST | 5     | 4           | 6
        2021 | SL_EMP_RCOST | 5     | 6           | 4
        2022 | SL_EMP_RCOST | 7     | 4           | 6
    """)
    assert (fine.lower, fine.upper, fine.problems) == (4, 6, ())
    assert codes(swapped) == ["bounds-reversed"]
    assert codes(outside) == ["outside-own-bounds"]
    assert outside.key


def test_the_figures_of_the_demonstration_are_read_without_a_question():
    dataset = interchange.read(demonstration.folder())
    reading, unknown = suggest(dataset.tables, country_m49="417")
    assert unknown == []
    listed = {incoming.indicator_code(one.code) for one in dataset.tables}
    records = read_rows(dataset.tables, reading, indicators=listed, country_m49="417", today=TODAY)
    assert len(records) == dataset.count()
    tally = incoming.tally(incoming.compare(records, {}))
    assert tally["refused"] == 0
    conflicts = {one.record.indicator for one in incoming.compare(records, {}) if one.outcome == "conflict"}
    assert conflicts == {"8.7.1"}  # whose copy lacks the columns that tell its rows apart


def test_rows_of_several_tables_are_numbered_on():
    one, two = table("Year | Value\n2020 | 1", "10-7-1", "a"), table("Year | Value\n2020 | 2", "17-3-2", "b")
    reading, _ = suggest([one, two], country_m49="417")
    found = read_rows([one, two], reading, indicators=LISTED, country_m49="417", today=TODAY)
    assert [(r.number, r.sheet, r.line) for r in found] == [(1, "a", 2), (2, "b", 2)]


words = st.sampled_from(["", "F", "M", "_T", "Women", "Мужчины", "Total", "?", "KG05", "2020"])
figures = st.one_of(
    st.floats(-1e6, 1e6).map(repr),
    st.sampled_from(["", "12,5", "1 234", "1,234", "..", "5*", "1.5", "-3", "x"]),
)
rows = st.lists(
    st.tuples(
        st.sampled_from(["2019", "2020", "2018/19", "2024-Q1", "2099", "", "soon"]),
        st.sampled_from(["SL_EMP_RCOST", "SG_CPA_MIGRS", "VC_HTF_DETV", "", "NOBODY"]),
        words,
        st.sampled_from(["", "A", "E", "O", "Q", "F", "zz"]),
        figures,
        figures,
    ),
    max_size=12,
)
HEADERS = ("Year", "Series", "SEX", "OBS_STATUS", "Value", "LOWER_BOUND")


@settings(max_examples=150, deadline=None)
@given(rows)
def test_no_row_is_lost_and_what_was_read_is_read_again_alike(cells):
    one = Table("figures", HEADERS, cells, Origin("figures.csv"))
    reading, _ = suggest([one], country_m49="417")
    found = read_rows([one], reading, indicators=LISTED, country_m49="417", today=TODAY)
    assert [record.number for record in found] == list(range(1, len(cells) + 1))
    for record in found:
        assert bool(record.key) == (
            not any(incoming.KINDS[p.code].gravity == "error" for p in record.problems)
        )
        if record.key:
            assert (record.value is None) == (record.status in "HLMOQ")
            assert record.value is None or math.isfinite(record.value)
    kept = [(record.number, record.sheet, record.line, record.cells) for record in found]
    again = read_cells(kept, indicators=LISTED, country_m49="417", today=TODAY)
    for before, after in zip(found, again, strict=True):
        if before.key:
            assert after._replace(problems=()) == before._replace(problems=())
