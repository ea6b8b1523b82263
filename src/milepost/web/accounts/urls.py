"""Addresses of this app; they stand before those of allauth, which they partly close."""

from django.urls import URLPattern, URLResolver, path, re_path

from milepost.web.accounts import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.my_account, name="my-account"),
    path("sessions/end/", views.end_sessions, name="sessions-end"),
    path("roles/", views.roles, name="roles"),
    path("invitation/<str:token>/", views.invitation, name="invitation"),
    path("email/", views.closed),
    path("password/set/", views.closed),
    path("login/code/confirm/", views.closed),
    re_path(r"^confirm-email/", views.closed),
]
