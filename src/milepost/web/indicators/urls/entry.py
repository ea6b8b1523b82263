"""Addresses of figures that are typed in."""

from django.urls import URLPattern, URLResolver, path

from milepost.web.indicators.views import entry

urlpatterns: list[URLPattern | URLResolver] = [
    path("entry/new/", entry.entry_new, name="entry-new"),
    path("entry/<int:pk>/", entry.entry, name="entry"),
    path("entry/<int:pk>/cells/", entry.entry_cells, name="entry-cells"),
]
