"""What tests of figures on their way to the public do again and again."""

from io import BytesIO

from django.core.files.base import File

from milepost.web.indicators.actions import datasets, lists
from milepost.web.indicators.models import Dataset, Indicator, Observation
from milepost.web.indicators.queries.figures import public_in
from milepost.web.jobs import work as jobs
from milepost.web.jobs.models import Job

HEADERS = "Indicator,Year,Sex,Unit,Value,Status,Comment"


def listed(cast, *codes, country=None, by=None):
    """Indicators on Sandoria's list, put there by its coordinator."""
    return [lists.add(by=by or cast.carol, country=country or cast.sandoria, code=code) for code in codes]


def table(*rows, headers=HEADERS):
    """A CSV file of rows such as "8.8.1,2024,,NUMBER,4.5,,"."""
    return ("\n".join([headers, *rows]) + "\n").encode()


def upload(by, institution, country, *rows, name="figures.csv", preview=True, **more):
    """A dataset of a file with these rows, read unless told otherwise."""
    dataset = datasets.start(
        by=by,
        upload=File(BytesIO(table(*rows)), name=name),
        name=name,
        country=country,
        institution=institution,
        **more,
    )
    if preview:
        jobs.run_all()
        failed = Job.objects.filter(address=dataset.address).exclude(status="done")
        assert not failed, [job.problems for job in failed]
    return again(dataset)


def again(dataset):
    """As the database has it now."""
    return Dataset.objects.get(pk=dataset.pk)


def publish(cast, *rows, by=None, reviewer=None, institution=None, **more):
    """A dataset of these rows, sent by Alice and approved by Bob."""
    dataset = upload(by or cast.alice, institution or cast.office, cast.sandoria, *rows, **more)
    dataset = datasets.submit(by=by or cast.alice, dataset=dataset, revision=dataset.revision)
    return again(datasets.approve(by=reviewer or cast.bob, dataset=dataset, revision=dataset.revision))


def public(indicator, version=None):
    """{(period, sex): (value, status)} of what is public now, or in a version."""
    rows = Observation.objects.filter(public_in(version), series__indicator=indicator)
    return {
        (one.period, one.series.breakdown.get("sex", "")): (one.value, one.status)
        for one in rows.select_related("series")
    }


def version_of(indicator):
    """The number of its latest version."""
    return Indicator.objects.get(pk=indicator.pk).version
