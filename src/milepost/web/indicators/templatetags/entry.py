"""One cell of a grid in which figures are typed."""

from collections.abc import Mapping
from typing import Any

from django import template

from milepost.web.indicators.queries.entry import Cell

register = template.Library()


@register.inclusion_tag("indicators/entry/cell.html")
def entry_cell(
    cell: Cell, statuses: Mapping[str, str], may_change: bool, conflicts: Mapping[int, Mapping[str, str]]
) -> dict[str, Any]:
    """The inputs of a cell, or its figure for those who may not change it; what was typed stays."""
    conflict = conflicts.get(cell.number)
    offered = dict(statuses)
    status = conflict["status"] if conflict else cell.status
    offered.setdefault(status, status)
    return {
        "cell": cell,
        "value": conflict["value"] if conflict else cell.value,
        "status": status,
        "statuses": offered,
        "may_change": may_change,
        "conflict": conflict,
    }
