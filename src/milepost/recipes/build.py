"""A country's data folder becomes downloads, a list of faults and an overview."""

import concurrent.futures
import datetime
import json
import math
import multiprocessing
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from milepost import __version__, demonstration, interchange
from milepost.errors import MilepostError, refuse
from milepost.interchange import aside, csv, limits, open_sdg
from milepost.interchange.open_sdg import layout, translate
from milepost.recipes import entry, exchange, indicator, naming, record
from milepost.recipes.naming import Vocabulary
from milepost.recipes.record import Made
from milepost.recipes.words import problem_as_dict
from milepost.reports import overview
from milepost.values import Dataset, Origin, Problem, Table, Text

UNTRANSLATED = "untranslated"
"""Where the files of a folder without languages are written."""
OPEN_SDG = "open-sdg"
SDMX = "sdmx"
SECONDS_PER_INDICATOR = 60.0

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Built:
    """What a build did: how much there is, how many indicators were made again, what is at fault."""

    indicators: int
    observations: int
    rebuilt: int
    problems: tuple[Problem, ...]
    overview: Path


def build(
    folder: Path,
    out: Path,
    *,
    method: str = "un",
    open_sdg_layout: bool = False,
    sdmx: bool = False,
    workbook: bool = False,
    jobs: int | None = None,
    progress: Progress = lambda step, done, total: None,
) -> Built:
    """Read an Open SDG data folder, check, assess, write downloads, faults.json and the overview below `out`.

    Only what changed since the last build is made again. `progress(step, done, total)` is called along the
    way; an exception that it raises cancels the build, and `out` stays as it was. MilepostError where the
    folder cannot be read at all or `out` cannot be written.
    """
    platform = open_sdg.open_platform(folder)
    if open_sdg_layout:
        platform.ask_git()
    sources = {code: platform.sources(code) for code in platform.codes}
    _refuse_to_write_among_the_data(platform, sources.values(), out)
    today = datetime.datetime.now(tz=datetime.UTC).date()
    order = _order(platform, method, open_sdg_layout, today)
    digests = {
        code: "-".join((record.digest(paths), *platform.dates(code))) for code, paths in sources.items()
    }
    before = record.read(out, order)
    kept = {
        code: made
        for code, (digest, made) in before.items()
        if digests.get(code) == digest and all((out / name).is_file() for name in made.files)
    }
    changed = [code for code in platform.codes if code not in kept]
    with aside.additions(out) as stage:
        work = _work(platform, stage, method, open_sdg_layout, today)
        fresh = {made.code: made for made in _make(work, changed, jobs, progress)}
        all_made = [fresh.get(code) or kept[code] for code in platform.codes]
        of_exchange = _write_everything(work, sdmx=sdmx, workbook=workbook, progress=progress)
        not_written = _not_written(stage) if sdmx else set()
        of_folder = (*_problems_of_folder(platform, all_made), *of_exchange)
        page = _write_overview(work, all_made, of_folder)
        record.spoil(out)
    if open_sdg_layout:
        of_folder += layout.write_totals(out / OPEN_SDG, layout.settings(platform), platform)
    problems = (*of_folder, *(problem for made in all_made for problem in made.problems))
    aside.remove(out, not_written | record.files(out) - {name for made in all_made for name in made.files})
    with aside.file(out / "faults.json") as path:
        _write_json(path, {"faults": [problem_as_dict(problem) for problem in problems]})
    with aside.file(out / record.NAME) as path:
        record.write(path, order, digests, all_made)
    return Built(
        len(all_made), sum(made.observations for made in all_made), len(changed), problems, out / page
    )


def _refuse_to_write_among_the_data(
    platform: open_sdg.Platform, sources: Iterable[Sequence[Path]], out: Path
) -> None:
    """An output beside the data could replace them, or be read as data the next time."""
    folders = {path.parent for paths in (*sources, platform.shared_sources()) for path in paths}
    if out.resolve() in {folder.resolve() for folder in (platform.folder, *folders)}:
        raise refuse("cannot-write", Origin(str(out)), why="the data that are read are in this folder")


def _order(platform: open_sdg.Platform, method: str, open_sdg_layout: bool, today: datetime.date) -> str:
    """What every indicator depends on: this program, what was asked for, and the files that all share."""
    asked = f"{__version__} {method} {open_sdg_layout} {today.year} {platform.folder.resolve()}"
    return f"{asked} {record.digest(platform.shared_sources())}"


# One indicator, in a worker process -------------------------------------------------------------------------


class _Work(NamedTuple):
    """What every worker needs."""

    platform: open_sdg.Platform
    stage: Path
    method: str
    today: datetime.date
    languages: tuple[str, ...]
    words: translate.Words
    layout: layout.Settings | None


_at_work: list[_Work] = []  # handed to the workers by forking, so that they share what is read already


def _work(
    platform: open_sdg.Platform, stage: Path, method: str, open_sdg_layout: bool, today: datetime.date
) -> _Work:
    languages = platform.languages or ("en",)
    words = translate.words(platform.translations, languages)
    return _Work(
        platform,
        stage,
        method,
        today,
        languages,
        words,
        layout.settings(platform) if open_sdg_layout else None,
    )


def _make(work: _Work, codes: Sequence[str], jobs: int | None, progress: Progress) -> Iterator[Made]:
    """Every indicator of `codes`, made in as many processes as there are jobs."""
    step = "Building indicators"
    progress(step, 0, len(codes))
    jobs = min(jobs or len(os.sched_getaffinity(0)), len(codes))
    _at_work[:] = [work]
    if jobs < 2:
        for count, code in enumerate(codes, 1):
            yield _one(code)
            progress(step, count, len(codes))
        return
    context = multiprocessing.get_context("fork")
    with concurrent.futures.ProcessPoolExecutor(jobs, context, initializer=_start) as pool:
        try:
            chunk = max(1, len(codes) // (jobs * 8))
            for count, made in enumerate(pool.map(_one, codes, chunksize=chunk), 1):
                yield made
                progress(step, count, len(codes))
        except BrokenProcessPool as error:
            raise refuse("reader-died", Origin(str(work.platform.folder)), why=str(error)) from error
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _start() -> None:
    """What every worker does first."""
    limits.end_with_parent()
    limits.worker_limits()


def _one(code: str) -> Made:
    """Read, check, judge and write one indicator; one that takes too long is empty, with the fault."""
    (work,) = _at_work
    try:
        with limits.deadline(Origin(code), SECONDS_PER_INDICATOR):
            return _done(work, code)
    except MilepostError as error:
        return Made(code, 0, error.problems, {}, ())


def _done(work: _Work, code: str) -> Made:
    platform = work.platform
    table, metadata = platform.table(code), platform.metadata(code)
    sheet = indicator.sheet(
        code,
        table,
        metadata,
        options=platform.options["indicator_options"],
        method=work.method,
        today=work.today,
        text_columns=platform.text_columns(code),
        problems=platform.problems_of(code),
    )
    files = []
    for language in platform.languages or (UNTRANSLATED,):
        data = translate.table(sheet.table, language, work.words, sheet.fixed, sheet.kinds)
        content = entry.as_dict(sheet, data, work.words, language)
        files += [f"{language}/{code}.csv", f"{language}/{code}.json"]
        (work.stage / language).mkdir(exist_ok=True)
        csv.write_table(data, work.stage / files[-2])
        _write_json(work.stage / files[-1], content)
    of_layout: list[Problem] = []
    if work.layout is not None:
        name = platform.name(code)
        columns = platform.text_columns(code)
        of_layout = layout.write_indicator(
            work.stage / OPEN_SDG, work.layout, code, table, metadata, text_columns=columns, name=name
        )
    place = "{language}" if platform.languages else UNTRANSLATED
    downloads = {"CSV": f"{place}/{code}.csv", "JSON": f"{place}/{code}.json"}
    shown = entry.of(sheet, Vocabulary(work.words, work.languages), work.method, downloads)
    in_detail = len(platform.codes) <= overview.MOST_ENTRIES_IN_DETAIL
    fragments = {
        language: overview.fragment(shown, language, work.languages, in_detail=in_detail)
        for language in work.languages
    }
    return Made(code, len(table.rows), (*sheet.problems, *of_layout), fragments, tuple(files))


# What is about all of them ----------------------------------------------------------------------------------


def _problems_of_folder(platform: open_sdg.Platform, all_made: Sequence[Made]) -> tuple[Problem, ...]:
    """The faults of the folder as a whole; those said of an indicator are not said again."""
    said = {(p.code, p.origin) for made in all_made for p in made.problems}
    return tuple(problem for problem in platform.problems if (problem.code, problem.origin) not in said)


def _write_overview(work: _Work, all_made: Sequence[Made], problems: Sequence[Problem]) -> str:
    """Write the overview in every language; the name of its first page."""
    platform = work.platform
    page = overview.Overview(
        title=_title(work),
        languages=work.languages,
        fragments={
            language: [made.fragments[language] for made in all_made if made.fragments]
            for language in work.languages
        },
        made_on=work.today,
        source=platform.folder.resolve().name,
        method=work.method,
        goals=naming.goals(),
        problems=tuple(problems),
        downloads={"faults.json": "faults.json"},
        example=platform.folder.resolve() == demonstration.folder().resolve(),
    )
    return overview.write(page, work.stage)[0].name


def _title(work: _Work) -> Text:
    """What the platform calls itself in its translations, else the name of the folder."""
    texts = work.words.get("general.title") or work.words.get("site.title") or {}
    return Text(dict(texts)) or Text(en=work.platform.folder.resolve().name)


def _write_everything(work: _Work, *, sdmx: bool, workbook: bool, progress: Progress) -> tuple[Problem, ...]:
    """SDMX and a workbook of everything, on demand; what could not be written, or others cannot use of it."""
    writers = [write for write, wanted in ((_write_sdmx, sdmx), (_write_workbook, workbook)) if wanted]
    platform = work.platform
    tables = tuple(platform.table(code) for code in platform.codes) if writers else ()
    problems: list[Problem] = []
    for write in writers:
        try:
            problems += write(work, tables, progress)
        except MilepostError as error:  # too long for a sheet, characters that XML has not: the rest stands
            problems += error.problems
    return tuple(problems)


def _write_sdmx(work: _Work, tables: Sequence[Table], progress: Progress) -> tuple[Problem, ...]:
    folder, words, languages = work.stage / SDMX, work.words, work.languages
    return exchange.write(work.platform, tables, folder, known=words, languages=languages, progress=progress)


def _not_written(stage: Path) -> set[str]:
    """The files of an exchange that this build has not: one of an earlier build would mislead."""
    names = (f"{SDMX}/{name}" for name in exchange.FILES)
    return {name for name in names if not (stage / name).is_file()}


def _write_workbook(work: _Work, tables: Sequence[Table], progress: Progress) -> tuple[Problem, ...]:
    step = "Writing the workbook"
    progress(step, 0, 1)
    metadata = {code: work.platform.metadata(code) for code in work.platform.codes}
    everything = Dataset(tuple(tables), metadata, work.platform.languages)
    interchange.FORMATS["xlsx"].write(everything, work.stage / "data.xlsx")
    progress(step, 1, 1)
    return ()


def _write_json(path: Path, content: Mapping[str, Any]) -> None:
    try:
        text = json.dumps(content, ensure_ascii=False, allow_nan=False, default=str)
    except ValueError:  # metadata in YAML may hold .inf and .nan, which JSON has not
        text = json.dumps(_in_words(content), ensure_ascii=False, allow_nan=False, default=str)
    # Lone surrogates stand in names of files that are no text.
    path.write_text(f"{text}\n", encoding="utf-8", errors="backslashreplace")


def _in_words(value: Any) -> Any:
    """The value with every number that is not finite as a word."""
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, Mapping):
        return {key: _in_words(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_in_words(item) for item in value]
    return value
