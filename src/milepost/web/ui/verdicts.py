"""Figures and progress in the reader's words, with a shape that says the same."""

from decimal import Decimal
from typing import Any, NamedTuple

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as lazy

from milepost.progress import results as progress
from milepost.reports import sentences
from milepost.values.figures import Amount
from milepost.web.ui.templatetags.ui import figure

_SHAPES = {
    "above": "●",
    "reached": "●",
    "kept": "●",
    "on_track": "◐",
    "under_way": "◐",
    "below": "▲",
    "away": "▲",
    "not_kept": "▲",
    "not_computable": "–",
}
_SIGNS = {
    "not_reported": lazy("not reported"),
    "missing": lazy("missing"),
    "not_applicable": lazy("not applicable"),
}


def written(amount: Amount) -> str:
    """A figure for people: zero is 0; what is missing, not reported or not applicable says so."""
    if amount.value is None:
        return amount.text or str(_SIGNS.get(amount.reason or "", "–"))
    if amount.numerator is not None and amount.denominator is not None:
        share = figure(amount.value.quantize(Decimal("0.1")))
        return f"{share} % ({figure(amount.numerator)}/{figure(amount.denominator)})"
    return figure(amount.value)


class Verdict(NamedTuple):
    """How something stands, in words, with the shape that says the same; `why` where it cannot be told."""

    shape: str
    word: str
    percent: Any
    why: str
    grave: bool


def verdict(found: progress.Progress) -> Verdict:
    """Progress in words."""
    language = get_language() or "en"
    percent = found.percent.quantize(Decimal("0.1")) if found.percent is not None else None
    return Verdict(
        _SHAPES[found.verdict],
        sentences.result_verdict(found, language),
        percent,
        sentences.result_reason(found, language) or "",
        found.verdict in progress.OFF_TRACK,
    )
