from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from milepost.interchange.plan_table.deadlines import read


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("II квартал 2023 г.", "2023-04-01", "2023-06-30"),
        ("2 кв. 2023", "2023-04-01", "2023-06-30"),
        ("2-й квартал 2026", "2026-04-01", "2026-06-30"),
        ("III-IV кварталы 2023 г.", "2023-07-01", "2023-12-31"),
        ("I, III кварталы 2023 года", "2023-01-01", "2023-09-30"),
        ("II квартал 2022 – IV квартал 2023", "2022-04-01", "2023-12-31"),
        ("II квартал 2022 г. – IV квартал 2023 г.", "2022-04-01", "2023-12-31"),
        ("2022 – II квартал 2023 г.", "2022-01-01", "2023-06-30"),
        ("Q2 2023", "2023-04-01", "2023-06-30"),
        ("2023 Q2", "2023-04-01", "2023-06-30"),
        ("Q1-Q3 2024", "2024-01-01", "2024-09-30"),
        ("first quarter of 2024", "2024-01-01", "2024-03-31"),
        ("I полугодие 2024 года", "2024-01-01", "2024-06-30"),
        ("второе полугодие 2024 года", "2024-07-01", "2024-12-31"),
        ("H1 2024", "2024-01-01", "2024-06-30"),
        ("2022-2025 гг.", "2022-01-01", "2025-12-31"),
        ("2022–2025 годы", "2022-01-01", "2025-12-31"),
        ("2022-25", "2022-01-01", "2025-12-31"),
        ("с 2023 по 2025 год", "2023-01-01", "2025-12-31"),
        ("2023, 2024, 2025", "2023-01-01", "2025-12-31"),
        ("в течение 2023 года", "2023-01-01", "2023-12-31"),
        ("декабрь 2025 г.", "2025-12-01", "2025-12-31"),
        ("май-июнь 2024 г.", "2024-05-01", "2024-06-30"),
        ("February 2024", "2024-02-01", "2024-02-29"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("March 2024 - June 2025", "2024-03-01", "2025-06-30"),
        ("до конца 2023 года", None, "2023-12-31"),
        ("by the end of 2025", None, "2025-12-31"),
        ("до 1 июля 2024 года", None, "2024-07-01"),
        ("не позднее 15 марта 2024 г.", None, "2024-03-15"),
        ("01.07.2024", None, "2024-07-01"),
        ("2024-07-01", None, "2024-07-01"),
        ("July 1, 2024", None, "2024-07-01"),
        ("с 2023 года", "2023-01-01", None),
    ],
)
def test_what_acts_write_is_understood(text, start, end):
    reading = read(text)
    found = reading.deadline
    assert (reading.doubt, found.text, found.repeated) == ("", text, "")
    assert [day and str(day) for day in (found.start, found.end)] == [start, end]


@pytest.mark.parametrize(
    ("text", "repeated", "end"),
    [
        ("постоянно", "continuous", None),
        ("На постоянной основе", "continuous", None),
        ("Continuous", "continuous", None),
        ("ежегодно", "yearly", None),
        ("ежегодно, IV квартал", "yearly", None),
        ("ежегодно, 2022-2025 гг.", "yearly", date(2025, 12, 31)),
        ("раз в полугодие", "half-yearly", None),
        ("half-yearly", "half-yearly", None),
        ("every half-year, 2026-2030", "half-yearly", date(2030, 12, 31)),
        ("ежеквартально", "quarterly", None),
        ("monthly", "monthly", None),
    ],
)
def test_what_comes_again_or_never_ends_says_so(text, repeated, end):
    reading = read(text)
    assert (reading.doubt, reading.deadline.repeated, reading.deadline.end) == ("", repeated, end)


@pytest.mark.parametrize("text", ["до 2025 года", "by 2027", "до марта 2024 года", "until Q2 2026"])
def test_a_deadline_that_can_mean_two_days_has_no_last_day(text):
    reading = read(text)
    assert (reading.doubt, reading.deadline.end, reading.deadline.text) == ("ambiguous", None, text)


@pytest.mark.parametrize(
    "text",
    ["по согласованию", "в течение месяца со дня принятия", "31.02.2024", "IV квартал", "2024 and whenever"],
)
def test_what_is_not_understood_stays_as_written(text):
    reading = read(text)
    assert reading.doubt == "unread"
    assert (reading.deadline.text, reading.deadline.start, reading.deadline.end) == (text, None, None)


@pytest.mark.parametrize("text", ["2025-2022 гг.", "IV квартал 2024 - I квартал 2024"])
def test_a_deadline_that_ends_before_it_starts_is_a_fault(text):
    assert read(text).doubt == "backwards"


def test_a_text_as_long_as_a_page_is_no_deadline():
    reading = read("I, II, III кварталы 2024 г. " * 20)
    assert (reading.doubt, reading.deadline.end) == ("unread", None)


def test_no_deadline_is_no_fault():
    assert (read("  ").doubt, read("").deadline.text) == ("", "")


ROMAN = ("I", "II", "III", "IV")


@given(
    st.integers(1, 4),
    st.integers(1950, 2090),
    st.sampled_from(["{r} квартал {y} г.", "Q{q} {y}", "{q} кв. {y}"]),
)
def test_every_quarter_is_three_months(quarter, year, form):
    found = read(form.format(r=ROMAN[quarter - 1], q=quarter, y=year)).deadline
    assert found.start == date(year, 3 * quarter - 2, 1)
    next_quarter = date(year + quarter // 4, 3 * quarter % 12 + 1, 1)
    assert found.end == next_quarter - timedelta(days=1)


@given(st.dates(date(1950, 1, 1), date(2090, 12, 31)))
def test_a_day_is_that_day_however_it_is_written(day):
    for text in (day.isoformat(), f"{day:%d.%m.%Y}", f"by {day:%B} {day.day}, {day.year}"):
        assert read(text).deadline.end == day


@given(st.text(max_size=60))
def test_no_text_stops_the_reader_and_none_is_lost(text):
    reading = read(text)
    assert reading.deadline.text == " ".join(text.split())
    if reading.doubt in ("", "ambiguous") and reading.deadline.start and reading.deadline.end:
        assert reading.deadline.start <= reading.deadline.end
