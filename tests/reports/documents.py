"""What the three files of a document hold, read as a stranger reads them."""

import re
import subprocess
import zipfile
from io import BytesIO
from pathlib import Path

from docx import Document as WordFile
from lxml import etree, html

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def words_of_page(page: bytes | str) -> str:
    """The visible text of a web page."""
    tree = html.fromstring(page)
    for style in tree.iter("style"):
        style.text = ""
    for line in tree.iter("br"):
        line.tail = "\n" + (line.tail or "")
    return tree.text_content()


def part(word: bytes, name: str = "word/document.xml"):
    """One part of a Word file as XML."""
    with zipfile.ZipFile(BytesIO(word)) as package:
        return etree.fromstring(package.read(name))


def words_of_word(word: bytes) -> str:
    """The text of a Word file; lines and tabs as they are."""
    WordFile(BytesIO(word))  # another program opens it
    said = {f"{W}br": "\n", f"{W}tab": "\t", f"{W}p": "\n"}
    body = part(word)[0]
    return "".join(
        element.text or "" if element.tag == f"{W}t" else said.get(element.tag, "") for element in body.iter()
    )


def words_of_pdf(pdf: bytes, folder: Path) -> str:
    """The text of a PDF in the order of reading."""
    path = folder / "read.pdf"
    path.write_bytes(pdf)
    done = subprocess.run(["pdftotext", "-raw", path, "-"], capture_output=True, check=True)
    return done.stdout.decode()


def squeezed(text: str) -> str:
    """The text without what line breaking adds or drops: spaces, soft hyphens, zero-width spaces."""
    return re.sub(r"[\s\u00ad\u200b\u2010-]+", "", text)
