"""The rules of the IATI Standard: one small function for each type of rule.

A case of a rule first becomes one XPath that finds suspects in the whole file at once; only these are then
judged one by one. So a file of thousands of activities is judged in a moment.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any, NamedTuple

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue] - it has no stubs

from milepost.catalogue import iati as standard

Case = Mapping[str, Any]


class Found(NamedTuple):
    """A place that breaks a rule: the element, the attribute ("" for none), and particulars of the fault."""

    element: etree._Element
    attribute: str
    details: dict[str, Any]


class Breach(NamedTuple):
    """The number of a rule, the code of the fault that it is to break it, and a place that does."""

    rule: str
    fault: str
    found: Found


def breaches(root: etree._Element, edition: str, today: date | None = None) -> Iterator[Breach]:
    """Every place that breaks a rule of the edition ("1" or "2"); `today` judges dates in the future."""
    day = today or datetime.now(tz=UTC).date()
    seen: set[tuple[str, etree._Element, str]] = set()
    names = {element.tag for element in root.iter()}
    for case in _judged(edition):
        if not _may_apply(case, names):
            continue
        for value in _groups(case, root):
            for element in _suspects(case)(root, value=value, today=_number(day)):
                for found in RULES[case["type"]].judge(element, case, _Terms(value, day)):
                    fault = _FAULT_OF[case["rule"]]
                    key = (fault, found.element, found.attribute)
                    if key not in seen:  # two rules may say the same of one place
                        seen.add(key)
                        yield Breach(case["rule"], fault, found)


@cache
def needing_the_registry(edition: str) -> tuple[str, ...]:
    """The numbers of the rules that only the live registry can judge, in the order of the standard."""
    return tuple(dict.fromkeys(case["rule"] for case in standard.rules(edition) if "idCondition" in case))


@cache
def _judged(edition: str) -> tuple[Case, ...]:
    return tuple(case for case in standard.rules(edition) if "idCondition" not in case)


class _Terms(NamedTuple):
    """What a case is judged with: the vocabulary of its group ("" where it has none), and the day."""

    value: str
    today: date


def _may_apply(case: Case, names: set[str]) -> bool:
    """Whether a file with elements of these names has the context of a case, and what it looks at there."""
    looked_at = [case[term] for term in ("date", "less", "start") if term in case]
    if case["type"] not in ("atleast_one", "one_or_all", "if_then"):  # these may miss what is not there
        looked_at += case.get("paths", [])
    return any(_names(context) <= names for context in case["context"].split("|")) and (
        not looked_at or any(_names(path) <= names for path in looked_at)
    )


@cache
def _names(path: str) -> frozenset[str]:
    """The names of the elements of a path; those in its conditions are not needed."""
    steps = re.sub(r"\[[^]]*\]", "", path).strip().split("/")
    return frozenset(step for step in steps if step and not step.startswith(("@", ".")))


_compiled: dict[int, etree.XPath] = {}


def _suspects(case: Case) -> etree.XPath:
    """The elements that may break the case, as one XPath over the file; compiled once."""
    if id(case) not in _compiled:
        predicate = RULES[case["type"]].suspects(case)
        if "foreach" in case:
            predicate = f"{case['foreach']} = $value and ({predicate})"
        if "condition" in case:
            predicate = f"({case['condition']}) and ({predicate})"
        contexts = [f"{_quick(context)}[{predicate}]" for context in case["context"].split("|")]
        _compiled[id(case)] = etree.XPath(" | ".join(contexts))
    return _compiled[id(case)]


def _quick(context: str) -> str:
    """The same context, in the form that libxml2 walks without a stop at every node."""
    return context.strip().replace("//", "/descendant::")


def _groups(case: Case, root: etree._Element) -> list[str]:
    """The vocabularies for each of which the case is judged; one blank for a case without such groups."""
    if "foreach" not in case:
        return [""]
    paths = [f"{context.strip()}/{case['foreach']}" for context in case["context"].split("|")]
    found = _xpath(" | ".join(paths))(root)
    return sorted({str(value) for value in found if value})


@cache
def _xpath(path: str) -> etree.XPath:
    return etree.XPath(path)


def _nodes(element: etree._Element, path: str, terms: _Terms) -> list[Any]:
    return _xpath(path)(element, value=terms.value)


def _place(node: Any) -> tuple[etree._Element, str]:
    """The element of a node of XPath, and the attribute, if the node is one."""
    if hasattr(node, "attrname"):  # a string of lxml, which knows where it is from
        return node.getparent(), node.attrname or ""
    return node, ""


def _text(node: Any) -> str:
    return str(node) if isinstance(node, str) else (node.text or "")


def _any_of(paths: list[str]) -> str:
    return " or ".join(f"({path})" for path in paths)


# Dates


def _date(text: str) -> date | None:
    """The day of a date or of a date with time; None where it is neither."""
    try:
        return date.fromisoformat(text.strip()[:10])
    except ValueError:
        return None


def _number(day: date) -> float:
    return float(day.strftime("%Y%m%d"))


def _digits(path: str) -> str:
    """An XPath for the number 20240531 of the date 2024-05-31 at a path; NaN for what is none."""
    return f"number(translate(substring({path}, 1, 10), '-', ''))"


def _first_day(element: etree._Element, path: str, terms: _Terms) -> tuple[Any, date] | None:
    for node in _nodes(element, path, terms)[:1]:
        if (day := _date(_text(node))) is not None:
            return node, day
    return None


# The types of rules: suspects as XPath, and the judgement of one suspect


def _at_least_one_suspects(case: Case) -> str:
    return f"not({_any_of(case['paths'])})"


def _itself(element: etree._Element, case: Case, terms: _Terms) -> Iterator[Found]:
    """What makes an element suspect is the fault: there is nothing left to judge."""
    details = {"expected": case["paths"][0]} if "paths" in case else {}
    yield Found(element, "", details)


def _no_more_than_one_suspects(case: Case) -> str:
    return " + ".join(f"count({path})" for path in case["paths"]) + " > 1"


def _no_more_than_one(element: etree._Element, case: Case, terms: _Terms) -> Iterator[Found]:
    nodes = [node for path in case["paths"] for node in _nodes(element, path, terms)]
    yield Found(nodes[0], "", {"count": len(nodes)})


_ALL = {
    "lang": "descendant::narrative[not(@xml:lang)]",
    "currency": "descendant::*[self::value or self::forecast or self::loan-status][not(@currency)]",
    "sector": "transaction[not(sector)][../transaction/sector]",
}
"""What is left to be named, if the whole does not name it."""


def _one_or_all_suspects(case: Case) -> str:
    return f"not({case['one']}) and {_ALL[case['all']]}"


def _one_or_all(element: etree._Element, case: Case, terms: _Terms) -> Iterator[Found]:
    first, *others = _nodes(element, _ALL[case["all"]], terms)
    yield Found(first, "", {"count": 1 + len(others)})


def _unique_suspects(case: Case) -> str:
    first, *others = case["paths"]
    return _any_of([f"normalize-space({first}) = normalize-space({other})" for other in others])


def _unique(element: etree._Element, case: Case, terms: _Terms) -> Iterator[Found]:
    texts = [_text(node).strip() for path in case["paths"] for node in _nodes(element, path, terms)]
    if len(set(texts)) < len(texts) and any(texts):
        yield Found(element, "", {})


def _starts_with_suspects(case: Case) -> str:
    begins = [
        f"starts-with(normalize-space({path}), concat({prefix}, '{case.get('separator', '')}'))"
        for path in case["paths"]
        for prefix in case["prefix"]
    ]
    return f"({_any_of(case['paths'])}) and not({_any_of(begins)})"


def _starts_with(element: etree._Element, case: Case, terms: _Terms) -> Iterator[Found]:
    prefixes = [_text(node).strip() for path in case["prefix"] for node in _nodes(element, path, terms)]
    separator = case.get("separator", "")
    for path in case["paths"]:
        for node in _nodes(element, path, terms):
            if not any(_text(node).strip().startswith(prefix + separator) for prefix in prefixes):
                yield Found(*_place(node), {"prefix": " / ".join(prefixes) or "?", "value": _text(node)})


def _date_now_suspects(case: Case) -> str:
    return f"{case['date']}[not({_digits('.')} <= $today)]"


def _date_now(element: etree._Element, case: Case, terms: _Terms) -> Iterator[Found]:
    for node in _nodes(element, case["date"], terms):
        day = _date(_text(node))
        if day is not None and day > terms.today:
            yield Found(*_place(node), {"value": _text(node)})


def _date_order_suspects(case: Case) -> str:
    if case["more"] == "NOW":
        return _date_now_suspects({"date": case["less"]})
    less, more = case["less"], case["more"]
    return f"{less} and {more} and not({_digits(less)} <= {_digits(more)})"


def _date_order(element: etree._Element, case: Case, terms: _Terms) -> Iterator[Found]:
    if case["more"] == "NOW":
        yield from _date_now(element, {"date": case["less"]}, terms)
        return
    first, second = (_first_day(element, case[end], terms) for end in ("less", "more"))
    if first and second and first[1] > second[1]:
        yield Found(*_place(first[0]), {"first": str(first[1]), "second": str(second[1])})


def _between_dates_suspects(case: Case) -> str:
    start, end = _digits(case["start"]), _digits(case["end"])
    context = case["date"].count("/") * "../"
    inside = " and ".join(
        (f"{_digits('.')} >= {start.replace(case['start'], context + case['start'])}",
         f"{_digits('.')} <= {end.replace(case['end'], context + case['end'])}")
    )  # fmt: skip
    return f"{case['date']}[not({inside})]"


def _between_dates(element: etree._Element, case: Case, terms: _Terms) -> Iterator[Found]:
    start, end = (_first_day(element, case[name], terms) for name in ("start", "end"))
    if not start or not end:
        return
    for node in _nodes(element, case["date"], terms):
        day = _date(_text(node))
        if day is not None and not start[1] <= day <= end[1]:
            details = {"value": str(day), "first": str(start[1]), "second": str(end[1])}
            yield Found(*_place(node), details)


def _time_limit_suspects(case: Case) -> str:
    start, end = case["start"], case["end"]
    return f"{start} and {end} and not({_digits(end)} - {_digits(start)} < 10000)"  # a year as in 20240101


def _time_limit(element: etree._Element, case: Case, terms: _Terms) -> Iterator[Found]:
    start, end = (_first_day(element, case[name], terms) for name in ("start", "end"))
    if start and end and (end[1] - start[1]).days > 365:
        yield Found(*_place(end[0]), {"first": str(start[1]), "second": str(end[1])})


def _range_suspects(case: Case) -> str:
    low, high = case["min"], case["max"]
    return _any_of([f"{path}[not(number(.) >= {low} and number(.) <= {high})]" for path in case["paths"]])


def _range(element: etree._Element, case: Case, terms: _Terms) -> Iterator[Found]:
    for path in case["paths"]:
        for node in _nodes(element, path, terms):
            number = _decimal(_text(node))
            if number is not None and not Decimal(case["min"]) <= number <= Decimal(case["max"]):
                yield Found(*_place(node), {"value": _text(node)})


def _decimal(text: str) -> Decimal | None:
    """A finite number; None for what is none, of which the schema tells."""
    try:
        number = Decimal(text.strip())
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _strict_sum_suspects(case: Case) -> str:
    total = " + ".join(f"sum({path})" for path in case["paths"])
    return f"({_any_of(case['paths'])}) and not(round(({total}) * 10000) = {case['sum']} * 10000)"


_HALF_OF_THE_LAST_DIGIT = Decimal("0.00005")


def _strict_sum(element: etree._Element, case: Case, terms: _Terms) -> Iterator[Found]:
    nodes = [node for path in reversed(case["paths"]) for node in _nodes(element, path, terms)]
    total = sum((_decimal(_text(node)) or Decimal(0) for node in nodes), Decimal(0))
    if abs(total - case["sum"]) >= _HALF_OF_THE_LAST_DIGIT:
        yield Found(_place(nodes[0])[0], "percentage", {"sum": f"{total.normalize():f}"})


def _if_then_suspects(case: Case) -> str:
    return f"({case['if']}) and not({case['then']})"


def _if_then(element: etree._Element, case: Case, terms: _Terms) -> Iterator[Found]:
    """The first of the nodes that the case is about, else the element; its value, if it is an attribute."""
    for path in case["paths"]:
        for node in _nodes(element, path, terms):
            place, attribute = _place(node)
            yield Found(place, attribute, {"value": _text(node)} if attribute else {})
            return
    yield Found(element, "", {})


def _no_spaces_suspects(case: Case) -> str:
    return _any_of([f"{path}[. != normalize-space(.)]" for path in case["paths"]])


def _no_spaces(element: etree._Element, case: Case, terms: _Terms) -> Iterator[Found]:
    for path in case["paths"]:
        for node in _nodes(element, path, terms):
            if (text := _text(node)) != text.strip():
                yield Found(*_place(node), {"value": text})


def _regex_suspects(case: Case) -> str:
    return _any_of(case["paths"])


def _regex(element: etree._Element, case: Case, terms: _Terms) -> Iterator[Found]:
    for path in case["paths"]:
        for node in _nodes(element, path, terms):
            if _text(node) and not re.search(case["regex"], _text(node)):
                yield Found(*_place(node), {"value": _text(node)})


class Rule(NamedTuple):
    """A type of rule: the XPath of what may break it, and the judgement of one such element."""

    suspects: Callable[[Case], str]
    judge: Callable[[etree._Element, Case, _Terms], Iterator[Found]]


RULES: dict[str, Rule] = {
    "atleast_one": Rule(_at_least_one_suspects, _itself),
    "no_more_than_one": Rule(_no_more_than_one_suspects, _no_more_than_one),
    "one_or_all": Rule(_one_or_all_suspects, _one_or_all),
    "unique": Rule(_unique_suspects, _unique),
    "startswith": Rule(_starts_with_suspects, _starts_with),
    "date_now": Rule(_date_now_suspects, _date_now),
    "date_order": Rule(_date_order_suspects, _date_order),
    "between_dates": Rule(_between_dates_suspects, _between_dates),
    "time_limit": Rule(_time_limit_suspects, _time_limit),
    "range": Rule(_range_suspects, _range),
    "strict_sum": Rule(_strict_sum_suspects, _strict_sum),
    "if_then": Rule(_if_then_suspects, _if_then),
    "no_spaces": Rule(_no_spaces_suspects, _no_spaces),
    "regex_matches": Rule(_regex_suspects, _regex),
}
"""Every type of rule of the standard; its fifteenth, the loop, is the `foreach` of a case."""

FAULTS: dict[str, tuple[str, ...]] = {
    "iati-identifier-of-reporter": ("1.1.3",),
    "iati-identifier-prefix": ("1.1.21",),
    "iati-agency-unknown": ("1.14.8", "1.18.8"),
    "iati-no-start": ("6.11.1",),
    "iati-no-sector": ("6.2.2",),
    "iati-no-language": ("4.1.1", "4.5.1"),
    "iati-sector-partly": ("6.7.2",),
    "iati-no-currency": ("7.8.1", "7.8.2"),
    "iati-future": ("11.1.1", "11.1.4", "11.1.5", "11.2.1", "11.2.2", "11.4.1"),
    "iati-date-order": ("11.1.2", "11.1.3", "8.6.3", "8.6.1"),
    "iati-symbols": ("1.3.13", "1.14.13", "1.11.13", "1.10.13", "1.15.13", "1.12.13", "1.18.13", "1.8.13"),
    "iati-spaces": (
        "1.3.1",
        "1.14.1",
        "1.16.1",
        "1.6.1",
        "1.7.1",
        "1.11.1",
        "1.10.1",
        "1.4.1",
        "1.15.1",
        "1.5.1",
        "1.12.1",
        "1.17.1",
        "1.18.1",
        "1.8.1",
        "1.9.1",
    ),
    "iati-sum": ("2.1.2", "3.4.2", "3.1.2"),
    "iati-no-percentage": ("3.4.1", "2.1.1", "3.1.1"),
    "iati-single-percentage": ("3.4.4", "2.1.4", "3.1.4"),
    "iati-budget-items-sum": ("7.9.2",),
    "iati-budget-items-percentage": ("7.9.1",),
    "iati-budget-item-single": ("7.9.4",),
    "iati-aid-type-twice": ("107.1.2", "107.2.2"),
    "iati-percentage-range": ("12.1.1", "12.3.1", "12.2.1"),
    "iati-sector-unnamed": ("2.2.1",),
    "iati-no-dac-sector": ("102.1.1",),
    "iati-no-dac-aid-type": ("107.1.1", "107.2.1"),
    "iati-sector-twice": ("6.6.2",),
    "iati-place-twice": ("3.6.2",),
    "iati-no-place": ("3.7.1", "3.7.2"),
    "iati-organisation-unnamed": ("6.8.1", "6.9.1", "6.9.2", "6.10.1"),
    "iati-marker-significance": ("6.14.1",),
    "iati-marker-unnamed": ("6.13.1",),
    "iati-budget-too-long": ("7.5.3",),
    "iati-line-outside-budget": ("11.3.1",),
    "iati-reference-twice": ("8.11.1",),
    "iati-no-value": ("8.8.1", "8.9.1", "8.10.1"),
    "iati-value-no-number": ("8.8.2", "8.9.2", "8.10.2"),
    "iati-value-of-qualitative": ("8.8.3", "8.9.3", "8.10.3"),
    "iati-no-narrative": ("4.3.1", "4.4.1"),
    "iati-element-missing": ("1.0x",),
}
"""What fault it is to break the rules of these numbers; "1.0x" is what versions 1.01 to 1.05 need."""

_FAULT_OF = {rule: fault for fault, numbers in FAULTS.items() for rule in numbers}
