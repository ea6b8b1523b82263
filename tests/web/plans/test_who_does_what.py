from datetime import date

import pytest

from milepost.errors import MilepostError
from milepost.web.plans.actions import measures
from milepost.web.plans.models import Role
from milepost.web.plans.queries.matrix import matrix
from milepost.web.stakeholders.models import Institution
from milepost.web.ui.revisions import Stale


def codes(refused):
    return [problem.code for problem in refused.value.problems]


def entry(version, code):
    return version.entries.get(code=code)


def roles(version, code):
    return {role.institution.code: role.kind for role in entry(version, code).roles.all()}


def faults(version):
    return {problem.code: problem.details for problem in matrix(version, "en").problems}


def test_one_institution_reports_and_the_one_before_carries_out(cast, paula, draft):
    law = entry(draft, "1.1")
    measures.choose_coordinator(by=paula, entry=law, institution=cast.office, revision=law.revision)
    assert roles(draft, "1.1") == {"labour": "executor", "statistics": "coordinator"}


def test_in_a_version_in_force_it_needs_a_reason(cast, paula, in_force):
    law = entry(in_force, "1.1")
    typed = {"by": paula, "entry": law, "institution": cast.office, "revision": law.revision}
    with pytest.raises(MilepostError) as refused:
        measures.choose_coordinator(**typed)
    assert codes(refused) == ["reason-missing"]
    measures.choose_coordinator(**typed, reason="The law went to another office.")
    assert roles(in_force, "1.1")["statistics"] == "coordinator"


def test_several_coordinators_and_none_are_told(cast, paula, police, draft):
    law = entry(draft, "1.1")
    measures.set_role(by=paula, entry=law, institution=police, kind="coordinator", revision=law.revision)
    training = entry(draft, "1.2")
    measures.set_role(
        by=paula, entry=training, institution=police, kind="executor", revision=training.revision
    )
    found = faults(draft)
    assert found["plan-several-coordinators"]["measure"] == "1.1"
    assert found["plan-no-coordinator"] == {"measure": "1.2", "first": "Border Police of Sandoria"}


def test_a_role_is_taken_away_again(cast, paula, draft):
    law = entry(draft, "1.1")
    measures.set_role(by=paula, entry=law, institution=cast.ministry, kind="", revision=law.revision)
    assert roles(draft, "1.1") == {}
    with pytest.raises(MilepostError) as refused:
        measures.set_role(by=paula, entry=law, institution=cast.ministry, kind="", revision=law.revision)
    assert codes(refused) == ["plan-no-such-role"]


def test_roles_are_not_overwritten_by_who_saw_others(cast, paula, police, draft):
    law = entry(draft, "1.1")
    seen = law.revision
    measures.set_role(by=paula, entry=law, institution=police, kind="executor", revision=seen)
    with pytest.raises(Stale):
        measures.choose_coordinator(by=paula, entry=law, institution=cast.office, revision=seen)


def test_an_institution_dissolved_in_mid_plan_is_told_and_takes_nothing_new(cast, paula, in_force):
    Institution.objects.filter(pk=cast.ministry.pk).update(active=False)
    assert faults(in_force)["plan-institution-closed"] == {
        "institution": "Ministry of Labour of Sandoria",
        "count": 1,
        "measures": "1.1",
    }
    closed = Institution.objects.get(pk=cast.ministry.pk)
    training = entry(in_force, "1.2")
    with pytest.raises(MilepostError) as refused:
        measures.choose_coordinator(
            by=paula, entry=training, institution=closed, revision=training.revision, reason="x"
        )
    assert codes(refused) == ["plan-role-closed"]


def test_measures_are_handed_over_in_force_and_in_the_draft_and_not_before(cast, paula, in_force, amendment):
    count = measures.hand_over(
        by=paula, plan=in_force.plan, giving=cast.ministry, taking=cast.office, reason="It was dissolved."
    )
    assert count == 2
    assert roles(in_force, "1.1") == {"statistics": "coordinator"}
    assert roles(amendment, "1.1") == {"statistics": "coordinator"}


def test_who_hands_over_may_go_on_carrying_out(cast, paula, in_force):
    law = entry(in_force, "1.1")
    Role.objects.create(entry=law, institution=cast.office, kind="consulted")
    typed = {"by": paula, "plan": in_force.plan, "giving": cast.ministry, "taking": cast.office}
    assert measures.hand_over(**typed, reason="Overloaded.", stays=True) == 1
    assert roles(in_force, "1.1") == {"labour": "executor", "statistics": "coordinator"}


def test_an_institution_hands_nothing_over_to_itself(cast, paula, in_force):
    with pytest.raises(MilepostError) as refused:
        measures.hand_over(
            by=paula, plan=in_force.plan, giving=cast.office, taking=cast.office, reason="why not"
        )
    assert codes(refused) == ["plan-same-institution"]


def test_the_matrix_counts_what_each_institution_has(cast, paula, police, draft):
    training = entry(draft, "1.2")
    measures.set_role(
        by=paula, entry=training, institution=police, kind="informed", revision=training.revision
    )
    found = matrix(draft, "en")
    assert [(one.institution.code, one.coordinates, one.takes_part) for one in found.columns] == [
        ("labour", 1, 1),
        ("police", 0, 1),
    ]
    (block,) = found.blocks
    assert [[cell.sign if cell else "" for cell in line.cells] for line in block.lines] == [
        ["●", ""],
        ["", "·"],
    ]
    assert found.without == 1
    assert faults(draft)["plan-no-mandate"] == {"institutions": "Ministry of Labour of Sandoria"}


def test_an_overloaded_institution_is_told(cast, paula, police, draft):
    section = draft.sections.get()
    others = [
        Institution.objects.create(
            country=cast.sandoria, code=f"office-{number}", kind="agency", name={"en": f"Office {number}"}
        )
        for number in range(3)
    ]
    for number in range(20):
        made = measures.add(
            by=paula,
            version=draft,
            section=section,
            code=f"2.{number}",
            title={"en": "More"},
            deadline="2027",
        )
        chosen = police if number < 17 else others[number - 17]
        measures.choose_coordinator(by=paula, entry=made, institution=chosen, revision=made.revision)
    assert faults(draft)["plan-overloaded"]["institution"] == "Border Police of Sandoria"


def test_money_there_and_money_sought_stay_apart(paula, draft):
    from milepost.web.plans.queries.measure import costs

    law = entry(draft, "1.1")
    for source, amount, committed in (("Budget", 300, True), ("Donors", 200, False), ("Fees", None, True)):
        measures.add_cost(
            by=paula,
            entry=law,
            source=source,
            amount=amount,
            currency="eur" if amount else "",
            committed=committed,
        )
    found = costs(entry(draft, "1.1"))
    assert [(one.currency, one.committed, one.sought) for one in found.totals] == [("EUR", 300, 200)]
    assert found.without_amount == 1
    with pytest.raises(MilepostError) as refused:
        measures.add_cost(by=paula, entry=law, source="x", amount=1, currency="", committed=True)
    assert codes(refused) == ["cost-without-currency"]


def test_what_is_due_is_counted(draft):
    from milepost.web.plans.queries import versions

    found = versions.standing(list(versions.entries(draft)), date(2026, 5, 1))
    assert (found.measures, found.due, found.nobody, found.several) == (2, 1, 1, 0)


def test_pages_ask_no_more_of_the_database_for_more_measures(client, cast, paula, draft):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.force_login(paula)
    section = draft.sections.get()
    paths = [
        f"/en/policies/plans/{draft.plan_id}/{page}" for page in ("", "matrix/", "table.xlsx", "in-force/")
    ]

    def asked(path):
        with CaptureQueriesContext(connection) as found:
            assert client.get(path).status_code == 200
        return len(found)

    few = {path: (asked(path), asked(path))[1] for path in paths}
    for number in range(6):
        made = measures.add(
            by=paula, version=draft, section=section, code=f"3.{number}", title={"en": "More"}
        )
        measures.choose_coordinator(by=paula, entry=made, institution=cast.office, revision=made.revision)
    assert {path: asked(path) for path in paths} == few
