"""Monitoring, evaluating and reporting migration policy and migration-related SDGs."""

__version__ = "0.1.0"
