"""The command line as a person uses it: exit codes, messages, JSON; never a traceback."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from milepost import demonstration
from milepost.__main__ import COMMANDS

MILEPOST = [sys.executable, "-m", "milepost"]


def milepost(*arguments, cwd=None, **environment):
    return subprocess.run(
        [*MILEPOST, *map(str, arguments)],
        cwd=cwd, capture_output=True, text=True, check=False, env={**os.environ, **environment},
    )  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS)
def test_help_shows_an_example_to_copy(command):
    result = milepost(command, "--help")
    assert result.returncode == 0
    assert "Example: milepost" in result.stdout.replace("\n", " ").replace("  ", " ")


def test_without_a_command_it_says_what_there_is():
    result = milepost()
    assert result.returncode == 2
    assert "COMMAND" in result.stderr


def test_check_ends_with_0_and_no_faults_or_with_1_and_a_list(tmp_path):
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_text("Year,Value\n2019,3\n", encoding="utf-8")
    bad.write_text("Year,Value\n2019,3\n2019,4\n", encoding="utf-8")
    assert (milepost("check", good).returncode, milepost("check", good).stdout) == (0, "no faults\n")
    result = milepost("check", bad)
    assert result.returncode == 1
    assert "row 2" in result.stdout
    faults = json.loads(milepost("check", bad, "--json").stdout)["faults"]
    assert faults[0]["code"] == "conflicting-values"


def test_a_note_is_no_fault(tmp_path):
    (tmp_path / "f" / "data").mkdir(parents=True)
    (tmp_path / "f" / "data" / "indicator_1-1-1.csv").write_text("Year,Value\n2019,3\n", encoding="utf-8")
    result = milepost("check", tmp_path / "f")
    assert (result.returncode, result.stdout) == (0, "no faults\n")
    assert "no configuration file" in result.stderr
    found = json.loads(milepost("check", tmp_path / "f", "--json").stdout)
    assert found["faults"] == []
    assert "no-configuration" in {note["code"] for note in found["notes"]}


def test_progress_prints_one_object_or_a_list_by_series(tmp_path):
    (tmp_path / "one.csv").write_text("time_period,obs_value\n2015,10\n2023,5\n", encoding="utf-8")
    (tmp_path / "two.csv").write_text(
        "series,time_period,obs_value\na,2015,10\na,2023,5\nb,2015,1\n", encoding="utf-8"
    )
    one = json.loads(
        milepost("progress", tmp_path / "one.csv", "--method", "un", "--direction", "down", "--json").stdout
    )
    assert {"verdict", "value", "score", "reason", "base_value"} <= set(one)
    two = json.loads(
        milepost(
            "progress", tmp_path / "two.csv", "--method", "statcan", "--direction", "down", "--json"
        ).stdout
    )
    assert [entry["series"] for entry in two["series"]] == ["a", "b"]
    assert two["series"][1]["verdict"] == "not_assessed"
    assert two["series"][1]["reason"]


def test_a_target_year_needs_a_target(tmp_path):
    (tmp_path / "one.csv").write_text("time_period,obs_value\n2015,10\n", encoding="utf-8")
    assert milepost("progress", tmp_path / "one.csv", "--target-year", "2030").returncode == 2


def test_convert_of_a_folder_reads_what_it_can_and_names_the_rest(tmp_path):
    (tmp_path / "f" / "data").mkdir(parents=True)
    (tmp_path / "f" / "data" / "indicator_1-1-1.csv").write_text("Year,Value\n2019,3\n", encoding="utf-8")
    (tmp_path / "f" / "data" / "indicator_1-1-2.csv").write_bytes(b"\x00\x01\x02 nothing of use")
    result = milepost("convert", tmp_path / "f", tmp_path / "out.csv")
    assert result.returncode == 0
    assert "indicator_1-1-2.csv" in result.stderr
    assert "2019" in (tmp_path / "out.csv").read_text(encoding="utf-8")


def test_the_catalogue_is_readable_and_json():
    assert "10.7.1" in milepost("indicators").stdout
    assert json.loads(milepost("indicators", "10-7-2", "--json").stdout)["code"] == "10.7.2"
    assert {"sdg", "migof", "gcm", "dac"} <= {
        f["code"] for f in json.loads(milepost("frameworks", "--json").stdout)
    }
    assert len(json.loads(milepost("frameworks", "gcm", "--json").stdout)["items"]) == 23
    unknown = milepost("indicators", "10.7.9")
    assert unknown.returncode == 1
    assert "10.7." in unknown.stderr


HOSTILE = {
    "empty.csv": b"",
    "pdf.csv": b"%PDF-1.7\n",
    "zip.csv": b"PK\x03\x04\x14\x00",
    "text.xlsx": b"Year,Value\n2019,1\n",
    "entities.xml": b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>',
    "twice.csv": b"Year,Value,Value\n2019,1,2\n",
    "binary.csv": bytes(range(256)) * 4,
    "cut.xml": b"<message:StructureSpecificData xmlns:message='m'><a>",
    "unknown.docx": b"PK\x03\x04",
}


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("command", ["check", "convert", "progress"])
def test_bad_input_is_a_message_with_place_and_remedy_never_a_traceback(tmp_path, command, name):
    path = tmp_path / name
    path.write_bytes(HOSTILE[name])
    extra = [tmp_path / "out.csv"] if command == "convert" else []
    result = milepost(command, path, *extra)
    said = result.stdout + result.stderr
    assert result.returncode == 1, said
    assert "Traceback" not in said
    assert name in said
    assert [p.name for p in tmp_path.iterdir()] == [name]


def test_a_file_over_the_limit_is_refused_with_the_remedy(tmp_path):
    path = tmp_path / "big.csv"
    path.write_text("Year,Value\n" + "2019,1\n" * 2000, encoding="utf-8")
    result = milepost("check", path, MILEPOST_MAX_FILE_MB="0.01")
    assert result.returncode == 1
    assert "MILEPOST_MAX_FILE_MB" in result.stdout


def test_interrupting_a_build_says_so_and_leaves_nothing(tmp_path):
    from bench import generate

    folder = generate.platform(tmp_path / "platform", indicators=60, observations=60_000)
    process = subprocess.Popen(
        [*MILEPOST, "build", str(folder), str(tmp_path / "out")],
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stderr is not None
    assert "Building" in process.stderr.readline()
    time.sleep(0.2)
    os.killpg(process.pid, signal.SIGINT)
    rest = process.stderr.read()
    assert process.wait() == 130, rest
    assert "Traceback" not in rest
    assert "Cancelled" in rest
    assert [p.name for p in tmp_path.iterdir()] == ["platform"]


DEMONSTRATION = demonstration.folder()
CYRILLIC = "Year,Пол,Value\n2015,Ж,1\n2015,Ж,2\n"


@pytest.mark.parametrize("encoding", ["ascii", "cp1251", "utf-8"])
def test_letters_that_the_terminal_does_not_know_are_no_fault(tmp_path, encoding):
    (tmp_path / "Файл с пробелом.csv").write_text(CYRILLIC, encoding="utf-8")
    arguments = ["check", tmp_path / "Файл с пробелом.csv"]
    plain = subprocess.run([*MILEPOST, *map(str, arguments)], capture_output=True, check=False,
                           env={**os.environ, "PYTHONIOENCODING": encoding})  # fmt: skip
    assert (plain.returncode, plain.stderr) == (1, b"")
    as_json = subprocess.run([*MILEPOST, *map(str, arguments), "--json"], capture_output=True, check=False,
                             env={**os.environ, "PYTHONIOENCODING": encoding})  # fmt: skip
    (fault,) = json.loads(as_json.stdout.decode(encoding))["faults"]
    assert "Пол Ж" in fault["what"]


def test_what_a_cell_holds_does_not_command_the_terminal(tmp_path):
    (tmp_path / "a.csv").write_text("Year,X,Value\n2015,\x1b[31m,1\n2015,\x1b[31m,2\n", encoding="utf-8")
    result = milepost("check", tmp_path / "a.csv")
    assert "\x1b" not in result.stdout
    assert "\\x1b[31m" in result.stdout


@pytest.mark.parametrize("redirection", [">&-", "2>&-", ">&- 2>&- <&-", "</dev/null", "| true"])
def test_closed_input_and_output_are_no_fault(tmp_path, redirection):
    command = (
        f'{sys.executable} -m milepost build "{DEMONSTRATION}" out {redirection} && test -e out/faults.json'
    )
    result = subprocess.run(["bash", "-c", command], cwd=tmp_path, capture_output=True, check=False)
    assert result.returncode == 0, result.stderr
    command = f"{sys.executable} -m milepost frameworks --json {redirection}"
    result = subprocess.run(["bash", "-c", command], cwd=tmp_path, capture_output=True, check=False)
    assert (result.returncode, result.stderr) == (0, b"")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="a device of Linux")  # noqa: PTH110
@pytest.mark.parametrize("arguments", ["indicators", "frameworks --json"])
def test_output_onto_a_full_disk_is_a_message(arguments):
    result = subprocess.run(["bash", "-c", f"{sys.executable} -m milepost {arguments} >/dev/full"],
                            capture_output=True, text=True, check=False)  # fmt: skip
    assert result.returncode == 1
    assert "No space left" in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    "wrong",
    [["--limit", "nan"], ["--limit", "inf"], ["--target", "inf"], ["--target", "nan"],
     ["--target", "2", "--target-year", "99999"], ["--target", "2", "--target-year", "0"]],
)  # fmt: skip
def test_options_that_are_no_number_or_year_are_a_wrong_call(tmp_path, wrong):
    (tmp_path / "a.csv").write_text("time_period,obs_value\n2015,1\n2020,2\n", encoding="utf-8")
    result = milepost("progress", tmp_path / "a.csv", "--method", "statcan", "--direction", "up", *wrong)
    assert result.returncode == 2
    assert wrong[-1] in result.stderr


def test_an_empty_name_is_a_wrong_call_not_the_current_folder(tmp_path):
    assert milepost("build", DEMONSTRATION, "", cwd=tmp_path).returncode == 2
    assert list(tmp_path.iterdir()) == []


def test_a_name_that_is_too_long_is_a_message(tmp_path):
    (tmp_path / "a.csv").write_text("Year,Value\n2015,1\n", encoding="utf-8")
    for arguments in (["check", "a" * 300 + ".csv"], ["convert", "a.csv", "a" * 300 + ".csv"]):
        result = milepost(*arguments, cwd=tmp_path)
        assert result.returncode == 1
        assert "too long" in result.stdout + result.stderr


def test_a_file_that_cannot_be_read_is_not_replaced_by_its_own_conversion(tmp_path):
    (tmp_path / "a.csv").write_bytes(b"\x00\x01")
    assert milepost("convert", tmp_path / "a.csv", tmp_path / "a.csv").returncode == 1
    assert (tmp_path / "a.csv").read_bytes() == b"\x00\x01"


def test_a_table_of_headers_only_gives_one_verdict_that_says_why_there_is_none(tmp_path):
    (tmp_path / "a.csv").write_text("time_period,obs_value\n", encoding="utf-8")
    found = json.loads(milepost("progress", tmp_path / "a.csv", "--direction", "up", "--json").stdout)
    assert (found["verdict"], found["reason_code"]) == ("not_assessed", "no_values")
