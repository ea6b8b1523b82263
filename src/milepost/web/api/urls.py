"""Addresses of the API, and its page for people."""

from django.urls import path

from milepost.web.api.views import page

urlpatterns = [path("api/", page, name="api")]
