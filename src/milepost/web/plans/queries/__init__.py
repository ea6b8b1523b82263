"""Everything that reads: who may see which policy and plan, what a version says, who does what."""

from milepost.web.plans.queries.rounds import answers, visible_rounds
from milepost.web.plans.queries.scoping import measures, plans, visible_to, worked_versions

__all__ = ["answers", "measures", "plans", "visible_rounds", "visible_to", "worked_versions"]
