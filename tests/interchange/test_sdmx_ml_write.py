"""Writing SDMX-ML data: observations in = observations out, whatever the cells hold."""

import warnings
from collections import Counter
from datetime import UTC, datetime

import pysdmx.io
import pytest
import sdmx as sdmx1
from hypothesis import given, settings
from hypothesis import strategies as st

from milepost.errors import KINDS, MilepostError, describe
from milepost.interchange.sdmx import csv, layout, ml
from milepost.values import Dataset, Origin, Structure, Table

SDG = ("SERIES", "REF_AREA", "SEX", "TIME_PERIOD", "OBS_VALUE", "UNIT_MEASURE", "OBS_STATUS", "COMMENT_OBS")
ROWS = [
    ("SM_POP_REFG_OR", "417", "_T", "2000", "17.10", "NUMBER", "A", ""),
    ("SM_POP_REFG_OR", "417", "_T", "2001", "", "NUMBER", "O", "no <survey> & \"no\" 'count'"),
    ("SM_POP_REFG_OR", "417", "_T", "2000", "17.10", "NUMBER", "A", ""),
    ("SM_POP_REFG_OR", "417", "_T", "2000", "18", "NUMBER", "E", "other source\nsecond line\ttab\rreturn"),
    ("SM_POP_REFG_OR", "417", "F", "2000", "9e-05", "PT", "", "Кыргызстан ﷺ 𝔘"),
    ("SM_POP_REFG_OR", "417", "F", "2000", "9", "NUMBER", "", ""),
]


def dataset(columns=SDG, rows=ROWS, structure=None, code="10-7-4") -> Dataset:
    return Dataset((Table(code, tuple(columns), list(rows), Origin("a.csv")),), structure=structure)


def bag(found: Dataset) -> Counter:
    """The rows as a multiset of {tidy column: cell}, blanks left out."""
    return Counter(
        tuple(sorted((name, cell) for name, cell in row.items() if cell)) for _, _, row in found.rows()
    )


WRITERS = {
    "structure-specific": (ml.write, ml.read),
    "generic": (lambda data, path: ml.write(data, path, generic=True), ml.read),
    "SDMX-CSV": (csv.write, csv.read),
}
every_form = pytest.mark.parametrize(("write", "read"), WRITERS.values(), ids=WRITERS)


@every_form
def test_rows_out_are_rows_in_conflicts_repeats_and_blanks_included(tmp_path, write, read):
    write(dataset(), tmp_path / "a.xml")
    again = read(tmp_path / "a.xml")
    assert again.count() == len(ROWS)
    assert bag(again) == bag(dataset())


@every_form
def test_the_order_of_rows_within_a_series_is_kept(tmp_path, write, read):
    write(dataset(), tmp_path / "a.xml")
    values = [row["obs_value"] for _, _, row in read(tmp_path / "a.xml").rows() if row["sex"] == "_T"]
    assert values == ["17.10", "", "17.10", "18"]


@every_form
def test_columns_that_are_no_concept_keep_their_headers(tmp_path, write, read):
    headers = (
        "Year",
        "Region",
        "Age group",
        "15-24",
        "Жынысы",
        "%",
        "_x0041_",
        "x0041_b",
        "xmlns",
        "type",
        "Units",
        "Value",
    )
    rows = [("2020", *(f"cell {n}" for n in range(11)))]
    write(dataset(headers, rows), tmp_path / "a.xml")
    assert bag(read(tmp_path / "a.xml")) == bag(dataset(headers, rows))


@every_form
def test_a_second_column_for_a_concept_keeps_its_own_header(tmp_path, write, read):
    headers, rows = ("Sex", "SEX", "TIME_PERIOD", "Value"), [("F", "Female", "2020", "1")]
    original = dataset(headers, rows)
    write(original, tmp_path / "a.xml")
    again = read(tmp_path / "a.xml")
    assert bag(again) == bag(original)


@every_form
def test_columns_of_the_same_name_are_both_written(tmp_path, write, read):
    write(dataset(("Year", "Region", "Region", "Value"), [("2020", "A", "B", "1")]), tmp_path / "a.xml")
    again = read(tmp_path / "a.xml").tables[0]
    assert sorted(zip(again.columns, again.rows[0], strict=True)) == [
        ("OBS_VALUE", "1"), ("Region", "A"), ("Region", "B"), ("TIME_PERIOD", "2020"),
    ]  # fmt: skip


@every_form
def test_periods_that_sdmx_does_not_know_are_read_back_as_written(tmp_path, write, read):
    headers = ("TIME_PERIOD", "TIME_DETAIL", "OBS_VALUE")
    rows = [
        ("2018/19", "", "1"),
        ("2018/19", "2018/19", "2"),
        ("2018-2019", "school year", "3"),
        ("2018", "2018/19", "4"),
        ("2018Q3", "", "5"),
        (" 2018", "", "6"),
        ("TIME_DETAIL", "", "7"),
        ("spring", "x", "8"),
        ("", "", "9"),
        ("2018-W53", "", "10"),
        ("2019*", "", "11"),
        ("2019 (p)", "x", "12"),
        ("2018/19 г. [1]", "", "13"),
    ]
    write(dataset(headers, rows), tmp_path / "a.xml")
    assert bag(read(tmp_path / "a.xml")) == bag(dataset(headers, rows))


def test_a_span_of_years_is_its_first_year_with_the_span_as_detail(tmp_path):
    ml.write(dataset(("Year", "Value"), [("2018/19", "1")]), tmp_path / "a.xml")
    text = (tmp_path / "a.xml").read_text()
    assert 'TIME_PERIOD="2018" OBS_VALUE="1" TIME_DETAIL="2018/19"' in text


def test_a_detail_of_the_file_itself_is_never_taken_for_the_period(tmp_path):
    headers, rows = ("TIME_PERIOD", "TIME_DETAIL", "OBS_VALUE"), [("2018", "2018/19", "1")]
    ml.write(dataset(headers, rows), tmp_path / "a.xml")
    assert ml.read(tmp_path / "a.xml").tables[0].columns == ("TIME_PERIOD", "OBS_VALUE", "TIME_DETAIL")
    assert layout.WRITTEN not in (tmp_path / "a.xml").read_text()


@every_form
def test_rows_without_a_period_are_written_and_counted(tmp_path, write, read):
    original = dataset(("Year", "Value"), [("2020", "1"), ("", "2"), ("unknown", "3")])
    faults = write(original, tmp_path / "a.xml")
    assert [(fault.code, fault.details["count"], fault.origin.row) for fault in faults] == [
        ("sdmx-no-period", 2, 3)
    ]
    assert "without one" in describe(faults[0])
    assert bag(read(tmp_path / "a.xml")) == bag(original)


@every_form
def test_periods_with_a_mark_are_valid_and_noted(tmp_path, write, read):
    original = dataset(("Year", "Value"), [("2020", "1"), ("2019*", "2"), ("2019 г.", "3")])
    (note,) = write(original, tmp_path / "a.xml")
    assert (note.code, note.details, note.origin.row) == (
        "sdmx-period-marked", {"count": 2, "text": "2019*"}, 3,
    )  # fmt: skip
    assert KINDS[note.code].gravity == "note"
    assert bag(read(tmp_path / "a.xml")) == bag(original)


@pytest.mark.parametrize(
    "text", ["2019 or so", "2019-", "per 1", "20222", "*", "(2019)", "2019 May", "2010=100"]
)
def test_what_is_no_period_with_a_mark_has_no_period(text):
    assert layout.sdmx_period(text) is None


def test_each_table_is_a_data_set_and_keeps_its_code(tmp_path):
    codes = ("10-7-4", "8.8.1", "индикатор", "")
    tables = tuple(Table(code, ("Year", "Value"), [("2020", code)], Origin("a.csv")) for code in codes)
    ml.write(Dataset(tables), tmp_path / "a.xml")
    assert {(table.code, row[1]) for table in ml.read(tmp_path / "a.xml").tables for row in table.rows} == {
        (code, code) for code in codes
    }


def test_the_code_of_a_single_table_is_the_stem_of_the_file(tmp_path):
    ml.write(dataset(), tmp_path / "indicator.xml")
    assert ml.read(tmp_path / "indicator.xml").tables[0].code == "indicator"


def test_a_dataset_without_tables_and_a_table_without_rows_are_written(tmp_path):
    ml.write(Dataset(), tmp_path / "a.xml")
    assert ml.read(tmp_path / "a.xml").count() == 0
    ml.write(dataset(rows=[]), tmp_path / "b.xml")
    assert [table.rows for table in ml.read(tmp_path / "b.xml").tables] == [[]]


@pytest.mark.parametrize("character", ["\x00", "\x07", "\x1b", "\ufffe", "\ud800"])
@pytest.mark.parametrize("generic", [False, True])
def test_characters_that_xml_cannot_hold_are_refused_at_every_place_and_nothing_is_written(
    tmp_path, character, generic
):
    rows = [("2020", "fine", "1"), ("2021", f"a{character}b", "2"), ("2022", f"{character}", "3")]
    with pytest.raises(MilepostError) as refused:
        ml.write(dataset(("Year", "Comment", "Value"), rows), tmp_path / "a.xml", generic=generic)
    assert [(problem.origin.row, problem.origin.column) for problem in refused.value.problems] == [
        (3, "Comment"),
        (4, "Comment"),
    ]
    assert list(tmp_path.iterdir()) == []


def test_the_data_keep_the_reference_to_their_structure(tmp_path):
    own = Structure(
        "SDG",
        "KG_NSC",
        "1.8",
        ("series", "ref_area", "sex", "time_period"),
        ("unit_measure", "obs_status", "comment_obs"),
    )
    ml.write(dataset(structure=own), tmp_path / "a.xml")
    again = ml.read(tmp_path / "a.xml").structure
    assert again is not None
    assert (again.id, again.agency, again.version, again.dimensions) == (
        "SDG",
        "KG_NSC",
        "1.8",
        own.dimensions,
    )


def test_data_that_do_not_fit_their_structure_do_not_claim_it(tmp_path):
    own = Structure(
        "SDG", "KG_NSC", "1.8", ("series", "ref_area", "sex", "age", "time_period"), ("unit_measure",)
    )
    ml.write(dataset(structure=own), tmp_path / "a.xml")
    again = ml.read(tmp_path / "a.xml").structure
    assert again is not None
    assert (again.id, again.agency) == ("SDG", "MILEPOST")


def test_the_same_dataset_gives_the_same_bytes_at_the_same_moment(tmp_path):
    moment = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    for name in ("a.xml", "b.xml"):
        ml.write(dataset(), tmp_path / name, prepared=moment)
    assert (tmp_path / "a.xml").read_bytes() == (tmp_path / "b.xml").read_bytes()
    assert "2026-01-02T03:04:05+00:00" in (tmp_path / "a.xml").read_text()


TEXT = st.text(
    st.characters(codec="utf-8", exclude_characters="\ufffe\uffff", exclude_categories=("Cs", "Cc"))
    | st.sampled_from("\n\t\r_x0041\"'<&>;"),
    max_size=12,
)
HEADER = st.text(
    st.characters(codec="utf-8", exclude_characters="\uffff") | st.sampled_from("_x0041 -"),
    min_size=1,
    max_size=10,
)
PERIOD = (
    st.sampled_from(
        ["2018", "2018/19", "2018-2019", "2018-Q1", "2018Q1", "2018-05", "2018-05-31", "2018-02-31", ""]
    )
    | TEXT
)


@st.composite
def odd_datasets(draw) -> Dataset:
    own = draw(st.lists(HEADER, max_size=4, unique=True))
    known = draw(
        st.lists(
            st.sampled_from(["SERIES", "Sex", "Units", "TIME_DETAIL", "COMMENT_OBS", "Age"]), unique=True
        )
    )
    headers = ["Year", "Value", *known, *own]
    row = st.tuples(PERIOD, *([TEXT] * (len(headers) - 1)))
    return dataset(headers, draw(st.lists(row, max_size=6)))


@every_form
@settings(max_examples=150, deadline=None)
@given(original=odd_datasets())
def test_odd_headers_and_cells_are_read_back_as_they_were(tmp_path_factory, original, write, read):
    path = tmp_path_factory.mktemp("odd") / "a.xml"
    write(original, path)
    again = read(path)
    assert again.count() == original.count()
    assert bag(again) == bag(original)


@given(HEADER)
def test_an_id_is_one_that_sdmx_allows_and_leads_back_to_the_header(header):
    id = layout.encoded(header)
    assert layout.decoded(id) == header
    assert id.isascii()
    assert id[0].isalpha()
    assert id.replace("_", "").replace("-", "").isalnum()


@given(st.lists(HEADER | st.sampled_from(["Sex", "SEX", "sex", "Year", "type", layout.WRITTEN]), max_size=8))
def test_no_two_columns_have_one_id(headers):
    ids = layout.ids(Table("a", tuple(headers), [], Origin("a")))
    assert len(set(ids)) == len(headers)
    assert not any(id in ("type", layout.WRITTEN) for id in ids)


def expected_by_others() -> Counter:
    return Counter((row[2], row[3], row[4]) for row in ROWS)


@pytest.mark.parametrize("generic", [False, True])
def test_sdmx1_reads_the_same_observations(tmp_path, generic):
    ml.write(dataset(), tmp_path / "a.xml", generic=generic)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        message = sdmx1.read_sdmx(tmp_path / "a.xml")
    found: Counter = Counter()
    for observation in message.data[0].obs:
        key = (
            {**observation.series_key.values, **observation.dimension.values}
            if observation.series_key
            else observation.dimension.values
        )
        value = observation.value
        found[str(key["SEX"].value), str(key["TIME_PERIOD"].value), "" if value is None else str(value)] += 1
    assert found == expected_by_others()


@pytest.mark.parametrize("form", WRITERS)
def test_pysdmx_reads_the_same_observations(tmp_path, form):
    path = tmp_path / ("a.csv" if form == "SDMX-CSV" else "a.xml")
    WRITERS[form][0](dataset(), path)
    message = pysdmx.io.read_sdmx(path, validate=True)
    frame = message.data[0].data.fillna("").astype(str)
    found = Counter(
        zip(frame["SEX"], frame["TIME_PERIOD"], frame["OBS_VALUE"].replace("nan", ""), strict=True)
    )
    assert found == expected_by_others()
