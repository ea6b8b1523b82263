"""Columns that several tables of projects have."""

from typing import Any

from django.conf import settings
from django.db import models


def person(*, unknown: bool = False) -> Any:
    """Somebody with an account, who is kept as long as the row."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=unknown, blank=unknown
    )


def money(*, unknown: bool = False) -> Any:
    """An amount of money."""
    return models.DecimalField(max_digits=20, decimal_places=2, null=unknown, blank=unknown)


def figure() -> Any:
    """A figure of a results matrix, as exact as it was typed."""
    return models.DecimalField(max_digits=30, decimal_places=10, null=True, blank=True)
