"""The plan of work of Sandoria's running project, made up: tasks, people's months, expenditure, risks."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone

from milepost.web.projects.actions import matrix, workplan
from milepost.web.projects.models import Project, Result, Task

DAYS = {  # task: (planned, actual, percent); dates of 2025 and 2026
    "questionnaire": ("2025-02-01", "2025-04-30", "2025-02-10", "2025-05-20", 100),
    "answers": ("2025-05-01", "2025-09-30", "2025-05-21", "2025-11-15", 100),
    "report": ("2025-10-01", "2026-02-28", "2025-11-17", "2026-04-30", 100),
    "curriculum": ("2025-02-15", "2025-04-15", "2025-02-15", "2025-04-10", 100),
    "trainings": ("2025-04-15", "2026-10-31", "2025-04-22", None, 80),
    "chapter": ("2026-05-01", "2026-11-15", "2026-05-11", None, 60),
    "printing": ("2026-11-16", "2026-12-10", None, None, None),
    "review": ("2026-12-11", "2026-12-31", None, None, None),
}
TITLES = {
    "questionnaire": ("Adapt the questionnaire with the ministries", "Согласовать вопросник с ведомствами"),
    "answers": ("Collect and check the answers", "Собрать и проверить ответы"),
    "report": ("Write and publish the assessment report", "Написать и опубликовать отчёт об оценке"),
    "curriculum": ("Write the curriculum", "Разработать учебную программу"),
    "trainings": ("Hold five trainings", "Провести пять учебных курсов"),
    "chapter": ("Prepare the chapter of the voluntary review", "Подготовить раздел добровольного обзора"),
    "printing": ("Translate and print the chapter", "Перевести и напечатать раздел"),
    "review": ("Close the books", "Закрыть счета"),
}
AFTER = {
    "answers": ["questionnaire"],
    "report": ["answers"],
    "trainings": ["curriculum"],
    "chapter": ["report"],
    "printing": ["chapter"],
    "review": ["printing", "trainings"],
}
SPENT = (  # line, day, amount, what for
    ("staff", "2025-06-30", 5900, "Salaries, first half of 2025"),
    ("staff", "2025-12-31", 6000, "Salaries, second half of 2025"),
    ("staff", "2026-06-30", 6100, "Salaries, first half of 2026"),
    ("staff", "2026-10-31", 4100, "Salaries, July to October 2026"),
    ("office", "2025-12-31", 2600, "Rent and communication 2025"),
    ("office", "2026-09-30", 2550, "Rent and communication 2026"),
    ("operational", "2025-05-16", 7200, "First training"),
    ("operational", "2025-11-28", 8100, "Second training, interpretation"),
    ("operational", "2026-03-20", 7900, "Third training"),
    ("operational", "2026-05-12", 9400, "Assessment: expert, translation, printing"),
    ("operational", "2026-10-16", 6300, "Fourth training"),
    ("operational", "2026-10-30", -350, "Unused travel money paid back"),
)


def load(*, manager: Any, project: Project) -> None:
    """Plan and report the work of the project, as people would; nothing is reported before its day."""
    _tasks(manager, project)
    _people(manager, project)
    lines = {line.kind: line for line in project.budget_lines.all()}
    for kind, written, amount, note in SPENT:
        day = date.fromisoformat(written)
        if day <= timezone.localdate():
            workplan.spend(by=manager, line=lines[kind], day=day, amount=Decimal(amount), note=note)
    _risks(manager, project)


def _tasks(manager: Any, project: Project) -> None:
    activities = {
        code: _activity(manager, project, code, words)
        for code, words in (
            ("1.1.1", {"en": "Assess migration governance", "ru": "Оценить управление миграцией"}),
            ("1.2.1", {"en": "Train by a common curriculum", "ru": "Обучать по единой программе"}),
        )
    }
    of: dict[str, Result] = dict.fromkeys(("questionnaire", "answers", "report"), activities["1.1.1"])
    of |= dict.fromkeys(("curriculum", "trainings"), activities["1.2.1"])
    made: dict[str, Task] = {}
    for key, (_start, _end, began, ended, percent) in DAYS.items():
        made[key] = _task(manager, project, made, key, of.get(key))
        _report(manager, made[key], began, ended, percent)
    milestone = workplan.add_task(
        by=manager,
        project=project,
        title={"en": "Assessment report is public", "ru": "Отчёт об оценке опубликован"},
        start=date(2026, 3, 1),
        end=date(2026, 3, 1),
        milestone=True,
        result=activities["1.1.1"],
        after=[made["report"]],
        responsible=manager,
    )
    _report(manager, milestone, "2026-05-04", "2026-05-04", 100)


def _activity(manager: Any, project: Project, code: str, words: dict[str, str]) -> Result:
    parent = project.results.get(code=code.rpartition(".")[0])
    return matrix.add_result(
        by=manager, project=project, level="activity", code=code, title=words, parent=parent
    )


def _task(manager: Any, project: Project, made: dict[str, Task], key: str, result: Result | None) -> Task:
    start, end = (date.fromisoformat(day) for day in DAYS[key][:2])
    english, russian = TITLES[key]
    return workplan.add_task(
        by=manager,
        project=project,
        title={"en": english, "ru": russian},
        start=start,
        end=end,
        result=result,
        after=[made[one] for one in AFTER.get(key, [])],
        responsible=manager if key != "printing" else None,
        role="Project officer" if key != "printing" else "Project assistant",
    )


def _report(manager: Any, task: Task, began: str | None, ended: str | None, percent: int | None) -> None:
    today = timezone.localdate().isoformat()
    if began is None or max(began, ended or began) > today:
        return
    workplan.report_task(
        by=manager,
        task=task,
        revision=task.revision,
        actual_start=date.fromisoformat(began),
        actual_end=date.fromisoformat(ended) if ended else None,
        percent=percent,
    )


def _people(manager: Any, project: Project) -> None:
    half, most = Decimal("0.5"), Decimal("0.8")
    months = [date(year, month, 1) for year in (2025, 2026) for month in range(1, 13)]
    officer = {
        month: (most if month >= date(2026, 9, 1) else half, half if month < date(2026, 11, 1) else None)
        for month in months
    }
    assistant = {month: (Decimal("0.25"), None) for month in months[18:]}
    workplan.set_post(by=manager, project=project, role="Project officer", person=manager, months=officer)
    both = {
        date(2026, month, 1): (Decimal("0.4"), None) for month in (11, 12)
    }  # with the officer's: too many
    workplan.set_post(by=manager, project=project, role="Project assistant", months=assistant)
    workplan.set_post(by=manager, project=project, role="Project manager", person=manager, months=both)


def _risks(manager: Any, project: Project) -> None:
    workplan.set_risk(
        by=manager,
        project=project,
        statement={
            "en": "Trained officials change their posts and take the knowledge with them",
            "ru": "Обученные сотрудники меняют должности и уносят знания с собой",
        },
        likelihood=4,
        impact=3,
        response={
            "en": "Two people from each agency; the curriculum stays with the school of civil service.",
            "ru": "По два человека от ведомства; программа остаётся в школе государственной службы.",
        },
        owner="Project officer",
    )
    workplan.set_risk(
        by=manager,
        project=project,
        statement={
            "en": "The chapter is not ready for the voluntary review",
            "ru": "Раздел не будет готов к добровольному обзору",
        },
        likelihood=3,
        impact=5,
        response={
            "en": "Agree on the outline by June; weekly calls with the ministry.",
            "ru": "Согласовать план раздела к июню; еженедельные созвоны с министерством.",
        },
        owner="Project manager",
    )
    closed = workplan.set_risk(
        by=manager,
        project=project,
        statement={"en": "Agencies do not answer", "ru": "Ведомства не отвечают"},
        likelihood=2,
        impact=4,
        owner="Project officer",
    )
    workplan.turn_risk(
        by=manager,
        risk=closed,
        state="closed",
        reason="All answers came in by 15 November 2025.",
        revision=closed.revision,
    )
