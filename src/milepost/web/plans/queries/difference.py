"""Two versions of a plan side by side: what came, what went, what is said otherwise, what was put off."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Literal, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from milepost.web.plans.models import Entry, MeasureIndicator, PlanVersion
from milepost.web.plans.queries.versions import entries
from milepost.web.ui.templatetags.ui import figure, plain

FIELDS: Mapping[str, Promise] = {
    "code": _("Number"),
    "section": _("Objective"),
    "title": _("Measure"),
    "expected": _("Expected result"),
    "deadline": _("Deadline"),
    "institutions": _("Institutions as the act names them"),
    "roles": _("Who does what"),
    "funding": _("Source of funding"),
    "costs": _("Costs"),
    "indicators": _("Indicators"),
    "verification": _("Means of verification"),
}
"""What is compared, in the order in which it is shown."""

Kind = Literal["added", "removed", "changed"]


class Changed(NamedTuple):
    """One field that is said otherwise."""

    label: Any
    before: str
    after: str


class Row(NamedTuple):
    """A measure that differs; `days` is by how many days its last day was moved, None where it was not."""

    kind: Kind
    before: Entry | None
    after: Entry | None
    changes: tuple[Changed, ...] = ()
    days: int | None = None

    @property
    def entry(self) -> Entry:
        """The measure as the later version has it, else as the earlier one had it."""
        found = self.after or self.before
        assert found is not None
        return found


class Difference(NamedTuple):
    """What differs between two versions, and how many measures are the same in both."""

    before: PlanVersion
    after: PlanVersion
    rows: tuple[Row, ...]
    same: int

    def count(self, kind: str) -> int:
        """How many measures are of a kind."""
        return sum(row.kind == kind for row in self.rows)

    @property
    def added(self) -> int:
        """How many measures the later version has besides."""
        return self.count("added")

    @property
    def removed(self) -> int:
        """How many measures it has no more."""
        return self.count("removed")

    @property
    def changed(self) -> int:
        """How many are said otherwise."""
        return self.count("changed")

    @property
    def later(self) -> int:
        """How many have a later last day than before."""
        return sum(row.days is not None and row.days > 0 for row in self.rows)


def difference(before: PlanVersion, after: PlanVersion) -> Difference:
    """Measures by their keys: those of the later version in its order, then those that it has no more."""
    old = {one.measure_id: one for one in entries(before)}
    new = list(entries(after))
    found = [difference_of(old.pop(entry.measure_id, None), entry) for entry in new]
    found += [difference_of(one, None) for one in old.values()]
    rows = tuple(row for row in found if row is not None)
    return Difference(before, after, rows, len(found) - len(rows))


def difference_of(before: Entry | None, after: Entry | None) -> Row | None:
    """How one measure differs between two versions; None where it does not."""
    if before is None and after is None:
        return None
    if before is None:
        return Row("added", None, after)
    if after is None:
        return Row("removed", before, None)
    if changes := _changes(before, after):
        return Row("changed", before, after, changes, _days(before.last_day, after.last_day))
    return None


def _changes(before: Entry, after: Entry) -> tuple[Changed, ...]:
    was, now = said(before), said(after)
    return tuple(
        Changed(label, was[name], now[name]) for name, label in FIELDS.items() if was[name] != now[name]
    )


def said(entry: Entry) -> dict[str, str]:
    """Everything that is compared of a measure, in words of the reader's language."""
    roles = sorted((role.get_kind_display(), plain(role.institution.text)) for role in entry.roles.all())
    return {
        "code": entry.code,
        "section": f"{entry.section.code} {_words(entry.section.title)}".strip(),
        "title": _words(entry.title),
        "expected": _words(entry.expected),
        "deadline": deadline(entry),
        "institutions": entry.institutions,
        "roles": "; ".join(f"{name}: {kind}" for kind, name in roles),
        "funding": entry.funding,
        "costs": "; ".join(_cost(one) for one in entry.costs.all()),
        "indicators": "; ".join(_indicator(one) for one in entry.indicators.all()),
        "verification": _words(entry.verification),
    }


def deadline(entry: Entry) -> str:
    """The deadline as printed, and the days that it means where the words do not say them alone."""
    days = " – ".join(f"{day:%d.%m.%Y}" for day in (entry.first_day, entry.last_day) if day)
    parts = [entry.deadline, days if days not in entry.deadline else ""]
    if entry.repeated and not entry.deadline:
        parts.append(str(entry.get_repeated_display()))  # type: ignore[attr-defined]
    return " · ".join(filter(None, parts))


def _words(text: Mapping[str, str]) -> str:
    return plain(text) if any(text.values()) else ""


def _indicator(one: MeasureIndicator) -> str:
    """An indicator with what is to be reached, which an amendment may change."""
    wanted = ", ".join(f"{year}: {figure(number)}" for year, number in one.wanted.items())
    baseline = f"{one.baseline_year}: {figure(one.baseline)}" if one.baseline is not None else ""
    numbers = " → ".join(filter(None, (baseline, wanted)))
    return f"{_words(one.title)} ({numbers})" if numbers else _words(one.title)


def _cost(one: Any) -> str:
    amount = f"{one.amount:f} {one.currency}" if one.amount is not None else ""
    sought = "" if one.committed else gettext("(sought)")
    return " ".join(filter(None, (one.source, amount, sought)))


def _days(before: date | None, after: date | None) -> int | None:
    moved = (after - before).days if before is not None and after is not None else 0
    return moved or None
