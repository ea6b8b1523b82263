"""The open data API, version 1: read only, published data only, described at /api/v1/openapi.json."""

from collections.abc import Callable, Sequence
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.views.decorators.http import require_safe
from ninja import Field, NinjaAPI, Query
from ninja.errors import HttpError, ValidationError
from ninja.throttling import AnonRateThrottle

from milepost import __version__, catalogue
from milepost.errors import MilepostError
from milepost.web.api import answers, dcat, schemas
from milepost.web.indicators.queries import open_data
from milepost.web.ui import memory, site

RATE = "600/m"
"""Calls of one address in all processes together; more are answered with 429 and when to come back."""


BUNDLE = 10
"""Calls that a process counts by itself before it tells the others."""


class Throttle(AnonRateThrottle):
    """Counts the calls of all processes, in the table that they share, in bundles of ten.

    So who calls now and then never waits for a publication that is being written; the count is short of the
    truth by nine calls for each process at most.
    """

    def throttle_success(self) -> bool:
        """The call is let through, and counted."""
        assert self.key is not None  # who has no address is not counted, and does not come here
        key = f"{self.key}-untold"
        untold = memory.cache.get(key, 0) + 1
        if untold >= BUNDLE:
            self.cache.set(self.key, [self.now] * untold + self.history, self.duration)
            untold = 0
        memory.cache.set(key, untold, self.duration)
        return True


Code = Annotated[str, Field(max_length=40, description="such as 10.7.1")]

api = NinjaAPI(
    title="Milepost open data",
    version="1",
    description=(
        "Published figures of migration policy and migration-related SDGs, with their definitions, versions, "
        "targets and release calendar. Figures that are not published are not here. "
        "Every answer may be cached: it has an ETag."
    ),
    docs_url=None,  # the page of ninja loads scripts from elsewhere; ours is /<language>/api/
    urls_namespace="api-v1",
    throttle=[Throttle(RATE)],
)
FAULTS = {404: schemas.Fault, 422: schemas.Fault, 429: schemas.Fault}


@api.exception_handler(MilepostError)
def _unknown(request: HttpRequest, error: MilepostError) -> HttpResponse:
    return JsonResponse({"detail": str(error)}, status=404)


@api.exception_handler(ValidationError)
def _unusable(request: HttpRequest, error: ValidationError) -> HttpResponse:
    faults = (f"{_parameter(fault['loc'])}: {fault['msg']}" for fault in error.errors)
    return JsonResponse({"detail": "; ".join(faults)}, status=422)


def _parameter(place: Sequence[str | int]) -> str:
    """ "breakdown.2" for the third of that name; ninja gives ("query", "filters", "breakdown", 2)."""
    return ".".join(str(step) for step in place if step not in ("query", "path", "filters", "page"))


@api.get("/countries", response={200: schemas.Countries, **FAULTS}, url_name="countries")
def countries(request: HttpRequest, page: Query[schemas.Paged]) -> dict[str, Any]:
    """The countries that this installation serves."""
    return _paged(request, open_data.countries(), page, lambda one: answers.country(request, one))


@api.get("/indicators", response={200: schemas.Indicators, **FAULTS}, url_name="indicators")
def indicators(request: HttpRequest, page: Query[schemas.IndicatorFilters]) -> dict[str, Any]:
    """The indicators on the countries' lists."""
    found = open_data.indicators(
        country=page.country, framework=page.framework, goal=page.goal, with_data=page.with_data
    )
    return _paged(request, found, page, lambda one: answers.indicator(request, one))


@api.get(
    "/indicators/{country}/{code}",
    response={200: schemas.IndicatorInFull, **FAULTS},
    url_name="indicator",
)
def indicator(request: HttpRequest, country: schemas.CountryCode, code: Code) -> dict[str, Any]:
    """One indicator with its definition and metadata."""
    one = _indicator(country, code)
    return {
        **answers.indicator(request, one),
        "definition": answers.definition(open_data.definition(one)),
        "metadata": one.metadata,
    }


@api.get(
    "/indicators/{country}/{code}/versions",
    response={200: list[schemas.Version], **FAULTS},
    url_name="versions",
)
def versions(request: HttpRequest, country: schemas.CountryCode, code: Code) -> list[dict[str, Any]]:
    """Every version of an indicator's figures, the latest first."""
    return [answers.version(one) for one in open_data.versions(_indicator(country, code))]


@api.get("/observations", response={200: schemas.Observations, **FAULTS}, url_name="observations")
def observations(request: HttpRequest, filters: Query[schemas.ObservationFilters]) -> dict[str, Any]:
    """Published figures, now or in an earlier version of one indicator."""
    _refuse_unknown(request, filters)
    one = None
    if filters.country is not None and filters.indicator is not None:
        one = _indicator(filters.country, filters.indicator)
    if filters.version is not None:
        if one is None:
            raise HttpError(404, "a version is of one indicator: name country and indicator, too")
        if filters.version > one.version:
            raise HttpError(404, f"{filters.indicator} has no version {filters.version}")
    narrowed = {
        "code": filters.series,
        "unit": filters.unit,
        "area": filters.area,
        "reporting_type": filters.reporting_type,
        "dimensions": filters.dimensions,
    }
    found = open_data.observations(
        indicator=one,
        country=filters.country,
        code=filters.indicator,
        version=filters.version,
        where={name: value for name, value in narrowed.items() if value is not None},
        breakdown=[(name, category) for name, _, category in (b.partition(":") for b in filters.breakdown)],
        from_year=filters.from_year,
        to_year=filters.to_year,
        status=filters.status,
        after=filters.after,
    )
    rows = list(found[: filters.limit + 1])
    more = len(rows) > filters.limit
    shown = rows[: filters.limit]
    return {
        "items": [answers.observation(request, row) for row in shown],
        "next": _address(request, after=shown[-1].pk) if more else None,
    }


@api.get("/coverage", response={200: schemas.Cells, **FAULTS}, url_name="coverage")
def coverage(request: HttpRequest, page: Query[schemas.CoverageFilters]) -> dict[str, Any]:
    """What is published by indicator, breakdown and year; a cell that is absent has nothing."""
    found = open_data.coverage(
        country=page.country, code=page.indicator, dimension=page.dimension, year=page.year
    )
    return _paged(request, found, page, answers.cell)


@api.get("/targets", response={200: schemas.Targets, **FAULTS}, url_name="targets")
def targets(request: HttpRequest, page: Query[schemas.ByCountry]) -> dict[str, Any]:
    """The targets in force, with the acts that set them."""
    return _paged(request, open_data.targets(country=page.country), page, answers.target)


@api.get("/releases", response={200: schemas.Releases, **FAULTS}, url_name="releases")
def releases(request: HttpRequest, page: Query[schemas.ByCountry]) -> dict[str, Any]:
    """The release calendar."""
    return _paged(request, open_data.releases(country=page.country), page, answers.release)


@api.get("/frameworks", response={200: list[schemas.Framework], **FAULTS}, url_name="frameworks")
def frameworks(request: HttpRequest) -> list[dict[str, Any]]:
    """The frameworks of the catalogue."""
    return [{"code": one.code, "name": answers.texts(one.name)} for one in catalogue.frameworks()]


@api.get("/frameworks/{code}", response={200: schemas.FrameworkInFull, **FAULTS}, url_name="framework")
def framework(request: HttpRequest, code: Code) -> dict[str, Any]:
    """One framework with its items."""
    return answers.framework(catalogue.framework(code))


@api.get("/code-lists", response={200: list[schemas.CodeList], **FAULTS}, url_name="code-lists")
def code_lists(request: HttpRequest) -> list[dict[str, Any]]:
    """The code lists that figures use."""
    return [answers.code_list(one) for one in catalogue.code_lists()]


@require_safe
def data_catalogue(request: HttpRequest) -> HttpResponse:
    """All that can be downloaded, as a DCAT catalogue in JSON-LD."""
    return JsonResponse(dcat.catalogue(request), content_type="application/ld+json")


def page(request: HttpRequest) -> HttpResponse:
    """What the API offers, for people."""
    document = api.get_openapi_schema()
    calls = [
        {"path": path, "summary": call["get"].get("summary", ""), "words": call["get"].get("description", "")}
        for path, call in document["paths"].items()
    ]
    return render(
        request,
        "api/page.html",
        {
            "calls": calls,
            "rate": RATE.partition("/")[0],
            "version": __version__,
            "address": site.address(request),
        },
    )


def _refuse_unknown(request: HttpRequest, known: schemas.Filters) -> None:
    """A slip of the pen in a parameter's name is not answered with everything."""
    if unknown := sorted(set(request.GET) - set(type(known).model_fields)):
        raise HttpError(422, f"not a parameter of this call: {', '.join(unknown)}")


def _indicator(country: str, code: str) -> Any:
    found = open_data.indicators(country=country).filter(code=code).first()
    if found is None:
        raise HttpError(404, f"{country} has no published indicator {code}")
    return found


def _paged(
    request: HttpRequest, found: Any, page: schemas.Paged, answer: Callable[[Any], dict[str, Any]]
) -> dict[str, Any]:
    """A slice of a list, how long it is, and where it goes on."""
    _refuse_unknown(request, page)
    count = found.count()
    end = page.offset + page.limit
    return {
        "count": count,
        "items": [answer(one) for one in found[page.offset : end]],
        "next": _address(request, offset=end) if end < count else None,
    }


def _address(request: HttpRequest, **changed: int) -> str:
    """The address of this call with other places in the list."""
    query = request.GET.copy()
    for name, value in changed.items():
        query[name] = str(value)
    return request.build_absolute_uri(f"{request.path}?{urlencode(query, doseq=True)}")
