"""What every page knows."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.module_loading import import_string

from milepost import __version__


def page(request: HttpRequest) -> dict[str, Any]:
    """The site's name and version; whether records are taken in here; whether any country is an example.

    The last, `shows_example`, is asked lazily.
    """
    return {
        "site_name": settings.SITE_NAME,
        "milepost_version": __version__,
        "from_microdata": settings.MICRODATA,
        "shows_example": import_string(settings.BANNER) if hasattr(settings, "BANNER") else False,
    }
