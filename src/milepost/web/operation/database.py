"""Load the application; see whether its database is there and of this version."""

import os
from pathlib import Path
from urllib.parse import quote

import django
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from milepost.errors import MilepostError, refuse
from milepost.values import Origin, Problem

PLACE = Origin("DATABASE_URL")


def start() -> None:
    """Load the settings and the application; MilepostError names every setting that is refused.

    What this process writes is its user's alone.
    """
    os.umask(0o077)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "milepost.web.settings")
    try:
        django.setup()
    except ImproperlyConfigured as error:
        raise MilepostError(_refused(line) for line in str(error).splitlines()) from error
    Path(settings.STATIC_ROOT).mkdir(exist_ok=True)  # whitenoise wants it, even where finders serve all


def _refused(line: str) -> Problem:
    name, _, what = line.partition(": ")
    return Problem("settings-refused", Origin(name), {"what": what or line})


def name() -> str:
    """Which database it is, without its password."""
    if connection.vendor == "sqlite":
        return f"SQLite, {sqlite_path()}"
    return f"PostgreSQL, {connection.settings_dict['NAME']}"


def sqlite_path() -> Path:
    """The file of an SQLite database."""
    return Path(connection.settings_dict["NAME"])


def sqlite_uri() -> str:
    """The same as a URI."""
    return f"file:{quote(str(sqlite_path()))}"


def missing_migrations() -> list[str]:
    """The migrations that this version knows and the database does not have yet: "app.name"."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _backwards in plan]


def missing_tables() -> list[str]:
    """The tables of caches, which no migration makes, that are not there yet."""
    there = connection.introspection.table_names()
    return [name for name in _cache_tables() if name not in there]


def _cache_tables() -> list[str]:
    return [one["LOCATION"] for one in settings.CACHES.values() if one["BACKEND"].endswith("DatabaseCache")]


def check_migrated() -> None:
    """MilepostError where the database does not answer, or its tables are of an earlier version."""
    try:
        missing = missing_migrations() or missing_tables()
    except DatabaseError as error:
        raise no_answer(error) from error
    if missing:
        raise refuse("not-migrated", PLACE, count=len(missing))


def migrate() -> int:
    """Bring the database to this version; how many migrations were made."""
    try:
        connection.ensure_connection()
    except DatabaseError as error:
        raise no_answer(error) from error
    count = len(missing_migrations())
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    return count


def has_users() -> bool:
    """Whether anybody has an account here."""
    from milepost.web.accounts.models import User  # noqa: PLC0415

    return User.objects.exists()


def no_answer(error: Exception) -> MilepostError:
    """The fault of a database that does not answer."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return refuse("no-database", PLACE, why=lines[0].rstrip(".") if lines else type(error).__name__)
