"""Marks of women and men: on measures and indicators, in a draft and in a version in force."""

from collections.abc import Collection, Mapping
from typing import Any

from django.db import transaction

from milepost.catalogue import plans as catalogue
from milepost.values import Problem, Text
from milepost.web.plans.actions.conditions import allow, assigning, tell
from milepost.web.plans.actions.measures import add_indicator
from milepost.web.plans.models import Entry, MeasureIndicator, PlanVersion
from milepost.web.stakeholders.fields import merged
from milepost.web.ui.conditions import fault, need_reason, refuse_if, update


@transaction.atomic
def mark_measure(
    *,
    by: Any,
    entry: Entry,
    revision: int,
    gender: str,
    gender_reason: Mapping[str, str],
    rights: Mapping[str, str] | None = None,
    groups: Collection[str] = (),
) -> Entry:
    """Whether a measure sees women and men and why, how it rests on human rights, whom it concerns.

    This is not the act's to say, so it can be changed in a version in force, too; a mark always has its
    reason, and so has whatever is changed in a version in force.
    """
    allow(by, entry.version.plan)
    now = assigning(entry.version)
    reason = merged(entry.gender_reason, gender_reason)
    why = _reason(now, gender, reason)
    refuse_if(_of_another_mark(entry, gender, reason))
    known = catalogue.groups()
    unknown = sorted(set(groups) - set(known))
    refuse_if([fault("plan-unknown-group", "groups", names=", ".join(unknown))] if unknown else [])
    before = entry.gender
    fields = {
        "gender": gender,
        "gender_reason": reason,
        "rights": merged(entry.rights, rights or {}),
        "groups": [code for code in known if code in groups],
    }
    update(entry, revision, fields)
    details = {"gender": [before, gender], "version": now.number}
    tell(by, "measure.gender", entry.measure, why=why, details=details)
    return entry


@transaction.atomic
def mark_indicator(
    *,
    by: Any,
    indicator: MeasureIndicator,
    revision: int,
    gender: str,
    gender_reason: Mapping[str, str],
    of_people: bool | None,
) -> MeasureIndicator:
    """The same of an indicator, and whether it counts people; `revision` is that of its measure."""
    entry = indicator.entry
    allow(by, entry.version.plan)
    now = assigning(entry.version)
    reason = merged(indicator.gender_reason, gender_reason)
    why = _reason(now, gender, reason)
    refuse_if(_of_another_mark(indicator, gender, reason))
    refuse_if([fault("plan-by-sex-counts-people", "of_people")] if _contrary(indicator, of_people) else [])
    before = indicator.gender
    update(entry, revision, {})
    MeasureIndicator.objects.filter(pk=indicator.pk).update(
        gender=gender, gender_reason=reason, of_people=of_people
    )
    indicator.refresh_from_db()
    details = {"name": str(indicator)[:200], "gender": [before, gender], "version": now.number}
    tell(by, "measure.indicator-gender", entry.measure, why=why, details=details)
    return indicator


def _reason(version: PlanVersion, gender: str, reason: Mapping[str, str]) -> str:
    """Why it is marked so, in the language that there is; MilepostError where it is needed and missing."""
    words = Text(reason).best("en")[0] if reason else ""
    return need_reason(words, "gender_reason") if gender or not version.is_draft else words.strip()


def _of_another_mark(
    marked: Entry | MeasureIndicator, gender: str, reason: Mapping[str, str]
) -> list[Problem]:
    """That the reason still is the one of the mark that is taken away."""
    if not marked.gender or not gender or marked.gender == gender or marked.gender_reason != reason:
        return []
    return [fault("plan-reason-of-another-mark", "gender_reason")]


def _contrary(indicator: MeasureIndicator, of_people: bool | None) -> bool:
    """Whether women and men are counted of what is said to count no people."""
    return indicator.by_sex and of_people is False


@transaction.atomic
def add_candidate(
    *, by: Any, entry: Entry, candidate: catalogue.Candidate, language: str
) -> MeasureIndicator:
    """Add an indicator of the catalogue to a measure of a draft; whoever adds it marks it then.

    `language` is that in which its unit is written.
    """
    return add_indicator(
        by=by,
        entry=entry,
        title=candidate.name,
        kind=candidate.kind,
        unit=candidate.unit.best(language)[0] if candidate.unit else "",
        by_sex=candidate.by_sex,
        measured=candidate.measured,
        of_people=candidate.of_people,
    )
