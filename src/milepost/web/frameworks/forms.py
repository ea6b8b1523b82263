"""What people type of crosswalks, definitions, codes and tags."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from milepost import catalogue
from milepost.errors import MilepostError
from milepost.reports import sentences
from milepost.values import Problem
from milepost.web.frameworks import queries
from milepost.web.frameworks.actions import FILE, LONGEST_CODE
from milepost.web.frameworks.models import Link
from milepost.web.stakeholders.fields import TextField
from milepost.web.ui.forms import show_faults
from milepost.web.ui.templatetags.ui import plain

LONGEST_NAME = 70
"""Letters of a name in a list of choices."""


def show_faults_of_lines(form: Any, error: MilepostError) -> None:
    """Every fault of a refused definition beside its field; those of the written text with their lines."""
    lines = form.data.get("text", "").splitlines()
    for problem in error.problems:
        if problem.origin.file == FILE:
            form.add_error("text", _told(problem, lines))
        else:
            show_faults(form, MilepostError([problem]))


def _told(problem: Problem, lines: Sequence[str]) -> str:
    said = " ".join(sentences.fault(problem, get_language() or "en"))
    number = problem.origin.row
    if number is None:
        return said
    words = _short(lines[number - 1].strip()) if number <= len(lines) else ""
    return _("Line {number} ({words}): {fault}").format(number=number, words=words, fault=said)


class _Revised(forms.Form):
    """A form that carries the revision of what it changes."""

    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


# Crosswalks -------------------------------------------------------------------------------------------------


class FrameworksForm(forms.Form):
    """Which two frameworks to see side by side."""

    origin = forms.ChoiceField(label=lazy("Framework"))
    goal = forms.ChoiceField(label=lazy("Other framework"))

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        for field in fields.values():
            field.choices = [(one.code, plain(one.name)) for one in catalogue.frameworks()]

    def clean(self) -> dict[str, Any]:
        """Two different ones."""
        found = super().clean() or {}
        if found.get("origin") and found.get("origin") == found.get("goal"):
            self.add_error("goal", _("Choose two different frameworks."))
        return found


class PairForm(forms.Form):
    """Two entries to be linked."""

    origin = forms.ChoiceField()
    goal = forms.ChoiceField()

    def __init__(self, *args: Any, frameworks: Iterable[catalogue.Framework], **kwargs: Any):
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        for field, framework in zip(fields.values(), frameworks, strict=True):
            field.label = plain(framework.name)
            field.choices = [
                (f"{framework.code}/{item.code}", _short(f"{item.code} {plain(item.short or item.name)}"))
                for item in framework.items
            ]


def _short(words: str) -> str:
    return words if len(words) <= LONGEST_NAME else words[: LONGEST_NAME - 1] + "…"


class DecideForm(_Revised):
    """A country's word on a pair."""

    status = forms.ChoiceField(
        label=lazy("Do they belong together?"),
        choices=(
            (Link.Status.CONFIRMED, pgettext_lazy("pair", "Yes: confirm the pair")),
            (Link.Status.REJECTED, pgettext_lazy("pair", "No: reject the pair")),
        ),
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=lazy("Reason"),
        help_text=lazy("Needed where the pair is rejected."),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


# Definitions ------------------------------------------------------------------------------------------------


class DefinitionForm(_Revised):
    """The text of a definition, and why it is revised."""

    text = forms.CharField(
        label=lazy("Text of the definition"),
        help_text=lazy(
            "A file in YAML, as the definitions that ship; it is read and tried before it is saved."
        ),
        strip=False,
        widget=forms.Textarea(attrs={"rows": 32, "spellcheck": "false", "class": "copy"}),
    )
    reason = forms.CharField(
        label=lazy("Why it is revised"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, first: bool, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if first:
            self.fields["reason"].label = lazy("Why the country has its own")
            self.fields["reason"].required = False

    def clean_text(self) -> str:
        """With the ends of lines that files have, not those that browsers send."""
        return self.cleaned_data["text"].replace("\r\n", "\n").replace("\r", "\n").rstrip("\n") + "\n"


class StartForm(forms.Form):
    """After which definition to write one's own."""

    code = forms.ChoiceField(label=lazy("Start from the definition of"))

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        field: Any = self.fields["code"]
        field.choices = [
            (one.code, _short(f"{one.code} {plain(one.title)}")) for one in catalogue.indicators()
        ]


class EndForm(forms.Form):
    """Why a definition holds no longer."""

    reason = forms.CharField(
        label=lazy("Why it holds no longer"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )


# Code lists and tags ----------------------------------------------------------------------------------------


class NewCodeForm(forms.Form):
    """A code of the country's own."""

    code = forms.CharField(
        label=lazy("Code"),
        max_length=LONGEST_CODE,
        help_text=lazy("Latin letters, digits and the signs . _ + -"),
        widget=forms.TextInput(attrs={"class": "narrow"}),
    )
    name = TextField(label=lazy("Name"))


class NewListForm(NewCodeForm):
    """A code list of the country's own begins with its first code."""

    field_order: Any = ("list", "code", "name")
    list = forms.CharField(
        label=lazy("Name of the list"),
        max_length=LONGEST_CODE,
        help_text=lazy("As the column of a file would be called, such as district."),
    )


class NameForm(_Revised):
    """The name of a code or tag, and whether it is in use."""

    name = TextField(label=lazy("Name"))
    active = forms.BooleanField(
        label=lazy("In use"),
        required=False,
        help_text=lazy("What is retired is not offered any more; where it stands it stays."),
    )


class ListTitleForm(_Revised):
    """What a list of the country's own is called."""

    name = TextField(
        label=lazy("Title of the list"),
        help_text=lazy("Figures that are broken down by it are headed so: in forms, tables and charts."),
    )


class NewTagForm(forms.Form):
    """A tag of the country's own."""

    name = TextField(label=lazy("Name"))


class PutTagForm(forms.Form):
    """The indicators that a tag stands on; `shown` are those that had it when the page was made."""

    indicators = forms.MultipleChoiceField(
        label=lazy("Indicators with this tag"), required=False, widget=forms.CheckboxSelectMultiple
    )
    shown = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, things: Iterable[Any], **kwargs: Any):
        super().__init__(*args, **kwargs)
        field: Any = self.fields["indicators"]
        field.choices = [
            (thing.address, f"{thing.code} {plain(queries.title_of(thing))}") for thing in things
        ]

    def changes(self) -> dict[str, set[str]]:
        """{"on": newly ticked, "off": no longer ticked} since the page was made."""
        ticked = set(self.cleaned_data["indicators"])
        shown = set(self.cleaned_data["shown"].split())
        return {"on": ticked - shown, "off": shown - ticked}
