"""The map of the projects that the list shows, and the shapes that are drawn below it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from milepost.web.projects.actions import shapes as actions
from milepost.web.projects.forms.shapes import ShapesForm
from milepost.web.projects.queries import map as places
from milepost.web.projects.views.common import P
from milepost.web.projects.views.register import chosen
from milepost.web.ui.acting import FORM, done


@require_safe
def projects_map(request: HttpRequest) -> HttpResponse:
    """The projects that the list shows with the same choice, by the states that they are for."""
    form, found = chosen(request)
    spread = places.linked(places.spread(found), request.GET, form.wanted.get("area") or "")
    measure = places.measure_of(spread, request.GET.get("measure", ""))
    shapes = list(places.shapes())
    without = places.nowhere(found)
    asked = request.GET.copy()
    for name in ("page", "measure"):
        asked.pop(name, None)
    context = {
        "form": form,
        "spread": spread,
        "measure": measure,
        "drawing": places.drawn(spread, measure, shapes),
        "shapes": shapes,
        "may_load": places.may_load(request.user),
        "without": without[: places.MOST_NAMED],
        "further": max(spread.none.projects - places.MOST_NAMED, 0),
        "query": asked.urlencode(),
    }
    return render(request, "projects/map.html", context)


@login_required
@require_http_methods(FORM)
def shapes(request: HttpRequest) -> HttpResponse:
    """The shapes that are drawn below the points, and a form to load more."""
    if not places.may_load(request.user):
        raise PermissionDenied(P.MANAGE_INSTITUTIONS)
    form = ShapesForm(request.POST or None, request.FILES or None)
    sent = request.method == "POST" and form.is_valid()
    if sent and done(form, actions.load, by=request.user, **form.cleaned_data):
        messages.success(request, _("The shapes are on the map."))
        return redirect("map-shapes")
    return render(request, "projects/map_shapes.html", {"form": form, "shapes": places.shapes()})


@login_required
@require_POST
def shapes_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take shapes off the map."""
    if not places.may_load(request.user):
        raise PermissionDenied(P.MANAGE_INSTITUTIONS)
    actions.remove(by=request.user, shapes=get_object_or_404(places.shapes(), pk=pk))
    messages.success(request, _("The shapes are taken off the map."))
    return redirect("map-shapes")
