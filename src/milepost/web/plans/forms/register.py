"""What people type of policies, plans and versions."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as lazy

from milepost.progress.results import MARGIN
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


class PercentField(forms.IntegerField):
    """A share that is typed as whole per cent, from 0 to 99; the value is a part of one."""

    def __init__(self, **options: Any):
        super().__init__(min_value=0, max_value=99, **options)

    def prepare_value(self, value: Any) -> Any:
        """A part of one in per cent; what was typed stays as it was typed."""
        return int(value * 100) if isinstance(value, Decimal) else value

    def clean(self, value: Any) -> Decimal:  # type: ignore[override]
        """The part of one."""
        return Decimal(super().clean(value)) / 100


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
    margin = PercentField(
        label=lazy("Margin of milestones, in per cent"),
        help_text=lazy("So far from its milestone, as a part of the way there, is an indicator on track."),
        initial=MARGIN,
    )
    escalate_after = forms.IntegerField(
        label=lazy("Days after which the heads of silent institutions are told"),
        help_text=lazy("Counted from the day on which answers were wanted; blank: they are not told."),
        required=False,
        min_value=1,
        max_value=365,
    )


class EditPlanForm(PlanForm):
    """The same of a plan that is here."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
