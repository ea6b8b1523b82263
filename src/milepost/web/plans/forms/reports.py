"""What people type of a consolidated report."""

from collections.abc import Sequence
from typing import Any

from babel.dates import format_interval
from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from milepost.reports import sentences
from milepost.web.plans.forms.common import day, lines, why
from milepost.web.plans.models import ReportText
from milepost.web.plans.queries.reports import SECTIONS, Period
from milepost.web.stakeholders.fields import TextField

LONGEST = 20_000
"""Letters of one part of a report."""


def said(period: Period) -> str:
    """ "1 Jan – 30 Jun 2026"."""
    return format_interval(*period, "yMMMd", locale=sentences.days(get_language() or "en"))


class NewReportForm(forms.Form):
    """On which period the report is: one of rounds, half-years and years, or from a day to a day."""

    period = forms.ChoiceField(label=lazy("Period"), required=False)
    start = day(label=lazy("From"), required=False)
    end = day(label=lazy("To"), required=False)

    def __init__(self, *args: Any, periods: Sequence[Period], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.periods = {f"{one.start}/{one.end}": one for one in periods}
        field: Any = self.fields["period"]
        field.choices = [
            *((key, said(one)) for key, one in self.periods.items()),
            ("", _("other days, as typed below")),
        ]

    def clean(self) -> dict[str, Any]:
        """The days of the period, or those typed."""
        typed: Any = super().clean()
        chosen = self.periods.get(typed.pop("period", ""))
        if chosen is not None:
            return {"start": chosen.start, "end": chosen.end}
        for name in ("start", "end"):
            if not typed.get(name) and name not in self.errors:
                self.add_error(name, _("Choose a period, or type both days."))
        return typed


class WriteForm(forms.Form):
    """The lead's own parts, and what it decides."""

    use_required_attribute = False
    revision = forms.IntegerField(widget=forms.HiddenInput)
    silent_shown = forms.BooleanField(
        label=lazy("The report tells which institutions have not answered"),
        required=False,
        help_text=lazy(
            "Without this it is known to those who work on the report only, and the report says so."
        ),
    )
    why = lines(
        label=lazy("Why there is a new edition"),
        max_length=2000,
        required=False,
        help_text=lazy("It is printed. Blank for the first edition."),
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for part, title in SECTIONS.items():
            self.fields[part] = TextField(label=title, lines=6, max_length=LONGEST, required=False)
        self.order_fields([*SECTIONS, "silent_shown", "why"])

    def written(self) -> dict[str, Any]:
        """What the action takes."""
        typed = self.cleaned_data
        return {
            "sections": {part: typed[part] for part in SECTIONS},
            "silent_shown": typed["silent_shown"],
            "why": typed["why"],
            "revision": typed["revision"],
        }


class TextForm(forms.Form):
    """The words that the report prints instead of the institution's."""

    part = forms.ChoiceField(choices=ReportText.Part.choices, widget=forms.HiddenInput)
    revision = forms.IntegerField(widget=forms.HiddenInput)
    words = lines(rows=5, label=lazy("As the report prints it"), max_length=LONGEST, required=False)


class StepForm(forms.Form):
    """A step of a report, with the reason where it needs one."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    digest = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    reason = why(required=False)
