"""What no address may hold."""

from collections.abc import Callable

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, JsonResponse

NUL = "\0"
MACHINES = "/api/"


class NoNulMiddleware:
    """An address with the character NUL is refused: PostgreSQL cannot compare text with it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, or say what is wrong with the address: 404 to machines, 400 to people."""
        held = [name for name, values in request.GET.lists() if NUL in name or NUL in "".join(values)]
        if not held and NUL not in request.path_info:
            return self.get_response(request)
        if request.path.startswith(MACHINES):
            names = ", ".join(name.replace(NUL, "") for name in held) or "path"
            return JsonResponse({"detail": f"{names}: nothing has the character NUL"}, status=404)
        raise BadRequest("the address holds the character NUL")
