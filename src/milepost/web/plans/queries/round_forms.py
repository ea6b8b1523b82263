"""The Excel form of an institution in a round: what stands in it, and what it changes once it is back."""

import hashlib
import hmac
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from milepost.errors import MilepostError, refuse
from milepost.interchange import round_form as room
from milepost.interchange.round_form import Form, Key, Line, canonical
from milepost.recipes import round_form as recipe
from milepost.recipes.round_form import Change
from milepost.reports import sentences
from milepost.values import Origin, Problem
from milepost.web.accounts.queries import may
from milepost.web.accounts.roles import Permission
from milepost.web.files import store
from milepost.web.files.models import StoredFile
from milepost.web.plans.models import Answer, Role, Round
from milepost.web.plans.queries import rounds
from milepost.web.plans.queries.typed import faults_of, missing
from milepost.web.stakeholders.models import Institution
from milepost.web.ui.templatetags.ui import figure, plain

OWNERS = "round-form:"
"""How the owner of a file begins that waits to be confirmed."""


def owner(one: Round) -> str:
    """Of whom a form is that waits to be confirmed."""
    return f"{OWNERS}{one.pk}"


def secret() -> bytes:
    """The key of the hidden sheet's signature: of this installation, and for nothing else."""
    return hmac.digest(settings.SECRET_KEY.encode(), b"milepost.web.plans.round_forms", "sha256")


def waiting(user: Any, one: Round) -> QuerySet[StoredFile]:
    """The forms that a person handed in and has not confirmed."""
    return StoredFile.objects.filter(owner=owner(one), by=user)


def own(user: Any, one: Round) -> list[Institution]:
    """The institutions asked in a round for which a person answers, or whose forms the lead sends out."""
    return rounds.coordinators(one) if rounds.may_review(user, one) else answers_for(user, one)


def answers_for(user: Any, one: Round) -> list[Institution]:
    """The institutions asked in a round for which a person answers, and can hand a form in."""
    asked = rounds.coordinators(one)
    return [each for each in asked if may(user, Permission.ANSWER_ROUNDS, *each.places)]


def lacks(answer: Answer) -> bool:
    """Whether something is missing without which an answer cannot be sent."""
    return any(missing(answer))


# What stands in it ------------------------------------------------------------------------------------------


def answers_of(one: Round, institution: Institution) -> list[Answer]:
    """The answers of the measures on which an institution reports, in the order of the plan."""
    found = one.answers.filter(
        entry__roles__institution=institution, entry__roles__kind=Role.Kind.COORDINATOR
    )
    return list(
        found.select_related("entry__section", "measure", "round__plan__policy")
        .prefetch_related("entry__indicators", "entry__costs", "figures", "spending")
        .order_by("entry__position")
    )


def form_of(one: Round, institution: Institution) -> Form:
    """The form of an institution as it stands now, in the reader's language."""
    heads = (
        plain(one.plan.text),
        f"{_day(one.start)} – {_day(one.end)}. {plain(institution.text)}",
        _("Answers are wanted by {day}.").format(day=_day(one.due)),
    )
    found = answers_of(one, institution)
    return Form(
        one.address, institution.address, heads, tuple(line for each in found for line in _lines(each))
    )


def _day(day: date) -> str:
    return date_format(day, "DATE_FORMAT")


def _lines(answer: Answer) -> Iterable[Line]:
    """The rows of an answer; what was sent or accepted is shown, and takes nothing."""
    entry, free = answer.entry, answer.may_be_changed
    key = answer.measure.key
    cells = {name: getattr(answer, name) for name in ("done", "text", "obstacles", "needed")}
    cells["ended"] = answer.ended.isoformat() if answer.ended else ""
    fixed = (entry.code, plain(entry.text), entry.deadline, plain(entry.expected) if entry.expected else "")
    yield Line("answers", key, fixed, _tidy(cells), tuple(room.TYPED["answers"]) if free else ())
    figures = {row.indicator_id: row for row in answer.figures.all()}
    for indicator in entry.indicators.all():
        row = figures.get(indicator.pk)
        numbers = {name: _number(getattr(row, name)) for name in room.TYPED["indicators"]} if row else {}
        fixed = (entry.code, plain(indicator.text), indicator.unit)
        yield Line("indicators", f"{key}/{indicator.key}", fixed, numbers, _names(indicator) if free else ())
    spent = {row.cost_id: row.amount for row in answer.spending.all()}
    for cost in entry.costs.all():
        planned = f"{figure(cost.amount)} {cost.currency}" if cost.amount is not None else ""
        numbers = {"spent": _number(spent.get(cost.pk))}
        yield Line(
            "money", f"{key}/{cost.pk}", (entry.code, cost.source, planned), numbers, ("spent",) * free
        )


def _tidy(cells: Mapping[str, str]) -> dict[str, str]:
    return {name: text.replace("\r\n", "\n").strip() for name, text in cells.items()}


def _names(indicator: Any) -> tuple[str, ...]:
    if indicator.is_share:
        return ("numerator", "denominator")
    return ("total", "women", "men") if indicator.by_sex else ("total",)


def _number(number: Decimal | None) -> str:
    return canonical(number) if number is not None else ""


def choices() -> dict[str, str]:
    """{code: word} of how far a measure can be, in the reader's language."""
    return {str(code): str(word) for code, word in Answer.Done.choices}


def _readings() -> dict[str, str]:
    """{word in any language of the site: code}."""
    found: dict[str, str] = {}
    for language, _name in settings.LANGUAGES:
        with override(language):
            found |= {word.casefold(): code for code, word in choices().items()}
    return found


# What a form would change -----------------------------------------------------------------------------------


class Row(NamedTuple):
    """An answer with the changes of the form, what they amount to, and why they cannot be taken."""

    answer: Answer
    changes: tuple[Change, ...]
    typed: dict[str, Any]
    problems: tuple[Problem, ...]

    @property
    def is_taken(self) -> bool:
        """Whether something of it is written."""
        return not self.problems and any(change.outcome in recipe.DONE for change in self.changes)


class Judged(NamedTuple):
    """What a form would change; `digest` is that of what was seen."""

    institution: Institution
    form: Form
    rows: tuple[Row, ...]
    loose: tuple[Change, ...]
    problems: tuple[Problem, ...]
    counts: dict[str, int]
    digest: str


def judge(user: Any, one: Round, stored: StoredFile, decisions: Mapping[Key, bool] | None = None) -> Judged:
    """Read a form and compare it with the answers as they are now; MilepostError where it cannot be read."""
    try:
        sent = room.read(store.path_of(stored.sha256), secret=secret(), choices=_readings())
    except MilepostError as error:
        raise MilepostError([_named(each, stored.name) for each in error.problems]) from error
    if sent.round != one.address:
        raise refuse("round-form-other-round", Origin(stored.name))
    institution = next((each for each in rounds.coordinators(one) if each.address == sent.institution), None)
    if institution is None or not may(user, Permission.ANSWER_ROUNDS, *institution.places):
        raise refuse("round-form-other-institution", Origin(stored.name))
    form = form_of(one, institution)
    changes = recipe.compare(sent, form.lines, decisions)
    of: dict[str, list[Change]] = defaultdict(list)
    for change in changes:
        of[_measure_of(change.key)].append(change)
    found = {answer.measure.key: answer for answer in answers_of(one, institution)}
    rows = tuple(_row(found[key], tuple(mine)) for key, mine in of.items() if key in found)
    loose = tuple(change for key, mine in of.items() if key not in found for change in mine)
    counts: dict[str, int] = defaultdict(int)
    for change in changes:
        counts[change.outcome] += 1
    seen = [[change.key, change.written, change.here, change.typed] for change in changes]
    digest = hashlib.sha256(json.dumps([stored.sha256, seen]).encode()).hexdigest()
    return Judged(institution, form, rows, loose, sent.problems, dict(counts), digest)


def decided(judged: Judged, taken: Iterable[str]) -> dict[Key, bool]:
    """What a person decides of every cell in conflict: whether what the form says is taken."""
    wanted = set(taken)
    conflicts = (change.key for row in judged.rows for change in row.changes if change.outcome == "conflict")
    return {key: name_of(key) in wanted for key in conflicts}


def name_of(key: Key) -> str:
    """How a page names a cell."""
    return json.dumps(key)


def notes(judged: Judged) -> dict[Key, room.Note]:
    """What was typed, with what is wrong, for a copy that goes back to its sender."""
    language = get_language() or "en"
    found: dict[Key, room.Note] = {}
    for row in judged.rows:
        wrong = " ".join(" ".join(sentences.fault(one, language)) for one in row.problems)
        for change in row.changes:
            words = " ".join(sentences.fault(change.problem, language)) if change.problem else ""
            if change.outcome == "conflict":
                words = _("Here it says by now: {words}").format(words=change.here or "–")
            if not words and wrong and change.key[0] == "answers" and change is row.changes[0]:
                words = wrong
            found[change.key] = room.Note(
                change.typed, words or ("" if change.key[0] == "answers" else wrong)
            )
    return found


class Told(NamedTuple):
    """A change in words, for the page."""

    change: Change
    name: str
    label: str
    here: str
    typed: str
    why: str
    place: str


def told(row: Row) -> list[Told]:
    """The changes of an answer in the reader's words."""
    language = get_language() or "en"
    words, known = recipe.words_in(language), choices()
    titles = {
        f"{row.answer.measure.key}/{one.key}": plain(one.text) for one in row.answer.entry.indicators.all()
    }
    titles |= {f"{row.answer.measure.key}/{one.pk}": one.source for one in row.answer.entry.costs.all()}
    found = []
    for change in row.changes:
        sheet, about, column = change.key
        label = words[column] if sheet == "answers" else f"{titles.get(about, about)}: {words[column]}"
        here, typed = (known.get(text, text) for text in (change.here, change.typed))
        why = " ".join(sentences.fault(change.problem, language)) if change.problem else ""
        place = f"{change.origin.sheet}!{change.origin.column}{change.origin.row}"
        found.append(Told(change, name_of(change.key), label, here, typed, why, place))
    return found


def _measure_of(key: Key) -> str:
    """The measure that a cell is about; the ids of indicators and money begin with it."""
    return key[1] if key[0] == "answers" else key[1].rpartition("/")[0]


def _named(problem: Problem, name: str) -> Problem:
    """A fault with the name that the file has for people."""
    return replace(problem, origin=replace(problem.origin, file=name))


def _row(answer: Answer, changes: tuple[Change, ...]) -> Row:
    typed = merged(answer, changes)
    return Row(answer, changes, typed, tuple(faults_of(answer, **typed)))


def merged(answer: Answer, changes: Iterable[Change]) -> dict[str, Any]:
    """The whole answer as it would be: what stands here, with what is taken of the form."""
    cells: dict[tuple[str, str], dict[str, str]] = {
        (line.sheet, line.id): dict(line.cells) for line in _lines(answer)
    }
    for change in changes:
        if change.outcome in recipe.DONE:
            sheet, row, name = change.key
            cells[sheet, row][name] = change.typed
    key = answer.measure.key
    said = cells["answers", key]
    of = {f"{key}/{one.key}": one.pk for one in answer.entry.indicators.all()}
    return {
        "done": said["done"],
        "ended": date.fromisoformat(said["ended"]) if said["ended"] else None,
        **{name: said[name] for name in ("text", "obstacles", "needed")},
        "figures": {
            of[row]: {name: _decimal(numbers.get(name)) for name in room.TYPED["indicators"]}
            for (sheet, row), numbers in cells.items()
            if sheet == "indicators"
        },
        "spending": {
            int(row.rpartition("/")[2]): _decimal(numbers.get("spent"))
            for (sheet, row), numbers in cells.items()
            if sheet == "money"
        },
    }


def _decimal(text: str | None) -> Decimal | None:
    return Decimal(text) if text else None
