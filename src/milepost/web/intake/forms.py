"""Forms of this app: what the columns and words of a file mean."""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from milepost.recipes.incoming import (
    ACROSS,
    INDICATOR,
    STATUS,
    TOTAL,
    National,
    Reading,
    Unknown,
    dimensions,
    is_year,
    years_across,
)
from milepost.values import Table, Text
from milepost.web.intake.words import GROUPS, codes_of, name_of
from milepost.web.ui.templatetags.ui import plain

LEAVE_OUT, OWN, KEEP, EACH = "-", "own", "=", "each"
MOST_WORDS = 300
"""Words of a concept on one page; further ones come after saving."""
LIST_FROM = 60
"""Code lists longer than this are offered as suggestions to a field, not as a list to choose from."""
FIXED = (INDICATOR, "series", "unit_measure")
"""What can be said once for the whole file, where no column tells it."""


class Column(NamedTuple):
    """A line of the page: a column of the file, its first values, and the field of its meaning."""

    header: str
    samples: tuple[str, ...]
    field: Any
    open: bool


class Word(NamedTuple):
    """A line of the page: a word of the file and the field of its code."""

    text: str
    field: Any
    open: bool


class MappingForm(forms.Form):
    """What each column is, which code each word has, and what holds for every row."""

    mapping = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)

    def __init__(
        self,
        data: Any = None,
        *,
        tables: Sequence[Table],
        described: Sequence[Mapping[str, Any]],
        how: tuple[Reading, Sequence[Unknown]],
        indicators: Iterable[tuple[str, Text]],
        national: National,
        last: int,
    ):
        super().__init__(data, initial={"mapping": last})
        self.reading, self.unknown = how
        self.national = national
        self.headers = list(dict.fromkeys(header for table in tables for header in table.columns))
        self.years = list(dict.fromkeys(year for table in tables for year in years_across(table.columns)))
        self.samples: dict[str, tuple[str, ...]] = {}
        for table in described:
            for header, texts in table.get("samples", {}).items():
                self.samples[header] = tuple(dict.fromkeys((*self.samples.get(header, ()), *texts)))[:3]
        self.words = self._words()
        self._add_columns()
        self._add_words()
        self._add_fixed(indicators)

    # Building

    def _words(self) -> dict[str, list[str]]:
        """The words of each concept to be shown: those without code first."""
        found: dict[str, list[str]] = {}
        for unknown in self.unknown:
            if unknown.kind == "word":
                found.setdefault(unknown.concept, []).append(unknown.text)
        for name, words in self.reading.codes.items():
            listed = found.setdefault(name, [])
            listed += [word for word in words if word not in listed]
        return {name: words[:MOST_WORDS] for name, words in found.items() if words}

    def _add_columns(self) -> None:
        undecided = {unknown.text for unknown in self.unknown if unknown.kind in ("column", "twice")}
        across = any(self.reading.columns.get(year) == ACROSS for year in self.years)
        if self.years:
            self.fields["years"] = forms.ChoiceField(
                label=_years_in_words(self.years),
                choices=[
                    (ACROSS, _("years, with a value in each cell")),
                    (EACH, _("each column by itself")),
                ],
                initial=ACROSS if across else EACH,
            )
        for number, header in enumerate(self.headers):
            if across and header in self.years:
                continue
            meaning = self.reading.columns.get(header)
            chosen = "" if meaning is None else meaning or LEAVE_OUT
            self.fields[f"column_{number}"] = forms.ChoiceField(
                label=header,
                choices=_meanings(header, chosen, self.national),
                initial=chosen,
                required=False,
                error_messages={"invalid_choice": _("Choose one of the list.")},
            )
            self.fields[f"column_{number}"].widget.attrs["data-open"] = str(header in undecided).lower()

    def _add_words(self) -> None:
        suggested = {(u.concept, u.text): u.suggestion for u in self.unknown if u.kind == "word"}
        for name, words in self.words.items():
            codes = codes_of(name, self.national)
            for word in words:
                chosen = self.reading.codes.get(name, {}).get(word) or suggested.get((name, word), "")
                self.fields[_key(name, word)] = _field_of_word(name, word, codes, chosen)

    def _add_fixed(self, indicators: Iterable[tuple[str, Text]]) -> None:
        told = set(self.reading.columns.values())
        listed = [(code, f"{code} {plain(title)}"[:120]) for code, title in indicators]
        for name in FIXED:
            if name in told and not self.reading.fixed.get(name):
                continue
            initial = self.reading.fixed.get(name, "")
            label = name_of(name)
            if name == INDICATOR:
                choices = [("", gettext_lazy("not for all rows")), *listed]
                self.fields["fixed_indicator"] = forms.ChoiceField(
                    label=label, choices=choices, initial=initial, required=False
                )
            elif name == "unit_measure":
                units = [(code, plain(text)) for code, text in codes_of(name, self.national).items()]
                if initial and initial not in dict(units):
                    units.append((initial, initial))
                choices = [("", gettext_lazy("not stated")), *units]
                self.fields["fixed_unit_measure"] = forms.ChoiceField(
                    label=label, choices=choices, initial=initial, required=False
                )
            else:
                self.fields[f"fixed_{name}"] = forms.CharField(
                    label=label, initial=initial, required=False, max_length=60
                )

    # Showing

    def columns(self) -> list[Column]:
        """The lines of the columns; those of years together are one, before the first of them."""
        lines = []
        for number, header in enumerate(self.headers):
            if self.years and header == self.years[0]:
                texts = (text for year in self.years for text in self.samples.get(year, ()))
                samples = tuple(dict.fromkeys(texts))[:3]
                lines.append(Column(_years_in_words(self.years), samples, self["years"], open=False))
            if (field := f"column_{number}") in self.fields:
                opened = self.fields[field].widget.attrs["data-open"] == "true"
                lines.append(Column(header, self.samples.get(header, ()), self[field], opened))
        return lines

    def words_by_concept(self) -> list[tuple[str, list[Word], dict[str, str] | None]]:
        """(name of the concept, its words, the codes to suggest where there are too many to choose from)."""
        unknown = {(u.concept, u.text) for u in self.unknown if u.kind == "word"}
        found = []
        for name, words in self.words.items():
            lines = [Word(word, self[_key(name, word)], (name, word) in unknown) for word in words]
            codes = codes_of(name, self.national)
            offered = {code: plain(text) for code, text in codes.items()} if len(codes) > LIST_FROM else None
            found.append((name, name_of(name, self.national.titles), lines, offered))
        return found

    def fixed_fields(self) -> list[Any]:
        """What can be said once for the whole file."""
        again = {name_of(unknown.concept) for unknown in self.unknown if unknown.kind == "again"}
        for name in FIXED:
            if f"fixed_{name}" in self.fields and name_of(name) in again:
                self.fields[f"fixed_{name}"].help_text = _("So it was for the last file with these columns.")
        return [self[f"fixed_{name}"] for name in FIXED if f"fixed_{name}" in self.fields]

    # What was said

    def said(self) -> dict[str, Any]:
        """columns, codes and fixed, as `actions.remember` takes them."""
        columns = {}
        for number, header in enumerate(self.headers):
            chosen = self.cleaned_data.get(f"column_{number}", "")
            if header in self.years and self.cleaned_data.get("years") == ACROSS:
                columns[header] = ACROSS
            elif chosen:
                columns[header] = "" if chosen == LEAVE_OUT else _own(header) if chosen == OWN else chosen
        codes: dict[str, dict[str, str]] = {
            name: dict(words) for name, words in self.reading.codes.items() if name in columns.values()
        }
        for name, words in self.words.items():
            for word in words:
                chosen = self.cleaned_data.get(_key(name, word), "").strip()
                of_name = codes.setdefault(name, {})
                if chosen:
                    of_name[word] = word if chosen == KEEP else chosen
                else:
                    of_name.pop(word, None)
        fixed = {name: self.cleaned_data.get(f"fixed_{name}", "").strip() for name in FIXED}
        return {"columns": columns, "codes": codes, "fixed": fixed}


def _key(name: str, word: str) -> str:
    return f"word_{hashlib.sha256(f'{name} {word}'.encode()).hexdigest()[:16]}"


def _own(header: str) -> str:
    """The name of a breakdown of the file's own, from its header."""
    return re.sub(r"\W+", "_", header.strip().lower()).strip("_")[:40] or "breakdown"


def _years_in_words(years: Sequence[str]) -> str:
    """The headers of years, the first and the last of many.

    >>> _years_in_words(["2015", "2016"]), _years_in_words(["2015", "2016", "2017", "2018"])
    ('2015, 2016', '2015, 2016 … 2018')
    """
    return ", ".join(years) if len(years) < 4 else f"{years[0]}, {years[1]} … {years[-1]}"


def _meanings(header: str, chosen: str, national: National) -> list[Any]:
    """Everything that a column can be."""
    groups: list[Any] = [
        (str(title), sorted(((name, name_of(name)) for name in names), key=lambda pair: pair[1]))
        if names is not GROUPS[0][1]
        else (str(title), [(name, name_of(name)) for name in names])
        for title, names in GROUPS
    ]
    added = [
        (name, name_of(name, national.titles)) for name in national.dimensions if name not in dimensions()
    ]
    if added:
        groups.append((_("Breakdowns of the country"), added))
    known = {name for _title, names in GROUPS for name in names} | dict(added).keys() | {ACROSS}
    own = [(OWN, _("a breakdown of its own"))]
    if is_year(header):
        own.insert(0, (ACROSS, name_of(ACROSS)))
    if chosen and chosen not in known and chosen != LEAVE_OUT:
        own = [(chosen, _("a breakdown of its own: {name}").format(name=chosen))]
    return [("", _("choose …")), (LEAVE_OUT, _("leave out")), *own, *groups]


def _field_of_word(name: str, word: str, codes: Mapping[str, Text], chosen: str) -> forms.Field:
    """What a word can mean: a code of the list, no breakdown, or for open lists what it says itself."""
    if chosen == word:
        chosen = KEEP
    if len(codes) > LIST_FROM:
        field: forms.Field = forms.CharField(
            label=word, initial=word if chosen == KEEP else chosen, required=False, max_length=60
        )
        field.widget.attrs["list"] = f"codes-{name}"
        return field
    total = [] if name == STATUS else [(TOTAL, _("total: no breakdown"))]
    kept = [(KEEP, _("keep the word as it is"))] if name not in _CLOSED else []
    listed = [(code, f"{plain(text)} ({code})") for code, text in codes.items()]
    if chosen and chosen not in {*codes, TOTAL, KEEP}:
        listed.append((chosen, chosen))
    return forms.ChoiceField(
        label=word,
        choices=[("", _("choose …")), *total, *kept, *listed],
        initial=chosen,
        required=False,
    )


_CLOSED = frozenset({"sex", "urbanisation", "reporting_type", "nature", STATUS})
