"""How every form of Django looks here: label, hint, error beside the field, errors first."""

from typing import Any

from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from milepost.errors import MilepostError
from milepost.reports import sentences
from milepost.web.ui import moments


class Renderer(DjangoTemplates):
    """`{{ form }}`, `{{ field.as_field_group }}` and `{{ formset }}` in our markup."""

    form_template_name = "ui/form.html"
    field_template_name = "ui/field.html"
    formset_template_name = "ui/formset.html"


def show_faults(form: Any, error: MilepostError, *, field: str = "") -> None:
    """What an action refused, in the form: each fault at its field, at `field`, else above the form."""
    for problem in error.problems:
        column = problem.origin.column or field
        words = " ".join(sentences.fault(problem, get_language() or "en"))
        form.add_error(column if column in form.fields else None, words)


class Moment(forms.DateTimeField):
    """A day and an hour in the time zone of this site, which the hint names."""

    def __init__(self, **kwargs: Any):
        kwargs.setdefault(
            "widget", forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        )
        kwargs.setdefault("help_text", in_the_zone(_("Day and hour; time zone: {zone}.")))
        super().__init__(**kwargs)


def in_the_zone(words: Any) -> Any:
    """A hint in which {zone} is the time zone of this site."""
    return format_lazy(words, zone=lazy(moments.zone_now, str)())
