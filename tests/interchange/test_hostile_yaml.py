"""YAML made to exhaust or mislead its reader costs the file it stands in, and nothing else."""

import subprocess
import sys

import pytest
import yaml

from milepost.interchange import open_sdg, safe_yaml
from tests.recipes import sandoria

BOMB = "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 40))
PLACES = ["config_data.yml", "meta/10-7-4.yml", "translations/ru/data.yml", "_prose.yml"]
HOSTILE = {
    "deep": "key: " + "[" * 100_000,
    "deep blocks": "- " * 5_000 + "x",
    "bomb": BOMB,
    "itself": "key: &a [*a]\n",
    "large number": "key: " + "9" * 5_000 + "\n",
    "no such day": "key: 2020-13-45\n",
    "tag": "key: !!python/object/apply:os.system ['true']\n",
    "unclosed": "key: [1, 2\n",
    "control": "key: \x00\n",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_text_is_refused(name):
    with pytest.raises(yaml.YAMLError):
        safe_yaml.load(HOSTILE[name])


def test_plain_data_aliases_and_anything_below_the_first_document_are_fine():
    text = "one: &same {a: 1}\ntwo: *same\nlist: [[1], [2.5], [true]]\n---\n[[[ not read"
    assert safe_yaml.load(text) == {"one": {"a": 1}, "two": {"a": 1}, "list": [[1], [2.5], [True]]}
    assert safe_yaml.load("") is None


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize(
    "place", ["config_data.yml", "meta/10-7-4.yml", "translations/ru/data.yml", "_prose.yml"]
)
def test_it_costs_the_file_it_stands_in_and_nothing_else(tmp_path, place, name):
    folder = sandoria.folder(tmp_path)
    (folder / place).write_text(HOSTILE[name], encoding="utf-8")
    platform = open_sdg.open_platform(folder)
    faults = [*platform.problems, *platform.problems_of("10-7-4")]
    assert place in {problem.origin.file for problem in faults}
    assert len(platform.table("10-7-4").rows) == 6
    if place != "config_data.yml":  # what stands in front of a fault there may name other inputs
        assert platform.metadata("8-8-1")["indicator_name"] == "Injuries at work"


@pytest.mark.parametrize("languages", ["5", "{en: 1}", "[[en]]", "null", "../../etc"])
def test_languages_that_are_none_do_not_stop_the_build(tmp_path, languages):
    folder = sandoria.folder(tmp_path)
    config = (folder / "config_data.yml").read_text(encoding="utf-8")
    (folder / "config_data.yml").write_text(config.replace("[en, ru]", languages), encoding="utf-8")
    command = [sys.executable, "-m", "milepost", "build", str(folder), str(tmp_path / "out")]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode in (0, 1)
    assert "Traceback" not in result.stderr
    assert "failed here" not in result.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) in (["out", "sandoria"], ["sandoria"])


def test_a_link_out_of_the_folder_costs_that_file_only(tmp_path):
    folder = sandoria.folder(tmp_path)
    (tmp_path / "secret.csv").write_text("Year,Value\n2020,1\n", encoding="utf-8")
    (folder / "data" / "indicator_1-1-1.csv").symlink_to(tmp_path / "secret.csv")
    platform = open_sdg.open_platform(folder)
    assert "1-1-1" not in platform.codes
    assert "link-outside" in {problem.code for problem in platform.problems}
    assert len(platform.table("10-7-4").rows) == 6
