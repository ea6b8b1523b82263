import csv as plain
import io
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from milepost.errors import MilepostError
from milepost.interchange import csv
from milepost.values import Dataset, Origin, Table

CELLS = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=6),
    st.sampled_from(
        ["", "=1+1", "-1.5", "'=x", "''@a", "-", "\t", "a\r\nb", '"', ",", ";", "\ufeff", "1,5", "'"]
    ),
)
HEADERS = st.one_of(
    CELLS.filter(lambda cell: cell.strip()),
    st.sampled_from(["Year", "Sex", "SERIES", "obs_value", "sep=;", "<html>", "a;b;c", '{"a"', "%PDF-1"]),
)


def dataset(*tables):
    return Dataset(
        tables=tuple(Table(code, columns, rows, Origin("in.csv")) for code, columns, rows in tables)
    )


def text_of(tmp_path, *tables):
    csv.write(dataset(*tables), tmp_path / "out.csv")
    return (tmp_path / "out.csv").read_bytes().decode("utf-8-sig")


@st.composite
def one_table(draw):
    columns = tuple(draw(st.lists(HEADERS, min_size=1, max_size=5, unique=True)))
    row = st.tuples(*[CELLS] * len(columns)).filter(lambda row: "".join(row).strip())
    table = Table("x", columns, draw(st.lists(row, max_size=8)), Origin("x"))
    if len(set(table.concepts())) < len(columns):
        table = Table("x", columns[:1], [row[:1] for row in table.rows if row[0].strip()], Origin("x"))
    return table


@settings(max_examples=400, deadline=None)
@given(table=one_table())
def test_what_is_written_is_read_back_exactly(tmp_path_factory, table):
    path = tmp_path_factory.mktemp("csv") / "x.csv"
    csv.write(Dataset(tables=(table,)), path)
    found = csv.read(path)
    order, blocks = csv.tidy(Dataset(tables=(table,)))
    assert found.problems == ()
    assert found.tables[0].columns == order
    assert list(found.tables[0].rows) == list(zip(*next(blocks), strict=True))
    csv.write(found, path.with_name("again.csv"))
    assert path.with_name("again.csv").read_bytes() == path.read_bytes()


def test_columns_are_named_after_the_concepts_in_their_order_then_the_others(tmp_path):
    rows = [("2015", "Osh", "F", "G", "1"), ("2015", "Osh", "F", "G", "1"), ("2016", "", "", "", "")]
    text = text_of(tmp_path, ("10-7-4", ("Year", "Region", "Sex", "REPORTING_TYPE", "Value"), rows))
    assert text == (
        "reporting_type,sex,time_period,obs_value,Region\r\nG,F,2015,1,Osh\r\nG,F,2015,1,Osh\r\n,,2016,,\r\n"
    )


def test_of_several_tables_every_row_says_where_it_comes_from(tmp_path):
    text = text_of(
        tmp_path,
        ("1-1-1", ("Year", "Value"), [("2015", "1")]),
        ("1-2-1", ("Year", "Region", "Value"), [("2015", "Osh", "2"), ("2015", "Osh", "3")]),
        ("1-3-1", ("Year", "Value"), []),
    )
    assert text.splitlines() == [
        "indicator,time_period,obs_value,Region",
        "1-1-1,2015,1,",
        "1-2-1,2015,2,Osh",
        "1-2-1,2015,3,Osh",
    ]


def test_a_column_called_indicator_is_not_overwritten(tmp_path):
    text = text_of(
        tmp_path,
        ("a", ("Year", "indicator", "Value"), [("2015", "own", "1")]),
        ("b", ("Year", "Value"), [("2015", "2")]),
    )
    assert text.splitlines() == ["indicator,time_period,obs_value", "own,2015,1", "b,2015,2"]


def test_the_file_opens_in_a_spreadsheet_with_its_letters(tmp_path):
    csv.write(dataset(("x", ("Year", "Пол"), [("2015", "Женщины")])), tmp_path / "x.csv")
    assert (tmp_path / "x.csv").read_bytes().startswith(b"\xef\xbb\xbftime_period,")


@pytest.mark.parametrize(
    "cell", ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "-2-3|cmd", "=HYPERLINK(1)", "''=1", "+cmd"]
)
def test_a_cell_that_would_run_as_a_formula_gets_an_apostrophe(tmp_path, cell):
    text = text_of(tmp_path, ("x", ("Year", cell), [("2015", cell)]))
    rows = list(plain.reader(io.StringIO(text, newline="")))
    assert rows == [["time_period", f"'{cell}"], ["2015", f"'{cell}"]]


@pytest.mark.parametrize(
    "cell", ["-1", "+1.5", "-1,5", "-1 000.5", "-1.5e-3", "-.5", "-5%", "-", "'s", "a=b", "−1"]
)
def test_numbers_and_harmless_text_get_none(cell):
    assert csv.shielded(cell) == cell


@settings(deadline=None)
@given(cell=CELLS)
def test_the_shield_is_taken_off_exactly(cell):
    assert csv.unshielded(csv.shielded(cell)) == cell
    assert not re.match(r"[=@\t\r]", csv.shielded(cell))


@pytest.mark.parametrize("cell", ["a\0b", "half \ud83d"])
def test_characters_that_are_no_text_are_refused_with_their_place(tmp_path, cell):
    with pytest.raises(MilepostError) as error:
        csv.write(dataset(("x", ("Year", "Note"), [("2015", ""), ("2016", cell)])), tmp_path / "x.csv")
    (problem,) = error.value.problems
    assert (problem.code, problem.origin.row, problem.origin.column) == ("not-storable", 3, "Note")
    assert list(tmp_path.iterdir()) == []


def test_a_dataset_without_tables_is_refused(tmp_path):
    with pytest.raises(MilepostError) as error:
        csv.write(Dataset(), tmp_path / "x.csv")
    assert error.value.problems[0].code == "no-tables"
