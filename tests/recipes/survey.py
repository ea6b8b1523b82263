"""A survey made up for the tests: 5,000 workers in 10 strata of 8 sampling units, with costs and earnings."""

import csv
import random
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

COLUMNS = ("person", "stratum", "psu", "weight", "sex", "birth", "age", "cost", "earnings", "insured")
SECRET = "987654.25"
"""A cost that only one person has: no message may quote it."""

MAPPING = """\
indicator: 10.7.1
columns: {cost: cost, earnings: earnings, weight: weight, stratum: stratum, psu: psu}
dimensions: {sex: sex, migratory_status: birth, age: age}
migratory_base: birth
recodes:
  sex: {"1": M, "2": F}
  migratory_status: {KG: NATIVE, other: FOREIGN}
  age: {Y15T24: [15, 24], Y25T64: [25, 64], Y_GE65: [65, null]}
"""


def rows(count=5000, seed=1):
    """One dict a person; some earn nothing, of some the country of birth is not known."""
    chance = random.Random(seed)
    found = []
    for person in range(count):
        stratum = chance.randrange(10)
        found.append(
            {
                "person": person,
                "stratum": stratum,
                "psu": stratum * 100 + chance.randrange(8),
                "weight": round(50 + 100 * chance.random(), 3),
                "sex": chance.choice([1, 2]),
                "birth": chance.choice(["KG", "KG", "KG", "UZ", "TJ", ""]),
                "age": chance.randrange(15, 80),
                "cost": float(SECRET) if person == 7 else round(chance.expovariate(1 / 300), 2),
                "earnings": 0.0 if chance.random() < 0.03 else round(200 + 500 * chance.random(), 2),
                "insured": chance.choice(["yes", "no"]),
            }
        )
    return found


def as_csv(path: Path, records, *, delimiter=",", encoding="utf-8"):
    """Write the records as CSV; the path."""
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.DictWriter(file, list(records[0]), delimiter=delimiter)
        writer.writeheader()
        writer.writerows(records)
    return path


def as_parquet(path: Path, records):
    """Write the records as Parquet; the path."""
    pq.write_table(pa.Table.from_pylist(records), path)
    return path
