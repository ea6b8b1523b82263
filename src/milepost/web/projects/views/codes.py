"""The yearly export by codes of a results framework: a page, CSV and a workbook of the same figures."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from milepost.web.projects.forms.codes import FRAMEWORKS, CodesForm
from milepost.web.projects.queries import codes as figures
from milepost.web.projects.queries import table, vocabulary

ON_A_PAGE = 25


@require_safe
def codes(request: HttpRequest) -> HttpResponse:
    """Per code the projects and what was approved of them for a year; the export is of exactly this."""
    form, framework, year, code, tags = _chosen(request)
    shown = Paginator(tags, ON_A_PAGE).get_page(request.GET.get("page"))
    asked = request.GET.copy()
    asked.pop("page", None)
    context = {
        "form": form,
        "year": str(year),
        "framework": framework,
        "totals": figures.totals(tags, framework, year),
        "groups": figures.grouped(figures.lines(shown.object_list, framework, year, code), framework),
        "page_obj": shown,
        "query": asked.urlencode(),
    }
    return render(request, "projects/codes.html", context)


@require_safe
def export(request: HttpRequest, ending: str) -> HttpResponse:
    """Every figure of the year under every code that the page shows with the same choice."""
    if ending not in table.EXPORTS:
        raise Http404
    _form, framework, year, code, tags = _chosen(request)
    kind, write = table.EXPORTS[ending]
    found = figures.lines(tags, framework, year, code)
    answer = HttpResponse(
        write(*figures.exported(found, framework, year), _("Codes {year}").format(year=year)),
        content_type=kind,
    )
    answer["Content-Disposition"] = f'attachment; filename="codes-{framework}-{year}.{ending}"'
    return answer


def _chosen(request: HttpRequest) -> tuple[CodesForm, str, int, str, Any]:
    """What is asked for; else IOM's framework, and the last year with a period that is not to come."""
    framework = request.GET.get("framework", "")
    framework = framework if framework in dict(FRAMEWORKS) else vocabulary.OWN
    today = timezone.localdate().year
    years = figures.years(request.user, framework) or [today]
    usual = next((year for year in years if year <= today), years[-1])
    typed = {"framework": framework, "year": str(usual), **request.GET.dict()}
    form = CodesForm(typed, years=years)
    year = form.cleaned_data["year"] if form.is_valid() else usual
    code = form.cleaned_data.get("code", "").strip()
    return form, framework, year, code, figures.tagged(request.user, framework, year, code)
