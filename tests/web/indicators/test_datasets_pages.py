"""The pages of datasets: who sees what, the one main action, and nothing that is typed is lost."""

from io import BytesIO

import pytest
from django.urls import reverse

from milepost.web.indicators.actions import datasets
from milepost.web.indicators.models import Dataset
from milepost.web.jobs import work as jobs
from tests.web.conftest import PHONE, accessible
from tests.web.indicators.steps import again, listed, public, publish, table, upload
from tests.web.indicators.test_datasets import FIRST, SECOND

DEEDS = (
    "submit",
    "recall",
    "approve",
    "return",
    "publish",
    "discard",
    "withdraw",
    "schedule",
    "describe",
    "decide",
    "again",
)


def url(dataset, deed=""):
    return reverse(f"dataset-{deed}" if deed else "dataset", args=[dataset.pk])


def text(answer):
    return " ".join(answer.content.decode().split())


@pytest.fixture
def draft(cast):
    listed(cast, "8.8.1")
    publish(cast, *FIRST)
    return upload(cast.alice, cast.office, cast.sandoria, *SECOND)


def test_a_file_goes_from_upload_to_the_public_through_the_pages(cast, client):
    (indicator,) = listed(cast, "8.8.1")
    client.force_login(cast.alice)
    file = BytesIO(table("8.8.1,2024,,NUMBER,4.2,,", "8.8.1,2023,,NUMBER,4.8,,", "8.8.1,2023,,NUMBER,4.9,,"))
    file.name = "injuries.csv"
    form = client.get(reverse("dataset-new")).context["form"]
    answer = client.post(
        reverse("dataset-new"),
        {"place": form.fields["place"].initial, "file": file, "title": "Work injuries"},
    )
    dataset = Dataset.objects.get()
    assert answer.url == url(dataset)
    assert "is being read" in text(client.get(url(dataset)))
    jobs.run_all()
    page = text(client.get(url(dataset)))
    assert "Adds 1 figure and overwrites nothing. 2 rows are in conflict." in page
    assert "Decide 2 rows in conflict" in page
    client.post(url(dataset, "decide"), {"choice": "last"})
    page = client.get(url(dataset))
    assert page.context["main"] == "submit"
    client.post(url(dataset, "submit"), {"revision": again(dataset).revision})
    assert "waits for another person" in text(client.get(url(dataset)))
    client.force_login(cast.bob)
    page = client.get(url(dataset))
    assert page.context["main"] == "approve"
    assert "<svg" in page.content.decode()  # few series: the reviewer sees them drawn
    answer = client.post(url(dataset, "approve"), {"revision": again(dataset).revision}, follow=True)
    assert "It was approved and published." in text(answer)
    assert public(indicator) == {("2023", ""): (4.9, "A"), ("2024", ""): (4.2, "A")}


def test_strangers_find_nothing(cast, client, draft):
    for stranger in (cast.charlie, cast.nobody, cast.frank, cast.adam):
        client.force_login(stranger)
        assert client.get(url(draft)).status_code == 404
        for deed in DEEDS:
            answer = client.post(url(draft, deed), {"revision": draft.revision, "reason": "x"})
            assert answer.status_code == 404, (stranger, deed)
    client.logout()
    for address in (url(draft), reverse("datasets"), reverse("dataset-new"), reverse("sources")):
        answer = client.get(address)
        assert answer.status_code == 302 and "login" in answer.url
    assert again(draft).revision == draft.revision


def test_who_sees_but_may_not_is_refused(cast, client, draft):
    client.force_login(cast.carol)  # reads internal figures of the country
    assert client.get(url(draft)).status_code == 200
    assert client.get(url(draft)).context["deeds"] == frozenset()
    for deed in ("submit", "discard", "again", "describe"):
        file = BytesIO(b"a,b\n1,2\n")
        file.name = "x.csv"
        data = {"revision": draft.revision, "title": "x", "file": file}
        assert client.post(url(draft, deed), data).status_code == 403, deed
    assert client.post(url(draft, "decide"), {"choice": "none"}).status_code == 403
    assert client.get(reverse("dataset-new")).status_code == 403
    client.force_login(cast.nobody)
    assert client.get(reverse("datasets")).status_code == 403


def test_the_dry_run_shows_rows_by_kind_with_what_was_before(cast, client, draft):
    client.force_login(cast.alice)
    page = client.get(url(draft), {"show": "change"})
    assert "4.9" in text(page) and "4.8" in text(page)
    page = text(client.get(url(draft), {"show": "refused"}))
    assert "10.9.9" in page and reverse("delivery-marked", args=[draft.delivery_id]) in page
    page = text(client.get(url(draft), {"show": "conflict"}))
    assert page.count('value="use:') == 2


def test_the_list_can_be_narrowed(cast, client, draft):
    client.force_login(cast.alice)
    assert len(client.get(reverse("datasets")).context["page"].object_list) == 2
    found = client.get(reverse("datasets"), {"state": "draft", "mine": "on"}).context["page"].object_list
    assert list(found) == [draft]
    client.force_login(cast.charlie)
    assert not client.get(reverse("datasets")).context["page"].object_list


def test_a_stale_page_is_told_who_was_first_and_keeps_what_was_typed(cast, client, draft):
    client.force_login(cast.alice)
    seen = draft.revision
    datasets.describe(by=cast.alice, dataset=draft, revision=seen, title="Mine", note="", correction=False)
    answer = client.post(
        url(draft, "describe"), {"revision": seen, "title": "My long title", "note": "and note"}
    )
    assert answer.status_code == 409
    page = text(answer)
    assert "Meanwhile: Title or note of figures was edited (Alice)" in page
    assert "My long title" in page and "and note" in page
    assert again(draft).title == "Mine"
    again_ = again(draft).revision
    assert f'value="{again_}"' in page  # sent once more it holds


def test_a_reason_that_is_missing_is_asked_for(cast, client, draft):
    datasets.decide(by=cast.alice, dataset=draft, numbers=[4], decision="use")
    draft = again(draft)
    draft = datasets.submit(by=cast.alice, dataset=draft, revision=draft.revision)
    client.force_login(cast.bob)
    answer = client.post(url(draft, "return"), {"revision": draft.revision, "reason": " "})
    assert answer.status_code == 422
    assert again(draft).state == "submitted"
    client.post(url(draft, "return"), {"revision": draft.revision, "reason": "Check 2023."})
    client.force_login(cast.alice)
    assert "Check 2023." in text(client.get(url(draft)))


def test_a_date_in_the_past_is_refused(cast, client, draft):
    client.force_login(cast.alice)
    answer = client.post(
        url(draft, "schedule"), {"revision": draft.revision, "release_at": "2020-01-01T10:00"}
    )
    assert answer.status_code == 422
    assert "is past" in text(answer)


def test_a_file_that_cannot_be_read_says_what_is_wrong(cast, client):
    listed(cast, "8.8.1")
    dataset = upload(cast.alice, cast.office, cast.sandoria, name="figures.xlsx", preview=False)
    jobs.run_all()
    client.force_login(cast.alice)
    page = client.get(url(dataset))
    assert page.status_code == 200
    assert "could not be read" in text(page)


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("language", ["en", "ru"])
def test_the_pages_are_accessible_on_desk_and_phone(cast, tab, language):
    listed(cast, "8.8.1")
    publish(cast, *FIRST)
    dataset = upload(cast.alice, cast.office, cast.sandoria, *SECOND)
    tab.sign_in(cast.alice)
    for path in (
        "datasets/",
        "datasets/new/",
        *(f"datasets/{dataset.pk}/?show={k}" for k in ("change", "refused", "conflict")),
    ):
        tab.open(f"/{language}/work/{path}")
        for size in ({"width": 1440, "height": 900}, PHONE):
            tab.page.set_viewport_size(size)
            assert accessible(tab.page) == []
            width = tab.page.evaluate("document.documentElement.scrollWidth")
            assert width <= size["width"], path
    assert tab.faults == []
