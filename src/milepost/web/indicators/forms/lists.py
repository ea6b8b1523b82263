"""What people type of a country's list of indicators."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from milepost.web.indicators.queries.names import FIELDS
from milepost.web.stakeholders.fields import TextField
from milepost.web.stakeholders.models import Institution
from milepost.web.ui.templatetags.ui import plain

METADATA = {
    name: FIELDS[name] for name in ("definition", "method", "source", "limitations", "frequency", "contact")
}
"""The fields of an indicator's metadata that the form offers, called as readers see them; others stay."""


class IndicatorForm(forms.Form):
    """How an indicator stands on a country's list."""

    title = TextField(
        label=_("Title"), required=False, max_length=500, help_text=_("Left blank it is the official one.")
    )
    custodian = forms.ChoiceField(label=_("Institution that answers for it"), required=False)
    listed = forms.BooleanField(label=_("On the public list"), required=False, initial=True)
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, custodians: Iterable[Institution], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.custodians = {str(one.pk): one for one in custodians}
        field: Any = self.fields["custodian"]
        field.choices = [("", gettext("none yet"))] + [
            (pk, plain(one.name)) for pk, one in self.custodians.items()
        ]
        for name, label in METADATA.items():
            self.fields[f"meta_{name}"] = TextField(label=label, required=False, lines=3, max_length=5000)

    @staticmethod
    def initial_of(indicator: Any) -> dict[str, Any]:
        """What the form shows of an indicator."""
        return {
            "title": indicator.title,
            "custodian": str(indicator.custodian_id or ""),
            "listed": indicator.listed,
            "revision": indicator.revision,
            **{f"meta_{name}": indicator.metadata.get(name, {}) for name in METADATA},
        }

    def metadata(self, before: Mapping[str, Any]) -> dict[str, Any]:
        """What was typed, with the fields that the form does not show."""
        typed = {name: self.cleaned_data[f"meta_{name}"] for name in METADATA}
        return {**before, **typed}

    def custodian_chosen(self) -> Institution | None:
        """The institution, if one was chosen."""
        return self.custodians.get(self.cleaned_data["custodian"])


class AddForm(forms.Form):
    """An indicator to be put on the list."""

    code = forms.CharField(
        label=_("Code"),
        max_length=40,
        help_text=_("As in the framework, such as 10.7.1; or one of your own."),
    )
    title = TextField(
        label=_("Title"),
        required=False,
        max_length=500,
        help_text=_("Only for an indicator of your own: those of the Goals have an official one."),
    )
    custodian = forms.ChoiceField(label=_("Institution that answers for it"), required=False)

    def __init__(self, *args: Any, custodians: Iterable[Institution], known: Iterable[str], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.custodians = {str(one.pk): one for one in custodians}
        self.known = list(known)
        fields: dict[str, Any] = self.fields
        fields["custodian"].choices = [("", gettext("none yet"))] + [
            (pk, plain(one.name)) for pk, one in self.custodians.items()
        ]
        fields["code"].widget.attrs["list"] = "known-codes"

    def custodian_chosen(self) -> Institution | None:
        """The institution, if one was chosen."""
        return self.custodians.get(self.cleaned_data["custodian"])
