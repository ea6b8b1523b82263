"""Keep the reference document of an institution, replace it, and do without it."""

from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction

from milepost.reports.writers import reference
from milepost.web.accounts.roles import Permission
from milepost.web.audit.actions import record
from milepost.web.files import actions as files
from milepost.web.projects.actions.conditions import allow
from milepost.web.projects.models import ReferenceDocument
from milepost.web.stakeholders.models import Institution
from milepost.web.ui.conditions import update
from milepost.web.ui.revisions import Stale


@transaction.atomic
def keep(*, by: Any, institution: Institution, upload: Any, revision: int) -> ReferenceDocument:
    """Make the Word documents of an institution's projects in the look of this file from now on.

    MilepostError with all that speaks against the file; Stale where another person put one there meanwhile.
    `revision` is that of the one to be replaced, 0 where there was none. Reports that are approved keep the
    files they have.
    """
    allow(by, Permission.MANAGE_INSTITUTIONS, institution)
    Institution.objects.select_for_update().get(pk=institution.pk)
    held = upload.read(reference.MOST_BYTES + 1)
    reference.opened(held)
    kept = files.keep(ContentFile(held, name=upload.name), by=by, name=upload.name, owner=institution.address)
    found = ReferenceDocument.objects.filter(institution=institution).first()
    if found is None and revision == 0:
        found = ReferenceDocument.objects.create(institution=institution, file=kept, by=by)
    elif found is None:
        raise Stale(None)
    else:
        update(found, revision, {"file": kept, "by": by})
    _tell(by, "reference-document.kept", found)
    return found


@transaction.atomic
def remove(*, by: Any, institution: Institution, revision: int) -> None:
    """Use the house's look again; the file that was loaded is kept."""
    allow(by, Permission.MANAGE_INSTITUTIONS, institution)
    found = ReferenceDocument.objects.select_for_update().filter(institution=institution).first()
    if found is None or found.revision != revision:
        raise Stale(found)
    _tell(by, "reference-document.removed", found)
    found.delete()


def _tell(by: Any, verb: str, kept: ReferenceDocument) -> None:
    place = kept.institution.address
    details = {"file": kept.file.name, "sha256": kept.file.sha256}
    record(by=by, verb=verb, address=place, scope=place, details=details)
