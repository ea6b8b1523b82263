"""A results matrix as the indicator tracking table: the same rows for the page and the workbook."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import product
from pathlib import Path
from typing import Any, Literal, NamedTuple

from milepost.errors import refuse
from milepost.interchange import limits, tracking
from milepost.interchange.tracking import Cells, DryRun, FigureKey, Logged, Project, Row, Span, Typed
from milepost.progress import results as progress
from milepost.progress.results import Progress, Total
from milepost.recipes.words import problem_as_dict
from milepost.reports import sentences
from milepost.values import Origin, Problem
from milepost.values.figures import Amount
from milepost.values.observation import Breakdown
from milepost.values.results import Figure, Result, ResultIndicator


@dataclass(frozen=True, slots=True)
class Identity:
    """By what an indicator is known where it is kept: its id, the revision of its figures, locked periods.

    `number` is what people call it, where that is not its code; `end_target_locked` says that the target of
    the whole time may not be changed in the table; `categories` are those of its own dimensions, and
    `comments_on_parts` says whether a breakdown or place can have a comment, or only the whole.
    """

    id: str
    revision: str = ""
    locked: frozenset[Span] = frozenset()
    number: str = ""
    end_target_locked: bool = False
    categories: Mapping[str, Sequence[str]] | None = None
    comments_on_parts: bool = True


def table(
    results: Iterable[Result],
    *,
    today: date,
    end: date | None = None,
    language: str = "en",
    identities: Mapping[tuple[str, str], Identity] | None = None,
    names: Mapping[str, str] | None = None,
    categories: Mapping[str, Sequence[str]] | None = None,
    places: Sequence[str] = (),
    margin: Decimal = progress.MARGIN,
) -> tuple[Row, ...]:
    """Every level, indicator, breakdown and place as a row, with what its figures come to by the day.

    `identities` are found by the codes of result and indicator, which must differ; without one, the two codes
    are the id. `names` are words for categories and places. A row is made for every breakdown and place that
    has a figure, and for all that an indicator asks for where its `categories` and `places` are given.
    """
    results = tuple(results)
    codes = Counter(_codes(results))
    for (result, indicator), count in codes.items():
        if count > 1:
            raise refuse("result-code-twice", Origin(result), name=indicator, count=count)
    words = words_in(language)
    maker = _Maker(
        today=today,
        end=end,
        language=language,
        words=words,
        identities=identities or {},
        names=names or {},
        categories=dict(categories or {}),
        places=tuple(places),
        margin=margin,
    )
    return tuple(row for result in results for row in maker.of_result(result, 0))


def _codes(results: Iterable[Result]) -> Iterator[tuple[str, str]]:
    for result in results:
        yield from ((result.code, indicator.code) for indicator in result.indicators)
        yield from _codes(result.below)


def words_in(language: str) -> dict[str, str]:
    """The words of the table in a language."""
    say = sentences.translator(language)
    return {code: say(word) for code, word in tracking.WORDS.items()}


@dataclass(frozen=True)
class _Maker:
    """What all rows of a table have in common."""

    today: date
    end: date | None
    language: str
    words: Mapping[str, str]
    identities: Mapping[tuple[str, str], Identity]
    names: Mapping[str, str]
    categories: dict[str, Sequence[str]]
    places: tuple[str, ...]
    margin: Decimal

    def of_result(self, result: Result, depth: int) -> Iterator[Row]:
        title = result.title.best(self.language)[0]
        level = self.words[result.level]
        yield Row(f"level|{result.code}", "level", result.code, title, level, depth=depth)
        for indicator in result.indicators:
            identity = self.identities.get((result.code, indicator.code))
            identity = identity or Identity(f"{result.code}/{indicator.code}")
            yield from self.of_indicator(indicator, identity, level, depth + 1)
        for below in result.below:
            yield from self.of_result(below, depth + 1)

    def of_indicator(
        self, indicator: ResultIndicator, identity: Identity, level: str, depth: int
    ) -> Iterator[Row]:
        number = identity.number or indicator.code
        title = indicator.title.best(self.language)[0]
        yield self.row(indicator, identity, number=number, title=title, level=level, depth=depth)
        for n, (breakdown, place) in enumerate(self.parts(indicator, identity), 1):
            named = [place] * bool(place) + [code for _, code in breakdown]
            title = " · ".join(self.names.get(code, code) for code in named)
            yield self.row(
                indicator,
                identity,
                breakdown=breakdown,
                place=place,
                number=f"{number}-{n}",
                title=title,
                level=level,
                depth=depth + 1,
            )

    def parts(self, indicator: ResultIndicator, identity: Identity) -> list[tuple[Breakdown, str]]:
        """Every breakdown and place that has a figure or is asked for; the whole first, then each place."""
        seen = {(figure.breakdown, figure.place): None for figure in _figures(indicator)}
        seen |= {((), place): None for place in self.places}
        known = self.known(identity)
        for dimensions in indicator.dimensions:
            choices = [[(name, code) for code in known.get(name, ())] for name in sorted(dimensions)]
            seen |= {(chosen, ""): None for chosen in product(*choices)}
        seen.pop(((), ""), None)
        places = {place: n for n, place in enumerate(dict.fromkeys(["", *(place for _, place in seen)]))}
        crossed = {names: n for n, names in enumerate(dict.fromkeys(map(_dimensions, seen)))}
        return sorted(seen, key=lambda part: (places[part[1]], len(part[0]), crossed[_dimensions(part)]))

    def known(self, identity: Identity) -> dict[str, Sequence[str]]:
        """The categories of each dimension: the indicator's own before those of all."""
        return self.categories | dict(identity.categories or {})

    def row(
        self,
        indicator: ResultIndicator,
        identity: Identity,
        *,
        number: str,
        title: str,
        level: str,
        depth: int,
        breakdown: Breakdown = (),
        place: str = "",
    ) -> Row:
        """One row with all its figures."""
        answer = progress.assess(
            indicator,
            today=self.today,
            end=self.end,
            breakdown=breakdown,
            place=place,
            places=self.places,
            categories=self.known(identity),
            margin=self.margin,
        )

        def entered(figures: Iterable[Figure]) -> Figure | None:
            return next((f for f in figures if f.breakdown == breakdown and f.place == place), None)

        periods = {}
        for one in answer.periods:
            target, actual = entered(one.period.targets), entered(one.period.actuals)
            span = (one.period.start, one.period.end)
            shown = _Shown(one.target, one.actual, one.to_date)
            cells = self.cells(one.progress, target, actual, shown)
            periods[span] = cells if span not in identity.locked else _locked(cells)
        shown = _Shown(answer.end_target, answer.actual, answer.actual)
        whole = self.cells(answer.progress, entered(indicator.end_target), None, shown)
        baseline = entered(indicator.baseline.figures) if indicator.baseline else None
        return Row(
            id=row_id(identity.id, breakdown, place),
            kind="part" if breakdown or place else "indicator",
            number=number,
            title=title,
            level=level,
            unit=indicator.unit,
            direction=indicator.direction,
            counting=indicator.counting,
            measure=indicator.measure,
            depth=depth,
            revision=identity.revision,
            baseline=self.said(baseline, answer.baseline),
            whole=_locked(whole) if identity.end_target_locked else whole,
            periods=periods,
            indicator=identity.id,
            breakdown=breakdown,
            place=place,
            commented=identity.comments_on_parts or not (breakdown or place),
        )

    def said(self, figure: Figure | None, total: Total) -> Decimal | str | None:
        """A baseline as printed: its value, its words, or why there is none."""
        if total.amount.value is not None:
            return total.amount.value
        if figure is not None and figure.status != "A":
            return self.words[figure.status]
        return total.amount.text or None

    def cells(self, judged: Progress, target: Figure | None, actual: Figure | None, shown: "_Shown") -> Cells:
        """What was entered, what the parts come to where nothing was, and progress."""
        notes: list[str] = []
        for note in (*shown.actual.notes, *shown.to_date.notes):
            said = sentences.result_note(note, self.language)
            notes += [said] * (said not in notes)
        return Cells(
            target=target,
            actual=actual,
            actual_shown=_valued(shown.actual) if actual is None else None,
            target_shown=_valued(shown.target) if target is None else None,
            to_date=shown.to_date.amount.value,
            met=judged.share,
            verdict=judged.verdict,
            reason=judged.reason,
            overdue=judged.overdue,
            notes=tuple(notes),
        )


class _Shown(NamedTuple):
    """What a row's figures come to: its target, its actual, and the actual since the start."""

    target: Total
    actual: Total
    to_date: Total


def _valued(total: Total) -> Amount | None:
    return total.amount if total.amount.value is not None else None


def _dimensions(part: tuple[Breakdown, str]) -> tuple[str, ...]:
    return tuple(name for name, _ in part[0])


def row_id(indicator: str, breakdown: Breakdown = (), place: str = "") -> str:
    """The id of a row: the indicator's, its categories, its place.

    >>> row_id("indicator:12", (("age", "15-24"), ("sex", "F")), "KG-B")
    'indicator:12|age=15-24|sex=F@KG-B'
    """
    cells = "".join(f"|{name}={code}" for name, code in breakdown)
    return f"{indicator}{cells}" + (f"@{place}" if place else "")


def _locked(cells: Cells) -> Cells:
    return replace(cells, locked=True)


def _figures(indicator: ResultIndicator) -> Iterator[Figure]:
    if indicator.baseline:
        yield from indicator.baseline.figures
    yield from indicator.end_target
    for period in indicator.periods:
        yield from period.targets
        yield from period.actuals


# Out and in -------------------------------------------------------------------------------------------------


def write(
    rows: Sequence[Row],
    project: Project,
    path: Path | str,
    *,
    language: str = "en",
    log: Sequence[Logged] = (),
    paper: Literal["A3", "A4"] = "A3",
    secret: bytes = b"",
) -> None:
    """The table as a workbook to be filled in."""
    words = words_in(language)
    tracking.write(rows, project, path, words=words, language=language, log=log, paper=paper, secret=secret)


def read(
    path: Path | str,
    rows: Sequence[Row],
    project: Project,
    *,
    secret: bytes = b"",
    decisions: Mapping[FigureKey, int] | None = None,
) -> DryRun:
    """What a filled-in workbook would change, read within the limits for files of others.

    `decisions` settle figures in conflict: tracking.KEEP, or the line of the sheet that counts.
    """
    return limits.guarded(_read, path, rows, project, secret, decisions or {})


def _read(
    path: Path | str,
    rows: Sequence[Row],
    project: Project,
    secret: bytes,
    decisions: Mapping[FigureKey, int],
) -> DryRun:
    return tracking.read(path, rows, project, words_in=words_in, secret=secret, decisions=decisions)


def send_back(
    run: DryRun,
    rows: Sequence[Row],
    project: Project,
    path: Path | str,
    *,
    language: str = "en",
    log: Sequence[Logged] = (),
    paper: Literal["A3", "A4"] = "A3",
    secret: bytes = b"",
) -> None:
    """The same workbook with what was typed, and at every refused cell what is wrong and how to mend it.

    It starts from the rows as they are now: sent in again, it is no longer in conflict with them.
    """
    typed = {}
    for change in run.changes:
        words = "" if change.problem is None else " ".join(sentences.fault(change.problem, language))
        if change.kind not in ("same", "kept"):
            typed[change.row, change.column] = Typed(change.typed, words)
    tracking.write(
        rows,
        project,
        path,
        words=words_in(language),
        language=language,
        log=log,
        paper=paper,
        secret=secret,
        typed=typed,
    )


def run_as_dict(run: DryRun, language: str = "en") -> dict[str, Any]:
    """A dry run ready for JSON or a page: each changed cell, and every fault with its place and remedy."""
    return {
        "rows": run.rows,
        "unchanged": run.unchanged,
        "changes": [
            {
                "kind": change.kind,
                "row": change.row,
                "period": tracking.dates(change.span) if change.span else None,
                "name": change.name,
                "written": change.written,
                "here": change.here,
                "typed": change.typed,
                "sheet": change.sheet,
                "cell": change.cell,
                "problem": _problem(change.problem, language),
            }
            for change in run.changes
        ],
        "problems": [problem_as_dict(problem, language) for problem in run.problems],
    }


def _problem(problem: Problem | None, language: str) -> dict[str, Any] | None:
    return None if problem is None else problem_as_dict(problem, language)
