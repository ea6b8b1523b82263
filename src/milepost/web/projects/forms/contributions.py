"""What people type of the contributions of a project to national targets and measures of plans."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from milepost.web.projects.models import Contribution, ResultIndicator
from milepost.web.projects.queries.contributions import measure_named, named
from milepost.web.stakeholders.fields import TextField
from milepost.web.ui.templatetags.ui import plain


class ContributionForm(forms.Form):
    """Which share of an indicator's figure counts, or in which other contribution it is counted."""

    words = TextField(label=lazy("How it contributes"), max_length=1000, required=False)
    percent = forms.DecimalField(
        label=lazy("Share of the figure, per cent"),
        max_digits=5,
        decimal_places=2,
        initial=100,
        help_text=lazy("100 is the whole figure. Less only where part of the people or things counts."),
    )
    counted_in = forms.ChoiceField(
        label=lazy("The same people or things are counted in"),
        required=False,
        help_text=lazy("Where two projects report the same, one figure is counted, the other one is shown."),
    )
    reason = forms.CharField(
        label=lazy("Reason"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=lazy("Why only a share counts, or how you know that it is the same."),
    )

    def __init__(
        self,
        *args: Any,
        others: Iterable[Contribution],
        named: Mapping[int, str],
        now: Contribution | None = None,
        **options: Any,
    ):
        super().__init__(*args, **options)
        self.others = {str(one.pk): one for one in others}
        choices = [(key, named[one.pk]) for key, one in self.others.items()]
        if now is not None and str(now.pk) not in self.others:
            self.others[str(now.pk)] = now
            choices.append((str(now.pk), lazy("that of a project which you may not see")))
        self.fields["counted_in"].choices = [("", lazy("counted by itself")), *choices]  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        """What the action takes."""
        typed = dict(self.cleaned_data)
        share: Decimal = typed.pop("percent") / 100
        return {**typed, "share": share, "counted_in": self.others.get(typed["counted_in"])}


class NewContributionForm(ContributionForm):
    """The same, with the indicator and the target or measure."""

    indicator = forms.ChoiceField(label=lazy("Indicator of the project"))
    goal = forms.ChoiceField(label=lazy("National target, or measure of a plan"))
    field_order = ["indicator", "goal", "words", "percent", "counted_in", "reason"]  # noqa: RUF012

    def __init__(
        self,
        *args: Any,
        indicators: Iterable[ResultIndicator],
        targets: Iterable[Any],
        entries: Iterable[Any],
        **options: Any,
    ):
        super().__init__(*args, **options)
        self.indicators = {str(one.pk): one for one in indicators}
        of_targets = {one.address: one for one in targets}
        of_measures = {one.measure.address: one for one in entries}
        self.goals = {**of_targets, **{address: one.measure for address, one in of_measures.items()}}
        fields: Any = self.fields
        fields["indicator"].choices = [
            (key, f"{one.code} {plain(one.title)}") for key, one in self.indicators.items()
        ]
        offered = (
            (_("National targets"), [(key, named(one)) for key, one in of_targets.items()]),
            (_("Measures of plans"), [(key, measure_named(one)) for key, one in of_measures.items()]),
        )
        fields["goal"].choices = [(label, pairs) for label, pairs in offered if pairs]

    @property
    def is_possible(self) -> bool:
        """Whether there is something to choose."""
        return bool(self.indicators and self.goals)

    def values(self) -> dict[str, Any]:
        """What the action takes."""
        typed = super().values()
        chosen = {"indicator": self.indicators[typed["indicator"]], "goal": self.goals[typed["goal"]]}
        return typed | chosen


class EditContributionForm(ContributionForm):
    """The same, of what was said before."""

    revision = forms.IntegerField(widget=forms.HiddenInput)


class WithdrawForm(forms.Form):
    """Why it does not contribute after all."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(label=lazy("Reason"), max_length=2000)
