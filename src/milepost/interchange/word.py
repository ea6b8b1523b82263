"""Word documents: opened with care, and their tables as rows of cells."""

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from docx.opc.exceptions import OpcError
from docx.opc.package import OpcPackage
from docx.oxml.ns import qn
from docx.oxml.parser import parse_xml
from lxml import etree  # pyright: ignore[reportAttributeAccessIssue] - it has no stubs

from milepost.errors import refuse
from milepost.interchange import content, limits, xml

_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    etree.LxmlError,
    OpcError,
    OSError,
    EOFError,
    KeyError,
    ValueError,
    TypeError,
    AttributeError,
    IndexError,
    NotImplementedError,
    RecursionError,
)
"""What a document that is none, or a damaged one, makes the library raise."""


MOST_COLUMNS = 63
"""Word has no table with more."""


@contextmanager
def opened(path: Path | str) -> Iterator[Any]:
    """The main part of a document, while the block runs.

    MilepostError for a file that is no Word document, is damaged or locked, unpacks to far too much, or holds
    a DOCTYPE; also where the block stumbles over what is damaged.
    """
    content.expect("zip", content.of_file(path), path, "a Word document")
    limits.check_archive(path)
    try:
        _refuse_document_types(path)
        yield OpcPackage.open(str(path)).main_document_part
    except _DAMAGED as error:
        raise refuse("damaged", str(path), why=str(error) or type(error).__name__) from error


def root(part: Any) -> Any:
    """The outermost element of a part; that of a document with macros is known to the library as bytes."""
    return part.element if hasattr(part, "element") else parse_xml(part.blob)


def _refuse_document_types(path: Path | str) -> None:
    """Look at the beginning of every part before any of them is taken apart."""
    with zipfile.ZipFile(path) as archive:
        for member in archive.infolist():
            with archive.open(member) as stream:
                try:
                    _, element = next(etree.iterparse(stream, events=("start",), **xml.SAFE))
                except (etree.XMLSyntaxError, StopIteration):
                    continue  # a picture, or a part that nobody can take apart
                if element.getroottree().docinfo.internalDTD is not None:
                    raise refuse("xml-doctype", str(path))


# Tables -----------------------------------------------------------------------------------------------------


class Cell(NamedTuple):
    """The text of a cell, paragraphs on lines of their own; how many columns it covers; and whether it only
    carries on the cell above."""

    text: str
    columns: int = 1
    carried: bool = False


def tables(path: Path | str) -> list[list[list[Cell]]]:
    """Every table of a document that stands in no other table: its rows, each a list of cells.

    What was deleted with changes tracked is left out, and what was inserted is in. Refuses what `opened`
    refuses.
    """
    with opened(path) as main:
        return [_table(table) for table in _outermost(root(main))]


def _outermost(document: Any) -> Iterator[Any]:
    for table in document.iter(qn("w:tbl")):
        if next(table.iterancestors(qn("w:tbl")), None) is None:
            yield table


def _table(table: Any) -> list[list[Cell]]:
    above: dict[int, str] = {}
    return [
        _row(row, above) for row in _own(table, "w:tr") if row.find(f"{qn('w:trPr')}/{qn('w:del')}") is None
    ]


def _row(row: Any, above: dict[int, str]) -> list[Cell]:
    """The cells of a row; `above` keeps, by column, the text that cells below may carry on."""
    cells: list[Cell] = []
    column = _number(row, "w:trPr/w:gridBefore", 0)
    cells += [Cell("")] * column
    for cell in _own(row, "w:tc"):
        columns = _number(cell, "w:tcPr/w:gridSpan", 1)
        merged = cell.find(f"{qn('w:tcPr')}/{qn('w:vMerge')}")
        carried = merged is not None and merged.get(qn("w:val"), "continue") == "continue" and column in above
        text = above[column] if carried else _text(cell)
        above[column] = text
        cells.append(Cell(text, columns, carried))
        column += columns
    return cells


def _own(element: Any, name: str) -> Iterator[Any]:
    """The rows of a table or the cells of a row, also those inside content controls and insertions."""
    for child in element:
        if child.tag == qn(name):
            yield child
        elif child.tag in _AROUND:
            yield from _own(child, name)


_AROUND = tuple(map(qn, ("w:sdt", "w:sdtContent", "w:customXml", "w:ins", "w:moveTo", "w:smartTag")))


def _number(element: Any, way: str, otherwise: int) -> int:
    found = element.find("/".join(map(qn, way.split("/"))))
    text = found.get(qn("w:val"), "") if found is not None else ""
    return min(int(text), MOST_COLUMNS) if text.isdecimal() and len(text) < 4 else otherwise


def _text(cell: Any) -> str:
    """What a reader sees in a cell."""
    lines = []
    for paragraph in cell.iter(qn("w:p")):
        if next(paragraph.iterancestors(qn("w:tc")), None) is cell:
            lines.append("".join(_said(paragraph)).strip())
    return "\n".join(line for line in lines if line)


def _said(element: Any) -> Iterator[str]:
    for child in element:
        if child.tag == qn("w:t"):
            yield child.text or ""
        elif child.tag in (qn("w:br"), qn("w:cr")):
            yield "\n"
        elif child.tag == qn("w:tab"):
            yield " "
        elif child.tag == qn("w:noBreakHyphen"):
            yield "-"
        elif child.tag not in _UNSEEN:
            yield from _said(child)


_UNSEEN = tuple(map(qn, ("w:del", "w:moveFrom", "w:pPr", "w:rPr", "w:instrText", "w:footnoteReference")))
