"""Addresses of this app."""

from django.urls import URLPattern, URLResolver, path

from milepost.web.intake import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("deliveries/", views.deliveries, name="deliveries"),
    path("deliveries/<int:pk>/", views.delivery, name="delivery"),
    path("deliveries/<int:pk>/read/", views.read_again, name="delivery-read"),
    path("deliveries/<int:pk>/faults/", views.faults, name="delivery-faults"),
    path("deliveries/<int:pk>/faults.csv", views.faults_csv, name="delivery-faults-csv"),
    path("deliveries/<int:pk>/copy/", views.copy, name="delivery-copy"),
    path("deliveries/<int:pk>/marked.xlsx", views.marked_copy, name="delivery-marked"),
    path("mappings/", views.mappings, name="mappings"),
    path("mappings/<int:pk>/", views.mapping, name="mapping"),
    path("mappings/<int:pk>/forget/", views.forget, name="mapping-forget"),
]
