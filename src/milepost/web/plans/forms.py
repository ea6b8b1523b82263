"""What people type of policies, plans, versions, measures and roles."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from milepost.web.plans.models import Cost, Entry, MeasureIndicator, Plan, Role
from milepost.web.plans.queries import references
from milepost.web.plans.queries.reading import NONE, Judged
from milepost.web.stakeholders.fields import TextField
from milepost.web.ui.templatetags.ui import plain

LONGEST = 4000
"""Letters of a text of a measure."""


def _day(**options: Any) -> forms.DateField:
    return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **options)


def _lines(rows: int = 2, **options: Any) -> forms.CharField:
    return forms.CharField(widget=forms.Textarea(attrs={"rows": rows}), **options)


def _reason(**options: Any) -> forms.CharField:
    return _lines(label=lazy("Reason"), max_length=2000, **options)


class _Choosing(forms.Form):
    """A form that offers things; `kept` holds them by what the browser sends."""

    def offer(self, field: str, things: Iterable[Any], blank: Any = None) -> None:
        """Let a field choose one of these."""
        self.kept: dict[str, Any] = {**getattr(self, "kept", {}), **{str(one.pk): one for one in things}}
        named = sorted(((str(one.pk), _named(one)) for one in things), key=lambda pair: pair[1])
        chosen: Any = self.fields[field]
        chosen.choices = [*([("", blank)] if blank is not None else []), *named]


def _named(thing: Any) -> str:
    name = plain(thing.text)
    return name if getattr(thing, "active", True) else f"{name} ({_('out of use')})"


# Policies and plans -----------------------------------------------------------------------------------------


class PolicyForm(forms.Form):
    """What a policy is called, what it rests on, and for how long it is."""

    title = TextField(label=lazy("Title"), max_length=500)
    act = TextField(
        label=lazy("Legal act"),
        lines=2,
        max_length=1000,
        required=False,
        help_text=lazy("The act with its date and number."),
    )
    vision = TextField(label=lazy("Vision"), lines=4, max_length=LONGEST, required=False)
    start = _day(label=lazy("First day"))
    end = _day(label=lazy("Last day"), required=False, help_text=lazy("Blank where the policy has no end."))


class NewPolicyForm(PolicyForm, _Choosing):
    """The same, with the institution in the lead."""

    institution = forms.ChoiceField(label=lazy("Institution in the lead"))
    field_order = ["institution"]  # noqa: RUF012  (as Django declares it)

    def __init__(self, *args: Any, institutions: Iterable[Any], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.offer("institution", list(institutions))

    def clean_institution(self) -> Any:
        """The institution itself."""
        return self.kept[self.cleaned_data["institution"]]


class EditPolicyForm(PolicyForm):
    """The same of a policy that is here."""

    revision = forms.IntegerField(widget=forms.HiddenInput)


class PlanForm(forms.Form):
    """A stage under a policy, and by which settings it is followed."""

    title = TextField(label=lazy("Title"), max_length=500)
    start = _day(label=lazy("First day"))
    end = _day(label=lazy("Last day"))
    rhythm = forms.ChoiceField(label=lazy("Institutions report"), choices=Plan.Rhythm.choices)
    arrears_count = forms.BooleanField(
        label=lazy("Measures of earlier years that are still open count as due in the implementation rate"),
        required=False,
    )


class EditPlanForm(PlanForm):
    """The same of a plan that is here."""

    revision = forms.IntegerField(widget=forms.HiddenInput)


class InForceForm(forms.Form):
    """The legal act by which a draft comes into force."""

    act = TextField(label=lazy("Legal act"), lines=2, max_length=1000)
    act_number = forms.CharField(label=lazy("Number of the act"), max_length=60, required=False)
    adopted = _day(label=lazy("Adopted on"), required=False)
    since = _day(label=lazy("In force from"))
    reason = TextField(
        label=lazy("Why the plan is amended"),
        lines=3,
        max_length=LONGEST,
        required=False,
        help_text=lazy("Needed for every version but the first. It is public."),
    )
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, first: bool, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if first:
            del self.fields["reason"]


class ReasonForm(forms.Form):
    """Why something is thrown away or hidden."""

    reason = _reason()
    revision = forms.IntegerField(widget=forms.HiddenInput)


# A table handed in ------------------------------------------------------------------------------------------


class TableForm(forms.Form):
    """The table of an act."""

    file = forms.FileField(
        label=lazy("Table of the act"),
        help_text=lazy(
            "A Word document or an Excel workbook with the columns measure, deadline and responsible "
            "institutions, in English or Russian. First you see what was read."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".docx,.xlsx"}),
    )


class ConfirmForm(forms.Form):
    """Whose names these are, which measures are new, and that they are wanted as they were seen."""

    digest = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, *args: Any, judged: Judged, offered: Iterable[tuple[str, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        choices = [("", _("– to be decided –")), (NONE, _("none of the register")), *offered]
        for name in judged.names:
            initial = str(name.institution.pk) if name.institution else NONE if name.why == "none" else ""
            self.fields[name.field] = forms.ChoiceField(
                label=name.printed, choices=choices, required=False, initial=initial
            )
        for line in judged.lines:
            if line.doubtful and line.measure:
                self.fields[line.field] = forms.BooleanField(
                    label=_("{code} is a new measure").format(code=line.measure.code),
                    required=False,
                    initial=line.before is None,
                )


# Measures ---------------------------------------------------------------------------------------------------


class SectionForm(_Choosing):
    """A priority or an objective."""

    level = forms.ChoiceField(
        label=lazy("What it is"), choices=(("objective", lazy("Objective")), ("priority", lazy("Priority")))
    )
    parent = forms.ChoiceField(label=lazy("Below the priority"), required=False)
    code = forms.CharField(label=lazy("Number"), max_length=40, required=False)
    title = TextField(label=lazy("Title"), lines=2, max_length=1000)

    def __init__(self, *args: Any, priorities: Iterable[Any], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.sections = {str(one.pk): one for one in priorities}
        field: Any = self.fields["parent"]
        field.choices = [("", _("none")), *((key, str(one)) for key, one in self.sections.items())]

    def clean_parent(self) -> Any:
        """The section itself, or None."""
        return self.sections.get(self.cleaned_data["parent"])


class EditSectionForm(forms.Form):
    """Other words for a section."""

    code = forms.CharField(label=lazy("Number"), max_length=40, required=False)
    title = TextField(label=lazy("Title"), lines=2, max_length=1000)
    revision = forms.IntegerField(widget=forms.HiddenInput)


class EntryForm(forms.Form):
    """A measure, as the act has it."""

    section = forms.ChoiceField(label=lazy("Objective"))
    code = forms.CharField(label=lazy("Number"), max_length=40, required=False)
    title = TextField(label=lazy("Measure"), lines=3, max_length=LONGEST)
    expected = TextField(label=lazy("Expected result"), lines=2, max_length=LONGEST, required=False)
    deadline = forms.CharField(
        label=lazy("Deadline as the act has it"),
        max_length=300,
        required=False,
        help_text=lazy("Such as II quarter 2027. The days are read from it where you give none."),
    )
    first_day = _day(label=lazy("First day"), required=False)
    last_day = _day(label=lazy("Last day"), required=False)
    repeated = forms.ChoiceField(
        label=lazy("Comes again"), choices=[("", lazy("no")), *Entry.Repeated.choices], required=False
    )
    institutions = _lines(
        label=lazy("Institutions as the act names them"), max_length=LONGEST, required=False
    )
    funding = _lines(label=lazy("Source of funding as the act has it"), max_length=LONGEST, required=False)
    verification = TextField(label=lazy("Means of verification"), lines=2, max_length=LONGEST, required=False)
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

    def __init__(self, *args: Any, sections: Iterable[Any], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.sections = {str(one.pk): one for one in sections}
        field: Any = self.fields["section"]
        field.choices = [
            (key, f"{one.code} {plain(one.title)}".strip()) for key, one in self.sections.items()
        ]
        for framework in references.FRAMEWORKS:
            offered: Any = self.fields[framework.code]
            offered.choices = references.choices(framework)

    def clean_section(self) -> Any:
        """The section itself."""
        return self.sections[self.cleaned_data["section"]]

    def values(self) -> dict[str, Any]:
        """What the actions take."""
        found = dict(self.cleaned_data)
        codes = {one.code: found.pop(one.code) for one in references.FRAMEWORKS}
        found["references"] = [[framework, code] for framework, many in codes.items() for code in many]
        return found


class EditEntryForm(EntryForm):
    """The same of a measure that is here."""

    revision = forms.IntegerField(widget=forms.HiddenInput)


def said(entry: Entry) -> dict[str, Any]:
    """What the form of a measure shows at first."""
    names = (
        "code", "title", "expected", "deadline", "first_day", "last_day", "repeated", "institutions",
        "funding", "verification", "revision",
    )  # fmt: skip
    codes: Mapping[str, list[str]] = {
        one.code: [code for framework, code in entry.references if framework == one.code]
        for one in references.FRAMEWORKS
    }
    return {name: getattr(entry, name) for name in names} | {"section": str(entry.section_id)} | dict(codes)


class CostForm(forms.Form):
    """Money from one source."""

    source = forms.CharField(label=lazy("Source of funding"), max_length=300)
    amount = forms.DecimalField(
        label=lazy("Amount"), min_value=0, max_digits=20, decimal_places=2, required=False
    )
    currency = forms.RegexField(
        regex=r"^[A-Za-z]{3}$", label=lazy("Currency"), required=False, help_text=lazy("Three letters.")
    )
    committed = forms.BooleanField(
        label=lazy("The money is there; what is still sought is the gap"), required=False, initial=True
    )
    model = Cost


class IndicatorForm(forms.Form):
    """By what one sees it."""

    title = TextField(label=lazy("What is counted"), lines=2, max_length=1000)
    kind = forms.ChoiceField(label=lazy("What it tells of"), choices=MeasureIndicator.Kind.choices)
    unit = forms.CharField(label=lazy("Unit"), max_length=80, required=False)
    by_sex = forms.BooleanField(label=lazy("Counted for women and men apart"), required=False)


class RoleForm(_Choosing):
    """What an institution has to do with a measure."""

    institution = forms.ChoiceField(label=lazy("Institution"))
    kind = forms.ChoiceField(
        label=lazy("Role"),
        choices=[*Role.Kind.choices, ("", lazy("nothing any more"))],
        required=False,
    )
    reason = _reason(required=False, help_text=lazy("Needed while the version is in force."))
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, institutions: Iterable[Any], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.offer("institution", list(institutions))

    def clean_institution(self) -> Any:
        """The institution itself."""
        return self.kept[self.cleaned_data["institution"]]


class CoordinatorForm(RoleForm):
    """The one institution that reports for all."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        del self.fields["kind"]


class HandOverForm(_Choosing):
    """Which institution reports from now on, on what another one reported on."""

    giving = forms.ChoiceField(label=lazy("Institution that reported"))
    taking = forms.ChoiceField(label=lazy("Institution that reports from now on"))
    stays = forms.BooleanField(label=lazy("The first one goes on carrying the measures out"), required=False)
    reason = _reason()

    def __init__(self, *args: Any, giving: Iterable[Any], taking: Iterable[Any], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.offer("giving", list(giving))
        self.offer("taking", list(taking))

    def clean_giving(self) -> Any:
        """The institution itself."""
        return self.kept[self.cleaned_data["giving"]]

    def clean_taking(self) -> Any:
        """The institution itself."""
        return self.kept[self.cleaned_data["taking"]]


class FilterForm(forms.Form):
    """Which measures of a version are shown; what is not offered narrows nothing."""

    words = forms.CharField(label=lazy("Words"), max_length=100, required=False)
    section = forms.ChoiceField(label=lazy("Objective"), required=False)
    institution = forms.ChoiceField(label=lazy("Institution"), required=False)
    due = forms.ChoiceField(label=lazy("Due"), required=False)
    nobody = forms.BooleanField(label=lazy("Only those on which nobody reports"), required=False)

    def __init__(self, *args: Any, offered: Mapping[str, list[tuple[str, str]]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        special = [("continuous", _("continuous")), ("undated", _("without a last day"))]
        more = {"due": special}
        for name in ("section", "institution", "due"):
            field: Any = self.fields[name]
            field.choices = [("", _("all")), *offered[name], *more.get(name, [])]

    @property
    def wanted(self) -> dict[str, Any]:
        """What is asked for; a choice that is none is no choice."""
        if not self.is_bound:
            return {}
        self.is_valid()
        return {name: given for name, given in self.cleaned_data.items() if given}
