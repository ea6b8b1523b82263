"""What people type of datasets on their way to the public."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from milepost.recipes import incoming
from milepost.web.indicators.queries import names
from milepost.web.intake.words import CONCEPTS
from milepost.web.stakeholders.models import Country, Institution
from milepost.web.ui.forms import Moment, in_the_zone
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


class ScheduleForm(DeedForm):
    """The moment before which nothing is public."""

    release_at = Moment(
        label=_("Not before"),
        required=False,
        help_text=in_the_zone(_("Blank: as soon as it is approved. Time zone: {zone}.")),
    )


class DecideForm(forms.Form):
    """Which of the rows in conflict count, by the button that was pressed.

    `choice` is use:<row>, leave:<row>, or for all of them first, last or none of each figure.
    """

    choice = forms.RegexField(r"^(?:(?:use|leave):\d{1,9}|first|last|none)$")


class RowForm(forms.Form):
    """One row of a file, changed by hand: its figure, what it is a figure of, and the reason."""

    time_period = forms.CharField(label=CONCEPTS["time_period"], required=False, max_length=60)
    obs_value = forms.CharField(
        label=CONCEPTS["obs_value"],
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    obs_status = forms.ChoiceField(label=CONCEPTS["obs_status"], required=False)
    lower_bound = forms.CharField(label=CONCEPTS["lower_bound"], required=False, max_length=60)
    upper_bound = forms.CharField(label=CONCEPTS["upper_bound"], required=False, max_length=60)
    comment_obs = forms.CharField(
        label=CONCEPTS["comment_obs"],
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("It is published with the value."),
    )
    why = forms.CharField(
        label=_("Why it is changed"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Not public; the reviewer sees it."),
    )
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        cells: Mapping[str, str],
        dimensions: Sequence[tuple[str, Sequence[tuple[str, Any]]]],
        own: names.Own,
        statuses: Mapping[str, str],
        **kwargs: Any,
    ):
        super().__init__(*args, **kwargs)
        self.cells = cells
        fields: dict[str, Any] = self.fields
        status = cells.get(incoming.STATUS, "")
        listed = dict(statuses)
        if status and status not in (*listed, "A"):
            listed[status] = status  # one that could not be read
        fields[incoming.STATUS].choices = [
            (code, f"{code or 'A'} – {name}" if name != code else code) for code, name in listed.items()
        ]
        self.dimensions = [name for name, _codes in dimensions]
        for name, codes in dimensions:
            fields[f"by_{name}"] = forms.ChoiceField(
                label=names.dimension(names.AREA if name == incoming.AREA else name, own),
                choices=[("", _("total: no breakdown")), *((code, plain(words)) for code, words in codes)],
                required=False,
            )
        self.order_fields(
            [*(name for name in incoming.FIGURE), *(f"by_{name}" for name in self.dimensions), "comment_obs"]
        )
        fields = self.fields
        for name in (*incoming.FIGURE, "comment_obs"):
            fields[name].initial = cells.get(name, "")
        if status == "A":
            fields[incoming.STATUS].initial = ""
        for name in self.dimensions:
            fields[f"by_{name}"].initial = cells.get(name, "")

    def changes(self) -> dict[str, str]:
        """{concept: text} of what was typed otherwise than it stands; "" takes a cell out."""
        said = {name: self.cleaned_data[name] for name in (*incoming.FIGURE, "comment_obs")}
        said |= {name: self.cleaned_data[f"by_{name}"] for name in self.dimensions}
        if not said[incoming.STATUS] and self.cells.get(incoming.STATUS) == "A":
            said[incoming.STATUS] = "A"
        return {name: text for name, text in said.items() if text != self.cells.get(name, "")}
