"""Everything that changes what a country adds to the catalogue."""

import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from milepost.errors import MilepostError
from milepost.recipes import definition as definitions
from milepost.values import Origin, Problem, Text
from milepost.web.accounts.roles import Permission
from milepost.web.audit.actions import changes, record
from milepost.web.frameworks import queries
from milepost.web.frameworks.models import Code, Definition, Link, ListTitle, Tag, Tagging
from milepost.web.stakeholders.models import Country
from milepost.web.traces.actions import link
from milepost.web.ui.revisions import Stale

FILE = "definition"
"""What the text of a definition is called in the places of its faults."""
LONGEST_CODE = 60
_CODE = re.compile(r"[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*", re.ASCII)


# Crosswalks -------------------------------------------------------------------------------------------------


@transaction.atomic
def decide_link(
    *, by: Any, country: Country, origin: str, goal: str, status: str, reason: str, revision: int
) -> Link:
    """Confirm or reject a pair, proposed or new; `revision` is 0 where the country has said nothing yet."""
    _allow(by, country)
    problems = list(_problems_of_pair(origin, goal))
    if status == Link.Status.REJECTED and not reason.strip():
        problems.append(_problem("reason-missing", "reason"))
    if problems:
        raise MilepostError(problems)
    origin, goal = queries.in_order(origin, goal)
    fields = {"status": Link.Status(status), "reason": reason.strip(), "by": by}
    before = Link.objects.select_for_update().filter(country=country, origin=origin, goal=goal).first()
    if (before.revision if before else 0) != revision:
        raise Stale(before)
    said = _say_of(before, fields) if before else _say_first(country, origin, goal, fields)
    details = {"pair": [origin, goal], "status": [before.status if before else None, status]}
    _tell(by, f"crosswalk.{status}", country, country.address, why=reason.strip(), details=details)
    return said


@transaction.atomic
def confirm_links(*, by: Any, country: Country, links: Iterable[tuple[str, str, int]]) -> int:
    """Confirm several pairs (origin, goal, revision) at once, all or none; how many there were."""
    confirmed = [
        decide_link(
            by=by,
            country=country,
            origin=origin,
            goal=goal,
            status=Link.Status.CONFIRMED,
            reason="",
            revision=revision,
        )
        for origin, goal, revision in links
    ]
    return len(confirmed)


def _problems_of_pair(origin: str, goal: str) -> Iterable[Problem]:
    for field, entry in (("origin", origin), ("goal", goal)):
        if not queries.entry_exists(entry):
            yield _problem("unknown-entry-of", field, entry=entry)
    framework = origin.partition("/")[0]
    if framework == goal.partition("/")[0]:
        yield _problem("pair-within", "goal", framework=framework)


def _say_first(country: Country, origin: str, goal: str, fields: Mapping[str, Any]) -> Link:
    try:
        with transaction.atomic():
            return Link.objects.create(country=country, origin=origin, goal=goal, **fields)
    except IntegrityError:  # somebody else said something a moment ago
        raise Stale(Link.objects.get(country=country, origin=origin, goal=goal)) from None


def _say_of(before: Link, fields: Mapping[str, Any]) -> Link:
    """Change what was said of a pair; the row is locked, and `before` stays as it was read."""
    now = Link.objects.get(pk=before.pk)
    for name, value in {**fields, "revision": before.revision + 1}.items():
        setattr(now, name, value)
    now.save()
    return now


# Definitions ------------------------------------------------------------------------------------------------


@transaction.atomic
def save_definition(
    *, by: Any, country: Country, text: str, reason: str, revision: int, code: str = ""
) -> Definition:
    """A country's definition of the indicator that the text names; MilepostError has every fault of it.

    `revision` is that of the definition the person saw, 0 for none. `code` is given where the definition of
    one indicator is revised: the text must then be about it.
    """
    _allow(by, country)
    problems: list[Problem] = []
    if revision and not reason.strip():
        problems.append(_problem("reason-missing", "reason"))
    try:
        found = definitions.read(text, Origin(FILE)).code
    except MilepostError as error:
        raise MilepostError([*problems, *error.problems]) from None
    if code and found != code:
        problems.append(_problem("definition-other-code", "text", found=found, code=code))
    if problems:
        raise MilepostError(problems)
    before = queries.current_definitions(country).select_for_update(of=("self",)).filter(code=found).first()
    if (before.revision if before else 0) != revision:
        raise Stale(before)
    made = _new_revision(country, found, before, {"text": text, "reason": reason.strip(), "by": by})
    _forget(country)
    _tell(by, "definition.saved", country, made.address, why=reason.strip(), details={"code": found})
    if before is not None:
        link(made.address, "supersedes", before.address)
    return made


def _new_revision(
    country: Country, code: str, before: Definition | None, fields: Mapping[str, Any]
) -> Definition:
    """A new row in the place of the one in force; revisions go on counting after one that was ended."""
    if before is not None:
        Definition.objects.filter(pk=before.pk).update(current=False)
    latest = Definition.objects.filter(country=country, code=code).order_by("-revision").first()
    try:
        with transaction.atomic():
            return Definition.objects.create(
                country=country, code=code, revision=(latest.revision if latest else 0) + 1, **fields
            )
    except IntegrityError:  # somebody else saved the first one a moment ago
        raise Stale(queries.definition_in_force(country, code)) from None


@transaction.atomic
def end_definition(*, by: Any, definition: Definition, reason: str) -> None:
    """From now on the definition that ships is in force again; Stale where there is a later revision."""
    country = definition.country
    _allow(by, country)
    if not reason.strip():
        raise MilepostError([_problem("reason-missing", "reason")])
    if not Definition.objects.filter(pk=definition.pk, current=True).update(current=False):
        raise Stale(queries.definition_in_force(country, definition.code))
    _forget(country)
    details = {"code": definition.code}
    _tell(by, "definition.ended", country, definition.address, why=reason.strip(), details=details)


def _forget(country: Country) -> None:
    """Here at once, and again when everybody can read it."""
    queries.forget(country)
    transaction.on_commit(lambda: queries.forget(country))


# Code lists -------------------------------------------------------------------------------------------------


@transaction.atomic
def add_code(*, by: Any, country: Country, list: str, code: str, name: Mapping[str, str]) -> Code:
    """A code of the country's own, in a list that ships or in one of its own."""
    _allow(by, country)
    problems = [
        _problem("code-unreadable", field, text=text, limit=LONGEST_CODE)
        for field, text in (("list", list), ("code", code))
        if len(text) > LONGEST_CODE or not _CODE.fullmatch(text)
    ]
    problems += _problems_of_name(name)
    if code in queries.shipped_codes(list) or queries.own_codes(country).filter(list=list, code=code):
        problems.append(_problem("code-taken", "code", code=code, list=list))
    if problems:
        raise MilepostError(problems)
    try:
        with transaction.atomic():
            made = Code.objects.create(country=country, list=list, code=code, name=dict(name))
    except IntegrityError:  # made by somebody else a moment ago
        raise MilepostError([_problem("code-taken", "code", code=code, list=list)]) from None
    _tell(by, "code.added", country, country.address, details={"list": list, "code": code})
    return made


@transaction.atomic
def change_code(*, by: Any, code: Code, name: Mapping[str, str], active: bool, revision: int) -> Code:
    """Rename a code, retire it or bring it back; figures that use it keep it."""
    _allow(by, code.country)
    if problems := _problems_of_name(name):
        raise MilepostError(problems)
    before = {"name": code.name, "active": code.active}
    after = {"name": dict(name), "active": active}
    _update(Code, code, revision, after)
    details = {"list": code.list, "code": code.code, **changes(before, after)}
    _tell(by, "code.changed", code.country, code.country.address, details=details)
    return code


@transaction.atomic
def call_list(*, by: Any, country: Country, list: str, name: Mapping[str, str], revision: int) -> ListTitle:
    """Give a list of the country's own a title, by which its dimension is called; `revision` 0 for the first.

    MilepostError for a list that ships, or that has no code yet.
    """
    _allow(by, country)
    problems = _problems_of_name(name)
    if queries.find_code_list(list) is not None or not queries.own_codes(country).filter(list=list).exists():
        problems.append(_problem("list-not-own", "list", list=list))
    if problems:
        raise MilepostError(problems)
    before = queries.list_title(country, list)
    if (before.revision if before else 0) != revision:
        raise Stale(before)
    after = {"name": dict(name)}
    if before is None:
        made = _call_first(country, list, after)
    else:
        made = ListTitle.objects.get(pk=before.pk)
        _update(ListTitle, made, revision, after)
    _forget(country)
    details = {"list": list, **changes({"name": before.name if before else {}}, after)}
    _tell(by, "list.called", country, country.address, details=details)
    return made


def _call_first(country: Country, list: str, fields: Mapping[str, Any]) -> ListTitle:
    try:
        with transaction.atomic():
            return ListTitle.objects.create(country=country, list=list, **fields)
    except IntegrityError:  # somebody else said it a moment ago
        raise Stale(queries.list_title(country, list)) from None


# Tags -------------------------------------------------------------------------------------------------------


@transaction.atomic
def add_tag(*, by: Any, country: Country, name: Mapping[str, str]) -> Tag:
    """A tag of the country's own; no two have the same name in one language."""
    _allow(by, country)
    if problems := [*_problems_of_name(name), *_problems_of_tag(country, name)]:
        raise MilepostError(problems)
    made = Tag.objects.create(country=country, name=dict(name))
    _tell(by, "tag.added", country, country.address, details={"tag": made.pk, "name": made.name})
    return made


@transaction.atomic
def change_tag(*, by: Any, tag: Tag, name: Mapping[str, str], active: bool, revision: int) -> Tag:
    """Rename a tag, retire it or bring it back; it stays on what it stands on."""
    _allow(by, tag.country)
    if problems := [*_problems_of_name(name), *_problems_of_tag(tag.country, name, but=tag)]:
        raise MilepostError(problems)
    before = {"name": tag.name, "active": tag.active}
    after = {"name": dict(name), "active": active}
    _update(Tag, tag, revision, after)
    details = {"tag": tag.pk, **changes(before, after)}
    _tell(by, "tag.changed", tag.country, tag.country.address, details=details)
    return tag


@transaction.atomic
def put_tag(*, by: Any, tag: Tag, on: Collection[str] = (), off: Collection[str] = ()) -> None:
    """Put a tag on things, and take it off others, by their addresses; whatever else it stands on stays.

    So two people who do it at the same time lose nothing of each other.
    """
    _allow(by, tag.country)
    if set(on) - {thing.address for thing in queries.taggable(by, tag.country)}:
        raise PermissionDenied(Permission.EDIT_FRAMEWORKS)
    before = queries.tagged(tag)
    added, removed = sorted(set(on) - before), sorted(set(off) & before - set(on))
    Tagging.objects.filter(tag=tag, address__in=removed).delete()
    Tagging.objects.bulk_create(
        (Tagging(tag=tag, address=address) for address in added), ignore_conflicts=True
    )
    for address, stands in [*((one, True) for one in added), *((one, False) for one in removed)]:
        details = {"tag": tag.pk, "name": tag.name, "stands": stands}
        _tell(by, "tags.put", tag.country, address, details=details)


# Conditions -------------------------------------------------------------------------------------------------


def _allow(by: Any, country: Country) -> None:
    if not queries.may_edit(by, country):
        raise PermissionDenied(Permission.EDIT_FRAMEWORKS)


def _problem(kind: str, field: str, /, **details: Any) -> Problem:
    return Problem(kind, Origin("form", column=field), details)


def _problems_of_name(name: Mapping[str, str]) -> list[Problem]:
    return [] if any(words.strip() for words in name.values()) else [_problem("name-missing", "name")]


def _problems_of_tag(country: Country, name: Mapping[str, str], but: Tag | None = None) -> list[Problem]:
    """Faults for words that another tag of the country has in the same language."""
    others = [tag.text for tag in queries.tags(country) if but is None or tag.pk != but.pk]
    taken = [words for language, words in name.items() if any(_alike(words, one, language) for one in others)]
    return [_problem("tag-taken", "name", name=words) for words in taken]


def _alike(words: str, other: Text, language: str) -> bool:
    return words.strip().casefold() == other.get(language, "").strip().casefold() != ""


def _update(model: Any, thing: Any, revision: int, fields: Mapping[str, Any]) -> None:
    """Change a row, unless somebody else did meanwhile."""
    if not model.objects.filter(pk=thing.pk, revision=revision).update(revision=revision + 1, **fields):
        raise Stale(model.objects.get(pk=thing.pk))
    thing.refresh_from_db()


def _tell(
    by: Any,
    verb: str,
    country: Country,
    address: str,
    *,
    why: str = "",
    details: Mapping[str, Any] | None = None,
) -> None:
    record(by=by, verb=verb, address=address, scope=country.address, why=why, details=details or {})
