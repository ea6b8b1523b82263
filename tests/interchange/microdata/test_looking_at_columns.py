"""What a person is shown who says what columns mean: names, words, classifications, nobody's values."""

import pandas
import pyreadstat
import pytest
import xlsxwriter

from milepost.errors import MilepostError
from milepost.interchange import microdata
from tests.recipes import survey


def by_name(path, **options):
    return {column.name: column for column in microdata.columns(path, **options)}


@pytest.mark.parametrize("kind", ["csv", "parquet", "sav"])
def test_classifications_are_shown_with_their_values_and_others_without(tmp_path, kind):
    records = survey.rows()
    path = tmp_path / f"a.{kind}"
    if kind == "csv":
        survey.as_csv(path, records)
    elif kind == "parquet":
        survey.as_parquet(path, records)
    else:
        pyreadstat.write_sav(pandas.DataFrame(records), str(path))
    found = by_name(path)
    assert tuple(found) == survey.COLUMNS
    assert dict(found["sex"].values) == {"1": "", "2": ""}
    assert dict(found["birth"].values) == {"KG": "", "TJ": "", "UZ": ""}
    assert (found["person"].kind, found["person"].distinct, dict(found["person"].values)) == (
        "number",
        None,
        {},
    )
    assert (found["cost"].distinct, dict(found["cost"].values)) == (None, {})
    assert found["birth"].kind == "text"
    assert survey.SECRET.removesuffix("0") not in repr(found)


def test_a_column_of_few_persons_is_no_classification(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("name,sex\n" + "".join(f"person {n},{n % 2}\n" for n in range(30)))
    found = by_name(path)
    assert (found["name"].distinct, dict(found["name"].values)) == (30, {})
    assert dict(found["sex"].values) == {"0": "", "1": ""}


def test_the_words_of_the_file_are_shown(tmp_path):
    path = tmp_path / "a.sav"
    frame = pandas.DataFrame({"sex": [1.0, 2.0] * 30})
    pyreadstat.write_sav(
        frame, str(path), column_labels=["Пол"], variable_value_labels={"sex": {1.0: "М", 2.0: "Ж", 9.0: "?"}}
    )
    (column,) = microdata.columns(path)
    assert (column.says, dict(column.values)) == ("Пол", {"1": "М", "2": "Ж", "9": "?"})


def test_numbers_dates_and_yes_no_are_told_apart(tmp_path):
    import datetime

    import pyarrow as pa
    import pyarrow.parquet as pq

    path = tmp_path / "a.parquet"
    pq.write_table(
        pa.table(
            {
                "n": [1, 2],
                "d": [datetime.date(2020, 1, 1)] * 2,
                "y": [True, False],
                "l": [[1], [2]],
                "t": ["a", "b"],
            }
        ),
        path,
    )
    assert [column.kind for column in microdata.columns(path)] == [
        "number",
        "date",
        "yes-no",
        "nested",
        "text",
    ]


def late(tmp_path, kind):
    """Two categories in 60,000 rows, and a third that comes in the last hundred."""
    records = [{"person": n, "sex": n % 2, "region": "X" if n < 59_900 else " late"} for n in range(60_000)]
    path = tmp_path / f"a.{kind}"
    if kind == "sav":
        frame = pandas.DataFrame(records)
        pyreadstat.write_sav(frame, str(path), variable_value_labels={"sex": {0: "Men", 1: "Women", 9: "?"}})
    else:
        {"csv": survey.as_csv, "parquet": survey.as_parquet}[kind](path, records)
    return path


@pytest.mark.parametrize("kind", ["csv", "parquet", "sav"])
def test_a_category_that_comes_late_is_found_in_all_rows(tmp_path, kind):
    path = late(tmp_path, kind)
    assert "late" not in by_name(path)["region"].values
    found = microdata.categories(path, ["region", "sex", "person", "gone"])
    assert found["region"] == {"X": "", "late": ""}
    words = {"0": "Men", "1": "Women"} if kind == "sav" else {"0": "", "1": ""}
    assert found["sex"] == words
    assert found["person"] == {}
    assert set(found) == {"region", "sex", "person"}


def test_hundreds_of_categories_are_shown_and_columns_of_persons_are_not(tmp_path):
    path = tmp_path / "a.csv"
    lines = "".join(f"{n % 300},{n % 301},{n // 5}\n" for n in range(6000))
    path.write_text("district,village,household\n" + lines)
    found = microdata.categories(path, ["district", "village", "household"])
    assert len(found["district"]) == 300
    assert found["village"] == found["household"] == {}


def test_looking_through_all_rows_leaves_nothing_behind_when_time_is_up(tmp_path, monkeypatch):
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("MILEPOST_HOME", str(home))
    path = late(tmp_path, "csv")
    assert microdata.categories(path, ["region"])["region"]
    with pytest.raises(MilepostError) as found:
        microdata.categories(path, ["region"], name="mine.csv", seconds=0.001)
    assert [(one.code, one.origin.file) for one in found.value.problems] == [("took-too-long", "mine.csv")]
    assert list(home.iterdir()) == []


def workbook(path, **sheets):
    made = xlsxwriter.Workbook(str(path))
    for name, (headers, *rows) in sheets.items():
        sheet = made.add_worksheet(name)
        for at, row in enumerate([headers, *rows]):
            sheet.write_row(at, 0, row)
    made.close()
    return path


def test_the_sheets_with_a_table_are_told_and_one_is_looked_at(tmp_path):
    few = [[n % 2, n] for n in range(30)]
    path = workbook(tmp_path / "a.xlsx", Persons=(["sex", "cost"], *few), Areas=(["area", "n"], *few))
    assert microdata.sheets(path) == ("Persons", "Areas")
    assert microdata.sheets(survey.as_csv(tmp_path / "a.csv", survey.rows(20))) == ()
    assert [column.name for column in microdata.columns(path, sheet="Areas")] == ["area", "n"]
    assert microdata.categories(path, ["area"], sheet="Areas") == {"area": {"0": "", "1": ""}}
    with pytest.raises(MilepostError, match="Persons, Areas"):
        microdata.columns(path)
