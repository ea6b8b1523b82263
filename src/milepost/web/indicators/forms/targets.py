"""What people type of targets and of the method."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from milepost import progress
from milepost.web.indicators.queries import names
from milepost.web.stakeholders.fields import TextField
from milepost.web.ui.templatetags.ui import plain

DIRECTIONS = (
    ("", lazy("as the definition says")),
    ("up", lazy("more is better")),
    ("down", lazy("less is better")),
)
_BETWEEN = "|"
NOTHING: names.Own = {}
_url_field: Any = forms.URLField  # the types of Django that we have do not know `assume_scheme`


class TargetForm(forms.Form):
    """A target of one quantity, or a new revision of it (then with a reason, and the quantity stands)."""

    quantity = forms.ChoiceField(label=lazy("Quantity"))
    group = forms.ChoiceField(label=lazy("For whom"), required=False)
    value = forms.FloatField(label=lazy("Target"), help_text=lazy("In the unit of the quantity."))
    year = forms.IntegerField(label=lazy("By the end of"), min_value=1900, max_value=2200, initial=2030)
    baseline_value = forms.FloatField(label=lazy("Baseline"), required=False)
    baseline_year = forms.IntegerField(
        label=lazy("Year of the baseline"), required=False, min_value=1900, max_value=2200
    )
    direction = forms.ChoiceField(label=lazy("Desired direction"), choices=DIRECTIONS, required=False)
    source = TextField(
        label=lazy("Act that sets the target"), help_text=lazy("Its name, number and date, as published.")
    )
    source_url = _url_field(label=lazy("Address of the act"), required=False, assume_scheme="https")
    reason = forms.CharField(
        label=lazy("Why it is revised"), widget=forms.Textarea(attrs={"rows": 2}), max_length=2000
    )

    def __init__(
        self,
        *args: Any,
        quantities: Iterable[tuple[str, str, names.Words]],
        groups: Iterable[tuple[str, Sequence[tuple[str, names.Words]]]] = (),
        own: names.Own = NOTHING,
        revision: bool,
        **kwargs: Any,
    ):
        super().__init__(*args, **kwargs)
        self.quantities = {f"{series}{_BETWEEN}{unit}": (series, unit) for series, unit, _name in quantities}
        self.groups: dict[str, dict[str, str]] = {"": {}}
        if revision:
            del self.fields["quantity"], self.fields["group"]
            return
        del self.fields["reason"]
        fields: dict[str, Any] = self.fields
        fields["quantity"].choices = [
            (key, label)
            for key, (_series, _unit, label) in zip(self.quantities, labelled(quantities), strict=True)
        ]
        fields["group"].choices = [("", _("everybody")), *self._choices(groups, own)]

    def _choices(
        self, groups: Iterable[tuple[str, Sequence[tuple[str, names.Words]]]], own: names.Own
    ) -> list[tuple[str, list[tuple[str, str]]]]:
        found = []
        for dimension, codes in groups:
            keys = {f"{dimension}{_BETWEEN}{code}": {dimension: code} for code, _name in codes}
            self.groups |= keys
            labels = [plain(name) for _code, name in codes]
            found.append((names.dimension(dimension, own), list(zip(keys, labels, strict=True))))
        return found

    def values(self) -> dict[str, Any]:
        """What the actions take."""
        found = dict(self.cleaned_data)
        if "quantity" in found:
            found["series_code"], found["unit"] = self.quantities[found.pop("quantity")]
            found["breakdown"] = self.groups[found.pop("group")]
        return found


def labelled(quantities: Iterable[tuple[str, str, names.Words]]) -> list[tuple[str, str, str]]:
    """(series, unit, name with its unit) of quantities, in the reader's language."""
    return [
        (series, unit, ", ".join(filter(None, (plain(name), unit and plain(names.category("unit", unit))))))
        for series, unit, name in quantities
    ]


class EndForm(forms.Form):
    """Why a target holds no longer."""

    reason = forms.CharField(
        label=lazy("Why it holds no longer"), widget=forms.Textarea(attrs={"rows": 2}), max_length=2000
    )


class MethodForm(forms.Form):
    """The one method for a framework."""

    method = forms.ChoiceField(label=lazy("Method"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=lazy("Reason"),
        help_text=lazy("It is published beside the verdicts."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
    )
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, known: dict[str, str], **kwargs: Any):
        super().__init__(*args, **kwargs)
        field: Any = self.fields["method"]
        field.choices = [(code, known.get(code, code)) for code in progress.METHODS]
