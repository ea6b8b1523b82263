"""A small data folder of real published figures, to try everything on."""

from pathlib import Path


def folder() -> Path:
    """The Open SDG data folder that ships: 1,693 observations of ten indicators of Kyrgyzstan."""
    return Path(__file__).parent / "kyrgyzstan"
