"""The consolidated report of a plan, from plain values: what it counts, says and keeps."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from milepost.interchange import excel, sheets
from milepost.progress.plan import LIGHTS
from milepost.reports import kept, plan, plan_content
from milepost.reports.document import Table, in_order, plain
from milepost.reports.writers import docx, html, pdf
from milepost.values import Text
from tests.reports.documents import squeezed, words_of_page, words_of_pdf, words_of_word

LABOUR = Text(en="Ministry of Labour", ru="Министерство труда")
POLICE = Text(en="Police", ru="Полиция")
DAY = date(2026, 6, 30)


def line(code, light, **more):
    said = {"text": plan_content.Said(f"Words on {code}."), "until": DAY, "done": "partly"}
    if light in ("no_answer", "not_due"):
        said = {}
    return plan_content.Line(
        f"measure:{code.replace('.', '')}",
        code,
        Text(en=f"Measure {code}", ru=f"Мера {code}"),
        code.split(".", maxsplit=1)[0],
        **{"institutions": (LABOUR,), "light": light, "reported": light, "deadline": "2026", **said, **more},
    )


def content(**more):
    return plan_content.PlanReport(
        **{
            "plan": Text(en="Plan of action", ru="План действий"),
            "policy": Text(en="Policy", ru="Политика"),
            "country": Text(en="Sandoria", ru="Сандория"),
            "author": LABOUR,
            "start": date(2026, 1, 1),
            "end": DAY,
            "day": date(2026, 7, 20),
            "rounds": (plan_content.Round(date(2026, 1, 1), DAY, 5, 4, 3, "round:1"),),
            "objectives": (
                plan_content.Objective("1", Text(en="1 Work", ru="1 Труд")),
                plan_content.Objective("2", Text(en="2 Return", ru="2 Возвращение")),
                plan_content.Objective("3", Text(en="3 Nothing yet")),
            ),
            "lines": (
                line("1.1", "done", done="fully"),
                line("1.2", "late", days=41, last_day=date(2026, 5, 20)),
                line("1.3", "late", days=90, last_day=date(2026, 4, 1), institutions=(POLICE,)),
                line("2.1", "cannot", done="cannot", obstacles=plan_content.Said("No law")),
                line("2.2", "no_answer", reported="on_track", institutions=(POLICE,)),
            ),
            "rates": (
                plan_content.Rate(
                    2026,
                    plan_content.Share(2, 4, Decimal(50)),
                    plan_content.Share(1, 4, Decimal(25)),
                    (Text(en="1 ÷ 4 = 25 %", ru="1 ÷ 4 = 25 %"),),
                ),
            ),
            **more,
        }
    )


def table_of(report, caption):
    return next(
        one
        for one in in_order(report.blocks)
        if isinstance(one, Table) and plain(one.caption).startswith(caption)
    )


def rows_of(table):
    return [[plain(getattr(cell, "words", cell)) for cell in row.cells] for row in table.rows]


def test_lights_are_counted_by_what_is_accepted_and_by_what_is_reported():
    found = content()
    assert plan_content.lights(found) == {
        **dict.fromkeys(LIGHTS, 0),
        "done": 1,
        "late": 2,
        "cannot": 1,
        "no_answer": 1,
    }
    assert plan_content.lights(found, reported=True)["on_track"] == 1
    rows = rows_of(table_of(plan.report(found, "en"), "Measures by how they stand"))
    assert ["Late", "2", "40%", "2"] in rows
    assert rows[-1] == ["All measures", "5", "100%", "5"]


def test_the_first_sentences_say_how_it_stands():
    assert plan.answer(content(), "en") == (
        "On 30 June 2026, of 5 measures: carried out 1, on track 0, late 2, cannot be done 1. "
        "Implementation rate of 2026: 25.0% verified, 50.0% as reported. "
        "The longest delay is 90 days: measure 1.3 Measure 1.3."
    )
    assert "из 5 мер" in plan.answer(content(), "ru")


def test_a_rate_that_is_not_computable_is_said_so():
    rate = plan_content.Rate(
        2026, plan_content.Share(0, 0, None), plan_content.Share(0, 0, None), (Text(en="Nothing was due."),)
    )
    found = content(rates=(rate,))
    assert "not computable" in plan.answer(found, "en")
    assert rows_of(table_of(plan.report(found, "en"), "Implementation rate"))[0][3] == "n/c"


def test_by_objective_shows_only_those_with_measures():
    assert [(part.name["en"], part.total) for part in plan_content.by_objective(content()) if part.name] == [
        ("1 Work", 3),
        ("2 Return", 2),
    ]


def test_by_institution_counts_the_silent_only_where_that_is_to_be_told():
    hidden = {part.name: part.total for part in plan_content.by_institution(content())}
    told = {part.name: part.total for part in plan_content.by_institution(content(silent=(POLICE,)))}
    assert (hidden[POLICE], told[POLICE]) == (1, 2)
    assert "Police" not in words_of_page(html.render(plan.report(content(lines=()), "en")))
    assert "Not all answers were sent by: Police." in words_of_page(
        html.render(plan.report(content(silent=(POLICE,)), "en"))
    )


def test_what_is_late_longest_comes_first():
    rows = rows_of(table_of(plan.report(content(), "en"), "Late on"))
    assert [(row[0], row[3]) for row in rows] == [("1.3 Measure 1.3", "90"), ("1.2 Measure 1.2", "41")]


def test_an_edited_text_is_printed_with_a_mark_and_its_original_stays_inside():
    own = plan_content.Said("Short.", "A long text of the ministry.")
    found = content(lines=(line("1.1", "on_track", text=own, evidence=("minutes.pdf",), files=1),))
    page = words_of_page(html.render(plan.report(found, "en")))
    assert "Short. †" in page
    assert "A long text" not in page
    assert "minutes.pdf" in page
    public = plan_content.for_public(found)
    shown = words_of_page(html.render(plan.report(public, "en")))
    assert "Short. †" in shown
    assert "minutes.pdf" not in shown
    assert "1 file shows it." in shown
    assert "A long text" not in json.dumps(kept.as_json(public))


@pytest.mark.parametrize("language", ["en", "ru"])
def test_figures_agree_in_page_word_pdf_and_workbook(language, tmp_path):
    found = content(silent=())
    document = plan.report(found, language)
    texts = [
        words_of_page(html.render(document)),
        words_of_word(docx.render(document)),
        words_of_pdf(pdf.render(document), tmp_path),
    ]
    path = tmp_path / "annex.xlsx"
    sheets.write("Plan", [sheets.Sheet(*one) for one in plan.tables(found, language)], path)
    book = {one.name: one.rows for one in excel.look(path).sheets}
    standing = list(book.values())[1]
    expected = plan_content.lights(found)
    for light, count in expected.items():
        word = plan.light_in_words(light, language)
        assert next(row[1] for row in standing if row[0] == word) == str(count)
        for text in map(squeezed, texts):
            assert squeezed(f"{word}{count}") in text
    for text in map(squeezed, texts):
        assert squeezed(plan.answer(found, language)) in text
        for one in found.lines:
            assert squeezed(one.text.words) in text


def test_the_workbook_holds_days_as_days_and_no_formula(tmp_path):
    formula = line("1.2", "late", days=41, last_day=date(2026, 5, 20), text=plan_content.Said("=1+1"))
    path = tmp_path / "annex.xlsx"
    sheets.write("Plan", [sheets.Sheet(*one) for one in plan.tables(content(lines=(formula,)), "en")], path)
    book = excel.look(path)
    assert "2026-05-20" in book.sheets[0].rows[-1]
    assert "=1+1" in book.sheets[0].rows[-1]
    assert book.peculiar == []


def test_what_is_kept_is_read_as_it_was():
    found = content(
        money=(plan_content.Money("State budget", "EUR", Decimal("12000.50"), None, Decimal(0)),),
        amendments=(plan_content.Amendment(2, Text(en="Act"), date(2026, 5, 1)),),
        gaps=(plan_content.Gap("1.1", Text(en="Trained"), "persons", DAY, Decimal(2), Decimal(1)),),
        targets=(plan_content.Counted(Text(en="10.7"), (1, 2, 0, 0, 0, 0, 0)),),
        narrative={"summary": Text(en="All is well.")},
        silent=(POLICE,),
    )
    assert kept.from_json(plan_content.PlanReport, json.loads(json.dumps(kept.as_json(found)))) == found


def test_what_was_kept_before_a_part_came_into_being_is_still_read():
    held = kept.as_json(content())
    del held["gaps"]
    held["of_a_later_release"] = 1
    assert kept.from_json(plan_content.PlanReport, held) == content()


def test_an_empty_plan_is_said_to_be_empty():
    found = content(lines=(), objectives=(), rates=(), rounds=())
    page = words_of_page(html.render(plan.report(found, "en")))
    assert "The plan has no measures." in page
    assert "No year of the plan lies in the period." in page


def test_texts_of_another_language_are_marked():
    found = replace(content(), plan=Text(ru="План действий"), narrative={"summary": Text(ru="Всё хорошо.")})
    assert 'lang="ru"' in html.render(plan.report(found, "en")).decode()


def test_a_share_is_printed_in_per_cent_with_what_it_is_computed_of():
    share = plan_content.Reached(
        Text(en="Agencies inspected"),
        total=Decimal("56.8966"),
        numerator=Decimal(33),
        denominator=Decimal(58),
    )
    persons = plan_content.Reached(
        Text(en="Trained"), unit="persons", total=Decimal(39), women=Decimal(17), men=Decimal(22)
    )
    found = content(lines=(line("1.1", "on_track", reached=(share, persons)),))
    page = words_of_page(html.render(plan.report(found, "en")))
    assert "Agencies inspected: 56.9% (33 of 58)" in page
    assert "Trained, persons: 39 (women 17, men 22)" in page
