"""What a person is shown who says what columns mean: names, words, classifications, nobody's values."""

import pandas
import pyreadstat
import pytest

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
