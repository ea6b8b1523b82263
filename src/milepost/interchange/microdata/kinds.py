"""What kind of records a file holds, by its name and its content, and how large it may be."""

import os
import stat
from pathlib import Path

from milepost.errors import refuse
from milepost.interchange import content, limits
from milepost.values import Origin

SIZE_SETTING = "MILEPOST_MAX_MICRODATA_MB"
"""The setting that limits every file of records; without it only those that are converted have a limit."""

CONVERTED_MEGABYTES = 20_000
"""The limit for files of SPSS and Stata where the setting gives none."""

ENDINGS = {
    ".parquet": "parquet", ".pq": "parquet",
    ".csv": "csv", ".tsv": "csv", ".txt": "csv",
    ".xlsx": "workbook", ".xlsm": "workbook", ".xls": "workbook", ".ods": "workbook",
    ".sav": "spss", ".zsav": "spss", ".por": "spss-portable",
    ".dta": "stata",
}  # fmt: skip
"""The kind of records by the ending of the file's name."""

NAMES = {
    "parquet": "Parquet",
    "csv": "CSV",
    "workbook": "workbook",
    "spss": "SPSS",
    "spss-portable": "SPSS portable",
    "stata": "Stata",
}
_CONTENTS = {
    "parquet": ("parquet",),
    "csv": ("text",),
    "workbook": ("zip", "ole"),
    "spss": ("spss",),
    "spss-portable": ("spss-portable",),
    "stata": ("stata",),
}
_WORDS = {
    **content.WORDS,
    "parquet": "a Parquet file",
    "locked": "an encrypted Parquet file",
    "spss": "an SPSS file (.sav)",
    "spss-portable": "an SPSS portable file (.por)",
    "stata": "a Stata file",
}
_OLDEST_STATA, _NEWEST_OLD_STATA = 102, 115


def kind_of(path: Path | str, name: str | None = None) -> str:
    """The kind of records, a key of NAMES; refuses a file that is missing, empty, too large or another thing.

    A folder is taken for one of Parquet files. `name` is what the file is called where it is kept under
    another one.
    """
    given = name or str(path)
    if _is_folder(path):
        return "parquet"
    kind = ENDINGS.get(Path(given).suffix.lower())
    if kind is None:
        raise refuse("microdata-unknown-kind", Origin(given), name=Path(given).name, known=", ".join(ENDINGS))
    _check_size(path, kind)
    found = _content(path)
    if found not in _CONTENTS[kind]:
        raise refuse("wrong-content", Origin(str(path)), expected=NAMES[kind], found=_WORDS[found])
    return kind


def _is_folder(path: Path | str) -> bool:
    try:
        return Path(path).is_dir()
    except (OSError, ValueError):  # a name that cannot be one: reading says why
        return False


def _check_size(path: Path | str, kind: str) -> None:
    try:
        status = Path(path).stat()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise refuse("not-found", Origin(str(path))) from error
    except (OSError, ValueError) as error:
        raise _cannot_read(path, error) from error
    if not stat.S_ISREG(status.st_mode):
        raise refuse("not-a-file", Origin(str(path)))
    if status.st_size == 0:
        raise refuse("empty-file", Origin(str(path)))
    limit = max_megabytes(kind)
    if limit is not None and status.st_size > limit * limits.MEGABYTE:
        size = f"{status.st_size / limits.MEGABYTE:,.1f}".removesuffix(".0")
        raise refuse("microdata-too-large", Origin(str(path)), size=size, limit=f"{limit:g}")


def max_megabytes(kind: str) -> float | None:
    """The largest file of a kind in megabytes, None for no limit; workbooks have one of their own beside."""
    text = os.environ.get(SIZE_SETTING, "").strip()
    if not text:
        return CONVERTED_MEGABYTES if kind in ("spss", "spss-portable", "stata") else None
    try:
        megabytes = float(text)
    except ValueError:
        megabytes = 0.0
    if not 0 < megabytes < 1e9:  # NaN fails too
        raise refuse("bad-setting", Origin(SIZE_SETTING), value=text, wanted="a number of megabytes above 0")
    return megabytes


def _content(path: Path | str) -> str:
    """The kind of content, a key of _WORDS, from the first bytes."""
    try:
        with Path(path).open("rb") as file:
            head = file.read(content.HEAD)
    except OSError as error:
        raise _cannot_read(path, error) from error
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith(b"PARE"):
        return "locked"
    if head.startswith((b"$FL2", b"$FL3")):
        return "spss"
    if b"SPSS PORT FILE" in head[:512]:
        return "spss-portable"
    if head.startswith(b"<stata_dta>") or _is_old_stata(head):
        return "stata"
    return content.of(head)


def _is_old_stata(head: bytes) -> bool:
    """Release, order of bytes (1 or 2), and a 1 for a file of data: how files began before Stata 13."""
    return (
        len(head) > 4 and _OLDEST_STATA <= head[0] <= _NEWEST_OLD_STATA and head[1] in (1, 2) and head[2] == 1
    )


def _cannot_read(path: Path | str, error: Exception):
    why = getattr(error, "strerror", None) or str(error)
    return refuse("cannot-read", Origin(str(path)), why=why)
