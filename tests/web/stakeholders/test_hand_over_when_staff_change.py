"""Staff change: everything a person had goes to another in one step, shown before, or not at all."""

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse

from milepost.web.accounts import actions as accounts
from milepost.web.accounts import queries as known
from milepost.web.accounts.models import User
from milepost.web.audit.models import Event
from milepost.web.stakeholders import actions, queries
from milepost.web.stakeholders.models import Country, Membership
from tests.cast import PASSWORD


@pytest.fixture
def work(cast):
    """Three drafts of Alice."""
    for code in ("a1", "a2", "a3"):
        Country.objects.create(code=code, name={"draft_of": cast.alice.pk})


def roles(user):
    return sorted((grant.role, grant.scope) for grant in known.active_grants(user))


def drafts(user):
    return Country.objects.filter(name__draft_of=user.pk).count()


def everything():
    """What a hand-over could change."""
    return (
        sorted(User.objects.values_list("pk", "is_active", "password", "session_round", "revision")),
        sorted(Membership.objects.values_list("user", "institution", "since", "until"), key=str),
        [roles(user) for user in User.objects.order_by("pk")],
        sorted(Country.objects.values_list("code", "m49", "name"), key=str),
        Event.objects.count(),
    )


def test_roles_memberships_and_open_work_go_to_the_successor_and_the_leaver_is_out(cast, work, head, today):
    leaver = Client()
    leaver.post(reverse("account_login"), {"login": cast.alice.email, "password": PASSWORD})
    moved = actions.hand_over(by=head, from_user=cast.alice, to_user=cast.frank, why="Maternity leave.")
    assert moved.work == {"drafts": 3}
    assert roles(cast.alice) == []
    assert ("statistician", cast.office.address) in roles(cast.frank)
    assert (drafts(cast.alice), drafts(cast.frank)) == (0, 3)
    assert cast.alice.memberships.get().until == today
    assert cast.frank.memberships.filter(institution=cast.office, until=None).exists()
    alice = User.objects.get(pk=cast.alice.pk)
    assert not alice.is_active
    assert alice.left_at
    assert leaver.get(reverse("my-account")).status_code == 302
    event = Event.objects.get(verb="person.handed-over")
    assert (event.by, event.why, event.scope) == (head, "Maternity leave.", "")
    assert event.details == {"to": cast.frank.address, "work": {"drafts": 3}}


def test_past_deeds_keep_their_author(cast, head):
    accounts.signed_in(user=cast.alice, caller="127.0.0.1")
    actions.hand_over(by=head, from_user=cast.alice, to_user=cast.bob, why="x")
    assert Event.objects.get(verb="person.signed-in").by == cast.alice


def test_the_preview_says_exactly_what_moves_and_changes_nothing(cast, work, head):
    before = everything()
    asked = {"by": head, "from_user": cast.alice, "how": "person", "to_user": cast.frank, "why": "x"}
    shown = actions.preview(**asked)
    assert everything() == before
    assert cast.alice.is_active
    moved, _successor = actions.hand_over_as(**asked)
    assert moved == shown


def test_what_the_successor_has_already_is_not_given_twice(cast, head, today):
    accounts.grant(by=cast.adam, user=cast.bob, role="statistician", scope=cast.office.address)
    moved = actions.hand_over(by=head, from_user=cast.alice, to_user=cast.bob, why="x")
    assert moved.kept_roles == [("statistician", cast.office.address)]
    assert moved.roles == []
    assert cast.bob.memberships.count() == 1


def test_if_one_part_fails_nothing_moved(cast, work, head, settings):
    settings.HANDOVERS = "tests.web.stakeholders.test_hand_over_when_staff_change.BROKEN"
    before = everything()
    with pytest.raises(RuntimeError):
        actions.hand_over(by=head, from_user=cast.alice, to_user=cast.frank, why="x")
    assert everything() == before


def _breaks(**_whom):
    raise RuntimeError("the last part fails")


BROKEN = {"first": lambda from_user, to_user, by: Country.objects.update(m49="xxx"), "last": _breaks}


def test_a_new_person_is_invited_with_the_hand_over(client, cast, work, head):
    client.force_login(head)
    page = reverse("hand-over", args=[cast.alice.pk])
    form = {"how": "new", "email": "eve@example.org", "name": "Eve", "language": "ru", "why": "Retired."}
    shown = client.post(page, form)
    assert "This will go to Eve" in shown.text
    assert not User.objects.filter(email="eve@example.org").exists()
    client.post(page, {**form, "confirmed": "1"})
    eve = User.objects.get(email="eve@example.org")
    assert roles(eve) == [("statistician", cast.office.address)]
    assert drafts(eve) == 3
    assert mail.outbox[-1].to == ["eve@example.org"]


def test_without_a_successor_everything_ends_and_open_work_stays(cast, work, head):
    moved = actions.hand_over(by=head, from_user=cast.alice, to_user=None, why="x")
    assert moved.work == {}
    assert drafts(cast.alice) == 3
    assert not User.objects.get(pk=cast.alice.pk).is_active


def test_the_page_shows_first_and_does_after_the_second_button(client, cast, work, head):
    client.force_login(head)
    page = reverse("hand-over", args=[cast.alice.pk])
    form = {"how": "person", "to_user": cast.frank.pk, "why": "Left the ministry."}
    shown = client.post(page, form)
    assert "This will go to Frank" in shown.text
    assert "Statistician" in shown.text
    assert cast.alice.grants.filter(ended_at=None).exists()
    hidden = {
        name: shown.context["asked"].get(name, "") or ""
        for name in ("how", "email", "name", "language", "why")
    }
    answer = client.post(page, {**hidden, "to_user": cast.frank.pk, "confirmed": "1"})
    assert answer.url == cast.frank.get_absolute_url()
    assert not cast.alice.grants.filter(ended_at=None).exists()
    assert client.get(page).status_code == 404  # once


@pytest.mark.parametrize(
    "form", [{"how": "person"}, {"how": "new", "email": "x"}, {"how": "nobody", "why": " "}, {"how": "?"}]
)
def test_what_is_missing_is_said_and_nothing_moves(client, cast, head, form):
    client.force_login(head)
    before = everything()
    answer = client.post(reverse("hand-over", args=[cast.alice.pk]), {"why": "x", "confirmed": "1", **form})
    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert everything() == before


def test_the_successor_is_one_of_the_people_the_administrator_knows(client, cast, head):
    client.force_login(head)
    form = {"how": "person", "to_user": cast.charlie.pk, "why": "x"}
    assert client.post(reverse("hand-over", args=[cast.alice.pk]), form).context["form"].errors["to_user"]


def test_nobody_hands_over_to_the_same_person_or_one_who_left(cast, head):
    accounts.close(by=head, user=cast.frank, why="x")
    for successor in (cast.alice, cast.frank):
        with pytest.raises(ValidationError):
            actions.hand_over(by=head, from_user=cast.alice, to_user=successor, why="x")
    with pytest.raises(ValidationError):
        actions.hand_over(by=head, from_user=cast.frank, to_user=None, why="x")


def test_an_administrator_takes_over_no_right_for_themselves(client, cast, head):
    with pytest.raises(PermissionDenied):
        actions.hand_over(by=head, from_user=cast.bob, to_user=head, why="x")
    client.force_login(head)
    form = {"how": "person", "to_user": head.pk, "why": "x"}
    answer = client.post(reverse("hand-over", args=[cast.bob.pk]), form)
    assert "You cannot give yourself more than you have" in answer.text


def test_the_last_administrator_hands_over_only_to_one_who_can_sign_in(client, cast):
    with pytest.raises(ValidationError):
        actions.hand_over(by=cast.adam, from_user=cast.adam, to_user=None, why="x")
    with pytest.raises(ValidationError):
        actions.hand_over_as(
            by=cast.adam,
            from_user=cast.adam,
            how="new",
            email="eve@example.org",
            name="Eve",
            language="en",
            why="x",
        )
    client.force_login(cast.adam)
    form = {"how": "person", "to_user": cast.nobody.pk, "why": "Moves on.", "confirmed": "1"}
    assert client.post(reverse("hand-over", args=[cast.adam.pk]), form).url == reverse("account_login")
    assert roles(cast.nobody) == [("administrator", "")]
    assert not User.objects.get(pk=cast.adam.pk).is_active
    assert client.get(reverse("people")).status_code == 302


def test_a_country_administrator_hands_over_nobody_with_a_place_elsewhere(cast, head):
    for user in (cast.charlie, cast.adam, cast.nobody):
        assert not queries.manages(head, user)
        with pytest.raises(PermissionDenied):
            actions.hand_over(by=head, from_user=user, to_user=cast.alice, why="x")
