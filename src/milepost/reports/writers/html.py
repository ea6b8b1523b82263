"""A Document as a web page that needs nothing beside it, or as a part of another page."""

from collections.abc import Callable
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]
from markupsafe import Markup, escape

from milepost.reports.document import Document, Words, furniture, headings, resolved, runs

HERE = Path(__file__).parent
STYLE = HERE / "static" / "document.css"
"""The style sheet of both forms; its colours and letters are the page's tokens where there are any."""

Resolver = Callable[[str], str | None]
"""From the address of evidence to where it is shown to this reader; None where he may not see it."""


def render(document: Document, *, resolver: Resolver | None = None) -> bytes:
    """The document as a whole page, in UTF-8, with its style inside."""
    style = Markup(STYLE.read_text(encoding="utf-8"))  # noqa: S704 - our own file
    return _page(document, resolver, "page.html", style=style).encode()


def fragment(document: Document, *, resolver: Resolver | None = None, level: int = 1) -> str:
    """The document as an <article> for another page; its title is a heading of `level`.

    It holds neither styles nor scripts; the page must link the style sheet STYLE.
    """
    return _page(document, resolver, "document.html", level=level)


def write(document: Document, out: Path | BinaryIO, *, resolver: Resolver | None = None) -> None:
    """Write the whole page to a path or an open file."""
    content = render(document, resolver=resolver)
    out.write_bytes(content) if isinstance(out, Path) else out.write(content)


def _page(document: Document, resolver: Resolver | None, template: str, **further: object) -> str:
    ready = resolved(document)
    phrases = furniture(ready)
    return (
        _environment()
        .get_template(template)
        .render(
            document=ready,
            phrases=phrases,
            headings=headings(ready),
            inline=lambda words: _inline(words, resolver, phrases.source),
            picture=_picture,
            kind=lambda block: type(block).__name__,
            **{"level": 1, **further},
        )
    )


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(HERE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _inline(words: Words, resolver: Resolver | None, source: Callable[[int], str]) -> Markup:
    """Runs as HTML: what rests on something leads there."""
    parts = []
    for run in runs(words):
        part = Markup("<br>").join(escape(line) for line in run.text.split("\n"))
        for wanted, tag in ((run.emphasis, "em"), (run.strong, "strong")):
            if wanted and part:
                part = Markup("<{0}>{1}</{0}>").format(Markup(tag), part)  # noqa: S704 - one of two tags
        home = resolver(run.trace) if resolver and run.trace else None
        if run.link:
            part = Markup('<a href="{}">{}</a>').format(run.link, part)
        elif home and part:
            part = Markup('<a class="figure" href="{}">{}</a>').format(home, part)
        elif run.number and part and not resolver:
            part = Markup('<a class="figure" href="#source-{}">{}</a>').format(run.number, part)
        if run.number and run.mark and not resolver:
            part += Markup('<sup><a href="#source-{0}" aria-label="{1}">[{0}]</a></sup>').format(
                run.number, source(run.number)
            )
        if run.language:
            part = Markup('<span lang="{}">{}</span>').format(run.language, part)
        parts.append(part)
    return Markup("").join(parts)


# Pictures ---------------------------------------------------------------------------------------------------

_DRAWN = frozenset(
    ("svg", "g", "path", "text", "tspan", "circle", "rect", "line", "polyline", "polygon", "title", "desc")
)
_SVG = "{http://www.w3.org/2000/svg}"


def _picture(svg: str) -> Markup:
    """An SVG for the inside of a page: shapes and words only, no script, style, link or outer address."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    root = etree.parse(BytesIO(svg.encode()), parser).getroot()
    for element in root.iter():
        if not isinstance(element.tag, str) or element.tag.removeprefix(_SVG) not in _DRAWN:
            raise ValueError(f"a chart must hold shapes and words only, not {element.tag!r}")
        for name, value in element.attrib.items():
            if name == "style" or name.lower().startswith("on") or "href" in name or "url(" in value.lower():
                raise ValueError(f"a chart must not hold the attribute {name}")
    root.set("aria-hidden", "true")
    root.attrib.pop("role", None)
    return Markup(etree.tostring(root, encoding="unicode"))  # noqa: S704 - checked above
