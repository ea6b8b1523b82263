"""Monitoring, evaluating and reporting migration policy and migration-related SDGs."""

from importlib.metadata import version

__version__ = version("milepost")
