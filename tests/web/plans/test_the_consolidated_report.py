"""A report is drafted from the accepted answers, edited, approved by another person, kept, published."""

import re
from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.test import Client

from milepost.errors import MilepostError
from milepost.interchange import excel
from milepost.reports import plan as written
from milepost.reports import plan_content
from milepost.web.files.queries import open_file
from milepost.web.jobs import actions as jobs
from milepost.web.jobs import work
from milepost.web.jobs.models import Job
from milepost.web.notices.models import Notice
from milepost.web.plans.actions import measures, register, reports, rounds, versions
from milepost.web.plans.models import AnswerFigure, MeasureIndicator, PlanReport, ReportText
from milepost.web.plans.queries import report_content, standing
from milepost.web.plans.queries import reports as queries
from milepost.web.ui.revisions import Stale
from tests.cast import person
from tests.reports.documents import squeezed, words_of_page, words_of_pdf, words_of_word

HALF = {"start": date(2026, 1, 1), "end": date(2026, 6, 30)}
WORDS = "The law was drafted; three ministries agreed, and one asked for changes."
SHORT = "The law was drafted."


def codes(refused):
    return [problem.code for problem in refused.value.problems]


@pytest.fixture
def olga(cast):
    """A second plan coordinator of the institution in the lead."""
    return person("olga", ("plan-coordinator", cast.ministry.address), works_for=cast.ministry)


@pytest.fixture
def public(paula, policy, in_force):
    return register.show_policy(by=paula, policy=policy, revision=policy.revision, public=True)


@pytest.fixture
def closed(cast, paula, in_force):
    """The round of the half-year: the ministry's answer is accepted; nobody reports on the second measure."""
    one = rounds.open_round(by=paula, plan=in_force.plan, due=date(2026, 7, 15), **HALF)
    answer = one.answers.get(entry__code="1.1")
    said = {"done": "partly", "text": WORDS, "obstacles": "No quorum", "needed": "Two sessions"}
    rounds.save(by=cast.frank, answer=answer, revision=answer.revision, **said)
    upload = ContentFile(b"%PDF-1.7 minutes", name="minutes.pdf")
    rounds.attach(by=cast.frank, answer=answer, upload=upload, name="minutes-of-frank.pdf")
    rounds.submit(by=cast.frank, answer=answer, revision=answer.revision)
    rounds.accept(by=paula, answer=answer, revision=answer.revision)
    rounds.close(by=paula, one=one, revision=one.revision)
    return one


@pytest.fixture
def report(paula, closed):
    return reports.begin(by=paula, plan=closed.plan, **HALF)


@pytest.fixture
def answer(closed):
    return closed.answers.get(entry__code="1.1")


def approved(report, paula, olga):
    reports.submit(by=paula, report=report, revision=report.revision)
    digest = report_content.digest(report_content.draft(report))
    return reports.approve(by=olga, report=report, revision=report.revision, digest=digest)


def published(report, paula, olga):
    approved(report, paula, olga)
    return reports.publish(by=olga, report=report, revision=report.revision)


def returned_and_changed(answer, cast, paula, words):
    """The lead returns an accepted answer; the ministry sends another text, and it is accepted."""
    answer.refresh_from_db()
    rounds.give_back(by=paula, answer=answer, revision=answer.revision, question="And then?")
    rounds.save(by=cast.frank, answer=answer, revision=answer.revision, done="partly", text=words)
    rounds.submit(by=cast.frank, answer=answer, revision=answer.revision)
    rounds.accept(by=paula, answer=answer, revision=answer.revision)


# What it says -----------------------------------------------------------------------------------------------


def test_it_is_drafted_from_the_accepted_answers(report):
    content = report_content.draft(report)
    first, second = content.lines
    assert (first.light, first.done, first.text.words) == ("on_track", "partly", WORDS)
    assert (first.obstacles.words, first.needed.words) == ("No quorum", "Two sessions")
    assert first.evidence == ("minutes-of-frank.pdf",)
    assert (second.light, second.institutions, second.until) == ("not_due", (), None)
    assert plan_content.lights(content)["on_track"] == 1
    assert (content.rounds[0].asked, content.rounds[0].accepted) == (2, 1)


def test_its_rate_is_the_one_of_the_plan_and_as_calculated_by_hand(cast, paula, report, answer):
    returned_and_changed(answer, cast, paula, "Adopted")
    answer.refresh_from_db()
    rounds.give_back(by=paula, answer=answer, revision=answer.revision, question="On which day?")
    said = {"done": "fully", "text": "Adopted", "ended": date(2026, 6, 1)}
    rounds.save(by=cast.frank, answer=answer, revision=answer.revision, **said)
    rounds.submit(by=cast.frank, answer=answer, revision=answer.revision)
    rate = report_content.draft(report).rates[0]
    # due by 31 December 2026 in the version of 1 January: 1.1 alone; it is sent and not accepted yet
    assert (rate.reported.full, rate.reported.due, rate.reported.value) == (1, 1, Decimal(100))
    assert (rate.verified.full, rate.verified.due, rate.verified.value) == (0, 1, Decimal(0))
    assert rate.sentences[0]["en"] == standing.rate(report.plan, 2026).sentences[0]
    assert "100" in rate.sentences[0]["ru"]


def test_answers_after_the_period_do_not_count(cast, paula, report):
    later = rounds.open_round(
        by=paula, plan=report.plan, start=date(2026, 7, 1), end=date(2026, 9, 30), due=date(2026, 10, 15)
    )
    answer = later.answers.get(entry__code="1.1")
    rounds.save(by=cast.frank, answer=answer, revision=answer.revision, done="fully", text="Adopted")
    rounds.submit(by=cast.frank, answer=answer, revision=answer.revision)
    rounds.accept(by=paula, answer=answer, revision=answer.revision)
    content = report_content.draft(report)
    assert content.lines[0].done == "partly"
    assert content.rates[0].reported.full == 0


def test_what_is_not_accepted_is_counted_as_reported_and_never_printed(cast, paula, report, answer):
    rounds.give_back(by=paula, answer=answer, revision=answer.revision, question="When?")
    said = {"done": "fully", "text": "A secret of the ministry"}
    rounds.save(by=cast.frank, answer=answer, revision=answer.revision, **said)
    rounds.submit(by=cast.frank, answer=answer, revision=answer.revision)
    content = report_content.draft(report)
    assert (content.lines[0].light, content.lines[0].reported) == ("no_answer", "done")
    assert "secret" not in words_of_page(report_content.as_file(content, "html", "en"))


def test_an_amendment_of_the_period_is_told_with_what_slipped(paula, report):
    draft = versions.begin(by=paula, plan=report.plan)
    entry = draft.entries.get(code="1.1")
    days = {"first_day": None, "last_day": None, "repeated": ""}
    measures.save(by=paula, entry=entry, revision=entry.revision, deadline="Q3 2026", **days)
    draft.refresh_from_db()
    versions.put_in_force(
        by=paula,
        version=draft,
        revision=draft.revision,
        act={"en": "Resolution 87"},
        act_number="87",
        adopted=None,
        since=date(2026, 5, 1),
        reason={"en": "Parliament took longer"},
    )
    content = report_content.draft(report)
    assert [(one.number, one.changed) for one in content.amendments] == [(2, 1)]
    assert [(one.before, one.after, one.days) for one in content.slips] == [
        (date(2026, 6, 30), date(2026, 9, 30), 92)
    ]


def test_who_has_not_answered_is_told_only_where_the_lead_decides_so(cast, paula, report, answer):
    rounds.give_back(by=paula, answer=answer, revision=answer.revision, question="When?")
    content = report_content.draft(report)
    assert content.silent is None
    assert "no part of this report" in words_of_page(report_content.as_file(content, "html", "en"))
    assert [name["en"] for name in report_content.silent(report)] == ["Ministry of Labour of Sandoria"]
    reports.write(by=paula, report=report, revision=report.revision, sections={}, silent_shown=True)
    content = report_content.draft(report)
    assert [name["en"] for name in content.silent or ()] == ["Ministry of Labour of Sandoria"]
    assert "Not all answers were sent by" in words_of_page(report_content.as_file(content, "html", "en"))


# The same figures everywhere --------------------------------------------------------------------------------


def test_figures_agree_in_every_output(report, paula, olga, public, client, tmp_path):
    version = published(report, paula, olga)
    content = report_content.of_version(version)
    counts = plan_content.lights(content)
    made = {one.ending: one.file for one in version.files.filter(language="en").select_related("file")}
    held = {}
    for ending, file in made.items():
        with open_file(file) as stream:
            held[ending] = stream.read()
    page = words_of_page(held["html"])
    texts = [page, words_of_word(held["docx"]), words_of_pdf(held["pdf"], tmp_path)]
    total = sum(counts.values())
    for text in map(squeezed, texts):
        assert squeezed(written.answer(content, "en")) in text
        assert f"Ontrack{counts['on_track']}" in text
        assert re.search(rf"Allmeasures{total}(\[1\])?100%{total}", text)
    path = tmp_path / "annex.xlsx"
    path.write_bytes(held["xlsx"])
    sheets = {one.name: one.rows for one in excel.look(path).sheets}
    rows = {row[0]: row for row in sheets["How it stands"]}
    assert [rows[written.light_in_words(light, "en")][1] for light in counts] == [
        str(count) for count in counts.values()
    ]
    assert sheets["Implementation rate"][-1][:3] == ("2026", "1", "0")
    shown = words_of_page(client.get(f"/en/policies/plans/{report.plan_id}/results/").content)
    assert written.answer(content, "en") in shown
    assert f"Ontrack{counts['on_track']}" in squeezed(shown)


def test_the_documents_are_in_both_languages(report):
    content = report_content.draft(report)
    page = words_of_page(report_content.as_file(content, "html", "ru"))
    assert "Сводный отчёт" in page
    assert "Принять закон" in page


# The lead's texts -------------------------------------------------------------------------------------------


def test_the_lead_edits_a_text_and_both_are_kept(report, paula, answer):
    made = reports.edit_text(by=paula, report=report, answer=answer, part="text", words=SHORT)
    assert made is not None
    assert (made.own, made.words, made.by) == (WORDS, SHORT, paula)
    line = report_content.draft(report).lines[0]
    assert (line.text.words, line.text.own) == (SHORT, WORDS)
    answer.refresh_from_db()
    assert answer.text == WORDS
    page = words_of_page(report_content.as_file(report_content.draft(report), "html", "en"))
    assert f"{SHORT} †" in page
    assert WORDS not in page
    public = plan_content.for_public(report_content.draft(report))
    assert WORDS not in str(public)
    assert "minutes-of-frank" not in str(public)


def test_a_text_that_its_institution_changed_is_flagged_and_keeps_the_report_back(
    cast, report, paula, answer
):
    made = reports.edit_text(by=paula, report=report, answer=answer, part="text", words=SHORT)
    returned_and_changed(answer, cast, paula, "The law was adopted.")
    assert [one.pk for one in queries.outdated(report)] == [answer.pk]
    assert [row.outdated for row in queries.texts(report)] == [True]
    with pytest.raises(MilepostError) as refused:
        reports.submit(by=paula, report=report, revision=report.revision)
    assert codes(refused) == ["plan-report-outdated"]
    reports.edit_text(
        by=paula, report=report, answer=answer, part="text", words="Adopted.", revision=made.revision
    )
    assert queries.outdated(report) == []
    reports.submit(by=paula, report=report, revision=report.revision)


def test_a_later_answer_is_printed_instead_of_an_edited_one(cast, paula, report, answer):
    reports.edit_text(by=paula, report=report, answer=answer, part="text", words=SHORT)
    days = {"start": date(2026, 7, 1), "end": date(2026, 9, 30), "due": date(2026, 10, 15)}
    later = rounds.open_round(by=paula, plan=report.plan, **days)
    following = later.answers.get(entry__code="1.1")
    rounds.save(by=cast.frank, answer=following, revision=following.revision, done="partly", text="Adopted")
    rounds.submit(by=cast.frank, answer=following, revision=following.revision)
    rounds.accept(by=paula, answer=following, revision=following.revision)
    PlanReport.objects.filter(pk=report.pk).update(end=date(2026, 9, 30))
    report.refresh_from_db()
    assert report_content.draft(report).lines[0].text.words == "Adopted"
    assert [(row.last, row.printed, row.outdated) for row in queries.texts(report)] == [
        (False, False, False),
        (True, True, False),
    ]
    assert queries.outdated(report) == []


def test_two_who_edit_one_text_do_not_overwrite_each_other(report, paula, olga, answer):
    reports.edit_text(by=paula, report=report, answer=answer, part="text", words=SHORT)
    with pytest.raises(Stale):
        reports.edit_text(by=olga, report=report, answer=answer, part="text", words="Drafted.")
    assert ReportText.objects.get().words == SHORT


def test_the_institutions_own_words_drop_the_edited_ones(report, paula, answer):
    made = reports.edit_text(by=paula, report=report, answer=answer, part="text", words=SHORT)
    typed = WORDS.replace("; ", ";\r\n").replace(";\r\n", "; ")
    reports.edit_text(
        by=paula, report=report, answer=answer, part="text", words=typed, revision=made.revision
    )
    assert report_content.draft(report).lines[0].text.own is None


def test_an_answer_that_is_not_accepted_is_not_edited(report, paula, answer):
    rounds.give_back(by=paula, answer=answer, revision=answer.revision, question="When?")
    with pytest.raises(MilepostError) as refused:
        reports.edit_text(by=paula, report=report, answer=answer, part="text", words=SHORT)
    assert codes(refused) == ["plan-report-not-accepted"]


# Steps ------------------------------------------------------------------------------------------------------


def test_a_period_holds_a_round_and_has_one_report(paula, report):
    with pytest.raises(MilepostError) as refused:
        reports.begin(by=paula, plan=report.plan, **HALF)
    assert codes(refused) == ["plan-report-known"]
    with pytest.raises(MilepostError) as refused:
        reports.begin(by=paula, plan=report.plan, start=date(2026, 7, 1), end=date(2026, 12, 31))
    assert codes(refused) == ["plan-report-no-round"]
    assert queries.Period(date(2026, 1, 1), date(2026, 12, 31)) in queries.periods(report.plan)
    assert queries.Period(*HALF.values()) not in queries.periods(report.plan)


def test_an_open_round_makes_a_preview_that_is_not_sent(paula, in_force):
    rounds.open_round(by=paula, plan=in_force.plan, due=date(2026, 7, 15), **HALF)
    report = reports.begin(by=paula, plan=in_force.plan, **HALF)
    assert "Preview" in report_content.banner(report)
    with pytest.raises(MilepostError) as refused:
        reports.submit(by=paula, report=report, revision=report.revision)
    assert codes(refused) == ["plan-report-round-open"]


def test_a_person_who_wrote_nothing_of_it_approves_it(report, paula, olga, answer):
    reports.edit_text(by=olga, report=report, answer=answer, part="text", words=SHORT)
    reports.submit(by=paula, report=report, revision=report.revision)
    digest = report_content.digest(report_content.draft(report))
    for writer in (paula, olga):
        with pytest.raises(PermissionDenied):
            reports.approve(by=writer, report=report, revision=report.revision, digest=digest)


def test_who_can_approve_is_told_and_who_sent_is_told_of_a_return(report, paula, olga, answer):
    def open_notices():
        found = Notice.objects.filter(done_at=None, address=report.address)
        return {(one.kind, one.user.name) for one in found}

    reports.submit(by=paula, report=report, revision=report.revision)
    assert open_notices() == {("plan-report-review", olga.name)}
    reports.give_back(by=olga, report=report, revision=report.revision, reason="Say more of money.")
    assert open_notices() == {("plan-report-returned", paula.name)}
    reports.submit(by=paula, report=report, revision=report.revision)
    digest = report_content.digest(report_content.draft(report))
    reports.approve(by=olga, report=report, revision=report.revision, digest=digest)
    assert open_notices() == set()


def test_what_changed_since_it_was_read_is_not_approved(cast, report, paula, olga, answer):
    reports.submit(by=paula, report=report, revision=report.revision)
    digest = report_content.digest(report_content.draft(report))
    returned_and_changed(answer, cast, paula, "Something else")
    with pytest.raises(MilepostError) as refused:
        reports.approve(by=olga, report=report, revision=report.revision, digest=digest)
    assert codes(refused) == ["plan-report-changed"]


def test_what_is_approved_never_changes_and_a_new_version_says_why(
    cast, report, paula, olga, public, answer, client
):
    first = published(report, paula, olga)
    returned_and_changed(answer, cast, paula, "The law was withdrawn.")
    first.refresh_from_db()
    assert report_content.of_version(first).lines[0].text.words == WORDS
    reports.reopen(by=olga, report=report, revision=report.revision, reason="The ministry corrected itself")
    assert WORDS not in str(report_content.draft(report))
    page = f"/en/policies/plans/{report.plan_id}/results/"
    assert "edition 1" in client.get(page).content.decode()
    second = published(report, paula, olga)
    assert (second.number, second.why) == (2, "The ministry corrected itself")
    shown = client.get(page).content.decode()
    assert "edition 2" in shown
    assert "The ministry corrected itself" in shown


def test_only_reports_under_a_public_policy_are_published(report, paula, olga):
    approved(report, paula, olga)
    with pytest.raises(MilepostError) as refused:
        reports.publish(by=paula, report=report, revision=report.revision)
    assert codes(refused) == ["plan-report-hidden"]


# Who sees what ----------------------------------------------------------------------------------------------


def test_the_public_page_has_nothing_internal(cast, report, paula, olga, public, client):
    version = published(report, paula, olga)
    page = client.get(f"/en/policies/plans/{report.plan_id}/results/").content.decode()
    for secret in ("Paula", "Olga", "Frank", "minutes-of-frank"):
        assert secret not in page
    for one in version.files.all():
        answer = client.get(f"/en/policies/published/{version.pk}/{one.language}.{one.ending}")
        assert answer.status_code == 200
        content = b"".join(answer.streaming_content)
        assert b"minutes-of-frank" not in content
    found = client.get("/en/policies/results/xs/")
    assert found["Location"] == f"/en/policies/plans/{report.plan_id}/results/"
    trace = client.get(f"/en/trace/{report.address}/")
    assert trace.status_code == 200
    assert "Paula" not in trace.content.decode()


def test_what_is_withdrawn_is_gone_from_the_public(report, paula, olga, public, client):
    version = published(report, paula, olga)
    reports.withdraw(by=paula, report=report, revision=report.revision, reason="A mistake")
    page = client.get(f"/en/policies/plans/{report.plan_id}/results/")
    assert "No report on this plan is published yet." in page.content.decode()
    assert client.get(f"/en/policies/published/{version.pk}/en.pdf").status_code == 404
    assert client.get(f"/en/trace/{report.address}/").status_code == 404


def test_what_is_public_can_be_withdrawn_while_the_next_version_is_written(
    report, paula, olga, public, client
):
    published(report, paula, olga)
    reports.reopen(by=paula, report=report, revision=report.revision, reason="A figure was late")
    with pytest.raises(MilepostError) as refused:
        reports.write(by=paula, report=report, revision=report.revision, sections={}, silent_shown=False)
    assert codes(refused) == ["reason-missing"]
    reports.withdraw(by=paula, report=report, revision=report.revision, reason="A mistake")
    assert report.state == "draft"
    page = client.get(f"/en/policies/plans/{report.plan_id}/results/")
    assert "No report on this plan is published yet." in page.content.decode()
    with pytest.raises(MilepostError) as refused:
        reports.withdraw(by=paula, report=report, revision=report.revision, reason="Again")
    assert codes(refused) == ["no-such-step"]


def test_drafts_are_for_those_who_work_with_the_institution_in_the_lead(cast, report, paula, peter, public):
    pages = ["", "edit/", "texts/", "report.html"]
    for reader, expected in ((None, 302), (peter, 404), (cast.charlie, 404), (paula, 200)):
        client = Client()
        if reader is not None:
            client.force_login(reader)
        for page in pages:
            answer = client.get(f"/en/policies/plan-reports/{report.pk}/{page}")
            assert answer.status_code == expected, (reader, page)


def test_a_stranger_does_nothing_with_a_report(cast, report, paula, peter, answer):
    for deed in (
        lambda: reports.begin(by=peter, plan=report.plan, start=date(2026, 1, 1), end=date(2026, 12, 31)),
        lambda: reports.write(by=cast.frank, report=report, revision=1, sections={}, silent_shown=True),
        lambda: reports.edit_text(by=peter, report=report, answer=answer, part="text", words="x"),
        lambda: reports.submit(by=cast.frank, report=report, revision=1),
        lambda: reports.publish(by=peter, report=report, revision=1),
    ):
        with pytest.raises(PermissionDenied):
            deed()


def test_two_who_write_do_not_overwrite_each_other(report, paula, olga):
    revision = report.revision
    typed = {"sections": {"summary": {"en": "All is well."}}, "silent_shown": False, "revision": revision}
    reports.write(by=paula, report=report, **typed)
    with pytest.raises(Stale):
        reports.write(by=olga, report=PlanReport.objects.get(pk=report.pk), **typed)


def test_a_report_is_written_and_published_page_by_page(cast, paula, olga, closed, public, answer):
    def signed_in(who):
        client = Client()
        client.force_login(who)
        return client

    lead, other = signed_in(paula), signed_in(olga)
    address = f"/en/policies/plans/{closed.plan_id}/reports/"
    made = lead.post(address, {"period": "2026-01-01/2026-06-30"})
    place = made["Location"]
    found = PlanReport.objects.get()
    written_ = {"summary-en": "A good half-year.", "revision": found.revision, "silent_shown": ""}
    assert lead.post(f"{place}edit/", written_)["Location"] == place
    edited = {"part": "text", "words": SHORT, "revision": 0}
    assert lead.post(f"{place}texts/{answer.pk}/", edited).status_code == 302
    assert SHORT in lead.get(f"{place}texts/{answer.pk}/").content.decode()
    again = lead.post(f"{place}texts/{answer.pk}/", {**edited, "words": "Other"}).content.decode()
    assert "Another person changed this meanwhile" in again
    assert "A good half-year." in lead.get(place).content.decode()
    found.refresh_from_db()
    lead.post(f"{place}step/submit/", {"revision": found.revision})
    found.refresh_from_db()
    digest = re.search(r'name="digest" value="(\w{64})"', other.get(place).content.decode())
    assert digest is not None
    other.post(f"{place}step/approve/", {"revision": found.revision, "digest": digest[1]})
    found.refresh_from_db()
    assert found.state == "approved"
    other.post(f"{place}step/publish/", {"revision": found.revision})
    assert "being made" in other.get(place).content.decode()
    assert Client().get(f"/ru/policies/plans/{closed.plan_id}/results/").context["shown"] is None
    work.run_all()
    public_page = Client().get(f"/ru/policies/plans/{closed.plan_id}/results/").content.decode()
    assert "Принять закон" in public_page
    assert "edition 1" in Client().get(f"/en/policies/plans/{closed.plan_id}/results/").content.decode()


def test_women_and_men_stand_side_by_side_as_accepted(report, answer):
    indicator = MeasureIndicator.objects.create(
        entry=answer.entry, key="t", title={"en": "Trained"}, by_sex=True
    )
    AnswerFigure.objects.create(answer=answer, indicator=indicator, total=150, women=50, men=100)
    content = report_content.draft(report)
    assert [(one.women, one.men, one.difference, one.ratio) for one in content.gaps] == [
        (Decimal(50), Decimal(100), Decimal(-50), Decimal("0.50"))
    ]
    assert "gender" in content.women_and_men[0]["en"]
    assert "Women per man" in words_of_page(report_content.as_file(content, "html", "en"))


# The documents are made outside the page --------------------------------------------------------------------


def asked(report, paula, olga):
    """An approved report whose publication is asked for."""
    approved(report, paula, olga)
    return reports.ask_to_publish(by=olga, report=report, revision=report.revision)


def test_a_report_is_public_once_its_documents_are_made(report, paula, olga, public):
    job = asked(report, paula, olga)
    report.refresh_from_db()
    assert report.state == "approved"
    assert queries.being_published(report) == job
    with pytest.raises(MilepostError) as refused:
        reports.ask_to_publish(by=paula, report=report, revision=report.revision)
    assert codes(refused) == ["plan-report-being-made"]
    work.run_all()
    job.refresh_from_db()
    report.refresh_from_db()
    assert (job.status, report.state, queries.being_published(report)) == ("done", "published", None)
    assert (job.done, job.total) == (8, 8)
    assert len(queries.files(queries.results(report.plan)[0])) == 8


def test_work_that_is_stopped_publishes_nothing_and_can_be_asked_for_again(report, paula, olga, public):
    job = asked(report, paula, olga)
    jobs.ask_to_cancel(job, by=olga)
    work.run_all()
    report.refresh_from_db()
    assert (report.state, queries.results(report.plan)) == ("approved", [])
    assert queries.not_published(report) == job
    reports.ask_to_publish(by=olga, report=report, revision=report.revision)
    work.run_all()
    report.refresh_from_db()
    assert report.state == "published"


def test_work_that_is_stopped_between_two_documents_leaves_no_file(report, paula, olga, public):
    version = approved(report, paula, olga)

    def stop(_step, done, _total):
        if done == 3:
            raise work.Cancelled

    with pytest.raises(work.Cancelled):
        reports.publish(by=olga, report=report, revision=report.revision, say=stop)
    report.refresh_from_db()
    assert (report.state, list(version.files.all())) == ("approved", [])


def test_a_report_that_moved_on_meanwhile_is_not_published(report, paula, olga, public):
    job = asked(report, paula, olga)
    reports.reopen(by=paula, report=report, revision=report.revision, reason="A figure is wrong")
    work.run_all()
    job.refresh_from_db()
    report.refresh_from_db()
    assert (job.status, [one["code"] for one in job.problems]) == ("failed", ["no-such-step"])
    assert (report.state, queries.results(report.plan)) == ("draft", [])


def test_only_who_may_publish_asks_for_it(report, paula, olga, peter, public):
    approved(report, paula, olga)
    with pytest.raises(PermissionDenied):
        reports.ask_to_publish(by=peter, report=report, revision=report.revision)
    with pytest.raises(Stale):
        reports.ask_to_publish(by=paula, report=report, revision=1)
    assert not Job.objects.exists()
