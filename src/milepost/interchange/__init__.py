"""Files in, files out: every format has the same two doors, read and write."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import NamedTuple

from milepost.errors import MilepostError, refuse
from milepost.interchange import content, csv, limits
from milepost.values import Dataset, Origin, Problem

FOLDER_SECONDS = 600.0
"""Time for reading a whole folder; a file has `limits.SECONDS`."""


class Format(NamedTuple):
    """A format: its name, endings of files (the first is written), content, doors, and what it holds."""

    name: str
    endings: tuple[str, ...]
    contents: frozenset[str]
    read: Callable[[Path], Dataset]
    write: Callable[[Dataset, Path], tuple[Problem, ...] | None]
    holds: frozenset[str]


# The libraries of a format are imported when it is first used, so that other commands start at once.


def _read_workbook(path: Path) -> Dataset:
    from milepost.interchange import excel  # noqa: PLC0415

    return excel.read(path)


def _write_workbook(dataset: Dataset, path: Path) -> None:
    from milepost.interchange import excel  # noqa: PLC0415

    excel.write(dataset, path)


def _read_sdmx_ml(path: Path) -> Dataset:
    from milepost.interchange import sdmx  # noqa: PLC0415

    return sdmx.ml.read(path)


def _write_sdmx_ml(dataset: Dataset, path: Path, *, generic: bool = False) -> tuple[Problem, ...]:
    from milepost.interchange import sdmx  # noqa: PLC0415

    if dataset.structure and not dataset.tables:  # then the message is one of structure
        sdmx.structure.write(dataset, path)
        return ()
    return sdmx.ml.write(dataset, path, generic=generic)


def _write_sdmx_generic(dataset: Dataset, path: Path) -> tuple[Problem, ...]:
    return _write_sdmx_ml(dataset, path, generic=True)


def _read_sdmx_csv(path: Path) -> Dataset:
    from milepost.interchange import sdmx  # noqa: PLC0415

    return sdmx.csv.read(path)


def _write_sdmx_csv(dataset: Dataset, path: Path) -> None:
    from milepost.interchange import sdmx  # noqa: PLC0415

    sdmx.csv.write(dataset, path)


def _read_sdmx_structure(path: Path) -> Dataset:
    from milepost.interchange import sdmx  # noqa: PLC0415

    return sdmx.structure.read(path)


def _write_sdmx_structure(dataset: Dataset, path: Path) -> None:
    from milepost.interchange import sdmx  # noqa: PLC0415

    sdmx.structure.write(dataset, path)


def _read_open_sdg(path: Path) -> Dataset:
    from milepost.interchange import open_sdg  # noqa: PLC0415

    return open_sdg.read(path)


def _write_open_sdg(dataset: Dataset, path: Path) -> None:
    from milepost.interchange import aside, open_sdg  # noqa: PLC0415

    with aside.folder(path) as temporary:
        open_sdg.write(dataset, temporary)


def is_iati(path: Path) -> bool:
    """Whether a file is one of IATI by its content, whatever its name."""
    from milepost.interchange import iati  # noqa: PLC0415

    return not _is_folder(path) and iati.is_iati(path)


def check_iati(path: Path, *, today: date | None = None) -> list[Problem]:
    """Every fault of an IATI file by its schema, the code lists and the standard's rules."""
    from milepost.interchange import iati  # noqa: PLC0415

    return iati.check(path, today=today)


_TEXT, _XML, _ARCHIVE, _NONE = map(frozenset, (["text"], ["xml"], ["zip", "ole"], []))
_ROWS, _STRUCTURE, _ROWS_AND_METADATA = map(
    frozenset, (["observations"], ["structure"], ["observations", "metadata"])
)
FORMATS: dict[str, Format] = {
    "csv": Format("CSV", (".csv", ".tsv", ".txt"), _TEXT, csv.read, csv.write, _ROWS),
    "xlsx": Format(
        "workbook",
        (".xlsx", ".xlsm", ".xls", ".ods"),
        _ARCHIVE,
        _read_workbook,
        _write_workbook,
        _ROWS_AND_METADATA | _STRUCTURE,
    ),
    "sdmx-ml": Format("SDMX-ML data", (".xml",), _XML, _read_sdmx_ml, _write_sdmx_ml, _ROWS),
    "sdmx-generic": Format(
        "SDMX-ML generic data", (".generic.xml",), _XML, _read_sdmx_ml, _write_sdmx_generic, _ROWS
    ),
    "sdmx-csv": Format("SDMX-CSV", (".sdmx.csv",), _TEXT, _read_sdmx_csv, _write_sdmx_csv, _ROWS),
    "sdmx-structure": Format(
        "SDMX-ML structure",
        (".structure.xml",),
        _XML,
        _read_sdmx_structure,
        _write_sdmx_structure,
        _STRUCTURE,
    ),
    "open-sdg": Format("Open SDG folder", (), _NONE, _read_open_sdg, _write_open_sdg, _ROWS_AND_METADATA),
}
"""Every format by its code."""


def detect(path: Path | str) -> str:
    """The code of the format of an existing file or folder, by its content and its name.

    Refuses a file that is missing, empty or too large, one whose content contradicts its name, and one of
    which neither tells the format.
    """
    if _is_folder(path):
        return "open-sdg"
    found = content.of_file(path)
    suggested = _suggested(path)
    if suggested and found not in FORMATS[suggested].contents:
        name = FORMATS[suggested].name
        raise refuse("wrong-content", Origin(str(path)), expected=name, found=content.WORDS[found])
    if suggested == "xlsx" or (found == "zip" and "xl/workbook.xml" in limits.check_archive(path)):
        return "xlsx"
    if kind := _sdmx_kind(path) if found in _TEXT | _XML else None:
        return kind
    if found in _TEXT and suggested:
        return "csv"
    if found in _XML and suggested:
        _refuse_malformed(path)
        raise refuse("wrong-content", Origin(str(path)), expected="SDMX-ML", found="XML of another kind")
    raise _unknown(path)


def _is_folder(path: Path | str) -> bool:
    with suppress(OSError):  # a name that is too long: then it is no folder, and reading says why
        return Path(path).is_dir()
    return False


def _refuse_malformed(path: Path | str) -> None:
    """Refuse XML that breaks off or is not well-formed: that is to be mended before asking what it is."""
    from milepost.interchange import xml  # noqa: PLC0415

    for _ in xml.walk(path, (), []):
        pass


def _sdmx_kind(path: Path | str) -> str | None:
    from milepost.interchange import sdmx  # noqa: PLC0415

    kinds = {"data": "sdmx-ml", "structure": "sdmx-structure", "csv": "sdmx-csv"}
    return kinds.get(sdmx.sniff(path) or "")


def detect_target(path: Path | str) -> str:
    """The code of the format that an output's name asks for; without an ending, an Open SDG folder."""
    target = Path(path)
    if _is_folder(target) or not target.suffix:
        return "open-sdg"
    suggested = _suggested(path)
    if suggested is None or not target.name.lower().endswith(FORMATS[suggested].endings[0]):
        raise _unknown(path)
    return suggested


def _suggested(path: Path | str) -> str | None:
    """The code of the format that a name suggests, by the longest ending that fits."""
    name = Path(path).name.lower()
    fitting = [
        (len(ending), code)
        for code, known in FORMATS.items()
        for ending in known.endings
        if name.endswith(ending)
    ]
    return max(fitting)[1] if fitting else None


def _unknown(path: Path | str) -> MilepostError:
    return refuse("unknown-format", Origin(str(path)), name=Path(path).name, known=", ".join(FORMATS))


def read(path: Path | str, format: str | None = None) -> Dataset:
    """What a file or folder holds, read with limits on size, time and memory; its faults are in `problems`.

    The format is a key of FORMATS, else detected. Raises MilepostError where nothing can be read.
    """
    if format is not None and format not in FORMATS:
        raise _unknown(path)
    if _is_folder(path):
        if format not in (None, "open-sdg"):
            raise refuse("not-a-file", Origin(str(path)))
        return limits.guarded(FORMATS["open-sdg"].read, Path(path), seconds=FOLDER_SECONDS)
    limits.check_size(path)
    return limits.guarded(_read_file, Path(path), format)


def _read_file(path: Path, format: str | None) -> Dataset:
    return FORMATS[format or detect(path)].read(path)


def write(dataset: Dataset, path: Path | str, format: str | None = None) -> tuple[Problem, ...]:
    """Write a dataset, aside and then renamed; returns what the format could not hold or not hold well.

    The format is a key of FORMATS, else told from the name. Raises MilepostError where it cannot be written.
    """
    format = format or detect_target(path)
    if format not in FORMATS:
        raise _unknown(path)
    problems = FORMATS[format].write(dataset, Path(path))
    return (*(problems or ()), *_left_out(dataset, path, format))


def _left_out(dataset: Dataset, path: Path | str, format: str) -> Iterator[Problem]:
    """A fault for each part of the dataset that the format has no place for."""
    parts = {
        "observations": dataset.count(),
        "metadata": len(dataset.metadata),
        "structure": len(dataset.structure.code_lists) if dataset.structure else 0,
    }
    for part, count in parts.items():
        if count and part not in FORMATS[format].holds:
            details = {"part": part, "count": count, "format": FORMATS[format].name}
            yield Problem("left-out", Origin(str(path)), details)
