"""Translation of tables and metadata by the platform's keys."""

import pytest

from milepost.interchange.open_sdg import derive, translate
from milepost.values import Origin, Table

ASIDE = ("Year", "Units", "Value")
KNOWN = translate.words(
    {
        "en": {"data": {"female": "Female", "Sex": "Sex"}, "general": {"title": "Title"}},
        "ru": {
            "data": {"female": "Женщины", "Sex": "Пол", "percent": "процент", "Units": "Единицы"},
            "Sex": {"female": "Женский", "Sex": "Пол (столбец)"},
            "general": {"title": "Название", "empty": None},
        },
        "ky": {"data": {"male": "Эркек"}},
    },
    ["en", "ru"],
)


@pytest.mark.parametrize(
    ("value", "groups", "expected"),
    [
        ("general.title", (), "Название"),
        ("female", ("data",), "Женщины"),
        ("female", ("Sex", "data"), "Женский"),
        ("female", ("Age", "data"), "Женщины"),
        ("female", (), "female"),
        ("male", ("data",), "male"),
        ("unknown", ("data",), "unknown"),
        ("general.empty", (), "general.empty"),
        (7, ("data",), 7),
        (None, ("data",), None),
    ],
)
def test_a_text_is_translated_by_its_key_or_by_the_first_group_that_knows_it(value, groups, expected):
    assert translate.text(value, "ru", KNOWN, groups) == expected


def test_a_key_that_only_another_language_has_leaves_the_text_as_it_is():
    assert translate.text("percent", "en", KNOWN, ("data",)) == "percent"


def test_texts_of_languages_not_asked_for_are_left_out_but_their_keys_are_known():
    assert KNOWN["data.male"] == {}


def test_headers_and_cells_of_a_table_are_translated_but_not_the_platforms_own_headers_and_numbers():
    source = Table(
        "1-1-1",
        ("Year", "Units", "Sex", "COMPOSITE_BREAKDOWN", "Value"),
        [("2015", "percent", "female", "", "10"), ("2016", "percent", "", "female", "11")],
        Origin("x.csv"),
        (2, 3),
    )
    _, kinds = derive.published(source)
    found = translate.table(source, "ru", KNOWN, ASIDE, kinds)
    assert found.columns == ("Year", "Units", "Пол (столбец)", "COMPOSITE_BREAKDOWN", "Value")
    assert found.rows == [("2015", "процент", "Женский", "", "10"), ("2016", "процент", "", "Женщины", "11")]
    assert found.line(1) == 3


def test_years_that_are_numbers_are_not_looked_up_but_years_that_are_texts_are():
    known = translate.words({"en": {"Year": {"2015": "x", "2018/19": "2018 to 2019"}}}, ["en"])
    for year, expected in (("2015", "2015"), ("2018/19", "2018 to 2019")):
        source = Table("1-1-1", ("Year", "Value"), [(year, "1")], Origin("x.csv"))
        _, kinds = derive.published(source)
        assert translate.table(source, "en", known, ASIDE, kinds).rows == [(expected, "1")]


def test_a_table_without_rows_has_only_year_and_value_in_a_language():
    source = Table("1-1-1", ("Year", "Sex", "Value"), (), Origin("x.csv"))
    assert translate.table(source, "ru", KNOWN, ASIDE, {}).columns == ("Year", "Value")


def test_metadata_are_translated_at_any_depth_but_not_their_fields():
    meta = {
        "title": "general.title",
        "female": "female",
        "sources": [{"name": "general.title", "url": None}],
        "n": 3,
    }
    assert translate.metadata(meta, "ru", KNOWN) == {
        "title": "Название",
        "female": "Женщины",
        "sources": [{"name": "Название", "url": None}],
        "n": 3,
    }


def test_metadata_of_a_language_win_over_the_general_ones():
    meta = {"title": "A", "note": "N", "ru": {"title": "Б", "more": "general.title"}, "en": {"title": "C"}}
    assert translate.metadata(meta, "ru", KNOWN) == {
        "title": "Б",
        "note": "N",
        "en": {"title": "C"},
        "more": "Название",
    }
    assert meta["title"] == "A"
