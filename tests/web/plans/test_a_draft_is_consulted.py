"""A draft is shown to those concerned, and every comment gets a decision with its reason."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from milepost.errors import MilepostError
from milepost.web.audit.models import Event
from milepost.web.notices.models import Notice
from milepost.web.plans.actions import consultations as actions
from milepost.web.plans.models import DraftComment
from milepost.web.plans.queries import consultations as queries
from milepost.web.projects.actions import engagements
from milepost.web.projects.actions import register as projects
from milepost.web.stakeholders.models import Institution
from milepost.web.ui.revisions import Stale
from tests.cast import person
from tests.web.plans.consulting import document, opened, prepared, shown


@pytest.fixture
def ngo(cast):
    return Institution.objects.create(
        country=cast.sandoria,
        code="helpers",
        kind="civil_society",
        name={"en": "Helpers of Sandoria", "ru": "Помощники Сандории"},
    )


@pytest.fixture
def nora(ngo):
    """Comments for the helpers."""
    return person("nora", ("commenter", ngo.address), works_for=ngo)


@pytest.fixture
def one(paula, policy):
    return prepared(paula, policy)


@pytest.fixture
def helpers(paula, one, ngo):
    return actions.add_party(
        by=paula, consultation=one, kind="civil_society", institution=ngo, how=["online"]
    )


def codes(caught):
    return [problem.code for problem in caught.value.problems]


def page(name, *args):
    return reverse(name, args=args)


# Preparing and opening --------------------------------------------------------------------------------------


def test_it_opens_only_with_a_draft_and_tells_those_who_are_listed(cast, paula, policy, ngo, nora):
    bare = actions.enter(
        by=paula, policy=policy, title={"en": "x"}, start=date(2026, 3, 1), end=date(2026, 3, 31)
    )
    actions.add_party(by=paula, consultation=bare, kind="civil_society", institution=ngo)
    with pytest.raises(MilepostError) as caught:
        opened(paula, bare)
    assert codes(caught) == ["consultation-without-draft"]
    assert not Notice.objects.exists()
    actions.add_draft(by=paula, consultation=bare, uploads=[(document(), "draft.pdf")])
    bare.refresh_from_db()
    opened(paula, bare)
    notice = Notice.objects.get(user=nora)
    assert (notice.kind, notice.due) == ("consultation-open", date(2026, 3, 31))


def test_drafts_are_numbered_and_their_files_kept_with_their_hash(paula, one):
    second = actions.add_draft(
        by=paula,
        consultation=one,
        uploads=[(document("a.pdf"), "a.pdf"), (document("../b.pdf", b"%PDF-1.4 b"), "../b.pdf")],
        note={"en": "Chapter 3 is new"},
    )
    assert second.number == 2
    assert [one.file.name for one in second.files.all()] == ["a.pdf", "b.pdf"]
    assert {len(one.file.sha256) for one in second.files.all()} == {64}
    assert one.drafts.get(number=1).files.count() == 1


@pytest.mark.parametrize(
    ("name", "content"),
    [("draft.exe", b"MZ"), ("draft.pdf", b"<html>"), ("draft.pdf.js", b"%PDF-"), ("draft.docx", b"%PDF-")],
)
def test_a_file_that_is_no_document_is_refused(paula, one, name, content):
    with pytest.raises(MilepostError) as caught:
        actions.add_draft(by=paula, consultation=one, uploads=[(document(name, content), name)])
    assert codes(caught) == ["draft-kind"]
    assert one.drafts.count() == 1


def test_it_is_of_a_plan_of_the_same_policy(cast, paula, peter, policy, plan):
    from milepost.web.plans.actions import register

    other = register.enter_policy(
        by=paula, institution=cast.ministry, title={"en": "Other"}, start=date(2026, 1, 1)
    )
    with pytest.raises(MilepostError) as caught:
        prepared(paula, other, plan)
    assert codes(caught) == ["not-of-policy"]
    with pytest.raises(PermissionDenied):
        prepared(peter, policy)


def test_a_stakeholder_is_listed_once_and_leaves_only_without_comments(paula, one, ngo, helpers):
    for again, code in ((ngo, "party-listed"), (None, "party-nameless")):
        with pytest.raises(MilepostError) as caught:
            actions.add_party(by=paula, consultation=one, kind="other", institution=again)
        assert codes(caught) == [code]
    union = actions.add_party(by=paula, consultation=one, kind="unions", name="Union of builders")
    with pytest.raises(MilepostError) as caught:
        actions.add_party(by=paula, consultation=one, kind="unions", name="union of BUILDERS")
    assert codes(caught) == ["party-listed"]
    actions.comment(by=paula, consultation=one, party=union, text="Add wages")
    with pytest.raises(MilepostError) as caught:
        actions.remove_party(by=paula, party=union)
    assert codes(caught) == ["party-in-use"]
    actions.remove_party(by=paula, party=helpers)
    assert [voice.comments for voice in queries.voices(one)] == [1]


# Comments and what becomes of them --------------------------------------------------------------------------


def test_members_comment_themselves_and_the_keepers_are_told(paula, one, ngo, nora, helpers):
    with pytest.raises(MilepostError) as caught:  # not yet open
        actions.comment(by=nora, consultation=one, institution=ngo, text="Early")
    assert codes(caught) == ["no-such-step"]
    opened(paula, one)
    said = actions.comment(
        by=nora, consultation=one, institution=ngo, text=" Add shelters ", place="3.2, second paragraph"
    )
    assert (said.number, said.own, said.party, said.text) == (1, True, helpers, "Add shelters")
    assert said.draft == one.drafts.get()
    assert Notice.objects.filter(user=paula, kind="consultation-comment", done_at=None).exists()
    assert not Notice.objects.filter(user=nora, kind="consultation-open", done_at=None).exists()
    actions.answer(
        by=paula, comment=said, revision=said.revision, disposition="partly", reason="Only in two regions"
    )
    assert not Notice.objects.filter(kind="consultation-comment", done_at=None).exists()
    assert Notice.objects.filter(user=nora, kind="comment-answered").exists()


@pytest.mark.parametrize("disposition", ["partly", "not_accepted", "noted"])
def test_all_but_accepted_needs_a_reason(paula, one, helpers, disposition):
    said = actions.comment(by=paula, consultation=one, party=helpers, text="Add shelters")
    with pytest.raises(MilepostError) as caught:
        actions.answer(by=paula, comment=said, revision=said.revision, disposition=disposition, reason="  ")
    assert codes(caught) == ["reason-missing"]
    actions.answer(by=paula, comment=said, revision=said.revision, disposition="accepted")
    assert said.decided_by == paula and said.decided_at is not None


def test_a_decision_can_be_made_anew_and_the_audit_keeps_both(paula, one, helpers):
    said = actions.comment(by=paula, consultation=one, party=helpers, text="Add shelters")
    actions.answer(by=paula, comment=said, revision=said.revision, disposition="accepted")
    actions.answer(
        by=paula, comment=said, revision=said.revision, disposition="not_accepted", reason="No money"
    )
    events = Event.objects.filter(verb="draft-comment.answer").order_by("pk")
    assert [event.details["disposition"] for event in events] == [
        ["", "accepted"],
        ["accepted", "not_accepted"],
    ]


def test_two_decide_at_once_and_the_second_is_told(paula, one, helpers):
    said = actions.comment(by=paula, consultation=one, party=helpers, text="Add shelters")
    other = DraftComment.objects.get(pk=said.pk)
    actions.answer(by=paula, comment=said, revision=1, disposition="accepted")
    with pytest.raises(Stale):
        actions.answer(by=paula, comment=other, revision=1, disposition="noted", reason="x")
    assert DraftComment.objects.get().disposition == "accepted"


def test_a_withdrawn_comment_stays_with_its_reason(paula, one, nora, ngo, helpers):
    opened(paula, one)
    said = actions.comment(by=nora, consultation=one, institution=ngo, text="Add shelters")
    with pytest.raises(MilepostError) as caught:
        actions.withdraw(by=nora, comment=said, revision=said.revision, reason="")
    assert codes(caught) == ["reason-missing"]
    actions.withdraw(by=nora, comment=said, revision=said.revision, reason="Said in the meeting")
    assert DraftComment.objects.get().text == "Add shelters"
    counted = queries.counts(one)
    assert (counted.all, counted.open, counted.withdrawn, counted.answered) == (1, 0, 1, 0)
    with pytest.raises(MilepostError) as caught:
        actions.answer(by=paula, comment=said, revision=said.revision, disposition="accepted")
    assert codes(caught) == ["no-such-step"]


def test_what_an_institution_typed_itself_nobody_else_corrects(paula, one, nora, ngo, helpers):
    opened(paula, one)
    said = actions.comment(by=nora, consultation=one, institution=ngo, text="Add shelters")
    with pytest.raises(PermissionDenied):
        actions.edit_comment(by=paula, comment=said, revision=said.revision, text="Add hostels")
    actions.edit_comment(by=nora, comment=said, revision=said.revision, text="Add two shelters")
    letter = actions.comment(by=paula, consultation=one, party=helpers, text="By letter")
    with pytest.raises(PermissionDenied):
        actions.edit_comment(by=nora, comment=letter, revision=letter.revision, text="Not mine")


def test_an_open_call_lists_who_comments_and_a_closed_list_refuses(cast, paula, policy, ngo, nora):
    closed = prepared(paula, policy)
    opened(paula, closed)
    with pytest.raises(PermissionDenied):
        actions.comment(by=nora, consultation=closed, institution=ngo, text="Add shelters")
    call = prepared(paula, policy, open_call=True)
    opened(paula, call)
    assert queries.speaking(nora, call) == [ngo]
    said = actions.comment(by=nora, consultation=call, institution=ngo, text="Add shelters")
    assert (said.party.institution, said.party.kind, said.party.how) == (ngo, "civil_society", ["online"])
    abroad = person("ann", ("commenter", cast.abroad.address))
    assert queries.speaking(abroad, call) == []
    with pytest.raises(PermissionDenied):
        actions.comment(by=abroad, consultation=call, institution=cast.abroad, text="Hello")


def test_a_comment_is_on_a_measure_of_the_plan_whose_words_stay(paula, policy, draft):
    one = prepared(paula, policy, draft.plan)
    law = draft.entries.get(code="1.1")
    union = actions.add_party(by=paula, consultation=one, kind="unions", name="Union")
    said = actions.comment(by=paula, consultation=one, party=union, text="Sooner", measure=law.measure)
    assert said.place == "1.1 Adopt a law"
    days = {"start": one.start, "end": one.end}
    with pytest.raises(MilepostError) as caught:
        actions.save(
            by=paula,
            consultation=one,
            revision=1,
            title=one.title,
            about={},
            plan=None,
            open_call=False,
            **days,
        )
    assert codes(caught) == ["consultation-plan-fixed"]
    bare = prepared(paula, policy)
    other = actions.add_party(by=paula, consultation=bare, kind="unions", name="Union")
    with pytest.raises(MilepostError) as caught:
        actions.comment(by=paula, consultation=bare, party=other, text="Sooner", measure=law.measure)
    assert codes(caught) == ["not-of-policy"]


def test_it_was_discussed_at_an_engagement_that_each_reader_sees_or_not(cast, client, paula, one):
    project = projects.enter(
        by=cast.mary,
        institution=cast.ministry,
        title={"en": "Help for drafting"},
        start=date(2026, 1, 1),
        end=date(2027, 1, 1),
    )
    event = engagements.record(
        by=cast.mary,
        about=project,
        kind="consultation",
        first_day=date(2026, 3, 5),
        topic={"en": "Round table"},
    )
    for address in (event.address, "engagement:999", "user:1", "nonsense"):
        with pytest.raises(MilepostError) as caught:  # Paula sees no engagement
            actions.link_event(by=paula, consultation=one, address=address)
        assert codes(caught) == ["link-not-there"]
    cast.mary.grants.create(role="plan-coordinator", scope=cast.ministry.address)
    del cast.mary._grants
    actions.link_event(by=cast.mary, consultation=one, address=event.address)
    assert queries.events(cast.mary, one) == [event] and queries.events(paula, one) == []
    for user, sees in ((cast.mary, True), (paula, False)):
        client.force_login(user)
        assert ("Round table" in client.get(one.get_absolute_url()).content.decode()) is sees
    client.force_login(cast.mary)
    client.post(page("consultation-event-remove", one.pk), {"address": event.address})
    assert queries.events(cast.mary, one) == []


# Who sees what ----------------------------------------------------------------------------------------------


def test_while_it_is_prepared_only_those_who_work_with_the_policy_see_it(
    cast, client, paula, one, nora, helpers
):
    shown(paula, one)
    kept = one.drafts.get().files.get().file
    for user in (None, cast.nobody, cast.charlie, nora):
        client.logout()
        if user is not None:
            client.force_login(user)
        assert client.get(one.get_absolute_url()).status_code == 404
        assert client.get(kept.get_absolute_url()).status_code == 404
    client.force_login(paula)
    assert client.get(one.get_absolute_url()).status_code == 200


def test_an_internal_one_is_for_those_who_are_listed_with_its_files(cast, client, paula, one, nora, helpers):
    opened(paula, one)
    kept = one.drafts.get().files.get().file
    for user, answer in ((cast.nobody, 404), (cast.charlie, 404), (nora, 200), (paula, 200)):
        client.force_login(user)
        assert client.get(one.get_absolute_url()).status_code == answer, user
        assert client.get(kept.get_absolute_url()).status_code == answer, user
    client.logout()
    assert client.get(one.get_absolute_url()).status_code == 404


def test_the_public_reads_what_was_answered_without_any_name_of_a_person(
    client, paula, one, nora, ngo, helpers
):
    opened(paula, one)
    shown(paula, one)
    first = actions.comment(by=nora, consultation=one, institution=ngo, text="Add shelters")
    actions.comment(by=nora, consultation=one, institution=ngo, text="Ask Mr Smith")
    actions.answer(by=paula, comment=first, revision=1, disposition="accepted", changed="3.2 is wider")
    html = client.get(one.get_absolute_url()).content.decode()
    assert "Add shelters" in html and "3.2 is wider" in html and "Helpers of Sandoria" in html
    assert "Ask Mr Smith" not in html and "1 waits for an answer" in html
    assert "Nora" not in html and "Paula" not in html
    alone = client.get(first.get_absolute_url()).content.decode()
    assert "Add shelters" in alone and "Nora" not in alone and "Paula" not in alone
    assert client.get(one.drafts.get().files.get().file.get_absolute_url()).status_code == 200
    assert "under consultation" in client.get(page("policies")).content.decode()
    table = client.get(page("consultation-table", one.pk, "csv")).content.decode("utf-8-sig")
    assert "Add shelters" in table and "Ask Mr Smith" not in table
    one.refresh_from_db()
    actions.show(by=paula, consultation=one, revision=one.revision, public=False, reason="Too early")
    assert client.get(one.get_absolute_url()).status_code == 404
    assert client.get(one.drafts.get().files.get().file.get_absolute_url()).status_code == 404


def test_a_member_reads_the_own_comments_only(cast, client, paula, one, nora, ngo, helpers):
    opened(paula, one)
    union = actions.add_party(by=paula, consultation=one, kind="unions", name="Union")
    theirs = actions.comment(by=paula, consultation=one, party=union, text="Of the union")
    mine = actions.comment(by=nora, consultation=one, institution=ngo, text="Of the helpers")
    client.force_login(nora)
    html = client.get(one.get_absolute_url()).content.decode()
    assert "Of the helpers" in html and "Of the union" not in html
    assert client.get(theirs.get_absolute_url()).status_code == 404
    assert client.get(mine.get_absolute_url()).status_code == 200
    answer = {"form": "answer", "disposition": "accepted", "revision": 1}
    assert client.post(mine.get_absolute_url(), answer).status_code == 403


KEEPING = ("consultation-edit", "consultation-show", "consultation-draft", "consultation-consulted",
           "consultation-event-remove", "comments-read")  # fmt: skip


def test_only_who_keeps_it_may_change_it(cast, client, paula, peter, one, nora, helpers):
    opened(paula, one)
    shown(paula, one)
    for user in (cast.nobody, cast.charlie, peter, nora):
        client.force_login(user)
        for name in KEEPING:
            assert client.post(page(name, one.pk), {}).status_code == 403, (user, name)
        for deed in ("close", "open"):
            assert client.post(page("consultation-step", one.pk, deed)).status_code == 403
        assert client.post(page("consultation-party-remove", one.pk, helpers.pk)).status_code == 403
    client.force_login(cast.nobody)
    assert client.get(page("comment-new", one.pk)).status_code == 403
    client.logout()
    for name in (*KEEPING, "comment-new"):
        assert "/account/login/" in client.post(page(name, one.pk), {})["Location"]


def test_everything_is_refused_that_is_not_offered(client, paula, one, helpers):
    client.force_login(paula)
    said = actions.comment(by=paula, consultation=one, party=helpers, text="Add shelters")
    assert client.post(page("consultation-step", one.pk, "burn")).status_code == 404
    assert client.get(page("consultation-table", one.pk, "docx")).status_code == 404
    assert client.post(said.get_absolute_url(), {"form": "burn"}).status_code == 403
    assert client.get(page("draft-comment", 999)).status_code == 404
    asked = client.get(one.get_absolute_url(), {"party": "x", "state": "y", "draft": "99999999999"})
    assert "Add shelters" in asked.content.decode()


def test_a_form_that_is_behind_is_shown_again_with_what_was_typed(client, paula, one, helpers):
    said = actions.comment(by=paula, consultation=one, party=helpers, text="Add shelters")
    client.force_login(paula)
    actions.edit_comment(by=paula, comment=said, revision=1, text="Add two shelters")
    sent = {"form": "answer", "disposition": "noted", "reason": "Later", "revision": 1}
    html = client.post(said.get_absolute_url(), sent).content.decode()
    assert "Another person changed this meanwhile" in html and "Later" in html and 'value="2"' in html
    said.refresh_from_db()
    assert said.state == "open"
