import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from milepost.web.traces import queries
from milepost.web.traces.actions import RELATIONS, link
from milepost.web.traces.models import Edge
from milepost.web.traces.words import RELATION_WORDS

numbers = st.integers(0, 12)
graphs = st.lists(st.tuples(numbers, st.sampled_from(sorted(RELATIONS)), numbers), max_size=40)


def closure(edges, start, near, far):
    """Everything that can be reached, in plain Python."""
    found, left = set(), [start]
    while left:
        here = left.pop()
        for edge in edges:
            if edge[near] == here and edge[far] not in found:
                found.add(edge[far])
                left.append(edge[far])
    return found - {start}


@pytest.mark.django_db
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(edges=graphs, start=numbers)
def test_a_walk_meets_what_can_be_reached_and_nothing_else(db, edges, start):
    with transaction.atomic():
        for source, relation, target in edges:
            link(f"dataset:{source}", relation, f"dataset:{target}")
        for walk, near, far in ((queries.upstream, 0, 2), (queries.downstream, 2, 0)):
            tree = walk(f"dataset:{start}", depth=20)
            wanted = closure(edges, start, near, far)
            assert tree.addresses() == {f"dataset:{number}" for number in wanted}
            assert tree.complete
        transaction.set_rollback(True)


def chain(count):
    """0 rests on 1, 1 on 2, and so on."""
    for number in range(count):
        link(f"dataset:{number}", "rests_on", f"dataset:{number + 1}")


def test_a_circle_ends(db):
    chain(3)
    link("dataset:3", "rests_on", "dataset:0")
    tree = queries.upstream("dataset:0")
    assert tree.addresses() == {"dataset:1", "dataset:2", "dataset:3"}
    last = tree.branches[0].branches[0].branches[0].branches[0]
    assert last.address == "dataset:0"
    assert last.again
    assert last.branches == ()
    assert tree.complete


def test_a_thing_hangs_where_it_is_nearest(db):
    link("dataset:0", "rests_on", "dataset:1")
    link("dataset:1", "rests_on", "dataset:2")
    link("dataset:2", "rests_on", "dataset:9")
    link("dataset:0", "rests_on", "dataset:3")
    link("dataset:3", "rests_on", "dataset:9")
    long, short = queries.upstream("dataset:0").branches
    assert long.branches[0].branches[0].again
    assert not short.branches[0].again


def test_a_level_costs_one_query(db):
    chain(6)
    with CaptureQueriesContext(connection) as ran:
        queries.upstream("dataset:0")
    assert len(ran) == 7


def test_depth_and_limit_end_a_walk_and_are_said(db):
    chain(6)
    assert queries.upstream("dataset:0", depth=6).complete
    short = queries.upstream("dataset:0", depth=3)
    assert short.addresses() == {"dataset:1", "dataset:2", "dataset:3"}
    assert not short.complete
    few = queries.upstream("dataset:0", limit=2)
    assert few.addresses() == {"dataset:1", "dataset:2"}
    assert not few.complete


def test_a_fan_is_cut_at_the_limit_and_says_so(db):
    Edge.objects.bulk_create(
        Edge(source=f"dataset:{number}", relation="rests_on", target="file:1") for number in range(600)
    )
    tree = queries.downstream("file:1")
    assert len(tree.addresses()) == queries.LIMIT
    assert not tree.complete


def test_what_is_said_twice_stands_once(db):
    link("dataset:1", "rests_on", "file:1", row=12)
    link("dataset:1", "rests_on", "file:1", row=13)
    assert Edge.objects.get().details == {"row": 12}


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_no_edge_is_written():
    with pytest.raises(RuntimeError, match="in the transaction of its action"):
        link("dataset:1", "rests_on", "file:1")
    assert not Edge.objects.exists()


def test_a_relation_that_nobody_knows_is_refused(db):
    with pytest.raises(ValueError, match="not a relation"):
        link("dataset:1", "likes", "file:1")


def test_every_relation_has_its_words():
    assert set(RELATION_WORDS) == set(RELATIONS)
