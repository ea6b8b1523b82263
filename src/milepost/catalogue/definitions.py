"""The kinds of definition that ship: indicators, frameworks, crosswalks, national lists."""

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from itertools import takewhile
from typing import Any

from milepost.errors import refuse
from milepost.values import Target, Text

DIRECTIONS = ("up", "down", "none")
"""What counts as progress: a rise, a fall, or neither; "none" means: do not assess."""

WORDINGS = ("ours", "national", "community")
"""Who worded a name that is not official: Milepost, a national office, or an open translation project."""

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Source:
    """The document a definition rests on; `dated` is the document's own date, as far as it gives one."""

    title: str
    dated: str | None = None
    url: str | None = None
    note: Text = field(default_factory=Text)


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of measure: its code in the code list "unit", and its name."""

    code: str
    name: Text


@dataclass(frozen=True, slots=True)
class Range:
    """Bounds of a value, both included; None is no bound."""

    minimum: float | None = None
    maximum: float | None = None

    def holds(self, value: float) -> bool:
        """Whether a value lies within the bounds."""
        return (self.minimum is None or value >= self.minimum) and (
            self.maximum is None or value <= self.maximum
        )


@dataclass(frozen=True, slots=True)
class Column:
    """A column that the method reads."""

    name: str
    what: Text
    required: bool = True


@dataclass(frozen=True, slots=True)
class Measured:
    """One statistical series of an indicator, and in what it differs from the indicator's own entries.

    `recorded` is True where its value is not computed here. `verified` is False where the meaning of the code
    was not read in a published data structure.
    """

    code: str
    name: Text
    unit: Unit | None = None
    method: str | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    recorded: bool = False
    limits: Range | None = None
    plausible: Range | None = None
    codes: tuple[float, ...] | None = None
    verified: bool = True


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule on what the rows refer to, when the source has had several; a dataset says which one it used."""

    code: str
    what: Text


@dataclass(frozen=True, slots=True)
class Example:
    """A worked example, small enough to check by hand: rows or answers in, result out.

    `given` says where its numbers come from: "source" (printed there), "computed" (from the source's
    numbers) or "constructed" (made up to show the rule); `where` names the place. `digits` is the
    number of decimals that `result["value"]` is given to.
    """

    title: str
    given: str
    where: str
    result: Mapping[str, Any]
    rows: tuple[Row, ...] = ()
    second: tuple[Row, ...] | None = None
    answers: Mapping[str, str] | None = None
    series: str | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    digits: int = 9


@dataclass(frozen=True, slots=True)
class Indicator:
    """What an indicator measures, in which unit, by which method, from what, and what counts as progress.

    Exactly one of `method` (a name in the measure room), `questionnaire` (the code of one that is
    tallied) and `not_computed` (why the value is only recorded) says where its value comes from.
    `minimum_cell` is the fewest persons a published cell may rest on; a row is one person, unless `persons`
    names the column that counts them. `limits` cannot be left; `plausible` hardly can, and a value outside
    asks for a look.
    """

    code: str
    framework: str
    title: Text
    unit: Unit
    custodians: tuple[str, ...]
    direction: str
    source: Source
    revision: int
    examples: tuple[Example, ...]
    wording: Mapping[str, str] = field(default_factory=dict)
    label: Text = field(default_factory=Text)
    same_as: tuple[str, ...] = ()
    method: str | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    questionnaire: str | None = None
    not_computed: Text = field(default_factory=Text)
    series: tuple[Measured, ...] = ()
    columns: tuple[Column, ...] = ()
    breakdowns: tuple[str, ...] = ()
    minimum_cell: int | None = None
    persons: str | None = None
    direction_reason: Text = field(default_factory=Text)
    limits: Range = field(default_factory=Range)
    plausible: Range = field(default_factory=Range)
    codes: tuple[float, ...] = ()
    target: Target | None = None
    rules: tuple[Rule, ...] = ()
    caveats: tuple[Text, ...] = ()

    @property
    def assessable(self) -> bool:
        """Whether a change of the value can be read as progress at all."""
        return self.direction != "none"

    def measured(self, series: str | None) -> Measured | None:
        """The entry of one statistical series, or None where there is no such entry."""
        return next((entry for entry in self.series if entry.code == series), None)

    def calculation(self, series: str | None = None) -> tuple[str | None, Mapping[str, Any]]:
        """(method, options) of the indicator or of one series; None where the value is not computed."""
        entry = self.measured(series)
        if entry is None:
            return self.method, self.options
        if entry.recorded:
            return None, {}
        if entry.method is not None:
            return entry.method, entry.options
        return self.method, {**self.options, **entry.options}

    def unit_of(self, series: str | None) -> Unit:
        """The unit of one series, which is the indicator's unless the series has its own."""
        entry = self.measured(series)
        return entry.unit if entry is not None and entry.unit is not None else self.unit

    def bounds(self, series: str | None) -> tuple[Range, Range, tuple[float, ...]]:
        """(limits, plausible range, allowed codes) of one series; no codes means that any number will do."""
        entry = self.measured(series)
        if entry is None:
            return self.limits, self.plausible, self.codes
        return (
            self.limits if entry.limits is None else entry.limits,
            self.plausible if entry.plausible is None else entry.plausible,
            self.codes if entry.codes is None else entry.codes,
        )

    def as_dict(self) -> dict[str, Any]:
        """Everything, as plain dicts, lists, texts and numbers that JSON can hold."""
        return as_plain(self)


@dataclass(frozen=True, slots=True)
class Item:
    """One goal, target, objective, domain or criterion of a framework.

    `wording` says, by language, who worded the name where it is not official (a key of WORDINGS).
    """

    code: str
    level: str
    name: Text
    parent: str | None = None
    short: Text = field(default_factory=Text)
    wording: Mapping[str, str] = field(default_factory=dict)
    other_names: Mapping[str, Text] = field(default_factory=dict)

    def is_official(self, language: str) -> bool:
        """Whether the name in this language is the official one."""
        return language in self.name and language not in self.wording


@dataclass(frozen=True, slots=True)
class Framework:
    """Goals, principles, objectives or criteria that others agreed on, with their codes and names."""

    code: str
    name: Text
    source: Source
    items: tuple[Item, ...]

    def item(self, code: str) -> Item:
        """The entry with this code; MilepostError with near matches for an unknown one."""
        by_code = {item.code: item for item in self.items}
        if code in by_code:
            return by_code[code]
        raise refuse("unknown-entry", self.code, wanted=code, framework=self.code, near=near(code, by_code))

    def level(self, name: str) -> tuple[Item, ...]:
        """The entries of one level, such as "goal" or "target", in their order."""
        return tuple(item for item in self.items if item.level == name)

    def as_dict(self) -> dict[str, Any]:
        """Everything, as plain dicts, lists, texts and numbers that JSON can hold."""
        return as_plain(self)


@dataclass(frozen=True, slots=True)
class Crosswalk:
    """Which entries of one framework bear on which of another; `status` is "proposal" or "published"."""

    code: str
    name: Text
    status: str
    source: Source
    origin: str
    goal: str
    pairs: tuple[tuple[str, str], ...]

    def towards(self, code: str) -> tuple[str, ...]:
        """The codes of the other framework that an entry of the first is linked to."""
        return tuple(other for one, other in self.pairs if one == code)


@dataclass(frozen=True, slots=True)
class ListVersion:
    """One version of a list of indicators: since when (None: date not found), how many, of which kinds."""

    size: int
    since: str | None = None
    composition: Mapping[str, int] = field(default_factory=dict)
    note: Text = field(default_factory=Text)


@dataclass(frozen=True, slots=True)
class IndicatorList:
    """A country's list of indicators with its versions, oldest first."""

    code: str
    country: str
    name: Text
    source: Source
    versions: tuple[ListVersion, ...]


def near(wanted: str, known: Iterable[str]) -> str:
    """The few known codes that most resemble an unknown one: same beginning first, then similar letters."""

    def likeness(code: str) -> tuple[int, float]:
        alike = takewhile(lambda pair: pair[0] == pair[1], zip(wanted, code, strict=False))
        return len(list(alike)), difflib.SequenceMatcher(None, wanted, code).ratio()

    return ", ".join(sorted(known, key=likeness, reverse=True)[:4])


def as_plain(value: Any) -> Any:
    """A value as plain dicts, lists, texts and numbers, ready for JSON; records leave out what is empty."""
    if is_dataclass(value) and not isinstance(value, type):
        pairs = ((entry.name, as_plain(getattr(value, entry.name))) for entry in fields(value))
        return {name: plain for name, plain in pairs if plain not in (None, {}, [])}
    if isinstance(value, Mapping):
        return {str(key): as_plain(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [as_plain(entry) for entry in value]
    return value


@dataclass(frozen=True, slots=True)
class FundRule:
    """A rule of a fund that a register looks after: a limit with its unit, in force for years of approval.

    One whose source was not seen (`verified`) is kept for those who can confirm it, and never applied.
    """

    code: str
    limit: float
    most: float | None
    since: int
    until: int | None
    verified: bool
    source: str
    url: str

    def holds_in(self, year: int | None) -> bool:
        """Whether it applies to a project approved in this year; to one without year, if still in force."""
        if not self.verified:
            return False
        if year is None:
            return self.until is None
        return self.since <= year and (self.until is None or year <= self.until)


@dataclass(frozen=True, slots=True)
class Fund:
    """A fund with its rules, dated."""

    code: str
    name: Text
    rules: tuple[FundRule, ...]
