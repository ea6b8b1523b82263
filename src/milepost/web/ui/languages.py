"""The languages of the interface: a folder with .po files is a language, and needs nothing else.

Catalogues that ship are in `milepost/locale/<language>/LC_MESSAGES`, one .po file for each app; a state adds
or overrides in `MILEPOST_HOME/locale`. They are merged into one .mo file each time one of them is newer.
"""

import os
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

SHIPPED = Path(__file__).parents[2] / "locale"
DOMAIN = "django"
FIRST = ("en", "ru")
"""The languages that are complete, in the order of the switch."""


def offered(home: Path) -> list[tuple[str, str]]:
    """(code, its own name) of every language; English is the language of the source."""
    found = {
        path.name for folder in (SHIPPED, home / "locale") for path in folder.glob("*/") if path.is_dir()
    }
    return [(code, _name(code)) for code in (*FIRST, *sorted(found - set(FIRST)))]


def _name(code: str) -> str:
    try:
        return (Locale.parse(code.replace("-", "_")).display_name or code).capitalize()
    except (ValueError, UnknownLocaleError):
        return code


def compiled(home: Path) -> list[Path]:
    """The folder of compiled catalogues below `home`, made again where a .po file is newer."""
    target = home / "compiled"
    for code, _ in offered(home):
        sources = [
            *sorted((SHIPPED / code / "LC_MESSAGES").glob("*.po")),
            *sorted((home / "locale" / code / "LC_MESSAGES").glob("*.po")),
        ]
        if sources:
            _compile(code, sources, target / code / "LC_MESSAGES" / f"{DOMAIN}.mo")
    return [target]


def _compile(code: str, sources: list[Path], target: Path) -> None:
    """Merge .po files into one .mo; the later file wins."""
    state = "\n".join(f"{path} {path.stat().st_mtime_ns}" for path in sources)
    kept = target.with_suffix(".sources")
    if target.exists() and kept.exists() and kept.read_text(encoding="utf-8") == state:
        return
    merged = Catalog(locale=code.replace("-", "_"))
    for path in sources:
        with path.open("rb") as file:
            for message in read_po(file, locale=code.replace("-", "_")):
                if message.id and not message.fuzzy and all(_strings(message)):
                    merged.delete(message.id, message.context)  # else Babel keeps the first
                    merged[message.id] = message
    target.parent.mkdir(parents=True, exist_ok=True)
    aside = target.with_suffix(f".{os.getpid()}")
    with aside.open("wb") as file:
        write_mo(file, merged)
    aside.replace(target)
    kept.write_text(state, encoding="utf-8")


def _strings(message: Message) -> tuple[str | None, ...]:
    """The translation, or its plural forms."""
    return tuple(message.string) if isinstance(message.string, (tuple, list)) else (message.string,)
