"""What an indicator of a project contributes to a national target, counted once."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from milepost.errors import MilepostError
from milepost.values import Figure
from milepost.web.audit.models import Event
from milepost.web.indicators.actions import targets
from milepost.web.projects.actions import contributions as actions
from milepost.web.projects.actions import lifecycle, matrix, register, reporting
from milepost.web.projects.models import Contribution
from milepost.web.projects.queries import contributions as queries
from milepost.web.traces.models import Edge
from milepost.web.ui.revisions import Stale
from tests.web.conftest import PHONE, accessible
from tests.web.indicators.steps import listed

TODAY = date(2026, 3, 1)
ACT = {"en": "Decree No. 7 of 2024"}


@pytest.fixture
def target(cast):
    """Of Sandoria, for its indicator 8.8.1."""
    [indicator] = listed(cast, "8.8.1")
    return targets.set_target(
        by=cast.carol, indicator=indicator, unit="NUMBER", source=ACT, direction="down", value=5.0, year=2030
    )


@pytest.fixture
def reported(mary, fred, active, trained):
    """Forty persons trained in the first half-year, approved."""
    return report(mary, fred, trained, 40)


def report(mary, fred, indicator, number):
    period = indicator.result.project.periods.first()
    actual = reporting.report(
        by=mary, indicator=indicator, period=period, figures=[Figure(Decimal(number))], evidence="Lists"
    )
    actual = reporting.submit(by=mary, actual=actual, revision=actual.revision)
    return reporting.approve(by=fred, actual=actual, revision=actual.revision)


def another(mary, trained, code="1.1.b", **more):
    """A further indicator of the same output."""
    return matrix.add_indicator(
        by=mary,
        result=trained.result,
        code=code,
        title={"en": f"Inspectors taught, {code}"},
        **{"unit": "Persons", "counting": "cumulative", "over_time": "sum", **more},
    )


def codes(refused):
    return {problem.code for problem in refused.value.problems}


def test_what_was_approved_adds_up_and_the_same_people_count_once(mary, fred, trained, reported, target):
    half = another(mary, trained)
    report(mary, fred, half, 30)
    same = another(mary, trained, "1.1.c")
    report(mary, fred, same, 25)
    whole = actions.contribute(by=mary, indicator=trained, goal=target, words={"en": "They inspect."})
    actions.contribute(
        by=mary,
        indicator=half,
        goal=target,
        share=Decimal("0.5"),
        reason="Half of them inspect building sites.",
    )
    actions.contribute(
        by=mary, indicator=same, goal=target, counted_in=whole, reason="The same course; lists compared."
    )
    found = queries.to_target(mary, target, today=TODAY)
    assert found.sums == [("persons", "55", 2)]
    assert [(one.reached, one.share, one.adds, one.why) for one in found.rows] == [
        ("40", "", "40", ""),
        ("30", "50 %", "15", ""),
        ("25", "", "", "counted in another contribution"),
    ]
    assert found.rows[2].counted_in == whole
    edge = Edge.objects.filter(source=trained.address, relation="contributes_to")
    assert edge.get().target == target.address


def test_a_report_that_is_not_approved_adds_nothing(mary, active, trained, target):
    actions.contribute(by=mary, indicator=trained, goal=target)
    reporting.report(
        by=mary, indicator=trained, period=active.periods.first(), figures=[Figure(Decimal(40))], evidence="x"
    )
    found = queries.to_target(mary, target, today=TODAY)
    assert found.sums == [] and [one.adds for one in found.rows] == [""]


def test_it_holds_for_a_target_that_is_revised(cast, mary, trained, reported, target):
    actions.contribute(by=mary, indicator=trained, goal=target)
    revised = targets.revise_target(by=cast.carol, target=target, value=4.0, reason="Decree No. 9 of 2025.")
    assert queries.to_target(mary, revised, today=TODAY).sums == [("persons", "40", 1)]
    with pytest.raises(MilepostError) as refused:
        actions.contribute(by=mary, indicator=trained, goal=revised)
    assert codes(refused) == {"contributes-already"}
    with pytest.raises(MilepostError) as refused:
        actions.contribute(by=mary, indicator=another(mary, trained), goal=target)
    assert codes(refused) == {"target-not-in-force"}


def test_shares_and_doubles_are_refused_with_what_is_wrong(mary, trained, target):
    rate = another(mary, trained, measure="percentage")
    kept = another(mary, trained, "1.1.c", direction="maintain", tolerance=Decimal(1))
    for share, of, expected in (
        (Decimal(0), trained, {"share-out-of-range", "reason-missing"}),
        (Decimal("1.5"), trained, {"share-out-of-range", "reason-missing"}),
        (Decimal("0.5"), rate, {"share-of-no-number", "reason-missing"}),
        (Decimal("0.5"), kept, {"share-of-no-number", "reason-missing"}),
    ):
        with pytest.raises(MilepostError) as refused:
            actions.contribute(by=mary, indicator=of, goal=target, share=share)
        assert codes(refused) == expected
    assert not Contribution.objects.exists()


def test_nothing_is_counted_in_a_circle(cast, mary, trained, target):
    first = actions.contribute(by=mary, indicator=trained, goal=target)
    second = actions.contribute(
        by=mary, indicator=another(mary, trained), goal=target, counted_in=first, reason="The same."
    )
    third = actions.contribute(by=mary, indicator=another(mary, trained, "1.1.c"), goal=target)
    typed = {"by": mary, "words": {}, "share": Decimal(1), "reason": "The same."}
    for one, other in ((first, second), (first, third), (third, second), (third, third)):
        with pytest.raises(MilepostError) as refused:
            actions.change(contribution=one, revision=one.revision, counted_in=other, **typed)
        assert codes(refused) == {"counted-in-a-circle"}
    with pytest.raises(MilepostError) as refused:
        actions.withdraw(by=mary, contribution=first, revision=1, reason="Not so.")
    assert codes(refused) == {"others-counted-in-it"}


def test_only_what_is_added_in_the_same_unit_counts_for_another(mary, trained, target):
    rate = another(mary, trained, measure="percentage")
    schools = another(mary, trained, "1.1.c", unit="schools")
    for other in (rate, schools):
        there = actions.contribute(by=mary, indicator=other, goal=target)
        with pytest.raises(MilepostError) as refused:
            actions.contribute(by=mary, indicator=trained, goal=target, counted_in=there, reason="The same.")
        assert codes(refused) == {"counted-in-another-unit"}


def test_what_is_counted_in_a_hidden_project_stays_there(client, cast, mary, zoe, trained, target):
    abroad = register.enter(by=zoe, institution=cast.abroad, title={"en": "Not told here"}, areas=["xs"])
    row = matrix.add_result(by=zoe, project=abroad, level="objective", code="O", title={"en": "Theirs"})
    there = matrix.add_indicator(by=zoe, result=row, code="X", title={"en": "Taught"}, unit="persons")
    whole = actions.contribute(by=zoe, indicator=there, goal=target)
    own = actions.contribute(
        by=mary, indicator=trained, goal=target, counted_in=whole, reason="The same course."
    )
    client.force_login(mary)
    address = reverse("contribution-edit", args=[own.pk])
    page = client.get(address).content.decode()
    assert "that of a project which you may not see" in page and "Not told here" not in page
    assert 'value="100"' in page
    typed = {"percent": "100", "reason": "The same course.", "revision": "1", "counted_in": str(whole.pk)}
    assert client.post(address, typed).status_code == 302
    own.refresh_from_db()
    assert (own.counted_in, own.revision) == (whole, 2)


def test_it_is_taken_back_with_a_reason_and_the_audit_keeps_it(mary, trained, target):
    made = actions.contribute(by=mary, indicator=trained, goal=target)
    with pytest.raises(MilepostError):
        matrix.remove_indicator(by=mary, indicator=trained)
    with pytest.raises(MilepostError):
        matrix.remove_result(by=mary, result=trained.result)
    changed = actions.change(
        by=mary, contribution=made, revision=1, words={"en": "So."}, share=Decimal(1), counted_in=None
    )
    with pytest.raises(Stale):
        actions.change(by=mary, contribution=changed, revision=1, words={}, share=Decimal(1), counted_in=None)
    with pytest.raises(Stale):
        actions.withdraw(by=mary, contribution=changed, revision=1, reason="It was another programme.")
    actions.withdraw(
        by=mary, contribution=changed, revision=changed.revision, reason="It was another programme."
    )
    assert not Edge.objects.filter(relation="contributes_to").exists()
    verbs = Event.objects.filter(verb__startswith="contribution.").order_by("pk").values_list("verb", "why")
    assert list(verbs) == [
        ("contribution.said", ""),
        ("contribution.changed", ""),
        ("contribution.withdrawn", "It was another programme."),
    ]
    matrix.remove_indicator(by=mary, indicator=trained)


def test_only_who_edits_the_project_says_so(cast, fred, zoe, mary, trained, target, client):
    made = actions.contribute(by=mary, indicator=trained, goal=target)
    for somebody in (zoe, cast.alice, cast.nobody):
        with pytest.raises(PermissionDenied):
            actions.contribute(by=somebody, indicator=trained, goal=target)
        with pytest.raises(PermissionDenied):
            actions.withdraw(by=somebody, contribution=made, revision=1, reason="x")
        client.force_login(somebody)
        for name in ("contribution-edit", "contribution-withdraw"):
            assert client.get(reverse(name, args=[made.pk])).status_code == 404
    client.force_login(mary)
    assert client.get(reverse("contribution-edit", args=[made.pk])).status_code == 200


def test_the_public_sees_what_public_projects_contribute(
    client, mary, fred, zoe, cast, trained, reported, target
):
    hidden = register.enter(
        by=mary, institution=cast.ministry, title={"en": "Not told yet"}, start="2025", areas=["xs"]
    )
    row = matrix.add_result(by=mary, project=hidden, level="objective", code="O", title={"en": "Theirs"})
    there = matrix.add_indicator(by=mary, result=row, code="X", title={"en": "Taught there"}, unit="persons")
    whole = actions.contribute(by=mary, indicator=there, goal=target)
    actions.contribute(by=mary, indicator=trained, goal=target, counted_in=whole, reason="Secret reason")
    address = reverse("target-contributions", args=[target.pk])
    assert "No project that you may see" in client.get(address).content.decode()
    project = trained.result.project
    project.refresh_from_db()
    lifecycle.publish(by=fred, project=project, revision=project.revision)
    for somebody in (None, zoe):
        if somebody is not None:
            client.force_login(somebody)
        page = client.get(address).content.decode()
        assert "Fair recruitment" in page and "counted in another contribution" in page
        assert "Not told yet" not in page and "Secret reason" not in page
        own = client.get(reverse("project-contributions", args=[project.pk])).content.decode()
        assert "counted in another contribution" in own and "Secret reason" not in own
        table = client.get(reverse("target-contributions-export", args=[target.pk, "csv"])).content.decode()
        assert "Fair recruitment" in table and "Not told yet" not in table
    assert client.get(reverse("target-contributions-export", args=[target.pk, "exe"])).status_code == 404


def test_a_page_asks_the_database_a_fixed_number_of_times(client, mary, trained, reported, target):
    actions.contribute(by=mary, indicator=trained, goal=target)
    client.force_login(mary)
    paths = (
        reverse("target-contributions", args=[target.pk]),
        reverse("project-contributions", args=[trained.result.project_id]),
    )

    def asked(path):
        client.get(path)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path).status_code == 200
        return len(queries)

    few = [asked(path) for path in paths]
    for number in range(6):
        actions.contribute(by=mary, indicator=another(mary, trained, f"2.{number}"), goal=target)
    assert [asked(path) for path in paths] == few


@pytest.mark.browser
def test_a_manager_says_in_the_browser_to_what_a_project_contributes(tab, mary, trained, reported, target):
    tab.sign_in(mary)
    page = tab.page
    tab.open(reverse("project-contributions", args=[trained.result.project_id]))
    page.get_by_role("link", name="Add a contribution").click()
    page.get_by_label("Share of the figure, per cent").fill("50")
    assert accessible(page) == []
    page.get_by_role("button", name="Save").click()
    assert "Say in a sentence why." in page.content()
    page.get_by_label("Reason").fill("Half of them inspect building sites.")
    page.get_by_role("button", name="Save").click()
    assert accessible(page) == []
    page.get_by_role("link", name="8.8.1: 5 (2030)").click()
    assert page.locator(".answer").inner_text().startswith("Contributed: 20 persons")
    page.set_viewport_size(PHONE)
    assert accessible(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert tab.faults == []
