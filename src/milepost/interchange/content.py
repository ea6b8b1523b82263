"""What a file really is, by its first bytes, whatever its name says."""

import re
from pathlib import Path

from milepost.errors import refuse
from milepost.interchange import limits
from milepost.values import Origin

HEAD = 4096

_SIGNATURES = (
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    (b"%PDF-", "pdf"),
    (b"\x1f\x8b", "gzip"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"Rar!\x1a", "rar"),
    (b"\x89PNG", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF87a", "image"),
    (b"GIF89a", "image"),
    (b"SQLite format 3\x00", "sqlite"),
    (b"{\\rtf", "rtf"),
)
_TAG = re.compile(r"<(\?xml\b|!--|!doctype\b|[a-z_][\w.:-]*(\s+[\w.:-]+=[\"']|\s*/?>))")
_JSON = re.compile(r'\{\s*"|\[\s*[\[{]|\[\s*"[^"]*"\s*,')
WORDS = {
    "zip": "a zip archive (such as an .xlsx workbook)",
    "ole": "an old or password-protected Office file",
    "pdf": "a PDF document",
    "gzip": "a gzip archive",
    "7z": "a 7z archive",
    "rar": "a RAR archive",
    "image": "a picture",
    "sqlite": "a SQLite database",
    "rtf": "an RTF document",
    "html": "a web page (HTML)",
    "xml": "an XML document",
    "json": "a JSON document",
    "text": "plain text",
}
"""What a person would call each kind of content."""


def of(head: bytes) -> str:
    """The kind of content, a key of WORDS, from the first bytes; "text" where nothing else shows."""
    for signature, kind in _SIGNATURES:
        if head.startswith(signature):
            return kind
    wide = head.startswith((b"\xff\xfe", b"\xfe\xff"))
    start = (
        head.decode("utf-16" if wide else "latin-1", "ignore").removeprefix("\xef\xbb\xbf").lstrip().lower()
    )
    if start.startswith(("<!doctype html", "<html")) or (start.startswith("<") and "<html" in start):
        return "html"
    if _TAG.match(start):
        return "xml"
    if _JSON.match(start):
        return "json"
    return "text"


def of_file(path: Path | str) -> str:
    """The kind of content of a file, a key of WORDS; refuses a file that is missing, empty or too large."""
    limits.check_size(path)
    try:
        with Path(path).open("rb") as file:
            return of(file.read(HEAD))
    except OSError as error:
        raise refuse("cannot-read", Origin(str(path)), why=error.strerror or str(error)) from error


def expect(wanted: str, found: str, path: Path | str, name: str) -> None:
    """Refuse a file whose content is not the wanted kind; `name` is what its format is called."""
    if found != wanted:
        raise refuse("wrong-content", Origin(str(path)), expected=name, found=WORDS[found])
