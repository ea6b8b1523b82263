"""Three engagements of Sandoria's running project, made up: a training, a dialogue and a workshop."""

from datetime import date
from decimal import Decimal
from typing import Any

from milepost.web.projects.actions import engagements
from milepost.web.projects.actions.engagements import Party
from milepost.web.projects.models import Project, ResultIndicator
from milepost.web.projects.scores import Typed
from milepost.web.stakeholders.models import Institution

SCORES = (
    ("s7-11", 9, 14), ("s7-12", 11, 15), ("a4-20", 6, 13), ("a4-21", 12, 12), ("k2-03", 8, 15),
    ("k2-05", 10, 17), ("m9-01", 7, 11), ("m9-08", 13, 16), ("t1-30", 5, 12), ("t1-31", 9, 13),
    ("z3-44", 11, 18), ("z3-45", 14, 17), ("p6-70", 8, None), ("p6-72", None, 15),
)  # fmt: skip
"""(code, points before, points after) of a test with twenty questions; two people took one test only."""


def load(
    *, manager: Any, project: Project, persons: ResultIndicator, office: Institution, ministry: Institution
) -> None:
    """Record the three, as people would; training and workshop count towards the persons trained."""
    training = engagements.record(
        by=manager,
        about=project,
        kind="training",
        first_day=date(2025, 3, 11),
        last_day=date(2025, 3, 13),
        place="Sandoria City",
        topic={
            "en": "Migration in household surveys: what to ask and how to count",
            "ru": "Миграция в обследованиях домохозяйств: о чём спрашивать и как считать",
        },
        came={
            ("statistical_office", "F"): 9,
            ("statistical_office", "M"): 4,
            ("ministry", "F"): 4,
            ("ministry", "M"): 3,
            ("agency", "F"): 1,
            ("agency", "M"): 2,
        },
        parties=[
            Party("organiser", office),
            Party("participant", ministry),
            Party("participant", name="Statistical office of the northern region"),
        ],
        notes="The exercise on weights needs half a day more.",
        public=True,
    )
    engagements.write_scores(
        by=manager,
        engagement=training,
        revision=training.revision,
        maximum=Decimal(20),
        scores=[Typed(code, *(None if n is None else Decimal(n) for n in both)) for code, *both in SCORES],
    )
    _dialogue(manager, project, office, ministry)
    workshop = engagements.record(
        by=manager,
        about=project,
        kind="workshop",
        first_day=date(2026, 10, 14),
        topic={
            "en": "From the survey to the migration chapter of the review",
            "ru": "От обследования к разделу о миграции в обзоре",
        },
        place="Sandoria City",
        came={
            ("statistical_office", "F"): 5,
            ("statistical_office", "M"): 3,
            ("ministry", "F"): 5,
            ("ministry", "M"): 6,
            ("civil_society", "F"): 2,
        },
        parties=[Party("organiser", office), Party("participant", ministry)],
        public=True,
    )
    for one in (training, workshop):
        engagements.count_for(by=manager, engagement=one, indicator=persons, what="participants")


def _dialogue(manager: Any, project: Project, office: Institution, ministry: Institution) -> None:
    dialogue = engagements.record(
        by=manager,
        about=project,
        kind="dialogue",
        first_day=date(2026, 5, 20),
        place="Sandoria City",
        topic={
            "en": "What the assessment of migration governance found",
            "ru": "Что показала оценка управления миграцией",
        },
        came={
            ("ministry", "F"): 11,
            ("ministry", "M"): 9,
            ("civil_society", "F"): 6,
            ("civil_society", "M"): 3,
            ("international", "F"): 2,
            ("other", "U"): 3,
        },
        parties=[
            Party("organiser", ministry),
            Party("organiser", office),
            Party("participant", name="Union of migrant workers"),
        ],
        public=True,
    )
    register = engagements.agree(
        by=manager,
        engagement=dialogue,
        what={
            "en": "Hand over the register of permits every quarter",
            "ru": "Передавать реестр разрешений каждый квартал",
        },
        institution=ministry,
        due=date(2026, 9, 30),
    )
    engagements.settle(by=manager, agreement=register, deed="do", revision=register.revision)
    engagements.agree(
        by=manager,
        engagement=dialogue,
        what={
            "en": "Name a focal point for questions on migration data",
            "ru": "Назначить контактное лицо по данным о миграции",
        },
        institution=office,
        due=date(2026, 12, 15),
    )
