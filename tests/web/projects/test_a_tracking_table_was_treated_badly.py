"""Workbooks as they really come back: cut, sorted, renamed, stale, of another project, with formulas."""

from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from django.urls import reverse

from milepost.values import Figure
from milepost.web.files.models import StoredFile
from milepost.web.projects.actions import matrix, register, reporting
from milepost.web.projects.models import Actual, Goal
from tests.web.projects.tables import FIRST, SECOND, confirm, fill, kinds, send, workbook

pytestmark = pytest.mark.django_db


@pytest.fixture
def other(cast, mary):
    """Another project of the same people, with an indicator."""
    project = register.enter(by=mary, institution=cast.ministry, title={"en": "Another project"})
    objective = matrix.add_result(by=mary, project=project, level="objective", code="O", title={"en": "Goal"})
    return matrix.add_indicator(by=mary, result=objective, code="O.a", title={"en": "Laws"})


def column_of(book, name):
    """The number of a column by its hidden name."""
    return next(cell.column for cell in book.worksheets[0][5] if cell.value == name)


def codes(answer):
    """The faults of a dry run, of its cells and of the whole."""
    return {problem.code for problem in answer.context["run"].problems}


def test_a_workbook_of_another_project_is_refused_by_name_of_the_fault(client, mary, active, trained, other):
    """Nothing of it is kept."""
    client.force_login(mary)
    book = workbook(client, other.result.project)
    fill(book, str(other.pk), "whole|target", 3)
    answer = send(client, active, book)
    assert "The workbook is of another project" in str(answer.context["form"].errors)
    assert not StoredFile.objects.exists()


def test_a_workbook_from_before_an_indicator_was_removed(client, mary, active, trained):
    """The row that is gone is refused, the others are taken."""
    gone = matrix.add_indicator(by=mary, result=trained.result, code="1.1.z", title={"en": "Gone"})
    row = str(gone.pk)
    client.force_login(mary)
    book = workbook(client, active)
    fill(book, row, f"{FIRST}|actual", 5)
    fill(book, str(trained.pk), f"{FIRST}|actual", 12)
    matrix.remove_indicator(by=mary, indicator=gone)
    answer = send(client, active, book)
    assert kinds(answer) == {
        (row, f"{FIRST}|actual"): "refused",
        (str(trained.pk), f"{FIRST}|actual"): "add",
    }
    confirm(client, answer)
    assert Actual.objects.get().indicator == trained


def test_a_workbook_from_before_a_period_was_removed(client, mary, active, trained):
    """Its column has no place any more."""
    client.force_login(mary)
    book = workbook(client, active)
    fill(book, str(trained.pk), f"{SECOND}|actual", 5)
    matrix.remove_period(by=mary, period=active.periods.last())
    answer = send(client, active, book)
    assert kinds(answer) == {(str(trained.pk), f"{SECOND}|actual"): "refused"}


def test_a_workbook_from_before_an_indicator_was_renamed_still_comes_in(client, mary, active, trained):
    """Its hidden number is what counts, and what others renamed stays renamed."""
    client.force_login(mary)
    book = workbook(client, active)
    fill(book, str(trained.pk), f"{FIRST}|actual", 12)
    matrix.edit_indicator(by=mary, indicator=trained, revision=trained.revision, title={"en": "Inspectors"})
    confirm(client, send(client, active, book))
    trained.refresh_from_db()
    assert (trained.title["en"], Actual.objects.get().cells.get().value) == ("Inspectors", 12)


def test_a_target_equal_to_its_baseline_is_taken_and_told(client, mary, active, trained):
    """It can be meant, so it is not refused; no way leads from one to the other, so it has no per cent."""
    client.force_login(mary)
    book = workbook(client, active)
    fill(book, str(trained.pk), "whole|target", 0)
    fill(book, str(trained.pk), "row|reason", "No money")
    fill(book, str(trained.pk), f"{FIRST}|target", 0)
    answer = send(client, active, book)
    assert codes(answer) == {"target-equals-baseline", "period-target-equals-baseline"}
    assert "progress cannot be measured" in answer.content.decode()
    confirm(client, answer)
    assert Goal.objects.get(indicator=trained, kind="end", current=True).value == 0
    page = client.get(reverse("results", args=[active.pk])).content.decode()
    assert "is the baseline" in page


@pytest.mark.parametrize("typed", ["=1+1", "=SUM(A1:A9)", '=HYPERLINK("http://example.org";"12")', "=A1"])
def test_a_formula_without_a_value_is_refused(client, mary, active, trained, typed):
    """Nobody computes it here."""
    client.force_login(mary)
    book = workbook(client, active)
    fill(book, str(trained.pk), f"{FIRST}|actual", typed)
    answer = send(client, active, book)
    assert kinds(answer) == {(str(trained.pk), f"{FIRST}|actual"): "refused"}
    assert "tracking-no-value" in codes(answer)


def test_hidden_sheets_rows_and_columns_of_other_people_change_nothing(client, mary, active, trained):
    """A hidden sheet beside ours, a hidden row of figures; what is typed in a hidden row of ours counts."""
    client.force_login(mary)
    book = workbook(client, active)
    more = book.create_sheet("Notes", 0)
    more["A1"] = "row|id"
    more.sheet_state = "hidden"
    sheet = next(one for one in book.worksheets if one.title == "Tracking table")
    line = next(row[0].row for row in sheet.iter_rows(min_row=6) if row[0].value == str(trained.pk))
    names = {cell.value: cell.column for cell in sheet[5]}
    sheet.cell(line, names[f"{FIRST}|actual"]).value = 12
    sheet.row_dimensions[line].hidden = True
    answer = send(client, active, book)
    assert list(kinds(answer).values()) == ["add"]


def test_a_deleted_column_is_said_and_changes_nothing(client, mary, active, trained):
    """The others are read as ever."""
    client.force_login(mary)
    book = workbook(client, active)
    fill(book, str(trained.pk), f"{FIRST}|actual", 12)
    book.worksheets[0].delete_cols(column_of(book, f"{SECOND}|target"))
    answer = send(client, active, book)
    assert (codes(answer), list(kinds(answer).values())) == ({"tracking-column-gone"}, ["add"])


def test_renamed_headings_and_inserted_rows_do_no_harm(client, mary, active, trained):
    """Columns and rows are known by their hidden names."""
    client.force_login(mary)
    book = workbook(client, active)
    fill(book, str(trained.pk), f"{FIRST}|actual", 12)
    sheet = book.worksheets[0]
    sheet.cell(4, column_of(book, f"{FIRST}|actual")).value = "What we did"
    sheet.insert_rows(7, amount=3)
    assert list(kinds(send(client, active, book)).values()) == ["add"]


def test_a_row_of_figures_that_was_inserted_is_told(client, mary, active, trained):
    """New indicators are made in the application."""
    client.force_login(mary)
    book = workbook(client, active)
    sheet = book.worksheets[0]
    sheet.cell(sheet.max_row + 1, column_of(book, f"{FIRST}|actual")).value = 5
    answer = send(client, active, book)
    assert (codes(answer), kinds(answer)) == ({"tracking-row-without-id"}, {})


def test_the_row_that_names_the_columns_is_gone(client, mary, active, trained):
    """Then nothing can be told apart."""
    client.force_login(mary)
    book = workbook(client, active)
    book.worksheets[0].delete_rows(5)
    assert "names the columns is gone" in str(send(client, active, book).context["form"].errors)


def test_a_workbook_saved_without_its_hidden_sheet_is_refused(client, mary, active, trained):
    """It could be of anything."""
    client.force_login(mary)
    book = workbook(client, active)
    del book["_milepost"]
    assert "no tracking table" in str(send(client, active, book).context["form"].errors)
    assert "no tracking table" in str(send(client, active, openpyxl.Workbook()).context["form"].errors)


def test_two_people_send_the_same_cell_at_the_same_time(client, cast, mary, active, trained):
    """Both see a dry run; the first one confirms, the second is asked again and sees what the first wrote."""
    client.force_login(mary)
    first, second = workbook(client, active), workbook(client, active)
    fill(first, str(trained.pk), f"{FIRST}|actual", 12)
    fill(second, str(trained.pk), f"{FIRST}|actual", 13)
    one, other = send(client, active, first), send(client, active, second)
    confirm(client, one)
    again = confirm(client, other)
    [choice] = again.context["to_decide"]
    assert "12" in choice.choices[0].words
    assert "13" in choice.choices[1].words
    assert Actual.objects.get().cells.get().value == 12


def test_a_file_that_was_confirmed_is_gone_for_a_second_click(client, mary, active, trained):
    """No figure is written twice."""
    client.force_login(mary)
    book = workbook(client, active)
    fill(book, str(trained.pk), f"{FIRST}|actual", 12)
    answer = send(client, active, book)
    confirm(client, answer)
    assert confirm(client, answer).status_code == 404
    assert Actual.objects.get().revision == 1


def test_an_actual_that_is_on_its_way_is_not_overwritten_even_by_decision(client, mary, active, trained):
    """A report in review stays, whatever a person decides about the conflict."""
    client.force_login(mary)
    book = workbook(client, active)
    fill(book, str(trained.pk), f"{FIRST}|actual", 12)
    actual = reporting.report(
        by=mary, indicator=trained, period=active.periods.first(), figures=[Figure(Decimal(7))]
    )
    reporting.submit(by=mary, actual=actual, revision=actual.revision)
    answer = send(client, active, book)
    looked = client.post(answer.request["PATH_INFO"], {"every": "take"})
    assert codes(looked) == {"tracking-report-closed"}
    assert "Take these changes in" not in looked.content.decode()


def test_days_stand_in_the_way_of_no_one(client, mary, active, trained):
    """A period that was added after the table was downloaded is simply not in it."""
    client.force_login(mary)
    book = workbook(client, active)
    matrix.add_period(by=mary, project=active, start=date(2026, 1, 1), end=date(2026, 6, 30))
    fill(book, str(trained.pk), f"{FIRST}|actual", 12)
    assert list(kinds(send(client, active, book)).values()) == ["add"]
