"""How far an Open SDG platform has come: reporting and disaggregation status by indicator and goal."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from milepost.interchange.open_sdg.derive import disaggregations
from milepost.values import Table

Metas = Mapping[str, Mapping[str, Any]]
"""Metadata by indicator code, with what `with_minimum` adds."""

NOT_SPECIFIED = "status.not_specified"
DISAGGREGATION_STATUSES = ("complete", "inprogress", "notstarted", "notapplicable")


# One indicator


def is_standalone(meta: Mapping[str, Any]) -> bool:
    """Whether the indicator stands outside the goals."""
    return meta.get("standalone") not in (None, False)


def is_placeholder(meta: Mapping[str, Any]) -> bool:
    """Whether the indicator only keeps a place; for the platform it does so by any `placeholder` but ""."""
    return meta.get("placeholder", "") != ""


def is_statistical(meta: Mapping[str, Any], has_data: bool) -> bool:
    """Whether the indicator is one of figures, not of words."""
    non_statistical = meta.get("data_non_statistical")
    if non_statistical in (None, False):
        return True
    return False if non_statistical is True else has_data


def goal(code: str, meta: Mapping[str, Any]) -> str:
    """The goal of an indicator: "10" of "10-7-3"; a standalone indicator is its own."""
    return code if is_standalone(meta) else code.split("-", maxsplit=1)[0]


def reporting_status(meta: Mapping[str, Any], has_data: bool) -> str:
    """What the metadata say; else "complete" with data or if not statistical, else "notstarted"."""
    if "reporting_status" in meta:
        return meta["reporting_status"] or NOT_SPECIFIED
    return "complete" if has_data or not is_statistical(meta, has_data) else "notstarted"


def disaggregation_status(
    meta: Mapping[str, Any], table: Table, non_disaggregation_columns: Iterable[str]
) -> str:
    """Whether the `expected_disaggregations` are columns of the table: all "complete", some "inprogress".

    None is "notstarted", none expected "notapplicable". The names of the columns count, not the cells.
    """
    expected = meta.get("expected_disaggregations") or []
    expected = expected if isinstance(expected, list | tuple) else [str(expected)]
    if not expected:
        return "notapplicable"
    actual = disaggregations(table.columns, non_disaggregation_columns) if table.rows else ()
    found = [name in actual for name in expected]
    if all(found) and len(actual) >= len(expected):
        return "complete"
    return "inprogress" if any(found) else "notstarted"


def with_minimum(
    code: str, meta: Mapping[str, Any], has_data: bool, name: str | None = None
) -> dict[str, Any]:
    """The metadata with what every indicator has on the platform, where they do not have it already.

    Fields are called as in sdg-build 2 (`indicator_number`, not `indicator` as in 1). An indicator that no
    input names is called by the key of its global name in the shared translations, also in the title of its
    graph.
    """
    number = code if is_standalone(meta) else code.replace("-", ".")
    minimum = {
        "indicator_number": number,
        "target_number": code if is_standalone(meta) else ".".join(code.split("-")[:2]),
        "goal_number": goal(code, meta),
        "reporting_status": reporting_status(meta, has_data),
        "data_non_statistical": not has_data,
        "graph_type": "line",
        "indicator_sort_order": "-".join(part.rjust(2, "0") for part in number.split(".")),
    }
    title = f"global_indicators.{code}-title" if name is None else name
    minimum |= {"indicator_name": title, "graph_title": title}
    return {**meta, **{field: value for field, value in minimum.items() if field not in meta}}


# All indicators


def reporting(metas: Metas, extra_fields: Iterable[str] = ()) -> dict[str, Any]:
    """The content of stats/reporting.json: how many indicators have each status, by goal and extra field.

    Standalone indicators and placeholders are not counted. The statuses are those that occur in `metas`,
    which may be in one of the languages.
    """
    statuses = [_plain(m["reporting_status"]) for m in metas.values() if "reporting_status" in m]
    return _counted("reporting_status", dict.fromkeys(statuses), metas, extra_fields)


def progress(metas: Metas, extra_fields: Iterable[str] = ()) -> dict[str, Any] | None:
    """The content of stats/progress.json, counted as in `reporting`; None if no indicator has a status.

    Indicators without progress status are part of the totals only.
    """
    found = [m["progress_status"] for m in metas.values() if m.get("progress_status") is not None]
    statuses = dict.fromkeys(map(_plain, found))
    return _counted("progress_status", statuses, metas, extra_fields) if statuses else None


def _counted(
    status_field: str, statuses: Iterable[Any], metas: Metas, extra_fields: Iterable[str]
) -> dict[str, Any]:
    """How many indicators have each of the statuses that a field says: overall, by goal and by extra
    field."""
    counted = [
        meta
        for meta in metas.values()
        if meta.get("standalone", False) in (False,) and not is_placeholder(meta)
    ]
    shown = list(statuses)
    fields = list(dict.fromkeys((*extra_fields, "goal_number")))
    by_field = {field: _counted_by(field, counted, status_field, shown) for field in fields}
    goals = by_field.pop("goal_number")
    return {
        "statuses": [{"value": status} for status in shown],
        "overall": _counts(counted, status_field, shown),
        "extra_fields": by_field,
        "goals": goals,
    }


def _counted_by(
    field: str, metas: Sequence[Mapping[str, Any]], status_field: str, statuses: Sequence[Any]
) -> list[dict[str, Any]]:
    groups: dict[Any, list[Mapping[str, Any]]] = {}
    values = [_group(meta.get(field)) for meta in metas]
    if all(_is_numeric(value) for value in values):
        values = [int(value) for value in values]
    for value, meta in zip(values, metas, strict=True):
        groups.setdefault(value, []).append(meta)
    name = field.replace("goal_number", "goal")
    in_order = sorted(groups.items(), key=lambda item: (isinstance(item[0], str), item[0]))
    return [{name: value, **_counts(members, status_field, statuses)} for value, members in in_order]


def _group(value: Any) -> Any:
    return NOT_SPECIFIED if value is None else _plain(value)


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, int | float | str) else str(value)


def _is_numeric(value: Any) -> bool:
    return bool(value) if isinstance(value, int) else isinstance(value, str) and value.isdecimal()


def _counts(metas: Sequence[Mapping[str, Any]], status_field: str, statuses: Sequence[Any]) -> dict[str, Any]:
    found = [_plain(meta.get(status_field, NOT_SPECIFIED)) for meta in metas]
    counts = [found.count(status) for status in statuses]
    total = len(metas)
    return {
        "statuses": [
            {"status": status, "count": count, "percentage": round(100 * count / total, 3) if total else 0.0}
            for status, count in zip(statuses, counts, strict=True)
        ],
        "totals": {"total": total},
    }


def disaggregation(
    metas: Metas,
    statuses: Mapping[str, str],
    extra_fields: Iterable[str] = (),
    ignore_out_of_scope: bool = False,
) -> dict[str, Any]:
    """The content of stats/disaggregation.json, from each indicator's disaggregation status.

    Standalone indicators and placeholders are not counted; with `ignore_out_of_scope` neither are those whose
    status is "notapplicable".
    """
    shown = DISAGGREGATION_STATUSES[:3] if ignore_out_of_scope else DISAGGREGATION_STATUSES
    in_goals = [code for code, meta in metas.items() if not is_standalone(meta) and not is_placeholder(meta)]
    counted = [code for code in in_goals if statuses[code] in shown]
    by_goal: dict[Any, list[str]] = {
        number: [] for number in sorted((goal(code, metas[code]) for code in in_goals), key=_naturally)
    }
    by_field: dict[str, dict[Any, list[str]]] = {field: {} for field in extra_fields}
    for code in counted:
        by_goal[goal(code, metas[code])].append(statuses[code])
        for field, groups in by_field.items():
            if metas[code].get(field) is not None:
                groups.setdefault(_group(metas[code][field]), []).append(statuses[code])
    return {
        "statuses": [{"value": status} for status in shown],
        "overall": _disaggregation_of([statuses[code] for code in counted], shown),
        "goals": [{"goal": number, **_disaggregation_of(found, shown)} for number, found in by_goal.items()],
        "extra_fields": {
            field: [{field: value, **_disaggregation_of(found, shown)} for value, found in groups.items()]
            for field, groups in by_field.items()
        },
    }


def _disaggregation_of(found: Sequence[str], shown: Sequence[str]) -> dict[str, Any]:
    total = len(found)
    return {
        "statuses": [
            {
                "status": status,
                "count": found.count(status),
                "percentage": 100.0 * found.count(status) / total if total else 0.0,
            }
            for status in shown
        ],
        "totals": {"total": total},
    }


def _naturally(number: str) -> list[tuple[int, int, str]]:
    """A key that sorts 2 before 10, and numbers before words."""
    parts = re.findall(r"[0-9]+|[^0-9]+", number)
    return [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts]
