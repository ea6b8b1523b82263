"""One institution asks another for figures: sent, answered by form or file, accepted, reopened, cancelled."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from milepost.errors import MilepostError
from milepost.web.audit.models import Event
from milepost.web.indicators.actions import datasets, entry
from milepost.web.indicators.actions import requests as actions
from milepost.web.indicators.models import DataRequest, Dataset
from milepost.web.indicators.queries import data_requests
from milepost.web.indicators.queries import requests as queries
from milepost.web.notices.models import Notice
from milepost.web.traces.models import Edge
from milepost.web.ui.revisions import Stale
from tests.cast import person
from tests.web.indicators.steps import listed, upload

CELLS = [
    {"indicator": "8.8.1", "unit_measure": "NUMBER", "time_period": "2023"},
    {"indicator": "8.8.1", "unit_measure": "NUMBER", "time_period": "2024"},
    {"indicator": "8.8.1", "unit_measure": "NUMBER", "sex": "F", "time_period": "2023"},
    {"indicator": "8.8.1", "unit_measure": "NUMBER", "sex": "F", "time_period": "2024"},
]
TODAY = datetime.date.today()
LATER = TODAY + datetime.timedelta(days=10)


@pytest.fixture
def indicator(cast):
    return listed(cast, "8.8.1")[0]


@pytest.fixture
def fiona(cast):
    """Another focal point of the ministry."""
    return person("fiona", ("focal-point", cast.ministry.address), works_for=cast.ministry)


def ask(cast, indicator, *, by=None, asking=None, asked=None, cells=CELLS, due=LATER, note=""):
    """Alice asks the ministry for the injuries of two years."""
    return actions.send(
        by=by or cast.alice,
        asking=asking or cast.office,
        asked=asked or cast.ministry,
        indicator=indicator,
        cells=cells,
        due=due,
        note=note,
    )


def fill(cast, request, *values, by=None):
    """Fill in the form of a request, cell by cell."""
    dataset = actions.open_form(by=by or cast.frank, request=request)
    typed = [entry.Typed(number, value, "", "0::") for number, value in enumerate(values, 1)]
    entry.save(by=by or cast.frank, dataset=dataset, typed=typed)
    return Dataset.objects.get(pk=dataset.pk)


def answered(cast, indicator):
    """A request that Frank has answered by form, with three figures of four."""
    request = ask(cast, indicator)
    dataset = fill(cast, request, "5.1", "4.9", "3.0")
    return actions.answer(by=cast.frank, request=request, dataset=dataset, revision=request.revision)


def codes(error):
    return [(problem.code, problem.origin.column) for problem in error.value.problems]


def told(kind):
    """Who has an open notice of this kind."""
    return {notice.user.name for notice in Notice.objects.filter(kind=kind, done_at=None)}


# Deeds ------------------------------------------------------------------------------------------------------


def test_whoever_answers_for_the_institution_is_told_with_date_and_note(cast, indicator, fiona):
    request = ask(cast, indicator, note="By sex, please.")
    assert (request.state, request.by) == ("open", cast.alice)
    assert told("request") == {"Frank", "Fiona"}
    notice = Notice.objects.get(user=cast.frank)
    assert (notice.due, notice.details) == (LATER, {"by": "Alice", "note": "By sex, please."})
    assert Edge.objects.filter(source=request.address, target=indicator.address).exists()


def test_a_request_is_filled_in_answered_and_accepted(cast, indicator):
    request = ask(cast, indicator)
    dataset = fill(cast, request, "5.1", "4.9", "3.0", "2.8")
    request.refresh_from_db()
    assert (request.answer, dataset.institution, dataset.counts["add"]) == (dataset, cast.ministry, 4)
    request = actions.answer(by=cast.frank, request=request, dataset=dataset, revision=request.revision)
    dataset.refresh_from_db()
    assert (request.state, dataset.state) == ("answered", "submitted")  # the draft went to review with it
    assert Edge.objects.filter(source=dataset.address, relation="answers", target=request.address).exists()
    assert (told("request"), told("request-answered")) == (set(), {"Alice", "Carol"})
    request = actions.accept(by=cast.alice, request=request, revision=request.revision)
    assert (request.state, told("request-answered")) == ("closed", set())
    verbs = Event.objects.filter(address=request.address).order_by("id").values_list("verb", flat=True)
    assert list(verbs) == ["request.sent", "request.answered", "request.closed"]


def test_a_request_is_answered_by_a_file(cast, indicator):
    request = ask(cast, indicator)
    dataset = upload(cast.frank, cast.ministry, cast.sandoria, "8.8.1,2024,,NUMBER,4.9,,")
    request = actions.answer(by=cast.frank, request=request, dataset=dataset, revision=request.revision)
    sheet = queries.sheet(request)
    assert (sheet.answered, sheet.asked) == (1, 4)
    assert [line.cells[1].row.cells["obs_value"] for line in sheet.lines if line.cells[1].row] == ["4.9"]


def test_the_form_that_was_begun_is_gone_on_with(cast, indicator, fiona):
    request = ask(cast, indicator)
    first = actions.open_form(by=cast.frank, request=request)
    assert actions.open_form(by=fiona, request=DataRequest.objects.get(pk=request.pk)) == first
    assert Dataset.objects.count() == 1


def test_what_was_typed_is_for_those_who_asked_only_once_it_is_sent(cast, indicator):
    request = ask(cast, indicator)
    fill(cast, request, "5.1", "4.9")
    request.refresh_from_db()
    assert queries.sheet(request).answered == 0
    actions.answer(by=cast.frank, request=request, dataset=request.answer, revision=request.revision)
    sheet = queries.sheet(request)
    assert (sheet.periods, [line.name for line in sheet.lines]) == (("2023", "2024"), ["Total", "Women"])
    assert (sheet.answered, sheet.lines[0].cells[0].row.cells["obs_value"]) == (2, "5.1")


def test_an_answer_that_will_not_do_is_asked_for_again_with_reason_and_date(cast, indicator):
    request = answered(cast, indicator)
    with pytest.raises(MilepostError) as error:
        actions.reopen(
            by=cast.alice,
            request=request,
            revision=request.revision,
            why=" ",
            due=TODAY - datetime.timedelta(days=1),
        )
    assert codes(error) == [("reason-missing", "why"), ("due-past", "due")]
    again = LATER + datetime.timedelta(days=7)
    request = actions.reopen(
        by=cast.alice, request=request, revision=request.revision, why="2024 for women is missing.", due=again
    )
    assert (request.state, request.due) == ("open", again)
    assert (told("request"), told("request-answered")) == ({"Frank"}, set())
    notice = Notice.objects.get(user=cast.frank, done_at=None)
    assert (notice.due, notice.details["note"]) == (again, "2024 for women is missing.")
    assert Event.objects.get(verb="request.open").why == "2024 for women is missing."
    another = actions.open_form(by=cast.frank, request=request)
    assert Dataset.objects.exclude(pk=another.pk).get().state == "submitted"  # the first is in review


def test_a_request_that_is_not_needed_is_cancelled_and_nobody_waits_for_it(cast, indicator):
    request = ask(cast, indicator)
    with pytest.raises(MilepostError):
        actions.cancel(by=cast.alice, request=request, revision=1, why="")
    request = actions.cancel(by=cast.carol, request=request, revision=1, why="The survey was put off.")
    assert (request.state, told("request")) == ("cancelled", set())
    with pytest.raises(Stale):
        actions.open_form(by=cast.frank, request=request)


def test_all_that_is_wrong_with_a_request_is_said_at_once(cast, indicator):
    cast.ministry.active = False
    cast.ministry.save()
    with pytest.raises(MilepostError) as error:
        ask(
            cast,
            indicator,
            by=cast.carol,
            asking=cast.abroad,
            cells=[],
            due=TODAY - datetime.timedelta(days=1),
        )
    assert codes(error) == [
        ("institution-elsewhere", "asking"),
        ("institution-elsewhere", "asked"),
        ("due-past", "due"),
        ("request-size", "cells"),
    ]
    assert not DataRequest.objects.exists()


def test_figures_of_another_institution_or_given_up_answer_nothing(cast, indicator):
    request = ask(cast, indicator)
    ours = upload(cast.alice, cast.office, cast.sandoria, "8.8.1,2024,,NUMBER,4.9,,")
    with pytest.raises(MilepostError) as error:
        actions.answer(by=cast.frank, request=request, dataset=ours, revision=1)
    assert codes(error) == [("answer-of-another", "dataset")]
    theirs = upload(cast.frank, cast.ministry, cast.sandoria, "8.8.1,2024,,NUMBER,4.9,,")
    theirs = datasets.discard(by=cast.frank, dataset=theirs, revision=theirs.revision)
    with pytest.raises(MilepostError) as error:
        actions.answer(by=cast.frank, request=request, dataset=theirs, revision=1)
    assert codes(error) == [("deed-not-now", "dataset")]


def test_a_draft_that_cannot_go_to_review_is_no_answer(cast, indicator):
    request = ask(cast, indicator)
    empty = actions.open_form(by=cast.frank, request=request)
    with pytest.raises(MilepostError):
        actions.answer(by=cast.frank, request=request, dataset=empty, revision=1)
    request.refresh_from_db()
    assert request.state == "open"


def test_nobody_acts_on_what_they_have_not_seen(cast, indicator, fiona):
    request = ask(cast, indicator)
    dataset = fill(cast, request, "5.1")
    request = actions.answer(by=cast.frank, request=request, dataset=dataset, revision=1)
    accepted = actions.accept(
        by=cast.carol, request=DataRequest.objects.get(pk=request.pk), revision=request.revision
    )
    with pytest.raises(Stale) as stale:
        actions.reopen(by=cast.alice, request=request, revision=request.revision, why="More.", due=LATER)
    assert stale.value.now.state == accepted.state == "closed"


def test_only_those_who_ask_and_those_who_are_asked_act(cast, indicator, fiona):
    request = ask(cast, indicator)
    strangers = (cast.bob, cast.charlie, cast.adam, cast.nobody)
    for by in (*strangers, cast.frank):
        with pytest.raises(PermissionDenied):
            ask(cast, indicator, by=by)
        with pytest.raises(PermissionDenied):
            actions.cancel(by=by, request=request, revision=1, why="No.")
    for by in (*strangers, cast.alice, cast.carol):
        with pytest.raises(PermissionDenied):
            actions.open_form(by=by, request=request)
    dataset = fill(cast, request, "5.1")
    for by in (*strangers, cast.alice, cast.carol):
        with pytest.raises(PermissionDenied):
            actions.answer(by=by, request=request, dataset=dataset, revision=1)
    request = actions.answer(by=fiona, request=request, dataset=dataset, revision=1)
    for by in (*strangers, cast.frank, fiona):
        with pytest.raises(PermissionDenied):
            actions.accept(by=by, request=request, revision=2)
        with pytest.raises(PermissionDenied):
            actions.reopen(by=by, request=request, revision=2, why="No.", due=LATER)


def test_a_request_is_seen_by_those_whom_it_concerns(cast, indicator):
    request = ask(cast, indicator)
    for user in (cast.alice, cast.bob, cast.carol, cast.frank):
        assert list(data_requests(user)) == [request]
    for user in (cast.charlie, cast.adam, cast.nobody):
        assert not data_requests(user)


def test_only_an_open_request_can_be_late(cast, indicator):
    request = ask(cast, indicator)
    assert queries.days_late(request, LATER) == 0
    assert queries.days_late(request, LATER + datetime.timedelta(days=3)) == 3
    request.state = "answered"
    assert queries.days_late(request, LATER + datetime.timedelta(days=3)) == 0


# In the browser ---------------------------------------------------------------------------------------------

LIST = "/en/work/requests/"
NEW = "/en/work/requests/xs/8.8.1/new/"


def typed(cast, **more):
    return {
        "asking": str(cast.office.pk),
        "asked": str(cast.ministry.pk),
        "quantity": "\x1fNUMBER",
        "first_year": "2023",
        "last_year": "2024",
        "total": "on",
        "by_sex": ["F"],
        "due": LATER.isoformat(),
        "note": "By sex, please.",
        **more,
    }


def make_late(request):
    DataRequest.objects.filter(pk=request.pk).update(due=TODAY - datetime.timedelta(days=3))


def test_a_request_goes_out_is_answered_in_the_form_and_accepted(cast, client, indicator):
    upload(cast.alice, cast.office, cast.sandoria, "8.8.1,2020,,NUMBER,4.9,,")  # so that the unit is offered
    client.force_login(cast.alice)
    quantity = client.get(NEW).context["form"].fields["quantity"].choices[0][0]
    sent = client.post(NEW, typed(cast, quantity=quantity))
    request = DataRequest.objects.get()
    assert sent.url == f"{LIST}{request.pk}/"
    assert len(request.cells) == 4
    client.force_login(cast.frank)
    assert "1 request waits for the answer of your institutions." in client.get(LIST).content.decode()
    form = client.post(f"{LIST}{request.pk}/form/")
    dataset = Dataset.objects.get(institution=cast.ministry)
    assert form.url == f"/en/work/entry/{dataset.pk}/"
    cells = {f"v-{number}": str(number) for number in range(1, 5)}
    client.post(form.url, cells | {f"r-{number}": "0::" for number in range(1, 5)})
    page = client.get(f"{LIST}{request.pk}/").content.decode()
    assert "Go on with the form" in page
    client.post(f"{LIST}{request.pk}/answer/", {"revision": "1", "dataset": str(dataset.pk)})
    client.force_login(cast.alice)
    page = client.get(f"{LIST}{request.pk}/").content.decode()
    assert "4 of 4 figures are answered" in page
    client.post(f"{LIST}{request.pk}/accept/", {"revision": "2"})
    request.refresh_from_db()
    assert request.state == "closed"
    assert "1 closed or cancelled request" in client.get(LIST).content.decode()
    assert "8.8.1" in client.get(f"{LIST}?ended=1").content.decode()


def test_faults_of_a_request_stand_at_their_fields_with_what_was_typed(cast, client, indicator):
    client.force_login(cast.alice)
    quantity = client.get(NEW).context["form"].fields["quantity"].choices[0][0]
    yesterday = (TODAY - datetime.timedelta(days=1)).isoformat()
    page = client.post(NEW, typed(cast, quantity=quantity, due=yesterday))
    assert set(page.context["form"].errors) == {"due"}
    assert "By sex, please." in page.content.decode()
    page = client.post(NEW, typed(cast, quantity=quantity, first_year="2025", asked="", due=""))
    assert set(page.context["form"].errors) == {"asked", "due", "last_year"}


def test_what_is_late_is_marked_with_its_days(cast, client, indicator):
    make_late(ask(cast, indicator))
    client.force_login(cast.frank)
    page = client.get(LIST).content.decode()
    assert "Late by 3 days" in page
    assert "▲" in page
    assert "1 of them is late." in page


def test_a_reason_is_needed_and_kept_beside_its_form(cast, client, indicator):
    request = answered(cast, indicator)
    client.force_login(cast.alice)
    place = f"{LIST}{request.pk}/reopen/"
    page = client.post(place, {"revision": "2", "why": "", "due": LATER.isoformat()})
    assert (page.status_code, set(page.context["reopen_form"].errors)) == (422, {"why"})
    past = client.post(place, {"revision": "2", "why": "More.", "due": "2020-01-01"})
    assert set(past.context["reopen_form"].errors) == {"due"}
    assert "More." in past.content.decode()
    assert client.post(place, {"revision": "2", "why": "More.", "due": LATER.isoformat()}).status_code == 302
    client.force_login(cast.frank)
    assert "More." in client.get(f"{LIST}{request.pk}/").content.decode()  # he reads why


def test_who_was_first_is_named_and_what_was_typed_is_kept(cast, client, indicator):
    request = answered(cast, indicator)
    actions.accept(by=cast.carol, request=request, revision=2)
    client.force_login(cast.alice)
    page = client.post(
        f"{LIST}{request.pk}/reopen/",
        {"revision": "2", "why": "2024 is missing.", "due": LATER.isoformat()},
    )
    assert page.status_code == 409
    assert "Carol changed this on" in page.content.decode()
    assert "2024 is missing." in page.content.decode()


def test_a_draft_that_cannot_be_sent_says_why_at_the_answer(cast, client, indicator):
    request = ask(cast, indicator)
    empty = actions.open_form(by=cast.frank, request=request)
    client.force_login(cast.frank)
    page = client.post(f"{LIST}{request.pk}/answer/", {"revision": "1", "dataset": str(empty.pk)})
    assert page.status_code == 422
    assert page.context["answer_form"].errors


def test_a_request_is_cancelled_and_its_form_cannot_be_opened_any_more(cast, client, indicator):
    request = ask(cast, indicator)
    client.force_login(cast.carol)
    client.post(f"{LIST}{request.pk}/cancel/", {"revision": "1", "why": "The survey was put off."})
    client.force_login(cast.frank)
    page = client.post(f"{LIST}{request.pk}/form/", follow=True).content.decode()
    assert "The request is not open any more." in page
    assert "The survey was put off." in page


def test_who_sees_which_page(cast, client, indicator):
    request = ask(cast, indicator)
    page = f"{LIST}{request.pk}/"
    posts = {
        "form": {},
        "answer": {"revision": "1", "dataset": "0"},
        "accept": {"revision": "1"},
        "reopen": {"revision": "1", "why": "x", "due": LATER.isoformat()},
        "cancel": {"revision": "1", "why": "x"},
    }
    seen = {  # list, page, new
        "carol": (200, 200, 200),
        "alice": (200, 200, 200),
        "bob": (200, 200, 403),
        "frank": (200, 200, 403),
        "charlie": (200, 404, 403),
        "adam": (403, 404, 403),
        "nobody": (403, 404, 403),
    }
    for name, codes_seen in seen.items():
        client.force_login(getattr(cast, name))
        assert tuple(client.get(place).status_code for place in (LIST, page, NEW)) == codes_seen, name
    for name in ("charlie", "adam", "nobody"):
        client.force_login(getattr(cast, name))
        assert {client.post(f"{page}{deed}/", data).status_code for deed, data in posts.items()} == {404}
    client.force_login(cast.bob)
    assert {client.post(f"{page}{deed}/", data).status_code for deed, data in posts.items()} == {403}
    client.logout()
    for place in (LIST, page, NEW):
        assert client.get(place).url.startswith("/en/account/login/")
    assert DataRequest.objects.get().state == "open"


def test_the_pages_in_russian(cast, client, indicator):
    make_late(ask(cast, indicator))
    client.force_login(cast.frank)
    page = client.get("/ru/work/requests/").content.decode()
    assert "1 запрос ожидает ответа ваших учреждений." in page
    assert "Опоздание: 3 дня" in page
    page = client.get(f"/ru/work/requests/{DataRequest.objects.get().pk}/").content.decode()
    assert "Запрошены 4 значения" in page
    assert "Женщины" in page
    assert timezone.localdate() == TODAY


def test_who_asked_for_figures_hears_that_they_were_withdrawn(cast, indicator):
    mina = person("mina", ("reviewer", cast.ministry.address))
    request = answered(cast, indicator)
    dataset = Dataset.objects.get(pk=request.answer_id)
    datasets.approve(by=mina, dataset=dataset, revision=dataset.revision)
    dataset.refresh_from_db()
    Notice.objects.all().delete()
    datasets.withdraw(by=mina, dataset=dataset, revision=dataset.revision, reason="The register was void.")
    told = {notice.user: notice for notice in Notice.objects.filter(kind="withdrawn")}
    assert {user: notice.address for user, notice in told.items()} == {
        cast.alice: request.address,
        cast.frank: dataset.address,
        cast.carol: dataset.address,
    }
    assert told[cast.carol].details == {"by": "Mina", "note": "The register was void."}
