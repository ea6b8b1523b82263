"""What a consolidated report holds, drafted from the data; and its files and pages.

A draft is made of the data as they are; what was approved is read from its version and never from the data.
Names and sentences are in every language of the site, so that any of them can be printed later.
"""

import hashlib
import json
import tempfile
import textwrap
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import override

from milepost.interchange import sheets
from milepost.progress import plan as progress
from milepost.reports import kept, plan_content
from milepost.reports import plan as written
from milepost.reports.writers import docx, html, pdf
from milepost.values import Text
from milepost.values import plan as values
from milepost.web.files.models import StoredFile
from milepost.web.plans.models import (
    Answer,
    AnswerFigure,
    AnswerSpending,
    Cost,
    Entry,
    MeasureIndicator,
    Plan,
    PlanReport,
    PlanReportVersion,
    PlanVersion,
    Role,
)
from milepost.web.plans.queries import gender, references, reports, rounds
from milepost.web.plans.queries import standing as standings
from milepost.web.plans.queries.difference import difference
from milepost.web.plans.queries.slipped import put_off
from milepost.web.plans.queries.versions import entries, in_force, measure_as_value
from milepost.web.traces.queries import visible_things

KINDS = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "html": "text/html; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
"""{ending: what the file is}; the workbook holds the annex."""

LONGEST_NAME = 110
"""Letters of the name of a target in a table."""


# What a report holds ----------------------------------------------------------------------------------------


def draft(report: PlanReport) -> plan_content.PlanReport:
    """The report as the data have it now."""
    plan = report.plan
    policy = plan.policy
    version = in_force(plan, report.end)
    there = reports.rounds_of(report)
    answers = _answers(report)
    told = [line.gaps for line in gender.lines(plan, report.end)]
    lines = tuple(_lines(report, version, answers)) if version is not None else ()
    return plan_content.PlanReport(
        plan=plan.text,
        policy=policy.text,
        country=policy.country.text,
        author=Text(policy.institution.name),
        start=report.start,
        end=report.end,
        day=timezone.localdate(),
        act=Text(version.act) if version is not None else Text(),
        plan_version=version.number if version is not None else None,
        edition=report.versions.count() + 1,
        why=report.why,
        rounds=tuple(_round(one) for one in there),
        narrative={part: Text(words) for part, words in report.sections.items() if words},
        objectives=tuple(_objectives(version)) if version is not None else (),
        lines=lines,
        rates=tuple(_rate(plan, year, report.end) for year in _years(report)),
        amendments=tuple(_amendments(report)),
        slips=tuple(_slips(report)),
        money=tuple(_money(report, version)) if version is not None else (),
        women_and_men=(_headline(version, told),) if version is not None else (),
        gaps=tuple(_gaps(told)),
        targets=tuple(_targets(version, lines)) if version is not None else (),
        silent=tuple(_silent(there)) if report.silent_shown else None,
        trace=report.address,
    )


def of_version(version: PlanReportVersion) -> plan_content.PlanReport:
    """A report as it was approved."""
    return kept.from_json(plan_content.PlanReport, version.content)


def digest(content: plan_content.PlanReport) -> str:
    """SHA-256 of what a report says; the day on which it was drafted is no part of it."""
    said = {name: inner for name, inner in kept.as_json(content).items() if name != "day"}
    return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _numbered(code: str, title: Mapping[str, str]) -> Text:
    """A title with its number before it, in each of its languages."""
    if not title:
        return Text({settings.LANGUAGE_CODE: code}) if code else Text()
    return Text({key: f"{code} {words}".strip() for key, words in title.items()})


# Measures ---------------------------------------------------------------------------------------------------


class _Answers(NamedTuple):
    """The last answers to the end of a report, by measure: as sent, as accepted, and the rows of these."""

    reported: Mapping[str, values.Answer]
    accepted: Mapping[str, values.Answer]
    rows: Mapping[str, Answer]


def _answers(report: PlanReport) -> _Answers:
    found = [one for one in standings.given(report.plan).values() if one.round.end <= report.end]
    of = {(one.measure.key, one.round.end): one for one in found}
    answers = standings.as_values(found)
    accepted = progress.latest(answers, on=report.end, verified=True)
    rows = {key: of[key, one.until] for key, one in accepted.items()}
    return _Answers(progress.latest(answers, on=report.end), accepted, rows)


def _lines(report: PlanReport, version: PlanVersion, answers: _Answers) -> Iterator[plan_content.Line]:
    """Every measure of the version in force on the last day, by the last answers that are there."""
    rows = answers.rows.values()
    figures, evidence = _figures(rows), _evidence(rows)
    edited = {(one.answer_id, one.part): one.words for one in report.texts.all()}
    for entry in entries(version):
        key = entry.measure.key
        measure = measure_as_value(entry)
        yield _line(
            entry,
            measure,
            answers.accepted.get(key),
            answers.rows.get(key),
            report=report,
            reported=progress.light(measure, answers.reported.get(key), on=report.end),
            figures=figures,
            evidence=evidence,
            edited=edited,
        )


def _line(
    entry: Entry,
    measure: values.Measure,
    held: values.Answer | None,
    row: Answer | None,
    *,
    report: PlanReport,
    reported: str,
    figures: Mapping[int, list[AnswerFigure]],
    evidence: Mapping[str, list[str]],
    edited: Mapping[tuple[int, str], str],
) -> plan_content.Line:
    names = evidence.get(row.address, []) if row is not None else []

    def said(part: str) -> plan_content.Said:
        if row is None:
            return plan_content.Said()
        own = getattr(row, part)
        changed = edited.get((row.pk, part))
        return plan_content.Said(own) if changed is None else plan_content.Said(changed, own)

    return plan_content.Line(
        trace=entry.measure.address,
        code=entry.code,
        title=entry.text,
        objective=entry.section.key,
        institutions=tuple(
            one.institution.text for one in entry.roles.all() if one.kind == Role.Kind.COORDINATOR
        ),
        deadline=entry.deadline,
        last_day=entry.last_day,
        repeated=entry.repeated,
        light=progress.light(measure, held, on=report.end),
        reported=reported,
        days=progress.days_late(measure, held, on=report.end),
        until=row.round.end if row is not None else None,
        done=row.done if row is not None else "",
        ended=row.ended if row is not None else None,
        text=said("text"),
        obstacles=said("obstacles"),
        needed=said("needed"),
        reached=tuple(_reached(entry, row, figures)),
        evidence=tuple(names),
        files=len(names),
    )


def _figures(rows: Iterable[Answer]) -> dict[int, list[AnswerFigure]]:
    """{key of the answer: what its indicators have reached}."""
    found: dict[int, list[AnswerFigure]] = defaultdict(list)
    for one in AnswerFigure.objects.filter(answer__in=list(rows)).select_related("indicator"):
        found[one.answer_id].append(one)
    return found


def _evidence(rows: Iterable[Answer]) -> dict[str, list[str]]:
    """{address of the answer: names of the files that show what was done}."""
    found: dict[str, list[str]] = defaultdict(list)
    wanted = [one.address for one in rows]
    for owner, name in (
        StoredFile.objects.filter(owner__in=wanted).order_by("pk").values_list("owner", "name")
    ):
        found[owner].append(name)
    return found


def _reached(
    entry: Entry, row: Answer | None, figures: Mapping[int, list[AnswerFigure]]
) -> Iterator[plan_content.Reached]:
    """What each indicator of a measure has reached; those of outcomes stand here without a figure, too."""
    there = {one.indicator.key: one for one in figures.get(row.pk, [])} if row is not None else {}
    for indicator in entry.indicators.all():
        one = there.get(indicator.key)
        if one is None and indicator.kind != MeasureIndicator.Kind.OUTCOME:
            continue
        wanted = list(indicator.wanted.items())
        yield plan_content.Reached(
            title=Text(indicator.title),
            kind=indicator.kind,
            unit=indicator.unit,
            total=_exact(one.total) if one else None,
            women=_exact(one.women) if one else None,
            men=_exact(one.men) if one else None,
            numerator=_exact(one.numerator) if one else None,
            denominator=_exact(one.denominator) if one else None,
            until=row.round.end if one and row is not None else None,
            baseline=_exact(indicator.baseline),
            baseline_year=indicator.baseline_year,
            target=_exact(wanted[-1][1]) if wanted else None,
            target_year=wanted[-1][0] if wanted else None,
            code=entry.code,
            trace=entry.measure.address,
        )


Told = Sequence[Sequence[gender.Gap]]
"""Women beside men of each indicator that tells them apart, round by round."""


def _gaps(told: Told) -> Iterator[plan_content.Gap]:
    """The last figures of each of these indicators."""
    for known in ([one for one in rows if not one.missing] for rows in told):
        if not known:
            continue
        one = known[-1]
        yield plan_content.Gap(
            one.code,
            one.indicator,
            one.unit,
            one.until,
            one.women,
            one.men,
            one.difference,
            one.ratio.quantize(Decimal("0.01")) if one.ratio is not None else None,
            f"measure:{one.measure}",
        )


def _headline(version: PlanVersion, told: Told) -> Text:
    """How the plan sees women and men, in every language of the site."""
    marked, found = gender.of_version(version), {}
    for code, _name in settings.LANGUAGES:
        with override(code):
            found[code] = gender.headline_of(marked, told)
    return Text(found)


def _exact(value: Decimal | None) -> Decimal | None:
    """A number without the zeros that the column of the database adds."""
    if value is None:
        return None
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()


def _objectives(version: PlanVersion) -> Iterator[plan_content.Objective]:
    for section in version.sections.all():
        yield plan_content.Objective(section.key, _numbered(section.code, section.title))


def _targets(version: PlanVersion, lines: Iterable[plan_content.Line]) -> Iterator[plan_content.Counted]:
    """Lights by target of the SDG to which measures answer."""
    light = {one.trace: one.light for one in lines}
    found: dict[str, Counter[str]] = defaultdict(Counter)
    names: dict[str, Text] = {}
    for entry in version.entries.select_related("measure"):
        for framework, code in entry.references:
            if framework == "sdg":
                found[code][light[entry.measure.address]] += 1
                names.setdefault(code, references.told([[framework, code]])[0].name)
    for code in sorted(found, key=_place):
        counts = tuple(found[code][one] for one in progress.LIGHTS)
        yield plan_content.Counted(_numbered(code, _short(names[code])), counts)


def _short(name: Text) -> Text:
    """As much of the official name of a target as a table holds."""
    return Text({key: textwrap.shorten(words, LONGEST_NAME, placeholder=" …") for key, words in name.items()})


def _place(code: str) -> tuple[tuple[int, str], ...]:
    """Where a code such as "10.7" stands in the order of its numbers."""
    return tuple((int(part), "") if part.isdecimal() else (999, part) for part in code.split("."))


# Rates, amendments, money, answers --------------------------------------------------------------------------


def _years(report: PlanReport) -> range:
    return range(report.start.year, report.end.year + 1)


def _rate(plan: Plan, year: int, until: date) -> plan_content.Rate:
    """The implementation rate of a year by what was answered to a day, with its sentences."""
    found: dict[str, standings.Rate] = {}
    for code, _name in settings.LANGUAGES:
        with override(code):
            found[code] = standings.rate(plan, year, until)
    one = found[settings.LANGUAGE_CODE]
    said = (
        Text({code: rate.sentences[number] for code, rate in found.items()})
        for number in range(len(one.sentences))
    )
    return plan_content.Rate(year, _share(one.reported), _share(one.verified), tuple(said))


def _share(found: progress.Rate) -> plan_content.Share:
    value = found.value.quantize(Decimal("0.0001")) if found.value is not None else None
    return plan_content.Share(len(found.fully), len(found.due), value)


def _amended(report: PlanReport) -> Iterator[tuple[PlanVersion, PlanVersion]]:
    """The versions that came into force in the period, each with the one before it."""
    found = report.plan.versions.filter(state=PlanVersion.State.IN_FORCE).order_by("number")
    for before, after in pairwise(found):
        if after.since is not None and report.start <= after.since <= report.end:
            yield before, after


def _amendments(report: PlanReport) -> Iterator[plan_content.Amendment]:
    for before, after in _amended(report):
        found = difference(before, after)
        assert after.since is not None
        yield plan_content.Amendment(
            after.number,
            Text(after.act),
            after.since,
            Text(after.reason),
            found.added,
            found.removed,
            found.changed,
        )


def _slips(report: PlanReport) -> Iterator[plan_content.Slip]:
    """What amendments of the period put off, the furthest first."""
    for one in sorted(put_off(report.plan, report.start, report.end), key=lambda one: -one.days):
        yield plan_content.Slip(
            one.entry.code,
            one.entry.text,
            one.before,
            one.after,
            one.days,
            one.version.number,
            one.entry.measure.address,
        )


def _money(report: PlanReport, version: PlanVersion) -> Iterator[plan_content.Money]:
    """What is there, what is sought and what was spent as last accepted, by source and currency."""
    told = AnswerSpending.objects.filter(
        answer__round__plan=report.plan,
        answer__round__end__lte=report.end,
        answer__state=Answer.State.ACCEPTED,
    )
    spent = {
        (one.answer.measure_id, one.cost.source, one.cost.currency): one.amount
        for one in told.select_related("answer__round", "cost").order_by("answer__round__end")
    }
    there: dict[tuple[str, str], list[Cost]] = defaultdict(list)
    for cost in Cost.objects.filter(entry__version=version).select_related("entry"):
        if cost.currency:
            there[cost.source, cost.currency].append(cost)
    for (source, currency), costs in sorted(there.items()):
        measures = {cost.entry.measure_id for cost in costs}
        yield plan_content.Money(
            source,
            currency,
            planned=_sum(one.amount for one in costs if one.committed),
            sought=_sum(one.amount for one in costs if not one.committed),
            spent=_sum(spent.get((one, source, currency)) for one in measures),
        )


def _sum(amounts: Iterable[Decimal | None]) -> Decimal | None:
    known = [one for one in amounts if one is not None]
    return _exact(sum(known, Decimal(0))) if known else None


def _round(one: Any) -> plan_content.Round:
    states = Counter(one.answers.values_list("state", flat=True))
    sent = sum(states[state] for state in standings.COUNTED)
    return plan_content.Round(
        one.start, one.end, states.total(), sent, states[Answer.State.ACCEPTED], one.address
    )


def _silent(there: Iterable[Any]) -> Iterator[Text]:
    """The institutions that still have an answer of these rounds to send."""
    found = {each.pk: each.text for one in there for each in rounds.silent_institutions(one)}
    yield from found.values()


def silent(report: PlanReport) -> list[Text]:
    """The same, for those who work on the report, whatever it tells."""
    return list(_silent(reports.rounds_of(report)))


# Documents and files ----------------------------------------------------------------------------------------


def banner(report: PlanReport) -> str:
    """What a draft says above everything else; "" where it is approved."""
    if report.state in ("approved", "published"):
        return ""
    if any(one.is_open for one in reports.rounds_of(report)):
        return _("Preview: a round of the period is still open, and nothing is approved.")
    return _("Draft: it is not approved yet.")


def as_file(content: plan_content.PlanReport, ending: str, language: str, *, banner: str = "") -> bytes:
    """The report in one of KINDS, in a language."""
    if ending == "xlsx":
        return _workbook(content, language)
    document = written.report(content, language, banner=banner)
    writer = {"pdf": pdf.render, "docx": docx.render, "html": html.render}[ending]
    return writer(document)


def _workbook(content: plan_content.PlanReport, language: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "report.xlsx"
        title = f"{content.plan.best(language)[0]}, {content.start} – {content.end}"
        sheets.write(title, [sheets.Sheet(*one) for one in written.tables(content, language)], path)
        return path.read_bytes()


def file_name(report: PlanReport, ending: str, language: str, number: int | None = None) -> str:
    """What a file of a report is called."""
    version = f"-v{number}" if number is not None else "-draft"
    return f"plan-{report.plan_id}-report-{report.start}-{report.end}{version}-{language}.{ending}"


def article(content: plan_content.PlanReport, user: Any, language: str, *, banner: str = "") -> SafeString:
    """The report as a part of a page; figures lead to where they come from, where the reader may see it."""
    wanted = {content.trace, *(one.trace for one in (*content.rounds, *content.lines))}
    seen = visible_things(user, wanted)
    document = written.report(content, language, banner=banner)

    def page(address: str) -> str | None:
        return f"/{language}/trace/{address}/" if address in seen else None

    return mark_safe(html.fragment(document, resolver=page, level=2))  # noqa: S308 - our writer escapes all words


class Made(NamedTuple):
    """A file of a published version, before it is kept."""

    language: str
    ending: str
    name: str
    content: bytes


def count_of_public_files() -> int:
    """How many files everybody may have of a version."""
    return len(KINDS) * len(settings.LANGUAGES)


def public_files(version: PlanReportVersion) -> Iterator[Made]:
    """Every file of a version as everybody may have it: each kind in each language of the site."""
    content = plan_content.for_public(of_version(version))
    for language, _name in settings.LANGUAGES:
        for ending in KINDS:
            name = file_name(version.report, ending, language, version.number)
            yield Made(language, ending, name, as_file(content, ending, language))
