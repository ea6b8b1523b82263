"""A questionnaire by its code, or from a file that somebody wrote; and out again."""

from pathlib import Path

from milepost import catalogue
from milepost.catalogue.questionnaires import data_of as as_dict
from milepost.interchange.questionnaire import Loaded, read, write

__all__ = ["Loaded", "as_dict", "find", "write"]


def find(wanted: str, version: str = "") -> Loaded:
    """A questionnaire that ships, by its code and version, or the one in a file (YAML or a workbook).

    MilepostError with every fault of a file, or with near codes where there is neither.
    """
    if not version and Path(wanted).is_file():
        return read(wanted)
    code, _, named = wanted.partition("@")
    return Loaded(catalogue.questionnaire(code, version or named))
