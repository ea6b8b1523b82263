"""Addresses of this app."""

from django.urls import URLPattern, URLResolver, path

from milepost.web.audit import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("audit/", views.events, name="audit"),
    path("audit/events.csv", views.events_csv, name="audit-csv"),
    path("audit/<int:pk>/", views.event, name="event"),
]
