"""Addresses of the portal: what everybody reads."""

from django.urls import URLPattern, URLResolver, path

from milepost.web.indicators.views import downloads, portal

urlpatterns: list[URLPattern | URLResolver] = [
    path("", portal.home, name="home"),
    path("about/", portal.about, name="about"),
    path("<country:country>/", portal.country, name="country"),
    path("<country:country>/indicators/", portal.indicators, name="indicators"),
    path("<country:country>/indicators/<str:code>/", portal.indicator, name="indicator"),
    path(
        "<country:country>/indicators/<str:code>/data/<slug:kind>/",
        downloads.indicator,
        name="indicator-data",
    ),
    path("<country:country>/coverage/", portal.coverage, name="coverage"),
    path("<country:country>/coverage/data/", downloads.coverage, name="coverage-data"),
    path("<country:country>/calendar/", portal.calendar, name="release-calendar"),
    path("<country:country>/downloads/", downloads.downloads, name="downloads"),
    path("<country:country>/downloads/<slug:kind>/", downloads.country, name="country-data"),
]
