"""The dates of the last change in git, in the static files of a folder that is a checkout."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from milepost.interchange.open_sdg import git_dates, layout
from milepost.interchange.open_sdg.platform import open_platform

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


class Repository:
    """A checkout whose commits have dates of our choice."""

    def __init__(self, folder: Path, *options: str):
        self.folder = folder
        folder.mkdir(parents=True)
        self.git("init", "--quiet", "--initial-branch=main", *options)

    def git(self, *arguments: str, day: str = "2024-01-01") -> None:
        at = f"{day}T23:30:00+06:00"
        surroundings = {
            **os.environ,
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_AUTHOR_NAME": "A",
            "GIT_AUTHOR_EMAIL": "a@example.org",
            "GIT_AUTHOR_DATE": "2001-01-01T00:00:00+00:00",
            "GIT_COMMITTER_NAME": "A",
            "GIT_COMMITTER_EMAIL": "a@example.org",
            "GIT_COMMITTER_DATE": at,
        }
        subprocess.run(
            ["git", *arguments], cwd=self.folder, env=surroundings, check=True, capture_output=True
        )

    def commit(self, day: str, **files: str) -> None:
        for name, text in files.items():
            path = self.folder / name.replace("__", "/")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        self.git("add", ".")
        self.git("commit", "--quiet", "--message=x", day=day)


def dates(repository: Repository, *names: str) -> list[str | None]:
    paths = [repository.folder / name for name in names]
    found = git_dates.last_changes(paths)
    return [found.get(path) for path in paths]


@pytest.fixture
def repository(tmp_path) -> Repository:
    made = Repository(tmp_path / "source")
    made.commit("2024-03-01", a="1", data__b="1")
    return made


def test_a_file_has_the_day_of_its_last_commit_as_the_committer_saw_it(repository):
    repository.commit("2024-05-09", a="2")
    assert dates(repository, "a", "data/b") == ["2024-05-09", "2024-03-01"]


def test_changes_that_are_not_committed_do_not_count(repository):
    (repository.folder / "a").write_text("3")
    (repository.folder / "new").write_text("3")
    assert dates(repository, "a", "new", "missing") == ["2024-03-01", None, None]


def test_names_of_any_letters_are_found(repository):
    repository.commit("2024-04-02", **{"data__Индикатор 1*.csv": "1"})
    assert dates(repository, "data/Индикатор 1*.csv") == ["2024-04-02"]


def test_after_a_merge_the_side_that_the_file_came_from_counts(repository):
    repository.git("checkout", "--quiet", "-b", "side")
    repository.commit("2024-04-01", a="of the side")
    repository.git("checkout", "--quiet", "main")
    repository.commit("2024-04-05", data__b="of the trunk")
    repository.git("merge", "--quiet", "--no-ff", "--message=m", "side", day="2024-06-01")
    assert dates(repository, "a", "data/b") == ["2024-04-01", "2024-04-05"]


def test_a_side_whose_change_was_not_taken_does_not_count(repository):
    repository.git("checkout", "--quiet", "-b", "side")
    repository.commit("2024-04-01", a="of the side")
    repository.git("checkout", "--quiet", "main")
    repository.git("merge", "--quiet", "--strategy=ours", "--message=m", "side", day="2024-06-01")
    assert dates(repository, "a") == ["2024-03-01"]


def test_a_file_that_a_merge_changed_has_the_day_of_the_merge(repository):
    repository.git("checkout", "--quiet", "-b", "side")
    repository.commit("2024-04-01", a="of the side")
    repository.git("checkout", "--quiet", "main")
    repository.commit("2024-04-05", a="of the trunk")
    repository.git("merge", "--quiet", "--strategy=ours", "--no-commit", "side")
    repository.commit("2024-06-01", a="of both")
    assert dates(repository, "a") == ["2024-06-01"]


def test_a_worktree_and_packed_branches_are_read(repository):
    repository.git("worktree", "add", "--quiet", "../second", "-b", "second")
    repository.git("pack-refs", "--all")
    repository.git("gc", "--quiet")
    second = repository.folder.parent / "second"
    assert git_dates.last_changes([second / "a"]) == {second / "a": "2024-03-01"}
    assert dates(repository, "a") == ["2024-03-01"]


def test_a_shallow_clone_knows_its_one_commit(repository):
    repository.commit("2024-05-01", a="2")
    repository.git("clone", "--quiet", "--depth=1", f"file://{repository.folder}", "../shallow")
    shallow = repository.folder.parent / "shallow" / "data" / "b"
    assert git_dates.last_changes([shallow]) == {shallow: "2024-05-01"}


def test_a_repository_of_the_newer_kind_of_hash_is_read(tmp_path):
    made = Repository(tmp_path / "newer", "--object-format=sha256")
    made.commit("2024-02-02", a="1")
    made.commit("2024-02-03", b="1")
    assert dates(made, "a", "b") == ["2024-02-02", "2024-02-03"]


def test_nothing_that_the_folder_configures_is_run(repository):
    mark = repository.folder.parent / "ran"
    for key in ("core.fsmonitor", "core.pager", "gpg.program", "core.sshCommand", "diff.external"):
        repository.git("config", key, f"touch {mark}; false")
    repository.git("config", "log.showSignature", "true")
    repository.git("config", "core.hooksPath", str(repository.folder))
    assert dates(repository, "a") == ["2024-03-01"]
    assert not mark.exists()


def test_a_folder_of_somebody_else_is_read_all_the_same(repository, monkeypatch):
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    assert dates(repository, "a") == ["2024-03-01"]


@pytest.mark.parametrize("head", ["", "ref: refs/heads/none", "ref: ../../etc/passwd", "0" * 40, "\x00"])
def test_a_broken_checkout_has_no_dates(repository, head):
    (repository.folder / ".git" / "HEAD").write_text(head)
    assert dates(repository, "a") == [None]
    assert git_dates.last_commit(repository.folder) is None


def test_without_git_there_are_no_dates(repository, monkeypatch):
    monkeypatch.setenv("PATH", str(repository.folder))
    assert dates(repository, "a") == [None]


def test_a_folder_that_is_no_checkout_has_no_dates(tmp_path):
    (tmp_path / "a").write_text("1")
    assert git_dates.last_changes([tmp_path / "a"]) == {}


# In the static files

META = "indicator_name: Fatal injuries\n"
DATA = "Year,Value\n2020,1\n"


def meta_of(folder: Path, code: str = "8-8-1") -> dict:
    out = folder.parent / "site"
    layout.write(open_platform(folder), out)
    return json.loads((out / "untranslated" / "meta" / f"{code}.json").read_text())


def told(meta: dict) -> dict:
    return {name.split("_")[1]: date for name, date in meta.items() if name.endswith("_updated_date")}


def platform(folder: Path, options: str = "", **files: str) -> Repository:
    made = Repository(folder)
    made.commit("2024-01-10", **{"meta__8-8-1.yml": META, "data__indicator_8-8-1.csv": DATA, **files})
    inputs = (
        "inputs:\n- class: InputCsvData\n  path_pattern: data/*-*.csv\n"
        f"- class: InputYamlMeta\n  path_pattern: meta/*-*.yml\n{options}"
    )
    made.commit("2024-02-20", **{"config_data.yml": inputs})
    return made


def test_metadata_tell_when_they_and_the_data_were_changed(tmp_path):
    made = platform(tmp_path / "source")
    made.commit("2024-03-30", **{"data__indicator_8-8-1.csv": DATA + "2021,2\n"})
    assert told(meta_of(made.folder)) == {"metadata": "2024-01-10", "data": "2024-03-30"}


def test_the_archive_tells_when_the_last_commit_was_made(tmp_path):
    made = platform(tmp_path / "source")
    meta_of(made.folder)
    info = json.loads((tmp_path / "site/untranslated/zip/all_indicators.json").read_text())
    assert info["timestamp"] == 1708450200  # 2024-02-20, 23:30 at +06:00
    assert git_dates.last_commit(tmp_path) is None


def test_dates_written_by_hand_give_way_as_on_the_platform(tmp_path):
    made = platform(tmp_path / "source", **{"meta__8-8-1.yml": META + "national_data_updated_date: x\n"})
    assert told(meta_of(made.folder))["data"] == "2024-01-10"


def test_an_input_may_do_without_dates(tmp_path):
    assert told(meta_of(platform(tmp_path / "source", "  git: false\n").folder)) == {}


def test_the_data_file_may_be_elsewhere(tmp_path):
    made = platform(
        tmp_path / "source",
        "  git_data_dir: wide\n  git_data_filemask: '*.txt'\n",
        **{"meta__8-8-2.yml": "data_filename: other.csv\n"},
    )
    made.commit("2024-04-01", **{"wide__8-8-1.txt": "1"})
    made.commit("2024-04-02", **{"wide__other.csv": "1"})
    assert told(meta_of(made.folder))["data"] == "2024-04-01"
    assert told(meta_of(made.folder, "8-8-2"))["data"] == "2024-04-02"


@pytest.mark.parametrize("mask", ["a" * 5000, "'a\\0'", "../../*.csv", "[1, 2]", "''", "/etc/passwd"])
def test_a_data_file_that_cannot_be_has_no_date(tmp_path, mask):
    made = platform(tmp_path / "source", f"  git_data_dir: '../..'\n  git_data_filemask: {mask}\n")
    assert told(meta_of(made.folder)) == {"metadata": "2024-01-10"}


def test_reading_a_folder_does_not_add_dates(tmp_path):
    made = platform(tmp_path / "source")
    assert told(open_platform(made.folder).metadata("8-8-1")) == {}
