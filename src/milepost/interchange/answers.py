"""The answers of an assessment in a workbook: a form that goes out with its questions, and comes back.

The sheet "Answers" has a row for each question; what proves an answer stands beside it, further evidence in
further rows with the same code. The sheet "About" says of which questionnaire and version the form is.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple

import xlsxwriter
from xlsxwriter.exceptions import XlsxWriterException

from milepost.catalogue.questionnaires import Question, QuestionDomain, Questionnaire
from milepost.errors import MilepostError, refuse
from milepost.interchange import aside, excel
from milepost.interchange.tracking.rows import storable
from milepost.values import Origin, Problem, Table, Text
from milepost.values.assessment import Assessment, Evidence, EvidenceKind, Reply

ABOUT: Mapping[str, Text] = {
    "questionnaire": Text(en="Questionnaire", ru="Вопросник"),
    "version": Text(en="Version", ru="Версия"),
    "level": Text(en="Level: national or local", ru="Уровень: national или local"),
    "area": Text(en="Country or municipality", ru="Страна или муниципалитет"),
    "held": Text(en="Year or period", ru="Год или период"),
    "agency": Text(en="Answered by", ru="Кто отвечает"),
}
COLUMNS: Mapping[str, Text] = {
    "domain": Text(en="Domain", ru="Сфера"),
    "code": Text(en="Code", ru="Код"),
    "question": Text(en="Question", ru="Вопрос"),
    "proof": Text(en="What proves it", ru="Чем подтверждается"),
    "answer": Text(en="Answer", ru="Ответ"),
    "comment": Text(en="Comment", ru="Комментарий"),
    "kind": Text(en="Kind of evidence", ru="Вид подтверждения"),
    "title": Text(en="Law, document or source", ru="Закон, документ или источник"),
    "place": Text(en="Article or page", ru="Статья или страница"),
    "dated": Text(en="Date", ru="Дата"),
    "link": Text(en="Link", ru="Ссылка"),
    "quotation": Text(en="Quotation", ru="Цитата"),
    "repealed": Text(en="Not in force since", ru="Утратил силу"),
}
"""The columns; what is typed begins with the answer."""
KINDS: Mapping[EvidenceKind, Text] = {
    "law": Text(en="Law", ru="Закон"),
    "document": Text(en="Document", ru="Документ"),
    "statistics": Text(en="Statistics", ru="Статистика"),
    "interview": Text(en="Interview", ru="Интервью"),
    "other": Text(en="Other", ru="Другое"),
}
_TYPED = tuple(COLUMNS)[4:]
_OF_EVIDENCE = ("title", "place", "dated", "link", "quotation", "repealed")
_WIDTHS = {
    "domain": 22,
    "question": 52,
    "proof": 34,
    "answer": 22,
    "comment": 34,
    "title": 40,
    "quotation": 44,
}
_FIRST = 3  # the row of the headings
_LISTED = 255  # letters that the list of a cell can hold
_DAY = re.compile(r"(\d{1,2})[./](\d{1,2})[./](\d{4})")
_YEAR = re.compile(r"(1[89]|20)\d\d")


class Sent(NamedTuple):
    """What came back, and what is wrong with it; a row with a fault is not in the answers."""

    assessment: Assessment
    problems: tuple[Problem, ...]


# Out --------------------------------------------------------------------------------------------------------


def write(asked: Questionnaire, assessment: Assessment, path: Path | str, language: str = "en") -> None:
    """Write the form with what is answered so far; MilepostError where it cannot be written."""
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with aside.file(path) as temporary:
        try:
            with xlsxwriter.Workbook(str(temporary), options) as book:
                _Form(book, asked, assessment, language).fill()
                _about(book, asked, assessment, language)
        except XlsxWriterException as error:
            raise refuse("cannot-write", Origin(str(path)), why=str(error)) from error


class _Form:
    """The sheet "Answers" while it is written."""

    def __init__(self, book: Any, asked: Questionnaire, assessment: Assessment, language: str):
        plain = {"valign": "top", "border": 1, "border_color": "#C9D1D6", "text_wrap": True}
        self.asked, self.assessment, self.language = asked, assessment, language
        self.page = book.add_worksheet("Answers")
        self.grey, self.white = book.add_format({**plain, "bg_color": "#EEF1F3"}), book.add_format(plain)
        self.day = book.add_format({**plain, "num_format": "yyyy-mm-dd", "align": "left"})
        self.head = book.add_format({**plain, "bold": True, "bg_color": "#0B5A73", "font_color": "#FFFFFF"})
        self.large = book.add_format({"bold": True, "font_size": 14})

    def fill(self) -> None:
        """A row for each question, and for each evidence further."""
        self.page.write_string(
            0, 0, storable(f"{self.said(self.asked.name)}, {self.asked.version}"), self.large
        )
        for column, (name, words) in enumerate(COLUMNS.items()):
            self.page.write_string(_FIRST, column, self.said(words), self.head)
            self.page.set_column(column, column, _WIDTHS.get(name, 14))
        at = _FIRST + 1
        for domain, item in self.asked:
            if self.assessment.level in item.levels:
                reply = self.assessment.replies.get(item.code, Reply())
                for number, evidence in enumerate(reply.evidence or (None,)):
                    self.row(at, domain, item, self.typed(item, reply, evidence, first=number == 0))
                    at += 1
        self.page.freeze_panes(_FIRST + 1, 3)
        self.page.set_landscape()
        self.page.fit_to_pages(1, 0)
        self.page.repeat_rows(_FIRST)

    def row(self, at: int, domain: QuestionDomain, item: Question, typed: Mapping[str, Any]) -> None:
        """One row: what is asked stands grey, what is typed white."""
        question = "\n".join(filter(None, (self.said(domain.question), self.said(item.name))))
        asked = (self.said(domain.name) or domain.code, item.code, question, self.said(item.evidence))
        for column, text in enumerate(asked):
            self.page.write_string(at, column, storable(text), self.grey)
        for column, name in enumerate(_TYPED, len(asked)):
            cell = typed.get(name)
            if isinstance(cell, date):
                self.page.write_datetime(at, column, datetime(cell.year, cell.month, cell.day), self.day)
            elif cell:
                self.page.write_string(at, column, storable(cell), self.white)
            else:
                self.page.write_blank(at, column, None, self.white)
        self.choice(at, "answer", [self.said(one.name) for one in self.asked.offered(item.code)])
        self.choice(at, "kind", [self.said(words) for words in KINDS.values()])

    def choice(self, at: int, name: str, words: Sequence[str]) -> None:
        """A list to choose from, where there is one that a cell can hold."""
        if words and len(",".join(words)) <= _LISTED:
            rule = {"validate": "list", "source": list(words), "error_type": "warning"}
            self.page.data_validation(at, list(COLUMNS).index(name), at, list(COLUMNS).index(name), rule)

    def typed(
        self, item: Question, reply: Reply, evidence: Evidence | None, *, first: bool
    ) -> dict[str, Any]:
        """What stands in the white cells of a row; the answer and its comment stand in the first."""
        cells: dict[str, Any] = {}
        if first:
            words = {one.code: self.said(one.name) for one in self.asked.offered(item.code)}
            cells = {"answer": words.get(reply.answer, reply.answer), "comment": reply.comment}
        if evidence is not None:
            cells["kind"] = self.said(KINDS[evidence.kind])
            cells |= {name: getattr(evidence, name) for name in _OF_EVIDENCE}
        return cells

    def said(self, text: Text) -> str:
        return text.best(self.language)[0] if text else ""


def _about(book: Any, asked: Questionnaire, assessment: Assessment, language: str) -> None:
    page = book.add_worksheet("About")
    known = {"questionnaire": asked.code, "version": asked.version, "level": assessment.level}
    for column, heading in enumerate(("Field", "Value", "What it is")):
        page.write_string(0, column, heading)
    for at, (name, words) in enumerate(ABOUT.items(), 1):
        page.write_string(at, 0, name)
        page.write_string(at, 1, storable(known.get(name) or getattr(assessment, name, "")))
        page.write_string(at, 2, words.best(language)[0])
    page.set_column(0, 2, 34)


# In ---------------------------------------------------------------------------------------------------------


def about(path: Path | str) -> dict[str, str]:
    """The fields of the sheet "About": {"questionnaire", "version", "level", "area", "held", "agency"}.

    MilepostError ("answers-not-a-form") for a workbook that is no form of answers.
    """
    return _fields(_sheets(path), path)


def read(path: Path | str, asked: Questionnaire) -> Sent:
    """The answers of a form, in whatever language it went out, half filled in or whole.

    MilepostError for a workbook that is no form, or one of another questionnaire or version. A question that
    is unknown, answered twice and differently, an answer that is not offered, evidence without a title and
    what is no date are told, each with its cell.
    """
    sheets = _sheets(path)
    fields = _fields(sheets, path)
    found, wanted = f"{fields['questionnaire']}@{fields['version']}", f"{asked.code}@{asked.version}"
    if found != wanted:
        raise refuse("answers-other-version", Origin(str(path)), found=found, wanted=wanted)
    table = sheets["answers"]
    reader = _Reader(asked, table)
    for position in range(len(table.rows)):
        reader.row(position)
    return Sent(
        Assessment(
            wanted,
            fields.get("area", ""),
            fields.get("level") or "national",
            fields.get("held", ""),
            fields.get("agency", ""),
            reader.replies(),
        ),
        tuple(reader.problems),
    )


def _sheets(path: Path | str) -> dict[str, Table]:
    dataset = excel.read(path)
    found = {(table.origin.sheet or "").casefold(): table for table in dataset.tables}
    if not {"about", "answers"} <= set(found):
        raise refuse("answers-not-a-form", Origin(str(path)))
    return found


def _fields(sheets: Mapping[str, Table], path: Path | str) -> dict[str, str]:
    table = sheets["about"]
    found = {row[0].strip().casefold(): row[1].strip() for row in table.rows if len(row) > 1}
    if not found.get("questionnaire") or not found.get("version"):
        raise refuse("answers-not-a-form", Origin(str(path)))
    return {name: found.get(name, "") for name in ABOUT}


class _Reader:
    """The rows of the sheet, one after the other."""

    def __init__(self, asked: Questionnaire, table: Table):
        self.asked, self.table = asked, table
        self.known = {item.code.casefold(): item for _domain, item in asked}
        self.problems: list[Problem] = []
        self.given: dict[str, str] = {}
        self.comments: dict[str, list[str]] = {}
        self.evidence: dict[str, list[Evidence]] = {}
        if len(table.columns) < len(COLUMNS):
            details = {"column": [*COLUMNS.values()][len(table.columns)]["en"]}
            raise MilepostError([Problem("column-missing", table.origin, details)])

    def replies(self) -> dict[str, Reply]:
        """What was answered, by question; a question with evidence or a comment alone is among them."""
        codes = dict.fromkeys((*self.given, *self.comments, *self.evidence))
        return {
            code: Reply(
                self.given.get(code, ""),
                "\n".join(self.comments.get(code, ())),
                tuple(self.evidence.get(code, ())),
            )
            for code in codes
        }

    def row(self, position: int) -> None:
        """Read one row; its faults are kept."""
        cells = dict(zip(COLUMNS, map(str.strip, self.table.rows[position]), strict=False))
        if not any(cells[name] for name in _TYPED):
            return
        item = self.known.get(cells["code"].casefold())
        if item is None:
            self._fault("answers-unknown-question", position, "code", question=cells["code"] or "–")
            return
        self._answer(item, cells["answer"], position)
        if cells["comment"] and cells["comment"] not in self.comments.setdefault(item.code, []):
            self.comments[item.code].append(cells["comment"])
        if any(cells[name] for name in _OF_EVIDENCE):
            self._proof(item, cells, position)

    def _answer(self, item: Question, text: str, position: int) -> None:
        if not text:
            return
        answer = text if item.kind == "text" else _answer_of(self.asked, item, text)
        if answer is None:
            known = ", ".join(one.name.best("en")[0] for one in self.asked.offered(item.code))
            self._fault("answers-not-offered", position, "answer", question=item.code, text=text, known=known)
        elif self.given.setdefault(item.code, answer) != answer:
            self._fault("answers-twice", position, "answer", question=item.code)

    def _proof(self, item: Question, cells: Mapping[str, str], position: int) -> None:
        if not cells["title"]:
            self._fault("evidence-without-title", position, "title", question=item.code)
            return
        days: dict[str, date | None] = {}
        for name in ("dated", "repealed"):
            days[name] = _day(cells[name])
            if cells[name] and days[name] is None:
                self._fault("round-form-day", position, name, text=cells[name][:80])
        kind = _kind_of(cells["kind"])
        if kind is None:
            known = ", ".join(words["en"] for words in KINDS.values())
            self._fault("answers-kind", position, "kind", text=cells["kind"][:80], known=known)
            return
        self.evidence.setdefault(item.code, []).append(
            Evidence(
                cells["title"],
                kind,
                cells["place"],
                days["dated"],
                cells["link"],
                cells["quotation"],
                days["repealed"],
            )
        )

    def _fault(self, code: str, position: int, column: str, **details: object) -> None:
        heading = self.table.columns[list(COLUMNS).index(column)]
        self.problems.append(Problem(code, self.table.place(position, heading), details))


def _answer_of(asked: Questionnaire, item: Question, text: str) -> str | None:
    """The code of an answer by its code or its words in any language."""
    plain = _plain(text)
    for one in asked.offered(item.code):
        if plain in (_plain(one.code), *(_plain(words) for words in one.name.values())):
            return one.code
    return None


def _kind_of(text: str) -> EvidenceKind | None:
    """The kind of evidence by its code or its words in any language; a document where nothing is said."""
    plain = _plain(text)
    if not plain:
        return "document"
    for kind, words in KINDS.items():
        if plain in (kind, *map(_plain, words.values())):
            return kind
    return None


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def _day(text: str) -> date | None:
    """A day as 2026-03-31 or 31.03.2026, or a year alone, which is its first day.

    >>> _day("2026-03-31"), _day("31.3.2026"), _day("2024"), _day("soon")
    (datetime.date(2026, 3, 31), datetime.date(2026, 3, 31), datetime.date(2024, 1, 1), None)
    """
    said = _DAY.fullmatch(text)
    if _YEAR.fullmatch(text):
        return date(int(text), 1, 1)
    try:
        return date(int(said[3]), int(said[2]), int(said[1])) if said else date.fromisoformat(text[:10])
    except ValueError:
        return None
