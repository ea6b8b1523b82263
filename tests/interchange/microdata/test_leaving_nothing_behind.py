"""Copies of records go with the work, also with work that was killed."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas
import pyreadstat
import pytest

from milepost.interchange import microdata

PREFIX = "milepost-microdata."


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A MILEPOST_HOME of this test alone."""
    folder = tmp_path / "home"
    folder.mkdir()
    monkeypatch.setenv("MILEPOST_HOME", str(folder))
    return folder


def copies(home):
    return [path for path in home.iterdir() if path.name.startswith(PREFIX)]


def survey(tmp_path):
    path = tmp_path / "survey.sav"
    pyreadstat.write_sav(pandas.DataFrame({"sex": [1.0, 2.0] * 30_000}), str(path))
    return path


HOLDING = """
import sys, time
from milepost.interchange import microdata
with microdata.opened(sys.argv[1]) as source:
    print(source.paths[0], flush=True)
    time.sleep(60)
"""


def holding(path):
    """A process that has opened a file, and the copy that it made."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDING, str(path)], stdout=subprocess.PIPE, text=True, env=dict(os.environ)
    )
    assert process.stdout is not None
    return process, Path(process.stdout.readline().strip())


def test_a_copy_is_for_its_owner_alone_and_goes_with_the_work(tmp_path, home):
    with microdata.opened(survey(tmp_path)) as source:
        (folder,) = copies(home)
        assert folder.stat().st_mode & 0o777 == 0o700
        assert Path(source.paths[0]).parent == folder
    assert copies(home) == []


def test_a_copy_goes_with_work_that_fails(tmp_path, home):
    with pytest.raises(ZeroDivisionError), microdata.opened(survey(tmp_path)):
        raise ZeroDivisionError
    assert copies(home) == []


def test_what_a_killed_run_left_goes_at_the_next_start(tmp_path, home):
    path = survey(tmp_path)
    process, copy = holding(path)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert copy.exists()
    with microdata.opened(path):
        assert not copy.exists()
        assert len(copies(home)) == 1
    assert copies(home) == []


def test_a_run_that_lives_keeps_its_copy(tmp_path, home):
    path = survey(tmp_path)
    process, copy = holding(path)
    try:
        microdata.remove_stale()
        assert copy.exists()
    finally:
        process.kill()
        process.wait()
    microdata.remove_stale()
    assert copies(home) == []


CONVERTING = """
import sys
from milepost.interchange import microdata
from milepost.interchange.microdata import packages
packages.CELLS = 10
for _ in range(1000):
    with microdata.opened(sys.argv[1], progress=lambda *told: print(*told, flush=True)):
        pass
"""


def test_killed_in_the_middle_of_reading_leaves_nothing_after_the_next_start(tmp_path, home):
    path = survey(tmp_path)
    process = subprocess.Popen(
        [sys.executable, "-c", CONVERTING, str(path)], stdout=subprocess.PIPE, text=True, env=dict(os.environ)
    )
    assert process.stdout is not None
    for line in process.stdout:
        if "20000" in line:
            break
    process.send_signal(signal.SIGKILL)
    process.wait()
    until = time.monotonic() + 30
    while copies(home) and time.monotonic() < until:  # the process that read a piece ends soon after
        microdata.remove_stale()
        time.sleep(0.1)
    assert copies(home) == []


def test_links_and_folders_of_other_names_are_left_alone(tmp_path, home):
    (tmp_path / "mine").mkdir()
    (home / f"{PREFIX}0123456789ab.aside").symlink_to(tmp_path / "mine")
    (home / "milepost-microdata.notes").mkdir()
    microdata.remove_stale()
    assert (tmp_path / "mine").exists()
    assert len(copies(home)) == 2
