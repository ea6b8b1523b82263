"""The people of a country and their pages: who knows of whom, invites, gives roles and memberships."""

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse

from milepost.web.accounts import actions as accounts
from milepost.web.accounts.models import Grant, User
from milepost.web.audit.models import Event
from milepost.web.stakeholders import actions, queries
from milepost.web.stakeholders.models import Membership
from tests.cast import person

OTHERS = ["alice", "bob", "charlie", "carol", "frank", "nobody"]
INVITE = {
    "email": "eve@example.org",
    "name": "Eve",
    "language": "ru",
    "role": "reader",
    "scope": "country:xs",
}


def names(people):
    return sorted(one.name for one in people)


def test_an_administrator_knows_everybody_a_country_administrator_the_country_others_themselves(cast, head):
    assert len(queries.people(cast.adam)) == User.objects.count()
    assert names(queries.people(head)) == ["Alice", "Bob", "Carol", "Frank", "Fred", "Head", "Mary"]
    for name in OTHERS:
        assert list(queries.people(getattr(cast, name))) == [getattr(cast, name)]


def test_somebody_whose_role_ended_is_still_known_where_it_was(cast, head):
    accounts.end_grant(by=cast.adam, grant=cast.frank.grants.get())
    Membership.objects.filter(user=cast.frank).delete()
    assert cast.frank in queries.people(head)
    assert cast.frank in queries.people(cast.adam)


def test_a_member_without_any_role_is_known_where_they_work(cast, head):
    paula = person("paula", works_for=cast.ministry)
    assert paula in queries.people(head)
    assert paula not in queries.people(person("away", ("administrator", cast.norland.address)))


@pytest.mark.parametrize("name", OTHERS)
def test_those_who_do_not_manage_people_see_only_their_own_page(client, cast, name):
    user = getattr(cast, name)
    client.force_login(user)
    assert client.get(reverse("people")).status_code == 403
    assert client.get(reverse("invite")).status_code == 403
    assert client.post(reverse("invite"), INVITE).status_code == 403
    assert client.get(user.get_absolute_url()).status_code == 200
    other = cast.bob if name == "alice" else cast.alice
    for page in ("person", "person-edit", "hand-over"):
        assert client.get(reverse(page, args=[other.pk])).status_code == 404
        if page != "person":
            assert client.get(reverse(page, args=[user.pk])).status_code == 403
    for deed in (
        "invite-again",
        "person-reopen",
        "grant-new",
        "membership-new",
        "second-factor-remove",
        "person-sessions-end",
    ):
        assert client.post(reverse(deed, args=[other.pk]), {"why": "x"}).status_code == 404
    for deed in ("invite-again", "person-reopen", "grant-new", "membership-new", "second-factor-remove"):
        assert client.post(reverse(deed, args=[user.pk]), {"why": "x"}).status_code == 403
    assert client.post(reverse("grant-end", args=[other.grants.get().pk])).status_code == 404
    assert client.post(reverse("membership-end", args=[other.memberships.get().pk])).status_code == 404
    assert not Event.objects.exists()


def test_one_does_not_end_the_own_role_or_membership_without_the_right(client, cast, today):
    client.force_login(cast.alice)
    assert client.post(reverse("grant-end", args=[cast.alice.grants.get().pk])).status_code == 403
    page = reverse("membership-end", args=[cast.alice.memberships.get().pk])
    assert client.post(page, {"until": today}).status_code == 403


def test_an_anonymous_reader_is_led_to_sign_in(client, cast):
    pages = [reverse("people"), reverse("invite")]
    pages += [
        reverse(name, args=[cast.alice.pk])
        for name in ("person", "person-edit", "hand-over", "invite-again", "person-reopen", "grant-new")
    ]
    pages += [
        reverse(name, args=[cast.alice.pk])
        for name in (
            "membership-new",
            "second-factor-remove",
            "person-sessions-end",
            "grant-end",
            "membership-end",
        )
    ]
    for page in pages:
        for answer in (client.get(page), client.post(page)):
            assert answer.url == f"{reverse('account_login')}?next={page}"


def test_a_country_administrator_sees_neither_people_nor_roles_of_another_country(client, cast, head):
    accounts.grant(by=cast.adam, user=cast.alice, role="reader", scope=cast.norland.address)
    client.force_login(head)
    assert client.get(cast.charlie.get_absolute_url()).status_code == 404
    listed = client.get(reverse("people")).text.split("<table")[1]
    assert "Charlie" not in listed
    assert "Norland" not in listed
    page = client.get(cast.alice.get_absolute_url()).text.split("<main")[1].split("<details")[0]
    assert "Statistician" in page
    assert "Norland" not in page
    assert reverse("person-edit", args=[cast.alice.pk]) not in page
    assert client.get(reverse("person-edit", args=[cast.alice.pk])).status_code == 403
    assert client.get(reverse("hand-over", args=[cast.alice.pk])).status_code == 403
    assert client.post(reverse("person-sessions-end", args=[cast.alice.pk])).status_code == 403


def test_somebody_working_in_another_country_too_is_not_handed_over_by_one_country(cast, head, today):
    actions.add_member(by=cast.adam, institution=cast.abroad, user=cast.bob, position="", since=today)
    assert not queries.manages(head, cast.bob)
    assert queries.manages(head, cast.frank)
    with pytest.raises(PermissionDenied):
        actions.hand_over(by=head, from_user=cast.bob, to_user=None, why="x")


def test_a_person_is_invited_with_a_role_and_a_membership(client, cast, head, settings, today):
    client.force_login(head)
    form = {**INVITE, "institution": cast.ministry.pk, "position": "Analyst", "since": "2026-03-01"}
    answer = client.post(reverse("invite"), form, follow=True)
    eve = User.objects.get(email="eve@example.org")
    assert answer.redirect_chain[-1][0] == eve.get_absolute_url()
    membership = eve.memberships.get()
    assert (membership.institution, membership.position, str(membership.since)) == (
        cast.ministry,
        "Analyst",
        "2026-03-01",
    )
    (letter,) = mail.outbox
    assert letter.to == ["eve@example.org"]
    assert "A letter with the link was sent to eve@example.org" in answer.text
    assert "account/invitation/" not in answer.text


def test_where_no_letters_leave_the_page_shows_the_link_to_hand_over(client, cast, settings, tmp_path):
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path)
    client.force_login(cast.adam)
    page = client.post(reverse("invite"), INVITE, follow=True)
    eve = User.objects.get(email="eve@example.org")
    link = page.context["link"]
    assert link in page.text
    assert Client().get(link.replace("http://testserver", "")).status_code == 200
    client.post(reverse("invite-again", args=[eve.pk]))
    assert Client().get(link.replace("http://testserver", "")).status_code == 410
    assert any(tmp_path.iterdir())
    client.force_login(eve)
    assert "account/invitation/" not in client.get(eve.get_absolute_url()).text


def test_where_the_mail_server_refuses_it_is_said_and_the_link_is_shown(client, cast, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    client.force_login(cast.adam)
    page = client.post(reverse("invite"), INVITE, follow=True)
    assert "The letter could not be sent" in page.text
    assert page.context["link"] in page.text


def test_a_country_administrator_is_offered_only_the_own_places(client, cast, head):
    client.force_login(head)
    page = client.get(reverse("invite")).text
    assert "Norland" not in page
    assert "The whole installation" not in page
    for scope in ("country:xn", cast.abroad.address, "everywhere", ""):
        assert client.post(reverse("invite"), {**INVITE, "scope": scope}).status_code == 200
    assert not User.objects.filter(email="eve@example.org").exists()


def test_an_address_that_is_taken_is_said_beside_its_field_and_what_was_typed_stays(client, cast, head):
    client.force_login(head)
    answer = client.post(reverse("invite"), {**INVITE, "email": "Charlie@example.org"})
    assert answer.context["form"].errors["email"]
    assert 'value="Eve"' in answer.text


def test_roles_are_given_and_ended_on_the_persons_page(client, cast, head):
    client.force_login(head)
    page = cast.frank.get_absolute_url()
    answer = client.post(
        reverse("grant-new", args=[cast.frank.pk]), {"role": "reader", "scope": cast.office.address}
    )
    assert answer.url == page
    given = Grant.objects.get(user=cast.frank, role="reader")
    assert given.granted_by == head
    again = client.post(
        reverse("grant-new", args=[cast.frank.pk]), {"role": "reader", "scope": cast.office.address}
    )
    assert "This person has this role there already" in again.text
    wrong = client.post(
        reverse("grant-new", args=[cast.frank.pk]), {"role": "statistician", "scope": "country:xs"}
    )
    assert "This role is given for: an institution." in wrong.text
    client.post(reverse("grant-end", args=[given.pk]), {"why": "Project ended."})
    given.refresh_from_db()
    assert given.ended_at is not None


def test_the_role_of_the_last_administrator_stays_and_the_page_says_why(client, cast):
    client.force_login(cast.adam)
    answer = client.post(reverse("grant-end", args=[cast.adam.grants.get().pk]), follow=True)
    assert "This is the last administrator" in answer.text
    assert cast.adam.grants.get().ended_at is None


def test_memberships_begin_and_end_on_the_persons_page(client, cast, head, today):
    client.force_login(head)
    form = {"institution": cast.office.pk, "position": "Guest", "since": str(today)}
    client.post(reverse("membership-new", args=[cast.frank.pk]), form)
    membership = Membership.objects.get(user=cast.frank, institution=cast.office)
    again = client.post(reverse("membership-new", args=[cast.frank.pk]), form)
    assert "This person is a member there already" in again.text
    page = reverse("membership-end", args=[membership.pk])
    early = client.post(page, {"until": "2020-01-01"}, follow=True)
    assert "The last day is before the first" in early.text
    assert "Give the last day" in client.post(page, {"until": "x"}, follow=True).text
    client.post(page, {"until": str(today)})
    membership.refresh_from_db()
    assert membership.until == today
    verbs = list(Event.objects.order_by("id").values_list("verb", "scope", "address"))
    assert verbs == [(f"membership.{deed}", "country:xs", cast.office.address) for deed in ("began", "ended")]


@pytest.mark.parametrize("name", OTHERS)
def test_those_who_do_not_manage_people_name_no_members(cast, name, today):
    by = getattr(cast, name)
    with pytest.raises(PermissionDenied):
        actions.add_member(by=by, institution=cast.office, user=cast.nobody, position="", since=today)
    with pytest.raises(PermissionDenied):
        actions.end_membership(by=by, membership=cast.bob.memberships.get(), until=today)
    with pytest.raises(PermissionDenied):
        actions.invite(by=by, **INVITE)
    with pytest.raises(PermissionDenied):
        actions.hand_over(by=by, from_user=cast.bob, to_user=cast.nobody, why="x")


def test_a_country_administrator_names_no_members_elsewhere(cast, head, today):
    with pytest.raises(PermissionDenied):
        actions.add_member(by=head, institution=cast.abroad, user=cast.frank, position="", since=today)


def test_nobody_becomes_a_member_after_leaving(cast, today):
    accounts.close(by=cast.adam, user=cast.frank, why="x")
    with pytest.raises(ValidationError):
        actions.add_member(by=cast.adam, institution=cast.office, user=cast.frank, position="", since=today)


def test_a_wrong_address_is_corrected_and_the_new_link_goes_there(client, cast, head):
    client.force_login(head)
    client.post(reverse("invite"), INVITE)
    eve = User.objects.get(email="eve@example.org")
    form = {"name": "Eva", "email": "EVA@example.org", "language": "ru", "revision": 1}
    client.post(reverse("person-edit", args=[eve.pk]), form)
    eve.refresh_from_db()
    assert (eve.email, eve.name) == ("eva@example.org", "Eva")
    assert mail.outbox[-1].to == ["eva@example.org"]


def test_two_administrators_at_one_person_lose_nothing(cast, head):
    ours, theirs = Client(), Client()
    ours.force_login(head)
    theirs.force_login(cast.adam)
    page = reverse("person-edit", args=[cast.frank.pk])
    form = {"email": "frank@example.org", "language": "en", "revision": 1}
    ours.post(page, {**form, "name": "Frank One"})
    answer = theirs.post(page, {**form, "name": "Frank Two"})
    assert "Head changed this on" in answer.text
    assert "Frank One" in answer.text
    assert 'value="Frank Two"' in answer.text
    assert User.objects.get(pk=cast.frank.pk).name == "Frank One"


def test_a_closed_account_is_opened_again_from_its_page(client, cast, head):
    accounts.close(by=head, user=cast.frank, why="Left.")
    client.force_login(head)
    assert client.get(cast.frank.get_absolute_url()).status_code == 200
    client.post(reverse("person-reopen", args=[cast.frank.pk]))
    frank = User.objects.get(pk=cast.frank.pk)
    assert frank.is_active
    assert frank.waits
    assert mail.outbox[-1].to == ["frank@example.org"]


def test_people_are_found_by_words_role_institution_and_state(cast):
    everybody = queries.people(cast.adam)
    User.objects.filter(pk=cast.carol.pk).update(name="Карлыгач")
    actions.invite(by=cast.adam, **INVITE)
    accounts.close(by=cast.adam, user=cast.nobody, why="x")
    assert names(queries.found(everybody, words="КАРЛ")) == ["Карлыгач"]
    assert names(queries.found(everybody, words="frank@")) == ["Frank"]
    assert names(queries.found(everybody, role="reviewer")) == ["Bob", "Charlie"]
    assert names(queries.found(everybody, institution=cast.ministry)) == ["Frank", "Fred", "Mary"]
    assert names(queries.found(everybody, state="invited")) == ["Eve"]
    assert names(queries.found(everybody, state="closed")) == ["Nobody"]


def test_the_list_asks_a_fixed_number_of_questions(client, cast, django_assert_max_num_queries):
    for number in range(40):
        person(f"p{number}", ("reader", cast.office.address), works_for=cast.office)
    client.force_login(cast.adam)
    with django_assert_max_num_queries(14):
        page = client.get(reverse("people"))
    assert page.text.count("/en/work/people/") > 40
