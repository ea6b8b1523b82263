"""Downloads: what is public, as files that say where they come from."""

from __future__ import annotations

import csv
import hashlib
import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from milepost import __version__
from milepost.interchange.csv import shielded
from milepost.recipes import publish_files
from milepost.recipes.publish_files import KINDS, Publication, PublishedFigure, PublishedSeries
from milepost.values import Text
from milepost.web.indicators.queries import find_indicator, names, portal, published, title
from milepost.web.indicators.queries.figures import definition, latest_versions, version_of
from milepost.web.indicators.views.citing import citation, language, notice, stable_address
from milepost.web.indicators.views.portal import country_or_404, version_asked
from milepost.web.ui import moments, site

if TYPE_CHECKING:
    from milepost.web.indicators.models import Indicator, Version
    from milepost.web.stakeholders.models import Country

BULK = ("csv", "sdmx-csv", "sdmx-ml", "json")
"""The formats of everything that a country has published."""


def publication(request: HttpRequest, found: Indicator, version: Version) -> Publication:
    """One version of an indicator's public figures, with all that a file says of them; in three queries."""
    number = None if version.number == found.version else version.number
    rows: list[Any] = published(found, version=number)
    keys = {one.institution_id for _series, observations in rows for one in observations}
    institutions = portal.Institution.objects.in_bulk(sorted(keys))
    sources = {key: names.said(one.text, language()) for key, one in institutions.items()}
    return Publication(
        code=found.code,
        name=f"{found.country.code}-{found.code}-v{version.number}",
        title=title(found),
        country=Text(found.country.name),
        country_code=found.country.code,
        m49=found.country.m49,
        version=version.number,
        at=version.at,
        note=version.note,
        sources=tuple(sources.values()),
        citation=citation(request, found, version, list(sources.values())),
        address=stable_address(request, found, version),
        notice=notice(found.country),
        definition=definition(found),
        metadata={field: Text(words) for field, words in found.metadata.items() if isinstance(words, dict)},
        series=tuple(
            PublishedSeries(
                code=one.code,
                unit=one.unit,
                unit_mult=one.unit_mult,
                area=one.area,
                reporting_type=one.reporting_type,
                frequency=one.frequency,
                breakdown=one.breakdown,
                figures=tuple(
                    PublishedFigure(
                        period=figure.period,
                        value=figure.value,
                        status=figure.status,
                        lower=figure.lower,
                        upper=figure.upper,
                        attributes=figure.attributes,
                        source=sources.get(figure.institution_id, ""),
                    )
                    for figure in observations
                ),
            )
            for one, observations in rows
        ),
    )


@require_safe
def indicator(request: HttpRequest, country: str, code: str, kind: str) -> HttpResponseBase:
    """The public figures of one indicator, now or in the version asked for, as a file."""
    found = find_indicator(request.user, country, code)
    if found is None or kind not in KINDS:
        raise Http404(code)
    moments.follow(found.country)
    number = version_asked(request) or found.version
    version = version_of(found, number)
    if version is None:
        raise Http404(code)
    about = publication(request, found, version)
    content = publish_files.content(about, kind)
    return _attachment(request, content, f"{about.name}{KINDS[kind].ending}", KINDS[kind].content_type)


@require_safe
def coverage(request: HttpRequest, country: str) -> HttpResponseBase:
    """The coverage matrix as CSV: one row for each indicator, dimension and year with a figure."""
    found = country_or_404(request, country)
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(("indicator", "dimension", "year", "coverage", "figures", "notice"))
    said = notice(found)
    for code, dimension, year, kind, figures in portal.coverage_rows(request.user, found):
        writer.writerow((shielded(code), shielded(dimension or "_T"), year, kind, figures, said))
    content = ("\ufeff" + out.getvalue()).encode()
    return _attachment(request, content, f"{found.code}-coverage.csv", KINDS["csv"].content_type)


@require_safe
def downloads(request: HttpRequest, country: str) -> HttpResponse:
    """What can be downloaded of a country, whole and by indicator."""
    found = country_or_404(request, country)
    listed = [one for one in portal.listed(request.user, found) if one.version]
    return render(
        request,
        "indicators/portal/downloads.html",
        {
            "country": found,
            "section": "downloads",
            "bulk": [(kind, KINDS[kind].name) for kind in BULK],
            "kinds": [(kind, KINDS[kind].name) for kind in KINDS],
            "indicators": [(one, title(one)) for one in listed],
        },
    )


@require_safe
def country(request: HttpRequest, country: str, kind: str) -> HttpResponseBase:
    """Everything public of a country as a zip: made once for each state of the figures, then kept."""
    found = country_or_404(request, country)
    if kind not in BULK:
        raise Http404(kind)
    listed = [one for one in portal.listed(request.user, found) if one.version]
    if not listed:
        raise Http404(kind)
    versions = latest_versions(listed)
    path = kept(request, found, kind, listed, versions)
    if not path.exists():
        _make(request, found, kind=kind, listed=listed, versions=versions, path=path)
    return FileResponse(
        path.open("rb"),
        as_attachment=True,
        filename=f"{found.code}-{kind}.zip",
        content_type="application/zip",
        headers={"ETag": f'"{path.stem}"'},
    )


def kept(
    request: HttpRequest, found: Country, kind: str, listed: list[Indicator], versions: dict[int, Any]
) -> Path:
    """Where the zip of this very state of a country's figures is kept."""
    state = [__version__, language(), site.address(request), settings.SITE_NAME, str(found.example)]
    state.append(str(found.revision))
    state += [f"{one.pk} {one.revision} {one.version}" for one in listed]
    state += [f"{one.pk} {one.at.isoformat()}" for one in versions.values()]
    digest = hashlib.blake2b("\n".join(state).encode(), digest_size=12).hexdigest()
    return settings.HOME / "published" / found.code / f"{kind}-{language()}-{digest}.zip"


def _make(
    request: HttpRequest,
    found: Country,
    *,
    kind: str,
    listed: list[Indicator],
    versions: dict[int, Any],
    path: Path,
) -> None:
    """Write the zip, and remove those of earlier states."""
    path.parent.mkdir(parents=True, exist_ok=True)
    publications = (publication(request, one, versions[one.pk]) for one in listed if one.pk in versions)
    publish_files.write_all(publications, path, kind, readme=_readme(request, found))
    for other in path.parent.glob(f"{kind}-{language()}-*.zip"):
        if other != path:
            other.unlink(missing_ok=True)


def _readme(request: HttpRequest, found: Country) -> str:
    lines = [
        _("Published figures of {country}").format(country=names.said(found.text, language())),
        notice(found),
        _("One file for each indicator. Each row says its source, its version and how to cite it."),
        site.whole(found.get_absolute_url(), request),
    ]
    return "\n".join(filter(None, lines))


def _attachment(request: HttpRequest, content: bytes, name: str, content_type: str) -> HttpResponseBase:
    etag = f'"{hashlib.blake2b(content, digest_size=12).hexdigest()}"'
    answer: Any = HttpResponse(
        content,
        content_type=content_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"', "ETag": etag},
    )
    return get_conditional_response(request, etag=etag, response=answer) or answer
