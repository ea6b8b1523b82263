"""One of everything in Sandoria, for tests that walk through all addresses."""

import datetime
from contextlib import suppress

from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import StopFutureHandlers
from django.db import transaction
from django.utils import timezone

from milepost import catalogue
from milepost.web.accounts import invitations
from milepost.web.audit.models import Event
from milepost.web.discussions import actions as discussions
from milepost.web.frameworks import actions as frameworks
from milepost.web.indicators.actions import calendar, datasets, lists, requests, targets
from milepost.web.indicators.models import Dataset, Observation
from milepost.web.intake.models import Mapping
from milepost.web.jobs import work
from milepost.web.jobs.models import Job
from milepost.web.microdata import actions as microdata
from milepost.web.microdata import records
from milepost.web.microdata.models import Measurement
from milepost.web.notices import actions as notices
from milepost.web.notices.models import Notice
from tests.cast import person

FIGURES = b"""\
Year,Series,Units,SEX,Value
2023,SL_EMP_RCOST,MONTHS_EARNINGS,,8.2
2024,SL_EMP_RCOST,MONTHS_EARNINGS,F,7.4
"""
CELL = {
    "indicator": "10.7.1",
    "series": "SL_EMP_RCOST",
    "unit_measure": "MONTHS_EARNINGS",
    "time_period": "2025",
}


def built(cast):
    """{name: thing}: a published dataset, a draft, and whatever hangs on them."""
    indicator = lists.add(by=cast.carol, country=cast.sandoria, code="10.7.1", custodian=cast.office)
    published = sent(cast, "figures.csv", FIGURES)
    published = datasets.submit(by=cast.alice, dataset=published, revision=published.revision)
    datasets.approve(by=cast.bob, dataset=published, revision=published.revision)
    draft = sent(cast, "more.csv", FIGURES.replace(b"8.2", b"8.1"))
    indicator.refresh_from_db()
    target = targets.set_target(
        by=cast.carol, indicator=indicator, value=3, year=2030, source={"en": "Decree 12"}
    )
    request = requests.send(
        by=cast.carol,
        asking=cast.office,
        asked=cast.ministry,
        indicator=indicator,
        cells=[CELL],
        due=timezone.localdate() + datetime.timedelta(days=7),
    )
    release = calendar.plan(
        by=cast.bob,
        country=cast.sandoria,
        title={"en": "Recruitment cost"},
        planned_at=timezone.now() + datetime.timedelta(days=9),
        institution=cast.office,
        indicators=[indicator],
    )
    comment = discussions.comment(by=cast.alice, address=draft.address, text="Is 2023 final?")
    with transaction.atomic():
        notices.tell([cast.alice], kind="returned", address=draft.address)
    invited = person("ingrid", works_for=cast.office)
    return {
        "indicator": indicator,
        "published": published,
        "draft": draft,
        "delivery": draft.delivery,
        "file": draft.delivery.file,
        "mapping": Mapping.objects.order_by("pk").first(),
        "target": target,
        "request": request,
        "release": release,
        "comment": comment,
        "notice": Notice.objects.get(user=cast.alice, kind="returned", address=draft.address),
        "observation": Observation.objects.first(),
        "job": Job.objects.filter(kind="dataset.preview").latest("pk"),
        "event": Event.objects.filter(address=published.address).first(),
        "tag": frameworks.add_tag(by=cast.carol, country=cast.sandoria, name={"en": "Pilot"}),
        "code": frameworks.add_code(
            by=cast.carol, country=cast.sandoria, list="destination", code="N", name={"en": "North"}
        ),
        "definition": frameworks.save_definition(
            by=cast.carol,
            country=cast.sandoria,
            text=catalogue.definition_file("10.7.4"),
            reason="",
            revision=0,
        ),
        "measurement": measured(cast),
        "invited": invited,
        "token": invitations.token(invited),
        "grant": cast.alice.grants.get(),
        "membership": cast.alice.memberships.get(),
    }


def measured(cast) -> Measurement:
    """A measurement whose columns are still to be explained; its records are gone already."""
    receiver = records.Receiver(None, "file")
    with suppress(StopFutureHandlers):
        receiver.new_file("file", "workers.csv", "text/csv", None)
    receiver.receive_data_chunk(b"cost,earnings\n" + b"400,200\n" * 40, 0)
    one = microdata.start(
        by=cast.alice,
        country=cast.sandoria,
        institution=cast.office,
        indicator="10.7.1",
        year=2025,
        received=receiver.file_complete(0),
    )
    receiver.close()
    return one


def sent(cast, name: str, content: bytes) -> Dataset:
    """A draft of a file that Alice uploaded, read; its mapping is remembered."""
    dataset = datasets.start(
        by=cast.alice,
        upload=SimpleUploadedFile(name, content),
        name=name,
        country=cast.sandoria,
        institution=cast.office,
    )
    work.run_all()
    dataset.refresh_from_db()
    return dataset
