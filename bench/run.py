"""Time whole commands on a synthetic platform: a table for people, JSON for machines (bench/results.json)."""

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

from bench import generate


def main() -> None:
    """Measure each case several times, report medians and the largest process's memory."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--large", action="store_true", help="also ten times the size")
    parser.add_argument("--out", type=Path, default=Path(__file__).with_name("results.json"))
    options = parser.parse_args()
    results = []
    with tempfile.TemporaryDirectory() as temporary:
        sizes = [(270, 150_000)] + ([(2_700, 1_500_000)] if options.large else [])
        for indicators, observations in sizes:
            folder = Path(temporary) / f"platform-{observations}"
            generate.platform(folder, indicators=indicators, observations=observations)
            results += _cases(folder, indicators, observations, options.runs)
    machine = f"{os.cpu_count()} processors, Python {platform.python_version()}"
    print(f"\n{machine}\n")
    print(f"{'case':<44}{'observations':>14}{'median s':>10}{'min s':>8}{'max s':>8}{'peak MB':>9}")
    for row in results:
        print(
            f"{row['case']:<44}{row['observations']:>14,}{row['median_s']:>10.2f}"
            f"{row['min_s']:>8.2f}{row['max_s']:>8.2f}{row['peak_mb']:>9.0f}"
        )
    options.out.write_text(
        json.dumps({"machine": machine, "results": results}, indent=2) + "\n", encoding="utf-8"
    )


def _cases(folder: Path, indicators: int, observations: int, runs: int) -> list[dict]:
    def case(name: str, prepare, *arguments: str) -> dict:
        print(f"measuring {name}, {observations:,} observations", file=sys.stderr)
        measured = []
        for number in range(runs):
            out = prepare(number)
            measured.append(
                _measure([sys.executable, "-m", "milepost", "build", str(folder), str(out), *arguments])
            )
        seconds = [second for second, _ in measured]
        return {
            "case": name,
            "indicators": indicators,
            "observations": observations,
            "median_s": statistics.median(seconds),
            "min_s": min(seconds),
            "max_s": max(seconds),
            "peak_mb": max(memory for _, memory in measured),
        }

    def fresh(kind: str):
        return lambda number: folder.parent / f"{folder.name}-{kind}-{number}"

    def one_changed(number: int) -> Path:
        file = next(iter(sorted((folder / "data").iterdir())))
        lines = file.read_text(encoding="utf-8").splitlines()
        lines[1] = lines[1].rsplit(",", 1)[0] + f",{40 + number}.5"
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return folder.parent / f"{folder.name}-plain-0"

    return [
        case("build", fresh("plain")),
        case("build, one file changed", one_changed),
        case("build --workbook", fresh("workbook"), "--workbook"),
        case("build --layout open-sdg", fresh("layout"), "--layout", "open-sdg"),
        case("build --sdmx", fresh("sdmx"), "--sdmx"),
    ]


def _measure(command: list[str]) -> tuple[float, float]:
    """Seconds of wall clock, and the peak memory in MB of all its processes together."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603
    peak = 0.0
    while process.poll() is None:
        peak = max(peak, _tree_memory(process.pid))
        time.sleep(0.02)
    if process.returncode != 0:
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}")
    largest = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return time.perf_counter() - start, peak or largest


def _tree_memory(pid: int) -> float:
    """Proportional set size, in MB, of a process and its descendants (pages shared by fork count once)."""
    total = 0.0
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                total += int(line.split()[1]) / 1024
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except (FileNotFoundError, ProcessLookupError, PermissionError):
        return total
    return total + sum(_tree_memory(int(child)) for child in children)


if __name__ == "__main__":
    main()
