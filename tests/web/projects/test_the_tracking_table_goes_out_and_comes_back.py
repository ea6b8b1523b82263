"""The tracking table on its page, as a workbook, and back in by a dry run that a person confirms."""

import io
from datetime import timedelta
from decimal import Decimal

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings
from django.urls import reverse
from django.utils import timezone

from milepost.values import Figure
from milepost.web.audit.models import Event
from milepost.web.files.models import StoredFile
from milepost.web.projects.actions import matrix, reporting
from milepost.web.projects.actions import tracking as actions
from milepost.web.projects.models import Actual, Goal
from milepost.web.projects.queries import tracking as queries
from milepost.web.traces.models import Edge
from tests.web.projects.tables import FIRST, SECOND, confirm, fill, kinds, send, workbook

pytestmark = pytest.mark.django_db


@pytest.fixture
def share(mary, trained):
    """An indicator that is a percentage."""
    return matrix.add_indicator(
        by=mary,
        result=trained.result,
        code="1.1.b",
        title={"en": "Share of inspectors trained"},
        unit="%",
        measure="percentage",
        over_time="ratio",
    )


def approved(mary, fred, indicator, number):
    """A report of the first period that counts."""
    period = indicator.result.project.periods.first()
    actual = reporting.report(
        by=mary, indicator=indicator, period=period, figures=[Figure(Decimal(number))], comment="Lists"
    )
    actual = reporting.submit(by=mary, actual=actual, revision=actual.revision)
    return reporting.approve(by=fred, actual=actual, revision=actual.revision)


def test_the_public_sees_approved_figures_only(client, cast, mary, fred, active, trained):
    """A draft is not there, even when it is asked for; who works with the project may see it, marked."""
    period = active.periods.first()
    reporting.report(by=mary, indicator=trained, period=period, figures=[Figure(Decimal(1777))])
    type(active).objects.filter(pk=active.pk).update(public=True)
    address = reverse("tracking", args=[active.pk])
    assert "1,777" not in client.get(address, {"drafts": "1"}).content.decode()
    client.force_login(mary)
    assert "1,777" not in client.get(address).content.decode()
    shown = client.get(address, {"drafts": "1"}).content.decode()
    assert "1,777" in shown
    assert "Draft" in shown


def test_figures_lead_home_and_no_name_goes_out(client, mary, fred, active, trained):
    """The mark of each figure names its report; the public workbook names nobody."""
    actual = approved(mary, fred, trained, 12)
    type(active).objects.filter(pk=active.pk).update(public=True)
    shown = client.get(reverse("tracking", args=[active.pk])).content.decode()
    assert f"/trace/actual:{actual.pk}/" in shown
    assert f"/trace/result-indicator:{trained.pk}/" in shown
    words = [
        str(cell.value)
        for sheet in workbook(client, active).worksheets
        for row in sheet.iter_rows()
        for cell in row
    ]
    assert not any(name in word for word in words for name in (str(mary), str(fred), "Lists"))


def test_a_hidden_project_is_not_found(client, cast, zoe, active):
    """Abroad nobody knows of it; without account one is asked to sign in to send."""
    client.force_login(zoe)
    for name in ("tracking", "tracking-file", "tracking-upload"):
        assert client.get(reverse(name, args=[active.pk])).status_code == 404
    client.logout()
    assert client.get(reverse("tracking-upload", args=[active.pk])).status_code == 302


def test_three_cells_are_taken_in(client, mary, active, trained, share):
    """A target with its reason, an actual and a percentage; nothing before the person says so."""
    client.force_login(mary)
    book = workbook(client, active)
    row = str(trained.pk)
    fill(book, row, "whole|target", 50)
    fill(book, row, "row|reason", "More inspectors were hired")
    fill(book, row, f"{FIRST}|actual", 12)
    fill(book, str(share.pk), f"{FIRST}|numerator", 30)
    fill(book, str(share.pk), f"{FIRST}|denominator", 120)
    answer = send(client, active, book)
    assert set(kinds(answer).values()) == {"add", "change"}
    assert not Actual.objects.exists()
    done = confirm(client, answer, send="on")
    assert done.status_code == 200
    goal = Goal.objects.get(indicator=trained, kind="end", current=True)
    assert (goal.value, goal.version, goal.reason) == (50, 2, "More inspectors were hired")
    number, percentage = Actual.objects.order_by("indicator")
    assert {number.state, percentage.state} == {"submitted"}
    assert (number.cells.get().value, percentage.cells.get().value) == (12, 25)
    stored = StoredFile.objects.get()
    assert stored.owner == active.address
    assert Edge.objects.filter(source=number.address, relation="rests_on", target=stored.address).exists()
    assert "12" in done.content.decode()


def test_an_unchanged_table_changes_nothing(client, mary, active, trained):
    """And says so; withdrawing takes the file away."""
    client.force_login(mary)
    answer = send(client, active, workbook(client, active))
    assert "Nothing would change." in answer.content.decode()
    [stored] = StoredFile.objects.all()
    client.post(reverse("tracking-withdraw", args=[active.pk, stored.pk]))
    assert not StoredFile.objects.exists()


def test_what_others_changed_meanwhile_is_a_conflict(client, mary, fred, active, trained):
    """Before the upload it is a conflict; after the dry run the person is asked again."""
    client.force_login(mary)
    book = workbook(client, active)
    fill(book, str(trained.pk), f"{FIRST}|actual", 12)
    answer = send(client, active, book)
    period = active.periods.first()
    reporting.report(by=mary, indicator=trained, period=period, figures=[Figure(Decimal(7))])
    again = confirm(client, answer)
    assert kinds(again) == {(str(trained.pk), f"{FIRST}|actual"): "conflict"}
    [one] = again.context["changes"]
    assert (one.change.here, one.change.typed) == ("7", "12")
    assert Actual.objects.get().cells.get().value == 7


def clashing(client, mary, active, trained):
    """A dry run in which 12 is typed where 7 was reported meanwhile."""
    client.force_login(mary)
    book = workbook(client, active)
    fill(book, str(trained.pk), f"{FIRST}|actual", 12)
    period = active.periods.first()
    reporting.report(by=mary, indicator=trained, period=period, figures=[Figure(Decimal(7))])
    return send(client, active, book)


@pytest.mark.parametrize(("every", "kind", "number"), [("take", "change", 12), ("keep", "kept", 7)])
def test_a_conflict_is_decided_on_the_page(client, mary, active, trained, every, kind, number):
    """For all at once; nothing is written before it is confirmed."""
    answer = clashing(client, mary, active, trained)
    [one] = answer.context["to_decide"]
    assert [choice.words for choice in one.choices] == [
        "Keep what stands here: 7",
        "Take what the file says in row 9: 12",
    ]
    assert not any(choice.chosen for choice in one.choices)
    looked = client.post(answer.request["PATH_INFO"], {"every": every})
    assert list(kinds(looked).values()) == [kind]
    assert Actual.objects.get().cells.get().value == 7
    assert confirm(client, looked).status_code == 200
    assert Actual.objects.get().cells.get().value == number


def test_a_decision_is_looked_at_before_it_counts(client, mary, active, trained):
    """Who decides and confirms at once sees first what the decision changes."""
    answer = clashing(client, mary, active, trained)
    [one] = answer.context["to_decide"]
    again = confirm(client, answer, **{one.name: one.choices[1].value})
    assert "You have decided otherwise since" in again.content.decode()
    assert list(kinds(again).values()) == ["change"]
    assert Actual.objects.get().cells.get().value == 7
    confirm(client, again)
    assert Actual.objects.get().cells.get().value == 12
    event = Event.objects.get(verb="project.tracking-taken")
    said = "1.1.a Persons trained: Actual, 2025-01-01 – 2025-06-30"
    assert event.details["decided"] == {"taken": [said]}


def test_what_changes_again_after_the_decision_is_asked_again(client, mary, active, trained):
    """The other person was quicker twice."""
    answer = clashing(client, mary, active, trained)
    looked = client.post(answer.request["PATH_INFO"], {"every": "take"})
    actual = Actual.objects.get()
    reporting.report(
        by=mary,
        indicator=trained,
        period=active.periods.first(),
        figures=[Figure(Decimal(8))],
        revision=actual.revision,
    )
    again = confirm(client, looked)
    assert "Another person changed this meanwhile" in again.content.decode()
    assert Actual.objects.get().cells.get().value == 8


def test_a_row_that_stands_twice_is_decided_by_line(client, mary, active, trained):
    """All at once does not help there: each line is a choice of its own."""
    client.force_login(mary)
    book = workbook(client, active)
    sheet = book.worksheets[0]
    fill(book, str(trained.pk), f"{FIRST}|actual", 12)
    columns = {cell.value: cell.column for cell in sheet[5]}
    line = next(row[0].row for row in sheet.iter_rows(min_row=6) if row[0].value == str(trained.pk))
    end = sheet.max_row + 1
    for cell in list(sheet[line]):
        sheet.cell(end, cell.column).value = cell.value
    sheet.cell(end, columns[f"{FIRST}|actual"]).value = 13
    answer = send(client, active, book)
    [one] = answer.context["to_decide"]
    assert [choice.value for choice in one.choices] == [0, line, end]
    assert "Take these changes in" not in answer.content.decode()
    looked = client.post(answer.request["PATH_INFO"], {"every": "take"})
    assert set(kinds(looked).values()) == {"conflict"}
    looked = client.post(answer.request["PATH_INFO"], {"look": "1", one.name: str(end)})
    confirm(client, looked)
    assert Actual.objects.get().cells.get().value == 13


@pytest.mark.parametrize(
    "name", ["decide:", "decide:x:y:z", "decide:1:2025-01-01:actual", "decide:1::target"]
)
def test_forged_decisions_change_nothing(client, mary, active, trained, name):
    """They name no figure in conflict."""
    answer = clashing(client, mary, active, trained)
    looked = client.post(answer.request["PATH_INFO"], {"look": "1", name: "9"})
    assert list(kinds(looked).values()) == ["conflict"]


def test_a_file_that_cannot_be_read_any_more_says_so_and_is_no_crash(client, mary, active, trained):
    """The key of the installation was changed since: page and marked copy lead back, with the fault."""
    answer = clashing(client, mary, active, trained)
    with override_settings(SECRET_KEY="another key of this installation, long enough to be one"):
        client.force_login(mary)
        for more in ("", "marked.xlsx"):
            back = client.get(answer.request["PATH_INFO"] + more, follow=True)
            assert back.redirect_chain[-1][0] == reverse("tracking", args=[active.pk])
            assert "hidden sheet of the tracking table was changed" in back.content.decode()


def test_the_page_and_the_workbook_have_the_same_columns(client, mary, active, trained, share):
    """But for the two that nobody sees in the workbook; on paper no column is left out or stands twice."""
    client.force_login(mary)
    book = workbook(client, active)
    seen = [cell.value for cell in book.worksheets[0][4]][len(queries.HIDDEN) :]
    shown = client.get(reverse("tracking", args=[active.pk])).context["table"]
    assert [*shown.heading, *(head.words for head in shown.whole.heads)] == seen
    assert sorted(head.words for part in shown.printed for head in part.heads) == sorted(seen[2:])
    assert all(len(part.heads) <= queries.PRINTED for part in shown.printed)
    assert all(len(line.cells) == len(part.heads) for part in shown.printed for line in part.lines)


def test_the_reason_of_a_target_and_comments_are_for_those_who_work_with_it(client, mary, active, trained):
    """They stand in their own columns; the public sees neither."""
    matrix.set_goal(
        by=mary, indicator=trained, kind="end", figure=Figure(Decimal(50)), reason="More came", seen=1
    )
    period = active.periods.first()
    reporting.report(
        by=mary, indicator=trained, period=period, figures=[Figure(Decimal(12))], comment="From lists"
    )
    type(active).objects.filter(pk=active.pk).update(public=True)
    address = reverse("tracking", args=[active.pk])
    assert "More came" not in client.get(address).content.decode()
    client.force_login(mary)
    shown = client.get(address, {"drafts": "1"}).content.decode()
    assert "More came" in shown
    assert "From lists" in shown


def test_a_locked_period_and_an_approved_report_stay(client, mary, fred, active, trained):
    """Each says why; the marked copy can be had."""
    actual = approved(mary, fred, trained, 12)
    second = active.periods.last()
    matrix.lock_period(by=fred, period=second, locked=True, reason="", revision=second.revision)
    client.force_login(mary)
    book = workbook(client, active)
    row = str(trained.pk)
    fill(book, row, f"{FIRST}|actual", 13)
    fill(book, row, f"{SECOND}|target", 20)
    answer = send(client, active, book)
    codes = {one.change.problem.code for one in answer.context["changes"]}
    assert codes == {"tracking-report-closed", "tracking-locked-period"}
    assert "Take these changes in" not in answer.content.decode()
    marked = client.get(answer.request["PATH_INFO"] + "marked.xlsx")
    assert openpyxl.load_workbook(io.BytesIO(marked.content)).worksheets
    actual.refresh_from_db()
    assert actual.state == "approved"


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("whole|target", None, "tracking-target-stays"),
        ("whole|target", 50, "tracking-no-reason"),
        (f"{FIRST}|actual", "1e25", "tracking-number-too-long"),
        (f"{FIRST}|actual", "about ten", "tracking-not-a-number"),
    ],
)
def test_a_cell_that_cannot_be_kept_is_refused(client, mary, active, trained, column, value, code):
    """With its place and what to do."""
    client.force_login(mary)
    book = workbook(client, active)
    fill(book, str(trained.pk), column, value)
    if code == "tracking-target-stays":
        fill(book, str(trained.pk), "row|reason", "It was wrong")
    answer = send(client, active, book)
    [one] = answer.context["changes"]
    assert one.change.problem.code == code
    assert one.change.problem.origin.file == "table.xlsx"
    assert one.remedy


def test_a_percentage_without_denominator_is_refused(client, mary, active, trained, share):
    """Both numbers are one figure."""
    client.force_login(mary)
    book = workbook(client, active)
    fill(book, str(share.pk), f"{FIRST}|numerator", 30)
    [one] = send(client, active, book).context["changes"]
    assert (one.change.kind, one.change.problem.code) == ("refused", "tracking-percentage-parts")


def test_who_only_reports_cannot_set_targets(client, cast, mary, fred, active, trained):
    """Nor the other way round; and who does neither cannot send a table in."""
    client.force_login(mary)
    book = workbook(client, active)
    row = str(trained.pk)
    fill(book, row, "whole|target", 50)
    fill(book, row, "row|reason", "More inspectors")
    fill(book, row, f"{FIRST}|actual", 12)
    send(client, active, book)
    judged = queries.judge(mary, active, StoredFile.objects.get(), today=timezone.localdate())
    periods = {(period.start, period.end): period for period in judged.table.matrix.periods}
    rights = {"target": False, "actual": False}
    found = [queries.why_not(one, judged.table, periods, rights) for one in judged.run.updates]
    assert {why[0] for why in found if why} == {"tracking-no-right-target", "tracking-no-right-actual"}
    client.force_login(cast.bob)
    assert client.get(reverse("tracking-upload", args=[active.pk])).status_code in (403, 404)


def test_other_files_are_refused_and_not_kept(client, mary, active, proposal, trained):
    """No workbook, another project's workbook, one whose hidden sheet was altered."""
    client.force_login(mary)
    address = reverse("tracking-upload", args=[active.pk])
    answer = client.post(address, {"file": SimpleUploadedFile("table.xlsx", b"no workbook")})
    assert answer.context["form"].errors
    book = workbook(client, active)
    book["_milepost"]["B1"] = "0" * 64
    assert send(client, active, book).context["form"].errors
    assert not StoredFile.objects.exists()


def test_only_the_sender_confirms_and_a_day_is_enough(client, mary, fred, active, trained):
    """Another person does not find the file; what was left is taken away."""
    client.force_login(mary)
    book = workbook(client, active)
    fill(book, str(trained.pk), f"{FIRST}|actual", 12)
    answer = send(client, active, book)
    client.force_login(fred)
    assert client.get(answer.request["PATH_INFO"]).status_code in (403, 404)
    StoredFile.objects.update(at=timezone.now() - timedelta(days=2))
    assert actions.drop_left() == 1
    assert not StoredFile.objects.exists()
