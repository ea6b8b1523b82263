"""The tracking table goes out as a workbook, is filled in, sorted and cut, and comes back as what changed."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from milepost.errors import MilepostError
from milepost.interchange.tracking import KEEP, WORDS, Logged, Project, columns_of, content
from milepost.interchange.tracking import read as read_here
from milepost.interchange.tracking.rows import signature
from milepost.recipes import tracking
from milepost.recipes.tracking import Identity
from milepost.reports import sentences
from milepost.values import Text
from milepost.values.results import Baseline, Figure, ReportingPeriod, Result, ResultIndicator

TODAY = date(2025, 1, 15)
FIRST, SECOND = (date(2024, 1, 1), date(2024, 6, 30)), (date(2024, 7, 1), date(2024, 12, 31))
PROJECT = Project("project:7", "Labour migration in X", "Figures as of 15 January 2025")


def n(value, **how) -> Figure:
    return Figure(Decimal(value), **how)


def share(numerator, denominator, **how) -> Figure:
    return Figure(numerator=Decimal(numerator), denominator=Decimal(denominator), **how)


def sex(code: str, value) -> Figure:
    return n(value, breakdown=(("sex", code),))


TRAINED = ResultIndicator(
    "1.a",
    Text(en="Officials trained"),
    unit="persons",
    counting="cumulative",
    baseline=Baseline(2023, None, (n(0),)),
    end_target=(n(100),),
    periods=(
        ReportingPeriod(*FIRST, (n(40),), (n(30), sex("F", 12), sex("M", 18))),
        ReportingPeriod(*SECOND, (n(100),)),
    ),
)
SHARE = ResultIndicator(
    "1.b",
    Text(en="Complaints answered in time"),
    measure="percentage",
    over_time="ratio",
    baseline=Baseline(2023, None, (share(20, 100),)),
    end_target=(share(90, 100),),
    periods=(
        ReportingPeriod(*FIRST, (share(50, 100),), (share(15, 50, place="A"), share(30, 50, place="B"))),
        ReportingPeriod(*SECOND, (share(60, 100),), (share(1, 3, comment=Text(en="=1+1 is no formula")),)),
    ),
)
DAYS = ResultIndicator(
    "1.c",
    Text(en="Days to a permit"),
    direction="down",
    baseline=Baseline(2023, None, (n(20),)),
    end_target=(n(0),),
    periods=(
        ReportingPeriod(*FIRST, (n(10),), (n("12.5"),)),
        ReportingPeriod(*SECOND, (), (Figure(status="O"),)),
    ),
)
RESULTS = (
    Result("0", "objective", Text(en="Goal"), below=(
        Result("1", "output", Text(en="Services work"), indicators=(TRAINED, SHARE, DAYS)),
    )),
)  # fmt: skip


def rows_of(results=RESULTS, identities=None, **how) -> tuple[tracking.Row, ...]:
    known = {("1", code): Identity(code) for code in ("1.a", "1.b", "1.c", "x")}
    return tracking.table(results, today=TODAY, identities=known | (identities or {}), **how)


def changed(indicator: ResultIndicator, period: int, **how) -> tuple[Result, ...]:
    """The matrix after somebody has changed a period of an indicator in the application."""
    periods = list(indicator.periods)
    periods[period] = replace(periods[period], **how)
    new = replace(indicator, periods=tuple(periods))
    output = RESULTS[0].below[0]
    indicators = tuple(new if one.code == indicator.code else one for one in output.indicators)
    return (replace(RESULTS[0], below=(replace(output, indicators=indicators),)),)


class Desk:
    """A workbook on somebody's desk."""

    def __init__(self, path: Path, rows=None, **how):
        self.path, self.rows = path, rows_of() if rows is None else rows
        tracking.write(self.rows, PROJECT, path, **how)
        self.open()

    def open(self):
        self.book = openpyxl.load_workbook(self.path)
        self.sheet = self.book.worksheets[0]
        names = next(row for row in self.sheet.iter_rows() if row[0].value == "row|id")
        self.columns = {cell.value: cell.column for cell in names}
        self.first = names[0].row + 1

    def cell(self, row: str, name: str, span=None):
        column = self.columns[
            name if "|" in name else f"{span[0]}/{span[1]}|{name}" if span else f"whole|{name}"
        ]
        line = next(
            r for r in range(self.first, self.sheet.max_row + 1) if self.sheet.cell(r, 1).value == row
        )
        return self.sheet.cell(line, column)

    def type(self, row: str, name: str, span, value) -> None:
        self.cell(row, name, span).value = value

    def back(self, rows=None, project=PROJECT, **how):
        self.book.save(self.path)
        return read_here(self.path, self.rows if rows is None else rows, project, **how)


@pytest.fixture
def desk(tmp_path) -> Desk:
    return Desk(tmp_path / "table.xlsx")


def said(run) -> list[tuple]:
    return [(one.kind, one.row, one.name, one.typed) for one in run.changes]


def codes(run) -> list[str]:
    return [problem.code for problem in run.problems]


# Out


def test_what_was_not_changed_changes_nothing(desk):
    run = desk.back()
    assert (run.changes, run.updates, run.problems) == ((), (), ())
    assert run.rows == 7
    assert run.unchanged > 100


def test_the_table_has_the_columns_that_officers_know_and_grey_rows_for_levels(desk):
    shown = [cell.value for cell in desk.sheet[desk.first - 2]][2:14]
    assert shown == [
        *("No.", "Indicator", "Level", "Unit", "Direction", "C / NC", "# / %", "Baseline"),
        *("Target", "Target numerator", "Target denominator", "Actual"),
    ]
    titles = [desk.sheet.cell(r, 4).value for r in range(desk.first, desk.first + 9)]
    assert [str(title).strip() for title in titles[:5]] == [
        "Goal",
        "Services work",
        "Officials trained",
        "F",
        "M",
    ]
    assert (
        desk.sheet.cell(desk.first, 4).fill.fgColor.rgb != desk.sheet.cell(desk.first + 2, 4).fill.fgColor.rgb
    )


def test_it_fits_one_landscape_page_with_its_headings_repeated_and_names_hidden(desk):
    sheet = desk.sheet
    assert sheet.page_setup.orientation == "landscape"
    assert (sheet.page_setup.fitToHeight, sheet.page_setup.paperSize) == (0, 8)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.print_title_rows == "$3:$4"
    last = openpyxl.utils.range_boundaries(sheet.print_area.split("!")[-1])[2]
    assert desk.columns["2024-07-01/2024-12-31|met"] == last < desk.columns["row|reason"]
    assert sheet.freeze_panes == "E6"
    assert sheet.column_dimensions["A"].hidden
    assert sheet.row_dimensions[5].hidden
    assert desk.book["_milepost"].sheet_state == "veryHidden"


def test_only_what_may_be_changed_is_open(desk):
    assert sheet_is_locked(desk)
    assert desk.cell("1.a", "actual", FIRST).protection.locked is False
    for name in ("met", "to_date"):
        assert desk.cell("1.a", name, FIRST).protection.locked is True
    assert desk.cell("1.b", "actual", SECOND).protection.locked is True  # follows from the two
    assert desk.cell("1.b", "numerator", SECOND).protection.locked is False
    assert desk.cell("1.b", "numerator", FIRST).protection.locked is True  # follows from the places
    assert desk.cell("1.b@A", "numerator", FIRST).protection.locked is False


def sheet_is_locked(desk) -> bool:
    return bool(desk.sheet.protection.sheet)


def test_text_never_becomes_a_formula(desk):
    cell = desk.cell("1.b", "comment", SECOND)
    assert (cell.value, cell.data_type) == ("=1+1 is no formula", "s")
    assert not any(cell.data_type == "f" for row in desk.sheet.iter_rows() for cell in row)


def test_page_and_workbook_say_the_same(desk):
    for row in desk.rows:
        if row.kind == "level":
            continue
        for column in columns_of(desk.rows):
            what, cell = content(row, column, WORDS), desk.cell(row.id, column.name).value
            if isinstance(what, Decimal):
                assert cell == pytest.approx(float(what)), column.name
            else:
                assert cell == what, column.name


def test_the_per_cent_met_is_of_the_way_from_the_baseline(desk):
    assert desk.cell("1.c", "met", FIRST).value == 75
    assert desk.cell("1.a", "met", FIRST).value == 75
    assert desk.cell("1.a", "met", None).value == 30
    assert desk.cell("1.b", "numerator", FIRST).value == 45
    assert desk.cell("1.b", "actual", FIRST).value == 45


def test_the_change_log_stands_on_a_sheet_of_its_own(tmp_path):
    entry = Logged("2024-05-01", "Target of 1.a", "80", "100", "costed extension", "Alice")
    desk = Desk(tmp_path / "table.xlsx", log=[entry])
    log = desk.book["Change log"]
    assert [cell.value for cell in log[2]] == list(entry)


def test_the_table_speaks_russian(tmp_path):
    rows = rows_of(language="ru")
    path = tmp_path / "table.xlsx"
    tracking.write(rows, PROJECT, path, language="ru")
    run = tracking.read(path, rows, PROJECT)
    assert (run.changes, run.problems) == ((), ())
    assert openpyxl.load_workbook(path).worksheets[0].title == "Таблица показателей"


def test_a_status_is_read_in_the_language_of_the_workbook_whoever_reads_it(tmp_path):
    desk = Desk(tmp_path / "table.xlsx", rows_of(language="ru"), language="ru")
    desk.type("1.a", "status", SECOND, "неприменимо")
    desk.book.save(desk.path)
    (update,) = tracking.read(desk.path, rows_of(language="en"), PROJECT).updates
    assert update.figure == Figure(status="M")


def test_every_word_of_the_table_has_russian():
    russian = sentences.translator("ru")
    signs = {"# / %", "+", "−", "="}
    assert [word for word in WORDS.values() if word not in signs and not russian.has(word)] == []


# In


def test_a_new_actual_a_changed_one_and_one_taken_away(desk):
    desk.type("1.a", "actual", SECOND, 25)
    desk.type("1.c", "actual", FIRST, 11)
    desk.type("1.a|sex=F", "actual", FIRST, None)
    run = desk.back()
    assert sorted(said(run)) == [
        ("add", "1.a", "actual", "25"),
        ("change", "1.c", "actual", "11"),
        ("remove", "1.a|sex=F", "actual", ""),
    ]
    by_row = {update.row.id: update for update in run.updates}
    assert by_row["1.a"].figure == n(25)
    assert (by_row["1.a"].span, by_row["1.a"].what) == (SECOND, "actual")
    assert by_row["1.a|sex=F"].figure is None
    assert run.problems == ()


def test_the_place_of_each_change_is_told(desk):
    desk.type("1.c", "actual", FIRST, 11)
    (change,) = desk.back().changes
    assert (change.sheet, change.cell) == ("Tracking table", desk.cell("1.c", "actual", FIRST).coordinate)
    assert (change.written, change.here, change.typed) == ("12.5", "12.5", "11")


def test_zero_is_a_value(desk):
    desk.type("1.a", "actual", SECOND, 0)
    run = desk.back()
    assert run.updates[0].figure == n(0)


def test_both_numbers_of_a_percentage_come_in_their_own_columns(desk):
    desk.type("1.b@A", "numerator", FIRST, 25)
    (update,) = desk.back().updates
    assert update.figure == share(25, 50, place="A")


@pytest.mark.parametrize("typed", ["12,25", "12.25", " 12,25 ", "\u00a012,25"])
def test_a_number_as_text_with_a_decimal_comma_is_read(desk, typed):
    desk.type("1.c", "actual", FIRST, typed)
    (update,) = desk.back().updates
    assert update.figure is not None
    assert update.figure.value == Decimal("12.25")


def test_the_same_number_as_text_is_no_change(desk):
    desk.type("1.c", "actual", FIRST, "12,5")
    assert desk.back().changes == ()


def test_a_status_and_a_comment_are_read(desk):
    desk.type("1.a", "status", SECOND, "missing")
    desk.type("1.a", "comment", SECOND, "The office was closed")
    run = desk.back()
    assert run.updates[0].figure == Figure(status="O", comment=Text(en="The office was closed"))
    assert run.problems == ()


def test_what_is_missing_may_be_found_later(desk):
    desk.type("1.c", "status", SECOND, None)
    desk.type("1.c", "actual", SECOND, 4)
    (update,) = desk.back().updates
    assert update.figure == n(4)


def test_a_changed_comment_keeps_the_figure(desk):
    desk.type("1.b", "comment", SECOND, "Counted anew")
    (update,) = desk.back().updates
    assert update.figure == share(1, 3, comment=Text(en="Counted anew"))


def test_a_changed_target_needs_a_reason(desk):
    desk.type("1.a", "target", SECOND, 120)
    run = desk.back()
    assert (codes(run), run.updates) == (["tracking-no-reason"], ())
    desk.type("1.a", "row|reason", None, "costed extension")
    (update,) = desk.back().updates
    assert (update.figure, update.reason, update.what) == (n(120), "costed extension", "target")


def test_a_first_target_needs_none(desk):
    desk.type("1.c", "target", SECOND, 5)
    assert [update.figure for update in desk.back().updates] == [n(5)]


def test_the_end_target_is_changed_with_a_reason_too(desk):
    desk.type("1.a", "target", None, 150)
    desk.type("1.a", "row|reason", None, "extension")
    (update,) = desk.back().updates
    assert (update.span, update.figure) == (None, n(150))


# Moved, sorted, cut


def test_rows_may_be_sorted_and_empty_rows_put_between(desk):
    rows = [[cell.value for cell in row] for row in desk.sheet.iter_rows(min_row=desk.first)]
    width = len(rows[0])
    rows = [line for row in reversed(rows) for line in ([None] * width, row)]
    for r, row in enumerate(rows, desk.first):
        for c, value in enumerate(row, 1):
            desk.sheet.cell(r, c).value = value
            if isinstance(value, str):
                desk.sheet.cell(r, c).data_type = "s"
    desk.type("1.c", "actual", FIRST, 7)
    run = desk.back()
    assert (said(run), codes(run)) == ([("change", "1.c", "actual", "7")], [])


def test_deleted_rows_and_columns_change_nothing(desk):
    desk.sheet.delete_rows(desk.cell("1.a", "actual", FIRST).row)
    desk.sheet.delete_cols(desk.columns["2024-01-01/2024-06-30|comment"])
    desk.book.save(desk.path)
    run = read_here(desk.path, desk.rows, PROJECT)
    assert (run.changes, run.rows) == ((), 6)
    assert codes(run) == ["tracking-column-gone"]


def copied(desk, row: str) -> int:
    """Copy a row below the table; the line of the copy."""
    line = desk.sheet.max_row + 1
    for cell in list(desk.sheet[desk.cell(row, "row|id").row]):
        desk.sheet.cell(line, cell.column).value = cell.value
    return line


def test_a_row_that_was_copied_is_told_and_alike_it_counts_once(desk):
    desk.type("1.c", "actual", FIRST, 7)
    copied(desk, "1.c")
    run = desk.back()
    assert codes(run) == ["tracking-row-twice"]
    assert (said(run), run.conflicts) == ([("change", "1.c", "actual", "7")], ())


def test_a_row_that_stands_twice_and_says_two_things_is_decided_by_a_person(desk):
    line = copied(desk, "1.c")
    desk.sheet.cell(line, desk.columns["2024-01-01/2024-06-30|actual"]).value = 9
    desk.type("1.c", "actual", FIRST, 7)
    first = desk.cell("1.c", "actual", FIRST).row
    run = desk.back()
    assert [(one.kind, one.typed) for one in run.changes] == [("conflict", "7"), ("conflict", "9")]
    assert codes(run) == ["tracking-row-twice", "tracking-cell-twice", "tracking-cell-twice"]
    (conflict,) = run.conflicts
    assert conflict.here == {"actual": "12.5"}
    assert conflict.typed == {first: {"actual": "7"}, line: {"actual": "9"}}
    chosen = desk.back(decisions={conflict.figure: line})
    (update,) = chosen.updates
    assert update.figure == n(9)
    kept = desk.back(decisions={conflict.figure: KEEP})
    assert (said(kept), kept.updates) == ([("kept", "1.c", "actual", "7")], ())
    assert kept.conflicts == run.conflicts
    assert desk.back(decisions={conflict.figure: 1}).updates == ()


def test_an_untouched_copy_beside_a_changed_row_is_a_conflict_too(desk):
    line = copied(desk, "1.c")
    desk.type("1.c", "actual", FIRST, 7)
    (conflict,) = desk.back().conflicts
    run = desk.back(decisions={conflict.figure: line})
    assert ([one.kind for one in run.changes], run.updates) == (["same"], ())


def test_figures_without_hidden_number_are_told(desk):
    desk.sheet.cell(desk.sheet.max_row + 1, desk.columns["2024-01-01/2024-06-30|actual"]).value = 5
    assert codes(desk.back()) == ["tracking-row-without-id"]


def test_hidden_numbers_that_were_moved_are_told_and_nothing_is_taken(desk):
    one, other = desk.cell("1.a", "row|id"), desk.cell("1.c", "row|id")
    desk.type("1.c", "actual", FIRST, 7)
    one.value, other.value = other.value, one.value
    run = desk.back()
    assert (codes(run), run.changes) == (["tracking-row-moved"] * 2, ())


def test_an_unknown_hidden_number_is_told(desk):
    desk.cell("1.c", "row|id").value = "indicator:999"
    assert codes(desk.back()) == ["tracking-unknown-row"]


def test_a_row_removed_meanwhile_is_told_only_where_it_was_changed(desk):
    left = [row for row in desk.rows if row.indicator != "1.c"]
    assert desk.back(left).changes == ()
    desk.type("1.c", "actual", FIRST, 7)
    assert codes(desk.back(left)) == ["tracking-unknown-row"]


# Refused


@pytest.mark.parametrize(
    ("row", "name", "span", "typed", "code"),
    [
        ("1.c", "actual", FIRST, "about twelve", "tracking-not-a-number"),
        ("1.c", "actual", FIRST, "1,234", "tracking-ambiguous-number"),
        ("1.c", "actual", FIRST, "12 %", "tracking-not-a-number"),
        ("1.c", "actual", FIRST, "=1+1", "tracking-no-value"),
        ("1.a", "actual", SECOND, "=A1", "tracking-no-value"),
        ("1.c", "actual", FIRST, "#N/A", "tracking-no-value"),
        ("1.c", "status", FIRST, "missing", "tracking-figure-beside-status"),
        ("1.c", "status", FIRST, "perhaps", "tracking-status-unknown"),
        ("1.c", "actual", SECOND, 5, "tracking-figure-beside-status"),
        ("1.a", "comment", SECOND, "nothing yet", "tracking-comment-alone"),
        ("1.b", "actual", SECOND, 40, "tracking-percentage-parts"),
        ("1.b", "denominator", SECOND, None, "tracking-percentage-parts"),
        ("1.b", "denominator", SECOND, 0, "tracking-denominator"),
        ("1.b@B", "numerator", SECOND, 4, "tracking-percentage-parts"),
        ("1.b", "numerator", FIRST, 4, "tracking-not-for-change"),
        ("1.a", "met", FIRST, 100, "tracking-not-for-change"),
        ("1.a", "row|baseline", None, 5, "tracking-not-for-change"),
        ("1.a", "row|unit", None, "women", "tracking-not-for-change"),
        ("1.a", "actual", None, 77, "tracking-not-for-change"),
    ],
)
def test_what_cannot_be_taken_is_refused_at_its_cell(desk, row, name, span, typed, code):
    desk.type(row, name, span, typed)
    run = desk.back()
    assert run.updates == ()
    (change,) = run.changes
    assert (change.kind, change.cell) == ("refused", desk.cell(row, name, span).coordinate)
    assert change.problem is not None
    assert change.problem.code == code
    assert all(sentences.fault(change.problem, "en"))
    assert change.problem in run.problems


def test_one_refused_cell_holds_back_its_figure_and_no_other(desk):
    desk.type("1.b", "numerator", SECOND, 2)
    desk.type("1.b", "denominator", SECOND, "many")
    desk.type("1.c", "actual", FIRST, 7)
    run = desk.back()
    assert [update.row.id for update in run.updates] == ["1.c"]


def test_a_locked_period_is_refused(tmp_path):
    rows = rows_of(identities={("1", "1.a"): Identity("1.a", "3", frozenset([FIRST]))})
    desk = Desk(tmp_path / "table.xlsx", rows)
    assert desk.cell("1.a", "actual", FIRST).protection.locked is True
    desk.type("1.a", "actual", FIRST, 31)
    desk.type("1.a", "actual", SECOND, 31)
    run = desk.back()
    assert codes(run) == ["tracking-locked-period"]
    assert [update.span for update in run.updates] == [SECOND]


def test_a_period_locked_since_is_refused(desk):
    desk.type("1.a", "actual", FIRST, 31)
    now = rows_of(identities={("1", "1.a"): Identity("1.a", "3", frozenset([FIRST]))})
    assert codes(desk.back(now)) == ["tracking-locked-period"]


def test_a_change_on_an_older_revision_is_a_conflict_that_shows_both(desk):
    desk.type("1.c", "actual", FIRST, 11)
    run = desk.back(rows_of(changed(DAYS, 0, actuals=(n(9),))))
    (change,) = run.changes
    assert (change.kind, change.written, change.here, change.typed) == ("conflict", "12.5", "9", "11")
    assert run.updates == ()


def test_a_conflict_is_decided_for_the_workbook_or_for_the_application(desk):
    desk.type("1.c", "actual", FIRST, 11)
    desk.type("1.c", "comment", FIRST, "From the register")
    now = rows_of(changed(DAYS, 0, actuals=(n(9),)))
    (conflict,) = desk.back(now).conflicts
    line = desk.cell("1.c", "actual", FIRST).row
    assert conflict.figure == ("1.c", FIRST, "actual")
    assert conflict.here == {"actual": "9", "comment": ""}
    assert conflict.typed == {line: {"actual": "11", "comment": "From the register"}}
    taken = desk.back(now, decisions={conflict.figure: line})
    assert [update.figure for update in taken.updates] == [n(11, comment=Text(en="From the register"))]
    kept = desk.back(now, decisions={conflict.figure: KEEP})
    assert ({one.kind for one in kept.changes}, kept.updates) == ({"kept"}, ())
    assert taken.conflicts == kept.conflicts == (conflict,)


def test_a_target_that_is_taken_against_another_one_needs_a_reason_all_the_same(desk):
    desk.type("1.c", "target", FIRST, 8)
    now = rows_of(changed(DAYS, 0, targets=(n(9),)))
    (conflict,) = desk.back(now).conflicts
    (line,) = conflict.typed
    assert codes(desk.back(now, decisions={conflict.figure: line})) == ["tracking-no-reason"]
    desk.type("1.c", "row|reason", None, "Agreed with the ministry")
    (update,) = desk.back(now, decisions={conflict.figure: line}).updates
    assert (update.figure, update.reason) == (n(8), "Agreed with the ministry")


def test_numerator_and_denominator_are_one_figure_in_a_conflict(desk):
    desk.type("1.b", "numerator", SECOND, 2)
    run = desk.back(rows_of(changed(SHARE, 1, actuals=(share(1, 4),))))
    assert [one.kind for one in run.changes] == ["conflict"]


def test_what_others_changed_elsewhere_is_no_conflict(desk):
    desk.type("1.c", "actual", FIRST, 11)
    run = desk.back(rows_of(changed(TRAINED, 1, actuals=(n(9),))))
    assert said(run) == [("change", "1.c", "actual", "11")]


def test_what_others_entered_alike_is_the_same(desk):
    desk.type("1.c", "actual", FIRST, 11)
    run = desk.back(rows_of(changed(DAYS, 0, actuals=(n(11),))))
    assert ([one.kind for one in run.changes], run.updates) == (["same"], ())


def test_a_comment_is_taken_while_the_figure_was_changed_elsewhere(desk):
    desk.type("1.c", "comment", FIRST, "From the register")
    run = desk.back(rows_of(changed(DAYS, 0, actuals=(n(9),))))
    (update,) = run.updates
    assert update.figure == n(9, comment=Text(en="From the register"))


# The workbook as a whole


def test_a_workbook_of_another_project_is_refused(desk):
    with pytest.raises(MilepostError) as error:
        desk.back(project=Project("project:8", "Other"))
    assert error.value.problems[0].code == "tracking-other-project"


def test_an_ordinary_workbook_is_refused(tmp_path):
    book = openpyxl.Workbook()
    book.active["A1"] = "row|id"
    book.save(tmp_path / "other.xlsx")
    with pytest.raises(MilepostError) as error:
        tracking.read(tmp_path / "other.xlsx", rows_of(), PROJECT)
    assert error.value.problems[0].code == "tracking-not-ours"


def test_a_changed_hidden_sheet_is_refused(desk):
    hidden = desk.book["_milepost"]
    hidden["A2"].value = hidden["A2"].value.replace("project:7", "project:8")
    with pytest.raises(MilepostError) as error:
        desk.back(project=Project("project:8", "Other"))
    assert error.value.problems[0].code == "tracking-altered"


@pytest.mark.parametrize("line", ["{}", "[]", "7", "no json", '{"project": "project:7", "columns": ["x"]}'])
def test_a_forged_hidden_sheet_is_refused(desk, line):
    hidden = desk.book["_milepost"]
    hidden.delete_rows(3, 100)
    hidden["A2"].value = line
    hidden["A2"].data_type = "s"
    hidden["B1"].value = signature([line], b"")
    with pytest.raises(MilepostError) as error:
        desk.back()
    assert error.value.problems[0].code == "tracking-altered"


def test_a_signature_of_another_secret_is_refused(tmp_path):
    desk = Desk(tmp_path / "table.xlsx", secret=b"ours")
    assert desk.back(secret=b"ours").problems == ()
    with pytest.raises(MilepostError) as error:
        desk.back(secret=b"theirs")
    assert error.value.problems[0].code == "tracking-altered"


def test_a_table_without_the_names_of_its_columns_is_refused(desk):
    desk.sheet.delete_rows(desk.first - 1)
    with pytest.raises(MilepostError) as error:
        desk.back()
    assert error.value.problems[0].code == "tracking-no-columns"


def test_it_goes_back_with_every_refused_cell_marked_and_what_was_typed(desk, tmp_path):
    desk.type("1.c", "actual", FIRST, "about twelve")
    desk.type("1.a", "actual", SECOND, 25)
    run = desk.back()
    tracking.send_back(run, desk.rows, PROJECT, tmp_path / "back.xlsx")
    desk.path = tmp_path / "back.xlsx"
    desk.open()
    cell = desk.cell("1.c", "actual", FIRST)
    assert cell.value == "about twelve"
    assert "is not a number" in cell.comment.text
    assert desk.cell("1.a", "actual", SECOND).value == 25
    cell.value = 12
    assert sorted(said(desk.back())) == [("add", "1.a", "actual", "25"), ("change", "1.c", "actual", "12")]


def test_a_cell_that_is_not_for_change_goes_back_as_it_was_with_the_reason(desk, tmp_path):
    desk.type("1.a", "met", FIRST, 100)
    tracking.send_back(desk.back(), desk.rows, PROJECT, tmp_path / "back.xlsx")
    desk.path = tmp_path / "back.xlsx"
    desk.open()
    cell = desk.cell("1.a", "met", FIRST)
    assert cell.value == 75
    assert "cannot be changed here" in cell.comment.text
    assert desk.back().changes == ()


def test_a_conflict_that_goes_back_is_settled_by_sending_it_again(desk, tmp_path):
    desk.type("1.c", "actual", FIRST, 11)
    now = rows_of(changed(DAYS, 0, actuals=(n(9),)))
    tracking.send_back(desk.back(now), now, PROJECT, tmp_path / "back.xlsx")
    run = tracking.read(tmp_path / "back.xlsx", now, PROJECT)
    assert said(run) == [("change", "1.c", "actual", "11")]


def test_a_dry_run_is_told_in_words(desk):
    desk.type("1.c", "actual", FIRST, "about twelve")
    told = tracking.run_as_dict(desk.back(), "ru")
    assert told["changes"][0]["kind"] == "refused"
    assert told["problems"][0]["remedy"]


def test_a_code_that_stands_for_two_indicators_is_refused():
    twice = Result("1", "output", Text(en="Output"), indicators=(DAYS, DAYS))
    with pytest.raises(MilepostError) as error:
        rows_of((twice,))
    assert error.value.problems[0].code == "result-code-twice"


def test_an_indicator_may_have_categories_of_its_own():
    one = replace(DAYS, dimensions=(("sex",),), code="x")
    own = Identity("x", categories={"sex": ["F", "M", "unknown"]})
    output = Result("1", "output", Text(en="Output"), indicators=(one,))
    rows = rows_of((output,), categories={"sex": ["F", "M"]}, identities={("1", "x"): own})
    assert [row.title for row in rows[2:]] == ["F", "M", "unknown"]


def test_indicators_of_two_results_may_have_the_same_code():
    outputs = [
        Result(code, "output", Text(en="Output"), indicators=(replace(DAYS, code="a"),)) for code in "12"
    ]
    assert [row.id for row in rows_of(outputs) if row.kind != "level"] == ["1/a", "2/a"]


def test_where_only_the_whole_has_comments_those_of_the_parts_are_closed(tmp_path):
    rows = rows_of(identities={("1", "1.a"): Identity("1.a", comments_on_parts=False)})
    desk = Desk(tmp_path / "table.xlsx", rows)
    assert desk.cell("1.a", "comment", FIRST).protection.locked is False
    assert desk.cell("1.a|sex=F", "comment", FIRST).protection.locked is True


def test_rows_are_made_for_categories_and_places_that_are_asked_for():
    one = replace(DAYS, dimensions=(("sex",),), code="x")
    output = Result("1", "output", Text(en="Output"), indicators=(one,))
    rows = rows_of(
        (output,),
        categories={"sex": ["F", "M"]},
        places=["A"],
        names={"F": "Women", "M": "Men", "A": "Batken"},
    )
    assert [(row.id, row.title) for row in rows[2:]] == [
        ("x|sex=F", "Women"),
        ("x|sex=M", "Men"),
        ("x@A", "Batken"),
    ]


# Properties

WORDS_TYPED = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20)
VALUES = st.decimals(-(10**9), 10**9, allow_nan=False, places=2) | st.integers(-(10**12), 10**12).map(Decimal)
FIGURES = st.none() | VALUES.map(Figure) | st.sampled_from([Figure(status="O"), Figure(status="M")])


@st.composite
def matrices(draw) -> tuple[Result, ...]:
    indicators = []
    for number in range(draw(st.integers(1, 3))):
        periods = []
        for span in (FIRST, SECOND):
            target, actual = draw(FIGURES), draw(FIGURES)
            if actual is not None:
                actual = replace(actual, comment=Text(en=draw(WORDS_TYPED)))
            periods.append(ReportingPeriod(*span, *((one,) if one else () for one in (target, actual))))
        title = Text(en=draw(WORDS_TYPED))
        indicators.append(
            ResultIndicator(f"i{number}", title, periods=tuple(periods), unit=draw(WORDS_TYPED))
        )
    return (Result("1", "output", Text(en=draw(WORDS_TYPED)), indicators=tuple(indicators)),)


@settings(max_examples=40, deadline=None)
@given(matrices())
def test_any_table_that_is_written_and_read_has_no_changes(tmp_path_factory, matrix):
    path = tmp_path_factory.getbasetemp() / "any.xlsx"
    rows = rows_of(matrix)
    tracking.write(rows, PROJECT, path)
    run = read_here(path, rows, PROJECT)
    assert (run.changes, run.problems) == ((), ())


CELLS = [(row, span) for row in ("1.a", "1.a|sex=F", "1.a|sex=M", "1.c") for span in (FIRST, SECOND)]


@settings(max_examples=40, deadline=None)
@given(st.dictionaries(st.sampled_from(CELLS), st.integers(1000, 10**9), max_size=8))
def test_exactly_the_cells_that_were_changed_are_changes(tmp_path_factory, typed):
    desk = Desk(tmp_path_factory.getbasetemp() / "typed.xlsx")
    for (row, span), value in typed.items():
        desk.type(row, "status", span, None)
        desk.type(row, "actual", span, value)
    run = desk.back()
    found = {(c.row, c.span): Decimal(c.typed) for c in run.changes if c.name == "actual"}
    assert found == {key: Decimal(value) for key, value in typed.items()}
    assert {(u.row.id, u.span): u.figure.value for u in run.updates if u.figure} == found
    assert all(change.kind in ("add", "change", "remove") for change in run.changes)
