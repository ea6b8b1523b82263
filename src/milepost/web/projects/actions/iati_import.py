"""A file of IATI comes in: it is kept as it is; then a person decides activity by activity."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from milepost.web.accounts.roles import Permission
from milepost.web.files import actions as files
from milepost.web.files.models import StoredFile
from milepost.web.projects.actions import register
from milepost.web.projects.actions.conditions import allow
from milepost.web.projects.models import Project
from milepost.web.projects.queries.pages import Offer
from milepost.web.stakeholders.models import Institution


@transaction.atomic
def hand_in(*, by: Any, institution: Institution, upload: Any) -> StoredFile:
    """Keep a file as it came, for the institution that will have the projects; nothing is read yet."""
    allow(by, Permission.EDIT_PROJECTS, institution)
    return files.keep(upload, by=by, name=upload.name, owner=institution.address)


@transaction.atomic
def take(
    *,
    by: Any,
    project: Project | None,
    institution: Institution,
    revision: int,
    identifier: str,
    chosen: Mapping[str, Offer],
    file: StoredFile,
) -> Project:
    """Enter a project of what was chosen of an activity, or take it over into one; the file is its source.

    The state of a project does not move. MilepostError where another project has the identifier, or a field
    cannot be so; Stale where another person changed the project meanwhile.
    """
    fields: dict[str, Any] = {name: offer.value for name, offer in chosen.items()}
    words = {name: offer.words for name, offer in chosen.items()}
    if project is None:
        made = register.enter(by=by, institution=institution, iati_identifier=identifier, **fields)
        words["iati_identifier"] = identifier
    else:
        made = register.save(by=by, project=project, revision=revision, **fields)
    register.take_from_page(by=by, project=made, file=file, words=words)
    return made
