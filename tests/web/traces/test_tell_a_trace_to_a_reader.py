import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext

from milepost.web.files.models import StoredFile
from milepost.web.traces import queries
from milepost.web.traces.actions import link

FILE_NAME = "wages-of-alice.xlsx"


@pytest.fixture(autouse=True)
def words(settings):
    settings.TRACE_WORDS = "tests.web.traces.words.DESCRIBE"


@pytest.fixture
def graph(cast):
    """The office rests on the ministry, a file, an event and a person; the ministry on its country."""
    file = StoredFile.objects.create(
        sha256="0" * 64, name=FILE_NAME, size=1, content_type="x", owner="", by=cast.alice
    )
    other = StoredFile.objects.create(
        sha256="1" * 64, name="more-" + FILE_NAME, size=1, content_type="x", owner="", by=cast.alice
    )
    office = cast.office.address
    link(office, "decided_by", "event:1")
    link(office, "decided_by", cast.alice.address)
    link(office, "rests_on", file.address, row=12, sheet="Wages")
    link(office, "rests_on", other.address)
    link(office, "rests_on", cast.ministry.address, row=3)
    link(file.address, "rests_on", cast.abroad.address)
    link(cast.abroad.address, "answers", office)
    return office


def trace_for(user, address):
    """The trace as this reader is told it."""
    trace = queries.for_reader(user, address)
    assert trace is not None
    return trace


def told(steps):
    """Every line of a trace as text, with those below it."""
    for step in steps:
        yield f"{step.relation} {step.node.title} {step.node.facts} {step.node.url}"
        yield from told(step.steps)


def test_the_public_hears_of_kinds_and_institutions_only(graph):
    trace = trace_for(AnonymousUser(), graph)
    words = "\n".join(told(trace.upstream))
    assert "an internal file" in words
    assert words.count("an internal file") == 1  # nobody can count them
    assert "labour" in words
    for secret in (FILE_NAME, "alice", "Alice", "event", "Wages", "12"):
        assert secret not in words
    assert trace.downstream == ()


def test_a_walk_ends_at_what_a_reader_may_not_see(cast, graph):
    trace = trace_for(AnonymousUser(), graph)
    assert "statistics" not in [step.node.title for step in trace.upstream]  # behind the file


def test_a_link_that_a_thing_knows_of_itself_is_followed(graph):
    trace = trace_for(AnonymousUser(), graph)
    ministry = next(step for step in trace.upstream if step.node.title == "labour")
    assert [step.node.title for step in ministry.steps] == ["Sandoria"]


def test_insiders_hear_more_and_what_rests_on_it(cast, graph):
    trace = trace_for(cast.alice, graph)
    ministry = next(step for step in trace.upstream if step.node.title == "labour")
    assert ("Contact", "Alice") in ministry.node.facts
    assert ("Row", "3") in ministry.node.facts
    assert [step.node.title for step in trace.downstream] == ["statistics"]


def test_the_revision_of_an_address_is_said(cast):
    trace = trace_for(AnonymousUser(), f"{cast.office.address}@4")
    assert ("Version", "4") in trace.node.facts


def test_a_title_is_in_the_language_of_the_reader(cast):
    from django.utils.translation import override

    with override("ru"):
        assert trace_for(AnonymousUser(), cast.sandoria.address).node.title == "Сандория"


def test_things_are_looked_up_by_kind_not_one_by_one(cast):
    for number in range(40):
        link(cast.office.address, "rests_on", f"institution:{number + 1000}")
    with CaptureQueriesContext(connection) as ran:
        trace_for(AnonymousUser(), cast.office.address)
    assert len(ran) <= 6


def test_an_address_whose_id_fits_no_column_is_nobodys(cast):
    link(cast.office.address, "rests_on", "institution:none")
    link(cast.office.address, "rests_on", cast.ministry.address)
    trace = trace_for(AnonymousUser(), cast.office.address)
    assert [step.node.title for step in trace.upstream] == ["labour"]


@pytest.mark.parametrize("language", ["en", "ru"])
def test_the_page_and_the_panel_say_the_same(client, cast, graph, language):
    page = client.get(f"/{language}/trace/{graph}/").content.decode()
    panel = client.get(f"/{language}/trace/{graph}/?panel=1").content.decode()
    fetched = client.get(f"/{language}/trace/{graph}/", headers={"HX-Request": "true"}).content.decode()
    assert "<html" in page
    assert "<html" not in panel
    assert panel == fetched
    assert "labour" in page
    assert "labour" in panel
    for secret in (FILE_NAME, "Alice", "Wages"):
        assert secret not in page + panel


def test_the_data_of_a_trace_are_those_of_the_page(client, graph):
    found = client.get(f"/en/trace/{graph}/?format=json").json()
    assert found["address"] == graph
    assert {step["title"] for step in found["comes_from"]} == {"labour", "an internal file"}
    assert found["rests_on_it"] == []


@pytest.mark.parametrize(
    "address", ["user:1", "dataset:1", "institution:999999", "institution:none", "nonsense", "moon:1"]
)
def test_what_a_reader_may_not_see_has_no_trace(client, cast, address):
    assert client.get(f"/en/trace/{address}/").status_code == 404
    client.force_login(cast.nobody)
    assert client.get(f"/en/trace/{address}/").status_code == 404


def test_a_thing_that_rests_on_nothing_says_so(client, cast):
    answer = client.get(f"/en/trace/{cast.abroad.address}/")
    assert "It rests on nothing else" in answer.content.decode()
