"""Project pages of funds: a record, the words as printed, and the faults, by pattern and vocabulary.

Four layouts are known and may be mixed: a dash, label and value on lines of their own; bullets with or
without values; values without labels; labels in other languages (one file each in `labels/`). So are tables,
facts on one line, and all labels before all values. Nothing is told from its position alone: a value that is
missing stays missing.
"""

from milepost.interchange.project_pages.countries import Country, countries_in, country_code
from milepost.interchange.project_pages.labels import use as use_labels
from milepost.interchange.project_pages.opening import LIMIT
from milepost.interchange.project_pages.page import Page, file_name, read, read_bytes, read_text

__all__ = [
    "LIMIT",
    "Country",
    "Page",
    "countries_in",
    "country_code",
    "file_name",
    "read",
    "read_bytes",
    "read_text",
    "use_labels",
]
