import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def fresh_limits(db):
    """The limits by caller count in a table that no test empties by itself."""
    cache.clear()
    yield
    cache.clear()
