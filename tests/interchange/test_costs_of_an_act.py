"""Money in the table of an act: amounts, thousands, currencies and sources as people print them."""

from decimal import Decimal

import pytest

from milepost.interchange import plan_table
from milepost.interchange.plan_table import costs
from tests.web.plans.tables import workbook


def told(found):
    return [(one.source, one.money and (one.money.value, one.money.currency), one.committed) for one in found]


@pytest.mark.parametrize(
    ("cost", "funding", "heading", "wanted"),
    [
        ("1 200,5 тыс. сомов", "Бюджет", "", [("Бюджет", (Decimal("1200500.0"), "KGS"), True)]),
        ("1\u00a0200", "Бюджет", "Стоимость, тыс. сомов", [("Бюджет", (Decimal(1200000), "KGS"), True)]),
        ("USD 1,200,000", "IOM", "Cost", [("IOM", (Decimal(1200000), "USD"), True)]),
        ("0,5 млн долларов США", "МОМ", "", [("МОМ", (Decimal(500000), "USD"), True)]),
        (
            "Госбюджет – 300 тыс. сомов\nМОМ: 20 000 USD (не обеспечено)",
            "",
            "",
            [("Госбюджет", (Decimal(300000), "KGS"), True), ("МОМ", (Decimal(20000), "USD"), False)],
        ),
        (
            "10 EUR; 20 EUR",
            "State budget; Partners",
            "",
            [("State budget", (Decimal(10), "EUR"), True), ("Partners", (Decimal(20), "EUR"), True)],
        ),
        (
            "",
            "Бюджет 2026 года – 50 000 сомов; МОМ",
            "",
            [("Бюджет 2026 года", (Decimal(50000), "KGS"), True), ("МОМ", None, True)],
        ),
        ("", "В пределах бюджета 2026 года", "", []),
        ("–", "Бюджет", "", []),
    ],
)
def test_amounts_are_read_as_printed(cost, funding, heading, wanted):
    found = costs.read(cost, funding, heading=heading)
    assert (told(found.funding), found.doubt) == (wanted, "")


@pytest.mark.parametrize(
    ("cost", "funding", "doubt"),
    [
        ("1200", "Бюджет", "currency"),
        ("500 руб.", "Бюджет", "currency"),
        ("$ 500", "Budget", "currency"),
        ("1.200 USD", "Budget", "unread"),
        ("10-20 тыс. сомов", "Бюджет", "unread"),
        ("по факту", "Бюджет", "unread"),
        ("300 USD", "A; B", "source"),
        ("300 USD", "", "source"),
        ("A 10 USD; 20 USD", "B", "source"),
    ],
)
def test_what_can_mean_two_things_is_not_guessed(cost, funding, doubt):
    found = costs.read(cost, funding)
    assert (found.funding, found.doubt) == ((), doubt)


HEADINGS = (
    "№",
    "Мероприятия",
    "Сроки",
    "Источник финансирования",
    "Стоимость, тыс. сомов",
    "Дефицит, тыс. сомов",
)


def test_a_table_gives_money_gap_and_faults(tmp_path):
    rows = (
        ("1.1", "Принять закон", "2026", "Бюджет", "1 200", "300"),
        ("1.2", "Обучить", "2026", "Бюджет; МОМ", "500", ""),
    )
    found = plan_table.read(workbook(tmp_path / "act.xlsx", rows, HEADINGS))
    law, course = (one for section in found.sections for one in section.all_measures)
    assert told(law.funding) == [
        ("Бюджет", (Decimal(1200000), "KGS"), True),
        ("Бюджет", (Decimal(300000), "KGS"), False),
    ]
    assert course.funding == ()
    assert course.funding_text == "Бюджет; МОМ\n500"
    (fault,) = [one for one in found.problems if one.code.startswith("plan-cost")]
    assert (fault.code, fault.origin.row, fault.origin.column) == ("plan-cost-no-source", 3, HEADINGS[4])
