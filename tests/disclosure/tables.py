"""Tables for these tests, and an attacker who is written down plainly and shares no code with the room."""

import itertools
import math

import highspy

from milepost.values import Estimate

ALL = "_T"


def cube(dimensions, finest, *, tables=None):
    """All margins of finest cells {(category, ...): n or (n, numerator, denominator)} as estimates.

    `tables` are the sets of dimensions that are crossed; by default all of them at once.
    """
    kept = [set(dimensions)] if tables is None else [set(table) for table in tables]
    totals = {}
    for key, given in finest.items():
        figures = (given, 0, 0) if isinstance(given, int) else given
        for broken in itertools.product((True, False), repeat=len(dimensions)):
            used = {name for name, yes in zip(dimensions, broken, strict=True) if yes}
            if any(used <= table for table in kept):
                margin = tuple(part if yes else ALL for part, yes in zip(key, broken, strict=True))
                had = totals.get(margin, (0, 0, 0))
                totals[margin] = tuple(a + b for a, b in zip(had, figures, strict=True))
    with_sums = any(not isinstance(figures, int) for figures in finest.values())
    cells = []
    for key, (n, numerator, denominator) in sorted(totals.items()):
        breakdown = dict(zip(dimensions, key, strict=True))
        if with_sums and denominator:
            share = numerator / denominator
            sums = {"numerator": float(numerator), "denominator": float(denominator)}
            error = math.sqrt(max(share * (1 - share), 0) / max(n - 1, 1))
            cells.append(Estimate(breakdown, value=share, se=error, ci_low=0.0, ci_high=1.0, n=n, sums=sums))
        elif with_sums:
            sums = {"numerator": float(numerator), "denominator": 0.0}
            cells.append(Estimate(breakdown, n=n, status="O", reason="zero-denominator", sums=sums))
        else:
            cells.append(Estimate(breakdown, value=float(n), n=n, sums={"numerator": float(n)}))
    return cells


def two_way(rows, *, names=("row", "column")):
    """The cells of a table written as a text of numbers, with all margins."""
    lines = [line.split() for line in rows.strip().splitlines()]
    finest = {
        (f"r{r}", f"c{c}"): int(number) for r, line in enumerate(lines, 1) for c, number in enumerate(line, 1)
    }
    return cube(names, finest)


def hidden(protected):
    """The keys of the hidden cells, in the order of their dimensions, joined by spaces."""
    return sorted(" ".join(cell.breakdown.values()) for cell in protected.cells if cell.status == "Q")


def quantity(cell, name):
    return cell.n if name == "n" else cell.sums.get(name)


def bounds_by_attack(original, published, name, *, known=()):
    """(true figure, lowest, highest) of every hidden cell, by an attacker who thinks of finest cells alone.

    Unknown are all combinations of all categories, printed or not; each printed cell says what some of
    them add up to; a cell of a crossing that is printed but has no row is empty.
    """
    names = list(original[0].breakdown)
    categories = [sorted({cell.breakdown[one] for cell in original} - {ALL}) or [ALL] for one in names]
    combinations = list(itertools.product(*categories))
    largest = max(quantity(cell, name) or 0 for cell in original)
    machine = highspy.Highs()
    machine.silent()
    unknowns = [machine.addVariable(lb=0, ub=3 * largest + 100) for _ in combinations]
    crossings = {tuple(part != ALL for part in cell.breakdown.values()) for cell in original}
    keys = {tuple(cell.breakdown.values()) for cell in original}

    def members(key):
        return [
            at
            for at, one in enumerate(combinations)
            if all(a in (ALL, b) for a, b in zip(key, one, strict=True))
        ]

    for crossing in crossings:
        for key in {
            tuple(p if yes else ALL for p, yes in zip(one, crossing, strict=True)) for one in combinations
        }:
            if key not in keys:
                for at in members(key):
                    machine.changeColBounds(at, 0, 0)
    for before, after in zip(original, published, strict=True):
        if after.status != "Q" or before.key in known:
            inside = members(tuple(before.breakdown.values()))
            machine.addConstr(machine.qsum(unknowns[at] for at in inside) == quantity(before, name))
    found = []
    for before, after in zip(original, published, strict=True):
        if after.status == "Q" and before.key not in known:
            total = machine.qsum(unknowns[at] for at in members(tuple(before.breakdown.values())))
            ends = []
            for push in (machine.minimize, machine.maximize):
                push(total)
                assert machine.getModelStatus() == highspy.HighsModelStatus.kOptimal
                ends.append(machine.getInfo().objective_function_value)
            found.append((before, quantity(before, name), *ends))
    return found
