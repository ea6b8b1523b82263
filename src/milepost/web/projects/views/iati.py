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
from milepost.values import Problem
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
    """Exactly the projects that the list shows with the same choice, all pages of it.

    With `complete` those that lack something for it are left out, as the page says that names them.
    """
    _form, found = chosen(request)
    shown = list(portfolio.listed(found)[: iati.MOST + 1])
    asked = request.GET.copy()
    asked.pop("complete", None)
    back = f"{reverse('projects')}?{asked.urlencode()}"
    if "complete" not in request.GET or len(shown) > iati.MOST:
        asked["complete"] = "1"
        return _answer(request, shown, back=back, rest=f"?{asked.urlencode()}")
    content, left_out = iati.complete(request.user, shown, _pages(request))
    return _download(content) if content else _lacking(request, [], back=back, left_out=left_out)


def _pages(request: HttpRequest) -> str:
    return request.build_absolute_uri(reverse("projects"))


def _answer(request: HttpRequest, projects: Sequence[Any], *, back: str, rest: str = "") -> HttpResponse:
    """The file, or a page that says what the projects lack for it; `rest` is the address of the others."""
    try:
        return _download(iati.written(request.user, projects, _pages(request)))
    except MilepostError as error:
        few = len(projects) <= iati.MOST
        left_out = iati.complete(request.user, projects, _pages(request))[1] if rest and few else []
        whole = len(projects) - len(left_out) if left_out else 0
        return _lacking(request, error.problems, back=back, left_out=left_out, whole=whole, rest=rest)


def _lacking(request: HttpRequest, problems: Sequence[Problem], **context: Any) -> HttpResponse:
    wanted = {str(word) for problem in problems for word in problem.details.values()}
    where = [words for demanded, words in WHERE.items() if demanded in wanted]
    context |= {"problems": problems, "where": where}
    return render(request, "projects/iati_lacks.html", context, status=409)


def _download(content: bytes) -> HttpResponse:
    answer = HttpResponse(content, content_type="application/xml; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="projects-iati.xml"'
    return answer
