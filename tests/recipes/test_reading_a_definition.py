"""A definition that somebody wrote is read to the end: names that exist, examples that come out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from milepost import catalogue
from milepost.errors import MilepostError
from milepost.recipes import definition

SHIPS = catalogue.definition_file("10.7.1")


def faults(text):
    with pytest.raises(MilepostError) as error:
        definition.read(text, "ours.yaml")
    return [(problem.code, problem.origin.row) for problem in error.value.problems]


def line(text, words):
    return next(number for number, one in enumerate(text.splitlines(), 1) if words in one)


@pytest.mark.parametrize("code", [one.code for one in catalogue.indicators()])
def test_every_definition_that_ships_passes(code):
    assert definition.read(catalogue.definition_file(code), code) == catalogue.indicator(code)


def test_a_method_that_does_not_exist_is_told_with_its_line():
    text = SHIPS.replace("method: individual_ratios", "method: guess")
    assert faults(text) == [("definition-choice", line(text, "method: guess"))]


def test_a_method_of_a_series_and_a_questionnaire_must_exist_too():
    text = SHIPS.replace("- code: SL_EMP_RCOST", "- code: SL_EMP_RCOST\n  method: guess")
    assert ("definition-choice", line(text, "  method: guess")) in faults(text)
    text = catalogue.definition_file("10.7.2").replace("questionnaire: sdg-10-7-2", "questionnaire: other")
    assert ("definition-choice", line(text, "questionnaire: other")) in faults(text)


def test_what_is_wrong_with_names_and_with_the_file_is_told_together_by_line():
    text = SHIPS.replace("direction: down", "direction: sideways").replace("individual_ratios", "guess")
    found = faults(text.replace("code: 10.7.1", "code: ten seven", 1))
    assert [code for code, _row in found] == ["definition-code", "definition-choice", "definition-direction"]
    assert [row for _code, row in found] == sorted(row for _code, row in found)


def test_options_that_the_method_does_not_take_are_told_at_the_example():
    text = SHIPS.replace("numerator: cost,", "numerator: cost, colour: red,")
    assert {code for code, _row in faults(text)} == {"definition-options"}


def test_an_example_must_give_what_it_says():
    text = SHIPS.replace("denominator: earnings", "denominator: cost")
    assert {code for code, _row in faults(text)} == {"definition-example"}


def test_a_tallied_example_must_give_what_it_says():
    text = catalogue.definition_file("10.7.2")
    number = line(text, "percent:")
    lines = text.splitlines()
    lines[number - 1] = lines[number - 1].replace("percent: ", "percent: 1")
    assert ("definition-example", number) in faults("\n".join(lines))


def test_a_text_that_is_no_yaml_is_told_where():
    assert faults("code: 10.7.1\n  title: [") == [("definition-unreadable", 2)]


@given(st.integers(0, len(SHIPS) - 1), st.sampled_from("x:[]{}-'\"\n 0#"))
def test_whatever_one_letter_is_changed_it_is_read_or_its_faults_are_told(place, letter):
    text = SHIPS[:place] + letter + SHIPS[place + 1 :]
    try:
        definition.read(text, "ours.yaml")
    except MilepostError as error:
        assert error.problems
