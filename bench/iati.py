"""Time `milepost check` on a made-up IATI file: a table for people, JSON for machines (bench/iati.json).

Seconds are wall clock of the whole command; beside them stand those that its processes worked, which hardly
change when others use the machine, too.
"""

import argparse
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TextIO

SIZES = (2_000, 10_000)

_ACTIVITY = """
 <iati-activity xml:lang="en" default-currency="USD" last-updated-datetime="2024-03-01T00:00:00Z">
  <iati-identifier>XM-DAC-47066-{number}</iati-identifier>
  <reporting-org ref="XM-DAC-47066" type="40"><narrative>An organisation</narrative></reporting-org>
  <title><narrative>Activity {number}</narrative><narrative xml:lang="fr">Projet {number}</narrative></title>
  <description type="1"><narrative>What activity {number} is about.</narrative></description>
  <participating-org role="1" type="10" ref="XM-DAC-701-2"><narrative>Donor</narrative></participating-org>
  <participating-org role="4" type="40" ref="XM-DAC-47066"><narrative>Us</narrative></participating-org>
  <activity-status code="2"/>
  <activity-date type="1" iso-date="2022-01-01"/>
  <activity-date type="2" iso-date="2022-02-01"/>
  <activity-date type="3" iso-date="2024-12-31"/>
  <recipient-country code="SO" percentage="60"/>
  <recipient-country code="KE" percentage="40"/>
  <sector vocabulary="1" code="15190" percentage="50"/>
  <sector vocabulary="1" code="72010" percentage="50"/>
  <tag vocabulary="3" code="10.7"/>
  <policy-marker vocabulary="99" code="2a"><narrative>Gender mainstreamed</narrative></policy-marker>
{budgets}{transactions}{results}
 </iati-activity>"""
_BUDGET = """  <budget type="1" status="2">
   <period-start iso-date="{year}-01-01"/>
   <period-end iso-date="{year}-12-31"/>
   <value value-date="{year}-01-01">{value}</value>
  </budget>
"""
_TRANSACTION = """  <transaction>
   <transaction-type code="4"/>
   <transaction-date iso-date="2022-{month:02}-15"/>
   <value value-date="2022-{month:02}-15">{value}</value>
  </transaction>
"""
_INDICATOR = """   <indicator measure="1" ascending="1">
    <title><narrative>Persons reached, {number}</narrative></title>
    <baseline year="2021" value="0"/>
{periods}   </indicator>
"""
_PERIOD = """    <period>
     <period-start iso-date="{year}-01-01"/>
     <period-end iso-date="{year}-12-31"/>
     <target value="100"/>
     <actual value="90"/>
     <actual value="50"><dimension name="sex" value="female"/></actual>
     <actual value="40"><dimension name="sex" value="male"/></actual>
    </period>
"""


def generate(path: Path, activities: int) -> None:
    """Write a file of so many activities without a fault, each with a small results matrix."""
    with path.open("w", encoding="utf-8") as file:
        file.write('<?xml version="1.0" encoding="UTF-8"?>\n<iati-activities version="2.03">')
        for number in range(activities):
            _write(file, number)
        file.write("\n</iati-activities>\n")


def _write(file: TextIO, number: int) -> None:
    periods = "".join(_PERIOD.format(year=year) for year in (2022, 2023, 2024))
    indicators = "".join(_INDICATOR.format(number=place, periods=periods) for place in range(3))
    title = "   <title><narrative>A result</narrative></title>\n"
    results = f'  <result type="1">\n{title}{indicators}  </result>'
    budgets = "".join(_BUDGET.format(year=year, value=1000 + number) for year in (2022, 2023, 2024))
    transactions = "".join(_TRANSACTION.format(month=month, value=number) for month in range(2, 8))
    file.write(_ACTIVITY.format(number=number, budgets=budgets, transactions=transactions, results=results))


def main() -> None:
    """Measure the whole command several times for each size; medians."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--out", type=Path, default=Path(__file__).with_name("iati.json"))
    options = parser.parse_args()
    results = []
    with tempfile.TemporaryDirectory() as temporary:
        for activities in SIZES:
            path = Path(temporary) / f"activities-{activities}.xml"
            generate(path, activities)
            runs = [_seconds(path) for _ in range(options.runs)]
            seconds, worked = (round(statistics.median(each), 2) for each in zip(*runs, strict=True))
            size = round(path.stat().st_size / 1e6, 1)
            results.append(
                {"activities": activities, "mb": size, "median_s": seconds, "median_worked_s": worked}
            )
    print(f"{os.cpu_count()} processors, Python {platform.python_version()}\n")
    print(f"{'activities':>12}{'MB':>8}{'median s':>10}{'worked s':>10}")
    for row in results:
        print(
            f"{row['activities']:>12,}{row['mb']:>8.1f}{row['median_s']:>10.2f}{row['median_worked_s']:>10.2f}"
        )
    options.out.write_text(json.dumps(results, indent=2) + "\n")


def _seconds(path: Path) -> tuple[float, float]:
    """Seconds from start to end, and seconds worked."""
    before, began = _worked(), time.perf_counter()
    command = [sys.executable, "-m", "milepost", "check", str(path)]
    subprocess.run(command, check=True, capture_output=True)  # noqa: S603  (our own command)
    return time.perf_counter() - began, _worked() - before


def _worked() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
