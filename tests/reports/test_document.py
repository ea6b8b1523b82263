from dataclasses import replace
from datetime import date

import pytest

from milepost.reports.document import (
    Cell,
    Chart,
    Column,
    Columns,
    Document,
    Heading,
    Paragraph,
    Row,
    Run,
    Source,
    Sources,
    Table,
    furniture,
    in_order,
    resolved,
    safe_link,
    shown,
)

TABLE = Table((Column("A"), Column("B")), (Row(("1", "2")),), caption="First")
EMPTY = Document("Title", "en", date(2026, 5, 1), ())


def test_tables_and_figures_are_numbered_in_the_order_in_which_they_stand():
    chart = Chart("<svg/>", "what it shows", "Second")
    given = replace(EMPTY, blocks=(TABLE, Columns((TABLE,), (chart,)), replace(TABLE, caption="")))
    labels = [block.label for block in in_order(resolved(given).blocks) if isinstance(block, (Table, Chart))]
    assert labels == ["Table 1", "Table 2", "Figure 1", ""]


def test_labels_and_furniture_follow_the_language():
    given = replace(EMPTY, language="ru", version="2", blocks=(TABLE,))
    (table,) = resolved(given).blocks
    assert isinstance(table, Table) and table.label == "Таблица 1"
    assert furniture(given).page == ("Страница ", " из ", "")
    assert "версия 2" in furniture(given).edition


def test_a_figure_refers_to_the_entry_that_it_rests_on():
    entries = (Source("Record", ("project:1",)), Source("Survey", ("observation:3", "observation:4")))
    text = Paragraph((Run("46", trace="observation:4"), Run("7", trace="observation:9"), Run("x")))
    first, _ = resolved(replace(EMPTY, blocks=(text, Sources(entries)))).blocks
    assert isinstance(first, Paragraph)
    assert [run.number for run in first.words if isinstance(run, Run)] == [2, None, None]


def test_headings_never_skip_a_level():
    given = replace(EMPTY, blocks=(Heading("a", 3), Heading("b", 1), Heading("c", 4), Heading("d", 3)))
    assert [b.level for b in resolved(given).blocks if isinstance(b, Heading)] == [1, 1, 2, 3]


def test_a_row_that_does_not_fill_its_table_is_a_mistake():
    with pytest.raises(ValueError, match="3 cells in a table of 2"):
        Table((Column("A"), Column("B")), (Row((Cell("x", 2), "y")),))


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("a\x00b\x1b", "a\ufffdb\ufffd"),
        ("a\r\nb\rc\x0bd\u2028e", "a\nb\nc\nd\ne"),
        ("\u202eevil", "\ufffdevil"),
        ("\ud800", "\ufffd"),
        ("\ufffe\ufdd0\U0001ffff", "\ufffd" * 3),
        ("ү ө ң ў і \u200f مرحبا 😀", "ү ө ң ў і \u200f مرحبا 😀"),
    ],
)
def test_what_no_document_can_hold_is_replaced_and_seen(given: str, expected: str):
    assert shown(given) == expected


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "//x", "a b"]
)
def test_links_lead_to_pages_and_mailboxes_only(address: str):
    assert safe_link(address) == ""
