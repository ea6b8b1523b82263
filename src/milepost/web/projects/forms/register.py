"""What people type of the record of a project, of its partners, money and links."""

import re
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from milepost import catalogue
from milepost.web.projects.actions.register import RECORD, WORDS
from milepost.web.projects.models import BudgetLine, Continuity, Document, Party, Project
from milepost.web.projects.queries import vocabulary
from milepost.web.projects.queries.lifecycle import STATES
from milepost.web.projects.queries.people import Offered
from milepost.web.projects.queries.portfolio import NOT_STATED
from milepost.web.stakeholders.fields import TextField
from milepost.web.ui.forms import LongSelect
from milepost.web.ui.memory import cache
from milepost.web.ui.templatetags.ui import plain

LONGEST = 20_000
"""Letters of a narrative."""
BLANK = ("", lazy("not stated"))
_CURRENCY = re.compile(r"[A-Z]{3}")
_OWN_CODE = re.compile(r"\d[a-z]\d[a-z]|\d[a-z]?|[A-Za-z0-9.]{1,12}")


def _day(**options: Any) -> forms.DateField:
    return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **options)


def _offer(form: Any, field: str, choices: Iterable[Any] | Callable[[], Iterable[Any]]) -> None:
    """Let a field choose one of these; a function is asked only if the field is shown or filled in."""
    form.fields[field].choices = choices if callable(choices) else list(choices)


def _names(name: str, every: Any, none: Any) -> list[Any]:
    """The words of a vocabulary."""
    return [every, *((code, plain(text)) for code, text in vocabulary.names(name).items()), none]


def _funds() -> Iterable[tuple[str, str]]:
    return ((one.code, plain(one.name)) for one in catalogue.funds())


def _keyed(every: Any, pairs: Iterable[tuple[int, Any]]) -> list[Any]:
    return [every, *((str(key), plain(name)) for key, name in pairs)]


class AreasField(forms.CharField):
    """States and territories by name, one a line; the value is the list of their codes."""

    def __init__(self, **kwargs: Any):
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": 4}))
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> str:
        """Codes as names, one a line; what was typed stays as it was typed."""
        if isinstance(value, list | tuple):
            return "\n".join(plain(vocabulary.area(code)) for code in value)
        return value or ""

    def clean(self, value: Any) -> list[str]:  # type: ignore[override]
        """The codes; ValidationError names every line that is no state or territory."""
        lines = [line.strip() for line in str(super().clean(value)).splitlines() if line.strip()]
        found = {line: vocabulary.area_of(line) for line in lines}
        unknown = [line for line, code in found.items() if code is None]
        if unknown:
            raise ValidationError(
                _("Not the name of a state or territory that is known: {names}.").format(
                    names=", ".join(unknown)
                )
            )
        return list(dict.fromkeys(code for code in found.values() if code))


class RecordForm(forms.Form):
    """The record of a project; everything but the title may be filled in later."""

    title = TextField(label=lazy("Title"), max_length=500)
    narrative = TextField(
        label=lazy("Narrative"),
        lines=6,
        max_length=LONGEST,
        required=False,
        help_text=lazy("What is wanting, what the project is to change, and how."),
    )
    project_code = forms.CharField(label=lazy("Project code"), max_length=40, required=False)
    prima_code = forms.CharField(label=lazy("Prima ID"), max_length=40, required=False)
    iati_identifier = forms.CharField(label=lazy("IATI identifier"), max_length=120, required=False)
    type = forms.ChoiceField(label=lazy("Type of project"), required=False)
    coverage = forms.ChoiceField(label=lazy("Coverage"), required=False)
    region = forms.ChoiceField(label=lazy("Region"), required=False)
    areas = AreasField(
        label=lazy("Benefiting states"), required=False, help_text=lazy("Their names, one a line.")
    )
    start = forms.CharField(
        label=lazy("Start"), max_length=10, required=False, help_text=lazy("2024, 2024-05 or 2024-05-12.")
    )
    end = forms.CharField(label=pgettext_lazy("project", "End"), max_length=10, required=False)
    year = forms.IntegerField(label=lazy("Year of approval"), min_value=1950, max_value=2200, required=False)
    budget = forms.DecimalField(
        label=lazy("Budget"), min_value=0, max_digits=20, decimal_places=2, required=False
    )
    currency = forms.CharField(
        label=lazy("Currency"), max_length=3, required=False, help_text=lazy("Three letters, such as USD.")
    )
    managing_office = forms.CharField(label=lazy("Managing office"), max_length=200, required=False)
    fund = forms.ChoiceField(label=lazy("Fund whose rules it follows"), required=False)
    funding_line = forms.CharField(label=lazy("Funding line"), max_length=60, required=False)
    gender_marker = forms.ChoiceField(label=lazy("Gender marker"), required=False)
    gender_assessment = forms.CharField(
        label=lazy("Gender in the needs assessment: what shows it"), max_length=500, required=False
    )
    gender_outputs = forms.CharField(
        label=lazy("Gender in the outputs: what shows it"), max_length=500, required=False
    )
    gender_activities = forms.CharField(
        label=lazy("Gender in the activities: what shows it"), max_length=500, required=False
    )
    rights_based = TextField(label=lazy("Rights-based approach"), lines=3, max_length=4000, required=False)
    programme = forms.ChoiceField(label=lazy("Programme"), required=False)
    manager = forms.ChoiceField(label=lazy("Project manager"), required=False)
    sdg = forms.MultipleChoiceField(
        label=lazy("SDG targets"), required=False, widget=forms.SelectMultiple(attrs={"size": 6})
    )
    gcm = forms.MultipleChoiceField(
        label=lazy("Objectives of the Global Compact for Migration"),
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 6}),
    )
    domains = forms.MultipleChoiceField(
        label=lazy("Policy domains"), required=False, widget=forms.CheckboxSelectMultiple
    )
    iom = forms.CharField(
        label=lazy("Codes of IOM's results framework"),
        max_length=200,
        required=False,
        help_text=lazy("With commas between, such as 3c4b, 3c5c."),
    )
    dac = forms.CharField(
        label=lazy("Main purpose by the codes of OECD DAC"),
        max_length=5,
        required=False,
        help_text=lazy("Five digits, such as 15190 for migration. A file of IATI needs it."),
    )

    def __init__(self, *args: Any, programmes: Iterable[Any], managers: Iterable[Any], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.programmes = {str(one.pk): one for one in programmes}
        self.managers = {str(one.pk): one for one in managers}
        for name in ("type", "coverage", "region"):
            names = vocabulary.names(name)
            _offer(self, name, [BLANK, *((code, plain(text)) for code, text in names.items())])
        _offer(self, "fund", [("", _("none")), *((one.code, plain(one.name)) for one in catalogue.funds())])
        _offer(self, "gender_marker", [BLANK, *vocabulary.GENDER_MARKERS.items()])
        _offer(
            self,
            "programme",
            [("", _("none")), *((k, plain(one.title)) for k, one in self.programmes.items())],
        )
        _offer(self, "manager", [BLANK, *((key, str(one)) for key, one in self.managers.items())])
        for framework in vocabulary.FRAMEWORKS:
            _offer(self, framework.code, vocabulary.tag_choices(framework))

    def clean_currency(self) -> str:
        """Three capital letters."""
        typed = self.cleaned_data["currency"].strip().upper()
        if typed and not _CURRENCY.fullmatch(typed):
            raise ValidationError(_("Three letters of ISO 4217, such as USD."))
        return typed

    def clean_iom(self) -> list[str]:
        """The codes, each once."""
        typed = [part.strip() for part in re.split(r"[,;\s]+", self.cleaned_data["iom"]) if part.strip()]
        if wrong := [part for part in typed if not _OWN_CODE.fullmatch(part)]:
            raise ValidationError(_("Not a code: {codes}.").format(codes=", ".join(wrong)))
        return list(dict.fromkeys(typed))

    def clean_dac(self) -> list[str]:
        """A code of the list, or none."""
        typed = self.cleaned_data["dac"].strip()
        if typed and not vocabulary.dac_name(typed):
            raise ValidationError(_("Not a code: {codes}.").format(codes=typed))
        return [typed] if typed else []

    def clean(self) -> dict[str, Any]:
        """A budget says in which currency."""
        found = super().clean() or {}
        if found.get("budget") is not None and not found.get("currency") and "currency" not in self.errors:
            self.add_error("currency", _("Say in which currency the budget is."))
        return found

    def values(self) -> dict[str, Any]:
        """What the actions take: fields of the record, `areas` and `tags`."""
        typed = self.cleaned_data
        checks = {check: typed[f"gender_{check}"] for check in vocabulary.GENDER_CHECKS}
        found = {name: typed[name] for name in RECORD if name in typed}
        found["gender_checks"] = {check: words for check, words in checks.items() if words}
        found["programme"] = self.programmes.get(typed["programme"])
        found["manager"] = self.managers.get(typed["manager"])
        tags = {framework.code: typed[framework.code] for framework in vocabulary.FRAMEWORKS}
        tags |= {vocabulary.OWN: typed["iom"], vocabulary.DAC: typed["dac"]}
        return {**found, "areas": typed["areas"], "tags": tags}


def said(project: Project) -> dict[str, Any]:
    """What the form starts from."""
    found = {name: getattr(project, name) for name in RECORD if name not in ("programme", "manager")}
    found |= {name: getattr(project, name) for name in WORDS}
    found |= {f"gender_{check}": project.gender_checks.get(check, "") for check in vocabulary.GENDER_CHECKS}
    found["programme"] = str(project.programme_id or "")
    found["manager"] = str(project.manager.pk) if project.manager else ""
    found["areas"] = list(project.beneficiaries.values_list("area", flat=True))
    tags: dict[str, list[str]] = {}
    for framework, code in project.tags.values_list("framework", "code"):
        tags.setdefault(framework, []).append(code)
    found |= {framework.code: tags.get(framework.code, []) for framework in vocabulary.FRAMEWORKS}
    found["iom"] = ", ".join(tags.get(vocabulary.OWN, []))
    found["dac"] = "".join(tags.get(vocabulary.DAC, [])[:1])
    found["revision"] = project.revision
    return found


class NewProjectForm(RecordForm):
    """The record of a project that is not here yet."""

    field_order: Any = ("institution", "title")
    institution = forms.ChoiceField(label=lazy("Kept by"))

    def __init__(self, *args: Any, institutions: Iterable[Any], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.institutions = {str(one.pk): one for one in institutions}
        _offer(self, "institution", [(key, plain(one.name)) for key, one in self.institutions.items()])

    def clean_institution(self) -> Any:
        """The institution itself."""
        return self.institutions[self.cleaned_data["institution"]]


class EditProjectForm(RecordForm):
    """The record of a project that is here; `revision` says on which state the form rests."""

    revision = forms.IntegerField(widget=forms.HiddenInput)


def _choice(label: Any, **options: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False, widget=LongSelect, **options)


FIRST = ("words", "state", "type", "area")
"""What most ask for."""
INSIDE = ("manager", "due", "funding_line")
"""What the public does not see of a project, and cannot ask for."""


class PortfolioForm(forms.Form):
    """Which projects to show."""

    words = forms.CharField(label=lazy("Words or code"), required=False, max_length=200)
    state = _choice(lazy("State"))
    type = _choice(lazy("Type of project"))
    area = forms.CharField(label=lazy("State or territory"), required=False, max_length=100)
    region = _choice(lazy("Region"))
    coverage = _choice(lazy("Coverage"))
    since = forms.IntegerField(label=lazy("Running since"), required=False, min_value=1950, max_value=2200)
    until = forms.IntegerField(label=lazy("Running until"), required=False, min_value=1950, max_value=2200)
    year = forms.IntegerField(label=lazy("Approved in"), required=False, min_value=1950, max_value=2200)
    gender_marker = _choice(lazy("Gender marker"))
    tag = _choice(lazy("About"))
    own_code = forms.CharField(
        label=lazy("Code of IOM's results framework or of OECD DAC"), required=False, max_length=12
    )
    institution = _choice(lazy("Institution"))
    partner = forms.CharField(label=lazy("Donor or partner"), required=False, max_length=200)
    role = _choice(lazy("Role of the donor or partner"))
    programme = _choice(lazy("Programme"))
    managing_office = forms.CharField(label=lazy("Managing office"), required=False, max_length=200)
    fund = _choice(lazy("Fund"))
    funding_line = forms.CharField(label=lazy("Funding line"), required=False, max_length=60)
    least = forms.DecimalField(label=lazy("Budget from"), required=False, min_value=0)
    most = forms.DecimalField(label=lazy("Budget to"), required=False, min_value=0)
    currency = forms.CharField(
        label=lazy("Currency"),
        max_length=4,
        required=False,
        help_text=lazy("Three letters, such as USD; “none” where it is not stated."),
    )
    manager = _choice(lazy("Project manager"))
    due = _choice(
        lazy("Reports that are wanted"),
        choices=(
            ("", lazy("all")),
            ("late", lazy("late")),
            ("month", lazy("late, or due within 30 days")),
        ),
    )
    sort = _choice(
        lazy("Order"),
        choices=(
            ("", lazy("newest first")),
            ("oldest", lazy("oldest first")),
            ("budget", lazy("largest budget first")),
            ("ends", lazy("by their end")),
            ("code", lazy("by code")),
        ),
    )

    def __init__(self, *args: Any, offered: Offered, for_the_public: bool, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.offered = offered
        self.of = f"{offered.rights}:{for_the_public}:{get_language()}"
        every, none = ("", _("all")), (NOT_STATED, _("not stated"))
        _offer(self, "state", [every, *STATES.items()])
        for name in ("type", "coverage", "region"):
            _offer(self, name, partial(_names, name, every, none))
        _offer(self, "gender_marker", [every, *((code, code) for code in vocabulary.GENDER_MARKERS), none])
        _offer(self, "fund", lambda: [every, *_funds(), none])
        _offer(self, "role", [every, *Party.Role.choices])
        _offer(self, "tag", lambda: [every, *vocabulary.all_tag_choices(get_language() or "en")])
        for name, pairs in (("institution", offered.institutions), ("programme", offered.programmes)):
            _offer(self, name, partial(_keyed, every, pairs))
        _offer(self, "manager", partial(_keyed, every, offered.managers))
        if for_the_public:
            for name in INSIDE:
                del self.fields[name]

    def clean_area(self) -> str:
        """The code of the state or territory."""
        typed = self.cleaned_data["area"].strip()
        code = vocabulary.area_of(typed) if typed else ""
        if code is None:
            raise ValidationError(
                _("Not the name of a state or territory that is known: {names}.").format(names=typed)
            )
        return code

    @property
    def wanted(self) -> dict[str, Any]:
        """What is asked for; what cannot be understood narrows nothing, and is said beside its field."""
        if not self.is_bound:
            return {}
        self.is_valid()
        return self.cleaned_data

    def clean_currency(self) -> str:
        """Three capital letters, or "none"."""
        typed = self.cleaned_data["currency"].strip()
        if not typed or typed.casefold() == NOT_STATED:
            return typed.casefold()
        if not _CURRENCY.fullmatch(typed.upper()):
            raise ValidationError(_("Three letters, such as USD."))
        return typed.upper()

    @property
    def asks_inside(self) -> bool:
        """Whether something is asked for that only those know who work with a project."""
        return any(self.wanted.get(name) for name in INSIDE)

    @property
    def first(self) -> list[Any]:
        """The fields that always stand there."""
        return [self[name] for name in FIRST]

    @property
    def further(self) -> SafeString:
        """The others. Where nothing is asked by them they are the same for a minute, and written once."""
        key = f"portfolio-form:{self.of}"
        names = [name for name in self.fields if name not in FIRST]
        blank = not any(self.data.get(name) for name in names)
        found = cache.get(key) if blank else None
        if found is None:
            found = format_html_join(
                "", "{}", ((cast("Any", self[name]).as_field_group(),) for name in names)
            )
            if blank:
                cache.set(key, found, 60)
        return found

    @property
    def is_narrow(self) -> bool:
        """Whether anything is asked for."""
        return any(value not in (None, "", []) for name, value in self.wanted.items() if name != "sort")


class StepForm(forms.Form):
    """A step of a project, with its reason."""

    deed = forms.CharField(widget=forms.HiddenInput, max_length=20)
    revision = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label=lazy("Reason"), widget=forms.Textarea(attrs={"rows": 2}), max_length=2000, required=False
    )


class ExtensionForm(forms.Form):
    """A later end, when it was asked for, and why."""

    end = forms.CharField(
        label=lazy("New end"), max_length=10, help_text=lazy("2024, 2024-05 or 2024-05-12.")
    )
    asked_on = _day(label=lazy("Asked for on"))
    reason = forms.CharField(label=lazy("Reason"), widget=forms.Textarea(attrs={"rows": 2}), max_length=2000)
    revision = forms.IntegerField(widget=forms.HiddenInput)


class EndorsementForm(forms.Form):
    """That a state endorsed the project."""

    area = forms.ChoiceField(label=lazy("State or territory"))
    day = _day(label=lazy("Endorsed on"), required=False, help_text=lazy("Blank takes it back."))
    authority = forms.CharField(label=lazy("By which authority"), max_length=200, required=False)

    def __init__(self, *args: Any, areas: Iterable[str], **kwargs: Any):
        super().__init__(*args, **kwargs)
        _offer(self, "area", [(code, plain(vocabulary.area(code))) for code in areas])


class PartyForm(forms.Form):
    """An organisation that takes part."""

    role = forms.ChoiceField(label=lazy("Role"), choices=Party.Role.choices)
    institution = forms.ChoiceField(label=lazy("Institution of the register"), required=False)
    name = TextField(label=lazy("Or another organisation"), max_length=300, required=False)
    reference = forms.CharField(
        label=lazy("Identifier"),
        max_length=80,
        required=False,
        help_text=lazy("As in org-id.guide, such as XM-DAC-47066."),
    )

    def __init__(self, *args: Any, institutions: Iterable[Any], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.institutions = {str(one.pk): one for one in institutions}
        names = [(key, plain(one.name)) for key, one in self.institutions.items()]
        _offer(self, "institution", [("", _("none")), *names])

    def clean_institution(self) -> Any:
        """The institution itself, or None."""
        return self.institutions.get(self.cleaned_data["institution"])


class BudgetLineForm(forms.Form):
    """A line of the budget."""

    kind = forms.ChoiceField(label=lazy("Purpose"), choices=BudgetLine.Kind.choices)
    title = TextField(label=lazy("What it pays for"), max_length=300)
    amount = forms.DecimalField(label=lazy("Amount"), min_value=0, max_digits=20, decimal_places=2)


class ContinuityForm(forms.Form):
    """Another project that this one belongs together with."""

    other = forms.CharField(
        label=lazy("Other project"),
        max_length=40,
        help_text=lazy("Its project code, Prima ID or number here."),
    )
    kind = forms.ChoiceField(
        label=lazy("How they belong together"),
        choices=(
            ("before", lazy("this project goes on from the other one")),
            ("after", lazy("the other one goes on from this project")),
            (Continuity.Kind.BESIDE.value, lazy("they run beside each other")),
        ),
    )


class DocumentForm(forms.Form):
    """A document of the project."""

    file = forms.FileField(label=lazy("File"))
    kind = forms.ChoiceField(label=lazy("What it is"), choices=Document.Kind.choices)
    title = TextField(label=lazy("Title"), max_length=300, required=False)
    public = forms.BooleanField(
        label=lazy("Everybody may have it, as soon as the project is public"), required=False
    )


class ProgrammeForm(forms.Form):
    """A programme."""

    title = TextField(label=lazy("Title"), max_length=300)
    description = TextField(label=lazy("What it is for"), lines=4, max_length=4000, required=False)


class NewProgrammeForm(ProgrammeForm):
    """A programme that is not here yet."""

    field_order: Any = ("institution", "title")
    institution = forms.ChoiceField(label=lazy("Kept by"))

    def __init__(self, *args: Any, institutions: Iterable[Any], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.institutions = {str(one.pk): one for one in institutions}
        _offer(self, "institution", [(key, plain(one.name)) for key, one in self.institutions.items()])

    def clean_institution(self) -> Any:
        """The institution itself."""
        return self.institutions[self.cleaned_data["institution"]]


class EditProgrammeForm(ProgrammeForm):
    """A programme that is here; `revision` says on which state the form rests."""

    revision = forms.IntegerField(widget=forms.HiddenInput)


class ViewForm(forms.Form):
    """A name for what is shown now."""

    name = forms.CharField(label=lazy("Name"), max_length=80)
    query = forms.CharField(widget=forms.HiddenInput, max_length=1000, required=False)
