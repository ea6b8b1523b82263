import csv
import json
import os
import signal
import subprocess
import sys
import time

import pytest

from milepost.errors import MilepostError
from milepost.recipes import build
from milepost.recipes import record as records
from tests.recipes.sandoria import meta, write


def loaded(path):
    return json.loads(path.read_text(encoding="utf-8"))


def snapshot(out):
    return {str(p.relative_to(out)): p.read_bytes() for p in out.rglob("*") if p.is_file()}


def test_every_indicator_gets_its_files_in_every_language(folder, tmp_path):
    out = tmp_path / "out"
    built = build(folder, out)
    assert (built.indicators, built.observations, built.rebuilt) == (3, 8, 3)
    for language in ("en", "ru"):
        for code in ("10-7-1", "10-7-4", "8-8-1"):
            assert (out / language / f"{code}.csv").exists()
            assert loaded(out / language / f"{code}.json")["code"] == code
    assert (out / "index.html").exists()
    assert (out / "index.ru.html").exists()


def test_the_json_holds_headline_metadata_verdict_and_statuses(folder, tmp_path):
    build(folder, tmp_path / "out", method="un")
    found = loaded(tmp_path / "out/en/8-8-1.json")
    assert found["title"] == "Injuries at work"
    assert [row["Value"] for row in found["headline"]] == ["4", "2"]
    assert found["series"][0]["verdict"]["verdict"] == "on_track"
    assert found["series"][0]["verdict"]["base_value"] == 4
    assert (found["reporting_status"], found["disaggregation_status"]) == ("complete", "notstarted")
    assert found["definition"]["code"] == "8.8.1"
    assert found["file"] == "data/indicator_8-8-1.csv"


def test_an_indicator_without_a_better_direction_says_why_it_is_not_assessed(folder, tmp_path):
    build(folder, tmp_path / "out")
    verdict = loaded(tmp_path / "out/en/10-7-4.json")["series"][0]["verdict"]
    assert verdict["verdict"] == "not_assessed"
    assert verdict["reason_code"] == "no_direction"
    assert verdict["reason"]


def test_downloads_are_in_the_language_of_their_folder(folder, tmp_path):
    build(folder, tmp_path / "out")
    with (tmp_path / "out/ru/10-7-4.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows[2] == {"Year": "2015", "Пол": "Женщины", "Value": "41"}
    assert len(rows) == 6


def test_only_what_changed_is_built_again(folder, tmp_path):
    out = tmp_path / "out"
    build(folder, out)
    assert build(folder, out).rebuilt == 0
    write(folder, "8-8-1", "Year,Series,Value\n2015,SL_EMP_FTLINJUR,4\n2023,SL_EMP_FTLINJUR,6\n")
    again = build(folder, out)
    assert again.rebuilt == 1
    assert loaded(out / "en/8-8-1.json")["series"][0]["observations"][1]["value"] == 6


def test_a_build_after_a_change_equals_one_from_scratch(folder, tmp_path):
    build(folder, tmp_path / "out")
    write(folder, "10-7-4", "Year,Value\n2015,40\n2015,41\n")
    meta(folder, "8-8-1", "indicator_name: Injuries\n")
    build(folder, tmp_path / "out")
    build(folder, tmp_path / "new")
    assert snapshot(tmp_path / "out") == snapshot(tmp_path / "new")


def test_a_touched_file_with_the_same_content_is_not_built_again(folder, tmp_path):
    build(folder, tmp_path / "out")
    os.utime(folder / "data/indicator_8-8-1.csv", (1, 1))
    assert build(folder, tmp_path / "out").rebuilt == 0


def test_a_changed_translation_builds_everything_again(folder, tmp_path):
    build(folder, tmp_path / "out")
    (folder / "translations/ru/data.yml").write_text("Female: Женский\n", encoding="utf-8")
    assert build(folder, tmp_path / "out").rebuilt == 3


def test_another_method_builds_everything_again(folder, tmp_path):
    build(folder, tmp_path / "out", method="un")
    assert build(folder, tmp_path / "out", method="statcan").rebuilt == 3


def test_files_of_an_indicator_that_is_gone_are_removed_and_others_stay(folder, tmp_path):
    out = tmp_path / "out"
    build(folder, out)
    (out / "notes.txt").write_text("mine", encoding="utf-8")
    (folder / "data/indicator_8-8-1.csv").unlink()
    (folder / "meta/8-8-1.yml").unlink()
    assert build(folder, out).indicators == 2
    assert not (out / "en/8-8-1.json").exists()
    assert (out / "notes.txt").read_text(encoding="utf-8") == "mine"


def test_one_process_and_two_give_the_same_bytes(folder, tmp_path):
    build(folder, tmp_path / "one", jobs=1, open_sdg_layout=True)
    build(folder, tmp_path / "two", jobs=2, open_sdg_layout=True)
    assert snapshot(tmp_path / "one") == snapshot(tmp_path / "two")


def test_all_faults_are_listed_once_with_place_and_remedy(folder, tmp_path):
    write(folder, "10-7-4", "Year,Value\n2015,40\n2015,41\n2020,..\n")
    built = build(folder, tmp_path / "out")
    faults = loaded(tmp_path / "out/faults.json")["faults"]
    assert len(faults) == len(built.problems)
    by_code = {fault["code"]: fault for fault in faults}
    assert by_code["conflicting-values"]["row"] == 2
    assert by_code["conflicting-values"]["file"] == "data/indicator_10-7-4.csv"
    assert all(fault["remedy"] for fault in faults)


def test_conflicting_values_all_stay_and_are_not_judged(folder, tmp_path):
    write(
        folder,
        "8-8-1",
        "Year,Series,Value\n2015,SL_EMP_FTLINJUR,4\n2015,SL_EMP_FTLINJUR,5\n2023,SL_EMP_FTLINJUR,2\n",
    )
    build(folder, tmp_path / "out")
    found = loaded(tmp_path / "out/en/8-8-1.json")
    assert [o["value"] for o in found["series"][0]["observations"]] == [4, 5, 2]
    assert found["series"][0]["verdict"]["reason_code"] == "conflicting_values"
    assert found["data"]["Value"] == ["4", "5", "2"]


def test_an_unreadable_file_is_a_fault_and_the_rest_is_built(folder, tmp_path):
    (folder / "data/indicator_8-8-1.csv").write_bytes(b"PK\x03\x04 this is a workbook")
    (folder / "meta/10-7-4.yml").write_text("indicator_name: [unclosed\n", encoding="utf-8")
    built = build(folder, tmp_path / "out")
    files = {problem.origin.file for problem in built.problems}
    assert {"data/indicator_8-8-1.csv", "meta/10-7-4.yml"} <= files
    assert loaded(tmp_path / "out/en/10-7-4.json")["data"]["Year"]


def test_a_folder_without_languages_is_built_untranslated(folder, tmp_path):
    (folder / "config_data.yml").unlink()
    build(folder, tmp_path / "out")
    assert loaded(tmp_path / "out/untranslated/10-7-4.json")["data"]["Sex"][2] == "Female"
    assert (tmp_path / "out/index.html").exists()


def test_the_static_files_of_an_open_sdg_site_are_written_on_demand(folder, tmp_path):
    build(folder, tmp_path / "out", open_sdg_layout=True)
    site = tmp_path / "out/open-sdg"
    assert {path.name for path in site.iterdir()} == {"untranslated", "en", "ru"}
    assert (site / "untranslated/headline/10-7-4.csv").read_text(
        encoding="utf-8"
    ) == "Year,Value\n2015,40\n2024,50\n"
    assert (site / "untranslated/data/10-7-1.csv").read_text(encoding="utf-8") == "Year,Value\n"
    assert loaded(site / "en/stats/reporting.json")["overall"]["totals"]["total"] == 3


def test_a_commit_without_other_changes_renews_the_dates_of_its_indicators(folder, tmp_path):
    git = ["git", "-c", "user.name=A", "-c", "user.email=a@example.org", "-C", str(folder)]
    for day, subcommand in (
        (None, ["init", "--quiet"]),
        (None, ["add", "."]),
        ("2024-01-10T12:00:00", ["commit", "--quiet", "--message=x"]),
    ):
        subprocess.run([*git, *subcommand], check=True, env=os.environ | {"GIT_COMMITTER_DATE": day or ""})
    out = tmp_path / "out"
    build(folder, out, open_sdg_layout=True)
    assert build(folder, out, open_sdg_layout=True).rebuilt == 0
    write(folder, "8-8-1", "Year,Series,Value\n2015,SL_EMP_FTLINJUR,4\n2023,SL_EMP_FTLINJUR,6\n")
    build(folder, out, open_sdg_layout=True)
    published = out / "open-sdg/en/meta/8-8-1.json"
    assert loaded(published)["national_data_updated_date"] == "2024-01-10"
    later = os.environ | {"GIT_COMMITTER_DATE": "2024-02-20T12:00:00"}
    subprocess.run([*git, "commit", "--quiet", "--all", "--message=y"], check=True, env=later)
    assert build(folder, out, open_sdg_layout=True).rebuilt == 1
    assert loaded(published)["national_data_updated_date"] == "2024-02-20"


def test_progress_that_cannot_be_computed_for_the_site_is_listed(folder, tmp_path):
    asked = "auto_progress_calculation: true\nprogress_calculation_options: [{target: high}]\n"
    meta(folder, "8-8-1", asked)
    assert "progress-not-computed" not in [p.code for p in build(folder, tmp_path / "out").problems]
    built = build(folder, tmp_path / "out", open_sdg_layout=True)
    assert "progress-not-computed" in [problem.code for problem in built.problems]
    assert loaded(tmp_path / "out/open-sdg/en/meta/8-8-1.json")["progress_status"] == "not_available"


def test_everything_in_sdmx_and_a_workbook_holds_every_observation(folder, tmp_path):
    from milepost import interchange

    build(folder, tmp_path / "out", sdmx=True, workbook=True)
    for place in ("sdmx/data.xml", "sdmx/data.csv", "data.xlsx"):
        assert interchange.read(tmp_path / "out" / place).count() == 8, place


def test_what_a_workbook_cannot_hold_costs_the_workbook_only(folder, tmp_path):
    write(folder, "8-8-1", f"Year,Note,Value\n2015,{'long ' * 8000},4\n")
    built = build(folder, tmp_path / "out", workbook=True, sdmx=True)
    assert not (tmp_path / "out/data.xlsx").exists()
    assert (tmp_path / "out/sdmx/data.xml").exists()
    assert (tmp_path / "out/index.html").exists()
    assert "not-storable" in {problem.code for problem in built.problems}


def test_a_cancelled_build_leaves_the_output_as_it_was(folder, tmp_path):
    out = tmp_path / "out"
    build(folder, out)
    before = snapshot(out)
    write(folder, "10-7-4", "Year,Value\n2015,1\n")

    def cancel(step, done, total):
        if done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build(folder, out, progress=cancel)
    assert snapshot(out) == before
    assert [path.name for path in tmp_path.iterdir() if "aside" in path.name] == []


def test_a_killed_build_leaves_nothing_half_written_and_the_next_one_cleans_up(folder, tmp_path):
    out = tmp_path / "out"
    build(folder, out)
    before = snapshot(out)
    write(folder, "10-7-4", "Year,Value\n2015,1\n")
    child = os.fork()
    if child == 0:  # one that is killed in the middle

        def hang(step, done, total):
            if done:
                (tmp_path / "begun").touch()
                time.sleep(60)

        try:
            build(folder, out, jobs=1, progress=hang)
        finally:
            os._exit(1)
    while not (tmp_path / "begun").exists():
        time.sleep(0.01)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    assert snapshot(out) == before
    assert [path for path in tmp_path.iterdir() if "aside" in path.name]
    assert build(folder, out).rebuilt == 1
    assert not [path for path in tmp_path.iterdir() if "aside" in path.name]


def test_a_folder_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(MilepostError, match="no such file or folder"):
        build(tmp_path / "nowhere", tmp_path / "out")


def test_a_damaged_record_only_means_that_all_is_built_again(folder, tmp_path):
    out = tmp_path / "out"
    build(folder, out)
    (out / ".milepost.json").write_text('{"order": 1}', encoding="utf-8")
    assert build(folder, out).rebuilt == 3


@pytest.mark.parametrize("place", ["", "data", "meta"])
def test_an_output_among_the_data_is_refused(folder, place):
    before = snapshot(folder)
    with pytest.raises(MilepostError) as error:
        build(folder, folder / place)
    assert [p.code for p in error.value.problems] == ["cannot-write"]
    assert snapshot(folder) == before


def test_an_output_in_a_folder_of_its_own_below_the_data_is_fine(folder):
    before = snapshot(folder)
    build(folder, folder / "out")
    assert build(folder, folder / "out").rebuilt == 0
    assert {
        name: content for name, content in snapshot(folder).items() if not name.startswith("out")
    } == before


def test_a_file_that_was_deleted_from_the_output_is_made_again(folder, tmp_path):
    build(folder, tmp_path / "out")
    (tmp_path / "out/en/8-8-1.json").unlink()
    assert build(folder, tmp_path / "out").rebuilt == 1
    assert (tmp_path / "out/en/8-8-1.json").exists()


@pytest.mark.parametrize(
    "record", ["", "[]", "null", '{"order": 1, "made": []}', '{"made": 5}', "[" * 100_000]
)
def test_a_record_that_is_not_ours_is_no_reason_to_fail(folder, tmp_path, record):
    (tmp_path / "out").mkdir()
    (tmp_path / "out/.milepost.json").write_text(record)
    assert build(folder, tmp_path / "out").rebuilt == 3


def test_what_a_build_killed_while_moving_in_has_left_is_made_again(folder, tmp_path):
    build(folder, tmp_path / "out")
    whole = snapshot(tmp_path / "out")
    records.spoil(tmp_path / "out")  # the last step before files are moved
    (tmp_path / "out/en/8-8-1.csv").write_text("of the killed build")
    assert build(folder, tmp_path / "out").rebuilt == 3
    assert snapshot(tmp_path / "out") == whole


def test_nothing_is_moved_where_a_file_stands_in_the_way(folder, tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out/en").write_text("a file")
    with pytest.raises(MilepostError) as error:
        build(folder, tmp_path / "out")
    assert str(tmp_path / "out/en") in str(error.value)
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["en"]


def test_settings_of_progress_that_are_no_finite_number_are_as_if_not_given(folder, tmp_path):
    path = next((folder / "meta").glob("*8-8-1*"))
    options = (
        "progress_calculation_options: [{target: .inf, limit: .nan, target_year: .inf, base_year: -.inf}]"
    )
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace("---\n", f"---\n{options}\n", 1) if text.startswith("---") else f"{text}\n{options}\n",
        encoding="utf-8",
    )
    assert build(folder, tmp_path / "out").indicators == 3
    assert loaded(tmp_path / "out/en/8-8-1.json")["series"][0]["verdict"]["base_value"] == 4


def test_workers_end_with_a_build_that_is_killed(folder, tmp_path):
    for number in range(1, 60):
        write(
            folder,
            f"1-1-{number}",
            "Year,Value\n" + "".join(f"{y},{y}\n" for y in range(1900, 2020)),
        )
    command = [sys.executable, "-m", "milepost", "build", str(folder), str(tmp_path / "out"), "--jobs", "2"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, start_new_session=True)
    assert process.stderr is not None
    process.stderr.readline()  # the build has begun
    process.kill()
    process.wait()
    for _ in range(100):
        if not subprocess.run(["pgrep", "-g", str(process.pid)], capture_output=True, check=False).stdout:
            break
        time.sleep(0.1)
    else:
        os.killpg(process.pid, signal.SIGKILL)
        pytest.fail("workers are left")
    build(folder, tmp_path / "out")
    assert not [path.name for path in tmp_path.iterdir() if "aside" in path.name]


def test_devices_in_the_place_of_data_stop_nothing(folder, tmp_path):
    (folder / "data/indicator_1-1-1.csv").symlink_to("/dev/zero")
    os.mkfifo(folder / "data/indicator_1-1-2.csv")
    (folder / "data/indicator_1-1-3.csv").mkdir()
    assert build(folder, tmp_path / "out").indicators == 3


def test_the_digest_of_what_cannot_be_read_says_so_and_ends(tmp_path):
    os.mkfifo(tmp_path / "a")
    (tmp_path / "b").symlink_to("/dev/zero")
    assert len({records.digest([tmp_path / name]) for name in ("a", "b", "missing")}) == 3
