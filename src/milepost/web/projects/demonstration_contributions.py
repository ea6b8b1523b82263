"""What the two projects of Sandoria contribute to a national target, made up like the projects."""

from decimal import Decimal
from typing import Any

from milepost.web.indicators import queries as indicators
from milepost.web.projects.actions.contributions import contribute
from milepost.web.projects.models import Project, ResultIndicator


def load(*, manager: Any, earlier: Project, later: Project) -> None:
    """Officials trained by both, one of them in part, and a percentage that is shown and not added."""
    target = indicators.targets(manager).filter(indicator__code="10.7.1", current=True).get()

    def of(project: Project, code: str) -> ResultIndicator:
        return ResultIndicator.objects.get(result__project=project, code=code)

    contribute(
        by=manager,
        indicator=of(later, "1.2.a"),
        target=target,
        words={
            "en": "Those trained supervise recruitment agencies and what these charge.",
            "ru": "Обученные надзирают за агентствами по найму и за тем, сколько те берут с работников.",
        },
    )
    contribute(
        by=manager,
        indicator=of(earlier, "1.1.a"),
        target=target,
        share=Decimal("0.5"),
        reason="Half of those trained work with recruitment; list of participants.",
        words={
            "en": "Half of those trained work with recruitment.",
            "ru": "Половина обученных занимается наймом.",
        },
    )
    contribute(by=manager, indicator=of(later, "1.a"), target=target)
