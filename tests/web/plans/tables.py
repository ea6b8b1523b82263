"""Tables of acts, as Word documents and workbooks."""

import docx
import xlsxwriter

HEADINGS = (
    "№ п/п",
    "Мероприятия",
    "Сроки реализации",
    "Ответственные исполнители",
    "Ожидаемые результаты",
    "Индикаторы",
)
LABOUR = "Министерство труда Сандории"
OFFICE = "Статистическая служба Сандории"
ROWS = (
    ("Приоритет 1. Безопасная миграция",),
    ("1. Справедливый найм",),
    ("1.1", "Принять закон о найме", "II квартал 2026 г.", f"{LABOUR} (отв.), МИД", "Закон принят", "Закон"),
    ("1.2", "Обучить инспекторов", "2026-2027 гг.", LABOUR, "100 обучены", "Число обученных лиц"),
    ("2. Данные",),
    ("2.1", "Вести реестр", "постоянно", f"{OFFICE} (отв.), НПО (по согласованию)", "", ""),
)


def word(path, rows=ROWS, headings=HEADINGS):
    """The table in a Word document; a row of one text is a heading over all columns."""
    document = docx.Document()
    table = document.add_table(rows=1, cols=len(headings))
    for cell, heading in zip(table.rows[0].cells, headings, strict=True):
        cell.text = heading
    for row in rows:
        cells = table.add_row().cells
        if len(row) == 1:
            cells[0].merge(cells[-1]).text = row[0]
        else:
            for cell, text in zip(cells, row, strict=True):
                cell.text = text
    document.save(path)
    return path


def workbook(path, rows=ROWS, headings=HEADINGS):
    """The same as a workbook."""
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("План")
        sheet.write_row(0, 0, headings)
        for number, row in enumerate(rows, 1):
            if len(row) == 1:
                sheet.merge_range(number, 0, number, len(headings) - 1, row[0])
            else:
                sheet.write_row(number, 0, row)
    return path
