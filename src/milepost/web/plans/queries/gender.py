"""Women and men in a plan: how it is marked, what is missing, how far figures are apart.

Nothing is counted here that `progress.gender` does not count; here it gets its rows and words.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from babel.dates import format_date
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from milepost import catalogue
from milepost.catalogue import plans as proposed
from milepost.checks import plan as checks
from milepost.progress import gender as progress
from milepost.progress.plan import percentages
from milepost.reports import sentences
from milepost.values import Observation, Period, ResultIndicator, Series, Text
from milepost.web.plans.models import (
    Answer,
    Entry,
    Mark,
    Measure,
    MeasureIndicator,
    Plan,
    PlanVersion,
    Round,
    Section,
)
from milepost.web.plans.queries.versions import entries
from milepost.web.ui.templatetags.ui import figure, plain

MARKS: tuple[str, ...] = progress.MARKS


# What a version has -----------------------------------------------------------------------------------------


class Gender(NamedTuple):
    """How the measures and indicators of a version are marked, and what is missing.

    `objectives_without` have no gender-specific indicator; `people_without_sex` count people and hide women
    and men; `unmarked` are measures without a mark.
    """

    measures: dict[str, int]
    indicators: dict[str, int]
    objectives_without: tuple[Section, ...]
    people_without_sex: tuple[MeasureIndicator, ...]
    unmarked: int


def of_version(version: PlanVersion) -> Gender:
    """How a version sees women and men; every mark has its count, 0 where nothing is marked so."""
    return of_entries(list(entries(version)))


def of_entries(found: Sequence[Entry]) -> Gender:
    """The same of measures that are read already."""
    indicators = [one for entry in found for one in entry.indicators.all()]
    specific = {
        entry.section_id
        for entry in found
        if any(one.gender == Mark.SPECIFIC for one in entry.indicators.all())
    }
    sections = {entry.section_id: entry.section for entry in found}
    return Gender(
        _counted(entry.gender for entry in found),
        _counted(one.gender for one in indicators),
        tuple(section for pk, section in sections.items() if pk not in specific),
        tuple(one for one in indicators if counts_people(one) and not sees_sex(one)),
        sum(not entry.gender for entry in found),
    )


def _counted(marks: Iterable[str]) -> dict[str, int]:
    found = Counter(marks)
    return {mark: found[mark] for mark in MARKS}


def counts_people(one: MeasureIndicator) -> bool | None:
    """Whether an indicator counts people: as was said, else by its words; None where neither tells."""
    if one.of_people is not None:
        return one.of_people
    return True if one.by_sex or checks.counts_persons(_bare(one)) else None


def sees_sex(one: MeasureIndicator) -> bool:
    """Whether an indicator tells women and men apart, or is about one of them."""
    return checks.is_by_sex(_bare(one))


def _bare(one: MeasureIndicator) -> ResultIndicator:
    return ResultIndicator(one.key, one.text, one.unit, dimensions=(("sex",),) if one.by_sex else ())


def suggested(one: MeasureIndicator) -> str:
    """The mark that would fit an indicator; "" where nothing tells. A suggestion: nobody has marked it so."""
    people = counts_people(one)
    return progress.suggested(people, bool(people) and sees_sex(one))


def suggested_of(entry: Entry) -> str:
    """The mark that would fit a measure by its indicators, their own marks first; "" where nothing tells."""
    return progress.suggested_of(one.gender or suggested(one) for one in entry.indicators.all())


# Figures of women and men -----------------------------------------------------------------------------------


class Gap(NamedTuple):
    """Women beside men of one indicator at the end of a round, and the sentence that says it.

    `missing` is "" where both figures are known, "figure" where an accepted answer lacks one of them, and
    "answer" where no answer of that round was accepted.
    """

    measure: int
    code: str
    indicator: Text
    unit: str
    until: date
    women: Decimal | None
    men: Decimal | None
    difference: Decimal | None
    ratio: Decimal | None
    towards: str
    missing: str
    sentence: str


def gaps(plan: Plan, until: date) -> tuple[Gap, ...]:
    """Women beside men of every indicator that tells them apart, round by round, the earliest first.

    Only accepted answers of closed rounds that ended by a day count; both figures are known in each row.
    """
    return tuple(one for line in lines(plan, until) for one in line.gaps if not one.missing)


class Line(NamedTuple):
    """An indicator over the rounds of a plan, with a chart's series and what became of the gap."""

    measure: int
    code: str
    indicator: Text
    unit: str
    gaps: tuple[Gap, ...]
    sentence: str

    @property
    def series(self) -> dict[str, Series]:
        """Women and men as lines of a chart; a figure that is missing is a gap with its reason."""
        return {
            _("Women"): Series("women", tuple(_drawn(one, one.women) for one in self.gaps)),
            _("Men"): Series("men", tuple(_drawn(one, one.men) for one in self.gaps)),
        }


def _drawn(one: Gap, number: Decimal | None) -> Observation:
    period = Period.parse(f"{one.until:%Y-%m}")  # rounds are months, quarters or half-years
    if number is None:
        return Observation(period, None, "L" if one.missing == "answer" else "O")
    return Observation(period, float(number))


def lines(plan: Plan, until: date) -> list[Line]:
    """Every indicator with a figure of women or of men, in the order of the plan; see `gaps`."""
    rounds = list(
        Round.objects.filter(plan=plan, state=Round.State.CLOSED, end__lte=until).order_by("end", "pk")
    )
    answers = (
        Answer.objects.filter(round__in=rounds)
        .select_related("entry__version", "measure", "round")
        .prefetch_related("figures__indicator", "entry__indicators")
        .order_by("round__end", "entry__position")
    )
    told: dict[tuple[int, str], list[tuple[Answer, MeasureIndicator, Gap]]] = {}
    for answer in answers:
        figures = {one.indicator_id: one for one in answer.figures.all()}
        for indicator in answer.entry.indicators.all():
            if sees_sex(indicator) and not indicator.is_share:
                gap = _gap(answer, indicator, figures.get(indicator.pk))
                told.setdefault((answer.measure_id, indicator.key), []).append((answer, indicator, gap))
    found = [
        _line(rows)
        for rows in told.values()
        if any(gap.women is not None or gap.men is not None for _answer, _indicator, gap in rows)
    ]
    places = {rows[-1][2].measure: rows[-1][0].entry.position for rows in told.values()}
    return sorted(found, key=lambda line: (places[line.measure], line.code))


def for_the_public(told: Iterable[Line]) -> list[Line]:
    """The same without rounds in which an institution gave no accepted answer: who is silent is internal."""
    heard = (one._replace(gaps=tuple(gap for gap in one.gaps if gap.missing != "answer")) for one in told)
    return [one for one in heard if one.gaps]


def _line(rows: Sequence[tuple[Answer, MeasureIndicator, Gap]]) -> Line:
    answer, indicator, _last = rows[-1]
    found = tuple(gap for _answer, _indicator, gap in rows)
    return Line(
        answer.measure_id, answer.entry.code, indicator.text, indicator.unit, found, _over_time(found)
    )


def _gap(answer: Answer, indicator: MeasureIndicator, row: Any) -> Gap:
    accepted = answer.state == Answer.State.ACCEPTED
    women, men = (row.women, row.men) if accepted and row is not None else (None, None)
    found = progress.gap(women, men)
    missing = "" if found.towards else "figure" if accepted else "answer"
    return Gap(
        answer.measure_id,
        answer.entry.code,
        indicator.text,
        indicator.unit,
        answer.round.end,
        _short(women),
        _short(men),
        _short(found.difference),
        found.ratio,
        found.towards,
        missing,
        _said(found, answer.round.end) if found.towards else "",
    )


def _short(number: Decimal | None) -> Decimal | None:
    """A number without the zeros that its column adds."""
    if number is None:
        return None
    return number.quantize(Decimal(1)) if number == number.to_integral_value() else number.normalize()


def _said(one: progress.Gap, day: date) -> str:
    """A gap in words, with its direction."""
    words: dict[str, Promise] = {
        "women": lazy("On {day} there are {count} more women than men ({women} and {men}){ratio}."),
        "men": lazy("On {day} there are {count} fewer women than men ({women} and {men}){ratio}."),
        "equal": lazy("On {day} there are as many women as men ({women})."),
    }
    ratio = _(": {ratio} women per man").format(ratio=figure(one.ratio, 2)) if one.ratio is not None else ""
    return str(words[one.towards]).format(
        day=_day(day),
        count=figure(abs(_short(one.difference) or Decimal(0))),
        women=figure(_short(one.women)),
        men=figure(_short(one.men)),
        ratio=ratio,
    )


def _day(day: date) -> str:
    return format_date(day, "long", locale=sentences.days(get_language() or "en"))


def _over_time(found: Sequence[Gap]) -> str:
    """Where the gap stands, and whether women and men came closer since the first figures."""
    known = [one for one in found if not one.missing]
    if not known:
        return ""
    first, last = known[0], known[-1]
    parts = [last.sentence]
    words = {
        "closer": lazy("Since {day} the shares of women and men have come closer."),
        "apart": lazy("Since {day} the shares of women and men have moved apart."),
        "same": lazy("Since {day} the shares of women and men are the same."),
    }
    if len(known) > 1:
        moved = progress.moved(progress.gap(first.women, first.men), progress.gap(last.women, last.men))
        if moved:
            parts.append(str(words[moved]).format(day=_day(first.until)))
    return " ".join(parts)


def headline(version: PlanVersion, until: date) -> str:
    """A sentence or two for a page or report: how measures are marked, how many gaps are told."""
    return headline_of(of_version(version), [line.gaps for line in lines(version.plan, until)])


def headline_of(found: Gender, told: Iterable[Sequence[Gap]]) -> str:
    """The same of what is counted already; `told` are the gaps of each indicator, round by round."""
    measures = sum(found.measures.values()) + found.unmarked
    said = _(
        "Of {measures} measures {specific} are gender-specific, {sensitive} gender-sensitive, {neutral} "
        "gender-neutral and {blind} gender-blind; {unmarked} are not marked."
    ).format(measures=measures, unmarked=found.unmarked, **found.measures)
    last = [known[-1] for gaps in told if (known := [one for one in gaps if not one.missing])]
    if not last:
        return said
    behind = sum(one.towards == "men" for one in last)
    more = ngettext(
        "Figures of women and men are known of {count} indicator; there are fewer women in {behind}.",
        "Figures of women and men are known of {count} indicators; there are fewer women in {behind}.",
        len(last),
    ).format(count=len(last), behind=behind)
    return f"{said} {more}"


# The page ---------------------------------------------------------------------------------------------------


class Part(NamedTuple):
    """The measures of an objective by mark, and how large a part of them each mark has, in percent."""

    section: Section
    counts: tuple[int, ...]
    shares: tuple[int, ...]
    unmarked: int
    total: int
    specific: int
    offered: tuple[proposed.Candidate, ...]

    @property
    def cells(self) -> list[tuple[int, int]]:
        """(count, percent) of each mark."""
        return list(zip(self.counts, self.shares, strict=True))


class Row(NamedTuple):
    """A measure with its mark, or the mark that would fit."""

    entry: Entry
    suggested: str
    groups: tuple[Text, ...]
    indicators: tuple[tuple[MeasureIndicator, str], ...]


class Bar(NamedTuple):
    """A mark, what it means, and how many measures and indicators have it."""

    mark: str
    word: Any
    definition: Text
    measures: int
    percent: int
    indicators: int


class Whole(NamedTuple):
    """The page of a version."""

    gender: Gender
    bars: tuple[Bar, ...]
    parts: tuple[Part, ...]
    rows: tuple[Row, ...]


def whole(version: PlanVersion) -> Whole:
    """Everything that a version says of women and men."""
    found = list(entries(version))
    gender = of_entries(found)
    without = {section.pk for section in gender.objectives_without}
    standing: dict[int, list[Entry]] = {}
    for entry in found:
        standing.setdefault(entry.section_id, []).append(entry)
    return Whole(
        gender,
        tuple(_bars(gender)),
        tuple(_part(there, pk in without) for pk, there in standing.items()),
        tuple(_row(entry) for entry in found),
    )


def _bars(gender: Gender) -> Iterable[Bar]:
    marks = proposed.gender_marks()
    percents = percentages([*(gender.measures[mark] for mark in marks), gender.unmarked])
    for (mark, definition), percent in zip(marks.items(), percents, strict=False):
        count = gender.measures[mark]
        yield Bar(
            mark,
            Mark(mark).label,
            definition,
            count,
            percent,
            gender.indicators[mark],
        )


def _part(there: Sequence[Entry], without: bool) -> Part:
    counts = _counted(entry.gender for entry in there)
    specific = [one for entry in there for one in entry.indicators.all() if one.gender == Mark.SPECIFIC]
    unmarked = sum(not entry.gender for entry in there)
    return Part(
        there[0].section,
        tuple(counts.values()),
        percentages([*counts.values(), unmarked])[:-1],
        unmarked,
        len(there),
        len(specific),
        tuple(offered(there)) if without else (),
    )


def groups_of(entry: Entry) -> tuple[Text, ...]:
    """The names of the groups whom a measure concerns."""
    names = proposed.groups()
    return tuple(names[code] for code in entry.groups if code in names)


def _row(entry: Entry) -> Row:
    return Row(
        entry,
        "" if entry.gender else suggested_of(entry),
        groups_of(entry),
        tuple((one, "" if one.gender else suggested(one)) for one in entry.indicators.all()),
    )


# Candidates -------------------------------------------------------------------------------------------------


def candidates() -> dict[str, proposed.Candidate]:
    """{code: candidate}: the proposals by theme, then indicators of the catalogue that are told by sex."""
    found = {one.code: one for one in proposed.gender_candidates()}
    named = {one.indicator for one in found.values()}
    for one in catalogue.indicators():
        if "sex" in one.breakdowns and one.code not in named:
            found[f"sdg-{one.code}"] = proposed.Candidate(
                code=f"sdg-{one.code}",
                name=one.title,
                mark=Mark.SENSITIVE,
                kind=MeasureIndicator.Kind.OUTCOME,
                measured=MeasureIndicator.Measured.NUMBER,
                by_sex=True,
                of_people=True,
                targets=(one.code.rpartition(".")[0],),
                objectives=(),
                unit=one.unit.name,
                indicator=one.code,
            )
    return found


def offered(there: Iterable[Entry]) -> list[proposed.Candidate]:
    """The candidates that fit what measures answer to, and that none of them has yet; specific ones first."""
    found = list(there)
    wanted = {(framework, code) for entry in found for framework, code in entry.references}
    names = {words for entry in found for one in entry.indicators.all() for words in one.title.values()}
    fitting = [
        one for one in candidates().values() if one.references & wanted and not names & set(one.name.values())
    ]
    return sorted(fitting, key=lambda one: MARKS.index(one.mark))


# A table to take along --------------------------------------------------------------------------------------

HEADINGS: tuple[Promise, ...] = (
    lazy("Number"),
    lazy("What it is"),
    lazy("Title"),
    lazy("Gender mark"),
    lazy("Why"),
    lazy("Rights-based approach"),
    lazy("Groups concerned"),
    lazy("Counts people"),
    lazy("Women and men apart"),
)
_SAID: Mapping[bool | None, Promise] = {True: lazy("yes"), False: lazy("no"), None: lazy("not said")}


def table(version: PlanVersion) -> list[list[str]]:
    """The marks of a version as rows, a measure before its indicators, under HEADINGS."""
    rows = [[str(one) for one in HEADINGS]]
    for entry in entries(version):
        rows.append(
            [
                entry.code,
                _("Measure"),
                plain(entry.text),
                _word(entry.gender),
                plain(entry.gender_reason) if entry.gender_reason else "",
                plain(entry.rights) if entry.rights else "",
                "; ".join(plain(name) for name in groups_of(entry)),
                "",
                "",
            ]
        )
        rows += [
            [
                entry.code,
                _("Indicator"),
                plain(one.text),
                _word(one.gender),
                plain(one.gender_reason) if one.gender_reason else "",
                "",
                "",
                str(_SAID[one.of_people]),
                str(_SAID[one.by_sex]),
            ]
            for one in entry.indicators.all()
        ]
    return rows


def _word(mark: str) -> str:
    return str(Mark(mark).label) if mark else ""


def definitions() -> list[tuple[str, Text]]:
    """(mark, what it means), in the order of the scale."""
    return list(proposed.gender_marks().items())


def indicators_of(measure: Measure) -> QuerySet[MeasureIndicator]:
    """The indicators of a measure in every version."""
    return MeasureIndicator.objects.filter(entry__measure=measure).select_related(
        "entry__measure", "entry__section__parent", "entry__version__plan__policy__institution__country",
        "entry__version__plan__policy__country",
    )  # fmt: skip
