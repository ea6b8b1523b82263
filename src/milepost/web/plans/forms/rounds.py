"""What people type in rounds of a plan."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any, NamedTuple

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext_lazy

from milepost.web.plans.actions.evidence import SHOWS
from milepost.web.plans.actions.rounds import SAID
from milepost.web.plans.forms.common import day, short
from milepost.web.plans.models import Answer, Cost, MeasureIndicator
from milepost.web.plans.queries.typed import NUMBERS
from milepost.web.ui.templatetags.ui import figure

LONGEST = 8000
"""Letters of what is answered."""


def _lines(rows: int, **options: Any) -> forms.CharField:
    area = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(widget=area, required=False, max_length=LONGEST, **options)


class RoundForm(forms.Form):
    """The period of a new round."""

    start = day(label=lazy("First day of the period"))
    end = day(label=lazy("Last day of the period"))
    due = day(label=lazy("Answers are wanted by"))


class FilterForm(forms.Form):
    """Which answers of a round are shown."""

    institution = forms.ChoiceField(label=lazy("Institution"), required=False)
    state = forms.ChoiceField(label=lazy("State"), required=False)

    def __init__(self, *args: Any, institutions: Iterable[tuple[str, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["institution"].choices = [("", _("all")), *institutions]
        states = [*Answer.State.choices, ("late", pgettext_lazy("answer", "Late"))]
        fields["state"].choices = [("", _("all")), *states]

    @property
    def wanted(self) -> dict[str, str]:
        """What was asked for; nothing where the address says what no list offers."""
        return dict(self.cleaned_data) if self.is_bound and self.is_valid() else {}


class Asked(NamedTuple):
    """An indicator with the fields in which its numbers are typed."""

    indicator: MeasureIndicator
    fields: tuple[Any, ...]


LABELS = {
    "total": lazy("Reached by the end of the period"),
    "women": lazy("of these women"),
    "men": lazy("of these men"),
    "numerator": lazy("Numerator"),
    "denominator": lazy("Denominator"),
}


class AnswerForm(forms.Form):
    """What is answered of a measure, with the numbers of its indicators as `total-7`, `women-7` ..."""

    done = forms.ChoiceField(
        label=lazy("How far is it?"), choices=Answer.Done.choices, widget=forms.RadioSelect, required=False
    )
    ended = day(
        label=lazy("Carried out on"),
        required=False,
        help_text=lazy("Only if it is carried out in full; blank means the last day of the period."),
    )
    text = _lines(4, label=lazy("What was done"))
    obstacles = _lines(2, label=lazy("Obstacles"))
    needed = _lines(2, label=lazy("What is needed"))
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, indicators: Iterable[MeasureIndicator], costs: Iterable[Cost] = (), **kwargs: Any
    ):
        super().__init__(*args, **kwargs)
        self.indicators, self.costs = list(indicators), list(costs)
        for cost in self.costs:
            self.fields[f"spent-{cost.pk}"] = _spent(cost)
        for indicator in self.indicators:
            for name in _names(indicator):
                self.fields[f"{name}-{indicator.pk}"] = _number(name, indicator)

    @property
    def main(self) -> Iterator[Any]:
        """The fields about the measure itself."""
        return (self[name] for name in SAID)

    @property
    def asked(self) -> list[Asked]:
        """The indicators with their fields."""
        return [
            Asked(one, tuple(self[f"{name}-{one.pk}"] for name in _names(one))) for one in self.indicators
        ]

    @property
    def spent(self) -> list[Any]:
        """The fields of the money spent, a source each."""
        return [self[f"spent-{cost.pk}"] for cost in self.costs]

    def values(self) -> dict[str, Any]:
        """What the action takes."""
        typed = dict(self.cleaned_data)
        spending = {one.pk: typed.pop(f"spent-{one.pk}") for one in self.costs}
        figures: dict[int, dict[str, Decimal | None]] = {
            one.pk: {name: typed.pop(f"{name}-{one.pk}") for name in _names(one)} for one in self.indicators
        }
        return {**typed, "figures": figures, "spending": spending}


def _names(indicator: MeasureIndicator) -> tuple[str, ...]:
    if indicator.is_share:
        return ("numerator", "denominator")
    return ("total", "women", "men") if indicator.by_sex else ("total",)


def _number(name: str, indicator: MeasureIndicator) -> forms.DecimalField:
    hint = ""
    if name == "total":
        hint = _("Blank where women and men are given.") if indicator.by_sex else indicator.unit
    return forms.DecimalField(
        label=LABELS[name],
        required=False,
        max_digits=18,
        decimal_places=4,
        help_text=hint,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        localize=True,
    )


def _spent(cost: Cost) -> forms.DecimalField:
    """What was spent of a source; what the act gives stands beside it."""
    planned = f"{figure(cost.amount)} {cost.currency}" if cost.amount is not None else ""
    return forms.DecimalField(
        label=f"{cost.source}, {cost.currency}" if cost.currency else cost.source,
        required=False,
        min_value=0,
        max_digits=18,
        decimal_places=2,
        help_text=_("Of {amount}.").format(amount=planned) if planned else "",
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        localize=True,
    )


def said(answer: Answer) -> dict[str, Any]:
    """What an answer holds, as the form shows it at first."""
    initial: dict[str, Any] = {name: getattr(answer, name) for name in SAID}
    for row in answer.figures.all():
        for name in NUMBERS:
            number = getattr(row, name)
            if number is not None:
                initial[f"{name}-{row.indicator_id}"] = short(number)
    spent = {f"spent-{one.cost_id}": short(one.amount) for one in answer.spending.all()}
    return {**initial, **spent, "revision": answer.revision}


class ContributionForm(forms.Form):
    """What a co-executor says."""

    text = forms.CharField(
        label=lazy("What your institution did"), widget=forms.Textarea(attrs={"rows": 4}), max_length=LONGEST
    )
    revision = forms.IntegerField(widget=forms.HiddenInput)


class FileForm(forms.Form):
    """A file that shows what was done."""

    file = forms.FileField(
        label=lazy("File"),
        widget=forms.ClearableFileInput(attrs={"accept": ",".join(SHOWS)}),
        help_text=lazy("PDF, Word, Excel, OpenDocument, CSV, JPEG or PNG."),
    )
