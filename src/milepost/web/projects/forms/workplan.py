"""What people type of the plan of work: tasks, people's months, expenditure, risks."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from milepost.web.projects.actions.workplan import Month
from milepost.web.projects.models import BudgetLine, Post, Result, Task
from milepost.web.projects.queries.spending import IMPACT, LIKELIHOOD
from milepost.web.projects.queries.staffing import month_named
from milepost.web.stakeholders.fields import TextField
from milepost.web.ui.templatetags.ui import plain


def _day(**options: Any) -> forms.DateField:
    return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **options)


def _revision() -> forms.IntegerField:
    return forms.IntegerField(widget=forms.HiddenInput)


class _Chosen(forms.ChoiceField):
    """One thing of those that the view offers; blank is nobody or nothing."""

    def __init__(self, things: Iterable[Any], *, blank: Any, **options: Any):
        self.things = {str(one.pk): one for one in things}
        names = [(key, _named(one)) for key, one in self.things.items()]
        super().__init__(choices=[("", blank), *names], required=False, **options)

    def clean(self, value: Any) -> Any:
        """The thing itself."""
        return self.things.get(super().clean(value))


class _ChosenOnes(forms.MultipleChoiceField):
    """Several things of those that the view offers."""

    def __init__(self, things: Iterable[Any], **options: Any):
        self.things = {str(one.pk): one for one in things}
        names = [(key, _named(one)) for key, one in self.things.items()]
        widget = forms.CheckboxSelectMultiple
        super().__init__(choices=names, required=False, widget=widget, **options)

    def clean(self, value: Any) -> Any:
        """The things themselves."""
        return [self.things[key] for key in super().clean(value)]


def _named(thing: Any) -> str:
    """What an option says, in the reader's language."""
    if isinstance(thing, Result):
        return f"{thing.code} {plain(thing.title)}"
    return plain(thing.title) if isinstance(thing, Task | BudgetLine) else str(thing)


# Tasks ------------------------------------------------------------------------------------------------------


class TaskForm(forms.Form):
    """A task or a milestone."""

    title = TextField(label=lazy("What is to be done"), max_length=300)
    start = _day(label=lazy("Planned start"), required=False, help_text=lazy("Of a milestone leave it out."))
    end = _day(label=lazy("Planned end"))
    milestone = forms.BooleanField(
        label=lazy("Milestone"), required=False, help_text=lazy("A day to be reached, without a duration.")
    )
    role = forms.CharField(label=lazy("Responsible role"), max_length=80, required=False)

    def __init__(
        self,
        *args: Any,
        activities: Iterable[Any],
        people: Iterable[Any],
        others: Iterable[Any],
        **kwargs: Any,
    ):
        super().__init__(*args, **kwargs)
        self.fields["responsible"] = _Chosen(people, blank=_("nobody yet"), label=_("Responsible person"))
        self.fields["result"] = _Chosen(
            activities, blank=_("the project as a whole"), label=_("Activity of the results matrix")
        )
        others = list(others)
        if others:
            self.fields["after"] = _ChosenOnes(others, label=_("Waits until these have ended"))

    def clean(self) -> dict[str, Any]:
        """A task has a start; a milestone starts on its day."""
        found: dict[str, Any] = super().clean() or self.cleaned_data
        if found.get("milestone"):
            found["start"] = found.get("end")
        elif "start" in found and found["start"] is None:
            self.add_error("start", ValidationError(_("Type the day, or say that it is a milestone.")))
        return found


class EditTaskForm(TaskForm):
    """The same of a task that is here."""

    order = forms.IntegerField(
        label=lazy("Place in the list"), min_value=0, max_value=10_000, help_text=lazy("1 stands first.")
    )
    revision = _revision()


def said_of(task: Task) -> dict[str, Any]:
    """What the form of a task starts from, in the terms of the form."""
    names = ("title", "start", "end", "milestone", "role", "order", "revision")
    return {name: getattr(task, name) for name in names} | {
        "responsible": str(task.responsible_id or ""),
        "result": str(task.result_id or ""),
        "after": [str(one.before_id) for one in task.needs.all()],
    }


class TaskReportForm(forms.Form):
    """How far a task is."""

    actual_start = _day(label=lazy("Began on"), required=False)
    actual_end = _day(label=lazy("Ended on"), required=False, help_text=lazy("Only once it is done."))
    percent = forms.IntegerField(
        label=lazy("Part that is done, %"), min_value=0, max_value=100, required=False
    )
    revision = _revision()


# People -----------------------------------------------------------------------------------------------------


class PostForm(forms.Form):
    """A role with its person and its person-months, planned and spent, month by month."""

    role = forms.CharField(label=lazy("Role"), max_length=80, help_text=lazy("Such as: project officer."))

    def __init__(self, *args: Any, people: Iterable[Any], months: Iterable[date], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.months = list(months)
        self.fields["person"] = _Chosen(people, blank=_("nobody yet"), label=_("Person"))
        for month in self.months:
            for name, label in (("planned", _("planned")), ("spent", _("spent"))):
                self.fields[f"{name}-{month:%Y-%m}"] = forms.DecimalField(
                    label=f"{month_named(month)}: {label}",
                    min_value=Decimal(0),
                    max_value=Decimal(99),
                    max_digits=5,
                    decimal_places=2,
                    required=False,
                    widget=forms.NumberInput(attrs={"class": "narrow", "step": "0.01"}),
                )

    @property
    def table(self) -> list[tuple[str, list[Any]]]:
        """Each month with the fields of what is planned and what is spent."""
        return [
            (month_named(month), [self[f"{name}-{month:%Y-%m}"] for name in ("planned", "spent")])
            for month in self.months
        ]

    @property
    def values(self) -> dict[str, Any]:
        """What the actions take."""
        typed = self.cleaned_data
        found: dict[date, Month] = {
            month: (typed[f"planned-{month:%Y-%m}"], typed[f"spent-{month:%Y-%m}"]) for month in self.months
        }
        kept = {name: typed[name] for name in ("role", "person", "revision") if name in typed}
        return kept | {"months": found}


class EditPostForm(PostForm):
    """The same of a post that is here."""

    revision = _revision()


def said_of_post(post: Post) -> dict[str, Any]:
    """What the form of a post starts from, in the terms of the form."""
    found: dict[str, Any] = {
        "role": post.role,
        "person": str(post.person_id or ""),
        "revision": post.revision,
    }
    for one in post.months.all():
        found[f"planned-{one.month:%Y-%m}"] = one.planned
        found[f"spent-{one.month:%Y-%m}"] = one.spent
    return found


# Money ------------------------------------------------------------------------------------------------------


class ExpenditureForm(forms.Form):
    """Money spent on a budget line."""

    day = _day(label=lazy("Day"))
    amount = forms.DecimalField(
        label=lazy("Amount"),
        max_digits=18,
        decimal_places=2,
        help_text=lazy("In the currency of the project; below zero for money that came back."),
    )
    note = forms.CharField(label=lazy("What for"), max_length=300, required=False)
    reference = forms.CharField(label=lazy("Number of the voucher"), max_length=80, required=False)

    def __init__(self, *args: Any, lines: Iterable[Any], **kwargs: Any):
        super().__init__(*args, **kwargs)
        line = _Chosen(lines, blank=_("choose"), label=_("Budget line"))
        line.required = True
        self.fields = {"line": line, **self.fields}


class EditExpenditureForm(ExpenditureForm):
    """The same of an expenditure that is here."""

    revision = _revision()


def said_of_expenditure(expenditure: Any) -> dict[str, Any]:
    """What the form of an expenditure starts from."""
    names = ("day", "amount", "note", "reference", "revision")
    return {name: getattr(expenditure, name) for name in names} | {"line": str(expenditure.line_id)}


class ReasonForm(forms.Form):
    """Why something is done."""

    reason = forms.CharField(label=lazy("Reason"), max_length=2000)


# Risks ------------------------------------------------------------------------------------------------------


class RiskForm(forms.Form):
    """A risk, how likely and how grave it is, and what is done about it."""

    statement = TextField(label=lazy("What may happen"), lines=2, max_length=1000)
    likelihood = forms.TypedChoiceField(label=lazy("Likelihood"), coerce=int)
    impact = forms.TypedChoiceField(label=lazy("Impact"), coerce=int)
    response = TextField(label=lazy("What is done about it"), lines=2, max_length=2000, required=False)
    owner = forms.CharField(
        label=lazy("Role that watches it"), max_length=80, required=False, help_text=lazy("A role, no name.")
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for name, scale in (("likelihood", LIKELIHOOD), ("impact", IMPACT)):
            field: Any = self.fields[name]
            field.choices = [(number, f"{number} – {word}") for number, word in scale.items()]


class EditRiskForm(RiskForm):
    """The same of a risk that is here."""

    revision = _revision()


def said_of_risk(risk: Any) -> dict[str, Any]:
    """What the form of a risk starts from."""
    names = ("statement", "likelihood", "impact", "response", "owner", "revision")
    return {name: getattr(risk, name) for name in names}


class RiskStepForm(ReasonForm):
    """Close a risk, or open it again."""

    revision = forms.IntegerField()
