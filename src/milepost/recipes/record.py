"""What the last build read and made; by it the next one knows what changed."""

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from milepost.errors import MilepostError
from milepost.interchange import aside, limits
from milepost.values import Origin, Problem

NAME = ".milepost.json"
_NOT_OURS = (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError)


@dataclass(frozen=True, slots=True)
class Made:
    """One indicator, done: what the overview and the list of faults need of it."""

    code: str
    observations: int
    problems: tuple[Problem, ...]
    fragments: Mapping[str, Mapping[str, Any]]  # of the overview, by language
    files: tuple[str, ...]  # below the output folder


def read(out: Path, order: str) -> dict[str, tuple[str, Made]]:
    """{code: (digest of its sources, what was made)} of the last build, if that had the same order."""
    try:
        kept = json.loads((out / NAME).read_text(encoding="utf-8"))
        if kept["order"] != order:
            return {}
        return {code: (entry.pop("digest"), _made(entry)) for code, entry in kept["made"].items()}
    except _NOT_OURS:  # none, or not one of ours: build all
        return {}


def write(path: Path, order: str, digests: Mapping[str, str], all_made: Iterable[Made]) -> None:
    """Keep what was made, for the next build."""
    made = {one.code: _plain(one) | {"digest": digests[one.code]} for one in all_made}
    text = json.dumps({"order": order, "made": made}, ensure_ascii=False, default=str)
    path.write_text(text, encoding="utf-8", errors="backslashreplace")  # lone surrogates of names of files


def spoil(out: Path) -> None:
    """Have the next build make all again, for the files below `out` are about to be replaced.

    A build that ends writes a new record; one that is killed leaves files of which nobody knows what is new.
    """
    try:
        kept = json.loads((out / NAME).read_text(encoding="utf-8"))
        text = json.dumps(kept | {"order": ""})
    except _NOT_OURS:
        return
    with aside.file(out / NAME) as path:
        path.write_text(text, encoding="utf-8")


def files(out: Path) -> set[str]:
    """The files below `out` that the last build made for single indicators, whatever its order was."""
    try:
        kept = json.loads((out / NAME).read_text(encoding="utf-8"))
        return {name for entry in kept["made"].values() for name in entry["files"]}
    except _NOT_OURS:
        return set()


def digest(paths: Iterable[Path]) -> str:
    """A digest of the names and contents of files; one that cannot be read counts as such."""
    found = hashlib.blake2b(digest_size=16)
    for path in sorted(paths):
        found.update(os.fsencode(path))
        try:
            found.update(hashlib.blake2b(limits.contents(path), digest_size=16).digest())
        except MilepostError as error:  # missing, too large, a device: the fault that reading it gives, too
            found.update(error.problems[0].code.encode())
    return found.hexdigest()


def _plain(one: Made) -> dict[str, Any]:
    problems = [
        {"code": p.code, "origin": asdict(p.origin), "details": dict(p.details)} for p in one.problems
    ]
    return {
        "code": one.code,
        "observations": one.observations,
        "problems": problems,
        "fragments": one.fragments,
        "files": one.files,
    }


def _made(entry: Mapping[str, Any]) -> Made:
    problems = tuple(Problem(p["code"], Origin(**p["origin"]), p["details"]) for p in entry["problems"])
    return Made(entry["code"], entry["observations"], problems, entry["fragments"], tuple(entry["files"]))
