"""A real installation beside the tests: a home and a database of its own, and processes that use them."""

import json
import os
import shutil
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest

ROOT = Path(__file__).parents[3]
SERVER = os.environ.get("MILEPOST_TEST_POSTGRESQL", "")
_numbers = count(1)


@dataclass
class Installation:
    """One installation; on PostgreSQL where the suite runs on it."""

    home: Path
    database_url: str
    settings: str = "milepost.web.settings"
    started: list[subprocess.Popen[str]] = field(default_factory=list)

    @property
    def environment(self) -> dict[str, str]:
        """What its processes are told."""
        left = {name: value for name, value in os.environ.items() if not name.startswith("MILEPOST_")}
        return {
            **left,
            "MILEPOST_HOME": str(self.home),
            "DATABASE_URL": self.database_url,
            "DJANGO_SETTINGS_MODULE": self.settings,
        }

    def milepost(self, *arguments: Any, **more: str) -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        command = [sys.executable, "-m", "milepost", *map(str, arguments)]
        return subprocess.run(
            command, cwd=ROOT, env={**self.environment, **more}, capture_output=True, text=True, check=False
        )

    def start(self, *arguments: Any, **more: str) -> subprocess.Popen[str]:
        """Start a command that goes on; it ends with the test at the latest."""
        command = [sys.executable, "-m", "milepost", *map(str, arguments)]
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**self.environment, **more},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.started.append(process)
        return process

    def python(self, code: str) -> Any:
        """Run code inside of the application; what it assigns to `answer`, through JSON."""
        program = "import django, json\ndjango.setup()\nanswer = None\n" + textwrap.dedent(code)
        program += "\nprint(json.dumps(answer))\n"
        done = subprocess.run(
            [sys.executable, "-c", program],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.splitlines()[-1])

    def end(self) -> None:
        """End what still runs."""
        for process in self.started:
            if process.poll() is None:
                process.kill()
            process.communicate()


def wait_until(true: Callable[[], Any], seconds: float = 60) -> Any:
    """The first answer that is not empty; fails when there is none in time."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        answer = true()
        if answer:
            return answer
        time.sleep(0.2)
    raise AssertionError("it did not happen in time")


def _url(database: str) -> str:
    return SERVER.replace("/postgres?", f"/{database}?")


def _in_server(statement: str) -> None:
    with psycopg.connect(SERVER, autocommit=True) as connection:
        connection.execute(statement)


def _new(home: Path, template: str = "") -> Installation:
    """An installation without tables, or with those of a template."""
    home.mkdir(mode=0o700, exist_ok=True)
    if not SERVER:
        return Installation(home, f"sqlite:///{home / 'milepost.sqlite3'}")
    name = f"milepost_{os.getpid()}_{next(_numbers)}"
    _in_server(f"CREATE DATABASE {name}" + (f" TEMPLATE {template}" if template else ""))
    return Installation(home, _url(name))


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """An installation with empty tables, to be copied."""
    made = _new(tmp_path_factory.mktemp("template") / "home")
    done = made.milepost("migrate")
    assert done.returncode == 0, done.stderr
    return made


@pytest.fixture
def bare(tmp_path: Path) -> Iterator[Installation]:
    """An installation without tables."""
    made = _new(tmp_path / "bare")
    yield made
    made.end()


def copied(template: Installation, home: Path) -> Installation:
    """An installation like a template, made without starting a process."""
    shutil.copytree(template.home, home)
    return _new(home, _name_of(template))


@pytest.fixture
def installation(migrated: Installation, tmp_path: Path) -> Iterator[Installation]:
    """An installation with empty tables."""
    made = copied(migrated, tmp_path / "home")
    yield made
    made.end()


def _name_of(made: Installation) -> str:
    return made.database_url.split("?")[0].rsplit("/", 1)[1] if SERVER else ""
