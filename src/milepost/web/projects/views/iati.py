"""Projects as a file of IATI, one or all that a list shows."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_safe

from milepost.errors import MilepostError
from milepost.web.projects.queries import iati, portfolio
from milepost.web.projects.views.common import find
from milepost.web.projects.views.register import chosen

WHERE: dict[str, Promise] = {
    "iati-identifier": lazy("Under Edit enter the IATI identifier of the project."),
    "reporting-org": lazy(
        "Under Partners, money, links add who reports: an institution of the register as “Lead, "
        "accountable”, with its identifier."
    ),
    "title": lazy("Under Edit enter the title."),
    "description": lazy("Under Edit write the narrative."),
    "participating-org": lazy("Under Partners, money, links add an organisation that takes part."),
    "activity-date": lazy("Under Edit enter the start as a day, such as 2024-05-12; a year alone is none."),
    "recipient-country": lazy("Under Edit enter the benefiting states."),
    "sector": lazy("Under Edit enter the type of project, and its main purpose by the codes of OECD DAC."),
    "102.1.1": lazy("Under Edit enter the main purpose by the codes of OECD DAC."),
}
"""Where people enter what the standard demands: {element, or rule: where}."""


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
        wanted = {str(word) for problem in error.problems for word in problem.details.values()}
        where = [words for demanded, words in WHERE.items() if demanded in wanted]
        context = {"problems": error.problems, "where": where, "back": back}
        return render(request, "projects/iati_lacks.html", context, status=409)
    answer = HttpResponse(content, content_type="application/xml; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="projects-iati.xml"'
    return answer
