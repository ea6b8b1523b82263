"""The table of comments on a draft: who said what on which place, what became of it and why; in and out."""

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from milepost.errors import refuse
from milepost.interchange import aside, content, csv, excel, sheets
from milepost.values import Origin, Problem, Table

FIELDS = ("number", "party", "kind", "draft", "place", "text", "disposition", "reason", "changed")
HEADINGS: Mapping[str, Mapping[str, str]] = {
    "number": {"en": "No.", "ru": "№"},
    "party": {"en": "From whom", "ru": "От кого"},
    "kind": {"en": "Kind of stakeholder", "ru": "Вид участника"},
    "draft": {"en": "Draft", "ru": "Редакция проекта"},
    "place": {"en": "Section, measure, paragraph", "ru": "Раздел, мера, пункт"},
    "text": {"en": "Comment or proposal", "ru": "Замечание или предложение"},
    "disposition": {"en": "What became of it", "ru": "Решение"},
    "reason": {"en": "Reason", "ru": "Обоснование"},
    "changed": {"en": "What was changed", "ru": "Что изменено"},
}
"""The columns, in the order in which they are written."""
DISPOSITIONS: Mapping[str, Mapping[str, str]] = {
    "accepted": {"en": "Accepted", "ru": "Принято"},
    "partly": {"en": "Accepted in part", "ru": "Принято частично"},
    "not_accepted": {"en": "Not accepted", "ru": "Не принято"},
    "noted": {"en": "Noted", "ru": "Принято к сведению"},
}

_PATTERNS: tuple[tuple[str, str], ...] = (
    ("number", r"^(?:№|#|n|no|nr|num|number|номер)(?: п п| пп| п/п)?$"),
    ("kind", r"^(?:вид|тип|kind|type)\b"),
    ("disposition", r"решени|что стало|disposition|decision|became|^(?:status|статус)|учтено|принято"),
    ("changed", r"измен[её]н|^changed?\b|what was changed|what changed|amended"),
    ("reason", r"обоснован|причин|мотив|reason|justification|rationale"),
    (
        "party",
        r"^от кого|организаци|учрежден|^(?:автор|участник|орган)|from whom|stakeholder|institution|^who",
    ),
    ("party", r"organi[sz]ation|author|submitted by|^from$"),
    ("draft", r"редакци|^версия|^проект\b|^draft|^version"),
    ("place", r"раздел|пункт|мер[аыу]|стать|абзац|section|paragraph|place|clause|article|measure|page"),
    ("text", r"замечани|предложени|комментар|comment|proposal|suggestion|remark"),
)
_WORDS: tuple[tuple[str, str], ...] = (
    ("partly", r"частич|отчасти|in part|partly|partial"),
    ("not_accepted", r"^не |отклон|^not |reject|declin"),
    ("noted", r"сведени|noted?\b|учт[её]но на будущее"),
    ("accepted", r"принят|учтен|учтён|accept|agreed|adopted"),
)


class Row(NamedTuple):
    """A line of the table, cells as text; `origin` is its place in the file it was read from."""

    number: str = ""
    party: str = ""
    kind: str = ""
    draft: str = ""
    place: str = ""
    text: str = ""
    disposition: str = ""
    reason: str = ""
    changed: str = ""
    origin: Origin = Origin("")


class Comments(NamedTuple):
    """What a file holds: its lines, and the faults met."""

    rows: tuple[Row, ...]
    problems: tuple[Problem, ...]


def field_of(heading: str) -> str | None:
    """The field that a heading names, or None.

    >>> field_of("№ п/п"), field_of("Замечание (предложение)"), field_of("Section / paragraph")
    ('number', 'text', 'place')
    """
    plain = " ".join(re.sub(r"[^\w№#/]+", " ", heading.casefold()).split())
    return next((field for field, pattern in _PATTERNS if re.search(pattern, plain)), None)


def disposition_of(words: str) -> str | None:
    """What became of a comment, as the words mean it; "" for none, None where they cannot be told.

    >>> disposition_of("Учтено частично"), disposition_of("Not accepted"), disposition_of("?")
    ('partly', 'not_accepted', None)
    """
    plain = " ".join(words.casefold().split())
    if not plain.strip("-–— "):
        return ""
    return next((code for code, pattern in _WORDS if re.search(pattern, plain)), None)


# The door in ------------------------------------------------------------------------------------------------


def read(path: Path | str) -> Comments:
    """The lines of a workbook or CSV file; the first sheet with a column of comments.

    MilepostError where no table has such a column ("comments-no-table"), or the file cannot be read.
    """
    text = content.of_file(path) == "text"
    found = csv.read(path) if text else excel.read(path)
    for table in found.tables:
        columns = _columns(table.columns)
        if "text" in columns:
            return Comments(tuple(_rows(table, columns, shielded=text)), found.problems)
    raise refuse("comments-no-table", Origin(str(path)))


def _columns(headings: Sequence[str]) -> dict[str, int]:
    """{field: number of the column}; of several columns with one field the first."""
    found: dict[str, int] = {}
    for at, heading in enumerate(headings):
        field = field_of(heading)
        if field is not None:
            found.setdefault(field, at)
    return found


def _rows(table: Table, columns: Mapping[str, int], *, shielded: bool) -> Iterable[Row]:
    for position, cells in enumerate(table.rows):
        said = {field: cells[at].strip() for field, at in columns.items()}
        if shielded:
            said = {field: csv.unshielded(cell) for field, cell in said.items()}
        if said["text"] or said.get("disposition"):
            yield Row(**said, origin=table.place(position))


# The door out -----------------------------------------------------------------------------------------------


def write(title: str, rows: Iterable[Row], path: Path | str, language: str = "en") -> None:
    """Write the table as .xlsx or .csv, by the ending; headings in English or Russian, texts as they are.

    MilepostError for another ending ("unknown-format").
    """
    headings = tuple(words.get(language, words["en"]) for words in HEADINGS.values())
    lines = [tuple(_clean(getattr(row, field)) for field in FIELDS) for row in rows]
    ending = Path(path).suffix.lower()
    if ending == ".csv":
        csv.write_table(Table("comments", headings, lines, Origin(str(path))), path)
    elif ending == ".xlsx":
        with aside.file(path) as temporary:
            sheets.write(title, [sheets.Sheet(title, headings, lines)], temporary)
    else:
        raise refuse("unknown-format", Origin(str(path)), name=Path(path).name, known=".xlsx, .csv")


def _clean(cell: str) -> str:
    return re.sub("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]", "", cell)
