"""What people type of laws to amend, and of what a measure is linked to."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from milepost.web.plans.forms.common import LONGEST, Choosing, day
from milepost.web.plans.models import MeasureOrigin
from milepost.web.stakeholders.fields import TextField

FIRST_YEAR, LAST_YEAR = 1950, 2100
_URL: Any = forms.URLField
"""The types of Django do not know `assume_scheme` yet."""


class LawForm(Choosing):
    """An act, what must change in it, and who prepares that until when."""

    title = TextField(label=lazy("Act"), max_length=500)
    number = forms.CharField(label=lazy("Number of the act"), max_length=60, required=False)
    adopted = day(label=lazy("Day of the act"), required=False)
    article = forms.CharField(
        label=lazy("Article"), max_length=200, required=False, help_text=lazy("Article, paragraph, point.")
    )
    what = TextField(label=lazy("What must change"), lines=3, max_length=LONGEST)
    why = TextField(label=lazy("Why"), lines=3, max_length=LONGEST, required=False)
    institution = forms.ChoiceField(label=lazy("Responsible institution"), required=False)
    until = day(label=lazy("Wanted until"), required=False)
    measure = forms.ChoiceField(label=lazy("Measure by which it is done"), required=False)

    def __init__(
        self,
        *args: Any,
        institutions: Iterable[Any],
        measures: Sequence[tuple[str, str]],
        known: Mapping[str, Any],
        **kwargs: Any,
    ):
        super().__init__(*args, **kwargs)
        self.offer("institution", list(institutions), blank=_("– not said –"))
        self.known = known
        fields: Any = self.fields
        fields["measure"].choices = [("", _("– none –")), *measures]

    def clean_institution(self) -> Any:
        """The institution itself, or None."""
        return self.kept.get(self.cleaned_data["institution"])

    def clean_measure(self) -> Any:
        """The measure itself, or None."""
        return self.known.get(self.cleaned_data["measure"])


class EditLawForm(LawForm):
    """The same of an act that is here."""

    revision = forms.IntegerField(widget=forms.HiddenInput)


class LinkForm(forms.Form):
    """A thing of the installation to which a measure is linked."""

    address = forms.ChoiceField(label=lazy("Link to"))

    def __init__(self, *args: Any, offered: Sequence[Any], **kwargs: Any):
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["address"].choices = [("", _("– choose –")), *offered]


class OriginForm(forms.Form):
    """A gap or recommendation of a document from outside."""

    kind = forms.ChoiceField(label=lazy("What it is there"), choices=MeasureOrigin.Kind.choices)
    document = forms.CharField(label=lazy("Document"), max_length=300)
    number = forms.CharField(label=lazy("Number in the document"), max_length=60, required=False)
    year = forms.IntegerField(
        label=lazy("Year of the document"), min_value=FIRST_YEAR, max_value=LAST_YEAR, required=False
    )
    words = TextField(label=lazy("What it says, in your own words"), lines=3, max_length=LONGEST)
    link = _URL(label=lazy("Address of the document"), max_length=500, required=False, assume_scheme="https")
