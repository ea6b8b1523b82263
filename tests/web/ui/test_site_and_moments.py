from datetime import UTC, date, datetime

import pytest
from django.test import RequestFactory
from django.utils import timezone

from milepost.web.indicators.forms.calendar import PostponeForm
from milepost.web.ui import moments, site
from milepost.web.ui.templatetags.ui import when

EVENING = datetime(2026, 3, 31, 20, 30, tzinfo=UTC)


@pytest.fixture
def bishkek(settings):
    settings.TIME_ZONE = "Asia/Bishkek"
    timezone.deactivate()


def test_outside_a_request_the_site_is_its_first_host_where_it_has_no_address_of_its_own(settings):
    settings.SITE_URL = ""
    settings.ALLOWED_HOSTS = [".figures.example", "localhost"]
    assert site.address() == "http://figures.example"
    settings.SESSION_COOKIE_SECURE = True
    assert site.address() == "https://figures.example"
    settings.ALLOWED_HOSTS, settings.SESSION_COOKIE_SECURE = ["localhost"], False
    assert site.whole("/en/") == "http://localhost:8000/en/"


def test_a_reader_is_given_the_public_address_however_they_came(settings):
    settings.ALLOWED_HOSTS = ["localhost", "figures.example.org"]
    request = RequestFactory().get("/en/", headers={"host": "localhost:8092"})
    settings.SITE_URL = ""
    assert site.whole("/en/", request) == "http://localhost:8092/en/"
    settings.SITE_URL = "https://figures.example.org"
    assert site.whole("/en/", request) == "https://figures.example.org/en/"


def test_moments_are_said_by_the_clocks_of_the_site_with_their_zone(bishkek):
    assert "1 April 2026, 02:30 UTC+6" in when(EVENING)
    assert moments.written(EVENING) == "2026-04-01 02:30 UTC+6"
    assert moments.day(EVENING) == date(2026, 4, 1)
    assert moments.zone_now() == "Asia/Bishkek, UTC+6"


def test_half_hours_and_zones_in_the_west_are_named(settings):
    settings.TIME_ZONE = "Asia/Kolkata"
    assert moments.zone(moments.here(EVENING)) == "UTC+5:30"
    settings.TIME_ZONE = "America/New_York"
    assert moments.zone(moments.here(EVENING)) == "UTC−4"
    settings.TIME_ZONE = "UTC"
    assert moments.zone_now() == moments.zone(moments.here(EVENING)) == "UTC"


def test_what_is_typed_is_kept_in_utc_and_shown_as_it_was_typed(bishkek):
    typed = {"revision": "1", "planned_at": "2030-04-01T09:00", "reason": "Waiting for the survey."}
    form = PostponeForm(typed)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["planned_at"].astimezone(UTC) == datetime(2030, 4, 1, 3, tzinfo=UTC)
    again = PostponeForm(initial={"planned_at": datetime(2030, 4, 1, 3, tzinfo=UTC)})
    assert 'value="2030-04-01T09:00"' in str(again["planned_at"])
    assert "Asia/Bishkek, UTC+6" in str(again["planned_at"].help_text)
