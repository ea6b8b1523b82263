import pytest
from django.urls import reverse

from milepost.web.plans.actions import register
from milepost.web.plans.queries import measures, plans, scoping, visible_to
from tests.cast import person
from tests.web.plans import consulting


def address(name, *args, query=""):
    return reverse(name, args=args) + query


@pytest.fixture
def public(paula, policy):
    return register.show_policy(by=paula, policy=policy, revision=policy.revision, public=True)


def test_a_policy_is_hidden_until_it_is_public(cast, client, policy, in_force):
    for name, pk in (("policy", policy.pk), ("plan", in_force.plan.pk), ("plan-matrix", in_force.plan.pk)):
        assert client.get(address(name, pk)).status_code == 404
    assert not visible_to(cast.charlie).exists()
    assert not plans(cast.nobody).exists()


def test_everybody_reads_what_is_in_force_of_a_public_policy(cast, client, in_force, public):
    plan = in_force.plan
    law = in_force.entries.first()
    for path in (
        address("policies"),
        address("policy", public.pk),
        address("plan", plan.pk),
        address("plan-matrix", plan.pk),
        address("plan-difference", plan.pk),
        address("plan-table", plan.pk, "xlsx"),
        address("measure", law.measure_id),
    ):
        assert client.get(path).status_code == 200, path


def test_nobody_else_reads_a_draft(cast, client, in_force, amendment, public):
    plan, law = in_force.plan, in_force.entries.first()
    for user in (None, cast.nobody, cast.charlie, cast.alice):
        if user is not None:
            client.force_login(user)
        for path in (
            address("plan", plan.pk, query="?version=2"),
            address("plan-table", plan.pk, "docx", query="?version=2"),
            address("measure", law.measure_id, query="?version=2"),
        ):
            assert client.get(path).status_code == 404, (user, path)
        assert list(scoping.versions(user or cast.nobody)) == [in_force]


def test_a_measure_that_only_a_draft_has_is_hidden(cast, paula, client, in_force, amendment, public):
    from milepost.web.plans.actions import measures as actions

    new = actions.add(
        by=paula, version=amendment, section=amendment.sections.get(), code="9", title={"en": "Secret"}
    )
    assert client.get(address("measure", new.measure_id)).status_code == 404
    assert new.measure not in measures(cast.alice)
    assert new.measure in measures(paula)


def test_a_plan_without_any_version_is_there_for_who_keeps_it(client, paula, plan):
    client.force_login(paula)
    for name in ("plan", "plan-matrix", "plan-difference"):
        assert client.get(address(name, plan.pk)).status_code == 200
    assert client.get(address("plan-table", plan.pk, "docx")).status_code == 404


def test_a_plan_without_a_version_in_force_is_not_public(client, draft, public):
    assert client.get(address("plan", draft.plan.pk)).status_code == 404
    assert draft.plan.text["en"] not in client.get(address("policy", public.pk)).content.decode()


def test_institutions_with_a_role_read_the_draft_that_is_asked_of_them(
    cast, paula, client, in_force, amendment
):
    from milepost.web.plans.actions import measures as actions

    reader = person("rita", ("reader", cast.office.address))
    assert not visible_to(reader).exists()
    law = amendment.entries.first()
    actions.set_role(
        by=paula, entry=law, institution=cast.office, kind="consulted", revision=law.revision, reason="x"
    )
    client.force_login(reader)
    assert client.get(address("plan", in_force.plan.pk, query="?version=2")).status_code == 200


EDITS = ("policy-edit", "policy-show", "plan-new", "plan-edit", "plan-begin", "plan-in-force", "plan-discard",
         "plan-hand-over", "plan-read", "plan-sections", "measure-new")  # fmt: skip


@pytest.mark.parametrize("name", EDITS)
def test_only_who_keeps_plans_there_may_change_them(cast, client, peter, policy, amendment, name, public):
    pk = policy.pk if name in ("policy-edit", "policy-show", "plan-new") else amendment.plan.pk
    answers = {}
    for who, user in (("nobody", cast.nobody), ("frank", cast.frank), ("peter", peter)):
        client.force_login(user)
        answers[who] = client.post(address(name, pk), {}).status_code
    assert set(answers.values()) == {403}
    client.logout()
    assert "/account/login/" in client.post(address(name, pk), {})["Location"]


def test_the_same_is_not_even_there_while_it_is_hidden(client, peter, policy, amendment):
    client.force_login(peter)
    for name in EDITS:
        pk = policy.pk if name in ("policy-edit", "policy-show", "plan-new") else amendment.plan.pk
        assert client.post(address(name, pk), {}).status_code == 404
    law = amendment.entries.first()
    for name in ("measure-edit", "measure-remove", "measure-roles"):
        assert client.post(address(name, law.measure_id), {}).status_code == 404


def test_files_of_the_act_are_for_those_who_work_with_it(cast, client, paula, plan, tmp_path):
    from milepost.web.plans.actions import reading
    from tests.web.plans.tables import word

    kept = reading.hand_in(by=paula, plan=plan, upload=word(tmp_path / "act.docx"), name="act.docx")
    client.force_login(cast.bob)
    assert client.get(kept.get_absolute_url()).status_code == 404
    client.force_login(paula)
    assert client.get(kept.get_absolute_url()).status_code == 200


def test_search_finds_what_the_reader_may_see(cast, paula, in_force, amendment, public):
    from milepost.web.plans.actions import measures as actions
    from milepost.web.search.queries import search

    law = amendment.entries.get(code="1.1")
    actions.save(by=paula, entry=law, revision=law.revision, title={"en": "Adopt a code"})
    found = search(cast.nobody, "adopt law")
    assert [one.title["en"] for one in found["measure"]] == ["Adopt a law"]
    assert search(cast.nobody, "adopt code") == {}
    assert [one.title["en"] for one in search(paula, "adopt code")["measure"]] == ["Adopt a code"]
    assert [one.title["en"] for one in search(cast.nobody, "migration concept")["policy"]] == [
        "Migration policy concept"
    ]


def test_search_finds_consultations_and_laws_that_the_reader_may_see(cast, paula, peter, policy):
    from milepost.web.plans.actions import laws
    from milepost.web.search.queries import search

    words = {"title": {"en": "Law on agencies"}, "what": {"en": "Licences"}, "why": {"en": "Fees"}}
    laws.enter(by=paula, policy=policy, **words)
    one = consulting.prepared(paula, policy)

    def found_by(user):
        return {
            words: [each.title["en"] for kind in ("consultation", "law") for each in found.get(kind, [])]
            for words in ("second stage", "agencies", "licences")
            for found in [search(user, words)]
        }

    law, draft = ["Law on agencies"], ["Draft of the second stage"]
    assert found_by(paula) == {"second stage": draft, "agencies": law, "licences": law}
    nothing = {"second stage": [], "agencies": [], "licences": []}
    assert found_by(cast.nobody) == found_by(peter) == nothing
    consulting.opened(paula, one)
    one.refresh_from_db()
    consulting.shown(paula, one)
    assert found_by(cast.nobody) == {**nothing, "second stage": draft}  # the policy stays hidden
    (told,) = search(cast.nobody, "second stage")["consultation"]
    assert not told.note
    policy.refresh_from_db()
    register.show_policy(by=paula, policy=policy, revision=policy.revision, public=True)
    assert found_by(cast.nobody)["agencies"] == law
