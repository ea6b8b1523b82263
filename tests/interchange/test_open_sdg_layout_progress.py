"""The progress status that a platform computes where metadata ask for it."""

import json
from pathlib import Path

import pytest

from milepost.interchange.open_sdg import computed, layout, status
from milepost.interchange.open_sdg.platform import open_platform
from milepost.values import Origin, Table

COLUMNS = computed.Columns(("Year", "Value", "Units", "Series", "GeoCode"), ("COMMENT_OBS",))


def table(text: str) -> Table:
    header, *rows = [tuple(line.split(",")) for line in text.split()]
    return Table("8-8-1", header, rows, Origin("data/indicator_8-8-1.csv"))


def found(text: str, *options: dict) -> str:
    """The computed status; a Problem fails the test."""
    name, problems = computed.progress_status(
        table(text),
        {"auto_progress_calculation": True, "progress_calculation_options": list(options)},
        COLUMNS,
    )
    assert not problems
    return name


def why_not(text: str, *options: dict) -> str:
    """Why no status is computed."""
    name, problems = computed.progress_status(table(text), {"progress_calculation_options": options}, COLUMNS)
    assert name == "not_available"
    (problem,) = problems
    assert problem.code == "progress-not-computed"
    return problem.details["why"]


UP = {"direction": "positive"}
DOWN = {"direction": "negative"}


# Without a target, growth a year decides


@pytest.mark.parametrize(
    ("latest", "expected"),
    [
        ("116.2", "substantial_progress"),  # 1.51 % a year
        ("110", "moderate_progress"),  # 0.96 %
        ("102", "limited_progress"),  # 0.20 %
        ("100", "limited_progress"),
        ("99", "deterioration"),
    ],
)
def test_growth_in_the_desired_direction_decides(latest, expected):
    assert found(f"Year,Value 2015,100 2025,{latest}", UP) == expected


def test_the_desired_direction_is_down_where_none_is_given():
    assert found("Year,Value 2015,100 2025,80") == "substantial_progress"
    assert found("Year,Value 2015,100 2025,80", UP) == "deterioration"


def test_the_base_is_2015_or_the_next_year_and_never_an_earlier_one():
    assert found("Year,Value 2010,1 2016,100 2026,80", DOWN) == "substantial_progress"
    assert found("Year,Value 2010,1 2014,100 2026,80", {**UP, "base_year": 2010}) == "substantial_progress"
    assert why_not("Year,Value 2010,1 2014,100", UP) == "there is no value in 2015 or later"


def test_near_a_natural_limit_less_growth_is_asked_for():
    assert found("Year,Value 2015,99 2025,99.9", {**UP, "limit": 100}) == "substantial_progress"
    assert found("Year,Value 2015,99 2025,99.9", UP) == "limited_progress"
    assert found("Year,Value 2015,100 2025,100", {**UP, "limit": 100}) == "substantial_progress"


def test_own_thresholds_choose_the_formula_of_the_score_as_on_the_platform():
    high = {"progress_thresholds": {"high": 0.05}}
    assert (
        found("Year,Value 2015,100 2025,117", {**UP, **high}) == "substantial_progress"
    )  # 250 × 1.58 % − 1.25
    assert found("Year,Value 2015,100 2025,115", {**UP, **high}) == "moderate_progress"  # 250 × 1.41 % − 1.25


# With a target


@pytest.mark.parametrize(
    ("latest", "expected"),
    [
        ("50", "target_achieved"),
        ("63", "substantial_progress"),
        ("74", "moderate_progress"),
        ("90", "limited_progress"),
        ("130", "deterioration"),
    ],
)
def test_the_share_of_the_required_growth_decides(latest, expected):
    assert found(f"Year,Value 2015,100 2025,{latest}", {**DOWN, "target": 50}) == expected


def test_a_single_value_achieves_a_target_but_shows_no_progress():
    assert found("Year,Value 2020,2", {**DOWN, "target": 7.25}) == "target_achieved"
    assert found("Year,Value 2020,9", {**DOWN, "target": 7.25}) == "not_available"


def test_a_base_or_target_of_zero_counts_as_a_thousandth():
    assert found("Year,Value 2015,0 2025,5", UP) == "substantial_progress"
    assert found("Year,Value 2015,10 2025,0", {**DOWN, "target": 0}) == "target_achieved"
    assert found("Year,Value 2015,10 2025,9", {**DOWN, "target": 0}) == "limited_progress"


def test_a_target_on_the_other_side_of_zero_is_measured_as_on_the_platform():
    assert found("Year,Value 2015,10 2025,8", {**DOWN, "target": -5}) == "limited_progress"


def test_values_of_two_signs_have_no_growth():
    assert found("Year,Value 2015,-3 2025,4", UP) == "not_available"


def test_a_target_that_is_the_base_cannot_be_judged():
    options = {**DOWN, "target": 100}
    assert why_not("Year,Value 2015,100 2025,120", options).startswith("the growth that is required")


# Which series


DETAILED = (
    "Year,Series,Units,Sex,GeoCode,COMMENT_OBS,Value "
    "2015,A,rate,,,x,100 2025,A,rate,,01,y,80 2015,A,rate,F,,,100 2025,A,rate,F,,,130 "
    "2015,B,rate,,,,100 2025,B,rate,,,,120 2015,B,number,,,,7 2025,B,number,,,,7"
)


def test_the_headline_of_the_series_and_unit_that_are_named_counts():
    assert found(DETAILED, {"series": "A"}) == "substantial_progress"
    assert found(DETAILED, {"series": "B", "unit": "rate"}) == "deterioration"
    assert found(DETAILED, {"series": "B", "unit": "number"}) == "limited_progress"


def test_a_breakdown_can_be_named():
    named = {"series": "A", "disaggregation": [{"field": "Sex", "value": "F"}]}
    assert found(DETAILED, named) == "deterioration"


def test_a_name_that_no_row_has_leaves_all_rows():
    assert (
        found("Year,Units,Value 2015,t,100 2025,t,80", {"unit": "kg", "series": "C"})
        == "substantial_progress"
    )


def test_more_than_one_series_is_said_to_be_too_many():
    assert why_not(DETAILED, DOWN) == "there are several series, by Series, Units"


def test_without_headline_a_breakdown_must_be_named():
    only = "Year,Sex,Value 2015,F,100 2025,F,80"
    assert why_not(only, DOWN) == "no row is without breakdown; a disaggregation must be named"
    named = {"disaggregation": [{"field": "Sex", "value": "F"}]}
    assert found(only, named) == "substantial_progress"


def test_the_column_progress_stands_in_for_the_values():
    assert found("Year,Progress,Value 2015,100,1 2025,80,9 2026,,12", DOWN) == "substantial_progress"


def test_a_period_of_two_years_counts_as_its_first():
    assert found("Year,Value 2015/16,100 2024/25,80", DOWN) == "substantial_progress"


def test_the_mean_of_several_series_decides_and_a_group_counts_as_one():
    a, b = {"series": "A", **UP}, {"series": "B", "unit": "rate", **UP}
    achieved = {"series": "A", "target": 90, **DOWN}
    assert found(DETAILED, a, b) == "limited_progress"  # -5 and 4.2
    assert found(DETAILED, {"group": [a, a, a]}, b) == "limited_progress"
    assert found(DETAILED, a, a, a, b) == "deterioration"
    assert found(DETAILED, achieved, b) == "substantial_progress"
    assert found(DETAILED, achieved, achieved) == "target_achieved"


@pytest.mark.parametrize(
    ("text", "options", "why"),
    [
        ("Year,Value 2015,1 2015,1", DOWN, "there are two values for 2015"),
        ("Year,Value 2015,n.d. 2016,1", DOWN, "the value 'n.d.' is not a number"),
        ("Year,Value total,3", DOWN, "'total' is not a year"),
        ("Year,Value 2015,1 2016,2", {"target": "high"}, "the target 'high' is not a number"),
        ("Year,Sex,Value 2015,,1", {"disaggregation": ["Sex"]}, "['Sex'] is not a list of options"),
    ],
)
def test_what_would_stop_the_platform_is_said(text, options, why):
    assert why_not(text, options) == why


def test_options_that_are_no_list_are_said():
    name, problems = computed.progress_status(
        table("Year,Value 2015,1"), {"progress_calculation_options": "up"}, COLUMNS
    )
    assert name == "not_available"
    assert problems[0].details["why"] == "'up' is not a list of options"


def test_no_data_are_no_fault():
    assert found("Year,Value", UP) == "not_available"
    assert found("Year,Value 2015, 2016,", UP) == "not_available"


# In the static files


FILES = {
    "config_data.yml": "languages: [en, ru]\ntranslations:\n  - class: TranslationInputYaml\n",
    "translations/ru/data.yml": "deterioration: Ухудшение\ninjuries: травмы\n",
    "data/indicator_8-8-1.csv": "Year,Series,Value\n2015,injuries,100\n2025,injuries,130\n",
    "meta/8-8-1.md": (
        "---\nauto_progress_calculation: true\nprogress_status: substantial_progress\n"
        "progress_calculation_options:\n- series: injuries\n---\n"
    ),
    "meta/8-8-2.md": "---\nprogress_status: limited_progress\n---\n",
    "meta/10-7-1.md": "---\nindicator_name: C\n---\n",
}


def site(place: Path, **changes: str) -> Path:
    for name, text in {**FILES, **changes}.items():
        path = place / "source" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    layout.write(open_platform(place / "source"), place / "site")
    return place / "site"


def test_the_status_is_computed_before_translation_and_the_same_in_every_language(tmp_path):
    out = site(tmp_path)
    for language in ("untranslated", "en", "ru"):
        meta = json.loads((out / language / "meta" / "8-8-1.json").read_text())
        assert meta["progress_status"] == "deterioration"


def test_what_is_not_asked_for_is_not_computed(tmp_path):
    out = site(tmp_path)
    assert json.loads((out / "en/meta/8-8-2.json").read_text())["progress_status"] == "limited_progress"
    assert "progress_status" not in json.loads((out / "en/meta/10-7-1.json").read_text())


def test_statuses_are_counted_by_goal_beside_the_other_statistics(tmp_path):
    stats = json.loads((site(tmp_path) / "en/stats/progress.json").read_text())
    assert stats["statuses"] == [{"value": "deterioration"}, {"value": "limited_progress"}]
    assert stats["overall"]["totals"] == {"total": 3}
    assert stats["overall"]["statuses"][0] == {"status": "deterioration", "count": 1, "percentage": 33.333}
    assert [goal["goal"] for goal in stats["goals"]] == [8, 10]


def test_a_platform_that_shows_no_progress_has_no_such_file(tmp_path):
    out = site(tmp_path)
    without = dict.fromkeys(("meta/8-8-1.md", "meta/8-8-2.md"), "---\nindicator_name: D\n---\n")
    site(tmp_path, **without)
    assert not (out / "en/stats/progress.json").exists()
    assert status.progress({"1-1-1": {"progress_status": None, "goal_number": "1"}}) is None
