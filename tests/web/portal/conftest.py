"""Figures of two countries in every state that the portal knows, written by the models alone."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from milepost.web.indicators.models import (
    Coverage,
    Dataset,
    Indicator,
    MethodChoice,
    Observation,
    Release,
    Series,
    Target,
    Version,
)
from milepost.web.indicators.queries.coverage import counted
from milepost.web.intake.models import Delivery
from milepost.web.ui.memory import cache

MARCH = datetime(2026, 3, 12, 9, 0, tzinfo=UTC)
APRIL = datetime(2026, 4, 11, 9, 0, tzinfo=UTC)
EMBARGOED = 777.25
HIDDEN = "three persons only"


class Office:
    """Writes an institution's figures as an approved publication would have left them."""

    def __init__(self, institution, user):
        self.institution, self.country, self.user = institution, institution.country, user
        delivery = Delivery.objects.create(country=self.country, institution=institution, by=user)
        self.dataset = Dataset.objects.create(
            country=self.country,
            institution=institution,
            delivery=delivery,
            title="internal-name-of-a-file.xlsx",
            started_by=user,
            state="published",
        )

    def indicator(self, code, *, versions=1, **fields):
        """An indicator of the list with so many versions."""
        order = ".".join(part.zfill(3) for part in code.split("."))
        one = Indicator.objects.create(
            country=self.country,
            code=code,
            slug=f"{self.country.code}-{code}",
            order=order,
            custodian=self.institution,
            version=versions,
            **fields,
        )
        for number in range(1, versions + 1):
            self.version(one, number)
        return one

    def version(self, indicator, number, **fields):
        given = {"kind": "release" if number == 1 else "correction", "at": MARCH if number == 1 else APRIL}
        one, _made = Version.objects.update_or_create(
            indicator=indicator,
            number=number,
            defaults={"institution": self.institution, "dataset": self.dataset, **given, **fields},
        )
        return one

    def series(self, indicator, code="", unit="", *, area="", reporting_type="N", **breakdown):
        key = hashlib.sha256(repr((code, unit, area, reporting_type, sorted(breakdown.items()))).encode())
        return Series.objects.create(
            indicator=indicator,
            key=key.hexdigest(),
            code=code,
            unit=unit,
            area=area,
            reporting_type=reporting_type,
            breakdown=breakdown,
            dimensions="+".join(sorted(breakdown)),
            official=self.institution,
        )

    def figures(self, series, text, *, since=1, until=None, **fields):
        """From words such as "2018 8.2, 2019 -/Q, 2020 7/P": period, value or -, status."""
        rows = []
        for part in text.split(","):
            period, value = part.split()
            number, _, status = value.partition("/")
            rows.append(
                Observation(
                    series=series,
                    institution=self.institution,
                    dataset=self.dataset,
                    period=period,
                    year=int(period[:4]),
                    value=None if number == "-" else float(number),
                    status=status or "A",
                    public_from=since,
                    public_until=until,
                    current=until is None,
                    **fields,
                )
            )
        return Observation.objects.bulk_create(rows)

    def cover(self):
        """Count what is public, as each publication does."""
        for indicator in Indicator.objects.filter(country=self.country):
            Coverage.objects.filter(indicator=indicator).delete()
            Coverage.objects.bulk_create(
                Coverage(indicator=indicator, **cell._asdict()) for cell in counted(indicator)
            )


@dataclass(frozen=True)
class Published:
    """What the tests look at."""

    cast: object
    office: Office
    cost: Indicator
    injuries: Indicator
    refugees: Indicator
    victims: Indicator
    policies: Indicator
    wages: Indicator


@pytest.fixture(autouse=True)
def nothing_kept():
    """Tests share a process and its cache, but not their figures."""
    cache.clear()


COST = {"code": "SL_EMP_RCOST", "unit": "MONTHS_EARNINGS"}


@pytest.fixture
def published(cast):
    """Sandoria's figures (10.7.1 corrected, 16.2.2 withdrawn, 10.3.1 unlisted …); Norland is not open."""
    office = Office(cast.office, cast.alice)
    cost = office.indicator("10.7.1", versions=2)
    office.version(cost, 2, note="The weights of 2023 were wrong.", changed=1)
    total = office.series(cost, **COST)
    office.figures(total, "2018 8.2, 2019 7.7, 2020 7.4, 2022 6.8/B", lower=5.5, upper=9.5)
    office.figures(total, "2023 9.9", until=2)
    office.figures(total, "2023 6.4", since=2)
    office.figures(total, "2024 6.1/P")
    office.figures(total, f"2025 {EMBARGOED}", since=None)
    women, men = office.series(cost, **COST, sex="F"), office.series(cost, **COST, sex="M")
    office.figures(women, "2022 7.6, 2023 7.5, 2024 7.3")
    office.figures(men, "2023 5.9, 2024 5.7")
    office.figures(men, "2022 -/Q", attributes={"comment_obs": HIDDEN})
    office.figures(office.series(cost, **COST, age="Y15T24"), f"2024 {EMBARGOED}", since=None)

    injuries = office.indicator("8.8.1")
    for code, values in (("SL_EMP_FTLINJUR", "2020 4, 2021 3.6"), ("SL_EMP_INJUR", "2020 90, 2021 95")):
        office.figures(office.series(injuries, code, "PER_100000_WKRS_EMP"), values)

    refugees = office.indicator("10.7.4")
    office.figures(
        office.series(refugees, "SM_POP_REFG_OR", "PER_100000_POP", reporting_type="G"), "2020 10, 2024 12.5"
    )

    victims = office.indicator("16.2.2", versions=2)
    office.version(victims, 2, kind="withdrawal", note="The register counted people twice.")
    office.figures(office.series(victims, "VC_HTF_DETV", "NUMBER"), "2020 40, 2021 44", until=2)

    policies = office.indicator("10.7.2", versions=0)
    wages = office.indicator("10.3.1", listed=False)
    office.figures(office.series(wages, "X", "PT"), "2020 12.75")

    Target.objects.create(
        indicator=cost,
        series_code="SL_EMP_RCOST",
        unit="MONTHS_EARNINGS",
        value=3,
        year=2030,
        source={"en": "Decree 12", "ru": "Указ № 12"},
        by=cast.carol,
    )
    release = Release.objects.create(
        country=cast.sandoria,
        title={"en": "Labour survey 2025", "ru": "Обследование 2025 года"},
        planned_at=datetime(2036, 11, 2, 9, 0, tzinfo=UTC),
    )
    release.indicators.add(cost, wages)
    office.cover()

    cast.norland.open_to_public = False
    cast.norland.save()
    abroad = Office(cast.abroad, cast.charlie)
    theirs = abroad.indicator("10.7.1")
    abroad.figures(abroad.series(theirs, **COST), "2020 55.5")
    abroad.cover()
    return Published(cast, office, cost, injuries, refugees, victims, policies, wages)


@pytest.fixture
def judged(published):
    """The same, with a method of progress fixed by the office."""
    MethodChoice.objects.create(
        country=published.cast.sandoria,
        framework="sdg",
        method="un",
        reason="The region uses it.",
        by=published.cast.carol,
    )
    return published


@pytest.fixture
def read(client):
    """`read("/en/xs/")`: the text of a page that must be there."""

    def text(address, status=200):
        answer = client.get(address)
        assert answer.status_code == status, address
        return answer.content.decode()

    return text
