"""Figures of two countries in several states: public, replaced, internal, of a country that is not open."""

import datetime

import pytest

from milepost.web.indicators import models
from milepost.web.intake.models import Delivery
from milepost.web.stakeholders.models import Country, Institution

NOW = datetime.datetime(2026, 5, 4, 9, 30, tzinfo=datetime.UTC)


class Shelf:
    """Puts figures where tests want them."""

    def __init__(self, user, institution):
        self.institution = institution
        country = institution.country
        delivery = Delivery.objects.create(country=country, institution=institution, by=user)
        self.dataset = models.Dataset.objects.create(
            country=country, institution=institution, delivery=delivery, title="Figures", started_by=user
        )

    def indicator(self, code, version=1, **fields):
        country = self.institution.country
        one = models.Indicator.objects.create(
            country=country,
            code=code,
            slug=f"{country.code}-{code}",
            order=code,
            version=version,
            custodian=self.institution,
            **fields,
        )
        for number in range(1, version + 1):
            models.Version.objects.create(
                indicator=one, number=number, kind="release", at=NOW, institution=self.institution
            )
        return one

    def series(self, indicator, key, **fields):
        return models.Series.objects.create(indicator=indicator, key=key, official=self.institution, **fields)

    def figure(self, series, year, value, *, public=(1, None), current=True, **fields):
        return models.Observation.objects.create(
            series=series,
            institution=self.institution,
            dataset=self.dataset,
            period=str(year),
            year=year,
            value=value,
            public_from=public[0],
            public_until=public[1],
            current=current,
            **fields,
        )


@pytest.fixture
def shelf(cast):
    return Shelf(cast.alice, cast.office)


@pytest.fixture
def figures(cast, shelf):
    """10.7.1 of Sandoria in two versions, one figure unpublished; 10.c.1 without; a closed country."""
    cost = shelf.indicator("10.7.1", version=2)
    shelf.indicator("10.c.1", version=0)
    total = shelf.series(cost, "a", code="SL_EMP_RCOST", unit="MONTHS_EARNINGS")
    women = shelf.series(
        cost, "b", code="SL_EMP_RCOST", unit="MONTHS_EARNINGS", breakdown={"sex": "F"}, dimensions="sex"
    )
    shelf.figure(total, 2023, 8.2, public=(1, 2), current=False)
    shelf.figure(total, 2023, 8.1, public=(2, None), lower=7.5, upper=8.7)
    shelf.figure(total, 2024, 7.4)
    shelf.figure(total, 2025, 5555.5, public=(None, None))
    shelf.figure(women, 2024, None, status="Q")
    models.Coverage.objects.create(indicator=cost, year=2024, kind="national", cells=1)
    closed = Country.objects.create(code="xz", name={"en": "Zedland"}, open_to_public=False)
    hidden = Institution.objects.create(country=closed, code="s", kind="agency", name={"en": "Office"})
    other = Shelf(cast.alice, hidden)
    secret = other.series(other.indicator("10.7.1"), "c", code="SL_EMP_RCOST")
    other.figure(secret, 2024, 7777.7)
    return cost
