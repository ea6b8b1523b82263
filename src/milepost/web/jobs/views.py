"""Pages of long work: how far it is, what came of it, stop it, do it again."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from milepost.web.jobs import actions, queries
from milepost.web.ui.addresses import find


@login_required
@require_GET
def jobs(request: HttpRequest) -> HttpResponse:
    """The work that the reader may see, latest first; who does it, for whoever operates the installation."""
    page = Paginator(queries.visible_to(request.user).select_related("by"), 50).get_page(
        request.GET.get("page")
    )
    for job in page:
        job.title = queries.title(job)
    return render(request, "jobs/jobs.html", {"page": page, "workers": queries.workers(request.user)})


@login_required
@require_GET
def job(request: HttpRequest, pk: int) -> HttpResponse:
    """One job; asked for by HTMX, only what changes while it runs."""
    found = get_object_or_404(queries.visible_to(request.user), pk=pk)
    template = "jobs/state.html" if request.headers.get("HX-Request") else "jobs/job.html"
    answer = render(request, template, _context(request, found))
    answer["Cache-Control"] = "no-store"
    answer["Vary"] = "HX-Request, Cookie"
    return answer


def _context(request: HttpRequest, found: Any) -> dict[str, Any]:
    elapsed = queries.elapsed(found)
    made = found.result.get("address", "")
    return {
        "job": found,
        "title": queries.title(found),
        "minutes": int(elapsed.total_seconds() // 60) if elapsed else 0,
        "seconds": int(elapsed.total_seconds() % 60) if elapsed else 0,
        "problems": queries.problems(found),
        "subject": find(request.user, found.address) if found.address else None,
        "made": find(request.user, made) if made and made != found.address else None,
    }


@login_required
@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask a job to stop."""
    found = get_object_or_404(queries.visible_to(request.user), pk=pk)
    return redirect(actions.ask_to_cancel(found, by=request.user))


@login_required
@require_POST
def retry(request: HttpRequest, pk: int) -> HttpResponse:
    """Have a job done again."""
    found = get_object_or_404(queries.visible_to(request.user), pk=pk)
    return redirect(actions.retry(found, by=request.user))
