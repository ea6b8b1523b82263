"""A folder that comes as a .zip: told by its content, and unpacked so that nothing lands outside."""

import stat
import zipfile
import zlib
from contextlib import suppress
from pathlib import Path, PurePosixPath

from milepost.errors import MilepostError, refuse
from milepost.interchange import content, limits
from milepost.values import Origin

_CHUNK = 1024 * 1024
_WORKBOOKS = frozenset({"xl/workbook.xml", "content.xml"})
_DEEPEST = 12


def is_folder(path: Path) -> bool:
    """Whether a file is an archive, and no workbook, which is one too."""
    with suppress(MilepostError):
        return content.of_file(path) == "zip" and not _WORKBOOKS & set(limits.check_archive(path))
    return False


def unpack(path: Path, target: Path) -> Path:
    """Unpack an archive below `target`, an empty folder; the folder of its content, without a lone one above.

    Refused are too much content, paths that lead outside, links and devices; whatever the archive says of the
    size of its content, no more than that is written.
    """
    limits.check_archive(path)
    try:
        with zipfile.ZipFile(path) as archive:
            for member in archive.infolist():
                place = _place(member, path)
                if not member.is_dir() and place is not None:
                    _write(archive, member, target / place)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, RuntimeError) as error:
        raise refuse("damaged", Origin(path.name), why=str(error)) from error
    inside = [one for one in target.iterdir() if not one.name.startswith(".")]
    return inside[0] if len(inside) == 1 and inside[0].is_dir() else target


def _place(member: zipfile.ZipInfo, path: Path) -> PurePosixPath | None:
    """Where a member goes, below the target; None for what systems add of their own."""
    name = member.filename.replace("\\", "/")
    place = PurePosixPath(name)
    if place.is_absolute() or ".." in place.parts or ":" in name or not name.isprintable():
        raise refuse("archive-path", Origin(path.name), name=name)
    if len(place.parts) > _DEEPEST or any(len(part.encode()) > 255 for part in place.parts):
        raise refuse("archive-path", Origin(path.name), name=f"{name[:80]}…")
    kind = stat.S_IFMT(member.external_attr >> 16)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise refuse("archive-link", Origin(path.name), name=name)
    return None if place.parts[:1] == ("__MACOSX",) else place


def _write(archive: zipfile.ZipFile, member: zipfile.ZipInfo, place: Path) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    left = member.file_size
    with archive.open(member) as source, place.open("xb") as file:
        while chunk := source.read(_CHUNK):
            left -= len(chunk)
            if left < 0:
                raise zipfile.BadZipFile(f"{member.filename} is larger than the archive says")
            file.write(chunk)
