"""The tables of an installation, and how a backup writes each kind of column.

A backup holds values as SQLite keeps them (whole numbers, numbers, text), whichever database it is of:
moments as text in UTC, true and false as 1 and 0, JSON as text.
"""

from typing import Any, NamedTuple

from django.apps import apps
from django.db import connection

LEFT_OUT = ("django_session", "jobs_worker")
"""What is of this moment and machine only: who is signed in, which processes run."""

# How PostgreSQL writes a column as the backup wants it; {} is the column.
_INTEGER, _TEXT = "{}", "{}"
AS_KEPT = {
    "AutoField": _INTEGER,
    "BigAutoField": _INTEGER,
    "BigIntegerField": _INTEGER,
    "IntegerField": _INTEGER,
    "PositiveBigIntegerField": _INTEGER,
    "PositiveIntegerField": _INTEGER,
    "PositiveSmallIntegerField": _INTEGER,
    "SmallIntegerField": _INTEGER,
    "FloatField": "{}",
    "CharField": _TEXT,
    "FileField": _TEXT,
    "SlugField": _TEXT,
    "TextField": _TEXT,
    "BooleanField": "{}::int",
    "DateField": "{}::text",
    "DecimalField": "{}::text",  # SQLite makes a number of it again
    "DateTimeField": "replace(to_char({} AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US'), '.000000', '')",
    "GenericIPAddressField": "host({})",
    "JSONField": "{}::text",
    "UUIDField": "replace({}::text, '-', '')",
}


class Column(NamedTuple):
    """One column: its name and the kind of field whose values it holds."""

    name: str
    kind: str


class Table(NamedTuple):
    """One table; `counted` is the column whose numbers the database gives, or None."""

    name: str
    columns: tuple[Column, ...]
    counted: str | None

    def select(self) -> str:
        """The query for all rows as the backup keeps them, in the order of the key."""
        quote = connection.ops.quote_name
        forms = AS_KEPT if connection.vendor == "postgresql" else {}
        wanted = [forms.get(column.kind, "{}").format(quote(column.name)) for column in self.columns]
        order = f" ORDER BY {quote(self.counted)}" if self.counted else ""
        return f"SELECT {', '.join(wanted)} FROM {quote(self.name)}{order}"  # noqa: S608  (our own names)

    def names(self) -> str:
        """The columns as SQL lists them."""
        return ", ".join(connection.ops.quote_name(column.name) for column in self.columns)


def tables() -> list[Table]:
    """Every table of the installation that a backup holds, by name; ValueError for columns it cannot keep."""
    models = apps.get_models(include_auto_created=True)
    found = [_table(model) for model in models if model._meta.managed and not model._meta.proxy]
    return sorted((table for table in found if table.name not in LEFT_OUT), key=lambda table: table.name)


def _table(model: Any) -> Table:
    fields = [field for field in model._meta.local_concrete_fields if not getattr(field, "generated", False)]
    columns = tuple(Column(field.column, _kind(field)) for field in fields)
    key = model._meta.pk
    counted = key.column if key.get_internal_type() in ("AutoField", "BigAutoField") else None
    return Table(model._meta.db_table, columns, counted)


def _kind(field: Any) -> str:
    """The kind of the values: of a foreign key, that of the key it points to."""
    while field.is_relation:
        field = field.target_field
    kind = field.get_internal_type()
    if kind not in AS_KEPT:
        raise ValueError(f"{field}: a backup does not know how to keep a {kind}")
    return kind
