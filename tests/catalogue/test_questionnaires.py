"""Questionnaires as data: what ships, how a file is read, and every fault of it at once."""

import pytest

from milepost import catalogue
from milepost.catalogue import parse_questionnaire
from milepost.catalogue.questionnaires import written
from milepost.errors import MilepostError

SMALL = """
code: small
version: "2"
name: {en: Small, ru: Малый}
answers:
- {code: some, standing: partial, name: {en: Some}}
- {code: rights, standing: present, only_in: [A], name: {en: Rights}}
earlier:
- version: "1"
  questions: {a2: null}
  not_comparable: [a1]
domains:
- code: A
  name: {en: First}
  answers: {some: {en: "Some of them"}}
  subdomains:
  - {code: A.1, name: {en: Part}}
  items:
  - {code: a1, subdomain: A.1, kind: presence, name: {en: Is it there?}, references: [gcm/15, sdg/10.7]}
  - {code: a2, kind: graded, levels: [local], name: {en: How much?}}
- code: B
  items:
  - {code: b1, kind: text, name: {en: Which?}}
  - {code: b2, kind: graded, name: {en: How far?}}
"""


def faults(text: str) -> list[tuple[str, int | None]]:
    with pytest.raises(MilepostError) as caught:
        parse_questionnaire(text, "small.yaml")
    return [(one.code, one.origin.row) for one in caught.value.problems]


# What ships


@pytest.mark.parametrize("shipped", catalogue.questionnaires(), ids=lambda one: f"{one.code}@{one.version}")
def test_what_ships_is_read_back_as_it_is_written(shipped):
    assert parse_questionnaire(written(shipped), "again.yaml") == shipped


def test_the_example_is_marked_as_one_in_its_data_and_in_its_name():
    for version in ("1", "2"):
        example = catalogue.questionnaire("example-governance", version)
        assert example.example
        assert "not the Migration Governance Indicators" in example.name["en"]


def test_the_example_is_about_the_six_domains_nationally_and_locally_in_two_languages():
    example = catalogue.questionnaire("example-governance")
    assert [domain.code for domain in example.domains] == [f"PD_{n}" for n in range(1, 7)]
    assert {level for _domain, item in example for level in item.levels} == {"national", "local"}
    for _domain, item in example:
        assert {"en", "ru"} <= set(item.name), item.code


def test_the_instrument_of_the_indicator_is_no_example():
    assert not catalogue.questionnaire("sdg-10-7-2").example


def test_a_code_alone_is_the_latest_version():
    assert catalogue.questionnaire("example-governance").version == "2"
    with pytest.raises(MilepostError, match="no questionnaire example-governance@7"):
        catalogue.questionnaire("example-governance", "7")


# A file


def test_every_part_of_a_file_is_read():
    small = parse_questionnaire(SMALL, "small.yaml")
    first, second = small.domains
    assert [item.code for _domain, item in small] == ["a1", "a2", "b1", "b2"]
    assert first.items[0].references == (("gcm", "15"), ("sdg", "10.7"))
    assert (first.items[0].levels, first.items[1].levels) == (("national",), ("local",))
    assert small.since("1").questions == {"a2": None}
    assert small.since("1").not_comparable == ("a1",)
    assert small.since("0").questions == {}
    assert second.items[0].kind == "text"


def test_a_question_offers_the_answers_of_its_kind_worded_as_its_domain_words_them():
    small = parse_questionnaire(SMALL, "small.yaml")
    assert [one.code for one in small.offered("a1")] == ["absent", "partial", "present"]
    assert [(one.code, one.name["en"]) for one in small.offered("a2")] == [
        ("some", "Some of them"),
        ("rights", "Rights"),
    ]
    assert [(one.code, one.name["en"]) for one in small.offered("b2")] == [("some", "Some")]
    assert small.offered("b1") == ()
    with pytest.raises(KeyError):
        small.offered("c1")


def test_every_fault_is_told_at_once_with_its_line():
    broken = (
        SMALL.replace("code: a2, kind: graded", "code: a1, kind: grades")
        .replace("gcm/15", "gcm/99")
        .replace("subdomain: A.1, kind: presence", "subdomain: A.9, kind: presence")
        .replace("levels: [local]", "levels: [town]")
        .replace("not_comparable: [a1]", "not_comparable: [z9]")
        .replace("only_in: [A]", "only_in: [C]")
        .replace("standing: partial", "standing: half")
        .replace("code: b1", "code: b 1")
    )
    assert sorted(faults(broken), key=str) == sorted(
        [
            ("definition-choice", 6),  # half
            ("definition-choice", 7),  # C
            ("questionnaire-mapping", 10),  # a2 is gone
            ("questionnaire-mapping", 11),
            ("questionnaire-reference", 19),
            ("definition-choice", 19),  # A.9
            ("questionnaire-code-twice", 20),
            ("definition-choice", 20),  # grades
            ("definition-choice", 20),  # town
            ("questionnaire-code", 23),
        ],
        key=str,
    )


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("code: x\nversion: '1'\nname: {en: X}\ndomains: []", "questionnaire-without-questions"),
        ("code: x\nname: {en: X}\ndomains:\n- {code: A, items: []}", "definition-missing"),
        (
            "code: x\nversion: '1'\nname: {en: X}\ndomains:\n- {code: A, items: [{code: a, name: {en: Q}}]}",
            "questionnaire-without-answers",
        ),
        (SMALL.replace("version:", "verison:"), "definition-unknown-field"),
        (SMALL.replace("{code: A.1, name: {en: Part}}", "{code: A.1}"), "definition-missing"),
        (SMALL.replace('version: "2"', "version: 2"), "definition-type"),
    ],
)
def test_a_file_that_is_not_whole_is_refused(text, code):
    assert code in [each for each, _line in faults(text)]
