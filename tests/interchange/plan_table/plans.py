"""Plans of a country that does not exist, as its acts would print them."""

from pathlib import Path

import docx
import xlsxwriter

RUSSIAN = ("№ п/п", "Мероприятия", "Сроки реализации", "Ответственные исполнители", "Ожидаемые результаты",
           "Индикаторы", "Источники финансирования")  # fmt: skip
ENGLISH = ("No.", "Objective", "Measure", "Deadline", "Responsible institutions", "Expected result",
           "Indicators", "Source of verification", "Remarks of the chancellery")  # fmt: skip

PRIORITY = "Приоритет 1. Безопасная трудовая миграция"
OBJECTIVE = "1.1. Найм без посредников"
FIRST = ("1.1.1", "Открыть три центра консультаций", "II квартал 2023 г.",
         "Ведомство труда (отв.), Министерство финансов, НПО (по согласованию)", "Центры работают",
         "Число центров\nЧисло обратившихся, по полу", "Республиканский бюджет")  # fmt: skip
SECOND = ("1.1.2", "Вести реестр агентств", "постоянно", "Ведомство труда совместно с Ведомством статистики",
          "Реестр открыт", "Доля проверенных агентств", "В рамках бюджета")  # fmt: skip


def in_word(path: Path) -> Path:
    """The Russian plan: a title above, a priority and an objective over all columns, the columns numbered."""
    document = docx.Document()
    document.add_heading("План мероприятий", 1)
    other = document.add_table(rows=1, cols=2)
    other.rows[0].cells[0].text = "Согласовано"
    table = document.add_table(rows=0, cols=len(RUSSIAN))
    _line(table, RUSSIAN)
    _line(table, [str(number) for number in range(1, len(RUSSIAN) + 1)])
    _over_all(table, PRIORITY)
    _over_all(table, OBJECTIVE)
    _line(table, FIRST)
    _line(table, RUSSIAN)  # the header again, on a further page
    _line(table, SECOND)
    document.save(str(path))
    return path


def _line(table, texts):
    for cell, text in zip(table.add_row().cells, texts, strict=True):
        cell.text = text


def _over_all(table, text):
    cells = table.add_row().cells
    cells[0].merge(cells[-1]).text = text


def in_excel(path: Path, *rows: tuple[str, ...], header: tuple[str, ...] = ENGLISH) -> Path:
    """An English plan: two rows of title, headings, and an objective merged over its two measures."""
    with xlsxwriter.Workbook(str(path)) as workbook:
        sheet = workbook.add_worksheet("Plan")
        sheet.merge_range(0, 0, 0, len(header) - 1, "Plan of action 2026-2030")
        sheet.write_row(2, 0, header)
        for number, row in enumerate(rows or (LINE_ONE, LINE_TWO), 3):
            sheet.write_row(number, 0, row)
        if not rows:
            sheet.merge_range(3, 1, 4, 1, LINE_ONE[1])
    return path


LINE_ONE = (
    "1",
    "Returnees find work",
    "Train counsellors",
    "by the end of 2026",
    "Lead: Labour Office; Partners: Red Cross",
    "Counsellors work in all regions",
    "Counsellors trained, by sex",
    "Lists of participants",
    "urgent",
)
LINE_TWO = (
    "2",
    "",
    "Pay a grant to returnees",
    "by 2027",
    "Labour Office, Ministry of Finance",
    "",
    "",
    "",
    "",
)
