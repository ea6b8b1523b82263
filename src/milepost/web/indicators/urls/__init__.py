"""Addresses: work pages first, then the portal of each country."""

from django.urls import include, path, register_converter


class CountryCode:
    """Two lower-case letters."""

    regex = "[a-z]{2}"

    def to_python(self, value: str) -> str:
        """As it is."""
        return value

    def to_url(self, value: str) -> str:
        """As it is."""
        return value


register_converter(CountryCode, "country")

urlpatterns = [
    path("work/", include("milepost.web.indicators.urls.datasets")),
    path("work/", include("milepost.web.indicators.urls.entry")),
    path("work/", include("milepost.web.indicators.urls.targets")),
    path("work/", include("milepost.web.indicators.urls.requests")),
    path("", include("milepost.web.indicators.urls.portal")),
]
