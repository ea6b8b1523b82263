"""Faults and verdicts as the command line and the JSON files say them."""

from typing import Any

from milepost.errors import KINDS
from milepost.reports import sentences
from milepost.values import Problem, Verdict


def problem_as_dict(problem: Problem, language: str = "en") -> dict[str, Any]:
    """A fault ready for JSON: code, gravity, place, what, remedy."""
    origin = problem.origin
    what, remedy = sentences.fault(problem, language)
    return {
        "code": problem.code,
        "gravity": KINDS[problem.code].gravity,
        "file": origin.file,
        "sheet": origin.sheet,
        "row": origin.row,
        "column": origin.column,
        "what": what,
        "remedy": remedy,
        "details": dict(problem.details),
    }


def verdict_as_dict(verdict: Verdict, language: str = "en") -> dict[str, Any]:
    """A verdict ready for JSON; `reason` is a sentence where there is no verdict, else null."""
    return {
        "verdict": verdict.verdict,
        "value": verdict.value,
        "score": verdict.score,
        "reason": sentences.reason(verdict, language),
        "reason_code": verdict.reason,
        "label": sentences.verdict(verdict, language),
        "explanation": sentences.explanation(verdict, language),
        "method": sentences.method(verdict.method, language),
        "weaknesses": sentences.weaknesses(verdict.method, language),
        **dict(verdict.figures),
    }


def verdict_in_words(verdict: Verdict, language: str = "en") -> str:
    """One line: the verdict and the sentence that explains it."""
    return f"{sentences.verdict(verdict, language)}. {sentences.explanation(verdict, language)}"
