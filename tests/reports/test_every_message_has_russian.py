"""`python -m tests.reports.test_every_message_has_russian` lists the messages that have no Russian yet."""

import string

from milepost.reports import sentences
from tests.reports import messages

RUSSIAN = sentences.translator("ru")


def missing() -> list[str]:
    """English messages that the Russian catalogue does not hold."""
    single, pairs = messages.of_code()
    said = messages.of_templates() | single | messages.of_lists() | messages.of_faults()
    return sorted(message for message in said | {one for one, _ in pairs} if not RUSSIAN.has(message))


def test_every_message_has_russian():
    assert missing() == []


def test_russian_fills_no_place_that_english_does_not_give():
    catalogue = sentences._catalogue("ru")
    assert catalogue is not None
    _, pairs = messages.of_code()
    others = dict(pairs)
    for english, forms in catalogue.messages.items():
        given = _places(english) | _places(others.get(english, ""))
        for form in forms:
            assert _places(form) <= given, english


def test_the_gathering_finds_messages_everywhere():
    single, pairs = messages.of_code()
    assert "Table of values" in messages.of_templates()
    assert "No value is published." in single
    assert ("{count} fault", "{count} faults") in pairs
    assert "On track" in messages.of_lists()
    assert "The file is empty." in messages.of_faults()


def _places(message: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(message) if name}


if __name__ == "__main__":
    print(*missing(), sep="\n")
