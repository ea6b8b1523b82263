import itertools
import math

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from milepost.disclosure import Rules, protect
from milepost.errors import MilepostError
from tests.disclosure.tables import bounds_by_attack, cube, hidden

SLOWLY = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)


@st.composite
def counts(draw, shapes=((3, 3), (4, 5), (2, 3, 3), (2, 2, 2, 2))):
    """Finest counts of a small table; combinations left out have no row."""
    shape = draw(st.sampled_from(shapes))
    keys = list(
        itertools.product(*([f"{'abcd'[at]}{i}" for i in range(size)] for at, size in enumerate(shape)))
    )
    numbers = draw(st.lists(st.integers(0, 25), min_size=len(keys), max_size=len(keys)))
    finest = {key: n for key, n in zip(keys, numbers, strict=True) if n}
    return tuple("abcd"[: len(shape)]), finest or {keys[0]: 3}


def far_enough(cell, figure, low, high, rules):
    whole = math.floor(high + 1e-6) - math.ceil(low - 1e-6)
    unsafe = 0 < cell.n < (rules.minimum or 0)
    return whole >= (rules.least_range if unsafe else 1)


@SLOWLY
@given(counts())
def test_no_hidden_count_is_recovered_or_bounded_too_closely(table):
    cells = cube(*table)
    rules = Rules(minimum=5)
    protected = protect(cells, rules)
    for cell, figure, low, high in bounds_by_attack(cells, protected.cells, "n"):
        assert low - 1e-6 <= figure <= high + 1e-6
        assert far_enough(cell, figure, low, high, rules), (cell.breakdown, low, high)


@SLOWLY
@given(counts())
def test_every_unsafe_cell_is_hidden_and_where_none_is_nothing_is_hidden(table):
    cells = cube(*table)
    protected = protect(cells, Rules(minimum=5))
    unsafe = {cell.key for cell in cells if 0 < cell.n < 5}
    out = {cell.key for cell in protected.cells if cell.status == "Q"}
    assert unsafe <= out
    assert unsafe or not out
    for before, after in zip(cells, protected.cells, strict=True):
        assert after == before or (after.status == "Q" and after.n is None and not after.sums)


@SLOWLY
@given(counts())
def test_what_is_protected_stays_as_it_is_when_protected_again(table):
    once = protect(cube(*table), Rules(minimum=5))
    again = protect(once.cells, Rules(minimum=5))
    assert again.cells == once.cells


@SLOWLY
@given(counts(shapes=((2, 3, 2), (3, 3, 3))))
def test_tables_that_share_margins_do_not_betray_each_other(table):
    names, finest = table
    cells = cube(names, finest, tables=[("a", "b"), ("b", "c")])
    rules = Rules(minimum=5)
    protected = protect(cells, rules)
    for cell, figure, low, high in bounds_by_attack(cells, protected.cells, "n"):
        assert far_enough(cell, figure, low, high, rules), (cell.breakdown, figure, low, high)


@SLOWLY
@given(counts(shapes=((2, 3, 2), (2, 2, 3))))
def test_three_tables_of_pairs_hold_although_the_table_of_all_three_exists(table):
    names, finest = table
    cells = cube(names, finest, tables=[("a", "b"), ("b", "c"), ("a", "c")])
    rules = Rules(minimum=5)
    protected = protect(cells, rules)
    for cell, figure, low, high in bounds_by_attack(cells, protected.cells, "n"):
        assert far_enough(cell, figure, low, high, rules), (cell.breakdown, figure, low, high)


@SLOWLY
@given(counts(shapes=((3, 3), (2, 2, 3))), st.randoms(use_true_random=False))
def test_neither_numerator_nor_denominator_of_a_hidden_share_is_recovered(table, chance):
    names, finest = table
    with_trait = {key: (n, chance.randint(0, n), n) for key, n in finest.items()}
    cells = cube(names, with_trait)
    protected = protect(cells, Rules(minimum=5))
    for name in ("numerator", "denominator"):
        for cell, figure, low, high in bounds_by_attack(cells, protected.cells, name):
            assert high - low >= 0.001 * max(figure, 1) - 1e-6, (name, cell.breakdown, low, high)


@SLOWLY
@given(counts(shapes=((3, 3), (2, 2, 3))), st.data())
def test_a_previous_release_does_not_help_against_what_it_did_not_show(table, data):
    cells = cube(*table)
    before = [cell for cell in cells if data.draw(st.booleans())]
    known = {cell.key for cell in before}
    rules = Rules(minimum=4)
    try:
        protected = protect(cells, rules, previous=before)
    except MilepostError as error:  # too much is known already: said, and nothing comes out
        assert [problem.code for problem in error.problems] == ["cannot-protect"]
        return
    for cell, figure, low, high in bounds_by_attack(cells, protected.cells, "n", known=known):
        assert far_enough(cell, figure, low, high, rules), (cell.breakdown, low, high)


CELLS = list(itertools.product(("r1", "r2"), ("c1", "c2")))
ORDER = [*CELLS, ("r1", "_T"), ("r2", "_T"), ("_T", "c1"), ("_T", "c2"), ("_T", "_T")]


@pytest.mark.parametrize("counted", list(itertools.product([1, 3, 6], repeat=4))[::7])
def test_of_all_tables_of_whole_numbers_that_fit_several_remain(counted):
    """The plainest attack: try every table of whole numbers, and see which figures all of them share."""
    cells = cube(("row", "column"), dict(zip(CELLS, counted, strict=True)))
    protected = protect(cells, Rules(minimum=4))
    shown = {tuple(cell.breakdown.values()): cell.n for cell in protected.cells if cell.status != "Q"}
    fitting = []
    for a, b, c, d in itertools.product(range(13), repeat=4):
        numbers = (a, b, c, d, a + b, c + d, a + c, b + d, a + b + c + d)
        if all(shown.get(key, number) == number for key, number in zip(ORDER, numbers, strict=True)):
            fitting.append(dict(zip(ORDER, numbers, strict=True)))
    for cell in protected.cells:
        if cell.status == "Q":
            assert len({table[tuple(cell.breakdown.values())] for table in fitting}) > 1


def test_a_hidden_cell_leaves_nothing_from_which_its_respondents_could_be_computed():
    """Value and standard error of an unweighted share give back n, so neither may stay."""
    cells = cube(("sex",), {("F",): (3, 1, 3), ("M",): (40, 10, 40), ("O",): (30, 12, 30)})
    protected = protect(cells, Rules(minimum=5))
    assert "F" in hidden(protected)
    for cell in protected.cells:
        if cell.status == "Q":
            left = (cell.value, cell.se, cell.ci_low, cell.ci_high, cell.cv, cell.deff, cell.n, cell.reason)
            assert left == (None,) * 8
            assert not cell.excluded
            assert not cell.sums
            assert not cell.largest
