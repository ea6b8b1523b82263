"""Time `milepost project read` on made-up pages of every layout: a line, and bench/project_pages.json.

Seconds on the clock depend on what else the machine does; the processor's seconds do not.
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

PLACES = (
    "Kenya",
    "Tonga Vanuatu",
    "Democratic Republic of the Congo Eswatini Lesotho",
    "Côte d’Ivoire",
    "Viet Nam",
)
TYPES = ("Labour Migration", "Migration Policy Activities", "Immigration and Borders", "TCMMCB")
STORY = (
    "The project counts the roads and lakes of the north, trains officers of the ministry, and tells what it "
    "found to the government, to other agencies of the country, and to whoever else asks for it.\n"
) * 8
MENU = "".join(f"-\nPart {part}\nPart {part}\n- Where we work\n" for part in range(8)) + "- 2030 Agenda\n"
LABELS = ("Start Date", "End Date", "Project Status", "Project Type", "Budget Amount (USD)", "Coverage",
          "Year", "IDF Region", "Prima ID", "Projects ID", "Benefiting Member States")  # fmt: skip


def page(number: int) -> str:
    """One page; four in a row have four layouts."""
    title = f"Roads and Lakes for the Movers of District {number // 2}"
    facts = ("2019", "2021", "Completed", TYPES[number % 4], f"{50 + number % 250}000.00", "National", "2018",
             "Africa", f"KE10P{number:04}", f"LM.{number:04}", PLACES[number % 5])  # fmt: skip
    pairs = list(zip(LABELS, facts, strict=True))
    match number % 4:
        case 0:
            return MENU + title + "\n" + "".join(f"-\n{label}\n{fact}\n" for label, fact in pairs) + STORY
        case 1:
            return (
                f"{title}\n\n" + "".join(f"  • {label}\n    {fact}\n" for label, fact in pairs) + f"\n{STORY}"
            )
        case 2:
            lines = (facts[7], facts[9], facts[8], facts[4], facts[10], facts[3], facts[5], facts[2])
            return f"- About\n- Donate Now\n{title}\n{title}\n" + "\n".join(lines) + f"\n{STORY}"
    return f"{title}\n\n" + "".join(f"{label}: {fact}\n" for label, fact in pairs) + f"\n{STORY}"


def _worked() -> float:
    """Processor seconds of all processes that this one has run so far."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> None:
    """Read 1,000 pages in one process, its start included, several times; report the median."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--pages", type=int, default=1_000)
    parser.add_argument("--out", type=Path, default=Path(__file__).with_name("project_pages.json"))
    options = parser.parse_args()
    seconds, worked = [], []
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder) / f"page-{number:05}.txt" for number in range(options.pages)]
        for number, file in enumerate(files):
            file.write_text(page(number), encoding="utf-8")
        for _ in range(options.runs):
            start, before = time.perf_counter(), _worked()
            command = [sys.executable, "-m", "milepost", "project", "read", *map(str, files), "--json"]
            output = subprocess.run(command, capture_output=True, check=True).stdout  # noqa: S603
            seconds.append(time.perf_counter() - start)
            worked.append(_worked() - before)
            if len(json.loads(output)) != options.pages:
                raise SystemExit("pages are missing")
    machine = f"{os.cpu_count()} processors, Python {platform.python_version()}"
    median, busy = statistics.median(seconds), statistics.median(worked)
    spread = f"{min(seconds):.2f}-{max(seconds):.2f}"
    print(f"{machine}: {options.pages:,} pages in {median:.2f} s ({spread}), {busy:.2f} s of a processor")
    result = {
        "case": "project pages",
        "pages": options.pages,
        "median_s": round(median, 2),
        "min_s": round(min(seconds), 2),
        "median_worked_s": round(busy, 2),
    }
    options.out.write_text(
        json.dumps({"machine": machine, "results": [result]}, indent=2) + "\n", encoding="utf-8"
    )


if __name__ == "__main__":
    main()
