"""Projects, as files and documents know them: who does what, where, from when to when, for how much."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

from milepost.values.results import Reference, Result
from milepost.values.text import Text


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in a currency (ISO 4217), at the rate of a day."""

    value: Decimal
    currency: str
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Party:
    """An organisation that takes part. `role` and `kind`: codes of OrganisationRole and OrganisationType."""

    name: Text
    role: str = ""
    reference: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Share:
    """A country, region or sector by code of a vocabulary, with its part of the whole in per cent."""

    code: str
    vocabulary: str = ""
    percentage: Decimal | None = None
    title: Text = field(default_factory=Text)
    uri: str = ""


@dataclass(frozen=True, slots=True)
class Marker:
    """A policy marker as printed, such as 2a of a fund's gender marker; DAC's `significance`, if entered."""

    code: str
    vocabulary: str = ""
    significance: str = ""
    title: Text = field(default_factory=Text)
    uri: str = ""


@dataclass(frozen=True, slots=True)
class Budget:
    """Money planned for a time. `line`: staff, office or operational, where the project says so."""

    start: date
    end: date
    money: Money
    line: str = ""
    revised: bool = False
    committed: bool = False


@dataclass(frozen=True, slots=True)
class Transaction:
    """Money that moved, or was promised. `kind` is an IATI code (TransactionType): 4 is an expenditure."""

    kind: str
    day: date
    money: Money
    reference: str = ""
    description: Text = field(default_factory=Text)
    provider: Party | None = None
    receiver: Party | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A document elsewhere: its address, kind of file and IATI category (DocumentCategory), such as A07."""

    url: str
    title: Text
    format: str = ""
    category: str = ""
    language: str = ""
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Related:
    """Another project and how it is related. `kind` is an IATI code (RelatedActivityType)."""

    identifier: str
    kind: str


Moment = Literal["planned_start", "actual_start", "planned_end", "actual_end"]


@dataclass(frozen=True, slots=True)
class Project:
    """One project (an IATI activity). What is not known is empty or None, never zero.

    `status` is an IATI code (ActivityStatus); `countries` are ISO 3166-1 alpha-2, `regions` and `sectors`
    codes of the vocabulary they name; `scope` is an IATI code (ActivityScope).
    """

    identifier: str
    title: Text
    description: Text = field(default_factory=Text)
    reporter: Party | None = None
    parties: tuple[Party, ...] = ()
    status: str = ""
    days: tuple[tuple[Moment, date], ...] = ()
    scope: str = ""
    countries: tuple[Share, ...] = ()
    regions: tuple[Share, ...] = ()
    sectors: tuple[Share, ...] = ()
    tags: tuple[Reference, ...] = ()
    markers: tuple[Marker, ...] = ()
    currency: str = ""
    language: str = ""
    budgets: tuple[Budget, ...] = ()
    transactions: tuple[Transaction, ...] = ()
    documents: tuple[Document, ...] = ()
    related: tuple[Related, ...] = ()
    results: tuple[Result, ...] = ()
    other_identifiers: tuple[Reference, ...] = ()


@dataclass(frozen=True, slots=True)
class ProjectRecord:
    """The register's record of a project, in the words of the page it was read from; None is missing."""

    title: str | None = None
    start: str | None = None
    end: str | None = None
    status: str | None = None
    type: str | None = None
    budget: Decimal | None = None
    currency: str | None = None
    coverage: str | None = None
    year: str | None = None
    region: str | None = None
    prima_id: str | None = None
    project_id: str | None = None
    member_states: tuple[str, ...] | None = None
    narrative: str | None = None
