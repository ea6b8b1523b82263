"""The institutions of a measure, as acts name them: who answers, who carries out, who helps by agreement."""

import re
from typing import NamedTuple


class Named(NamedTuple):
    """Who is named, in the act's order: as the one who answers, as those who carry out, as partners by
    agreement. Where nobody is marked to answer, nobody is chosen: `lead` stays empty."""

    lead: tuple[str, ...]
    executors: tuple[str, ...]
    partners: tuple[str, ...]


_PARTS = re.compile(
    r"\s*(?:[,;\n]|\bсовместно с(?:о)?\b|\btogether with\b|\bjointly with\b|\bin cooperation with\b)\s*"
)
_BLANKS = re.compile("[^\\S\n]+|\x00")
"""Blanks of one line; of a hundred thousand in a row each would be tried as the first."""
_ROUND = re.compile(r"\(([^()]*)\)")
_LEAD = re.compile(
    r"(?:отв(?:етственн\w*)?\.?(?: исполнител\w*)?|головн\w*(?: исполнител\w*)?|координатор|lead|coordinator"
    r"|responsible)\.?",
    re.IGNORECASE,
)
_AGREED = re.compile(
    r"по согласованию|by agreement|subject to agreement|in agreement|upon agreement", re.IGNORECASE
)
_LABEL = re.compile(
    r"^(?:(?P<lead>ответственн\w*(?: исполнител\w*)?|головн\w* исполнител\w*|lead(?: institution)?"
    r"|coordinator)"
    r"|(?P<executor>соисполнител\w*|исполнител\w*|co-?executors?|implementers?)"
    r"|(?P<partner>партн[её]р\w*|partners?))\s*[:–—-]\s*",
    re.IGNORECASE,
)


def named(text: str) -> Named:
    """Who a cell names.

    >>> named("МТСОМ (отв.), МИД совместно с МВД, НПО (по согласованию)")
    Named(lead=('МТСОМ',), executors=('МИД', 'МВД'), partners=('НПО',))
    >>> named("Lead: Labour Office; Partners: Red Cross, unions")
    Named(lead=('Labour Office',), executors=(), partners=('Red Cross', 'unions'))
    """
    found: dict[str, list[str]] = {"lead": [], "executor": [], "partner": []}
    kind = "executor"
    for part in _split(text):
        label = _LABEL.match(part)
        kind = next(name for name in found if label[name]) if label else kind
        words = part[label.end() :] if label else part
        own = kind
        if _AGREED.search(words):
            own, words = "partner", _AGREED.sub("", words)
        elif kind == "executor" and _marked(words):
            own, words = "lead", _without_mark(words)
        name = " ".join(words.replace("()", " ").split()).strip(" .–—-")
        if name and name not in found[own]:
            found[own].append(name)
    return Named(tuple(found["lead"]), tuple(found["executor"]), tuple(found["partner"]))


_MARK = re.compile(r"\s*\((?P<inside>[^()]*)\)|\s[–—-]\s*(?P<after>[^–—()]{0,80})$")


def _marked(words: str) -> bool:
    """Whether a mark in round brackets, or behind a dash, says that this one answers."""
    return any(_says_lead(mark) for mark in _MARK.finditer(words))


def _without_mark(words: str) -> str:
    return _MARK.sub(lambda mark: "" if _says_lead(mark) else mark[0], words)


def _says_lead(mark: re.Match[str]) -> bool:
    said = mark["inside"] or mark["after"] or ""
    return _LEAD.fullmatch(said.strip()) is not None


def _split(text: str) -> list[str]:
    """The parts of a list; what stands in round brackets is not taken apart."""
    kept: list[str] = []

    def put_aside(match: re.Match[str]) -> str:
        kept.append(match[0])
        return f"\x00{len(kept) - 1}\x00"

    plain = _ROUND.sub(put_aside, _BLANKS.sub(" ", text))
    parts = [part for part in _PARTS.split(plain) if part.strip()]
    return [re.sub("\x00(\\d+)\x00", lambda match: kept[int(match[1])], part).strip() for part in parts]
