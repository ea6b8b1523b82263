import pytest

from milepost.disclosure import Rules, protect
from milepost.errors import MilepostError
from milepost.values import Estimate
from tests.disclosure.tables import cube, two_way


def test_counts_are_rounded_each_by_itself_and_the_same_figure_always_the_same_way():
    protected = protect(two_way("3 7\n12 20"), Rules(minimum=5, rounding=5))
    values = {" ".join(cell.breakdown.values()): cell.value for cell in protected.cells}
    assert values["r1 c1"] == 5
    assert values["r1 c2"] == 5
    assert values["r2 c1"] == 10
    assert values["_T _T"] == 40
    assert {cell.n for cell in protected.cells} == set(values.values())
    assert protected.protocol.rounded


def test_rounded_cells_keep_no_errors_from_which_the_exact_figure_would_follow():
    cells = [
        Estimate(
            {"sex": "_T"},
            value=103.0,
            se=4.0,
            ci_low=95.0,
            ci_high=111.0,
            cv=0.04,
            n=103,
            sums={"numerator": 103.0},
        )
    ]
    (cell,) = protect(cells, Rules(minimum=5, rounding=5)).cells
    assert (cell.value, cell.se, cell.ci_low, cell.ci_high, cell.cv, cell.n) == (
        105,
        None,
        None,
        None,
        None,
        105,
    )
    assert not cell.sums


def test_ratios_are_not_rounded():
    cells = cube(("sex",), {("F",): (30, 10, 30), ("M",): (40, 10, 40)})
    with pytest.raises(MilepostError) as error:
        protect(cells, Rules(minimum=5, rounding=5))
    assert error.value.problems[0].code == "rounding-of-ratio"


def test_a_base_below_the_minimum_is_refused():
    with pytest.raises(MilepostError) as error:
        Rules(minimum=10, rounding=5)
    assert error.value.problems[0].code == "rounding-too-fine"


def test_rounding_is_refused_where_the_margins_give_a_small_figure_away():
    """Six cells of 2 round to 0, their sum of 12 to 10: so there are at least 8 in cells of at most 2."""
    cells = cube(("place",), {(f"p{at}",): 2 for at in range(6)})
    protected = protect(cells, Rules(minimum=5, rounding=5))
    low, high = protected.protocol.hidden[0].bounds["n"]
    assert (low, high) == (0, 2)
    cells = cube(("place",), {(f"p{at}",): 2 for at in range(9)})  # 18 rounds to 20: all of them are 2
    with pytest.raises(MilepostError) as error:
        protect(cells, Rules(minimum=5, rounding=5))
    assert error.value.problems[0].code == "rounding-not-enough"
