"""Addresses of this app."""

from django.urls import URLPattern, URLResolver, path

from milepost.web.discussions import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("discussions/<int:pk>/reply/", views.reply, name="comment-reply"),
    path("discussions/<int:pk>/edit/", views.edit, name="comment-edit"),
    path("discussions/<int:pk>/withdraw/", views.withdraw, name="comment-withdraw"),
    path("discussions/<int:pk>/resolve/", views.resolve, name="comment-resolve"),
    path("discussions/<int:pk>/reopen/", views.reopen, name="comment-reopen"),
    path("discussions/<str:address>/", views.discussion, name="discussion"),
]
