from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from milepost.errors import MilepostError
from milepost.web.notices.models import Notice
from milepost.web.plans.actions import measures, rounds
from milepost.web.plans.models import Answer, Contribution, Round
from milepost.web.plans.queries import rounds as queries
from milepost.web.plans.queries import standing
from milepost.web.ui.revisions import Stale
from tests.cast import person

TODAY = timezone.localdate


def codes(error):
    return [one.code for one in error.value.problems]


def opened(by, plan, end=None, due=None, days=80):
    end = end or date(2026, 3, 31)
    return rounds.open_round(
        by=by, plan=plan, start=end - timedelta(days=days), end=end, due=due or TODAY() + timedelta(days=9)
    )


def of(one, code):
    return one.answers.get(entry__code=code)


def typed(by, answer, **said):
    answer.refresh_from_db()
    return rounds.save(by=by, answer=answer, revision=answer.revision, **said)


def sent(by, answer, **said):
    kept = typed(by, answer, **said)
    return rounds.submit(by=by, answer=kept, revision=kept.revision)


def accepted(by, reviewer, answer, **said):
    given = sent(by, answer, **said)
    return rounds.accept(by=reviewer, answer=given, revision=given.revision)


@pytest.fixture
def one(paula, in_force):
    """A round on the first quarter of 2026: the ministry reports on measure 1.1, nobody on 1.2."""
    return opened(paula, in_force.plan)


@pytest.fixture
def olga(police):
    """Focal point of the police."""
    return person("olga", ("focal-point", police.address), works_for=police)


@pytest.fixture
def one_with_police(paula, police, draft, cast):
    """A round in which the police is co-executor of 1.1 and reports on 1.2, which counts people by sex."""
    law, inspectors = draft.entries.get(code="1.1"), draft.entries.get(code="1.2")
    measures.set_role(by=paula, entry=law, institution=police, kind="executor", revision=law.revision)
    measures.choose_coordinator(by=paula, entry=inspectors, institution=police, revision=inspectors.revision)
    inspectors.refresh_from_db()
    for title, measured, by_sex in (
        ("Inspectors trained", "number", True),
        ("Share of inspectors", "percentage", False),
    ):
        measures.add_indicator(
            by=paula, entry=inspectors, title={"en": title}, kind="output", measured=measured, by_sex=by_sex
        )
    from milepost.web.plans.actions import versions

    draft.refresh_from_db()
    act = {"act": {"en": "Resolution"}, "act_number": "1", "adopted": None, "since": date(2026, 1, 1)}
    version = versions.put_in_force(by=paula, version=draft, revision=draft.revision, **act)
    return opened(paula, version.plan)


# A round ----------------------------------------------------------------------------------------------------


def test_a_round_asks_every_measure_and_tells_the_coordinators(cast, paula, one):
    assert [answer.state for answer in one.answers.all()] == ["draft", "draft"]
    notice = Notice.objects.get(kind="round-open", done_at=None)
    assert (notice.user, notice.address, notice.due) == (cast.frank, one.address, one.due)
    assert [institution.code for institution in queries.silent_institutions(one)] == ["labour"]


def test_only_the_institution_in_the_lead_opens_and_closes(cast, in_force, one):
    for user in (cast.frank, cast.carol, cast.charlie, cast.nobody):
        with pytest.raises(PermissionDenied):
            opened(user, in_force.plan, date(2026, 6, 30))
        with pytest.raises(PermissionDenied):
            rounds.close(by=user, one=one, revision=one.revision)
        with pytest.raises(PermissionDenied):
            rounds.remind(by=user, one=one)


def test_one_round_at_a_time_and_no_day_twice(paula, in_force, one):
    with pytest.raises(MilepostError) as error:
        opened(paula, in_force.plan, date(2026, 6, 30))
    assert codes(error) == ["round-is-open"]
    rounds.close(by=paula, one=one, revision=one.revision)
    with pytest.raises(MilepostError) as error:
        opened(paula, in_force.plan, date(2026, 4, 30))
    assert codes(error) == ["round-overlaps"]


def test_periods_that_cannot_be(paula, in_force):
    with pytest.raises(MilepostError) as error:
        rounds.open_round(
            by=paula,
            plan=in_force.plan,
            start=date(2025, 9, 30),
            end=date(2025, 9, 1),
            due=date(2025, 8, 1),
        )
    assert codes(error) == ["round-backwards", "round-due-early", "round-no-version"]


def test_the_next_round_is_filled_with_what_was_accepted(cast, paula, in_force, one):
    accepted(cast.frank, paula, of(one, "1.1"), done="partly", text="Draft in parliament")
    rounds.close(by=paula, one=one, revision=one.revision)
    second = opened(paula, in_force.plan, date(2026, 6, 30))
    answer = of(second, "1.1")
    assert (answer.state, answer.done, answer.text) == ("draft", "partly", "Draft in parliament")
    assert queries.before(answer) == of(one, "1.1")
    accepted(cast.frank, paula, answer, done="fully", text="Adopted")
    rounds.close(by=paula, one=second, revision=second.revision)
    third = opened(paula, in_force.plan, date(2026, 9, 30))
    assert [each.entry.code for each in third.answers.all()] == ["1.2"]


def test_who_has_sent_everything_is_not_reminded(cast, paula, one):
    sent(cast.frank, of(one, "1.1"), done="not_started")
    assert not Notice.objects.filter(kind="round-open", done_at=None).exists()
    assert rounds.remind(by=paula, one=one) == 0


def test_a_reminder_makes_the_notice_new_again(cast, paula, one):
    Notice.objects.update(seen_at=timezone.now(), mailed_at=timezone.now())
    assert rounds.remind(by=paula, one=one, note="Please answer") == 1
    notice = Notice.objects.get(kind="round-open", done_at=None)
    assert notice.seen_at is None
    assert "Please answer" in notice.details["note"]


# Answers ----------------------------------------------------------------------------------------------------


def test_only_the_coordinator_answers(cast, paula, one, olga):
    for user in (paula, cast.carol, cast.charlie, cast.mary, olga):
        with pytest.raises(PermissionDenied):
            typed(user, of(one, "1.1"), done="partly")
    with pytest.raises(PermissionDenied):
        typed(cast.frank, of(one, "1.2"), done="partly")


def test_what_others_saved_is_never_overwritten(cast, one):
    answer = of(one, "1.1")
    typed(cast.frank, answer, done="partly", text="First")
    with pytest.raises(Stale):
        rounds.save(by=cast.frank, answer=of(one, "1.1"), revision=1, done="fully", text="Second")
    assert of(one, "1.1").text == "First"


def test_what_is_missing_is_refused_when_it_is_sent(cast, one):
    for said, code in (
        ({}, "answer-not-said"),
        ({"done": "partly"}, "answer-without-words"),
        ({"done": "cannot", "text": "No"}, "answer-without-obstacle"),
    ):
        with pytest.raises(MilepostError) as error:
            sent(cast.frank, of(one, "1.1"), **said)
        assert codes(error) == [code]
    assert of(one, "1.1").state == "draft"


def test_days_that_cannot_be_are_refused(cast, one):
    for said, code in (
        ({"done": "fully", "ended": date(2026, 4, 1)}, "answer-ended-late"),
        ({"done": "partly", "ended": date(2026, 3, 1)}, "answer-ended-of-open"),
    ):
        with pytest.raises(MilepostError) as error:
            typed(cast.frank, of(one, "1.1"), **said)
        assert codes(error) == [code]


def test_nobody_accepts_what_they_sent_or_typed(cast, paula, one):
    both = person("bea", ("focal-point", cast.ministry.address), ("plan-coordinator", cast.ministry.address))
    answer = sent(both, of(one, "1.1"), done="not_started")
    with pytest.raises(PermissionDenied):
        rounds.accept(by=both, answer=answer, revision=answer.revision)
    with pytest.raises(PermissionDenied):
        rounds.accept(by=cast.frank, answer=answer, revision=answer.revision)
    rounds.accept(by=paula, answer=answer, revision=answer.revision)
    assert of(one, "1.1").state == "accepted"


def test_an_answer_is_sent_once(cast, paula, one):
    answer = sent(cast.frank, of(one, "1.1"), done="not_started")
    with pytest.raises(MilepostError) as error:
        rounds.submit(by=cast.frank, answer=answer, revision=answer.revision)
    assert codes(error) == ["no-such-step"]
    with pytest.raises(MilepostError) as error:
        typed(cast.frank, answer, done="fully")
    assert codes(error) == ["no-such-step"]


def test_a_question_goes_back_to_the_institution_and_closes_with_the_answer(cast, paula, one):
    answer = sent(cast.frank, of(one, "1.1"), done="not_started")
    assert Notice.objects.filter(user=paula, kind="round-review", done_at=None).exists()
    with pytest.raises(MilepostError):
        rounds.give_back(by=paula, answer=answer, revision=answer.revision, question=" ")
    rounds.give_back(by=paula, answer=answer, revision=answer.revision, question="Why not?")
    assert not Notice.objects.filter(kind="round-review", done_at=None).exists()
    notice = Notice.objects.get(kind="answer-returned", done_at=None)
    assert (notice.user, notice.details["note"]) == (cast.frank, "Why not?")
    sent(cast.frank, answer, done="under_way", text="It was begun in March")
    assert not Notice.objects.filter(kind="answer-returned", done_at=None).exists()


def test_late_answers_are_taken_and_marked(cast, paula, in_force):
    one = opened(paula, in_force.plan, due=date(2026, 4, 15))
    rounds.close(by=paula, one=one, revision=one.revision)
    answer = sent(cast.frank, of(one, "1.1"), done="not_started")
    assert queries.is_late(answer, TODAY())
    Answer.objects.filter(pk=answer.pk).update(sent_at=timezone.now().replace(year=2026, month=4, day=2))
    assert not queries.is_late(of(one, "1.1"), TODAY())


def test_numbers_are_worked_out_or_refused(olga, one_with_police):
    answer = of(one_with_police, "1.2")
    trained, share = answer.entry.indicators.order_by("pk")
    number = Decimal
    kept = typed(
        olga,
        answer,
        figures={
            trained.pk: {"women": number(12), "men": number(8)},
            share.pk: {"numerator": number(20), "denominator": number(80)},
        },
    )
    assert list(kept.figures.values_list("total", flat=True)) == [20, 25]
    for figures, code in (
        ({trained.pk: {"total": number(9), "women": number(12), "men": number(8)}}, "women-men-total"),
        ({trained.pk: {"total": number(9), "women": number(12)}}, "women-men-above-total"),
        ({trained.pk: {"total": number(-1)}}, "figure-negative"),
        ({share.pk: {"numerator": number(2), "denominator": number(0)}}, "denominator-not-positive"),
    ):
        with pytest.raises(MilepostError) as error:
            typed(olga, answer, figures=figures)
        assert codes(error) == [code]
    typed(olga, answer, done="not_started", figures={share.pk: {"numerator": number(2)}})
    with pytest.raises(MilepostError) as error:
        rounds.submit(by=olga, answer=answer, revision=answer.revision)
    assert codes(error) == ["percentage-needs-both"]


def test_a_co_executor_contributes_and_the_coordinator_takes_it_over(cast, police, olga, one_with_police):
    answer = of(one_with_police, "1.1")
    with pytest.raises(PermissionDenied):
        rounds.contribute(by=cast.frank, answer=answer, institution=cast.ministry, text="x")
    with pytest.raises(PermissionDenied):
        rounds.contribute(by=cast.frank, answer=answer, institution=police, text="x")
    rounds.contribute(by=olga, answer=answer, institution=police, text="We wrote two articles")
    with pytest.raises(Stale):
        rounds.contribute(by=olga, answer=answer, institution=police, text="Other", revision=7)
    answer = typed(cast.frank, answer, done="partly", text="The law is drafted")
    said = Contribution.objects.get()
    rounds.take_over(by=cast.frank, answer=answer, contribution=said, revision=answer.revision)
    assert of(one_with_police, "1.1").text == "The law is drafted\n\nWe wrote two articles"


def test_evidence_with_a_hostile_name_or_content_is_refused(cast, one):
    answer = of(one, "1.1")

    def attach(name, content):
        upload = SimpleUploadedFile(name, content)
        return rounds.attach(by=cast.frank, answer=answer, upload=upload, name=name)

    for name, content in (
        ("run.exe", b"MZ"),
        ("law.pdf", b"MZ\x90"),
        ("page.html", b"<script>"),
        ("law.pdf.svg", b"%PDF-1.7"),
        ("table.csv", b"a\x00b"),
    ):
        with pytest.raises(MilepostError) as error:
            attach(name, content)
        assert codes(error) == ["evidence-kind"]
    kept = attach("../../etc/law\u202e.pdf", b"%PDF-1.7 text")
    assert (kept.name, kept.owner) == ("law.pdf", answer.address)


# Who sees what ----------------------------------------------------------------------------------------------


def test_who_sees_which_answers(cast, paula, olga, one_with_police):
    seen = {
        user: set(queries.answers(user).values_list("entry__code", flat=True))
        for user in (paula, cast.carol, olga, cast.charlie, cast.nobody, cast.adam)
    }
    assert seen[paula] == seen[cast.carol] == seen[olga] == {"1.1", "1.2"}
    assert not seen[cast.charlie] | seen[cast.nobody] | seen[cast.adam]
    stranger = person("sam", ("focal-point", cast.office.address))
    assert not queries.answers(stranger).exists()


def test_pages_are_for_those_who_work_with_the_plan(cast, client, paula, policy, one):
    from milepost.web.plans.actions import register

    register.show_policy(by=paula, policy=policy, revision=policy.revision, public=True)
    plan, answer = one.plan_id, of(one, "1.1").pk
    pages = [
        reverse("rounds", args=[plan]),
        reverse("plan-standing", args=[plan]),
        reverse("round", args=[one.pk]),
        reverse("round-table", args=[one.pk]),
        reverse("round-answer", args=[answer]),
    ]
    for user, status in (
        (None, 302),
        (cast.charlie, 404),
        (cast.nobody, 404),
        (cast.frank, 200),
        (paula, 200),
        (cast.carol, 200),
    ):
        if user is not None:
            client.force_login(user)
        assert [client.get(path).status_code for path in pages] == [status] * len(pages), user


def test_a_draft_is_read_by_those_who_type_it(cast, client, one):
    typed(cast.frank, of(one, "1.1"), done="partly", text="Half a thought")
    for user, there in ((cast.frank, True), (cast.carol, False)):
        client.force_login(user)
        for path in (of(one, "1.1").get_absolute_url(), reverse("round-table", args=[one.pk])):
            assert ("Half a thought" in client.get(path).content.decode()) is there


def test_a_round_is_answered_and_reviewed_without_javascript(cast, client, paula, one):
    answer = of(one, "1.1")
    path = answer.get_absolute_url()
    client.force_login(cast.frank)
    form = {"done": "partly", "text": "Drafted", "revision": answer.revision}
    assert client.post(path, form).status_code == 302
    again = client.post(path, form | {"text": "Other"})
    assert again.status_code == 200
    page = again.content.decode()
    assert "Other" in page
    assert "Drafted" in page
    assert of(one, "1.1").text == "Drafted"
    client.post(path, form | {"revision": of(one, "1.1").revision, "send": "1"})
    assert of(one, "1.1").state == "submitted"
    client.force_login(paula)
    step = reverse("round-answer-step", args=[answer.pk, "accept"])
    assert client.post(step, {"revision": of(one, "1.1").revision}).status_code == 302
    assert of(one, "1.1").state == "accepted"


def test_it_saves_while_one_types_and_says_when_somebody_else_did(cast, client, one):
    answer = of(one, "1.1")
    client.force_login(cast.frank)
    form = {"done": "partly", "text": "Draf", "revision": answer.revision}
    first = client.post(answer.get_absolute_url(), form, headers={"HX-Request": "true"}).content.decode()
    assert f'value="{of(one, "1.1").revision}"' in first
    second = client.post(answer.get_absolute_url(), form | {"text": "X"}, headers={"HX-Request": "true"})
    assert "Draf" in second.content.decode()
    assert of(one, "1.1").text == "Draf"


# How the plan stands ----------------------------------------------------------------------------------------


def test_the_rate_is_that_of_a_calculation_by_hand(cast, paula, draft):
    """Four measures are due in 2026, one is continuous, one undated, one due in 2027; reported in full are
    three of four, accepted two of four."""
    from milepost.web.plans.actions import versions

    section = draft.sections.get()
    for code, deadline in (
        ("2", "IV квартал 2026 г."),
        ("3", "III квартал 2026 г."),
        ("4", "2026 г."),
        ("5", "постоянно"),
        ("6", ""),
    ):
        entry = measures.add(
            by=paula, version=draft, section=section, code=code, title={"en": code}, deadline=deadline
        )
        measures.choose_coordinator(by=paula, entry=entry, institution=cast.ministry, revision=entry.revision)
    draft.refresh_from_db()
    act = {"act": {"en": "Resolution"}, "act_number": "1", "adopted": None, "since": date(2026, 1, 1)}
    version = versions.put_in_force(by=paula, version=draft, revision=draft.revision, **act)
    one = opened(paula, version.plan, date(2026, 9, 30))
    done = {"done": "fully", "text": "Done"}
    accepted(cast.frank, paula, of(one, "1.1"), **done)
    accepted(cast.frank, paula, of(one, "2"), **done)
    sent(cast.frank, of(one, "3"), **done)
    accepted(cast.frank, paula, of(one, "4"), done="partly", text="Half")
    accepted(cast.frank, paula, of(one, "5"), **done)
    rate = standing.rate(version.plan, 2026)
    assert (len(rate.reported.due), len(rate.reported.fully)) == (4, 3)
    assert (rate.reported.value, rate.verified.value) == (75, 50)
    assert "3 ÷ 4 = 75.0 %" in rate.sentences[0]
    assert "2 ÷ 4 = 50.0 %" in rate.sentences[1]
    early = standing.rate(version.plan, 2025)
    assert early.reported.value is None
    assert early.sentences == ("Not computable for 2025: no version of the plan was in force on 1 January.",)
    whole = standing.standing(version.plan, date(2026, 11, 1))
    assert whole is not None
    lights = {line.entry.code: (line.light, line.days) for line in whole.lines}
    assert lights["1.1"] == ("done", 92)  # the second quarter ended 30 June; no day was given: 30 September
    assert lights["4"][0] == "on_track"
    assert lights["6"] == ("no_answer", None)
    assert sum(bar.number for bar in whole.bars) == 7


def test_the_work_page_tells_who_came_after_the_round_was_opened(cast, one):
    assert queries.ahead(cast.frank, TODAY()) == []  # a notice tells already
    later = person("lena", ("focal-point", cast.ministry.address), works_for=cast.ministry)
    (told,) = queries.ahead(later, TODAY())
    assert (told.what, told.day, told.late) == ("1 answer to send", one.due, False)
    assert Round.objects.count() == 1
