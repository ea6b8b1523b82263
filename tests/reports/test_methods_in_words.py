"""Every method of measuring has a sentence, in every language that ships."""

import pytest

from milepost import catalogue
from milepost.measure import METHODS
from milepost.reports import methods
from milepost.reports.sentences import translator


def test_every_method_has_a_sentence():
    assert {*methods.METHODS, "individual_ratios"} == set(METHODS)


def test_every_sentence_is_there_in_russian():
    russian = translator("ru")
    sentences = (*methods.METHODS.values(), *methods.STATISTICS.values(), "In per cent.", "Per {per}.")
    assert [sentence for sentence in sentences if not russian.has(sentence)] == []


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("10.7.1", "Mean of each person's own ratio; not the ratio of the two means."),
        ("8.8.1", "Ratio of two totals. Per 100,000."),
        ("10.3.1", "Share of those who answered that have the trait. In per cent."),
    ],
)
def test_a_definition_says_how_it_is_computed(code, sentence):
    definition = catalogue.indicator(code)
    assert methods.in_words(definition.method, definition.options, "en") == sentence
