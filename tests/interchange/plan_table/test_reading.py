import pytest

from milepost.errors import MilepostError
from milepost.interchange import plan_table
from milepost.interchange.plan_table.bodies import named
from milepost.interchange.plan_table.headings import field_of
from tests.interchange.plan_table import plans


def refused(path):
    with pytest.raises(MilepostError) as found:
        plan_table.read(path)
    return [problem.code for problem in found.value.problems]


def test_a_russian_table_in_word_gives_its_sections_and_measures(tmp_path):
    found = plan_table.read(plans.in_word(tmp_path / "plan.docx"))
    [priority] = found.sections
    [objective] = priority.below
    assert (priority.level, priority.title["ru"]) == ("priority", plans.PRIORITY)
    assert (objective.code, objective.title["ru"]) == ("1.1", "Найм без посредников")
    first, second = objective.measures
    assert (first.key, first.title["ru"]) == ("1.1.1", "Открыть три центра консультаций")
    assert str(first.deadline.end) == "2023-06-30"
    assert first.coordinators == ("Ведомство труда",)
    assert (first.executors, first.partners) == (("Министерство финансов",), ("НПО",))
    assert [one.title["ru"] for one in first.indicators] == ["Число центров", "Число обратившихся, по полу"]
    assert first.funding_text == "Республиканский бюджет"
    assert (second.deadline.repeated, second.coordinators) == ("continuous", ())
    assert found.problems == ()


def test_the_words_of_the_act_are_kept_and_each_measure_knows_its_place(tmp_path):
    found = plan_table.read(plans.in_word(tmp_path / "plan.docx"))
    assert found.cells["1.1.1"]["Ответственные исполнители"] == plans.FIRST[3]
    assert (found.places["1.1.1"].sheet, found.places["1.1.1"].row) == ("table 2", 5)


def test_an_english_workbook_gives_the_same_with_an_objective_merged_over_its_measures(tmp_path):
    found = plan_table.read(plans.in_excel(tmp_path / "plan.xlsx"))
    [objective] = found.sections
    assert objective.title["en"] == "Returnees find work"
    one, two = objective.measures
    assert (one.coordinators, one.partners) == (("Labour Office",), ("Red Cross",))
    assert one.verification["en"] == "Lists of participants"
    assert (two.executors, two.indicators) == (("Labour Office", "Ministry of Finance"), ())
    assert [(problem.code, problem.origin.row) for problem in found.problems] == [
        ("plan-deadline-ambiguous", 5)
    ]
    assert found.cells["1"]["Remarks of the chancellery"] == "urgent"


def test_every_fault_of_a_table_is_said_at_once(tmp_path):
    header = ("No.", "Measure", "Deadline", "Responsible", "Colour")
    rows = (
        ("1", "Open a centre", "2025-2022", "Labour Office", "blue"),
        ("1", "Open another", "when ready", "Labour Office", ""),
        ("3", "", "2026", "Labour Office", ""),
    )
    found = plan_table.read(plans.in_excel(tmp_path / "plan.xlsx", *rows, header=header))
    assert [(problem.code, problem.origin.row) for problem in found.problems] == [
        ("plan-heading-unknown", 3),
        ("plan-deadline-backwards", 4),
        ("plan-code-twice", 5),
        ("plan-deadline-unread", 5),
        ("plan-row-without-measure", 6),
    ]
    assert [measure.key for measure in found.sections[0].measures] == ["1", "1-2"]


def test_what_holds_no_plan_is_refused(tmp_path):
    other = plans.in_excel(tmp_path / "other.xlsx", ("1", "2"), header=("Year", "Unit of measure"))
    assert refused(other) == ["plan-no-table"]
    text = tmp_path / "plan.docx"
    text.write_text("Measure, Deadline")
    assert refused(text) == ["wrong-content"]
    assert refused(tmp_path / "none.docx") == ["not-found"]


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("№ п/п", "code"),
        ("Задачи", "objective"),
        ("Мероприятия (меры)", "measure"),
        ("Сроки реализации мероприятий", "deadline"),
        ("Ответственные исполнители", "institutions"),
        ("Соисполнители", "executors"),
        ("Ожидаемые результаты", "expected"),
        ("Целевые индикаторы", "indicators"),
        ("Источники финансирования", "funding"),
        ("Источник верификации", "verification"),
        ("Time frame", "deadline"),
        ("Means of verification", "verification"),
        ("Unit of measure", None),
        ("Colour", None),
    ],
)
def test_a_column_is_told_by_its_heading(heading, field):
    assert field_of(heading) == field


@pytest.mark.parametrize(
    ("text", "lead", "executors", "partners"),
    [
        ("", (), (), ()),
        ("A, B; C", (), ("A", "B", "C"), ()),
        ("A (отв.), B", ("A",), ("B",), ()),
        ("A – lead, B", ("A",), ("B",), ()),
        ("Ответственный: A; соисполнители: B, C", ("A",), ("B", "C"), ()),
        ("A совместно с B, НПО (по согласованию)", (), ("A", "B"), ("НПО",)),
        ("Office (labour, health), B", (), ("Office (labour, health)", "B"), ()),
        ("A, A", (), ("A",), ()),
    ],
)
def test_institutions_are_told_apart_by_what_the_act_says(text, lead, executors, partners):
    assert named(text) == (lead, executors, partners)


@pytest.mark.parametrize("filler", [" ", "\t", "\u00a0", " - "])
def test_a_cell_of_nothing_but_blanks_and_dashes_is_read_at_once(filler):
    assert named(f"Labour Office{filler * 100_000}(x").executors[0].startswith("Labour Office")


def test_a_sign_that_no_document_holds_is_a_blank():
    assert named("Labour \x000\x00 Office").executors == ("Labour 0 Office",)
