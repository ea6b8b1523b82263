"""A plan as the table of an act, in Word or Excel: the form in which it came."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import docx
import xlsxwriter
from docx.enum.section import WD_ORIENT
from docx.oxml import OxmlElement

from milepost.errors import refuse
from milepost.interchange import aside
from milepost.interchange.plan_table.reading import PRIORITY, is_priority
from milepost.values import Origin, Text
from milepost.values.plan import Deadline, Measure, Section

HEADINGS: Mapping[str, Mapping[str, str]] = {
    "code": {"en": "No.", "ru": "№ п/п"},
    "measure": {"en": "Measure", "ru": "Мероприятия"},
    "deadline": {"en": "Deadline", "ru": "Сроки реализации"},
    "institutions": {"en": "Responsible institutions", "ru": "Ответственные исполнители"},
    "coordinator": {"en": "Reporting coordinator", "ru": "Координатор отчётности"},
    "expected": {"en": "Expected result", "ru": "Ожидаемые результаты"},
    "indicators": {"en": "Indicators", "ru": "Индикаторы"},
    "verification": {"en": "Means of verification", "ru": "Источник верификации"},
    "funding": {"en": "Source of funding", "ru": "Источники финансирования"},
}
"""The columns, in the order in which they are written."""

WIDTHS = (8, 45, 20, 30, 24, 32, 32, 24, 24)
"""Their widths on a sheet, in letters."""

REPEATED = {
    "continuous": {"en": "continuous", "ru": "постоянно"},
    "yearly": {"en": "yearly", "ru": "ежегодно"},
    "half-yearly": {"en": "half-yearly", "ru": "раз в полугодие"},
    "quarterly": {"en": "quarterly", "ru": "ежеквартально"},
    "monthly": {"en": "monthly", "ru": "ежемесячно"},
}


def write(title: str, sections: Sequence[Section], path: Path | str, language: str = "en") -> None:
    """Write a plan as .docx or .xlsx, by the ending; headings in English or Russian, texts as they are.

    A text that is missing in the language is written in another one. The file appears whole or not at all;
    MilepostError for another ending ("unknown-format").
    """
    ending = Path(path).suffix.lower()
    if ending not in WRITERS:
        raise refuse("unknown-format", Origin(str(path)), name=Path(path).name, known=", ".join(WRITERS))
    lines = [
        line._replace(cells=tuple(_CONTROL.sub("", cell) for cell in line.cells))
        for section in sections
        for line in _lines(section, language)
    ]
    headings = [words.get(language, words["en"]) for words in HEADINGS.values()]
    with aside.file(path) as temporary:
        WRITERS[ending](title, headings, lines, temporary)


class _Line(NamedTuple):
    """A row: the cells of a measure, or the one text of a section."""

    cells: tuple[str, ...]
    is_section: bool = False


def _lines(section: Section, language: str) -> Iterator[_Line]:
    title = " ".join(filter(None, (section.code, _best(section.title, language))))
    if section.level == "priority" and not is_priority(title):
        title = f"{PRIORITY.get(language, PRIORITY['en'])}: {title}"
    if title:
        yield _Line((title,), is_section=True)
    for measure in section.measures:
        yield _Line(_cells(measure, language))
    for below in section.below:
        yield from _lines(below, language)


def _cells(measure: Measure, language: str) -> tuple[str, ...]:
    named = ", ".join((*measure.coordinators, *measure.executors, *measure.partners))
    indicators = "\n".join(_best(one.title, language) for one in measure.indicators)
    return (
        measure.code,
        _best(measure.title, language),
        measure.deadline.text or _deadline(measure.deadline, language),
        measure.institutions or named,
        ", ".join(measure.coordinators),
        _best(measure.expected, language),
        measure.indicators_text or indicators,
        _best(measure.verification, language),
        measure.funding_text or "\n".join(one.source for one in measure.funding),
    )


def _deadline(due: Deadline, language: str) -> str:
    """A deadline that was not taken from an act, in words that are read as the same days."""
    words = REPEATED[due.repeated].get(language, due.repeated) if due.repeated else ""
    start, end = (_day(day) if day else "" for day in (due.start, due.end))
    days = f"{start} - {end}" if start and end else end
    if start and not end:
        days = f"с {start}" if language == "ru" else f"from {start}"
    return ", ".join(filter(None, (words, days)))


def _day(day: date) -> str:
    return f"{day:%d.%m.%Y}"


def _best(text: Text, language: str) -> str:
    return text.best(language)[0]


_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
"""What no document may hold."""


def _as_word(title: str, headings: Sequence[str], lines: Sequence[_Line], path: Path) -> None:
    document = docx.Document()
    page = document.sections[0]
    page.orientation = WD_ORIENT.LANDSCAPE
    page.page_width, page.page_height = page.page_height, page.page_width
    document.core_properties.title = title
    document.add_heading(title, 1)
    table = document.add_table(rows=1, cols=len(headings), style="Table Grid")
    for cell, heading in zip(table.rows[0].cells, headings, strict=True):
        cell.text = heading
        cell.paragraphs[0].runs[0].bold = True
    _repeat(table.rows[0])
    for line in lines:
        cells = table.add_row().cells
        if line.is_section:
            whole = cells[0].merge(cells[-1])
            whole.text = line.cells[0]
            whole.paragraphs[0].runs[0].bold = True
        else:
            for cell, text in zip(cells, line.cells, strict=True):
                cell.text = text
    document.save(str(path))


def _repeat(row: Any) -> None:
    """Let a row stand at the head of each page, as screen readers need it, too."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _as_excel(title: str, headings: Sequence[str], lines: Sequence[_Line], path: Path) -> None:
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False}) as workbook:
        bold = workbook.add_format({"bold": True, "text_wrap": True, "valign": "top", "border": 1})
        plain = workbook.add_format({"text_wrap": True, "valign": "top", "border": 1})
        sheet = workbook.add_worksheet("Plan")
        sheet.write_string(0, 0, title, workbook.add_format({"bold": True, "font_size": 14}))
        for column, (heading, width) in enumerate(zip(headings, WIDTHS, strict=True)):
            sheet.set_column(column, column, width)
            sheet.write_string(2, column, heading, bold)
        sheet.freeze_panes(3, 2)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(2)
        for row, line in enumerate(lines, 3):
            if line.is_section:
                sheet.merge_range(row, 0, row, len(headings) - 1, "", bold)
                sheet.write_string(row, 0, line.cells[0], bold)
            else:
                for column, text in enumerate(line.cells):
                    sheet.write_string(row, column, text, plain)


WRITERS = {".docx": _as_word, ".xlsx": _as_excel}
"""How each ending is written."""
