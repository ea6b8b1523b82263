"""Which files there are, for whom, and whether they are as they came."""

from collections.abc import Iterator
from typing import Any, BinaryIO

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.module_loading import import_string

from milepost.values import Origin, Problem
from milepost.web.files import store
from milepost.web.files.models import StoredFile
from milepost.web.ui import addresses

WORK_THERE = ("read internal figures", "upload data", "read projects that are not public")
"""Whoever may do one of these in the place of a thing may have its files; the words of permissions."""
EVERYWHERE = ""


def visible_to(user: Any) -> QuerySet[StoredFile]:
    """The public files and one's own: what the database alone can tell. `find` knows of all one may have."""
    public = Q(public=True)
    return StoredFile.objects.filter(public | Q(by=user) if _signed_in(user) else public)


def find(user: Any, pk: int) -> StoredFile | None:
    """The file if this user may have it: public, one's own, or of a thing that one sees and works with.

    What came in is more than what is published of it, so a thing that everybody may see does not open its
    files: where the thing says its `places`, the user must work in one of them.
    """
    found = visible_to(user).filter(pk=pk).first()
    if found is not None or not _signed_in(user):
        return found
    attached = StoredFile.objects.filter(pk=pk).exclude(owner="").first()
    thing = addresses.find(user, attached.owner) if attached is not None else None
    return attached if thing is not None and _works_with(user, thing) else None


def _works_with(user: Any, thing: Any) -> bool:
    """Whether a person works where the thing lies; a thing may say in `files_open_to`, as pairs of a
    permission and places, who that is."""
    places = getattr(thing, "places", None)
    rules = getattr(thing, "files_open_to", None)
    if rules is None:
        if places is None:
            return True
        rules = [(permission, places) for permission in WORK_THERE]
    places_of = import_string(settings.PLACES)
    for permission, there in rules:
        held = places_of(user, permission)
        if EVERYWHERE in held or not held.isdisjoint(str(place) for place in there):
            return True
    return False


def _signed_in(user: Any) -> bool:
    return bool(getattr(user, "is_authenticated", False) and user.is_active)


def open_file(stored: StoredFile) -> BinaryIO:
    """The content, for reading; FileNotFoundError where the store has lost it."""
    return store.path_of(stored.sha256).open("rb")


def check_store() -> Iterator[tuple[int, int, Problem | None]]:
    """Read every content and compare its hash: (how many read, of how many, what is wrong with this one)."""
    kept = StoredFile.objects.order_by("sha256", "pk")
    total = kept.values("sha256").distinct().count()
    done, last = 0, ""
    for stored in kept.iterator():
        if stored.sha256 == last:
            continue
        done, last = done + 1, stored.sha256
        yield done, total, _check(stored)


def _check(stored: StoredFile) -> Problem | None:
    path = store.path_of(stored.sha256)
    details = {"path": f"files/{path.parent.name}/{path.name}"}
    try:
        same = store.hash_of(path) == stored.sha256
    except OSError:
        return Problem("stored-file-missing", Origin(stored.name), details)
    return None if same else Problem("stored-file-changed", Origin(stored.name), details)
