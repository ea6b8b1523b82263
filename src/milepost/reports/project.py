"""Documents about one project: the interim or final report, and the fact sheet of one page.

The report is drafted from what the register holds; it computes nothing. Achievement, burn rate and status
come in as they are shown elsewhere. What nobody wrote yet is said to be missing, never left out.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

from babel.dates import format_date, format_interval

from milepost.reports import bars, sentences
from milepost.reports.document import (
    Block,
    Cell,
    Chart,
    Column,
    Columns,
    Document,
    Fact,
    Facts,
    Heading,
    List,
    Note,
    Paragraph,
    Row,
    Run,
    Source,
    Sources,
    Table,
    Words,
)
from milepost.values import Breakdown, Text
from milepost.values.project import Project
from milepost.values.results import Figure, Reference, Result, ResultIndicator

STATUSES = {
    "1": "in preparation",
    "2": "under implementation",
    "3": "finalisation",
    "4": "closed",
    "5": "cancelled",
    "6": "suspended",
}
"""Status of a project, by IATI code (ActivityStatus)."""

ROLES = {"1": "Donors", "2": "Accountable", "3": "Passed on by", "4": "Implementing partners"}
"""What an organisation does in a project, by IATI code (OrganisationRole)."""

LEVELS = {"objective": "Objective", "outcome": "Outcome", "output": "Output", "activity": "Activity"}

LINES = {"staff": "Staff", "office": "Office", "operational": "Operational"}
"""Parts of a budget, as the fund divides it."""

SECTIONS = {
    "summary": "Summary",
    "context": "Context and changes since the last report",
    "challenges": "Challenges and how they were met",
    "cross_cutting": "Gender, rights and protection",
    "partnerships": "Partnerships and coordination",
    "visibility": "Visibility",
    "lessons": "Lessons",
    "sustainability": "Sustainability",
    "next_steps": "Next steps",
    "conclusion": "Conclusion",
}
"""Parts of the narrative, by code."""

PARTS: dict[str, tuple[str, ...]] = {
    "interim": (
        "context",
        "challenges",
        "cross_cutting",
        "partnerships",
        "visibility",
        "lessons",
        "next_steps",
    ),
    "final": (
        "context",
        "challenges",
        "cross_cutting",
        "partnerships",
        "visibility",
        "lessons",
        "sustainability",
        "conclusion",
    ),
}
"""Parts of the narrative beside the summary, by kind of report; each is expected."""

KINDS = {"interim": "Interim report", "final": "Final report"}

MOST_LINES_DRAWN = 12
"""Budget lines that are drawn one by one; of more, the picture shows the total only."""

MOST_KEY_INDICATORS = 7
"""Indicators that a fact sheet shows; how many more there are is said."""


@dataclass(frozen=True, slots=True)
class Achieved:
    """What an indicator was to reach and reached, of the whole or of one breakdown.

    `result` and `indicator` are the codes of the matrix. A figure that was never reported is None.
    `percent` is progress from the baseline to `target` (that of the period), `reached` whether it was met;
    `verdict` says it in the reader's words. `trace` is the address of the actual's evidence.
    """

    result: str
    indicator: str
    baseline: Figure | None = None
    target: Figure | None = None
    actual: Figure | None = None
    end_target: Figure | None = None
    percent: Decimal | None = None
    reached: bool | None = None
    verdict: str = ""
    breakdown: Breakdown = ()
    name: str = ""
    """Of the breakdown, in the reader's words, such as "Women, 18–29"."""
    trace: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """A row of the workplan; `status` is in the reader's words."""

    code: str
    title: str
    planned: tuple[date | None, date | None] = (None, None)
    actual: tuple[date | None, date | None] = (None, None)
    status: str = ""
    responsible: str = ""
    milestone: bool = False
    trace: str = ""


@dataclass(frozen=True, slots=True)
class Post:
    """Person-months of a role in the project, planned and spent; None is not recorded."""

    role: str
    planned: Decimal | None = None
    spent: Decimal | None = None
    note: str = ""
    trace: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A budget line: planned, spent, and the one in per cent of the other; `part` is a code of LINES."""

    name: str
    part: str = ""
    budget: Decimal | None = None
    spent: Decimal | None = None
    percent: Decimal | None = None
    comment: str = ""
    trace: str = ""
    left: Decimal | None = None
    """What is left of it, below zero where more was spent; None where nothing is recorded."""


@dataclass(frozen=True, slots=True)
class Shared:
    """What staff and office cost: of the budget, and of what was spent, in per cent.

    `limit` is the most per cent of the budget that the fund allows, with the source of that rule; None where
    no rule is known.
    """

    budget: Decimal | None
    budget_percent: Decimal | None
    spent: Decimal | None
    spent_percent: Decimal | None
    limit: Decimal | None = None
    source: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Spending:
    """Budget against expenditure up to a day; `elapsed` is the per cent of its time that is over.

    `points` is by how many percentage points spending is ahead of time, below zero where it is behind.
    """

    currency: str
    until: date
    lines: tuple[Line, ...]
    total: Line
    elapsed: Decimal | None = None
    points: Decimal | None = None
    shared: Shared | None = None


@dataclass(frozen=True, slots=True)
class Engagement:
    """A training, workshop, dialogue or consultation; persons by sex are None where not recorded."""

    title: str
    kind: str
    day: date
    place: str = ""
    women: int | None = None
    men: int | None = None
    others: int | None = None
    outcome: str = ""
    """What was agreed, or how knowledge changed, in a sentence."""
    trace: str = ""


@dataclass(frozen=True, slots=True)
class Risk:
    """A risk with what is done about it; likelihood and impact are in the reader's words."""

    title: str
    likelihood: str = ""
    impact: str = ""
    response: str = ""
    owner: str = ""
    trace: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectReport:
    """All that a report about a project is written from.

    `start` and `end` are the first and last day reported on. `narrative` holds texts by code of SECTIONS,
    `explained` texts by the code of a result; in both None, or "", is not written yet, and blank lines part
    paragraphs. `facts` are further facts of the register, label and words; `contact` is whom to ask.
    `places` are names of countries by code where Babel's are not wanted. `sources` say in words where
    figures come from, each with the traces that rest on it. `trace` is the address of the project itself.
    """

    project: Project
    kind: Literal["interim", "final"]
    start: date
    end: date
    language: str
    day: date
    version: str = ""
    author: str = ""
    banner: str = ""
    contact: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    places: Mapping[str, str] = field(default_factory=dict)
    narrative: Mapping[str, str | None] = field(default_factory=dict)
    explained: Mapping[str, str | None] = field(default_factory=dict)
    achieved: tuple[Achieved, ...] = ()
    workplan: tuple[Step, ...] = ()
    people: tuple[Post, ...] = ()
    spending: Spending | None = None
    engagements: tuple[Engagement, ...] = ()
    risks: tuple[Risk, ...] = ()
    sources: tuple[tuple[str, tuple[str, ...]], ...] = ()
    origin: str = ""
    """Of a fact sheet: where all its figures come from, in a sentence."""
    trace: str = ""


def report(content: ProjectReport) -> Document:
    """The interim or final report: narrative, results, workplan, people, money, risks, and sources."""
    writer = _Writer(content)
    say = writer.say
    return Document(
        title=writer.name(content.project.title),
        language=content.language,
        day=content.day,
        kind=say(KINDS[content.kind]),
        subtitle=say("{start} to {end}", start=writer.day(content.start), end=writer.day(content.end)),
        version=content.version,
        author=content.author,
        banner=content.banner,
        facts=tuple(writer.facts()),
        blocks=tuple(writer.report()),
        contents=True,
    )


def fact_sheet(content: ProjectReport) -> Document:
    """The project on one A4 page: what for, what was reached, with whom, for how much.

    Texts are never cut; `writers.pdf.fitted` makes the letters smaller and tells whether one page holds it.
    """
    writer = _Writer(content)
    return Document(
        title=writer.name(content.project.title),
        language=content.language,
        day=content.day,
        kind=writer.say("Project fact sheet"),
        version=content.version,
        author=content.author,
        banner=content.banner,
        blocks=tuple(writer.sheet()),
        layout="sheet",
    )


class _Writer:
    """Says what a report holds, in its language."""

    def __init__(self, content: ProjectReport):
        self.content = content
        self.language = content.language
        self.say = sentences.translator(content.language)
        self.sourced = {trace for _, traces in content.sources for trace in traces}

    # The report ---------------------------------------------------------------------------------------------

    def report(self) -> Iterator[Block]:
        say, content = self.say, self.content
        yield Heading(say(SECTIONS["summary"]))
        yield Paragraph(self.answer(), "lead")
        yield from self.narrative("summary")
        yield from self.description()
        yield Heading(say("Results"))
        yield from self.results()
        yield Heading(say("Workplan and people"))
        yield from self.workplan()
        yield from self.people()
        yield Heading(say("Budget and expenditure"))
        yield from self.money()
        yield Heading(say("Trainings, workshops and consultations"))
        yield from self.engagements()
        yield Heading(say("Risks"))
        yield from self.risks()
        yield Heading(say("Narrative"))
        for code in PARTS[content.kind]:
            yield Heading(say(SECTIONS[code]), 2)
            yield from self.narrative(code)
        yield from self.appendix()

    def answer(self) -> Words:
        """What the report says first: how many targets were met, and how money stands to time."""
        say, wholes = self.say, [one for one in self.content.achieved if not one.breakdown]
        reported = [one for one in wholes if one.actual is not None]
        judged = [one for one in wholes if one.target is not None]
        parts = []
        if wholes:
            parts.append(
                say.plural(
                    "Of {count} indicator, {reported} has a figure.",
                    "Of {count} indicators, {reported} have a figure.",
                    len(wholes),
                    reported=len(reported),
                )
            )
            if judged:
                parts.append(
                    say.plural(
                        "Of {count} target of the period, {reached} is met.",
                        "Of {count} targets of the period, {reached} are met.",
                        len(judged),
                        reached=sum(one.reached is True for one in judged),
                    )
                )
        else:
            parts.append(say("No indicator has a figure for this period."))
        spending = self.content.spending
        if spending and spending.total.percent is not None:
            spent = self.percent(spending.total.percent)
            parts.append(
                say(
                    "{spent} of the budget was spent after {elapsed} of the time.",
                    spent=spent,
                    elapsed=self.percent(spending.elapsed),
                )
                if spending.elapsed is not None
                else say("{spent} of the budget was spent.", spent=spent)
            )
        return " ".join(parts)

    def description(self) -> Iterator[Block]:
        text, language = self.content.project.description.best(self.language)
        if text:
            yield Heading(self.say("What the project is for"), 2)
            yield from self.text(text, language)

    def narrative(self, code: str) -> Iterator[Block]:
        written = self.content.narrative.get(code)
        yield from self.text(written) if written and written.strip() else self.missing()

    def missing(self) -> Iterator[Block]:
        yield Note(self.say("Not written yet."), "missing")

    def text(self, written: str, language: str | None = None) -> Iterator[Block]:
        """Paragraphs parted by blank lines; lines that begin with a dash are points."""
        foreign = language if language not in (None, self.language) else ""
        for part in written.replace("\r\n", "\n").split("\n\n"):
            lines = [line.strip() for line in part.strip().split("\n") if line.strip()]
            if lines and all(line.startswith(("- ", "– ", "• ")) for line in lines):
                yield List(tuple((Run(line[2:].strip(), language=foreign or ""),) for line in lines))
            elif lines:
                yield Paragraph((Run("\n".join(lines), language=foreign or ""),))

    # Facts --------------------------------------------------------------------------------------------------

    def facts(self) -> Iterator[Fact]:
        say, content, project = self.say, self.content, self.content.project
        yield Fact(say("Code"), (Run(project.identifier, trace=content.trace),))
        for reference in project.other_identifiers:
            yield Fact(reference.vocabulary or say("Other code"), reference.code)
        if project.status:
            yield Fact(
                say("Status"), say(STATUSES[project.status]) if project.status in STATUSES else project.status
            )
        yield from self.days()
        if project.countries:
            yield Fact(
                say("Countries"),
                self.listed(self.country(share.code, share.title) for share in project.countries),
            )
        if project.regions:
            yield Fact(
                say("Regions"), self.listed(self.name(share.title) or share.code for share in project.regions)
            )
        yield from self.parties()
        if content.spending and content.spending.total.budget is not None:
            total = content.spending.total
            yield Fact(
                say("Budget"),
                (Run(self.money_of(total.budget, content.spending.currency), trace=total.trace),),
            )
        if project.markers:
            yield Fact(
                say("Markers"), self.listed(self.marker(one.code, one.title) for one in project.markers)
            )
        if project.tags:
            yield Fact(say("Contributes to"), self.listed(self.tag(tag) for tag in project.tags))
        for label, words in content.facts:
            yield Fact(label, words or "–")
        if content.contact:
            yield Fact(say("Contact"), content.contact)

    def days(self) -> Iterator[Fact]:
        known = dict(self.content.project.days)
        for kind, label in (("planned", self.say("Planned")), ("actual", self.say("Actual dates"))):
            start, end = known.get(f"{kind}_start"), known.get(f"{kind}_end")  # type: ignore[call-overload]
            if start or end:
                yield Fact(label, self.period((start, end)))

    def parties(self) -> Iterator[Fact]:
        project = self.content.project
        if project.reporter:
            yield Fact(self.say("Managed by"), self.name(project.reporter.name))
        for role, label in ROLES.items():
            named = [self.name(party.name) for party in project.parties if party.role == role]
            if named:
                yield Fact(self.say(label), self.listed(named))

    def country(self, code: str, title: Text) -> str:
        names = sentences.locale(self.language).territories
        return self.content.places.get(code) or self.name(title) or names.get(code, code)

    def marker(self, code: str, title: Text) -> str:
        name = self.name(title)
        return f"{name}: {code}" if name else code

    def tag(self, tag: Reference) -> str:
        name = self.name(tag.title)
        if name and not tag.vocabulary:
            return name
        return f"{tag.vocabulary} {tag.code}".strip() + (f" ({name})" if name else "")

    # Results ------------------------------------------------------------------------------------------------

    def results(self) -> Iterator[Block]:
        say, content = self.say, self.content
        if not content.project.results:
            yield Note(say("The project has no results matrix."), "missing")
            return
        yield self.results_table(
            list(_in_depth(content.project.results)),
            caption=say("Planned and reached results, to {day}", day=self.day(content.end)),
        )
        for result in _in_depth(content.project.results):
            if result.code in content.explained:
                yield Heading(f"{self.level(result)} {result.code}".strip(), 2)
                written = content.explained[result.code]
                yield from self.text(written) if written and written.strip() else self.missing()
        assumed = [
            (result, self.name(result.assumptions))
            for result in _in_depth(content.project.results)
            if self.name(result.assumptions)
        ]
        if assumed:
            yield Heading(say("Assumptions"), 2)
            yield List(tuple(f"{self.level(result)} {result.code}: {words}" for result, words in assumed))

    def results_table(self, results: Sequence[Result], *, caption: str, most: int | None = None) -> Table:
        """A row of its own for each result, below it its indicators and their breakdowns."""
        say, rows = self.say, []
        left, columns = most, self.result_columns()
        for result in results:
            shown = result.indicators[:left] if left is not None else result.indicators
            if left is not None:
                left -= len(shown)
                if not shown:
                    continue
            if result.level == "activity" and not result.indicators:
                continue  # its steps stand in the workplan
            title = f"{self.level(result)} {result.code}. {self.name(result.title)}"
            rows.append(Row((Cell(title, len(columns)),), "group"))
            if not result.indicators:
                rows.append(Row((Cell(say("No indicator"), len(columns)),), "detail"))
            for indicator in shown:
                rows += self.indicator_rows(result, indicator, in_full=most is None)
        return Table(columns, tuple(rows), caption=caption, notes=self.result_notes(results))

    def result_columns(self) -> tuple[Column, ...]:
        say = self.say
        return (
            Column(say("Indicator"), weight=2.8),
            Column(say("Baseline"), "right", 1.1),
            Column(say("Target of the period"), "right", 1.15),
            Column(say("Actual"), "right", 1.3),
            Column(say("Achieved"), "right", 1.75),
            Column(say("End target"), "right", 1.1),
        )

    def result_notes(self, results: Sequence[Result]) -> tuple[Words, ...]:
        return (
            self.say(
                "Achieved: the way from the baseline to the target of the period that has been covered. "
                "– not reported; … missing; {none} not applicable; 0 is a reported zero.",
                none=self.say("n/a"),
            ),
        )

    def indicator_rows(self, result: Result, indicator: ResultIndicator, *, in_full: bool) -> Iterator[Row]:
        mine = [
            one
            for one in self.content.achieved
            if (one.result, one.indicator) == (result.code, indicator.code) and (in_full or not one.breakdown)
        ]
        whole = next((one for one in mine if not one.breakdown), None)
        yield self.figures(
            self.indicator_name(indicator), whole or Achieved(result.code, indicator.code), indicator, "body"
        )
        for part in mine:
            if part.breakdown:
                words = part.name or ", ".join(category for _, category in part.breakdown)
                yield self.figures(words, part, indicator, "detail")

    def indicator_name(self, indicator: ResultIndicator) -> Words:
        title = self.words(indicator.title)
        unit = "" if sentences.is_percent(indicator.unit) else indicator.unit
        code = (Run(f"{indicator.code} "),) if indicator.code else ()
        return (*code, *title, *((Run(f", {unit}"),) if unit else ()))

    def figures(
        self, name: Words, one: Achieved, indicator: ResultIndicator, kind: Literal["body", "detail"]
    ) -> Row:
        baseline = self.figure(one.baseline, indicator)
        year = indicator.baseline.year if indicator.baseline else None
        if year and one.baseline is not None and one.baseline.value is not None and kind == "body":
            baseline += f" ({year})"
        achieved = self.percent(one.percent) if one.percent is not None else one.verdict or "–"
        if one.percent is not None and one.verdict and kind == "body":
            achieved += f"\n{one.verdict}"
        return Row(
            (
                name,
                baseline,
                self.figure(one.target, indicator),
                (Run(self.figure(one.actual, indicator), trace=one.trace, mark=kind == "body"),),
                achieved,
                self.figure(one.end_target, indicator),
            ),
            kind,
        )

    def figure(self, figure: Figure | None, indicator: ResultIndicator) -> str:
        """A figure in words; nothing reported, missing, not applicable and zero stay four things."""
        if figure is None:
            return "–"
        if figure.value is None:
            return figure.text or {"M": self.say("n/a"), "O": "…"}.get(figure.status, "–")
        written = sentences.number(_plain(figure.value), self.language)
        if indicator.measure == "percentage":
            written = sentences.percent(written, self.language)
            if figure.numerator is not None and figure.denominator is not None:
                of = self.say(
                    "{part} of {whole}",
                    part=sentences.number(_plain(figure.numerator), self.language),
                    whole=sentences.number(_plain(figure.denominator), self.language),
                )
                written += f"\n({of})"
        return written

    def level(self, result: Result) -> str:
        return self.say(LEVELS[result.level])

    # Workplan and people ------------------------------------------------------------------------------------

    def workplan(self) -> Iterator[Block]:
        say, steps = self.say, self.content.workplan
        yield Heading(say("Workplan"), 2)
        if not steps:
            yield Note(say("There is no workplan."), "missing")
            return
        spans = [
            bars.Span(f"{step.code} {step.title}".strip(), step.planned, step.actual, step.milestone)
            for step in steps
        ]
        caption = say("Planned (outline) and actual (filled)")
        drawn = bars.schedule(spans, today=(self.content.end, self.day(self.content.end, "medium")))
        table = Table(
            (
                Column(say("Step"), weight=3.2),
                Column(say("Planned"), weight=2.0),
                Column(say("Actual dates"), weight=2.0),
                Column(say("Status"), weight=1.2),
                Column(say("Responsible"), weight=1.4),
            ),
            tuple(self.step(step) for step in steps),
            caption=say("Steps of the workplan"),
        )
        if drawn:
            alternative = say("When each step was planned and when it ran; the next table has the dates.")
            yield Chart(drawn, alternative, caption)
        yield table

    def step(self, step: Step) -> Row:
        title = f"{step.code} {step.title}".strip()
        if step.milestone:
            title = f"{title} ({self.say('milestone')})"
        return Row(
            (
                (Run(title, trace=step.trace),),
                self.period(step.planned),
                self.period(step.actual),
                step.status or "–",
                step.responsible or "–",
            )
        )

    def people(self) -> Iterator[Block]:
        say, posts = self.say, self.content.people
        yield Heading(say("People"), 2)
        if not posts:
            yield Note(say("No person-months are recorded."), "missing")
            return
        remarks = any(post.note for post in posts)
        yield Table(
            (
                Column(say("Role"), weight=2.5),
                Column(say("Planned"), "right", 1.2),
                Column(say("Spent"), "right", 1.4),
                *((Column(say("Remark"), weight=3),) if remarks else ()),
            ),
            tuple(
                Row(
                    (
                        post.role,
                        self.amount(post.planned, None),
                        (Run(self.amount(post.spent, None), trace=post.trace),),
                        *((post.note or "–",) if remarks else ()),
                    )
                )
                for post in posts
            ),
            caption=say("Person-months, planned and spent, to {day}", day=self.day(self.content.end)),
            notes=(say("– not recorded."),),
        )

    # Money --------------------------------------------------------------------------------------------------

    def money(self) -> Iterator[Block]:
        say, spending = self.say, self.content.spending
        if spending is None:
            yield Note(say("No budget is recorded."), "missing")
            return
        yield from self.money_chart(spending)
        parts = dict.fromkeys(line.part for line in spending.lines)
        remarks = any(line.comment for line in (*spending.lines, spending.total))
        unspent = spending.total.left is not None and any(line.spent is None for line in spending.lines)
        columns = (
            Column(say("Budget line"), weight=3),
            Column(say("Budget"), "right", 1.2),
            Column(say("Spent"), "right", 1.3),
            Column(say("Left"), "right", 1.2),
            Column(say("Per cent spent"), "right", 1),
            *((Column(say("Remark"), weight=2),) if remarks else ()),
        )
        rows: list[Row] = []
        for part in parts:
            if part:
                rows.append(Row((Cell(say(LINES.get(part, part)), len(columns)),), "group"))
            rows += [self.line(line, "body", remarks=remarks) for line in spending.lines if line.part == part]
        rows.append(self.line(spending.total, "total", remarks=remarks))
        yield Table(
            columns,
            tuple(rows),
            caption=say(
                "Budget and expenditure to {day}, {currency}",
                day=self.day(spending.until),
                currency=spending.currency,
            ),
            notes=(
                say("Amounts are rounded to whole units; – not recorded."),
                *((say("Left in total: with lines of which nothing is recorded."),) if unspent else ()),
            ),
        )
        if spending.points is not None:
            yield Heading(say("Burn rate"), 2)
            yield Paragraph(self.burn_rate(spending))
        if spending.shared is not None:
            yield Heading(say("Staff and office"), 2)
            yield from self.staff_and_office(spending.shared, spending.currency)

    def burn_rate(self, spending: Spending) -> str:
        """Money against time, in a sentence with both shares and the difference."""
        say, points = self.say, spending.points or Decimal(0)
        total = spending.total
        shares = {
            "spent": self.exact_percent(total.percent),
            "elapsed": self.exact_percent(spending.elapsed),
            "points": self.amount(abs(points), 1),
        }
        if not round(points, 1):
            return say("{spent} of the budget was spent after {elapsed} of the time.", **shares)
        if points > 0:
            return say(
                "{spent} of the budget was spent after {elapsed} of the time: "
                "{points} percentage points ahead of time.",
                **shares,
            )
        return say(
            "{spent} of the budget was spent after {elapsed} of the time: "
            "{points} percentage points behind time.",
            **shares,
        )

    def staff_and_office(self, shared: Shared, currency: str) -> Iterator[Block]:
        """What staff and office cost, planned and spent, and what the fund says of it."""
        say = self.say
        columns = (
            Column(say("Staff and office"), weight=3),
            Column(say("Amount, {currency}", currency=currency), "right", 1.2),
            Column(say("Share"), "right", 1.2),
        )
        rows = (
            Row(
                (
                    say("Planned, of the budget"),
                    self.amount(shared.budget, 0),
                    self.exact_percent(shared.budget_percent),
                )
            ),
            Row(
                (
                    say("Spent, of all that was spent"),
                    self.amount(shared.spent, 0),
                    self.exact_percent(shared.spent_percent),
                )
            ),
        )
        caption = say("Share of staff and office, to {day}", day=self.day(self.content.end))
        yield Table(columns, rows, caption=caption)
        if shared.limit is None:
            yield Paragraph(say("No rule of a fund about this share is known."), "quiet")
            return
        limit = self.percent(shared.limit)
        kept = shared.budget_percent is None or shared.budget_percent <= shared.limit
        rule = (
            say("The fund allows {limit} of the budget.", limit=limit)
            if kept
            else say("The fund allows {limit} of the budget: the plan is above it.", limit=limit)
        )
        yield Note(
            (Run(f"{rule} "), Run(say("Source of the rule:") + " "), Run(shared.source, link=shared.url)),
            "note" if kept else "warning",
        )

    def line(self, line: Line, kind: Literal["body", "total"], *, remarks: bool) -> Row:
        return Row(
            (
                line.name or self.say("Total"),
                self.amount(line.budget, 0),
                (Run(self.amount(line.spent, 0), trace=line.trace),),
                self.amount(line.left, 0),
                "–" if line.percent is None else self.percent(line.percent),
                *((line.comment,) if remarks else ()),
            ),
            kind,
        )

    def money_chart(self, spending: Spending, *, narrow: bool = False) -> Iterator[Block]:
        say = self.say
        lines = spending.lines if len(spending.lines) <= MOST_LINES_DRAWN and not narrow else ()
        shown = [*lines, spending.total]
        drawn = bars.used(
            [
                bars.Bar(
                    line.name or say("Total"),
                    None if line.percent is None else float(line.percent),
                    self.used(line, spending.currency),
                )
                for line in shown
            ],
            mark=(
                (float(spending.elapsed), say("time: {percent}", percent=self.percent(spending.elapsed)))
                if spending.elapsed is not None
                else None
            ),
            width=320 if narrow else 600,
        )
        if drawn:
            total = spending.total
            alternative = say(
                "Spent of the budget in per cent, by line; {spent} in all.",
                spent=self.percent(total.percent) if total.percent is not None else "–",
            )
            yield Chart(drawn, alternative, "" if narrow else say("How much of each budget line is spent"))

    def used(self, line: Line, currency: str) -> str:
        if line.percent is None:
            return "–"
        return self.say(
            "{percent} of {budget}",
            percent=self.percent(line.percent),
            budget=self.money_of(line.budget, currency),
        )

    # Engagements and risks ----------------------------------------------------------------------------------

    def engagements(self) -> Iterator[Block]:
        say, held = self.say, self.content.engagements
        if not held:
            yield Paragraph(say("None was held in this period."))
            return
        yield Table(
            (
                Column(say("Event"), weight=2.6),
                Column(say("Date and place"), weight=1.5),
                Column(say("Women"), "right"),
                Column(say("Men"), "right"),
                Column(say("Other or not stated"), "right", 0.95),
                Column(say("What came of it"), weight=2.4),
            ),
            tuple(
                Row(
                    (
                        (Run(f"{one.kind}: {one.title}" if one.kind else one.title, trace=one.trace),),
                        ", ".join(part for part in (self.day(one.day, "medium"), one.place) if part),
                        self.persons(one.women),
                        self.persons(one.men),
                        self.persons(one.others),
                        one.outcome or "–",
                    )
                )
                for one in held
            ),
            caption=say("Events and their participants"),
            notes=(say("– not recorded."),),
        )

    def persons(self, count: int | None) -> str:
        return "–" if count is None else sentences.number(count, self.language)

    def risks(self) -> Iterator[Block]:
        say, risks = self.say, self.content.risks
        if not risks:
            yield Note(say("No risks are recorded."), "missing")
            return
        yield Table(
            (
                Column(say("Risk"), weight=2.4),
                Column(say("Likelihood"), weight=1),
                Column(say("Impact"), weight=1),
                Column(say("What is done about it"), weight=2.6),
                Column(say("Owner"), weight=1.2),
            ),
            tuple(
                Row(
                    (
                        (Run(risk.title, trace=risk.trace),),
                        risk.likelihood or "–",
                        risk.impact or "–",
                        risk.response or "–",
                        risk.owner or "–",
                    )
                )
                for risk in risks
            ),
            caption=say("Risks and responses"),
        )

    # Sources ------------------------------------------------------------------------------------------------

    def appendix(self) -> Iterator[Block]:
        if self.content.sources:
            yield Heading(self.say("Where each figure comes from"))
            yield Sources(tuple(Source(words, traces) for words, traces in self.content.sources))

    # The fact sheet -----------------------------------------------------------------------------------------

    def sheet(self) -> Iterator[Block]:
        say, content = self.say, self.content
        yield Paragraph(self.answer(), "lead")
        left: list[Block] = []
        text, language = content.project.description.best(self.language)
        if text:
            left += [Heading(say("What the project is for")), *self.text(text, language)]
        summary = content.narrative.get("summary")
        if summary:
            left += [Heading(say(SECTIONS["summary"])), *self.text(summary)]
        aims = [one for one in _in_depth(content.project.results) if one.level in ("objective", "outcome")]
        if aims and not summary:
            left.append(Heading(say("What it is to change")))
            left.append(Facts(tuple(Fact(self.aim(one), self.words(one.title)) for one in aims)))
        right: list[Block] = [Heading(say("Key facts")), Facts(tuple(self.facts()), boxed=True)]
        if content.spending:
            chart = tuple(self.money_chart(content.spending, narrow=True))
            if chart:
                right += [Heading(say("Budget spent")), *chart]
        yield Columns(tuple(left), tuple(right), (1.05, 1.0))
        yield from self.key_results()
        if content.origin:
            yield Paragraph(content.origin, "quiet")

    def aim(self, result: Result) -> str:
        return f"{self.level(result)} {result.code}".strip()

    def key_results(self) -> Iterator[Block]:
        say, results = self.say, list(_in_depth(self.content.project.results))
        count = sum(len(result.indicators) for result in results)
        if not count:
            return
        yield Heading(say("What was planned and reached"))
        caption = say("To {day}", day=self.day(self.content.end))
        yield self.results_table(results, caption=caption, most=MOST_KEY_INDICATORS)
        if count > MOST_KEY_INDICATORS:
            yield Paragraph(
                say.plural(
                    "{count} more indicator is in the full report.",
                    "{count} more indicators are in the full report.",
                    count - MOST_KEY_INDICATORS,
                ),
                "quiet",
            )

    # Words --------------------------------------------------------------------------------------------------

    def name(self, text: Text) -> str:
        return text.best(self.language)[0]

    def words(self, text: Text) -> tuple[Run, ...]:
        """A text in the report's language, else in one it has, and marked so."""
        best, language = text.best(self.language)
        return (
            (Run(best, language=language if language and language != self.language else ""),) if best else ()
        )

    def listed(self, names: Iterable[str]) -> str:
        return "; ".join(dict.fromkeys(name for name in names if name))

    def day(self, day: date, width: Literal["long", "medium"] = "long") -> str:
        return format_date(day, width, sentences.days(self.language))

    def period(self, days: tuple[date | None, date | None]) -> str:
        """ "1 May – 31 July 2026"; what is not known is "…"."""
        start, end = days
        if start is None and end is None:
            return "–"
        if start and end and start <= end:
            return format_interval(start, end, "yMMMd", locale=sentences.days(self.language))
        first, last = (self.day(day, "medium") if day else "…" for day in (start, end))
        return first if first == last else f"{first} – {last}"

    def percent(self, share: Decimal) -> str:
        return bars.percent(float(share), self.language)

    def exact_percent(self, share: Decimal | None) -> str:
        """A share with one decimal, as it is compared with a limit."""
        return "–" if share is None else sentences.percent(self.amount(share, 1), self.language)

    def amount(self, value: Decimal | None, digits: int | None) -> str:
        return "–" if value is None else sentences.number(_plain(value), self.language, digits)

    def money_of(self, value: Decimal | None, currency: str) -> str:
        return "–" if value is None else f"{self.amount(value, 0)} {currency}".strip()


def _plain(value: Decimal) -> float:
    """The number without trailing zeros, as the sentences write it."""
    return float(value)


def _in_depth(results: Sequence[Result]) -> Iterator[Result]:
    """Every result, each followed by those below it."""
    for result in results:
        yield result
        yield from _in_depth(result.below)
