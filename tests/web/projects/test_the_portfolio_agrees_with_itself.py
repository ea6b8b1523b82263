"""List, totals, chart and export are of the same projects, whatever is asked for."""

import csv
import io
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from milepost.web.projects.actions import register
from milepost.web.projects.queries import portfolio, visible_to

pytestmark = pytest.mark.django_db


@pytest.fixture
def several(cast, mary):
    """Five projects of two types, three currencies, for two states."""
    return [
        register.enter(
            by=mary,
            institution=cast.ministry,
            title={"en": f"Project {number}", "ru": f"Проект {number}"},
            type="LM" if number % 2 else "PO",
            start=str(2020 + number),
            end=str(2021 + number),
            year=2020 + number,
            budget=Decimal(1000 * number) if number else None,
            currency="USD" if number < 4 else "EUR",
            areas=["xs", "kg"] if number == 2 else ["xs"],
            tags={"sdg": ["10.7"] if number < 2 else ["8.8"]},
        )
        for number in range(5)
    ]


ASKED = [
    ({}, 5),
    ({"type": "LM"}, 2),
    ({"words": "проект 3"}, 1),
    ({"area": "kg"}, 1),
    ({"tag": "sdg/10.7"}, 2),
    ({"since": 2023, "until": 2023}, 2),
    ({"least": Decimal(2000)}, 3),
    ({"year": 2024}, 1),
    ({"state": "active"}, 0),
]


@pytest.mark.parametrize(("wanted", "count"), ASKED)
def test_totals_and_list_have_the_same_projects(mary, several, wanted, count):
    """Whatever is asked for; money is added up by currency, and what has none is counted apart."""
    found = portfolio.narrowed(visible_to(mary), wanted)
    totals = portfolio.totals(found)
    assert totals.projects == found.count() == count
    assert sum(number for _state, number in totals.by_state) == count
    assert sum(number for _type, number in totals.by_type) == count
    amounts: dict[str, Decimal] = {}
    for one in found:
        if one.budget is not None:
            amounts[one.currency] = amounts.get(one.currency, Decimal(0)) + one.budget
    assert {one.currency: one.total for one in totals.money} == amounts
    assert totals.without_budget == sum(one.budget is None for one in found)


def test_the_export_is_exactly_what_is_shown(client, mary, several):
    """The same choice, all of it, with the title in the reader's language."""
    client.force_login(mary)
    asked = "?type=PO&sort=oldest"
    page = client.get(reverse("projects") + asked)
    shown = [str(row.project) for row in page.context["rows"]]
    content = client.get(reverse("projects-export", args=["csv"]) + asked).content.decode("utf-8-sig")
    heads, *lines = list(csv.reader(io.StringIO(content)))
    assert [line[heads.index("Title")] for line in lines] == shown == ["Project 0", "Project 2", "Project 4"]


def test_text_never_becomes_a_formula(client, cast, mary):
    """Neither in CSV nor in the workbook."""
    register.enter(by=mary, institution=cast.ministry, title={"en": '=HYPERLINK("http://x")'})
    client.force_login(mary)
    content = client.get(reverse("projects-export", args=["csv"])).content.decode("utf-8-sig")
    assert "'=HYPERLINK" in content
    import openpyxl

    book = openpyxl.load_workbook(
        io.BytesIO(client.get(reverse("projects-export", args=["xlsx"])).content), data_only=False
    )
    cell = next(cell for row in book.active.iter_rows() for cell in row if "HYPERLINK" in str(cell.value))
    assert cell.data_type == "s"


def test_the_number_of_queries_does_not_grow(client, cast, mary, several):
    """Five projects or twenty-five."""
    client.force_login(mary)
    client.get(reverse("projects"))
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get(reverse("projects"))
    for number in range(20):
        register.enter(by=mary, institution=cast.ministry, title={"en": f"More {number}"}, areas=["xs"])
    with CaptureQueriesContext(connection) as many:
        client.get(reverse("projects"))
    assert len(many) == len(few)


def test_a_kept_choice_is_ones_own(client, cast, mary, fred):
    """Nobody sees or forgets another person's."""
    view = register.keep_view(by=mary, name="Labour", query="type=LM")
    client.force_login(fred)
    client.post(reverse("projects-view-forget", args=[view.pk]))
    assert list(portfolio.views_of(mary)) == [view]
    client.force_login(mary)
    assert "Labour" in client.get(reverse("projects")).text
    client.post(reverse("projects-view-forget", args=[view.pk]))
    assert not portfolio.views_of(mary).exists()


def test_what_cannot_be_understood_is_said_and_narrows_nothing(client, mary, several):
    """An unknown state of the world."""
    client.force_login(mary)
    page = client.get(reverse("projects") + "?area=Atlantis")
    assert page.context["form"].errors["area"]
    assert len(page.context["rows"]) == 5
