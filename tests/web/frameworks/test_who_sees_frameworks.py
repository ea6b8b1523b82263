import pytest

from milepost import catalogue
from milepost.web.accounts.models import Grant
from milepost.web.frameworks import actions


@pytest.fixture
def places(cast):
    """Every page of Sandoria's frameworks: those to read, and those to edit."""
    text = catalogue.definition_file("10.7.1")
    made = actions.save_definition(by=cast.carol, country=cast.sandoria, text=text, reason="", revision=0)
    code = actions.add_code(by=cast.carol, country=cast.sandoria, list="sex", code="X", name={"en": "Third"})
    tag = actions.add_tag(by=cast.carol, country=cast.sandoria, name={"en": "Fair recruitment"})
    work = "/en/work/frameworks"
    read = [
        f"{work}/?country=xs",
        f"{work}/xs/entries/sdg/",
        f"{work}/xs/crosswalks/",
        f"{work}/xs/crosswalks/sdg/gcm/",
        f"{work}/xs/definitions/",
        f"{work}/definitions/{made.pk}/",
        f"{work}/definitions/{made.pk}/file/",
        f"{work}/xs/codes/",
        f"{work}/xs/codes/sex/",
        f"{work}/xs/tags/",
        f"{work}/xs/tags/{tag.pk}/",
    ]
    edit = [
        f"{work}/xs/crosswalks/pair/?origin=sdg/10.7.1&goal=gcm/6",
        f"{work}/xs/definitions/new/?code=10.7.2",
        f"{work}/definitions/{made.pk}/revise/",
        f"{work}/definitions/{made.pk}/end/",
        f"{work}/xs/codes/sex/{code.pk}/",
    ]
    return read, edit


def test_the_coordinator_reads_and_edits(cast, client, places):
    client.force_login(cast.carol)
    read, edit = places
    assert {place: client.get(place).status_code for place in read + edit} == dict.fromkeys(read + edit, 200)


def test_readers_of_internal_figures_look_and_do_not_edit(cast, client, places, ralph):
    read, edit = places
    for reader in (cast.alice, cast.bob, ralph):
        client.force_login(reader)
        assert {place: client.get(place).status_code for place in read} == dict.fromkeys(read, 200)
        assert {place: client.get(place).status_code for place in edit} == dict.fromkeys(edit, 403)
        for place in (read[3], read[7], read[8], read[9], read[10]):
            assert client.post(place, {"all": "1"}).status_code == 403


def test_for_strangers_there_is_nothing(cast, client, places):
    read, edit = places
    for stranger in (cast.charlie, cast.frank, cast.adam, cast.nobody):
        client.force_login(stranger)
        found = {place: client.get(place).status_code for place in read + edit}
        assert found == dict.fromkeys(read + edit, 404)
        assert {client.post(place).status_code for place in read + edit} <= {404, 405}


def test_whoever_is_not_signed_in_is_asked_to(client, places):
    for place in [*places[0], *places[1]]:
        assert client.get(place).url.startswith("/en/account/login/")


def test_one_sees_the_countries_where_one_works(cast, client):
    Grant.objects.create(user=cast.carol, role="reader", scope=cast.norland.address)
    client.force_login(cast.carol)
    page = client.get("/en/work/frameworks/").content.decode()
    assert "?country=xn" in page
    assert "?country=xs" in page
    assert client.get("/en/work/frameworks/?country=zz").status_code == 404


def test_what_ships_is_readable_in_both_languages(cast, client):
    client.force_login(cast.alice)
    for place in ("/en/work/frameworks/xs/entries/gcm/", "/ru/work/frameworks/xs/entries/gcm/"):
        page = client.get(place).content.decode()
        assert "Collect and utilize accurate and disaggregated data" in page
        assert "Сбор и использование точных данных" in page
    page = client.get("/en/work/frameworks/?country=xs").content.decode()
    assert "17 goals, 169 targets" in page
    assert "6 principles" not in page
    assert client.get("/en/work/frameworks/xs/entries/nothing/").status_code == 404
