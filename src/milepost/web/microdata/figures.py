"""Protected cells: kept as JSON, and written as the tidy file that becomes a dataset."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from milepost.recipes.incoming import TOTAL
from milepost.values import MISSING_STATUSES, Estimate

FIGURES = ("value", "se", "ci_low", "ci_high", "cv", "deff", "n")
NATURE = "C"
"""Country data, in the code list "nature"."""


def kept(cells: Iterable[Estimate]) -> list[dict[str, Any]]:
    """The cells ready for JSON, without sums and largest contributions; a hidden one holds nothing."""
    found = []
    for cell in cells:
        entry: dict[str, Any] = {"breakdown": dict(cell.breakdown), "status": cell.status}
        if cell.status != "Q":
            entry |= {name: number for name in FIGURES if (number := getattr(cell, name)) is not None}
            if cell.reason:
                entry["reason"] = cell.reason
        found.append(entry)
    return found


def known(earlier: Iterable[Iterable[Mapping[str, Any]]], dimensions: Sequence[str]) -> list[Estimate]:
    """The cells of earlier tables of the same records as cells by these dimensions, the later one first.

    A dimension that an earlier table lacks is over all; a cell by another dimension is left out.
    """
    found: dict[tuple[str, ...], Estimate] = {}
    for cells in earlier:
        for cell in cells:
            others = [code for name, code in cell["breakdown"].items() if name not in dimensions]
            if set(others) - {TOTAL} or cell["status"] == "Q":
                continue
            breakdown = {name: cell["breakdown"].get(name, TOTAL) for name in dimensions}
            numbers = {name: cell[name] for name in FIGURES if name in cell}
            found[tuple(breakdown.values())] = Estimate(breakdown, status=cell["status"], **numbers)
    return list(found.values())


def tidy_file(
    cells: Iterable[Mapping[str, Any]],
    *,
    indicator: str,
    series: str,
    year: int,
    dimensions: Sequence[str],
    unit: str,
    source: str = "",
    comment: str = "",
) -> bytes:
    """The cells as a CSV with the concepts as headers, as any file of figures could come.

    A cell without value has its status and no figure at all; bounds stand only beside a value.
    """
    headers = [
        "indicator", "series", "time_period", *dimensions, "obs_value", "lower_bound", "upper_bound",
        "obs_status", "unit_measure", "nature", "source_detail", "comment_obs",
    ]  # fmt: skip
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(headers)
    for cell in cells:
        categories = [cell["breakdown"].get(name, TOTAL) for name in dimensions]
        status = "" if cell["status"] == "A" else cell["status"]
        bounds = ["", "", ""]
        if cell["status"] not in MISSING_STATUSES:
            bounds = [_plain(cell.get(name)) for name in ("value", "ci_low", "ci_high")]
        writer.writerow(
            [indicator, series, year, *categories, *bounds, status, unit, NATURE, source, comment]
        )
    return text.getvalue().encode()


def _plain(number: float | None) -> str:
    """A number at its shortest, without exponent where it can be: readers of tables take no 1e-05."""
    if number is None:
        return ""
    written = repr(float(number))
    return format(number, ".12f").rstrip("0").rstrip(".") if "e-" in written else written.removesuffix(".0")
