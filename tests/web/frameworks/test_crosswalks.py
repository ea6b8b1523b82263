import pytest
from django.core.exceptions import PermissionDenied

from milepost import catalogue
from milepost.errors import MilepostError
from milepost.web.audit.models import Event
from milepost.web.frameworks import actions, queries
from milepost.web.frameworks.models import Link
from milepost.web.ui.revisions import Stale

PAGE = "/en/work/frameworks/xs/crosswalks/sdg/gcm/"
ONE = "/en/work/frameworks/xs/crosswalks/pair/?origin=sdg/10.7.1&goal=gcm/6"


def decide(cast, *, by=None, origin="sdg/10.7.1", goal="gcm/6", status="confirmed", reason="", revision=0):
    return actions.decide_link(
        by=by or cast.carol,
        country=cast.sandoria,
        origin=origin,
        goal=goal,
        status=status,
        reason=reason,
        revision=revision,
    )


def codes(error):
    return [problem.code for problem in error.value.problems]


def status(cast, origin="sdg/10.7.1", goal="gcm/6"):
    pair = queries.find_pair(cast.sandoria, origin, goal)
    return pair.status if pair else None


def test_what_ships_is_a_proposal_until_the_country_says_otherwise(cast):
    assert {pair.status for pair in queries.pairs(cast.sandoria, "sdg", "gcm")} == {"proposal"}
    decide(cast)
    decide(cast, origin="sdg/10.7.2", goal="gcm/23", status="rejected", reason="It is wider than that.")
    assert (status(cast), status(cast, "sdg/10.7.2", "gcm/23")) == ("confirmed", "rejected")
    assert status(cast, "sdg/10.7.3", "gcm/8") == "proposal"
    assert {pair.status for pair in queries.pairs(cast.norland, "sdg", "gcm")} == {"proposal"}


def test_a_rejected_pair_leads_nowhere_and_a_new_one_does(cast):
    decide(cast, status="rejected", reason="It is not about cost.")
    decide(cast, origin="sdg/10.7.1", goal="gcm/5")
    assert queries.towards(cast.sandoria, "sdg", "gcm")["10.7.1"] == [("5", "confirmed")]
    assert ("10.7.1", "confirmed") in queries.towards(cast.sandoria, "gcm", "sdg")["5"]


def test_a_pair_is_one_pair_from_whichever_side_it_is_decided(cast):
    decide(cast, origin="gcm/6", goal="sdg/10.7.1", status="rejected", reason="No.")
    assert status(cast) == "rejected"
    assert status(cast, "gcm/6", "sdg/10.7.1") == "rejected"
    with pytest.raises(Stale):
        decide(cast)  # who saw only the proposal
    assert Link.objects.get().origin == "sdg/10.7.1"


def test_pairs_stand_in_the_order_of_the_frameworks(cast):
    found = [pair.origin.partition("/")[2] for pair in queries.pairs(cast.sandoria, "sdg", "gcm")]
    assert (found[0], found[-1]) == ("3.c.1", "17.18.1")
    places = [item.code for item in queries.in_tree(catalogue.framework("sdg"))]
    assert found == sorted(found, key=places.index)


@pytest.mark.parametrize("framework", catalogue.frameworks(), ids=lambda framework: framework.code)
def test_what_stands_below_an_entry_follows_it_and_nothing_is_left_out(framework):
    found = [item.code for item in queries.in_tree(framework)]
    assert sorted(found) == sorted(item.code for item in framework.items)
    for item in framework.items:
        assert item.parent is None or found.index(item.parent) < found.index(item.code)


def test_all_that_is_wrong_with_a_pair_is_said_at_once(cast):
    with pytest.raises(MilepostError) as error:
        decide(cast, origin="sdg/99.9", goal="sdg/10.7", status="rejected")
    assert codes(error) == ["unknown-entry-of", "pair-within", "reason-missing"]


def test_nobody_overwrites_what_they_have_not_seen(cast, dora):
    decide(cast, by=dora, status="rejected", reason="It is about visas.")
    with pytest.raises(Stale) as stale:
        decide(cast)
    assert (stale.value.now.status, stale.value.now.by) == ("rejected", dora)
    assert decide(cast, revision=1).revision == 2
    assert status(cast) == "confirmed"


def test_each_decision_is_an_event_with_its_reason(cast):
    decide(cast, status="rejected", reason=" It is about visas. ")
    event = Event.objects.get(verb="crosswalk.rejected")
    assert (event.by, event.scope, event.why) == (cast.carol, cast.sandoria.address, "It is about visas.")
    assert event.details == {"pair": ["sdg/10.7.1", "gcm/6"], "status": [None, "rejected"]}


def test_only_who_edits_the_frameworks_of_the_country_decides(cast, ralph):
    for stranger in (cast.alice, cast.bob, cast.charlie, cast.frank, cast.adam, cast.nobody, ralph):
        with pytest.raises(PermissionDenied):
            decide(cast, by=stranger)
    assert not Link.objects.exists()


# In the browser ---------------------------------------------------------------------------------------------


def test_several_pairs_are_confirmed_at_once(cast, client):
    client.force_login(cast.carol)
    ticked = ["sdg/10.7.1|gcm/6|0", "sdg/10.7.3|gcm/8|0"]
    assert client.post(PAGE, {"pair": ticked}).status_code == 302
    assert (status(cast), status(cast, "sdg/10.7.3", "gcm/8")) == ("confirmed", "confirmed")
    client.post(PAGE, {"all": "1"})
    assert {pair.status for pair in queries.pairs(cast.sandoria, "sdg", "gcm")} == {"confirmed"}
    assert "The country has decided on every pair." in client.get(PAGE).content.decode()


def test_of_several_pairs_all_are_confirmed_or_none(cast, client, dora):
    decide(cast, by=dora, status="rejected", reason="No.")
    client.force_login(cast.carol)
    page = client.post(PAGE, {"pair": ["sdg/10.7.3|gcm/8|0", "sdg/10.7.1|gcm/6|0"]}, follow=True)
    assert "Somebody else decided on one of these pairs meanwhile" in page.content.decode()
    assert status(cast, "sdg/10.7.3", "gcm/8") == "proposal"
    assert 'value="sdg/10.7.3|gcm/8|0" checked' in page.content.decode()  # what was ticked stays ticked


def test_a_tick_that_no_page_offers_is_no_page(cast, client):
    client.force_login(cast.carol)
    assert client.post(PAGE, {"pair": ["sdg/99|gcm/6|0"]}).status_code == 404
    page = client.post(PAGE, {"pair": ["nonsense"]})
    assert "Tick the pairs that you confirm." in page.content.decode()


def test_who_was_first_is_named_and_what_was_typed_is_kept(cast, client, dora):
    client.force_login(cast.carol)
    decide(cast, by=dora, status="rejected", reason="It is about visas.")
    typed = {"status": "confirmed", "reason": "The office agreed.", "revision": "0"}
    page = client.post(ONE, typed).content.decode()
    assert "Dora changed this on" in page
    assert "It is about visas." in page
    assert "The office agreed." in page
    assert 'name="revision" value="1"' in page
    assert client.post(ONE, typed | {"revision": "1"}).status_code == 302
    assert status(cast) == "confirmed"


def test_a_pair_is_rejected_with_its_reason_only(cast, client):
    client.force_login(cast.carol)
    page = client.post(ONE, {"status": "rejected", "reason": "", "revision": "0"})
    assert "There is no reason." in page.content.decode()
    client.post(ONE, {"status": "rejected", "reason": "It is about visas.", "revision": "0"})
    assert "It is about visas." in client.get(PAGE).content.decode()


def test_two_other_frameworks_can_be_linked(cast, client):
    client.force_login(cast.carol)
    chosen = client.get("/en/work/frameworks/xs/crosswalks/?origin=migof&goal=dac")
    assert chosen.url == "/en/work/frameworks/xs/crosswalks/migof/dac/"
    assert "No pair is named yet." in client.get(chosen.url).content.decode()
    client.post(
        "/en/work/frameworks/xs/crosswalks/pair/?origin=migof/P2&goal=dac/relevance",
        {"status": "confirmed", "revision": "0"},
    )
    assert [pair.goal for pair in queries.pairs(cast.sandoria, "migof", "dac")] == ["dac/relevance"]
    assert "migof" in {one.goal.code for one in queries.crosswalks(cast.sandoria)}
    same = client.get("/en/work/frameworks/xs/crosswalks/?origin=dac&goal=dac").content.decode()
    assert "Choose two different frameworks." in same


def test_the_pages_in_russian(cast, client):
    decide(cast)
    client.force_login(cast.carol)
    page = client.get("/ru/work/frameworks/xs/crosswalks/sdg/gcm/").content.decode()
    assert "Подтверждено" in page
    assert "Предложение Milepost" in page
