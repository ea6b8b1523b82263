from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from milepost.web.notices import actions
from milepost.web.notices.models import Letters, Notice


@pytest.fixture
def office(cast):
    return cast.office.address


def tell(user, address, kind="review", **more):
    actions.tell([user], kind=kind, address=address, **more)
    return Notice.objects.get(user=user, kind=kind, address=address, done_at=None)


def test_the_page_says_what_is_to_do_what_is_late_and_what_is_new(client, cast, office):
    yesterday = timezone.localdate() - timedelta(days=1)
    tell(cast.bob, office, due=yesterday, details={"by": "Alice", "note": "Please be <quick>."})
    tell(cast.bob, cast.ministry.address, "published")
    client.force_login(cast.bob)
    page = client.get("/en/work/").content.decode()
    for words in (
        "Figures wait for your review",
        "Statistical Office of Sandoria",
        "Overdue",
        "▲",
        "(Alice)",
        "Please be &lt;quick&gt;.",
        "Your figures were published",
        "Ministry of Labour",
    ):
        assert words in page
    russian = client.get("/ru/work/").content.decode()
    assert "Статистическая служба Сандории" in russian
    assert "Review" not in russian


def test_a_quiet_day_says_so(client, cast):
    client.force_login(cast.nobody)
    assert "Nothing waits for you." in client.get("/en/work/").content.decode()


def test_the_page_costs_the_same_for_many_entries(client, cast, office):
    tell(cast.bob, office)
    client.force_login(cast.bob)
    client.get("/en/work/")
    with CaptureQueriesContext(connection) as few:
        client.get("/en/work/")
    for number in range(30):
        tell(cast.bob, f"{office}@{number}")
    with CaptureQueriesContext(connection) as many:
        client.get("/en/work/")
    assert len(few) == len(many)


def test_an_entry_leads_to_the_thing_and_is_new_no_more(client, cast, office):
    news = tell(cast.bob, office, "reply", details={"anchor": "comment-3"})
    deed = tell(cast.bob, office)
    client.force_login(cast.bob)
    answer = client.get(f"/en/work/notices/{news.pk}/")
    assert answer["Location"] == f"{cast.office.get_absolute_url()}#comment-3"
    client.get(f"/en/work/notices/{deed.pk}/")
    news.refresh_from_db()
    deed.refresh_from_db()
    assert news.done_at is not None
    assert deed.done_at is None
    assert deed.seen_at is not None


def test_an_entry_whose_thing_one_sees_no_more_leads_back(client, cast):
    notice = tell(cast.bob, "moon:1")
    client.force_login(cast.bob)
    answer = client.get(f"/en/work/notices/{notice.pk}/", follow=True)
    assert "no page that you may see any more" in answer.content.decode()


def test_news_are_marked_as_read_one_by_one_or_all(client, cast, office):
    first, _second, deed = (
        tell(cast.bob, office, "reply"),
        tell(cast.bob, office, "mention"),
        tell(cast.bob, office),
    )
    client.force_login(cast.bob)
    client.post(f"/en/work/notices/{first.pk}/read/")
    assert Notice.objects.filter(done_at=None).count() == 2
    client.post("/en/work/notices/read/")
    assert list(Notice.objects.filter(done_at=None)) == [deed]


def test_nobody_opens_the_notices_of_another(client, cast, office):
    notice = tell(cast.bob, office, "reply")
    for user in (cast.alice, cast.charlie, cast.adam):
        client.force_login(user)
        assert client.get(f"/en/work/notices/{notice.pk}/").status_code == 404
        assert client.post(f"/en/work/notices/{notice.pk}/read/").status_code == 404
        client.post("/en/work/notices/read/")
    notice.refresh_from_db()
    assert notice.seen_at is None


def test_an_anonymous_reader_is_asked_to_sign_in(client, cast, office):
    notice = tell(cast.bob, office)
    places = ("", "notices/letters/", f"notices/{notice.pk}/", f"notices/{notice.pk}/read/", "notices/read/")
    for place in places:
        answer = client.get(f"/en/work/{place}")
        assert answer.status_code == 302, place
        assert "login" in answer["Location"]


def test_everybody_chooses_how_often_letters_come(client, cast):
    client.force_login(cast.bob)
    assert client.get("/en/work/notices/letters/").context["form"].initial == {"often": "daily"}
    assert client.post("/en/work/notices/letters/", {"often": "hourly"}).context["form"].errors
    assert client.post("/en/work/notices/letters/", {"often": "weekly"}).status_code == 302
    assert Letters.objects.get(user=cast.bob).often == "weekly"
    assert client.get("/en/work/notices/letters/").context["form"].initial == {"often": "weekly"}
