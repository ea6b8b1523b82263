"""Project pages that were handed in: what each says, which project it may be, what fields could become."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from django.db.models import Q

from milepost.catalogue.projects import folded, project_word
from milepost.interchange.limits import guarded
from milepost.interchange.project_pages.values import moment
from milepost.recipes import projects as recipe
from milepost.recipes.projects import Entry
from milepost.values import ProjectRecord
from milepost.web.files import queries as files
from milepost.web.files.models import StoredFile
from milepost.web.projects.models import Project
from milepost.web.projects.moments import bounds
from milepost.web.projects.queries.scoping import kept_by, visible_to
from milepost.web.projects.queries.vocabulary import area_of

MOST_FILES = 50
SECONDS = 60.0
"""Time for reading all pages that were handed in together."""
FIELDS = {
    "title": "title",
    "project_id": "project_code",
    "prima_id": "prima_code",
    "type": "type",
    "coverage": "coverage",
    "region": "region",
    "member_states": "areas",
    "start": "start",
    "end": "end",
    "year": "year",
    "budget": "budget",
    "currency": "currency",
    "narrative": "narrative",
}
"""{field of a page: field of the register}. The status is none: a project moves by its steps alone."""
_CHOSEN = ("type", "coverage", "region")


class PageFile(NamedTuple):
    """A page that was handed in, what was read of it, and others that may tell of the same project."""

    file: StoredFile
    entry: Entry
    same: tuple[StoredFile, ...]

    @property
    def record(self) -> ProjectRecord:
        """What the page says; an empty record where it could not be read."""
        return self.entry.page.record if self.entry.page else ProjectRecord()


class Offer(NamedTuple):
    """What one page says of a field: its words, and the value of the register; None where it is none."""

    file: StoredFile
    words: str
    value: Any


def handed_in(user: Any, keys: Iterable[int]) -> list[StoredFile]:
    """The files with these keys that the person handed in, and that no project has taken yet."""
    own = StoredFile.objects.filter(pk__in=list(keys)[:MOST_FILES], by=user)
    return list(own.filter(owner__in=[one.address for one in kept_by(user)]).order_by("pk"))


def read(kept: Sequence[StoredFile]) -> list[PageFile]:
    """Every page read, within limits of time and memory; MilepostError where these do not suffice."""
    if not kept:
        return []
    entries = guarded(
        _entries, kept[0].name, [(one.pk, one.name, _bytes(one)) for one in kept], seconds=SECONDS
    )
    records = [entry.page.record if entry.page else ProjectRecord() for entry in entries]
    alike = recipe.same_projects(records)
    return [
        PageFile(file, entry, tuple(kept[other] for other in others))
        for file, entry, others in zip(kept, entries, alike, strict=True)
    ]


def _bytes(stored: StoredFile) -> bytes:
    with files.open_file(stored) as file:
        return file.read(recipe.MOST_BYTES + 1)  # one more, so that a page that is too long is refused


def _entries(_place: str, pages: Sequence[tuple[int, str, bytes]]) -> list[Entry]:
    named = {Path(str(pk)) / name: data for pk, name, data in pages}  # two files may have the same name
    return recipe.read(list(named), named)


def candidates(user: Any, pages: Iterable[PageFile]) -> list[Project]:
    """Projects that the person may edit and that have a code or the title of one of the pages."""
    wanted = Q(pk__in=[])
    codes: set[str] = set()
    titles: set[str] = set()
    for page in pages:
        record = page.record
        for name, code in (("project_code", record.project_id), ("prima_code", record.prima_id)):
            if code:
                wanted |= Q(**{f"{name}__iexact": code})
                codes.add(code.casefold())
        if record.title:
            wanted |= Q(words__contains=record.title.casefold())
            titles.add(folded(record.title))
    found = visible_to(user).filter(wanted, institution__in=kept_by(user)).order_by("pk")[:200]
    return [
        one
        for one in found
        if {one.project_code.casefold(), one.prima_code.casefold()} & codes
        or {folded(text) for text in one.title.values()} & titles
    ]


def offers(pages: Iterable[PageFile]) -> dict[str, list[Offer]]:
    """{field of the register: what each page says of it}, in the order of the register."""
    found: dict[str, list[Offer]] = {field: [] for field in FIELDS.values()}
    for page in pages:
        for name, field in FIELDS.items():
            said = getattr(page.record, name)
            if said is not None:
                found[field].append(Offer(page.file, _words(said), value(name, said)))
    return {field: said for field, said in found.items() if said}


def _words(said: Any) -> str:
    return ", ".join(said) if isinstance(said, tuple) else str(said)


def value(name: str, said: Any) -> Any:
    """What the register keeps for the words of a page; None where they are none of its values."""
    if name in _CHOSEN:
        word = project_word(name, said)
        return word.code if word else None
    if name in ("start", "end"):
        return _moment(said)
    if name == "year":
        return int(said) if said.isdecimal() and len(said) == 4 else None
    if name == "member_states":
        codes = {code for state in said if (code := area_of(state))}
        known = all(area_of(state) for state in said)
        return sorted(codes) if known else None  # half of the states would be another project
    if name == "budget":
        return said if isinstance(said, Decimal) else None
    if name == "narrative":
        return parted(said)
    return said


def parted(narrative: str) -> str:
    """The paragraphs of a page, one a line there, with blank lines between, as the register has it."""
    return "\n\n".join(line.strip() for line in narrative.splitlines() if line.strip())


def _moment(said: str) -> str | None:
    parts = moment(said)
    text = "-".join(f"{part:02d}" for part in parts) if parts else ""
    try:
        bounds(text)
    except ValueError:
        return None
    return text


def of_register(project: Project | None, field: str) -> Any:
    """What the register says of a field now; None where it says nothing."""
    if project is None:
        return None
    if field == "areas":
        return sorted(project.beneficiaries.values_list("area", flat=True)) or None
    found = getattr(project, field)
    return None if found in ("", {}) else found
