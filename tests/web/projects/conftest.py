"""A project of the ministry of labour of Sandoria, with its people."""

from datetime import date
from decimal import Decimal

import pytest

from milepost.values import Figure
from milepost.web.projects.actions import lifecycle, matrix, register
from tests.cast import person


@pytest.fixture
def mary(cast):
    """Project manager of the ministry."""
    return cast.mary


@pytest.fixture
def fred(cast):
    """Fund manager of the ministry."""
    return cast.fred


@pytest.fixture
def zoe(cast):
    """Project manager and fund manager of an office abroad."""
    grants = (("project-manager", cast.abroad.address), ("fund-manager", cast.abroad.address))
    return person("zoe", *grants, works_for=cast.abroad)


@pytest.fixture
def proposal(cast, mary):
    """A proposal with everything but a results matrix."""
    project = register.enter(
        by=mary,
        institution=cast.ministry,
        title={"en": "Fair recruitment", "ru": "Справедливый найм"},
        narrative={"en": "Workers pay too much for a job abroad."},
        type="LM",
        coverage="national",
        start="2025",
        end="2026-06",
        budget=Decimal(100000),
        currency="USD",
        gender_marker="2a",
        manager=mary,
        areas=["xs"],
        tags={"sdg": ["10.7"]},
    )
    register.endorse_for(by=mary, project=project, area="xs", day=date(2024, 9, 1), authority="Ministry")
    return project


@pytest.fixture
def trained(mary, proposal):
    """An indicator "persons trained" of an output, by sex, with two half-years and targets."""
    objective = matrix.add_result(
        by=mary, project=proposal, level="objective", code="O", title={"en": "Recruitment is fair"}
    )
    outcome = matrix.add_result(
        by=mary,
        project=proposal,
        level="outcome",
        code="1",
        title={"en": "Agencies follow"},
        parent=objective,
    )
    output = matrix.add_result(
        by=mary, project=proposal, level="output", code="1.1", title={"en": "Inspectors know"}, parent=outcome
    )
    indicator = matrix.add_indicator(
        by=mary,
        result=output,
        code="1.1.a",
        title={"en": "Persons trained"},
        unit="persons",
        counting="cumulative",
        over_time="sum",
        dimensions=[["sex"]],
        categories={"sex": ["F", "M"]},
    )
    matrix.add_period(by=mary, project=proposal, start=date(2025, 1, 1), end=date(2025, 6, 30))
    matrix.add_period(by=mary, project=proposal, start=date(2025, 7, 1), end=date(2025, 12, 31))
    for kind, number in (("baseline", 0), ("end", 40)):
        matrix.set_goal(by=mary, indicator=indicator, kind=kind, figure=Figure(Decimal(number)))
    return indicator


@pytest.fixture
def active(mary, fred, proposal, trained):
    """The project, endorsed, approved and started."""
    for by, deed in ((mary, "endorse"), (fred, "approve"), (mary, "start")):
        lifecycle.step(by=by, project=proposal, deed=deed, revision=proposal.revision)
    return proposal
