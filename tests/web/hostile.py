"""What a hostile person sends to the addresses of an app: wrong methods, forged fields, words that break."""

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, reverse
from django.urls.converters import IntConverter

ELSEWHERE = "https://evil.example/"
BREAKING = {"NUL": "a\x00b", "bidi": "a\u202eb\u2066c", "long": "x" * 30_000, "digits": "9" * 400}
FIELDS = (
    "revision",
    "row",
    "file",
    "round",
    "deed",
    "reason",
    "form",
    "pk",
    "project",
    "plan",
    "measure",
    "target",
    "indicator",
    "institution",
    "programme",
    "manager",
    "coordinator",
    "what",
    "what-en",
    "title-en",
    "words-en",
    "code",
    "start",
    "end",
    "due",
    "value",
    "share",
    "percent",
    "counted_in",
    "kind",
    "role",
    "state",
    "public",
    "name",
    "name-en",
    "comment",
    "evidence",
    "query",
    "page",
    "areas",
    "tags",
    "id",
    "by",
    "status",
    "answer",
)
"""Names of fields that some form has, and some that none has: sent all at once."""


def addresses(patterns: Any, number: int) -> Iterator[tuple[str, str]]:
    """(name, address) of every page of an app: its whole numbers are this one, its words a deed."""
    for pattern in patterns:
        if isinstance(pattern, URLPattern) and pattern.name:
            kinds = pattern.pattern.converters
            said = {
                name: number if isinstance(kind, IntConverter) else "approve" for name, kind in kinds.items()
            }
            yield pattern.name, reverse(pattern.name, kwargs=said)


def forged(said: str) -> dict[str, str]:
    """Every field with the same words, and an address to be sent to."""
    return {**dict.fromkeys(FIELDS, said), "next": ELSEWHERE}
