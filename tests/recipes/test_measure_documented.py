"""The mappings in the how-to page measure what they say."""

import re
from pathlib import Path

import pytest

from milepost.recipes.measure import measure
from tests.recipes import survey

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "measure-from-microdata.md"
MAPPINGS = re.findall(r"^```yaml\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.M | re.S)


@pytest.fixture(scope="module")
def records(tmp_path_factory):
    return survey.as_parquet(tmp_path_factory.mktemp("office") / "survey.parquet", survey.rows())


@pytest.mark.parametrize(
    ("text", "code", "by", "cells"),
    [
        (MAPPINGS[0], "10.7.1", [["sex", "migratory_status"], ["age"]], 15),
        (MAPPINGS[1], "INSURED", [["sex"]], 3),
    ],
)
def test_a_documented_mapping_measures(tmp_path, records, text, code, by, cells):
    path = tmp_path / "mapping.yaml"
    path.write_text(text, encoding="utf-8")
    made = measure(code, records, path, year=2024, by=by)
    assert len(made.estimates.cells) == cells
    assert made.notes == ()
    assert all(cell.status == "A" and cell.se for cell in made.estimates.cells)


def test_every_method_is_named():
    from milepost.measure import METHODS

    page = PAGE.read_text(encoding="utf-8")
    assert all(f"`{method}`" in page for method in METHODS)


def test_every_field_is_named():
    from milepost.measure.mapping import FIELDS

    page = PAGE.read_text(encoding="utf-8")
    assert [name for name in FIELDS if name not in page] == []
