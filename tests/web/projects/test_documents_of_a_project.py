"""The fact sheet, and reports: drafted from the data, approved by another person, kept as they were."""

import io
import re
from datetime import date, timedelta
from decimal import Decimal

import docx
import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from milepost.errors import MilepostError
from milepost.reports import document
from milepost.values import Figure
from milepost.web.files.queries import open_file
from milepost.web.projects.actions import lifecycle, register, reporting, workplan
from milepost.web.projects.actions import reports as actions
from milepost.web.projects.models import ReportVersion
from milepost.web.projects.queries import breakdowns, documents, reports, standing
from milepost.web.projects.queries.lifecycle import due
from milepost.web.projects.queries.matrix import matrix as read
from milepost.web.ui.revisions import Stale

pytestmark = pytest.mark.django_db


def words(shown):
    """Everything that a document says, as one text."""
    return " ".join(re.sub(r"<[^>]+>", " ", str(shown)).split())


@pytest.fixture
def approved(mary, fred, trained, active):
    """Twelve persons trained, approved, of a target of 40; seven of them women."""
    figures = [Figure(Decimal(12)), Figure(Decimal(7), breakdown=(("sex", "F"),))]
    actual = reporting.report(by=mary, indicator=trained, period=active.periods.first(), figures=figures)
    actual = reporting.submit(by=mary, actual=actual, revision=actual.revision)
    reporting.approve(by=fred, actual=actual, revision=actual.revision)
    register.set_budget_line(
        by=mary, project=active, kind="staff", title={"en": "Trainers"}, amount=Decimal(30000)
    )
    return active


@pytest.fixture
def draft(mary, approved):
    """An interim report on the first half-year."""
    return begun(mary, approved)


def begun(by, project, **more):
    which = {"kind": "interim", "part": "all", "language": "en"}
    return actions.begin(
        by=by, project=project, start=date(2025, 1, 1), end=date(2025, 6, 30), **(which | more)
    )


def complete(mary, report):
    """The report with every part written."""
    parts = {part: f"Words on {part}." for part in reports.parts(report)}
    return actions.write(by=mary, report=report, words=parts, revision=report.revision)


def kept(mary, fred, report):
    """The version that is approved."""
    report = complete(mary, report)
    report = actions.submit(by=mary, report=report, revision=report.revision)
    return actions.approve(by=fred, report=report, revision=report.revision)


# The fact sheet ---------------------------------------------------------------------------------------------


def test_page_fact_sheet_word_file_and_matrix_show_the_same_figures(client, mary, approved, trained):
    """What was reached, the way to the target, money by purpose: one number each."""
    client.force_login(mary)
    page = words(client.get(reverse("results", args=[approved.pk])).content.decode())
    record = words(client.get(reverse("project", args=[approved.pk])).content.decode())
    sheet = words(client.get(reverse("fact-sheet", args=[approved.pk])).content.decode())
    word = docx.Document(
        io.BytesIO(client.get(reverse("fact-sheet-file", args=[approved.pk, "docx"])).content)
    )
    cells = [cell.text for table in word.tables for row in table.rows for cell in row.cells]
    now = standing.of(read(approved), trained, today=timezone.localdate())
    assert (now.actual, now.verdict.percent) == ("12", Decimal("30.0"))
    assert "30.0 %" in page
    assert "12" in page.split()
    assert "30.0%" in sheet
    assert "30.0% of the way to the end target" in " ".join(cells)
    assert {"12", "40"} <= set(cells)
    assert "30,000" in record
    assert "30,000 USD (30.0%)" in sheet


def test_the_fact_sheet_is_made_in_every_form(client, mary, approved):
    """One page of PDF, a Word file, a web page; nothing else."""
    client.force_login(mary)
    starts = {"pdf": b"%PDF", "docx": b"PK", "html": b"<!doctype html"}
    for ending, start in starts.items():
        answer = client.get(reverse("fact-sheet-file", args=[approved.pk, ending]))
        assert answer.content[: len(start)].lower() == start.lower()
        assert "attachment" in answer["Content-Disposition"]
    assert client.get(f"/en/projects/{approved.pk}/fact-sheet.odt").status_code == 404


def test_a_figure_of_the_fact_sheet_leads_to_its_indicator(client, mary, approved, trained):
    """And in the file for taking away by its whole address."""
    client.force_login(mary)
    sheet = client.get(reverse("fact-sheet", args=[approved.pk])).content.decode()
    assert f'<a class="figure" href="{trained.get_absolute_url()}">12</a>' in sheet
    taken = client.get(reverse("fact-sheet-file", args=[approved.pk, "html"])).content.decode()
    assert f'href="http://testserver{trained.get_absolute_url()}"' in taken


def test_the_fact_sheet_holds_approved_figures_only(client, mary, approved, trained):
    """A draft of the second half-year changes nothing."""
    period = approved.periods.last()
    reporting.report(by=mary, indicator=trained, period=period, figures=[Figure(Decimal(9000))])
    client.force_login(mary)
    assert "9,0" not in words(client.get(reverse("fact-sheet", args=[approved.pk])).content.decode())


def test_the_fact_sheet_of_a_hidden_project_is_hidden(client, cast, fred, mary, zoe, approved):
    """For the public and for those abroad; a public one is for everybody, without names of staff."""
    addresses = [
        reverse("fact-sheet", args=[approved.pk]),
        reverse("fact-sheet-file", args=[approved.pk, "html"]),
    ]
    for address in addresses:
        assert client.get(address).status_code == 404
    client.force_login(zoe)
    assert client.get(addresses[0]).status_code == 404
    client.logout()
    lifecycle.publish(by=fred, project=approved, revision=approved.revision)
    for address in addresses:
        shown = client.get(address)
        assert shown.status_code == 200
        assert str(mary) not in shown.content.decode()


def test_the_fact_sheet_speaks_the_readers_language(approved):
    """Labels, numbers and the title."""
    with override("ru"):
        sheet = words(documents.article(documents.fact_sheet(approved)))
    assert "Справедливый найм" in sheet
    assert "30,0 % пути до итоговой цели" in sheet
    for english in ("State", "Budget", "of the way to", "Start"):
        assert english not in sheet.split()


# Reports ----------------------------------------------------------------------------------------------------


def test_a_draft_is_written_from_the_data_and_says_what_is_missing(client, mary, draft):
    """Live figures, and "Not written yet" where nobody wrote."""
    client.force_login(mary)
    shown = words(client.get(draft.get_absolute_url()).content.decode())
    assert "Persons trained" in shown
    assert breakdowns.category("sex", "F") in shown
    assert "Not written yet" in shown
    assert "Trainers" in shown


def test_what_was_reported_later_stays_out(mary, fred, trained, approved, draft):
    """The report ends in June; December's figure is not in it."""
    actual = reporting.report(
        by=mary, indicator=trained, period=approved.periods.last(), figures=[Figure(Decimal(20))]
    )
    actual = reporting.submit(by=mary, actual=actual, revision=actual.revision)
    reporting.approve(by=fred, actual=actual, revision=actual.revision)
    found = {one.breakdown: one.actual for one in documents._content(draft).achieved}
    assert found[()].value == Decimal(12)


def test_money_spent_later_stays_out(mary, draft):
    """The lines are those of the budget; what was spent in July is not in a report to June."""
    line = draft.project.budget_lines.get()
    for day, amount in ((date(2025, 3, 1), 6000), (date(2025, 7, 1), 5000)):
        workplan.spend(by=mary, line=line, day=day, amount=Decimal(amount))
    spending = documents._content(draft).spending
    assert (spending.total.spent, spending.lines[0].percent) == (Decimal(6000), Decimal(20))


def test_what_was_done_later_stays_out(mary, draft):
    """A task that began in June and ended in July is begun in a report to June."""
    task = workplan.add_task(
        by=mary, project=draft.project, title={"en": "Train"}, start=date(2025, 6, 1), end=date(2025, 7, 15)
    )
    task.actual_start, task.actual_end = date(2025, 6, 2), date(2025, 7, 10)
    task.save()
    with override("en"):
        [step] = documents._content(draft).workplan
    assert (step.actual, step.status) == ((date(2025, 6, 2), None), "Begun")


def test_a_draft_says_that_it_is_one(mary, fred, draft):
    """The approved version does not."""
    assert "not approved yet" in words(documents.article(documents.report(draft)))
    assert "not approved yet" not in kept(mary, fred, draft).article


def test_every_missing_part_is_named(mary, draft):
    """All at once, and nothing is submitted."""
    report = actions.write(by=mary, report=draft, words={"summary": "It goes well."}, revision=draft.revision)
    with pytest.raises(MilepostError) as error:
        actions.submit(by=mary, report=report, revision=report.revision)
    [problem] = error.value.problems
    assert problem.code == "report-parts-missing"
    for title in ("Progress towards outcome 1: Agencies follow", "Lessons", "Next steps"):
        assert title in problem.details["what"]
    assert "Summary" not in problem.details["what"]
    report.refresh_from_db()
    assert report.state == "draft"


def test_a_financial_report_is_of_money_and_a_narrative_one_is_not(mary, approved):
    """Each part has the chapters that belong to it."""
    of = {
        part: [
            document.plain(block.words)
            for block in documents.report(begun(mary, approved, part=part)).blocks
            if isinstance(block, document.Heading) and block.level == 1
        ]
        for part in ("narrative", "financial")
    }
    assert "Budget and expenditure" not in of["narrative"]
    assert "Narrative" in of["narrative"]
    assert "Budget and expenditure" in of["financial"]
    assert not {"Narrative", "Risks", "Workplan and people"} & set(of["financial"])


def test_what_is_approved_does_not_change_any_more(client, mary, fred, trained, approved, draft):
    """New titles and figures change neither the files nor the page; the hash is that of the content."""
    version = kept(mary, fred, draft)
    before = {name: open_file(getattr(version, name)).read() for name in documents.KINDS}
    article = version.article
    approved.title = {"en": "Another title"}
    approved.save()
    client.force_login(mary)
    shown = client.get(draft.get_absolute_url()).content.decode()
    assert article in shown
    assert "Another title" not in article
    for name, content in before.items():
        answer = client.get(reverse("project-report-file", args=[draft.pk, name]))
        assert b"".join(answer.streaming_content) == content
    assert version.pdf.owner == draft.address


def test_a_report_that_is_opened_again_gets_a_second_version(mary, fred, draft):
    """The first stays, with when and to whom it was sent."""
    version = kept(mary, fred, draft)
    draft.refresh_from_db()
    today = timezone.localdate()
    actions.send(
        by=mary, report=draft, revision=draft.revision, sent_on=today, recipient="Fund management unit"
    )
    assert draft.state == "sent"
    with pytest.raises(MilepostError) as error:
        actions.reopen(by=fred, report=draft, revision=draft.revision, reason=" ")
    assert error.value.problems[0].code == "reason-missing"
    actions.reopen(by=fred, report=draft, revision=draft.revision, reason="A figure was corrected")
    second = kept(mary, fred, draft)
    version.refresh_from_db()
    assert (version.number, version.recipient, second.number) == (1, "Fund management unit", 2)
    assert ReportVersion.objects.filter(report=draft).count() == 2


def test_a_report_is_not_sent_before_it_was_approved(mary, fred, draft):
    """Neither yesterday nor tomorrow."""
    kept(mary, fred, draft)
    draft.refresh_from_db()
    for days in (-1, 1):
        day = timezone.localdate() + timedelta(days=days)
        with pytest.raises(MilepostError) as error:
            actions.send(by=mary, report=draft, revision=draft.revision, sent_on=day, recipient="Unit")
        assert error.value.problems[0].code == "sent-before-approved"


def test_nobody_approves_what_they_wrote(cast, mary, draft):
    """Not even with both roles."""
    from milepost.web.accounts.models import Grant

    Grant.objects.create(user=mary, role="fund-manager", scope=cast.ministry.address)
    report = complete(mary, draft)
    report = actions.submit(by=mary, report=report, revision=report.revision)
    with pytest.raises(PermissionDenied):
        actions.approve(by=mary, report=report, revision=report.revision)


def test_a_returned_report_says_why_and_is_written_again(mary, fred, draft):
    """While it is in review nobody writes."""
    report = complete(mary, draft)
    report = actions.submit(by=mary, report=report, revision=report.revision)
    with pytest.raises(MilepostError) as error:
        actions.write(by=mary, report=report, words={"summary": "x"}, revision=report.revision)
    assert error.value.problems[0].code == "no-such-step"
    report = actions.give_back(by=fred, report=report, revision=report.revision, reason="Say more on lessons")
    assert (report.state, report.reason) == ("returned", "Say more on lessons")
    complete(mary, report)


def test_two_who_write_at_once_lose_nothing(mary, draft):
    """The second is told."""
    seen = draft.revision
    actions.write(by=mary, report=draft, words={"summary": "One"}, revision=seen)
    with pytest.raises(Stale):
        actions.write(by=mary, report=draft, words={"summary": "Two"}, revision=seen)


def test_the_form_shows_both_where_two_wrote_at_once(client, mary, draft):
    """What was typed stays; what stands there now is shown beside it."""
    client.force_login(mary)
    address = reverse("project-report-edit", args=[draft.pk])
    seen = str(draft.revision)
    assert client.post(address, {"summary": "First words", "revision": seen}).status_code == 302
    shown = client.post(address, {"summary": "Second words", "revision": seen}).content.decode()
    assert "First words" in shown
    assert "Second words" in shown


def test_the_same_report_is_begun_once(mary, approved, draft):
    """Same kind, part, days and language."""
    with pytest.raises(MilepostError) as error:
        begun(mary, approved)
    assert error.value.problems[0].code == "report-known"
    assert begun(mary, approved, language="ru")


def test_reports_are_for_those_who_work_with_the_project(client, cast, mary, fred, zoe, draft):
    """Of a public project, too; strangers get a page that is not there, the anonymous the sign-in page."""
    version = kept(mary, fred, draft)
    project = draft.project
    lifecycle.publish(by=fred, project=project, revision=project.revision)
    addresses = [
        reverse("project-reports", args=[project.pk]),
        draft.get_absolute_url(),
        reverse("project-report-file", args=[draft.pk, "pdf"]),
        reverse("project-report-version", args=[version.pk, "pdf"]),
    ]
    for address in addresses:
        assert "/account/login/" in client.get(address)["Location"]
    for user, status in ((zoe, 404), (cast.charlie, 404), (mary, 200), (fred, 200)):
        client.force_login(user)
        assert {client.get(address).status_code for address in addresses} == {status}
    client.force_login(zoe)
    assert client.get(reverse("project-report-new", args=[project.pk])).status_code == 403


def test_from_a_form_to_what_was_sent(client, mary, fred, approved):
    """Every step by its page, in Russian, with the figures of the first half-year."""
    client.force_login(mary)
    period = approved.periods.first()
    with override("ru"):
        new = reverse("project-report-new", args=[approved.pk])
    typed = {"kind": "interim", "part": "all", "period": period.pk, "language": "ru"}
    assert client.post(new, typed).status_code == 302
    report = approved.reports.get()
    assert (report.start, report.end, report.language) == (period.start, period.end, "ru")
    with override("ru"):
        edit, page = reverse("project-report-edit", args=[report.pk]), report.get_absolute_url()
        step = {
            deed: reverse("project-report-step", args=[report.pk, deed])
            for deed in ("submit", "approve", "reopen")
        }
        send = reverse("project-report-send", args=[report.pk])
    typed = dict.fromkeys(reports.parts(report), "Слова об этом.") | {"revision": report.revision}
    client.post(edit, typed)
    client.post(step["submit"], {"revision": 2})
    client.force_login(fred)
    client.post(step["approve"], {"revision": 3})
    client.force_login(mary)
    client.post(
        send, {"revision": 4, "sent_on": timezone.localdate().isoformat(), "recipient": "Отдел фонда"}
    )
    report.refresh_from_db()
    assert (report.state, report.recipient) == ("sent", "Отдел фонда")
    shown = words(client.get(page).content.decode())
    assert "Слова об этом." in shown
    assert "Persons trained" in shown
    assert "пути до итоговой цели" in shown


# What is due ------------------------------------------------------------------------------------------------


def test_a_report_that_is_not_sent_is_due(mary, fred, draft):
    """Thirty days after its last day, or when it says; a sent one is not."""
    project, today = draft.project, timezone.localdate()

    def waiting():
        with override("en"):
            return [one.day for one in due(project, today) if "Interim" in one.what]

    assert waiting() == [date(2025, 7, 30)]
    kept(mary, fred, draft)
    draft.refresh_from_db()
    actions.send(by=mary, report=draft, revision=draft.revision, sent_on=today, recipient="Unit")
    assert not waiting()
