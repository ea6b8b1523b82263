"""The report of an assessment: what is well developed, what has potential, on which evidence."""

from datetime import date

import pytest

from milepost import catalogue, tally
from milepost.reports.assessment import AssessmentReport, report
from milepost.reports.document import Chart, Heading, List, Note, Sources, Table, in_order, plain
from milepost.reports.writers import docx, html, pdf
from milepost.values.assessment import Assessment, Evidence, Reply
from milepost.values.text import Text

EXAMPLE = catalogue.questionnaire("example-governance")
FORMER = catalogue.questionnaire("example-governance", "1")
LAW = Evidence(
    "Health act", "law", "article 4", date(2019, 5, 17), "https://laws.example.org", "All persons."
)
REPLIES = {
    "1.1.1": Reply("present", "In the cities, too.", (LAW, Evidence("Report of the inspectorate"))),
    "1.1.2": Reply("partial", evidence=(LAW,)),
    "1.4.2": Reply("no"),
    "2.3.3": Reply("The survey of 2024"),
    "6.1.4": Reply("planned", evidence=(Evidence("Draft act", repealed=date(2025, 1, 1)),)),
}


def document(language="en", *, asked=EXAMPLE, replies=REPLIES, level="national", before=None, **further):
    code = f"{asked.code}@{asked.version}"
    assessment = Assessment(code, "Sandoria", level, "2026", "Working group", replies)
    points = tally.points(assessment.answers) if asked.indicator else None
    changes = None
    if before is not None:
        changes = tally.compare(tally.Round(FORMER, before), tally.Round(asked, assessment.answers), level)
    content = AssessmentReport(
        asked,
        assessment,
        tally.areas(asked, assessment.answers, level),
        date(2026, 6, 30),
        points,
        changes,
        "2021" if before is not None else "",
        **further,
    )
    return report(content, language)


def blocks(found, kind):
    return [block for block in in_order(found.blocks) if isinstance(block, kind)]


def points_under(found, heading: str, after: str) -> list[str]:
    """The points of the list below a heading of level 2, within the chapter `after`."""
    chapter, title = "", ""
    for block in in_order(found.blocks):
        if isinstance(block, Heading):
            chapter, title = (plain(block.words), "") if block.level == 1 else (chapter, plain(block.words))
        elif isinstance(block, List) and (chapter, title) == (after, heading):
            return [plain(item) for item in block.items]
    return []


def test_answers_stand_where_they_belong_with_their_comments():
    found = document()
    assert points_under(found, "Areas that are well developed", "Migrants' rights") == [
        f"{EXAMPLE.domains[0].items[0].name['en']} Present. In the cities, too."
    ]
    potential = points_under(found, "Areas with potential for further development", "Migrants' rights")
    assert [point.rsplit("? ", 1)[1] for point in potential] == ["Partial.", "No."]
    assert points_under(found, "In words", "Whole of government") == [
        "Which survey last asked about migration, and in which year? The survey of 2024."
    ]


def test_the_table_adds_up_to_the_questions_of_the_level():
    table = blocks(document(), Table)[0]
    total = [int(str(cell)) for cell in table.rows[-1].cells[1:]]
    assert sum(total) == sum("national" in item.levels for _domain, item in EXAMPLE)
    assert total[:4] == [1, 1, 2, 1]
    for place, whole in enumerate(total, 1):
        assert sum(int(str(row.cells[place])) for row in table.rows[:-1]) == whole


def test_every_piece_of_evidence_is_a_source_once_and_answers_lead_to_it():
    (sources,) = blocks(document(), Sources)
    cited = {plain(entry.words): entry.traces for entry in sources.entries}
    assert cited == {
        "Health act, article 4, 17 May 2019. “All persons.” https://laws.example.org": (
            "answer:1.1.1",
            "answer:1.1.2",
        ),
        "Report of the inspectorate.": ("answer:1.1.1",),
        "Draft act, not in force since 1 January 2025.": ("answer:6.1.4",),
    }
    page = html.render(document()).decode()
    assert "Health act" in page


def test_an_example_is_called_one_and_the_instrument_is_not():
    assert document().banner == "Example questionnaire without official standing"
    assert any("no official standing" in plain(note.words) for note in blocks(document(), Note))
    official = document(asked=catalogue.questionnaire("sdg-10-7-2"), replies={"1a": Reply("yes")})
    assert official.banner == ""
    assert official.title == "National self-assessment with the 10.7.2 instrument"


def test_the_result_of_the_instrument_stands_beside_how_much_is_answered():
    asked = catalogue.questionnaire("sdg-10-7-2")
    replies = {f"1{item}": Reply("yes") for item in "abcd"} | {"1e": Reply("legal_only")}
    found = document(asked=asked, replies=replies)
    table = next(one for one in blocks(found, Table) if plain(one.caption) == "Result by domain")
    assert table.rows[0].cells == ("Migrant rights", "90.0", "3 – Meets", "5 of 5")
    assert table.rows[-1].cells == ("All domains", "15.0", "1 – Requires further progress", "5 of 30")


def test_what_changed_since_the_round_before_is_told_by_question():
    found = document(before={"1.1.1": "absent", "1.1.2": "partial", "4.1.4": "present", "6.2.3": "yes"})
    chapter = "Since the round before"
    (gained,) = points_under(found, "More is there than before", chapter)
    assert gained.endswith("Absent → Present")
    (silent,) = points_under(found, "Not answered any more", chapter)
    assert silent.endswith("Present → –")
    (dropped,) = points_under(found, "Questions no longer asked", chapter)
    assert dropped.endswith("yes → –")
    assert points_under(found, "The same", chapter) == []


def test_without_a_round_before_nothing_is_compared():
    assert not any(plain(one.words) == "Since the round before" for one in blocks(document(), Heading))


def test_a_report_without_answers_says_so():
    found = document(replies={})
    assert not blocks(found, Sources)
    assert any("not answered 43" in plain(block.words) for block in found.blocks if hasattr(block, "words"))


def test_chapters_that_people_write_stand_where_they_belong():
    found = document(narrative={"context": Text(en="First.\n\nSecond."), "forward": Text(en="Next.")})
    titles = [plain(one.words) for one in blocks(found, Heading) if one.level == 1]
    assert titles.index("Context") < titles.index("Overview") < titles.index("Way forward")


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("level", ["national", "local"])
def test_it_is_written_in_word_pdf_and_html(language, level):
    found = document(language, level=level, before={})
    assert docx.render(found)[:2] == b"PK"
    assert pdf.render(found)[:4] == b"%PDF"
    assert b"<html" in html.render(found)


def test_the_picture_says_in_words_what_it_shows():
    (chart,) = blocks(document(), Chart)
    assert chart.alternative.startswith("Of 43 questions: present 1, partial 1, absent 2;")
