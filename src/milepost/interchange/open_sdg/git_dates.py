"""When files were last changed, as git tells it: the date of the last commit of each.

The folder is somebody else's, and its configuration could have git run programs. So git is never run in it:
it looks from a repository of its own, without configuration or hooks, at the folder's objects alone. Where
there is no git, no checkout, or no answer in time, there are no dates.
"""

import os
import re
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

SECONDS = 20.0
"""How long git may take for one question."""

_HASH = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_EMPTY_TREE = {
    40: "4b825dc642cb6eb9a060e54bf8d69288fbee4904",
    64: "6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321",
}
_SHA256 = "[core]\n\trepositoryformatversion = 1\n\tbare = true\n[extensions]\n\tobjectformat = sha256\n"


_NO_ANSWER = (OSError, ValueError, subprocess.SubprocessError)


def last_changes(paths: Iterable[Path]) -> dict[Path, str]:
    """{path: date of its last commit, YYYY-MM-DD} of the files that are known to git."""
    by_root: dict[Path, dict[str, Path]] = {}
    for path in paths:
        absolute, root = _root(path)
        if root is not None:
            by_root.setdefault(root, {})[absolute.relative_to(root).as_posix()] = path
    found: dict[Path, str] = {}
    for root, names in by_root.items():
        try:
            dates = _dates(_checkout(root), frozenset(names))
        except _NO_ANSWER:
            continue
        found |= {names[name]: date for name, date in dates.items()}
    return found


def last_commit(folder: Path) -> int | None:
    """When the commit that is checked out was made, in seconds since 1970."""
    _, root = _root(folder / "-")
    if root is None:
        return None
    try:
        checkout = _checkout(root)
        with _window(checkout) as place:
            return int(_git(place, "log", "-1", "--format=%ct", checkout.head))
    except _NO_ANSWER:
        return None


def _root(path: Path) -> tuple[Path, Path | None]:
    """The full path of a file, and the checkout that it is in."""
    absolute = Path(os.path.abspath(path))  # noqa: PTH100 - git keeps links as they are
    return absolute, next((each for each in absolute.parents if (each / ".git").exists()), None)


# The folder's repository, read without git


@dataclass(frozen=True, slots=True)
class _Checkout:
    """What is checked out, and where the objects are."""

    head: str
    objects: Path
    shallow: bytes


def _checkout(root: Path) -> _Checkout:
    """The checkout of a folder; ValueError or OSError if it has none that can be read."""
    place = root / ".git"
    if place.is_file():  # of a submodule or a further worktree
        place = root / _text(place).removeprefix("gitdir:").strip()
    common = place / _text(place / "commondir") if (place / "commondir").is_file() else place
    head = _text(place / "HEAD")
    if head.startswith("ref:"):
        head = _commit_of(head.removeprefix("ref:").strip(), place, common)
    if not _HASH.fullmatch(head):
        raise ValueError(head)
    objects = Path(os.path.abspath(common / "objects"))  # noqa: PTH100
    shallow = common / "shallow"
    return _Checkout(head, objects, shallow.read_bytes() if shallow.is_file() else b"")


def _commit_of(name: str, place: Path, common: Path) -> str:
    """The commit that a branch stands at."""
    if not name.startswith("refs/") or ".." in name:
        raise ValueError(name)
    for folder in (place, common):
        if (folder / name).is_file():
            return _text(folder / name)
    packed = _text(common / "packed-refs").splitlines()
    return next(line.split()[0] for line in [*packed, f"- {name}"] if line.endswith(f" {name}"))


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8").strip()


# Its history


@dataclass(frozen=True, slots=True)
class _Commit:
    """A commit: its tree, the day it was committed, and its parents in order."""

    tree: str
    date: str
    parents: tuple[str, ...]


def _dates(checkout: _Checkout, names: frozenset[str]) -> dict[str, str]:
    """{name: date} by the rule of `git log -1 NAME`: from a merge on along the first parent with the same
    file."""
    with _window(checkout) as place:
        commits = _commits(place, checkout.head)
        changed = _changes(place, commits, names)
    empty = _EMPTY_TREE[len(checkout.head)]
    found: dict[str, str] = {}
    asked = {checkout.head: set(names)}
    for id, commit in commits.items():  # children before their parents
        left = asked.pop(id, set())
        if not commit.parents:
            left &= changed[commit.tree, empty]
        for parent in commit.parents:
            if parent not in commits:
                continue
            same = left - changed[commit.tree, commits[parent].tree]
            asked.setdefault(parent, set()).update(same)
            left -= same
        found |= dict.fromkeys(left, commit.date)
    return found


@contextmanager
def _window(checkout: _Checkout) -> Iterator[Path]:
    """An empty repository, for a while, that finds the folder's objects."""
    with TemporaryDirectory(prefix="milepost-git-") as folder:
        place = Path(folder)
        (place / "refs").mkdir()
        (place / "objects" / "info").mkdir(parents=True)
        (place / "objects" / "info" / "alternates").write_bytes(os.fsencode(checkout.objects) + b"\n")
        (place / "HEAD").write_text(f"{checkout.head}\n")
        if checkout.shallow:
            (place / "shallow").write_bytes(checkout.shallow)
        if len(checkout.head) == 64:
            (place / "config").write_text(_SHA256)
        yield place


def _commits(place: Path, head: str) -> dict[str, _Commit]:
    """All commits that lead to one, children before their parents."""
    text = _git(place, "log", "--topo-order", "--format=%H %T %cs %P", head).decode()
    found = {}
    for line in text.splitlines():
        id, tree, date, *parents = line.split()
        found[id] = _Commit(tree, date, tuple(parents))
    return found


def _changes(
    place: Path, commits: Mapping[str, _Commit], names: Iterable[str]
) -> dict[tuple[str, str], frozenset[str]]:
    """{(tree, its parent's tree): files that differ} of every commit; those of a first one against
    nothing."""
    pairs = list(dict.fromkeys(_pairs(commits)))
    folders = sorted({name.rpartition("/")[0] for name in names})
    within = [] if "" in folders else ["--", *folders]
    asked = "".join(f"{tree} {before}\n" for tree, before in pairs).encode()
    told = _git(
        place, "diff-tree", "--stdin", "-r", "-z", "--name-only", "--no-renames", *within, asked=asked
    )
    return dict(zip(pairs, _told(told, pairs), strict=True))


def _pairs(commits: Mapping[str, _Commit]) -> Iterator[tuple[str, str]]:
    for commit in commits.values():
        if not commit.parents:
            yield commit.tree, _EMPTY_TREE[len(commit.tree)]
        for parent in commit.parents:
            if parent in commits:
                yield commit.tree, commits[parent].tree


def _told(told: bytes, pairs: Iterable[tuple[str, str]]) -> Iterator[frozenset[str]]:
    """The names that follow each pair in an answer of git."""
    headers = [f"{tree} {before}\n".encode() for tree, before in pairs]
    at = 0
    for header, following in zip(headers, [*headers[1:], None], strict=True):
        if not told.startswith(header, at):
            raise ValueError("an answer of git that is not understood")
        at += len(header)
        names = []
        while at < len(told) and (following is None or not told.startswith(following, at)):
            end = told.index(b"\0", at)
            names.append(os.fsdecode(told[at:end]))
            at = end + 1
        yield frozenset(names)


def _git(place: Path, *arguments: str, asked: bytes = b"") -> bytes:
    """What git answers in a repository, alone with its own defaults."""
    surroundings = {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(place),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_LITERAL_PATHSPECS": "1",
        "GIT_NO_REPLACE_OBJECTS": "1",
        "LC_ALL": "C",
    }
    command = ["git", "--no-pager", f"--git-dir={place}", *arguments]
    answer = subprocess.run(  # noqa: S603 - no shell; the arguments are ours but for names of folders after --
        command, input=asked, capture_output=True, timeout=SECONDS, check=True, env=surroundings, cwd=place
    )
    return answer.stdout
