"""Schemathesis calls every operation as the OpenAPI description allows, and checks the answers against it."""

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, given, settings

from milepost.web.api.views import api
from milepost.web.ui.memory import cache
from milepost.web.wsgi import application

PATHS = sorted(api.get_openapi_schema()["paths"])


@pytest.fixture(autouse=True)
def one_connection():
    """A request would close the connection that holds the transaction of the test."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_is_as_described(figures, path):
    described = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)
    operation = described[path]["GET"]

    @given(case=operation.as_strategy())
    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    def call(case):
        cache.clear()
        case.call_and_validate(headers={"host": "localhost"})

    call()
