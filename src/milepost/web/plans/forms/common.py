"""The fields that the forms of plans have in common."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from milepost.web.ui.templatetags.ui import plain

LONGEST = 4000
"""Letters of a text of a measure."""


def day(**options: Any) -> forms.DateField:
    """A day, by the browser's own calendar."""
    return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **options)


def lines(rows: int = 2, **options: Any) -> forms.CharField:
    """A text of several lines."""
    return forms.CharField(widget=forms.Textarea(attrs={"rows": rows}), **options)


def why(**options: Any) -> forms.CharField:
    """Why it is done."""
    return lines(label=lazy("Reason"), max_length=2000, **options)


class Choosing(forms.Form):
    """A form that offers things; `kept` holds them by what the browser sends."""

    def offer(self, field: str, things: Iterable[Any], blank: Any = None) -> None:
        """Let a field choose one of these."""
        self.kept: dict[str, Any] = {**getattr(self, "kept", {}), **{str(one.pk): one for one in things}}
        named = sorted(((str(one.pk), _named(one)) for one in things), key=lambda pair: pair[1])
        chosen: Any = self.fields[field]
        chosen.choices = [*([("", blank)] if blank is not None else []), *named]


def _named(thing: Any) -> str:
    name = plain(thing.text)
    return name if getattr(thing, "active", True) else f"{name} ({_('out of use')})"


def short(number: Decimal | None) -> Decimal | None:
    """A number without the zeros that its column adds."""
    if number is None:
        return None
    return number.quantize(Decimal(1)) if number == number.to_integral_value() else number.normalize()
