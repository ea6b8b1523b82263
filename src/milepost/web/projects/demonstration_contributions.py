"""What the two projects of Sandoria contribute to a target and a measure, made up like the projects."""

from decimal import Decimal
from typing import Any

from milepost.web.indicators import queries as indicators
from milepost.web.projects.actions.contributions import contribute
from milepost.web.projects.models import Project, ResultIndicator
from milepost.web.projects.queries import contributions


def load(*, manager: Any, earlier: Project, later: Project) -> None:
    """Officials trained by both, one of them in part, and a percentage that is shown and not added."""
    target = indicators.targets(manager).filter(indicator__code="10.7.1", current=True).get()

    def of(project: Project, code: str) -> ResultIndicator:
        return ResultIndicator.objects.get(result__project=project, code=code)

    contribute(
        by=manager,
        indicator=of(later, "1.2.a"),
        goal=target,
        words={
            "en": "Those trained supervise recruitment agencies and what these charge.",
            "ru": "Обученные надзирают за агентствами по найму и за тем, сколько те берут с работников.",
        },
    )
    contribute(
        by=manager,
        indicator=of(earlier, "1.1.a"),
        goal=target,
        share=Decimal("0.5"),
        reason="Half of those trained work with recruitment; list of participants.",
        words={
            "en": "Half of those trained work with recruitment.",
            "ru": "Половина обученных занимается наймом.",
        },
    )
    contribute(by=manager, indicator=of(later, "1.a"), goal=target)
    measure = _measure(manager, later)
    whole = contribute(
        by=manager,
        indicator=of(later, "1.2.a"),
        goal=measure,
        words={
            "en": "Inspectors are among those trained.",
            "ru": "Среди обученных есть инспекторы.",
        },
    )
    contribute(
        by=manager,
        indicator=of(earlier, "1.1.a"),
        goal=measure,
        counted_in=whole,
        reason="The same officials took both courses; lists of participants compared.",
    )


def _measure(manager: Any, project: Project) -> Any:
    """The measure of the plan in force that trains inspectors."""
    found = contributions.measures_for(manager, project)
    return next(entry.measure for entry in found if entry.code == "1.3")
