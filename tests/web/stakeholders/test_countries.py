"""Countries: who may know them, who edits them."""

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from milepost.web.audit.models import Event
from milepost.web.stakeholders import actions, queries
from milepost.web.stakeholders.models import Country

OTHERS = ["alice", "bob", "charlie", "frank", "nobody"]
FORM = {"name-en": "Sandoria", "name-ru": "Сандория", "m49": "901", "open_to_public": "on", "revision": 1}


@pytest.mark.parametrize("name", ["adam", "carol", "head"])
def test_those_who_manage_institutions_edit_their_country(client, cast, head, name):
    client.force_login(head if name == "head" else getattr(cast, name))
    page = reverse("country-edit", args=["xs"])
    assert client.get(page).status_code == 200
    assert client.post(page, {**FORM, "name-ru": "Республика Сандория"}).url == reverse("countries")
    country = Country.objects.get(code="xs")
    assert (country.name["ru"], country.revision) == ("Республика Сандория", 2)
    event = Event.objects.get()
    assert (event.verb, event.scope, event.details) == ("country.edited", "country:xs", {"fields": ["name"]})


@pytest.mark.parametrize("name", OTHERS)
def test_others_see_the_list_and_change_nothing(client, cast, name):
    by = getattr(cast, name)
    client.force_login(by)
    assert client.get(reverse("countries")).status_code == 200
    assert client.get(reverse("country-edit", args=["xs"])).status_code == 403
    assert client.post(reverse("country-edit", args=["xs"]), FORM).status_code == 403
    assert client.get(reverse("country-new")).status_code == 403
    more = {"name": {"en": "X"}, "m49": "", "open_to_public": True, "example": False, "time_zone": ""}
    with pytest.raises(PermissionDenied):
        actions.edit_country(by=by, country=cast.sandoria, revision=1, **more)
    with pytest.raises(PermissionDenied):
        actions.add_country(by=by, code="zz", **more)


def test_a_country_that_is_closed_is_unknown_to_others(client, cast):
    Country.objects.filter(code="xs").update(open_to_public=False)
    client.force_login(cast.charlie)
    assert client.get(reverse("country-edit", args=["xs"])).status_code == 404
    assert "Sandoria" not in client.get(reverse("countries")).text
    assert list(queries.countries(cast.alice).filter(code="xs")) == [cast.sandoria]


def test_an_anonymous_reader_is_led_to_sign_in(client, cast):
    for page in (reverse("countries"), reverse("country-new"), reverse("country-edit", args=["xs"])):
        assert client.get(page).url == f"{reverse('account_login')}?next={page}"


def test_only_an_administrator_of_the_whole_installation_adds_a_country(client, cast, head):
    form = {**FORM, "code": "ZZ", "name-en": "Zedland", "m49": ""}
    for user, status in ((head, 403), (cast.carol, 403), (cast.adam, 302)):
        client.force_login(user)
        assert client.post(reverse("country-new"), form).status_code == status
    assert Country.objects.get(code="zz").name == {"en": "Zedland", "ru": "Сандория"}
    again = client.post(reverse("country-new"), form)
    assert "This country is here already" in again.text


@pytest.mark.parametrize(("field", "typed"), [("code", "z1"), ("code", "zzz"), ("m49", "12"), ("m49", "abc")])
def test_codes_that_are_none_are_refused_beside_their_field(client, cast, field, typed):
    client.force_login(cast.adam)
    answer = client.post(reverse("country-new"), {**FORM, "code": "zz", field: typed})
    assert answer.context["form"].errors[field]
    assert not Country.objects.filter(code="zz").exists()


def test_the_second_of_two_editors_is_told_and_nothing_is_lost(cast):
    adam, carol = Client(), Client()
    adam.force_login(cast.adam)
    carol.force_login(cast.carol)
    page = reverse("country-edit", args=["xs"])
    adam.post(page, {**FORM, "name-en": "The Republic of Sandoria"})
    answer = carol.post(page, {**FORM, "name-en": "Kingdom of Sandoria", "open_to_public": ""})
    assert "Adam changed this on" in answer.text
    assert "The Republic of Sandoria" in answer.text
    assert 'value="Kingdom of Sandoria"' in answer.text
    assert Country.objects.get(code="xs").name["en"] == "The Republic of Sandoria"


def test_a_country_has_its_time_zone_or_that_of_the_site(client, cast):
    client.force_login(cast.carol)
    address = reverse("country-edit", args=["xs"])
    page = client.post(address, {**FORM, "time_zone": "Mars/Olympus"})
    assert "A time zone such as Asia/Bishkek, or nothing." in page.text
    assert client.post(address, {**FORM, "time_zone": " Asia/Bishkek "}).status_code == 302
    assert Country.objects.get(code="xs").time_zone == "Asia/Bishkek"
