"""Rows to what the API gives."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from milepost import catalogue
from milepost.values import Text
from milepost.web.indicators import queries
from milepost.web.ui import site

LANGUAGE = "en"
"""Pages are named by their address in this language; each links to the others."""


def page_of(request: HttpRequest, thing: Any) -> str:
    """The address of a thing's page."""
    return site.whole(thing.get_absolute_url(), request)


def texts(words: Any) -> dict[str, str]:
    """A text in all its languages."""
    return dict(words or {})


def source(institution: Any) -> dict[str, Any]:
    """An institution, by code and name."""
    return {"code": institution.code, "name": texts(institution.name)}


def country(request: HttpRequest, one: Any) -> dict[str, Any]:
    """A country with its number of indicators."""
    return {
        "code": one.code,
        "m49": one.m49,
        "name": texts(one.name),
        "example": one.example,
        "fictional": one.fictional,
        "indicators": one.listed,
        "page": page_of(request, one),
    }


def indicator(request: HttpRequest, one: Any) -> dict[str, Any]:
    """An indicator of a list."""
    figures = reverse("api-v1:observations")
    return {
        "country": one.country.code,
        "framework": one.framework,
        "code": one.code,
        "title": texts(queries.title(one)),
        "custodian": source(one.custodian) if one.custodian else None,
        "version": one.version,
        "updated_at": one.updated_at,
        "page": page_of(request, one),
        "observations": site.whole(f"{figures}?country={one.country.code}&indicator={one.code}", request),
    }


def definition(found: catalogue.Indicator | None) -> dict[str, Any] | None:
    """The definition by which an indicator is computed and judged."""
    if found is None:
        return None
    plain = found.as_dict()
    return {
        "code": found.code,
        "unit": found.unit.code,
        "direction": found.direction,
        "custodian": ", ".join(found.custodians) or None,
        "breakdowns": list(found.breakdowns),
        "source": plain["source"],
        "revision": plain["revision"],
    }


def version(one: Any) -> dict[str, Any]:
    """One state of an indicator's figures."""
    return {
        "number": one.number,
        "kind": one.kind,
        "at": one.at,
        "institution": source(one.institution),
        "note": one.note,
        "added": one.added,
        "changed": one.changed,
        "removed": one.removed,
    }


def observation(request: HttpRequest, one: Any) -> dict[str, Any]:
    """One figure with all that tells it apart, and where it comes from."""
    series = one.series
    return {
        "id": one.pk,
        "country": series.indicator.country.code,
        "indicator": series.indicator.code,
        "series": series.code,
        "unit": series.unit,
        "unit_mult": series.unit_mult,
        "area": series.area,
        "reporting_type": series.reporting_type,
        "frequency": series.frequency,
        "breakdown": series.breakdown,
        "period": one.period,
        "year": one.year,
        "value": one.value,
        "status": one.status,
        "lower": None if one.value is None else one.lower,  # bounds would tell what is suppressed
        "upper": None if one.value is None else one.upper,
        "attributes": one.attributes,
        "source": source(one.institution),
        "trace": site.whole(f"/{LANGUAGE}/trace/{one.address}/", request),
    }


def cell(one: Any) -> dict[str, Any]:
    """A cell of the matrix."""
    return {
        "country": one.indicator.country.code,
        "indicator": one.indicator.code,
        "dimension": one.dimension,
        "year": one.year,
        "kind": one.kind,
        "cells": one.cells,
    }


def target(one: Any) -> dict[str, Any]:
    """A target with the act that sets it."""
    return {
        "country": one.indicator.country.code,
        "indicator": one.indicator.code,
        "series": one.series_code,
        "unit": one.unit,
        "breakdown": one.breakdown,
        "value": one.value,
        "year": one.year,
        "baseline_value": one.baseline_value,
        "baseline_year": one.baseline_year,
        "act": texts(one.source),
        "act_url": one.source_url,
        "revision": one.revision,
    }


def release(one: Any) -> dict[str, Any]:
    """An entry of the calendar."""
    return {
        "country": one.country.code,
        "title": texts(one.title),
        "indicators": [each.code for each in one.indicators.all()],
        "planned_at": one.planned_at,
        "released_at": one.released_at,
        "postponed_from": one.postponed_from,
        "reason": one.reason,
    }


def framework(one: catalogue.Framework) -> dict[str, Any]:
    """A framework with its items."""
    return {
        "code": one.code,
        "name": texts(one.name),
        "items": [
            {"code": item.code, "parent": item.parent, "level": item.level, "name": texts(item.name)}
            for item in one.items
        ],
    }


def code_list(one: Any) -> dict[str, Any]:
    """A code list with its names."""
    return {
        "id": one.id,
        "name": texts(one.name or Text(en=one.id)),
        "agency": one.agency,
        "version": one.version,
        "codes": {code: texts(name) for code, name in one.codes.items()},
    }
