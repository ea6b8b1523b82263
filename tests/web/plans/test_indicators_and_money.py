"""What indicators reach against their milestones; what is planned and spent; what is late, and why."""

from datetime import date
from decimal import Decimal

import pytest

from milepost.errors import MilepostError
from milepost.web.plans.actions import measures, rounds, versions
from milepost.web.plans.models import MeasureIndicator
from milepost.web.plans.queries import money, outcomes, slipped, standing
from tests.cast import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def ann(cast):
    """Answers for the ministry."""
    return person("ann", ("focal-point", cast.ministry.address), works_for=cast.ministry)


@pytest.fixture
def law(draft):
    """The measure on which the ministry reports."""
    return next(one for one in draft.entries.all() if one.roles.filter(kind="coordinator").exists())


def in_force(by, draft, since=date(2026, 1, 1), **more):
    draft.refresh_from_db()
    return versions.put_in_force(
        by=by,
        version=draft,
        revision=draft.revision,
        act={"en": "Resolution"},
        act_number="1",
        adopted=None,
        since=since,
        **more,
    )


def indicator(by, entry, title="Recruiters inspected", **said):
    return measures.add_indicator(by=by, entry=entry, title={"en": title}, kind="outcome", **said)


def answered(paula, ann, plan, entry, year, *, quarter=(10, 12, 31), total=None, spent=None, **said):
    """A round of a year in which the ministry tells what it reached and spent, and Paula accepts it."""
    first, last, day = quarter
    opened = rounds.open_round(
        by=paula, plan=plan, start=date(year, first, 1), end=date(year, last, day), due=date(year + 1, 1, 20)
    )
    answer = opened.answers.get(entry__measure=entry.measure)
    of = {one.key: one.pk for one in answer.entry.indicators.all()}
    costs = {one.source: one.pk for one in answer.entry.costs.all()}
    rounds.save(
        by=ann,
        answer=answer,
        revision=answer.revision,
        figures={of[key]: row for key, row in (total or {}).items()},
        spending={costs[source]: Decimal(number) for source, number in (spent or {}).items()},
        done="under_way",
        text="It goes on.",
        **said,
    )
    rounds.submit(by=ann, answer=answer, revision=answer.revision)
    rounds.accept(by=paula, answer=answer, revision=answer.revision)
    opened.refresh_from_db()
    rounds.close(by=paula, one=opened, revision=opened.revision)
    return answer


# Indicators -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "kind", "field"),
    [
        ({"direction": "maintain"}, "tolerance-missing", "tolerance"),
        ({"baseline": Decimal(3)}, "baseline-half", "baseline_year"),
        ({"baseline_year": 2025}, "baseline-half", "baseline"),
        (
            {"baseline": Decimal(3), "baseline_year": 2027, "milestones": {2027: Decimal(5)}},
            "baseline-late",
            "baseline_year",
        ),
        (
            {"baseline": Decimal(5), "baseline_year": 2025, "milestones": {2027: Decimal(5)}},
            "milestone-is-baseline",
            "milestones",
        ),
        (
            {"baseline": Decimal(9), "baseline_year": 2025, "milestones": {2027: Decimal(5)}},
            "milestone-backwards",
            "milestones",
        ),
    ],
)
def test_an_indicator_that_cannot_be_followed_is_refused(paula, law, said, kind, field):
    with pytest.raises(MilepostError) as refused:
        indicator(paula, law, **said)
    assert (kind, field) in {(one.code, one.origin.column) for one in refused.value.problems}
    assert not law.indicators.exists()


def test_a_falling_indicator_may_fall_and_one_to_maintain_may_start_at_its_milestone(paula, law):
    falling = {"baseline": Decimal(9), "baseline_year": 2025, "milestones": {2027: Decimal(5)}}
    assert indicator(paula, law, direction="down", **falling).wanted == {2027: Decimal(5)}
    still = {"baseline": Decimal(5), "baseline_year": 2025, "milestones": {2027: Decimal(5)}}
    assert indicator(paula, law, "Wait", direction="maintain", tolerance=Decimal(1), **still).tolerance == 1


WAY = {
    "baseline": Decimal(100),
    "baseline_year": 2025,
    "milestones": {2026: Decimal(200), 2027: Decimal(300)},
}


@pytest.mark.parametrize(
    ("reached", "light", "percent"),
    [
        ("185", "on_track", "85.0"),
        ("184", "off_track", "84.0"),
        ("90", "off_track", "-10.0"),
        ("240", "on_track", "140.0"),
    ],
)
def test_a_milestone_that_is_over_is_judged_by_the_way_to_it(
    paula, ann, plan, draft, law, reached, light, percent
):
    one = indicator(paula, law, **WAY)
    version = in_force(paula, draft)
    answered(paula, ann, plan, law, 2026, total={one.key: {"total": Decimal(reached)}})
    (line,) = outcomes.lines(plan, version, date(2027, 1, 5), "outcome")
    assert (line.light, line.year, line.milestone) == (light, 2026, "200")
    assert line.verdict.percent == Decimal(percent)


def test_before_a_year_is_over_nothing_is_due_and_without_an_answer_there_is_none(
    paula, ann, plan, draft, law
):
    one = indicator(paula, law, **WAY)
    indicator(paula, law, "Without milestone")
    version = in_force(paula, draft)
    early = {line.indicator.key: line for line in outcomes.lines(plan, version, date(2026, 12, 31))}
    assert early[one.key].light == "not_due"
    late = outcomes.lines(plan, version, date(2027, 1, 1))
    assert [line.light for line in late] == ["no_answer", "no_milestone"]


def test_the_margin_is_the_plans_own(paula, ann, plan, draft, law):
    one = indicator(paula, law, **WAY)
    version = in_force(paula, draft)
    answered(paula, ann, plan, law, 2026, total={one.key: {"total": Decimal(170)}})
    assert outcomes.lines(plan, version, date(2027, 1, 5))[0].light == "off_track"
    plan.margin = Decimal("0.30")
    assert outcomes.lines(plan, version, date(2027, 1, 5))[0].light == "on_track"


def test_what_is_to_stay_is_kept_within_its_tolerance_and_has_no_percentage(paula, ann, plan, draft, law):
    one = indicator(paula, law, direction="maintain", tolerance=Decimal(2), milestones={2026: Decimal(10)})
    version = in_force(paula, draft)
    answered(paula, ann, plan, law, 2026, total={one.key: {"total": Decimal(12)}})
    (line,) = outcomes.lines(plan, version, date(2027, 1, 5))
    assert (line.light, line.verdict.percent) == ("on_track", None)


def test_a_share_is_typed_as_numerator_and_denominator(paula, ann, plan, draft, law):
    one = indicator(
        paula,
        law,
        measured="percentage",
        milestones={2026: Decimal(50)},
        baseline=Decimal(20),
        baseline_year=2025,
    )
    version = in_force(paula, draft)
    row = {"numerator": Decimal(30), "denominator": Decimal(60)}
    answered(paula, ann, plan, law, 2026, total={one.key: row})
    (line,) = outcomes.lines(plan, version, date(2027, 1, 5))
    assert (line.light, line.verdict.percent, line.actual) == ("on_track", Decimal("100.0"), "50 % (30/60)")


def test_a_share_without_denominator_is_not_sent(paula, ann, plan, draft, law):
    one = indicator(paula, law, measured="percentage")
    in_force(paula, draft)
    with pytest.raises(MilepostError) as refused:
        answered(paula, ann, plan, law, 2026, total={one.key: {"numerator": Decimal(30)}})
    assert [problem.code for problem in refused.value.problems] == ["percentage-needs-both"]


def test_an_amendment_changes_a_milestone_and_the_indicator_stays_the_same(paula, ann, plan, draft, law):
    one = indicator(paula, law, **WAY)
    first = in_force(paula, draft)
    answered(paula, ann, plan, law, 2026, total={one.key: {"total": Decimal(150)}})
    second = versions.begin(by=paula, plan=plan)
    copy = MeasureIndicator.objects.get(entry__version=second)
    assert (copy.key, copy.wanted) == (one.key, one.wanted)
    changed = WAY | {"milestones": {2026: Decimal(150), 2027: Decimal(180)}}
    measures.change_indicator(
        by=paula,
        indicator=copy,
        revision=copy.entry.revision,
        title=copy.title,
        kind=copy.kind,
        **changed,
    )
    second = in_force(paula, second, since=date(2027, 1, 1), reason={"en": "Fewer inspectors than planned."})
    assert outcomes.lines(plan, first, date(2027, 1, 5))[0].light == "off_track"
    assert outcomes.lines(plan, second, date(2027, 1, 5))[0].light == "on_track"


# Money ------------------------------------------------------------------------------------------------------


def test_money_is_told_by_source_and_currencies_are_not_added(paula, ann, plan, draft, law):
    for source, amount, currency, committed in (
        ("State budget", Decimal(1000), "XSD", True),
        ("Partners", Decimal(500), "USD", False),
        ("Fees", None, "XSD", True),
    ):
        measures.add_cost(
            by=paula, entry=law, source=source, amount=amount, currency=currency, committed=committed
        )
    version = in_force(paula, draft)
    answered(paula, ann, plan, law, 2026, spent={"State budget": "1200", "Fees": "10"})
    found = money.money(plan, version, date(2027, 1, 5))
    totals = {one.currency: one for one in found.totals}
    assert (totals["XSD"].planned, totals["XSD"].spent, totals["XSD"].percent) == (1000, 1210, None)
    assert (totals["USD"].sought, totals["USD"].committed, totals["USD"].spent) == (500, 0, 0)
    by_source = {one.name: one for one in found.sources}
    assert (by_source["State budget"].percent, by_source["State budget"].too_much) == (120, True)
    assert [cost.source for cost in found.over] == ["State budget"]
    assert money.money(plan, version, date(2026, 6, 1)).totals[0].spent == 0


def test_what_was_spent_is_filled_in_in_the_next_round(paula, ann, plan, draft, law):
    measures.add_cost(
        by=paula, entry=law, source="State budget", amount=Decimal(10), currency="XSD", committed=True
    )
    in_force(paula, draft)
    answered(paula, ann, plan, law, 2026, quarter=(1, 3, 31), spent={"State budget": "4"})
    opened = rounds.open_round(
        by=paula, plan=plan, start=date(2026, 4, 1), end=date(2026, 6, 30), due=date(2026, 7, 20)
    )
    answer = opened.answers.get(entry__measure=law.measure)
    assert [one.amount for one in answer.spending.all()] == [4]


def test_a_source_that_is_there_in_part_and_sought_in_part_is_not_spent_twice(paula, ann, plan, draft, law):
    for amount, committed in ((100, True), (50, False)):
        measures.add_cost(
            by=paula,
            entry=law,
            source="State budget",
            amount=Decimal(amount),
            currency="XSD",
            committed=committed,
        )
    version = in_force(paula, draft)
    answered(paula, ann, plan, law, 2026, quarter=(1, 3, 31), spent={"State budget": "120"})
    found = money.money(plan, version, date(2026, 5, 1))
    (one,) = found.sources
    assert (one.planned, one.committed, one.sought, one.spent, found.over) == (150, 100, 50, 120, ())
    opened = rounds.open_round(
        by=paula, plan=plan, start=date(2026, 4, 1), end=date(2026, 6, 30), due=date(2026, 7, 20)
    )
    answer = opened.answers.get(entry__measure=law.measure)
    assert [row.amount for row in answer.spending.all()] == [120]


def test_nobody_spends_less_than_nothing(paula, ann, plan, draft, law):
    measures.add_cost(
        by=paula, entry=law, source="State budget", amount=Decimal(10), currency="XSD", committed=True
    )
    in_force(paula, draft)
    with pytest.raises(MilepostError) as refused:
        answered(paula, ann, plan, law, 2026, spent={"State budget": "-4"})
    assert [problem.code for problem in refused.value.problems] == ["figure-negative"]


# What is late, and what was put off -------------------------------------------------------------------------


def test_what_is_late_stands_with_the_reason_last_accepted(paula, ann, plan, draft, law):
    measures.save(by=paula, entry=law, revision=law.revision, last_day=date(2026, 6, 30))
    in_force(paula, draft)
    answered(paula, ann, plan, law, 2026, obstacles="No inspectors were hired.", needed="Ten posts.")
    found = standing.standing(plan, date(2027, 1, 5))
    assert found is not None
    (late,) = slipped.late(plan, found, date(2027, 1, 5))
    assert (late.days, late.obstacles, late.needed) == (189, "No inspectors were hired.", "Ten posts.")


def test_what_an_amendment_puts_off_is_told_with_its_days(paula, plan, draft, law):
    measures.save(by=paula, entry=law, revision=law.revision, last_day=date(2026, 6, 30))
    in_force(paula, draft)
    second = versions.begin(by=paula, plan=plan)
    entry = second.entries.get(measure=law.measure)
    measures.save(by=paula, entry=entry, revision=entry.revision, last_day=date(2026, 9, 30))
    in_force(paula, second, since=date(2026, 5, 1), reason={"en": "The tender is late."})
    (one,) = slipped.put_off(plan, date(2026, 1, 1), date(2026, 12, 31))
    assert (one.days, one.version.number, one.entry.measure_id) == (92, 2, law.measure_id)
    assert slipped.put_off(plan, date(2026, 6, 1), date(2026, 12, 31)) == []


def test_lights_are_told_by_source_and_by_target(paula, plan, draft, law):
    for source in ("State budget", "Partners"):
        measures.add_cost(by=paula, entry=law, source=source, amount=None, currency="", committed=True)
    law.refresh_from_db()
    measures.save(
        by=paula,
        entry=law,
        revision=law.revision,
        references=[["sdg", "10.7.1"], ["sdg", "10.7"], ["gcm", "6"]],
    )
    in_force(paula, draft)
    found = standing.standing(plan, date(2026, 2, 1))
    assert found is not None
    assert {"State budget", "Partners"} <= {one.name for one in found.sources}
    assert {one.name: one.total for one in found.targets}["10.7"] == 1


# Pages ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("part", ["", "indicators/", "money/"])
def test_the_pages_are_for_those_who_work_with_the_plan(
    client, cast, paula, ann, peter, plan, draft, law, part
):
    indicator(paula, law, **WAY)
    measures.add_cost(
        by=paula, entry=law, source="State budget", amount=Decimal(10), currency="XSD", committed=True
    )
    in_force(paula, draft)
    address = f"/en/policies/plans/{plan.pk}/standing/{part}"
    for reader, status in ((paula, 200), (ann, 200), (peter, 404), (cast.charlie, 404)):
        client.force_login(reader)
        assert client.get(address).status_code == status, (reader, address)
    client.logout()
    assert client.get(address).status_code == 302


def test_an_indicator_of_a_draft_is_edited_on_its_page(client, paula, draft, law):
    one = indicator(paula, law)
    client.force_login(paula)
    address = f"/en/policies/measures/{law.measure_id}/indicators/{one.pk}/"
    law.refresh_from_db()
    typed = {
        "title-en": "Recruiters inspected",
        "kind": "output",
        "measured": "number",
        "direction": "up",
        "baseline": "10",
        "baseline_year": "2025",
        "milestones": "2026 20\n2027: 30,5",
        "revision": law.revision,
    }
    assert client.post(address, typed | {"milestones": "soon"}).status_code == 200
    answer = client.post(address, typed)
    assert answer.status_code == 302, answer.context["form"].errors
    one.refresh_from_db()
    assert one.wanted == {2026: Decimal(20), 2027: Decimal("30.5")}
    assert client.post(address, typed).status_code == 200  # somebody else's revision by now
