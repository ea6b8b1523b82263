"""SDMX: data messages (`ml`, `csv`) and structure messages (`structure`), in and out without losing an
observation."""

from pathlib import Path
from typing import Literal

from milepost.interchange import content, xml
from milepost.interchange.sdmx import csv, ml, structure

__all__ = ["csv", "ml", "sniff", "structure"]


def sniff(path: Path | str) -> Literal["data", "structure", "csv"] | None:
    """Which kind of SDMX a file is by its beginning, whatever its name says; None if it is none.

    Raises MilepostError for a file that is missing, empty or too large, and for XML that is refused or does
    not begin well.
    """
    found = content.of_file(path)
    with Path(path).open("rb") as file:
        head = file.read(content.HEAD)
    if found == "xml" or head.replace(b"\0", b"").startswith(b"<?xml"):  # the latter: UTF-16 without a mark
        root = xml.root(path)
        if "sdmx" not in root.namespace.lower():
            return None
        return "structure" if root.name == "Structure" else "data"
    if found == "text":
        encoding = "utf-16" if head.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8"
        return "csv" if csv.is_sdmx_csv(head.decode(encoding, "ignore")) else None
    return None
