"""What an address may name: kind -> the query that says who may see it; and how each is told in a trace."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
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
from milepost.web.indicators.queries import names, work
from milepost.web.intake import queries as intake
from milepost.web.jobs import queries as jobs
from milepost.web.microdata import queries as microdata
from milepost.web.plans import queries as plans
from milepost.web.plans.queries import consultations as drafts
from milepost.web.plans.queries import laws
from milepost.web.plans.queries import reports as plan_reports
from milepost.web.plans.queries.rounds import ahead as of_rounds
from milepost.web.projects import queries as projects
from milepost.web.projects.moments import written
from milepost.web.projects.queries import engagements, review, scoping, workplan
from milepost.web.projects.queries import reports as project_reports
from milepost.web.projects.queries.lifecycle import STATES
from milepost.web.projects.queries.standing import STATES as REPORTS
from milepost.web.stakeholders import queries as stakeholders
from milepost.web.traces.nodes import Describe, Node
from milepost.web.ui import moments


class Kind(NamedTuple):
    """One kind of thing: who may see which, and the column that holds the id of an address."""

    visible_to: Callable[[Any], QuerySet[Any]]
    field: str = "pk"


KINDS: dict[str, Kind] = {
    "actual": Kind(projects.actuals),
    "consultation": Kind(drafts.consultations),
    "country": Kind(stakeholders.countries, "code"),
    "data-request": Kind(indicators.data_requests),
    "dataset": Kind(indicators.datasets),
    "definition": Kind(frameworks.definitions),
    "delivery": Kind(intake.visible_to),
    "draft-comment": Kind(drafts.comments),
    "engagement": Kind(engagements.visible_to),
    "event": Kind(audit.known_to),
    "file": Kind(files.visible_to),
    "indicator": Kind(indicators.indicators, "slug"),
    "institution": Kind(stakeholders.institutions),
    "job": Kind(jobs.visible_to),
    "law": Kind(laws.laws),
    "mapping": Kind(intake.mappings),
    "measure": Kind(plans.measures),
    "measurement": Kind(microdata.visible_to),
    "observation": Kind(indicators.observations),
    "plan": Kind(plans.plans),
    "plan-report": Kind(plan_reports.known_to),
    "plan-report-version": Kind(plan_reports.versions),
    "plan-version": Kind(plans.worked_versions),
    "policy": Kind(plans.visible_to),
    "policy-draft": Kind(drafts.drafts),
    "programme": Kind(projects.programmes),
    "project": Kind(projects.visible_to),
    "project-report": Kind(project_reports.visible_to),
    "release": Kind(indicators.releases),
    "result": Kind(projects.results),
    "result-indicator": Kind(projects.indicators),
    "round": Kind(plans.visible_rounds),
    "round-answer": Kind(plans.answers),
    "series": Kind(indicators.series),
    "target": Kind(indicators.targets),
    "user": Kind(accounts.visible_to),
}
"""Every kind of thing that has an address."""


# How things tell of themselves in a trace ------------------------------------------------------------------


def _observation(user: Any, one: Any) -> Node:
    series, indicator = one.series, one.series.indicator
    language, own = get_language() or "en", names.own_codes(indicator.country)
    unit = _name("unit", series.unit)
    value = sentences.value(one.as_value({}), language)
    facts = [
        (_("Indicator"), f"{indicator.code} {_words(indicators.title(indicator))}"),
        (_("Year"), one.period),
        (_("Unit"), unit or "–"),
        *(
            (names.dimension(dimension, own), names.said(names.category(dimension, code, own), language))
            for dimension, code in series.breakdown.items()
        ),
        (_("Status"), _name("observation_status", one.status)),
        (_("Institution"), _words(one.institution.text)),
    ]
    if series.area:
        area = names.category(names.AREA, series.area, own)
        facts.insert(3, (_("Area"), names.said(area, language)))
    if one.value is not None and one.lower is not None and one.upper is not None:
        low, high = (sentences.number(bound, language) for bound in (one.lower, one.upper))
        facts.append((_("Interval"), f"{low} – {high}"))
    if microdata.is_measured(one.dataset_id):
        facts.append((_("Computed from"), _("microdata of the institution")))
    if _inside(user, one.dataset_id):
        line = _("row {line}").format(line=one.line) if one.line else ""
        column = _("column {column}").format(column=one.column) if one.column else ""
        place = ", ".join(filter(None, (one.sheet, line, column)))
        facts.append((_("Place in the file"), place or "–"))
        if mended := work.mended(one):
            who = ", ".join(
                filter(None, (str(mended.by or ""), moments.written(mended.at, indicator.country)))
            )
            facts.append((_("Changed by hand"), f"{who}: {mended.why}" if mended.why else who))
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
            facts.append((label, f"{name}, {moments.written(moment, one.country)}"))
    if one.published_at is not None:
        facts.append((_("Published"), f"{moments.day(one.published_at, one.country)}"))
    return Node(one.title, tuple(facts), one.get_absolute_url())


def _delivery(user: Any, one: Any) -> Node:
    facts = [
        (_("Institution"), _words(one.institution.text)),
        (_("Came in"), moments.written(one.at, one.country)),
    ]
    if one.file is not None:
        facts += [(_("File"), one.file.name), ("SHA-256", one.file.sha256)]
    return Node(one.file.name if one.file else _("Typed into a form"), tuple(facts), one.get_absolute_url())


def _mapping(user: Any, one: Any) -> Node:
    return Node(
        _("Mapping of columns and codes, revision {number}").format(number=one.revision),
        ((_("Made by"), f"{one.by}, {moments.day(one.at)}"),),
    )


def _measurement(user: Any, one: Any) -> Node:
    facts = [(_("Institution"), _words(one.institution.text)), (_("Records"), one.source_name)]
    facts += [("SHA-256", one.sha256)] if one.sha256 else []
    if one.second:
        facts.append((_("Denominator"), " ".join(filter(None, (one.second["name"], one.second["sha256"])))))
    about = one.summary.get("about", {})
    facts += [(_("Computed with"), about["engine"])] if about.get("engine") else []
    if one.said_by is not None:
        facts.append((_("Columns explained by"), one.said_by.name))
    if one.measured_at is not None:
        facts.append((_("Measured"), f"{one.created_by.name}, {moments.written(one.measured_at)}"))
    return Node(one.title, tuple(facts), one.get_absolute_url() if settings.MICRODATA else None)


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
        reverse("target", args=[one.pk]) if user.is_authenticated else one.source_url or None,
    )


def _release(user: Any, one: Any) -> Node:
    keeps = work.calendar_of(user).filter(pk=one.pk).exists()
    calendar = f"{reverse('release-calendar', args=[one.country.code])}#release-{one.pk}"
    facts = [
        (_("Country"), _words(one.country.text)),
        (_("Announced for"), moments.written(one.planned_at, one.country)),
    ]
    facts += [(_("Published"), moments.written(one.released_at, one.country))] if one.released_at else []
    return Node(_words(one.text), tuple(facts), one.get_absolute_url() if keeps else calendar)


def _event(user: Any, one: Any) -> Node:
    facts = [(_("When"), moments.written(one.at))]
    facts += [(_("Who"), str(one.by))] if one.by else []
    facts += [(_("Why"), one.why)] if one.why else []
    return Node(str(one.sentence), tuple(facts))


def _project(user: Any, one: Any) -> Node:
    facts = [(_("Institution"), _words(one.institution.text)), (_("State"), str(STATES[one.state]))]
    if one.project_code:
        facts.insert(0, (_("Project code"), one.project_code))
    return Node(_words(one.text), tuple(facts), one.get_absolute_url())


def _result_indicator(user: Any, one: Any) -> Node:
    facts = ((_("Result"), str(one.result)), (_("Unit"), one.unit or "–"))
    return Node(
        f"{one.code} {_words(one.text)}",
        facts,
        one.get_absolute_url(),
        (("rests_on", one.result.project.address),),
    )


def _actual(user: Any, one: Any) -> Node:
    """What was reported; who typed and reviewed it, and what shows it, are for those who work with it."""
    facts = [(_("Period"), str(one.period)), (_("State"), str(REPORTS[one.state]))]
    if scoping.works_with(user, one.indicator.result.project):
        if one.evidence:
            facts.append((_("What shows it"), one.evidence))
        for label, who, moment in (
            (_("Sent to review"), one.submitted_by, one.submitted_at),
            (_("Approved"), one.reviewed_by if one.state == "approved" else None, one.reviewed_at),
        ):
            if who is not None and moment is not None:
                facts.append((label, f"{who}, {moments.written(moment)}"))
    return Node(_("Report on {name}").format(name=one.indicator), tuple(facts), one.get_absolute_url())


def _engagement(user: Any, one: Any) -> Node:
    came = engagements.people(one.attendance.all()).total
    facts = (
        (_("Kind"), str(one.get_kind_display())),
        (_("Day"), written(one.last_day.isoformat())),
        (_("Participants"), "–" if came is None else str(came)),
    )
    return Node(_words(one.text), facts, one.get_absolute_url())


def _plan_report(user: Any, one: Any) -> Node:
    """A report on a plan: how many answers it rests on; its public page for those who do not work on it."""
    version = plan_reports.shown_to(user, one)
    facts = [
        (_("Institution"), _words(one.plan.policy.institution.text)),
        (_("Period"), f"{written(one.start.isoformat())} – {written(one.end.isoformat())}"),
    ]
    for each in plan_reports.counts(one):
        facts.append(
            (
                _("Accepted answers, {start} – {end}").format(
                    start=written(each.start), end=written(each.end)
                ),
                each.said,
            )
        )
    if version is not None:
        facts.append((_("Edition"), f"{version.number}, {moments.written(version.as_of)}"))
        facts.append(("SHA-256", version.sha256))
    works = plan_reports.visible_to(user).filter(pk=one.pk).exists()
    page = one.get_absolute_url() if works else version.get_absolute_url() if version else None
    return Node(_("Consolidated report: {plan}").format(plan=_words(one.plan.text)), tuple(facts), page)


DESCRIBE: Mapping[str, Describe] = {
    "actual": _actual,
    "dataset": _dataset,
    "delivery": _delivery,
    "engagement": _engagement,
    "event": _event,
    "indicator": _indicator,
    "mapping": _mapping,
    "measurement": _measurement,
    "observation": _observation,
    "plan-report": _plan_report,
    "project": _project,
    "release": _release,
    "result-indicator": _result_indicator,
    "target": _target,
}
"""How a thing tells of itself to a reader who may see it; others by their name."""


def _where_sources_differ(user: Any, indicator: Any) -> str | None:
    """The page on which the official one of several sources is chosen, for those who may."""
    if not work.chooses_source(user, indicator):
        return None
    return reverse("source", args=[indicator.country.code, indicator.code])


NOTICE_PAGES: Mapping[str, Callable[[Any, Any], str | None]] = {"conflict": _where_sources_differ}
"""Where the deed of a notice is done, for kinds of notice whose thing has a page for readers only."""

WORK_AHEAD: tuple[Callable[[Any, date], Sequence[Any]], ...] = (
    workplan.ahead,
    engagements.to_accept,
    review.to_review,
    of_rounds,
)
"""What is due for a person on the page "My work": function(user, today) -> entries of notices.queries."""


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
