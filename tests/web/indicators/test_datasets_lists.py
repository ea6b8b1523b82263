"""A country's list of indicators."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from milepost.errors import MilepostError
from milepost.web.indicators.actions import lists
from milepost.web.indicators.actions.targets import Stale
from milepost.web.indicators.models import Indicator
from tests.web.indicators.steps import listed


def refused(cast, code, **more):
    with pytest.raises(MilepostError) as error:
        lists.add(by=cast.carol, country=cast.sandoria, code=code, **more)
    return error.value.problems[0].code


def test_an_indicator_of_the_goals_has_its_official_title(cast):
    (indicator,) = listed(cast, "10.7.1")
    assert (indicator.slug, indicator.title, indicator.framework) == ("xs-10.7.1", {}, "sdg")


def test_the_list_is_in_the_order_of_the_codes(cast):
    listed(cast, "10.c.1", "10.7.2", "3.c.1", "16.2.2")
    found = Indicator.objects.filter(country=cast.sandoria).values_list("code", flat=True)
    assert list(found) == ["3.c.1", "10.7.2", "10.c.1", "16.2.2"]
    assert lists.in_order("10.7.2") < lists.in_order("10.7.10")


def test_what_cannot_be_on_the_list(cast):
    listed(cast, "10.7.1")
    assert refused(cast, "10.7.1") == "indicator-listed"
    assert refused(cast, "99.9.9") == "indicator-without-title"
    assert refused(cast, "../etc") == "indicator-code"
    assert refused(cast, "10.7.2", custodian=cast.abroad) == "institution-elsewhere"
    own = lists.add(
        by=cast.carol,
        country=cast.sandoria,
        code="M1",
        framework="national",
        title={"en": "Work permits", "ru": " "},
    )
    assert own.title == {"en": "Work permits"}


def test_two_countries_have_lists_of_their_own(cast):
    from tests.cast import person

    nora = person("nora", ("coordinator", cast.norland.address))
    listed(cast, "10.7.1")
    listed(cast, "10.7.1", country=cast.norland, by=nora)
    assert sorted(Indicator.objects.values_list("slug", flat=True)) == ["xn-10.7.1", "xs-10.7.1"]
    with pytest.raises(PermissionDenied):
        lists.add(by=nora, country=cast.sandoria, code="10.7.2")


def test_who_may_edit_the_list_and_what_is_lost_by_no_one(cast):
    (indicator,) = listed(cast, "10.7.1")
    fields = {"title": {}, "custodian": cast.office, "listed": True, "metadata": {"source": {"en": "LFS"}}}
    for stranger in (cast.alice, cast.bob, cast.charlie, cast.nobody):
        with pytest.raises(PermissionDenied):
            lists.edit(by=stranger, indicator=indicator, revision=1, **fields)
    lists.edit(by=cast.carol, indicator=indicator, revision=1, **fields)
    with pytest.raises(Stale):
        lists.edit(by=cast.carol, indicator=indicator, revision=1, **{**fields, "listed": False})
    indicator = Indicator.objects.get()
    assert (indicator.listed, indicator.custodian, indicator.revision) == (True, cast.office, 2)
    assert indicator.metadata == {"source": {"en": "LFS"}}


def test_the_pages_of_the_list(cast, client):
    client.force_login(cast.carol)
    add = reverse("indicator-add", args=["xs"])
    assert client.post(add, {"code": "10.7.1", "custodian": cast.office.pk}).status_code == 302
    assert client.post(add, {"code": "10.7.1"}).status_code == 200  # said why in the form
    edit = reverse("indicator-edit", args=["xs", "10.7.1"])
    sent = {"revision": 1, "title-ru": "Наш", "listed": "on", "meta_source-en": "LFS", "custodian": ""}
    assert client.post(edit, sent).status_code == 302
    indicator = Indicator.objects.get()
    assert (indicator.title, indicator.metadata) == ({"ru": "Наш"}, {"source": {"en": "LFS"}})
    stale = client.post(edit, {**sent, "title-en": "What I typed"})
    assert stale.status_code == 409 and "What I typed" in stale.content.decode()
    assert "10.7.1" in client.get(reverse("indicator-lists")).content.decode()
    for stranger in (cast.alice, cast.nobody, cast.charlie):
        client.force_login(stranger)
        assert client.get(reverse("indicator-lists")).status_code == 403
        assert client.get(edit).status_code == 403
        assert client.post(add, {"code": "10.7.2"}).status_code == 403
    client.logout()
    assert client.get(edit).status_code == 302
