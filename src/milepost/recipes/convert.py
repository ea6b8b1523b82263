"""A file or folder in one format becomes one in another."""

from pathlib import Path

from milepost import interchange
from milepost.values import Dataset


def convert(source: Path, target: Path, *, from_: str | None = None, to: str | None = None) -> Dataset:
    """Read `source`, write `target`, return what was read; one row out for each observation in.

    Formats are keys of `interchange.FORMATS`, or told from the names. MilepostError where a single file cannot
    be read or the output not written; of a folder, what can be read is written, and the dataset's problems name the rest.
    """
    to = to or interchange.detect_target(target)
    dataset = interchange.read(source, from_)
    if dataset.tables or dataset.structure is not None:
        interchange.write(dataset, target, to)
    return dataset
