"""Institutions: who may know them, who edits them, and that no edit is lost."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from milepost.web.audit.models import Event
from milepost.web.stakeholders import actions, queries
from milepost.web.stakeholders.models import Country, Institution

EDITORS, OTHERS = ["adam", "head", "carol"], ["alice", "bob", "charlie", "frank", "nobody"]


@pytest.fixture
def everybody(cast, head):
    return {**{name: getattr(cast, name) for name in (*OTHERS, "adam", "carol")}, "head": head}


def words(institution, **changed):
    return {
        "kind": institution.kind,
        "name": institution.name,
        "short_name": {},
        "mandate": {},
        "website": "",
        **changed,
    }


def posted(institution, **changed):
    """What a browser sends."""
    return {
        "kind": institution.kind,
        "name-en": institution.name.get("en", ""),
        "name-ru": institution.name.get("ru", ""),
        "website": "",
        "revision": institution.revision,
        **changed,
    }


def edit(institution, by, **changed):
    arguments = {"revision": institution.revision, **words(institution, **changed)}
    return actions.edit_institution(by=by, institution=institution, **arguments)


@pytest.mark.parametrize("name", EDITORS)
def test_those_who_manage_institutions_edit_add_and_close(client, cast, everybody, name):
    by = everybody[name]
    client.force_login(by)
    page = reverse("institution-edit", args=[cast.office.pk])
    assert client.get(page).status_code == 200
    answer = client.post(page, posted(cast.office, **{"mandate-en": "Statistics Act, article 4"}))
    assert answer.url == reverse("institution", args=[cast.office.pk])
    office = Institution.objects.get(pk=cast.office.pk)
    assert (office.mandate, office.revision) == ({"en": "Statistics Act, article 4"}, 2)
    assert client.post(
        reverse("institution-new"),
        {"country": "xs", "code": "border", "kind": "agency", "name-en": "Border Service"},
    ).url.startswith("/en/work/institutions/")
    client.post(reverse("institution-activity", args=[office.pk]), {"revision": 2, "active": "0"})
    assert not Institution.objects.get(pk=office.pk).active
    verbs = list(Event.objects.filter(by=by).order_by("id").values_list("verb", "scope"))
    assert verbs == [(f"institution.{deed}", "country:xs") for deed in ("edited", "added", "closed")]


@pytest.mark.parametrize("name", OTHERS)
def test_others_read_but_change_nothing(client, cast, everybody, name):
    by = everybody[name]
    client.force_login(by)
    page = client.get(reverse("institution", args=[cast.ministry.pk]))
    assert page.status_code == 200
    assert reverse("institution-edit", args=[cast.ministry.pk]) not in page.text
    assert client.get(reverse("institutions")).status_code == 200
    for path in ("institution-edit", "institution-activity"):
        assert client.post(reverse(path, args=[cast.ministry.pk]), posted(cast.ministry)).status_code == 403
    assert client.get(reverse("institution-new")).status_code == 403
    with pytest.raises(PermissionDenied):
        edit(cast.ministry, by, website="https://example.org")
    with pytest.raises(PermissionDenied):
        actions.add_institution(by=by, country=cast.sandoria, code="x", **words(cast.ministry))
    with pytest.raises(PermissionDenied):
        actions.set_active(by=by, institution=cast.ministry, revision=1, active=False)
    assert not Event.objects.exists()


def test_an_anonymous_reader_is_led_to_sign_in(client, cast):
    for page in (
        reverse("institutions"),
        reverse("institution", args=[cast.office.pk]),
        reverse("institution-edit", args=[cast.office.pk]),
        reverse("institution-new"),
    ):
        assert client.get(page).url == f"{reverse('account_login')}?next={page}"
    page = reverse("institution-activity", args=[cast.office.pk])
    assert client.post(page).url == f"{reverse('account_login')}?next={page}"


def test_institutions_of_a_closed_country_are_for_those_with_a_role_there(client, cast, head):
    Country.objects.filter(code="xs").update(open_to_public=False)
    page = reverse("institution", args=[cast.office.pk])
    for user, status in (
        (cast.charlie, 404),
        (cast.nobody, 404),
        (cast.alice, 200),
        (head, 200),
        (cast.adam, 200),
    ):
        client.force_login(user)
        assert client.get(page).status_code == status
        assert ("Statistical Office of Sandoria" in client.get(reverse("institutions")).text) == (
            status == 200
        )


def test_an_editor_of_one_country_does_not_touch_another(client, cast, head):
    client.force_login(head)
    assert client.get(reverse("institution-edit", args=[cast.abroad.pk])).status_code == 403
    form = {"country": "xn", "code": "x", "kind": "agency", "name-en": "X"}
    assert client.post(reverse("institution-new"), form).status_code == 200
    assert client.post(reverse("institution-new"), {**form, "country": "everywhere"}).status_code == 200
    assert not Institution.objects.filter(code="x").exists()
    for country in (cast.norland, None):
        with pytest.raises(PermissionDenied):
            actions.add_institution(by=head, country=country, code="x", **words(cast.office))


def test_an_international_organisation_has_no_country_and_one_code(client, cast):
    client.force_login(cast.adam)
    form = {
        "country": "everywhere",
        "code": "unit",
        "kind": "international",
        "name-en": "A United Organisation",
    }
    assert client.post(reverse("institution-new"), form).status_code == 302
    assert Institution.objects.get(code="unit").country is None
    again = client.post(reverse("institution-new"), form)
    assert "Another institution has this code" in again.text
    with pytest.raises(IntegrityError), transaction.atomic():
        Institution.objects.create(code="unit", kind="international")


def test_a_code_is_one_institutions_within_a_country(cast):
    with pytest.raises(ValidationError):
        actions.add_institution(by=cast.adam, country=cast.sandoria, code="labour", **words(cast.office))
    actions.add_institution(by=cast.adam, country=cast.norland, code="labour", **words(cast.office))


def test_the_second_of_two_editors_is_told_who_was_first_and_keeps_what_was_typed(cast):
    adam, carol = Client(), Client()
    adam.force_login(cast.adam)
    carol.force_login(cast.carol)
    page = reverse("institution-edit", args=[cast.office.pk])
    assert adam.post(page, posted(cast.office, website="https://first.example")).status_code == 302
    answer = carol.post(page, posted(cast.office, website="https://second.example"))
    assert answer.status_code == 200
    assert "Adam changed this on" in answer.text
    assert "https://first.example" in answer.text  # what it now says
    assert 'value="https://second.example"' in answer.text  # what was typed
    assert Institution.objects.get(pk=cast.office.pk).website == "https://first.example"
    assert answer.context["form"]["revision"].value() == 2
    assert (
        carol.post(page, posted(cast.office, website="https://second.example", revision=2)).status_code == 302
    )
    assert Institution.objects.get(pk=cast.office.pk).website == "https://second.example"


def test_closing_rests_on_the_present_revision_too(client, cast):
    edit(cast.office, cast.adam, website="https://example.org")
    client.force_login(cast.carol)
    for stale in ("1", "", "x"):
        client.post(
            reverse("institution-activity", args=[cast.office.pk]), {"revision": stale, "active": "0"}
        )
    assert Institution.objects.get(pk=cast.office.pk).active


def test_words_in_languages_that_the_site_does_not_offer_are_kept(cast):
    Institution.objects.filter(pk=cast.office.pk).update(name={"en": "Office", "ky": "Кызмат"})
    office = Institution.objects.get(pk=cast.office.pk)
    edit(office, cast.adam, name={"ru": "Служба"})
    assert Institution.objects.get(pk=cast.office.pk).name == {"ky": "Кызмат", "ru": "Служба"}


def test_a_name_in_one_language_at_least_is_needed(client, cast):
    client.force_login(cast.adam)
    page = reverse("institution-edit", args=[cast.office.pk])
    answer = client.post(page, posted(cast.office, **{"name-en": " ", "name-ru": ""}))
    assert "in one language at least" in answer.text
    assert client.post(page, posted(cast.office, **{"name-en": "", "name-ru": "Служба"})).status_code == 302


@pytest.mark.parametrize("website", ["javascript:alert(1)", "data:text/html,x", "not a link"])
def test_a_website_is_a_link_to_a_site(client, cast, website):
    client.force_login(cast.adam)
    answer = client.post(
        reverse("institution-edit", args=[cast.office.pk]), posted(cast.office, website=website)
    )
    assert answer.context["form"].errors["website"]


def test_words_typed_are_never_markup(client, cast):
    edit(cast.office, cast.adam, mandate={"en": "<script>alert(1)</script>"})
    client.force_login(cast.adam)
    for path in ("institution", "institution-edit"):
        assert "<script>alert(1)" not in client.get(reverse(path, args=[cast.office.pk])).text


def test_members_are_shown_to_colleagues_and_those_who_manage_only(client, cast, head):
    page = reverse("institution", args=[cast.office.pk])
    for user, shown in (
        (cast.alice, True),
        (cast.carol, True),
        (head, True),
        (cast.adam, True),
        (cast.frank, False),
        (cast.charlie, False),
        (cast.nobody, False),
    ):
        client.force_login(user)
        assert ("Alice" in client.get(page).text.split("<main")[1]) == shown, user


def test_institutions_are_found_by_words_in_any_case_country_and_kind(cast):
    known = queries.institutions(cast.adam)
    assert [one.code for one in queries.institutions_found(known, words="СТАТИСТИЧЕСКАЯ")] == ["statistics"]
    assert len(queries.institutions_found(known, country="xs")) == 2
    assert len(queries.institutions_found(known, kind="ministry")) == 1
    actions.set_active(by=cast.adam, institution=cast.ministry, revision=1, active=False)
    assert len(queries.institutions_found(known, country="xs")) == 1
    assert len(queries.institutions_found(known, country="xs", closed=True)) == 2


def test_the_list_asks_a_fixed_number_of_questions(client, cast, django_assert_max_num_queries):
    for number in range(40):
        Institution.objects.create(
            country=cast.sandoria, code=f"x{number}", kind="agency", name={"en": f"X {number}"}
        )
    client.force_login(cast.alice)
    with django_assert_max_num_queries(14):
        client.get(reverse("institutions"))
