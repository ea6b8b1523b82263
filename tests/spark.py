"""One Spark for all tests of a process: it takes seconds to start."""

import importlib.util

import pytest

from milepost.measure import spark as engine

WHY_NOT = (
    "pyspark is not installed"
    if importlib.util.find_spec("pyspark") is None
    else ""
    if engine.has_java()
    else "Spark needs Java, which is not found"
)
needs_spark = pytest.mark.skipif(bool(WHY_NOT), reason=WHY_NOT)


@pytest.fixture(scope="session")
def spark():
    """The Spark session of this process."""
    if WHY_NOT:
        pytest.skip(WHY_NOT)
    with engine.session("tests") as session:
        yield session


@pytest.fixture(autouse=True)
def _spark_runs_once(request):
    """Tests that are run by engine share one Spark."""
    parameters = getattr(request.node, "callspec", None)
    if parameters is not None and parameters.params.get("engine") == "spark":
        request.getfixturevalue("spark")
