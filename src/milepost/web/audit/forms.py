"""Which events somebody looks for."""

from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from milepost.web.audit.words import VERBS
from milepost.web.ui.addresses import Address


def _verbs() -> list[tuple[str, str]]:
    named = sorted(((verb, str(words)) for verb, words in VERBS.items()), key=lambda one: one[1].casefold())
    return [("", _("anything")), *named]


class EventsForm(forms.Form):
    """Who, what, to what, when; nothing is required. `before` is the last event of the page before."""

    by = forms.ModelChoiceField(
        label=gettext_lazy("Who"), queryset=None, required=False, empty_label=gettext_lazy("anybody")
    )
    verb = forms.ChoiceField(label=gettext_lazy("What was done"), choices=_verbs, required=False)
    address = forms.CharField(
        label=gettext_lazy("To what"),
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"placeholder": "dataset:7"}),
    )
    since = forms.DateField(
        label=gettext_lazy("From"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    until = forms.DateField(
        label=gettext_lazy("Until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    before = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, events: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        people = get_user_model()._default_manager.filter(Exists(events.filter(by=OuterRef("pk"))))
        self.fields["by"].queryset = people.order_by("name", "pk")  # pyright: ignore[reportAttributeAccessIssue]

    def clean_address(self) -> str:
        """An address that can be read."""
        text = self.cleaned_data["address"].strip()
        if text:
            try:
                Address.parse(text)
            except ValueError as error:
                raise forms.ValidationError(_("Write it as kind:number, such as dataset:7.")) from error
        return text
