from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.template import Context, Template
from django.utils import translation

from milepost.values import Observation, Origin, Period, Problem, Text, Verdict
from milepost.values.states import MACHINES
from milepost.web.jobs.models import Job
from milepost.web.ui.templatetags import ui

NO_BREAK = "\xa0"


def shown(template, language="en", **context):
    with translation.override(language):
        return Template(template).render(Context(context))


def test_words_are_given_in_the_readers_language():
    name = Text(en="Women", ru="Женщины")
    assert shown("{{ name|text }}", "ru", name=name) == "Женщины"
    assert shown("{{ name|text }}", "en", name=dict(name)) == "Women"


def test_words_in_another_language_say_so():
    html = shown("{{ name|text }}", "ru", name={"en": "Women <18"})
    assert '<span lang="en">Women &lt;18</span>' in html
    assert "[английский]" in html
    assert "показано на другом языке" in html
    assert shown("{{ name|plain }}", "ru", name={"en": "Women"}) == "Women [английский]"


def test_words_that_are_in_no_language_are_a_dash_that_explains_itself():
    for nothing in ({}, None, ""):
        html = shown("{{ name|text }}", name=nothing)
        assert "–" in html and "no text" in html
    assert shown("{{ name|plain }}", name={}) == "–"


def test_plain_words_are_escaped():
    assert shown("{{ name|text }}", name="<script>") == "&lt;script&gt;"


@pytest.mark.parametrize(
    "language, value, digits, written",
    [
        ("en", 1234.5, None, "1,234.5"),
        ("ru", 1234.5, None, f"1{NO_BREAK}234,5"),
        ("ru", Decimal("0.10"), 2, "0,10"),
        ("en", -3, None, "−3"),
        ("en", 0, None, "0"),
        ("en", None, 1, "–"),
        ("en", float("nan"), None, "–"),
        ("en", "", None, "–"),
    ],
)
def test_numbers_are_written_as_the_language_writes_them_and_nothing_is_not_zero(
    language, value, digits, written
):
    with translation.override(language):
        assert ui.figure(value, digits) == written


def test_an_observation_without_value_gives_the_sign_of_its_status():
    def observation(value, status):
        return Observation(Period.parse("2025"), value, status=status)

    assert ui.figure(observation(None, "Q")) == "(s)"
    assert ui.figure(observation(None, "O")) == "…"
    assert ui.figure(observation(None, "L")) == "–"
    assert ui.figure(observation(2.5, "A"), 2) == "2.50"


def test_days_and_moments_are_written_by_language():
    day = '<time datetime="2026-03-12">{}</time>'
    assert shown("{{ d|when }}", d=date(2026, 3, 12)) == day.format("12 March 2026")
    assert shown("{{ d|when }}", d="2026-03-12") == day.format("12 March 2026")
    assert "12 марта 2026" in shown("{{ d|when }}", "ru", d=date(2026, 3, 12))
    moment = datetime(2026, 3, 12, 14, 5, tzinfo=UTC)
    assert "12 March 2026, 14:05 UTC" in shown("{{ d|when }}", d=moment)
    assert "no date" in shown("{{ d|when }}", d=None)


def test_every_state_has_a_shape_and_a_word():
    states = {state for machine in MACHINES.values() for state in machine} | set(Job.Status.values)
    for state in states:
        html = shown("{% status_mark state %}", state=state)
        assert 'aria-hidden="true"' in html and html.rstrip("</span>").split()[-1]


def test_a_state_nobody_knows_is_a_mistake():
    with pytest.raises(KeyError):
        shown('{% status_mark "unheard-of" %}')


def test_the_word_of_a_state_can_be_more_exact():
    html = shown('{% status_mark "late" "Late by 3 days" %}')
    assert "▲" in html and "Late by 3 days" in html and "grave" in html


def test_a_verdict_is_said_as_the_reports_say_it():
    verdict = Verdict("un", "not_assessed", reason="too_few_points")
    assert "–" in shown("{% verdict_mark verdict %}", verdict=verdict)


def test_a_traced_figure_is_a_link_to_where_it_comes_from():
    html = shown('{% traced 6.1 "observation:12@1" 2 %}', "ru")
    assert 'href="/ru/trace/observation:12@1/"' in html
    assert "data-trace" in html and ">6,10<" in html and "Откуда эта цифра" in html


def test_faults_say_what_where_and_how_to_mend_it():
    problem = Problem("number-unreadable", Origin("a.xlsx", "2025", 1412, "Value"), {"text": "n/a"})
    kept = {
        "code": "number-unreadable",
        "origin": {"file": "a.xlsx", "sheet": "2025", "row": 1412, "column": "Value"},
        "details": {"text": "n/a"},
    }
    for given in (problem, kept):
        html = shown("{% faults problems %}", problems=[given])
        assert "&#x27;n/a&#x27; is not a number." in html
        assert "a.xlsx, sheet 2025, row 1412, column Value" in html
        assert "✕" in html
    assert "столбец «Value»" in shown("{% faults problems %}", "ru", problems=[problem])
