"""What tests of measurements do again and again."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from milepost.web.indicators.actions import lists
from milepost.web.jobs import work as jobs
from milepost.web.microdata import records
from milepost.web.microdata.models import Measurement
from tests.web.microdata import survey

CODES = {"1": "M", "2": "F"}


def listed(cast):
    """10.7.1 on Sandoria's list."""
    return lists.add(by=cast.carol, country=cast.sandoria, code="10.7.1", custodian=cast.office)


def brought_in(client, cast, content=None, *, name="workers.csv", indicator="10.7.1", year=2025):
    """The answer to the form with a file of records."""
    return client.post(
        reverse("measurement-new"),
        {
            "place": f"{cast.office.pk}-xs",
            "indicator": indicator,
            "year": year,
            "title": "",
            "file": SimpleUploadedFile(name, survey.as_csv() if content is None else content),
        },
    )


def last():
    """The latest measurement, as the database has it."""
    return Measurement.objects.latest("pk")


def typed(client, one, **changes):
    """What a browser would send for the page of the columns, with some of it changed."""
    page = client.get(reverse("measurement-columns", args=[one.pk]))
    form = page.context["form"]
    said = {}
    for field in form:
        value = field.value()
        if isinstance(value, list | tuple):
            said[field.name] = [str(each) for each in value]
        elif value is not None and value is not False and value != "":
            said[field.name] = "on" if value is True else str(value)
    return {**said, **changes}


def field_of(form, label, value):
    """The name of the field for the code of a value of a breakdown."""
    (breakdown,) = [each for each in form.breakdowns if each.name == label]
    (line,) = [line for line in breakdown.values if line.value == value]
    return line.field.name


def explained(client, one, *, tables=("sex+age+migratory_status",), **more):
    """Everything said of the columns of the survey as a CSV file."""
    page = client.get(reverse("measurement-columns", args=[one.pk]))
    form = page.context["form"]
    said = typed(client, one)
    by = {name: f"by_{at}" for at, name in enumerate(form.dimensions)}
    said |= {
        "stratum": "region",
        "psu": "cluster",
        by["sex"]: "sex",
        by["age"]: "age",
        by["migratory_status"]: "born",
    }
    client.post(reverse("measurement-columns", args=[one.pk]), said)
    page = client.get(reverse("measurement-columns", args=[one.pk]))
    form = page.context["form"]
    said = typed(client, one, tables=list(tables))
    for value, code in CODES.items():
        said[field_of(form, "sex", value)] = code
    said[field_of(form, "migratory_status", "abroad")] = "FOREIGN_BORN"
    said[field_of(form, "migratory_status", "here")] = "NATIVE_BORN"
    return {**said, **more}


def measured(client, cast, **more):
    """A measurement of the survey, done."""
    assert brought_in(client, cast).status_code == 302
    one = last()
    answer = client.post(
        reverse("measurement-columns", args=[one.pk]), {**explained(client, one, **more), "measure": "1"}
    )
    assert answer.status_code == 302, answer.context["form"].errors
    jobs.run_all()
    return Measurement.objects.get(pk=one.pk)


def folders():
    """The folders of records that there are."""
    return sorted(path.name for path in records.home().iterdir()) if records.home().is_dir() else []
