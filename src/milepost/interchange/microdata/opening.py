"""Any file of records, or a table of a named database, as a source that an engine can scan.

A source names every column of its file; a copy holds those that were asked for.
"""

import os
import tempfile
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from milepost.errors import MilepostError, refuse
from milepost.interchange import aside
from milepost.interchange.microdata import kinds
from milepost.measure.task import Source
from milepost.values import Origin, Problem

PREFIX = "milepost-microdata"
"""How folders of copies are called: they lie in MILEPOST_HOME if that is set, else among temporary files."""

Wanted = Callable[[Sequence[str]], Collection[str]]
"""Of the columns a file has, those that are asked for."""


def _all(names: Sequence[str]) -> Collection[str]:
    return names


def _quiet(step: str, done: int, total: int) -> None:
    """Nobody watches."""


def _go_on() -> None:
    """Nobody asks to stop."""


@contextmanager
def opened(
    path: Path | str,
    *,
    sheet: str | None = None,
    name: str | None = None,
    wanted: Wanted = _all,
    problems: list[Problem] | None = None,
    progress: Callable[[str, int, int], None] = _quiet,
    check: Callable[[], None] = _go_on,
) -> Iterator[Source]:
    """The records of a file, a folder of Parquet files, or a table "postgresql:NAME/table", for the block.

    Parquet, and CSV in UTF-8, are read where they lie; from anything else the `wanted` columns are copied
    into a private folder that goes with the block. `name` is what faults call a file that is kept under
    another name. `check` is called between pieces and may raise, to stop. What is worth knowing goes to
    `problems`.
    Raises MilepostError where the file is not what its name says, is too large, or cannot be read.
    """
    with folder_aside() as folder:
        yield opened_in(
            folder,
            path,
            sheet=sheet,
            name=name,
            wanted=wanted,
            problems=problems,
            progress=progress,
            check=check,
        )


def opened_in(
    folder: Path,
    path: Path | str,
    *,
    sheet: str | None = None,
    name: str | None = None,
    wanted: Wanted = _all,
    problems: list[Problem] | None = None,
    progress: Callable[[str, int, int], None] = _quiet,
    check: Callable[[], None] = _go_on,
) -> Source:
    """The same as `opened`, with copies in a folder of the caller's, who lets go of it."""
    given = name or str(path)
    with called(path, given):
        asked = _Asked(path, given, sheet, wanted, folder, progress, check)
        source = _from_database(asked) if is_database(path) else _from_file(asked)
    if problems is not None:
        problems.extend(_renamed(asked.told, path, given))
    return source


def folder_aside() -> AbstractContextManager[Path]:
    """A private folder for copies that goes with the block; what killed runs left is removed first."""
    return aside.private(_home(), PREFIX)


def remove_stale() -> None:
    """Remove the copies that killed runs left behind."""
    with suppress(OSError):
        aside.remove_private(_home(), PREFIX)


@contextmanager
def called(path: Path | str, name: str) -> Iterator[None]:
    """Have faults name the file as the person does."""
    try:
        yield
    except MilepostError as error:
        raise MilepostError(_renamed(error.problems, path, name)) from error


def _renamed(problems: Sequence[Problem], path: Path | str, name: str) -> list[Problem]:
    return [
        replace(problem, origin=replace(problem.origin, file=name))
        if problem.origin.file == str(path)
        else problem
        for problem in problems
    ]


def parts(path: Path | str) -> tuple[str, ...]:
    """The file itself, or the Parquet files of a folder, by name."""
    place = Path(path)
    if not place.is_dir():
        return (str(place),)
    found = sorted(
        str(part)
        for part in place.iterdir()
        if part.suffix.lower() in (".parquet", ".pq") and part.is_file() and part.name[:1] not in "._"
    )
    if not found:
        raise refuse("no-parts", Origin(str(path)))
    return tuple(found)


def is_database(path: Path | str) -> bool:
    """Whether a table of a database is named instead of a file; by its address it is refused."""
    return str(path).lower().startswith(("postgresql:", "postgres:"))


def _home() -> Path:
    chosen = os.environ.get("MILEPOST_HOME", "").strip()
    home = Path(chosen).expanduser() if chosen else Path(tempfile.gettempdir())
    return home if home.is_dir() else Path(tempfile.gettempdir())


@dataclass(frozen=True)
class _Asked:
    """What `opened` was asked, and the folder for copies."""

    path: Path | str
    name: str
    sheet: str | None
    wanted: Wanted
    folder: Path
    progress: Callable[[str, int, int], None]
    check: Callable[[], None]
    told: list[Problem] = field(default_factory=list)

    def of(self, columns: Sequence[str]) -> Collection[str]:
        """The columns asked for; refuses those that the file has more than once."""
        wanted = set(self.wanted(columns))
        twice = [column for column, count in Counter(columns).items() if count > 1 and column in wanted]
        if twice:
            place = Origin(str(self.path))
            raise MilepostError(
                Problem("microdata-column-twice", place, {"column": column}) for column in twice
            )
        return wanted

    def step(self, words: str) -> Callable[[int, int], None]:
        return lambda done, total: self.progress(words, done, total)


def _from_file(asked: _Asked) -> Source:
    kind = kinds.kind_of(asked.path, asked.name)
    if asked.sheet is not None and kind != "workbook":
        raise refuse("no-sheets", Origin(str(asked.path)))
    if kind == "parquet":
        return _from_parquet(asked)
    if kind in ("csv", "workbook"):
        return _from_text(asked, kind)
    return _from_package(asked, kind)


def _from_parquet(asked: _Asked) -> Source:
    from milepost.interchange.microdata import parquet  # noqa: PLC0415

    files = parts(asked.path)
    schema = parquet.schema(files)
    columns = tuple(column for column, _, _ in schema)
    wanted = asked.of(columns)
    nested = [column for column, _, is_nested in schema if is_nested and column in wanted]
    if nested and asked.wanted is not _all:
        raise MilepostError(
            Problem("nested-column", Origin(str(asked.path), column=column), {"column": column})
            for column in nested
        )
    return Source(files, "parquet", columns, asked.name)


def _from_text(asked: _Asked, kind: str) -> Source:
    from milepost.interchange.microdata import text, workbook  # noqa: PLC0415

    asked.progress("read the table", 0, 1)
    if kind == "csv":
        found = text.read(asked.path, asked.folder, asked.told)
    else:
        found = workbook.convert(asked.path, asked.sheet, asked.folder, asked.told)
    asked.progress("read the table", 1, 1)
    asked.of(found.columns)
    return Source((found.file,), "csv", found.columns, asked.name, csv=found.settings)


def _from_package(asked: _Asked, kind: str) -> Source:
    from milepost.interchange.microdata import packages  # noqa: PLC0415

    known = packages.about(asked.path, kind)
    columns = tuple(known.kinds)
    if not columns:
        raise refuse("no-header", Origin(str(asked.path)))
    wanted = asked.of(columns)
    step = asked.step("read the records")
    files = packages.convert(asked.path, kind, known, wanted, asked.folder, progress=step, check=asked.check)
    labels = {column: words for column, words in known.labels.items() if column in wanted}
    return Source(files, "parquet", columns, asked.name, labels)


def _from_database(asked: _Asked) -> Source:
    from milepost.interchange.microdata import database  # noqa: PLC0415

    with database.connected(str(asked.path)) as (connection, where):
        types = database.columns(connection, where)
        if not types:
            raise refuse("no-header", Origin(str(asked.path)))
        wanted = asked.of(tuple(types))
        step = asked.step("fetch the records")
        files = database.convert(
            connection, where, types, wanted, asked.folder, progress=step, check=asked.check
        )
    return Source(files, "parquet", tuple(types), asked.name)
