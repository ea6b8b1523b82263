import pytest
from django.core.exceptions import PermissionDenied

from milepost.errors import MilepostError
from milepost.web.audit.models import Event
from milepost.web.frameworks import actions, queries
from milepost.web.frameworks.models import Code, Tag
from milepost.web.indicators.actions import lists
from milepost.web.ui.revisions import Stale

NAME = {"en": "Upper valley", "ru": "Верхняя долина"}
WORK = "/en/work/frameworks/xs"


def add(cast, code="XS01", *, by=None, list="areas", name=None):
    return actions.add_code(
        by=by or cast.carol, country=cast.sandoria, list=list, code=code, name=NAME if name is None else name
    )


def codes(error):
    return [problem.code for problem in error.value.problems]


def test_a_code_of_its_own_stands_beside_those_that_ship(cast):
    add(cast)
    found = queries.codes(cast.sandoria, "areas")
    assert (found["XS01"], "417" in found) == (NAME, True)
    assert "XS01" not in queries.codes(cast.norland, "areas")


def test_a_retired_code_is_not_offered_and_can_come_back(cast):
    made = add(cast)
    actions.change_code(by=cast.carol, code=made, name=NAME, active=False, revision=1)
    assert "XS01" not in queries.codes(cast.sandoria, "areas")
    actions.change_code(by=cast.carol, code=made, name={"ru": "Долина"}, active=True, revision=2)
    assert queries.codes(cast.sandoria, "areas")["XS01"] == {"ru": "Долина"}


def test_a_list_of_its_own_begins_with_its_first_code(cast):
    add(cast, "north", list="district")
    assert queries.codes(cast.sandoria, "district") == {"north": NAME}
    assert [one.name for one in queries.code_lists(cast.sandoria) if one.ships == 0] == ["district"]


def test_all_that_is_wrong_with_a_code_is_said_at_once(cast):
    add(cast)
    with pytest.raises(MilepostError) as error:
        add(cast, "XS01", name={"en": " "})
    assert codes(error) == ["name-missing", "code-taken"]
    with pytest.raises(MilepostError) as error:
        add(cast, "верх", list="район", name={})
    assert codes(error) == ["code-unreadable", "code-unreadable", "name-missing"]
    with pytest.raises(MilepostError) as error:
        add(cast, "F", list="sex")  # ships
    assert codes(error) == ["code-taken"]


def test_nobody_overwrites_a_name_they_have_not_seen(cast, dora):
    made = add(cast)
    actions.change_code(by=dora, code=made, name={"en": "Upper Vale"}, active=True, revision=1)
    with pytest.raises(Stale) as stale:
        actions.change_code(by=cast.carol, code=made, name={"en": "Valley"}, active=True, revision=1)
    assert stale.value.now.name == {"en": "Upper Vale"}


def test_a_tag_is_put_on_indicators_and_taken_off(cast):
    lists.add(by=cast.carol, country=cast.sandoria, code="10.7.1")
    lists.add(by=cast.carol, country=cast.sandoria, code="10.7.2")
    tag = actions.add_tag(by=cast.carol, country=cast.sandoria, name={"en": "Fair recruitment"})
    actions.put_tag(by=cast.carol, tag=tag, on=["indicator:xs-10.7.1", "indicator:xs-10.7.2"])
    actions.put_tag(by=cast.carol, tag=tag, off=["indicator:xs-10.7.2"])
    assert queries.tagged(tag) == {"indicator:xs-10.7.1"}
    assert list(queries.tags_of("indicator:xs-10.7.1")) == [tag]
    told = Event.objects.filter(verb="tags.put", address="indicator:xs-10.7.2").order_by("id")
    assert [event.details["stands"] for event in told] == [True, False]


def test_two_people_who_tag_at_the_same_time_lose_nothing_of_each_other(cast, client, dora):
    for code in ("10.7.1", "10.7.2", "10.7.3"):
        lists.add(by=cast.carol, country=cast.sandoria, code=code)
    tag = actions.add_tag(by=cast.carol, country=cast.sandoria, name={"en": "Fair recruitment"})
    actions.put_tag(by=cast.carol, tag=tag, on=["indicator:xs-10.7.1"])
    actions.put_tag(by=dora, tag=tag, on=["indicator:xs-10.7.2"])  # while Carol looks at the page
    client.force_login(cast.carol)
    client.post(
        f"{WORK}/tags/{tag.pk}/",
        {"put": "1", "indicators": ["indicator:xs-10.7.3"], "shown": "indicator:xs-10.7.1"},
    )
    assert queries.tagged(tag) == {"indicator:xs-10.7.2", "indicator:xs-10.7.3"}


def test_a_tag_stands_on_indicators_of_its_country_only(cast):
    tag = actions.add_tag(by=cast.carol, country=cast.sandoria, name={"en": "Fair recruitment"})
    with pytest.raises(PermissionDenied):
        actions.put_tag(by=cast.carol, tag=tag, on=["indicator:xn-10.7.1"])
    assert queries.tagged(tag) == set()


def test_no_two_tags_have_one_name(cast):
    first = actions.add_tag(by=cast.carol, country=cast.sandoria, name=NAME)
    with pytest.raises(MilepostError) as error:
        actions.add_tag(by=cast.carol, country=cast.sandoria, name={"ru": "верхняя ДОЛИНА"})
    assert codes(error) == ["tag-taken"]
    actions.change_tag(by=cast.carol, tag=first, name=NAME, active=False, revision=1)  # its own name it keeps
    actions.add_tag(by=cast.carol, country=cast.sandoria, name={"en": "Lower valley"})


def test_only_who_edits_the_frameworks_of_the_country_adds(cast, ralph):
    made = add(cast)
    tag = actions.add_tag(by=cast.carol, country=cast.sandoria, name=NAME)
    for stranger in (cast.alice, cast.bob, cast.charlie, cast.frank, cast.adam, cast.nobody, ralph):
        for deed in (
            lambda by: add(cast, "XS02", by=by),
            lambda by: actions.change_code(by=by, code=made, name=NAME, active=False, revision=1),
            lambda by: actions.add_tag(by=by, country=cast.sandoria, name={"en": "Other"}),
            lambda by: actions.change_tag(by=by, tag=tag, name=NAME, active=False, revision=1),
            lambda by: actions.put_tag(by=by, tag=tag),
        ):
            with pytest.raises(PermissionDenied):
                deed(stranger)
    assert (Code.objects.count(), Tag.objects.count()) == (1, 1)


# In the browser ---------------------------------------------------------------------------------------------


def test_codes_are_added_renamed_and_retired(cast, client):
    client.force_login(cast.carol)
    added = client.post(f"{WORK}/codes/sex/", {"code": "X", "name-en": "Third", "name-ru": "Третий"})
    assert added.url == f"{WORK}/codes/sex/"
    made = Code.objects.get()
    page = client.get(f"{WORK}/codes/sex/").content.decode()
    assert "Third" in page
    assert "Женщины" in page
    place = f"{WORK}/codes/sex/{made.pk}/"
    client.post(place, {"name-en": "Third sex", "name-ru": "Третий пол", "revision": "1"})
    made.refresh_from_db()
    assert (made.name, made.active, made.revision) == ({"en": "Third sex", "ru": "Третий пол"}, False, 2)
    stale = client.post(place, {"name-en": "Other", "active": "on", "revision": "1"}).content.decode()
    assert "Another person changed this while you were typing." in stale
    assert 'value="Other"' in stale
    assert 'name="revision" value="2"' in stale


def test_a_list_is_begun_and_faults_stand_at_their_fields(cast, client):
    client.force_login(cast.carol)
    page = client.post(f"{WORK}/codes/", {"list": "район", "code": "а", "name-en": "North"})
    assert set(page.context["form"].errors) == {"list", "code"}
    begun = client.post(f"{WORK}/codes/", {"list": "district", "code": "n", "name-en": "North"})
    assert begun.url == f"{WORK}/codes/district/"
    assert client.get(begun.url).status_code == 200
    assert client.get(f"{WORK}/codes/nothing/").status_code == 404


def test_a_tag_is_added_put_and_retired(cast, client):
    lists.add(by=cast.carol, country=cast.sandoria, code="10.7.1")
    client.force_login(cast.carol)
    place = client.post(f"{WORK}/tags/", {"name-en": "Fair recruitment"}).url
    client.post(place, {"put": "1", "indicators": ["indicator:xs-10.7.1"], "shown": ""})
    assert "1 indicator" in client.get(f"{WORK}/tags/").content.decode()
    client.post(place, {"name-en": "Fair recruitment", "revision": "1"})
    assert "Out of use" in client.get(f"{WORK}/tags/").content.decode()
    page = client.post(f"{WORK}/tags/", {"name-en": "fair recruitment"}).content.decode()
    assert "There is a tag fair recruitment already." in page
