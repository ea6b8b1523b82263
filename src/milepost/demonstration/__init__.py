"""Figures to try everything on: published ones of Kyrgyzstan, made-up ones of Sandoria."""

from pathlib import Path


def folder() -> Path:
    """The Open SDG data folder that ships: 1,693 observations of ten indicators of Kyrgyzstan."""
    return Path(__file__).parent / "kyrgyzstan"


def plan() -> Path:
    """A plan of action of Sandoria in two stages: a table of sections and measures in English and Russian."""
    return plan_folder() / "measures.csv"


def plan_folder() -> Path:
    """What belongs to the plan of Sandoria: measures, milestones of indicators, answers of rounds."""
    return Path(__file__).parent / "sandoria_plan"


def practice() -> Path:
    """Figures of Sandoria, a made-up country: a folder of CSV files to upload, correct and compare."""
    return Path(__file__).parent / "sandoria"
