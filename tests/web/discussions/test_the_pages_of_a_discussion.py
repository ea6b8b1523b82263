import pytest
from django.template import Context, Template
from django.test import RequestFactory

from milepost.web.discussions import actions
from milepost.web.discussions.models import Comment


@pytest.fixture
def office(cast):
    return cast.office.address


@pytest.fixture
def said(cast, office):
    return actions.comment(address=office, text="See https://example.org/a and <b>this</b>.", by=cast.alice)


def path(comment, deed):
    return f"/en/work/discussions/{comment.pk}/{deed}/"


def test_a_comment_is_sent_and_leads_back_to_where_one_was(client, cast, office):
    client.force_login(cast.alice)
    answer = client.post(f"/en/work/discussions/{office}/", {"text": "Fine.", "back": "/en/work/"})
    comment = Comment.objects.get()
    assert answer["Location"] == f"/en/work/#{comment.anchor}"
    assert (comment.text, comment.by, comment.address) == ("Fine.", cast.alice, office)


def test_nobody_is_led_to_another_host(client, cast, office):
    client.force_login(cast.alice)
    for back in ("https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)", ""):
        answer = client.post(f"/en/work/discussions/{office}/", {"text": "Fine.", "back": back})
        assert answer["Location"].startswith(f"/en/work/discussions/{office}/#")


def test_a_comment_without_words_is_shown_again(client, cast, office):
    client.force_login(cast.alice)
    answer = client.post(f"/en/work/discussions/{office}/", {"text": "  "})
    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert client.post(f"/en/work/discussions/{office}/", {"text": "x" * 5001}).context["form"].errors
    assert not Comment.objects.exists()


def test_words_are_plain_text_with_safe_links(client, cast, office, said):
    actions.comment(address=office, text="javascript:alert(1) <script>alert(2)</script>", by=cast.bob)
    client.force_login(cast.bob)
    page = client.get(f"/en/work/discussions/{office}/").content.decode()
    assert '<a href="https://example.org/a" rel="nofollow">' in page
    assert "&lt;b&gt;this&lt;/b&gt;" in page
    assert "<script>alert" not in page
    assert 'href="javascript' not in page


def test_a_withdrawn_comment_is_said_so_and_not_shown(client, cast, office, said):
    actions.reply(to=said, text="An answer.", by=cast.bob)
    actions.withdraw(comment=said, by=cast.alice)
    client.force_login(cast.bob)
    page = client.get(f"/en/work/discussions/{office}/").content.decode()
    assert "This comment was withdrawn" in page
    assert "example.org/a" not in page
    assert "An answer." in page
    assert "example.org/a" not in client.get(path(said, "reply")).content.decode()


def test_a_stale_form_keeps_what_was_typed_and_says_so(client, cast, said):
    client.force_login(cast.alice)
    revision = client.get(path(said, "edit")).context["form"]["revision"].value()
    client.post(path(said, "edit"), {"text": "First.", "revision": revision})
    answer = client.post(path(said, "edit"), {"text": "Second.", "revision": revision})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Alice changed this comment meanwhile. It now says: First." in page
    assert "Second." in page
    client.post(
        path(said, "edit"), {"text": "Second.", "revision": answer.context["form"]["revision"].value()}
    )
    said.refresh_from_db()
    assert said.text == "Second."


def test_every_deed_has_its_door(client, cast, said):
    client.force_login(cast.bob)
    assert client.post(path(said, "reply"), {"text": "An answer."}).status_code == 302
    assert client.post(path(said, "resolve")).status_code == 302
    said.refresh_from_db()
    assert said.resolved_by == cast.bob
    assert client.post(path(said, "reopen")).status_code == 302
    assert client.post(path(said, "edit"), {"text": "x", "revision": 1}).status_code == 403
    assert client.get(path(said, "edit")).status_code == 403
    assert client.post(path(said, "withdraw")).status_code == 403
    client.force_login(cast.alice)
    assert client.post(path(said, "withdraw")).status_code == 302
    said.refresh_from_db()
    assert said.withdrawn_at is not None
    for deed in ("resolve", "reopen", "withdraw"):
        assert client.get(path(said, deed)).status_code == 405


def test_who_takes_no_part_finds_no_discussion(client, cast, office, said):
    for user in (cast.charlie, cast.nobody):
        client.force_login(user)
        assert client.get(f"/en/work/discussions/{office}/").status_code == 404
        assert client.post(f"/en/work/discussions/{office}/", {"text": "x"}).status_code == 404
        for deed in ("reply", "edit", "withdraw", "resolve", "reopen"):
            assert client.post(path(said, deed), {"text": "x", "revision": 1}).status_code == 404
    assert client.get("/en/work/discussions/nonsense/").status_code == 404
    assert client.post("/en/work/discussions/999999/reply/", {"text": "x"}).status_code == 404


def test_an_anonymous_reader_is_asked_to_sign_in(client, office, said):
    for place in (
        f"/en/work/discussions/{office}/",
        *(path(said, deed) for deed in ("reply", "edit", "withdraw")),
    ):
        answer = client.post(place, {"text": "x"})
        assert answer.status_code == 302
        assert "login" in answer["Location"]
    assert Comment.objects.count() == 1


def test_on_a_public_page_the_fragment_is_empty_for_outsiders(cast, office, said):
    from django.contrib.auth.models import AnonymousUser

    for user, shown in ((cast.alice, True), (cast.charlie, False), (AnonymousUser(), False)):
        request = RequestFactory().get("/en/")
        request.user = user
        template = Template("{% load discussions %}{% discussion address %}")
        html = template.render(Context({"request": request, "address": office}))
        assert ("Alice" in html) is shown
        assert bool(html.strip()) is shown
