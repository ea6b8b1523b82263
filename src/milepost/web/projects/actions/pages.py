"""Project pages come in: the files are kept as they are; then a person decides, field by field."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction

from milepost.web.accounts.roles import Permission
from milepost.web.files import actions as files
from milepost.web.files.models import StoredFile
from milepost.web.projects.actions import register
from milepost.web.projects.actions.conditions import allow
from milepost.web.projects.models import Project
from milepost.web.projects.queries.pages import Offer
from milepost.web.stakeholders.models import Institution
from milepost.web.ui.revisions import Stale

PASTED = "pasted.txt"


@transaction.atomic
def hand_in(*, by: Any, institution: Institution, uploads: Sequence[Any], text: str = "") -> list[StoredFile]:
    """Keep pages as they came, for the institution that will have the projects; nothing is read yet."""
    allow(by, Permission.EDIT_PROJECTS, institution)
    came = [(upload, upload.name) for upload in uploads]
    if text.strip():
        came.append((ContentFile(text.encode()), PASTED))
    return [files.keep(upload, by=by, name=name, owner=institution.address) for upload, name in came]


@transaction.atomic
def take(
    *,
    by: Any,
    project: Project | None,
    institution: Institution,
    revision: int,
    chosen: Mapping[str, Offer],
    title: str,
    language: str,
    pages: Sequence[StoredFile],
) -> Project:
    """Enter a project of what was chosen of pages, or take it over into one; the pages become its sources.

    `chosen` is {field: offer}; `title` is typed where no page has one; words are in `language`. The files of
    which something was chosen then are the project's: whoever works with it may have them, and they cannot
    be taken again. Stale where another request took one meanwhile.
    """
    allow(by, Permission.EDIT_PROJECTS, institution)
    fields = {name: _kept(name, offer.value, language) for name, offer in chosen.items()}
    if title:
        fields["title"] = {language: title}
    if project is None:
        project = register.enter(by=by, institution=institution, **fields)
    elif fields:
        project = register.save(by=by, project=project, revision=revision, **fields)
    for file in pages:
        words = {name: offer.words for name, offer in chosen.items() if offer.file == file}
        if words:
            _hand_over(file, project)
            register.take_from_page(by=by, project=project, file=file, words=words)
    return project


def _hand_over(file: StoredFile, project: Project) -> None:
    """The file is the project's from now on."""
    waiting = StoredFile.objects.filter(pk=file.pk, owner=file.owner)
    if not waiting.update(owner=project.address):
        raise Stale(project)


def _kept(name: str, value: Any, language: str) -> Any:
    return {language: value} if name in register.WORDS else value
