"""Breakdowns of an indicator: which cells are reported, and what they are called."""

import re
from collections.abc import Mapping, Sequence
from itertools import product
from typing import Any

from django.utils.translation import gettext as _

from milepost import catalogue
from milepost.errors import MilepostError
from milepost.values import Text
from milepost.values.observation import Breakdown
from milepost.web.projects.models import ResultIndicator
from milepost.web.ui.templatetags.ui import plain

_CROSSED = re.compile(r"\s+[x×]\s+")
_CODE = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,29}")
_CATEGORY = re.compile(r"[\w.+<>≥≤-]{1,40}")
MOST_CELLS = 200
"""Cells of one indicator in one report; more is no form that a person fills in."""


def parse(typed: str) -> tuple[list[list[str]], dict[str, list[str]]]:
    """(crossed dimensions, categories) of lines such as "sex: F, M × age: Y15T24, Y25T64".

    ValueError says which line cannot be read, in the reader's language.
    """
    groups, categories = [], {}
    for line in filter(None, (line.strip() for line in typed.splitlines())):
        group = []
        for part in _CROSSED.split(line):
            name, colon, words = part.partition(":")
            name, codes = name.strip(), [word.strip() for word in words.split(",") if word.strip()]
            if not (colon and _CODE.fullmatch(name) and codes and all(map(_CATEGORY.fullmatch, codes))):
                raise ValueError(_("This line cannot be read: {line}").format(line=line))
            if categories.get(name, codes) != codes:
                raise ValueError(_("{name} has other categories in another line.").format(name=name))
            group.append(name)
            categories[name] = codes
        if len(set(group)) != len(group):
            raise ValueError(_("A dimension is crossed with itself: {line}").format(line=line))
        groups.append(group)
    cells = sum(_size(group, categories) for group in groups)
    if cells > MOST_CELLS:
        raise ValueError(
            _("That would be {count} cells; {most} is the limit.").format(count=cells, most=MOST_CELLS)
        )
    return groups, categories


def _size(group: Sequence[str], categories: Mapping[str, Sequence[str]]) -> int:
    size = 1
    for name in group:
        size *= len(categories[name])
    return size


def written(indicator: ResultIndicator) -> str:
    """The breakdowns as `parse` reads them."""
    return "\n".join(
        " × ".join(f"{name}: {', '.join(indicator.categories.get(name, []))}" for name in group)
        for group in indicator.dimensions
    )


def cells(indicator: ResultIndicator) -> list[Breakdown]:
    """The cells that are asked for, the total first."""
    found: list[Breakdown] = [()]
    for group in indicator.dimensions:
        codes = [indicator.categories.get(name, []) for name in group]
        found += [tuple(sorted(zip(group, cell, strict=True))) for cell in product(*codes)]
    return list(dict.fromkeys(found))


def name(breakdown: Breakdown) -> str:
    """What a cell is called in the reader's language; "Total" for the whole."""
    return ", ".join(category(dimension, code) for dimension, code in breakdown) or _("Total")


def category(dimension: str, code: str) -> str:
    """What a category is called; its code where it is one of the project's own."""
    return plain(_category(dimension, code)) or code


def _category(dimension: str, code: str) -> Any:
    try:
        return catalogue.code_list(dimension).codes.get(code) or Text()
    except MilepostError:
        return Text()


def words(indicators: Sequence[ResultIndicator]) -> dict[str, str]:
    """{category: its name} of all that these indicators are broken down by."""
    return {
        code: category(dimension, code)
        for one in indicators
        for dimension, codes in one.categories.items()
        for code in codes
    }
