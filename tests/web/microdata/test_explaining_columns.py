"""What the columns mean is said by a person: suggested, remembered, faults at their fields."""

import pytest
import yaml
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from milepost.web.audit.models import Event
from milepost.web.indicators.actions import lists
from milepost.web.jobs import work as jobs
from tests.web.microdata import steps, survey


@pytest.fixture
def one(alice, cast):
    """A draft."""
    steps.brought_in(alice, cast)
    return steps.last()


def page(one):
    return reverse("measurement-columns", args=[one.pk])


def said(one):
    return yaml.safe_load(one.mapping)


def saved(client, one, **changes):
    answer = client.post(page(one), steps.typed(client, one, **changes))
    assert answer.status_code == 302, answer.context["form"].errors
    return steps.last()


def test_columns_are_suggested_by_their_names(one):
    assert said(one)["columns"] == {
        "cost": "cost",
        "earnings": "earnings",
        "weight": "weight",
        "psu": "cluster",
    }
    assert said(one)["dimensions"] == {"sex": "sex", "age": "age", "migratory_status": "born"}
    assert said(one)["recodes"]["age"]["Y_GE65"] == [65, None]


def test_saved_unchanged_it_stays_as_it_was(alice, one):
    before = said(one)
    after = said(saved(alice, one))
    assert after == before


def test_a_column_that_is_missing_is_a_fault_at_its_field(alice, one):
    answer = alice.post(page(one), {**steps.typed(alice, one, role_0=""), "measure": "1"})
    assert answer.status_code == 200
    assert "needs a column for cost" in str(answer.context["form"].errors["role_0"])
    assert steps.last().state == "draft"


def test_groups_that_overlap_are_a_fault_at_their_breakdown(alice, one):
    form = alice.get(page(one)).context["form"]
    at = form.dimensions.index("age")
    answer = alice.post(page(one), {**steps.typed(alice, one), f"to_{at}_0": "20"})
    assert "overlap" in str(answer.context["form"].errors[f"by_{at}"])


def test_two_bases_of_the_migratory_status_are_a_fault(alice, one):
    form = alice.get(page(one)).context["form"]
    here = steps.field_of(form, "migratory_status", "here")
    abroad = steps.field_of(form, "migratory_status", "abroad")
    typed = steps.typed(alice, one, **{here: "NATIVE_BORN", abroad: "NON_CITIZEN"})
    answer = alice.post(page(one), {**typed, "measure": "1"})
    at = form.dimensions.index("migratory_status")
    assert "citizenship" in str(answer.context["form"].errors[f"by_{at}"])


def test_a_value_without_code_is_a_fault_at_its_field(alice, one):
    typed = steps.explained(alice, one)
    form = alice.get(page(one)).context["form"]
    field = steps.field_of(form, "sex", "2")
    typed[field] = ""
    answer = alice.post(page(one), {**typed, "measure": "1"})
    form = answer.context["form"]
    assert "Of the values of sex, 1 have no code" in str(form.errors[f"by_{form.dimensions.index('sex')}"])
    assert "Give it a code" in str(form.errors[field])
    assert steps.last().state == "draft"


def test_a_fault_of_the_records_gives_it_back_with_them(alice, cast):
    rows = [list(row) for row in survey.records()]
    rows[77][2] = 101  # a sampling unit in two strata
    steps.brought_in(alice, cast, survey.as_csv(rows))
    one = steps.last()
    alice.post(page(one), {**steps.explained(alice, one), "measure": "1"})
    jobs.run_all()
    one = steps.last()
    assert one.state == "draft"
    assert one.problems
    assert steps.folders() == [one.folder]
    assert "Why it could not be measured" in alice.get(page(one)).content.decode()
    alice.post(page(one), {**steps.explained(alice, one), "psu": "", "measure": "1"})
    jobs.run_all()
    assert (steps.last().state, steps.folders()) == ("measured", [])


def test_the_next_records_with_these_columns_are_explained_already(alice, cast):
    before = steps.measured(alice, cast)
    steps.brought_in(alice, cast, year=2026)
    one = steps.last()
    assert (one.mapping, one.tables, one.said_by) == (before.mapping, before.tables, None)
    assert "explained before, by Alice" in alice.get(page(one)).content.decode()
    steps.brought_in(alice, cast, b"a,cost\n" + b"1,2\n" * 30)
    assert said(steps.last())["columns"] == {"cost": "cost"}


def test_a_mapping_file_is_taken_over(alice, one):
    text = {
        "indicator": "10.7.1",
        "columns": {"cost": "cost", "earnings": "earnings"},
        "dimensions": {"sex": "sex"},
        "where": {"age": {"from": 18}},
        "hierarchies": {"sex": {"A": ["1", "2"]}},
    }
    upload = SimpleUploadedFile("m.yaml", yaml.safe_dump(text).encode())
    alice.post(
        reverse("measurement-take-mapping", args=[one.pk]), {"revision": one.revision, "mapping": upload}
    )
    one = steps.last()
    assert said(one) == text
    assert one.tables == [["sex"]]
    again = saved(alice, one)
    assert said(again)["hierarchies"] == text["hierarchies"]
    assert said(again)["where"] == text["where"]


def test_a_file_that_is_no_mapping_is_refused_with_its_faults(alice, one):
    upload = SimpleUploadedFile("m.yaml", b"indicator: 10.7.1\ncolums: {cost: cost}\nmethod: guess\n")
    answer = alice.post(
        reverse("measurement-take-mapping", args=[one.pk]),
        {"revision": one.revision, "mapping": upload},
        follow=True,
    )
    text = answer.content.decode()
    assert "colums" in text
    assert "guess" in text
    assert steps.last().mapping == one.mapping


def test_a_mapping_that_names_a_file_of_the_server_opens_nothing(alice, one):
    text = {
        "indicator": "10.7.1",
        "columns": {"cost": "cost", "earnings": "earnings"},
        "second": {"file": "/etc/passwd", "columns": {"denominator": "x"}},
    }
    upload = SimpleUploadedFile("m.yaml", yaml.safe_dump(text).encode())
    alice.post(
        reverse("measurement-take-mapping", args=[one.pk]), {"revision": one.revision, "mapping": upload}
    )
    one = steps.last()
    answer = alice.post(page(one), {**steps.typed(alice, one), "measure": "1"})
    assert answer.status_code == 200
    assert steps.last().state == "draft"


def test_nothing_that_another_person_said_is_lost(alice, one):
    typed = steps.typed(alice, one)
    saved(alice, one, minimum_n="40")
    answer = alice.post(page(one), {**typed, "minimum_n": "50"})
    assert "changed this meanwhile" in answer.content.decode()
    assert said(steps.last())["reliability"] == {"minimum_n": 40}
    assert answer.context["form"]["minimum_n"].value() == "50"


def test_less_protection_than_the_definition_asks_for_is_refused(alice, one):
    answer = alice.post(page(one), {**steps.typed(alice, one, minimum="5"), "measure": "1"})
    assert "asks for 30 respondents" in str(answer.context["form"].errors["minimum"])


def test_only_who_publishes_lowers_the_protection_and_says_why(alice, one, cast):
    address = reverse("measurement-lower", args=[one.pk])
    lower = {"revision": one.revision, "minimum": "10", "reason": "Agreed with the committee"}
    assert alice.post(address, lower).status_code == 403
    bob = Client()
    bob.force_login(cast.bob)
    assert "Lower the protection" in bob.get(one.get_absolute_url()).content.decode()
    assert bob.post(address, {**lower, "reason": " "}).status_code == 422
    assert bob.post(address, lower).status_code == 302
    one = steps.last()
    assert one.lowered == {"minimum": 10, "reason": "Agreed with the committee", "by": "Bob"}
    assert Event.objects.get(verb="measurement.protection-lowered").why == "Agreed with the committee"
    alice.post(page(one), {**steps.explained(alice, one), "measure": "1"})
    jobs.run_all()
    one = steps.last()
    assert one.state == "measured"
    assert one.summary["about"]["protection"]["minimum"] == 10
    assert [note["code"] for note in one.summary["about"]["notes"]] == ["protection-overridden"]
    assert "Agreed with the committee" in alice.get(one.get_absolute_url()).content.decode()


def test_rules_of_dominance_are_kept(alice, one):
    after = said(saved(alice, one, p_percent="10", rule_n="2", rule_k="85", unanimous="on", minimum="40"))
    assert after["disclosure"] == {"minimum": 40, "p_percent": 10, "n_k": [2, 85], "unanimous": True}


def test_a_breakdown_of_ones_own_and_a_condition(alice, one):
    after = saved(
        alice,
        one,
        own_0="cust_breakdown",
        own_by_0="region",
        where_0="age",
        where_from_0="18",
        where_to_0="60",
    )
    assert said(after)["dimensions"]["cust_breakdown"] == "region"
    assert said(after)["where"] == {"age": {"from": 18, "to": 60}}
    assert ["cust_breakdown"] in after.tables


def test_answers_are_given_to_the_values_of_a_trait(alice, cast):
    lists.add(by=cast.carol, country=cast.sandoria, code="10.3.1", custodian=cast.office)
    rows = b"".join(b"%d,%d,1.5\n" % (at % 5, 1 + at % 3) for at in range(900))
    rows = b"age,felt_discriminated,weight\n" + rows
    steps.brought_in(alice, cast, rows, name="births.csv", indicator="10.3.1")
    one = steps.last()
    form = alice.get(page(one)).context["form"]
    assert [role.answers for role in form.roles] == [True]
    one = saved(alice, one, role_0="felt_discriminated")
    one = saved(alice, one, role_0_is_0="yes", role_0_is_1="no", role_0_is_2="no")
    assert said(one)["recodes"] == {form.roles[0].name: {"1": "yes", "2": "no", "3": "no"}}
    alice.post(page(one), {**steps.typed(alice, one), "measure": "1"})
    jobs.run_all()
    one = steps.last()
    assert (one.state, one.problems) == ("measured", [])
    assert one.cells[0]["value"] == pytest.approx(100 / 3)
