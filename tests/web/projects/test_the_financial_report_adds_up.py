"""The financial report: budget against expenditure, burn rate, and the fund's rule; checked by hand."""

import io
from datetime import date
from decimal import Decimal
from typing import Any

import docx
import pytest

from milepost.reports.document import Heading, Note, Paragraph, Table, cells, in_order, plain
from milepost.web.projects.actions import register, reports, workplan
from milepost.web.projects.queries import documents

pytestmark = pytest.mark.django_db

BUDGET = (  # kind, title, amount, what is spent on which day
    ("staff", "Officer", "24000", (("2025-02-10", "7000"), ("2025-05-10", "5000"))),
    ("office", "Rent", "6000", (("2025-03-01", "3000"),)),
    ("operational", "Trainings", "60000", (("2025-06-30", "10000.40"), ("2025-07-01", "9999"))),
    ("evaluation", "Evaluation", "10000", ()),
)


@pytest.fixture
def spent(mary, active):
    """A project of 1 January 2025 to 30 June 2026 with a budget of 100,000; half of its lines are used."""
    type(active).objects.filter(pk=active.pk).update(fund="idf", year=2025)
    active.refresh_from_db()
    for kind, title, amount, payments in BUDGET:
        line = register.set_budget_line(
            by=mary, project=active, kind=kind, title={"en": title}, amount=Decimal(amount)
        )
        for day, paid in payments:
            workplan.spend(by=mary, line=line, day=date.fromisoformat(day), amount=Decimal(paid))
    return active


def financial(mary, project):
    """The financial report on the first half-year."""
    days = {"start": date(2025, 1, 1), "end": date(2025, 6, 30), "language": "en"}
    return documents.report(reports.begin(by=mary, project=project, kind="interim", part="financial", **days))


def rows(document, caption):
    """The cells of a table as words."""
    table = next(
        block
        for block in in_order(document.blocks)
        if isinstance(block, Table) and plain(block.caption).startswith(caption)
    )
    return [[plain(cell.words) for cell in cells(row)] for row in table.rows]


def said(document, kind: Any) -> list[str]:
    found: list[Any] = [block for block in in_order(document.blocks) if isinstance(block, kind)]
    return [plain(block.words) for block in found]


def test_budget_expenditure_and_what_is_left_by_line(mary, spent):
    """12,000 of 24,000 is 50 %; 25,000.40 of 100,000 is 25 %; what was spent on 1 July stays out."""
    assert [row for row in rows(financial(mary, spent), "Budget and expenditure") if len(row) > 1] == [
        ["Officer", "24,000", "12,000", "12,000", "50%"],
        ["Rent", "6,000", "3,000", "3,000", "50%"],
        ["Trainings", "60,000", "10,000", "50,000", "17%"],
        ["Evaluation", "10,000", "–", "–", "–"],
        ["Total", "100,000", "25,000", "75,000", "25%"],
    ]


def test_the_burn_rate_compares_money_with_time(mary, spent):
    """181 of 546 days are 33.15 %; 25.0004 % - 33.15 % are 8.15 points, printed as 8.1."""
    (sentence,) = [words for words in said(financial(mary, spent), Paragraph) if "after" in words][-1:]
    assert sentence == (
        "25.0% of the budget was spent after 33.2% of the time: 8.1 percentage points behind time."
    )


def test_the_share_of_staff_and_office_stands_beside_the_rule_with_its_source(mary, spent):
    """30,000 of 100,000 is 30 %, which the rule still allows; 15,000 of 25,000.40 is 60 %."""
    document = financial(mary, spent)
    assert rows(document, "Share of staff and office") == [
        ["Planned, of the budget", "30,000", "30.0%"],
        ["Spent, of all that was spent", "15,000", "60.0%"],
    ]
    note = "The fund allows 30% of the budget. Source of the rule: How to apply for funding"
    assert note in said(document, Note)


def test_a_plan_above_the_rule_is_said(mary, spent):
    line = spent.budget_lines.get(kind="office")
    register.set_budget_line(
        by=mary,
        project=spent,
        kind="office",
        title={"en": "Rent"},
        amount=Decimal(6001),
        line=line,
        revision=line.revision,
    )
    notes = said(financial(mary, spent), Note)
    assert any(
        words.startswith("The fund allows 30% of the budget: the plan is above it.") for words in notes
    )


@pytest.mark.parametrize("change", [{"fund": ""}, {"year": 2019}])
def test_without_a_rule_for_the_project_none_is_claimed(mary, spent, change):
    """No fund, or a year of approval before the rule was in force."""
    type(spent).objects.filter(pk=spent.pk).update(**change)
    spent.refresh_from_db()
    document = financial(mary, spent)
    assert "No rule of a fund about this share is known." in said(document, Paragraph)
    assert not any("allows" in words for words in said(document, Note))


def test_without_expenditure_nothing_is_called_zero(mary, spent):
    for line in spent.budget_lines.all():
        line.expenditures.all().delete()
    document = financial(mary, spent)
    assert rows(document, "Budget and expenditure")[-1] == ["Total", "100,000", "–", "–", "–"]
    assert rows(document, "Share of staff")[-1] == ["Spent, of all that was spent", "–", "–"]
    assert "Burn rate" not in said(document, Heading)


def test_the_word_file_says_the_same(mary, spent):
    made = documents.as_file(financial(mary, spent), "docx")
    tables = docx.Document(io.BytesIO(made)).tables
    shown = [[cell.text for cell in row.cells] for table in tables for row in table.rows]
    assert ["Total", "100,000", "25,000", "75,000", "25%"] in shown
