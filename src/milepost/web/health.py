"""Whether the application answers, and with what."""

from typing import Any

from django.db import DatabaseError
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from milepost import __version__
from milepost.web.jobs import queries as jobs
from milepost.web.operation import database

_seen: dict[str, bool] = {"migrated": False}
"""Once seen it stays so while this process lives; looking reads every migration, which takes its time."""


@require_safe
@never_cache
def health(request: HttpRequest) -> JsonResponse:
    """For whoever watches the server: 503 where the database does not answer or is of another version.

    `worker` is seconds since a worker was heard of, null where there is none; `queue` is how much waits.
    """
    found: dict[str, Any] = {"status": "ok", "version": __version__, "worker": None, "queue": None}
    try:
        found["database"] = "ok" if _migrated() else "not migrated"
        if found["database"] == "ok":
            heard = jobs.last_heartbeat()
            found["worker"] = None if heard is None else round((jobs.now() - heard).total_seconds())
            found["queue"] = jobs.due().count()
    except DatabaseError:
        found["database"] = "does not answer"
    if found["database"] != "ok":
        found["status"] = "failing"
    return JsonResponse(found, status=200 if found["status"] == "ok" else 503)


def _migrated() -> bool:
    _seen["migrated"] = _seen["migrated"] or not database.missing_migrations()
    return _seen["migrated"]
