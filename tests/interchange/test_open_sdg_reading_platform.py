"""An Open SDG platform as a whole: its indicators, files and schema; lazily read, and fit for several
processes."""

import pickle
from pathlib import Path

from milepost.interchange.open_sdg import open_platform


def platform_of(folder: Path, files: dict[str, str]):
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return open_platform(folder)


def test_indicators_come_in_natural_order(tmp_path):
    codes = ["10-1-1", "1-10-1", "1-a-1", "1-2-1", "archived-1-1-1", "1-2-1-b", "1-2-1-a"]
    platform = platform_of(tmp_path, {f"data/indicator_{code}.csv": "Year,Value\n2020,1\n" for code in codes})
    assert platform.codes == ("1-2-1", "1-2-1-a", "1-2-1-b", "1-10-1", "1-a-1", "10-1-1", "archived-1-1-1")


def test_an_indicator_with_metadata_alone_has_an_empty_table(tmp_path):
    platform = platform_of(tmp_path, {"meta/1-1-1.md": "---\na: 1\n---\n"})
    table = platform.table("1-1-1")
    assert (table.columns, tuple(table.rows), table.origin.file) == (("Year", "Value"), (), "meta/1-1-1.md")


def test_sources_are_the_files_of_one_indicator_and_shared_sources_those_of_all(tmp_path):
    files = {
        "data/indicator_1-1-1.csv": "Year,Value\n2020,1\n",
        "meta/1-1-1.md": "---\na: 1\n---\n",
        "meta/ru/1-1-1.md": "---\na: 2\n---\n",
        "config_data.yml": "languages: [en, ru]\n",
        "_prose.yml": "prose:\n  metadata:\n    meta: []\n",
        "translations/ru/data.yml": "a: b\n",
        "scripts/build_data.py": "open_sdg_build(config='config_data.yml')\n",
    }
    platform = platform_of(tmp_path, files)
    relative = {path.relative_to(tmp_path).as_posix() for path in platform.sources("1-1-1")}
    assert relative == {"data/indicator_1-1-1.csv", "meta/1-1-1.md", "meta/ru/1-1-1.md"}
    shared = {path.relative_to(tmp_path).as_posix() for path in platform.shared_sources()}
    assert shared == set(files) - relative


def test_a_platform_can_be_handed_to_another_process(tmp_path):
    files = {"data/indicator_1-1-1.csv": "Year,Value\n2020,1\n", "meta/1-1-1.md": "---\na: 1\n---\n"}
    platform = platform_of(tmp_path, files)
    other = pickle.loads(pickle.dumps(platform))
    assert other.codes == platform.codes
    assert other.table("1-1-1") == platform.table("1-1-1")
    assert other.metadata("1-1-1") == platform.metadata("1-1-1")


def test_opening_reads_no_data(tmp_path):
    platform = platform_of(tmp_path, {"data/indicator_1-1-1.csv": "Year,Value\n2020,1\n"})
    (tmp_path / "data" / "indicator_1-1-1.csv").write_text("Year,Value\n2020,2\n")
    assert platform.table("1-1-1").rows[0] == ("2020", "2")


def test_the_schema_lists_the_fields_of_metadata(tmp_path):
    field = "name: indicator_name\n        field:\n          element: text\n          scope: global\n"
    schema = f"prose:\n  metadata:\n    meta:\n      - {field}"
    platform = platform_of(tmp_path, {"fields.yml": schema, "config_data.yml": "schema_file: fields.yml\n"})
    assert platform.schema == [{"name": "indicator_name", "field": {"element": "text", "scope": "global"}}]


def test_a_schema_that_is_none_is_a_fault(tmp_path):
    platform = platform_of(
        tmp_path, {"_prose.yml": "prose: nothing\n", "config_data.yml": "languages: [en]\n"}
    )
    assert platform.schema == []
    assert "schema-unreadable" in [problem.code for problem in platform.problems]


def test_reading_twice_gives_the_same_faults_once(tmp_path):
    platform = platform_of(tmp_path, {"data/indicator_1-1-1.csv": "Year,Sex,Sex,Value\n2020,a,b,1\n"})
    platform.table("1-1-1")
    platform.table("1-1-1")
    assert [problem.code for problem in platform.problems_of("1-1-1")] == ["duplicate-header"]
