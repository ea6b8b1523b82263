"""What people type of engagements: who came, scores before and after, what was agreed, what it counts."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext_lazy

from milepost.web.projects import scores as sheets
from milepost.web.projects.actions.engagements import Party
from milepost.web.projects.models import Engagement, EngagementLink
from milepost.web.projects.queries.engagements import KINDS, SEXES
from milepost.web.stakeholders.fields import TextField
from milepost.web.ui.templatetags.ui import plain

LARGEST = 200_000
"""Bytes of a sheet of scores."""


def _day(**options: Any) -> forms.DateField:
    return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **options)


def _offer(form: Any, field: str, choices: Iterable[Any]) -> None:
    form.fields[field].choices = list(choices)


class FilterForm(forms.Form):
    """A choice of engagements; what is not understood narrows nothing."""

    kind = forms.ChoiceField(
        label=lazy("Kind"), required=False, choices=[("", lazy("all")), *Engagement.Kind.choices]
    )
    year = forms.ChoiceField(label=lazy("Year"), required=False)
    about = forms.ChoiceField(label=lazy("Belongs to"), required=False)

    def __init__(self, *args: Any, years: Iterable[int], about: Mapping[str, Any], **kwargs: Any):
        super().__init__(*args, **kwargs)
        _offer(self, "year", [("", _("all")), *((str(year), str(year)) for year in years)])
        names = sorted(((key, plain(one.text)) for key, one in about.items()), key=lambda pair: pair[1])
        _offer(self, "about", [("", _("all")), *names])

    @property
    def wanted(self) -> dict[str, Any]:
        """What is asked for."""
        if not self.is_bound:
            return {}
        self.full_clean()
        return dict(self.cleaned_data)


# Who came ---------------------------------------------------------------------------------------------------


class AttendanceWidget(forms.Widget):
    """A grid of numbers: a line for each kind of institution, a column for each sex."""

    template_name = "projects/attendance_widget.html"
    use_fieldset = True

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """The lines with an input for each sex."""
        context = super().get_context(name, value, attrs)
        numbers = value if isinstance(value, Mapping) else {}
        context["widget"]["sexes"] = list(SEXES.values())
        context["widget"]["lines"] = [
            (
                words,
                [
                    {"name": f"{name}-{kind}-{sex}", "sex": title, "value": numbers.get((kind, sex), "")}
                    for sex, title in SEXES.items()
                ],
            )
            for kind, words in KINDS.items()
        ]
        return context

    def value_from_datadict(self, data: Any, files: Any, name: str) -> dict[tuple[str, str], str]:
        """What was typed."""
        return {(kind, sex): data.get(f"{name}-{kind}-{sex}", "") for kind in KINDS for sex in SEXES}

    def id_for_label(self, id_: str) -> str:
        """Each input has a name of its own."""
        return ""


class AttendanceField(forms.Field):
    """{(kind of institution, sex): number} of what was counted; a blank is not counted, 0 is nobody."""

    widget = AttendanceWidget

    def to_python(self, value: Any) -> dict[tuple[str, str], int]:
        """The numbers; ValidationError names what is none."""
        typed = {key: str(each).strip() for key, each in (value or {}).items()}
        wrong = [each for each in typed.values() if each and not (each.isdecimal() and len(each) < 9)]
        if wrong:
            raise ValidationError(_("Not a whole number: {words}").format(words=", ".join(wrong)))
        return {key: int(each) for key, each in typed.items() if each}

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether a number differs."""
        return self.to_python(initial) != self.to_python(data)


class EngagementForm(forms.Form):
    """An engagement; kind, day and topic are enough, the rest can follow."""

    kind = forms.ChoiceField(label=lazy("Kind"), choices=Engagement.Kind.choices)
    first_day = _day(label=lazy("Day, or first day"))
    last_day = _day(label=lazy("Last day"), required=False, help_text=lazy("Leave it blank for one day."))
    place = forms.CharField(label=lazy("Place"), max_length=200, required=False)
    topic = TextField(label=lazy("Topic"), max_length=300)
    came = AttendanceField(
        label=lazy("Who came"),
        required=False,
        help_text=lazy("How many; never names. A blank means that nobody counted, 0 that nobody came."),
    )
    organisers = forms.MultipleChoiceField(
        label=lazy("Organised by"), required=False, widget=forms.SelectMultiple(attrs={"size": 5})
    )
    other_organisers = forms.CharField(
        label=lazy("Other organisers"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=2000,
        help_text=lazy("Institutions that are not in the list, one a line."),
    )
    participants = forms.MultipleChoiceField(
        label=lazy("Institutions that took part"),
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 5}),
    )
    other_participants = forms.CharField(
        label=lazy("Other institutions that took part"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=8000,
        help_text=lazy("One a line."),
    )
    notes = forms.CharField(
        label=lazy("Internal notes"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=8000,
        help_text=lazy("For those who work with it; never public."),
    )
    public = forms.BooleanField(
        label=lazy("Everybody may read it, as soon as what it belongs to is public"), required=False
    )

    def __init__(self, *args: Any, institutions: Iterable[Any], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.institutions = {str(one.pk): one for one in institutions}
        names = [(key, plain(one.name)) for key, one in self.institutions.items()]
        for field in ("organisers", "participants"):
            _offer(self, field, names)

    def values(self) -> dict[str, Any]:
        """What the actions take."""
        found = dict(self.cleaned_data)
        parties: list[Party] = []
        for role, name in (("organiser", "organisers"), ("participant", "participants")):
            parties += [Party(role, self.institutions[key]) for key in found.pop(name)]
            others = (line.strip()[:200] for line in found.pop(f"other_{name}").splitlines())
            parties += [Party(role, name=line) for line in dict.fromkeys(filter(None, others))]
        return {**found, "parties": parties}


class EditEngagementForm(EngagementForm):
    """The same of one that is here; `revision` says on which state the form rests."""

    revision = forms.IntegerField(widget=forms.HiddenInput)


def said(engagement: Engagement) -> dict[str, Any]:
    """What a form of an engagement starts from."""
    fields = ("kind", "first_day", "last_day", "place", "topic", "notes", "public", "revision")
    found: dict[str, Any] = {name: getattr(engagement, name) for name in fields}
    found["came"] = {(row.kind, row.sex): row.number for row in engagement.attendance.all()}
    for role, name in (("organiser", "organisers"), ("participant", "participants")):
        rows = [one for one in engagement.parties.all() if one.role == role]
        found[name] = [str(one.institution_id) for one in rows if one.institution_id]
        found[f"other_{name}"] = "\n".join(one.name for one in rows if one.name)
    return found


# Knowledge --------------------------------------------------------------------------------------------------


class ScoresWidget(forms.Widget):
    """A grid: the code of a participant, the score before, the score after; with blank lines to fill in."""

    template_name = "projects/scores_widget.html"
    use_fieldset = True
    blank_lines = 8

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """The lines that are there, then blank ones."""
        context = super().get_context(name, value, attrs)
        lines = [tuple("" if cell is None else cell for cell in line) for line in value or ()]
        context["widget"]["lines"] = [*lines, *[("", "", "")] * self.blank_lines]
        return context

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[tuple[str, str, str]]:
        """The lines in which something was typed."""
        if not hasattr(data, "getlist"):
            return []
        columns = (data.getlist(f"{name}-{part}") for part in ("code", "before", "after"))
        lines = (tuple(cell.strip() for cell in line) for line in zip(*columns, strict=False))
        return [(code, before, after) for code, before, after in lines if code or before or after]

    def id_for_label(self, id_: str) -> str:
        """Each input has a name of its own."""
        return ""


class ScoresField(forms.Field):
    """The lines of the grid, as scores."""

    widget = ScoresWidget

    def to_python(self, value: Any) -> list[sheets.Typed]:
        """ValidationError names every score that is no number."""
        found, wrong = [], []
        for code, *typed in value or ():
            numbers = []
            for text in typed:
                try:
                    numbers.append(sheets.score(text))
                except ValueError:
                    wrong.append(text)
            if len(numbers) == len(typed) and (code or any(each is not None for each in numbers)):
                found.append(sheets.Typed(code, *numbers))
        if wrong:
            raise ValidationError(_("Not a number: {words}").format(words=", ".join(wrong)))
        return found


class KnowledgeForm(forms.Form):
    """Scores before and after: in the grid, pasted, or as a file; a sheet takes the place of the grid."""

    maximum = forms.DecimalField(
        label=lazy("Highest possible score"), required=False, max_digits=12, decimal_places=4, min_value=0
    )
    grid = ScoresField(
        label=lazy("Scores"),
        required=False,
        help_text=lazy("Each participant chooses a code of letters and digits, and writes it on both tests."),
    )
    sheet = forms.CharField(
        label=lazy("Or paste lines of a sheet"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=LARGEST,
        help_text=lazy(
            "Code, before, after in each line, with a comma, semicolon or tab between; they replace the grid."
        ),
    )
    file = forms.FileField(label=lazy("Or a CSV file"), required=False)
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def clean_file(self) -> str:
        """The text of the file; "" for none."""
        upload = self.cleaned_data["file"]
        if not upload:
            return ""
        if upload.size > LARGEST:
            raise ValidationError(_("The file is too large for a sheet of scores."))
        content = upload.read()
        for encoding in ("utf-8-sig", "cp1251"):
            try:
                return content.decode(encoding)
            except UnicodeDecodeError:
                continue
        raise ValidationError(_("The file is no text. Save the sheet as CSV."))

    def scores(self) -> list[sheets.Typed]:
        """What is to be kept; MilepostError where a sheet cannot be read."""
        text = self.cleaned_data["file"] or self.cleaned_data["sheet"]
        return sheets.read(text) if text.strip() else self.cleaned_data["grid"]


def grid(scores: Iterable[Any]) -> list[tuple[str, str, str]]:
    """The lines of the grid."""
    return [(one.code, _figure(one.before), _figure(one.after)) for one in scores]


def _figure(number: Any) -> str:
    return "" if number is None else f"{number.normalize():f}"


# Agreements and links ---------------------------------------------------------------------------------------


class AgreementForm(forms.Form):
    """What was agreed."""

    what = TextField(label=lazy("What was agreed"), lines=2, max_length=1000)
    institution = forms.ChoiceField(label=lazy("Institution that does it"), required=False)
    name = forms.CharField(
        label=lazy("Or another institution"),
        max_length=200,
        required=False,
        help_text=lazy("An institution, never a person."),
    )
    due = _day(label=lazy("By when"), required=False)

    def __init__(self, *args: Any, institutions: Iterable[Any], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.institutions = {str(one.pk): one for one in institutions}
        names = [(key, plain(one.name)) for key, one in self.institutions.items()]
        _offer(self, "institution", [("", pgettext_lazy("institution", "none")), *names])

    def clean_institution(self) -> Any:
        """The institution itself, or None."""
        return self.institutions.get(self.cleaned_data["institution"])


class EditAgreementForm(AgreementForm):
    """The same of one that is here."""

    revision = forms.IntegerField(widget=forms.HiddenInput)


class SettleForm(forms.Form):
    """What became of an agreement."""

    deed = forms.ChoiceField(choices=[("do", ""), ("drop", ""), ("reopen", "")])
    reason = forms.CharField(max_length=2000, required=False)
    revision = forms.IntegerField()


class CountForm(forms.Form):
    """An indicator towards which an engagement counts."""

    indicator = forms.ChoiceField(label=lazy("Indicator"))
    what = forms.ChoiceField(label=lazy("What is counted"), choices=EngagementLink.What.choices)

    def __init__(self, *args: Any, indicators: Iterable[Any], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.indicators = {str(one.pk): one for one in indicators}
        _offer(self, "indicator", [(key, _named(one)) for key, one in self.indicators.items()])

    def clean_indicator(self) -> Any:
        """The indicator itself."""
        return self.indicators[self.cleaned_data["indicator"]]


def _named(indicator: Any) -> str:
    project = indicator.result.project
    code = project.project_code or plain(project.title)
    return f"{code} · {indicator.code} {plain(indicator.title)}"


class RevisionForm(forms.Form):
    """On which state of a thing a button rests."""

    revision = forms.IntegerField(min_value=0)
