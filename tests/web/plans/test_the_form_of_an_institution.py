"""The Excel form of an institution: it goes out, is filled in, and comes back by a dry run."""

import io
import zipfile
from datetime import date

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import override

from milepost.web.files.models import StoredFile
from milepost.web.plans.actions import measures, rounds, versions
from milepost.web.plans.models import Answer
from milepost.web.plans.queries.round_forms import name_of
from tests.cast import person

pytestmark = pytest.mark.django_db

KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture
def ann(cast):
    """Answers for the ministry."""
    return person("ann", ("focal-point", cast.ministry.address), works_for=cast.ministry)


@pytest.fixture
def paul(cast, police):
    """Answers for the police."""
    return person("paul", ("focal-point", police.address), works_for=police)


@pytest.fixture
def round_(paula, draft, police):
    """An open round: the ministry reports on the first measure, the police on the second."""
    law, inspectors = draft.entries.all()
    measures.add_indicator(by=paula, entry=law, title={"en": "Laws"}, kind="output")
    measures.add_indicator(by=paula, entry=law, title={"en": "People"}, kind="output", by_sex=True)
    measures.add_indicator(by=paula, entry=law, title={"en": "Share"}, kind="output", measured="percentage")
    measures.add_cost(by=paula, entry=law, source="Budget", amount=100, currency="USD", committed=True)
    measures.choose_coordinator(by=paula, entry=inspectors, institution=police, revision=inspectors.revision)
    draft.refresh_from_db()
    act = {"act": {"en": "Resolution"}, "act_number": "1", "adopted": None, "since": date(2026, 1, 1)}
    version = versions.put_in_force(by=paula, version=draft, revision=draft.revision, **act)
    return rounds.open_round(
        by=paula, plan=version.plan, start=date(2026, 1, 1), end=date(2026, 3, 31), due=date(2026, 4, 15)
    )


def download(client, one, institution, language="en"):
    answer = client.get(f"/{language}/policies/rounds/{one.pk}/forms/of/{institution.pk}.xlsx")
    assert answer.status_code == 200
    return openpyxl.load_workbook(io.BytesIO(answer.content))


def places(sheet):
    """{name of a column: its letter-less number}, {id of a row: its number}."""
    (names,) = (
        row for row in sheet.iter_rows() if any(str(cell.value or "").startswith("#") for cell in row)
    )
    columns = {str(cell.value): cell.column for cell in names if cell.value}
    first = next(column for name, column in columns.items() if name.startswith("#"))
    rows = {
        str(sheet.cell(n, first).value): n
        for n in range(names[0].row + 1, sheet.max_row + 1)
        if sheet.cell(n, first).value
    }
    return columns, rows


def typed(book, sheet, row, **cells):
    """Type into a row of a sheet (both by their position)."""
    page = book.worksheets[sheet]
    columns, rows = places(page)
    line = list(rows.values())[row]
    for name, value in cells.items():
        page.cell(line, columns[name]).value = value
    return book


def saved(book):
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def hand_in(client, one, content, name="form.xlsx", language="en"):
    upload = SimpleUploadedFile(name, content, KIND)
    return client.post(f"/{language}/policies/rounds/{one.pk}/forms/", {"file": upload})


def preview(client, one, content):
    answer = hand_in(client, one, content)
    assert answer.status_code == 302, answer.context["form"].errors
    page = client.get(answer["Location"])
    assert page.status_code == 200
    return answer["Location"], page.context["judged"]


def confirm(client, address, judged, **more):
    return client.post(address, {"digest": judged.digest, **more}, follow=True)


# Out --------------------------------------------------------------------------------------------------------


def test_a_form_shows_what_the_act_says_and_what_stands_here(client, cast, ann, round_):
    client.force_login(ann)
    book = download(client, round_, cast.ministry)
    assert book.sheetnames[:3] == ["Answers", "Indicators", "Money"]
    answers = [cell.value for row in book["Answers"].iter_rows() for cell in row if cell.value]
    assert "Adopt a law" in answers
    assert not any("Train" in str(value) for value in answers)  # the measure of the police
    assert book["Answers"].protection.sheet
    assert "_milepost" in book.sheetnames


def test_text_of_an_act_never_becomes_a_formula(client, cast, paula, ann, round_):
    entry = round_.answers.get(
        entry__roles__institution=cast.ministry, entry__roles__kind="coordinator"
    ).entry
    type(entry).objects.filter(pk=entry.pk).update(title={"en": "=HYPERLINK(1)"})
    client.force_login(ann)
    book = download(client, round_, cast.ministry)
    cells = [cell for row in book["Answers"].iter_rows() for cell in row if cell.value == "=HYPERLINK(1)"]
    assert [cell.data_type for cell in cells] == ["s"]


def test_the_lead_fetches_all_forms_and_others_only_their_own(
    client, cast, paula, ann, paul, peter, police, round_
):
    client.force_login(paula)
    archive = zipfile.ZipFile(io.BytesIO(client.get(f"/en/policies/rounds/{round_.pk}/forms.zip").content))
    assert len(archive.namelist()) == 2
    client.force_login(ann)
    assert client.get(f"/en/policies/rounds/{round_.pk}/forms.zip").status_code == 403
    assert client.get(f"/en/policies/rounds/{round_.pk}/forms/of/{police.pk}.xlsx").status_code == 404
    client.force_login(peter)
    assert client.get(f"/en/policies/rounds/{round_.pk}/forms/").status_code == 404


# Back -------------------------------------------------------------------------------------------------------


def test_a_form_handed_back_as_it_came_changes_nothing(client, cast, ann, round_):
    client.force_login(ann)
    _address, judged = preview(client, round_, saved(download(client, round_, cast.ministry)))
    assert (judged.rows, judged.problems, judged.counts) == ((), (), {})


@pytest.mark.parametrize("language", ["en", "ru"])
def test_what_was_filled_in_is_taken_and_sent(client, cast, ann, round_, language):
    client.force_login(ann)
    book = download(client, round_, cast.ministry, language)
    with override(language):
        word = str(Answer.Done.PARTLY.label)
    typed(book, 0, 0, done=word, text="The draft is in parliament.", obstacles="Time")
    typed(book, 1, 0, total=2)
    typed(book, 1, 1, women=3, men=4)
    typed(book, 1, 2, numerator="7,5", denominator=10)
    typed(book, 2, 0, spent=40)
    address, judged = preview(client, round_, saved(book))
    assert judged.counts == {"add": 9}
    assert round_.answers.filter(state="draft", typed_by=None).count() == 2  # nothing is written yet
    confirm(client, address, judged, send="on")
    answer = round_.answers.get(typed_by=ann)
    assert (answer.state, answer.done, answer.text) == ("submitted", "partly", "The draft is in parliament.")
    figures = {str(one.indicator): one for one in answer.figures.all()}
    assert (figures["Laws"].total, figures["People"].total, figures["Share"].total) == (2, 7, 75)
    assert [one.amount for one in answer.spending.all()] == [40]
    stored = StoredFile.objects.get(name="form.xlsx")
    assert stored.owner == round_.address


def test_what_was_changed_here_meanwhile_is_a_conflict_for_a_person(client, cast, ann, round_):
    client.force_login(ann)
    book = download(client, round_, cast.ministry)
    answer = round_.answers.get(entry__roles__institution=cast.ministry, entry__roles__kind="coordinator")
    rounds.save(by=ann, answer=answer, revision=answer.revision, done="under_way", text="Typed in the web.")
    typed(book, 0, 0, done="Under way", text="Typed in Excel.", needed="Staff")
    address, judged = preview(client, round_, saved(book))
    assert judged.counts == {"same": 1, "conflict": 1, "add": 1}
    confirm(client, address, judged)
    answer.refresh_from_db()
    assert (answer.text, answer.needed) == ("Typed in the web.", "Staff")
    address, judged = preview(client, round_, saved(book))
    (conflict,) = (one for row in judged.rows for one in row.changes if one.outcome == "conflict")
    confirm(client, address, judged, take=name_of(conflict.key))
    answer.refresh_from_db()
    assert answer.text == "Typed in Excel."


def test_an_old_preview_takes_nothing(client, cast, ann, round_):
    client.force_login(ann)
    book = typed(download(client, round_, cast.ministry), 0, 0, text="Typed in Excel.")
    address, judged = preview(client, round_, saved(book))
    answer = round_.answers.get(entry__roles__institution=cast.ministry, entry__roles__kind="coordinator")
    rounds.save(by=ann, answer=answer, revision=answer.revision, done="under_way", text="Typed in the web.")
    page = confirm(client, address, judged)
    assert "something else by now" in page.content.decode()
    answer.refresh_from_db()
    assert answer.text == "Typed in the web."


@pytest.mark.parametrize(
    ("sheet", "row", "cells", "code"),
    [
        (0, 0, {"done": "Nearly"}, "round-form-choice"),
        (0, 0, {"done": "Carried out in full", "ended": "soon"}, "round-form-day"),
        (1, 0, {"total": "about 5"}, "round-form-number"),
        (1, 0, {"total": "1,234"}, "round-form-number"),
    ],
)
def test_a_cell_that_cannot_be_read_is_refused_with_its_place(
    client, cast, ann, round_, sheet, row, cells, code
):
    client.force_login(ann)
    book = typed(download(client, round_, cast.ministry), sheet, row, **cells)
    address, judged = preview(client, round_, saved(book))
    (wrong,) = (one for line in judged.rows for one in line.changes if one.outcome == "refused")
    assert wrong.problem.code == code
    assert wrong.origin.row and wrong.origin.column
    marked = openpyxl.load_workbook(io.BytesIO(client.get(f"{address}marked.xlsx").content))
    comments = [
        cell.comment.text for row in marked.worksheets[sheet].iter_rows() for cell in row if cell.comment
    ]
    assert len(comments) == 1


@pytest.mark.parametrize(
    ("sheet", "row", "cells", "code"),
    [
        (1, 1, {"total": 9, "women": 3, "men": 4}, "women-men-total"),
        (1, 0, {"total": -1}, "figure-negative"),
        (1, 2, {"numerator": 1, "denominator": 0}, "denominator-not-positive"),
        (0, 0, {"done": "Under way", "ended": date(2026, 2, 1)}, "answer-ended-of-open"),
        (2, 0, {"spent": -5}, "figure-negative"),
    ],
)
def test_what_cannot_be_true_keeps_the_whole_measure_out(client, cast, ann, round_, sheet, row, cells, code):
    client.force_login(ann)
    book = typed(download(client, round_, cast.ministry), 0, 0, text="Something else that is right")
    typed(book, sheet, row, **cells)
    address, judged = preview(client, round_, saved(book))
    assert code in {one.code for line in judged.rows for one in line.problems}
    confirm(client, address, judged)
    assert not round_.answers.filter(typed_by=ann).exists()


def test_a_form_of_another_round_institution_or_hand_is_told_apart(
    client, cast, paula, ann, paul, police, round_
):
    client.force_login(paul)
    of_police = saved(download(client, round_, police))
    client.force_login(ann)
    answer = hand_in(client, round_, of_police)
    assert "for which you do not answer" in answer.content.decode()
    content = saved(download(client, round_, cast.ministry))
    round_.refresh_from_db()
    rounds.close(by=paula, one=round_, revision=round_.revision)
    later = rounds.open_round(
        by=paula, plan=round_.plan, start=date(2026, 4, 1), end=date(2026, 6, 30), due=date(2026, 7, 15)
    )
    assert "of another round" in hand_in(client, later, content).content.decode()
    assert not StoredFile.objects.exists()


def test_a_forged_hidden_sheet_is_refused(client, cast, ann, round_):
    client.force_login(ann)
    book = download(client, round_, cast.ministry)
    hidden = book["_milepost"]
    hidden.cell(2, 1).value = str(hidden.cell(2, 1).value).replace(round_.address, "round:999")
    assert "hidden sheet of the form was changed" in hand_in(client, round_, saved(book)).content.decode()


@pytest.mark.parametrize("content", [b"", b"no workbook", b"PK\x03\x04 broken"])
def test_what_is_no_workbook_is_refused(client, ann, round_, content):
    client.force_login(ann)
    answer = hand_in(client, round_, content)
    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert not StoredFile.objects.exists()


def test_rows_may_be_sorted_deleted_and_sheets_renamed(client, cast, ann, round_):
    client.force_login(ann)
    book = typed(download(client, round_, cast.ministry), 1, 1, women=5, men=5)
    page = book.worksheets[1]
    _columns, rows = places(page)
    page.delete_rows(min(rows.values()))
    page.title = "My figures"
    page.insert_cols(3)
    _address, judged = preview(client, round_, saved(book))
    assert judged.counts == {"add": 2}


def test_a_row_that_stands_twice_is_told(client, cast, ann, round_):
    client.force_login(ann)
    book = typed(download(client, round_, cast.ministry), 0, 0, text="First")
    page = book.worksheets[0]
    _columns, rows = places(page)
    (line,) = rows.values()
    for column in range(1, page.max_column + 1):
        page.cell(line + 1, column).value = page.cell(line, column).value
    _address, judged = preview(client, round_, saved(book))
    assert [one.code for one in judged.problems] == ["round-form-row-twice"]
    assert judged.counts == {"add": 1}


def test_a_sent_answer_takes_nothing_more(client, cast, ann, round_):
    client.force_login(ann)
    book = typed(download(client, round_, cast.ministry), 0, 0, done="Under way", text="In Excel")
    answer = round_.answers.get(entry__roles__institution=cast.ministry, entry__roles__kind="coordinator")
    rounds.save(by=ann, answer=answer, revision=answer.revision, done="under_way", text="In the web")
    rounds.submit(by=ann, answer=answer, revision=answer.revision)
    _address, judged = preview(client, round_, saved(book))
    assert set(judged.counts) == {"refused"}
    assert {one.problem.code for row in judged.rows for one in row.changes} == {"round-form-cell-closed"}


def test_what_lacks_something_is_written_but_not_sent(client, cast, ann, round_):
    client.force_login(ann)
    book = typed(download(client, round_, cast.ministry), 0, 0, done="Cannot be done")
    address, judged = preview(client, round_, saved(book))
    page = confirm(client, address, judged, send="on").content.decode()
    answer = round_.answers.get(typed_by=ann)
    assert (answer.state, answer.done) == ("draft", "cannot")
    assert "Not sent, because something is missing" in page


def test_a_form_is_withdrawn_and_nobody_else_sees_it(client, cast, ann, paula, round_):
    client.force_login(ann)
    book = typed(download(client, round_, cast.ministry), 0, 0, text="In Excel")
    address, _judged = preview(client, round_, saved(book))
    client.force_login(paula)
    assert client.get(address).status_code == 404
    client.force_login(ann)
    assert client.post(f"{address}withdraw/").status_code == 302
    assert not StoredFile.objects.exists()
