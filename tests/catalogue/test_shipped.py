"""What ships is whole: codes exist, names are there in English and Russian, counts are the official ones."""

import json
import re
import unicodedata
from collections import Counter

import pytest

from milepost import catalogue
from milepost.catalogue import Indicator
from milepost.errors import MilepostError
from milepost.values import MISSING_STATUSES, Target, Text

CODES = [
    "3.c.1", "4.b.1", "8.7.1", "8.8.1", "8.8.2", "10.3.1", "10.7.1", "10.7.2", "10.7.3", "10.7.4", "10.c.1",
    "16.2.2", "16.9.1", "17.3.2", "17.18.1",
]  # fmt: skip


def texts_of(value):
    """Every Text in a record, with its place."""
    if isinstance(value, Text):
        yield value
    elif isinstance(value, dict):
        for entry in value.values():
            yield from texts_of(entry)
    elif isinstance(value, tuple | list):
        for entry in value:
            yield from texts_of(entry)
    elif hasattr(value, "__dataclass_fields__"):
        for name in value.__dataclass_fields__:
            yield from texts_of(getattr(value, name))


EVERYTHING = [
    *catalogue.frameworks(),
    *catalogue.indicators(),
    *catalogue.code_lists(),
    *catalogue.crosswalks(),
    *catalogue.indicator_lists(),
    *catalogue.questionnaires(),
]


@pytest.mark.parametrize(
    "record", EVERYTHING, ids=lambda record: getattr(record, "code", getattr(record, "id", "?"))
)
def test_every_text_is_there_in_english_and_russian(record):
    found = [text for text in texts_of(record) if text]
    assert found
    regions_of_belarus = {"be"}
    for text in found:
        assert {"en", "ru"} <= set(text), text
        assert set(text) <= {"en", "ru", "ky", "fr", "es"} | regions_of_belarus
        assert all(words == " ".join(words.split()) for words in text.values()), text


def test_the_frameworks_have_the_official_numbers_of_entries():
    counts = {
        framework.code: Counter(item.level for item in framework.items)
        for framework in catalogue.frameworks()
    }
    assert counts["sdg"]["goal"] == 17
    assert [goal.code for goal in catalogue.framework("sdg").level("goal")] == [str(n) for n in range(1, 18)]
    assert counts["sdg"]["target"] == 169
    assert counts["migof"] == {"principle": 3, "objective": 3}
    assert counts["domains"] == {"domain": 6}
    assert counts["gcm"] == {"objective": 23}
    assert counts["dac"] == {"criterion": 6}


def test_every_number_of_the_list_of_sdg_indicators_is_there_in_the_order_people_count():
    indicators = catalogue.framework("sdg").level("indicator")
    codes = [indicator.code for indicator in indicators]
    by_target = sorted(
        codes, key=lambda code: [(not n.isdigit(), int(n) if n.isdigit() else n) for n in code.split(".")]
    )
    assert codes == by_target
    assert len(codes) == 251
    assert Counter(int(code.split(".")[0]) for code in codes) == {
        1: 13, 2: 15, 3: 28, 4: 12, 5: 14, 6: 11, 7: 6, 8: 17, 9: 12, 10: 14, 11: 16, 12: 13, 13: 8,
        14: 10, 15: 14, 16: 24, 17: 24,
    }  # fmt: skip
    for indicator in indicators:
        assert set(indicator.name) >= {"en", "ru"}
        assert indicator.parent == indicator.code.rpartition(".")[0]


def test_an_indicator_that_stands_under_several_targets_is_called_the_same_under_each():
    for one, *others in (
        ("1.5.1", "11.5.1", "13.1.1"), ("4.7.1", "12.8.1", "13.3.1"), ("10.3.1", "16.b.1"),
    ):  # fmt: skip
        for other in others:
            assert catalogue.indicator_title(one)["en"] == catalogue.indicator_title(other)["en"]
            assert catalogue.indicator_title(one)["ru"] == catalogue.indicator_title(other)["ru"]


def test_a_title_holds_no_marks_of_footnotes_and_no_traces_of_the_sheet_it_came_from():
    for indicator in catalogue.framework("sdg").level("indicator"):
        for words in indicator.name.values():
            assert unicodedata.is_normalized("NFC", words)
            without_letters_of_lists = re.sub(r"(?<![\w(])([a-g]|i+)\)", "", words)
            assert without_letters_of_lists.count("(") == without_letters_of_lists.count(")"), words
            assert not re.search(r"[\[\]*]|[a-zа-я]\d$|\+[A-Z]|показателя \d", words), words


def test_the_goals_and_the_titles_of_indicators_are_those_of_the_framework():
    sdg = catalogue.framework("sdg")
    assert catalogue.goals() == sdg.level("goal")
    assert catalogue.indicator_title("1.2.1") == sdg.item("1.2.1").name
    assert catalogue.indicator_title("1.2.1")["en"].startswith(
        "Proportion of population living below the national"
    )
    assert catalogue.indicator_title("1.2") == catalogue.indicator_title("1.2.99") == Text()


def test_a_russian_name_of_ours_for_a_replaced_indicator_is_marked_as_ours():
    sdg = catalogue.framework("sdg")
    assert not sdg.item("3.b.3").is_official("ru")
    assert sdg.item("3.b.3").is_official("en")
    assert sdg.item("3.b.2").is_official("ru")
    assert sdg.item("10.7.1").wording == {"ky": "community"}


def test_codes_are_unique_and_parents_exist():
    for framework in catalogue.frameworks():
        codes = [item.code for item in framework.items]
        assert len(codes) == len(set(codes))
        assert {item.parent for item in framework.items if item.parent} <= set(codes)


def test_a_translation_of_ours_is_not_passed_off_as_official():
    compact = catalogue.framework("gcm")
    objective = compact.item("8")
    assert objective.name["en"] == (
        "Save lives and establish coordinated international efforts on missing migrants"
    )
    assert objective.is_official("en")
    assert not objective.is_official("ru")
    assert objective.wording == {"ru": "ours"}
    goal = catalogue.framework("sdg").item("10")
    assert goal.is_official("ru")
    assert not goal.is_official("ky")
    assert not goal.is_official("de")
    assert not catalogue.framework("migof").item("P1").is_official("en")


def test_the_domains_carry_the_names_of_both_users():
    domain = catalogue.framework("domains").item("PD_2")
    assert domain.name["en"] == "Whole-of-government/Evidence-based policies"
    assert domain.other_names["mgi"]["en"] == "Whole of government approach"


def test_every_crosswalk_links_codes_that_exist_and_says_that_it_is_a_proposal():
    for crosswalk in catalogue.crosswalks():
        assert crosswalk.status == "proposal"
        assert crosswalk.source.title
        ends = (
            {item.code for item in catalogue.framework(crosswalk.origin).items},
            {item.code for item in catalogue.framework(crosswalk.goal).items},
        )
        for one, other in crosswalk.pairs:
            assert one in ends[0], (crosswalk.code, one)
            assert other in ends[1], (crosswalk.code, other)
        assert len(crosswalk.pairs) == len(set(crosswalk.pairs))
    by_code = {crosswalk.code: crosswalk for crosswalk in catalogue.crosswalks()}
    assert by_code["domains-gcm"].towards("PD_3") == ("23", "5", "14", "21")


def test_exactly_the_fifteen_definitions_ship_in_the_order_people_count():
    assert [indicator.code for indicator in catalogue.indicators()] == CODES


@pytest.mark.parametrize("indicator", catalogue.indicators(), ids=lambda indicator: indicator.code)
def test_a_definition_agrees_with_the_frameworks_and_code_lists(indicator: Indicator):
    official = catalogue.framework("sdg").item(indicator.code)
    assert indicator.title == official.name
    units = catalogue.code_list("unit").codes
    assert indicator.unit.code in units
    for series in indicator.series:
        unit = indicator.unit_of(series.code)
        assert unit.name["en"] == units[unit.code]["en"]
    assert (indicator.source.url or "").startswith("https://unstats.un.org/sdgs/metadata/files/Metadata-")


def test_directions_are_judged_with_care():
    directions = {indicator.code: indicator.direction for indicator in catalogue.indicators()}
    assert {code for code, direction in directions.items() if direction == "none"} == {
        "10.7.4",
        "16.2.2",
        "17.3.2",
    }
    assert directions["10.7.2"] == "up"
    assert directions["10.7.3"] == directions["10.7.1"] == directions["8.8.2"] == "down"
    assert catalogue.indicator("10.c.1").target == Target(3, 2030)
    assert catalogue.indicator("16.2.2").label["en"] == "Detected victims only"


def test_a_code_is_found_however_it_is_written():
    assert catalogue.indicator("10-C-1").code == catalogue.indicator(" 10.c.1 ").code == "10.c.1"
    assert catalogue.indicator("16.b.1").code == "10.3.1"


@pytest.mark.parametrize(
    ("look_up", "wrong", "near"),
    [
        (catalogue.indicator, "10.7.9", "10.7.4"),
        (catalogue.indicator, "../../secret", ".1"),
        (catalogue.framework, "gmc", "gcm"),
        (catalogue.framework("sdg").item, "10.9", "10.1, 10.2"),
        (catalogue.code_list, "urbanization", "urbanisation"),
        (catalogue.questionnaire, "sdg-10.7.2", "sdg-10-7-2"),
    ],
)
def test_an_unknown_code_names_what_is_near(look_up, wrong, near):
    with pytest.raises(MilepostError) as caught:
        look_up(wrong)
    assert wrong in str(caught.value)
    assert near in str(caught.value)


def test_a_series_leads_to_its_indicator_and_its_bounds():
    indicator = catalogue.by_series("SG_CPA_MIGRS")
    assert indicator is not None
    assert indicator.code == "10.7.2"
    assert indicator.bounds("SG_CPA_MIGRS")[2] == (1, 2, 3, 4)
    assert indicator.bounds("SG_CPA_MIGRP")[2] == ()
    assert catalogue.by_series("_L_KG_100201_1") is None


def test_a_series_may_have_its_own_unit_method_and_bounds():
    trafficking = catalogue.indicator("16.2.2")
    assert trafficking.unit_of("VC_HTF_DETV").code == "NUMBER"
    assert trafficking.unit_of(None).code == "PER_100000_POP"
    assert trafficking.calculation("VC_HTF_DETV")[0] == "total"
    assert trafficking.calculation("VC_VAW_DIST") == (None, {})
    assert trafficking.bounds("VC_HTF_DETV")[1].holds(50_000)
    assert not trafficking.bounds(None)[1].holds(50_000)
    injuries = catalogue.indicator("8.8.1")
    assert injuries.calculation("SL_EMP_INJUR")[1]["numerator"] == "nonfatal"
    assert injuries.calculation("SL_EMP_FTLINJUR")[1]["numerator"] == "fatal"


def test_no_series_belongs_to_two_indicators():
    codes = [series.code for indicator in catalogue.indicators() for series in indicator.series]
    assert len(codes) == len(set(codes))


def test_everything_can_be_written_as_json():
    for record in (*catalogue.indicators(), *catalogue.frameworks()):
        assert json.loads(json.dumps(record.as_dict()))["code"] == record.code
    plain = catalogue.indicator("10.7.2").as_dict()
    assert plain["codes"] == [1, 2, 3, 4]
    assert plain["title"]["ru"].startswith("Число стран")
    assert "target" not in plain
    assert catalogue.indicator("10.c.1").as_dict()["examples"][-1]["result"]["value"] is None


def test_migratory_status_names_its_base():
    statuses = catalogue.code_list("migratory_status")
    assert statuses.annotations["FOREIGN_BORN"]["base"] == "birth"
    assert statuses.annotations["NON_CITIZEN"]["base"] == "citizenship"
    assert statuses.annotations["MS_MIGRANT"]["base"] == "not-stated"
    bases = set(catalogue.code_list("migratory_base").codes)
    assert {known["base"] for known in statuses.annotations.values()} == bases
    assert {known["sdmx"] for known in statuses.annotations.values()} == {
        "MS_MIGRANT", "MS_NOMIGRANT", "MS_EUMIGRANT", "MS_NONEUMIGRANT",
    }  # fmt: skip


def test_the_statuses_that_say_there_is_no_value_are_in_the_code_list():
    statuses = catalogue.code_list("observation_status")
    assert set(statuses.codes) >= MISSING_STATUSES | {"A"}
    assert all(statuses.codes[code]["en"].startswith("Missing value") for code in MISSING_STATUSES)


def test_kyrgyzstan_is_called_as_it_calls_itself():
    areas = catalogue.code_list("areas")
    assert areas.codes["417"]["ru"] == "Кыргызстан"
    assert areas.codes["112"]["ru"] == "Беларусь"
    assert not any("Киргиз" in text["ru"] for text in areas.codes.values())


def test_areas_are_the_members_of_the_united_nations_and_first_level_regions():
    areas = catalogue.code_list("areas")
    members = [code for code, known in areas.annotations.items() if known.get("un") == "member"]
    assert len(members) == 193
    for field in ("iso2", "iso3"):
        codes = [known[field] for known in areas.annotations.values() if field in known]
        assert len(codes) == len(set(codes)) == 195
    regions = Counter(
        known["parent"] for known in areas.annotations.values() if known["kind"] == "first-level"
    )
    assert regions == {"417": 9, "112": 7}


@pytest.mark.parametrize(
    ("written", "code"),
    [("KG", "417"), ("kgz", "417"), ("004", "4"), ("KG-GO", "KG21"), ("FR", "250"), ("", None)],
)
def test_an_area_is_found_by_any_of_its_codes(written, code):
    assert catalogue.area_code(written) == code


def test_the_list_of_belarus_keeps_its_versions():
    [belarus] = catalogue.indicator_lists()
    assert [version.size for version in belarus.versions] == [225, 255, 265, 245]
    assert belarus.country in catalogue.code_list("areas").codes
    for version in belarus.versions:
        if len(version.composition) == 2:
            assert sum(version.composition.values()) == version.size
    assert belarus.versions[-1].since is None


def test_the_questionnaire_is_that_of_indicator_10_7_2():
    asked = catalogue.questionnaire("sdg-10-7-2")
    assert catalogue.indicator("10.7.2").questionnaire == asked.code
    assert [domain.code for domain in asked.domains] == [
        item.code for item in catalogue.framework("domains").items
    ]
    assert asked.wording == {"ru": "ours"}
    assert asked.domains[0].answers["yes"]["en"] == "Yes, regardless of immigration status"
    assert [entry.lower for entry in asked.classes] == [0, 40, 80, 100]


@pytest.mark.parametrize("code", CODES)
def test_the_file_of_a_definition_is_what_was_read(code: str):
    assert catalogue.parse(catalogue.definition_file(code), code) == catalogue.indicator(code)


def test_there_is_no_file_of_what_does_not_ship():
    assert catalogue.definition_file("99.9.9") == catalogue.definition_file("../10.7.1") == ""
