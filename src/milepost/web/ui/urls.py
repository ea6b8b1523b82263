"""Addresses of this app."""

from django.urls import path

from milepost.web.ui import views

urlpatterns = [path("components/", views.components, name="components")]
