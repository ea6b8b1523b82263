"""A form of a round that came back: what it would change of the answers as they are now."""

from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

from milepost.interchange import round_form
from milepost.interchange.round_form import Key, Line, Sent
from milepost.reports import sentences
from milepost.values import Origin, Problem

Outcome = Literal["add", "change", "remove", "same", "conflict", "kept", "refused"]


class Change(NamedTuple):
    """A cell that is not as it was written.

    add, change, remove: what would be done. same: here it says so already. conflict: somebody changed it here
    since the form went out; a person decides, and it stays (kept) or is changed. refused: `problem` says why.
    """

    outcome: Outcome
    key: Key
    written: str
    here: str
    typed: str
    origin: Origin
    problem: Problem | None = None


def words_in(language: str) -> dict[str, str]:
    """The words of the form in a language."""
    say = sentences.translator(language)
    return {name: say(words) for name, words in round_form.WORDS.items()}


def compare(sent: Sent, lines: Sequence[Line], decisions: Mapping[Key, bool] | None = None) -> list[Change]:
    """Every cell that was typed into, against what stands here now.

    `lines` are the rows as they are now; a row that is not there any more, or a column that may not be typed
    into, is refused. `decisions` say of cells in conflict whether what was typed is taken.
    """
    here: dict[Key, str] = {
        (line.sheet, line.id, name): line.cells.get(name, "") for line in lines for name in line.open
    }
    return [
        change
        for key in sent.cells
        if (change := _judged(key, sent, here.get(key), (decisions or {}).get(key))) is not None
    ]


def _judged(key: Key, sent: Sent, now: str | None, decision: bool | None) -> Change | None:
    """What becomes of a cell; None where it is as it was written."""
    cell, written = sent.cells[key], sent.written[key]
    about = Change("same", key, written, now or "", cell.text, cell.origin, cell.problem)
    if cell.problem is not None:
        return about._replace(outcome="refused")
    if cell.text == written:
        return None
    if now is None:
        problem = Problem("round-form-cell-closed", cell.origin, {"name": key[1]})
        return about._replace(outcome="refused", problem=problem)
    if cell.text == now:
        return about
    if now != written and not decision:
        return about._replace(outcome="conflict" if decision is None else "kept")
    return about._replace(outcome="remove" if not cell.text else "change" if now else "add")


DONE: tuple[Outcome, ...] = ("add", "change", "remove")
"""Outcomes by which something is written."""
