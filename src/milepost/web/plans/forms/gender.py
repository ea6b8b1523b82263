"""What people type of women and men in a measure and its indicators."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as lazy

from milepost.catalogue import plans as catalogue
from milepost.web.plans.forms.common import LONGEST
from milepost.web.plans.models import Entry, Mark, MeasureIndicator
from milepost.web.stakeholders.fields import TextField
from milepost.web.ui.templatetags.ui import plain

MARKS = [("", lazy("not marked")), *Mark.choices]


class MarkForm(forms.Form):
    """A mark with its reason."""

    gender = forms.ChoiceField(label=lazy("Gender mark"), choices=MARKS, required=False)
    gender_reason = TextField(
        label=lazy("Why"),
        lines=2,
        max_length=2000,
        required=False,
        help_text=lazy("Needed for a mark, and for every change while the version is in force."),
    )
    revision = forms.IntegerField(widget=forms.HiddenInput)


class MeasureMarkForm(MarkForm):
    """The same of a measure, and what it means for people."""

    rights = TextField(
        label=lazy("Rights-based approach"),
        lines=3,
        max_length=LONGEST,
        required=False,
        help_text=lazy(
            "Which rights it serves, who can claim them of whom, who takes part and who is left out."
        ),
    )
    groups = forms.MultipleChoiceField(
        label=lazy("Groups concerned"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        field: Any = self.fields["groups"]
        field.choices = [(code, plain(name)) for code, name in catalogue.groups().items()]


class IndicatorMarkForm(MarkForm):
    """The same of an indicator, and whether it counts people."""

    of_people = forms.NullBooleanField(
        label=lazy("Counts people"),
        widget=forms.Select(choices=(("", lazy("not said")), ("true", lazy("yes")), ("false", lazy("no")))),
        required=False,
    )


def said(entry: Entry) -> dict[str, Any]:
    """What the form of a measure shows at first."""
    return {
        name: getattr(entry, name) for name in ("gender", "gender_reason", "rights", "groups", "revision")
    }


def said_of_indicator(one: MeasureIndicator) -> dict[str, Any]:
    """What the form of an indicator shows at first."""
    names = ("of_people", "gender", "gender_reason")
    return {name: getattr(one, name) for name in names} | {"revision": one.entry.revision}
