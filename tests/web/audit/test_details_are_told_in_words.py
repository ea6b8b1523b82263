import pytest
from django.db import transaction

from milepost.web.audit import details
from milepost.web.audit.actions import record


def told(user, found):
    return {detail.name: str(detail.says) for detail in details.of(user, found)}


@pytest.mark.parametrize(
    ("found", "said"),
    [
        ({"state": ["submitted", "returned"]}, {"State": "In review → Returned"}),
        ({"state": "draft"}, {"State": "Draft"}),
        ({"method": [None, "un"]}, {"Method": "– → un"}),
        ({"fields": ["title", "unit"]}, {"Fields changed": "title, unit"}),
        ({"rows": [7, 1, 2, 3, 58]}, {"Rows": "1–3, 7, 58"}),
        ({"rows": 12}, {"Rows": "12"}),
        ({"counts": {"add": 6, "conflict": 0}}, {"Rows by outcome": "Added: 6; Conflict: 0"}),
        ({"correction": False}, {"A correction": "no"}),
        ({"indicators": []}, {"Indicators": "–"}),
        ({"amount": "-350"}, {"Amount": "-350"}),
        ({"unheard-of": "x"}, {"unheard-of": "x"}),
        ({"name": "<b>9:5</b>"}, {"Name": "<b>9:5</b>"}),
    ],
)
def test_each_kind_of_answer_is_told_in_words(cast, found, said):
    assert told(cast.alice, found) == said


def test_only_a_part_without_a_name_is_shown_by_its_key(cast):
    assert [(one.name, one.is_key) for one in details.of(cast.alice, {"year": 2025, "odd": 1})] == [
        ("odd", True),
        ("Year", False),
    ]


def test_an_address_is_linked_for_those_only_who_may_see_the_thing(cast):
    found = {"institution": cast.office.address}
    assert told(cast.alice, found) == {
        "Institution": f'<a href="{cast.office.get_absolute_url()}">{cast.office}</a>'
    }
    assert told(cast.nobody, {"person": f"user:{cast.alice.pk}"}) == {"Person": f"user:{cast.alice.pk}"}


def test_the_page_of_an_event_escapes_what_was_typed(client, cast):
    with transaction.atomic():
        event = record(
            by=cast.alice,
            verb="dataset.returned",
            address="dataset:7",
            scope=cast.office.address,
            details={"name": "<script>", "fields": ["<b>"], "counts": {"<i>": 1}},
        )
    client.force_login(cast.alice)
    page = client.get(event.get_absolute_url()).content.decode()
    assert "&lt;script&gt;" in page
    assert "&lt;b&gt;" in page
    assert "&lt;i&gt;: 1" in page
