"""Answers to the official points and classes of SDG 10.7.2."""

from milepost.tally.points import QUESTIONNAIRE, DomainPoints, Points, points

__all__ = ["QUESTIONNAIRE", "DomainPoints", "Points", "points"]
