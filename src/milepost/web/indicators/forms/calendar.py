"""What people type of the release calendar."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from milepost.web.indicators.forms.datasets import DeedForm, Place
from milepost.web.indicators.models import Dataset, Indicator
from milepost.web.stakeholders.fields import TextField
from milepost.web.ui import moments
from milepost.web.ui.forms import Moment
from milepost.web.ui.templatetags.ui import plain


class _Announced(forms.Form):
    """What an entry announces."""

    title = TextField(label=_("What comes out"))
    indicators = forms.MultipleChoiceField(
        label=_("Indicators"), required=False, widget=forms.CheckboxSelectMultiple
    )
    dataset = forms.ChoiceField(
        label=_("Dataset that waits for it"),
        required=False,
        help_text=_("It is published at this moment, once it is approved."),
    )

    def __init__(
        self, *args: Any, indicators: Iterable[Indicator], datasets: Iterable[Dataset], **kwargs: Any
    ):
        super().__init__(*args, **kwargs)
        self.by_indicator = {str(one.pk): one for one in indicators}
        self.by_dataset = {str(one.pk): one for one in datasets}
        fields: dict[str, Any] = self.fields
        fields["indicators"].choices = [(pk, one.code) for pk, one in self.by_indicator.items()]
        fields["dataset"].choices = [("", gettext("none yet"))] + [
            (pk, one.title) for pk, one in self.by_dataset.items()
        ]

    def announced(self) -> dict[str, Any]:
        """The fields as the action takes them."""
        return {
            "title": self.cleaned_data["title"],
            "indicators": [self.by_indicator[pk] for pk in self.cleaned_data["indicators"]],
            "dataset": self.by_dataset.get(self.cleaned_data["dataset"]),
        }


class PlanForm(_Announced):
    """A new entry."""

    field_order = ["place", "title", "planned_at", "indicators", "dataset"]  # noqa: RUF012 - as Django has it
    place = forms.ChoiceField(label=_("Whose figures"))
    planned_at = Moment(label=_("Comes out"))

    def __init__(self, *args: Any, places: Iterable[Place], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.places = {
            f"{institution.pk}-{country.code}": (institution, country) for institution, country in places
        }
        field: Any = self.fields["place"]
        field.choices = [
            (key, f"{plain(institution.name)} ({plain(country.name)})")
            for key, (institution, country) in self.places.items()
        ]
        self.fields["planned_at"].help_text = self._zones()

    def _zones(self) -> str:
        """By whose clocks the moment is meant: those of the country whose figures come out."""
        countries = list({country.pk: country for _institution, country in self.places.values()}.values())
        zones = {moments.zone_now(country) for country in countries}
        said = "; ".join(f"{plain(one.name)}: {moments.zone_now(one)}" for one in countries)
        return gettext("Day and hour; time zone: {zone}.").format(
            zone=said if len(zones) > 1 else zones.pop()
        )

    def clean(self) -> dict[str, Any]:
        """The moment by the clocks of the country that was chosen."""
        found = super().clean() or {}
        if "place" in found and "planned_at" in found:
            _institution, country = found["place"]
            typed = timezone.make_naive(found["planned_at"])
            found["planned_at"] = timezone.make_aware(typed, moments.zone_of(country))
        return found

    def clean_place(self) -> Place:
        """The institution and the country."""
        return self.places[self.cleaned_data["place"]]


class ReleaseForm(_Announced, DeedForm):
    """An entry that stands already; its date is changed by PostponeForm."""


class PostponeForm(DeedForm):
    """Another date, and why."""

    planned_at = Moment(label=_("New date"))
    reason = forms.CharField(
        label=_("Reason"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("It is public, beside the date that was announced first."),
    )
