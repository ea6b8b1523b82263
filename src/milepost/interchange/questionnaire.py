"""Questionnaires in and out: as the file in which they ship, and as a workbook that an office fills in.

The workbook has the sheets of `SHEETS`; languages are columns, such as "Question [ru]". How a former version
belongs to this one stands beside each question: "Code in version 1" (blank: the same; –: a new question) and
"Comparable with version 1" (no, where the answers mean something else now).
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from milepost.catalogue.questionnaires import (
    Questionnaire,
    data_of,
    parse_questionnaire,
    questionnaire_of,
    written,
)
from milepost.catalogue.reading import Page
from milepost.errors import MilepostError, refuse
from milepost.interchange import aside, content, excel, limits, sheets
from milepost.values import Origin, Problem, Table

TEXTS = (".yaml", ".yml")
SHEETS: Mapping[str, Sequence[str]] = {
    "About": ("Field", "Value"),
    "Domains": ("Code", "Name", "Question"),
    "Sub-domains": ("Domain", "Code", "Name"),
    "Answers": ("Code", "Domain", "Answer", "Says", "Points", "Only in"),
    "Classes": ("Code", "From per cent", "Name"),
    "Questions": (
        "Domain",
        "Sub-domain",
        "Code",
        "Question",
        "Kind of answer",
        "Levels",
        "Help",
        "Evidence",
        "References",
    ),
}
"""The sheets with their columns; "Answers" with a domain rewords an answer there."""
IN_LANGUAGES = ("Name", "Question", "Answer", "Help", "Evidence")
"""Columns of which there is one for each language."""
NEW = "–"
"""In place of the code in a former version: the question is new."""
_LANGUAGE = re.compile(r"(.+?)\s*[\[(]\s*([A-Za-z]{2,3}(?:-[A-Za-z0-9]+)*)\s*[\])]")
_CODE_IN = re.compile(r"Code in version (.+)", re.IGNORECASE)
_COMPARABLE = re.compile(r"Comparable with version (.+)", re.IGNORECASE)
_ABOUT = ("code", "version", "indicator", "example")
_YES, _NO = ("yes", "да", "true", "1"), ("no", "нет", "false", "0")
_Path = tuple[str | int, ...]


class Loaded(NamedTuple):
    """A questionnaire from a file, and what should be known of the file."""

    questionnaire: Questionnaire
    problems: tuple[Problem, ...] = ()


def read(path: Path | str) -> Loaded:
    """Read a questionnaire from YAML or from a workbook.

    MilepostError with every fault of it, each with its line, or with its sheet, row and column.
    """
    if content.of_file(path) == "text":
        raw = limits.contents(path)
        try:
            text = raw.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise refuse("definition-unreadable", Origin(str(path)), why=str(error)) from None
        return Loaded(parse_questionnaire(text, str(path)))
    dataset = excel.read(path)
    return Loaded(_Workbook(str(path), dataset.tables).questionnaire(), tuple(dataset.problems))


def write(questionnaire: Questionnaire, path: Path | str) -> None:
    """Write a questionnaire as YAML or as a workbook, by the ending; MilepostError for another one."""
    ending = Path(path).suffix.casefold()
    if ending not in (*TEXTS, ".xlsx"):
        known = ", ".join((*TEXTS, ".xlsx"))
        raise refuse("unknown-format", Origin(str(path)), name=Path(path).name, known=known)
    with aside.file(path) as temporary:
        if ending in TEXTS:
            temporary.write_text(written(questionnaire), encoding="utf-8")
        else:
            name = questionnaire.name.best("en")[0]
            sheets.write(f"{name}, {questionnaire.version}", _pages(data_of(questionnaire)), temporary)


# Out --------------------------------------------------------------------------------------------------------


def _pages(data: Mapping[str, Any]) -> Iterator[sheets.Sheet]:
    rows = {
        "About": list(_about(data)),
        "Domains": [
            {"Code": domain["code"], "Name": domain.get("name"), "Question": domain.get("question")}
            for domain in data["domains"]
        ],
        "Sub-domains": [
            {"Domain": domain["code"], "Code": part["code"], "Name": part["name"]}
            for domain in data["domains"]
            for part in domain.get("subdomains", ())
        ],
        "Answers": list(_answers(data)),
        "Classes": [
            {"Code": one["code"], "From per cent": one["from"], "Name": one["name"]}
            for one in data.get("classes", ())
        ],
        "Questions": list(_questions(data)),
    }
    for name, lines in rows.items():
        if lines:
            yield _page(name, lines)


def _page(name: str, lines: Sequence[Mapping[str, Any]]) -> sheets.Sheet:
    """A sheet with a column for each language that some of its texts have."""
    headings: dict[str, tuple[str, str | None]] = {}
    for column in SHEETS[name]:
        if column not in IN_LANGUAGES:
            headings[column] = (column, None)
            continue
        for language in sorted({code for line in lines for code in line.get(column) or ()}):
            headings[f"{column} [{language}]"] = (column, language)
    for line in lines:
        headings.update({column: (column, None) for column in line if column not in SHEETS[name]})
    cells = [
        [
            line.get(column) if language is None else (line.get(column) or {}).get(language)
            for column, language in headings.values()
        ]
        for line in lines
    ]
    return sheets.Sheet(name, list(headings), cells)


def _about(data: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    plain = {name: data.get(name) for name in _ABOUT} | {"example": "yes" if data.get("example") else "no"}
    source = data.get("source", {})
    plain |= {f"source {name}": source.get(name) for name in ("title", "dated", "url")}
    texts = {"name": data["name"], "source note": source.get("note", {}), "wording": data.get("wording", {})}
    plain |= {
        f"{name} [{language}]": words for name, text in texts.items() for language, words in text.items()
    }
    yield from ({"Field": name, "Value": value} for name, value in plain.items() if value not in (None, ""))


def _answers(data: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for one in data.get("answers", ()):
        yield {
            "Code": one["code"],
            "Answer": one["name"],
            "Says": one.get("standing"),
            "Points": one.get("points"),
            "Only in": ", ".join(one.get("only_in", ())),
        }
    for domain in data["domains"]:
        for code, words in domain.get("answers", {}).items():
            yield {"Code": code, "Domain": domain["code"], "Answer": words}


def _questions(data: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for domain in data["domains"]:
        for item in domain["items"]:
            line = {
                "Domain": domain["code"],
                "Sub-domain": item.get("subdomain"),
                "Code": item["code"],
                "Question": item["name"],
                "Kind of answer": item["kind"],
                "Levels": ", ".join(item["levels"]),
                "Help": item.get("help"),
                "Evidence": item.get("evidence"),
                "References": ", ".join(item.get("references", ())),
            }
            for one in data.get("earlier", ()):
                codes, version = one.get("questions", {}), one["version"]
                there = codes.get(item["code"], "")
                line[f"Code in version {version}"] = NEW if there is None else there
                differs = item["code"] in one.get("not_comparable", ())
                line[f"Comparable with version {version}"] = "no" if differs else ""
            yield line


# In ---------------------------------------------------------------------------------------------------------


class _Line(NamedTuple):
    """A row of a sheet: its cells by heading, its texts by heading and language, and where they stand."""

    cells: Mapping[str, str]
    texts: Mapping[str, Mapping[str, str]]
    table: Table
    position: int

    def place(self, heading: str | None = None) -> Origin:
        return self.table.place(self.position, heading)

    def listed(self, heading: str) -> list[str]:
        return [part for part in re.split(r"[,;\s]+", self.cells.get(heading, "")) if part]


class _Workbook:
    """The sheets of a workbook, put together to the entries of a questionnaire's file, with their places."""

    def __init__(self, file: str, tables: Iterable[Table]):
        self.file = file
        self.tables = {(table.origin.sheet or "").strip().casefold(): table for table in tables}
        self.places: dict[_Path, Origin] = {(): Origin(file)}
        self.faults: list[Problem] = []

    def questionnaire(self) -> Questionnaire:
        """The questionnaire; MilepostError with every fault."""
        for name in ("About", "Domains", "Questions"):
            if name.casefold() not in self.tables:
                self.faults.append(Problem("questionnaire-sheet", Origin(self.file), {"sheet": name}))
        if self.faults:
            raise MilepostError(self.faults)
        data = self._about() | {"answers": [], "classes": [], "domains": []}
        domains = self._domains(data)
        self._subdomains(domains)
        self._answers(data, domains)
        for at, line in enumerate(self._lines("Classes")):
            self._place(("classes", at), line, {"code": "Code", "from": "From per cent", "name": "Name"})
            numbers = {
                "code": _number(line.cells.get("Code", "")),
                "from": _number(line.cells.get("From per cent", "")),
            }
            data["classes"].append(numbers | {"name": dict(line.texts.get("Name", {}))})
        self._questions(data, domains)
        page = Page(
            {name: value for name, value in data.items() if value}, None, Origin(self.file), self.places
        )
        page.faults += self.faults
        return questionnaire_of(page)

    def _lines(self, sheet: str) -> Iterator[_Line]:
        table = self.tables.get(sheet.casefold())
        if table is None:
            return
        known = {heading.casefold(): heading for heading in SHEETS[sheet]}
        for position, row in enumerate(table.rows):
            cells: dict[str, str] = {}
            texts: dict[str, dict[str, str]] = {}
            for heading, cell in zip(table.columns, map(str.strip, row), strict=True):
                parts = _LANGUAGE.fullmatch(heading.strip())
                if parts and parts[1].casefold() in known:
                    if cell:
                        texts.setdefault(known[parts[1].casefold()], {})[parts[2].casefold()] = cell
                else:
                    cells[known.get(heading.strip().casefold(), heading.strip())] = cell
            yield _Line(cells, texts, table, position)

    def _place(self, path: _Path, line: _Line, columns: Mapping[str, str]) -> None:
        self.places[path] = line.place()
        self.places |= {(*path, field): line.place(column) for field, column in columns.items()}

    def _about(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for line in self._lines("About"):
            field, value = line.cells.get("Field", ""), line.cells.get("Value", "")
            if not field or not value:
                continue
            parts = _LANGUAGE.fullmatch(field)
            name, language = (parts[1], parts[2].casefold()) if parts else (field, "")
            path: _Path = tuple(name.casefold().split(maxsplit=1)) + ((language,) if language else ())
            self.places[path] = line.place("Value")
            inside: Any = found
            for step in path[:-1]:
                inside = inside.setdefault(step, {})
                if not isinstance(inside, dict):
                    break
            if isinstance(inside, dict):
                inside[path[-1]] = value
        if "example" in found:
            found["example"] = str(found["example"]).casefold() in _YES
        return found

    def _domains(self, data: dict[str, Any]) -> dict[str, tuple[int, dict[str, Any]]]:
        """{code: (position, the entry)} of the domains, which are put into the data, too."""
        found: dict[str, tuple[int, dict[str, Any]]] = {}
        for at, line in enumerate(self._lines("Domains")):
            self._place(("domains", at), line, {"code": "Code", "name": "Name", "question": "Question"})
            domain: dict[str, Any] = {"code": line.cells.get("Code") or None, "items": [], "subdomains": []}
            domain |= {
                field: dict(line.texts[heading])
                for field, heading in (("name", "Name"), ("question", "Question"))
                if heading in line.texts
            }
            data["domains"].append(domain)
            found.setdefault(line.cells.get("Code", ""), (at, domain))
        return found

    def _of_domain(
        self, line: _Line, domains: Mapping[str, tuple[int, dict[str, Any]]]
    ) -> tuple[int, dict[str, Any]] | None:
        """The domain that a row names; a fault where there is none of this code."""
        code = line.cells.get("Domain", "")
        if code in domains:
            return domains[code]
        details = {"field": "Domain", "found": code or NEW, "known": ", ".join(domains)}
        self.faults.append(Problem("definition-choice", line.place("Domain"), details))
        return None

    def _subdomains(self, domains: Mapping[str, tuple[int, dict[str, Any]]]) -> None:
        for line in self._lines("Sub-domains"):
            if of := self._of_domain(line, domains):
                at, domain = of
                path = ("domains", at, "subdomains", len(domain["subdomains"]))
                self._place(path, line, {"code": "Code", "name": "Name"})
                name = dict(line.texts.get("Name", {}))
                domain["subdomains"].append({"code": line.cells.get("Code") or None, "name": name})

    def _answers(self, data: dict[str, Any], domains: Mapping[str, tuple[int, dict[str, Any]]]) -> None:
        for line in self._lines("Answers"):
            code, words = line.cells.get("Code", ""), dict(line.texts.get("Answer", {}))
            if line.cells.get("Domain"):
                if of := self._of_domain(line, domains):
                    at, domain = of
                    domain.setdefault("answers", {})[code] = words
                    self.places["domains", at, "answers", code] = line.place("Code")
                continue
            columns = {"code": "Code", "name": "Answer", "standing": "Says", "points": "Points"}
            path = ("answers", len(data["answers"]))
            self._place(path, line, {**columns, "only_in": "Only in"})
            entry = {
                "code": code or None,
                "name": words,
                "standing": line.cells.get("Says") or None,
                "points": _number(line.cells.get("Points", "")),
                "only_in": line.listed("Only in"),
            }
            data["answers"].append({name: value for name, value in entry.items() if value not in (None, [])})

    def _questions(self, data: dict[str, Any], domains: Mapping[str, tuple[int, dict[str, Any]]]) -> None:
        earlier: dict[str, dict[str, Any]] = {}
        for line in self._lines("Questions"):
            of = self._of_domain(line, domains)
            if of is None:
                continue
            at, domain = of
            path = ("domains", at, "items", len(domain["items"]))
            columns = {"code": "Code", "name": "Question", "kind": "Kind of answer", "levels": "Levels"}
            columns |= {"help": "Help", "evidence": "Evidence", "references": "References"}
            self._place(path, line, {**columns, "subdomain": "Sub-domain"})
            code = line.cells.get("Code", "")
            entry = {
                "code": code or None,
                "subdomain": line.cells.get("Sub-domain"),
                "kind": line.cells.get("Kind of answer"),
                "levels": line.listed("Levels"),
                "references": line.listed("References"),
            } | {
                field: dict(line.texts[heading])
                for field, heading in (("name", "Question"), ("help", "Help"), ("evidence", "Evidence"))
                if heading in line.texts
            }
            domain["items"].append({name: value for name, value in entry.items() if value})
            self._former(line, code, earlier)
        if earlier:
            data["earlier"] = list(earlier.values())

    def _former(self, line: _Line, code: str, earlier: dict[str, dict[str, Any]]) -> None:
        """What a row says of former versions."""
        for heading, cell in line.cells.items():
            if parts := _CODE_IN.fullmatch(heading):
                of = earlier.setdefault(parts[1], {"version": parts[1]})
                if cell:
                    of.setdefault("questions", {})[code] = None if cell in (NEW, "-", "—") else cell
            elif parts := _COMPARABLE.fullmatch(heading):
                of = earlier.setdefault(parts[1], {"version": parts[1]})
                if cell.casefold() in _NO:
                    of.setdefault("not_comparable", []).append(code)
                elif cell and cell.casefold() not in _YES:
                    details = {"field": heading, "found": cell, "known": "yes, no"}
                    self.faults.append(Problem("definition-choice", line.place(heading), details))


def _number(cell: str) -> float | int | str | None:
    """A number of a cell; words stay words, which the questionnaire refuses."""
    if not cell:
        return None
    try:
        number = float(cell.replace(",", "."))
    except ValueError:
        return cell
    return int(number) if number.is_integer() else number
