"""What the API takes and gives."""

from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Field, Schema

Texts = dict[str, str]
CountryCode = Annotated[str, Field(pattern="^[a-z]{2}$", description="ISO 3166-1 alpha-2, lower case")]
Year = Annotated[int, Field(ge=1000, le=9999)]
PAIR = r"^[^:\x00-\x20\x7f-\xa0]{1,60}:[^:\x00-\x1f]{1,120}$"
"""dimension:category. Signs are listed by number: which ones `\\s` stands for differs between engines."""


class Filters(Schema):
    """The parameters of a call."""


class Paged(Filters):
    """Where a list goes on."""

    offset: int = Field(0, ge=0, le=1_000_000)
    limit: int = Field(100, ge=1, le=1000)


class IndicatorFilters(Paged):
    """Which indicators."""

    country: CountryCode | None = None
    framework: str | None = Field(None, max_length=20)
    goal: str | None = Field(None, pattern=r"^\d{1,2}$")
    with_data: bool | None = Field(None, description="only those with, or without, published figures")


class ObservationFilters(Filters):
    """Which figures. Lists go on with `next` of the answer."""

    country: CountryCode | None = None
    indicator: str | None = Field(None, max_length=40, description="such as 10.7.1")
    version: int | None = Field(
        None, ge=1, le=2**31 - 1, description="an earlier version; only with country and indicator"
    )
    series: str | None = Field(None, max_length=60)
    unit: str | None = Field(None, max_length=60)
    area: str | None = Field(None, max_length=20, description="code of a region; empty for the whole country")
    reporting_type: Literal["N", "G", "R"] | None = None
    dimensions: str | None = Field(
        None, max_length=250, description="names joined with +, in order; empty for the total"
    )
    breakdown: list[Annotated[str, Field(pattern=PAIR)]] = Field(
        [], max_length=10, description="dimension:category, such as sex:F; repeat it to narrow"
    )
    status: str | None = Field(None, pattern="^[A-Z]$", description="code of CL_OBS_STATUS")
    from_year: Year | None = None
    to_year: Year | None = None
    after: int = Field(0, ge=0, le=2**63 - 1, description="the last id of the page before")
    limit: int = Field(500, ge=1, le=5000)


class ByCountry(Paged):
    """Of one country, or of all."""

    country: CountryCode | None = None


class CoverageFilters(ByCountry):
    """Which cells of the matrix."""

    indicator: str | None = Field(None, max_length=40)
    dimension: str | None = Field(None, max_length=60)
    year: Year | None = None


class Country(Schema):
    """A country that this installation serves."""

    code: str
    m49: str
    name: Texts
    example: bool = Field(description="made for a demonstration; not an official site of any country")
    fictional: bool
    indicators: int
    page: str


class Source(Schema):
    """An institution."""

    code: str
    name: Texts


class Indicator(Schema):
    """An indicator on a country's list."""

    country: str
    framework: str
    code: str
    title: Texts
    custodian: Source | None
    version: int = Field(description="of its published figures; 0 where there are none")
    updated_at: datetime | None
    page: str
    observations: str


class Definition(Schema):
    """How an indicator is defined, and by whom."""

    code: str
    unit: str | None
    direction: str = Field(description='which way is better: "up", "down" or "none"')
    custodian: str | None
    breakdowns: list[str]
    source: Any
    revision: Any


class IndicatorInFull(Indicator):
    """An indicator with definition and metadata."""

    definition: Definition | None
    metadata: dict[str, Any]


class Version(Schema):
    """One state of an indicator's published figures."""

    number: int
    kind: str
    at: datetime
    institution: Source
    note: str
    added: int
    changed: int
    removed: int


class Observation(Schema):
    """One figure: a number, or the status that says why there is none."""

    id: int
    country: str
    indicator: str
    series: str
    unit: str
    unit_mult: str
    area: str
    reporting_type: str
    frequency: str
    breakdown: dict[str, str]
    period: str
    year: int
    value: float | None
    status: str
    lower: float | None
    upper: float | None
    attributes: dict[str, Any]
    source: Source
    trace: str


class Cell(Schema):
    """What is published of an indicator for a dimension and a year."""

    country: str
    indicator: str
    dimension: str
    year: int
    kind: str
    cells: int


class Target(Schema):
    """A target in force."""

    country: str
    indicator: str
    series: str
    unit: str
    breakdown: dict[str, str]
    value: float
    year: int
    baseline_value: float | None
    baseline_year: int | None
    act: Texts
    act_url: str
    revision: int


class Release(Schema):
    """An entry of the release calendar."""

    country: str
    title: Texts
    indicators: list[str]
    planned_at: datetime
    released_at: datetime | None
    postponed_from: datetime | None
    reason: str


class Item(Schema):
    """A goal, target, objective or criterion of a framework."""

    code: str
    parent: str | None
    level: str
    name: Texts


class Framework(Schema):
    """A framework of the catalogue."""

    code: str
    name: Texts


class FrameworkInFull(Framework):
    """A framework with its items."""

    items: list[Item]


class CodeList(Schema):
    """The codes of a dimension or attribute."""

    id: str
    name: Texts
    agency: str
    version: str
    codes: dict[str, Texts]


class Fault(Schema):
    """Why there is no answer."""

    detail: str


class Page(Schema):
    """How much there is, and where it goes on."""

    count: int
    next: str | None


class Countries(Page):
    """A page of countries."""

    items: list[Country]


class Indicators(Page):
    """A page of indicators."""

    items: list[Indicator]


class Cells(Page):
    """A page of the matrix."""

    items: list[Cell]


class Targets(Page):
    """A page of targets."""

    items: list[Target]


class Releases(Page):
    """A page of the calendar."""

    items: list[Release]


class Observations(Schema):
    """A page of figures; `next` is the address of the following one."""

    items: list[Observation]
    next: str | None
