"""Two projects of Sandoria, made up: one that runs and reports, and the one before it, closed long ago."""

from datetime import date
from decimal import Decimal
from typing import Any

from milepost.values import Figure
from milepost.web.projects import demonstration_contributions, demonstration_plan, demonstration_reports
from milepost.web.projects import demonstration_engagements as engagements
from milepost.web.projects.actions import lifecycle, matrix, register, reporting
from milepost.web.projects.actions.engagements import take
from milepost.web.projects.models import Period, Project, ResultIndicator
from milepost.web.stakeholders.models import Institution

PLAN = {
    "en": "Measuring migration for the national development goals of Sandoria",
    "ru": "Измерение миграции для национальных целей развития Сандории",
}
BEFORE = {
    "en": "A first migration policy concept for Sandoria",
    "ru": "Первая концепция миграционной политики Сандории",
}


def load(*, manager: Any, fund: Any, office: Institution, ministry: Institution) -> None:
    """Enter, approve, start and report the two projects, as people would."""
    programme = register.save_programme(
        by=manager,
        institution=office,
        title={"en": "Migration policy by evidence", "ru": "Миграционная политика на основе данных"},
        description={
            "en": "Projects that follow each other since 2021.",
            "ru": "Проекты, идущие друг за другом с 2021 года.",
        },
    )
    earlier = _earlier(manager, fund, office, programme)
    later = _later(manager, fund, office, ministry, programme)
    register.connect(by=manager, first=earlier, second=later, kind="after")
    demonstration_plan.load(manager=manager, project=later)
    demonstration_reports.load(manager=manager, fund=fund, project=later)
    demonstration_contributions.load(manager=manager, earlier=earlier, later=later)
    register.enter(
        by=manager,
        institution=office,
        title={"en": "Fair recruitment from Sandoria", "ru": "Справедливый найм из Сандории"},
        type="LM",
        coverage="national",
        areas=["xs"],
        start="2027",
        budget=Decimal(180000),
        currency="USD",
    )


def _earlier(manager: Any, fund: Any, office: Institution, programme: Any) -> Project:
    project = register.enter(
        by=manager,
        institution=office,
        programme=programme,
        title=BEFORE,
        narrative={"en": "State agencies agreed on a draft concept and learnt the global frameworks."},
        project_code="PO.9001",
        type="PO",
        coverage="national",
        region="europe",
        start="2021-10-21",
        end="2022-01-21",
        year=2021,
        budget=Decimal(38000),
        currency="USD",
        gender_marker="2a",
        manager=manager,
        areas=["xs"],
        tags={"sdg": ["10.7"], "gcm": ["1"], "domains": ["PD_3"]},
    )
    register.endorse_for(
        by=manager, project=project, area="xs", day=date(2021, 6, 1), authority="Government of Sandoria"
    )
    objective = _row(
        manager,
        project,
        "objective",
        ("O", "Migration is managed by a policy that is in line with international standards"),
    )
    outcome = _row(manager, project, "outcome", ("1", "State agencies draft the concept together"), objective)
    output = _row(
        manager, project, "output", ("1.1", "Officials know the frameworks of migration governance"), outcome
    )
    trained = matrix.add_indicator(
        by=manager,
        result=output,
        code="1.1.a",
        title={"en": "Officials trained", "ru": "Обученные должностные лица"},
        unit="persons",
        counting="cumulative",
        over_time="sum",
        dimensions=[["sex"]],
        categories={"sex": ["F", "M"]},
    )
    period = matrix.add_period(by=manager, project=project, start=date(2021, 10, 21), end=date(2022, 1, 21))
    _goal(manager, trained, "baseline", 0)
    _goal(manager, trained, "end", 40)
    _run(manager, fund, project)
    _report(manager, fund, trained, period, [("", 46), ("F", 25), ("M", 21)])
    project = _step(manager, project, "complete")
    project = _step(fund, project, "close", "Evaluated together with the project that follows.")
    return lifecycle.publish(by=fund, project=project, revision=project.revision)


def _later(manager: Any, fund: Any, office: Institution, ministry: Institution, programme: Any) -> Project:
    project = register.enter(
        by=manager,
        institution=office,
        programme=programme,
        title=PLAN,
        narrative={
            "en": "Migration is hardly visible in the reports on the national goals. The project measures "
            "migration governance for the first time, trains statisticians and policy officers, and prepares "
            "the migration chapter of the next voluntary review.",
            "ru": "Миграция почти не видна в отчётах о национальных целях. Проект впервые измеряет "
            "управление миграцией, обучает статистиков и сотрудников ведомств и готовит раздел о миграции "
            "для следующего добровольного обзора.",
        },
        project_code="PO.9002",
        prima_code="XS10P9002",
        type="PO",
        coverage="national",
        region="europe",
        start="2025-01",
        end="2026-12",
        year=2024,
        budget=Decimal(100000),
        currency="USD",
        fund="idf",
        funding_line="1",
        gender_marker="2a",
        gender_checks={"assessment": "Section 2 of the proposal", "outputs": "Output 1.2"},
        manager=manager,
        areas=["xs"],
        tags={
            "sdg": ["10.7", "17.18"],
            "gcm": ["1", "3"],
            "domains": ["PD_2", "PD_3"],
            "iom": ["3c4b", "3c5c"],
        },
    )
    register.endorse_for(
        by=manager,
        project=project,
        area="xs",
        day=date(2024, 9, 12),
        authority="Ministry of Labour of Sandoria",
    )
    register.add_party(by=manager, project=project, role="2", institution=office)
    register.add_party(by=manager, project=project, role="4", institution=ministry)
    register.add_party(
        by=manager,
        project=project,
        role="1",
        name={"en": "Example fund for migration", "ru": "Фонд-пример для миграции"},
    )
    for kind, title, amount in (
        ("staff", "Project officer, assistant", 24000),
        ("office", "Office costs", 5000),
        ("operational", "Trainings, assessment, translation", 65000),
        ("evaluation", "Evaluation after the end", 6000),
    ):
        register.set_budget_line(
            by=manager, project=project, kind=kind, title={"en": title}, amount=Decimal(amount)
        )
    objective = _row(
        manager,
        project,
        "objective",
        ("O", "Sandoria implements, monitors and reports the migration-related SDGs"),
    )
    outcome = _row(
        manager, project, "outcome", ("1", "Agencies report migration by one set of indicators"), objective
    )
    assessed = _row(manager, project, "output", ("1.1", "Migration governance is assessed"), outcome)
    trained = _row(
        manager,
        project,
        "output",
        ("1.2", "Statisticians and policy officers can measure migration"),
        outcome,
    )
    share = matrix.add_indicator(
        by=manager,
        result=outcome,
        code="1.a",
        title={
            "en": "Migration-related indicators with national data",
            "ru": "Показатели миграции с национальными данными",
        },
        unit="%",
        measure="percentage",
        over_time="last",
        over_places="ratio",
        counting="reported_cumulatively",
        baseline_year=2024,
        means_of_verification={"en": "National reporting platform"},
    )
    complaints = matrix.add_indicator(
        by=manager,
        result=outcome,
        code="1.b",
        title={
            "en": "Days until an agency answers a data request",
            "ru": "Дней до ответа ведомства на запрос данных",
        },
        unit="days",
        direction="down",
        over_time="last",
        over_places="mean",
        baseline_year=2024,
        means_of_verification={"en": "Register of requests"},
    )
    report = matrix.add_indicator(
        by=manager,
        result=assessed,
        code="1.1.a",
        title={"en": "Assessment reports published", "ru": "Опубликованные отчёты об оценке"},
        unit="reports",
        counting="cumulative",
        over_time="sum",
        means_of_verification={"en": "The report"},
    )
    persons = matrix.add_indicator(
        by=manager,
        result=trained,
        code="1.2.a",
        title={"en": "Officials trained", "ru": "Обученные должностные лица"},
        unit="persons",
        counting="cumulative",
        over_time="sum",
        dimensions=[["sex"]],
        categories={"sex": ["F", "M"]},
        means_of_verification={"en": "Lists of participants, by sex and kind of institution"},
    )
    halves = [
        matrix.add_period(by=manager, project=project, start=start, end=end, due=due)
        for start, end, due in (
            (date(2025, 1, 1), date(2025, 6, 30), date(2025, 7, 31)),
            (date(2025, 7, 1), date(2025, 12, 31), date(2026, 1, 31)),
            (date(2026, 1, 1), date(2026, 6, 30), date(2026, 7, 31)),
            (date(2026, 7, 1), date(2026, 12, 31), date(2027, 1, 31)),
        )
    ]
    _percent(manager, share, "baseline", 4, 15)
    _percent(manager, share, "end", 12, 15)
    for one, kind, number in (
        (complaints, "baseline", 60),
        (complaints, "end", 20),
        (report, "baseline", 0),
        (report, "end", 1),
        (persons, "baseline", 0),
        (persons, "end", 120),
    ):
        _goal(manager, one, kind, number)
    for period, number in zip(halves, (20, 60, 90, 120), strict=True):
        _goal(manager, persons, "target", number, period)
    _run(manager, fund, project)
    project.refresh_from_db()
    for period, women, men, days, part in zip(
        halves[:3], (14, 18, 26), (9, 15, 11), (58, 41, 33), (5, 7, 9), strict=True
    ):
        _report(manager, fund, persons, period, [("", women + men), ("F", women), ("M", men)])
        _report(manager, fund, complaints, period, [("", days)])
        _share(manager, fund, share, period, part)
    _report(manager, fund, report, halves[2], [("", 1)])
    engagements.load(manager=manager, project=project, persons=persons, office=office, ministry=ministry)
    waiting = take(by=manager, indicator=persons, period=halves[3], revision=0)
    reporting.submit(by=manager, actual=waiting, revision=waiting.revision)
    return lifecycle.publish(by=fund, project=project, revision=project.revision)


def _row(manager: Any, project: Project, level: str, named: tuple[str, str], parent: Any = None) -> Any:
    code, words = named
    return matrix.add_result(
        by=manager, project=project, level=level, code=code, title={"en": words}, parent=parent
    )


def _goal(manager: Any, one: ResultIndicator, kind: str, number: int, period: Period | None = None) -> None:
    matrix.set_goal(by=manager, indicator=one, kind=kind, figure=Figure(Decimal(number)), period=period)


def _percent(manager: Any, one: ResultIndicator, kind: str, part: int, whole: int) -> None:
    figure = Figure(numerator=Decimal(part), denominator=Decimal(whole))
    matrix.set_goal(by=manager, indicator=one, kind=kind, figure=figure)


def _step(by: Any, project: Project, deed: str, reason: str = "") -> Project:
    return lifecycle.step(by=by, project=project, deed=deed, revision=project.revision, reason=reason)


def _run(manager: Any, fund: Any, project: Project) -> None:
    project.refresh_from_db()
    _step(manager, project, "endorse")
    _step(fund, project, "approve")
    _step(manager, project, "start")


def _report(
    manager: Any, fund: Any, one: ResultIndicator, period: Period, cells: list[tuple[str, int]]
) -> None:
    figures = [Figure(Decimal(number), breakdown=(("sex", sex),) if sex else ()) for sex, number in cells]
    _approved(manager, fund, one, period, figures)


def _share(manager: Any, fund: Any, one: ResultIndicator, period: Period, part: int) -> None:
    _approved(manager, fund, one, period, [Figure(numerator=Decimal(part), denominator=Decimal(15))])


def _approved(manager: Any, fund: Any, one: ResultIndicator, period: Period, figures: list[Figure]) -> None:
    made = reporting.report(
        by=manager, indicator=one, period=period, figures=figures, evidence="Register of the project"
    )
    made = reporting.submit(by=manager, actual=made, revision=made.revision)
    reporting.approve(by=fund, actual=made, revision=made.revision)
