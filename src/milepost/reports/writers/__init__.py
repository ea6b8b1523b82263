"""A Document to a file: web page, Word, PDF. Each writer has the same door: `render` and `write`."""

from milepost.reports.writers import docx, html, pdf

FORMATS = {"html": html.render, "docx": docx.render, "pdf": pdf.render}
"""What a document can be written as; each takes a Document and returns the bytes of a file."""
