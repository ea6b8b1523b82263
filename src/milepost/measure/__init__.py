"""Rows to observations: the indicator engine."""

from milepost.measure.methods import METHODS, Result

__all__ = ["METHODS", "Result"]
