"""One choice of figures as sentence, picture and table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from milepost import catalogue
from milepost.reports import answers, charts, sentences
from milepost.values import Series, Target
from milepost.web.indicators.queries import names
from milepost.web.indicators.queries.portal import Figure, Line
from milepost.web.indicators.views.citing import language
from milepost.web.ui.templatetags.ui import text, traced

MOST_CHARTS = 16
"""Small multiples up to this number; of more lines there is the table only."""

COLUMNS = 6
"""Lines up to this number stand in columns, with the years below each other; more stand in rows."""

_PLAIN = "A"


def as_drawn(svg: str) -> SafeString:
    """A drawing of ours for a template; `charts` escapes every word in it."""
    return mark_safe(svg)  # noqa: S308


@dataclass(frozen=True)
class Measure:
    """A quantity as a page speaks of it: its unit by code and in words, and what it is counted in."""

    code: str
    words: names.Words
    multiplier: str

    @classmethod
    def of(cls, quantity: names.Quantity, definition: catalogue.Indicator | None) -> "Measure":
        """The measure of a quantity."""
        code, words = names.unit(quantity, definition)
        multiplier = "" if quantity.unit_mult in ("", "0") else quantity.unit_mult
        return cls(code, words, multiplier)

    @property
    def name(self) -> str:
        """The unit in the reader's language, with thousand or million."""
        words = names.said(self.words, language())
        say = sentences.translator(language())
        if self.multiplier not in answers.MULTIPLIERS:
            return words
        return say(answers.MULTIPLIERS[self.multiplier], value="").strip() + (f", {words}" if words else "")

    def finding(self, line: Line | None) -> sentences.Finding:
        """What changed, as a message with what fills it."""
        return answers.change(
            line.value if line is not None else None,
            unit=self.code,
            name=names.said(self.words, language()),
            multiplier=self.multiplier,
            language=language(),
        )

    def sentence(self, line: Line | None) -> str:
        """What changed, in plain words."""
        found = self.finding(line)
        return sentences.translator(language())(found.message, **found.values)

    def compared(self, lines: Mapping[str, Series]) -> str:
        """For whom it is how high."""
        return answers.by_category(lines, unit=self.code, multiplier=self.multiplier, language=language())


def answer(measure: Measure, line: Line | None) -> SafeString:
    """The first sentence of a page, each figure in it a link to where it comes from."""
    found = measure.finding(line)
    filling: dict[str, Any] = dict(found.values)
    for name, observation in (("now", found.now), ("then", found.then)):
        if observation is None or name not in filling or line is None:
            continue
        figure = line.at(str(observation.period))
        if figure is not None:
            filling[name] = traced(filling[name], figure.address)
    message = sentences.translator(language()).template(found.message)
    return format_html(message, **filling) if filling else SafeString(conditional_escape(message))


def broken(measure: Measure, line: Line | None) -> str:
    """That the series has a break between the two figures of the first sentence; "" where it has none."""
    found = measure.finding(line)
    if line is None or found.now is None or found.then is None:
        return ""
    first, last = found.then.period, found.now.period
    years = [o.period.text for o in line.value.observations if o.status == "B" and first < o.period <= last]
    return (
        _("The series has a break in {years}: what is before and after cannot simply be compared.").format(
            years=", ".join(years)
        )
        if years
        else ""
    )


@dataclass(frozen=True)
class Row:
    """A row of the table: what it is about, and a cell for each column."""

    head: SafeString
    cells: tuple[SafeString, ...]


@dataclass(frozen=True)
class Panel:
    """A chart or small multiples, and the table with the same figures."""

    chart: SafeString
    multiples: tuple[tuple[str, SafeString], ...]
    columns: tuple[SafeString, ...]
    rows: tuple[Row, ...]
    years_down: bool
    statuses: tuple[tuple[str, str], ...]  # (code, words) of the marks in the table
    silent: tuple[str, ...]  # lines that are not drawn, with the reason
    intervals: bool


def panel(
    lines: Sequence[Line], *, target: Target | None, title: str, measure: Measure, own: names.Own
) -> Panel:
    """The chart and the table of these lines, which are one choice of a page."""
    labelled = {names.label(line.series.categories, language(), own): line for line in lines}
    chart, multiples = _charts(labelled, target=target, title=title, measure=measure)
    columns, rows, years_down = _table(lines, own)
    found = {figure.status for line in lines for figure in line.figures if figure.value is not None}
    statuses = sorted(found - {_PLAIN})
    return Panel(
        chart=as_drawn(chart),
        multiples=tuple((label, as_drawn(drawn)) for label, drawn in multiples.items()),
        columns=columns,
        rows=rows,
        years_down=years_down,
        silent=tuple(_silent(label, line) for label, line in labelled.items() if line.latest is None),
        statuses=tuple((code, sentences.status(code, language())) for code in statuses),
        intervals=any(line.intervals for line in lines),
    )


def _silent(label: str, line: Line) -> str:
    """Why a line is not drawn: "Women, migrants: suppressed"."""
    reasons = sorted({sentences.status(figure.status, language()) for figure in line.figures})
    return f"{label}: {', '.join(reasons)}" if label else ", ".join(reasons)


def _charts(
    lines: Mapping[str, Line], *, target: Target | None, title: str, measure: Measure
) -> tuple[str, dict[str, str]]:
    """One chart of few lines, else small multiples; neither where there is nothing to compare."""
    drawable = {label: line.value for label, line in lines.items() if line.latest is not None}
    if not drawable or len(drawable) > MOST_CHARTS:
        return "", {}
    intervals = {label: line.intervals for label, line in lines.items()}
    single = len(drawable) == 1
    if len(drawable) <= charts.MOST_LINES:
        only = next(iter(drawable))
        said = measure.sentence(lines[only]) if single else measure.compared(drawable)
        chart = charts.line(
            drawable[only] if single else drawable,
            target=target,
            language=language(),
            width=480,
            height=230,
            title=title,
            description=said,
            intervals={"": intervals[only]} if single else intervals,
            points=True,
        )
        return chart, {}
    return "", charts.multiples(
        drawable, language=language(), title=title, target=target, intervals=intervals, points=True
    )


# The table --------------------------------------------------------------------------------------------------


def _table(lines: Sequence[Line], own: names.Own) -> tuple[tuple[SafeString, ...], tuple[Row, ...], bool]:
    """Years below each other for a few lines, else a row for each line; the latest year first."""
    values = [figure.value for line in lines for figure in line.figures if figure.value is not None]
    digits = sentences.digits_for(values)
    periods = sorted(
        {(figure.year, figure.period) for line in lines for figure in line.figures}, reverse=True
    )
    by_period = [{figure.period: figure for figure in line.figures} for line in lines]
    years_down = len(lines) <= COLUMNS
    heads = tuple(_head(line, own) for line in lines)
    written = tuple(format_html("{}", period) for _year, period in periods)
    if years_down:
        rows = tuple(
            Row(head, tuple(_cell(own.get(period), digits) for own in by_period))
            for head, (_year, period) in zip(written, periods, strict=True)
        )
        return heads, rows, True
    rows = tuple(
        Row(head, tuple(_cell(own.get(period), digits) for _year, period in periods))
        for head, own in zip(heads, by_period, strict=True)
    )
    return written, rows, False


def _head(line: Line, own: names.Own) -> SafeString:
    """What a line is about, marked where its words are in another language."""
    return format_html_join(
        ", ", "{}", ((text(names.category(*pair, own)),) for pair in line.series.categories)
    )


def _cell(figure: Figure | None, digits: int) -> SafeString:
    """A figure that leads home, with its interval and a mark for its status; blank where there is none."""
    if figure is None:
        return _BLANK
    shown = traced(sentences.value(figure.as_value(), language(), digits), figure.address)
    if figure.status != _PLAIN and figure.value is not None:
        words = sentences.status(figure.status, language())
        shown = format_html('{} <abbr class="flag" title="{}">{}</abbr>', shown, words, figure.status)
    if figure.interval is not None:
        lower, upper = (sentences.number(one, language(), digits) for one in figure.interval)
        shown = format_html('{} <span class="interval">{}–{}</span>', shown, lower, upper)
    return shown


_BLANK = mark_safe("")
