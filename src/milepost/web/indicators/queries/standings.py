"""Targets as people work with them: what can have one, which are in force, how far it is to them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet

from milepost import progress as methods
from milepost.values import Text, Verdict
from milepost.web.accounts.roles import Permission
from milepost.web.audit.models import Event
from milepost.web.indicators.models import Indicator, MethodChoice, Observation, Series, Target
from milepost.web.indicators.queries import entry, names, progress
from milepost.web.indicators.queries.figures import definition, public_in, title
from milepost.web.indicators.queries.scoping import indicators, targets
from milepost.web.stakeholders.models import Country
from milepost.web.stakeholders.queries import countries, within

FRAMEWORK = "sdg"


def working_countries(user: Any, *permissions: Permission) -> QuerySet[Country]:
    """The countries in which, or in an institution of which, a reader may do one of these."""
    held = Q(pk__in=[])
    for permission in permissions:
        held |= within(user, permission, institution="institution", country="code")
    return countries(user).filter(held).distinct()


def in_force(user: Any, country: Country) -> QuerySet[Target]:
    """The current targets of a country."""
    return targets(user).filter(indicator__country=country, current=True).order_by("indicator__order", "year")


def find(user: Any, pk: int) -> Target | None:
    """One revision of a target."""
    return targets(user).filter(pk=pk).first()


def revisions(target: Target) -> list[Target]:
    """Every revision of a target, the latest first."""
    found = [target]
    while following := Target.objects.filter(follows=found[0]).select_related("indicator__country").first():
        found.insert(0, following)
    while found[-1].follows is not None:
        found.append(found[-1].follows)
    return found


def why_ended(target: Target) -> str:
    """The reason for which a target holds no longer; "" where it was not ended."""
    ended = Event.objects.filter(address=target.address, verb="target.ended").order_by("-id").first()
    return ended.why if ended is not None else ""


# What can have a target -------------------------------------------------------------------------------------


def quantities(indicator: Indicator) -> list[tuple[str, str, Text]]:
    """(series, unit, name) of whatever can have a target: what is defined, and what has figures."""
    found: dict[tuple[str, str], Text] = {}
    described = definition(indicator)
    if described is not None:
        own = {one.code: one.name for one in described.series} or {"": title(indicator)}
        found = {(code, described.unit_of(code).code): name for code, name in own.items()}
    known = {code: name for (code, _unit), name in found.items()}
    with_figures = Series.objects.filter(indicator=indicator).order_by("code", "unit")
    for code, unit in with_figures.values_list("code", "unit").distinct():
        found.setdefault((code, unit), known.get(code) or (Text(en=code) if code else title(indicator)))
    return [(code, unit, name) for (code, unit), name in found.items()] or [("", "", title(indicator))]


def groups(indicator: Indicator) -> list[tuple[str, list[tuple[str, names.Words]]]]:
    """(dimension, [(category, name)]) of the groups of people that can have a target of their own."""
    return [(name, codes) for name, codes in entry.dimensions(indicator) if name != entry.AREA]


def choosable(user: Any, country: Country) -> QuerySet[Indicator]:
    """The indicators of a country's list."""
    return indicators(user).filter(country=country)


# The way there ----------------------------------------------------------------------------------------------


class Standing(NamedTuple):
    """A target, what it is about, the latest public figure, and what a method says of the way there."""

    target: Target
    name: names.Words
    unit: names.Words
    latest: Observation | None
    verdict: Verdict | None  # None where no figure is public


def standings(found: Iterable[Target], method: str) -> list[Standing]:
    """How far it is to each of these targets by the public figures, in two queries."""
    wanted = list(found)
    lines = _lines(wanted)
    return [_standing(target, lines.get(target.indicator.pk, ()), method) for target in wanted]


Line = tuple[Series, Sequence[Observation]]


def _standing(target: Target, lines: Sequence[Line], method: str) -> Standing:
    described = definition(target.indicator)
    quantity = names.Quantity(target.series_code, target.unit, "", "", names.NATIONAL)
    name = names.quantity_name(quantity, described) or title(target.indicator)
    unit = names.unit(quantity, described)[1]
    own = next((line for line in lines if progress.target_for(line[0], [target]) is not None), None)
    if own is None:
        return Standing(target, name, unit, None, None)
    series, observations = own
    latest = next((one for one in reversed(observations) if one.value is not None), None)
    verdict = progress.judge(
        series.as_value(observations), method=method, definition=described, target=target
    )
    return Standing(target, name, unit, latest, verdict)


def _lines(wanted: Sequence[Target]) -> Mapping[int, Sequence[Line]]:
    """The series with public figures that these targets may be about, by indicator, national ones first."""
    there = Series.objects.filter(
        indicator__in={target.indicator.pk for target in wanted},
        dimensions__in={"+".join(sorted(target.breakdown)) for target in wanted},
        area="",
    ).select_related("indicator")
    figures: dict[int, list[Observation]] = {}
    public = Observation.objects.filter(public_in(), series__in=there.order_by().values("pk"))
    one: Any
    for one in public.order_by("year", "period"):
        figures.setdefault(one.series_id, []).append(one)
    found: dict[int, list[Line]] = {}
    for series in sorted(there, key=lambda one: (one.reporting_type != names.NATIONAL, one.code, one.unit)):
        if series.pk in figures:
            found.setdefault(series.indicator.pk, []).append((series, figures[series.pk]))
    return found


# The method -------------------------------------------------------------------------------------------------


def method_choices(country: Country, framework: str = FRAMEWORK) -> list[MethodChoice]:
    """Every choice of method that was made, the latest first."""
    chosen = MethodChoice.objects.filter(country=country, framework=framework)
    return list(chosen.select_related("by"))


def method_sources() -> dict[str, str]:
    """What each method must be called."""
    return dict(methods.SOURCES)
