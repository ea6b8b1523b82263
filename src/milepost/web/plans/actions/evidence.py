"""What is uploaded to show or to be commented on: documents, pictures and tables, whole and harmless."""

import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from milepost.errors import MilepostError
from milepost.interchange.limits import check_archive, max_bytes
from milepost.values import Origin, Problem
from milepost.web.ui.conditions import fault

_ZIP = b"PK\x03\x04"
INSIDE: dict[str, str] = {".docx": "word/", ".xlsx": "xl/", ".odt": "content.xml", ".ods": "content.xml"}
"""Documents that are archives: ending -> how the name of a part begins that each of them has."""
PROGRAMS = ("vbaproject.bin", ".exe", ".dll", ".js", ".vbs", ".class", ".jar")
"""How the names of parts end that are programs."""
SHOWS: dict[str, bytes] = {
    ".pdf": b"%PDF-",
    ".jpg": b"\xff\xd8\xff",
    ".jpeg": b"\xff\xd8\xff",
    ".png": b"\x89PNG\r\n\x1a\n",
    ".csv": b"",
    **dict.fromkeys(INSIDE, _ZIP),
}
"""Files that may show what was done: ending -> how the content of such a file begins."""


def faults_of(upload: Any, name: str, kinds: Iterable[str], unfit: Problem) -> list[Problem]:
    """Why an upload of this name is refused: `unfit` where its ending is none of `kinds` or its content is of
    another kind; an archive that is damaged, unfolds without end or carries a program.
    """
    ending = Path(name).suffix.lower()
    if ending not in kinds or not _begins_with(upload, SHOWS[ending]):
        return [unfit]
    if ending not in INSIDE or upload.size > max_bytes():  # whoever keeps it refuses what is too large
        return []
    try:
        parts = _parts(upload)
    except MilepostError as error:
        place = Origin(name, column=unfit.origin.column)
        return [Problem(one.code, place, one.details) for one in error.problems]
    if not any(part.startswith(INSIDE[ending]) for part in parts):
        return [unfit]
    if any(part.lower().endswith(PROGRAMS) for part in parts):
        return [fault("carries-program", unfit.origin.column or "", name=name)]
    return []


def _begins_with(upload: Any, sign: bytes) -> bool:
    """Whether what is uploaded begins like a file of its kind; one without a sign is text."""
    upload.seek(0)
    found = upload.read(max(len(sign), 512))
    upload.seek(0)
    return found.startswith(sign) if sign else b"\x00" not in found


def _parts(upload: Any) -> list[str]:
    """The names inside an uploaded archive; MilepostError where it is damaged or unfolds without end."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "archive"
        with path.open("wb") as file:
            for chunk in upload.chunks():
                file.write(chunk)
        upload.seek(0)
        return check_archive(path)
