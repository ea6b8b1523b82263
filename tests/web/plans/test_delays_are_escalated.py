"""Where institutions stay silent, their heads and those in the lead are told, once, after the days stated."""

from datetime import date

import pytest

from milepost.web.audit.models import Event
from milepost.web.notices.models import Notice
from milepost.web.plans.actions import measures, register, rounds, versions
from tests.cast import person

pytestmark = pytest.mark.django_db

DUE, LAST, AFTER = date(2026, 4, 15), date(2026, 4, 25), date(2026, 4, 26)


@pytest.fixture
def helen(cast):
    """Head of the ministry."""
    return person("helen", ("head", cast.ministry.address), works_for=cast.ministry)


@pytest.fixture
def hugo(cast, police):
    """Head of the police."""
    return person("hugo", ("head", police.address), works_for=police)


@pytest.fixture
def ann(cast):
    """Answers for the ministry."""
    return person("ann", ("focal-point", cast.ministry.address), works_for=cast.ministry)


@pytest.fixture
def round_(paula, plan, draft, police):
    _law, inspectors = draft.entries.all()
    measures.choose_coordinator(by=paula, entry=inspectors, institution=police, revision=inspectors.revision)
    draft.refresh_from_db()
    act = {"act": {"en": "Resolution"}, "act_number": "1", "adopted": None, "since": date(2026, 1, 1)}
    versions.put_in_force(by=paula, version=draft, revision=draft.revision, **act)
    plan.refresh_from_db()
    register.save_plan(
        by=paula,
        plan=plan,
        revision=plan.revision,
        title=plan.title,
        start=plan.start,
        end=plan.end,
        rhythm=plan.rhythm,
        arrears_count=False,
        escalate_after=10,
    )
    return rounds.open_round(by=paula, plan=plan, start=date(2026, 1, 1), end=date(2026, 3, 31), due=DUE)


def told():
    return {notice.user.name for notice in Notice.objects.filter(kind="round-overdue")}


def test_heads_of_silent_institutions_are_told_after_the_days_stated(paula, helen, hugo, ann, round_):
    answer = round_.answers.get(entry__roles__institution__code="labour", entry__roles__kind="coordinator")
    rounds.save(by=ann, answer=answer, revision=answer.revision, done="under_way", text="It goes on.")
    rounds.submit(by=ann, answer=answer, revision=answer.revision)
    assert rounds.escalate(LAST) == 0
    assert told() == set()
    assert rounds.escalate(AFTER) == 1
    assert told() == {hugo.name, paula.name}
    round_.refresh_from_db()
    assert round_.escalated_at is not None
    (event,) = Event.objects.filter(verb="round.escalated")
    assert (event.by, event.details) == (None, {"institutions": ["police"]})


def test_nobody_is_told_twice_or_of_a_closed_round(paula, helen, hugo, round_):
    assert rounds.escalate(AFTER) == 1
    Notice.objects.all().delete()
    assert rounds.escalate(date(2026, 6, 1)) == 0
    assert told() == set()


def test_a_plan_that_states_no_days_escalates_nothing(paula, hugo, round_):
    type(round_.plan).objects.update(escalate_after=None)
    assert rounds.escalate(date(2027, 1, 1)) == 0


def test_the_page_says_when_heads_will_be_told_and_were(client, paula, hugo, round_):
    client.force_login(paula)
    page = client.get(round_.get_absolute_url()).content.decode()
    assert "heads of institutions that have not answered are told" in page
    assert 'datetime="2026-04-25"' in page
    rounds.escalate(AFTER)
    assert "had not answered were told on" in client.get(round_.get_absolute_url()).content.decode()


def test_a_head_reads_the_plan_and_answers_nothing(client, hugo, round_):
    client.force_login(hugo)
    assert client.get(round_.plan.get_absolute_url()).status_code == 200
    answer = round_.answers.first()
    assert client.post(answer.get_absolute_url(), {"revision": 1}).status_code in (403, 404)
