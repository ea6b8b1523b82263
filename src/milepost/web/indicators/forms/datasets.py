"""What people type of datasets on their way to the public."""

from collections.abc import Iterable
from datetime import UTC
from typing import Any

from django import forms
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from milepost.web.stakeholders.models import Country, Institution
from milepost.web.ui.templatetags.ui import plain

STATES = (
    ("draft", pgettext_lazy("state", "Draft")),
    ("submitted", pgettext_lazy("state", "In review")),
    ("returned", pgettext_lazy("state", "Returned")),
    ("approved", pgettext_lazy("state", "Approved")),
    ("published", pgettext_lazy("state", "Published")),
    ("superseded", pgettext_lazy("state", "Superseded")),
    ("withdrawn", pgettext_lazy("state", "Withdrawn")),
    ("discarded", pgettext_lazy("state", "Discarded")),
)

Place = tuple[Institution, Country]


class FilterForm(forms.Form):
    """Which datasets to show."""

    state = forms.ChoiceField(label=_("State"), choices=(("", _("all states")), *STATES), required=False)
    institution = forms.ChoiceField(label=_("Institution"), required=False)
    mine = forms.BooleanField(label=_("Only what I started"), required=False)

    def __init__(self, *args: Any, institutions: Iterable[Institution], **kwargs: Any):
        super().__init__(*args, **kwargs)
        field: Any = self.fields["institution"]
        field.choices = [("", gettext("all institutions"))] + [
            (str(one.pk), plain(one.name)) for one in institutions
        ]


class DescribeForm(forms.Form):
    """What a dataset is called, and whether it corrects what is published."""

    title = forms.CharField(
        label=_("Title"),
        required=False,
        max_length=200,
        help_text=_("Left blank it is the name of the file."),
    )
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "For the reviewer. Of a correction it is public: what was wrong, and how it came to light."
        ),
    )
    correction = forms.BooleanField(label=_("It corrects figures that were published wrong"), required=False)

    def clean(self) -> dict[str, Any]:
        """A correction needs its note."""
        cleaned = super().clean() or {}
        if cleaned.get("correction") and not (cleaned.get("note") or "").strip():
            self.add_error("note", gettext("Say what was wrong: this note is published with the correction."))
        return cleaned


class UploadForm(DescribeForm):
    """A file, and for which institution and country."""

    field_order = ["place", "file", "title", "note", "correction"]  # noqa: RUF012 - as Django has it
    place = forms.ChoiceField(label=_("Institution"))
    file = forms.FileField(
        label=_("File"),
        help_text=_("Excel (.xlsx, .xls, .ods), CSV, SDMX-ML or SDMX-CSV; an Open SDG folder as .zip."),
    )

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
        if len(self.places) == 1:
            field.initial = next(iter(self.places))
            field.widget = forms.HiddenInput()

    def clean_place(self) -> Place:
        """The institution and the country."""
        return self.places[self.cleaned_data["place"]]


class AgainForm(forms.Form):
    """A mended file in the place of a draft."""

    file = forms.FileField(label=_("The mended file"))


class DeedForm(forms.Form):
    """A deed on a dataset as the person saw it."""

    revision = forms.IntegerField(widget=forms.HiddenInput)


class ReasonForm(DeedForm):
    """A deed that needs a reason."""

    reason = forms.CharField(label=_("Reason"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))


class WithdrawForm(ReasonForm):
    """Take figures out of the public."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("It is public, and stands with every version that had these figures."),
    )


class Moment(forms.DateTimeField):
    """A day and an hour in UTC, as the site shows them."""

    def __init__(self, **kwargs: Any):
        kwargs.setdefault(
            "widget", forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        )
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        """As the input takes it."""
        return value.astimezone(UTC) if hasattr(value, "astimezone") else value


class ScheduleForm(DeedForm):
    """The moment before which nothing is public."""

    release_at = Moment(
        label=_("Not before"),
        required=False,
        help_text=_("Day and hour in UTC; blank: as soon as it is approved."),
    )


class DecideForm(forms.Form):
    """Which of the rows in conflict count, by the button that was pressed.

    `choice` is use:<row>, leave:<row>, or for all of them first, last or none of each figure.
    """

    choice = forms.RegexField(r"^(?:(?:use|leave):\d{1,9}|first|last|none)$")
