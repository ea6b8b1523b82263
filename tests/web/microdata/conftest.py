"""Every test here commits: records are deleted only once the change that lets them go is sure to stand."""

import pytest

from milepost.web.microdata import records
from tests.web.microdata import steps


@pytest.fixture(autouse=True)
def committing(transactional_db):
    """A database in which transactions end; no records before, and none after."""
    for folder in steps.folders():
        records.remove(folder)
    yield
    for folder in steps.folders():
        records.remove(folder)


@pytest.fixture
def alice(client, cast):
    """Alice at her desk; 10.7.1 is on Sandoria's list."""
    steps.listed(cast)
    client.force_login(cast.alice)
    return client
