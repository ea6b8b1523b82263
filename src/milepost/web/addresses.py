"""What an address may name: kind -> the query that says who may see it; and how each is told in a trace."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from milepost import catalogue
from milepost.errors import MilepostError
from milepost.reports import sentences
from milepost.values import Text
from milepost.web.accounts import queries as accounts
from milepost.web.audit import queries as audit
from milepost.web.files import queries as files
from milepost.web.frameworks import queries as frameworks
from milepost.web.indicators import queries as indicators
from milepost.web.intake import queries as intake
from milepost.web.jobs import queries as jobs
from milepost.web.stakeholders import queries as stakeholders
from milepost.web.traces.nodes import Describe, Node


class Kind(NamedTuple):
    """One kind of thing: who may see which, and the column that holds the id of an address."""

    visible_to: Callable[[Any], QuerySet[Any]]
    field: str = "pk"


KINDS: dict[str, Kind] = {
    "country": Kind(stakeholders.countries, "code"),
    "data-request": Kind(indicators.data_requests),
    "dataset": Kind(indicators.datasets),
    "definition": Kind(frameworks.definitions),
    "delivery": Kind(intake.visible_to),
    "event": Kind(audit.known_to),
    "file": Kind(files.visible_to),
    "indicator": Kind(indicators.indicators, "slug"),
    "institution": Kind(stakeholders.institutions),
    "job": Kind(jobs.visible_to),
    "mapping": Kind(intake.mappings),
    "observation": Kind(indicators.observations),
    "release": Kind(indicators.releases),
    "series": Kind(indicators.series),
    "target": Kind(indicators.targets),
    "user": Kind(accounts.visible_to),
}
"""Every kind of thing that has an address."""


# How things tell of themselves in a trace ------------------------------------------------------------------


def _observation(user: Any, one: Any) -> Node:
    series, indicator = one.series, one.series.indicator
    language = get_language() or "en"
    unit = _name("unit", series.unit)
    value = sentences.value(one.as_value({}), language)
    facts = [
        (_("Indicator"), f"{indicator.code} {_words(indicators.title(indicator))}"),
        (_("Year"), one.period),
        (_("Unit"), unit or "–"),
        *((_name_of_list(dimension), _name(dimension, code)) for dimension, code in series.breakdown.items()),
        (_("Status"), _name("observation_status", one.status)),
        (_("Institution"), _words(one.institution.text)),
    ]
    if series.area:
        facts.insert(3, (_("Area"), _name("areas", series.area)))
    if one.value is not None and one.lower is not None and one.upper is not None:
        low, high = (sentences.number(bound, language) for bound in (one.lower, one.upper))
        facts.append((_("Interval"), f"{low} – {high}"))
    if _inside(user, one.dataset_id):
        place = ", ".join(
            filter(None, (one.sheet, _("row {line}").format(line=one.line) if one.line else ""))
        )
        facts.append((_("Place in the file"), place or "–"))
    url = f"{indicator.get_absolute_url()}?version={one.public_from}" if one.public_from else None
    rests_on = (("rests_on", f"dataset:{one.dataset_id}"), ("measures", indicator.address))
    return Node(f"{value} {unit}".strip(), tuple(facts), url, rests_on)


def _dataset(user: Any, one: Any) -> Node:
    facts = [(_("Institution"), _words(one.institution.text))]
    for label, name, moment in (
        (_("Sent to review"), one.submitted_by, one.submitted_at),
        (_("Approved"), one.approved_by, one.approved_at),
    ):
        if name is not None and moment is not None:
            facts.append((label, f"{name}, {moment:%Y-%m-%d %H:%M} UTC"))
    if one.published_at is not None:
        facts.append((_("Published"), f"{one.published_at:%Y-%m-%d}"))
    return Node(one.title, tuple(facts), one.get_absolute_url())


def _delivery(user: Any, one: Any) -> Node:
    facts = [(_("Institution"), _words(one.institution.text)), (_("Came in"), f"{one.at:%Y-%m-%d %H:%M} UTC")]
    if one.file is not None:
        facts += [(_("File"), one.file.name), ("SHA-256", one.file.sha256)]
    return Node(one.file.name if one.file else _("Typed into a form"), tuple(facts), one.get_absolute_url())


def _mapping(user: Any, one: Any) -> Node:
    return Node(
        _("Mapping of columns and codes, revision {number}").format(number=one.revision),
        ((_("Made by"), f"{one.by}, {one.at:%Y-%m-%d}"),),
    )


def _indicator(user: Any, one: Any) -> Node:
    described = indicators.definition(one)
    facts = [(_("Country"), _words(Text(one.country.name)))]
    if described is not None:
        facts += [
            (_("Defined by"), ", ".join(described.custodians)),
            (_("Source of the definition"), described.source.title),
            (_("Revision of the definition"), str(described.revision)),
        ]
    return Node(f"{one.code} {_words(indicators.title(one))}", tuple(facts), one.get_absolute_url())


def _target(user: Any, one: Any) -> Node:
    language = get_language() or "en"
    value = sentences.number(one.value, language)
    return Node(
        _("Target {value} by {year}").format(value=value, year=one.year),
        ((_("Act"), _words(one.text)), (_("Unit"), _name("unit", one.unit) or "–")),
        one.source_url or None,
    )


def _event(user: Any, one: Any) -> Node:
    facts = [(_("When"), f"{one.at:%Y-%m-%d %H:%M} UTC")]
    facts += [(_("Who"), str(one.by))] if one.by else []
    facts += [(_("Why"), one.why)] if one.why else []
    return Node(str(one.sentence), tuple(facts))


DESCRIBE: Mapping[str, Describe] = {
    "dataset": _dataset,
    "delivery": _delivery,
    "event": _event,
    "indicator": _indicator,
    "mapping": _mapping,
    "observation": _observation,
    "target": _target,
}
"""How a thing tells of itself to a reader who may see it; others by their name."""


def _inside(user: Any, dataset: int) -> bool:
    """Whether a reader works with the dataset that a figure came with."""
    return user.is_authenticated and indicators.datasets(user).filter(pk=dataset).exists()


def _words(text: Text) -> str:
    language = get_language() or "en"
    return text.best(language, language.split("-")[0])[0]


def _name(codes: str, code: str) -> str:
    try:
        found = catalogue.code_list(codes).codes.get(code)
    except MilepostError:
        found = None
    return _words(found) if found else code


def _name_of_list(codes: str) -> str:
    try:
        return _words(catalogue.code_list(codes).name) or codes
    except MilepostError:
        return codes
