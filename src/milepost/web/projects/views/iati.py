"""Projects as a file of IATI, one or all that a list shows."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from milepost.errors import MilepostError
from milepost.web.projects.queries import iati, portfolio
from milepost.web.projects.views.common import find
from milepost.web.projects.views.register import chosen


@require_safe
def project_iati(request: HttpRequest, pk: int) -> HttpResponse:
    """One project."""
    found = find(request, pk)
    return _answer(request, [found], back=found.get_absolute_url())


@require_safe
def projects_iati(request: HttpRequest) -> HttpResponse:
    """Exactly the projects that the list shows with the same choice, all pages of it."""
    _form, found = chosen(request)
    shown = list(portfolio.listed(found)[: iati.MOST + 1])
    return _answer(request, shown, back=f"{reverse('projects')}?{request.GET.urlencode()}")


def _answer(request: HttpRequest, projects: Sequence[Any], *, back: str) -> HttpResponse:
    """The file, or a page that says what the projects lack for it."""
    try:
        content = iati.written(request.user, projects, request.build_absolute_uri(reverse("projects")))
    except MilepostError as error:
        context = {"problems": error.problems, "back": back}
        return render(request, "projects/iati_lacks.html", context, status=409)
    answer = HttpResponse(content, content_type="application/xml; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="projects-iati.xml"'
    return answer
