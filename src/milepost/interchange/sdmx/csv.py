"""SDMX-CSV: 1.0 (DATAFLOW) and 2.0 (STRUCTURE, STRUCTURE_ID, ACTION) in, 2.0 out.

2.0 is written because it can say which data structure the columns are of; 1.0 can name a dataflow only, and
we have none. The file is UTF-8 without a byte order mark, separated by commas. It is for machines: cells
that begin with = + - @ are not guarded against spreadsheets, since that would change codes; for
spreadsheets there are tidy CSV and workbooks. All tables go into one file; the layout of columns is told in
`layout`, and is the same as in SDMX-ML.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from milepost.errors import refuse
from milepost.interchange import aside, content, limits, xml
from milepost.interchange.sdmx import layout, structure
from milepost.values import CodeList, Dataset, Origin, Problem, Structure, Table, Text
from milepost.values.concepts import DIMENSIONS, MEASURE, concept

_REFERENCE = re.compile(r"([^:]+):([^(]+)\(([^)]+)\)")
_FIRST = re.compile(r'"?(DATAFLOW|STRUCTURE(?:\[.\])?)"?([,;\t])')
_LABELLED = re.compile(r"([A-Za-z0-9_@$-]+): (.*)", re.DOTALL)
_ABOUT_THE_ROW = (
    "DATAFLOW",
    "STRUCTURE",
    "STRUCTURE_ID",
    "STRUCTURE_NAME",
    "ACTION",
    "SERIES_KEY",
    "OBS_KEY",
)


def is_sdmx_csv(head: str) -> bool:
    """Whether a file that begins so is SDMX-CSV."""
    first = head.lstrip("\ufeff").partition("\n")[0]
    found = _FIRST.match(first)
    return bool(found) and (found[1] == "DATAFLOW" or "STRUCTURE_ID" in first)


def read(path: Path | str) -> Dataset:
    """All rows, a Table for each dataflow or structure they are of, and the names of codes if there are any.

    The columns that say what a row is of (DATAFLOW, STRUCTURE, STRUCTURE_ID, STRUCTURE_NAME, ACTION,
    SERIES_KEY, OBS_KEY) are left out, and of a file of several structures the columns that the rows of one
    leave blank; a file with "ID: name" in headers and cells gives the ids, and the
    names in `structure`.
    """
    problems: list[Problem] = []
    text = _text(path, problems)
    if not is_sdmx_csv(text[: content.HEAD]):
        raise refuse("sdmx-no-columns", Origin(str(path), row=1))
    headers, rows, lines = _records(text, str(path))
    about = [position for position, header in enumerate(headers) if header in _ABOUT_THE_ROW]
    kept = [position for position in range(len(headers)) if position not in about]
    _note_deletions(headers, rows, lines, str(path), problems)
    columns, cells, names = _without_labels(
        [headers[n] for n in kept], [[row[n] for n in kept] for row in rows]
    )
    if "OBS_VALUE" not in columns:
        raise refuse("sdmx-no-columns", Origin(str(path), row=1))
    said = headers.index("STRUCTURE_ID" if "STRUCTURE_ID" in headers else "DATAFLOW")
    by_structure: dict[str, list[int]] = {}
    for position, row in enumerate(rows):
        by_structure.setdefault(row[said], []).append(position)
    tables = []
    for address, positions in (by_structure or {"": []}).items():
        found = _REFERENCE.match(address)
        code = Path(path).stem if len(by_structure) < 2 else (found[2] if found else address)
        own = _own_columns(columns, [cells[position] for position in positions], len(by_structure) > 1)
        written, whole = layout.as_written(
            tuple(layout.decoded(columns[n]) for n in own),
            [tuple([cells[position][n] for n in own]) for position in positions],
        )
        if found:
            dimensions = columns[: columns.index("OBS_VALUE")]
            whole = structure.as_texts(written, whole, found[1], dimensions)
        tables.append(
            Table(code, written, whole, Origin(str(path)), [lines[position] for position in positions])
        )
    kinds = {row[headers.index("STRUCTURE")] for row in rows} if "STRUCTURE" in headers else {"dataflow"}
    address = next(iter(by_structure), "") if kinds == {"datastructure"} else ""
    return Dataset(
        tables=tuple(tables),
        structure=_structure(tables[0], columns, address, names),
        problems=tuple(problems),
    )


def _own_columns(columns: list[str], rows: list[list[str]], is_one_of_several: bool) -> list[int]:
    """Where the columns of one structure stand: of several structures, those with anything in its rows."""
    return [
        n
        for n, column in enumerate(columns)
        if not is_one_of_several or column == "OBS_VALUE" or any(row[n] for row in rows)
    ]


def _text(path: Path | str, problems: list[Problem]) -> str:
    data = limits.contents(path)
    content.expect("text", content.of(data[: content.HEAD]), path, "SDMX-CSV")
    encoding = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    text, problem = xml.decoded(data, encoding, str(path))
    if problem:
        problems.append(problem)
    return text


def _records(text: str, file: str) -> tuple[list[str], list[list[str]], list[int]]:
    """Headers, rows as long as the headers, and the line each row begins on."""
    found = _FIRST.match(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=found[2] if found else ",", strict=True)
    rows, lines, begin = [], [], 1
    try:
        for record in reader:
            if record:
                rows.append(record)
                lines.append(begin)
            begin = reader.line_num + 1
    except csv.Error as error:
        raise refuse("quote-not-closed", Origin(file, row=begin)) from error
    headers = [re.sub(r"^STRUCTURE\[.\]$", "STRUCTURE", header.strip()) for header in rows[0]]
    for position, row in enumerate(rows[1:], start=1):
        if len(row) == len(headers):
            continue
        if any(row[len(headers) :]):
            place = Origin(file, row=lines[position])
            raise refuse(
                "ragged-row", place, found=len(row), expected=len(headers), effect="nothing was read"
            )
        rows[position] = row[: len(headers)] + [""] * (len(headers) - len(row))
    return headers, rows[1:], lines[1:]


def _note_deletions(
    headers: list[str], rows: list[list[str]], lines: list[int], file: str, problems: list[Problem]
) -> None:
    if "ACTION" not in headers:
        return
    action = headers.index("ACTION")
    deleted = [line for row, line in zip(rows, lines, strict=True) if row[action] == "D"]
    if deleted:
        problems.append(Problem("sdmx-deletion", Origin(file, row=deleted[0]), {"count": len(deleted)}))


def _without_labels(
    headers: list[str], rows: list[list[str]]
) -> tuple[list[str], list[list[str]], Mapping[str, Mapping[str, str]]]:
    """Headers and cells without names, and the names by concept and code, for files with both (`SEX: Sex`,
    `F: Female`)."""
    if not all(_LABELLED.fullmatch(header) for header in headers):
        return headers, rows, {}
    ids = [header.partition(": ")[0] for header in headers]
    names: dict[str, dict[str, str]] = {}
    for position, id in enumerate(ids):
        found = [_LABELLED.fullmatch(row[position]) for row in rows]
        is_coded = concept(id) in structure.CODED or concept(id) is None
        if is_coded and all(match or not row[position] for match, row in zip(found, rows, strict=True)):
            for match, row in zip(found, rows, strict=True):
                if match:
                    row[position] = match[1]
                    names.setdefault(id, {})[match[1]] = match[2]
    return ids, rows, names


def _structure(
    table: Table, columns: list[str], address: str, names: Mapping[str, Mapping[str, str]]
) -> Structure | None:
    """What the file says of its structure; names are in no language, because the file does not say in
    which."""
    found = _REFERENCE.match(address)
    if not found and not names:
        return None
    before = {layout.decoded(id) for id in columns[: columns.index("OBS_VALUE")]}
    named = list(zip(table.columns, table.concepts(), strict=True))
    dimensions = tuple(name for header, name in named if header in before or name in DIMENSIONS)
    lists = {
        layout.name(id): CodeList(f"CL_{id}", {code: Text({"und": text}) for code, text in codes.items()})
        for id, codes in names.items()
    }
    return Structure(
        id=found[2] if found else "",
        agency=found[1] if found else "",
        version=found[3] if found else "1.0",
        dimensions=dimensions,
        attributes=tuple(name for _, name in named if name not in dimensions and name != MEASURE),
        code_lists=lists,
    )


def write(dataset: Dataset, path: Path | str) -> tuple[Problem, ...]:
    """Every row of every table, as SDMX-CSV 2.0 with ACTION I; returns faults as `ml.write` does."""
    return write_all((dataset,), path)


def write_all(datasets: Sequence[Dataset], path: Path | str) -> tuple[Problem, ...]:
    """Every row of every dataset in one file, as `write` has it for one; datasets may differ in structure.

    The columns are those of all: what is a dimension of any comes before OBS_VALUE. A row is blank in the
    columns that its structure does not have.
    """
    sets = [(dataset, *structure.laid_out(dataset)) for dataset in datasets]
    used = {id for _, _, tables in sets for laid in tables for id in laid.ids}
    fitted = [each for _, each, _ in sets]
    dimensions = dict.fromkeys(layout.id(name) for each in fitted for name in each.dimensions)
    if len(fitted) > 1 and "TIME_PERIOD" in dimensions:  # after those of all
        del dimensions["TIME_PERIOD"]
        dimensions["TIME_PERIOD"] = None
    attributes = dict.fromkeys(layout.id(name) for each in fitted for name in each.attributes)
    columns = [
        id for id in dict.fromkeys((*dimensions, "OBS_VALUE", *attributes)) if id in used or id == "OBS_VALUE"
    ]
    with aside.file(path) as temporary, temporary.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\r\n")
        writer.writerow(["STRUCTURE", "STRUCTURE_ID", "ACTION", *columns])
        for _, each, tables in sets:
            address = f"{each.agency}:{each.id}({each.version})"
            for laid in tables:
                writer.writerows(_rows(laid, columns, ["datastructure", address, "I"]))
    return tuple(
        fault
        for dataset, _, tables in sets
        for pair in zip(dataset.tables, tables, strict=True)
        for fault in layout.faults_of_periods(*pair)
    )


def _rows(laid: layout.Laid, columns: list[str], about: list[str]) -> Iterator[list[str]]:
    places = [laid.ids.index(id) if id in laid.ids else None for id in columns]
    for row in laid.rows:
        yield about + [row[place] if place is not None else "" for place in places]
