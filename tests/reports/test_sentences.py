import string

import pytest
from babel.numbers import format_decimal
from hypothesis import given
from hypothesis import strategies as st

from milepost import progress
from milepost.reports import sentences
from milepost.values import Origin, Problem, Target, Verdict
from tests.reports.cases import series

NBSP = "\N{NO-BREAK SPACE}"


def say(text, language="en", unit="", **more):
    return sentences.finding_in_words(series(text), unit=unit, language=language, **more)


def test_the_finding_compares_the_latest_value_with_2015():
    assert say("2010 5, 2015 41.2, 2020 44, 2024 42.8") == "42.8 in 2024, up from 41.2 in 2015."


def test_the_finding_takes_the_next_year_where_2015_has_no_value():
    assert say("2010 5, 2015 -/O, 2017 40.5, 2024 30.1") == "30.1 in 2024, down from 40.5 in 2017."


def test_the_finding_takes_the_first_year_where_there_is_none_since_2015():
    assert say("2009 3, 2012 4") == "4 in 2012, up from 3 in 2009."


def test_what_is_equal_after_rounding_is_said_to_be_the_same():
    assert say("2015 41.203, 2024 41.198") == "41.2 in 2024, the same as in 2015."


def test_a_single_year_is_not_compared():
    assert say("2019 3") == "3 in 2019; there is no earlier value to compare with."


def test_no_value_is_said_and_never_shown_as_zero():
    assert say("2019 -/Q") == "No value is published."
    assert sentences.finding_in_words(None, unit="", language="en") == "No value is published."


def test_competing_values_of_the_latest_year_are_left_to_a_person():
    assert say("2022 5, 2023 7, 2023 9").startswith("2 different values are published for 2023")


def test_units_stand_where_the_language_puts_them():
    assert say("2015 41.2, 2024 42.8", unit="per cent") == "42.8% in 2024, up from 41.2% in 2015."
    assert say("2024 34.1", unit="Per 100,000 population").startswith("34.1 per 100,000 population in 2024")
    assert say("2024 66.6", unit="index").startswith("66.6 (index) in 2024")
    assert say("2024 17", unit="number").startswith("17 in 2024")


def test_russian_sentences_have_russian_numbers():
    found = say("2015 41.2, 2024 42.8", "ru", unit="проценты")
    assert found == f"42,8{NBSP}% в 2024 году{NBSP}– рост по сравнению с 2015 годом (41,2{NBSP}%)."


@pytest.mark.parametrize(
    "count, words", [(1, "1 ошибку"), (3, "3 ошибки"), (5, "5 ошибок"), (11, "11 ошибок"), (21, "21 ошибку")]
)
def test_russian_declines_by_number(count, words):
    found = sentences.translator("ru").plural("{count} error", "{count} errors", count)
    assert found == words.replace(" ", NBSP)


def test_a_language_without_catalogue_speaks_english_with_its_own_numbers():
    translator = sentences.translator("ky")
    assert translator("Source") == "Source"
    assert translator.speaks == "en"
    assert sentences.number(1234.5, "ky") == f"1{NBSP}234,5"


def test_a_country_variant_uses_its_language():
    assert sentences.translator("ru-KG")("Source") == "Источник"


@given(
    st.floats(-1e9, 1e9),
    st.integers(0, 4),
    st.sampled_from(["en", "ru", "ky", "fr", "de", "es", "ar", "hi", "hy"]),
)
def test_numbers_are_written_as_babel_writes_them(value, digits, language):
    plain = float(f"{value:.{digits}f}") + 0.0  # no negative zero
    pattern = sentences.locale(language).decimal_formats[None].pattern.split(".")[0] + "." + "0" * digits
    expected = format_decimal(plain, pattern if digits else "#,##0", sentences.locale(language))
    signs = str.maketrans({"−": "-", "\u200e": None, "\u200f": None, "\u061c": None})
    found = sentences.number(value, language, digits)
    if language == "es" and 1000 <= abs(plain) < 10000:  # CLDR: four digits are not grouped in Spanish
        expected = expected.replace(".", "", 1)
    if language in ("ar", "hi"):  # left to Babel as a whole
        assert found
    else:
        assert found.translate(signs) == expected.translate(signs)


@given(st.lists(st.floats(-1e12, 1e12, allow_nan=False), min_size=1))
def test_the_digits_shown_are_few_and_never_more_than_the_values_have(values):
    digits = sentences.digits_for(values)
    assert 0 <= digits <= 4
    if all(value == int(value) for value in values):
        assert digits == 0


def test_a_small_value_keeps_figures_that_tell_something():
    assert sentences.digits_for([0.0312]) == 4
    assert sentences.digits_for([-2345.678]) == 0


def test_signs_for_no_value_differ_by_reason():
    observations = series("2016 -/Q, 2017 -/O, 2018 -/M, 2019 5").observations
    assert [sentences.value(o, "en") for o in observations] == ["(s)", "…", "–", "5"]
    assert sentences.gaps(observations, "en") == "2016: suppressed; 2017: missing; 2018: cannot exist"


def test_not_assessed_says_why():
    verdict = progress.towards([(2015, 0), (2020, 4)], direction="up")
    assert sentences.verdict(verdict, "en") == "Not assessed"
    reason = sentences.reason(verdict, "en")
    assert reason is not None and "2015" in reason and "{" not in reason


def test_a_verdict_is_explained_with_rounded_numbers():
    verdict = progress.towards([(2015, 41.242), (2024, 46.930)], direction="down")
    assert sentences.reason(verdict, "en") is None
    assert "From 41.2 in 2015 to 46.9 in 2024 is 1.45 % a year." in sentences.explanation(verdict, "en")
    assert "1,45" in sentences.explanation(verdict, "ru")


@pytest.mark.parametrize("method", progress.METHODS)
@pytest.mark.parametrize("language", ["en", "ru"])
def test_every_verdict_of_both_methods_can_be_said(method, language):
    cases = [
        {"points": [(2015, 10), (2024, value)], "direction": direction, "target": target}
        for value in (3, 9.9, 10, 10.2, 25, 0)
        for direction in ("up", "down", None)
        for target in (None, Target(20), Target(9.95), Target(0), Target(10, 2010))
    ]
    for case in cases:
        verdict = progress.towards(**case, method=method)
        said = [sentences.verdict(verdict, language), sentences.explanation(verdict, language)]
        assert all(said) and not any("{" in words or "None" in words for words in said)
    assert sentences.method(method, language) and all(sentences.weaknesses(method, language))


def test_a_fault_is_said_with_its_particulars():
    problem = Problem("too-large", Origin("data.csv"), {"size": 210.5, "limit": 200})
    what, remedy = sentences.fault(problem, "ru")
    assert "210,5 МБ" in what.replace(NBSP, " ")
    assert "MILEPOST_MAX_FILE_MB" in remedy


def test_lists_in_particulars_are_read_out():
    filled = sentences.translator("en").fill("known are: {known}", {"known": ["csv", "xlsx"]})
    assert filled == "known are: csv, xlsx"


def test_every_status_of_the_code_list_has_words():
    assert set(sentences.OBSERVATION_STATUSES) >= set("ABDEFHILMOPQU")
    assert sentences.status("?", "en") == "?"
    assert {len(code) for code in sentences.OBSERVATION_STATUSES} == {1}
    assert set(sentences.OBSERVATION_STATUSES) <= set(string.ascii_uppercase)


def test_a_verdict_without_words_is_a_programmers_mistake():
    with pytest.raises(KeyError):
        sentences.verdict(Verdict("un", "splendid"), "en")
