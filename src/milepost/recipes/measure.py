"""Records become a safe table: mapping, source, engine, disclosure control, in this order."""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import Any, Literal

from milepost import __version__, catalogue
from milepost.errors import refuse
from milepost.interchange import estimates as tables
from milepost.interchange import limits, microdata
from milepost.interchange.estimates import Estimates
from milepost.measure import mapping as mappings
from milepost.measure.mapping import Mapping as ColumnMapping
from milepost.measure.task import Measured, Source, Task
from milepost.recipes.words import problem_as_dict
from milepost.reports import methods
from milepost.values import Estimate, Origin, Problem
from milepost.values.estimate import ALL, SUPPRESSED

Progress = Callable[[str, int, int], None]
Protect = int | Literal["none"] | None
"""Fewest respondents of a cell, "none" to hide nothing, or None for what definition and mapping ask for."""

_MAPPING_LIMIT = 1_000_000


@dataclass(frozen=True, slots=True)
class MeasuredTable:
    """What was measured, as it may be published; how it was made safe, which may not; and what to know.

    `protocol` says what was hidden and why, ready for JSON; None where nothing was to be protected. `rows`
    were read, `used` entered the figure over everything.
    """

    estimates: Estimates
    protocol: Mapping[str, Any] | None
    notes: tuple[Problem, ...]
    task: Task
    rows: int
    used: int


def measure(
    code: str,
    path: Path | str,
    mapping: Path | str | ColumnMapping,
    *,
    year: int,
    by: Sequence[Sequence[str]] = (),
    engine: str = "duckdb",
    protect: Protect = None,
    previous: Path | str | None = None,
    sheet: str | None = None,
    second: Path | str | None = None,
    second_sheet: str | None = None,
    name: str | None = None,
    second_name: str | None = None,
    progress: Progress = lambda step, done, total: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> MeasuredTable:
    """Measure an indicator over a file of records for a year, by these dimensions, and make the table safe.

    `mapping` is the mapping file or what `read_mapping` made of it. `by` gives the dimensions of each table.
    `previous` is a table of the same figures that was published before: what it tells cannot be hidden again.
    `second` takes the place of the mapping's own second file, which else lies beside the mapping. `name` and
    `second_name` are what faults call files that are kept under other names. Raises MilepostError with what
    is to be mended, measure.Cancelled once `cancelled()` says so. No copy of the records remains.
    """
    given = mapping if isinstance(mapping, ColumnMapping) else read_mapping(mapping)
    task = mappings.task(given, code=code, year=year, by=by)
    rules, notes = _rules(given, code, protect)
    before = tables.read(previous).cells if previous is not None else ()
    beside = _second_file(task, mapping, second)
    beside_name = second_name or str(beside)
    named = {str(path): name or str(path)} | ({str(beside): beside_name} if beside is not None else {})
    with _checksums(named, cancelled) as checksums:
        measured, told = _measured(
            task,
            given,
            (path, name, sheet),
            (beside, beside_name, second_sheet),
            engine=engine,
            progress=progress,
            cancelled=cancelled,
        )
        safe, protocol = _protected(measured, rules, given, before, progress=progress, cancelled=cancelled)
        sources = [{"name": shown, "sha256": found.result()} for shown, found in checksums.items()]
    notes = (*told, *measured.notes, *notes)
    estimates = Estimates(
        indicator=code,
        year=year,
        dimensions=measured.task.by,
        cells=safe,
        series=(task.series or "") if _has_several(code) else None,
        about=_about(measured, safe, given, rules, sources=sources, notes=notes),
    )
    return MeasuredTable(estimates, protocol, notes, measured.task, measured.rows, measured.used)


def read_mapping(path: Path | str) -> ColumnMapping:
    """The mapping in a file of UTF-8; MilepostError with every fault of it."""
    if limits.check_size(path) > _MAPPING_LIMIT:
        raise refuse("definition-too-large", str(path), size=Path(path).stat().st_size, limit=_MAPPING_LIMIT)
    try:
        text = limits.contents(path).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        why = f"byte {error.object[error.start]:02x} cannot be UTF-8"
        raise refuse("not-text", Origin(str(path)), why=why) from None
    return mappings.parse(text, Origin(str(path)))


# Measuring


def _measured(
    task: Task,
    mapping: ColumnMapping,
    first: tuple[Path | str, str | None, str | None],
    second: tuple[Path | str | None, str, str | None],
    *,
    engine: str,
    progress: Progress,
    cancelled: Callable[[], bool],
) -> tuple[Measured, list[Problem]]:
    from milepost import measure as engines  # noqa: PLC0415  (DuckDB and the like load when they are needed)
    from milepost.measure.scan import needed  # noqa: PLC0415

    told: list[Problem] = []

    def check() -> None:
        if cancelled():
            raise engines.Cancelled

    def columns(names: Sequence[str]) -> list[str]:
        text, numbers = needed(mappings.completed(task, mapping, names))
        wanted = {*text, *numbers}
        return list(wanted) if wanted <= set(names) else []  # else it is the mapping of another file

    path, name, sheet = first
    with microdata.opened(
        path,
        sheet=sheet,
        name=name,
        wanted=columns,
        problems=told,
        progress=progress,
        check=check,
    ) as source:
        whole = mappings.completed(task, mapping, source.columns)
        with _second(task, second, told, check) as denominator:
            measured = engines.run(
                whole, source, denominator, engine=engine, progress=progress, cancelled=cancelled
            )
    return measured, told


@contextmanager
def _second(
    task: Task,
    second: tuple[Path | str | None, str, str | None],
    told: list[Problem],
    check: Callable[[], None],
) -> Iterator[Source | None]:
    beside, name, sheet = second
    if task.second is None or beside is None:
        yield None
        return
    wanted = {*task.second.columns.values(), *task.second.dimensions.values()}

    def columns(names: Sequence[str]) -> list[str]:
        return list(wanted) if wanted <= set(names) else []  # else it is the mapping of another file

    opened = microdata.opened(
        beside, sheet=sheet, name=_shown(name), wanted=columns, problems=told, check=check
    )
    with opened as source:
        yield source


def _second_file(
    task: Task, mapping: Path | str | ColumnMapping, second: Path | str | None
) -> Path | str | None:
    """The second file: the one given, else that of the mapping, which lies beside it."""
    if task.second is None:
        return None
    if second is not None:
        return second
    if isinstance(mapping, ColumnMapping):
        raise refuse("second-missing", mapping.place, file=task.second.file)
    if microdata.is_database(task.second.file):
        return task.second.file
    return Path(mapping).parent / task.second.file


# Disclosure control


def _rules(mapping: ColumnMapping, code: str, protect: Protect) -> tuple[Any, list[Problem]]:
    """(the rules of definition and mapping, or what the caller puts in their place; what to say about it)."""
    from milepost.disclosure import Rules  # noqa: PLC0415

    asked = mappings.minimum_of(mapping, code)
    settings = {name: setting for name, setting in mapping.disclosure.items() if name != "minimum"}
    origin = Origin(f"milepost measure {code}")
    if protect is None:
        rules = Rules(minimum=asked, **settings)
        return rules, [] if rules.any else [Problem("nothing-protected", origin, {})]
    if protect == "none":
        rules = Rules()
        if asked is None:
            return rules, [Problem("nothing-protected", origin, {})]
    else:
        rules = Rules(minimum=protect, **settings)
    if asked is not None and (protect == "none" or protect < asked):
        governs = "The definition" if mappings.definition_of(code) is not None else "The mapping"
        details = {"wanted": governs, "minimum": asked, "found": protect}
        return rules, [Problem("protection-overridden", origin, details)]
    return rules, []


def _protected(
    measured: Measured,
    rules: Any,
    mapping: ColumnMapping,
    before: Sequence[Estimate],
    *,
    progress: Progress,
    cancelled: Callable[[], bool],
) -> tuple[tuple[Estimate, ...], dict[str, Any] | None]:
    """(the cells as they may be published, the protocol ready for JSON)."""
    if not rules.any:
        return measured.cells, None
    from milepost import disclosure  # noqa: PLC0415

    hierarchies = {name: parts for name, parts in mapping.hierarchies.items() if name in measured.task.by}
    safe = disclosure.protect(
        measured.cells,
        rules,
        hierarchies=hierarchies,
        previous=before,
        progress=progress,
        cancelled=cancelled,
    )
    return safe.cells, safe.protocol.as_dict()


# What the table says of itself


def _about(
    measured: Measured,
    safe: Sequence[Estimate],
    mapping: ColumnMapping,
    rules: Any,
    *,
    sources: Sequence[Mapping[str, str | None]],
    notes: Sequence[Problem],
) -> dict[str, Any]:
    """What JSON says beside the cells; nothing in it tells of fewer respondents than the rules allow."""
    task = measured.task
    definition = mappings.definition_of(task.indicator)
    least = rules.minimum or 1
    return {
        "series": task.series,
        "title": mapping.title or (definition.title.get("en", "") if definition else ""),
        "unit": _unit(mapping, definition, task.series),
        "method": task.method,
        "options": dict(task.options),
        "estimator": methods.in_words(task.method, task.options, "en"),
        "definition": {"code": definition.code, "revision": definition.revision} if definition else None,
        "migratory_base": mapping.migratory_base,
        "confidence": task.confidence,
        "design": dict(measured.design),
        "reliability": {
            "minimum_n": task.reliability.minimum_n,
            "maximum_cv": task.reliability.maximum_cv,
        },
        "excluded": _excluded(measured, safe, least),
        "protection": _protection(rules),
        "notes": [problem_as_dict(note) for note in notes if _tellable(note, least)],
        "source": sources[0],
        "second_source": sources[1] if len(sources) > 1 else None,
        "mapping": {"name": Path(mapping.place.file).name, "sha256": mapping.sha256},
        "engine": measured.engine,
        "milepost": __version__,
    }


def _unit(
    mapping: ColumnMapping, definition: catalogue.Indicator | None, series: str | None
) -> dict[str, str] | None:
    if definition is not None:
        unit = definition.unit_of(series)
        return {"code": unit.code, "name": unit.name.get("en", "")}
    return {"name": mapping.unit} if mapping.unit else None


def _has_several(code: str) -> bool:
    definition = mappings.definition_of(code)
    return definition is not None and len(definition.series) > 1


def _excluded(measured: Measured, safe: Sequence[Estimate], least: int) -> dict[str, Any]:
    """Rows left out of the figure over everything, by reason; nothing if that is hidden, and no small count.

    How many rows were read is left out, too, where a small count could be worked out from it.
    """
    whole = next((cell for cell in safe if set(cell.breakdown.values()) <= {ALL}), None)
    if whole is None or whole.status == SUPPRESSED:
        return {}
    shown = {
        why: count if count >= least else f"fewer than {least}" for why, count in measured.excluded.items()
    }
    small = any(count < least for count in measured.excluded.values())
    return (
        {"by_reason": shown} if small else {"by_reason": shown, "rows": measured.rows, "used": measured.used}
    )


def _protection(rules: Any) -> Any:
    """The rules as the public may know them: parameters of dominance help an attacker."""
    if not rules.any:
        return "none"
    found = {"minimum": rules.minimum, "rounding": rules.rounding}
    dominance = rules.p_percent is not None or rules.n_k is not None
    return {**{name: rule for name, rule in found.items() if rule is not None}, "dominance": dominance}


def _tellable(note: Problem, least: int) -> bool:
    """Whether no number in the note is a small count."""
    counts = (detail for detail in note.details.values() if isinstance(detail, int))
    return all(count >= least for count in counts)


@contextmanager
def _checksums(
    named: Mapping[str, str], cancelled: Callable[[], bool]
) -> Iterator[dict[str, "Future[str | None]"]]:
    """{name: SHA-256 of the file}, worked out while the block runs; None for a table of a database."""
    stopped = Event()

    def stop() -> bool:
        return stopped.is_set() or cancelled()

    with ThreadPoolExecutor(max_workers=1) as pool:
        try:
            yield {_shown(name): pool.submit(_sha256, path, stop) for path, name in named.items()}
        finally:
            stopped.set()


def _shown(name: str) -> str:
    return name if microdata.is_database(name) else Path(name).name


def _sha256(path: str, stop: Callable[[], bool]) -> str | None:
    """The checksum of a file, or of the Parquet files of a folder in their order; None once stopped."""
    place = Path(path)
    files = [Path(part) for part in microdata.parts(place)]
    digest = hashlib.sha256()
    buffer = bytearray(4_000_000)
    for file in files:
        if not file.is_file():
            return None
        with file.open("rb", buffering=0) as stream:
            while size := stream.readinto(buffer):
                if stop():
                    return None
                digest.update(memoryview(buffer)[:size])
    return digest.hexdigest()
