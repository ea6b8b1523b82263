"""What tests of deliveries share: an office with indicators, and files to bring in."""

import io
import zipfile

import pytest
from django.core.files.base import ContentFile

from milepost.web.indicators.actions import datasets
from milepost.web.indicators.models import Indicator
from milepost.web.intake import actions

FIGURES = """Year,Series,Units,SEX,Value,OBS_STATUS
2020,SL_EMP_RCOST,MONTHS_EARNINGS,,8.2,A
2020,SL_EMP_RCOST,MONTHS_EARNINGS,F,9,A
2021,SL_EMP_RCOST,MONTHS_EARNINGS,,7.9,A
"""
OWN_WORDS = """Jahr,Wert,Geschlecht,Bemerkung
2020,8.2,Insgesamt,
2020,9.0,weiblich,vorläufig
2020,7.7,männlich,
"""


@pytest.fixture
def office(cast):
    """The cast, whose Sandoria has three indicators on its list."""
    for code in ("10.7.1", "17.3.2", "10.7.2"):
        Indicator.objects.create(
            country=cast.sandoria,
            code=code,
            slug=f"xs-{code}",
            order=code,
            custodian=cast.office,
            version=0,
        )
    return cast


@pytest.fixture
def bring(office):
    """Bring in a file as Alice, without reading it: `bring(content, name)`."""

    def bring(content=FIGURES, name="figures.csv", by=office.alice, **also):
        data = content.encode() if isinstance(content, str) else content
        given = {"country": office.sandoria, "institution": office.office, **also}
        return actions.receive(by=by, upload=ContentFile(data), name=name, **given)

    return bring


@pytest.fixture
def draft(bring, office):
    """A file that was brought in and read, as a draft; `decided` is what Alice says of its columns."""

    def draft(content=FIGURES, name="figures.csv", decided=None):
        dataset = datasets.begin(by=office.alice, delivery=bring(content, name))
        datasets.preview(dataset, by=office.alice)
        if decided is not None:
            actions.remember(by=office.alice, delivery=dataset.delivery, **decided)
            datasets.preview(dataset, by=office.alice)
        dataset.refresh_from_db()
        return dataset

    return draft


def archive(files):
    """A .zip of {name: content}."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in files.items():
            made.writestr(name, content)
    return out.getvalue()
