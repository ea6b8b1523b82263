import pytest

from milepost.reports import answers, sentences
from tests.reports.cases import series

COST = "2018 8.2, 2019 7.7, 2024 6.1"


def said(text, *, unit="MONTHS_EARNINGS", name="", language="en", multiplier=""):
    found = answers.change(series(text), unit=unit, name=name, multiplier=multiplier, language=language)
    return sentences.translator(language)(found.message, **found.values)


def test_a_fall_is_said_with_both_values_their_years_and_the_unit():
    assert said(COST) == "It fell from 8.2 (2018) to 6.1 months of earnings (2024)."


def test_russian_puts_the_unit_at_the_end_so_that_no_case_depends_on_the_number():
    assert (
        said(COST, language="ru") == "Показатель снизился с 8,2 (2018) до 6,1 (2024), в месячных заработках."
    )


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("2018 1, 2024 2", "It rose from 1% (2018) to 2% (2024)."),
        ("2018 2, 2024 2", "It is 2% in 2024, the same as in 2018."),
        ("2024 2", "It is 2% in 2024; there is no earlier value to compare with."),
        ("2024 -/Q", "No value is published."),
        ("2018 1, 2024 -/Q", "It is 1% in 2018; there is no earlier value to compare with."),
        (
            "2024 1, 2024 2",
            "2 different values are published for 2024: a person has to decide which one holds.",
        ),
    ],
)
def test_every_change_has_its_sentence(text, sentence):
    assert said(text, unit="PT") == sentence


def test_a_per_hundred_thousand_unit_follows_the_number():
    assert said("2015 27.7, 2024 30.1", unit="PER_100000_WKRS_EMP", name="Per 100,000 workers employed") == (
        "It rose from 27.7 (2015) to 30.1 per 100,000 workers employed (2024)."
    )


def test_a_unit_without_a_phrase_is_named():
    assert "(unit: Ratio)" in said("2015 1, 2024 2", unit="RO", name="Ratio")


def test_millions_are_not_lost():
    found = said("2015 1.5, 2024 2.5", unit="USD", multiplier="6")
    assert found == "It rose from 1.5 million (2015) to 2.5 million US dollars (2024)."


def test_the_change_rests_on_the_two_observations_that_it_names():
    found = answers.change(series(COST), unit="", name="", language="en")
    assert found.now is not None and found.then is not None
    assert (found.now.value, found.then.value) == (6.1, 8.2)


def test_few_categories_are_all_named_the_highest_first():
    both = {"Men": series("2023 5, 2024 5.7"), "Women": series("2023 7, 2024 7.3")}
    assert answers.by_category(both, unit="", language="en") == "In 2024: Women 7.3; Men 5.7."
    assert answers.by_category(both, unit="", language="ru") == "2024: Women – 7,3; Men – 5,7."


def test_only_a_year_that_all_categories_have_is_compared():
    both = {"Men": series("2023 5, 2024 5.7"), "Women": series("2023 7, 2024 -/Q")}
    assert answers.by_category(both, unit="", language="en") == "In 2023: Women 7; Men 5."
    assert (
        answers.by_category({"Men": series("2023 5"), "Women": series("2024 7")}, unit="", language="en")
        == ""
    )


def test_of_many_categories_the_extremes_are_named():
    many = {f"Region {n}": series(f"2024 {n}") for n in range(1, 8)}
    assert answers.by_category(many, unit="PT", language="en") == (
        "In 2024 it was highest for Region 7 (7%) and lowest for Region 1 (1%)."
    )


def test_one_category_alone_compares_nothing():
    assert answers.by_category({"Women": series("2024 7")}, unit="", language="en") == ""
    assert answers.by_category({}, unit="", language="en") == ""
