"""What people type of a version as a whole: put in force, discard, hand over, filter."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from milepost.web.plans.forms.common import LONGEST, Choosing, day, why
from milepost.web.stakeholders.fields import TextField


class InForceForm(forms.Form):
    """The legal act by which a draft comes into force."""

    act = TextField(label=lazy("Legal act"), lines=2, max_length=1000)
    act_number = forms.CharField(label=lazy("Number of the act"), max_length=60, required=False)
    adopted = day(label=lazy("Adopted on"), required=False)
    since = day(label=lazy("In force from"))
    reason = TextField(
        label=lazy("Why the plan is amended"),
        lines=3,
        max_length=LONGEST,
        required=False,
        help_text=lazy("Needed for every version but the first. It is public."),
    )
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, first: bool, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if first:
            del self.fields["reason"]


class ReasonForm(forms.Form):
    """Why something is thrown away or hidden."""

    reason = why()
    revision = forms.IntegerField(widget=forms.HiddenInput)


class HandOverForm(Choosing):
    """Which institution reports from now on, on what another one reported on."""

    giving = forms.ChoiceField(label=lazy("Institution that reported"))
    taking = forms.ChoiceField(label=lazy("Institution that reports from now on"))
    stays = forms.BooleanField(label=lazy("The first one goes on carrying the measures out"), required=False)
    reason = why()

    def __init__(self, *args: Any, giving: Iterable[Any], taking: Iterable[Any], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.offer("giving", list(giving))
        self.offer("taking", list(taking))

    def clean_giving(self) -> Any:
        """The institution itself."""
        return self.kept[self.cleaned_data["giving"]]

    def clean_taking(self) -> Any:
        """The institution itself."""
        return self.kept[self.cleaned_data["taking"]]


class FilterForm(forms.Form):
    """Which measures of a version are shown; what is not offered narrows nothing."""

    words = forms.CharField(label=lazy("Words"), max_length=100, required=False)
    section = forms.ChoiceField(label=lazy("Objective"), required=False)
    institution = forms.ChoiceField(label=lazy("Institution"), required=False)
    due = forms.ChoiceField(label=lazy("Due"), required=False)
    nobody = forms.BooleanField(label=lazy("Only those on which nobody reports"), required=False)

    def __init__(self, *args: Any, offered: Mapping[str, list[tuple[str, str]]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        special = [("continuous", _("continuous")), ("undated", _("without a last day"))]
        more = {"due": special}
        for name in ("section", "institution", "due"):
            field: Any = self.fields[name]
            field.choices = [("", _("all")), *offered[name], *more.get(name, [])]

    @property
    def wanted(self) -> dict[str, Any]:
        """What is asked for; a choice that is none is no choice."""
        if not self.is_bound:
            return {}
        self.is_valid()
        return {name: given for name, given in self.cleaned_data.items() if given}
