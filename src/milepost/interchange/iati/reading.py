"""Projects from a file of IATI activities: what is missing stays missing, what is unreadable is said."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import NamedTuple, TypeVar

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue] - it has no stubs

from milepost.interchange import limits, xml
from milepost.interchange.iati.checking import problem
from milepost.interchange.iati.words import (
    CODE,
    LANGUAGE,
    LEVELS,
    MEASURES,
    MOMENTS,
    OLD_CODES,
    PART_OF,
    PLACE,
)
from milepost.values import Problem, Text
from milepost.values.project import (
    Budget,
    Document,
    Marker,
    Money,
    Party,
    Project,
    Related,
    Share,
    Transaction,
)
from milepost.values.results import Baseline, Figure, Reference, ReportingPeriod, Result, ResultIndicator

Value = TypeVar("Value")


class Activities(NamedTuple):
    """The projects of a file, and what could not be read of it."""

    projects: tuple[Project, ...]
    problems: tuple[Problem, ...]


def read(path: Path | str) -> Activities:
    """The activities of an IATI file as projects; a file of organisations holds none.

    Raises MilepostError where the file cannot be read. Faults against the standard are those of `check`.
    """
    limits.check_size(path)
    return limits.guarded(_read, Path(path))


def _read(path: Path) -> Activities:
    problems: list[Problem] = []
    root = xml.tree(path, problems)
    activities = [root] if root.tag == "iati-activity" else root.iterchildren("iati-activity")
    return Activities(
        tuple(_Activity(each, str(path), problems).project() for each in activities), tuple(problems)
    )


class _Activity:
    """One activity being read: what holds for the whole of it, and where faults go."""

    def __init__(self, element: etree._Element, file: str, problems: list[Problem]):
        self.element = element
        self.file = file
        self.problems = problems
        self.language = element.get(LANGUAGE, "")
        self.currency = element.get("default-currency", "")

    def project(self) -> Project:
        top = self.element
        return Project(
            identifier=_inner(top.find("iati-identifier")),
            title=self.text(top.iterchildren("title")),
            description=self.text(top.iterchildren("description")),
            reporter=next(self.parties(top, "reporting-org"), None),
            parties=tuple(self.parties(top, "participating-org")),
            status=_code(top, "activity-status"),
            days=tuple(self.days()),
            scope=_code(top, "activity-scope"),
            countries=self.shares("recipient-country"),
            regions=self.shares("recipient-region"),
            sectors=self.shares("sector"),
            tags=tuple(self.reference(each, "vocabulary-uri") for each in top.iterchildren("tag")),
            markers=tuple(self.marker(each) for each in top.iterchildren("policy-marker")),
            currency=self.currency,
            language=self.language,
            budgets=tuple(self.whole(self.budget, top.iterchildren("budget"))),
            transactions=tuple(self.whole(self.transaction, top.iterchildren("transaction"))),
            documents=tuple(self.document(each) for each in top.iterchildren("document-link")),
            related=tuple(
                Related(each.get("ref", "").strip(), each.get("type", ""))
                for each in top.iterchildren("related-activity")
            ),
            results=self.results(),
            other_identifiers=tuple(
                Reference(each.get("type", ""), each.get("ref", "").strip() or _inner(each))
                for each in top.iterchildren("other-identifier")
            ),
        )

    # Words, numbers and days

    def text(self, elements: Iterable[etree._Element]) -> Text:
        """The narratives of elements by language; those of one language are joined by a blank line."""
        found: dict[str, list[str]] = {}
        for element in elements:
            for narrative in element.findall("narrative") or [element]:  # 1.0x has the text itself
                if words := _inner(narrative):
                    language = narrative.get(LANGUAGE) or element.get(LANGUAGE) or self.language
                    found.setdefault(language, []).append(words)
        return Text({language: "\n\n".join(texts) for language, texts in found.items()})

    def text_of(self, element: etree._Element, name: str) -> Text:
        return self.text(element.iterchildren(name))

    def number(self, element: etree._Element, attribute: str = "") -> Decimal | None:
        """A number of an attribute or of the text; None where missing, or unreadable, which is said."""
        text = (element.get(attribute, "") if attribute else element.text or "").strip()
        if not text:
            return None
        try:
            number = Decimal(text)
        except InvalidOperation:
            number = Decimal("NaN")
        return number if number.is_finite() else self.unreadable(element, attribute, text, "a number")

    def day(self, element: etree._Element | None, attribute: str = "iso-date") -> date | None:
        """The day of an attribute; None where it is missing, or unreadable, which is said."""
        text = "" if element is None else element.get(attribute, "").strip()
        if element is None or not text:
            return None
        try:
            return date.fromisoformat(text[:10])
        except ValueError:
            return self.unreadable(element, attribute, text, "a day")

    def unreadable(self, element: etree._Element, attribute: str, value: str, wanted: str) -> None:
        details = {"value": value, "wanted": wanted}
        self.problems.append(problem("iati-not-read", self.file, element, attribute, details))

    def whole(
        self, read: Callable[[etree._Element], Value | None], elements: Iterable[etree._Element]
    ) -> Iterator[Value]:
        """What can be read of elements; one of which the needed parts are missing is said and left out."""
        for element in elements:
            before = len(self.problems)
            value = read(element)
            if value is not None:
                yield value
            elif len(self.problems) == before:
                self.unreadable(element, "", "", str(element.tag))

    # The parts of an activity

    def parties(self, parent: etree._Element, name: str) -> Iterator[Party]:
        for element in parent.iterchildren(name):
            role = element.get("role", "")
            yield Party(
                self.text([element]),
                role=OLD_CODES["participating-org"].get(role, role),
                reference=element.get("ref", "").strip(),
                kind=element.get("type", ""),
            )

    def days(self) -> Iterator[tuple]:
        for element in self.element.iterchildren("activity-date"):
            kind = element.get("type", "")
            moment = MOMENTS.get(OLD_CODES["activity-date"].get(kind, kind))
            day = self.day(element)
            if moment and day:
                yield moment, day

    def shares(self, name: str) -> tuple[Share, ...]:
        return tuple(
            Share(
                each.get("code", "").strip(),
                vocabulary=each.get("vocabulary", ""),
                percentage=self.number(each, "percentage"),
                title=self.text([each]),
                uri=each.get("vocabulary-uri", ""),
            )
            for each in self.element.iterchildren(name)
        )

    def reference(self, element: etree._Element, uri: str) -> Reference:
        return Reference(
            element.get("vocabulary", ""),
            element.get("code", "").strip(),
            self.text([element]),
            element.get(uri, ""),
        )

    def marker(self, element: etree._Element) -> Marker:
        return Marker(
            element.get("code", "").strip(),
            vocabulary=element.get("vocabulary", ""),
            significance=element.get("significance", ""),
            title=self.text([element]),
            uri=element.get("vocabulary-uri", ""),
        )

    def money(self, element: etree._Element | None) -> Money | None:
        number = None if element is None else self.number(element)
        if element is None or number is None:
            return None
        return Money(number, element.get("currency") or self.currency, self.day(element, "value-date"))

    def budget(self, element: etree._Element) -> Budget | None:
        start, end = self.day(element.find("period-start")), self.day(element.find("period-end"))
        money = self.money(element.find("value"))
        if not start or not end or not money:
            return None
        return Budget(
            start, end, money, revised=element.get("type") == "2", committed=element.get("status") == "2"
        )

    def transaction(self, element: etree._Element) -> Transaction | None:
        day, money = self.day(element.find("transaction-date")), self.money(element.find("value"))
        kind = _code(element, "transaction-type")
        if not day or not money or not kind:
            return None
        return Transaction(
            OLD_CODES["transaction-type"].get(kind, kind),
            day,
            money,
            reference=element.get("ref", ""),
            description=self.text_of(element, "description"),
            provider=next(self.parties(element, "provider-org"), None),
            receiver=next(self.parties(element, "receiver-org"), None),
        )

    def document(self, element: etree._Element) -> Document:
        return Document(
            element.get("url", "").strip(),
            self.text_of(element, "title"),
            format=element.get("format", ""),
            category=_code(element, "category"),
            language=_code(element, "language"),
            day=self.day(element.find("document-date")),
        )

    # Results

    def results(self) -> tuple[Result, ...]:
        """The results, each below the one that it says it is part of; other files have them side by side."""
        elements = list(self.element.iterchildren("result"))
        codes = [each.get(CODE) or str(place) for place, each in enumerate(elements, 1)]
        below: dict[str | None, list[int]] = {}
        for place, element in enumerate(elements):
            above = element.get(PART_OF)
            below.setdefault(above if above in codes[:place] else None, []).append(place)

        def built(place: int) -> Result:
            parts = tuple(built(part) for part in below.pop(codes[place], ()))
            return self.result(elements[place], codes[place], parts)

        return tuple(built(place) for place in below.pop(None, ()))

    def result(self, element: etree._Element, code: str, below: tuple[Result, ...]) -> Result:
        return Result(
            code,
            LEVELS.get(element.get("type", ""), "activity"),
            self.text_of(element, "title"),
            description=self.text_of(element, "description"),
            indicators=tuple(
                self.indicator(each, each.get(CODE) or f"{code}.{place}")
                for place, each in enumerate(element.iterchildren("indicator"), 1)
            ),
            references=tuple(
                self.reference(each, "vocabulary-uri") for each in element.iterchildren("reference")
            ),
            below=below,
        )

    def indicator(self, element: etree._Element, code: str) -> ResultIndicator:
        words = MEASURES.get(element.get("measure", "")) == "qualitative"
        baseline = self.baseline(element, words)
        periods = tuple(self.whole(lambda each: self.period(each, words), element.iterchildren("period")))
        figures = [*(baseline.figures if baseline else ())]
        figures += [figure for period in periods for figure in (*period.targets, *period.actuals)]
        crossed = {tuple(name for name, _ in figure.breakdown) for figure in figures if figure.breakdown}
        return ResultIndicator(
            code,
            self.text_of(element, "title"),
            measure=MEASURES.get(element.get("measure", ""), "number"),
            direction="down" if element.get("ascending") in ("0", "false") else "up",
            baseline=baseline,
            periods=periods,
            description=self.text_of(element, "description"),
            dimensions=tuple(sorted(crossed)),
            references=tuple(
                self.reference(each, "indicator-uri") for each in element.iterchildren("reference")
            ),
        )

    def baseline(self, indicator: etree._Element, words: bool) -> Baseline | None:
        """The figures of the first baseline's time; a baseline of another time is said and left out."""
        kept: tuple[int | None, date | None] | None = None
        figures = []
        for element in indicator.iterchildren("baseline"):
            day, year = self.day(element), self.year(element)
            when = (year if year is not None else day.year if day else None, day)
            kept = kept or when
            if when != kept:
                self.unreadable(
                    element, "year", element.get("year", ""), "of the same time as the first baseline"
                )
            elif figure := self.figure(element, words):
                figures.append(figure)
        return Baseline(*kept, tuple(figures)) if kept and figures else None

    def year(self, element: etree._Element) -> int | None:
        text = element.get("year", "").strip()
        if text and not (text.isdecimal() and 1000 <= int(text) <= 9999):
            return self.unreadable(element, "year", text, "a year")
        return int(text) if text else None

    def period(self, element: etree._Element, words: bool) -> ReportingPeriod | None:
        start, end = self.day(element.find("period-start")), self.day(element.find("period-end"))
        if not start or not end:
            return None
        targets, actuals = (
            tuple(figure for each in element.iterchildren(name) if (figure := self.figure(each, words)))
            for name in ("target", "actual")
        )
        return ReportingPeriod(start, end, targets, actuals)

    def figure(self, element: etree._Element, words: bool) -> Figure | None:
        """A baseline, target or actual; None for one that says nothing.

        Of a qualitative indicator the narrative without a language of its own is the answer, and so is a
        value, which the standard does not want there.
        """
        pairs = [(each.get("name", ""), each.get("value", "")) for each in element.iterchildren("dimension")]
        places = [value for name, value in pairs if name == PLACE]
        place = " ".join(places or [each.get("ref", "") for each in element.iterchildren("location")])
        breakdown = tuple(sorted(pair for pair in pairs if pair[0] != PLACE))
        if not words:
            value, comment = self.number(element, "value"), self.text_of(element, "comment")
            if value is None and not comment:
                return None
            status = "A" if value is not None else "O"
            return Figure(value, status=status, breakdown=breakdown, place=place, comment=comment)
        narratives = element.findall("comment/narrative")
        answers = [element.get("value", "").strip()]
        answers += [_inner(each) for each in narratives if not each.get(LANGUAGE)]
        answer = "\n\n".join(filter(None, answers))
        comment = Text({each.get(LANGUAGE): _inner(each) for each in narratives if each.get(LANGUAGE)})
        if not answer and not comment:
            return None
        return Figure(
            status="A" if answer else "O", breakdown=breakdown, place=place, text=answer, comment=comment
        )


def _inner(element: etree._Element | None) -> str:
    """The text of an element without the blanks around it; "" where there is none."""
    return "" if element is None else (element.text or "").strip()


def _code(element: etree._Element, name: str) -> str:
    child = element.find(name)
    return "" if child is None else child.get("code", "").strip()
