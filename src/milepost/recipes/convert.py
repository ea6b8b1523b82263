"""A file or folder in one format becomes one in another."""

from dataclasses import replace
from pathlib import Path

from milepost import interchange
from milepost.values import Dataset


def convert(source: Path, target: Path, *, from_: str | None = None, to: str | None = None) -> Dataset:
    """Read `source`, write `target`, return what was read; one row out for each observation in.

    Formats are keys of `interchange.FORMATS`, or told from the names. Of a folder, what can be read is
    written, and the dataset's problems name the rest. MilepostError where a single file cannot be read or the
    output not be written.
    """
    to = to or interchange.detect_target(target)
    dataset = interchange.read(source, from_)
    if not dataset.tables and dataset.structure is None:
        return dataset
    left_out = interchange.write(dataset, target, to)
    return replace(dataset, problems=(*dataset.problems, *left_out))
