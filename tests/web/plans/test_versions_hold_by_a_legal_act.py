from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from milepost.errors import MilepostError
from milepost.web.audit.models import Event
from milepost.web.plans.actions import measures, register, versions
from milepost.web.plans.models import Entry, Measure
from milepost.web.plans.queries import difference as differences
from milepost.web.plans.queries import versions as queries
from milepost.web.ui.revisions import Stale


def codes(refused):
    return [problem.code for problem in refused.value.problems]


def force(paula, version, **other):
    typed = {
        "act": {"en": "Second resolution"},
        "act_number": "40",
        "adopted": None,
        "since": date(2026, 9, 1),
        "reason": {"en": "The budget changed."},
    }
    return versions.put_in_force(
        by=paula, version=version, **{"revision": version.revision, **typed, **other}
    )


def entry(version, code):
    return version.entries.get(code=code)


def test_the_days_of_a_deadline_are_read_from_its_words(draft):
    law = entry(draft, "1.1")
    assert (law.first_day, law.last_day) == (date(2026, 4, 1), date(2026, 6, 30))
    assert entry(draft, "1.2").last_day == date(2027, 12, 31)


def test_days_that_a_person_gives_count_more_than_the_words(paula, draft):
    law = entry(draft, "1.1")
    measures.save(
        by=paula, entry=law, revision=law.revision, deadline="до 2027 года", last_day=date(2026, 12, 31)
    )
    assert law.last_day == date(2026, 12, 31)


def test_a_deadline_that_can_mean_two_days_stays_open(paula, draft):
    law = entry(draft, "1.1")
    measures.save(
        by=paula, entry=law, revision=law.revision, deadline="до 2027 года", first_day=None, last_day=None
    )
    assert law.last_day is None


def test_a_measure_that_ends_before_it_starts_is_refused(paula, draft):
    law = entry(draft, "1.1")
    days = {"first_day": date(2026, 5, 1), "last_day": date(2026, 4, 1)}
    with pytest.raises(MilepostError) as refused:
        measures.save(by=paula, entry=law, revision=law.revision, **days)
    assert codes(refused) == ["ends-before-start"]


def test_what_is_in_force_is_not_changed_any_more(paula, in_force):
    law = entry(in_force, "1.1")
    for deed in (
        lambda: measures.save(by=paula, entry=law, revision=law.revision, title={"en": "Another law"}),
        lambda: measures.remove(by=paula, entry=law, revision=law.revision, reason="no"),
        lambda: measures.add(by=paula, version=in_force, section=law.section, title={"en": "More"}),
        lambda: measures.add_cost(
            by=paula, entry=law, source="Budget", amount=None, currency="", committed=True
        ),
        lambda: measures.add_indicator(by=paula, entry=law, title={"en": "Laws"}, kind="output"),
        lambda: force(paula, in_force),
        lambda: versions.discard(by=paula, version=in_force, revision=in_force.revision, reason="no"),
    ):
        with pytest.raises(MilepostError) as refused:
            deed()
        assert codes(refused) == ["plan-version-fixed"]
    assert entry(in_force, "1.1").text["en"] == "Adopt a law"


def test_an_amendment_begins_as_a_copy_with_the_same_measures(cast, in_force, amendment):
    assert amendment.number == 2
    assert [one.measure_id for one in amendment.entries.all()] == [
        one.measure_id for one in in_force.entries.all()
    ]
    assert entry(amendment, "1.1").roles.get().institution == cast.ministry
    assert not set(amendment.entries.values_list("pk")) & set(in_force.entries.values_list("pk"))
    assert entry(amendment, "1.1").section.version == amendment


def test_there_is_one_draft_at_a_time(paula, amendment):
    with pytest.raises(MilepostError) as refused:
        versions.begin(by=paula, plan=amendment.plan)
    assert codes(refused) == ["plan-has-a-draft"]


def test_an_amendment_needs_its_act_its_reason_and_a_later_day(paula, amendment):
    with pytest.raises(MilepostError) as refused:
        force(paula, amendment, act={}, reason={}, since=date(2026, 1, 1))
    assert codes(refused) == ["plan-without-act", "plan-not-after", "reason-missing"]
    with pytest.raises(MilepostError) as refused:
        force(paula, amendment, since=date(2028, 1, 1))
    assert codes(refused) == ["plan-in-force-too-late"]


def test_a_draft_without_measures_is_not_put_in_force(paula, plan):
    version = versions.begin(by=paula, plan=plan)
    with pytest.raises(MilepostError) as refused:
        force(paula, version)
    assert codes(refused) == ["plan-without-measures"]


def test_before_there_is_a_version_none_is_in_force(paula, plan):
    assert queries.in_force(plan, date(2026, 1, 1)) is None
    assert queries.history(paula, plan) == []


def test_each_day_has_its_version(paula, in_force, amendment):
    force(paula, amendment)
    plan = in_force.plan
    assert queries.in_force(plan, date(2025, 12, 31)) is None
    assert queries.in_force(plan, date(2026, 8, 31)) == in_force
    assert queries.in_force(plan, date(2026, 9, 1)) == amendment
    first, second = queries.history(paula, plan)
    assert (first.since, first.until) == (date(2026, 1, 1), date(2026, 8, 31))
    assert (second.since, second.until) == (date(2026, 9, 1), None)


def test_two_versions_stand_side_by_side(paula, in_force, amendment):
    law, training = entry(amendment, "1.1"), entry(amendment, "1.2")
    measures.save(
        by=paula,
        entry=law,
        revision=law.revision,
        deadline="IV квартал 2026 г.",
        first_day=None,
        last_day=None,
        repeated="",
    )
    measures.remove(by=paula, entry=training, revision=training.revision, reason="No money.")
    measures.add(by=paula, version=amendment, section=law.section, code="1.3", title={"en": "Open an office"})
    found = differences.difference(in_force, amendment)
    assert [(row.kind, row.entry.code, row.days) for row in found.rows] == [
        ("changed", "1.1", 184),
        ("added", "1.3", None),
        ("removed", "1.2", None),
    ]
    assert (found.added, found.changed, found.removed, found.later, found.same) == (1, 1, 1, 1, 0)
    (change,) = found.rows[0].changes
    assert "II квартал" in change.before
    assert "IV квартал" in change.after


def test_equal_versions_do_not_differ(in_force, amendment):
    found = differences.difference(in_force, amendment)
    assert (found.rows, found.same) == ((), 2)


def test_a_measure_that_no_version_has_is_forgotten_and_others_are_kept(paula, in_force, amendment):
    law = entry(amendment, "1.1")
    new = measures.add(by=paula, version=amendment, section=law.section, code="1.3", title={"en": "New"})
    measures.remove(by=paula, entry=new, revision=new.revision, reason="A mistake.")
    measures.remove(by=paula, entry=law, revision=law.revision, reason="Done.")
    assert sorted(Measure.objects.values_list("key", flat=True)) == ["1.1", "1.2"]


def test_a_key_is_never_used_for_another_measure(paula, in_force, amendment):
    law = entry(amendment, "1.1")
    measures.remove(by=paula, entry=law, revision=law.revision, reason="Done.")
    section = amendment.sections.get()
    new = measures.add(by=paula, version=amendment, section=section, code="1.1", title={"en": "Another one"})
    assert new.measure.key == "1.1-2"


def test_a_draft_is_thrown_away_with_what_only_it_had(paula, in_force, amendment):
    section = amendment.sections.get()
    measures.add(by=paula, version=amendment, section=section, code="9", title={"en": "New"})
    amendment.refresh_from_db()
    versions.discard(by=paula, version=amendment, revision=amendment.revision, reason="Not agreed.")
    assert list(in_force.plan.versions.all()) == [in_force]
    assert Measure.objects.filter(key="9").count() == 0
    assert Event.objects.filter(verb="plan.discarded", why="Not agreed.").exists()


def test_nobody_overwrites_what_another_person_changed(paula, draft):
    law = entry(draft, "1.1")
    seen = law.revision
    measures.save(by=paula, entry=law, revision=seen, title={"en": "Adopt two laws"})
    with pytest.raises(Stale):
        measures.save(by=paula, entry=Entry.objects.get(pk=law.pk), revision=seen, title={"en": "Adopt none"})
    assert entry(draft, "1.1").text["en"] == "Adopt two laws"


def test_nobody_puts_in_force_what_was_changed_after_they_looked(cast, paula, amendment):
    seen = amendment.revision
    law = entry(amendment, "1.1")
    measures.save(by=paula, entry=law, revision=law.revision, title={"en": "Adopt no law"})
    with pytest.raises(Stale):
        force(paula, amendment, revision=seen)
    amendment.refresh_from_db()
    seen = amendment.revision
    measures.choose_coordinator(by=paula, entry=law, institution=cast.office, revision=law.revision)
    with pytest.raises(Stale):
        force(paula, amendment, revision=seen)
    assert amendment.plan.versions.get(number=2).is_draft


def test_words_in_other_languages_stay(paula, draft):
    law = entry(draft, "1.1")
    Entry.objects.filter(pk=law.pk).update(title={"en": "Adopt a law", "ky": "Мыйзам кабыл алуу"})
    law.refresh_from_db()
    measures.save(by=paula, entry=law, revision=law.revision, title={"en": "Adopt the law"})
    assert law.title == {"en": "Adopt the law", "ky": "Мыйзам кабыл алуу"}


def test_a_plan_stays_within_its_policy(paula, policy):
    with pytest.raises(MilepostError) as refused:
        register.enter_plan(
            by=paula, policy=policy, title={"en": "Late"}, start=date(2030, 1, 1), end=date(2031, 1, 1)
        )
    assert codes(refused) == ["plan-outside-policy"]


def test_only_those_who_edit_plans_there_may_act(cast, peter, policy, in_force, amendment):
    law = entry(amendment, "1.1")
    for stranger in (cast.frank, cast.carol, peter, cast.nobody):
        for deed in (
            lambda by: register.save_policy(
                by=by,
                policy=policy,
                revision=1,
                title={},
                start=date(2026, 1, 1),
                end=None,
                act={},
                vision={},
            ),
            lambda by: register.show_policy(by=by, policy=policy, revision=1, public=True),
            lambda by: versions.begin(by=by, plan=in_force.plan),
            lambda by: force(by, amendment),
            lambda by: versions.discard(by=by, version=amendment, revision=1, reason="x"),
            lambda by: measures.save(by=by, entry=law, revision=1, title={"en": "x"}),
            lambda by: measures.choose_coordinator(
                by=by, entry=law, institution=cast.office, revision=law.revision
            ),
            lambda by: measures.hand_over(
                by=by, plan=in_force.plan, giving=cast.ministry, taking=cast.office, reason="x"
            ),
        ):
            with pytest.raises(PermissionDenied):
                deed(stranger)
