"""Projects to a file of IATI 2.03 that passes the standard's own checks; what is missing is left out."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue] - it has no stubs

from milepost.errors import KINDS, MilepostError, refuse
from milepost.interchange import aside, xml
from milepost.interchange.iati import checking
from milepost.interchange.iati.words import CODE, LANGUAGE, LEVELS, MEASURES, MOMENTS, OWN, PART_OF, PLACE
from milepost.values import Origin, Problem, Text
from milepost.values.project import Budget, Document, Money, Party, Project, Share, Transaction
from milepost.values.results import Figure, Reference, ReportingPeriod, Result, ResultIndicator

_TYPES = {moment: code for code, moment in MOMENTS.items()}
_LEVELS = {level: code for code, level in LEVELS.items()}
_MEASURES = {measure: code for code, measure in MEASURES.items()}


def write(
    projects: Sequence[Project], path: Path | str, *, made: datetime | None = None
) -> tuple[Problem, ...]:
    """Write projects as IATI 2.03, aside and then renamed; returns what the standard has no place for.

    `made` is the time of the file, if it is to be said. Raises MilepostError with every fault that `check`
    would find: a file that breaks the standard is not written.
    """
    _refuse_what_is_missing(projects, str(path))
    notes: list[Problem] = []
    root = etree.Element("iati-activities", version="2.03", nsmap={"milepost": OWN})
    _set(root, "generated-datetime", made.isoformat(timespec="seconds") if made else "")
    for project in projects:
        root.append(_Writer(project, str(path), notes).activity())
    found = [each for each in checking.faults(root, str(path)) if KINDS[each.code].gravity != "note"]
    if found:
        raise MilepostError(found)
    etree.indent(root)
    with aside.file(path) as temporary:
        root.getroottree().write(str(temporary), xml_declaration=True, encoding="UTF-8")
    return tuple(notes)


def _refuse_what_is_missing(projects: Iterable[Project], file: str) -> None:
    """All that the schema demands of every activity, in plain words, before anything else is said."""
    missing = []
    for place, project in enumerate(projects, 1):
        reporter = project.reporter
        has = {
            "iati-identifier": project.identifier.strip(),
            "reporting-org": reporter and reporter.reference and reporter.kind and _worded(reporter.name),
            "title": _worded(project.title),
            "description": _worded(project.description),
            "participating-org": project.parties,
            "activity-status": project.status,
            "activity-date": project.days,
        }
        activity = project.identifier.strip() or f"#{place}"
        missing += [
            Problem("iati-cannot-write", Origin(file), {"activity": activity, "what": what})
            for what, there in has.items()
            if not there
        ]
    if missing:
        raise MilepostError(missing)


def _worded(text: Text) -> bool:
    return any(words.strip() for words in text.values())


def _set(element: etree._Element, name: str, value: str) -> None:
    """An attribute, unless it is blank: what is not known is left out."""
    if value:
        element.set(name, value)


def _number(number: Decimal | None) -> str:
    return "" if number is None else f"{number:f}"


def _day(day: date | None) -> str:
    return "" if day is None else day.isoformat()


class _Writer:
    """One activity being written, in the order of the schema."""

    def __init__(self, project: Project, file: str, notes: list[Problem]):
        self.project = project
        self.file = file
        self.notes = notes
        self.left_out: dict[str, int] = {}

    def activity(self) -> etree._Element:
        project = self.project
        top = etree.Element("iati-activity")
        _set(top, LANGUAGE, project.language)
        _set(top, "default-currency", project.currency)
        self.child(top, "iati-identifier").text = self.sound(project.identifier)
        self.party(top, "reporting-org", project.reporter)
        self.text(self.child(top, "title"), project.title)
        self.text(self.child(top, "description"), project.description)
        for party in project.parties:
            self.party(top, "participating-org", party)
        for identifier in project.other_identifiers:
            self.child(top, "other-identifier", ref=identifier.code, type=identifier.vocabulary)
        self.child(top, "activity-status", code=project.status)
        for moment, day in project.days:
            self.child(top, "activity-date", **{"iso-date": _day(day), "type": _TYPES[moment]})
        if project.scope:
            self.child(top, "activity-scope", code=project.scope)
        self.shares(top, "recipient-country", project.countries)
        self.shares(top, "recipient-region", project.regions)
        self.shares(top, "sector", project.sectors)
        for tag in project.tags:
            self.reference(top, "tag", tag, "vocabulary-uri")
        for marker in project.markers:
            element = self.coded(top, "policy-marker", marker.code, marker.vocabulary, marker.uri)
            _set(element, "significance", marker.significance)
            self.text(element, marker.title)
        for budget in project.budgets:
            self.budget(top, budget)
        for transaction in project.transactions:
            self.transaction(top, transaction)
        for document in project.documents:
            self.document(top, document)
        for related in project.related:
            self.child(top, "related-activity", ref=related.identifier, type=related.kind)
        for result in project.results:
            self.result(top, result, "")
        self.say_what_was_left_out()
        return top

    def say_what_was_left_out(self) -> None:
        if self.left_out:
            what = ", ".join(f"{name}: {count}" for name, count in sorted(self.left_out.items()))
            details = {"activity": self.project.identifier, "what": what}
            self.notes.append(Problem("iati-not-carried", Origin(self.file), details))

    def leave_out(self, name: str, is_there: object) -> None:
        if is_there:
            self.left_out[name] = self.left_out.get(name, 0) + 1

    # Elements and words

    def child(self, parent: etree._Element, tag: str, /, **attributes: str) -> etree._Element:
        """A new element with those of the attributes that are not blank."""
        element = etree.SubElement(parent, tag)
        for attribute, value in attributes.items():
            _set(element, attribute, self.sound(value))
        return element

    def sound(self, text: str) -> str:
        """The text, if XML can hold it."""
        if character := xml.forbidden(text):
            details = {"activity": self.project.identifier or "?", "character": character}
            raise refuse("iati-character", Origin(self.file), **details)
        return text

    def text(self, element: etree._Element, text: Text) -> None:
        """A narrative for each language; that of the activity is not repeated."""
        for language, words in text.items():
            if words.strip():
                self.narrative(element, words, "" if language == self.project.language else language)

    def narrative(self, element: etree._Element, words: str, language: str) -> None:
        narrative = self.child(element, "narrative")
        _set(narrative, LANGUAGE, language)
        narrative.text = self.sound(words)

    def coded(
        self, parent: etree._Element, name: str, code: str, vocabulary: str, uri: str
    ) -> etree._Element:
        return self.child(parent, name, **{"vocabulary": vocabulary, "vocabulary-uri": uri, "code": code})

    # The parts of an activity

    def party(self, parent: etree._Element, name: str, party: Party | None) -> None:
        if party:
            element = self.child(parent, name, ref=party.reference, type=party.kind, role=party.role)
            self.text(element, party.name)

    def shares(self, parent: etree._Element, name: str, shares: Iterable[Share]) -> None:
        for share in shares:
            countries = name == "recipient-country"  # which has no vocabulary but its own
            vocabulary, uri = ("", "") if countries else (share.vocabulary, share.uri)
            element = self.coded(parent, name, share.code, vocabulary, uri)
            _set(element, "percentage", _number(share.percentage))
            self.text(element, share.title)

    def reference(self, parent: etree._Element, name: str, reference: Reference, uri: str) -> None:
        attributes = {"vocabulary": reference.vocabulary, "code": reference.code, uri: reference.uri}
        element = self.child(parent, name, **attributes)
        if name == "tag":
            self.text(element, reference.title)
        else:
            self.leave_out("reference/title", _worded(reference.title))

    def money(self, parent: etree._Element, money: Money, day: date) -> None:
        """An amount. The schema demands the day of its rate; without one it is that of payment or period."""
        attributes = {"currency": money.currency, "value-date": _day(money.day or day)}
        self.child(parent, "value", **attributes).text = _number(money.value)

    def time(self, parent: etree._Element, start: date, end: date) -> None:
        self.child(parent, "period-start", **{"iso-date": _day(start)})
        self.child(parent, "period-end", **{"iso-date": _day(end)})

    def budget(self, parent: etree._Element, budget: Budget) -> None:
        kind, status = "2" if budget.revised else "1", "2" if budget.committed else "1"
        element = self.child(parent, "budget", type=kind, status=status)
        self.time(element, budget.start, budget.end)
        self.money(element, budget.money, budget.start)
        self.leave_out("budget/line", budget.line)

    def transaction(self, parent: etree._Element, transaction: Transaction) -> None:
        element = self.child(parent, "transaction", ref=transaction.reference)
        self.child(element, "transaction-type", code=transaction.kind)
        self.child(element, "transaction-date", **{"iso-date": _day(transaction.day)})
        self.money(element, transaction.money, transaction.day)
        if _worded(transaction.description):
            self.text(self.child(element, "description"), transaction.description)
        for name, party in (("provider-org", transaction.provider), ("receiver-org", transaction.receiver)):
            if party:
                organisation = self.child(element, name, ref=party.reference, type=party.kind)
                self.text(organisation, party.name)

    def document(self, parent: etree._Element, document: Document) -> None:
        element = self.child(parent, "document-link", url=document.url, format=document.format)
        self.text(self.child(element, "title"), document.title)
        if document.category:
            self.child(element, "category", code=document.category)
        if document.language:
            self.child(element, "language", code=document.language)
        if document.day:
            self.child(element, "document-date", **{"iso-date": _day(document.day)})

    # Results

    def result(self, parent: etree._Element, result: Result, part_of: str) -> None:
        """A result and those below it; IATI has none without an indicator, so such a one is left out."""
        if result.indicators:
            element = self.child(parent, "result", type=_LEVELS[result.level])
            _set(element, CODE, self.sound(result.code))
            _set(element, PART_OF, self.sound(part_of))
            self.text(self.child(element, "title"), result.title)
            if _worded(result.description):
                self.text(self.child(element, "description"), result.description)
            for reference in result.references:
                self.reference(element, "reference", reference, "vocabulary-uri")
            for indicator in result.indicators:
                self.indicator(element, indicator)
        self.leave_out("result without indicator", not result.indicators)
        self.leave_out("result/assumptions", _worded(result.assumptions))
        for below in result.below:
            self.result(parent, below, result.code if result.indicators else part_of)

    def indicator(self, parent: etree._Element, indicator: ResultIndicator) -> None:
        element = self.child(parent, "indicator", measure=_MEASURES[indicator.measure])
        if indicator.direction != "maintain":
            _set(element, "ascending", "1" if indicator.direction == "up" else "0")
        _set(element, CODE, self.sound(indicator.code))
        self.text(self.child(element, "title"), indicator.title)
        if _worded(indicator.description):
            self.text(self.child(element, "description"), indicator.description)
        for reference in indicator.references:
            self.reference(element, "reference", reference, "indicator-uri")
        self.baseline(element, indicator)
        for period in indicator.periods:
            self.period(element, period, indicator)
        for name, is_there in _without_a_place(indicator):
            self.leave_out(name, is_there)

    def baseline(self, parent: etree._Element, indicator: ResultIndicator) -> None:
        baseline = indicator.baseline
        if baseline is None:
            return
        year = baseline.year or (baseline.day.year if baseline.day else None)
        if year is None:  # never a made-up one
            self.leave_out("baseline without year", True)
            return
        for figure in baseline.figures:
            self.figure(
                parent, "baseline", figure, indicator, {"year": str(year), "iso-date": _day(baseline.day)}
            )

    def period(self, parent: etree._Element, period: ReportingPeriod, indicator: ResultIndicator) -> None:
        element = self.child(parent, "period")
        self.time(element, period.start, period.end)
        for name, figures in (("target", period.targets), ("actual", period.actuals)):
            for figure in figures:
                self.figure(element, name, figure, indicator, {})

    def figure(
        self,
        parent: etree._Element,
        name: str,
        figure: Figure,
        indicator: ResultIndicator,
        time: dict[str, str],
    ) -> None:
        """A baseline, target or actual with its dimensions; one without value or words is left out."""
        words = indicator.measure == "qualitative"
        if not (figure.text.strip() or _worded(figure.comment)) if words else figure.value is None:
            self.leave_out("figure without value", True)
            return
        value = "" if words else _number(figure.value)
        element = self.child(parent, name, **time, value=value)
        place = ((PLACE, figure.place),) if figure.place else ()
        for dimension, category in (*figure.breakdown, *place):
            self.child(element, "dimension", name=dimension, value=category)
        if words:
            self.answer(self.child(element, "comment"), figure)
        elif _worded(figure.comment):
            self.text(self.child(element, "comment"), figure.comment)
        self.leave_out(
            "numerator, denominator", figure.numerator is not None or figure.denominator is not None
        )

    def answer(self, comment: etree._Element, figure: Figure) -> None:
        """The answer to a qualitative indicator has no language of its own; a comment has."""
        if figure.text.strip():
            self.narrative(comment, figure.text, "")
        for language, words in figure.comment.items():
            if words.strip():
                self.narrative(comment, words, language or self.project.language)


def _without_a_place(indicator: ResultIndicator) -> Iterator[tuple[str, object]]:
    """What an indicator of ours says and one of IATI has no place for."""
    yield "indicator/unit", indicator.unit
    yield "indicator/direction: maintain", indicator.direction == "maintain"
    yield "indicator/tolerance", indicator.tolerance is not None
    yield "indicator/over_time", indicator.over_time != "last"
    yield "indicator/over_places", indicator.over_places != "sum"
    yield "indicator/counting", indicator.counting != "not_cumulative"
    yield "indicator/end_target", indicator.end_target
    yield "indicator/means_of_verification", _worded(indicator.means_of_verification)
    yield "indicator/responsible", indicator.responsible
