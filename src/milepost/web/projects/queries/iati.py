"""Projects as values, for files that others read: what the public may know, and nothing that is not known.

Only approved figures go out, whoever asks, and no name of a person. Days that are known to the month or year
only are left out, as is a budget of more than a year, because IATI has a place for neither. What the standard
demands and the register lacks is named by the writer.
"""

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from django.utils import timezone
from django.utils.translation import override

from milepost import values
from milepost.errors import MilepostError, refuse
from milepost.interchange import iati
from milepost.values import Origin, Text
from milepost.values.project import Budget, Marker, Moment, Money, Related, Share, Transaction
from milepost.web.projects.models import Party, Project, Tag
from milepost.web.projects.queries import vocabulary
from milepost.web.projects.queries.matrix import matrix
from milepost.web.projects.queries.scoping import works_with
from milepost.web.stakeholders.models import Institution

FILE = "projects.xml"
MOST = 500
"""Projects that one file holds at most."""

STATES = {
    "proposal": "1", "endorsed": "1", "approved": "1", "active": "2", "completed": "3", "evaluated": "3",
    "closed": "4", "dropped": "5",
}  # fmt: skip
"""ActivityStatus of each state of a project."""

KINDS = {
    Institution.Kind.STATISTICAL_OFFICE: "10",
    Institution.Kind.MINISTRY: "10",
    Institution.Kind.AGENCY: "10",
    Institution.Kind.REGIONAL: "11",
    Institution.Kind.INTERNATIONAL: "40",
    Institution.Kind.CIVIL_SOCIETY: "22",
    Institution.Kind.ACADEMIA: "80",
    Institution.Kind.PRIVATE: "70",
}
"""OrganisationType of each kind of institution."""

EXPENDITURE = "4"
OWN = "99"
"""The vocabulary of whoever reports."""


def written(user: Any, projects: Sequence[Project], pages: str) -> bytes:
    """A file of IATI 2.03 of projects that the reader may see; money spent only where the reader works with
    the project.

    `pages` is the address of the register, under which our own codes are explained. MilepostError with all
    that the projects lack for it, and for more than MOST of them ("iati-too-many").
    """
    return _file(_values(user, projects, pages))


def complete(user: Any, projects: Sequence[Project], pages: str) -> tuple[bytes | None, list[Project]]:
    """(a file of those that lack nothing, None where each one lacks something; those that are left out)."""
    found = _values(user, projects, pages)
    whole = [each for each in found if _lacks_nothing(each)]
    kept = set(map(id, whole))
    left_out = [one for one, each in zip(projects, found, strict=True) if id(each) not in kept]
    return _file(whole) if whole else None, left_out


def _values(user: Any, projects: Sequence[Project], pages: str) -> list[values.Project]:
    if len(projects) > MOST:
        raise refuse("iati-too-many", FILE, count=len(projects), most=MOST)
    return [as_value(one, pages, spent=works_with(user, one)) for one in projects]


def _file(found: Sequence[values.Project]) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / FILE
        try:
            iati.write(found, path, made=timezone.now())
        except MilepostError as error:
            raise MilepostError(replace(one, origin=Origin(FILE)) for one in error.problems) from error
        return path.read_bytes()


def _lacks_nothing(project: values.Project) -> bool:
    try:
        _file([project])
    except MilepostError:
        return False
    return True


def as_value(project: Project, pages: str, *, spent: bool) -> values.Project:
    """A project with its approved results, with `spent` also what was spent; a fixed number of queries."""
    parties = list(project.parties.select_related("institution"))
    tags = list(project.tags.all())
    return values.Project(
        identifier=project.iati_identifier,
        title=project.text,
        description=Text(project.narrative),
        reporter=next((_reporter(one) for one in parties if one.role == Party.Role.ACCOUNTABLE), None),
        parties=tuple(map(_party, parties)),
        status=STATES[project.state],
        days=tuple(_days(project)),
        countries=tuple(Share(one.area.upper()) for one in project.beneficiaries.all()),
        sectors=tuple(_sectors(project, tags, pages)),
        tags=tuple(_tag(one, pages) for one in tags if one.framework != vocabulary.DAC),
        markers=tuple(_markers(project, pages)),
        currency=project.currency,
        language=next(iter(project.title), ""),
        budgets=tuple(_budgets(project)),
        transactions=tuple(_transactions(project)) if spent else (),
        related=tuple(_related(project)),
        results=matrix(project).tree,
        other_identifiers=tuple(
            values.Reference("A1", code) for code in (project.project_code, project.prima_code) if code
        ),
    )


def _party(party: Party) -> values.Party:
    kind = KINDS.get(Institution.Kind(party.institution.kind), "") if party.institution else ""
    return values.Party(party.text, party.role, party.reference, kind)


def _reporter(party: Party) -> values.Party:
    """The lead, which has no role where it reports."""
    return replace(_party(party), role="")


def _days(project: Project) -> Iterator[tuple[Moment, date]]:
    """Only days that are known to the day; as planned, because the register keeps no others."""
    if project.first_day is not None and len(project.start) == _DAY:
        yield "planned_start", project.first_day
    if project.last_day is not None and len(project.end) == _DAY:
        yield "planned_end", project.last_day


_DAY = len("2024-05-12")


def _sectors(project: Project, tags: Sequence[Tag], pages: str) -> Iterator[Share]:
    """The main purpose by the codes of OECD DAC, and the type of the project as a code of our own."""
    for one in tags:
        if one.framework == vocabulary.DAC:
            yield Share(one.code, "1", title=vocabulary.dac_name(one.code))
    if project.type:
        yield Share(project.type, OWN, title=vocabulary.name("type", project.type), uri=pages)


def _tag(tag: Tag, pages: str) -> values.Reference:
    """A goal or target of the SDG by the standard's own vocabularies, all else as a code of ours."""
    if tag.framework == "sdg" and tag.code.count(".") <= 1:
        return values.Reference("3" if "." in tag.code else "2", tag.code)
    name = vocabulary.tag_name(tag.framework, tag.code) or Text(en=str(tag))
    return values.Reference(OWN, f"{tag.framework} {tag.code}", name, pages)


def _markers(project: Project, pages: str) -> Iterator[Marker]:
    """The gender marker as it is printed; the significance of DAC's is nobody's to guess."""
    if project.gender_marker:
        words = vocabulary.GENDER_MARKERS.get(project.gender_marker, project.gender_marker)
        with override("en"):
            yield Marker(project.gender_marker, OWN, title=Text(en=str(words)), uri=pages)


def _budgets(project: Project) -> Iterator[Budget]:
    start, end = project.first_day, project.last_day
    if project.budget is None or start is None or end is None or (end - start).days > 365:
        return
    money = Money(project.budget, project.currency)
    yield Budget(start, end, money, committed=project.state not in ("proposal", "endorsed", "dropped"))


def _transactions(project: Project) -> Iterator[Transaction]:
    for line in project.budget_lines.prefetch_related("expenditures"):
        for spent in line.expenditures.all():
            money = Money(spent.amount, project.currency)
            yield Transaction(EXPENDITURE, spent.day, money, description=Text(line.title))


def _related(project: Project) -> Iterator[Related]:
    """Projects before, after and beside that are public and have an identifier (3: sibling)."""
    links = [link.first for link in project.earlier_links.select_related("first")]
    links += [link.second for link in project.later_links.select_related("second")]
    for other in links:
        if other.public and other.iati_identifier:
            yield Related(other.iati_identifier, "3")
