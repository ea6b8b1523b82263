import pytest
from hypothesis import given
from hypothesis import strategies as st

from milepost.values import Period


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2019", 2019, 2019),
        ("2015.0", 2015, 2015),
        ("2018/19", 2018, 2019),
        ("1999/00", 1999, 2000),
        ("2018-2019", 2018, 2019),
        ("2018-19", 2018, 2019),
        ("1980 to 1990", 1980, 1990),
        ("2005-06", 2005, 2005),  # ISO 8601: June
        ("2020-Q1", 2020, 2020),
        ("2020-05-31", 2020, 2020),
    ],
)
def test_years_spans_and_parts_of_years_are_read(text, first, last):
    period = Period.parse(f" {text} ")
    assert (period.year, period.last_year) == (first, last)


@pytest.mark.parametrize("text", ["", "soon", "20155", "2015/2014", "19", "2019 (p)"])
def test_what_is_no_period_is_refused(text):
    with pytest.raises(ValueError, match="not a year or period"):
        Period.parse(text)


@given(st.integers(1900, 2100), st.integers(0, 99))
def test_a_span_never_ends_before_it_begins(first, length):
    period = Period.parse(f"{first}/{first + length}")
    assert period.last_year - period.year == length
