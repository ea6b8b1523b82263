import csv
import io
from datetime import date
from textwrap import dedent

import pytest

from milepost import checks
from milepost.values import Origin, Table

TODAY = date(2026, 7, 1)


def as_table(text: str, code: str = "1-1-1", file: str = "data/indicator_1-1-1.csv") -> Table:
    rows = list(csv.reader(io.StringIO(dedent(text).strip("\n"))))
    return Table(code, tuple(rows[0]), [tuple(row) for row in rows[1:]], Origin(file))


@pytest.fixture
def read():
    """The table that a text describes; row 1 is the header."""
    return as_table


@pytest.fixture
def faults():
    """{code of a fault: [problems]} of the table that a text describes."""

    def of(text, indicator=None, context=None, code="1-1-1"):
        found = {}
        for problem in checks.table(as_table(text, code), indicator, today=TODAY, context=context):
            found.setdefault(problem.code, []).append(problem)
        return found

    return of
