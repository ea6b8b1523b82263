"""From records to figures on the command line: seven indicators, two from a survey with its design."""

import csv
import io
import math
import random

import pytest

from milepost import cli
from tests.spec import plain

MAPPING = """\
indicator: {code}
columns: {columns}
dimensions: {dimensions}
{more}
"""
DESIGN = {"weight": "weight", "stratum": "stratum", "psu": "psu"}


@pytest.fixture(scope="module")
def workers():
    """6,000 workers in 12 strata of 10 sampling units; 3 in 100 did not say what they paid."""
    chance = random.Random(7)
    found = []
    for _ in range(6000):
        stratum = chance.randrange(12)
        found.append(
            {
                "stratum": stratum,
                "psu": 100 * stratum + chance.randrange(10),
                "weight": round(chance.uniform(20, 90), 2),
                "sex": chance.choice(["M", "F"]),
                "status": chance.choice(["MIGRANT", "NATIVE", "NATIVE", "NATIVE"]),
                "cost": "" if chance.random() < 0.03 else round(chance.expovariate(1 / 700), 2),
                "earnings": round(chance.uniform(150, 900), 2),
                "fatal": int(chance.random() < 0.02),
                "nonfatal": int(chance.random() < 0.08),
                "workers": 1,
            }
        )
    return found


@pytest.fixture
def measured(tmp_path, capsys):
    """`measured(code, rows, columns, ...)`: what the command writes, by its cells without the totals' _T."""

    def run(code, rows, columns, *, dimensions=None, by="", second=None, more=""):
        records, mapping, out = tmp_path / "records.csv", tmp_path / "mapping.yaml", tmp_path / "out.csv"
        _write(records, rows)
        if second is not None:
            _write(tmp_path / "population.csv", second)
        text = MAPPING.format(code=code, columns=columns, dimensions=dimensions or {}, more=more)
        mapping.write_text(text, encoding="utf-8")
        arguments = ["measure", code, records, "--year", "2025", "--mapping", mapping, "--out", out]
        arguments += ["--by", by] if by else []
        assert cli.run(cli.COMMANDS, list(map(str, arguments))) == cli.DONE, capsys.readouterr().err
        names = by.split(",") if by else []
        with out.open(encoding="utf-8-sig", newline="") as file:
            return {
                tuple(row[name] for name in names if row[name] != "_T"): row for row in csv.DictReader(file)
            }

    return run


def _write(path, rows):
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    path.write_text(text.getvalue(), encoding="utf-8")


@pytest.mark.parametrize(("sex", "cell"), [(None, ()), ("F", ("F",))])
def test_10_7_1_is_the_mean_of_individual_ratios_with_its_error(measured, workers, sex, cell):
    found = measured(
        "10.7.1",
        workers,
        {"cost": "cost", "earnings": "earnings", **DESIGN},
        dimensions={"sex": "sex", "migratory_status": "status"},
        by="sex,migratory_status",
    )[cell]
    value, error, used = _ratio(workers, lambda w: w["cost"] / w["earnings"], lambda w: 1.0, sex, "cost")
    assert (float(found["value"]), float(found["se"])) == pytest.approx((value, error), rel=1e-9)
    assert int(found["n"]) == used


@pytest.mark.parametrize(("series", "column"), [("SL_EMP_FTLINJUR", "fatal"), ("SL_EMP_INJUR", "nonfatal")])
def test_8_8_1_is_two_rates_that_are_never_summed(measured, workers, series, column):
    found = measured(
        "8.8.1",
        workers,
        {column: column, "workers": "workers", **DESIGN},
        dimensions={"sex": "sex", "migratory_status": "status"},
        by="sex,migratory_status",
        more=f"series: {series}",
    )
    for sex in (None, "M", "F"):
        row = found[() if sex is None else (sex,)]
        value, error, _ = _ratio(workers, lambda w: w[column] * 1e5, lambda w: w["workers"], sex)
        assert (float(row["value"]), float(row["se"])) == pytest.approx((value, error), rel=1e-9)


def test_10_7_3_counts_people_over_incidents(measured):
    rows = [
        {"dead": 3, "missing": 2, "route": "sea"},
        {"dead": "", "missing": 7, "route": "sea"},
        {"dead": 1, "missing": "", "route": "land"},
        {"dead": "", "missing": "", "route": "land"},
    ]
    found = measured(
        "10.7.3", rows, {"dead": "dead", "missing": "missing"}, dimensions={"route": "route"}, by="route"
    )
    assert {cell: float(row["value"]) for cell, row in found.items()} == {(): 13, ("sea",): 12, ("land",): 1}
    assert {row["se"] for row in found.values()} == {""}


def test_10_7_4_adds_the_refugees_to_the_population(measured):
    rows = [{"refugees": 3000, "population": 7_000_000}]
    columns = {"refugees": "refugees", "population": "population"}
    found = measured("10.7.4", rows, columns)
    assert round(float(found[()]["value"]), 3) == 42.839


SERVICES = [
    # fee, margin in per cent, days, transparent, accessible: the cost is fee / 2 + margin per cent of 200
    {"amount": 200, "fee": 4, "margin": 1.0, "days": 1, "transparent": "yes", "accessible": "yes"},  # 3
    {"amount": 200, "fee": 6, "margin": 2.0, "days": 2, "transparent": "yes", "accessible": "yes"},  # 5
    {"amount": 200, "fee": 10, "margin": 2.0, "days": 5, "transparent": "yes", "accessible": "yes"},  # 7
    {"amount": 200, "fee": 20, "margin": 3.0, "days": 1, "transparent": "yes", "accessible": "yes"},  # 13
    {"amount": 200, "fee": 0, "margin": 1.0, "days": 9, "transparent": "yes", "accessible": "yes"},  # 1, slow
    {"amount": 500, "fee": 1, "margin": 0.0, "days": 1, "transparent": "yes", "accessible": "yes"},
]


@pytest.mark.parametrize(
    ("series", "value"), [("SI_RMT_COST", (3 + 5 + 7 + 13 + 1) / 5), ("SI_RMT_COST_SC", (3 + 5 + 7) / 3)]
)
def test_10_c_1_averages_services_and_smart_takes_the_three_cheapest(measured, series, value):
    rows = [{"corridor": "xs-xn", **service} for service in SERVICES]
    columns = {name: name for name in rows[0]}
    found = measured("10.c.1", rows, columns, more=f"series: {series}")
    assert float(found[()]["value"]) == pytest.approx(value, rel=1e-11)


def test_16_2_2_takes_the_population_from_a_second_source(measured):
    victims = [{"sex": sex, "victims": count} for sex, count in (("M", 14), ("F", 7), ("M", 6), ("F", 13))]
    population = [{"sex": "M", "people": 3_400_000}, {"sex": "F", "people": 3_600_000}]
    found = measured(
        "16.2.2",
        victims,
        {"victims": "victims"},
        dimensions={"sex": "sex"},
        by="sex",
        second=population,
        more="second: {file: population.csv, columns: {population: people}, dimensions: {sex: sex}}",
    )
    rates = {cell: float(row["value"]) for cell, row in found.items()}
    assert rates == pytest.approx({(): 40 / 70, ("M",): 20 / 34, ("F",): 20 / 36})


def test_17_3_2_is_personal_remittances_over_gdp(measured):
    row = {"personal_transfers": 1500.5, "compensation": 99.5, "gdp": 8000}
    found = measured("17.3.2", [row], {name: name for name in row})
    assert float(found[()]["value"]) == 20


def _ratio(workers, above, below, sex, needs="workers"):
    """Value, standard error and respondents of a ratio, by the textbook."""
    sample = [dict(worker, w=worker["weight"]) for worker in workers]
    inside = [one for one in sample if one[needs] != "" and sex in (None, one["sex"])]
    for one in inside:
        one["y"], one["x"] = above(one), below(one)
    value = plain.ratio(inside)
    return value, math.sqrt(plain.variance(sample, inside, value=value)), len(inside)
