"""Whole traces strung together, one short function each."""

from milepost.recipes.build import Built, build
from milepost.recipes.check import check
from milepost.recipes.convert import convert
from milepost.recipes.judge import PROGRESS_METHODS, progress_of
from milepost.recipes.tally import points_as_dict, points_in_words, tally_of
from milepost.recipes.words import problem_as_dict, verdict_as_dict, verdict_in_words

__all__ = [
    "PROGRESS_METHODS",
    "Built",
    "build",
    "check",
    "convert",
    "points_as_dict",
    "points_in_words",
    "problem_as_dict",
    "progress_of",
    "tally_of",
    "verdict_as_dict",
    "verdict_in_words",
]
