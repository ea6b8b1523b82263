from pathlib import Path

import pytest

from tests.recipes import sandoria


@pytest.fixture
def folder(tmp_path) -> Path:
    """A small Open SDG data folder of a country that does not exist."""
    return sandoria.folder(tmp_path)
