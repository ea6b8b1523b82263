"""What a fund's rules say of a project: warnings with their source, never a refusal."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from milepost.catalogue import Fund, FundRule
from milepost.values import Origin, Problem


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a project; money is in one currency, days are the bounds of what was written."""

    year: int | None
    first_day: date | None
    last_day: date | None
    state: str
    budget: Decimal | None
    lines: dict[str, Decimal]
    """{purpose: money}: staff, office, operational, evaluation."""
    regional: bool
    endorsements: int
    periods: Collection[date]
    """The last days of the periods of reporting."""
    evaluated: bool


def warnings(facts: Facts, fund: Fund, *, today: date, place: str) -> Iterable[Problem]:
    """Every rule of the fund, in force for the project's year of approval, that the project does not keep.

    A rule that cannot be applied, because something is not known, is passed over.
    """
    for rule in fund.rules:
        year = facts.year or (facts.first_day.year if facts.first_day else None)
        if rule.holds_in(year) and (check := CHECKS.get(rule.code)):
            details = check(facts, rule, today)
            if details is not None:
                shared = {"limit": _whole(rule.limit), "source": rule.source}
                yield Problem(rule.code, Origin(place), {**shared, **details})


def _whole(number: float) -> str:
    return f"{number:g}"


def _percent(part: Decimal, whole: Decimal, limit: Decimal) -> str:
    """With as many decimals, one at least, as tell it from the limit: 4.98, not 5.0, where the limit is 5."""
    exact = part / whole * 100
    told = (exact.quantize(Decimal(1).scaleb(-places)) for places in range(1, 7))
    return f"{next((one for one in told if one != limit), exact):f}"


def _staff_and_office(facts: Facts, rule: FundRule, today: date) -> dict[str, str] | None:
    spent = facts.lines.get("staff", Decimal(0)) + facts.lines.get("office", Decimal(0))
    if not facts.budget or not facts.lines or spent * 100 <= facts.budget * Decimal(rule.limit):
        return None
    return {"share": _percent(spent, facts.budget, Decimal(rule.limit))}


def _evaluation_share(facts: Facts, rule: FundRule, today: date) -> dict[str, str] | None:
    kept = facts.lines.get("evaluation", Decimal(0))
    if not facts.budget or not facts.lines or kept * 100 >= facts.budget * Decimal(rule.limit):
        return None
    return {"share": _percent(kept, facts.budget, Decimal(rule.limit))}


def _evaluation_after(facts: Facts, rule: FundRule, today: date) -> dict[str, str] | None:
    if facts.state != "completed" or facts.evaluated or facts.last_day is None:
        return None
    if today < _later(facts.last_day, rule.limit):
        return None
    return {"end": facts.last_day.isoformat(), "most": _whole(rule.most or rule.limit)}


def _endorsing_states(facts: Facts, rule: FundRule, today: date) -> dict[str, str] | None:
    if not facts.regional or facts.endorsements >= rule.limit:
        return None
    return {"count": str(facts.endorsements)}


def _interim_report(facts: Facts, rule: FundRule, today: date) -> dict[str, str] | None:
    if facts.first_day is None or facts.last_day is None or not facts.periods:
        return None
    long = facts.last_day >= _later(facts.first_day, rule.limit) - timedelta(days=1)
    return {} if long and not any(day < facts.last_day for day in facts.periods) else None


def _extension_request(facts: Facts, rule: FundRule, today: date) -> dict[str, str] | None:
    if facts.state != "active" or facts.last_day is None:
        return None
    asked_by = _later(facts.last_day, -rule.limit)
    if not asked_by < today <= facts.last_day:
        return None
    return {"end": facts.last_day.isoformat(), "day": asked_by.isoformat()}


def _later(day: date, months: float) -> date:
    """So many calendar months later; the last day of a month that is shorter."""
    place = day.year * 12 + day.month - 1 + int(months)
    year, month = divmod(place, 12)
    for number in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, number)
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")


CHECKS = {
    "staff-and-office-share": _staff_and_office,
    "evaluation-share": _evaluation_share,
    "evaluation-after": _evaluation_after,
    "endorsing-states": _endorsing_states,
    "interim-report": _interim_report,
    "extension-request": _extension_request,
}
"""{code of a rule: what looks after it}: the details of the fault, or None where the rule is kept."""
