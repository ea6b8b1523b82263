"""A policy of Sandoria led by the ministry of labour, a plan under it, a first version in force."""

from datetime import date

import pytest

from milepost.web.plans.actions import measures, register, versions
from milepost.web.stakeholders.models import Institution
from tests.cast import person


@pytest.fixture
def paula(cast):
    """Plan coordinator of the ministry, which is in the lead."""
    return person("paula", ("plan-coordinator", cast.ministry.address), works_for=cast.ministry)


@pytest.fixture
def peter(cast):
    """Plan coordinator of an office abroad."""
    return person("peter", ("plan-coordinator", cast.abroad.address), works_for=cast.abroad)


@pytest.fixture
def police(cast):
    """A third institution of Sandoria; nobody of the cast works there."""
    return Institution.objects.create(
        country=cast.sandoria,
        code="police",
        kind="agency",
        name={"en": "Border Police of Sandoria", "ru": "Пограничная полиция Сандории"},
        short_name={"ru": "МИД"},
    )


@pytest.fixture
def policy(cast, paula):
    return register.enter_policy(
        by=paula,
        institution=cast.ministry,
        title={"en": "Migration policy concept", "ru": "Концепция миграционной политики"},
        start=date(2026, 1, 1),
        end=date(2030, 12, 31),
    )


@pytest.fixture
def plan(paula, policy):
    return register.enter_plan(
        by=paula,
        policy=policy,
        title={"en": "Plan of action 2026–2027", "ru": "План действий на 2026–2027 годы"},
        start=date(2026, 1, 1),
        end=date(2027, 12, 31),
    )


@pytest.fixture
def draft(cast, paula, plan):
    """Two measures: the ministry reports on the first, nobody on the second."""
    version = versions.begin(by=paula, plan=plan)
    section = measures.add_section(
        by=paula, version=version, level="objective", code="1", title={"en": "Fair recruitment"}
    )
    law = measures.add(
        by=paula,
        version=version,
        section=section,
        code="1.1",
        title={"en": "Adopt a law", "ru": "Принять закон"},
        deadline="II квартал 2026 г.",
        institutions="Министерство труда",
    )
    measures.add(
        by=paula,
        version=version,
        section=section,
        code="1.2",
        title={"en": "Train inspectors", "ru": "Обучить инспекторов"},
        deadline="2027",
        institutions="Министерство труда, МИД",
    )
    measures.choose_coordinator(by=paula, entry=law, institution=cast.ministry, revision=law.revision)
    version.refresh_from_db()
    return version


@pytest.fixture
def in_force(paula, draft):
    """The same, in force."""
    return versions.put_in_force(
        by=paula,
        version=draft,
        revision=draft.revision,
        act={"en": "Government resolution", "ru": "Постановление правительства"},
        act_number="12",
        adopted=date(2025, 12, 20),
        since=date(2026, 1, 1),
    )


@pytest.fixture
def amendment(paula, in_force):
    """A draft that amends it."""
    return versions.begin(by=paula, plan=in_force.plan)
