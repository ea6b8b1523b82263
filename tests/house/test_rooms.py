"""The house is as the drawings say."""

import ast
import re
import subprocess
import sys
from pathlib import Path

from docs import generate
from milepost import errors

ROOT = Path(__file__).parents[2]
HOUSE = ROOT / "src" / "milepost"


def rooms() -> dict[str, str]:
    """Every folder and top file of the package, with the first line of its docstring."""
    found = {}
    for path in sorted(HOUSE.iterdir()):
        source = path / "__init__.py" if path.is_dir() else path
        if source.suffix == ".py" and source.exists() and path.name not in ("__init__.py", "__main__.py"):
            docstring = ast.get_docstring(ast.parse(source.read_text(encoding="utf-8")))
            found[path.stem] = (docstring or "").split("\n\n")[0].replace("\n", " ")
    return found


def test_every_room_says_in_a_sentence_what_it_is_for():
    assert not [name for name, sentence in rooms().items() if not sentence.endswith(".")]


def test_the_table_of_rooms_in_the_readme_is_the_house():
    table = dict(
        re.findall(r"^\| `(\w+)` \| (.+?) \|$", (ROOT / "README.md").read_text(encoding="utf-8"), re.M)
    )
    assert table == rooms()


def test_imports_only_run_down():
    lint = Path(sys.executable).with_name("lint-imports")
    result = subprocess.run([lint, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout


def codes_in_use() -> set[str]:
    """Every fault code the source names in `Problem(...)` or `refuse(...)`."""
    used: set[str] = set()
    names = list(errors.KINDS)
    for file in HOUSE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and node.value in names and file.name != "errors.py":
                used.add(node.value)
            if (
                isinstance(node, ast.Call)
                and getattr(node.func, "id", "") in ("Problem", "refuse")
                and node.args
            ):
                code = node.args[0]
                if isinstance(code, ast.Constant):
                    used.add(code.value)
    return used


def test_every_fault_has_its_sentence_and_every_sentence_its_fault():
    assert codes_in_use() == set(errors.KINDS)


def test_faults_of_two_rooms_never_share_a_code():
    assert sum(map(len, generate.SECTIONS.values())) == len(errors.KINDS)


def test_gravity_is_one_of_three_words():
    assert {kind.gravity for kind in errors.KINDS.values()} <= {"error", "warning", "note"}


def test_every_dependency_says_why_it_is_here():
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    dependencies = re.findall(r'^    "[\w-]+(?:\[[\w,]+\])?>=.*$', text, re.M)
    assert dependencies
    assert not [line for line in dependencies if "  #" not in line]
