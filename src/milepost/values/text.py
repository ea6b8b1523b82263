"""Words in several languages."""

from collections.abc import Iterator, Mapping


class Text(Mapping[str, str]):
    """One text in several languages: {language: text}. A missing translation stays visibly missing.

    >>> name = Text(en="Women", ru="Женщины")
    >>> name.get("ru"), name.get("ky")
    ('Женщины', None)
    >>> name.best("ky")
    ('Women', 'en')
    """

    __slots__ = ("_by_language",)

    def __init__(self, by_language: Mapping[str, str] | None = None, /, **languages: str):
        self._by_language = {**(by_language or {}), **languages}

    def __getitem__(self, language: str) -> str:
        return self._by_language[language]

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_language)

    def __len__(self) -> int:
        return len(self._by_language)

    def __repr__(self) -> str:
        return f"Text({self._by_language!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Mapping) and self._by_language == dict(other)

    def __hash__(self) -> int:
        return hash(frozenset(self._by_language.items()))

    def best(self, language: str, *fallbacks: str) -> tuple[str, str | None]:
        """The text and its language: as asked, else a fallback, English or any; ("", None) for none."""
        for candidate in (language, *fallbacks, "en", *self._by_language):
            if self._by_language.get(candidate):
                return self._by_language[candidate], candidate
        return "", None
