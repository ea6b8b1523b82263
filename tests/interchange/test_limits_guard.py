import os
import signal
import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest

from milepost.errors import MilepostError, refuse
from milepost.interchange import limits
from milepost.values import Dataset, Origin, Table


def code_of(error):
    (problem,) = error.value.problems
    return problem.code


def test_what_the_function_returns_comes_back_whole():
    rows = [(str(n), "F", "") for n in range(150_000)]
    dataset = Dataset(tables=(Table("a", ("Year", "Sex", "Value"), rows, Origin("x"), range(2, 150_002)),))
    assert limits.guarded(lambda _path: dataset, "x") == dataset


def test_faults_found_by_the_child_are_raised_here():
    def fail(path):
        raise refuse("duplicate-header", Origin(path, row=1), first=1, second=2, name="Year")

    with pytest.raises(MilepostError, match="Columns 1 and 2 are both called 'Year'"):
        limits.guarded(fail, "data.csv")


def test_a_programmers_mistake_keeps_its_kind_and_its_traceback():
    def mistaken(path):
        return {}[path]

    with pytest.raises(KeyError) as error:
        limits.guarded(mistaken, "data.csv")
    assert "in mistaken" in error.value.__notes__[0]


def test_an_exception_that_cannot_travel_is_still_told():
    class Local(Exception):
        pass

    def mistaken():
        raise Local("here")

    with pytest.raises(RuntimeError, match="here"):
        limits.guarded(mistaken)


def test_a_function_that_sleeps_is_stopped_by_the_clock():
    began = time.monotonic()
    with pytest.raises(MilepostError, match=r"data\.csv: Reading took more than 0\.3 seconds") as error:
        limits.guarded(lambda _path: time.sleep(60), "data.csv", seconds=0.3)
    assert code_of(error) == "took-too-long"
    assert time.monotonic() - began < 30


def test_a_function_that_computes_without_end_is_stopped():
    def spin(_path):
        while True:
            pass

    with pytest.raises(MilepostError) as error:
        limits.guarded(spin, "data.csv", seconds=1)
    assert code_of(error) == "took-too-long"


def test_a_function_that_takes_all_memory_is_stopped():
    with pytest.raises(MilepostError) as error:
        limits.guarded(lambda _path: bytearray(500_000_000), "data.csv", megabytes=100)
    assert code_of(error) == "out-of-memory"


def test_a_library_that_dies_is_named():
    with pytest.raises(MilepostError, match="SIGSEGV") as error:
        limits.guarded(lambda _path: os.kill(os.getpid(), signal.SIGSEGV), "data.csv")
    assert code_of(error) == "reader-died"


def test_a_child_that_leaves_without_an_answer_is_named():
    with pytest.raises(MilepostError) as error:
        limits.guarded(lambda _path: os._exit(3), "data.csv")
    assert code_of(error) == "reader-died"


def test_no_child_and_no_open_file_is_left_behind():
    children = Path(f"/proc/self/task/{os.getpid()}/children")
    before = list(Path("/proc/self/fd").iterdir()), children.read_text()
    for work in (lambda: 1, lambda: os._exit(1), lambda: time.sleep(60)):
        with suppress(MilepostError):
            limits.guarded(work, seconds=0.2)
    assert (list(Path("/proc/self/fd").iterdir()), children.read_text()) == before


def test_the_limits_of_a_worker_hold_for_the_process():
    def work():
        limits.worker_limits(megabytes=50)
        return len(bytearray(200_000_000))

    with pytest.raises(MilepostError) as error:
        limits.guarded(work)
    assert code_of(error) == "out-of-memory"


def test_a_deadline_stops_one_file_and_names_it():
    with (
        pytest.raises(MilepostError, match=r"a\.csv: Reading took more than 0\.1 seconds"),
        limits.deadline("a.csv", seconds=0.1),
    ):
        time.sleep(30)
    time.sleep(0.15)  # and rings no more


def test_a_deadline_names_the_file_that_needs_too_much_memory():
    with pytest.raises(MilepostError) as error, limits.deadline("a.csv"):
        raise MemoryError
    assert code_of(error) == "out-of-memory"


def test_an_outer_deadline_goes_on_after_an_inner_one():
    with pytest.raises(MilepostError, match=r"outer"), limits.deadline("outer", seconds=0.3):
        with limits.deadline("inner", seconds=20):
            pass
        time.sleep(30)


def test_outside_the_main_thread_a_deadline_lets_the_work_be_done():
    done = []

    def work():
        with limits.deadline("a.csv", seconds=0.01):
            done.append(1)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert done == [1]
