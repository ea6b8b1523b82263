"""What people type of a results matrix and of what was reached."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from milepost import values
from milepost.values.observation import Breakdown
from milepost.web.projects.cells import plain
from milepost.web.projects.queries import breakdowns, vocabulary
from milepost.web.stakeholders.fields import TextField

LEVELS = {
    "objective": lazy("Objective"),
    "outcome": lazy("Outcome"),
    "output": lazy("Output"),
    "activity": lazy("Activity"),
}
BELOW = {"": "objective", "objective": "outcome", "outcome": "output", "output": "activity"}
"""The level that stands below another one."""
STATUSES = (
    ("A", lazy("reported")),
    ("O", lazy("missing: it could not be found out")),
    ("M", lazy("not applicable")),
)


def _number(**options: Any) -> forms.DecimalField:
    return forms.DecimalField(required=False, max_digits=30, decimal_places=10, **options)


def _day(**options: Any) -> forms.DateField:
    return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **options)


class ResultForm(forms.Form):
    """A row of the matrix."""

    code = forms.CharField(label=lazy("Number"), max_length=20, help_text=lazy("Such as 1.2."))
    title = TextField(label=lazy("Statement"), lines=2, max_length=1000)
    assumptions = TextField(label=lazy("Assumptions"), lines=2, max_length=2000, required=False)


class EditResultForm(ResultForm):
    """The same of a row that is here; `revision` says on which state the form rests."""

    revision = forms.IntegerField(widget=forms.HiddenInput)


class IndicatorForm(forms.Form):
    """An indicator of a result, with its three rules."""

    code = forms.CharField(label=lazy("Number"), max_length=20, help_text=lazy("Such as 1.2.a."))
    title = TextField(label=lazy("What is counted"), lines=2, max_length=1000)
    unit = forms.CharField(label=lazy("Unit"), max_length=80, required=False)
    measure = forms.ChoiceField(label=lazy("What a figure is"), choices=vocabulary.MEASURES)
    direction = forms.ChoiceField(label=lazy("Desired direction"), choices=vocabulary.DIRECTIONS)
    tolerance = _number(
        label=lazy("Tolerance"), help_text=lazy("Of an indicator to be maintained, in its own unit.")
    )
    counting = forms.ChoiceField(label=lazy("What a reported figure holds"), choices=vocabulary.COUNTING)
    over_time = forms.ChoiceField(
        label=lazy("Of several periods"), choices=vocabulary.OVER_TIME, initial="last"
    )
    over_places = forms.ChoiceField(label=lazy("Of several places"), choices=vocabulary.OVER_PLACES)
    breakdowns = forms.CharField(
        label=lazy("Breakdowns"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        help_text=lazy("One a line, crossed ones with × between: sex: F, M × age: Y15T24, Y25T64"),
    )
    baseline_year = forms.IntegerField(
        label=lazy("Year of the baseline"), required=False, min_value=1950, max_value=2200
    )
    means_of_verification = TextField(
        label=lazy("Means of verification"), lines=2, max_length=2000, required=False
    )
    responsible = forms.ChoiceField(label=lazy("Responsible"), required=False)

    def __init__(self, *args: Any, people: Iterable[Any], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.people = {str(one.pk): one for one in people}
        field: Any = self.fields["responsible"]
        field.choices = [("", _("nobody yet")), *((key, str(one)) for key, one in self.people.items())]

    def clean_breakdowns(self) -> Any:
        """The crossed dimensions and their categories."""
        try:
            return breakdowns.parse(self.cleaned_data["breakdowns"])
        except ValueError as error:
            raise ValidationError(str(error)) from None

    def values(self) -> dict[str, Any]:
        """What the actions take."""
        found = dict(self.cleaned_data)
        found["dimensions"], found["categories"] = found.pop("breakdowns")
        found["responsible"] = self.people.get(found["responsible"])
        return found


class EditIndicatorForm(IndicatorForm):
    """The same of an indicator that is here."""

    reason = forms.CharField(
        label=lazy("Why it is changed"),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=2000,
        required=False,
        help_text=lazy("Needed where a rule changes after something was reported."),
    )
    revision = forms.IntegerField(widget=forms.HiddenInput)


class PeriodForm(forms.Form):
    """A period of reporting."""

    start = _day(label=lazy("From"))
    end = _day(label=lazy("To"))
    due = _day(label=lazy("Report due on"), required=False)


class LockForm(forms.Form):
    """Lock or unlock a period."""

    reason = forms.CharField(max_length=2000, required=False)
    revision = forms.IntegerField()
    locked = forms.BooleanField(required=False)


class FigureForm(forms.Form):
    """One figure: its value, or numerator and denominator, or words, or why there is none."""

    status = forms.ChoiceField(label=lazy("Is it there?"), choices=STATUSES, initial="A")
    value = _number(label=lazy("Value"))
    numerator = _number(label=lazy("Numerator"))
    denominator = _number(label=lazy("Denominator"))
    text = forms.CharField(
        label=lazy("In words"), widget=forms.Textarea(attrs={"rows": 3}), max_length=4000, required=False
    )
    measure = "number"

    def __init__(self, *args: Any, measure: str, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.measure = measure
        kept = {
            "percentage": ("numerator", "denominator"),
            "qualitative": ("text",),
            "nominal": ("text",),
        }.get(measure, ("value",))
        for name in ("value", "numerator", "denominator", "text"):
            if name not in kept:
                del self.fields[name]

    @property
    def is_empty(self) -> bool:
        """Whether nothing is typed: then nothing is reported."""
        typed = self.cleaned_data
        return typed["status"] == "A" and not any(
            typed.get(name) not in (None, "") for name in ("value", "numerator", "denominator", "text")
        )

    def figure(self, breakdown: Breakdown = (), place: str = "") -> values.Figure:
        """What was typed, as a value."""
        typed = self.cleaned_data
        return values.Figure(
            value=plain(typed.get("value")),
            numerator=plain(typed.get("numerator")),
            denominator=plain(typed.get("denominator")),
            status=typed["status"],
            breakdown=breakdown,
            place=place,
            text=(typed.get("text") or "").strip(),
        )


def typed_of(figure: values.Figure | None) -> dict[str, Any]:
    """What a form of a figure starts from."""
    if figure is None:
        return {"status": "A"}
    return {
        "status": figure.status,
        "value": figure.value,
        "numerator": figure.numerator,
        "denominator": figure.denominator,
        "text": figure.text,
    }


class GoalForm(FigureForm):
    """A baseline or a target; a change of one needs a reason."""

    reason = forms.CharField(
        label=lazy("Why it is changed"),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=2000,
        required=False,
        help_text=lazy("Needed where there is one already; the earlier one stays readable."),
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class ReportForm(forms.Form):
    """What is said beside the figures of a report."""

    comment = forms.CharField(
        label=lazy("Comment"), widget=forms.Textarea(attrs={"rows": 3}), max_length=4000, required=False
    )
    evidence = forms.CharField(
        label=lazy("What shows it"),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=2000,
        required=False,
        help_text=lazy("Lists of participants, a published act, minutes; a file can be added below."),
    )
    file = forms.FileField(label=lazy("File that shows it"), required=False)
    revision = forms.IntegerField(widget=forms.HiddenInput)


class ReviewForm(forms.Form):
    """A word of the reviewer."""

    reason = forms.CharField(
        label=lazy("Reason"), widget=forms.Textarea(attrs={"rows": 2}), max_length=2000, required=False
    )
    revision = forms.IntegerField(widget=forms.HiddenInput)
