"""Addresses of this app."""

from django.urls import URLPattern, URLResolver, path

from milepost.web.notices import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.work, name="work"),
    path("notices/letters/", views.letters, name="letters"),
    path("notices/read/", views.read_all, name="notices-read"),
    path("notices/<int:pk>/", views.notice, name="notice"),
    path("notices/<int:pk>/read/", views.read, name="notice-read"),
]
