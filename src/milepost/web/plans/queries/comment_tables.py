"""A table of comments that was handed in: whose they are, what is new in it, what cannot be taken."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal, NamedTuple

from milepost.errors import MilepostError
from milepost.interchange import comment_table
from milepost.interchange.comment_table import Comments, Row
from milepost.interchange.limits import guarded
from milepost.values import Origin, Problem
from milepost.web.files import store
from milepost.web.files.models import StoredFile
from milepost.web.plans.models import Consultation, Draft, DraftComment, Party
from milepost.web.plans.models.consultations import LONGEST
from milepost.web.plans.queries.reading import folded
from milepost.web.plans.queries.scoping import participants
from milepost.web.stakeholders.models import Institution
from milepost.web.ui.templatetags.ui import plain

SECONDS = 30.0
"""Time for reading a table."""
MOST = 2000
"""Comments in one table."""
OWNERS = "comment-table:"
NEW = "new-"
"""Before the kind of a stakeholder that is listed by a decision: "new-migrants"."""
REGISTER = "institution-"
"""Before the key of an institution of the register that is listed when the table is taken."""

Kind = Literal["add", "answer", "same", "refused"]


class Name(NamedTuple):
    """A stakeholder as the table names it, "" where it names none; `value` is what was decided of it.

    `value` is the key of a listed stakeholder, "institution-<key>" for one of the register that is not listed
    yet, "new-<kind>" for another one, or "" where a person has still to decide.
    """

    number: int
    printed: str
    comments: int
    value: str
    why: str  # "listed", "register", "decided" or ""

    @property
    def field(self) -> str:
        """The name of its choice in the form."""
        return f"name-{self.number}"


class Line(NamedTuple):
    """A line of the table: what happens, beside the comment that it is, and why it cannot be taken."""

    kind: Kind
    row: Row
    disposition: str
    before: DraftComment | None
    draft: Draft | None
    problems: tuple[Problem, ...]

    @property
    def became(self) -> str:
        """What became of it, in words."""
        return str(DraftComment.Disposition(self.disposition).label) if self.disposition else ""


class Judged(NamedTuple):
    """A table held against the comments there are; `digest` must be the same when it is confirmed."""

    names: tuple[Name, ...]
    lines: tuple[Line, ...]
    problems: tuple[Problem, ...]
    digest: str

    @property
    def undecided(self) -> list[Name]:
        """The names about which a person has to decide."""
        return [one for one in self.names if not one.value]

    @property
    def refused(self) -> list[Problem]:
        """Why lines cannot be taken, in the order of the file."""
        return [problem for line in self.lines for problem in line.problems]

    @property
    def counts(self) -> dict[str, int]:
        """How many comments are new, get an answer, are there already, or are refused."""
        kinds: Sequence[str] = ("add", "answer", "same", "refused")
        return {kind: sum(one.kind == kind for one in self.lines) for kind in kinds}


def owner(consultation: Consultation) -> str:
    """What a file belongs to as long as it is not confirmed: nobody but who handed it in may have it."""
    return f"{OWNERS}{consultation.pk}"


def waiting(user: Any, consultation: Consultation) -> Any:
    """The tables of a person that were handed in for this consultation and are not yet confirmed."""
    return StoredFile.objects.filter(by=user, owner=owner(consultation))


def judge(
    consultation: Consultation, stored: StoredFile, *, decisions: Mapping[str, str] | None = None
) -> Judged:
    """What a table would add to a consultation; `decisions` are {name as printed: `Name.value`}.

    MilepostError where it cannot be read, holds no comments, or too many.
    """
    read = _read(stored)
    listed = list(consultation.parties.select_related("institution__country"))
    register = _register(consultation)
    names = _names(read.rows, listed, register, decisions or {})
    there = list(consultation.comments.select_related("party__institution"))
    drafts = {str(one.number): one for one in consultation.drafts.all()}
    bare = _names(read.rows, listed, register, {})
    return Judged(
        names,
        _lines(read.rows, names, there, drafts),
        read.problems,
        _digest(stored, bare, _lines(read.rows, bare, there, drafts)),
    )


def _read(stored: StoredFile) -> Comments:
    path = store.path_of(stored.sha256)
    try:
        found = guarded(_of_file, path, stored.name, seconds=SECONDS)
    except MilepostError as error:
        raise MilepostError([_named(one, stored.name) for one in error.problems]) from error
    if not found.rows:
        raise MilepostError([Problem("comments-no-table", Origin(stored.name))])
    if len(found.rows) > MOST:
        details = {"count": len(found.rows), "limit": MOST}
        raise MilepostError([Problem("comments-too-many", Origin(stored.name), details)])
    return found


def _of_file(path: Any, name: str) -> Comments:
    """What a kept file holds, with the places of its lines under the name that it has for people."""
    found = comment_table.read(path)
    rows = tuple(row._replace(origin=replace(row.origin, file=name)) for row in found.rows)
    return Comments(rows, tuple(_named(one, name) for one in found.problems))


def _named(problem: Problem, name: str) -> Problem:
    return replace(problem, origin=replace(problem.origin, file=name))


# Whose they are ---------------------------------------------------------------------------------------------


def _register(consultation: Consultation) -> dict[str, Institution]:
    """{folded name: institution} of the register, without names that several have."""
    found: dict[str, Institution | None] = {}
    for one in participants(consultation.policy):
        for said in {folded(words) for words in (*one.name.values(), *one.short_name.values())}:
            found[said] = one if found.get(said, one) == one else None
    return {said: one for said, one in found.items() if one is not None}


def _names(
    rows: Iterable[Row],
    listed: Sequence[Party],
    register: Mapping[str, Institution],
    decisions: Mapping[str, str],
) -> tuple[Name, ...]:
    uses: dict[str, int] = {}
    for row in rows:
        uses[row.party] = uses.get(row.party, 0) + 1
    keys = {str(one.pk) for one in listed}
    known = {said: str(one.pk) for one in listed for said in _called(one)}
    by_institution = {one.institution_id: str(one.pk) for one in listed if one.institution_id}
    found = []
    for number, (printed, count) in enumerate(sorted(uses.items(), key=lambda pair: folded(pair[0]))):
        decided = decisions.get(printed, "")
        institution = register.get(folded(printed))
        if decided in keys or decided.removeprefix(NEW) in Party.Kind.values:
            value, why = decided, "decided"
        elif printed and folded(printed) in known:
            value, why = known[folded(printed)], "listed"
        elif institution is not None:
            value = by_institution.get(institution.pk, f"{REGISTER}{institution.pk}")
            why = "register"
        else:
            value, why = "", ""
        found.append(Name(number, printed, count, value, why))
    return tuple(found)


def _called(party: Party) -> set[str]:
    one = party.institution
    if one is None:
        return {folded(party.name)}
    return {folded(words) for words in (*one.name.values(), *one.short_name.values())}


def offered(consultation: Consultation, name: Name) -> list[tuple[str, str]]:
    """What a name of the table can be: one of those listed, or a further stakeholder of a kind."""
    listed = sorted(
        ((str(one.pk), plain(one.text)) for one in consultation.parties.select_related("institution")),
        key=lambda pair: pair[1],
    )
    new = [(f"{NEW}{kind}", str(words)) for kind, words in Party.Kind.choices] if name.printed else []
    return [*listed, *new]


# What is new ------------------------------------------------------------------------------------------------


def _lines(
    rows: Iterable[Row],
    names: Iterable[Name],
    there: Sequence[DraftComment],
    drafts: Mapping[str, Draft],
) -> tuple[Line, ...]:
    whose = {one.printed: one.value for one in names}
    return tuple(_line(row, whose[row.party], there, drafts) for row in rows)


def _line(row: Row, who: str, there: Sequence[DraftComment], drafts: Mapping[str, Draft]) -> Line:
    """One line beside the comment of the same stakeholder with the same words; where there are several, the
    one with the same number."""
    alike = [one for one in there if _same(one.text, row.text) and _is_of(one.party, who, row.party)]
    numbered = [one for one in alike if str(one.number) == row.number]
    before = (numbered or alike or [None])[0]
    draft = drafts.get(row.draft.strip())
    said = comment_table.disposition_of(row.disposition)
    problems = tuple(_faults(row, said, before, draft))
    if problems:
        return Line("refused", row, said or "", before, draft, problems)
    if before is None:
        return Line("add", row, said or "", None, draft, ())
    answered = said and (before.disposition, before.reason, before.changed) != (said, row.reason, row.changed)
    return Line("answer" if answered else "same", row, said or "", before, draft, ())


def _is_of(party: Party, who: str, printed: str) -> bool:
    """Whether a comment is of whom a line names; of anybody where it names nobody and nothing is decided."""
    if who.startswith(REGISTER):
        return str(party.institution_id) == who.removeprefix(REGISTER)
    if who.startswith(NEW):
        return folded(printed) in _called(party)
    return who == str(party.pk) if who or printed else True


def _same(one: str, other: str) -> bool:
    return " ".join(one.split()) == " ".join(other.split())


def _faults(
    row: Row,
    said: str | None,
    before: DraftComment | None,
    draft: Draft | None,
) -> Iterable[Problem]:
    if not row.text:
        yield Problem("comment-empty", row.origin)
    if said is None:
        yield Problem("comment-disposition-unknown", row.origin, {"text": row.disposition[:60]})
    elif said not in ("", DraftComment.Disposition.ACCEPTED) and not row.reason:
        yield Problem("comment-without-reason", row.origin)
    if max(len(row.text), len(row.reason), len(row.changed)) > LONGEST or len(row.place) > 300:
        yield Problem("comment-too-long", row.origin, {"limit": LONGEST})
    if row.draft.strip() and draft is None:
        yield Problem("comment-draft-unknown", row.origin, {"draft": row.draft[:40]})
    if before is not None and before.state == DraftComment.State.WITHDRAWN:
        yield Problem("comment-was-withdrawn", row.origin, {"number": before.number})


def _digest(stored: StoredFile, names: Sequence[Name], lines: Sequence[Line]) -> str:
    """What was seen: the file, whose names were found, what would happen with each line."""
    said = [
        stored.sha256,
        [[one.printed, one.value] for one in names],
        [[one.kind, one.before.pk, one.before.revision] if one.before else [one.kind] for one in lines],
    ]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()


def decided(posted: Mapping[str, Any], judged: Judged) -> dict[str, str]:
    """What a person chose in the form: {name as printed: `Name.value`}."""
    found = {one.printed: str(posted.get(one.field) or "") for one in judged.names}
    return {name: choice for name, choice in found.items() if choice}
