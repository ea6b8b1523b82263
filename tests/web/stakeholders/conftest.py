import pytest
from django.utils import timezone

from milepost.web.stakeholders.models import Country
from tests.cast import person


def drafts(*, from_user, to_user, by):
    """Open work of a floor above, as the tests play it: a draft is a country that names its author."""
    found = Country.objects.filter(name__draft_of=from_user.pk)
    return found.update(name={"draft_of": to_user.pk})


HANDOVERS = {"drafts": drafts}


@pytest.fixture(autouse=True)
def _open_work(settings):
    """One kind of open work."""
    settings.HANDOVERS = "tests.web.stakeholders.conftest.HANDOVERS"


@pytest.fixture
def head(cast):
    """The administrator of Sandoria."""
    return person("head", ("administrator", cast.sandoria.address))


@pytest.fixture
def today():
    """Today."""
    return timezone.localdate()
