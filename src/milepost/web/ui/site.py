"""The public address of this site: what letters, citations and catalogues for machines call it."""

from django.conf import settings
from django.http import HttpRequest


def address(request: HttpRequest | None = None) -> str:
    """The public address without a slash at its end.

    MILEPOST_URL where it is set; else the address that a reader came by; else, outside a request, the first
    host that the site answers to.
    """
    if settings.SITE_URL:
        return settings.SITE_URL
    if request is not None:
        return f"{request.scheme}://{request.get_host()}"
    host = settings.ALLOWED_HOSTS[0].lstrip(".")
    scheme = "https" if settings.SESSION_COOKIE_SECURE else "http"
    port = ":8000" if host in ("localhost", "127.0.0.1") else ""
    return f"{scheme}://{host}{port}"


def whole(path: str, request: HttpRequest | None = None) -> str:
    """The public address of a page of this site; `path` begins with a slash."""
    return address(request) + path
