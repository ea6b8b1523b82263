"""Every step without server or database: arguments in, files or text out."""

import argparse
import io
import json
import math
import os
import re
import sys
import textwrap
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from milepost import __version__, catalogue, demonstration, interchange, recipes
from milepost.errors import KINDS, MilepostError, describe, refuse
from milepost.values import Problem, Target

DONE, FAULTS, MISUSE, CANCELLED = 0, 1, 2, 130
DEBUG = "MILEPOST_DEBUG"
"""With it set, a mistake of Milepost itself ends with the traceback that its mending needs."""


class Command(NamedTuple):
    """One command: what it is for, its arguments, an example to copy, and the function that does it."""

    help: str
    example: str
    arguments: Callable[[argparse.ArgumentParser], None]
    run: Callable[[argparse.Namespace], int]


def _path(text: str) -> Path:
    if not text:  # a variable of the shell that is not set; the current folder is called "."
        raise argparse.ArgumentTypeError("no name is given")
    return Path(text)


# convert ----------------------------------------------------------------------------------------------------


def _convert_arguments(parser: argparse.ArgumentParser) -> None:
    formats = ", ".join(interchange.FORMATS)
    parser.add_argument("input", metavar="IN", type=_path, help="file or folder to read")
    parser.add_argument("output", metavar="OUT", type=_path, help="file or folder to write")
    parser.add_argument(
        "--from", dest="from_", metavar="FORMAT", choices=interchange.FORMATS, help=f"one of: {formats}"
    )
    parser.add_argument(
        "--to", metavar="FORMAT", choices=interchange.FORMATS, help="the same; else by extension"
    )


def _convert(options: argparse.Namespace) -> int:
    dataset = recipes.convert(options.input, options.output, from_=options.from_, to=options.to)
    _say_problems(dataset.problems)
    if not dataset.tables and dataset.structure is None:
        _say(f"Nothing could be read from {options.input}.")
        return FAULTS
    structure = dataset.structure
    lists = _count(len(structure.code_lists), "code list") if structure and not dataset.tables else ""
    _say(f"{lists or _count(dataset.count(), 'observation')} from {options.input} to {options.output}.")
    return DONE


# check ------------------------------------------------------------------------------------------------------


def _check_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", type=_path, help="file or folder to check")
    parser.add_argument(
        "--from", dest="from_", metavar="FORMAT", choices=interchange.FORMATS, help="else by extension"
    )
    parser.add_argument("--json", action="store_true", help="print the list as JSON")


def _check(options: argparse.Namespace) -> int:
    problems = recipes.check(options.file, from_=options.from_)
    notes = [problem for problem in problems if KINDS[problem.code].gravity == "note"]
    faults = [problem for problem in problems if KINDS[problem.code].gravity != "note"]
    if options.json:
        found = {"faults": faults, "notes": notes}
        _print_json({kind: [recipes.problem_as_dict(each) for each in of] for kind, of in found.items()})
    else:
        _say_problems(notes)
        print("\n".join([*map(_line, faults), _tally(faults)]) if faults else "no faults")
    return FAULTS if faults else DONE


# progress ---------------------------------------------------------------------------------------------------


def _progress_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "file", metavar="FILE", type=_path, help="table with time_period and obs_value; series is optional"
    )
    parser.add_argument("--method", choices=recipes.PROGRESS_METHODS, default="un", help="default: un")
    parser.add_argument("--direction", choices=("up", "down"), help="which way is better")
    parser.add_argument(
        "--limit", type=_number, help="natural limit of the quantity, such as 100 for a percentage"
    )
    parser.add_argument("--target", type=_number, help="value to be reached")
    parser.add_argument("--target-year", type=_year, help="by when (default: 2030)")
    parser.add_argument("--json", action="store_true", help="print the verdict with the figures used as JSON")


def _number(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(text)
    return number


def _year(text: str) -> int:
    year = int(text)
    if not 1000 <= year <= 9999:
        raise ValueError(text)
    return year


_number.__name__, _year.__name__ = "number", "year"  # as argparse names them where one cannot be read


def _progress(options: argparse.Namespace) -> int:
    if options.target_year is not None and options.target is None:
        _say("--target-year says by when; name --target too.")
        return MISUSE
    target = None if options.target is None else Target(options.target, options.target_year or 2030)
    verdicts = recipes.progress_of(
        options.file, method=options.method, direction=options.direction, limit=options.limit, target=target
    )
    if None in verdicts:  # the file has no column `series`
        found: Any = recipes.verdict_as_dict(verdicts[None])
    else:
        found = {"series": [{"series": name, **recipes.verdict_as_dict(v)} for name, v in verdicts.items()]}
    if options.json:
        _print_json(found)
    else:
        for name, verdict in verdicts.items():
            print(f"{name + ': ' if name else ''}{recipes.verdict_in_words(verdict)}")
    return DONE


# tally ------------------------------------------------------------------------------------------------------


def _tally_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "file", metavar="FILE", type=_path, help="table with the columns item (1a to 6e) and answer"
    )
    parser.add_argument("--sheet", help="the sheet, where a workbook has several with a table")
    parser.add_argument("--json", action="store_true", help="print the points as JSON")


def _tally_answers(options: argparse.Namespace) -> int:
    found = recipes.tally_of(options.file, options.sheet)
    if options.json:
        _print_json(recipes.points_as_dict(found))
    else:
        print("\n".join(recipes.points_in_words(found)))
    return DONE


# build ------------------------------------------------------------------------------------------------------


def _build_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", metavar="FOLDER", type=_path, help="Open SDG data folder")
    parser.add_argument("out", metavar="OUT", type=_path, help="folder to write; made if missing")
    parser.add_argument("--layout", choices=("milepost", "open-sdg"), default="milepost",
                        help="open-sdg: also the static files that Open SDG sites read")  # fmt: skip
    parser.add_argument(
        "--method", choices=recipes.PROGRESS_METHODS, default="un", help="method of progress; default: un"
    )
    parser.add_argument("--sdmx", action="store_true", help="also SDMX-ML 2.1 and SDMX-CSV of everything")
    parser.add_argument("--workbook", action="store_true", help="also one Excel workbook of everything")
    parser.add_argument("--jobs", type=int, metavar="N", help="processes to use (default: one per processor)")


def _build(options: argparse.Namespace) -> int:
    made = recipes.build(
        options.folder,
        options.out,
        open_sdg_layout=options.layout == "open-sdg",
        method=options.method,
        sdmx=options.sdmx,
        workbook=options.workbook,
        jobs=options.jobs,
        progress=_show_progress(),
    )
    _say(
        f"{_count(made.indicators, 'indicator')}, {_count(made.observations, 'observation')}; "
        f"{made.rebuilt} rebuilt, {made.indicators - made.rebuilt} unchanged."
    )
    _say(_tally(made.problems) if made.problems else "No faults.")
    _say(f"Overview: {made.overview}")
    return DONE


# catalogue --------------------------------------------------------------------------------------------------


def _catalogue_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("code", metavar="CODE", nargs="?", help="show this one only, in full")
    parser.add_argument("--json", action="store_true", help="print as JSON")


def _indicators(options: argparse.Namespace) -> int:
    if options.code is None:
        return _list([i.as_dict() for i in catalogue.indicators()], options.json)
    return _show(catalogue.indicator(options.code).as_dict(), options.json)


def _frameworks(options: argparse.Namespace) -> int:
    if options.code is None:
        return _list([f.as_dict() for f in catalogue.frameworks()], options.json)
    return _show(catalogue.framework(options.code).as_dict(), options.json)


def _questionnaires_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "code",
        metavar="CODE|FILE",
        nargs="?",
        help="show this one only: one that ships, or a YAML or Excel file",
    )
    parser.add_argument("--version", help="a former version of one that ships")
    parser.add_argument(
        "--out", metavar="FILE", type=_path, help="write it as a workbook (.xlsx) or as .yaml"
    )
    parser.add_argument("--json", action="store_true", help="print as JSON")


def _questionnaires(options: argparse.Namespace) -> int:
    from milepost.recipes import questionnaires  # noqa: PLC0415

    if options.code is None:
        shipped = catalogue.questionnaires()
        return _list([{"code": f"{q.code}@{q.version}", "name": q.name} for q in shipped], options.json)
    found = questionnaires.find(options.code, options.version or "")
    _say_problems(found.problems)
    if options.out:
        questionnaires.write(found.questionnaire, options.out)
        _say(f"{_count(len(list(found.questionnaire)), 'question')} written to {options.out}.")
        return DONE
    return _show(questionnaires.as_dict(found.questionnaire), options.json)


def _assessment_arguments(parser: argparse.ArgumentParser) -> None:
    deeds = parser.add_subparsers(dest="deed", metavar="DEED", required=True)
    form = deeds.add_parser("form", help="write a workbook with the questions, to be filled in")
    form.add_argument("questionnaire", metavar="CODE|FILE", help="one that ships, or a YAML or Excel file")
    form.add_argument("--out", metavar="FILE", type=_path, required=True, help="the workbook (.xlsx)")
    form.add_argument("--level", choices=("national", "local"), default="national", help="who is asked")
    form.add_argument("--area", default="", help="the country or municipality")
    form.add_argument("--language", choices=("en", "ru"), default="en", help="of headings and questions")
    read = deeds.add_parser(
        "read", help="what the answers come to, and what is missing or old in their evidence"
    )
    read.add_argument("file", metavar="FILE", type=_path, help="a form with answers")
    compare = deeds.add_parser(
        "compare", help="what changed from one round to the next, question by question"
    )
    compare.add_argument("before", metavar="BEFORE", type=_path, help="the form of the earlier round")
    compare.add_argument("file", metavar="NOW", type=_path, help="the form of the later one")
    report = deeds.add_parser("report", help="write the report of a round, as Word, PDF or HTML")
    report.add_argument("file", metavar="FILE", type=_path, help="a form with answers")
    report.add_argument("--out", metavar="FILE", type=_path, required=True, help=".docx, .pdf or .html")
    report.add_argument(
        "--before", metavar="FILE", type=_path, help="the form of the round before, to compare with"
    )
    report.add_argument("--language", choices=("en", "ru"), default="en", help="of the report")
    for deed in (read, compare, report):
        deed.add_argument(
            "--questionnaire", metavar="FILE", type=_path, action="append", default=[],
            help="the questionnaire, where it is none that ships; once for each version",
        )  # fmt: skip
    for deed in (read, compare):
        deed.add_argument("--json", action="store_true", help="print as JSON")


def _assessment(options: argparse.Namespace) -> int:
    deeds = {"form": _form, "read": _answers_read, "compare": _rounds_compared, "report": _round_reported}
    return deeds[options.deed](options)


def _form(options: argparse.Namespace) -> int:
    from milepost.recipes import assessments  # noqa: PLC0415

    count = assessments.form(
        options.questionnaire,
        options.out,
        level=options.level,
        area=options.area,
        language=options.language,
    )
    _say(f"{_count(count, 'question')} written to {options.out}.")
    return DONE


def _answers_read(options: argparse.Namespace) -> int:
    from milepost.recipes import assessments  # noqa: PLC0415

    found = assessments.read(options.file, options.questionnaire)
    if options.json:
        _print_json(assessments.as_dict(found))
    else:
        print("\n".join(assessments.in_words(found)))
        _say_problems([*found.problems, *found.faults])
    return FAULTS if found.problems else DONE


def _round_reported(options: argparse.Namespace) -> int:
    from milepost.recipes import assessments  # noqa: PLC0415

    found = assessments.read(options.file, options.questionnaire)
    before = assessments.read(options.before, options.questionnaire) if options.before else None
    _say_problems([*found.problems, *(before.problems if before else ())])
    assessments.report(found, options.out, before=before, language=options.language)
    _say(f"The report is written to {options.out}.")
    return FAULTS if found.problems or (before and before.problems) else DONE


def _rounds_compared(options: argparse.Namespace) -> int:
    from milepost.recipes import assessments  # noqa: PLC0415

    before = assessments.read(options.before, options.questionnaire)
    now = assessments.read(options.file, options.questionnaire)
    _say_problems([*before.problems, *now.problems])
    changes = assessments.compared(before, now)
    if options.json:
        _print_json([assessments.change_as_dict(change) for change in changes])
    else:
        print("\n".join(assessments.change_in_words(change) for change in changes))
    return FAULTS if before.problems or now.problems else DONE


def _list(items: list[dict[str, Any]], as_json: bool) -> int:
    if as_json:
        _print_json(items)
        return DONE
    for item in items:
        title = item.get("title") or item.get("name") or {}
        words = title if isinstance(title, str) else title.get("en", "")
        print(textwrap.fill(f"{item['code'] + ' ':<8}{words}", width=100, subsequent_indent=" " * 8))
    return DONE


def _show(item: dict[str, Any], as_json: bool) -> int:
    if as_json:
        _print_json(item)
    else:
        print("\n".join(_outline(item)))
    return DONE


def _outline(value: Any, depth: int = 0) -> Iterable[str]:
    """A nested value as an indented outline, one fact a line."""
    indent = "  " * depth
    pairs = value.items() if isinstance(value, dict) else (("-", item) for item in value)
    for key, item in pairs:
        mark = f"{key}" if key == "-" else f"{key}:"
        if item in (None, {}, []):
            continue
        if isinstance(item, dict) and key == "-":
            first, *rest = _outline(item, depth + 1)
            yield f"{indent}- {first.strip()}"
            yield from rest
        elif isinstance(item, dict | list | tuple):
            yield f"{indent}{mark}"
            yield from _outline(item, depth + 1)
        else:
            yield textwrap.fill(f"{indent}{mark} {item}", width=100, subsequent_indent=indent + "  ")


# measure ----------------------------------------------------------------------------------------------------

ENGINES = ("duckdb", "spark")


def _measure_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("code", metavar="CODE", help="indicator, such as 10.7.1, or a code of your own")
    parser.add_argument(
        "file",
        metavar="FILE",
        type=_path,
        help="records: Parquet, CSV, Excel, SPSS, Stata; or postgresql:NAME/table",
    )
    parser.add_argument("--year", type=_year, required=True, help="the year that the records are about")
    parser.add_argument(
        "--mapping", metavar="MAPPING", type=_path, required=True, help="what the columns mean, in YAML"
    )
    parser.add_argument(
        "--by",
        metavar="DIMENSIONS",
        type=_names,
        action="append",
        default=[],
        help="dimensions to cross with all their totals, such as sex,age; again for further tables",
    )
    parser.add_argument("--engine", choices=ENGINES, default="duckdb", help="default: duckdb")
    parser.add_argument(
        "--out", metavar="OUT", type=_path, help="file to write: .csv, .parquet, .json, .xlsx"
    )
    parser.add_argument(
        "--protect",
        metavar="MINIMUM",
        type=_minimum,
        help="fewest respondents of a cell that is shown, or none; else as definition and mapping say",
    )
    _hidden_arguments(parser, previous="by measure")
    parser.add_argument("--sheet", help="the sheet, where a workbook has several with a table")
    parser.add_argument(
        "--second",
        metavar="FILE",
        type=_path,
        help="the file of the denominator; else the mapping's own, which lies beside the mapping",
    )
    parser.add_argument(
        "--second-sheet", metavar="SHEET", help="its sheet, where it is a workbook with several"
    )
    parser.add_argument("--json", action="store_true", help="print the table with what it rests on as JSON")


def _names(text: str) -> tuple[str, ...]:
    names = tuple(name.strip() for name in text.split(","))
    if not all(names):
        raise ValueError(text)
    return names


def _minimum(text: str) -> int | str:
    if text == "none":
        return text
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number


_names.__name__, _minimum.__name__ = "list of dimensions", "minimum"


def _measure(options: argparse.Namespace) -> int:
    from milepost.interchange import estimates  # noqa: PLC0415  (engines load when they are needed)
    from milepost.measure import Cancelled  # noqa: PLC0415
    from milepost.recipes.measure import measure  # noqa: PLC0415

    inputs = [options.file, options.mapping, options.previous, options.second]
    _check_outputs(options.out, options.protocol, inputs)
    if options.out is not None:
        estimates.check_ending(options.out)
    try:
        made = measure(
            options.code,
            options.file,
            options.mapping,
            year=options.year,
            by=options.by,
            engine=options.engine,
            protect=options.protect,
            previous=options.previous,
            sheet=options.sheet,
            second=options.second,
            second_sheet=options.second_sheet,
            progress=_show_progress(),
        )
    except Cancelled:
        raise KeyboardInterrupt from None
    _say_problems(made.notes)
    if options.protocol is not None:
        _write_protocol(made.protocol, options.protocol)
    if options.out is not None:
        estimates.write(made.estimates, options.out)
    if options.json:
        _print_json(estimates.as_json(made.estimates))
    elif options.out is None:
        _print_table(made.estimates.columns, made.estimates.rows())
    hidden = sum(cell.status == "Q" for cell in made.estimates.cells)
    _say(
        f"{_count(len(made.estimates.cells), 'cell')} of {options.code}, {hidden:,} hidden, from "
        f"{made.used:,} of {made.rows:,} rows{f' to {options.out}' if options.out else ''}."
    )
    return DONE


# protect ----------------------------------------------------------------------------------------------------


def _protect_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("table", metavar="TABLE", type=_path, help="table of figures, one cell a row")
    parser.add_argument(
        "--out", metavar="OUT", type=_path, help="file to write: .csv, .parquet, .json, .xlsx"
    )
    parser.add_argument("--minimum", metavar="N", type=int, help="fewest respondents of a cell that is shown")
    parser.add_argument(
        "--p-percent",
        metavar="P",
        type=_number,
        help="hide where the second largest could tell the largest one's part to within P per cent",
    )
    parser.add_argument(
        "--n-k", metavar="N,K", type=_pair, help="hide where the N largest make up more than K per cent"
    )
    parser.add_argument("--round", metavar="BASE", type=int, help="round to this base instead of hiding")
    parser.add_argument(
        "--dimensions",
        metavar="COLUMNS",
        type=_names,
        help="columns that break the figures down; else by name",
    )
    _hidden_arguments(parser, previous="with the same columns")


def _pair(text: str) -> tuple[int, float]:
    first, second = text.split(",")
    return int(first), _number(second)


_pair.__name__ = "N,K"


def _protect(options: argparse.Namespace) -> int:
    from milepost.disclosure import Rules  # noqa: PLC0415  (its libraries load when they are needed)
    from milepost.interchange import estimates  # noqa: PLC0415
    from milepost.recipes.protect import protect_table, protocol_as_dict  # noqa: PLC0415

    rules = Rules(
        minimum=options.minimum,
        p_percent=options.p_percent,
        n_k=options.n_k,
        rounding=options.round,
    )
    if not rules.any:
        _say("Nothing says which cells are unsafe; give --minimum, --p-percent, --n-k or --round.")
        return MISUSE
    _check_outputs(options.out, options.protocol, [options.table, options.previous])
    if options.out is not None:
        estimates.check_ending(options.out)
    made = protect_table(
        options.table,
        rules=rules,
        dimensions=options.dimensions,
        previous=options.previous,
        progress=_show_progress(),
    )
    _say_problems(made.problems)
    rows = [[row[name] for name in made.columns] for row in made.rows]
    if options.protocol is not None:
        _write_protocol(protocol_as_dict(made), options.protocol)
    if options.out is not None:
        estimates.write_rows(made.columns, rows, made.dimensions, options.out)
    else:
        _print_table(made.columns, rows)
    figures = [name for name in made.columns if name not in made.dimensions]
    hidden = sum(any(row[name] == "Q" for name in figures) for row in made.rows)
    to = f" to {options.out}" if options.out else ""
    _say(f"{_count(len(rows), 'cell')} by {', '.join(made.dimensions)}, {hidden:,} hidden{to}.")
    return DONE


# project ----------------------------------------------------------------------------------------------------

STANDARD_INPUT = Path("-")


def _project_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("deed", metavar="DEED", choices=("read",), help="what to do: read")
    parser.add_argument(
        "files",
        metavar="FILE",
        type=_path,
        nargs="+",
        help="project pages, saved as text, HTML or Word; - for standard input",
    )
    parser.add_argument(
        "--labels",
        metavar="FILE",
        type=_path,
        action="append",
        default=[],
        help="labels of another language, as a YAML file; may be given several times",
    )
    parser.add_argument("--json", action="store_true", help="print one entry for each file as JSON")


def _project(options: argparse.Namespace) -> int:
    from milepost.recipes import projects  # noqa: PLC0415  (its vocabularies load when they are needed)

    projects.use_labels(options.labels)
    pasted = {}
    if STANDARD_INPUT in options.files:
        pasted[STANDARD_INPUT] = sys.stdin.buffer.read(projects.MOST_BYTES + 1)
    entries = projects.read(options.files, pasted)
    if options.json:
        _print_json([projects.as_dict(entry) for entry in entries])
    for entry in entries:
        if not options.json and entry.page is not None:
            print(_shown("\n".join([entry.file, *_facts(projects.as_dict(entry)), ""])))
        if not options.json or entry.page is None:
            _say_problems(entry.problems)
    if not options.json:
        _say(f"{_count(sum(entry.page is not None for entry in entries), 'project page')} read.")
    return FAULTS if any(entry.page is None for entry in entries) else DONE


def _facts(entry: dict[str, Any]) -> Iterable[str]:
    """A record as lines, one fact each; what is missing is said to be."""
    for name, value in entry["record"].items():
        words = "; ".join(value) if isinstance(value, list) else "missing" if value is None else str(value)
        label = f"  {name.replace('_', ' ') + ':':<15}"
        yield textwrap.fill(
            " ".join(words.split()), width=100, initial_indent=label, subsequent_indent=" " * 17
        )
    for file, shared in entry["same_by"].items():
        yield f"  perhaps the same project: {file} (same {', '.join(shared).replace('_', ' ')})"


# plan -------------------------------------------------------------------------------------------------------


def _plan_arguments(parser: argparse.ArgumentParser) -> None:
    deeds = parser.add_subparsers(dest="deed", metavar="DEED", required=True)
    read = deeds.add_parser("read", help="read the table of an act, and check it")
    read.add_argument("file", metavar="FILE", type=_path, help="the table of the act, in Word or Excel")
    read.add_argument("--start", metavar="DAY", type=_day, help="first day of the plan, such as 2026-01-01")
    read.add_argument("--end", metavar="DAY", type=_day, help="last day of the plan")
    read.add_argument("--json", action="store_true", help="print sections, measures and faults as JSON")
    read.add_argument("--out", metavar="OUT", type=_path, help="write the plan as a table, .docx or .xlsx")
    read.add_argument("--title", default="", help="what stands above that table (default: the file's name)")
    read.add_argument("--language", choices=("en", "ru"), default="en", help="of its headings")
    rate = deeds.add_parser("rate", help="which part of what was due in a year was fully implemented")
    rate.add_argument("files", metavar="FILE", type=_path, nargs="+", help="the plan, each version a file")
    rate.add_argument("--since", metavar="DAY", type=_day, action="append", required=True,
                      help="from when a version is in force; once for each file, in their order")  # fmt: skip
    rate.add_argument("--answers", metavar="FILE", type=_path, required=True,
                      help="table of the answers: measure, until, done; verified, ended")  # fmt: skip
    rate.add_argument("--year", type=_year, required=True, help="the year")
    rate.add_argument("--with-arrears", action="store_true", help="count what was due before and still open")
    rate.add_argument("--verified", action="store_true", help="count only answers that were verified")
    rate.add_argument("--json", action="store_true", help="print the rate with all measures as JSON")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no day; write it as 2026-01-31") from None


def _plan(options: argparse.Namespace) -> int:
    return {"read": _plan_read, "rate": _plan_rate}[options.deed](options)


def _plan_read(options: argparse.Namespace) -> int:
    from milepost.recipes import plans  # noqa: PLC0415  (Word's library loads when it is needed)

    found = plans.read(options.file, start=options.start, end=options.end)
    if options.out:
        plans.write(found, options.out, title=options.title, language=options.language)
    if options.json:
        _print_json(plans.as_dict(found))
        return DONE
    if not options.out:
        print(_shown("\n".join(plans.as_lines(found))))
    _say_problems(found.problems)
    _say(f"{_count(len(found.measures), 'measure')} read.")
    return DONE


def _plan_rate(options: argparse.Namespace) -> int:
    from milepost.recipes import plans  # noqa: PLC0415

    if len(options.since) != len(options.files):
        _say("--since says from when a version is in force; give it once for each file.")
        return MISUSE
    found = plans.rate(
        options.files,
        options.since,
        options.answers,
        year=options.year,
        arrears_count=options.with_arrears,
        verified=options.verified,
    )
    if options.json:
        _print_json(plans.rate_as_dict(found))
    else:
        print(_shown("\n".join(plans.rate_as_lines(found))))
    return DONE


# what both write --------------------------------------------------------------------------------------------


def _hidden_arguments(parser: argparse.ArgumentParser, *, previous: str) -> None:
    """What must not be told from an earlier table, and where it is said what was hidden."""
    parser.add_argument(
        "--previous", metavar="TABLE", type=_path, help=f"the table published before, {previous}"
    )
    parser.add_argument(
        "--protocol",
        metavar="PROTOCOL",
        type=_path,
        help="what was hidden and why, as JSON; never to publish",
    )


def _check_outputs(out: Path | None, protocol: Path | None, inputs: Iterable[Path | None]) -> None:
    """Before hours of work: outputs have a place, and no input or other output is in it."""
    for path in filter(None, (out, protocol)):
        if not path.absolute().parent.is_dir():
            raise refuse("cannot-write", str(path), why="its folder does not exist")
        if any(given and given.exists() and path.exists() and path.samefile(given) for given in inputs):
            raise refuse("cannot-write", str(path), why="it is one of the files that are read")
    if out is not None and protocol is not None and out.absolute() == protocol.absolute():
        raise refuse("cannot-write", str(protocol), why="it is the name of the table, too")


def _write_protocol(protocol: Any, path: Path) -> None:
    """Write what was hidden and why, for its owner's eyes only."""
    from milepost.interchange import aside  # noqa: PLC0415

    with aside.file(path) as temporary:
        temporary.chmod(0o600)
        found = protocol if protocol is not None else {"rules": None, "hidden": []}
        temporary.write_text(
            json.dumps(found, ensure_ascii=False, indent=1, allow_nan=False) + "\n", encoding="utf-8"
        )


def _print_table(columns: Iterable[str], rows: Iterable[Iterable[Any]]) -> None:
    """Rows in columns that the eye can follow: words to the left, numbers to the right."""
    grid = [list(columns), *([_cell(cell) for cell in row] for row in rows)]
    widths = [max(map(len, cells)) for cells in zip(*grid, strict=True)]
    for row in grid:
        cells = [
            cell.rjust(width) if _looks_like_number(cell) else cell.ljust(width)
            for cell, width in zip(row, widths, strict=True)
        ]
        print(_shown("  ".join(cells).rstrip()))


def _cell(cell: Any) -> str:
    if cell is None:
        return ""
    return f"{cell:.6g}" if isinstance(cell, float) else str(cell)


def _looks_like_number(cell: str) -> bool:
    return cell[:1].isdigit() or cell[:1] == "-"


# demonstration ----------------------------------------------------------------------------------------------


def _demonstration(_: argparse.Namespace) -> int:
    print(demonstration.folder())
    return DONE


COMMANDS: dict[str, Command] = {
    "convert": Command(
        "read a file or folder in one format, write it in another",
        "milepost convert indicator_10-7-4.xml indicator_10-7-4.csv",
        _convert_arguments,
        _convert,
    ),
    "check": Command(
        "list every fault of a file or folder: where, what, how to mend it",
        "milepost check data/indicator_10-7-2.csv",
        _check_arguments,
        _check,
    ),
    "progress": Command(
        "judge progress of one or more series by a published method",
        "milepost progress series.csv --method statcan --direction down --target 3 --json",
        _progress_arguments,
        _progress,
    ),
    "build": Command(
        "turn an Open SDG data folder into checked, assessed downloads and an overview",
        'milepost build "$(milepost demonstration)" out',
        _build_arguments,
        _build,
    ),
    "indicators": Command(
        "show the indicator definitions that ship",
        "milepost indicators 10.7.1",
        _catalogue_arguments,
        _indicators,
    ),
    "frameworks": Command(
        "show the frameworks that ship: SDG, MiGOF, MGI domains, GCM, OECD-DAC criteria",
        "milepost frameworks gcm --json",
        _catalogue_arguments,
        _frameworks,
    ),
    "questionnaires": Command(
        "show, check or write as a workbook a questionnaire: the one of SDG 10.7.2, an example, or an own",
        "milepost questionnaires sdg-10-7-2 --out questionnaire.xlsx",
        _questionnaires_arguments,
        _questionnaires,
    ),
    "measure": Command(
        "measure an indicator over records by sex, age, migratory status and more, with errors, safely",
        "milepost measure 10.7.1 survey.parquet --year 2024 --by sex,migratory_status "
        "--mapping mapping.yaml --out 10-7-1.csv",
        _measure_arguments,
        _measure,
    ),
    "protect": Command(
        "hide the unsafe cells of a table made elsewhere, and what would give them away",
        "milepost protect table.csv --minimum 5 --out safe.csv",
        _protect_arguments,
        _protect,
    ),
    "tally": Command(
        "tell what answers to the questionnaire of SDG 10.7.2 come to: per cent and class by domain",
        "milepost tally items.csv --json",
        _tally_arguments,
        _tally_answers,
    ),
    "assessment": Command(
        "ask a questionnaire by a workbook, see what the answers come to, and compare two rounds",
        "milepost assessment form example-governance --out form.xlsx",
        _assessment_arguments,
        _assessment,
    ),
    "project": Command(
        "read project pages of a fund, in any of their layouts, into records",
        "milepost project read page.txt --json",
        _project_arguments,
        _project,
    ),
    "plan": Command(
        "read the table of a plan of action, in Word or Excel, and check it",
        "milepost plan read plan.docx --start 2026-01-01 --end 2030-12-31 --json",
        _plan_arguments,
        _plan,
    ),
    "demonstration": Command(
        "print the place of the demonstration folder that ships",
        "milepost check \"$(milepost demonstration)\"",
        lambda parser: None,
        _demonstration,
    ),
}  # fmt: skip


def run(commands: dict[str, Command], arguments: list[str]) -> int:
    """Do what the arguments ask; faults become messages on standard error, never tracebacks."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a letter that the terminal does not know is no fault
            stream.reconfigure(errors="backslashreplace")
    options = parser_of(commands).parse_args(arguments)
    try:
        code = commands[options.command].run(options)
        if sys.stdout is not None:
            sys.stdout.flush()
        return code
    except MilepostError as error:
        _say_problems(error.problems)
        return FAULTS
    except KeyboardInterrupt:
        _say("Cancelled; nothing half-written was left.")
        return CANCELLED
    except BrokenPipeError:  # the reader, such as `head`, has seen enough
        _forget_output()
        return DONE
    except OSError as error:  # of the output or the machine: files of others are read behind their own doors
        _forget_output()
        _say(f"error: {error.filename or 'output'}: {error.strerror or error}. Mend that, then try again.")
        return FAULTS

    except Exception as error:  # a mistake of ours, which is said to be ours
        if os.environ.get(DEBUG):
            raise
        _say(f"error: Milepost itself failed here ({type(error).__name__}: {error}).")
        _say(f"Please report it with the file, and with what {DEBUG}=1 in front of the command shows.")
        return FAULTS


def _forget_output() -> None:
    """Have what is left of the output go nowhere, so that Python does not complain about it at its end."""
    with suppress(OSError, ValueError, AttributeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def parser_of(commands: dict[str, Command]) -> argparse.ArgumentParser:
    """The parser of the command line; each command's help shows an example to copy."""
    parser = argparse.ArgumentParser(
        prog="milepost",
        description="Monitor, evaluate and report migration policy and migration-related SDGs.",
        epilog="Example: milepost build data-folder out",
    )
    parser.add_argument("--version", action="version", version=f"milepost {__version__}")
    subparsers = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name, command in commands.items():
        sub = subparsers.add_parser(
            name,
            help=command.help,
            description=sentence(command.help),
            epilog=f"Example: {command.example}",
        )
        command.arguments(sub)
    return parser


def sentence(words: str) -> str:
    """Words as a sentence: a capital in front, a full stop at the end."""
    return f"{words[:1].upper()}{words[1:]}."


# what the person sees ---------------------------------------------------------------------------------------


def _say(message: str) -> None:
    with suppress(OSError):  # nobody listens: no reason to leave the work
        print(_shown(message), file=sys.stderr)


_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def _shown(text: str) -> str:
    """The text without what could command a terminal: cells and names of files come from others."""
    return _CONTROL.sub(lambda found: f"\\x{ord(found[0]):02x}", text)


def _say_problems(problems: Iterable[Problem]) -> None:
    for problem in problems:
        _say(_line(problem))


def _line(problem: Problem) -> str:
    return _shown(f"{KINDS[problem.code].gravity}: {describe(problem)}")


def _tally(problems: Iterable[Problem]) -> str:
    counts: dict[str, int] = {"error": 0, "warning": 0, "note": 0}
    for problem in problems:
        counts[KINDS[problem.code].gravity] += 1
    return ", ".join(_count(number, gravity) for gravity, number in counts.items() if number)


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _print_json(value: Any) -> None:
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    plain = not encoding.lower().replace("-", "").startswith("utf")
    print(json.dumps(value, ensure_ascii=plain, indent=2, allow_nan=False))


def _show_progress() -> Callable[[str, int, int], None]:
    """A line on the terminal that counts along; off a terminal, one line at the start of each step."""
    on_terminal = sys.stderr is not None and sys.stderr.isatty()

    def show(step: str, done: int, total: int) -> None:
        with suppress(OSError):  # nobody listens any more
            if on_terminal:
                end = "\n" if done >= total else ""
                print(f"\r\033[K{step}: {done} of {total}", end=end, file=sys.stderr, flush=True)
            elif done == 0:
                print(f"{step}: {total}", file=sys.stderr, flush=True)

    return show
