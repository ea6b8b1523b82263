"""What people type of policies, plans and versions."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as lazy

from milepost.web.plans.forms.common import LONGEST, Choosing, day
from milepost.web.plans.models import Plan
from milepost.web.stakeholders.fields import TextField


class PolicyForm(forms.Form):
    """What a policy is called, what it rests on, and for how long it is."""

    title = TextField(label=lazy("Title"), max_length=500)
    act = TextField(
        label=lazy("Legal act"),
        lines=2,
        max_length=1000,
        required=False,
        help_text=lazy("The act with its date and number."),
    )
    vision = TextField(label=lazy("Vision"), lines=4, max_length=LONGEST, required=False)
    start = day(label=lazy("First day"))
    end = day(label=lazy("Last day"), required=False, help_text=lazy("Blank where the policy has no end."))


class NewPolicyForm(PolicyForm, Choosing):
    """The same, with the institution in the lead."""

    institution = forms.ChoiceField(label=lazy("Institution in the lead"))
    field_order = ["institution"]  # noqa: RUF012  (as Django declares it)

    def __init__(self, *args: Any, institutions: Iterable[Any], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.offer("institution", list(institutions))

    def clean_institution(self) -> Any:
        """The institution itself."""
        return self.kept[self.cleaned_data["institution"]]


class EditPolicyForm(PolicyForm):
    """The same of a policy that is here."""

    revision = forms.IntegerField(widget=forms.HiddenInput)


class PlanForm(forms.Form):
    """A stage under a policy, and by which settings it is followed."""

    title = TextField(label=lazy("Title"), max_length=500)
    start = day(label=lazy("First day"))
    end = day(label=lazy("Last day"))
    rhythm = forms.ChoiceField(label=lazy("Institutions report"), choices=Plan.Rhythm.choices)
    arrears_count = forms.BooleanField(
        label=lazy("Measures of earlier years that are still open count as due in the implementation rate"),
        required=False,
    )


class EditPlanForm(PlanForm):
    """The same of a plan that is here."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
