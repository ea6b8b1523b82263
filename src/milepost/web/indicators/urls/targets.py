"""Addresses of targets."""

from django.urls import path

from milepost.web.indicators.views import targets

urlpatterns = [
    path("targets/", targets.targets, name="targets"),
    path("targets/<int:pk>/", targets.target, name="target"),
    path("targets/<int:pk>/revise/", targets.revise, name="target-revise"),
    path("targets/<int:pk>/end/", targets.end, name="target-end"),
    path("targets/<country:country>/<str:code>/new/", targets.new, name="target-new"),
    path("method/<country:country>/", targets.method, name="method"),
]
