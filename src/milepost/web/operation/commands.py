"""The commands of the application; nothing of Django is loaded before one of them runs."""

import argparse
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

DONE = 0


class Command(NamedTuple):
    """One command, as `milepost.cli` has them: what it is for, an example, its arguments, what it does."""

    help: str
    example: str
    arguments: Callable[[argparse.ArgumentParser], None]
    run: Callable[[argparse.Namespace], int]


def _started() -> ModuleType:
    """The database of the application, which is loaded now."""
    from milepost.web.operation import database  # noqa: PLC0415

    database.start()
    return database


def _nothing(parser: argparse.ArgumentParser) -> None:
    pass


def _port(text: str) -> int:
    port = int(text)
    if not 0 < port < 65536:
        raise ValueError(text)
    return port


def _number(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number


_port.__name__, _number.__name__ = "port", "number"  # as argparse names them where one cannot be read


def _migrate(_: argparse.Namespace) -> int:
    database = _started()
    made = database.migrate()
    print(f"The database is ready ({database.name()}); changes made: {made}.")
    return DONE


def _administrator_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("email", metavar="EMAIL", help="address by which the administrator signs in")
    parser.add_argument("name", metavar="NAME", help="name of the administrator")
    parser.add_argument("--language", default="en", help="language of the administrator; default: en")


def _administrator(options: argparse.Namespace) -> int:
    _started().check_migrated()
    from milepost.web.operation import people  # noqa: PLC0415

    print(people.invite_administrator(email=options.email, name=options.name, language=options.language))
    return DONE


def _serve_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1", help="address to listen at; default: 127.0.0.1")
    parser.add_argument("--port", type=_port, default=8000, help="port to listen at; default: 8000")
    parser.add_argument(
        "--workers", type=_number, default=2, metavar="N", help="processes that answer; default: 2"
    )
    parser.add_argument(
        "--no-worker", action="store_true", help="leave long work to `milepost worker`, started elsewhere"
    )


def _serve(options: argparse.Namespace) -> int:
    _started().check_migrated()
    from milepost.web.operation import serve  # noqa: PLC0415

    return serve.serve(options.host, options.port, workers=options.workers, with_worker=not options.no_worker)


def _worker(_: argparse.Namespace) -> int:
    _started().check_migrated()
    from milepost.web.operation import worker  # noqa: PLC0415

    worker.run()
    return DONE


def _backup_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE.zip", type=Path, help="file to write; one there is replaced")


def _backup(options: argparse.Namespace) -> int:
    _started().check_migrated()
    from milepost.web.operation import backup  # noqa: PLC0415

    made = backup.write(options.file)
    print(f"{made.rows:,} rows and {made.files:,} files in {options.file} ({_size(options.file)}).")
    if not made.with_key:
        print("The key for signatures is not in it: it comes from the environment; keep it with the backup.")
    backup.complain(made)
    return DONE


def _restore_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE.zip", type=Path, help="backup to read")
    parser.add_argument("--force", action="store_true", help="replace what the database holds")


def _restore(options: argparse.Namespace) -> int:
    _started()
    from milepost.web.operation import restore  # noqa: PLC0415

    restored = restore.read(options.file, force=options.force)
    print(f"{restored.rows:,} rows and {restored.files:,} files from {options.file}.")
    print("Everybody signs in anew. Restart the server and its workers if they run.")
    return DONE


def _size(path: Path) -> str:
    return f"{path.stat().st_size / 1e6:,.1f} MB"


COMMANDS: dict[str, Command] = {
    "migrate": Command(
        "make the database, or bring it to this version",
        "milepost migrate",
        _nothing,
        _migrate,
    ),
    "administrator": Command(
        "make the first account of an installation and print the link that sets its password",
        'milepost administrator nina@example.org "Nina Petrova" --language ru',
        _administrator_arguments,
        _administrator,
    ),
    "serve": Command(
        "serve the application with its worker until Ctrl-C",
        "milepost serve --port 8000",
        _serve_arguments,
        _serve,
    ),
    "worker": Command(
        "do the long work of the queue until Ctrl-C; several may run",
        "milepost worker",
        _nothing,
        _worker,
    ),
    "backup": Command(
        "write everything into one file, while the application runs",
        "milepost backup milepost-2026-03-31.zip",
        _backup_arguments,
        _backup,
    ),
    "restore": Command(
        "read a backup into an empty installation, on SQLite or PostgreSQL",
        "milepost restore milepost-2026-03-31.zip",
        _restore_arguments,
        _restore,
    ),
}  # fmt: skip
"""Every command of the application but `demo`, which stands above it."""
