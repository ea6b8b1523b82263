"""Laws to amend, documents from outside, and links of a measure that each reader sees as far as allowed."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from milepost.errors import MilepostError
from milepost.web.audit.models import Event
from milepost.web.plans.actions import laws, links, register
from milepost.web.plans.models import Law
from milepost.web.plans.queries import laws as law_queries
from milepost.web.plans.queries import links as link_queries
from milepost.web.projects.actions import register as projects
from milepost.web.traces.models import Edge
from milepost.web.ui.revisions import Stale

TODAY = date(2026, 3, 1)


@pytest.fixture
def public(paula, policy, in_force):
    register.show_policy(by=paula, policy=policy, revision=policy.revision, public=True)
    return in_force


@pytest.fixture
def measure(in_force):
    return in_force.entries.get(code="1.1").measure


@pytest.fixture
def project(cast):
    return projects.enter(
        by=cast.mary,
        institution=cast.ministry,
        title={"en": "Help for inspectors"},
        start=date(2026, 1, 1),
        end=date(2027, 1, 1),
    )


def entered(paula, policy, **more):
    said = {"title": {"en": "Law on agencies"}, "what": {"en": "A licence for agencies"}, **more}
    return laws.enter(by=paula, policy=policy, **said)


def hints(paula, law):
    return [problem.code for problem in law_queries.row(paula, law, TODAY).hints]


# Laws -------------------------------------------------------------------------------------------------------


def test_a_law_goes_from_step_to_step_and_is_dropped_for_a_reason(paula, policy):
    law = entered(paula, policy, number="12", article="Article 4")
    for deed in ("draft", "propose", "back"):
        laws.step(by=paula, law=law, deed=deed, revision=law.revision)
    assert law.state == "drafted"
    with pytest.raises(MilepostError):
        laws.step(by=paula, law=law, deed="adopt", revision=law.revision)
    with pytest.raises(MilepostError):
        laws.step(by=paula, law=law, deed="drop", revision=law.revision, reason=" ")
    laws.step(by=paula, law=law, deed="drop", revision=law.revision, reason="A code is prepared instead")
    assert Law.objects.get().reason == "A code is prepared instead"
    assert hints(paula, law) == []


def test_hints_say_what_to_look_at_and_stop_nobody(cast, paula, policy, in_force, measure, police):
    bare = entered(paula, policy)
    assert hints(paula, bare) == ["law-without-day", "law-without-institution", "law-without-measure"]
    late = entered(
        paula, policy, institution=police, until=date(2026, 5, 1), measure=measure, adopted=date(2010, 1, 1)
    )
    assert hints(paula, late) == ["law-before-measure", "law-institution-apart"]
    overdue = entered(paula, policy, institution=cast.ministry, until=date(2026, 2, 1), measure=measure)
    assert hints(paula, overdue) == ["law-overdue", "law-before-measure"]
    good = entered(paula, policy, institution=cast.ministry, until=date(2026, 7, 1), measure=measure)
    assert hints(paula, good) == []
    assert [row.law for row in law_queries.rows(paula, policy, TODAY)] == [overdue, late, good, bare]


def test_a_law_is_of_the_policy_of_its_measure_and_two_edits_do_not_meet(cast, paula, peter, policy, measure):
    other = register.enter_policy(by=paula, institution=cast.ministry, title={"en": "Other"}, start=TODAY)
    with pytest.raises(MilepostError) as caught:
        entered(paula, other, measure=measure)
    assert [problem.code for problem in caught.value.problems] == ["not-of-policy"]
    with pytest.raises(PermissionDenied):
        entered(peter, policy)
    law = entered(paula, policy)
    same = Law.objects.get(pk=law.pk)
    laws.save(by=paula, law=law, revision=1, article="Article 5")
    with pytest.raises(Stale):
        laws.save(by=paula, law=same, revision=1, article="Article 6")
    assert Law.objects.get(pk=law.pk).article == "Article 5"


def test_laws_are_read_with_the_policy_and_changed_by_who_keeps_it(
    cast, client, paula, peter, policy, measure
):
    law = entered(paula, policy, measure=measure, institution=cast.ministry)
    assert client.get(law.get_absolute_url()).status_code == 404
    register.show_policy(by=paula, policy=policy, revision=policy.revision, public=True)
    html = client.get(law.get_absolute_url()).content.decode()
    assert "A licence for agencies" in html and "Adopt a law" in html
    assert "thing to look at" not in client.get(policy.get_absolute_url()).content.decode()
    for user in (cast.nobody, peter, cast.frank):
        client.force_login(user)
        assert client.get(reverse("law-new", args=[policy.pk])).status_code == 403
        assert client.get(reverse("law-edit", args=[law.pk])).status_code == 403
        assert client.post(reverse("law-step", args=[law.pk, "draft"])).status_code == 403
    client.force_login(paula)
    typed = {"title-en": "Code", "what-en": "All of it", "measure": measure.pk, "revision": 1}
    assert client.post(reverse("law-edit", args=[law.pk]), typed).status_code == 302
    client.post(reverse("law-step", args=[law.pk, "draft"]), {"revision": 2})
    law.refresh_from_db()
    assert (law.text["en"], law.state, law.measure, law.institution) == ("Code", "drafted", measure, None)
    assert client.post(reverse("law-step", args=[law.pk, "burn"])).status_code == 404
    assert client.post(reverse("law-new", args=[policy.pk]), typed).status_code == 302
    assert "Laws that it amends" in client.get(measure.get_absolute_url()).content.decode()


# Links ------------------------------------------------------------------------------------------------------


def test_a_hidden_project_is_told_to_nobody_who_may_not_see_it(
    cast, client, paula, policy, public, measure, project
):
    with pytest.raises(MilepostError):  # Paula does not see it either
        links.add(by=paula, measure=measure, address=project.address)
    cast.mary.grants.create(role="plan-coordinator", scope=cast.ministry.address)
    del cast.mary._grants
    links.add(by=cast.mary, measure=measure, address=project.address)
    assert Edge.objects.get(source=measure.address).relation == "served_by"
    client.force_login(cast.mary)
    assert "Help for inspectors" in client.get(measure.get_absolute_url()).content.decode()
    for user in (None, cast.nobody, paula):
        client.logout()
        if user is not None:
            client.force_login(user)
        html = client.get(measure.get_absolute_url()).content.decode()
        assert "Help for inspectors" not in html and "Projects and events that help" not in html
    links.remove(by=cast.mary, measure=measure, address=project.address)
    assert not Edge.objects.filter(source=measure.address).exists()
    assert list(Event.objects.filter(address=measure.address).values_list("verb", flat=True)[:2]) == [
        "measure.unlinked",
        "measure.linked",
    ]


def test_only_what_may_be_linked_is(paula, peter, measure, policy):
    for address in ("user:1", "country:xs", "policy:999", "nonsense", measure.plan.address):
        with pytest.raises(MilepostError) as caught:
            links.add(by=paula, measure=measure, address=address)
        assert [problem.code for problem in caught.value.problems] == ["link-not-there"]
    with pytest.raises(PermissionDenied):
        links.add(by=peter, measure=measure, address=policy.address)
    links.add(by=paula, measure=measure, address=policy.address)
    links.add(by=paula, measure=measure, address=policy.address)
    assert Edge.objects.filter(source=measure.address).count() == 1
    offered = dict(link_queries.choices(paula, measure, "follows"))
    assert policy.address not in [address for pairs in offered.values() for address, _words in pairs]


def test_a_recommendation_from_outside_is_named_with_its_document(cast, client, paula, public, measure):
    made = links.add_origin(
        by=paula,
        measure=measure,
        kind="recommendation",
        document="Review of recruitment (made up)",
        number="4",
        words={"en": "Licence the agencies"},
        year=2024,
        link="https://example.org/review",
    )
    html = client.get(measure.get_absolute_url()).content.decode()
    assert "Where this measure comes from" in html and "Licence the agencies" in html and "2024" in html
    links.remove_origin(by=paula, origin=made)
    assert "Where this measure comes from" not in client.get(measure.get_absolute_url()).content.decode()


def test_links_are_set_on_their_page_by_who_keeps_the_plan(
    cast, client, paula, peter, public, measure, policy
):
    address = reverse("measure-links", args=[measure.pk])
    for user in (cast.nobody, peter):
        client.force_login(user)
        assert client.get(address).status_code == 403
        assert client.post(reverse("measure-link-remove", args=[measure.pk])).status_code == 403
        assert client.post(reverse("measure-origin-remove", args=[measure.pk, 1])).status_code == 403
    client.force_login(paula)
    assert client.post(address, {"form": "follows", "address": policy.address}).status_code == 302
    bad = {"form": "origin", "kind": "gap", "document": "x", "words-en": "y", "link": "javascript:alert(1)"}
    assert client.post(address, bad).status_code == 200
    typed = {"form": "origin", "kind": "gap", "document": "MGI", "words-en": "No register", "year": "2024"}
    assert client.post(address, typed).status_code == 302
    html = client.get(address).content.decode()
    assert "Migration policy concept" in html and "No register" in html
    client.post(reverse("measure-link-remove", args=[measure.pk]), {"address": policy.address})
    origin = measure.origins.get()
    client.post(reverse("measure-origin-remove", args=[measure.pk, origin.pk]))
    assert not measure.origins.exists() and not Edge.objects.filter(source=measure.address).exists()
