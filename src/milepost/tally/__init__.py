"""Answers to the official points and classes of SDG 10.7.2, and to areas well developed or with potential."""

from milepost.tally.areas import Area, Counts, Part, areas, standing
from milepost.tally.points import QUESTIONNAIRE, DomainPoints, Points, points
from milepost.tally.rounds import Change, NotOneQuestionnaire, Round, compare

__all__ = [
    "QUESTIONNAIRE",
    "Area",
    "Change",
    "Counts",
    "DomainPoints",
    "NotOneQuestionnaire",
    "Part",
    "Points",
    "Round",
    "areas",
    "compare",
    "points",
    "standing",
]
