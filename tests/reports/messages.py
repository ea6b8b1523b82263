"""Every English message of the machine, gathered from the places that hold them."""

import ast
import re
from pathlib import Path

from milepost import progress, reports
from milepost.errors import KINDS
from milepost.progress import words
from milepost.progress.words import EXPLANATIONS
from milepost.reports import answers, assessment, overview, plan, plan_content, project, sentences

ROOM = Path(reports.__file__).parent
_IN_TEMPLATE = re.compile(r'\b(?:say|html)\("([^"]+)"')
_SPEAKERS = {"say", "html", "template", "Finding", "translator"}


def of_templates() -> set[str]:
    """Messages between quotes in the templates."""
    found = set()
    for path in sorted((ROOM / "templates").glob("*.html")):
        found |= set(_IN_TEMPLATE.findall(path.read_text(encoding="utf-8")))
    return found


def of_code() -> tuple[set[str], set[tuple[str, str]]]:
    """Messages that the room's own code says, and its pairs of singular and plural."""
    single: set[str] = set()
    pairs: set[tuple[str, str]] = set()
    for path in sorted(ROOM.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Tuple) and len(node.elts) == 2 and all(_is_count(e) for e in node.elts):
                pairs.add((node.elts[0].value, node.elts[1].value))  # type: ignore[attr-defined]
            if not isinstance(node, ast.Call) or not node.args:
                continue
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            texts = [
                arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)
            ]
            if name == "plural" and len(texts) == 2:
                pairs.add((texts[0], texts[1]))
            elif name in _SPEAKERS and texts:
                single.add(texts[0])
    return single, pairs


def _is_count(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and "{count}" in node.value


def of_lists() -> set[str]:
    """Messages that stand in dicts: statuses, changes, verdicts, reasons, explanations, weak points."""
    lists = (
        sentences.OBSERVATION_STATUSES,
        sentences.STATUSES,
        sentences.BREAKDOWN_STATUSES,
        sentences._CHANGES,
        overview.GRAVITY_HEADINGS,
        progress.VERDICTS,
        progress.REASONS,
        progress.SOURCES,
        words.RESULT_VERDICTS,
        words.RESULT_REASONS,
        words.RESULT_NOTES,
        answers.UNITS,
        answers.MULTIPLIERS,
        project.STATUSES,
        project.ROLES,
        project.LEVELS,
        project.LINES,
        project.SECTIONS,
        project.KINDS,
        plan_content.WORDS,
        plan_content.ANSWERED,
        plan_content.PARTS,
        dict(plan_content.RULES),
        assessment.LEVELS,
        assessment.OUTCOMES,
        assessment.TEXTS,
        *EXPLANATIONS.values(),
    )
    found = {message for one in lists for message in one.values()} | {
        *answers.CHANGES,
        *plan.COLUMNS,
        *assessment.KINDS,
    }
    return found | {message for weak in progress.WEAKNESSES.values() for message in weak}


def of_faults() -> set[str]:
    """What each kind of fault is, and how to mend it."""
    return {text for kind in KINDS.values() for text in (kind.what, kind.remedy)}
