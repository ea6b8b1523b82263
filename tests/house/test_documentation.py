"""The documentation tells the truth: its commands run, its reference equals the code."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from docs import generate
from milepost.__main__ import COMMANDS
from milepost.web import settings
from milepost.web.operation import commands
from tests.interchange.iati import samples
from tests.interchange.plan_table import plans
from tests.recipes import survey

ROOT = Path(__file__).parents[2]
OF_THE_APPLICATION = {*commands.COMMANDS, "demo"}
"""Commands that need a database, or never end: tried in tests/web/operation."""
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]


@pytest.mark.parametrize("name", generate.pages())
def test_the_reference_equals_the_code(name):
    written = (generate.REFERENCE / name).read_text(encoding="utf-8")
    assert written == generate.pages()[name], "run `make docs`"


def test_every_setting_is_in_the_reference():
    page = (generate.REFERENCE / "settings.md").read_text(encoding="utf-8")
    sources = (path.read_text(encoding="utf-8") for path in (ROOT / "src").rglob("*.py"))
    used = {name for source in sources for name in re.findall(r"\bMILEPOST_[A-Z_]*[A-Z]\b", source)}
    listed = set(re.findall(r"^\| `(\w+)` \|", page, re.M))
    assert used == {name for name in listed if name.startswith("MILEPOST_")}
    first_column = re.findall(r"^\| ([A-Z][\w, ]+) \|", settings.__doc__ or "", re.M)
    said = {name for cell in first_column for name in re.findall(r"[A-Z][A-Z_]+", cell)}
    assert {"DATABASE_URL", "DATABASE_URL_FILE", "MILEPOST_HOME"} <= said
    assert said <= listed


def examples() -> list[tuple[str, str]]:
    """Every `$ milepost ...` line in the documentation, and every example in the help."""
    found = [("help", command.example) for command in COMMANDS.values()]
    for page in PAGES:
        for block in re.findall(r"^```console\n(.*?)^```", page.read_text(encoding="utf-8"), re.M | re.S):
            lines = re.findall(r"^\$ (?:uv run )?(milepost .*)$", block, re.M)
            found += [(str(page.relative_to(ROOT)), line) for line in lines]
    return sorted({(page, line) for page, line in found if line.split()[1] not in OF_THE_APPLICATION})


@pytest.fixture(scope="module")
def desk(tmp_path_factory) -> Path:
    """A folder with the files that the examples name."""
    folder = tmp_path_factory.mktemp("room") / "desk"
    folder.mkdir()
    (folder / "series.csv").write_text("time_period,obs_value\n2015,6.5\n2023,5.1\n", encoding="utf-8")
    (folder / "data").mkdir()
    (folder / "data" / "indicator_10-7-2.csv").write_text("Year,Value\n2019,3\n", encoding="utf-8")
    tutorial = (ROOT / "docs/tutorial/first-folder.md").read_text(encoding="utf-8")
    (table,) = re.findall(r"^```csv\n(.*?)^```", tutorial, re.M | re.S)
    (folder / "data" / "indicator_8-8-1.csv").write_text(table, encoding="utf-8")
    rows = "series,time_period,obs_value,unit_measure\nSM_POP_REFG_OR,2015,41.2,PER_100000_POP\n"
    (folder / "indicator_10-7-4.csv").write_text(rows, encoding="utf-8")
    milepost(folder, "milepost convert indicator_10-7-4.csv indicator_10-7-4.xml")
    survey.as_parquet(folder / "survey.parquet", survey.rows())
    (folder / "mapping.yaml").write_text(survey.MAPPING, encoding="utf-8")
    how_to = (ROOT / "docs/how-to/protect-a-table.md").read_text(encoding="utf-8")
    (table,) = re.findall(r"^```csv\n(.*?)^```", how_to, re.M | re.S)
    (folder / "table.csv").write_text(table, encoding="utf-8")
    how_to = (ROOT / "docs/how-to/read-project-pages.md").read_text(encoding="utf-8")
    (page,) = re.findall(r"^```text\n(.*?)^```", how_to, re.M | re.S)
    (folder / "activities.xml").write_text(samples.ACTIVITIES, encoding="utf-8")
    (folder / "page.txt").write_text(page, encoding="utf-8")
    (labels,) = re.findall(r"^```yaml\n(.*?)^```", how_to, re.M | re.S)
    (folder / "uk.yaml").write_text(labels, encoding="utf-8")
    plans.in_word(folder / "plan.docx")
    how_to = (ROOT / "docs/how-to/read-a-plan.md").read_text(encoding="utf-8")
    (table,) = re.findall(r"^```csv\n(.*?)^```", how_to, re.M | re.S)
    (folder / "answers.csv").write_text(table, encoding="utf-8")
    how_to = (ROOT / "docs/how-to/tally-10-7-2.md").read_text(encoding="utf-8")
    (table,) = re.findall(r"^```csv\n(.*?)^```", how_to, re.M | re.S)
    (folder / "items.csv").write_text(table, encoding="utf-8")
    milepost(folder, "milepost questionnaires example-governance --out questionnaire.xlsx")
    for version, name in (("1", "first-round"), ("2", "second-round"), ("2", "form")):
        milepost(folder, f"milepost assessment form example-governance@{version} --out {name}.xlsx")
    return folder


def milepost(folder: Path, line: str) -> subprocess.CompletedProcess[str]:
    """Run one documented line as a shell would, with this Python's milepost."""
    program = shlex.quote(str(Path(sys.executable).with_name("milepost")))
    command = re.sub(r"\bmilepost (?=[a-z])", f"{program} ", line)
    return subprocess.run(command, cwd=folder, shell=True, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(("page", "line"), examples())
def test_documented_commands_run(desk, page, line):
    result = milepost(desk, line)
    allowed = (0, 1) if " check " in line else (0,)
    assert result.returncode in allowed, result.stderr
    assert "Traceback" not in result.stderr


def test_the_tutorial_shows_the_fault_it_speaks_of(desk):
    result = milepost(desk, "milepost check data/indicator_8-8-1.csv")
    assert result.returncode == 1
    assert "1.9 (row 5), 2.9 (row 6)" in result.stdout


def test_links_between_pages_lead_somewhere():
    broken = []
    for page in PAGES:
        for target in re.findall(r"\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            if not (page.parent / target).exists():
                broken.append(f"{page.relative_to(ROOT)} -> {target}")
    assert not broken


def test_the_changelog_keeps_a_heading_for_changed_figures():
    assert re.search(r"^### Figures$", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.M)
