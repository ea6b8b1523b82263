"""A definition that somebody wrote, read to the end: it names what there is, and its examples come out."""

import inspect
import re
from collections.abc import Iterator, Mapping
from typing import Any

from milepost import catalogue, tally
from milepost.catalogue import Example, Indicator
from milepost.catalogue.reading import Page
from milepost.catalogue.reading import read as read_page
from milepost.errors import MilepostError
from milepost.measure import METHODS
from milepost.tally.points import QUESTIONNAIRE
from milepost.values import Origin, Problem

LONGEST_CODE = 40
_CODE = re.compile(r"[A-Za-z0-9]+(?:[.-][A-Za-z0-9]+)*", re.ASCII)


def read(text: str, origin: Origin | str) -> Indicator:
    """Read a definition as `catalogue.parse` does, and try it; MilepostError with every fault, by line.

    Beyond the form of the file it must name a method or questionnaire that exists, with options that the
    method takes, and every worked example must give what it says.
    """
    page = read_page(text, origin)
    _check_names(page)
    try:
        indicator = catalogue.parse(text, origin)
    except MilepostError as error:
        raise MilepostError(_by_line([*error.problems, *page.faults])) from None
    page.refuse_if_faulty()
    for at, example in enumerate(indicator.examples):
        _check_example(page, at, indicator, example)
    page.refuse_if_faulty()
    return indicator


def _by_line(problems: list[Problem]) -> list[Problem]:
    return sorted(problems, key=lambda problem: problem.origin.row or 0)


def _check_names(page: Page) -> None:
    """Faults for a code that is none, and for methods and questionnaires that do not exist."""
    code = page.get("code")
    if isinstance(code, str) and (len(code) > LONGEST_CODE or not _CODE.fullmatch(code)):
        page.fault("definition-code", "code", found=code, limit=LONGEST_CODE)
    for path in _methods(page):
        _check_choice(page, path, METHODS)
    _check_choice(page, ("questionnaire",), {QUESTIONNAIRE: None})


def _methods(page: Page) -> Iterator[tuple[str | int, ...]]:
    """Where the text may name a method."""
    yield ("method",)
    series = page.get("series")
    if isinstance(series, list):
        yield from (("series", at, "method") for at in range(len(series)))


def _check_choice(page: Page, path: tuple[str | int, ...], known: Mapping[str, Any]) -> None:
    name = page.get(*path)
    if isinstance(name, str) and name not in known:
        page.fault("definition-choice", *path, found=name, known=", ".join(known))


def _check_example(page: Page, at: int, indicator: Indicator, example: Example) -> None:
    place = ("example", at)
    method, options = indicator.calculation(example.series)
    try:
        if method is not None:
            got = _computed(method, {**options, **example.options}, example)
        elif example.answers is not None:
            got = _tallied(example)
        else:
            return  # only recorded: there is nothing to compute
    except (TypeError, ValueError, LookupError, ArithmeticError, AttributeError) as error:
        page.fault("definition-options", *place, method=method or indicator.questionnaire, why=str(error))
        return
    except MilepostError as error:
        page.faults += [Problem(one.code, page.place(*place), one.details) for one in error.problems]
        return
    for name, expected in example.result.items():
        if name in got and not _same(got[name], expected, example.digits):
            told = {"got": _shown(got[name]), "expected": _shown(expected)}
            page.fault("definition-example", *place, "result", name, **told)


def _shown(result: Any) -> Any:
    return "–" if result is None else result


def _computed(method: str, options: Mapping[str, Any], example: Example) -> dict[str, Any]:
    second = {} if example.second is None else {"second": example.second}
    inspect.signature(METHODS[method].formula).bind(example.rows, **second, **options)
    result = METHODS[method].formula(example.rows, **second, **options)
    return {"value": result.value, "reason": result.reason, "used": result.used}


def _tallied(example: Example) -> dict[str, Any]:
    outcome = tally.points(example.answers or {})
    domain = example.result.get("domain")
    judged = outcome.domain(domain) if domain is not None else outcome
    return {"percent": judged.percent, "category": judged.category, "answered": judged.answered}


def _same(got: Any, expected: Any, digits: int) -> bool:
    """Whether a number is what the example gives to its last decimal; anything else must be equal."""
    if isinstance(got, float) and isinstance(expected, int | float):
        return abs(got - expected) <= 0.5 * 10**-digits + 1e-9 * abs(expected)
    return got == expected
