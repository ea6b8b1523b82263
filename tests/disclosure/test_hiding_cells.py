"""Tables made by hand, small enough to see the answer."""

import itertools
import random

import pytest

from milepost.disclosure import Rules, protect
from milepost.errors import MilepostError
from milepost.values import Estimate
from tests.disclosure.tables import cube, hidden, two_way

FOUR_BY_FOUR = """
20 50 10 80
 8 19  3 22
17 32 40 18
12 31 25 15
"""


def codes(error):
    return [problem.code for problem in error.value.problems]


def entry(protected, *categories):
    return next(one for one in protected.protocol.hidden if tuple(one.breakdown.values()) == categories)


def test_one_unsafe_cell_of_a_table_takes_the_other_three_corners_of_a_rectangle_with_it():
    protected = protect(two_way(FOUR_BY_FOUR), Rules(minimum=5))
    out = hidden(protected)
    assert "r2 c3" in out
    assert len(out) == 4
    rows, columns = {one.split()[0] for one in out}, {one.split()[1] for one in out}
    assert len(rows) == len(columns) == 2
    assert "_T" not in rows | columns
    assert entry(protected, "r2", "c3").reasons == ("few-respondents",)
    others = [one for one in protected.protocol.hidden if one.reasons == ("complement",)]
    assert all({"row": "r2", "column": "c3"} in one.protects for one in others)
    low, high = entry(protected, "r2", "c3").bounds["n"]
    assert low == 0
    assert high >= 3 + 3


def test_in_a_single_list_one_more_cell_is_hidden():
    protected = protect(cube(("sex",), {("F",): 3, ("M",): 40, ("O",): 9}), Rules(minimum=5))
    assert hidden(protected) == ["F", "O"]


def test_nothing_is_hidden_where_nothing_is_unsafe():
    cells = two_way("5 6\n7 8")
    assert protect(cells, Rules(minimum=5)).cells == tuple(cells)
    assert protect(cells, Rules()).cells == tuple(cells)


def test_a_margin_that_two_tables_share_is_protected_in_both():
    finest = {
        (sex, age, region): 3 if (sex, age) == ("F", "old") and region == "north" else 20
        for sex, age, region in itertools.product("FM", ("old", "young"), ("north", "south"))
    }
    cells = cube(("sex", "age", "region"), finest, tables=[("sex", "age"), ("age", "region")])
    protected = protect(cells, Rules(minimum=30))  # each crossing of two has 40, but for two with 23
    out = hidden(protected)
    assert "F old _T" in out
    assert "_T old north" in out
    assert "_T _T _T" not in out


def test_the_same_table_protected_twice_gives_the_same_protocol():
    first, second = (protect(two_way(FOUR_BY_FOUR), Rules(minimum=13)) for _ in range(2))
    assert first == second


def test_a_parent_category_is_a_margin_as_well():
    """North has two districts; the smaller cannot be hidden alone beside its sum and its neighbour."""
    finest = {("D1",): 3, ("D2",): 50, ("D3",): 30, ("D4",): 30}
    cells = [
        *cube(("region",), finest),
        Estimate({"region": "North"}, value=53.0, n=53, sums={"numerator": 53.0}),
        Estimate({"region": "South"}, value=60.0, n=60, sums={"numerator": 60.0}),
    ]
    tree = {"region": {"North": ["D1", "D2"], "South": ["D3", "D4"]}}
    assert hidden(protect(cells, Rules(minimum=5), hierarchies=tree)) == ["D1", "D2"]


def test_three_dimensions_hold_together():
    finest = dict.fromkeys(itertools.product("FM", ("a1", "a2", "a3"), ("x", "y", "z")), 12)
    finest["F", "a1", "x"] = 2
    protected = protect(cube(("sex", "age", "place"), finest), Rules(minimum=5))
    assert len(hidden(protected)) == 8  # the corners of a box
    assert all("_T" not in key for key in hidden(protected))


def test_a_margin_less_its_printed_parts_gives_the_rest_away():
    """Women and men are printed, and everybody: the two who are neither are not printed but follow."""
    cells = [
        Estimate({"sex": "_T"}, value=62.0, n=62),
        Estimate({"sex": "F"}, value=40.0, n=40),
        Estimate({"sex": "M"}, value=20.0, n=20),
    ]
    protected = protect(cells, Rules(minimum=5))
    assert hidden(protected) == ["M"]
    assert [one.reasons for one in protected.protocol.hidden if one.reasons != ("complement",)] == [
        ("difference",)
    ]


def test_a_category_without_a_row_is_known_to_be_empty_and_protects_nothing():
    cells = cube(("sex", "age"), {("F", "old"): 3, ("F", "young"): 20, ("M", "young"): 20})
    protected = protect(cells, Rules(minimum=5))
    assert {"F old", "_T old"} <= set(hidden(protected))  # the margin is the same 3 women
    low, high = entry(protected, "F", "old").bounds["n"]
    assert high - low >= 3


# Dominance


def magnitudes(*parts):
    """One dimension with a total; each part is (respondents, total, largest contributions)."""
    cells = [
        Estimate({"firm": f"k{at}"}, value=total, n=n, sums={"numerator": total}, largest=largest)
        for at, (n, total, largest) in enumerate(parts)
    ]
    whole = sum(total for _, total, _ in parts)
    largest = tuple(sorted((one for *_, some in parts for one in some), reverse=True)[:3])
    everything = Estimate(
        {"firm": "_T"}, value=whole, n=sum(n for n, *_ in parts), sums={"numerator": whole}, largest=largest
    )
    return [everything, *cells]


def test_a_cell_is_unsafe_where_the_second_largest_could_tell_the_largest_to_within_p_percent():
    """100 - 60 - 35 = 5 is less than 10 % of 60; with 55 and 30, 15 is more than 10 % of 55."""
    cells = magnitudes(
        (10, 100.0, (60.0, 35.0, 1.0)), (10, 100.0, (55.0, 30.0, 5.0)), (20, 300.0, (30.0, 30.0, 30.0))
    )
    protected = protect(cells, Rules(p_percent=10))
    assert entry(protected, "k0").reasons == ("dominance-p",)
    assert entry(protected, "k0").bounds["numerator"][1] >= 101  # one more would have been safe
    assert len(protected.protocol.hidden) == 2


def test_a_cell_is_unsafe_where_the_n_largest_have_more_than_k_percent():
    cells = magnitudes(
        (10, 100.0, (60.0, 26.0, 1.0)), (10, 100.0, (50.0, 30.0, 5.0)), (20, 300.0, (30.0, 30.0, 30.0))
    )
    protected = protect(cells, Rules(n_k=(2, 85)))
    assert entry(protected, "k0").reasons == ("dominance-nk",)
    assert len(protected.protocol.hidden) == 2


def test_a_rule_of_dominance_without_the_largest_contributions_is_refused():
    with pytest.raises(MilepostError) as error:
        protect(magnitudes((10, 100.0, (60.0,)), (10, 10.0, (1.0, 1.0))), Rules(p_percent=10))
    assert codes(error) == ["largest-missing"]


# Other rules


def test_a_share_of_nobody_or_everybody_is_unsafe_only_where_the_office_says_so():
    finest = {("F",): (30, 30, 30), ("M",): (40, 10, 40), ("O",): (30, 12, 30)}
    cells = cube(("sex",), finest)
    assert not hidden(protect(cells, Rules(minimum=5)))
    protected = protect(cells, Rules(minimum=5, unanimous=True))
    assert entry(protected, "F").reasons == ("unanimous",)
    assert len(hidden(protected)) == 2


def test_empty_cells_are_hidden_only_where_the_office_says_so():
    cells = cube(("sex",), {("F",): 30, ("M",): 40, ("O",): 50})
    cells.append(Estimate({"sex": "X"}, n=0, status="O", reason="no-rows"))
    assert not hidden(protect(cells, Rules(minimum=5)))
    protected = protect(cells, Rules(minimum=5, show_empty=False))
    assert entry(protected, "X").reasons == ("empty",)
    assert len(hidden(protected)) == 2


def test_the_range_wanted_is_the_range_the_attacker_is_left_with():
    protected = protect(two_way(FOUR_BY_FOUR), Rules(minimum=5, range_n=20))
    low, high = entry(protected, "r2", "c3").bounds["n"]
    assert high - low >= 20


# What was published before


def test_what_was_published_before_cannot_be_hidden_again_and_protects_nothing():
    cells = two_way(FOUR_BY_FOUR)
    first = next(one for one in hidden(protect(cells, Rules(minimum=5))) if one != "r2 c3").split()
    before = [cell for cell in cells if list(cell.breakdown.values()) == first]
    protected = protect(cells, Rules(minimum=5), previous=before)
    assert " ".join(first) not in hidden(protected)
    assert len(hidden(protected)) == 4


def test_an_unsafe_cell_that_was_published_before_is_said_to_have_been():
    cells = two_way(FOUR_BY_FOUR)
    before = [cell for cell in cells if list(cell.breakdown.values()) == ["r2", "c3"]]
    protected = protect(cells, Rules(minimum=5), previous=before)
    assert hidden(protected) == ["r2 c3"]
    assert entry(protected, "r2", "c3").already_published
    assert protected.protocol.previous == 1


def test_where_too_much_is_known_already_the_table_is_refused_with_the_breakdown_to_coarsen():
    cells = cube(("sex",), {("F",): 3, ("M",): 40, ("O",): 50})
    before = [cell for cell in cells if cell.breakdown["sex"] != "F"]
    with pytest.raises(MilepostError) as error:
        protect(cells, Rules(minimum=5), previous=before)
    assert codes(error) == ["cannot-protect"]
    assert error.value.problems[0].details["dimension"] == "sex"


# Bad input


@pytest.mark.parametrize(
    "settings",
    [
        {"minimum": 0}, {"minimum": 2.5}, {"minimum": True}, {"p_percent": 0}, {"p_percent": 101},
        {"n_k": (0, 80)}, {"n_k": (2, 101)}, {"rounding": 1}, {"range_n": 0}, {"range_percent": -1},
    ],
)  # fmt: skip
def test_a_rule_out_of_range_is_refused(settings):
    with pytest.raises(MilepostError) as error:
        Rules(**settings)
    assert codes(error) == ["rule-out-of-range"]


def test_a_cell_that_comes_twice_is_refused():
    with pytest.raises(MilepostError) as error:
        protect([*two_way("3 4"), *two_way("3 4")], Rules(minimum=5))
    assert codes(error) == ["cell-twice"]


def test_cells_of_other_dimensions_are_refused():
    with pytest.raises(MilepostError) as error:
        protect([*two_way("3 4"), *cube(("sex",), {("F",): 3})], Rules(minimum=5))
    assert codes(error) == ["dimensions-differ"]


def test_cells_without_numbers_of_respondents_are_refused_where_a_rule_needs_them():
    with pytest.raises(MilepostError) as error:
        protect([Estimate({"sex": "F"}, value=1.0)], Rules(minimum=5))
    assert codes(error) == ["respondents-missing"]


def test_work_that_is_cancelled_stops():
    with pytest.raises(MilepostError) as error:
        protect(two_way(FOUR_BY_FOUR), Rules(minimum=5), cancelled=lambda: True)
    assert codes(error) == ["protection-stopped"]


def test_a_table_of_a_thousand_cells_is_protected_and_holds():
    chance = random.Random(7)
    finest = {}
    for key in itertools.product(*([f"{name}{at}" for at in range(9)] for name in "abc")):
        n = int(chance.expovariate(1 / 60))
        if n:
            finest[key] = (n, chance.randint(0, n), n)
    cells = cube(("a", "b", "c"), finest)
    protected = protect(cells, Rules(minimum=5))
    assert len(cells) > 950
    assert len(hidden(protected)) < 0.3 * len(cells)
    for one in protected.protocol.hidden:
        low, high = one.bounds["n"]
        assert high - low >= (3 if one.reasons == ("few-respondents",) else 1) - 1e-6
