"""An assessment by workbook: the form goes out, its answers come back, two rounds are compared."""

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from milepost import catalogue, tally
from milepost.catalogue import Questionnaire
from milepost.catalogue.questionnaires import Question
from milepost.checks import assessment as evidence
from milepost.errors import refuse
from milepost.interchange import answers as files
from milepost.interchange import aside
from milepost.recipes import questionnaires
from milepost.recipes.tally import points_as_dict, points_in_words
from milepost.recipes.words import problem_as_dict
from milepost.reports.assessment import AssessmentReport
from milepost.reports.assessment import report as report_of
from milepost.reports.writers import docx, html, pdf
from milepost.tally import Area, Change, Points
from milepost.values import Origin, Problem
from milepost.values.assessment import Assessment


class Answered(NamedTuple):
    """The answers of a form: what they come to, what is wrong with the form, what evidence lacks.

    `points` are those of SDG 10.7.2, None for another questionnaire.
    """

    asked: Questionnaire
    assessment: Assessment
    areas: tuple[Area, ...]
    points: Points | None
    problems: tuple[Problem, ...]
    faults: tuple[Problem, ...]


def form(
    questionnaire: str, path: Path, *, level: str = "national", area: str = "", language: str = "en"
) -> int:
    """Write the form of a questionnaire, by its code or file; how many questions it asks."""
    asked = questionnaires.find(questionnaire).questionnaire
    named = f"{asked.code}@{asked.version}"
    files.write(asked, Assessment(named, area=area, level=level), path, language)
    return sum(level in item.levels for _domain, item in asked)


def read(path: Path, own: Sequence[Path] = (), *, today: date | None = None) -> Answered:
    """The answers of a form; `own` are files of questionnaires that do not ship.

    MilepostError for a file that is no form, or a questionnaire that is neither known nor among `own`.
    """
    about = files.about(path)
    known = {(one.code, one.version): one for one in catalogue.questionnaires()}
    for file in own:
        loaded = questionnaires.find(str(file)).questionnaire
        known[loaded.code, loaded.version] = loaded
    asked = known.get((about["questionnaire"], about["version"]))
    if asked is None:
        asked = catalogue.questionnaire(about["questionnaire"], about["version"])  # which says what is near
    sent = files.read(path, asked)
    faults = evidence.faults(asked, sent.assessment, today=today or date.today(), place=path.name)
    counted = tally.points(sent.assessment.answers) if asked.code == tally.QUESTIONNAIRE else None
    areas = tally.areas(asked, sent.assessment.answers, sent.assessment.level)
    return Answered(asked, sent.assessment, areas, counted, sent.problems, faults)


def compared(before: Answered, now: Answered) -> tuple[Change, ...]:
    """What changed from one round to the next; MilepostError where they are of two questionnaires."""
    try:
        return tally.compare(
            tally.Round(before.asked, before.assessment.answers),
            tally.Round(now.asked, now.assessment.answers),
            now.assessment.level,
        )
    except tally.NotOneQuestionnaire:
        codes = {"before": before.asked.code, "now": now.asked.code}
        raise refuse("rounds-of-two-questionnaires", Origin("answers"), **codes) from None


def report(
    found: Answered,
    path: Path,
    *,
    before: Answered | None = None,
    language: str = "en",
    day: date | None = None,
) -> None:
    """Write the report of a round as Word, PDF or HTML, by the ending; with `before` compared to that one.

    MilepostError for another ending, or where the rounds are of two questionnaires.
    """
    writers = {".docx": docx.render, ".pdf": pdf.render, ".html": html.render}
    render = writers.get(path.suffix.casefold())
    if render is None:
        raise refuse("unknown-format", Origin(str(path)), name=path.name, known=", ".join(writers))
    content = AssessmentReport(
        found.asked,
        found.assessment,
        found.areas,
        day or date.today(),
        found.points,
        None if before is None else compared(before, found),
        "" if before is None else before.assessment.held,
    )
    with aside.file(path) as temporary:
        temporary.write_bytes(render(report_of(content, language)))


# In words and as data ---------------------------------------------------------------------------------------


def in_words(found: Answered) -> Iterator[str]:
    """A line for each domain: how much is present, partly there, absent, unanswered; never a grade."""
    names = {domain.code: domain.name or domain.question for domain in found.asked.domains}
    for area in found.areas:
        counts = area.counts
        yield (
            f"{names[area.code].best('en')[0] or area.code}: {counts.present} present, "
            f"{counts.partial} partial, {counts.absent} absent, {counts.unanswered} unanswered"
            + (f", {counts.in_words} in words" if counts.in_words else "")
        )
    if found.points is not None:
        yield from points_in_words(found.points)


def as_dict(found: Answered) -> dict[str, Any]:
    """The answers with their evidence, the areas by domain, the points of SDG 10.7.2, and every fault."""
    assessment = found.assessment
    return {
        "questionnaire": found.asked.code,
        "version": found.asked.version,
        "level": assessment.level,
        "area": assessment.area,
        "held": assessment.held,
        "agency": assessment.agency,
        "areas": {area.code: _area(area) for area in found.areas},
        "points": None if found.points is None else points_as_dict(found.points),
        "answers": {
            code: {
                "answer": reply.answer,
                "comment": reply.comment,
                "evidence": [
                    {
                        "kind": one.kind,
                        "title": one.title,
                        "place": one.place,
                        "dated": one.dated and one.dated.isoformat(),
                        "link": one.link,
                        "quotation": one.quotation,
                        "repealed": one.repealed and one.repealed.isoformat(),
                    }
                    for one in reply.evidence
                ],
            }
            for code, reply in assessment.replies.items()
        },
        "problems": [problem_as_dict(one) for one in found.problems],
        "faults": [problem_as_dict(one) for one in found.faults],
    }


def _area(area: Area) -> dict[str, Any]:
    counts = area.counts
    return {
        "present": counts.present,
        "partial": counts.partial,
        "absent": counts.absent,
        "in_words": counts.in_words,
        "unanswered": counts.unanswered,
        "well_developed": _codes(area.well_developed),
        "with_potential": _codes(area.with_potential),
    }


def _codes(items: Sequence[Question]) -> list[str]:
    return [item.code for item in items]


def change_as_dict(change: Change) -> dict[str, Any]:
    """One question in two rounds."""
    return {
        "outcome": change.outcome,
        "question": change.now.code if change.now else None,
        "before": change.before.code if change.before else None,
        "said": change.said,
        "says": change.says,
    }


def change_in_words(change: Change) -> str:
    """One question in two rounds, on a line."""
    item = change.now or change.before
    assert item is not None
    moved = f" (was {change.before.code})" if change.before and change.before.code != item.code else ""
    return (
        f"{item.code}{moved}: {change.outcome.replace('_', ' ')}, {change.said or '–'} → {change.says or '–'}"
    )
