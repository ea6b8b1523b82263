import ast
import re
from pathlib import Path

import milepost.web
from milepost.values.states import DATA_REQUEST
from milepost.web.audit.models import Event
from milepost.web.audit.words import VERBS
from milepost.web.indicators.actions.datasets import DONE
from milepost.web.tasks import TASKS

WEB = Path(milepost.web.__file__).parent
VERB = re.compile(r"[a-z]+(-[a-z]+)*\.[a-z]+(-[a-z]+)*")
BEGINNING = re.compile(r"[a-z]+(-[a-z]+)*\.")


def recording():
    """Every module that writes events, as a syntax tree."""
    for path in WEB.rglob("*.py"):
        source = path.read_text(encoding="utf-8")
        if re.search(r"audit\.actions import .*record|audit import actions|import audit\b", source):
            yield ast.parse(source)


def strings():
    """Every string there, with "…" for what is put in."""
    for tree in recording():
        parts = set()
        for node in ast.walk(tree):
            if isinstance(node, ast.JoinedStr):
                parts |= {id(inner) for inner in node.values}
                yield "".join(
                    str(inner.value) if isinstance(inner, ast.Constant) else "…" for inner in node.values
                )
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in parts:
                yield node.value


def jobs_started():
    """The kinds of work that actions start; they are named like verbs, and are none."""
    calls = (node for tree in recording() for node in ast.walk(tree) if isinstance(node, ast.Call))
    started = (call.args[0] for call in calls if getattr(call.func, "attr", "") == "start" and call.args)
    return {first.value for first in started if isinstance(first, ast.Constant)}


def test_every_verb_that_the_actions_record_has_its_sentence():
    used = {text for text in strings() if VERB.fullmatch(text)} - set(TASKS) - jobs_started()
    assert {"comment.added", "letters.chosen"} <= used
    assert used - set(VERBS) == set()


def test_every_verb_that_is_put_together_has_one_too():
    beginnings = {text[:-1] for text in strings() if text.endswith("…") and BEGINNING.fullmatch(text[:-1])}
    for beginning in beginnings:
        assert any(verb.startswith(beginning) for verb in VERBS), beginning
    assert {f"request.{state}" for state in DATA_REQUEST} <= set(VERBS)
    assert {f"dataset.{done}" for done in DONE.values()} <= set(VERBS)
    assert {"person.second-factor-set", "person.second-factor-removed", "person.codes-made"} <= set(VERBS)


def test_a_verb_without_words_shows_itself():
    assert Event(verb="moon.landed").sentence == "moon.landed"
