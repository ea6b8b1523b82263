"""SPSS and Stata: values, words for values, missing values, long names, encodings, pieces."""

import datetime
import struct

import pandas
import pyreadstat
import pytest

from milepost.errors import MilepostError
from milepost.interchange import microdata
from milepost.interchange.microdata import packages
from tests.interchange.microdata.reading import rows

FRAME = pandas.DataFrame(
    {
        "sex": [1.0, 2.0, None, 9.0],
        "country_of_birth_as_stated": ["KG", "Чад", "", "TJ"],
        "weight": [1.5, 2.5, 3.25, 1.0],
        "born": [datetime.date(1990, 5, 1)] * 3 + [None],
    }
)
LABELS = {"sex": {1.0: "Мужской", 2.0: "Женский", 9.0: "Отказ"}}


def write(path, frame=FRAME, **options):
    writer = {".sav": pyreadstat.write_sav, ".zsav": pyreadstat.write_sav, ".dta": pyreadstat.write_dta}
    if path.suffix == ".zsav":
        options["compress"] = True
    writer.get(path.suffix, pyreadstat.write_por)(frame, str(path), **options)
    return path


@pytest.mark.parametrize("name", ["a.sav", "a.zsav", "a.dta"])
def test_values_and_their_words_are_kept(tmp_path, name):
    path = write(tmp_path / name, variable_value_labels=LABELS)
    with microdata.opened(path) as source:
        found = rows(source)
        assert source.columns == tuple(FRAME.columns)
        assert source.labels == {"sex": {"1": "Мужской", "2": "Женский", "9": "Отказ"}}
    assert [row["sex"] for row in found] == [1.0, 2.0, None, 9.0]
    assert [row["country_of_birth_as_stated"] for row in found] == ["KG", "Чад", "", "TJ"]
    assert [row["weight"] for row in found] == [1.5, 2.5, 3.25, 1.0]
    assert found[0]["born"] == "1990-05-01" and found[3]["born"] is None


def test_values_declared_as_missing_become_blank(tmp_path):
    path = write(tmp_path / "a.sav", missing_ranges={"sex": [9.0]})
    with microdata.opened(path) as source:
        assert [row["sex"] for row in rows(source)] == [1.0, 2.0, None, None]


def test_missing_values_of_stata_become_blank(tmp_path):
    frame = pandas.DataFrame({"sex": [1, "a", 2], "n": [1, 2, 3]})
    path = write(tmp_path / "a.dta", frame, missing_user_values={"sex": ["a"]})
    with microdata.opened(path) as source:
        assert [row["sex"] for row in rows(source)] == [1.0, None, 2.0]


def test_portable_files_are_read(tmp_path):
    frame = pandas.DataFrame({"SEX": [1.0, 2.0], "NAME": ["a", "b"]})
    with microdata.opened(write(tmp_path / "a.por", frame)) as source:
        assert rows(source) == [{"SEX": 1.0, "NAME": "a"}, {"SEX": 2.0, "NAME": "b"}]


def test_only_the_columns_asked_for_are_copied(tmp_path):
    path = write(tmp_path / "a.sav", variable_value_labels=LABELS)
    with microdata.opened(path, wanted=lambda names: ["weight", "nobody"]) as source:
        assert source.columns == tuple(FRAME.columns)
        assert source.labels == {}
        assert [list(row) for row in rows(source)] == [["weight"]] * 4


@pytest.mark.parametrize("count", [25_000, 20_000])
def test_a_long_file_comes_in_pieces_without_loss(tmp_path, monkeypatch, count):
    monkeypatch.setattr(packages, "CELLS", 10)  # the least is 10,000 rows a piece
    frame = pandas.DataFrame({"n": range(count)})
    seen = []
    with microdata.opened(
        write(tmp_path / "a.sav", frame), progress=lambda step, done, total: seen.append((done, total))
    ) as source:
        assert len(source.paths) == -(-count // 10_000)
        assert [row["n"] for row in rows(source)] == list(range(count))
    assert seen[0] == (0, count) and seen[-1] == (count, count)


def test_who_asks_to_stop_is_heard_between_pieces(tmp_path, monkeypatch):
    monkeypatch.setattr(packages, "CELLS", 10)
    path = write(tmp_path / "a.sav", pandas.DataFrame({"n": range(25_000)}))

    def check():
        raise InterruptedError

    with pytest.raises(InterruptedError), microdata.opened(path, check=check):
        pass


def in_code_page(path, before, after):
    """The file with ASCII stand-ins replaced by letters of windows-1251, as old programs wrote them."""
    data = path.read_bytes()
    for stand_in, letters in zip(before, after, strict=True):
        assert stand_in.encode() in data
        data = data.replace(stand_in.encode(), letters.encode("cp1251"))
    return data


OLD = pandas.DataFrame({"country": ["KYRGYZ", "TAJIKI"] * 20})
STAND_INS, LETTERS = ("KYRGYZ", "TAJIKI"), ("Киргиз", "Таджик")


def test_old_stata_files_in_windows_1251_are_read_as_such(tmp_path):
    path = write(tmp_path / "a.dta", OLD, version=8)
    path.write_bytes(in_code_page(path, STAND_INS, LETTERS))
    with microdata.opened(path) as source:
        assert [row["country"] for row in rows(source)[:2]] == ["Киргиз", "Таджик"]


def test_spss_files_say_their_code_page(tmp_path):
    path = write(tmp_path / "a.sav", OLD)
    data = in_code_page(path, STAND_INS, LETTERS)
    data = data.replace(struct.pack("<i", 65001), struct.pack("<i", 1251))
    name = struct.pack("<iiii", 7, 20, 1, 5) + b"UTF-8"
    assert name in data
    path.write_bytes(data.replace(name, struct.pack("<iiii", 7, 99, 1, 5) + b"UTF-8"))
    with microdata.opened(path) as source:
        assert [row["country"] for row in rows(source)[:2]] == ["Киргиз", "Таджик"]


def test_spss_files_that_say_utf_8_and_are_not_are_read_by_their_letters(tmp_path):
    path = write(tmp_path / "a.sav", OLD)
    path.write_bytes(in_code_page(path, STAND_INS, LETTERS))
    with microdata.opened(path) as source:
        assert [row["country"] for row in rows(source)[:2]] == ["Киргиз", "Таджик"]


@pytest.mark.parametrize("name", ["a.sav", "a.dta", "a.por"])
def test_a_file_that_is_cut_off_is_damaged(tmp_path, name):
    frame = pandas.DataFrame({"N": range(2000), "W": ["x" * 40] * 2000})
    path = write(tmp_path / name, frame)
    path.write_bytes(path.read_bytes()[:3000])
    with pytest.raises(MilepostError) as caught, microdata.opened(path):
        pass
    assert [problem.code for problem in caught.value.problems] == ["microdata-damaged"]
