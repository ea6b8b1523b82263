"""What the codes of this room mean, in plain English; translated in `locale/`, printed by `reports`."""

from typing import Any

from milepost.values import Verdict

SOURCES: dict[str, str] = {
    "un": "UN Progress Chart 2023, as implemented by Eustat",
    "statcan": "Statistics Canada",
}
"""What each method must be called."""

VERDICTS: dict[str, str] = {
    "target_met": "Target met",
    "on_track": "On track",
    "acceleration_needed": "Fair progress, but acceleration needed",
    "stagnation_or_regression": "Stagnation or regression",
    "target_achieved": "Target achieved",
    "substantial_progress": "Substantial progress",
    "moderate_progress": "Moderate progress",
    "limited_progress": "Limited progress",
    "deterioration": "Deterioration",
    "not_assessed": "Not assessed",
}

REASONS: dict[str, str] = {
    "no_direction": "No desired direction is given: more is not clearly better or worse.",
    "no_values": "There is no value.",
    "too_few_points": "There is a value for {count} year only; two are needed.",
    "conflicting_values": (
        "The year {year} has two different values, {first} and {second}; a person must decide which is right."
    ),
    "not_finite": "The value of {year} is not a finite number.",
    "base_zero": "The value of the base year {base_year} is 0: growth from 0 cannot be computed.",
    "target_zero": "The target is 0: no steady rate of growth leads there.",
    "negative_base": (
        "The value of the base year {base_year} is {base_value}: "
        "the rate of growth from a value below 0 is not defined."
    ),
    "negative_base_with_limit": (
        "The value of the base year {base_year} is {base_value}: "
        "the rule for a natural limit ({limit}) is not defined for values below 0."
    ),
    "opposite_signs": (
        "The values go from {base_value} in {base_year} to {current_value} in {current_year}, across 0: "
        "there is no rate of growth."
    ),
    "target_opposite_sign": (
        "The target {target} and the value of {base_year}, {base_value}, lie on opposite sides of 0: "
        "there is no rate of growth."
    ),
    "target_lost": (
        "The value of the base year {base_year}, {base_value}, already met the target {target}, "
        "and the latest does not: the method has no measure for a target that was lost."
    ),
    "target_equals_base": (
        "The target {target} was already the value of the base year {base_year} and has been lost since: "
        "there is no distance to measure progress by."
    ),
    "target_year_passed": (
        "The target year {target_year} has passed, and {count} year up to it has a value; two are needed."
    ),
    "target_year_not_after_base": "The target year {target_year} is not after the base year {base_year}.",
    "too_extreme": (
        "The values {base_value} in {base_year} and {current_value} in {current_year} "
        "are too far apart to compute with."
    ),
    "no_series_assessed": "None of the {series} series could be assessed.",
}
"""Why there is no verdict; `{name}` is filled from the verdict's figures."""

WEAKNESSES: dict[str, tuple[str, ...]] = {
    "un": (
        "Two observations decide, the base and the latest; what lies between does not count.",
        "The uncertainty of the figures is not taken into account.",
        "Once the latest value meets the target, a fall from an earlier, better value is invisible.",
        "A share that starts close to 0 % or 100 % has little way to go: a small change turns the verdict.",
        'A target of 0 ("eliminate") cannot be assessed by growth; Milepost gives no verdict.',
        "Growth of a series that is itself a rate of growth means nothing; an expert must judge it.",
    ),
    "statcan": (
        "Two observations decide, the base and the latest; what lies between does not count.",
        "The uncertainty of the figures is not taken into account.",
        "Shares near their ceiling are judged harshly: 98.8 % to 98.3 % is deterioration, score -5.",
        "Once the target is reached, a reversal that stays beyond it is invisible.",
        'A target close to 0 ("eliminate") demands so much growth that nearly any progress looks limited; '
        "for a target of 0 Milepost gives no verdict.",
    ),
}
"""What stands beside every verdict of a method."""

_PACE = "From {base_value} in {base_year} to {current_value} in {current_year} is {cagr_percent} % a year."
_MET = "The latest value, {current_value} in {current_year}, meets the target {target}."
EXPLANATIONS: dict[str, dict[str, str]] = {
    "un": {
        "target": f"{_PACE} "
        "At this pace the value would be {expected_value} in {target_year}: "
        "{value_percent} % of the way from the base to the target {target}. "
        "On track is {high_percent} %, fair progress {medium_percent} %.",
        "growth": f"{_PACE} "
        "Without a target, on track is {high_percent} % a year in the desired direction, "
        "fair progress {medium_percent} %.",
        "already_met": _MET,
        "met_in_time": "The value of {current_year}, {current_value}, met the target {target} "
        "for {target_year}.",
        "within_a_point": "The latest value, {current_value} in {current_year}, "
        "is within one point of the target of {target} %, which counts as met.",
        "binary": "The answer of {current_year} is {current_value}, where 1 is yes and 0 is no; "
        "yes counts as met, no as stagnation.",
    },
    "statcan": {
        "target": f"{_PACE} "
        "To reach {target} by {target_year}, {required_cagr_percent} % a year were required: "
        "the series has {value_percent} % of that pace. "
        "Substantial progress is {high_percent} %, moderate {medium_percent} %.",
        "growth": f"{_PACE} "
        "Without a target, substantial progress is {high_percent} % a year in the desired direction, "
        "moderate {medium_percent} %.",
        "already_met": _MET,
        "mean_score": "The mean score of {assessed} assessed series, of {series}, is {score}.",
    },
}
"""One sentence for each rule that decided: {method: {figures["rule"]: sentence}}."""

RESULT_VERDICTS: dict[str, str] = {
    "above": "Above what was due",
    "on_track": "On track",
    "below": "Below what was due",
    "away": "Away from the target",
    "reached": "Reached",
    "under_way": "Under way",
    "kept": "Kept",
    "not_kept": "Not kept",
    "not_computable": "Not computable",
}
"""What `progress.results` says of an indicator of a results matrix."""

RESULT_REASONS: dict[str, str] = {
    "not_reported": "Nothing has been reported.",
    "actual_missing": "The figure is missing.",
    "actual_not_applicable": "The indicator does not apply here.",
    "no_target": "No target has been set.",
    "target_missing": "The target is missing.",
    "target_not_applicable": "There is to be no target.",
    "no_baseline": "There is no baseline; nothing is not zero. Enter 0 if counting starts from nothing.",
    "baseline_missing": "The baseline is missing; nothing is not zero.",
    "baseline_not_applicable": (
        "The baseline is marked as not applicable. Enter 0 if counting starts from nothing."
    ),
    "target_equals_baseline": "The target {target} is the baseline: there is no way to measure.",
    "target_against_direction": "The target {target} lies on the wrong side of the baseline {baseline}.",
    "no_tolerance": "The indicator is to be maintained, but how far it may stray is not stated.",
    "denominator_zero": "The denominator is 0.",
    "no_denominator": "A percentage has no denominator, so that it cannot be added to others.",
    "not_added_up": "By the indicator's rules its figures are not put together.",
    "order_is_not_added": "Steps of an order are not added or averaged.",
    "no_order": "The categories have no order by number: only reaching the target's own can be seen.",
    "qualitative": "The answer is in words.",
    "no_number": "The answer is in words.",
    "no_value": "A figure was begun, but has neither a value nor a reason why there is none.",
    "missing": "The figure is missing.",
    "not_applicable": "The indicator does not apply here.",
    "value_beside_status": "A value stands beside a status that says that there is none.",
    "conflicting_figures": "The same figure was entered twice, with different values.",
    "conflicting_contributions": "The same evidence was counted with different values.",
}
"""Why there is no figure or no progress; `{name}` is filled from the figures."""

RESULT_NOTES: dict[str, str] = {
    "places_incomplete": "{reported} of {expected} places reported.",
    "periods_incomplete": "{reported} of {expected} periods have a figure.",
    "periods_with_places_missing": "In some periods not all places reported.",
    "cells_incomplete": "{cells} of {expected} categories are there.",
    "differs_from_parts": "Reported is {entered}; its parts come to {computed}. Both are kept.",
    "total_falls": "What is counted since the start fell from {before} to {after}.",
}
"""What stands beside an answer."""


def explain(verdict: Verdict) -> tuple[str, dict[str, Any]]:
    """The English sentence that explains a verdict, and the numbers for its `{places}`.

    Shares and rates are also given as `..._percent`, ready to be printed.

    >>> verdict = Verdict("un", "not_assessed", reason="too_few_points", figures={"count": 1})
    >>> template, numbers = explain(verdict)
    >>> template.format(**numbers)
    'There is a value for 1 year only; two are needed.'
    """
    numbers = {**verdict.figures, "value": verdict.value, "score": verdict.score}
    if verdict.reason is not None:
        return REASONS[verdict.reason], numbers
    thresholds = verdict.figures.get("thresholds", ())
    rates = {"value": verdict.value, **dict(zip(("high", "medium", "low"), thresholds, strict=False))}
    rates |= {name: verdict.figures.get(name) for name in ("cagr", "required_cagr")}
    numbers |= {f"{name}_percent": rate * 100 for name, rate in rates.items() if rate is not None}
    return EXPLANATIONS[verdict.method][verdict.figures["rule"]], numbers
