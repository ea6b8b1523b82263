"""Addresses of data requests."""

from django.urls import path

from milepost.web.indicators.views import requests

urlpatterns = [
    path("requests/", requests.data_requests, name="data-requests"),
    path("requests/<int:pk>/", requests.data_request, name="data-request"),
    path("requests/<int:pk>/form/", requests.open_form, name="data-request-form"),
    path("requests/<int:pk>/answer/", requests.answer, name="data-request-answer"),
    path("requests/<int:pk>/accept/", requests.accept, name="data-request-accept"),
    path("requests/<int:pk>/reopen/", requests.reopen, name="data-request-reopen"),
    path("requests/<int:pk>/cancel/", requests.cancel, name="data-request-cancel"),
    path("requests/<country:country>/<str:code>/new/", requests.new, name="data-request-new"),
]
