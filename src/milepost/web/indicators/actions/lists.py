"""A country's list of indicators: which it monitors, and who answers for each."""

import re
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from milepost import catalogue
from milepost.errors import MilepostError
from milepost.values import Origin, Problem
from milepost.web.accounts.roles import Permission
from milepost.web.audit.actions import changes, record
from milepost.web.indicators.actions.conditions import allow
from milepost.web.indicators.models import Indicator
from milepost.web.stakeholders.models import Country, Institution
from milepost.web.ui.revisions import Stale

_CODE = re.compile(r"[A-Za-z0-9]+(?:[.-][A-Za-z0-9]+)*", re.ASCII)
_LONGEST_CODE = 40

Texts = Mapping[str, str]  # {language: text}


@transaction.atomic
def add(
    *,
    by: Any,
    country: Country,
    code: str,
    framework: str = "sdg",
    title: Texts | None = None,
    custodian: Institution | None = None,
    listed: bool = True,
    metadata: Mapping[str, Texts] | None = None,
) -> Indicator:
    """Put an indicator on a country's list; one that the catalogue does not know needs a title.

    MilepostError where the code is none, or is on the list already, in whatever framework.
    """
    allow(by, Permission.EDIT_INDICATORS, country.address)
    code, words = code.strip(), _without_blanks(title)
    problems = list(_problems_of_code(code, country, framework, words))
    problems += _problems_of_custodian(custodian, country)
    if problems:
        raise MilepostError(problems)
    indicator = Indicator.objects.create(
        country=country,
        framework=framework,
        code=code,
        slug=f"{country.code}-{code.lower()}",
        title=words,
        custodian=custodian,
        metadata=_metadata(metadata),
        order=in_order(code),
        listed=listed,
    )
    record(
        by=by,
        verb="indicator.added",
        address=indicator.address,
        scope=country.address,
        details={"code": code, "framework": framework},
    )
    return indicator


@transaction.atomic
def edit(
    *,
    by: Any,
    indicator: Indicator,
    revision: int,
    title: Texts,
    custodian: Institution | None,
    listed: bool,
    metadata: Mapping[str, Texts],
) -> Indicator:
    """Change how an indicator stands on its list; Stale where somebody else changed it meanwhile.

    An unlisted indicator leaves the portal; its figures and versions stay as they are.
    """
    allow(by, Permission.EDIT_INDICATORS, indicator.address, indicator.country.address)
    words = _without_blanks(title)
    problems = list(_problems_of_custodian(custodian, indicator.country))
    if not words and not catalogue.indicator_title(indicator.code):
        problems.append(_problem("indicator-without-title", "title", code=indicator.code))
    if problems:
        raise MilepostError(problems)
    before = _described(Indicator.objects.get(pk=indicator.pk))
    fields = {
        "title": words,
        "custodian": custodian,
        "listed": listed,
        "metadata": _metadata(metadata),
    }
    found = Indicator.objects.filter(pk=indicator.pk, revision=revision)
    if not found.update(revision=revision + 1, **fields):
        raise Stale(Indicator.objects.get(pk=indicator.pk))
    indicator.refresh_from_db()
    record(
        by=by,
        verb="indicator.edited",
        address=indicator.address,
        scope=indicator.country.address,
        details={"fields": sorted(changes(before, _described(indicator)))},
    )
    return indicator


def in_order(code: str) -> str:
    """A code as it sorts: 10.7.2 before 10.7.10, and letters after numbers.

    >>> in_order("10.7.2") < in_order("10.7.10") < in_order("10.c.1")
    True
    """
    return ".".join(
        part.zfill(4) if part.isdigit() else f"~{part.lower()}" for part in re.split(r"[.-]", code)
    )


def _problems_of_code(code: str, country: Country, framework: str, words: Texts):
    if not _CODE.fullmatch(code) or len(code) > _LONGEST_CODE:
        yield _problem("indicator-code", "code", code=code)
    elif Indicator.objects.filter(country=country, code__iexact=code).exists():
        yield _problem("indicator-listed", "code", code=code, country=str(country))
    elif not words and (framework != "sdg" or not catalogue.indicator_title(code)):
        yield _problem("indicator-without-title", "title", code=code)


def _problems_of_custodian(custodian: Institution | None, country: Country):
    if custodian is not None and (custodian.country not in (None, country) or not custodian.active):
        yield _problem("institution-elsewhere", "custodian", name=str(custodian))


def _problem(kind: str, column: str, /, **details: Any) -> Problem:
    return Problem(kind, Origin("form", column=column), details)


def _metadata(metadata: Mapping[str, Texts] | None) -> dict[str, dict[str, str]]:
    filled = {name: _without_blanks(texts) for name, texts in sorted((metadata or {}).items())}
    return {name: texts for name, texts in filled.items() if texts}


def _without_blanks(texts: Texts | None) -> dict[str, str]:
    return {language: text.strip() for language, text in sorted((texts or {}).items()) if text.strip()}


def _described(indicator: Indicator) -> dict[str, Any]:
    return {
        "title": indicator.title,
        "custodian": indicator.custodian_id,
        "listed": indicator.listed,
        "metadata": indicator.metadata,
    }
