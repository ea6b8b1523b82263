"""What is to be measured: the method, the columns it reads, the breakdowns, the sampling design."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from milepost.values import Estimate, Problem

LONELY = ("refuse", "certainty", "average", "centre")
"""What to do with a stratum of one sampling unit: refuse; count it as taken with certainty (no variance);
give it the average variance of the other strata; centre it on the mean of all units."""

REPLICATIONS = ("jackknife", "stratified-jackknife", "bootstrap", "brr")


@dataclass(frozen=True, slots=True)
class Replication:
    """Replicate weights: their columns, how they were made, and the factor of each squared difference.

    `scale` multiplies the sum, `rscales` each term; None is the usual one of the kind (jackknife: (R-1)/R,
    bootstrap and brr: 1/R; a stratified jackknife has none of its own).
    """

    kind: str
    columns: tuple[str, ...]
    scale: float | None = None
    rscales: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Design:
    """How the sample was drawn: names of columns. No weight: every row counts 1.

    `fpc` holds, for each row, the number of sampling units in the population of its stratum, or, where it is
    at most 1, the share of them that was drawn. Sampling units are nested in strata: the same number in two
    strata is a fault, unless `nested` says that they are told apart by both.
    """

    weight: str | None = None
    stratum: str | None = None
    psu: str | None = None
    fpc: str | None = None
    replication: Replication | None = None
    lonely: str = "refuse"
    nested: bool = False

    @property
    def has_errors(self) -> bool:
        """Whether the rows are a sample; a register or a list of incidents has no sampling error."""
        return bool(self.weight or self.stratum or self.psu or self.replication)


@dataclass(frozen=True, slots=True)
class Band:
    """One category made of a range of numbers, both ends included; None is no end."""

    code: str
    minimum: float | None = None
    maximum: float | None = None


@dataclass(frozen=True, slots=True)
class Recode:
    """How a column becomes a dimension: bands for numbers, or codes by the column's own words.

    Blank cells become `missing`. Numbers outside every band, and words not listed, are unknown categories:
    `other` takes them; without it they are a fault that names the column and how many rows there are.
    """

    codes: Mapping[str, str] = field(default_factory=dict)
    bands: tuple[Band, ...] = ()
    missing: str = "_U"
    other: str | None = None


@dataclass(frozen=True, slots=True)
class Condition:
    """Which rows belong to the population: a column with the values wanted, or a range with both its ends."""

    column: str
    values: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None


@dataclass(frozen=True, slots=True)
class Reliability:
    """The office's thresholds: with fewer respondents, or a larger cv, a value is flagged as unreliable."""

    minimum_n: int | None = None
    maximum_cv: float | None = None


@dataclass(frozen=True, slots=True)
class Second:
    """A second source for the denominator, such as population by sex: file, columns, dimensions."""

    file: str
    columns: Mapping[str, str]
    dimensions: Mapping[str, str] = field(default_factory=dict)
    recodes: Mapping[str, Recode] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Task:
    """One measurement of one quantity.

    `columns` gives the column of each role of the method ("numerator", "denominator", "value", ...),
    `options` its parameters ("per", "statistic", ...). `dimensions` gives the column of each dimension;
    `tables` the sets of dimensions that are crossed, each with all its totals: (("sex", "age"),) is sex x
    age, sex, age and the whole. Rows that fail a condition stay in the design: they are outside the
    domain, not outside the sample.
    """

    indicator: str
    method: str
    columns: Mapping[str, str | tuple[str, ...]]
    year: int
    options: Mapping[str, Any] = field(default_factory=dict)
    series: str | None = None
    dimensions: Mapping[str, str] = field(default_factory=dict)
    recodes: Mapping[str, Recode] = field(default_factory=dict)
    tables: tuple[tuple[str, ...], ...] = ((),)
    where: tuple[Condition, ...] = ()
    design: Design = field(default_factory=Design)
    second: Second | None = None
    confidence: float = 0.95
    reliability: Reliability = field(default_factory=Reliability)
    persons: str | None = None
    """The column that says how many persons a row stands for; without one, a row is one person."""
    largest: int = 0
    """How many of the largest contributions each cell is to keep, for rules of dominance."""

    @property
    def by(self) -> tuple[str, ...]:
        """Every dimension of any table, in the order in which they are first named."""
        return tuple(dict.fromkeys(dimension for table in self.tables for dimension in table))


@dataclass(frozen=True, slots=True)
class Source:
    """The rows to measure, as an engine scans them, one person or unit a row.

    `kind` is "parquet" or "csv" (then `csv` holds its delimiter and encoding). `place` is what faults call
    it: the file's own name, never that of a temporary copy. `labels` gives the words for the values of a
    column, as files of SPSS and Stata keep them: {column: {stored value as text: label}}.
    """

    paths: tuple[str, ...]
    kind: str
    columns: tuple[str, ...]
    place: str
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    csv: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Measured:
    """The cells of one measurement, what it read, what it left out and why, and what is worth knowing.

    `design` says what the errors rest on: numbers of strata and sampling units, lonely ones, the rule for
    them, the method ("taylor", "jackknife", ...). `rows` were read, `used` entered the cell over everything.
    """

    task: Task
    cells: tuple[Estimate, ...]
    rows: int
    used: int
    engine: str
    excluded: Mapping[str, int] = field(default_factory=dict)
    design: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[Problem, ...] = ()
