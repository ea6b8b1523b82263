"""Addresses of the search."""

from django.urls import path

from milepost.web.search.views import page

urlpatterns = [path("search/", page, name="search")]
