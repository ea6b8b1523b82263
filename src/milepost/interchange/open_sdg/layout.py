"""The static files that an existing Open SDG site reads, in the platform's paths and shapes.

Below `untranslated/` and below each language: data, headline and edges as CSV and JSON, comb, meta, stats,
translations, zip and downloads. Each indicator's files are written alone (`write_indicator`, in several
processes if wished); the files about all of them are then made from these (`write_totals`), so that after a
change only the changed indicators are written again. A file is written aside, then renamed, and only if its
content differs.
"""

import csv
import datetime
import io
import json
import math
import re
import zipfile
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from json.encoder import encode_basestring_ascii as json_text
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

from milepost.errors import refuse
from milepost.interchange.open_sdg import computed, derive, status, translate
from milepost.interchange.open_sdg.platform import Platform
from milepost.values import Origin, Problem, Table

UNTRANSLATED = "untranslated"
_OF_AN_INDICATOR = {
    "data": ("csv", "json"),
    "headline": ("csv", "json"),
    "edges": ("csv", "json"),
    "comb": ("json",),
    "meta": ("json",),
}
_OF_ALL = {"all.json", "schema.json"}
_ASIDE = ".aside"


@dataclass(frozen=True, slots=True)
class Settings:
    """What the files of every indicator depend on; small enough to be handed to worker processes."""

    languages: tuple[str, ...]
    columns: computed.Columns
    words: translate.Words

    @property
    def non_disaggregation_columns(self) -> tuple[str, ...]:
        """The columns that do not break figures down."""
        return self.columns.non_disaggregation

    @property
    def folders(self) -> tuple[str, ...]:
        """`untranslated` and one folder for each language."""
        return (UNTRANSLATED, *self.languages)


def settings(platform: Platform) -> Settings:
    """The settings of a platform as `open_platform` gives it; refuses a language that is no folder's name."""
    languages = tuple(language for language in platform.languages if language != UNTRANSLATED)
    for language in languages:
        if language in (".", "..") or Path(language).name != language:
            raise refuse("cannot-write", str(platform.folder), why=f"{language!r} cannot be a folder's name")
    return Settings(
        languages,
        _columns(platform.options["indicator_options"]),
        translate.words(platform.translations, languages),
    )


def _columns(options: Mapping[str, Any]) -> computed.Columns:
    return computed.Columns(
        tuple(options["non_disaggregation_columns"]),
        tuple(options["observation_attributes"]),
        str(options["series_column"]),
        str(options["unit_column"]),
        str(options["progress_column"]),
    )


def write(platform: Platform, out: Path | str) -> tuple[Problem, ...]:
    """Write all static files of a platform below `out`, one indicator after the other.

    Gives the progress that cannot be computed and the downloads that cannot be offered; refuses
    ("cannot-write") a place that cannot be written.
    """
    chosen = settings(platform)
    platform.ask_git()
    problems: list[Problem] = []
    for code in platform.codes:
        problems += write_indicator(
            out,
            chosen,
            code,
            platform.table(code),
            platform.metadata(code),
            text_columns=platform.text_columns(code),
            name=platform.name(code),
        )
    return (*problems, *write_totals(out, chosen, platform))


# One indicator


def write_indicator(
    out: Path | str,
    chosen: Settings,
    code: str,
    table: Table,
    meta: Mapping[str, Any],
    *,
    text_columns: Container[str] = (),
    name: str | None = None,
) -> list[Problem]:
    """Write the files of one indicator, untranslated and in every language.

    `table` has the cells as in the source, `text_columns` those that are text whatever their cells;
    conflicting and repeated rows stay. Without data it has no rows. `name` stands in for a missing
    `indicator_name`. Gives a Problem where metadata ask for a progress status that cannot be computed;
    refuses ("cannot-write") a place that cannot be written.
    """
    source, kinds = derive.published(table, text_columns)
    meta = status.with_minimum(code, meta, bool(source.rows), name)
    added: dict[str, str] = {}
    problems: list[Problem] = []
    if computed.is_asked_for(meta):
        added["progress_status"], problems = computed.progress_status(source, meta, chosen.columns)
    known, columns = chosen.words, chosen.non_disaggregation_columns
    numbers = _numbers(source, kinds)
    with _plainly(out):
        for folder in chosen.folders:
            if folder == UNTRANSLATED:
                shown, shown_meta = source, {**meta, **added}
            else:
                shown = translate.table(source, folder, known, columns, kinds)
                shown_meta = {**translate.metadata(meta, folder, known), **added}
            for subfolder, extension, content in _files(shown, numbers, shown_meta, columns):
                _put(Path(out, folder), f"{subfolder}/{code}.{extension}", content)
    return problems


def is_written(out: Path | str, chosen: Settings, code: str) -> bool:
    """Whether every file of an indicator is there."""
    return all(
        Path(out, folder, name, f"{code}.{extension}").exists()
        for folder in chosen.folders
        for name, extensions in _OF_AN_INDICATOR.items()
        for extension in extensions
    )


def _numbers(table: Table, kinds: Mapping[str, str]) -> dict[str, list[str]]:
    """The columns that are the same in every language, in JSON."""
    return {
        name: json_tokens([row[table.columns.index(name)] for row in table.rows], kind)
        for name, kind in kinds.items()
        if kind != derive.TEXT
    }


def _files(
    table: Table,
    numbers: Mapping[str, list[str]],
    meta: Mapping[str, Any],
    non_disaggregation_columns: Iterable[str],
) -> Iterator[tuple[str, str, str]]:
    """Subfolder, extension and content of every file of an indicator in one language."""
    fixed = derive.fixed_columns(non_disaggregation_columns)
    filled = derive.presence(table)
    cells = list(zip(*table.rows, strict=True)) or [()] * len(table.columns)
    tokens = [
        numbers[name] if name in numbers else json_tokens(each, derive.TEXT)
        for name, each in zip(table.columns, cells, strict=True)
    ]
    data_json = _json_columns(table.columns, tokens)
    yield "data", "csv", _csv(table.columns, table.rows)
    yield "data", "json", data_json

    rows, columns = derive.headline_parts(table.columns, filled, len(table.rows), fixed)
    names = [table.columns[column] for column in columns]
    yield "headline", "csv", _csv(names, ([table.rows[row][column] for column in columns] for row in rows))
    yield "headline", "json", _json_records(names, [[tokens[c][row] for row in rows] for c in columns])

    edges = derive.edges_between(table.columns, filled, fixed)
    ends = [[json_text(parent) for parent, _ in edges], [json_text(child) for _, child in edges]]
    edges_json = _json_columns(("From", "To"), ends)
    yield "edges", "csv", _csv(("From", "To"), edges)
    yield "edges", "json", edges_json
    yield "comb", "json", f'{{"data":{data_json},"edges":{edges_json}}}'
    yield "meta", "json", json_value(meta)


def _csv(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue()


# JSON as the platform writes it


def json_tokens(cells: Sequence[str], kind: str) -> list[str]:
    """The published cells of a column in JSON: numbers and truth values bare, blank as null."""
    if kind == derive.INTEGER:
        return list(cells)
    if kind == derive.DECIMAL:
        forms = {cell: json_number(float(cell)) if cell else "null" for cell in set(cells)}
    elif kind == derive.TRUTH:
        forms = {cell: cell.lower() or "null" for cell in set(cells)}
    else:
        forms = {cell: json_text(cell) if cell else "null" for cell in set(cells)}
    return [forms[cell] for cell in cells]


def json_number(number: float) -> str:
    """A decimal number as the platform's JSON has it: to ten places after the point, always with a point.

    The parts before and after the point are printed apart, so that 123456789.123 becomes
    123456789.1229999959; numbers above 1e16 or below 1e-15 have ten digits and an exponent.

    >>> json_number(59.6), json_number(53.0), json_number(1 / 3), json_number(123456789.123)
    ('59.6', '53.0', '0.3333333333', '123456789.1229999959')
    """
    size = abs(number)
    if not math.isfinite(number):
        return "null"
    if size > 1e16 or 0 < size < 1e-15:
        return format(number, ".10g")
    whole = int(size)
    exact = (size - whole) * 1e10
    fraction = int(exact)
    rest = exact - fraction
    if rest > 0.5 or (rest == 0.5 and (fraction == 0 or fraction % 2)):
        fraction += 1
    if fraction >= 10**10:
        whole, fraction = whole + 1, 0
    sign = "-" if number < 0 else ""
    return f"{sign}{whole}.{f'{fraction:010d}'.rstrip('0') or '0'}"


def json_value(value: Any) -> str:
    """Metadata and counts as compact JSON; dates as YYYY-MM-DD, a number that is none as null."""
    if isinstance(value, str):
        return json_text(value)
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return json_number(value)
    if isinstance(value, Mapping):
        return (
            "{" + ",".join(f"{json_text(str(key))}:{json_value(each)}" for key, each in value.items()) + "}"
        )
    if isinstance(value, list | tuple | set | frozenset):
        return "[" + ",".join(map(json_value, value)) + "]"
    return json_text(value.isoformat() if isinstance(value, datetime.date | datetime.time) else str(value))


def _json_spaced(value: Any) -> str:
    """Any value as `json_value` has it, with the spaces that the platform puts into its larger files."""
    return json.dumps(json.loads(json_value(value)))


def _json_columns(names: Sequence[str], tokens: Sequence[Sequence[str]]) -> str:
    """{column: [cells]}; [] without rows. Of two columns of one name the later counts."""
    if not any(tokens):
        return "[]"
    by_name = dict(zip(names, tokens, strict=True))
    return "{" + ",".join(f"{json_text(name)}:[{','.join(each)}]" for name, each in by_name.items()) + "}"


def _json_records(names: Sequence[str], tokens: Sequence[Sequence[str]]) -> str:
    """[{column: cell}] for each row."""
    by_name = dict(zip(names, tokens, strict=True))
    labelled = [[f"{json_text(name)}:{token}" for token in each] for name, each in by_name.items()]
    return "[" + ",".join("{" + ",".join(row) + "}" for row in zip(*labelled, strict=True)) + "]"


# All indicators


def write_totals(out: Path | str, chosen: Settings, platform: Platform) -> tuple[Problem, ...]:
    """Write what is about all indicators, from their files already there; remove files of former ones.

    Gives the downloads that cannot be offered; refuses ("cannot-write") a place that cannot be written.
    """
    options = platform.options
    extra_fields = options.get("reporting_status_extra_fields") or ()
    ignore = bool(options.get("ignore_out_of_scope_disaggregation_stats"))
    export = options.get("indicator_export_filename") or "all_indicators"
    codes = list(platform.codes)
    schema = _json_spaced(published_schema(platform.schema))
    downloads, problems = _downloads(platform)
    with _plainly(out):
        plain = Path(out, UNTRANSLATED)
        metas = {code: json.loads(_read(plain / "meta" / f"{code}.json")) for code in codes}
        heads = {code: _head(plain / "data" / f"{code}.csv") for code in codes}
        disaggregation = json.dumps(_disaggregation(chosen, metas, heads, extra_fields, ignore))
        exported = [code for code in codes if _is_exported(metas[code], bool(heads[code].rows))]
        for folder in chosen.folders:
            place = Path(out, folder)
            _remove_former(place, codes)
            texts = {code: _read(place / "meta" / f"{code}.json") for code in codes}
            headlines = {code: _read(place / "headline" / f"{code}.json") for code in codes}
            in_language = {code: json.loads(text) for code, text in texts.items()}
            translations = platform.translations
            if folder != UNTRANSLATED:
                translations = translations.get(folder, {})
            _put(place, "meta/all.json", _json_joined(texts))
            _put(place, "headline/all.json", _json_joined(headlines))
            _put(place, "meta/schema.json", schema)
            _put(place, "stats/reporting.json", json_value(status.reporting(in_language, extra_fields)))
            _put(place, "stats/disaggregation.json", disaggregation)
            _put_or_remove(place, "stats/progress.json", status.progress(in_language, extra_fields))
            _put(place, "translations/translations.json", _json_spaced(translations))
            _export(place, export, exported, platform.last_commit)
            if options.get("indicator_downloads"):
                for link, path in downloads.files.items():
                    _put(place, link, path.read_bytes())
                _put(place, "downloads/indicator-downloads.json", json.dumps(downloads.buttons))
    return problems


def _json_joined(texts: Mapping[str, str]) -> str:
    return "{" + ",".join(f"{json_text(code)}:{text}" for code, text in texts.items()) + "}"


def _head(path: Path) -> Table:
    """The columns of a published CSV file, and one row if it has any."""
    with path.open(encoding="utf-8", newline="") as file:
        lines = csv.reader(file)
        columns = tuple(next(lines))
        return Table(
            path.stem, columns, [tuple(row) for row in [next(lines, None)] if row], Origin(str(path))
        )


def _disaggregation(
    chosen: Settings,
    metas: status.Metas,
    heads: Mapping[str, Table],
    extra_fields: Iterable[str],
    ignore: bool,
) -> dict[str, Any]:
    columns = chosen.non_disaggregation_columns
    statuses = {
        code: status.disaggregation_status(meta, heads[code], columns) for code, meta in metas.items()
    }
    return status.disaggregation(metas, statuses, extra_fields, ignore)


def published_schema(fields: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The content of meta/schema.json, from the source's fields {"name": ..., "field": {...}}.

    As on the platform, every field is a "text" unless it has options, and the options of a field that may
    stay empty have a null among them; only `reporting_status` may not.
    """
    published = []
    for entry in fields:
        source = entry.get("field") or {}
        shown = {
            key: source[key]
            for key in ("help", "label", "value", "translation_key", "scope")
            if key in source
        }
        shown["element"] = (
            source.get("element") if source.get("element") in ("select", "multiselect") else "text"
        )
        if shown["element"] != "text":
            shown["options"] = [_published_option(option) for option in source.get("options") or ()]
            if entry.get("name") != "reporting_status":
                shown["options"].append({"name": "Null", "value": None})
        published.append({"name": entry.get("name"), "field": shown})
    return published


def _published_option(option: Any) -> dict[str, Any]:
    given = option if isinstance(option, Mapping) else {"value": option}
    name = given.get("name", given.get("value"))
    return {"name": name, "value": given.get("value"), "translation_key": given.get("translation_key", name)}


# Archive and downloads


def _is_exported(meta: Mapping[str, Any], has_data: bool) -> bool:
    return meta.get("reporting_status") == "complete" and status.is_statistical(meta, has_data)


def _export(place: Path, name: str, codes: Sequence[str], timestamp: int | None) -> None:
    """The archive with the data of every complete statistical indicator, and what the site says about it."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as bundle:  # not compressed, as on the platform
        for code in sorted(codes):
            entry = zipfile.ZipInfo(f"{code}.csv")  # dated 1980: the same data give the same archive
            entry.external_attr = 0o644 << 16
            bundle.writestr(entry, (place / "data" / f"{code}.csv").read_bytes())
    content = archive.getvalue()
    info: dict[str, Any] = {
        "size_bytes": len(content),
        "size_human": human_size(len(content)),
        "filename": f"{name}.zip",
    }
    if timestamp is not None:
        info["timestamp"] = timestamp
    _put(place, f"zip/{name}.zip", content)
    _put(place, "zip/all_indicators.json", json.dumps(info))


def human_size(size: int) -> str:
    """A number of bytes for people, in thousands.

    >>> human_size(1), human_size(191), human_size(12745219)
    ('1 Byte', '191 Bytes', '12.7 MB')
    """
    if size < 1000:
        return f"{size} Byte{'' if size == 1 else 's'}"
    power = 1 if size < 1000**2 else 2 if size < 1000**3 else 3
    return f"{size / 1000**power:.1f} {'kMG'[power - 1]}B"


class _Downloads(NamedTuple):
    """The source's files to be offered, by their links, and {indicator: {button: {"href": link}}}."""

    files: dict[str, Path]
    buttons: dict[str, dict[str, dict[str, str]]]


def _downloads(platform: Platform) -> tuple[_Downloads, tuple[Problem, ...]]:
    """What the platform offers for download, and what it wants to offer but cannot."""
    root = Path(platform.folder)
    offered, problems = _Downloads({}, {}), []
    for wanted in platform.options.get("indicator_downloads") or ():
        try:
            pattern = re.compile(wanted.get("indicator_id_pattern") or "indicator_(.*)")
            button, subfolder = str(wanted["button_label"]), PurePosixPath(wanted["output_folder"])
            if ".." in subfolder.parts:
                raise ValueError("its folder is outside the output")
            for path in sorted(root.glob(wanted["source_pattern"])):
                found = pattern.search(path.stem)
                if not found or not path.is_file() or not path.resolve().is_relative_to(root.resolve()):
                    continue
                link = f"downloads/{subfolder}/{path.name}"
                offered.files[link] = path
                offered.buttons.setdefault(found[1].replace("-", "."), {})[button] = {"href": link}
        except (AttributeError, LookupError, NotImplementedError, TypeError, ValueError, re.error) as error:
            details = {"button": str(wanted), "why": f"{type(error).__name__}: {error}"}
            problems.append(Problem("download-not-offered", Origin(str(root)), details))
    return offered, tuple(problems)


# Files


def _put(place: Path, name: str, content: str | bytes) -> None:
    """Write the file aside, then rename it; leave it alone if it has this content already."""
    path = place / name
    if ".." in Path(name).parts:
        raise refuse("cannot-write", str(path), why="it is outside the folder of the output")
    new = content.encode() if isinstance(content, str) else content
    try:
        if path.read_bytes() == new:
            return
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(path.name + _ASIDE)
    aside.write_bytes(new)
    aside.replace(path)


def _put_or_remove(place: Path, name: str, content: Mapping[str, Any] | None) -> None:
    """Write a file that not every platform has; remove that of an earlier build."""
    if content is None:
        (place / name).unlink(missing_ok=True)
    else:
        _put(place, name, json_value(content))


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _remove_former(place: Path, codes: Iterable[str]) -> None:
    """Remove the files of indicators that the platform no longer has, and what a killed run left aside."""
    current = set(codes)
    for name in _OF_AN_INDICATOR:
        for path in (place / name).glob("*"):
            is_ours = (
                path.suffix in (".csv", ".json") and path.name not in _OF_ALL and path.stem not in current
            )
            if is_ours or path.suffix == _ASIDE:
                path.unlink()


@contextmanager
def _plainly(out: Path | str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise refuse(
            "cannot-write", Origin(str(error.filename or out)), why=error.strerror or str(error)
        ) from error
