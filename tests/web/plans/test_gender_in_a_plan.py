"""Women and men in a plan: marks with reasons, what is missing, figures over the rounds."""

import csv
import io
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from django.core.exceptions import PermissionDenied
from hypothesis import given
from hypothesis import strategies as st

from milepost.catalogue import plans as catalogue
from milepost.errors import MilepostError
from milepost.progress import gender as progress
from milepost.web.audit.models import Event
from milepost.web.plans.actions import gender, measures, register, rounds
from milepost.web.plans.actions import versions as versions_
from milepost.web.plans.models import Answer, AnswerFigure, MeasureIndicator, Round
from milepost.web.plans.queries import gender as queries
from milepost.web.ui.revisions import Stale

WHY = {"en": "Women pay more for a job abroad.", "ru": "Женщины платят за работу за рубежом больше."}


def codes(refused):
    return [problem.code for problem in refused.value.problems]


def entry(version, code="1.1"):
    return version.entries.get(code=code)


def indicator(by, of, title="Workers trained", **said):
    return measures.add_indicator(by=by, entry=of, title={"en": title}, kind="output", **said)


def mark(by, of, **said):
    typed = {"gender": "specific", "gender_reason": WHY, **said}
    return gender.mark_measure(by=by, entry=of, revision=of.revision, **typed)


@pytest.fixture
def told(paula, draft):
    """Workers trained, by sex, in the measure 1.1, in force; three rounds: told, not accepted, told again."""
    one = indicator(paula, entry(draft), by_sex=True, unit="persons")
    draft.refresh_from_db()
    versions_.put_in_force(
        by=paula,
        version=draft,
        revision=draft.revision,
        act={"en": "Resolution"},
        act_number="1",
        adopted=None,
        since=date(2026, 1, 1),
    )
    figures = ((3, 1, 3, "accepted"), (6, 2, 9, "submitted"), (9, 40, 60, "accepted"))
    for month, women, men, state in figures:
        period = {"start": date(2026, month - 2, 1), "end": date(2026, month, 28)}
        made = rounds.open_round(by=paula, plan=draft.plan, **period, due=date(2026, month, 28))
        answer = made.answers.get(measure=one.entry.measure)
        AnswerFigure.objects.update_or_create(
            answer=answer, indicator=one, defaults={"women": women, "men": men, "total": women + men}
        )
        Answer.objects.filter(pk=answer.pk).update(state=state, done="under_way")
        Round.objects.filter(pk=made.pk).update(state="closed")
    return one


# Marks ------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_measure_is_marked_with_its_reason(paula, draft):
    law = mark(paula, entry(draft), rights={"en": "The right to just work."}, groups=["women", "youth"])
    assert (law.gender, law.groups) == ("specific", ["women", "youth"])
    said = Event.objects.get(verb="measure.gender")
    assert said.why == WHY["en"]
    assert said.details["gender"] == ["", "specific"]


@pytest.mark.django_db
def test_a_mark_without_a_reason_and_an_unknown_group_are_refused(paula, draft):
    with pytest.raises(MilepostError) as refused:
        mark(paula, entry(draft), gender_reason={})
    assert codes(refused) == ["reason-missing"]
    with pytest.raises(MilepostError) as refused:
        mark(paula, entry(draft), groups=["women", "martians"])
    assert codes(refused) == ["plan-unknown-group"]
    assert entry(draft).gender == ""


@pytest.mark.django_db
def test_in_a_version_in_force_every_change_has_a_reason(paula, in_force):
    with pytest.raises(MilepostError) as refused:
        mark(paula, entry(in_force), gender="", gender_reason={}, groups=["women"])
    assert codes(refused) == ["reason-missing"]
    mark(paula, entry(in_force))
    assert entry(in_force).gender == "specific"


@pytest.mark.django_db
def test_another_mark_needs_a_reason_of_its_own(paula, in_force):
    mark(paula, entry(in_force))
    with pytest.raises(MilepostError) as refused:
        mark(paula, entry(in_force), gender="blind")
    assert codes(refused) == ["plan-reason-of-another-mark"]
    mark(paula, entry(in_force), gender="blind", gender_reason={"en": "Nobody is told apart."})
    assert entry(in_force).gender == "blind"


@pytest.mark.django_db
def test_a_mark_is_not_overwritten_by_who_saw_another(paula, draft):
    seen = entry(draft)
    mark(paula, entry(draft))
    with pytest.raises(Stale):
        mark(paula, seen, gender="blind")


@pytest.mark.django_db
def test_who_may_not_edit_the_plan_marks_nothing(peter, draft):
    with pytest.raises(PermissionDenied):
        mark(peter, entry(draft))


@pytest.mark.django_db
def test_marks_go_on_into_an_amendment(paula, in_force):
    mark(paula, entry(in_force), groups=["women"])
    after = versions_.begin(by=paula, plan=in_force.plan)
    assert (entry(after).gender, entry(after).gender_reason) == ("specific", WHY)
    assert entry(after).groups == ["women"]


@pytest.mark.django_db
def test_what_is_counted_by_sex_counts_people(paula, draft):
    one = indicator(paula, entry(draft), by_sex=True)
    assert one.of_people is True
    typed = {"gender": "neutral", "gender_reason": WHY, "of_people": False}
    with pytest.raises(MilepostError) as refused:
        gender.mark_indicator(by=paula, indicator=one, revision=one.entry.revision, **typed)
    assert codes(refused) == ["plan-by-sex-counts-people"]


@pytest.mark.django_db
def test_a_mark_is_suggested_and_never_written_by_itself(paula, draft):
    law = entry(draft)
    people = indicator(paula, law, "Cases", of_people=True)
    assert queries.suggested(people) == "blind"
    assert queries.suggested(indicator(paula, law, "Cases heard", by_sex=True)) == "sensitive"
    assert queries.suggested(indicator(paula, law, "Tables", of_people=False)) == "neutral"
    assert queries.suggested(indicator(paula, law, "Something")) == ""
    assert queries.suggested(indicator(paula, law, "Returnees helped")) == "blind"
    assert set(MeasureIndicator.objects.values_list("gender", flat=True)) == {""}


@pytest.mark.django_db
def test_what_is_missing_is_found(paula, draft):
    law = entry(draft)
    hidden = indicator(paula, law, "Returnees helped")
    indicator(paula, law, "Acts")
    found = queries.of_version(draft)
    assert [one.pk for one in found.people_without_sex] == [hidden.pk]
    assert [one.code for one in found.objectives_without] == ["1"]
    assert (found.unmarked, found.measures["specific"]) == (2, 0)
    law.refresh_from_db()
    gender.mark_indicator(
        by=paula,
        indicator=hidden,
        revision=law.revision,
        gender="specific",
        gender_reason=WHY,
        of_people=True,
    )
    law.refresh_from_db()
    mark(paula, law)
    found = queries.of_version(draft)
    assert found.objectives_without == ()
    assert (found.unmarked, found.measures["specific"], found.indicators["specific"]) == (1, 1, 1)


# Candidates -------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_candidates_fit_what_a_measure_answers_to_and_are_added_once(client, paula, draft):
    law = entry(draft)
    measures.save(by=paula, entry=law, revision=law.revision, references=[["gcm", "20"], ["sdg", "10.c"]])
    assert [one.code for one in queries.offered([entry(draft)])] == ["accounts"]
    client.force_login(paula)
    added = client.post(f"/en/policies/measures/{law.measure_id}/gender/add/", {"candidate": "accounts"})
    assert added.status_code == 302
    made = entry(draft).indicators.get()
    assert (made.by_sex, made.of_people, made.gender, made.kind) == (True, True, "", "outcome")
    assert set(made.title) == {"en", "ru"}
    assert queries.offered([entry(draft)]) == []


def test_candidates_are_said_in_both_languages_and_each_mark_is_one_of_the_scale():
    assert tuple(catalogue.gender_marks()) == progress.MARKS
    for one in queries.candidates().values():
        assert set(one.name) >= {"en", "ru"}
        assert one.mark in progress.MARKS
        assert one.references


# Figures ----------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_only_accepted_answers_of_closed_rounds_are_told(told):
    plan = told.entry.version.plan
    (line,) = queries.lines(plan, date(2026, 12, 31))
    assert [(one.women, one.missing) for one in line.gaps] == [(1, ""), (None, "answer"), (40, "")]
    found = queries.gaps(plan, date(2026, 12, 31))
    assert [(one.difference, one.towards) for one in found] == [(-2, "men"), (-20, "men")]
    assert found[-1].sentence == (
        "On 28 September 2026 there are 20 fewer women than men (40 and 60): 0.67 women per man."
    )
    assert line.sentence.endswith("Since 28 March 2026 the shares of women and men have come closer.")
    assert queries.gaps(plan, date(2026, 1, 31)) == ()


@pytest.mark.django_db
def test_zero_missing_and_not_reported_stay_apart(told):
    first, _second, third = AnswerFigure.objects.order_by("pk")
    AnswerFigure.objects.filter(pk=first.pk).update(women=0, men=0)
    AnswerFigure.objects.filter(pk=third.pk).update(men=None)
    (line,) = queries.lines(told.entry.version.plan, date(2026, 12, 31))
    assert [one.missing for one in line.gaps] == ["", "answer", "figure"]
    assert (line.gaps[0].women, line.gaps[0].ratio, line.gaps[0].towards) == (0, None, "equal")
    women = line.series["Women"].observations
    assert [(one.value, one.status) for one in women] == [(0.0, "A"), (None, "L"), (40.0, "A")]
    assert [one.status for one in line.series["Men"].observations] == ["A", "L", "O"]


@pytest.mark.django_db
def test_a_round_that_is_open_is_not_told(told):
    Round.objects.filter(end=date(2026, 9, 28)).update(state="open")
    assert [one.until.month for one in queries.gaps(told.entry.version.plan, date(2026, 12, 31))] == [3]


@pytest.mark.django_db
def test_the_headline_says_marks_and_gaps(paula, told):
    mark(paula, entry(told.entry.version))
    assert queries.headline(told.entry.version, date(2026, 12, 31)) == (
        "Of 2 measures 1 are gender-specific, 0 gender-sensitive, 0 gender-neutral and 0 gender-blind; "
        "1 are not marked. Figures of women and men are known of 1 indicator; there are fewer women in 1."
    )


NUMBERS = st.none() | st.integers(min_value=0, max_value=10**9)


@given(NUMBERS, NUMBERS)
def test_a_gap_is_what_plain_arithmetic_says(women, men):
    found = progress.gap(*(None if one is None else Decimal(one) for one in (women, men)))
    if women is None or men is None:
        assert (found.difference, found.ratio, found.towards) == (None, None, "")
        return
    assert found.difference == women - men
    assert found.towards == ("equal" if women == men else "women" if women > men else "men")
    if men == 0:
        assert found.ratio is None
    else:
        assert found.ratio is not None
        assert abs(Fraction(found.ratio) - Fraction(women, men)) <= Fraction(women + 1, men * 10**20)


@given(*[st.integers(min_value=0, max_value=10**6)] * 4)
def test_closer_is_what_the_share_of_women_says(women, men, later_women, later_men):
    first = progress.gap(Decimal(women), Decimal(men))
    last = progress.gap(Decimal(later_women), Decimal(later_men))
    found = progress.moved(first, last)
    if not women + men or not later_women + later_men:
        assert found == ""
        return
    before = abs(Fraction(women, women + men) - Fraction(1, 2))
    after = abs(Fraction(later_women, later_women + later_men) - Fraction(1, 2))
    if abs(before - after) > Fraction(1, 10**20):
        assert found == ("closer" if after < before else "apart")


# Pages ------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_page_is_public_with_a_public_plan_and_shows_no_work_to_do(client, paula, policy, told):
    plan = told.entry.version.plan
    address = f"/en/policies/plans/{plan.pk}/gender/"
    assert client.get(address).status_code == 404
    register.show_policy(by=paula, policy=policy, revision=policy.revision, public=True)
    page = client.get(address).content.decode()
    assert "20 fewer women than men" in page
    assert "To look at" not in page
    assert "suggested:" not in page
    assert "not an official standard" in page
    assert client.get(f"/en/policies/measures/{told.entry.measure_id}/gender/").status_code == 302


@pytest.mark.django_db
def test_the_public_is_not_told_who_gave_no_accepted_answer(client, paula, policy, told):
    address = f"/en/policies/plans/{told.entry.version.plan_id}/gender/"
    register.show_policy(by=paula, policy=policy, revision=policy.revision, public=True)
    page = client.get(address)
    assert page.status_code == 200
    assert "no accepted answer" not in page.content.decode()
    client.force_login(paula)
    assert "no accepted answer" in client.get(address).content.decode()


@pytest.mark.django_db
def test_the_page_of_the_mark_is_for_those_who_edit(client, peter, paula, policy, told):
    register.show_policy(by=paula, policy=policy, revision=policy.revision, public=True)
    client.force_login(peter)
    measure = told.entry.measure_id
    for address in (f"measures/{measure}/gender/", f"measures/{measure}/indicators/{told.pk}/gender/"):
        assert client.get(f"/en/policies/{address}").status_code == 403


@pytest.mark.django_db
def test_marks_are_typed_and_taken_along_as_a_table(client, paula, told):
    client.force_login(paula)
    version = told.entry.version
    address = f"/en/policies/measures/{told.entry.measure_id}"
    sent = {"gender": "sensitive", "gender_reason-en": "=Counts", "groups": ["women"]}
    revision = {"revision": entry(version).revision}
    assert client.post(f"{address}/gender/", sent | revision).status_code == 302
    revision = {"revision": entry(version).revision}
    sent = {"gender": "sensitive", "gender_reason-en": "By sex", "of_people": "true"}
    assert client.post(f"{address}/indicators/{told.pk}/gender/", sent | revision).status_code == 302
    page = client.get(f"/en/policies/plans/{version.plan_id}/gender.csv?version={version.number}")
    rows = list(csv.reader(io.StringIO(page.content.decode("utf-8-sig"))))
    assert rows[1][:5] == ["1.1", "Measure", "Adopt a law", "gender-sensitive", "'=Counts"]
    assert rows[2][3:] == ["gender-sensitive", "By sex", "", "", "yes", "yes"]


@pytest.mark.django_db
def test_the_page_asks_no_more_of_the_database_for_more_measures(client, paula, draft):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.force_login(paula)

    def asked():
        with CaptureQueriesContext(connection) as found:
            assert client.get(f"/en/policies/plans/{draft.plan_id}/gender/").status_code == 200
        return len(found)

    indicator(paula, entry(draft), "Returnees helped")
    few = (asked(), asked())[1]
    for number in range(5):
        made = measures.add(
            by=paula, version=draft, section=draft.sections.get(), code=f"3.{number}", title={"en": "More"}
        )
        indicator(paula, made, "Returnees helped")
    assert asked() == few
