"""Addresses of the application: machines without, people with the language in front."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

from milepost.web.api.views import api, data_catalogue
from milepost.web.health import health

urlpatterns = [
    path("health/", health, name="health"),
    path("api/v1/catalogue.jsonld", data_catalogue, name="data-catalogue"),
    path("api/v1/", api.urls),
    *i18n_patterns(
        path("account/", include("milepost.web.accounts.urls")),
        path("account/", include("allauth.urls")),
        path("", include("milepost.web.ui.urls")),
        path("", include("milepost.web.files.urls")),
        path("", include("milepost.web.traces.urls")),
        path("", include("milepost.web.search.urls")),
        path("", include("milepost.web.api.urls")),
        path("work/", include("milepost.web.notices.urls")),
        path("work/", include("milepost.web.audit.urls")),
        path("work/", include("milepost.web.jobs.urls")),
        path("work/", include("milepost.web.stakeholders.urls")),
        path("work/", include("milepost.web.discussions.urls")),
        path("work/", include("milepost.web.intake.urls")),
        path("work/", include("milepost.web.frameworks.urls")),
        path("work/", include("milepost.web.microdata.urls")),
        path("", include("milepost.web.plans.urls")),
        path("", include("milepost.web.projects.urls")),
        path("", include("milepost.web.indicators.urls")),  # last: /<country>/…
        prefix_default_language=True,
    ),
]
