"""A plan in pictures: measures over time, and which institution answered in which round."""

from datetime import date

import pytest

from milepost.web.plans.actions import measures, rounds, versions
from milepost.web.plans.queries import dashboard, standing
from tests.cast import person

pytestmark = pytest.mark.django_db

TODAY = date(2026, 8, 1)


@pytest.fixture
def ann(cast):
    """Answers for the ministry."""
    return person("ann", ("focal-point", cast.ministry.address), works_for=cast.ministry)


@pytest.fixture
def version(paula, draft):
    """In force: the first measure until 30 June, the second without a last day."""
    first, second = draft.entries.all()
    measures.save(
        by=paula, entry=first, revision=first.revision, first_day=date(2026, 2, 1), last_day=date(2026, 6, 30)
    )
    measures.save(
        by=paula, entry=second, revision=second.revision, first_day=None, last_day=None, repeated=""
    )
    return in_force(paula, draft)


def in_force(by, draft):
    draft.refresh_from_db()
    return versions.put_in_force(
        by=by,
        version=draft,
        revision=draft.revision,
        act={"en": "Resolution"},
        act_number="1",
        adopted=None,
        since=date(2026, 1, 1),
    )


def drawn(plan):
    found = standing.standing(plan, TODAY)
    assert found is not None
    drawing = dashboard.timeline(plan, found.lines, TODAY)
    assert drawing is not None
    return found.lines, drawing


def test_measures_are_drawn_by_objective_in_the_order_of_the_plan(plan, version):
    lines, drawing = drawn(plan)
    shown = [line.label for line in drawing.lines if not line.heading]
    assert len(shown) == len(lines)
    assert all(label.startswith(line.entry.code) for label, line in zip(shown, lines, strict=True))
    assert drawing.lines[0].heading


def test_a_bar_reaches_from_the_first_day_to_the_last_and_tells_that_it_is_late(plan, version):
    _lines, drawing = drawn(plan)
    late = next(line for line in drawing.lines if line.light == "late")
    assert late.bar is not None
    wide = float(drawing.months[1].x) - float(drawing.months[0].x)
    assert (float(late.bar.x) - float(drawing.edge), float(late.bar.width)) == (wide, 5 * wide)
    assert [month.year for month in drawing.months if month.year] == ["2026", "2027"]


def test_a_measure_without_a_last_day_has_no_bar_and_is_counted(plan, version):
    _lines, drawing = drawn(plan)
    assert drawing.undated == 1
    assert [line.bar is None for line in drawing.lines if not line.heading] == [False, True]


def test_a_continuous_measure_is_drawn_to_the_end_of_the_plan(paula, plan, draft):
    entry = draft.entries.first()
    measures.save(
        by=paula,
        entry=entry,
        revision=entry.revision,
        first_day=None,
        last_day=None,
        repeated="continuous",
    )
    in_force(paula, draft)
    lines, drawing = drawn(plan)
    first = next(line for line in drawing.lines if not line.heading)
    assert first.open
    assert dashboard.ends(plan, lines[0].entry) == (plan.start, plan.end)


def test_a_plan_without_measures_in_force_is_not_drawn(plan):
    assert dashboard.timeline(plan, [], TODAY) is None


def test_each_institution_has_a_mark_for_each_round(paula, ann, cast, plan, version):
    opened = rounds.open_round(
        by=paula, plan=plan, start=date(2026, 1, 1), end=date(2026, 3, 31), due=date(2026, 4, 15)
    )

    def ministry(day):
        found = dashboard.answered(paula, plan, day)
        row = next(row for row in found.rows if row.institution == cast.ministry)
        (cell,) = row.cells
        assert cell is not None
        return found.columns[0], cell

    assert ministry(date(2026, 4, 15))[1].mark == "not_due"
    assert ministry(date(2026, 4, 16))[1].mark == "no_answer"
    answer = next(one for one in opened.answers.all() if one.entry.roles.filter(kind="coordinator").exists())
    rounds.save(by=ann, answer=answer, revision=answer.revision, done="under_way", text="It goes on.")
    rounds.submit(by=ann, answer=answer, revision=answer.revision)
    column, cell = ministry(date(2026, 4, 16))
    assert (cell.mark, cell.given, column.given, column.asked, column.percent) == ("submitted", 1, 1, 2, 50)
    rounds.give_back(by=paula, answer=answer, revision=answer.revision, question="By when?")
    assert ministry(date(2026, 4, 16))[1].mark == "returned"
    nobody = dashboard.answered(paula, plan, date(2026, 4, 16)).rows[-1]
    assert (nobody.institution, [cell and cell.mark for cell in nobody.cells]) == (None, ["no_answer"])


@pytest.mark.parametrize("part", ["timeline", "answers"])
def test_the_pictures_are_for_those_who_work_with_the_plan(
    client, cast, paula, ann, peter, plan, version, part
):
    rounds.open_round(
        by=paula, plan=plan, start=date(2026, 1, 1), end=date(2026, 3, 31), due=date(2026, 4, 15)
    )
    address = f"/en/policies/plans/{plan.pk}/standing/{part}/"
    for reader, status in ((paula, 200), (ann, 200), (peter, 404), (cast.charlie, 404)):
        client.force_login(reader)
        assert client.get(address).status_code == status, (reader, address)
    client.logout()
    assert client.get(address).status_code == 302


def test_the_answers_page_asks_the_database_as_often_whatever_there_is(
    client, paula, plan, version, django_assert_max_num_queries
):
    rounds.open_round(
        by=paula, plan=plan, start=date(2026, 1, 1), end=date(2026, 3, 31), due=date(2026, 4, 15)
    )
    client.force_login(paula)
    address = f"/en/policies/plans/{plan.pk}/standing/answers/"
    client.get(address)
    with django_assert_max_num_queries(30):
        client.get(address)
