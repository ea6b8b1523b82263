"""How the cells of a results matrix are kept: breakdowns as one text, numbers without the column's zeros."""

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from milepost import values
from milepost.values import Origin, Problem

COLUMNS = ("value", "numerator", "denominator", "status", "breakdown", "place", "text")
"""The columns of a cell that make its figure."""


def key_of(breakdown: Iterable[tuple[str, str]]) -> str:
    """A breakdown as one text; "" for the total.

    >>> key_of([("sex", "F"), ("age", "Y15T24")])
    'age=Y15T24|sex=F'
    """
    return "|".join(f"{dimension}={category}" for dimension, category in sorted(breakdown))


def plain(number: Decimal | None) -> Decimal | None:
    """A number without the zeros that its column adds.

    >>> plain(Decimal("12.0000000000")), plain(Decimal("0.1500"))
    (Decimal('12'), Decimal('0.15'))
    """
    if number is None:
        return None
    whole = number == number.to_integral_value()
    return number.quantize(Decimal(1)) if whole else number.normalize()


def figure_of(cell: Iterable[Any]) -> values.Figure:
    """What `COLUMNS` of a cell hold, as the figure that is counted with and printed."""
    value, numerator, denominator, status, breakdown, place, text = cell
    return values.Figure(
        value=plain(value),
        numerator=plain(numerator),
        denominator=plain(denominator),
        status=status,
        breakdown=tuple(sorted(breakdown.items())) if breakdown else (),
        place=place,
        text=text,
    )


def worked_out(figure: values.Figure) -> values.Figure:
    """A percentage with its value, worked out of its two numbers wherever they are known."""
    if figure.numerator is None or not figure.denominator or figure.denominator < 0:
        return figure
    value = (figure.numerator / figure.denominator * 100).quantize(Decimal(1).scaleb(-10))
    return replace(figure, value=plain(value))


def problems_of(figure: values.Figure, measure: str, field: str = "value") -> Iterable[Problem]:
    """What is wrong with one figure that was typed."""
    numbers = (figure.value, figure.numerator, figure.denominator)
    if figure.status != "A":
        if any(number is not None for number in numbers):
            yield _fault("figure-beside-absence", field)
        return
    if measure in ("qualitative", "nominal"):
        if not figure.text.strip() and figure.value is None:
            yield _fault("nothing-reported", field)
        return
    if measure == "percentage":
        if figure.denominator is not None and figure.denominator <= 0:
            yield _fault("denominator-not-positive", field)
        elif figure.numerator is None or figure.denominator is None:
            yield _fault("percentage-needs-both", field)
        return
    if figure.value is None:
        yield _fault("nothing-reported", field)


def _fault(kind: str, field: str) -> Problem:
    return Problem(kind, Origin("form", column=field or None), {})
