"""Addresses of the application."""

from django.urls import path

from milepost.web.health import health

urlpatterns = [path("health/", health, name="health")]
