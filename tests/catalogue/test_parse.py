"""A definition file is read whole, and told all its faults at once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from milepost import catalogue
from milepost.errors import MilepostError

GOOD = """\
code: N.1
framework: national
title: {en: Returning migrants in work, ru: Занятые среди вернувшихся мигрантов}
unit: {code: PT, name: {en: Percent, ru: Процент}}
custodians: [Ministry of Labour]
method: proportion
options: {trait: works}
direction: up
source: {title: Labour force survey, dated: 2024-05-01}
revision: 1
example:
- title: One of two
  given: constructed
  where: By hand
  rows: [{works: "yes"}, {works: "no"}]
  result: {value: 50, used: 2}
"""


def faults_of(text: str) -> list[tuple[str, int | None, str | None]]:
    with pytest.raises(MilepostError) as caught:
        catalogue.parse(text, "n-1.yaml")
    return [(fault.code, fault.origin.row, fault.origin.column) for fault in caught.value.problems]


def test_a_national_definition_is_read_as_the_shipped_ones_are():
    indicator = catalogue.parse(GOOD, "n-1.yaml")
    assert indicator.code == "N.1"
    assert indicator.title["ru"] == "Занятые среди вернувшихся мигрантов"
    assert indicator.source.dated == "2024-05-01"
    assert indicator.calculation() == ("proportion", {"trait": "works"})
    assert indicator.examples[0].rows == ({"works": "yes"}, {"works": "no"})


def test_all_faults_come_at_once_each_with_its_line():
    text = GOOD.replace("code: N.1", "code: 10.7").replace("direction: up", "direction: upwards")
    text = text.replace("revision: 1", "revison: 1").replace("  where: By hand\n", "")
    assert faults_of(text) == [
        ("definition-missing", 1, "revision"),
        ("definition-type", 1, "code"),
        ("definition-direction", 8, "direction"),
        ("definition-unknown-field", 10, "revison"),
        ("definition-missing", 12, "example 1, where"),
    ]


def test_a_misspelt_field_is_told_the_nearest_known_one():
    with pytest.raises(MilepostError, match="nearest known one is: minimum_cell"):
        catalogue.parse(GOOD + "minimun_cell: 5\n", "n-1.yaml")


@pytest.mark.parametrize("field", ["code", "title", "unit", "custodians", "direction", "source", "revision"])
def test_a_missing_field_is_named(field):
    kept = [line for line in GOOD.splitlines(keepends=True) if not line.startswith(f"{field}:")]
    assert ("definition-missing", 1, field) in faults_of("".join(kept))


def test_do_not_assess_needs_a_reason():
    assert faults_of(GOOD.replace("direction: up", "direction: none"))[0][0] == "definition-reason"
    reasoned = GOOD.replace("direction: up", "direction: none\ndirection_reason: {en: Neither is better}")
    assert not catalogue.parse(reasoned, "n-1.yaml").assessable


def test_there_is_exactly_one_way_to_the_value():
    without = GOOD.replace("method: proportion\n", "")
    assert faults_of(without) == [("definition-ways", 1, "method")]
    assert faults_of(GOOD + "not_computed: {en: Published by others}\n") == [("definition-ways", 6, "method")]


def test_a_definition_without_an_example_is_not_finished():
    assert faults_of(GOOD[: GOOD.index("example:")] + "example: []\n") == [
        ("definition-missing", 11, "example")
    ]


def test_a_title_without_a_word_is_missing():
    before = "title: {en: Returning migrants in work, ru: Занятые среди вернувшихся мигрантов}"
    assert faults_of(GOOD.replace(before, "title: {}")) == [("definition-missing", 3, "title")]


@pytest.mark.parametrize(
    ("before", "after", "fault"),
    [
        ("custodians: [Ministry of Labour]", "custodians: Ministry of Labour", "definition-type"),
        ("revision: 1", "revision: 0", "definition-type"),
        ("revision: 1", "revision: true", "definition-type"),
        (
            "title: {en: Returning migrants in work,",
            "title: {en: Returning migrants, in work,",
            "definition-type",
        ),
        ("options: {trait: works}", "options: [trait]", "definition-type"),
        ("direction: up", "direction: up\nlimits: {minimum: 100, maximum: 0}", "definition-range"),
        ("direction: up", "direction: up\nlimits: {minimum: nought}", "definition-type"),
        ("direction: up", "direction: up\nwording: {ru: mine}", "definition-choice"),
        ("given: constructed", "given: guessed", "definition-choice"),
        ("given: constructed", "given: constructed\n  series: X", "definition-choice"),
        (
            "direction: up",
            "direction: up\nseries: [{code: X, name: {en: X}, recorded: maybe}]",
            "definition-type",
        ),
    ],
)
def test_a_value_of_the_wrong_kind_is_a_fault(before, after, fault):
    assert before in GOOD
    assert fault in [code for code, _, _ in faults_of(GOOD.replace(before, after))]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "definition-not-entries"),
        ("- a\n- b\n", "definition-not-entries"),
        ("just words", "definition-not-entries"),
        ("a: [1", "definition-unreadable"),
        ("a: b: c", "definition-unreadable"),
        ("a: 1\n\tb: 2", "definition-unreadable"),
        ("a: \x00", "definition-unreadable"),
        ("a: 2021-02-30", "definition-unreadable"),
        ("a: 1\na: 2\n", "definition-twice"),
        ("a: !!python/object/apply:os.system [ls]", "definition-unsafe"),
        ("a: !!python/name:os.system", "definition-unsafe"),
        ("a: !mine 1", "definition-unsafe"),
        ("a: &x [1]\nb: *x\n", "definition-anchor"),
        ("a: &x [*x]\n", "definition-anchor"),
        ("a: {<<: {b: 1}}", "definition-unsafe"),
        ("a: " + "[" * 5000, "definition-too-deep"),
        ("- " * 5000, "definition-too-deep"),
        ("a: " + "x" * 1_000_001, "definition-too-large"),
    ],
)
def test_broken_or_unsafe_yaml_is_refused_with_a_message(text, fault):
    assert faults_of(text)[0][0] == fault


def test_the_line_of_broken_yaml_is_named():
    assert faults_of(GOOD + "caveats: [\n") == [("definition-unreadable", 18, None)]


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused_but_never_breaks(text):
    with pytest.raises(MilepostError):
        catalogue.parse(text, "any.yaml")


@given(st.lists(st.sampled_from(GOOD.splitlines()), max_size=20))
def test_shuffled_lines_are_read_or_refused_but_never_break(lines):
    try:
        catalogue.parse("\n".join(lines), "any.yaml")
    except MilepostError as error:
        assert str(error)
