"""Files are handed out as downloads, never shown."""

import logging

from django.http import FileResponse, Http404, HttpRequest
from django.views.decorators.http import require_safe

from milepost.web.files import queries

log = logging.getLogger(__name__)


@require_safe
def file(request: HttpRequest, pk: int) -> FileResponse:
    """The content as an attachment; 404 to whoever may not have it."""
    stored = queries.find(request.user, pk)
    if stored is None:
        raise Http404
    try:
        content = queries.open_file(stored)
    except FileNotFoundError:
        log.error("%s: the store has lost %s", stored.address, stored.sha256)
        raise Http404 from None
    answer = FileResponse(content, as_attachment=True, filename=stored.name, content_type=stored.content_type)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["Cache-Control"] = "no-cache" if stored.public else "private, no-store"
    return answer
