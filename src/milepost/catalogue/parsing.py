"""One definition file to one Indicator, with all its faults at once."""

import difflib
from typing import Any

from milepost.catalogue.definitions import (
    DIRECTIONS,
    WORDINGS,
    Column,
    Example,
    Indicator,
    Measured,
    Range,
    Rule,
    Source,
    Unit,
)
from milepost.catalogue.reading import Page, read
from milepost.values import Origin, Target, Text

_Path = tuple[str | int, ...]

REQUIRED = (
    "code", "framework", "title", "unit", "custodians", "direction", "source", "revision", "example",
)  # fmt: skip
OPTIONAL = (
    "label", "wording", "same_as", "method", "options", "questionnaire", "not_computed", "series", "columns",
    "breakdowns", "minimum_cell", "persons", "direction_reason", "limits", "plausible", "codes", "target",
    "rules", "caveats",
)  # fmt: skip
"""The fields of a definition file."""

_PARTS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {  # part: (required, optional)
    "unit": (("code", "name"), ()),
    "source": (("title",), ("dated", "url", "note")),
    "series": (
        ("code", "name"),
        ("unit", "method", "options", "recorded", "limits", "plausible", "codes", "verified"),
    ),
    "columns": (("name", "what"), ("required",)),
    "rules": (("code", "what"), ()),
    "target": (("value",), ("year",)),
    "example": (
        ("title", "given", "where", "result"),
        ("rows", "second", "answers", "series", "options", "digits"),
    ),
}
_GIVEN = ("source", "computed", "constructed")


def parse(text: str, origin: Origin | str) -> Indicator:
    """Read one definition file; MilepostError with every fault of it, each with its line and its remedy.

    Whether the method named exists is known above, in the measure room.
    """
    page = read(text, origin)
    check_names(page, (), REQUIRED, OPTIONAL)
    indicator = _indicator(page)
    _check_sense(page, indicator)
    page.refuse_if_faulty()
    return indicator


def _indicator(page: Page) -> Indicator:
    return Indicator(
        code=page.string("code"),
        framework=page.string("framework"),
        title=_named(page, "title"),
        label=page.text("label"),
        wording=page.mapping("wording"),
        same_as=page.strings("same_as"),
        unit=_unit(page, ("unit",)),
        custodians=page.strings("custodians"),
        method=page.string("method") or None,
        options=page.mapping("options"),
        questionnaire=page.string("questionnaire") or None,
        not_computed=page.text("not_computed"),
        series=tuple(_measured(page, ("series", at)) for at in range(page.count("series"))),
        columns=tuple(_column(page, ("columns", at)) for at in range(page.count("columns"))),
        breakdowns=page.strings("breakdowns"),
        minimum_cell=page.whole("minimum_cell"),
        persons=page.string("persons") or None,
        direction=page.string("direction"),
        direction_reason=page.text("direction_reason"),
        limits=_range(page, ("limits",)) or Range(),
        plausible=_range(page, ("plausible",)) or Range(),
        codes=_numbers(page, ("codes",)) or (),
        target=_target(page),
        rules=tuple(_rule(page, ("rules", at)) for at in range(page.count("rules"))),
        caveats=tuple(page.text("caveats", at) for at in range(page.count("caveats"))),
        source=read_source(page, ("source",)),
        revision=page.whole("revision") or 0,
        examples=tuple(_example(page, ("example", at)) for at in range(page.count("example"))),
    )


def _check_sense(page: Page, indicator: Indicator) -> None:
    """Faults between fields: an unknown direction, a missing reason, no or two ways to the value."""
    if indicator.direction and indicator.direction not in DIRECTIONS:
        page.fault("definition-direction", "direction", found=indicator.direction)
    if indicator.direction == "none" and not indicator.direction_reason:
        page.fault("definition-reason", "direction_reason", of="direction: none")
    ways = (indicator.method, indicator.questionnaire, indicator.not_computed)
    if sum(map(bool, ways)) != 1:
        page.fault("definition-ways", "method", count=sum(map(bool, ways)))
    for language, who in indicator.wording.items():
        if who not in WORDINGS:
            page.fault("definition-choice", "wording", language, found=who, known=", ".join(WORDINGS))
    named = [column.name for column in indicator.columns]
    if indicator.persons is not None and indicator.persons not in named:
        page.fault("definition-choice", "persons", found=indicator.persons, known=", ".join(named))
    known = {entry.code for entry in indicator.series}
    for at, example in enumerate(indicator.examples):
        if example.given and example.given not in _GIVEN:
            page.fault(
                "definition-choice", "example", at, "given", found=example.given, known=", ".join(_GIVEN)
            )
        if example.series is not None and example.series not in known:
            page.fault(
                "definition-choice",
                "example",
                at,
                "series",
                found=example.series,
                known=", ".join(sorted(known)),
            )
    if isinstance(page.get("example"), list) and not indicator.examples:
        page.fault("definition-missing", "example")


def check_names(page: Page, path: _Path, required: tuple[str, ...], optional: tuple[str, ...]) -> None:
    """Note fields that are missing, and fields that nobody reads, which are often misspelt ones."""
    entries = page.mapping(*path)
    for name in required:
        if entries.get(name) is None:
            page.fault("definition-missing", *path, name)
    for name in entries:
        if name not in required and name not in optional:
            near = difflib.get_close_matches(name, (*required, *optional), 1)
            page.fault("definition-unknown-field", *path, name, near=near[0] if near else "–")


def _check_part(page: Page, path: _Path) -> None:
    part = next(step for step in reversed(path) if isinstance(step, str))
    check_names(page, path, *_PARTS[part])


def _named(page: Page, *path: str | int) -> Text:
    words = page.text(*path)
    if not words and page.get(*path) == {}:
        page.fault("definition-missing", *path)
    return words


def _unit(page: Page, path: _Path) -> Unit:
    if page.get(*path) is not None:
        _check_part(page, path)
    return Unit(page.string(*path, "code"), page.text(*path, "name"))


def read_source(page: Page, path: _Path) -> Source:
    """The entry that names the document a definition rests on."""
    if page.get(*path) is not None:
        _check_part(page, path)
    return Source(
        title=page.string(*path, "title"),
        dated=page.date(*path, "dated"),
        url=page.string(*path, "url") or None,
        note=page.text(*path, "note"),
    )


def _measured(page: Page, path: _Path) -> Measured:
    _check_part(page, path)
    return Measured(
        code=page.string(*path, "code"),
        name=page.text(*path, "name"),
        unit=_unit(page, (*path, "unit")) if page.get(*path, "unit") is not None else None,
        method=page.string(*path, "method") or None,
        options=page.mapping(*path, "options"),
        recorded=_truth(page, (*path, "recorded"), default=False),
        limits=_range(page, (*path, "limits")),
        plausible=_range(page, (*path, "plausible")),
        codes=_numbers(page, (*path, "codes")),
        verified=_truth(page, (*path, "verified"), default=True),
    )


def _column(page: Page, path: _Path) -> Column:
    _check_part(page, path)
    return Column(
        page.string(*path, "name"),
        page.text(*path, "what"),
        _truth(page, (*path, "required"), default=True),
    )


def _rule(page: Page, path: _Path) -> Rule:
    _check_part(page, path)
    return Rule(page.string(*path, "code"), page.text(*path, "what"))


def _target(page: Page) -> Target | None:
    if page.get("target") is None:
        return None
    _check_part(page, ("target",))
    value = page.number("target", "value")
    return None if value is None else Target(value, page.whole("target", "year") or 2030)


def _example(page: Page, path: _Path) -> Example:
    _check_part(page, path)
    second = page.get(*path, "second")
    answers = page.get(*path, "answers")
    digits = page.get(*path, "digits")
    return Example(
        title=page.string(*path, "title"),
        given=page.string(*path, "given"),
        where=page.string(*path, "where"),
        result=page.mapping(*path, "result"),
        rows=_rows(page, (*path, "rows")),
        second=None if second is None else _rows(page, (*path, "second")),
        answers=None if answers is None else page.mapping(*path, "answers"),
        series=page.string(*path, "series") or None,
        options=page.mapping(*path, "options"),
        digits=9 if digits is None else (page.whole(*path, "digits") or 0),
    )


def _rows(page: Page, path: _Path) -> tuple[dict[str, Any], ...]:
    return tuple(page.mapping(*path, at) for at in range(page.count(*path)))


def _range(page: Page, path: _Path) -> Range | None:
    if page.get(*path) is None:
        return None
    check_names(page, path, (), ("minimum", "maximum"))
    low, high = page.number(*path, "minimum"), page.number(*path, "maximum")
    if low is not None and high is not None and low > high:
        page.fault("definition-range", *path, minimum=low, maximum=high)
    return Range(low, high)


def _numbers(page: Page, path: _Path) -> tuple[float, ...] | None:
    if page.get(*path) is None:
        return None
    numbers = (page.number(*path, at) for at in range(page.count(*path)))
    return tuple(number for number in numbers if number is not None)


def _truth(page: Page, path: _Path, default: bool) -> bool:
    value = page.get(*path)
    if value is not None and not isinstance(value, bool):
        page.fault("definition-type", *path, expected="true or false", found=repr(value))
    return value if isinstance(value, bool) else default
