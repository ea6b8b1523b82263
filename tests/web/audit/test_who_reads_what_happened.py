import csv
import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from milepost.web.accounts.roles import Permission
from milepost.web.audit import queries
from milepost.web.audit.actions import record
from milepost.web.audit.models import Event


@pytest.fixture
def events(cast):
    """One deed in each place."""
    deeds = (
        (cast.alice, "dataset:1", cast.office.address),
        (cast.frank, "dataset:2", cast.ministry.address),
        (cast.carol, "indicator:xs-10.7.1", cast.sandoria.address),
        (cast.charlie, "dataset:3", cast.abroad.address),
        (cast.adam, "user:9", ""),
    )
    return [
        record(by=by, verb="comment.added", address=address, scope=scope, details={"rows": 3})
        for by, address, scope in deeds
    ]


def seen(user):
    return sorted(queries.visible_to(user).values_list("address", flat=True))


def test_the_words_of_the_permissions_are_those_of_the_roles():
    assert {queries.READ_AUDIT, *queries.WORK_THERE} <= {str(permission) for permission in Permission}
    assert str(Permission.READ_AUDIT) == queries.READ_AUDIT


def test_events_are_read_where_one_reads_the_audit_and_own_deeds_always(cast, events):
    assert seen(cast.bob) == ["dataset:1"]  # reviewer of the office
    assert seen(cast.carol) == ["dataset:1", "dataset:2", "indicator:xs-10.7.1"]  # of the country
    assert seen(cast.charlie) == ["dataset:3"]
    assert seen(cast.alice) == ["dataset:1"]  # her own deed
    assert seen(cast.frank) == ["dataset:2"]
    assert len(seen(cast.adam)) == 5
    assert seen(cast.nobody) == []


def test_an_anonymous_reader_reads_no_event(client, events):
    from django.contrib.auth.models import AnonymousUser

    assert seen(AnonymousUser()) == []
    for path in ("/en/work/audit/", "/en/work/audit/events.csv", f"/en/work/audit/{events[0].pk}/"):
        answer = client.get(path)
        assert answer.status_code == 302
        assert "login" in answer["Location"]


def test_the_history_of_a_thing_is_for_those_who_work_there(cast):
    record(by=cast.carol, verb="comment.added", address=cast.office.address, scope=cast.office.address)
    record(by=cast.carol, verb="comment.added", address=f"{cast.office.address}@2", scope=cast.office.address)
    record(by=cast.carol, verb="comment.added", address=f"{cast.office.address}0", scope=cast.office.address)
    assert queries.of(cast.alice, cast.office.address).count() == 2
    assert queries.of(cast.alice, f"{cast.office.address}@2").count() == 1
    assert queries.of(cast.frank, cast.office.address).count() == 0
    assert queries.of(cast.charlie, cast.office.address).count() == 0


def test_the_page_shows_events_and_narrows_them(client, cast, events):
    client.force_login(cast.carol)
    assert page(client) == {"dataset:1", "dataset:2", "indicator:xs-10.7.1"}
    assert page(client, by=cast.frank.pk) == {"dataset:2"}
    assert page(client, address="dataset:1") == {"dataset:1"}
    assert page(client, verb="comment.edited") == set()
    today = timezone.localdate()
    assert len(page(client, since=today, until=today)) == 3
    assert page(client, until=today - timedelta(days=1)) == set()
    assert page(client, since=today + timedelta(days=1)) == set()


def page(client, **asked):
    answer = client.get("/en/work/audit/", asked)
    assert answer.status_code == 200
    return {event.address for event in answer.context["events"]}


def test_a_question_that_cannot_be_read_is_said_so_and_shows_nothing(client, cast, events):
    client.force_login(cast.carol)
    for asked in ({"address": "the dataset"}, {"since": "yesterday"}, {"by": cast.charlie.pk}, {"verb": "x"}):
        answer = client.get("/en/work/audit/", asked)
        assert answer.status_code == 200
        assert answer.context["form"].errors
        assert answer.context["events"] == []
        assert client.get("/en/work/audit/events.csv", asked).status_code == 400


def test_a_long_list_is_read_page_by_page_in_few_queries(client, cast):
    for number in range(120):
        record(by=cast.alice, verb="comment.added", address=f"dataset:{number}", scope=cast.office.address)
    client.force_login(cast.bob)
    addresses, asked = [], {}
    while True:
        with CaptureQueriesContext(
            connection,
        ) as ran:
            answer = client.get("/en/work/audit/", asked)
        assert len(ran) < 15
        addresses += [event.address for event in answer.context["events"]]
        if answer.context["older"] is None:
            break
        asked = {"before": answer.context["older"]}
    assert addresses == [f"dataset:{number}" for number in reversed(range(120))]


def test_the_export_says_the_same_and_no_cell_runs_as_a_formula(client, cast, events):
    record(
        by=cast.alice,
        verb="comment.added",
        address="dataset:1",
        scope=cast.office.address,
        why="=1+1",
        details={},
    )
    client.force_login(cast.bob)
    answer = client.get("/en/work/audit/events.csv")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"] == 'attachment; filename="audit.csv"'
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["why"] for row in rows] == ["'=1+1", ""]
    assert rows[1]["address"] == "dataset:1"
    assert rows[1]["by"] == "Alice"
    assert rows[1]["details"] == '{"rows": 3}'
    assert len(rows) == Event.objects.filter(scope=cast.office.address).count()


def test_one_event_has_a_page_for_those_who_may_know_it(client, cast, events):
    path = f"/en/work/audit/{events[0].pk}/"
    for user, status in (
        (cast.bob, 200),
        (cast.alice, 200),
        (cast.carol, 200),
        (cast.charlie, 404),
        (cast.nobody, 404),
    ):
        client.force_login(user)
        assert client.get(path).status_code == status, user
    client.force_login(cast.bob)
    assert "Alice" in client.get(path).content.decode()
