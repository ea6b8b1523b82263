"""The overview of a data folder: one page in each language, from the first sentence down to every figure."""

import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from babel.dates import format_date
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup, escape

from milepost import progress
from milepost.errors import KINDS
from milepost.reports import charts, sentences
from milepost.values import MISSING_STATUSES, Observation, Problem, Series, Target, Text, Verdict

HERE = Path(__file__).parent
ASSETS = "static"
"""Folder of the style sheets and fonts, beside the pages."""

SHAPES = {
    "target_met": "full",
    "on_track": "full",
    "acceleration_needed": "half",
    "stagnation_or_regression": "triangle",
    "target_achieved": "full",
    "substantial_progress": "full",
    "moderate_progress": "half",
    "limited_progress": "ring",
    "deterioration": "triangle",
    "not_assessed": "dash",
}
"""The shape beside each verdict, in the order in which verdicts are counted: ● ◐ ▲ ○ –."""

GRAVITY_HEADINGS = {"error": "Error:", "warning": "Warning:", "note": "Note:"}

MOST_FAULTS_SHOWN = 12
"""Faults of one indicator that the page lists; `faults.json` holds all."""

MOST_LINES_TOGETHER = 3
"""Categories of a breakdown up to this number share one chart; more become small multiples."""

MOST_ENTRIES_IN_DETAIL = 60
"""Above this number of indicators each should show its first small breakdown only: the page stays light."""

LONGEST_LABEL = 20
"""Letters of a category's name that fit at the end of a line."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much there is: first and last year (None without data), observations, breakdown columns."""

    first: int | None = None
    last: int | None = None
    observations: int = 0
    breakdowns: int = 0


Panel = tuple[Text, Mapping[Text, Series]]
"""A breakdown: the name of its dimension, and the series of each category."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One indicator of the overview.

    `code` is as in file names ("10-7-4"), `number` as people write it ("10.7.4"). `headline` is the series
    without breakdown; `headline_name` says which one where an indicator has several. `downloads` are
    addresses relative to the page; "{language}" in them stands for the page's language.
    """

    code: str
    number: str
    title: Text
    goal: str
    verdict: Verdict
    unit: Text = field(default_factory=Text)
    headline: Series | None = None
    headline_name: Text = field(default_factory=Text)
    panels: tuple[Panel, ...] = ()
    target: Target | None = None
    reporting_status: str | None = None
    disaggregation_status: str | None = None
    source: Text = field(default_factory=Text)
    coverage: Coverage = field(default_factory=Coverage)
    problems: tuple[Problem, ...] = ()
    downloads: Mapping[str, str] = field(default_factory=dict)
    definition: Text = field(default_factory=Text)
    notes: Text = field(default_factory=Text)


Fragment = Mapping[str, Any]
"""One indicator in one language, ready for the page (`row` and `article` are HTML) and to be kept as JSON."""


@dataclass(frozen=True, slots=True)
class Overview:
    """A whole data folder: {language: its fragments, in the order they are shown}, and what is said of all.

    `source` is the name of the folder read; `method` the code of the progress method ("un", "statcan");
    `problems` are faults that belong to no indicator. `example` marks figures shown to try the software.
    """

    title: Text
    languages: tuple[str, ...]
    fragments: Mapping[str, Sequence[Fragment]]
    made_on: date
    source: str
    method: str
    goals: Mapping[str, Text] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    downloads: Mapping[str, str] = field(default_factory=dict)
    example: bool = False


# The doors --------------------------------------------------------------------------------------------------


def write(overview: Overview, out: Path) -> list[Path]:
    """Write index.html in the first language, index.<language>.html in the others, and `static/` beside them.

    Returns the paths of the pages.
    """
    out.mkdir(parents=True, exist_ok=True)
    shutil.copytree(HERE / "static", out / ASSETS, dirs_exist_ok=True)
    pages = []
    for language in overview.languages:
        path = out / address(overview, language)
        path.write_text(render(overview, language), encoding="utf-8", errors="replace")
        pages.append(path)
    return pages


def address(overview: Overview, language: str) -> str:
    """The file name of the page in a language."""
    return "index.html" if language == overview.languages[0] else f"index.{language}.html"


def render(overview: Overview, language: str) -> str:
    """The page in one language, as HTML; it needs `static/` beside it and no other host."""
    words = _Words(language, overview.languages)
    fragments = overview.fragments[language]
    names = [(other, sentences.locale(other).get_display_name(other)) for other in overview.languages]
    return _template("overview.html").render(
        overview=overview,
        count=len(fragments),
        goals=_by_goal(fragments),
        answer=words.answer(fragments),
        verdicts=_verdict_counts(fragments),
        faults=_fault_counts(fragments, overview.problems),
        made_on=format_date(overview.made_on, "long", sentences.locale(language)),
        pages=[(other, name, address(overview, other)) for other, name in names],
        shapes=SHAPES,
        words=words,
        say=words.say,
        text=words.text,
        sentences=sentences,
    )


def fragment(entry: Entry, language: str, languages: Sequence[str], *, in_detail: bool = True) -> Fragment:
    """One indicator in one language, for `Overview.fragments`; entries can be made apart from each other.

    `in_detail` draws every breakdown; without it the first small one is drawn and the others are named, which
    keeps the page light where there are more than MOST_ENTRIES_IN_DETAIL indicators.
    """
    words = _Words(language, languages)
    shown = _Shown.of(entry, words, in_detail=in_detail)
    given = {"shown": shown, "words": words, "say": words.say, "text": words.text, "sentences": sentences}
    return {
        "code": entry.code,
        "goal": entry.goal,
        "verdict": entry.verdict.verdict,
        "data": has_data(entry),
        "faults": _gravities(entry.problems),
        "row": _template("row.html").render(given),
        "article": _template("article.html").render(given),
    }


@lru_cache(maxsize=8)
def _template(name: str) -> Template:
    return _environment().get_template(name)


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


# Words ------------------------------------------------------------------------------------------------------


class _Words:
    """Sentences and names for one page, safe to print."""

    def __init__(self, language: str, languages: Sequence[str]):
        self.language = language
        self.others = [other for other in languages if other != language]
        self.say = sentences.translator(language)

    def html(self, msgid: str, /, **values: Any) -> Markup:
        """A message with markup in its values."""
        escaped = {name: escape(value) for name, value in values.items()}
        return Markup(self.say.fill(str(escape(self.say.template(msgid))), escaped))  # noqa: S704 - all of it escaped

    def text(self, text: Mapping[str, str] | str) -> Markup:
        """A name in the page's language; in another one it is marked, and said so."""
        if isinstance(text, str):
            return escape(_glued(text))
        best, language = Text(text).best(self.language, *self.others)
        best = _glued(best)
        if language in (None, self.language):
            return escape(best)
        name = sentences.locale(self.language).languages.get(language, language)
        note = self.say("in {language}: no translation", language=name)
        return Markup('<span lang="{}">{}</span> <small class="untranslated">({})</small>').format(
            language, best, note
        )

    def plain(self, text: Mapping[str, str] | str) -> str:
        """A name without marks, for charts."""
        return text if isinstance(text, str) else Text(text).best(self.language, *self.others)[0]

    def answer(self, fragments: Sequence[Fragment]) -> str:
        """What the page says first."""
        return self.say.plural(
            "{count} indicator: {data} with data, {assessed} assessed.",
            "Of {count} indicators, {data} have data and {assessed} could be assessed.",
            len(fragments),
            data=sum(one["data"] for one in fragments),
            assessed=sum(one["verdict"] != "not_assessed" for one in fragments),
        )

    def faults(self, counts: Mapping[str, int]) -> str:
        """How many faults were found, and how grave they are."""
        if not counts:
            return self.say("The checks found no faults.")
        parts = [
            self.say.plural(*many, counts[gravity])
            for gravity, many in {
                "error": ("{count} error", "{count} errors"),
                "warning": ("{count} warning", "{count} warnings"),
                "note": ("{count} note", "{count} notes"),
            }.items()
            if gravity in counts
        ]
        return self.say("The checks found: {faults}.", faults=", ".join(parts))

    def fault_count(self, count: int) -> str:
        """The heading of the faults of one indicator."""
        return self.say.plural("{count} fault", "{count} faults", count)

    def more_faults(self, count: int) -> str:
        """How many are not listed, and where they are."""
        return self.say.plural(
            "{count} more fault is in faults.json.", "{count} more faults are in faults.json.", count
        )

    def fault(self, problem: Problem) -> tuple[str, str, str, str]:
        """Gravity, what is wrong, how to mend it, where."""
        return _fault(problem, self)

    def gravity(self, code: str) -> str:
        """The word for how grave a fault is, as a heading."""
        return self.say(GRAVITY_HEADINGS[code])

    def verdict_name(self, code: str) -> str:
        """A verdict in a few words."""
        return self.say(progress.VERDICTS[code])

    def goal(self, overview: Overview, goal: str) -> Markup:
        """The number of a goal, and its name where the folder has one."""
        if not goal:
            return escape(self.say("Without a goal"))
        number = escape(self.say("Goal {number}", number=goal))
        name = overview.goals.get(goal)
        return Markup("{}. {}").format(number, self.text(name)) if name else number

    def unit(self, entry: Entry) -> Markup:
        """The unit as a line above a chart."""
        return self.text({key: word[:1].upper() + word[1:] for key, word in entry.unit.items()})

    def coverage(self, coverage: Coverage) -> str:
        """First and last year, how many observations, how many breakdown columns."""
        years = (
            f"{coverage.first}–{coverage.last}" if coverage.first != coverage.last else str(coverage.first)
        )
        return self.say(
            "{years}; {observations}, {breakdowns}",
            years=years,
            observations=self.say.plural(
                "{count} observation", "{count} observations", coverage.observations
            ),
            breakdowns=self.say.plural(
                "{count} breakdown column", "{count} breakdown columns", coverage.breakdowns
            )
            if coverage.breakdowns
            else self.say("no breakdown"),
        )

    def status(self, code: str) -> str:
        """A reporting status; one that is not known stays as it is."""
        return self.say(sentences.STATUSES[code]) if code in sentences.STATUSES else code

    def breakdowns(self, code: str) -> str:
        """How many of the breakdowns asked for are published; a status that is not known stays as it is."""
        return self.say(sentences.BREAKDOWN_STATUSES[code]) if code in sentences.BREAKDOWN_STATUSES else code

    def further(self, panels: Sequence[Panel]) -> str:
        """Breakdowns that the page does not draw, and where they are; "" if it draws all."""
        names = [f"{self.plain(dimension)} ({len(categories)})" for dimension, categories in panels]
        return (
            self.say("Further breakdowns are in the downloads: {names}.", names=", ".join(names))
            if names
            else ""
        )

    def caption(self, entry: Entry) -> Markup:
        """What the table of values holds: unit and file."""
        files = {o.origin.file for o in entry.headline.observations if o.origin} if entry.headline else set()
        parts = [self.text(entry.title)]
        if entry.unit:
            parts.append(self.text(entry.unit))
        if files:
            parts.append(self.html("from {files}", files=", ".join(sorted(files))))
        return Markup("; ").join(parts) + "."

    def imprint(self, overview: Overview, made_on: str) -> str:
        """How the page came to be."""
        return self.say("Made by Milepost on {date} from {folder}.", date=made_on, folder=overview.source)


_THOUSANDS = re.compile(r"(?<=\d) (?=\d{3}(?!\d))")


def _glued(text: str) -> str:
    """The text with numbers such as 100 000 kept on one line."""
    return _THOUSANDS.sub("\N{NO-BREAK SPACE}", text)


# One indicator ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Row:
    """A line of the table of values."""

    anchor: str
    period: str
    value: str
    status: str
    file: str
    row: str


@dataclass(frozen=True, slots=True)
class _Shown:
    """An entry with everything that the template prints."""

    entry: Entry
    finding: Markup
    latest: str
    latest_year: str
    chart: Markup
    spark: Markup
    rows: tuple[_Row, ...]
    rounding: str
    verdict: str
    shape: str
    why: str
    weaknesses: Sequence[str]
    panels: tuple["_ShownPanel", ...]
    further: str
    faults: tuple[tuple[str, str, str, str], ...]
    more_faults: int

    @classmethod
    def of(cls, entry: Entry, words: _Words, *, in_detail: bool = True) -> "_Shown":
        """The entry in the language of the words."""
        language, unit = words.language, words.plain(entry.unit)
        base = entry.verdict.figures.get("base_year", 2015)
        found = sentences.finding(entry.headline, unit=unit, language=language, base_year=base)
        if found.now is None and entry.reporting_status == "notstarted":
            found = sentences.Finding("No value is published: reporting has not started.", {})
        valued = [o for o in entry.headline.observations if o.value is not None] if entry.headline else []
        digits = sentences.digits_for([o.value for o in valued if o.value is not None])
        rows = tuple(_rows(entry, words, digits))
        latest = _latest(valued, found, language, digits)
        panels, further = _chosen(entry, in_detail=in_detail)
        return cls(
            entry=entry,
            finding=_linked(found, entry, words),
            latest=latest,
            latest_year=str(valued[-1].period) if latest else "",
            chart=_chart(entry, words, words.say(found.message, **found.values)),
            spark=Markup(charts.spark(entry.headline)),  # noqa: S704 - drawn by us, nothing foreign in it
            rows=rows,
            rounding=_rounding(valued, digits, words),
            verdict=sentences.verdict(entry.verdict, language),
            shape=SHAPES[entry.verdict.verdict],
            why=sentences.explanation(entry.verdict, language),
            weaknesses=sentences.weaknesses(entry.verdict.method, language) if entry.verdict.assessed else (),
            panels=_panels(entry, panels, words),
            further=words.further(further),
            faults=tuple(_fault(problem, words) for problem in entry.problems[:MOST_FAULTS_SHOWN]),
            more_faults=max(0, len(entry.problems) - MOST_FAULTS_SHOWN),
        )


def _latest(valued: Sequence[Observation], found: sentences.Finding, language: str, digits: int) -> str:
    """The latest value for the table of contents; none where several values compete."""
    return sentences.value(valued[-1], language, digits) if valued and "count" not in found.values else ""


def _linked(found: sentences.Finding, entry: Entry, words: _Words) -> Markup:
    """The finding, its figures leading to the rows of the table that they come from."""
    values = dict(found.values)
    for name, observation in (("now", found.now), ("then", found.then)):
        if name in values and observation is not None:
            link = Markup('<a class="figure{}" href="#{}">{}</a>')
            values[name] = link.format(
                " now" if name == "now" else "", _anchor(entry, observation), values[name]
            )
    return words.html(found.message, **values)


def _anchor(entry: Entry, observation: Observation) -> str:
    return f"v-{entry.code}-{re.sub(r'[^0-9A-Za-z]+', '-', observation.period.text)}"


def _rows(entry: Entry, words: _Words, digits: int) -> Iterator[_Row]:
    if entry.headline is None:
        return
    taken: set[str] = set()
    for observation in reversed(entry.headline.observations):
        anchor = _anchor(entry, observation)
        origin = observation.origin
        yield _Row(
            anchor="" if anchor in taken else anchor,
            period=str(observation.period),
            value=sentences.value(observation, words.language, digits),
            status="" if observation.status == "A" else sentences.status(observation.status, words.language),
            file=origin.file if origin else "",
            row=str(origin.row) if origin and origin.row is not None else "",
        )
        taken.add(anchor)


def _rounding(valued: Sequence[Observation], digits: int, words: _Words) -> str:
    """A sentence if the page shows less than the data hold."""
    if all(o.value is None or round(o.value, digits) == o.value for o in valued):
        return ""
    return words.say.plural(
        "Rounded to {count} decimal; the downloads hold every digit.",
        "Rounded to {count} decimals; the downloads hold every digit.",
        digits,
    )


def _chart(entry: Entry, words: _Words, finding: str) -> Markup:
    if entry.headline is None or len({point[0] for point in entry.headline.points()}) < 2:
        return Markup("")
    gaps = sentences.gaps(entry.headline.observations, words.language)
    return Markup(  # noqa: S704 - charts escapes every text
        charts.line(
            entry.headline,
            target=entry.target,
            language=words.language,
            title=words.say("Line chart: {title}", title=words.plain(entry.title)),
            description=f"{finding} {gaps}".strip(),
        )
    )


@dataclass(frozen=True, slots=True)
class _ShownPanel:
    """A breakdown: one chart, small multiples by label, or a table where there is a single year."""

    dimension: Markup
    chart: Markup | None = None
    multiples: tuple[tuple[Markup, Markup], ...] = ()
    table: tuple[tuple[Markup, str, str], ...] = ()


def _chosen(entry: Entry, *, in_detail: bool) -> tuple[list[Panel], list[Panel]]:
    """The breakdowns with a value that are drawn, and those that are only named."""
    filled = [panel for panel in entry.panels if any(series.points() for series in panel[1].values())]
    if in_detail:
        return filled, []
    drawn = [panel for panel in filled if len(panel[1]) <= MOST_LINES_TOGETHER][:1]
    return drawn, [panel for panel in filled if panel not in drawn]


def _panels(entry: Entry, panels: Sequence[Panel], words: _Words) -> tuple[_ShownPanel, ...]:
    """The breakdowns as drawn; those that take a whole row stand last."""
    shown = [_panel(entry, dimension, categories, words) for dimension, categories in panels]
    return tuple(sorted(shown, key=lambda panel: bool(panel.multiples)))


def _panel(entry: Entry, dimension: Text, categories: Mapping[Text, Series], words: _Words) -> _ShownPanel:
    name, language = words.text(dimension), words.language
    labels = {words.plain(category): series for category, series in categories.items()}
    valued = {label: series for label, series in labels.items() if series.points()}
    if all(len({year for year, _ in series.points()}) < 2 for series in valued.values()):
        return _ShownPanel(name, table=tuple(_table(categories, words)))
    title = f"{entry.number}: {words.plain(dimension)}"
    if len(valued) <= MOST_LINES_TOGETHER and max(map(len, valued)) <= LONGEST_LABEL:
        valued = {
            label: valued[label] for label in sorted(valued, key=_natural)
        }  # one colour for a category everywhere
        findings = (
            f"{label}: {sentences.finding_in_words(one, unit='', language=language)}"
            for label, one in valued.items()
        )
        chart = charts.line(
            valued, language=language, width=340, height=150, title=title, description=" ".join(findings)
        )
        return _ShownPanel(name, chart=Markup(chart))  # noqa: S704 - charts escapes every text
    drawn = charts.multiples(valued, language=language, title=title)
    shown = {words.plain(category): words.text(category) for category in categories}
    return _ShownPanel(name, multiples=tuple((shown[label], Markup(chart)) for label, chart in drawn.items()))  # noqa: S704


def _natural(label: str) -> list[tuple[int, int, str]]:
    """Sorts "5 to 11 years" before "12 to 14 years"."""
    return [
        (0, int(part), "") if part.isdigit() else (1, 0, part) for part in re.split(r"(\d+)", label) if part
    ]


def _table(categories: Mapping[Text, Series], words: _Words) -> Iterator[tuple[Markup, str, str]]:
    values = [value for series in categories.values() for _, value in series.points()]
    digits = sentences.digits_for(values)
    for category, series in categories.items():
        for observation in series.observations[-1:]:
            yield (
                words.text(category),
                str(observation.period),
                sentences.value(observation, words.language, digits),
            )


def _fault(problem: Problem, words: _Words) -> tuple[str, str, str, str]:
    what, remedy = sentences.fault(problem, words.language)
    return KINDS[problem.code].gravity, what, remedy, place(problem, words.say)


def place(problem: Problem, say: sentences.Translator) -> str:
    """Where a fault is, in words: file, sheet, row, column."""
    origin = problem.origin
    parts = [origin.file]
    if origin.sheet:
        parts.append(say("sheet {name}", name=origin.sheet))
    if origin.row is not None:
        parts.append(say("row {number}", number=origin.row))
    if origin.column is not None:
        parts.append(say("column {name}", name=origin.column))
    return ", ".join(parts)


# All indicators ---------------------------------------------------------------------------------------------


def _by_goal(fragments: Sequence[Fragment]) -> dict[str, list[dict[str, Markup]]]:
    goals: dict[str, list[dict[str, Markup]]] = {}
    for one in fragments:
        made = {part: Markup(one[part]) for part in ("row", "article")}  # noqa: S704 - our own templates made it
        goals.setdefault(one["goal"], []).append(made)
    return goals


def _verdict_counts(fragments: Sequence[Fragment]) -> dict[str, int]:
    """{verdict: how many}, those that occur, in the order of SHAPES."""
    found = [one["verdict"] for one in fragments]
    return {verdict: found.count(verdict) for verdict in SHAPES if verdict in found}


def _gravities(problems: Sequence[Problem]) -> dict[str, int]:
    """{gravity: how many faults}, those that occur."""
    found = [KINDS[problem.code].gravity for problem in problems]
    return {gravity: found.count(gravity) for gravity in sentences.GRAVITIES if gravity in found}


def _fault_counts(fragments: Sequence[Fragment], problems: Sequence[Problem]) -> dict[str, int]:
    counts = [one["faults"] for one in fragments] + [_gravities(problems)]
    sums = {gravity: sum(one.get(gravity, 0) for one in counts) for gravity in sentences.GRAVITIES}
    return {gravity: number for gravity, number in sums.items() if number}


def has_data(entry: Entry) -> bool:
    """Whether any figure of the indicator exists: its headline, a breakdown, or observations in the files."""
    series = [entry.headline, *(one for _, categories in entry.panels for one in categories.values())]
    shown = (o for one in series if one is not None for o in one.observations)
    return entry.coverage.observations > 0 or any(o.status not in MISSING_STATUSES for o in shown)
