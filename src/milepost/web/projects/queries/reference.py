"""Which reference document an institution has, what it lacks, and who may change it."""

from typing import Any

from django.db.models import QuerySet

from milepost.errors import refuse
from milepost.reports.writers import docx
from milepost.values import Origin
from milepost.web.accounts.queries import may
from milepost.web.accounts.roles import Permission
from milepost.web.files import queries as files
from milepost.web.projects.models import ReferenceDocument
from milepost.web.stakeholders.models import Institution
from milepost.web.stakeholders.queries import institutions


def places(user: Any) -> QuerySet[Institution]:
    """The institutions that a reader may know of."""
    return institutions(user)


def may_change(user: Any, institution: Institution) -> bool:
    """Whether a person keeps this institution, and so its reference document."""
    return may(user, Permission.MANAGE_INSTITUTIONS, *institution.places)


def of(institution: Institution) -> ReferenceDocument | None:
    """The reference document of an institution; None where the house's look is used."""
    found = ReferenceDocument.objects.filter(institution=institution)
    return found.select_related("file", "by").first()


def content(kept: ReferenceDocument | None) -> bytes | None:
    """The Word file; MilepostError where the store has lost it."""
    if kept is None:
        return None
    try:
        with files.open_file(kept.file) as held:
            return held.read()
    except FileNotFoundError as error:
        raise refuse("reference-lost", Origin(kept.file.name)) from error


def missing(held: bytes) -> list[str]:
    """The styles that a Word file lacks: the house's look of them is used."""
    return docx.missing_styles(held)
