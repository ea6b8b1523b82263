"""One project page: its record, what was printed, and the faults."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from milepost.catalogue import code_list
from milepost.catalogue.projects import Word, folded, project_word, project_words
from milepost.interchange import limits
from milepost.interchange.project_pages import countries, layout, opening, values
from milepost.interchange.project_pages.labels import OTHER
from milepost.values import Origin, Problem, ProjectRecord

SECONDS = 20.0
"""Time for reading one page."""
_DASH = re.compile(r"\s+[-–—]\s+|\s*[–—]\s*|\s+(?:to|until|à|au|по|al?|hasta)\s+", re.IGNORECASE)
_FROM = re.compile(r"^(?:from|since|du|depuis|de|с|del?|desde)\s+", re.IGNORECASE)
_CODE_FIELDS = {"prima_id": values.PRIMA_ID, "project_id": values.PROJECT_ID}


@dataclass(frozen=True, slots=True)
class Page:
    """What one page says.

    `raw` is {label as printed: text as printed, "" where a label stands alone}; `unlabelled` are the lines
    under no label. `file` is the base name of the file.
    """

    file: str
    record: ProjectRecord
    raw: dict[str, str] = field(default_factory=dict)
    unlabelled: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


def read(path: Path | str) -> Page:
    """A page saved as text or HTML; raises MilepostError where it cannot be read at all."""
    with limits.deadline(str(path), SECONDS):
        return read_bytes(opening.contents(path), str(path))


def read_bytes(data: bytes, file: str) -> Page:
    """The same from the bytes of a file; `file` names it in faults."""
    problems: list[Problem] = []
    return _read(opening.decoded(data, file, problems), file, problems)


def read_text(text: str, file: str) -> Page:
    """A page from text that was pasted; `file` names it in faults. Refuses what is too large."""
    opening.check_size(len(text), file)
    return _read(text, file, [])


def _read(text: str, file: str, problems: list[Problem]) -> Page:
    lines = opening.lines(text)
    reading = _Reading(file, problems)
    if not lines:
        reading.fault("project-page-empty", None)
        return Page(file_name(file), ProjectRecord(), problems=tuple(problems))
    found = layout.take_apart(lines)
    record = _record(found, reading)
    if not found.labelled and not found.values:
        reading.fault("project-page-no-facts", lines[0].number)
    _check(record, reading)
    if found.second is not None:
        reading.fault("project-page-several", found.second)
    problems.sort(key=lambda problem: problem.origin.row or 0)
    return Page(
        file=file_name(file),
        record=record,
        raw=_raw(found),
        unlabelled=tuple(
            line.text.strip(opening.HEADING + "\t")
            for line in sorted(found.unlabelled, key=lambda line: line.number)
        ),
        problems=tuple(problems),
    )


def file_name(file: str) -> str:
    """The base name of a file, without its folders."""
    return Path(file).name or file


class _Reading:
    """Notes the faults of one page, each at its line."""

    def __init__(self, file: str, problems: list[Problem]):
        self.file = file
        self.problems = problems
        self.lines: dict[str, int] = {}

    def fault(self, code: str, line: int | None, column: str | None = None, /, **details: Any) -> None:
        self.problems.append(Problem(code, Origin(self.file, row=line, column=column), details))


def _raw(found: layout.Layout) -> dict[str, str]:
    raw: dict[str, str] = {}
    for label, _, texts in (*found.labelled, *found.strangers):
        text = "\n".join(text for _, text in texts)
        before = raw.get(label.printed)
        raw[label.printed] = text if not before else "\n".join(filter(None, (before, text)))
    return raw


# From printed texts to the record


def _record(found: layout.Layout, reading: _Reading) -> ProjectRecord:
    if found.values:
        texts = _of_values(found, reading)
        currency = None
    else:
        texts, currency = _of_labels(found, reading)
    texts.setdefault("title", found.title)
    if found.narrative and not texts.get("narrative"):
        texts["narrative"] = "\n".join(found.narrative)
    elif found.narrative:
        texts["narrative"] += "\n" + "\n".join(found.narrative)
    _part_period(texts, reading)
    _right_codes(texts, reading)
    printed: dict[str, Any] = {name: text for name, text in texts.items() if name not in _READ and text}
    printed |= _budget(texts.get("budget", ""), currency, reading)
    if texts.get("member_states"):
        printed["member_states"] = _member_states(texts["member_states"], reading)
    return ProjectRecord(**printed)


_READ = ("budget", "member_states", "period")


def _of_values(found: layout.Layout, reading: _Reading) -> dict[str, str]:
    """Texts by field where values stand without labels; what fits two fields, or none, is a fault."""
    texts: dict[str, list[str]] = {}
    for field_, line, fitting in found.values:
        reading.lines.setdefault(field_, line.number)
        if field_ in texts and field_ != "member_states":
            _two_values(reading, line.number, field_, texts[field_][0], line.text)
            continue
        texts.setdefault(field_, []).append(line.text)
        if len(fitting) > 1:
            reading.fault(
                "project-value-ambiguous",
                line.number,
                text=line.text,
                fields=_words(fitting),
                field=_words([field_]),
            )
    states = {line.number: line.text for name, line, _ in found.values if name == "member_states"}
    if "type" in texts and states:  # what stands among the states is one, of an unknown name
        beside = [line for line in found.unplaced if {line.number - 1, line.number + 1} & set(states)]
        states.update((line.number, line.text) for line in beside)
        texts["member_states"] = [states[number] for number in sorted(states)]
        found.unplaced = [line for line in found.unplaced if line not in beside]
    if len(found.unplaced) == 1 and "type" not in texts and not values.kinds(found.unplaced[0].text):
        line = found.unplaced[0]  # every other line is told: what is left is the type, in unknown words
        texts["type"] = [line.text]
        reading.lines["type"] = line.number
        reading.fault("project-type-guessed", line.number, text=line.text)
    else:
        for line in found.unplaced:
            reading.fault("project-line-unplaced", line.number, text=_short(line.text))
    return {field_: "\n".join(parts) for field_, parts in texts.items() if parts}


def _of_labels(found: layout.Layout, reading: _Reading) -> tuple[dict[str, str], str | None]:
    """Texts by field where they have labels, and the currency that the budget's label names."""
    texts: dict[str, str] = {}
    currency = None
    for label, number, parts in found.labelled:
        if label.field == OTHER:
            continue
        given = [text for _, text in parts if text.casefold() not in values.MISSING]
        text = "\n".join(given)
        before = texts.get(label.field)
        if not text and label.field not in ("title", "narrative"):
            reading.fault("project-label-alone", number, label.printed, label=label.printed)
        if label.field == "narrative" and before and text:
            texts["narrative"] = f"{before}\n{text}"
        elif before and text and folded(before) != folded(text):
            _two_values(reading, number, label.field, before, text)
        elif text and not before:
            texts[label.field] = text
            reading.lines[label.field] = parts[0][0]
            if label.field == "budget":
                currency = label.currency
        elif not before:
            texts.setdefault(label.field, "")
    for label, number, parts in found.strangers:
        text = _short(" ".join(text for _, text in parts))
        reading.fault("project-label-unknown", number, label.printed, label=label.printed, text=text)
    for line in found.unplaced:
        _place_code(line, texts, reading)
    return {field_: text for field_, text in texts.items() if text}, currency


def _place_code(line: opening.Line, texts: dict[str, str], reading: _Reading) -> None:
    """A code among the facts is told by its pattern, whatever stands above it; another line is a fault."""
    for field_, pattern in _CODE_FIELDS.items():
        if pattern.fullmatch(line.text) and not texts.get(field_):
            texts[field_] = line.text
            reading.lines[field_] = line.number
            return
    reading.fault("project-line-unplaced", line.number, text=_short(line.text))


def _two_values(reading: _Reading, line: int, field_: str, first: str, second: str) -> None:
    reading.fault(
        "project-two-values", line, field=_words([field_]), first=_short(first), second=_short(second)
    )


def _part_period(texts: dict[str, str], reading: _Reading) -> None:
    """A period such as "October 21, 2019 - January 21, 2020" is a start and an end, each as printed."""
    period = texts.get("period")
    if not period:
        return
    parts = _ends(_dated_part(period))
    dated = [part for part in parts if values.moment(part)]
    given: dict[str, str] = {}
    if len(parts) == 2 and parts[1:] == dated[-1:]:
        given = {"start": _FROM.sub("", parts[0]), "end": parts[1]}
    elif len(parts) < 3 and parts[:1] == dated:  # "2019 - ongoing", "since 2019"
        given = {"start": _FROM.sub("", parts[0])}
    elif not texts.get("start") and not texts.get("end"):
        reading.fault("project-period-undated", reading.lines.get("period"), text=_short(period))
    for name, text in given.items():
        if texts.setdefault(name, text) is text:
            reading.lines[name] = reading.lines.get("period", 1)


def _dated_part(period: str) -> str:
    """The part that has a year, where a length stands beside it: "24 months (May 2019 - April 2021)"."""
    found = re.fullmatch(r"([^()]*)\(([^()]*)\)\s*", period)
    parts = [part.strip(" ,;") for part in found.groups() if values.YEAR.search(part)] if found else []
    return parts[0] if len(parts) == 1 else period


def _ends(period: str) -> list[str]:
    """The two ends of a period, or what there is of them."""
    parts = [part.strip() for part in _DASH.split(period) if part.strip()]
    for sign in ("-", "/"):
        if len(parts) == 1 and period.count(sign) == 1:
            parts = [part.strip() for part in period.split(sign)]
    return parts


def _right_codes(texts: dict[str, str], reading: _Reading) -> None:
    """Codes go where their patterns say; one that has neither pattern stays, with a fault."""
    fields = list(_CODE_FIELDS)
    for one in fields:
        _part_codes(one, texts)
    for one, other in (fields, fields[::-1]):
        text = texts.get(one)
        if text and _CODE_FIELDS[other].fullmatch(text) and not _fits_code(other, texts.get(other)):
            kept = texts.pop(other, None)
            texts[other] = texts.pop(one)
            if kept:
                texts[one] = kept
            reading.fault("project-codes-swapped", reading.lines.get(one), text=text, field=_words([other]))
    for one in fields:
        if texts.get(one) and not _fits_code(one, texts[one]):
            reading.fault(
                "project-code-shape", reading.lines.get(one), text=_short(texts[one]), field=_words([one])
            )


def _part_codes(one: str, texts: dict[str, str]) -> None:
    """Codes with other words beside them, such as "PO.0143 / KG10P0001", go to their fields."""
    text = texts.get(one, "")
    if not text or any(pattern.fullmatch(text) for pattern in _CODE_FIELDS.values()):
        return
    found = {
        name: re.findall(rf"(?<!\w)(?:{pattern.pattern})(?!\w)", text)
        for name, pattern in _CODE_FIELDS.items()
    }
    if len(found[one]) == 1:
        texts[one] = found[one][0]
        for name, codes in found.items():
            if len(codes) == 1 and not texts.get(name):
                texts[name] = codes[0]


def _fits_code(field_: str, text: str | None) -> bool:
    return bool(text) and _CODE_FIELDS[field_].fullmatch(text or "") is not None


def _budget(text: str, currency: str | None, reading: _Reading) -> dict[str, Any]:
    if not text:
        return {}
    line = reading.lines.get("budget")
    found = values.amount(text)
    if found.value is None:
        code = "project-budget-several" if values.amounts(text) else "project-budget-unreadable"
        reading.fault(code, line, text=_short(text))
        return {"currency": currency or values.currency_in(text)}
    if found.points:
        reading.fault("project-budget-points", line, text=text, value=f"{found.value:,f}")
    if found.rounded:
        reading.fault("project-budget-rounded", line, text=text, value=f"{found.value:,f}")
    if currency and found.currency and found.currency != currency:
        _two_values(reading, line or 1, "currency", found.currency, currency)
    return {"budget": found.value, "currency": found.currency or currency}


def _member_states(text: str, reading: _Reading) -> tuple[str, ...] | None:
    """The states as printed, each once."""
    listed: list[str] = []
    seen: set[str] = set()
    line = reading.lines.get("member_states")
    for printed, code, old in countries.countries_in(text):
        if not code and project_word("coverage", printed) and folded(printed) != "global":
            continue  # "Kyrgyzstan (national)"
        same = code or folded(printed)
        if same in seen:
            reading.fault("project-state-twice", line, text=printed)
            continue
        seen.add(same)
        listed.append(printed)
        if not code:
            near = countries.near(printed)
            if project_word("region", printed):
                continue
            if near:
                reading.fault("project-state-misspelt", line, text=_short(printed), near=near)
            else:
                reading.fault("project-state-unknown", line, text=_short(printed))
        elif old:
            reading.fault("project-state-old", line, text=printed, today=_name(code))
    return tuple(listed) or None


def _name(code: str) -> str:
    return code_list("areas").codes[code]["en"]


# What the record as a whole gives away


def _check(record: ProjectRecord, reading: _Reading) -> None:
    lines = reading.lines
    if record.title is None:
        reading.fault("project-title-missing", None)
    for name in ("start", "end", "year"):
        text = getattr(record, name)
        if text and values.moment(text) is None:
            reading.fault("project-date-unreadable", lines.get(name), text=_short(text), field=_words([name]))
        elif text and values.is_ambiguous(text):
            reading.fault("project-date-ambiguous", lines.get(name), text=_short(text), field=_words([name]))
    if record.start and record.end and values.is_before(record.end, record.start):
        reading.fault("project-end-before-start", lines.get("end"), start=record.start, end=record.end)
    if record.start and record.year and values.is_before(record.start, record.year):
        reading.fault("project-year-after-start", lines.get("year"), start=record.start, year=record.year)
    _check_type(record, reading)
    for name in ("status", "coverage"):
        text = getattr(record, name)
        if text and project_word(name, text) is None:
            reading.fault("project-word-unknown", lines.get(name), text=_short(text), field=_words([name]))


def _check_type(record: ProjectRecord, reading: _Reading) -> None:
    """A code such as PO.0218 begins with its type's letters; where that is only inferred, nothing is said."""
    if not record.type or not record.project_id or not re.match(r"[A-Z]{2}\.", record.project_id):
        return
    word, by_prefix = project_word("type", record.type), project_type(record.project_id)
    if word is None or by_prefix is None or word.inferred or by_prefix.inferred or word is by_prefix:
        return
    reading.fault(
        "project-code-type",
        reading.lines.get("project_id"),
        code=record.project_id,
        type=record.type,
        other=by_prefix.name["en"],
    )


def project_type(project_id: str) -> Word | None:
    """The type that a project code's letters stand for, or None."""
    return _types().get(project_id[:2])


@cache
def _types() -> dict[str, Word]:
    return {word.code: word for word in project_words("type")}


_NAMES = {"prima_id": "Prima ID", "project_id": "project code", "member_states": "member states"}


def _words(fields: Iterable[str]) -> str:
    return ", ".join(_NAMES.get(name, name) for name in fields)


def _short(text: str, most: int = 80) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= most else plain[: most - 1] + "…"
