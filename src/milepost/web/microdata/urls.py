"""Addresses of figures from records."""

from django.urls import path

from milepost.web.microdata import views

urlpatterns = [
    path("datasets/measurements/", views.measurements, name="measurements"),
    path("datasets/measurements/new/", views.new, name="measurement-new"),
    path("datasets/measurements/<int:pk>/", views.measurement, name="measurement"),
    path("datasets/measurements/<int:pk>/columns/", views.columns, name="measurement-columns"),
    path("datasets/measurements/<int:pk>/sheet/", views.sheet, name="measurement-sheet"),
    path("datasets/measurements/<int:pk>/second/", views.second, name="measurement-second"),
    path("datasets/measurements/<int:pk>/second/bring/", views.bring_second, name="measurement-second-bring"),
    path("datasets/measurements/<int:pk>/second/sheet/", views.second_sheet, name="measurement-second-sheet"),
    path("datasets/measurements/<int:pk>/second/drop/", views.drop_second, name="measurement-second-drop"),
    path("datasets/measurements/<int:pk>/mapping/", views.mapping, name="measurement-mapping"),
    path("datasets/measurements/<int:pk>/mapping/take/", views.take_mapping, name="measurement-take-mapping"),
    path("datasets/measurements/<int:pk>/cancel/", views.cancel, name="measurement-cancel"),
    path("datasets/measurements/<int:pk>/discard/", views.discard, name="measurement-discard"),
    path("datasets/measurements/<int:pk>/lower/", views.lower, name="measurement-lower"),
    path("datasets/measurements/<int:pk>/dataset/", views.dataset, name="measurement-dataset"),
]
