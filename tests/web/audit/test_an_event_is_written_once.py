import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from milepost.web.audit.actions import PROTECTED, record, refuse_protected
from milepost.web.audit.models import Event


@pytest.fixture
def event(cast):
    return record(by=cast.alice, verb="dataset.submitted", address="dataset:7", scope=cast.office.address)


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_no_event_is_written(cast):
    with pytest.raises(RuntimeError, match="in the transaction of its change"):
        record(by=cast.alice, verb="dataset.submitted", address="dataset:7")
    assert not Event.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_an_event_falls_with_its_change(cast):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        record(by=cast.alice, verb="dataset.submitted", address="dataset:7")
        _ = 1 / 0
    assert not Event.objects.exists()


@pytest.mark.parametrize(
    "deed",
    [
        lambda event: event.save(),
        lambda event: event.delete(),
        lambda event: Event.objects.filter(pk=event.pk).update(why="another"),
        lambda event: Event.objects.all().delete(),
        lambda event: Event.objects.bulk_update([event], ["why"]),
        lambda event: Event.objects.bulk_create([event]),
        lambda event: Event.objects.update_or_create({"why": "another"}, pk=event.pk),
    ],
    ids=["save", "delete", "update", "delete all", "bulk update", "bulk create", "update or create"],
)
def test_nobody_changes_or_deletes_an_event(event, deed):
    event.why = "another"
    with pytest.raises(RuntimeError, match="event is"), transaction.atomic():
        deed(event)
    assert list(Event.objects.values_list("verb", "why")) == [("dataset.submitted", "")]


@pytest.mark.parametrize("key", sorted(PROTECTED))
def test_an_event_never_holds_a_protected_value(cast, key):
    for details in ({key: 1}, {key.upper(): 1}, {"rows": [{"cells": {key: 1}}]}):
        with pytest.raises(ValueError, match="may not hold"):
            record(by=cast.alice, verb="dataset.submitted", address="dataset:7", details=details)
    assert not Event.objects.exists()


harmless = st.text(max_size=8).filter(lambda name: name.lower() not in PROTECTED)
leaf = st.none() | st.booleans() | st.integers() | st.text(max_size=5)


@given(
    st.recursive(
        leaf,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(harmless, inner, max_size=3),
        max_leaves=15,
    ),
    st.sampled_from(sorted(PROTECTED)),
    st.lists(st.sampled_from(["list", "entry"]), max_size=5),
)
def test_a_protected_key_is_found_at_any_depth_and_nothing_else(details, key, path):
    refuse_protected(details)
    hidden = {key: details}
    for way in path:
        hidden = [details, hidden] if way == "list" else {"inner": hidden}
    with pytest.raises(ValueError, match=key):
        refuse_protected(hidden)


def test_an_event_is_about_an_address(cast):
    with pytest.raises(ValueError, match="not an address"):
        record(by=cast.alice, verb="dataset.submitted", address="the dataset")
