import pytest
from django.utils import translation

from milepost.web.ui.memory import cache
from tests.cast import person


@pytest.fixture(autouse=True)
def quiet():
    """English, and no definitions kept from another test."""
    cache.clear()
    with translation.override("en"):
        yield
    cache.clear()


@pytest.fixture
def ralph(cast):
    """A reader of Sandoria's internal figures, who decides nothing."""
    return person("ralph", ("reader", cast.sandoria.address))


@pytest.fixture
def dora(cast):
    """Another coordinator of Sandoria."""
    return person("dora", ("coordinator", cast.sandoria.address))
