"""A country calls a code list of its own by a title, and so the dimension whose categories it holds."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from milepost.errors import MilepostError
from milepost.web.audit.models import Event
from milepost.web.frameworks import actions, queries
from milepost.web.frameworks.models import ListTitle
from milepost.web.indicators.queries import names
from milepost.web.ui.memory import cache
from milepost.web.ui.revisions import Stale

TITLE = {"en": "District", "ru": "Район"}


@pytest.fixture(autouse=True)
def district(cast):
    cache.clear()
    name = {"en": "North", "ru": "Север"}
    actions.add_code(by=cast.carol, country=cast.sandoria, list="district", code="N", name=name)


def call(cast, *, by=None, list="district", name=None, revision=0):
    return actions.call_list(
        by=by or cast.carol, country=cast.sandoria, list=list, name=name or TITLE, revision=revision
    )


def codes(error):
    return [problem.code for problem in error.value.problems]


def test_the_title_is_what_the_dimension_is_called_in_this_country_only(cast):
    call(cast)
    own = names.own_codes(cast.sandoria)
    assert (names.dimension("district", own), names.dimension("sex", own)) == ("District", "Sex")
    assert names.breakdown("age+district", own) == "Age, district"
    assert names.dimension("district", names.own_codes(cast.norland)) == "District"  # by its code
    call(cast, name={"en": "Part of the country"}, revision=1)
    assert names.dimension("district", names.own_titles(cast.sandoria)) == "Part of the country"
    assert [one.title for one in queries.code_lists(cast.sandoria) if one.name == "district"] == [
        {"en": "Part of the country"}
    ]
    event = Event.objects.filter(verb="list.called").latest("pk")
    assert event.details["name"] == [TITLE, {"en": "Part of the country"}]


def test_lists_that_ship_and_lists_without_codes_get_no_title(cast):
    for name in ("areas", "nothing-here"):
        with pytest.raises(MilepostError) as error:
            call(cast, list=name)
        assert codes(error) == ["list-not-own"]
    with pytest.raises(MilepostError) as error:
        call(cast, name={"en": " "})
    assert codes(error) == ["name-missing"]


def test_the_second_of_two_people_is_told(cast):
    call(cast)
    with pytest.raises(Stale) as error:
        call(cast, name={"en": "Rayon"})
    assert error.value.now.name == TITLE
    assert ListTitle.objects.get().name == TITLE


@pytest.mark.parametrize(("name", "answer"), [("alice", 403), ("charlie", 404), ("nobody", 404)])
def test_others_cannot_give_a_title(client, cast, name, answer):
    client.force_login(getattr(cast, name))
    page = reverse("list-title", args=["xs", "district"])
    assert client.get(page).status_code == answer
    assert client.post(page, {"name-en": "X", "revision": 0}).status_code == answer
    with pytest.raises(PermissionDenied):
        call(cast, by=getattr(cast, name))


def test_the_page_of_the_list_has_its_title(client, cast):
    client.force_login(cast.carol)
    page, listed = (
        reverse("list-title", args=["xs", "district"]),
        reverse("code-list", args=["xs", "district"]),
    )
    assert page in client.get(listed).text
    typed = {"name-en": "District", "name-ru": "Район", "revision": 0}
    assert client.post(page, typed).url == listed
    assert "<h1>Район</h1>" in client.get(listed.replace("/en/", "/ru/")).text.replace('<span lang="ru">', "")
    again = client.post(page, {**typed, "name-en": "Rayon"})
    assert again.status_code == 200
    assert 'value="Rayon"' in again.text
    assert client.get(reverse("list-title", args=["xs", "areas"])).status_code == 404
