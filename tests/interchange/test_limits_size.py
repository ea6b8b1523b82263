import os

import pytest

from milepost.errors import MilepostError
from milepost.interchange import limits


def refused(path):
    with pytest.raises(MilepostError) as error:
        limits.check_size(path)
    (problem,) = error.value.problems
    return problem.code


def test_a_file_of_ordinary_size_is_let_through(tmp_path):
    (tmp_path / "a.csv").write_text("Year")
    assert limits.check_size(tmp_path / "a.csv") == 4
    assert limits.contents(str(tmp_path / "a.csv")) == b"Year"


def test_a_missing_file_a_folder_an_empty_file_and_a_device_are_refused(tmp_path):
    (tmp_path / "empty.csv").touch()
    (tmp_path / "file").write_text("x")
    os.mkfifo(tmp_path / "pipe")
    assert refused(tmp_path / "no.csv") == "not-found"
    assert refused(tmp_path / "file" / "below.csv") == "not-found"
    assert refused(tmp_path) == "not-a-file"
    assert refused(tmp_path / "pipe") == "not-a-file"
    assert refused(tmp_path / "empty.csv") == "empty-file"
    assert refused("a\0b") == "cannot-read"


def test_the_limit_is_a_hundred_megabytes_and_named_in_the_fault(tmp_path):
    with (tmp_path / "large.csv").open("wb") as file:
        file.truncate(200_000_000)  # takes no room on the disk
    with pytest.raises(MilepostError, match=r"has 200 MB; 100 MB is the limit\. .*MILEPOST_MAX_FILE_MB"):
        limits.check_size(tmp_path / "large.csv")


def test_the_limit_can_be_set(tmp_path, monkeypatch):
    (tmp_path / "a.csv").write_bytes(b"x" * 2000)
    monkeypatch.setenv("MILEPOST_MAX_FILE_MB", "0.001")
    assert refused(tmp_path / "a.csv") == "too-large"
    monkeypatch.setenv("MILEPOST_MAX_FILE_MB", "0.002")
    assert limits.check_size(tmp_path / "a.csv") == 2000
    monkeypatch.setenv("MILEPOST_MAX_FILE_MB", " ")
    assert limits.max_bytes() == 100_000_000


@pytest.mark.parametrize("value", ["many", "0", "-5", "nan", "inf", "10 MB"])
def test_a_senseless_limit_fails_loudly(tmp_path, monkeypatch, value):
    (tmp_path / "a.csv").write_text("x")
    monkeypatch.setenv("MILEPOST_MAX_FILE_MB", value)
    with pytest.raises(MilepostError, match="MILEPOST_MAX_FILE_MB: The setting is"):
        limits.check_size(tmp_path / "a.csv")
