"""Everything that reads what came in, for whoever may see it."""

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Count, Max, Q, QuerySet
from django.utils import timezone

from milepost import catalogue
from milepost.recipes import incoming
from milepost.recipes.incoming import National, Reading, Record, Unknown
from milepost.values import Origin, Problem, Table, Text
from milepost.web.accounts.roles import Permission
from milepost.web.audit.models import Event
from milepost.web.files.models import StoredFile
from milepost.web.frameworks import queries as frameworks
from milepost.web.intake import faults
from milepost.web.intake.models import Delivery, Row
from milepost.web.intake.models import Mapping as Remembered
from milepost.web.jobs.models import Job
from milepost.web.stakeholders.models import Country, Institution
from milepost.web.stakeholders.queries import within

WORKING = (Permission.UPLOAD_DATA, Permission.REVIEW_DATA, Permission.READ_INTERNAL)
"""Whoever may do one of these in an institution or country sees what it sent in."""

MARK = "delivery.mark"
"""The job that makes the marked copy of a large file."""

MOST_AT_ONCE = 10_000
"""Rows of which the marked copy is made while one waits."""

_CHANGES = (
    "dataset.decided",
    "dataset.overtaken",
    "dataset.read",
    "delivery.mapped",
    "row.decided",
    "row.edited",
)

OPEN = ("draft", "returned")
"""The states of a dataset in which rows may be changed."""


def visible_to(user: Any) -> QuerySet[Delivery]:
    """The deliveries of the institutions and countries in which a reader works."""
    return Delivery.objects.filter(_inside(user, country="country__code")).select_related(
        "country", "institution__country", "file", "mapping", "by"
    )


def mappings(user: Any) -> QuerySet[Remembered]:
    """Every revision of the mappings of the institutions in which a reader works."""
    return Remembered.objects.filter(_inside(user, country="institution__country__code")).select_related(
        "institution__country", "by"
    )


def _inside(user: Any, *, country: str) -> Q:
    condition = Q(pk__in=[])
    for permission in WORKING:
        condition |= within(user, permission, institution="institution_id", country=country)
    return condition


def latest_mappings(user: Any) -> QuerySet[Remembered]:
    """The last revision of each mapping that is not forgotten."""
    last = Remembered.objects.values("institution", "signature").annotate(last=Max("pk")).values_list("last")
    return mappings(user).filter(pk__in=last, forgotten=False).order_by("institution", "-at")


def revisions(user: Any, mapping: Remembered) -> QuerySet[Remembered]:
    """All revisions of a mapping, the last first."""
    return mappings(user).filter(institution=mapping.institution, signature=mapping.signature)


def last_mapping(institution: Institution, signature: str) -> Remembered | None:
    """The last revision of an institution's mapping for files with these headers, even a forgotten one."""
    found = Remembered.objects.filter(institution=institution, signature=signature)
    return found.order_by("-revision").first()


def mapping_for(delivery: Delivery, signature: str) -> Remembered | None:
    """The mapping that the institution's last file with these headers was read by; None if forgotten."""
    last = last_mapping(delivery.institution, signature)
    return None if last is None or last.forgotten else last


def last_mapping_of(delivery: Delivery) -> Remembered | None:
    """The last revision of the mapping for files like this one, even a forgotten one."""
    found = sketch(delivery)
    return last_mapping(delivery.institution, incoming.signature(found)) if found else None


def form_of(delivery: Delivery) -> dict[str, Any]:
    """The form of a delivery without file: its cells, and which of them were cleared."""
    return Delivery.objects.get(pk=delivery.pk).tables[0]


def is_open(delivery: Delivery) -> bool:
    """Whether rows and mapping may still be changed: figures that were sent to review stay as they were."""
    dataset = dataset_of(delivery)
    return dataset is None or dataset.state in OPEN


def dataset_of(delivery: Delivery) -> Any | None:
    """The set of figures that a delivery became, which stands a floor above; None before there is one."""
    try:
        return delivery.dataset  # pyright: ignore[reportAttributeAccessIssue]
    except ObjectDoesNotExist:
        return None


# Indicators, which stand a floor above, too -----------------------------------------------------------------


def indicator_codes(country: Country) -> frozenset[str]:
    """The codes of a country's list."""
    return frozenset(country.indicators.values_list("code", flat=True))  # pyright: ignore


def indicator_titles(country: Country) -> list[tuple[str, Text]]:
    """(code, title) of every indicator of a country's list, in its order."""
    listed = country.indicators.order_by("framework", "order").values_list("code", "title")  # pyright: ignore
    return [
        (code, Text(title) if title else catalogue.indicator_title(code) or Text(en=code))
        for code, title in listed
    ]


# What a country adds ----------------------------------------------------------------------------------------


def national(country: Country) -> National:
    """The definitions and codes that a country added to the catalogue and has in force, in two queries."""
    codes: dict[str, dict[str, Text]] = {}
    for one in frameworks.own_codes(country).filter(active=True):
        codes.setdefault(one.list, {})[one.code] = one.text
    definitions = {one.code: frameworks.parsed(one) for one in frameworks.current_definitions(country)}
    return National(definitions, codes, frameworks.list_titles(country))


def national_of(institution: Institution) -> National:
    """What the country of an institution added; nothing for an international one."""
    return national(institution.country) if institution.country else National()


# What is still to be decided --------------------------------------------------------------------------------


def sketch(delivery: Delivery) -> list[Table]:
    """The tables of a delivery as far as they are described on it: every word of a column once.

    They have the headers and the words of the file, so what must be decided of it can be told from them, but
    no row of it.
    """
    return [_sketched(described) for described in delivery.tables if "columns" in described]


def _sketched(described: Mapping[str, Any]) -> Table:
    columns = tuple(described["columns"])
    texts = [
        described.get("words", {}).get(header) or described["samples"].get(header) or [""]
        for header in columns
    ]
    height = max((len(column) for column in texts), default=0) if described["rows"] else 0
    even = [column + [column[-1]] * (height - len(column)) for column in texts]
    origin = Origin("", described["sheet"] or None)
    return Table(described["code"], columns, list(zip(*even, strict=True)), origin)


def reading(
    delivery: Delivery, found: Sequence[Table] | None = None, own: National | None = None
) -> tuple[Reading, list[Unknown]]:
    """How a delivery would be read now, and what a person must still decide.

    As the institution's last file with these columns was read, else as is certain. What was said once for
    all rows of another file is asked again: the same columns may hold another indicator. `found` are its
    tables, else what is noted of them.
    """
    found = sketch(delivery) if found is None else found
    own = national(delivery.country) if own is None else own
    codes, m49 = indicator_codes(delivery.country), delivery.country.m49
    remembered = mapping_for(delivery, incoming.signature(found)) if found else None
    if remembered is None:
        return incoming.suggest(found, country_m49=m49, indicators=codes, national=own)
    how = incoming.completed(found, _as_said(remembered), country_m49=m49, national=own)
    unknown = incoming.unmapped(found, how, country_m49=m49, indicators=codes, national=own)
    if delivery.mapping != remembered:
        unknown += [Unknown("again", name, text) for name, text in remembered.fixed.items() if text]
    return how, unknown


def reading_used(delivery: Delivery, found: Sequence[Table]) -> Reading:
    """How the tables of a delivery were read, so that their rows can be found again."""
    if delivery.mapping is None:
        return reading(delivery, found)[0]
    known = _as_said(delivery.mapping)
    own = national(delivery.country)
    return incoming.completed(found, known, country_m49=delivery.country.m49, national=own)


def _as_said(mapping: Remembered) -> Reading:
    return Reading(mapping.columns, mapping.codes, mapping.fixed)


# Rows and faults --------------------------------------------------------------------------------------------


def rows(delivery: Delivery, outcome: str = "") -> QuerySet[Row]:
    """The rows of a delivery, or those of one outcome, in the order of the file."""
    found = Row.objects.filter(delivery=delivery).order_by("number")
    return found.filter(outcome=outcome) if outcome else found


def counts(delivery: Delivery) -> dict[str, int]:
    """How many rows there are of each outcome."""
    found = Row.objects.filter(delivery=delivery).order_by().values_list("outcome").annotate(Count("pk"))
    return dict.fromkeys(incoming.OUTCOMES, 0) | {outcome: count for outcome, count in found if outcome}


def faulty(delivery: Delivery) -> QuerySet[Row]:
    """The rows of which there is something to say, in the order of the file."""
    return rows(delivery).exclude(problems=[])


def mended(delivery: Delivery) -> QuerySet[Row]:
    """The rows of a file that people have changed by hand."""
    return rows(delivery).exclude(as_it_came=None)


MEND_LOST = "mend-would-go"
"""The fault that says that a change by hand would go with the next reading."""


class Mends(NamedTuple):
    """Rows changed by hand, after a file was read once more: whether they can stay as they were mended."""

    kept: dict[int, Row]  # by the number that the row has in the new reading
    lost: list[Row]


def mends_in(delivery: Delivery, records: Iterable[Record]) -> Mends:
    """Of the rows changed by hand those of which the file still says what it said, and the others.

    A row is known by its place in the file. One that the file itself now says as it was mended needs nobody.
    """
    waiting = {place_of(row): row for row in mended(delivery)}
    kept: dict[int, Row] = {}
    for record in records if waiting else ():
        row = waiting.get(place_of(record))
        if row is not None and record.cells in (row.as_it_came, row.cells):
            del waiting[place_of(row)]
            if record.cells == row.as_it_came:
                kept[record.number] = row
    return Mends(kept, list(waiting.values()))


def place_of(row: Row | Record) -> tuple[str, int, str]:
    """Where a row stands in its file, as `place` says it."""
    return place(row.sheet, row.line, row.column, row.number)


def place(sheet: str, line: int, column: str, number: int) -> tuple[str, int, str]:
    """Sheet, line and column, by which a row is known again; its number in a file without lines."""
    return (sheet[:200], line or -number, column[:200])


def revisions_by_hand(delivery: Delivery) -> dict[int, int]:
    """{number: revision} of the rows of a file that people have changed by hand."""
    return dict(mended(delivery).values_list("number", "revision"))


def asks_of_mends(delivery: Delivery) -> bool:
    """Whether the file waits for somebody to say that changes by hand may go."""
    return any(one["code"] == MEND_LOST for one in delivery.problems)


def faults_of_file(delivery: Delivery) -> list[Problem]:
    """What is to be said of the file as a whole."""
    return faults.from_json(delivery.problems)


def faults_of_rows(found: QuerySet[Row]) -> Iterator[tuple[Row, Problem]]:
    """Every fault of these rows with its row."""
    for row in found.iterator(chunk_size=2000):
        for problem in faults.from_json(row.problems):
            yield row, problem


def faults_to_show(delivery: Delivery, found: Iterable[Row]) -> list[Problem]:
    """The faults of these rows, with their places."""
    shown = []
    for row in found:
        place = {
            "file": str(delivery) if delivery.file else "",
            "sheet": row.sheet or None,
            "row": row.line or row.number,
        }
        for problem in faults.from_json(row.problems):
            shown.append(replace(problem, origin=Origin(**place, column=problem.origin.column)))
    return shown


# The marked copy --------------------------------------------------------------------------------------------


class Copy(NamedTuple):
    """A marked copy that is made by a job, or was made of the rows as they are now."""

    job: Job

    @property
    def file(self) -> int | None:
        """The key of the stored file, None before there is one."""
        place = self.job.result.get("address", "") if self.job.status == Job.Status.DONE else ""
        return int(place.removeprefix("file:")) if place else None

    @property
    def failed(self) -> bool:
        """Whether nothing will come of it."""
        return self.job.status in (Job.Status.FAILED, Job.Status.CANCELLED)


def is_large(delivery: Delivery) -> bool:
    """Whether its marked copy takes longer than a page may."""
    return Row.objects.filter(delivery=delivery).count() > MOST_AT_ONCE


def copy_of(delivery: Delivery, language: str) -> Copy | None:
    """The last marked copy in a language of the rows as they are now; None where there is none of them."""
    found = Job.objects.filter(kind=MARK, address=delivery.address, arguments__language=language).first()
    if found is None or found.arguments["state"] != last_change(delivery):
        return None
    copy = Copy(found)
    return copy if copy.file is None or StoredFile.objects.filter(pk=copy.file).exists() else None


def copies_made(delivery: Delivery) -> list[tuple[dict[str, Any], StoredFile]]:
    """The marked copies that are kept of a delivery, each with what was asked for: language and state."""
    jobs = Job.objects.filter(kind=MARK, address=delivery.address, status=Job.Status.DONE)
    asked = {file: job.arguments for job in jobs if (file := Copy(job).file) is not None}
    kept = StoredFile.objects.filter(pk__in=asked, owner=delivery.address).exclude(pk=delivery.file_id)
    return [(asked[one.pk], one) for one in kept]


def last_change(delivery: Delivery) -> int:
    """The key of the last event that changed what a marked copy shows; 0 where there is none."""
    dataset = dataset_of(delivery)
    addresses = [delivery.address, *([dataset.address] if dataset is not None else [])]
    events = Event.objects.filter(address__in=addresses, verb__in=_CHANGES).order_by("-pk")
    return events.values_list("pk", flat=True).first() or 0


def today() -> datetime.date:
    """The day by which years lie in the future."""
    return timezone.localdate()
