"""Which figures somebody wants to type in."""

from collections.abc import Iterable, Sequence
from itertools import product
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from milepost.web.indicators.actions.entry import MOST_CELLS
from milepost.web.indicators.models import Indicator
from milepost.web.indicators.queries import names
from milepost.web.indicators.queries.entry import AREA
from milepost.web.ui.templatetags.ui import plain

MOST_YEARS = 60
_BETWEEN = "\x1f"


class WhichForm(forms.Form):
    """Of which indicator, in whose name."""

    institution = forms.ChoiceField(label=_("In the name of"))
    indicator = forms.ChoiceField(label=_("Indicator"))

    def __init__(
        self,
        *args: Any,
        institutions: Iterable[tuple[int, str]],
        indicators: Iterable[tuple[int, str]],
        **kwargs: Any,
    ):
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["institution"].choices = list(institutions)
        fields["indicator"].choices = list(indicators)


class GridForm(forms.Form):
    """Which quantity, which breakdowns, which years."""

    quantity = forms.ChoiceField(label=_("Quantity"))
    first_year = forms.IntegerField(label=_("From year"), min_value=1900, max_value=2200)
    last_year = forms.IntegerField(label=_("To year"), min_value=1900, max_value=2200)
    total = forms.BooleanField(label=_("The total"), required=False, initial=True)
    combined = forms.BooleanField(
        label=_("Every combination, such as women in towns"),
        help_text=_("Else each breakdown stands for itself."),
        required=False,
    )

    def __init__(
        self,
        *args: Any,
        quantities: Iterable[tuple[str, str, str]],
        dimensions: Sequence[tuple[str, Sequence[tuple[str, Any]]]],
        own: names.Own,
        **kwargs: Any,
    ):
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["quantity"].choices = [
            (f"{series}{_BETWEEN}{unit}", name) for series, unit, name in quantities
        ]
        self.dimensions = [name for name, _codes in dimensions]
        for name, codes in dimensions:
            fields[f"by_{name}"] = forms.MultipleChoiceField(
                label=names.dimension(names.AREA if name == AREA else name, own),
                choices=[(code, plain(words)) for code, words in codes],
                required=False,
                widget=forms.CheckboxSelectMultiple,
            )
        if len(self.dimensions) < 2:
            del fields["combined"]
        self.order_fields(
            ["quantity", "first_year", "last_year", "total", *(f"by_{name}" for name in self.dimensions)]
        )

    def clean(self) -> dict[str, Any]:
        """Years in order, something to fill in, and no more than a page holds."""
        found = super().clean() or {}
        first, last = found.get("first_year"), found.get("last_year")
        if first is not None and last is not None and not 0 <= last - first < MOST_YEARS:
            self.add_error("last_year", _("The last year comes after the first; sixty years at most."))
        elif first is not None and last is not None and not self.errors:
            count = len(self._places()) * (last - first + 1)
            if not count:
                self.add_error("total", _("Choose the total or at least one category."))
            elif count > MOST_CELLS:
                said = _("This makes {count} cells; {limit} is the limit. Choose fewer, or upload a file.")
                self.add_error(None, str(said).format(count=count, limit=MOST_CELLS))
        return found

    def _places(self) -> list[dict[str, str]]:
        """The breakdown of each line of the grid."""
        chosen = [(name, codes) for name in self.dimensions if (codes := self.cleaned_data.get(f"by_{name}"))]
        places: list[dict[str, str]] = [{}] if self.cleaned_data.get("total") else []
        if self.cleaned_data.get("combined"):
            pairs = [[(name, code) for code in codes] for name, codes in chosen]
            return places + [dict(one) for one in product(*pairs) if one]
        return places + [{name: code} for name, codes in chosen for code in codes]

    def cells(self, indicator: Indicator) -> list[dict[str, str]]:
        """The cells of the grid, {concept: text} without value."""
        series, unit = self.cleaned_data["quantity"].split(_BETWEEN)
        base = {"indicator": indicator.code, "series": series, "unit_measure": unit}
        base = {name: text for name, text in base.items() if text}
        years = range(self.cleaned_data["first_year"], self.cleaned_data["last_year"] + 1)
        return [{**base, **place, "time_period": str(year)} for place in self._places() for year in years]
