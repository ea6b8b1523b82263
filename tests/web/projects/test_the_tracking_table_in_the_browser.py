"""The tracking table is downloaded, changed, sent back and taken in, by a person in a real browser."""

import openpyxl
from django.urls import reverse

from milepost.web.projects.actions import matrix
from tests.web.conftest import PHONE, accessible

HALF = "2025-01-01/2025-06-30"


def fill(path, typed):
    """Type values into a workbook: {(row, column): value}, by their hidden names."""
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    columns = {cell.value: cell.column for cell in sheet[5]}
    lines = {line[0].value: line[0].row for line in sheet.iter_rows(min_row=6)}
    for (row, column), value in typed.items():
        sheet.cell(lines[row], columns[column]).value = value
    book.save(path)


def sent(page, path):
    """Send a workbook in, and look at what it would change."""
    page.locator("#id_file").set_input_files(path)
    page.get_by_role("button", name="See what it would change").click()
    return page.locator("main").inner_text()


def test_three_cells_go_out_and_come_back(tab, page, cast, mary, active, trained, tmp_path):
    """A target with its reason, an actual and a percentage; the same file again changes nothing."""
    share = matrix.add_indicator(
        by=mary,
        result=trained.result,
        code="1.1.b",
        title={"en": "Share of inspectors trained"},
        unit="%",
        measure="percentage",
        over_time="ratio",
    )
    tab.sign_in(mary)
    tab.open(reverse("tracking", args=[active.pk]))
    assert not accessible(page)
    with page.expect_download() as coming:
        page.get_by_role("link", name="Download as Excel").click()
    path = tmp_path / "table.xlsx"
    coming.value.save_as(path)
    assert "Nothing would change." in sent(page, path)
    page.get_by_role("button", name="Back to the table").click()

    typed = {
        (str(trained.pk), "whole|target"): 55,
        (str(trained.pk), "row|reason"): "More inspectors were hired",
        (str(trained.pk), f"{HALF}|actual"): 12,
        (str(share.pk), f"{HALF}|numerator"): 30,
        (str(share.pk), f"{HALF}|denominator"): 120,
    }
    fill(path, typed)
    assert "Cells added: 3, changed: 1, removed: 0" in sent(page, path)
    assert not accessible(page)
    page.get_by_role("button", name="Take these changes in").click()
    said = page.locator("#messages").inner_text()
    assert "1 target is set. 2 reports are written." in said
    table = page.locator(".scroll table.tracking").inner_text()
    assert all(number in table for number in ("55", "12", "25"))
    assert "Draft" in table
    assert not accessible(page)
    page.set_viewport_size(PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    tab.open(reverse("tracking", args=[active.pk]).replace("/en/", "/ru/") + "?drafts=1")
    assert "Таблица показателей" in page.locator("h1").inner_text()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert not accessible(page)
    assert not tab.faults
