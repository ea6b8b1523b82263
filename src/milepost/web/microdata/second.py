"""The second file: the form that says which of its columns is the denominator, and what its words mean."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from milepost import catalogue
from milepost.recipes.incoming import National
from milepost.values import Problem
from milepost.web.indicators.queries import names
from milepost.web.microdata import explaining
from milepost.web.microdata.forms import (
    Breakdown,
    Value,
    code_field,
    column_field,
    not_shown,
    other_field,
    suggestions,
)
from milepost.web.ui.templatetags.ui import plain


class SecondForm(forms.Form):
    """The column of the denominator, and a column for each breakdown of the first file, with its codes.

    Breakdowns of numbers take the groups of the first file; so do words that get no code of their own.
    """

    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self,
        data: Any = None,
        *,
        measurement: Any,
        definition: catalogue.Indicator,
        national: National,
    ):
        super().__init__(data, initial={"revision": measurement.revision})
        self.measurement, self.definition, self.national = measurement, definition, national
        self.whole: dict[str, Any] = explaining.data_of(measurement.mapping)
        self.said: dict[str, Any] = self.whole.get("second") or {}
        self.columns = {column["name"]: column for column in measurement.second["columns"]}
        self.dimensions = list(self.whole.get("dimensions") or {})
        series = explaining.series_of(definition, self.whole)
        self.role = explaining.denominator_of(definition, series) or "denominator"
        self._paths: dict[str, str] = {}  # entry of the mapping -> field
        self._add_denominator()
        for at, name in enumerate(self.dimensions):
            self._add_breakdown(at, name)

    def _part(self, name: str) -> dict[str, Any]:
        found = self.said.get(name)
        return found if isinstance(found, dict) else {}

    def _add_denominator(self) -> None:
        what = {column.name: column.what for column in self.definition.columns}.get(self.role)
        chosen = self._part("columns").get(self.role)
        field = column_field(self.columns, _("Denominator"), chosen, hint=plain(what) if what else "")
        field.required = True
        self.fields["denominator"] = field
        for path in ("second", "second, columns", f"second, columns, {self.role}"):
            self._paths[path] = "denominator"

    def _add_breakdown(self, at: int, name: str) -> None:
        column = self._part("dimensions").get(name)
        self.fields[f"by_{at}"] = column_field(self.columns, names.dimension(name), column)
        self._paths |= dict.fromkeys((f"second, dimensions, {name}", f"second, recodes, {name}"), f"by_{at}")
        known = self.columns.get(column or "")
        if known is None or not known["values"]:
            return
        recode = self._part("recodes").get(name) or {}
        for number, (value, label) in enumerate(known["values"].items()):
            code = recode.get(value) or (recode.get(label, "") if label else "")
            self.fields[f"code_{at}_{number}"] = code_field(self.national, name, label or value, code)
        self.fields[f"other_{at}"] = other_field(recode.get("other"))

    # For the page

    @property
    def breakdowns(self) -> list[Breakdown]:
        """Each breakdown with its column and the values of this."""
        return [self._breakdown(at, name) for at, name in enumerate(self.dimensions)]

    def _breakdown(self, at: int, name: str) -> Breakdown:
        column = self.columns.get(self._part("dimensions").get(name, ""))
        said: dict[str, str] = column["values"] if column else {}
        values = [
            Value(value, label, self[f"code_{at}_{number}"])
            for number, (value, label) in enumerate(said.items())
        ]
        other = self[f"other_{at}"] if f"other_{at}" in self.fields else None
        return Breakdown(name, names.dimension(name), self[f"by_{at}"], values, [], other)

    @property
    def suggestions(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """(id, [(code, name)]) of the lists that fields suggest from."""
        return suggestions(self.national, self.dimensions)

    @property
    def too_long(self) -> list[str]:
        """The columns of breakdowns whose rows were too many to be looked through."""
        return [name for name, column in self.columns.items() if column.get("whole") is False]

    # What was said

    def data_said(self) -> dict[str, Any]:
        """The mapping as plain data, with the part for the second file as it was said."""
        typed = self.cleaned_data
        dimensions = {name: typed[f"by_{at}"] for at, name in enumerate(self.dimensions) if typed[f"by_{at}"]}
        said = {
            "file": self.measurement.second["name"],
            "columns": {self.role: typed["denominator"]},
            "dimensions": dimensions,
            "recodes": self._recodes_said(dimensions),
        }
        columns = {
            role: column for role, column in self.whole.get("columns", {}).items() if role != self.role
        }
        return explaining.tidy({**self.whole, "columns": columns, "second": explaining.tidy_second(said)})

    def _recodes_said(self, dimensions: Mapping[str, str]) -> dict[str, Any]:
        """The codes of columns that stay; those of a column that is new are guessed when it is looked at."""
        before, found = self._part("dimensions"), {}
        for at, name in enumerate(self.dimensions):
            column = self.columns.get(dimensions.get(name, ""))
            if column is None or before.get(name) != column["name"]:
                continue
            if recode := self._recode_said(at, name, column):
                found[name] = recode
        return found

    def _recode_said(self, at: int, name: str, column: Mapping[str, Any]) -> dict[str, Any]:
        typed, before = self.cleaned_data, self._part("recodes").get(name) or {}
        if not column["values"]:
            return before
        said = {
            value: code
            for number, value in enumerate(column["values"])
            if (code := typed.get(f"code_{at}_{number}"))
        }
        if not said:
            return {}
        around = {"missing": before["missing"]} if "missing" in before else {}
        other = {"other": typed[f"other_{at}"]} if typed.get(f"other_{at}") else {}
        return {**not_shown(before, column), **said, **around, **other}

    def show(self, problems: Iterable[Problem], words: Any) -> None:
        """Each fault of this part at its field, others above the form; `words` says it in a sentence."""
        for problem in problems:
            self.add_error(self._field_of(problem.origin.column or ""), words(problem))

    def _field_of(self, path: str) -> str | None:
        while path:
            if path in self._paths:
                return self._paths[path]
            path = path.rpartition(", ")[0]
        return None
