"""Tracking tables as people handle them: downloaded, filled in, sent in, confirmed."""

import io

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

FIRST, SECOND = "2025-01-01/2025-06-30", "2025-07-01/2025-12-31"


def workbook(client, project, **asked):
    """The workbook as it is downloaded."""
    answer = client.get(reverse("tracking-file", args=[project.pk]), asked)
    assert answer.status_code == 200
    return openpyxl.load_workbook(io.BytesIO(answer.content))


def fill(book, row, column, value):
    """Type a value into the cell of a row (its hidden number) and a column (its hidden name)."""
    sheet = book.worksheets[0]
    columns = {cell.value: cell.column for cell in sheet[5]}
    line = next(line[0].row for line in sheet.iter_rows(min_row=6) if line[0].value == row)
    sheet.cell(line, columns[column]).value = value


def send(client, project, book, name="table.xlsx"):
    """Send a workbook in; the answer after the redirect."""
    kept = io.BytesIO()
    book.save(kept)
    upload = SimpleUploadedFile(name, kept.getvalue())
    return client.post(reverse("tracking-upload", args=[project.pk]), {"file": upload}, follow=True)


def confirm(client, answer, **more):
    """Confirm a dry run, with what was decided there."""
    seen = answer.context["form"].initial
    decided = {
        one.name: choice.value
        for one in answer.context["to_decide"]
        for choice in one.choices
        if choice.chosen
    }
    typed = {"digest": seen["digest"], "decided": seen["decided"], **decided, **more}
    return client.post(answer.request["PATH_INFO"], typed, follow=True)


def kinds(answer):
    """{(row, column): what happens} of a dry run."""
    return {(one.change.row, one.change.column): one.change.kind for one in answer.context["changes"]}
