"""One installation serves countries in several time zones: each has its releases and dates in its own."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from milepost.web.indicators.forms.calendar import PlanForm
from milepost.web.indicators.models import Release
from milepost.web.stakeholders.models import Country
from milepost.web.ui import moments
from tests.web.indicators.steps import again, listed, upload
from tests.web.indicators.test_calendar import plan

LATE = datetime(2031, 3, 31, 20, 30, tzinfo=UTC)  # in Bishkek it is 1 April already


@pytest.fixture(autouse=True)
def bishkek(cast):
    Country.objects.filter(code="xs").update(time_zone="Asia/Bishkek")
    cast.sandoria.refresh_from_db()


def test_the_public_calendar_has_the_clocks_of_the_country(client, cast):
    plan(cast, planned_at=LATE)
    plan(cast, by=cast.charlie, country=cast.norland, institution=cast.abroad, planned_at=LATE)
    assert "1 April 2031, 02:30 UTC+6" in client.get("/en/xs/calendar/").text
    assert "31 March 2031, 20:30 UTC" in client.get("/en/xn/calendar/").text
    assert timezone.get_current_timezone_name() == "UTC"  # the next page follows no country


def test_an_embargo_is_typed_and_shown_in_the_zone_of_the_country(client, cast):
    listed(cast, "8.8.1")
    dataset = upload(cast.alice, cast.office, cast.sandoria, "8.8.1,2023,,NUMBER,4.9,,")
    client.force_login(cast.alice)
    page = dataset.get_absolute_url()
    assert "Asia/Bishkek, UTC+6" in client.get(page).text
    typed = {"release_at": "2031-04-01T02:30", "revision": dataset.revision}
    assert client.post(reverse("dataset-schedule", args=[dataset.pk]), typed).status_code == 302
    assert again(dataset).release_at == LATE
    assert "1 April 2031, 02:30 UTC+6" in client.get(page).text


def test_a_release_is_planned_by_the_clocks_of_the_country_that_was_chosen(cast):
    places = [(cast.office, cast.sandoria), (cast.abroad, cast.norland)]
    for (institution, country), expected in zip(places, (LATE, LATE + timedelta(hours=6)), strict=True):
        typed = {
            "place": f"{institution.pk}-{country.code}",
            "title-en": "Wages",
            "planned_at": "2031-04-01T02:30",
        }
        form = PlanForm(typed, places=places, indicators=[], datasets=[])
        assert form.is_valid(), form.errors
        assert form.cleaned_data["planned_at"] == expected
    said = str(PlanForm(places=places, indicators=[], datasets=[])["planned_at"].help_text)
    assert "Sandoria: Asia/Bishkek, UTC+6; Norland: UTC" in said


def test_pages_about_several_countries_name_the_zone_of_each(client, cast):
    plan(cast, planned_at=LATE)
    client.force_login(cast.bob)
    assert "1 April 2031, 02:30 UTC+6" in client.get(reverse("releases")).text
    release = Release.objects.get()
    assert "2031-04-01 02:30 UTC+6" in client.get(f"/en/trace/{release.address}/").text


def test_days_are_those_of_the_country(cast):
    assert str(moments.day(LATE, cast.sandoria)) == "2031-04-01"
    assert str(moments.day(LATE, cast.norland)) == "2031-03-31"
    with moments.inside(cast.sandoria):
        assert str(moments.day(LATE)) == "2031-04-01"
