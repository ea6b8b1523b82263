"""A file of IATI beside the register: which project each activity is, what it adds and what it overwrites."""

import re
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from django.utils.translation import override

from milepost import values
from milepost.errors import MilepostError, refuse
from milepost.interchange import iati
from milepost.values import Origin, Problem, Text
from milepost.web.files import queries as files
from milepost.web.files.models import StoredFile
from milepost.web.projects.models import Project
from milepost.web.projects.queries import vocabulary
from milepost.web.projects.queries.pages import Offer
from milepost.web.projects.queries.scoping import kept_by, visible_to

MOST = 200
"""Activities that one file brings at most."""
MOST_BYTES = 20_000_000
LONGEST = {"title": 500, "narrative": 100_000}
"""Letters of a text of the register, in one language."""
OWN = "99"
"""The vocabulary of whoever reports."""
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})?")
_CURRENCY = re.compile(r"[A-Z]{3}")


class Came(NamedTuple):
    """An activity: its place in the file, the project that it may be taken over into, what it says.

    `refused` is why nothing of it can be taken in ("" where it can): "no-identifier", "long-identifier",
    "twice", "no-title", "not-yours". `adds` and `overwrites` are fields of the register; `same` says the
    register already; `besides` is what else the activity says, which stays in the file.
    """

    place: int
    activity: values.Project
    project: Project | None
    refused: str
    adds: dict[str, list[Offer]]
    overwrites: dict[str, list[Offer]]
    same: tuple[str, ...]
    besides: dict[str, int]

    @property
    def offers(self) -> dict[str, list[Offer]]:
        """All that can be decided."""
        return self.adds | self.overwrites


def read(user: Any, kept: StoredFile) -> tuple[list[Came], list[Problem]]:
    """The activities of a file beside the projects that the person may edit, and what could not be read.

    The register is asked the same number of times, however many activities there are. MilepostError where
    the file cannot be read, holds more than MOST activities ("iati-too-many") or none ("iati-no-activity").
    """
    found, problems = _activities(kept)
    if len(found) > MOST:
        raise refuse("iati-too-many", kept.name, count=len(found), most=MOST)
    if not found:
        raise refuse("iati-no-activity", kept.name)
    codes = {one.identifier.strip() for one in found}
    taken = set(Project.objects.filter(iati_identifier__in=codes).values_list("iati_identifier", flat=True))
    mine = {
        project.iati_identifier: project
        for project in visible_to(user)
        .filter(iati_identifier__in=codes - {""}, institution__in=kept_by(user))
        .prefetch_related("beneficiaries")
    }
    seen = Counter(one.identifier.strip() for one in found)
    rows = []
    for place, one in enumerate(found, 1):
        code = one.identifier.strip()
        project = mine.get(code)
        refused = _refused(one, code, project, twice=seen[code] > 1, taken=code in taken)
        rows.append(_came(place, one, project, refused, kept))
    return rows, problems


def _activities(kept: StoredFile) -> tuple[Sequence[values.Project], list[Problem]]:
    """Read from a copy, because the guarded reading wants a path; faults name the file as it was sent."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "activities.xml"
        with files.open_file(kept) as file:
            path.write_bytes(file.read(MOST_BYTES + 1))
        if path.stat().st_size > MOST_BYTES:
            raise refuse("iati-too-many-bytes", kept.name, most=MOST_BYTES // 1_000_000)
        try:
            found = iati.read(path)
        except MilepostError as error:
            raise MilepostError(_named(each, kept) for each in error.problems) from error
    return found.projects, [_named(each, kept) for each in found.problems]


def _named(problem: Problem, kept: StoredFile) -> Problem:
    return replace(problem, origin=Origin(kept.name, row=problem.origin.row))


def _refused(one: values.Project, code: str, project: Project | None, *, twice: bool, taken: bool) -> str:
    if not code:
        return "no-identifier"
    if len(code) > Project._meta.get_field("iati_identifier").max_length:
        return "long-identifier"
    if twice:
        return "twice"
    if project is None and taken:
        return "not-yours"
    if project is None and not _words(one, one.title, "title"):
        return "no-title"
    return ""


def _came(place: int, one: values.Project, project: Project | None, refused: str, kept: StoredFile) -> Came:
    adds, overwrites, same = {}, {}, []
    for name, words, value in () if refused else _said(one, project):
        stands = now(project, name)
        if value is not None and value == stands:
            same.append(name)
        else:
            (overwrites if _overwritten(stands, value) else adds)[name] = [Offer(kept, words, value)]
    besides = {name: len(found) for name, found in _besides(one) if found}
    return Came(place, one, project, refused, adds, overwrites, tuple(same), besides)


def _overwritten(stands: Any, value: Any) -> bool:
    """Whether something of the register would be gone; another language or another state is an addition."""
    if isinstance(stands, dict) and isinstance(value, dict):
        return any(value.get(language) != words for language, words in stands.items())
    if isinstance(stands, list) and isinstance(value, list):
        return not set(stands) <= set(value)
    return stands is not None


def beside(stands: Any, value: dict[str, str]) -> tuple[str, str]:
    """A text of the register and of a file, in the languages in which they differ, each with its code."""
    before = stands or {}
    changed = [language for language, words in value.items() if before.get(language) != words]
    old = [f"{language}: {before[language]}" for language in changed if language in before]
    return " / ".join(old), " / ".join(f"{language}: {value[language]}" for language in changed)


def now(project: Project | None, name: str) -> Any:
    """What the register says; None where it says nothing."""
    if project is None:
        return None
    if name == "areas":
        return sorted(one.area for one in project.beneficiaries.all()) or None
    found = getattr(project, name)
    return None if found in ("", {}) else found


def _said(one: values.Project, project: Project | None) -> Iterator[tuple[str, str, Any]]:
    """(field of the register, words of the file, value of the register; None where it is none)."""
    for name, text in (("title", one.title), ("narrative", one.description)):
        if any(words.strip() for words in text.values()):
            said = _words(one, text, name)
            stands = getattr(project, name) if project and said else {}
            yield name, " / ".join(filter(None, map(str.strip, text.values()))), said and {**stands, **said}
    days: dict[str, date] = {str(moment): day for moment, day in one.days}
    for name, moment in (("start", "planned_start"), ("end", "planned_end")):
        if day := days.get(moment):
            yield name, day.isoformat(), day.isoformat()
    if budget := _budget(one):
        amount, currency = budget.money.value, budget.money.currency
        yield "budget", str(amount), amount if _is_amount(amount) else None
        yield "currency", currency, currency if _CURRENCY.fullmatch(currency) else None
    if one.countries:
        codes = [share.code.casefold() for share in one.countries]
        known = all(vocabulary.area_of(code) == code for code in codes)
        stands = now(project, "areas") or []
        words = ", ".join(share.code for share in one.countries)
        yield "areas", words, sorted({*stands, *codes}) if known else None
    yield from _own_codes(one)


def _words(one: values.Project, text: Text, name: str) -> dict[str, str] | None:
    """A text as the register keeps it: English where the file names no language; None where it cannot."""
    found = {
        (language or one.language or "en").lower(): words.strip()
        for language, words in text.items()
        if words.strip()
    }
    fit = all(
        _LANGUAGE.fullmatch(language) and len(words) <= LONGEST[name] for language, words in found.items()
    )
    return found if found and fit else None


def _is_amount(amount: Decimal) -> bool:
    """Whether the register can keep it exactly: no more than two places, no less than nothing."""
    return amount.is_finite() and 0 <= amount < 10**16 and amount == round(amount, 2)


def _budget(one: values.Project) -> Any:
    """The only budget of an activity; the register has one amount, and several are not added up by guess."""
    if len(one.budgets) != 1 or one.budgets[0].money.value is None or not one.budgets[0].money.currency:
        return None
    return one.budgets[0]


def _own_codes(one: values.Project) -> Iterator[tuple[str, str, Any]]:
    """Type and gender marker, where code and name are those of this register: vocabulary 99 is anybody's."""
    types = vocabulary.names("type")
    for share in one.sectors:
        if share.vocabulary == OWN and share.code in types and _same(share.title, types[share.code]):
            yield "type", share.code, share.code
            break
    for marker in one.markers:
        with override("en"):
            words = Text(en=str(vocabulary.GENDER_MARKERS.get(marker.code, "")))
        if marker.vocabulary == OWN and _same(marker.title, words):
            yield "gender_marker", marker.code, marker.code
            break


def _same(said: Text, known: Text) -> bool:
    return bool(said.get("en")) and said.get("en") == known.get("en")


def _besides(one: values.Project) -> Iterator[tuple[str, Any]]:
    """What else an activity says: {name: what there is of it}."""
    yield "results", one.results
    yield "parties", one.parties
    yield "transactions", one.transactions
    yield "budgets", () if _budget(one) else one.budgets
    yield "sectors", [share for share in one.sectors if share.vocabulary != OWN]
    yield "tags", one.tags
    yield "shares", [share for share in one.countries if share.percentage is not None]
    yield "documents", one.documents
    yield "related", one.related
