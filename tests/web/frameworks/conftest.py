import pytest

from tests.cast import person


@pytest.fixture
def ralph(cast):
    """A reader of Sandoria's internal figures, who decides nothing."""
    return person("ralph", ("reader", cast.sandoria.address))


@pytest.fixture
def dora(cast):
    """Another coordinator of Sandoria."""
    return person("dora", ("coordinator", cast.sandoria.address))
