"""Reports of the running project of the demonstration: one that was sent, one that is being written."""

from typing import Any

from django.utils import timezone

from milepost.web.projects.actions import reports as actions
from milepost.web.projects.models import Project

WORDS = {
    "summary": "The assessment has begun, and the first officials are trained.",
    "outcome": "Five of the fifteen indicators have national figures. Agencies answer sooner.",
    "context": "A new department of migration was founded in March; its staff joined the working group.",
    "challenges": "Two ministries answered late. The working group now meets every month.",
    "cross_cutting": "All tables are broken down by sex. Fourteen of twenty-three persons trained are women.",
    "partnerships": "The Ministry of Labour of Sandoria gives rooms and trainers.",
    "visibility": "The training was reported by the national television.",
    "lessons": "- A named contact in each agency halves the waiting.\n- Short questionnaires are answered.",
    "next_steps": "Collect and check the answers; hold two more trainings.",
}


def load(*, manager: Any, fund: Any, project: Project) -> None:
    """Write, approve and send the report on the first half-year; begin the one on the second."""
    first, second = list(project.periods.all()[:2])
    which: dict[str, Any] = {"kind": "interim", "part": "all", "language": "en"}
    begin = {"by": manager, "project": project, **which}
    report = actions.begin(**begin, start=first.start, end=first.end, due=first.due)
    outcomes = project.results.filter(level="outcome")
    words = {part: text for part, text in WORDS.items() if part != "outcome"}
    words |= {f"result:{row.pk}": WORDS["outcome"] for row in outcomes}
    actions.write(by=manager, report=report, words=words, revision=report.revision)
    actions.submit(by=manager, report=report, revision=report.revision)
    actions.approve(by=fund, report=report, revision=report.revision)
    actions.send(
        by=manager,
        report=report,
        revision=report.revision,
        sent_on=timezone.localdate(),
        recipient="Fund management unit",
    )
    actions.begin(**begin, start=second.start, end=second.end, due=second.due)
