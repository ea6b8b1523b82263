"""Addresses of this app."""

from django.urls import URLPattern, URLResolver, path

from milepost.web.traces import views

urlpatterns: list[URLPattern | URLResolver] = [path("trace/<str:address>/", views.trace, name="trace")]
