"""Tables: categories and their order, totals, second sources, rows, reliability and dominance."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from milepost.errors import MilepostError
from milepost.measure import Band, Condition, Design, Recode, Reliability, Second, Task, cube, run
from tests.measure import survey

PEOPLE = """
sex,age,region,trait,w
F,17,10,yes,2
F,30,9,no,1
M,30,9,yes,1
 M ,70,10,,1
,80,2,no,5
"""


def task(**changes) -> Task:
    base = {"indicator": "x", "method": "proportion", "columns": {"trait": "trait"}, "year": 2024}
    return Task(**{**base, **changes})


def keys(measured, *names):
    return [tuple(cell.breakdown[name] for name in names) for cell in measured.cells]


@pytest.fixture
def people(tmp_path):
    return survey.csv_file(tmp_path / "people.csv", PEOPLE)


def test_every_subset_of_the_dimensions_is_there_with_its_totals_first(people):
    recode = Recode(bands=(Band("old", 60, None), Band("young", None, 29), Band("middle", 30, 59)))
    measured = run(
        task(dimensions={"sex": "sex", "age": "age"}, tables=(("sex", "age"),), recodes={"age": recode}),
        people,
    )
    assert keys(measured, "sex", "age") == [
        ("_T", "_T"),
        ("_T", "old"),
        ("_T", "young"),
        ("_T", "middle"),
        ("F", "_T"),
        ("F", "young"),
        ("F", "middle"),
        ("M", "_T"),
        ("M", "old"),
        ("M", "middle"),
        ("_U", "_T"),
        ("_U", "old"),
    ]
    assert [cell.value for cell in measured.cells if cell.breakdown["age"] == "_T"] == [0.5, 0.5, 1.0, 0.0]


def test_several_tables_share_their_totals_and_each_names_all_dimensions(people):
    measured = run(
        task(dimensions={"sex": "sex", "region": "region"}, tables=(("sex",), ("region",))), people
    )
    assert keys(measured, "sex", "region") == [
        ("_T", "_T"),
        ("F", "_T"),
        ("M", "_T"),
        ("_U", "_T"),
        ("_T", "2"),
        ("_T", "9"),
        ("_T", "10"),
    ]


def test_words_are_recoded_in_the_order_of_the_recode_and_blank_is_what_it_says(people):
    recode = Recode(codes={"M": "men", "F": "women"}, missing="unknown")
    measured = run(task(dimensions={"sex": "sex"}, tables=(("sex",),), recodes={"sex": recode}), people)
    assert keys(measured, "sex") == [("_T",), ("men",), ("women",), ("unknown",)]


def test_value_labels_of_the_file_name_the_categories_unless_a_recode_lists_the_value(tmp_path):
    columns = {"sex": [1.0, 2.0, 2.0, None], "trait": [1.0, 2.0, 1.0, 2.0]}
    labels = {"sex": {"1": "Male", "2": "Female"}, "trait": {"1": "Yes", "2": "No"}}
    source = survey.parquet(tmp_path / "p.parquet", columns, labels=labels)
    plain = run(task(dimensions={"sex": "sex"}, tables=(("sex",),)), source)
    assert keys(plain, "sex") == [("_T",), ("Female",), ("Male",), ("_U",)]
    assert [cell.value for cell in plain.cells] == [0.5, 0.5, 1.0, 0.0]
    recode = Recode(codes={"1": "M", "Female": "F"})
    recoded = run(task(dimensions={"sex": "sex"}, tables=(("sex",),), recodes={"sex": recode}), source)
    assert keys(recoded, "sex") == [("_T",), ("M",), ("F",), ("_U",)]
    [women] = run(task(where=(Condition("sex", ("female",)),)), source).cells
    assert women.value == 0.5


@pytest.mark.parametrize(
    "values",
    [
        [1, 2, 2, None],
        [1.0, 2.0, 2.0, float("nan")],
        [1.5, 2.5, 2.5, None],
        [True, False, False, None],
        [10**12, 5, 5, None],
    ],
    ids=str,
)
def test_numbers_of_every_kind_are_categories(tmp_path, values):
    source = survey.parquet(tmp_path / "p.parquet", {"k": values, "trait": ["yes", "no", "yes", "no"]})
    measured = run(task(dimensions={"k": "k"}, tables=(("k",),)), source)
    assert sorted(cell.n for cell in measured.cells) == [1, 1, 2, 4]
    assert keys(measured, "k")[-1] == ("_U",)


def test_two_words_may_mean_one_category(tmp_path):
    source = survey.csv_file(tmp_path / "p.csv", "k,trait\nHome,yes\n home,yes\nHome ,no\nhost,no\n")
    recode = Recode(codes={"Home": "native", "home": "native", "host": "foreign"})
    measured = run(task(dimensions={"k": "k"}, tables=(("k",),), recodes={"k": recode}), source)
    assert {cell.breakdown["k"]: cell.n for cell in measured.cells} == {"_T": 4, "native": 3, "foreign": 1}


def test_columns_that_differ_in_capitals_alone_are_told_apart(tmp_path):
    source = survey.csv_file(tmp_path / "p.csv", "Trait,trait\nno,yes\nno,yes\n")
    assert run(task(), source).cells[0].value == 1
    assert run(task(columns={"trait": "Trait"}), source).cells[0].value == 0


def test_an_odd_name_of_a_column_is_a_name(tmp_path):
    name = 'it\'s "odd"; drop table'
    source = survey.parquet(tmp_path / "p.parquet", {name: ["yes", "no"], "k'": ["a'b", 'c"d']})
    measured = run(task(columns={"trait": name}, dimensions={"k": "k'"}, tables=(("k",),)), source)
    assert keys(measured, "k") == [("_T",), ("a'b",), ('c"d',)]


def test_a_decimal_comma_is_read_where_the_file_has_one(tmp_path):
    path = tmp_path / "p.csv"
    path.write_text("v;w\n1,5;1\n2,5;3\n", encoding="utf-8")
    source = survey.csv_file(tmp_path / "q.csv", "v,w\n1,1\n")
    from dataclasses import replace

    source = replace(source, paths=(str(path),), csv={"delimiter": ";", "decimal": ","})
    [cell] = run(task(method="mean", columns={"value": "v"}, design=Design("w")), source).cells
    assert cell.value == 2.25


def test_a_method_states_its_value_per_hundred_where_the_task_says_so(people):
    [cell] = run(task(options={"per": 100}, design=Design("w")), people).cells
    assert cell.value == pytest.approx(100 / 3)
    assert cell.ci_low > 0
    assert cell.ci_high < 100


def test_thresholds_of_the_office_flag_a_value_and_keep_it(people):
    by_sex = {"dimensions": {"sex": "sex"}, "tables": (("sex",),)}
    few = run(task(**by_sex, reliability=Reliability(minimum_n=2)), people)
    assert [(cell.status, cell.value is not None) for cell in few.cells] == [
        ("A", True),
        ("A", True),
        ("U", True),
        ("U", True),
    ]
    [rough] = run(task(design=Design("w"), reliability=Reliability(maximum_cv=0.1)), people).cells
    assert rough.status == "U"


def test_without_a_design_there_is_no_error_and_it_is_said(people):
    measured = run(task(), people)
    assert measured.cells[0].se is None
    assert measured.design == {"method": "none"}
    assert "no-design" in {note.code for note in measured.notes}


def test_a_cell_that_lies_in_one_unit_has_no_error_rather_than_one_of_zero(tmp_path):
    text = "psu,k,y\n1,a,1\n1,a,3\n2,b,4\n3,b,6\n"
    source = survey.csv_file(tmp_path / "p.csv", text)
    measured = run(
        task(
            method="mean",
            columns={"value": "y"},
            dimensions={"k": "k"},
            tables=(("k",),),
            design=Design(psu="psu"),
        ),
        source,
    )
    assert [cell.se is None for cell in measured.cells] == [False, True, False]


def test_the_largest_contributions_are_kept_only_when_they_are_asked_for(tmp_path):
    text = "k,l,y,w\n" + "".join(f"{'ab'[n % 2]},{'xyz'[n % 3]},{n},{1 + n % 4}\n" for n in range(60))
    source = survey.csv_file(tmp_path / "p.csv", text)
    asked = {"method": "total", "columns": {"value": "y"}, "design": Design("w")}
    asked |= {"dimensions": {"k": "k", "l": "l"}, "tables": (("k", "l"),)}
    assert all(cell.largest == () for cell in run(task(**asked), source).cells)
    rows = [("ab"[n % 2], "xyz"[n % 3], n * (1 + n % 4)) for n in range(60)]
    for cell in run(task(**asked, largest=3), source).cells:
        wanted = (cell.breakdown["k"], cell.breakdown["l"])
        inside = [y for one, two, y in rows if wanted[0] in (one, "_T") and wanted[1] in (two, "_T")]
        assert cell.largest == tuple(map(float, sorted(inside, reverse=True)[:3]))
        assert cell.sums["numerator"] == sum(inside)


POPULATION = """
sex,region,people
F,north,600
F,south,400
M,north,500
M,south,500
"""
VICTIMS = """
sex,exploitation,region,victims
F,labour,north,3
F,sexual,south,2
M,labour,south,4
"""


def rate(tmp_path, population=POPULATION, victims=VICTIMS, **changes):
    second = Second("people.csv", {"denominator": "people"}, {"sex": "sex", "region": "region"})
    base = {
        "indicator": "16.2.2",
        "method": "rate",
        "columns": {"numerator": "victims", "denominator": "people"},
        "year": 2024,
        "options": {"per": 1000},
        "dimensions": {"sex": "sex", "exploitation": "exploitation", "region": "region"},
        "tables": (("sex", "region"),),
        "second": second,
    }
    return run(
        Task(**{**base, **changes}),
        survey.csv_file(tmp_path / "victims.csv", victims),
        survey.csv_file(tmp_path / "people.csv", population),
    )


def test_a_rate_takes_its_denominator_from_a_second_source_cell_by_cell(tmp_path):
    measured = rate(tmp_path)
    values = {
        key: cell.value for key, cell in zip(keys(measured, "sex", "region"), measured.cells, strict=True)
    }
    assert values == {
        ("_T", "_T"): 4.5,
        ("_T", "north"): pytest.approx(3 / 1.1),
        ("_T", "south"): pytest.approx(6 / 0.9),
        ("F", "_T"): 5.0,
        ("F", "north"): 5.0,
        ("F", "south"): 5.0,
        ("M", "_T"): 4.0,
        ("M", "south"): 8.0,
    }
    assert measured.cells[0].sums == {"numerator": 9.0, "denominator": 2000.0}


def test_a_breakdown_that_the_second_source_lacks_has_no_denominator(tmp_path):
    measured = rate(tmp_path, tables=(("exploitation",),))
    assert [(cell.value, cell.reason) for cell in measured.cells] == [
        (4.5, None),
        (None, "no-denominator"),
        (None, "no-denominator"),
    ]


def test_a_category_that_the_second_source_lacks_has_no_denominator(tmp_path):
    measured = rate(tmp_path, population="sex,region,people\nF,north,600\n", tables=(("sex",),))
    assert {cell.breakdown["sex"]: cell.reason for cell in measured.cells} == {
        "_T": None,
        "F": None,
        "M": "no-denominator",
    }


def test_a_gap_in_either_source_makes_the_rate_incomplete(tmp_path):
    gap = rate(tmp_path, victims=VICTIMS.replace("labour,south,4", "labour,south,"), tables=(("sex",),))
    assert {cell.breakdown["sex"]: cell.reason for cell in gap.cells} == {
        "_T": "incomplete",
        "F": None,
        "M": "incomplete",
    }
    below = rate(tmp_path, population=POPULATION.replace("M,south,500", "M,south,"), tables=(("sex",),))
    assert {cell.breakdown["sex"]: cell.reason for cell in below.cells} == {
        "_T": "incomplete",
        "F": None,
        "M": "incomplete",
    }


def test_the_error_of_a_rate_is_that_of_its_numerator(tmp_path):
    victims = survey.csv_file(tmp_path / "v.csv", "victims,w\n1,10\n0,20\n3,10\n2,5\n")
    asked = {"design": Design("w"), "tables": ((),), "dimensions": {}}
    measured = rate(tmp_path, victims="victims,w\n1,10\n0,20\n3,10\n2,5\n", **asked)
    [total] = run(Task("x", "total", {"value": "victims"}, 2024, design=Design("w")), victims).cells
    [cell] = measured.cells
    assert cell.value == pytest.approx(total.value / 2000 * 1000)
    assert cell.se == pytest.approx(total.se / 2000 * 1000)


def test_refugees_are_added_to_the_population_of_a_second_source(tmp_path):
    measured = rate(
        tmp_path,
        victims="refugees\n1000\n2000\n",
        population="people\n7000000\n",
        method="refugee_rate",
        columns={"refugees": "refugees"},
        options={"per": 100_000},
        dimensions={},
        tables=((),),
        second=Second("people.csv", {"population": "people"}),
    )
    assert measured.cells[0].value == pytest.approx(42.83878, abs=1e-5)


def test_a_second_source_that_is_not_given_is_asked_for(tmp_path):
    second = Second("people.csv", {"denominator": "people"})
    asked = Task("x", "rate", {"numerator": "victims"}, 2024, second=second)
    with pytest.raises(MilepostError, match="people"):
        run(asked, survey.csv_file(tmp_path / "v.csv", VICTIMS))


SERVICES = "corridor,amount,fee,margin,days,transparent,accessible\n" + "".join(
    f"{corridor},200,{fee},0,1,yes,yes\n" for corridor in ("KGZ", "TJK") for fee in (2, 4, 6, 8)
)


def test_smart_is_made_of_the_rows_of_each_corridor_and_of_no_two_together(tmp_path):
    roles = ("amount", "fee", "margin", "corridor", "days", "transparent", "accessible")
    asked = Task(
        "10.c.1",
        "smart",
        {role: role for role in roles},
        2024,
        dimensions={"corridor": "corridor"},
        tables=(("corridor",),),
    )
    measured = run(asked, survey.csv_file(tmp_path / "services.csv", SERVICES))
    assert [(cell.breakdown["corridor"], cell.value, cell.reason) for cell in measured.cells] == [
        ("_T", None, "several-corridors"),
        ("KGZ", 2.0, None),
        ("TJK", 2.0, None),
    ]
    assert measured.rows == 8


def test_incidents_are_counted_without_weights_and_errors(tmp_path):
    text = "dead,missing,w\n2,3,9\n,7,9\n1,,9\n,,9\n"
    asked = Task("10.7.3", "incidents", {"columns": ("dead", "missing")}, 2024, design=Design("w"))
    [cell] = run(asked, survey.csv_file(tmp_path / "incidents.csv", text)).cells
    assert (cell.value, cell.se, cell.n, cell.excluded) == (13.0, None, 3, {"no-dead": 1})


def test_values_have_twelve_digits(tmp_path):
    source = survey.csv_file(tmp_path / "p.csv", "a,b\n1,3\n1,3\n1,1\n")
    asked = Task("x", "ratio_of_totals", {"numerator": "a", "denominator": "b"}, 2024)
    assert run(asked, source).cells[0].value == 0.428571428571


tables = st.lists(
    st.tuples(*[st.integers(0, 3)] * 3, st.integers(0, 5), st.floats(0, 100), st.floats(0.5, 9)),
    min_size=1,
    max_size=60,
)


@settings(max_examples=25, deadline=None)
@given(rows=tables, blocks=st.integers(1, 5))
def test_totals_cell_by_cell_are_those_axis_by_axis(rows, blocks):
    shape, strides = (5, 5, 5), cube.strides((5, 5, 5))
    codes = np.array([row[:3] for row in rows])
    finest = codes @ np.array(strides)
    unit, values = np.array([row[3] for row in rows]), np.array([row[4] for row in rows])
    made = cube.made(shape, [(0, 1), (1, 2)], finest)
    dense = made.totals(unit, made.addresses(finest), values, 6)
    limit, cube.DENSE = cube.DENSE, 0
    try:
        sparse = made.totals(unit, made.addresses(finest), values, 6)
        assert sum(last - first for first, last in made.blocks(6, blocks)) == 6
    finally:
        cube.DENSE = limit
    assert sparse == pytest.approx(dense)
    assert made.whole == len(made.cells) - 1
    assert math.isclose(dense[made.whole].sum(), values.sum(), abs_tol=1e-9)


@pytest.mark.parametrize("dense", [0, 200_000])
@settings(max_examples=25, deadline=None)
@given(rows=tables, part=st.integers(1, 20))
def test_a_part_of_the_cells_has_the_totals_that_the_whole_has_there(dense, rows, part):
    finest = np.array([row[:3] for row in rows]) @ np.array(cube.strides((5, 5, 5)))
    unit, values = np.array([row[3] for row in rows]), np.array([row[4] for row in rows])
    limit, cube.DENSE = cube.DENSE, dense
    try:
        made = cube.made((5, 5, 5), [(0, 1), (1, 2)], finest)
        address = made.addresses(finest)[:part]
        whole = made.totals(unit[:part], address, values[:part], 6)
        narrow = made.narrowed(address)
        near = narrow.cube.totals(unit[:part], narrow.places[address], values[:part], 6)
    finally:
        cube.DENSE = limit
    assert near == pytest.approx(whole[narrow.cells])
    others = np.setdiff1d(np.arange(len(made.cells)), narrow.cells)
    assert not whole[others].any()


def test_words_that_only_rows_left_out_have_are_categories_too(tmp_path):
    people = survey.csv_file(tmp_path / "people.csv", "sex,trait,w\nF,yes,1\nM,,1\nX,no,\nF,no,2\n")
    design = Design(weight="w")
    measured = run(task(dimensions={"sex": "sex"}, tables=(("sex",),), design=design), people)
    assert [(cell.breakdown["sex"], cell.n, dict(cell.excluded)) for cell in measured.cells] == [
        ("_T", 2, {"no-trait": 1, "no-w": 1}),
        ("F", 2, {}),
        ("M", 0, {"no-trait": 1}),
        ("X", 0, {"no-w": 1}),
    ]


def test_many_categories_are_summed_cell_by_cell_with_the_same_errors(tmp_path, monkeypatch):
    columns = dict(survey.persons())
    source = survey.parquet(tmp_path / "persons.parquet", columns)
    asked = Task(
        "x",
        "ratio_of_totals",
        {"numerator": "cost", "denominator": "earnings"},
        2024,
        dimensions={"region": "region", "age": "age"},
        tables=(("region", "age"),),
        design=Design("weight", "stratum", "psu"),
    )
    dense = run(asked, source)
    monkeypatch.setattr(cube, "DENSE", 0)
    sparse = run(asked, source)
    assert len(dense.cells) == 380
    for one, other in zip(dense.cells, sparse.cells, strict=True):
        assert (one.value, one.n) == (other.value, other.n)
        assert one.se == (None if other.se is None else pytest.approx(other.se, rel=1e-9))
