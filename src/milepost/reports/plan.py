"""The consolidated report of a plan of action: how its measures stand, what was answered, what is late.

It is written from the values of `plan_content`, and computes nothing.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal

from babel.dates import format_date, format_interval

from milepost.progress.plan import LIGHTS, percentages
from milepost.reports import bars, sentences
from milepost.reports.document import (
    Block,
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
    plain,
)
from milepost.reports.plan_content import (
    ANSWERED,
    PARTS,
    RULES,
    WORDS,
    Line,
    Part,
    PlanReport,
    Reached,
    Said,
    by_institution,
    by_objective,
    hindered,
    impossible,
    late,
    lights,
    lights_of,
    outcomes,
)
from milepost.values import Text

MARK = "†"
"""Stands after a text of an institution that the lead shortened or rewrote."""


# The document -----------------------------------------------------------------------------------------------


def report(content: PlanReport, language: str, *, banner: str = "") -> Document:
    """The report as a document in a language."""
    writer = _Writer(content, language)
    return Document(
        title=writer.name(content.plan),
        language=language,
        day=content.day,
        kind=writer.say("Consolidated report"),
        subtitle=writer.period(content.start, content.end),
        version=str(content.edition) if content.edition > 1 else "",
        author=writer.name(content.author),
        banner=banner,
        facts=tuple(writer.facts()),
        blocks=tuple(writer.blocks()),
        contents=True,
    )


def answer(content: PlanReport, language: str) -> str:
    """What the report says first, in sentences: how the measures stand, and the rate."""
    return " ".join(_Writer(content, language).answer())


def light_in_words(light: str, language: str) -> str:
    """What a light is called in a report."""
    return sentences.translator(language)(WORDS[light])


def rules(language: str) -> list[tuple[str, str, str]]:
    """(light, its word, when a measure has it), in the order in which they are asked."""
    say = sentences.translator(language)
    return [(light, say(WORDS[light]), say(rule)) for light, rule in RULES]


class _Writer:
    """Says what a report holds, in a language."""

    def __init__(self, content: PlanReport, language: str):
        self.content = content
        self.language = language
        self.say = sentences.translator(language)

    def blocks(self) -> Iterator[Block]:
        yield from self.summary()
        yield from self.standing()
        yield from self.rate()
        yield from self.parts()
        yield from self.delays()
        yield from self.hindrances()
        yield from self.changes()
        yield from self.gender()
        yield from self.spending()
        yield from self.amended()
        yield from self.answering()
        yield from self.written("next")
        yield from self.annex()
        yield from self.appendix()

    def facts(self) -> Iterator[Fact]:
        say, content = self.say, self.content
        yield Fact(say("Policy"), self.words(content.policy))
        yield Fact(say("Country"), self.words(content.country))
        yield Fact(say("Period"), self.period(content.start, content.end))
        if content.plan_version is not None:
            act = self.name(content.act)
            number = say("version {number}", number=content.plan_version)
            yield Fact(say("Plan in force"), (Run(f"{number}, {act}" if act else number),))
        yield Fact(say("Rounds"), "; ".join(self.period(one.start, one.end) for one in content.rounds) or "–")
        if content.why:
            yield Fact(say("Why there is a new edition"), content.why)

    # Summary ------------------------------------------------------------------------------------------------

    def summary(self) -> Iterator[Block]:
        yield Heading(self.say(PARTS["summary"]))
        for number, sentence in enumerate(self.answer()):
            yield Paragraph(
                (Run(sentence, trace=self.content.trace, mark=False),), "body" if number else "lead"
            )
        yield from self.paragraphs(self.content.narrative.get("summary", Text()))
        yield from self.written("context", 2)

    def answer(self) -> Iterator[str]:
        """How the measures stand, which part of what was due is done, what is late, what cannot be done."""
        say, content = self.say, self.content
        counts = lights(content)
        total = len(content.lines)
        if not total:
            yield say("The plan has no measures.")
            return
        yield say.plural(
            "On {day}, of {count} measure: carried out {done}, on track {track}, late {late}, "
            "cannot be done {cannot}.",
            "On {day}, of {count} measures: carried out {done}, on track {track}, late {late}, "
            "cannot be done {cannot}.",
            total,
            day=self.day(content.end),
            done=counts["done"],
            track=counts["on_track"],
            late=counts["late"],
            cannot=counts["cannot"],
        )
        for rate in content.rates:
            if rate.reported.value is None or rate.verified.value is None:
                yield say("The implementation rate of {year} is not computable.", year=str(rate.year))
                continue
            yield say(
                "Implementation rate of {year}: {verified} verified, {reported} as reported.",
                year=str(rate.year),
                verified=self.percent(rate.verified.value, 1),
                reported=self.percent(rate.reported.value, 1),
            )
        longest = late(content)[:1]
        if longest and longest[0].days:
            yield say.plural(
                "The longest delay is {count} day: measure {measure}.",
                "The longest delay is {count} days: measure {measure}.",
                longest[0].days,
                measure=self.label(longest[0]),
            )

    def written(self, code: str, level: int = 1) -> Iterator[Block]:
        text = self.content.narrative.get(code, Text())
        if text.best(self.language)[0]:
            yield Heading(self.say(PARTS[code]), level)
            yield from self.paragraphs(text)

    # Lights and rates ---------------------------------------------------------------------------------------

    def standing(self) -> Iterator[Block]:
        say, content = self.say, self.content
        yield Heading(say("How the measures stand"))
        accepted, sent = lights(content), lights(content, reported=True)
        total = len(content.lines)
        if not total:
            return
        shares: dict[str, int] = dict(
            zip(LIGHTS, percentages([accepted[light] for light in LIGHTS]), strict=True)
        )
        drawn = bars.used(
            [
                bars.Bar(say(WORDS[light]), 100 * count / total, self.of_all(count, shares[light]))
                for light, count in accepted.items()
            ]
        )
        yield Chart(
            drawn,
            " ".join(self.answer()),
            say("Measures by how they stand, {day}", day=self.day(content.end)),
            data_in_print=False,
        )
        rows = [
            Row(
                (
                    say(WORDS[light]),
                    self.traced(accepted[light], mark=False),
                    self.percent(Decimal(shares[light])),
                    self.number(sent[light]),
                )
            )
            for light in LIGHTS
        ]
        whole = (say("All measures"), self.traced(total), self.percent(Decimal(100)), self.number(total))
        yield Table(
            (
                Column(say("How it stands"), weight=2.4),
                Column(say("Measures"), "right", 1),
                Column(say("Share"), "right", 0.8),
                Column(say("As reported, measures"), "right", 1.6),
            ),
            (*rows, Row(whole, "total")),
            caption=say("Measures by how they stand, {day}", day=self.day(content.end)),
            notes=(
                say(
                    "Measures and their share rest on answers that the institution in the lead accepted; "
                    "“as reported” counts the answers sent and not accepted yet, too."
                ),
                say("The shares are rounded so that they add up to 100."),
            ),
        )
        yield Paragraph(say("The first of these rules that holds gives a measure its mark:"), "quiet")
        yield List(tuple(f"{word}: {rule}." for _light, word, rule in rules(self.language)), ordered=True)

    def rate(self) -> Iterator[Block]:
        say, content = self.say, self.content
        yield Heading(say("Implementation rate"))
        if not content.rates:
            yield Note(say("No year of the plan lies in the period."), "missing")
            return
        yield Table(
            (
                Column(say("Year"), weight=0.8),
                Column(say("Measures due"), "right", 1.2),
                Column(say("In full, verified"), "right", 1.4),
                Column(say("Rate, verified"), "right", 1.4),
                Column(say("In full, as reported"), "right", 1.4),
                Column(say("Rate, as reported"), "right", 1.4),
            ),
            tuple(
                Row(
                    (
                        str(one.year),
                        self.number(one.verified.due),
                        self.number(one.verified.full),
                        self.traced(self.rate_in_words(one.verified.value)),
                        self.number(one.reported.full),
                        self.traced(self.rate_in_words(one.reported.value)),
                    )
                )
                for one in content.rates
            ),
            caption=say("Implementation rate by what was answered to {day}", day=self.day(content.end)),
            notes=(
                say(
                    "Measures carried out in full ÷ measures due by 31 December, in the version in force on "
                    "1 January (method of SIGMA). Not computable: n/c."
                ),
            ),
        )
        for one in content.rates:
            for sentence in one.sentences:
                yield Paragraph(self.words(sentence))

    def rate_in_words(self, value: Decimal | None) -> str:
        return self.say("n/c") if value is None else self.percent(value, 1)

    def parts(self) -> Iterator[Block]:
        say, content = self.say, self.content
        yield Heading(say("By objective"))
        yield self.counted(say("Objective"), by_objective(content), say("Measures by objective"), ())
        yield Heading(say("By institution"))
        rest = (
            (
                say(
                    "Only measures with an accepted answer are counted here: who has not answered is no part "
                    "of this report."
                ),
            )
            if content.silent is None
            else ()
        )
        found = by_institution(content)
        if found:
            shared = say("A measure on which two institutions report is counted with each of them.")
            caption = say("Measures by the institution that reports")
            yield self.counted(say("Institution"), found, caption, (*rest, shared))
        else:
            yield Paragraph(say("No answer is accepted yet."))
        if content.targets:
            yield Heading(say("By target of the Sustainable Development Goals"))
            parts = [Part(one.name, one.counts) for one in content.targets]
            note = say("A measure that answers to several targets is counted with each of them.")
            yield self.counted(say("SDG target"), parts, say("Measures by SDG target"), (note,))

    def counted(self, title: str, parts: Sequence[Part], caption: str, notes: tuple[str, ...]) -> Table:
        say = self.say
        used = lights_of(parts)
        nobody = say("Nobody is chosen to report")
        return Table(
            (
                Column(title, weight=2.6),
                *(Column(say(WORDS[LIGHTS[position]]), "right", 1.25) for position in used),
                Column(say("All"), "right", 0.75),
            ),
            tuple(
                Row(
                    (
                        self.words(part.name) if part.name is not None else nobody,
                        *(self.number(part.counts[position]) for position in used),
                        self.number(part.total),
                    )
                )
                for part in parts
            ),
            caption=caption,
            notes=notes,
        )

    # Delays and obstacles -----------------------------------------------------------------------------------

    def delays(self) -> Iterator[Block]:
        say, content = self.say, self.content
        yield Heading(say("What is late"))
        found = late(content)
        if found:
            yield Table(
                (
                    Column(say("Measure"), weight=4),
                    Column(say("Institution"), weight=2),
                    Column(say("Last day"), weight=1.4),
                    Column(say("Days late"), "right"),
                ),
                tuple(
                    Row(
                        (
                            self.measure(line),
                            self.institutions(line),
                            self.day(line.last_day, "medium") if line.last_day else "–",
                            self.number(line.days),
                        )
                    )
                    for line in found
                ),
                caption=say("Late on {day}", day=self.day(content.end)),
            )
        else:
            yield Paragraph(say("Nothing is late."))
        yield Heading(say("What slipped"))
        if content.slips:
            yield Table(
                (
                    Column(say("Measure"), weight=4),
                    Column(say("Last day before"), weight=1.4),
                    Column(say("Last day now"), weight=1.4),
                    Column(say("Later by, days"), "right"),
                    Column(say("Version"), "right", 0.8),
                ),
                tuple(
                    Row(
                        (
                            (
                                Run(f"{one.code} ".lstrip(), trace=one.trace, mark=False),
                                *self.words(one.title),
                            ),
                            self.day(one.before, "medium"),
                            self.day(one.after, "medium"),
                            self.number(one.days),
                            str(one.version),
                        )
                    )
                    for one in content.slips
                ),
                caption=say("Last days that an amendment of the period put off"),
            )
        else:
            yield Paragraph(say("No amendment put a last day off."))

    def hindrances(self) -> Iterator[Block]:
        say, content = self.say, self.content
        yield Heading(say("What cannot be done, and why"))
        found = impossible(content)
        if found:
            yield self.told(found, say("Measures that cannot be done"), say("Why"))
        else:
            yield Paragraph(say("No accepted answer says that a measure cannot be done."))
        yield Heading(say("Obstacles and needs"))
        found = hindered(content)
        if found:
            yield self.told(found, say("Obstacles, and what is needed"), say("Obstacles"))
        else:
            yield Paragraph(say("None is told."))

    def told(self, lines: Sequence[Line], caption: str, obstacles: str) -> Table:
        say = self.say
        return Table(
            (
                Column(say("Measure"), weight=3),
                Column(say("Institution"), weight=1.6),
                Column(obstacles, weight=3),
                Column(say("What is needed"), weight=2.4),
            ),
            tuple(
                Row(
                    (
                        self.measure(line),
                        self.institutions(line),
                        self.said(line.obstacles) or "–",
                        self.said(line.needed) or "–",
                    )
                )
                for line in lines
            ),
            caption=caption,
            notes=self.edited(lines, ("obstacles", "needed")),
        )

    # Outcomes, women and men, money -------------------------------------------------------------------------

    def changes(self) -> Iterator[Block]:
        say = self.say
        yield Heading(say("Outcome indicators"))
        found = outcomes(self.content)
        if not found:
            yield Paragraph(say("The plan has no outcome indicator."))
            return
        yield Table(
            (
                Column(say("Indicator"), weight=3.4),
                Column(say("Baseline"), "right", 1.2),
                Column(say("Target"), "right", 1.2),
                Column(say("Reached"), "right", 1.2),
                Column(say("To"), weight=1.3),
            ),
            tuple(
                Row(
                    (
                        (
                            Run(f"{line.code} ".lstrip(), trace=line.trace, mark=False),
                            *self.indicator(one),
                        ),
                        self.with_year(one.baseline, one.baseline_year),
                        self.with_year(one.target, one.target_year),
                        (Run(self.total(one), trace=one.trace or line.trace, mark=False),),
                        self.day(one.until, "medium") if one.until else "–",
                    )
                )
                for line, one in found
            ),
            caption=say("What comes of the measures"),
            notes=(say("As accepted. – not known. These figures are no part of the implementation rate."),),
        )

    def with_year(self, value: Decimal | None, year: int | None) -> str:
        return self.amount(value) + (f" ({year})" if value is not None and year else "")

    def gender(self) -> Iterator[Block]:
        say, content = self.say, self.content
        if not content.women_and_men and not content.gaps:
            return
        yield Heading(say("Women and men"))
        for sentence in content.women_and_men:
            yield Paragraph(self.words(sentence))
        if content.women_and_men:
            yield Paragraph(say("The marks are a proposal of Milepost and no part of the act."), "quiet")
        if content.gaps:
            yield Table(
                (
                    Column(say("Indicator"), weight=3.4),
                    Column(say("Women"), "right"),
                    Column(say("Men"), "right"),
                    Column(say("Difference"), "right"),
                    Column(say("Women per man"), "right"),
                    Column(say("To"), weight=1.3),
                ),
                tuple(
                    Row(
                        (
                            (
                                Run(f"{one.code} ".lstrip(), trace=one.trace, mark=False),
                                *self.words(one.title),
                                *((Run(f", {one.unit}"),) if one.unit else ()),
                            ),
                            self.amount(one.women),
                            self.amount(one.men),
                            self.amount(one.difference),
                            self.amount(one.ratio, 2),
                            self.day(one.until, "medium") if one.until else "–",
                        )
                    )
                    for one in content.gaps
                ),
                caption=say("What was reached among women and among men"),
                notes=(say("The difference is women less men. – not known."),),
            )

    def spending(self) -> Iterator[Block]:
        say, content = self.say, self.content
        yield Heading(say("Money"))
        if not content.money:
            yield Paragraph(say("The plan states no amounts."))
            return
        yield Table(
            (
                Column(say("Source"), weight=3),
                Column(say("Currency")),
                Column(say("There, as the plan has it"), "right", 1.4),
                Column(say("Still sought"), "right", 1.2),
                Column(say("Spent"), "right", 1.2),
            ),
            tuple(
                Row(
                    (
                        one.source or "–",
                        one.currency,
                        self.amount(one.planned),
                        self.amount(one.sought),
                        self.amount(one.spent),
                    )
                )
                for one in content.money
            ),
            caption=say("Money by source, to {day}", day=self.day(content.end)),
            notes=(say("– not recorded. Amounts in different currencies are not added up."),),
        )

    # Amendments, answers ------------------------------------------------------------------------------------

    def amended(self) -> Iterator[Block]:
        say, content = self.say, self.content
        yield Heading(say("Amendments in the period"))
        if not content.amendments:
            yield Paragraph(say("The plan was not amended in the period."))
            return
        yield Table(
            (
                Column(say("Version"), "right", 0.7),
                Column(say("Act"), weight=2.6),
                Column(say("In force from"), weight=1.4),
                Column(say("Why"), weight=3),
                Column(say("Added"), "right", 0.8),
                Column(say("Taken out"), "right", 0.8),
                Column(say("Changed"), "right", 0.8),
            ),
            tuple(
                Row(
                    (
                        str(one.number),
                        self.words(one.act) or "–",
                        self.day(one.since, "medium"),
                        self.words(one.reason) or "–",
                        self.number(one.added),
                        self.number(one.removed),
                        self.number(one.changed),
                    )
                )
                for one in content.amendments
            ),
            caption=say("Versions of the plan that came into force in the period"),
            row_headers=False,
        )

    def answering(self) -> Iterator[Block]:
        say, content = self.say, self.content
        yield Heading(say("Answers"))
        yield Table(
            (
                Column(say("Round"), weight=3),
                Column(say("Asked"), "right"),
                Column(say("Sent"), "right"),
                Column(say("Accepted"), "right"),
            ),
            tuple(
                Row(
                    (
                        (Run(self.period(one.start, one.end), trace=one.trace),),
                        self.number(one.asked),
                        self.number(one.sent),
                        self.number(one.accepted),
                    )
                )
                for one in content.rounds
            ),
            caption=say("Answers of the institutions"),
            notes=(say("“Sent” counts those that are accepted, too."),),
        )
        if content.silent is None:
            words = say("Who has not answered is no part of this report.")
        elif content.silent:
            words = (
                say("Not all answers were sent by:") + " " + "; ".join(map(self.name, content.silent)) + "."
            )
        else:
            words = say("All institutions have sent their answers.")
        yield Paragraph(words)

    # The annex ----------------------------------------------------------------------------------------------

    def annex(self) -> Iterator[Block]:
        say, content = self.say, self.content
        yield Heading(say("Annex: all measures"))
        there: dict[str, list[Line]] = {}
        for line in content.lines:
            there.setdefault(line.objective, []).append(line)
        for one in content.objectives:
            lines = there.get(one.key, [])
            if not lines:
                continue
            yield Heading(self.words(one.name) or "–", 2)
            yield Table(
                (
                    Column(say("Measure"), weight=3.2),
                    Column(say("How it stands"), weight=1.5),
                    Column(say("What was answered"), weight=4.4),
                ),
                tuple(Row((self.head(line), self.stand(line), self.answered(line))) for line in lines),
                notes=self.edited(lines, ("text", "obstacles", "needed")),
            )

    def head(self, line: Line) -> Words:
        """What is to be done, by whom, until when."""
        facts = [self.institutions(line)]
        until = line.deadline or (self.day(line.last_day, "medium") if line.last_day else "")
        facts += [self.say("Deadline: {deadline}", deadline=until)] if until else []
        return (*self.measure(line), Run("\n" + "\n".join(facts)))

    def stand(self, line: Line) -> Words:
        say = self.say
        words = [say(WORDS[line.light])]
        if line.days:
            words.append(say.plural("{count} day late", "{count} days late", line.days))
        if line.ended:
            words.append(say("carried out on {day}", day=self.day(line.ended, "medium")))
        return "\n".join(words)

    def answered(self, line: Line) -> Words:
        """What the accepted answer says: how far, in words, obstacles, needs, figures, evidence."""
        say = self.say
        if line.until is None:
            return "–"
        found: list[Run] = [
            Run(
                say(
                    "{done} (answer to {day}).",
                    done=say(ANSWERED[line.done]) if line.done else "–",
                    day=self.day(line.until, "medium"),
                )
            )
        ]
        for label, said in (
            ("", line.text),
            (say("Obstacles"), line.obstacles),
            (say("What is needed"), line.needed),
        ):
            words = self.said(said)
            if words:
                found += [Run("\n"), *((Run(f"{label}: ", strong=True),) if label else ()), Run(words)]
        for one in line.reached:
            found += [Run("\n"), *self.indicator(one), Run(f": {self.reached(one)}")]
        if line.evidence:
            found += [
                Run("\n"),
                Run(say("Evidence") + ": ", strong=True),
                Run("; ".join(line.evidence)),
            ]
        elif line.files:
            words = say.plural("{count} file shows it.", "{count} files show it.", line.files)
            found += [Run("\n"), Run(words)]
        return tuple(found)

    def indicator(self, one: Reached) -> tuple[Run, ...]:
        """What is counted, with its unit."""
        unit = "" if not one.unit or sentences.is_percent(one.unit) else f", {one.unit}"
        return (*self.words(one.title), *((Run(unit),) if unit else ()))

    def total(self, one: Reached) -> str:
        """A figure; a share in per cent with one decimal."""
        shared = one.numerator is not None and one.denominator is not None
        if one.total is not None and (shared or sentences.is_percent(one.unit)):
            return sentences.percent(self.amount(one.total, 1 if shared else None), self.language)
        return self.amount(one.total)

    def reached(self, one: Reached) -> str:
        """A figure with its parts and, of a share, what it is computed of."""
        say, total = self.say, self.total(one)
        parts = []
        if one.numerator is not None and one.denominator is not None:
            parts.append(
                say("{part} of {whole}", part=self.amount(one.numerator), whole=self.amount(one.denominator))
            )
        if one.women is not None:
            parts.append(say("women {count}", count=self.amount(one.women)))
        if one.men is not None:
            parts.append(say("men {count}", count=self.amount(one.men)))
        return f"{total} ({', '.join(parts)})" if parts else total

    def edited(self, lines: Iterable[Line], names: Sequence[str]) -> tuple[str, ...]:
        """Says what the mark means, where it stands."""
        if not any(getattr(line, name).own is not None for line in lines for name in names):
            return ()
        said = self.say("{mark} Shortened or rewritten by the institution in the lead.", mark=MARK)
        return (said,)

    def appendix(self) -> Iterator[Block]:
        say, content = self.say, self.content
        author = self.name(content.author)
        yield Heading(say("Where each figure comes from"))
        entries = [
            Source(
                say(
                    "Answers of the institutions on the measures of the plan to {day}, accepted by {author} "
                    "and kept in Milepost; as they were on {drafted}, when this was drafted.",
                    author=author,
                    day=self.day(content.end),
                    drafted=self.day(content.day),
                ),
                (content.trace,) if content.trace else (),
            )
        ]
        entries += [
            Source(
                say(
                    "Round {period}: of {asked} answers asked for, {accepted} are accepted.",
                    period=self.period(one.start, one.end),
                    asked=one.asked,
                    accepted=one.accepted,
                ),
                (one.trace,),
            )
            for one in content.rounds
            if one.trace
        ]
        yield Sources(tuple(entries))

    # Words --------------------------------------------------------------------------------------------------

    def name(self, text: Text) -> str:
        return text.best(self.language)[0]

    def words(self, text: Text) -> tuple[Run, ...]:
        """A text in the report's language, else in one that it has, marked so."""
        best, language = text.best(self.language)
        foreign = language if language and language != self.language else ""
        return (Run(best, language=foreign),) if best else ()

    def paragraphs(self, text: Text) -> Iterator[Block]:
        """Paragraphs parted by blank lines; lines that begin with a dash are points."""
        best, language = text.best(self.language)
        foreign = language if language and language != self.language else ""
        for part in best.replace("\r\n", "\n").split("\n\n"):
            lines = [line.strip() for line in part.strip().split("\n") if line.strip()]
            if lines and all(line.startswith(("- ", "– ", "• ")) for line in lines):
                yield List(tuple((Run(line[2:].strip(), language=foreign),) for line in lines))
            elif lines:
                yield Paragraph((Run("\n".join(lines), language=foreign),))

    def label(self, line: Line) -> str:
        return f"{line.code} {self.name(line.title)}".strip()

    def measure(self, line: Line) -> tuple[Run, ...]:
        title = self.words(line.title)
        code = (Run(f"{line.code} ", strong=True, trace=line.trace, mark=False),) if line.code else ()
        return (*code, *title)

    def institutions(self, line: Line) -> str:
        named = "; ".join(self.name(one) for one in line.institutions)
        return named or self.say("Nobody is chosen to report")

    def said(self, said: Said) -> str:
        words = said.words.strip()
        return f"{words} {MARK}" if words and said.own is not None else words

    def traced(self, shown: int | str, *, mark: bool = True) -> tuple[Run, ...]:
        words = shown if isinstance(shown, str) else self.number(shown)
        return (Run(words, trace=self.content.trace, mark=mark),)

    def of_all(self, count: int, share: int) -> str:
        return f"{self.number(count)} ({self.percent(Decimal(share))})"

    def percent(self, value: Decimal, digits: int = 0) -> str:
        return sentences.percent(sentences.number(float(value), self.language, digits), self.language)

    def number(self, value: int | None) -> str:
        return "–" if value is None else sentences.number(value, self.language)

    def amount(self, value: Decimal | None, digits: int | None = None) -> str:
        return "–" if value is None else sentences.number(float(value), self.language, digits)

    def day(self, day: date, width: str = "long") -> str:
        return format_date(day, width, sentences.days(self.language))  # type: ignore[arg-type]

    def period(self, start: date, end: date) -> str:
        return format_interval(start, end, "yMMMd", locale=sentences.days(self.language))


# The annex as a table ---------------------------------------------------------------------------------------

COLUMNS: tuple[str, ...] = (
    "No.",
    "Objective",
    "Measure",
    "Institution",
    "Deadline",
    "Last day",
    "How it stands",
    "Days late",
    "How far it is",
    "Answer to",
    "Carried out on",
    "What was answered",
    "Obstacles",
    "What is needed",
    "Indicators",
    "Evidence",
)
"""The columns of the annex as a table."""


def tables(content: PlanReport, language: str) -> list[tuple[str, list[str], list[tuple[object, ...]]]]:
    """The annex and the counts of the report as sheets of a workbook: name, headings, rows.

    Numbers are numbers and days are days; everything else is text, in the words of the document.
    """
    say, writer = sentences.translator(language), _Writer(content, language)
    names = {one.key: writer.name(one.name) for one in content.objectives}
    measures: list[tuple[object, ...]] = [
        (
            line.code,
            names.get(line.objective, ""),
            writer.name(line.title),
            writer.institutions(line),
            line.deadline,
            line.last_day,
            say(WORDS[line.light]),
            line.days,
            say(ANSWERED[line.done]) if line.done else "",
            line.until,
            line.ended,
            writer.said(line.text),
            writer.said(line.obstacles),
            writer.said(line.needed),
            "\n".join(f"{plain(writer.indicator(one))}: {writer.reached(one)}" for one in line.reached),
            "; ".join(line.evidence) if line.evidence else (str(line.files) if line.files else ""),
        )
        for line in content.lines
    ]
    heads = [say(WORDS[light]) for light in LIGHTS]
    nobody = say("Nobody is chosen to report")

    def counted(parts: Sequence[Part]) -> list[tuple[object, ...]]:
        return [
            (writer.name(part.name) if part.name is not None else nobody, *part.counts, part.total)
            for part in parts
        ]

    accepted, sent = lights(content), lights(content, reported=True)
    standing = [(say(WORDS[light]), accepted[light], sent[light]) for light in LIGHTS]
    standing.append((say("All measures"), sum(accepted.values()), sum(sent.values())))
    return [
        (say("Annex"), [say(one) for one in COLUMNS], measures),
        (
            say("How it stands"),
            [say("How it stands"), say("Measures"), say("As reported, measures")],
            list(standing),
        ),
        (
            say("Implementation rate"),
            [
                say("Year"),
                say("Measures due"),
                say("In full, verified"),
                say("Rate, verified"),
                say("In full, as reported"),
                say("Rate, as reported"),
            ],
            [
                (
                    one.year,
                    one.verified.due,
                    one.verified.full,
                    one.verified.value,
                    one.reported.full,
                    one.reported.value,
                )
                for one in content.rates
            ],
        ),
        (say("By objective"), [say("Objective"), *heads, say("All")], counted(by_objective(content))),
        (say("By institution"), [say("Institution"), *heads, say("All")], counted(by_institution(content))),
    ]
