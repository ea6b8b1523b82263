"""What people type of a report: which one it is, its parts, and that it was sent."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from milepost.web.projects.models import Period, ProjectReport

LONGEST = 20_000
"""Characters of one part of a report."""


def _day(**options: Any) -> forms.DateField:
    return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **options)


class NewReportForm(forms.Form):
    """Which report is begun: for a period of reporting, or from a day to a day."""

    kind = forms.ChoiceField(label=lazy("Kind of report"), choices=ProjectReport.Kind.choices)
    part = forms.ChoiceField(label=lazy("What it holds"), choices=ProjectReport.Part.choices)
    period = forms.ChoiceField(label=lazy("Period of reporting"), required=False)
    start = _day(label=lazy("From"), required=False)
    end = _day(label=lazy("To"), required=False)
    language = forms.ChoiceField(label=lazy("Language of the report"), choices=settings.LANGUAGES)
    due = _day(label=lazy("Due on"), required=False)

    def __init__(self, *args: Any, periods: list[Period], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.periods = {str(one.pk): one for one in periods}
        field: Any = self.fields["period"]
        field.choices = [
            ("", _("other days, as typed below")),
            *((key, str(one)) for key, one in self.periods.items()),
        ]

    def clean(self) -> dict[str, Any]:
        """The days of the period, or those typed."""
        typed: Any = super().clean()
        period = self.periods.get(typed.pop("period", ""))
        if period is not None:
            typed |= {"start": period.start, "end": period.end, "due": typed.get("due") or period.due}
        for name in ("start", "end"):
            if not typed.get(name) and name not in self.errors:
                self.add_error(name, _("Choose a period, or type both days."))
        return typed


class _PartField(forms.CharField):
    """Words of a part, which the report needs in the end; a draft may be kept without them."""

    def validate(self, value: str) -> None:
        """Nothing typed is no fault yet."""


class PartsForm(forms.Form):
    """The parts of a report, a field each, in the language of the report."""

    use_required_attribute = False
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, parts: Mapping[str, str], language: str, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.parts = list(parts)
        for part, title in parts.items():
            widget = forms.Textarea(attrs={"rows": 6, "lang": language})
            self.fields[part] = _PartField(label=title, max_length=LONGEST, widget=widget)

    def words(self) -> dict[str, str]:
        """{part: what was typed}."""
        return {part: self.cleaned_data[part] for part in self.parts}


class StepForm(forms.Form):
    """A step of a report, with the reason where it needs one."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(required=False, max_length=2000)


class SendForm(forms.Form):
    """That a report was sent."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    sent_on = _day(label=lazy("Sent on"))
    recipient = forms.CharField(
        label=lazy("To whom"),
        max_length=200,
        help_text=lazy("The office or the role, such as “Fund management unit”; not the name of a person."),
    )
