import pytest
from django.core.exceptions import PermissionDenied
from hypothesis import given
from hypothesis import strategies as st

from milepost.web.audit.models import Event
from milepost.web.discussions import actions, queries
from milepost.web.discussions.models import Comment
from milepost.web.notices.models import Notice
from milepost.web.ui.revisions import Stale
from tests.cast import person


@pytest.fixture
def office(cast):
    """The address of the office, which everybody sees: its country is open to the public."""
    return cast.office.address


def say(by, address, text="The wages of 2024 look low."):
    return actions.comment(address=address, text=text, by=by)


def told(user):
    return list(Notice.objects.filter(user=user, done_at=None).values_list("kind", "address"))


def test_a_comment_and_its_replies_stand_in_two_levels(cast, office):
    opening = say(cast.alice, office)
    first = actions.reply(to=opening, text="They are.", by=cast.bob)
    actions.reply(to=first, text="Why?", by=cast.alice)
    say(cast.carol, office, "Another matter.")
    threads = queries.threads(office)
    assert [thread.opening.text for thread in threads] == ["The wages of 2024 look low.", "Another matter."]
    assert [reply.text for reply in threads[0].replies] == ["They are.", "Why?"]


def test_a_revision_of_a_thing_has_the_same_discussion(cast, office):
    say(cast.alice, f"{office}@2")
    assert len(queries.threads(office)) == len(queries.threads(f"{office}@5")) == 1


def test_of_what_everybody_sees_only_people_of_its_country_talk(cast, office):
    for user in (cast.alice, cast.bob, cast.carol, cast.frank, cast.adam):
        assert queries.thing_for(user, office) is not None, user
    for user in (cast.charlie, cast.nobody, None):
        assert queries.thing_for(user, office) is None, user
    for user in (cast.charlie, cast.nobody):
        with pytest.raises(PermissionDenied):
            say(user, office)
    assert not Comment.objects.exists()


def test_of_what_few_see_all_of_them_talk(cast):
    cast.norland.open_to_public = False
    cast.norland.save()
    assert queries.thing_for(cast.charlie, cast.norland.address) == cast.norland
    assert queries.thing_for(cast.alice, cast.norland.address) is None


def test_of_an_international_institution_everybody_with_a_role_talks(cast):
    from milepost.web.stakeholders.models import Institution

    agency = Institution.objects.create(code="iom", kind="international", name={"en": "Agency"})
    assert queries.thing_for(cast.charlie, agency.address) == agency
    assert queries.thing_for(cast.nobody, agency.address) is None


def test_an_event_says_that_somebody_spoke_and_never_what(cast, office):
    said = say(cast.alice, office, "Only 3 women answered.")
    actions.edit(comment=said, text="Only 2 women answered.", revision=1, by=cast.alice)
    events = Event.objects.filter(address=office)
    assert [event.verb for event in events] == ["comment.edited", "comment.added"]
    assert {event.scope for event in events} == {office}
    assert not [event for event in events if "women" in str(event.details) + event.why]


def test_one_edits_only_ones_own_words(cast, office):
    said = say(cast.alice, office)
    with pytest.raises(PermissionDenied):
        actions.edit(comment=said, text="Fine.", revision=1, by=cast.bob)
    with pytest.raises(PermissionDenied):
        actions.withdraw(comment=said, by=cast.bob)
    actions.edit(comment=said, text="They look high.", revision=1, by=cast.alice)
    said.refresh_from_db()
    assert (said.text, said.revision) == ("They look high.", 2)
    assert said.edited_at is not None


def test_words_changed_meanwhile_are_not_overwritten(cast, office):
    said = say(cast.alice, office)
    actions.edit(comment=said, text="First.", revision=1, by=cast.alice)
    with pytest.raises(Stale):
        actions.edit(comment=said, text="Second.", revision=1, by=cast.alice)
    said.refresh_from_db()
    assert said.text == "First."


def test_what_is_withdrawn_is_kept_and_not_edited_again(cast, office):
    said = say(cast.alice, office)
    actions.withdraw(comment=said, by=cast.alice)
    said.refresh_from_db()
    assert said.withdrawn_at is not None
    assert said.text
    for deed in (
        lambda: actions.withdraw(comment=said, by=cast.alice),
        lambda: actions.edit(comment=said, text="x", revision=2, by=cast.alice),
    ):
        with pytest.raises(PermissionDenied):
            deed()


def test_a_discussion_is_settled_once_and_taken_up_again(cast, office):
    said = say(cast.alice, office)
    actions.resolve(comment=said, by=cast.bob)
    actions.resolve(comment=said, by=cast.carol)
    said.refresh_from_db()
    assert said.resolved_by == cast.bob
    actions.reopen(comment=said, by=cast.carol)
    said.refresh_from_db()
    assert said.resolved_at is None
    assert Event.objects.filter(verb="comment.resolved").count() == 1


def test_a_reply_is_not_settled_by_itself(cast, office):
    said = actions.reply(to=say(cast.alice, office), text="They are.", by=cast.bob)
    actions.resolve(comment=said, by=cast.bob)
    said.refresh_from_db()
    assert said.resolved_at is None


def test_who_is_named_is_told_if_they_take_part(cast, office):
    say(cast.alice, office, "@Bob, @carol@example.org and @Charlie: please look. Not @Alice.")
    assert told(cast.bob) == told(cast.carol) == [("mention", office)]
    assert told(cast.charlie) == told(cast.alice) == told(cast.frank) == []


def test_who_spoke_is_told_of_a_reply_and_who_is_named_only_once(cast, office):
    opening = say(cast.alice, office)
    actions.reply(to=opening, text="They are, @Carol.", by=cast.bob)
    assert told(cast.alice) == [("reply", office)]
    assert told(cast.carol) == [("mention", office)]
    assert told(cast.bob) == []
    actions.reply(to=opening, text="Why, @Bob?", by=cast.alice)
    assert told(cast.bob) == [("mention", office)]


def test_the_longer_name_counts(cast, office):
    smith = person("bob smith", ("statistician", office))
    say(cast.alice, office, "@Bob Smith, please look.")
    assert told(smith) == [("mention", office)]
    assert told(cast.bob) == []


@given(st.text(max_size=60), st.lists(st.text(min_size=1, max_size=6), max_size=5))
def test_no_text_and_no_name_is_too_strange_to_look_for(text, names):
    found = queries.named_in(text, [name.casefold() for name in names])
    assert set(found) <= {name.casefold() for name in names}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("@Bob", ["bob"]),
        ("(@bob)", ["bob"]),
        ("@Bob.", ["bob"]),
        ("@bob@example.org", ["bob@example.org"]),
        ("me@bob", []),
        ("@bobby", []),
        ("@bob-2", []),
        ("Bob", []),
    ],
)
def test_a_name_counts_where_it_stands_whole_behind_the_sign(text, found):
    assert queries.named_in(text, ["bob", "bob@example.org"]) == found
