"""What the columns of a plan's table are called, in Russian and English, and how they are told apart."""

import re
from collections.abc import Mapping, Sequence

FIELDS = (
    "code", "priority", "objective", "measure", "expected", "deadline", "coordinator", "institutions",
    "executors", "partners", "indicators", "baseline", "target", "verification", "funding", "cost", "gap",
    "note",
)  # fmt: skip

_PATTERNS: tuple[tuple[str, str], ...] = (
    ("code", r"^(?:№|#|n|no|nr|num|number|номер|код|code|пп|п п)(?: п п| пп| п/п)?$"),
    ("deadline", r"^(?:срок|дат[аы]|период|deadline|time|period|due|when|implementation period|term)"),
    ("verification", r"(?:источник\w*|средств\w*) (?:проверки|верификации|подтвержд|данных)|verification"),
    ("verification", r"^форма (?:завершения|реализации|отч[её]тности)"),
    (
        "gap",
        r"дефицит|потребност\w* в (?:финанс|средств)|недостающ\w* (?:сумм|средств)|funding gap|unfunded|^gap",
    ),
    ("cost", r"^(?:сумма|объ[её]м|стоимость|затраты|расходы|cost|amount|(?:estimated )?(?:cost|budget))"),
    ("funding", r"финансир|бюджет|funding|funds|financ|source of money"),
    ("coordinator", r"координатор|coordinator"),
    ("executors", r"^(?:соисполнител|co-? ?execut|supporting|co-? ?implement)"),
    ("partners", r"партн[её]р|partner"),
    ("institutions", r"ответствен|исполнител|responsib|institution|implementing|^lead|^bodies|^who"),
    ("expected", r"^(?:ожидаем|expected|планируем\w* результат)"),
    ("baseline", r"^(?:базов|исходн|baseline)"),
    ("target", r"^(?:целев\w* (?:значени|уров)|target)"),
    ("indicators", r"индикатор|показател|indicator"),
    ("expected", r"^(?:результат|result|output|outcome)"),
    ("priority", r"^(?:приоритет|направлени|раздел|priorit|direction|strategic direction|pillar)"),
    ("objective", r"^(?:задач|цел[ьи]|objective|task|goal|aim)"),
    (
        "measure",
        r"мероприят|^мер[аы]?\b|^действи|^(?:main |planned |key )?(?:measures?|activit(?:y|ies)|actions?)\b",
    ),
    ("note", r"примечани|note|remark|comment"),
)


def field_of(heading: str) -> str | None:
    """The field that a heading names, or None.

    >>> field_of("Ответственные исполнители"), field_of("Source of verification"), field_of("№ п/п")
    ('institutions', 'verification', 'code')
    """
    plain = " ".join(re.sub(r"[^\w№#/-]+", " ", heading.casefold()).split())
    for field, pattern in _PATTERNS:
        if re.search(pattern, plain):
            return field
    return None


def fields_of(headings: Sequence[str]) -> Mapping[int, str]:
    """{number of the column: field}; of several columns with one field the first."""
    found: dict[int, str] = {}
    for at, heading in enumerate(headings):
        field = field_of(heading) if heading.strip() else None
        if field is not None and field not in found.values():
            found[at] = field
    return found


def is_header(fields: Mapping[int, str]) -> bool:
    """Whether these are the columns of a plan: measures, and when they are due or who carries them out."""
    names = set(fields.values())
    return "measure" in names and bool(names & {"deadline", "institutions", "coordinator"})
