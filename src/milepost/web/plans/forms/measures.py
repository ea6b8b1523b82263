"""What people type of the measures of a plan and of who does what."""

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from milepost.web.plans.forms.common import LONGEST, Choosing, day, lines, short, why
from milepost.web.plans.models import Cost, Entry, MeasureIndicator, Role
from milepost.web.plans.queries import references
from milepost.web.stakeholders.fields import TextField
from milepost.web.ui.templatetags.ui import plain


class SectionForm(Choosing):
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
    first_day = day(label=lazy("First day"), required=False)
    last_day = day(label=lazy("Last day"), required=False)
    repeated = forms.ChoiceField(
        label=lazy("Comes again"), choices=[("", lazy("no")), *Entry.Repeated.choices], required=False
    )
    institutions = lines(label=lazy("Institutions as the act names them"), max_length=LONGEST, required=False)
    funding = lines(label=lazy("Source of funding as the act has it"), max_length=LONGEST, required=False)
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


_MILESTONE = re.compile(r"((?:19|20|21)\d\d)\s*[:;=\t ]\s*(-?\d[\d\s]{0,20}(?:[.,]\d{1,4})?)")


def _number(**options: Any) -> forms.DecimalField:
    return forms.DecimalField(max_digits=18, decimal_places=4, required=False, localize=True, **options)


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
    """By what one sees it, from where it is to go and to where."""

    title = TextField(label=lazy("What is counted"), lines=2, max_length=1000)
    kind = forms.ChoiceField(label=lazy("What it tells of"), choices=MeasureIndicator.Kind.choices)
    measured = forms.ChoiceField(label=lazy("What is typed"), choices=MeasureIndicator.Measured.choices)
    unit = forms.CharField(label=lazy("Unit"), max_length=80, required=False)
    of_people = forms.NullBooleanField(
        label=lazy("Counts people"),
        widget=forms.Select(choices=(("", lazy("not said")), ("true", lazy("yes")), ("false", lazy("no")))),
        required=False,
    )
    by_sex = forms.BooleanField(label=lazy("Counted for women and men apart"), required=False)
    direction = forms.ChoiceField(label=lazy("Where it is to go"), choices=MeasureIndicator.Direction.choices)
    tolerance = _number(
        label=lazy("Tolerance"),
        help_text=lazy("Only for what is to stay as it is: how far from it is still well, in its unit."),
    )
    baseline = _number(label=lazy("Baseline"))
    baseline_year = forms.IntegerField(
        label=lazy("Year of the baseline"), min_value=1950, max_value=2200, required=False
    )
    milestones = forms.CharField(
        label=lazy("To be reached by the end of a year"),
        required=False,
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=lazy("A year and a number on each line, such as “2027 45.5”; the last one is the target."),
    )

    def clean_milestones(self) -> dict[int, Decimal]:
        """{year: number}; ValidationError names every line that is not a year and a number."""
        found: dict[int, Decimal] = {}
        wrong = []
        for line in filter(str.strip, self.cleaned_data["milestones"].splitlines()):
            said = _MILESTONE.fullmatch(line.strip())
            if said is None or int(said[1]) in found:
                wrong.append(line.strip())
            else:
                found[int(said[1])] = Decimal(re.sub(r"\s", "", said[2]).replace(",", "."))
        if wrong:
            words = _("Each line is a year, once, and a number, such as “2027 45.5”: {lines}.")
            raise forms.ValidationError(words.format(lines="; ".join(wrong)))
        return found


class EditIndicatorForm(IndicatorForm):
    """The same of an indicator that is here."""

    revision = forms.IntegerField(widget=forms.HiddenInput)


def said_of_indicator(one: MeasureIndicator) -> dict[str, Any]:
    """What an indicator holds, as the form shows it at first."""
    names = ("title", "kind", "measured", "unit", "of_people", "by_sex", "direction", "baseline_year")
    numbers = {name: short(getattr(one, name)) for name in ("tolerance", "baseline")}
    lines = "\n".join(f"{year} {number:f}" for year, number in one.wanted.items())
    return {
        **{name: getattr(one, name) for name in names},
        **numbers,
        "milestones": lines,
        "revision": one.entry.revision,
    }


class RoleForm(Choosing):
    """What an institution has to do with a measure."""

    institution = forms.ChoiceField(label=lazy("Institution"))
    kind = forms.ChoiceField(
        label=lazy("Role"),
        choices=[*Role.Kind.choices, ("", lazy("nothing any more"))],
        required=False,
    )
    reason = why(required=False, help_text=lazy("Needed while the version is in force."))
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
