import pytest
from django.core.cache import cache
from django.utils import translation


@pytest.fixture(autouse=True)
def fresh_limits(db):
    """The limits by caller count in a table that no test empties by itself."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture(autouse=True)
def in_english():
    """A page in another language, asked for in a test, would be the language of the next one."""
    with translation.override("en"):
        yield
