"""Whether the application answers."""

from django.http import HttpRequest, JsonResponse

from milepost import __version__


def health(request: HttpRequest) -> JsonResponse:
    """The version, for whoever watches the server."""
    return JsonResponse({"status": "ok", "version": __version__})
