"""Load shapes for the map, with their disclaimer, and take them off it."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction

from milepost.interchange import geojson
from milepost.reports import map as maps
from milepost.web.accounts.queries import may
from milepost.web.accounts.roles import Permission
from milepost.web.audit.actions import record
from milepost.web.files import actions as files
from milepost.web.projects.models import MapShapes
from milepost.web.ui.conditions import fault, refuse_if

MOST = 4
"""Files of shapes at a time: each is drawn on every map."""


@transaction.atomic
def load(*, by: Any, upload: Any, source: str, disclaimer: Mapping[str, str]) -> MapShapes:
    """Draw the shapes of a GeoJSON file on every map; MilepostError with everything that is wrong.

    The disclaimer is needed in every language of the site. The map belongs to the whole installation, and so
    only who keeps the institutions of all of it may do this.
    """
    _allow(by)
    said = {code: words.strip() for code, words in disclaimer.items() if words.strip()}
    wanting = [language for code, language in settings.LANGUAGES if code not in said]
    problems = []
    if not source.strip():
        problems.append(fault("shapes-source-missing", "source"))
    if wanting:
        problems.append(fault("shapes-disclaimer-missing", "disclaimer", languages=", ".join(wanting)))
    if MapShapes.objects.count() >= MOST:
        problems.append(fault("shapes-enough", limit=MOST))
    refuse_if(problems)
    shapes = maps.simplified(geojson.read(upload.read(geojson.MOST_BYTES + 1), upload.name))
    upload.seek(0)
    kept = files.keep(upload, by=by, name=upload.name)
    made = MapShapes.objects.create(
        file=kept,
        source=source.strip(),
        disclaimer=said,
        lines=[[shape.closed, shape.lines] for shape in shapes],
        by=by,
    )
    details = {"file": kept.name, "source": made.source, "shapes": len(shapes)}
    record(by=by, verb="map.shapes-loaded", address=kept.address, details=details)
    return made


@transaction.atomic
def remove(*, by: Any, shapes: MapShapes) -> None:
    """Draw these shapes no more; the file that was loaded is kept."""
    _allow(by)
    details = {"file": shapes.file.name, "source": shapes.source}
    record(by=by, verb="map.shapes-removed", address=shapes.file.address, details=details)
    shapes.delete()


def _allow(by: Any) -> None:
    if not may(by, Permission.MANAGE_INSTITUTIONS):
        raise PermissionDenied(Permission.MANAGE_INSTITUTIONS)
