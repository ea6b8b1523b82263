"""Every message of the web's templates and modules, for the tests of translations."""

import io
import re
from pathlib import Path

from babel.messages.extract import extract
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

from milepost.web.ui.languages import SHIPPED

WEB = Path(__file__).parents[2] / "src" / "milepost" / "web"
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "lazy": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
PLACES = re.compile(r"%\((\w+)\)s|\{(\w+)[^}]*\}")

Message = tuple[str | None, tuple[str, ...]]


def of_source() -> dict[Message, str]:
    """{(context, (singular, plural …)): the first file that has it}."""
    found: dict[Message, str] = {}
    for path in sorted(WEB.rglob("*")):
        if path.suffix == ".py" and "migrations" not in path.parts:
            source = path.read_text(encoding="utf-8")
        elif path.suffix in (".html", ".txt") and "templates" in path.parts:
            source = templatize(path.read_text(encoding="utf-8"), origin=str(path))
        else:
            continue
        for _line, message, _comments, context in extract(
            "python", io.BytesIO(source.encode()), keywords=KEYWORDS
        ):
            words = (message,) if isinstance(message, str) else tuple(filter(None, message))
            if words and words[0]:
                found.setdefault((context, words), str(path.relative_to(WEB)))
    return found


def of_catalogues(language: str) -> dict[Message, dict[str, tuple[str, ...]]]:
    """{message: {file: translations}}."""
    found: dict[Message, dict[str, tuple[str, ...]]] = {}
    for path in sorted((SHIPPED / language / "LC_MESSAGES").glob("web-*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale=language):
                if message.id:
                    words = (message.id,) if isinstance(message.id, str) else tuple(message.id)
                    said = (message.string,) if isinstance(message.string, str) else tuple(message.string)
                    found.setdefault((message.context, words), {})[path.name] = said
    return found


if __name__ == "__main__":
    known = of_catalogues("ru")
    for message, place in of_source().items():
        if message not in known:
            print(f"{place}: {message}")
