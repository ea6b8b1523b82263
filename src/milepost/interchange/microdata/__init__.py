"""Files of records, one person or unit a row: opened where they lie, or turned into Parquet aside.

The copies lie in a private folder that goes when the work ends, or, where it was killed, when the next one
begins. Faults name columns and rows, never what a cell holds.
"""

from milepost.interchange.microdata.kinds import ENDINGS, SIZE_SETTING, kind_of
from milepost.interchange.microdata.looking import Column, categories, columns, sheets
from milepost.interchange.microdata.opening import is_database, opened, parts, remove_stale

__all__ = [
    "ENDINGS",
    "SIZE_SETTING",
    "Column",
    "categories",
    "columns",
    "is_database",
    "kind_of",
    "opened",
    "parts",
    "remove_stale",
    "sheets",
]
