"""Answers to the official points and classes of SDG 10.7.2."""

from milepost.tally.points import DomainPoints, Points, points

__all__ = ["DomainPoints", "Points", "points"]
