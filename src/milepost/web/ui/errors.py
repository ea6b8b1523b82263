"""Pages for what went wrong; 400, 403, 404, 429 and 500 need no more than their templates."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

SECRET = ("password", "csrfmiddlewaretoken", "token", "secret")
LONG = 80


@never_cache
def stale(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form sent without a valid token, mostly from a page kept open too long; what was typed is shown.

    It is shown to be copied, not to be sent on: the form may have come from another site.
    """
    typed = [
        {
            "name": name.rpartition("-")[2].replace("_", " "),
            "value": value,
            "long": len(value) > LONG or "\n" in value,
        }
        for name, values in request.POST.lists()
        for value in values
        if value and not any(word in name.lower() for word in SECRET)
    ]
    context = {"typed": typed, "files": [file.name for file in request.FILES.values()], "again": request.path}
    return render(request, "ui/stale.html", context, status=403)
