"""What an indicator of a project contributes to a measure of a plan, counted once."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse

from milepost.errors import MilepostError
from milepost.values import Figure
from milepost.web.plans.actions import measures, register, versions
from milepost.web.projects.actions import contributions as actions
from milepost.web.projects.actions import matrix, reporting
from milepost.web.projects.models import Contribution
from milepost.web.projects.queries import contributions as queries
from milepost.web.traces.models import Edge
from tests.cast import person

TODAY = date(2026, 3, 1)


@pytest.fixture
def paula(cast):
    """Plan coordinator of the ministry."""
    return person("paula", ("plan-coordinator", cast.ministry.address), works_for=cast.ministry)


@pytest.fixture
def policy(cast, paula):
    """A policy of Sandoria that is not public."""
    return register.enter_policy(
        by=paula,
        institution=cast.ministry,
        title={"en": "Concept"},
        start=date(2026, 1, 1),
        end=date(2030, 12, 31),
    )


@pytest.fixture
def measure(paula, policy):
    """A measure in force."""
    plan = register.enter_plan(
        by=paula, policy=policy, title={"en": "Plan"}, start=date(2026, 1, 1), end=date(2027, 12, 31)
    )
    draft = versions.begin(by=paula, plan=plan)
    section = measures.add_section(
        by=paula, version=draft, level="objective", code="1", title={"en": "Fair recruitment"}
    )
    entry = measures.add(
        by=paula,
        version=draft,
        section=section,
        code="1.1",
        title={"en": "Train inspectors"},
        deadline="2027",
    )
    draft.refresh_from_db()
    act = {"act": {"en": "Resolution"}, "act_number": "1", "adopted": None, "since": date(2026, 1, 1)}
    versions.put_in_force(by=paula, version=draft, revision=draft.revision, **act)
    return entry.measure


@pytest.fixture
def shown(paula, policy, measure):
    """The same, of a public policy."""
    policy.refresh_from_db()
    register.show_policy(by=paula, policy=policy, revision=policy.revision, public=True)
    return measure


def report(mary, fred, indicator, number):
    period = indicator.result.project.periods.first()
    actual = reporting.report(
        by=mary, indicator=indicator, period=period, figures=[Figure(Decimal(number))], evidence="Lists"
    )
    actual = reporting.submit(by=mary, actual=actual, revision=actual.revision)
    return reporting.approve(by=fred, actual=actual, revision=actual.revision)


def another(mary, trained, code):
    return matrix.add_indicator(
        by=mary,
        result=trained.result,
        code=code,
        title={"en": f"Inspectors taught, {code}"},
        unit="Persons",
        counting="cumulative",
        over_time="sum",
    )


def test_the_same_people_count_once_for_a_measure(mary, fred, active, trained, shown):
    report(mary, fred, trained, 40)
    same = another(mary, trained, "1.1.b")
    report(mary, fred, same, 25)
    whole = actions.contribute(by=mary, indicator=trained, goal=shown)
    actions.contribute(
        by=mary, indicator=same, goal=shown, counted_in=whole, reason="The same course; lists compared."
    )
    found = queries.to_measure(mary, shown, today=TODAY)
    assert found.sums == [("persons", "40", 1)]
    assert [one.goal for one in found.rows] == ["Plan: 1.1 Train inspectors"] * 2
    edge = Edge.objects.filter(source=trained.address, relation="contributes_to")
    assert edge.get().target == shown.address


def test_an_indicator_contributes_to_a_measure_once(mary, active, trained, shown):
    actions.contribute(by=mary, indicator=trained, goal=shown)
    with pytest.raises(MilepostError) as refused:
        actions.contribute(by=mary, indicator=trained, goal=shown)
    assert [problem.code for problem in refused.value.problems] == ["contributes-already"]


def test_a_contribution_has_one_goal_and_never_none(active, trained):
    with pytest.raises(IntegrityError), transaction.atomic():
        Contribution.objects.create(indicator=trained)


def test_what_is_withdrawn_leaves_no_edge(mary, active, trained, shown):
    made = actions.contribute(by=mary, indicator=trained, goal=shown)
    actions.withdraw(by=mary, contribution=made, revision=made.revision, reason="Other people.")
    assert not Edge.objects.filter(source=trained.address, relation="contributes_to").exists()


def test_who_may_not_edit_the_project_says_nothing(zoe, active, trained, shown):
    with pytest.raises(PermissionDenied):
        actions.contribute(by=zoe, indicator=trained, goal=shown)


def test_a_measure_is_chosen_on_the_page_and_its_page_tells_it(client, mary, active, trained, shown):
    client.force_login(mary)
    address = reverse("contribution-new", args=[active.pk])
    assert "Plan: 1.1 Train inspectors" in client.get(address).content.decode()
    typed = {"indicator": trained.pk, "goal": shown.address, "percent": "100", "words-en": "They inspect."}
    assert client.post(address, typed).status_code == 302
    page = client.get(reverse("measure-contributions", args=[shown.pk])).content.decode()
    assert "They inspect." in page
    assert (
        "Plan: 1.1 Train inspectors"
        in client.get(reverse("project-contributions", args=[active.pk])).content.decode()
    )
    table = client.get(reverse("measure-contributions-export", args=[shown.pk, "csv"]))
    assert "They inspect." in table.content.decode()
    (made,) = Contribution.objects.all()
    for name in ("contribution-edit", "contribution-withdraw"):
        assert "Plan: 1.1 Train inspectors" in client.get(reverse(name, args=[made.pk])).content.decode()


def test_a_hidden_plan_is_told_to_nobody_who_may_not_see_it(
    client, cast, mary, paula, active, trained, measure
):
    actions.contribute(by=mary, indicator=trained, goal=measure)
    client.force_login(cast.charlie)
    assert client.get(reverse("measure-contributions", args=[measure.pk])).status_code == 404
    assert not queries.contributions(cast.charlie).exists()
    client.logout()
    assert client.get(reverse("measure-contributions", args=[measure.pk])).status_code == 404
    client.force_login(paula)
    assert client.get(reverse("measure-contributions", args=[measure.pk])).status_code == 200


def test_a_hidden_project_adds_nothing_that_the_public_sees(client, mary, fred, active, trained, shown):
    report(mary, fred, trained, 40)
    actions.contribute(by=mary, indicator=trained, goal=shown)
    page = client.get(reverse("measure-contributions", args=[shown.pk])).content.decode()
    assert ("40" in page) == active.public
    assert queries.to_measure(mary, shown, today=TODAY).sums == [("persons", "40", 1)]
