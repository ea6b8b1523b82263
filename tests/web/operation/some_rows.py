"""Rows of every kind for an installation, with what is easily lost: no value, nothing, signs, moments."""

import time
from datetime import UTC, date, datetime

from django.core.files.base import ContentFile
from django.db import transaction

from milepost.web.accounts.models import Grant, User
from milepost.web.audit.actions import record
from milepost.web.files import actions as files
from milepost.web.jobs.models import Job
from milepost.web.stakeholders.models import Country, Institution, Membership


def plant():
    """A country, people, files, events, work."""
    country = Country.objects.create(code="xs", name={"en": "Sandoria", "ru": "Сандория «С»", "ky": "Ү ө ң"})
    office = Institution.objects.create(
        country=country, code="s", kind="agency", name={"en": 'A "B" \\ C\n\tD'}
    )
    user = User(email="alice@example.org", name="Alice 😀")
    user.set_password("a long enough password")
    user.save()
    Grant.objects.create(user=user, role="statistician", scope=office.address)
    Membership.objects.create(user=user, institution=office, since=date(2026, 1, 1))
    Job.objects.create(kind="x", by=user, run_after=datetime(2026, 1, 1, tzinfo=UTC), total=2**40)
    Job.objects.create(
        kind="y", run_after=datetime(2026, 1, 1, 12, 30, 15, 120, tzinfo=UTC), cancel_asked=True
    )
    files.keep(ContentFile(b"Year,Value\n"), by=user, name="Визы.csv", owner=office.address)
    files.keep(ContentFile(b"\x00\xff" * 50_000), by=user, name="x.bin", public=True)
    with transaction.atomic():
        for number in range(5):
            record(
                by=user, verb="test.planted", address="test:1", details={"n": number, "x": 0.1 + 0.2, "e": ""}
            )
    Job.objects.create(kind="z").delete()  # its number is not to be given again


def pour(until):
    """Write pairs of events, each pair in one transaction, until a file is there."""
    pair = 0
    while not until.exists():
        pair += 1
        with transaction.atomic():
            for half in "ab":
                record(by=None, verb="test.poured", address=f"test:{pair}", details={"half": half})
        time.sleep(0.01)
    return pair
