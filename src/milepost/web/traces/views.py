"""The page and the panel of a trace."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from milepost.web.traces import queries


@require_safe
@vary_on_headers("HX-Request")
def trace(request: HttpRequest, address: str) -> HttpResponse:
    """Where a thing comes from: a page, the fragment for the dialog, with ?format=json the data."""
    found = queries.for_reader(request.user, address)
    if found is None:
        raise Http404(address)
    if request.GET.get("format") == "json":
        return JsonResponse(_as_json(found), json_dumps_params={"ensure_ascii": False, "sort_keys": True})
    panel = request.GET.get("panel") or request.headers.get("HX-Request")
    template = "traces/panel.html" if panel else "traces/trace.html"
    return render(request, template, {"trace": found})


def _as_json(found: queries.Trace) -> dict[str, Any]:
    return {
        "address": found.address,
        **_node(found.node),
        "comes_from": [_step(step) for step in found.upstream],
        "rests_on_it": [_step(step) for step in found.downstream],
        "complete": found.complete,
    }


def _step(step: queries.Step) -> dict[str, Any]:
    return {"relation": step.relation, **_node(step.node), "steps": [_step(inner) for inner in step.steps]}


def _node(node: queries.Node) -> dict[str, Any]:
    return {
        "title": str(node.title),
        "facts": [[str(label), str(said)] for label, said in node.facts],
        "url": node.url,
    }
