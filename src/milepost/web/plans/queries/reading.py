"""The table of an act that was handed in: what it says, whose names these are, what it goes on from."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Literal, NamedTuple

from milepost.errors import MilepostError
from milepost.interchange.limits import guarded
from milepost.recipes import plans as recipe
from milepost.recipes.plans import PlanFile
from milepost.values import Origin, Problem, Text
from milepost.values import plan as values
from milepost.web.files import store
from milepost.web.files.models import StoredFile
from milepost.web.plans.models import Entry, Plan, PlanVersion
from milepost.web.plans.queries.scoping import participants
from milepost.web.plans.queries.versions import entries
from milepost.web.stakeholders.models import Institution
from milepost.web.ui.templatetags.ui import plain

SECONDS = 60.0
"""Time for reading a table."""
MOST = 2000
"""Measures of a plan; more are no plan that anybody follows."""
LONGEST = {"code": 40, "deadline": 300}
"""Letters of fields that are columns of a fixed length."""
NONE = "none"
"""The decision that a name is none of the register's: it stays as printed, and has no role."""

Kind = Literal["add", "change", "same", "removed"]


class Name(NamedTuple):
    """An institution as the table names it.

    `institution` is that of the register; `why` says how it was found: "register", "before" (as it was
    decided for an earlier version), "decided", "none" (a person said that it is none) or "" (undecided).
    """

    number: int
    printed: str
    measures: int
    institution: Institution | None
    why: str

    @property
    def field(self) -> str:
        """The name of its choice in the form."""
        return f"name-{self.number}"


class Line(NamedTuple):
    """A measure of the table beside the one that it goes on with.

    `doubtful` where only the number is the same: then a person may say that it is a new one.
    """

    kind: Kind
    measure: values.Measure | None
    before: Entry | None
    doubtful: bool = False
    place: Origin | None = None

    @property
    def field(self) -> str:
        """The name of its choice in the form."""
        return f"new-{self.measure.key}" if self.measure else ""


class Judged(NamedTuple):
    """A table held against the plan and the register; `digest` must be the same when it is confirmed."""

    file: PlanFile
    base: PlanVersion | None
    names: tuple[Name, ...]
    lines: tuple[Line, ...]
    problems: tuple[Problem, ...]
    digest: str

    @property
    def undecided(self) -> list[Name]:
        """The names about which a person has to decide."""
        return [one for one in self.names if not one.why]

    @property
    def blocked(self) -> bool:
        """Whether something must be mended in the file first."""
        return any(problem.code in BLOCKING for problem in self.problems)

    @property
    def counts(self) -> dict[str, int]:
        """How many measures are added, changed, the same, or no more there."""
        return {kind: sum(one.kind == kind for one in self.lines) for kind in Kind.__args__}  # type: ignore[attr-defined]


BLOCKING = ("plan-table-empty", "plan-table-too-long", "plan-text-too-long")


def owner(plan: Plan) -> str:
    """What a file belongs to as long as it is not confirmed: nobody but who handed it in may have it."""
    return f"plan-table:{plan.pk}"


def waiting(user: Any, plan: Plan) -> Any:
    """The files of a person that were handed in for this plan and are not yet confirmed."""
    return StoredFile.objects.filter(by=user, owner=owner(plan))


def judge(
    plan: Plan,
    stored: StoredFile,
    *,
    decisions: Mapping[str, str] | None = None,
    new: Iterable[str] = (),
) -> Judged:
    """What a file would make of the plan. `decisions` are {name as printed: key of an institution or NONE},
    `new` the keys of measures that go on with none. MilepostError where it cannot be read.
    """
    read = _read(plan, stored)
    base = plan.versions.filter(state=PlanVersion.State.IN_FORCE).last()
    there = list(participants(plan.policy))
    names = _names(read, base, there, decisions or {})
    lines = _lines(read, base, set(new))
    return Judged(
        read,
        base,
        names,
        lines,
        (*_too_much(read, stored.name), *read.problems),
        _digest(stored, base, _names(read, base, there, {}), _lines(read, base, set())),
    )


def _read(plan: Plan, stored: StoredFile) -> PlanFile:
    path = store.path_of(stored.sha256)
    try:
        found = guarded(partial(recipe.read, start=plan.start, end=plan.end), path, seconds=SECONDS)
    except MilepostError as error:
        raise MilepostError([_named(one, stored.name) for one in error.problems]) from error
    places = {key: replace(place, file=stored.name) for key, place in found.table.places.items()}
    table = replace(found.table, file=stored.name, places=places)
    return PlanFile(table, tuple(_named(one, stored.name) for one in found.problems))


def _named(problem: Problem, name: str) -> Problem:
    """A fault with the name that the file has for people."""
    return replace(problem, origin=replace(problem.origin, file=name))


def _too_much(read: PlanFile, name: str) -> list[Problem]:
    """Why a table cannot be taken as it is."""
    if not read.measures:
        return [Problem("plan-table-empty", Origin(name))]
    if len(read.measures) > MOST:
        details = {"count": len(read.measures), "limit": MOST}
        return [Problem("plan-table-too-long", Origin(name), details)]
    return [
        Problem(
            "plan-text-too-long", read.table.places[one.key], {"text": text[:60], "limit": LONGEST[field]}
        )
        for one in read.measures
        for field, text in (("code", one.code), ("deadline", one.deadline.text))
        if len(text) > LONGEST[field]
    ]


# Whose names these are --------------------------------------------------------------------------------------


def folded(name: str) -> str:
    """A name without what is not told apart: case, quotation marks, ё, several blanks.

    >>> folded("Служба  «Учёт»"), folded('служба "учет"')
    ('служба учет', 'служба учет')
    """
    plainer = name.casefold().replace("ё", "е").translate(str.maketrans("", "", "«»“”„\"'’"))
    return " ".join(plainer.split())


def _names(
    read: PlanFile,
    base: PlanVersion | None,
    register: Sequence[Institution],
    decisions: Mapping[str, str],
) -> tuple[Name, ...]:
    """Every name of the table, with the institution of the register that it means."""
    by_key = {str(one.pk): one for one in register}
    known: dict[str, set[str]] = {}
    for one in register:
        for said in (*one.name.values(), *one.short_name.values()):
            known.setdefault(folded(said), set()).add(str(one.pk))
    earlier = base.names if base is not None else {}
    uses: dict[str, int] = {}
    for measure in read.measures:
        for name in dict.fromkeys((*measure.coordinators, *measure.executors, *measure.partners)):
            uses[name] = uses.get(name, 0) + 1
    found = []
    for number, (printed, count) in enumerate(sorted(uses.items(), key=lambda pair: folded(pair[0]))):
        keys = known.get(folded(printed), set())
        if decided := decisions.get(printed):
            institution, why = by_key.get(decided), "none" if decided == NONE else "decided"
            why = why if institution is not None or decided == NONE else ""
        elif len(keys) == 1:
            institution, why = by_key[next(iter(keys))], "register"
        elif str(earlier.get(printed)) in by_key:
            institution, why = by_key[str(earlier[printed])], "before"
        else:
            institution, why = None, ""
        found.append(Name(number, printed, count, institution, why))
    return tuple(found)


# Which measures it goes on with -----------------------------------------------------------------------------


def _lines(read: PlanFile, base: PlanVersion | None, new: set[str]) -> tuple[Line, ...]:
    """Each measure with the one of the version in force that has the same words, else the same number."""
    left = {entry.measure_id: entry for entry in entries(base)} if base is not None else {}
    worded: dict[str, dict[int, Entry]] = {}
    for entry in left.values():
        for words in entry.title.values():
            worded.setdefault(folded(words), {})[entry.measure_id] = entry
    by_words: dict[int, Entry] = {}
    for number, measure in enumerate(read.measures):
        alike = [worded.get(folded(words), {}) for words in measure.title.values()]
        same = [entry for found in alike for key, entry in found.items() if key in left]
        named = [entry for entry in same if entry.code == measure.code]
        if chosen := (named or (same if len(same) == 1 else [])):
            by_words[number] = left.pop(chosen[0].measure_id)
    lines = []
    for number, measure in enumerate(read.measures):
        place = read.table.places[measure.key]
        if (entry := by_words.get(number)) is not None:
            kind: Kind = "same" if _is_same(entry, measure) else "change"
            lines.append(Line(kind, measure, entry, place=place))
            continue
        numbered = [one for one in left.values() if measure.code and one.code == measure.code]
        if len(numbered) == 1:
            before = numbered[0] if measure.key not in new else None
            if before is not None:
                del left[before.measure_id]
            lines.append(Line("change" if before else "add", measure, before, doubtful=True, place=place))
        else:
            lines.append(Line("add", measure, None, place=place))
    return (*lines, *(Line("removed", None, entry) for entry in left.values()))


def same_words(here: Mapping[str, str], printed: Text) -> bool:
    """Whether a table prints the words that stand here, in one of the languages."""
    return any(folded(here.get(language, "")) == folded(words) for language, words in printed.items())


def _is_same(entry: Entry, measure: values.Measure) -> bool:
    """Whether a measure says of when, who and what for the same as it did."""
    return (
        entry.code == measure.code
        and entry.deadline == measure.deadline.text
        and folded(entry.institutions) == folded(measure.institutions)
        and folded(entry.funding) == folded(measure.funding_text)
        and (not measure.expected or same_words(entry.expected, measure.expected))
    )


def _digest(
    stored: StoredFile, base: PlanVersion | None, names: Sequence[Name], lines: Sequence[Line]
) -> str:
    """What was seen: the file, the version it goes on from, whose names were found, which measures."""
    said = [
        stored.sha256,
        [base.pk, base.revision] if base else None,
        [[one.printed, one.institution.pk if one.institution else None] for one in names],
        [[one.kind, one.before.measure_id if one.before else None] for one in lines],
    ]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()


def decided(posted: Mapping[str, Any], judged: Judged) -> tuple[dict[str, str], list[str]]:
    """What a person chose in the form: (decisions on names, keys of measures said to be new)."""
    names = {one.printed: str(posted.get(one.field, "")) for one in judged.names}
    new = [one.measure.key for one in judged.lines if one.measure and one.doubtful and posted.get(one.field)]
    return {name: choice for name, choice in names.items() if choice}, new


def told(problems: Iterable[Problem]) -> list[Problem]:
    """Faults of a table, the gravest first; those about each measure after those about the whole."""
    order = {"error": 0, "warning": 1, "note": 2}
    from milepost.reports import sentences  # noqa: PLC0415

    return sorted(problems, key=lambda one: order[sentences.KINDS[one.code].gravity])


def offered(plan: Plan) -> list[tuple[str, str]]:
    """The institutions of the register that a name can mean."""
    found = [(str(one.pk), plain(one.text)) for one in participants(plan.policy)]
    return sorted(found, key=lambda pair: pair[1])
