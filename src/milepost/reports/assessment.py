"""The report of an assessment: by domain what is well developed and what has potential, with its evidence.

Sentences are drawn from the answers by plain templates; counts are never made a grade or a rank. Each
sentence about an answer names the address "answer:<code>", to which the sources at the end belong.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from babel.dates import format_date

from milepost.catalogue import framework
from milepost.catalogue.questionnaires import Question, QuestionDomain, Questionnaire
from milepost.reports import bars, sentences
from milepost.reports.document import (
    Block,
    Cell,
    Chart,
    Column,
    Document,
    Fact,
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
from milepost.tally import Area, Change, Counts, DomainPoints, Points, standing
from milepost.values import Text
from milepost.values.assessment import Assessment, Evidence, Reply

KINDS = ("Present", "Partial", "Absent", "In words", "Not answered")
"""The pieces of the chart and the columns of the table, in the order of `Counts`."""
LEVELS = {"national": "National", "local": "Local"}
OUTCOMES = {
    "gained": "More is there than before",
    "lost": "Less is there than before",
    "answered": "Answered for the first time",
    "silent": "Not answered any more",
    "reworded": "Another answer that says as much",
    "new": "New questions",
    "dropped": "Questions no longer asked",
    "not_comparable": "Not comparable",
    "same": "The same",
    "unanswered": "Answered in neither round",
}
"""What became of a question, in the order in which it is told; the last two are only counted."""
TEXTS = {"context": "Context", "forward": "Way forward"}
"""Chapters that people write."""


@dataclass(frozen=True, slots=True)
class AssessmentReport:
    """What the report says: all of it is computed elsewhere.

    `points` are those of SDG 10.7.2, `changes` those since `before` (a year or period); both may be missing.
    `narrative` holds the chapters of `TEXTS`.
    """

    asked: Questionnaire
    assessment: Assessment
    areas: tuple[Area, ...]
    day: date
    points: Points | None = None
    changes: tuple[Change, ...] | None = None
    before: str = ""
    narrative: Mapping[str, Text] = field(default_factory=dict)


def report(content: AssessmentReport, language: str, *, banner: str = "") -> Document:
    """The report as a document in a language."""
    writer = _Writer(content, language)
    say, assessment = writer.say, content.assessment
    title = say("National self-assessment with the 10.7.2 instrument")
    return Document(
        title=title if content.points is not None else say("Assessment of the governance of migration"),
        language=language,
        day=content.day,
        kind=say("Report of an assessment"),
        subtitle=", ".join(filter(None, (assessment.area, assessment.held))),
        author=assessment.agency,
        banner=banner
        or (say("Example questionnaire without official standing") if content.asked.example else ""),
        facts=tuple(writer.facts()),
        blocks=tuple(writer.blocks()),
        contents=True,
    )


class _Writer:
    """Says what a report holds, in a language."""

    def __init__(self, content: AssessmentReport, language: str):
        self.content, self.language = content, language
        self.say = sentences.translator(language)
        self.domains = {domain.code: domain for domain in content.asked.domains}

    def blocks(self) -> Iterator[Block]:
        yield from self.introduction()
        yield from self.written("context")
        yield from self.whole()
        yield from self.indicator()
        for area in self.content.areas:
            yield from self.area(area)
        yield from self.compared()
        yield from self.links()
        yield from self.written("forward")
        yield from self.annex()
        yield from self.sources()

    # The beginning ------------------------------------------------------------------------------------------

    def facts(self) -> Iterator[Fact]:
        say, content = self.say, self.content
        whole = self.total()
        yield Fact(say("Questionnaire"), f"{self.name(content.asked.name)}, {content.asked.version}")
        yield Fact(say("Level"), say(LEVELS[content.assessment.level]))
        answered = {"answered": self.number(whole.answered), "questions": self.number(whole.questions)}
        yield Fact(say("Answers"), say("{answered} of {questions} questions", **answered))

    def introduction(self) -> Iterator[Block]:
        say = self.say
        yield Heading(say("Introduction and method"))
        yield Paragraph(
            say(
                "The report is drawn from answers to a questionnaire and from the evidence given for them. "
                "What an answer calls present is told as well developed; what is partly there or absent is "
                "told as an area with potential. The counts are no grade and no rank: questions differ in "
                "weight, and countries in what they need."
            )
        )
        if self.content.asked.example:
            yield Note(
                say(
                    "The questionnaire is an example. It is not that of the Migration Governance Indicators "
                    "and has no official standing."
                ),
                "warning",
            )

    def written(self, code: str) -> Iterator[Block]:
        text = self.name(self.content.narrative.get(code, Text()))
        if text:
            yield Heading(self.say(TEXTS[code]))
            yield from (Paragraph(part) for part in text.split("\n\n"))

    # Counts -------------------------------------------------------------------------------------------------

    def total(self) -> Counts:
        rows = [_numbers(area.counts) for area in self.content.areas]
        return Counts(*(sum(row[place] for row in rows) for place in range(len(KINDS))))

    def whole(self) -> Iterator[Block]:
        say, content = self.say, self.content
        yield Heading(say("Overview"))
        total = self.total()
        sentence = say.plural(
            "Of {count} question: present {present}, partial {partial}, absent {absent}; "
            "not answered {unanswered}.",
            "Of {count} questions: present {present}, partial {partial}, absent {absent}; "
            "not answered {unanswered}.",
            total.questions,
            present=self.number(total.present),
            partial=self.number(total.partial),
            absent=self.number(total.absent),
            unanswered=self.number(total.unanswered),
        )
        yield Paragraph(sentence, "lead")
        kinds = [place for place in range(len(KINDS)) if place != 3 or total.in_words]
        named = [say(KINDS[place]) for place in kinds]
        rows = [(self.domain(area.code), _numbers(area.counts)) for area in content.areas]
        drawn = bars.stacked([(name, [of[place] for place in kinds]) for name, of in rows], named)
        caption = say("Questions by what their answers say, by domain")
        if drawn:
            yield Chart(drawn, sentence, caption, data_in_print=False)
        yield Table(
            (Column(say("Domain"), weight=2.6), *(Column(name, "right", 1) for name in named)),
            (
                *(Row((name, *(self.number(of[place]) for place in kinds))) for name, of in rows),
                Row((say("All"), *(self.number(_numbers(total)[place]) for place in kinds)), "total"),
            ),
            caption=caption,
        )

    def indicator(self) -> Iterator[Block]:
        say, points = self.say, self.content.points
        if points is None:
            return
        classes = {one.code: self.name(one.name) for one in self.content.asked.classes}
        yield Heading(say("SDG indicator 10.7.2"))
        yield Paragraph(
            say(
                "The value is a national self-assessment. The official one comes from the government's reply "
                "to the inquiry of the United Nations, and this does not replace it. An item without answer "
                "counts 0 by the official rule; so the answers stand beside the result."
            )
        )
        yield Table(
            (
                Column(say("Domain"), weight=2.4),
                Column(say("Per cent"), "right", 0.8),
                Column(say("Class"), weight=1.5),
                Column(say("Items answered"), "right", 1.1),
            ),
            (
                *(Row(self.points(self.domain(one.code), one, classes)) for one in points.domains),
                Row(self.points(say("All domains"), points, classes), "total"),
            ),
            caption=say("Result by domain"),
        )

    def points(
        self, name: str, one: Points | DomainPoints, classes: Mapping[int, str]
    ) -> tuple[str, str, str, str]:
        """A row of the result: per cent, class with its name, how many of the items are answered."""
        return (
            name,
            sentences.number(one.percent, self.language, 1),
            f"{one.category} – {classes[one.category]}",
            self.say("{answered} of {items}", answered=one.answered, items=one.items),
        )

    # Domains ------------------------------------------------------------------------------------------------

    def area(self, area: Area) -> Iterator[Block]:
        say = self.say
        domain = self.domains[area.code]
        yield Heading(self.domain(area.code))
        if question := self.name(domain.question):
            yield Paragraph(question, "quiet")
        for title, items in (
            (say("Areas that are well developed"), area.well_developed),
            (say("Areas with potential for further development"), area.with_potential),
            (say("In words"), self.in_words(domain)),
        ):
            if items:
                yield Heading(title, 2)
                yield List(tuple(self.answer(item) for item in items))
        if area.unanswered:
            codes = ", ".join(item.code for item in area.unanswered)
            yield Paragraph(say("Not answered: {codes}.", codes=codes), "quiet")

    def in_words(self, domain: QuestionDomain) -> tuple[Question, ...]:
        """The questions of this level whose answers are neither present, partial nor absent."""
        asked, answers = self.content.asked, self.content.assessment.answers
        return tuple(
            item
            for item in domain.items
            if self.content.assessment.level in item.levels
            and standing(asked, item, answers.get(item.code)) == ""
        )

    def answer(self, item: Question) -> Words:
        """What was answered to a question, as a sentence that leads to its sources."""
        reply = self.content.assessment.replies.get(item.code, Reply())
        comment = f" {reply.comment}" if reply.comment else ""
        return (
            Run(f"{self.name(item.name)} "),
            Run(
                self.words_of(item, reply.answer), strong=True, trace=_address(item) if reply.evidence else ""
            ),
            Run(f".{comment}"),
        )

    def words_of(self, item: Question, answer: str, asked: Questionnaire | None = None) -> str:
        offered = (asked or self.content.asked).offered(item.code)
        return next((self.name(one.name) for one in offered if one.code == answer), answer) or "–"

    # Comparison ---------------------------------------------------------------------------------------------

    def compared(self) -> Iterator[Block]:
        say, changes = self.say, self.content.changes
        if changes is None:
            return
        yield Heading(say("Since the round before"))
        if self.content.before:
            yield Paragraph(say("The round before is of {held}.", held=self.content.before))
        counted = {code: [one for one in changes if one.outcome == code] for code in OUTCOMES}
        yield Table(
            (Column(say("What became of it"), weight=2.6), Column(say("Questions"), "right", 1)),
            tuple(
                Row((say(words), self.number(len(counted[code]))))
                for code, words in OUTCOMES.items()
                if counted[code]
            ),
            caption=say("Questions by what became of them"),
        )
        for code, words in list(OUTCOMES.items())[:-2]:
            if counted[code]:
                yield Heading(say(words), 2)
                yield List(tuple(self.change(one) for one in counted[code]))

    def change(self, one: Change) -> Words:
        item = one.now or one.before
        assert item is not None
        said = one.said or "–"
        if one.before is not None and one.now is not None:
            said = self.words_of(one.now, one.said) if one.before.kind == one.now.kind else said
        says = self.words_of(one.now, one.says) if one.now is not None else "–"
        evidence = one.now is not None and self.reply(item).evidence
        return (
            Run(f"{self.name(item.name)} "),
            Run(f"{said} → {says}", strong=True, trace=_address(item) if evidence else ""),
        )

    def reply(self, item: Question) -> Reply:
        return self.content.assessment.replies.get(item.code, Reply())

    # Links, annex, sources ----------------------------------------------------------------------------------

    def links(self) -> Iterator[Block]:
        say = self.say
        found: dict[tuple[str, str], list[Question]] = {}
        for item in self.questions():
            for reference in item.references:
                found.setdefault(reference, []).append(item)
        if not found:
            return
        yield Heading(say("Links to the Sustainable Development Goals and the Global Compact"))
        for code in ("sdg", "gcm"):
            items = {one.code: one for one in framework(code).items}
            order = [one.code for one in framework(code).items if (code, one.code) in found]
            if order:
                yield Table(
                    (
                        Column(self.name(framework(code).name), weight=5),
                        *(Column(say(kind), "right", 0.9) for kind in (*KINDS[:3], KINDS[4])),
                    ),
                    tuple(
                        Row(
                            (
                                f"{one} {self.name(items[one].short or items[one].name)}",
                                *(self.number(number) for number in self.of(found[code, one])),
                            )
                        )
                        for one in order
                    ),
                    caption=say("Questions that concern it, by what their answers say"),
                )

    def of(self, items: Sequence[Question]) -> tuple[int, int, int, int]:
        answers = self.content.assessment.answers
        said = [standing(self.content.asked, item, answers.get(item.code)) for item in items]
        return said.count("present"), said.count("partial"), said.count("absent"), said.count(None)

    def questions(self) -> list[Question]:
        level = self.content.assessment.level
        return [item for _domain, item in self.content.asked if level in item.levels]

    def annex(self) -> Iterator[Block]:
        say = self.say
        yield Heading(say("Annex: all questions and answers"))
        rows: list[Row] = []
        for area in self.content.areas:
            rows.append(Row((Cell(self.domain(area.code), 3),), "group"))
            for item in self.domains[area.code].items:
                if self.content.assessment.level in item.levels:
                    reply = self.reply(item)
                    rows.append(
                        Row(
                            (
                                item.code,
                                self.name(item.name),
                                (
                                    Run(
                                        self.words_of(item, reply.answer),
                                        trace=_address(item) if reply.evidence else "",
                                    ),
                                ),
                            )
                        )
                    )
        yield Table(
            (
                Column(say("No."), weight=0.6),
                Column(say("Question"), weight=4),
                Column(say("Answer"), weight=1.6),
            ),
            tuple(rows),
        )

    def sources(self) -> Iterator[Block]:
        entries: dict[str, list[str]] = {}
        for item in self.questions():
            for one in self.reply(item).evidence:
                entries.setdefault(self.evidence(one), []).append(_address(item))
        if entries:
            yield Heading(self.say("Sources"))
            yield Sources(tuple(Source(words, tuple(traces)) for words, traces in entries.items()))

    def evidence(self, one: Evidence) -> str:
        """One source as it is cited."""
        parts = [one.title, one.place]
        if one.dated is not None:
            parts.append(self.day(one.dated))
        if one.repealed is not None:
            parts.append(self.say("not in force since {day}", day=self.day(one.repealed)))
        cited = ", ".join(filter(None, parts))
        quoted = f" “{one.quotation}”" if one.quotation else ""
        return f"{cited}.{quoted}{f' {one.link}' if one.link else ''}"

    # Words --------------------------------------------------------------------------------------------------

    def domain(self, code: str) -> str:
        own = self.name(self.domains[code].name)
        known = {item.code: item.name for item in framework("domains").items}
        return own or self.name(known.get(code, Text())) or code

    def name(self, text: Text) -> str:
        return text.best(self.language)[0] if text else ""

    def number(self, number: int) -> str:
        return sentences.number(number, self.language, 0)

    def day(self, day: date) -> str:
        return format_date(day, "long", sentences.days(self.language))


def _numbers(counts: Counts) -> tuple[int, int, int, int, int]:
    return counts.present, counts.partial, counts.absent, counts.in_words, counts.unanswered


def _address(item: Question) -> str:
    return f"answer:{item.code}"
