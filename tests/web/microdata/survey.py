"""A survey of workers who came home, made by the tests: 5,000 records with strata and sampling units."""

import csv
import io
import math
import random

import polars
import pyreadstat

HEADERS = ("person", "region", "cluster", "weight", "sex", "age", "born", "cost", "earnings")
SECRET = "731642.77"
"""A cost that stands in one record alone, which cannot be used: it must be found nowhere else."""
ITS_RECORD = 102
FEW = 7
"""How many women of 65 and over were born abroad: too few to be told."""


def records(count: int = 5000) -> list[tuple]:
    """One person a row; a few have no earnings, and one group is very small."""
    draw = random.Random(7)
    found = []
    for person in range(count):
        sex, age = draw.choice((1, 2)), draw.randint(15, 64)
        born = "abroad" if draw.random() < 0.3 else "here"
        if person < FEW:
            sex, age, born = 2, 70, "abroad"
        elif person < FEW + 80:
            sex, age, born = 1, 70, "abroad" if person % 2 else "here"
        elif person < FEW + 160:
            sex, age, born = 2, 70, "here"
        cost = round(draw.uniform(100, 900) * (1.2 if sex == 2 else 1), 2)
        earnings = "" if person % 97 == 5 else round(draw.uniform(150, 700), 2)
        region = person % 10 + 1
        cluster = region * 100 + person // 10 % 8
        weight = round(draw.uniform(20, 60), 3)
        found.append((f"P{person:05d}", region, cluster, weight, sex, age, born, cost, earnings))
    hidden = list(found[ITS_RECORD])
    hidden[7] = float(SECRET)
    found[ITS_RECORD] = tuple(hidden)
    return found


def mean_ratio(holds) -> float:
    """10.7.1 by hand: the weighted mean of cost over earnings of the persons for whom `holds`."""
    used = [row for row in records() if row[8] != "" and holds(row)]
    weights = math.fsum(row[3] for row in used)
    return math.fsum(row[3] * row[7] / row[8] for row in used) / weights


def as_csv(rows=None) -> bytes:
    """The records as a CSV file."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADERS)
    writer.writerows(records() if rows is None else rows)
    return text.getvalue().encode()


def as_sav(path) -> bytes:
    """The same as a file of SPSS, with words for its values."""
    columns = {name: [row[at] for row in records()] for at, name in enumerate(HEADERS)}
    columns["born"] = [{"here": 1, "abroad": 2}[cell] for cell in columns["born"]]
    columns["earnings"] = [None if cell == "" else cell for cell in columns["earnings"]]
    for name in HEADERS[1:]:
        columns[name] = [None if cell is None else float(cell) for cell in columns[name]]
    pyreadstat.write_sav(
        polars.DataFrame(columns),
        str(path),
        column_labels={"sex": "Sex", "born": "Country of birth", "cost": "Recruitment cost"},
        variable_value_labels={
            "sex": {1: "Male", 2: "Female"},
            "born": {1: "Native-born", 2: "Foreign-born"},
        },
    )
    return path.read_bytes()
