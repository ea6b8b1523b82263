from milepost.values import Dataset, Origin, Table, concept


def table(*columns, rows=(), lines=()):
    return Table("10-7-4", columns, list(rows), Origin("a.csv"), lines)


def test_headers_of_open_sdg_and_of_sdmx_name_the_same_concepts():
    assert table("Year", "Sex", "Units", "Value").concepts() == (
        "time_period",
        "sex",
        "unit_measure",
        "obs_value",
    )
    assert concept("TIME_PERIOD") == concept(" time period ") == "time_period"


def test_a_header_of_the_files_own_is_kept():
    assert table("Year", "Region of birth", "Value").concepts() == (
        "time_period",
        "Region of birth",
        "obs_value",
    )


def test_the_first_of_two_columns_for_one_concept_takes_its_name():
    assert table("Sex", "SEX").concepts() == ("sex", "SEX")
    assert table("Year", "time_period").concepts() == ("time_period", "time_period (2)")


def test_a_row_knows_its_place_in_the_file():
    short = table("Year", "Value", rows=[("2020", "1"), ("2021", "2")], lines=[3, 7])
    assert str(short.place(1, "Value")) == "a.csv, row 7, column Value"
    assert table("Year", rows=[("2020",)]).line(0) == 2


def test_a_dataset_counts_every_row_of_every_table():
    one = table("Year", "Value", rows=[("2020", "1"), ("2020", "1")])
    assert Dataset((one, one)).count() == 4
    assert [cells["obs_value"] for _, _, cells in Dataset((one,)).rows()] == ["1", "1"]
