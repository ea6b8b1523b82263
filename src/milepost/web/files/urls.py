"""Addresses of this app."""

from django.urls import URLPattern, URLResolver, path

from milepost.web.files import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("files/<int:pk>/", views.file, name="file"),
]
