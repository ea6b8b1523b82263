"""How a view acts: what was refused stands on the form, or is said on the next page."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from milepost.errors import MilepostError
from milepost.reports import sentences
from milepost.web.ui.forms import show_faults
from milepost.web.ui.revisions import Stale

FORM = ["GET", "HEAD", "POST"]
"""The methods of a page with a form."""


def done(form: Any, deed: Callable[..., Any], /, **typed: Any) -> Any:
    """What a deed returns, or True; False where it was refused, as the form then says at its fields."""
    try:
        return deed(**typed) or True
    except MilepostError as error:
        show_faults(form, error)
    except Stale:
        form.add_error(
            None,
            _("Another person changed this meanwhile. Nothing of yours is lost: compare, and save again."),
        )
        form.stale = True
    return False


def said_aloud(request: HttpRequest, deed: Callable[..., Any], /, **typed: Any) -> bool:
    """Whether a deed without a form was done; where it was refused, the next page says why."""
    try:
        deed(**typed)
    except MilepostError as error:
        say(request, error)
    except Stale:
        messages.error(request, _("Another person changed this meanwhile. Look again."))
    else:
        return True
    return False


def say(request: HttpRequest, error: MilepostError) -> None:
    """Let the next page tell what was refused."""
    for problem in error.problems:
        messages.error(request, " ".join(sentences.fault(problem, get_language() or "en")))


def number(request: HttpRequest, name: str) -> int:
    """A whole number that was sent, else 0."""
    typed = request.POST.get(name, "")
    return int(typed) if typed.isdecimal() and len(typed) < 10 else 0


def refreshed(form: Any, thing: Any) -> None:
    """Let a form that was refused as stale rest on what the thing is now, so that it can be sent again."""
    if getattr(form, "stale", False):
        thing.refresh_from_db()
        form.data = form.data.copy()
        form.data["revision"] = thing.revision
