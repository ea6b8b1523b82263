"""The mapping file: what columns mean, and every fault of it with its line."""

import pytest

from milepost.errors import MilepostError
from milepost.measure import mapping
from milepost.measure.task import Band, Condition, Recode
from tests.recipes.survey import MAPPING


def task(text, code="10.7.1", by=((),)):
    return mapping.task(mapping.parse(text, "m.yaml"), code=code, year=2024, by=by)


def faults(text, code="10.7.1", by=((),)):
    """(code, line) of every fault."""
    with pytest.raises(MilepostError) as caught:
        task(text, code, by)
    return [(problem.code, problem.origin.row) for problem in caught.value.problems]


SECOND = "second: {file: f.csv, columns: {denominator: n}}\n"
OWN = "method: ratio_of_totals\ncolumns: {numerator: a, denominator: b}\n"


def test_a_mapping_and_a_definition_make_a_task():
    made = task(MAPPING, by=[["sex", "age"], ["migratory_status"]])
    assert made.method == "individual_ratios"
    assert made.columns == {"numerator": "cost", "denominator": "earnings"}
    assert made.options == {"statistic": "mean"}
    assert made.series == "SL_EMP_RCOST"
    assert made.dimensions == {"sex": "sex", "migratory_status": "birth", "age": "age"}
    assert made.recodes["sex"] == Recode(codes={"1": "M", "2": "F"})
    assert made.recodes["migratory_status"] == Recode(codes={"KG": "NATIVE"}, other="FOREIGN")
    assert made.recodes["age"].bands == (
        Band("Y15T24", 15, 24),
        Band("Y25T64", 25, 64),
        Band("Y_GE65", 65, None),
    )
    assert made.tables == (("sex", "age"), ("migratory_status",))
    assert (made.design.weight, made.design.stratum, made.design.psu) == ("weight", "stratum", "psu")


def test_only_dimensions_that_are_asked_for_are_read():
    made = task(MAPPING, by=[["sex"]])
    assert set(made.dimensions) == set(made.recodes) == {"sex"}
    assert task(MAPPING).tables == ((),)


def test_roles_may_be_named_as_the_method_does():
    made = task("columns: {numerator: c, denominator: e}")
    assert made.columns == {"numerator": "c", "denominator": "e"}


def test_hyphens_in_a_method_are_read_as_underscores():
    assert task(OWN.replace("_of_", "-of-"), "X.1").method == "ratio_of_totals"


def test_a_code_of_ones_own_brings_its_method_and_options():
    made = task(OWN + "per: 1000\n", "X.1")
    assert (made.method, made.options, made.series) == ("ratio_of_totals", {"per": 1000}, None)
    assert faults("columns: {a: b}", "X.1") == [("mapping-method-missing", 1)]


def test_the_statistic_that_the_source_leaves_open_may_be_chosen():
    assert task(MAPPING + "statistic: median\n").options == {"statistic": "median"}


def test_another_method_cannot_stand_under_the_code():
    text = MAPPING + "method: ratio_of_totals\n"
    assert faults(text) == [("mapping-method-governs", 9)]
    with pytest.raises(MilepostError, match=r"ratio_of_totals is another number .* a code of your own"):
        task(text)


def test_an_option_of_the_definition_cannot_be_changed():
    text = "columns: {refugees: r, population: p}\nper: "
    assert task(text + "100000", "10.7.4").options == {"per": 100000}
    assert faults(text + "100", "10.7.4") == [("mapping-option-governs", 2)]


def test_of_several_series_one_must_be_chosen():
    text = "columns: {fatal: f, nonfatal: n, workers: w}\n"
    assert faults(text, "8.8.1") == [("mapping-series", 1)]
    made = task(text + "series: SL_EMP_FTLINJUR\n", "8.8.1")
    assert made.columns == {"numerator": "f", "denominator": "w"}
    assert made.options == {"per": 100000}
    assert faults(text + "series: SL_NO\n", "8.8.1") == [("mapping-series-unknown", 2)]


def test_without_a_series_the_indicator_itself_is_measured_where_its_definition_says_how():
    made = task("columns: {victims: v, population: p}", "16.2.2")
    assert (made.method, made.series, made.options) == ("rate", None, {"per": 100000})
    made = task("columns: {victims: v}\nseries: VC_HTF_DETV", "16.2.2")
    assert (made.method, made.columns) == ("total", {"value": "v"})


def test_several_columns_can_make_one_role():
    made = task("columns: {personal_transfers: a, compensation: b, gdp: g}", "17.3.2")
    assert made.columns == {"numerator": ("a", "b"), "denominator": "g"}
    assert task("columns: {dead: d, missing: m}", "10.7.3").columns == {"columns": ("d", "m")}


def test_an_indicator_that_is_not_computed_is_said_to_be_so():
    assert faults("columns: {}", "8.8.2") == [("mapping-not-computed", 1)]


def test_a_mapping_for_another_indicator_is_refused():
    assert faults(MAPPING, "10.7.4")[0] == ("mapping-other-indicator", 1)


def test_every_missing_role_is_named():
    assert faults("columns: {cost: c}") == [("mapping-role", 1)]
    with pytest.raises(MilepostError, match="needs a column for earnings"):
        task("columns: {cost: c}")
    assert [code for code, _ in faults(OWN.partition("\n")[0], "X.1")] == ["mapping-role", "mapping-role"]


def test_an_unknown_dimension_is_named_with_its_neighbours():
    with pytest.raises(MilepostError, match=r"no dimension migrant.*migratory_status"):
        task(MAPPING, by=[["sex", "migrant"]])


def test_the_whole_design_can_be_given():
    made = task(
        OWN.replace("}", ", weight: w, stratum: s, psu: p, fpc: f}")
        + "replicates: {kind: jackknife, columns: [r1, r2], scale: 0.5, rscales: [1, 2]}\n"
        "lonely: certainty\nnested: true\nconfidence: 0.9\nreliability: {minimum_n: 30, maximum_cv: 0.2}\n",
        "X.1",
    )
    design = made.design
    assert (design.fpc, design.lonely, design.nested) == ("f", "certainty", True)
    assert design.replication.columns == ("r1", "r2")
    assert (design.replication.scale, design.replication.rscales) == (0.5, (1.0, 2.0))
    assert (made.confidence, made.reliability.minimum_n, made.reliability.maximum_cv) == (0.9, 30, 0.2)


@pytest.mark.parametrize("field", ["columns: rep_", "prefix: rep_"])
def test_replicate_weights_can_be_named_by_their_beginning(field):
    given = mapping.parse(OWN + f"replicates: {{kind: bootstrap, {field}}}\n", "m.yaml")
    made = mapping.task(given, code="X.1", year=2024)
    columns = ("a", "b", "rep_2", "rep_1", "reply")
    assert mapping.completed(made, given, columns).design.replication.columns == ("rep_2", "rep_1")
    with pytest.raises(MilepostError, match="begins with rep_"):
        mapping.completed(made, given, ("a", "b"))


def test_a_population_is_given_by_values_or_a_range():
    text = OWN + "where:\n  status: [1, 2]\n  age: {from: 15, to: 64}\n  country: KG\n"
    assert task(text, "X.1").where == (
        Condition("status", ("1", "2")),
        Condition("age", minimum=15, maximum=64),
        Condition("country", ("KG",)),
    )


def test_a_second_file_gives_the_denominator():
    text = (
        "series: SL_EMP_INJUR\ncolumns: {nonfatal: cases}\n"
        "second: {file: workers.csv, columns: {workers: n}, dimensions: {sex: sex}}\n"
    )
    made = task(text, "8.8.1")
    assert made.columns == {"numerator": "cases"}
    assert made.second.columns == {"denominator": "n"}
    assert made.second.dimensions == {"sex": "sex"}


def test_answers_can_be_recoded_to_yes_and_no():
    made = task(
        'method: proportion\ncolumns: {trait: q1}\nrecodes: {trait: {"1": "yes", "2": "no"}}\n', "X.1"
    )
    assert made.recodes["trait"].codes == {"1": "yes", "2": "no"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("colums: {a: b}", "definition-unknown-field"),
        (OWN + "dimensions: {value: v}", "mapping-dimension-name"),
        (OWN + "dimensions: {sex: }", "definition-missing"),
        (OWN + "recodes: {age: {A: [24, 15]}}", "mapping-band"),
        (OWN + "recodes: {age: {A: [15]}}", "mapping-band"),
        (OWN + "recodes: {age: {A: [15, 24], B: [24, 30]}}", "mapping-bands-overlap"),
        (OWN + "recodes: {age: {A: [15, null], B: [24, 30]}}", "mapping-bands-overlap"),
        (OWN + 'recodes: {age: {A: [15, 24], "1": B}}', "mapping-mixed-recode"),
        (OWN + "recodes: {sex: {yes: M}}", "definition-type"),
        (OWN + "recodes: {sex: {1: no}}", "definition-type"),
        (OWN + "recodes: {sex: [1, 2]}", "definition-type"),
        (OWN + "lonely: ignore", "definition-choice"),
        (OWN + "migratory_base: passport", "definition-choice"),
        (OWN + "nested: maybe", "definition-type"),
        (OWN + "confidence: 95", "definition-type"),
        (OWN + "replicates: {kind: sdr, columns: [a]}", "definition-choice"),
        (OWN + "replicates: {kind: brr}", "definition-missing"),
        (OWN + "where: {age: {from: 64, to: 15}}", "mapping-band"),
        (OWN + "where: {age: {above: 15}}", "definition-unknown-field"),
        (OWN + "disclosure: {minimum: 0}", "definition-type"),
        (OWN + "disclosure: {n_k: 3}", "definition-type"),
        (OWN + "disclosure: {threshold: 3}", "definition-unknown-field"),
        (OWN + "second: {columns: {denominator: n}}", "definition-missing"),
        ("method: average", "mapping-method"),
        ("indicator: 10.7", "definition-type"),
        ("columns: !!python/object:os.system {}", "definition-unsafe"),
        ("columns: {a: b, a: c}", "definition-twice"),
    ],
)
def test_faults_of_the_file_are_found(text, expected):
    with pytest.raises(MilepostError) as caught:
        mapping.parse(text, "m.yaml")
    assert expected in [problem.code for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("text", "code", "expected"),
    [
        (OWN + "recodes: {seks: {1: M}}\ndimensions: {sex: s}", "X.1", "mapping-dimension"),
        (OWN + "share: 0.5", "X.1", "definition-unknown-field"),
        (OWN.replace("a,", "a, wieght: w,"), "X.1", "definition-unknown-field"),
        ("columns: {dead: d, missing: m, weight: w}", "10.7.3", "mapping-not-a-sample"),
        (OWN.replace("ratio_of_totals", "proportion"), "X.1", "mapping-role"),
        ("method: mean\ncolumns: {value: v}\n" + SECOND, "X.1", "mapping-no-second"),
        (OWN + SECOND.replace("denominator", "n"), "X.1", "mapping-role"),
    ],
)
def test_faults_between_the_file_and_the_method_are_found(text, code, expected):
    assert expected in [found for found, _ in faults(text, code)]


def test_all_faults_are_named_at_once_with_their_lines():
    text = "method: mean\ncolumns: {value: v}\nlonely: ignore\nconfidence: 2\ncolour: red\n"
    with pytest.raises(MilepostError) as caught:
        mapping.parse(text, "m.yaml")
    assert [problem.origin.row for problem in caught.value.problems] == [3, 4, 5]


def test_the_minimum_is_the_definitions_or_a_higher_one():
    def minimum(text, code="10.7.1"):
        return mapping.minimum_of(mapping.parse(text, "m.yaml"), code)

    assert minimum("columns: {}") == 30
    assert minimum("disclosure: {minimum: 50}") == 50
    assert minimum("columns: {}", "X.1") is None
    assert minimum("disclosure: {minimum: 3}", "X.1") == 3
    with pytest.raises(MilepostError, match="asks for 30 respondents in a cell; the mapping allows 5"):
        minimum("disclosure: {minimum: 5}")


def test_rules_of_dominance_have_the_largest_contributions_kept():
    def largest(settings):
        return task(OWN + f"disclosure: {settings}\n", "X.1").largest

    assert largest("{minimum: 5}") == 0
    assert largest("{p_percent: 10}") == 2
    assert largest("{p_percent: 10, n_k: [3, 75]}") == 3
