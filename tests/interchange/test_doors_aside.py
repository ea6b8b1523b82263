import os
import signal
import stat
from pathlib import Path

import pytest

from milepost.errors import MilepostError
from milepost.interchange import aside


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def killed_within(context, path):
    """Run a block in a child that is killed in its middle."""
    child = os.fork()
    if child == 0:
        try:
            with context(path) as temporary:
                target = temporary / "half" if temporary.is_dir() else temporary
                target.write_text("half")
                os.kill(os.getpid(), signal.SIGKILL)
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.WTERMSIG(status) == signal.SIGKILL


def test_a_file_appears_whole_or_not_at_all(tmp_path):
    target = tmp_path / "out.csv"
    with aside.file(target) as temporary:
        temporary.write_text("whole")
        assert not target.exists()
        assert (temporary.parent, temporary.suffix) == (tmp_path, ".csv")
    assert target.read_text() == "whole"
    assert names(tmp_path) == ["out.csv"]


def test_after_an_exception_the_former_file_stands_and_nothing_else(tmp_path):
    target = tmp_path / "out.csv"
    target.write_text("former")
    with pytest.raises(KeyError), aside.file(target) as temporary:
        temporary.write_text("half")
        raise KeyError
    assert target.read_text() == "former"
    assert names(tmp_path) == ["out.csv"]


def test_a_killed_writer_leaves_nothing_half_written_and_the_next_one_cleans_up(tmp_path):
    target = tmp_path / "out.csv"
    target.write_text("former")
    killed_within(aside.file, target)
    assert target.read_text() == "former"
    assert len(names(tmp_path)) == 2
    with aside.file(target) as temporary:
        temporary.write_text("whole")
    assert names(tmp_path) == ["out.csv"]


def test_the_temporary_of_a_living_writer_is_let_alone(tmp_path):
    target = tmp_path / "out.csv"
    with aside.file(target) as first:
        first.write_text("first")
        with aside.file(target) as second:
            second.write_text("second")
        assert first.exists()
    assert target.read_text() == "first"


def test_temporaries_of_other_files_are_let_alone(tmp_path):
    killed_within(aside.file, tmp_path / "other.csv")
    with aside.file(tmp_path / "out.csv") as temporary:
        temporary.write_text("x")
    assert len(names(tmp_path)) == 2


def test_a_file_keeps_the_permissions_it_had(tmp_path):
    target = tmp_path / "out.csv"
    target.write_text("former")
    target.chmod(0o640)
    with aside.file(target) as temporary:
        temporary.write_text("new")
    assert stat.S_IMODE(target.stat().st_mode) == 0o640


def test_a_link_stays_a_link(tmp_path):
    (tmp_path / "there").mkdir()
    (tmp_path / "out.csv").symlink_to(tmp_path / "there" / "real.csv")
    with aside.file(tmp_path / "out.csv") as temporary:
        temporary.write_text("x")
    assert (tmp_path / "out.csv").is_symlink()
    assert (tmp_path / "there" / "real.csv").read_text() == "x"


@pytest.mark.parametrize("place", ["missing/out.csv", ".", "file/out.csv", "x" * 300 + ".csv"])
def test_a_place_that_cannot_be_written_is_refused(tmp_path, place):
    (tmp_path / "file").write_text("")
    with pytest.raises(MilepostError) as error, aside.file(tmp_path / place) as temporary:
        temporary.write_text("x")
    (problem,) = error.value.problems
    assert problem.code == "cannot-write"
    assert names(tmp_path) == ["file"]


def test_a_device_is_not_replaced_by_a_file():
    with pytest.raises(MilepostError), aside.file("/dev/null") as temporary:
        temporary.write_text("x")
    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)


def test_a_folder_appears_whole_or_not_at_all(tmp_path):
    with aside.folder(tmp_path / "out") as temporary:
        (temporary / "below").mkdir()
        (temporary / "below" / "a.csv").write_text("a")
        assert not (tmp_path / "out").exists()
    assert (tmp_path / "out" / "below" / "a.csv").read_text() == "a"
    assert names(tmp_path) == ["out"]


def test_after_an_exception_no_folder_is_there(tmp_path):
    with pytest.raises(KeyError), aside.folder(tmp_path / "out") as temporary:
        (temporary / "a.csv").write_text("a")
        raise KeyError
    assert names(tmp_path) == []


def test_a_killed_writer_of_a_folder_leaves_the_former_one(tmp_path):
    (tmp_path / "out").mkdir()
    killed_within(aside.folder, tmp_path / "out")
    assert names(tmp_path / "out") == []
    with aside.folder(tmp_path / "out") as temporary:
        (temporary / "a.csv").write_text("a")
    assert names(tmp_path) == ["out"]


def test_somebodys_folder_is_never_replaced(tmp_path):
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / "thesis.odt").write_text("years of work")
    for mark in (None, "faults.json"):
        with (
            pytest.raises(MilepostError, match="something else is there already"),
            aside.folder(tmp_path / "work", mark=mark),
        ):
            pass
    assert names(tmp_path / "work") == ["thesis.odt"]
    assert names(tmp_path) == ["work"]


def test_an_earlier_output_is_replaced_as_a_whole(tmp_path):
    for content in ("first", "second"):
        with aside.folder(tmp_path / "out", mark="faults.json") as temporary:
            (temporary / "faults.json").write_text("[]")
            (temporary / content).write_text(content)
    assert names(tmp_path / "out") == ["faults.json", "second"]
    assert names(tmp_path) == ["out"]


def test_a_run_killed_between_the_two_renames_is_mended_by_the_next(tmp_path):
    with aside.folder(tmp_path / "out", mark="mark") as temporary:
        (temporary / "mark").write_text("former")
    (tmp_path / "out").rename(tmp_path / ".out.0123456789ab.before")
    with pytest.raises(KeyError), aside.folder(tmp_path / "out", mark="mark"):
        raise KeyError
    assert (tmp_path / "out" / "mark").read_text() == "former"
    assert names(tmp_path) == ["out"]


def test_additions_come_all_at_once_and_leave_other_files_alone(tmp_path):
    (tmp_path / "out" / "en").mkdir(parents=True)
    (tmp_path / "out" / "en" / "a.csv").write_text("former")
    (tmp_path / "out" / "en" / "b.csv").write_text("other")
    with aside.additions(tmp_path / "out") as stage:
        (stage / "en").mkdir()
        (stage / "en" / "a.csv").write_text("new")
        assert (tmp_path / "out" / "en" / "a.csv").read_text() == "former"
    assert (tmp_path / "out" / "en" / "a.csv").read_text() == "new"
    assert (tmp_path / "out" / "en" / "b.csv").read_text() == "other"
    assert names(tmp_path) == ["out"]


def test_additions_that_fail_or_are_killed_change_nothing(tmp_path):
    (tmp_path / "out").mkdir()
    with pytest.raises(KeyError), aside.additions(tmp_path / "out") as stage:
        (stage / "a.csv").write_text("half")
        raise KeyError
    killed_within(aside.additions, tmp_path / "out")
    assert names(tmp_path / "out") == []
    with aside.additions(tmp_path / "out"):
        pass
    assert names(tmp_path) == ["out"]


def test_only_files_inside_the_folder_are_removed(tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "a.csv").write_text("a")
    (tmp_path / "b.csv").write_text("b")
    aside.remove(tmp_path / "out", ["a.csv", "../b.csv", str(tmp_path / "b.csv"), "gone.csv", "."])
    assert names(tmp_path) == ["b.csv", "out"]
    assert names(tmp_path / "out") == []
