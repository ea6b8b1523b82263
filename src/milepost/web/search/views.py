"""The page of the search."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from milepost.web.search.queries import KINDS, search

LONGEST = 200


def page(request: HttpRequest) -> HttpResponse:
    """What fits the words, by kind."""
    words = request.GET.get("q", "").strip()[:LONGEST]
    found = search(request.user, words)
    groups = [(KINDS[kind], things) for kind, things in found.items()]
    count = sum(len(things) for things in found.values())
    return render(request, "search/page.html", {"words": words, "groups": groups, "count": count})
