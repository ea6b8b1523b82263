"""Marks of women and men on the demonstration's plan: about two thirds of the measures, with reasons."""

from typing import Any

from milepost.web.plans.actions import gender
from milepost.web.plans.models import Plan, PlanVersion

REASONS: dict[str, tuple[str, str, str]] = {
    "subject": (
        "specific",
        "Its subject is what women, or women and men, need.",
        "Её предмет — потребности женщин либо женщин и мужчин.",
    ),
    "by_sex": (
        "sensitive",
        "Its indicator tells women and men apart.",
        "Её показатель ведётся по женщинам и мужчинам отдельно.",
    ),
    "needs": (
        "sensitive",
        "Its design names what women, men and children need.",
        "В её замысле названы потребности женщин, мужчин и детей.",
    ),
    "acts": (
        "neutral",
        "It is about acts, registers or offices; no people are counted.",
        "Она касается актов, реестров или органов; люди не учитываются.",
    ),
    "hidden": (
        "blind",
        "It concerns people, and nothing tells women and men apart.",
        "Она касается людей, но женщины и мужчины в ней не различаются.",
    ),
}
"""Why a measure is marked so: the mark, and the reason in English and Russian."""

MARKS = {
    "1.1": ("acts", "workers"), "1.3": ("by_sex", "workers"), "1.4": ("by_sex", "workers women"),
    "1.5": ("acts", "workers"), "2.1": ("by_sex", "workers youth"), "2.3": ("subject", "women survivors"),
    "2.5": ("by_sex", "workers"), "3.2": ("by_sex", "returnees"), "3.3": ("subject", "women returnees"),
    "3.4": ("by_sex", "children returnees"), "3.5": ("needs", "women returnees survivors"),
    "4.1": ("by_sex", "women men"), "4.2": ("hidden", "workers"), "4.3": ("by_sex", "refugees"),
    "5.1": ("acts", "survivors"), "5.2": ("by_sex", "survivors"),
    "5.3": ("needs", "women men children survivors"), "5.4": ("acts", "workers"),
    "6.1": ("by_sex", "children families"), "6.2": ("by_sex", "women families"),
    "6.3": ("subject", "women men"), "6.4": ("subject", "women"), "6.5": ("hidden", "families children"),
    "7.1": ("acts", ""), "7.3": ("acts", ""), "8.1": ("subject", "women"),
}  # fmt: skip
"""{number of a measure: (one of REASONS, codes of the groups concerned)}."""
PEOPLE = ("2.3", "4.2", "6.5")
"""Measures whose indicators count people without telling women and men apart, or women alone."""
RIGHTS = {
    "2.3": (
        "The right to consular protection; women say themselves what they need, and staff answer for it.",
        "Право на консульскую защиту; женщины сами говорят, что им нужно, а сотрудники за это отвечают.",
    ),
    "5.3": (
        "The rights to safety and health; no one has to testify to be given a place.",
        "Права на безопасность и здоровье; место предоставляется независимо от дачи показаний.",
    ),
    "6.1": (
        "The rights of the child: each child is heard before a guardian is chosen.",
        "Права ребёнка: до выбора опекуна ребёнка выслушивают.",
    ),
}
"""On which rights a measure rests, in English and Russian."""


def load(*, plan: Plan, by: Any) -> None:
    """Mark measures and indicators of the version in force, as a person would; an amendment copies them."""
    version = plan.versions.filter(state=PlanVersion.State.IN_FORCE).last()
    assert version is not None  # the demonstration has put one in force
    for entry in version.entries.prefetch_related("indicators"):
        if entry.code not in MARKS:
            continue
        why, groups = MARKS[entry.code]
        mark, english, russian = REASONS[why]
        rights = RIGHTS.get(entry.code)
        gender.mark_measure(
            by=by,
            entry=entry,
            revision=entry.revision,
            gender=mark,
            gender_reason={"en": english, "ru": russian},
            rights={"en": rights[0], "ru": rights[1]} if rights else {},
            groups=groups.split(),
        )
        for indicator in entry.indicators.select_related("entry__version__plan__policy"):
            gender.mark_indicator(
                by=by,
                indicator=indicator,
                revision=indicator.entry.revision,
                gender=mark,
                gender_reason={"en": english, "ru": russian},
                of_people=indicator.by_sex or entry.code in PEOPLE,
            )
