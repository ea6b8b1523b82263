import json
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from milepost import progress
from milepost.progress.words import EXPLANATIONS
from milepost.values import Target

CASES = [
    ("un", [(2015, 10), (2020, 20)], "up", None, None),
    ("un", [(2015, 10), (2020, 20)], "up", Target(80), None),
    ("un", [(2015, 10), (2020, 90)], "up", Target(80), None),
    ("un", [(2015, 10), (2018, 90), (2022, 20)], "up", Target(80, 2020), None),
    ("un", [(2015, 90), (2020, 99.5)], "up", Target(100), None),
    ("un", [(2015, 0), (2020, 1)], "up", None, None),
    ("statcan", [(2015, 10), (2020, 20)], "up", None, 100),
    ("statcan", [(2015, 10), (2020, 20)], "up", Target(80), None),
    ("statcan", [(2015, 10), (2020, 90)], "up", Target(80), None),
    ("un", [], "up", None, None),
    ("statcan", [(2015, 0), (2020, 1)], "up", None, None),
]


@pytest.mark.parametrize(("method", "points", "direction", "target", "limit"), CASES)
def test_every_verdict_is_explained_with_the_numbers_used(method, points, direction, target, limit):
    verdict = progress.towards(points, method, direction, target, limit)
    template, numbers = progress.explain(verdict)
    sentence = template.format(**numbers)
    assert sentence.endswith(".")
    if verdict.assessed:
        assert f"{verdict.figures['current_value']}" in sentence
        assert f"{verdict.figures['current_year']}" in sentence


def test_every_rule_is_reached_by_a_case_above():
    reached = {method: {"mean_score"} if method == "statcan" else set() for method in EXPLANATIONS}
    for method, points, direction, target, limit in CASES:
        verdict = progress.towards(points, method, direction, target, limit)
        if verdict.assessed:
            reached[method].add(verdict.figures["rule"])
    assert reached == {method: set(rules) for method, rules in EXPLANATIONS.items()}


def test_the_explanation_of_a_mean_score_names_how_many_series_count():
    one = progress.towards([(2015, 10), (2020, 20)], "statcan", "up")
    none = progress.towards([], "statcan", "up")
    template, numbers = progress.explain(progress.together([one, none]))
    assert template.format(**numbers) == "The mean score of 1 assessed series, of 2, is 5.0."


def test_methods_are_called_by_their_names_and_their_weak_points_are_told():
    assert progress.SOURCES == {
        "un": "UN Progress Chart 2023, as implemented by Eustat",
        "statcan": "Statistics Canada",
    }
    assert set(progress.WEAKNESSES) == set(progress.METHODS)
    assert all(len(points) >= 4 for points in progress.WEAKNESSES.values())


def test_the_explanation_of_a_trend_reads_as_a_sentence():
    verdict = progress.towards([(2015, 100), (2016, 103)], "un", "up")
    template, numbers = progress.explain(verdict)
    rounded = {
        name: round(number, 3) if isinstance(number, float) else number for name, number in numbers.items()
    }
    assert template.format(**rounded) == (
        "From 100 in 2015 to 103 in 2016 is 3.0 % a year. Without a target, on track is 2.0 % a year "
        "in the desired direction, fair progress 0.5 %."
    )


numbers = st.one_of(
    st.none(), st.floats(allow_nan=True, allow_infinity=True), st.sampled_from([0, 1, -1, 100, 0.5])
)


@given(
    st.sampled_from(["un", "statcan"]),
    st.lists(st.tuples(st.integers(1990, 2035), numbers), max_size=6),
    st.sampled_from(["up", "down", None]),
    st.one_of(
        st.none(),
        st.builds(Target, st.floats(-1e6, 1e6) | st.sampled_from([0, 100]), st.integers(2010, 2040)),
    ),
    st.one_of(st.none(), st.floats(-10, 1e6)),
    st.sampled_from([None, "PT", "BOOL", "NUMBER"]),
)
def test_whatever_comes_in_a_verdict_comes_out_that_can_be_explained_and_written(
    method, points, direction, target, limit, unit
):
    verdict = progress.towards(points, method, direction, target, limit, unit=unit)
    assert verdict.verdict in progress.VERDICTS
    assert verdict.assessed or verdict.reason in progress.REASONS
    template, figures = progress.explain(verdict)
    places = {name for _, name, _, _ in string.Formatter().parse(template) if name}
    assert places <= set(figures)
    json.dumps(figures, allow_nan=False)
