"""What every answer of the API has: an ETag, and leave for pages of other sites to read it."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.middleware.http import ConditionalGetMiddleware

PREFIX = "/api/"
METHODS = "GET, HEAD, OPTIONS"


class OpenDataMiddleware:
    """ETag and 304, CORS for reading, and the answer to a preflight; other addresses pass untouched."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response
        self.conditional = ConditionalGetMiddleware(get_response)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, with the headers of open data."""
        if not request.path.startswith(PREFIX):
            return self.get_response(request)
        if request.method == "OPTIONS":
            answer = HttpResponse(status=204, headers={"Allow": METHODS})
            answer["Access-Control-Allow-Methods"] = METHODS
            answer["Access-Control-Allow-Headers"] = "Accept, Content-Type, If-None-Match"
            answer["Access-Control-Max-Age"] = "86400"
        else:
            answer = self.conditional(request)
            answer.headers.setdefault("Cache-Control", "public, max-age=0, must-revalidate")
        answer["Access-Control-Allow-Origin"] = "*"
        answer["Access-Control-Expose-Headers"] = "ETag, Retry-After"
        return answer
