"""From the original of a delivery to tables, with places in it as its sender knows them."""

import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from milepost import interchange
from milepost.errors import KINDS, MilepostError
from milepost.interchange import marked
from milepost.values import Dataset, Origin, Problem, Table
from milepost.web.files.actions import clean_name
from milepost.web.files.models import StoredFile
from milepost.web.files.queries import open_file
from milepost.web.intake import unpacking
from milepost.web.intake.models import Delivery, Row

MOST_COLUMNS = 500
MOST_WORDS, MOST_LETTERS = 2000, 100_000
"""Different words of a column that are kept for the page on which people map them."""
SAMPLES, LONGEST_SAMPLE = 3, 80


def read(delivery: Delivery) -> Dataset:
    """What the file of a delivery holds, and what is wrong with it; MilepostError where it cannot be read."""
    if delivery.file is None:
        raise ValueError("a form has no file")
    with _under_its_name(delivery.file) as path:
        folder = path.parent / "folder"
        try:
            if unpacking.is_folder(path):
                folder.mkdir()
                found = interchange.read(unpacking.unpack(path, folder), "open-sdg")
            else:
                found = interchange.read(path, delivery.format or None)
        except MilepostError as error:
            raise MilepostError(_without_folders(error.problems, path.parent)) from error
        named = (_renamed(table, path.parent) for table in found.tables)
        problems = (fault for fault in found.problems if fault.origin.sheet != marked.LIST)
        return replace(found, tables=tuple(named), problems=tuple(_without_folders(problems, path.parent)))


@contextmanager
def _under_its_name(original: StoredFile) -> Iterator[Path]:
    """The original in a folder of its own under its own name, which may say what it is about."""
    with tempfile.TemporaryDirectory(prefix="milepost-") as folder:
        path = Path(folder) / clean_name(original.name)
        with open_file(original) as source, path.open("wb") as target:
            shutil.copyfileobj(source, target)
        yield path


def _renamed(table: Table, folder: Path) -> Table:
    origin = table.origin
    return replace(table, origin=replace(origin, file=_shown(origin.file, folder)))


def _without_folders(problems: Iterable[Problem], folder: Path) -> list[Problem]:
    """The faults without the folder of this machine in which the file was read."""
    return [
        Problem(
            fault.code,
            replace(fault.origin, file=_shown(fault.origin.file, folder)),
            {
                name: _shown(value, folder) if isinstance(value, str) else value
                for name, value in fault.details.items()
            },
        )
        for fault in problems
    ]


def _shown(text: str, folder: Path) -> str:
    return text.replace(f"{folder}/folder/", "").replace(f"{folder}/", "")


def refuse_unfit(found: Dataset) -> None:
    """Refuse what has no table, and tables with more columns than a person could map."""
    if not found.tables:
        grave = [fault for fault in found.problems if KINDS[fault.code].gravity == "error"]
        raise MilepostError(grave or [Problem("no-figures", Origin(""))])
    broad = [
        Problem("too-many-columns", table.origin, {"count": len(table.columns), "limit": MOST_COLUMNS})
        for table in found.tables
        if len(table.columns) > MOST_COLUMNS
    ]
    if broad:
        raise MilepostError(broad)


def describe(found: Iterable[Table]) -> list[dict[str, Any]]:
    """What tables look like: code, sheet, columns, number of rows, samples, and the words of each column.

    A column of more than MOST_WORDS or MOST_LETTERS has no words here: it holds numbers or texts.
    """
    return [_described(table) for table in found]


def _described(table: Table) -> dict[str, Any]:
    samples: dict[str, list[str]] = {}
    words: dict[str, list[str]] = {}
    for position, header in enumerate(table.columns):
        distinct = dict.fromkeys(row[position].strip() for row in table.rows)
        distinct.pop("", None)
        samples[header] = [text[:LONGEST_SAMPLE] for text in list(distinct)[:SAMPLES]]
        if len(distinct) <= MOST_WORDS and sum(map(len, distinct)) <= MOST_LETTERS:
            words[header] = list(distinct)
    return {
        "code": table.code,
        "sheet": table.origin.sheet or "",
        "columns": list(table.columns),
        "rows": len(table.rows),
        "samples": samples,
        "words": words,
    }


def form(delivery: Delivery) -> Table:
    """The cells of a form that were filled in, as a table of concepts."""
    rows = list(Row.objects.filter(delivery=delivery).values_list("number", "cells"))
    columns = tuple(dict.fromkeys(name for _, cells in rows for name in cells))
    texts = [tuple(cells.get(name, "") for name in columns) for _, cells in rows]
    return Table("", columns, texts, Origin(""), [number for number, _ in rows])
