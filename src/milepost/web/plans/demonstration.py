"""A migration policy of Sandoria, made up: its first stage is over, its second was amended once."""

import csv
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from milepost import demonstration
from milepost.web.plans import (
    demonstration_consultation,
    demonstration_gender,
    demonstration_reports,
    demonstration_rounds,
)
from milepost.web.plans.actions import measures, register, versions
from milepost.web.plans.models import Entry, Plan, PlanVersion, Policy, Role, Section
from milepost.web.stakeholders import actions as stakeholders
from milepost.web.stakeholders.models import Country, Institution

OTHERS: dict[str, tuple[str, str, str, str, str]] = {
    "migration": (
        "agency",
        "State Migration Service of Sandoria",
        "Государственная миграционная служба Сандории",
        "Permits, returns, integration; Resolution no. 31 of 2023 (made up)",
        "Разрешения, возвращение, интеграция; постановление № 31 от 2023 года (вымышлено)",
    ),
    "interior": (
        "ministry",
        "Ministry of the Interior of Sandoria",
        "Министерство внутренних дел Сандории",
        "Police, nationality, action against trafficking",
        "Полиция, гражданство, противодействие торговле людьми",
    ),
    "border": (
        "agency",
        "Border Guard of Sandoria",
        "Пограничная служба Сандории",
        "Border crossings",
        "Пересечения границы",
    ),
    "foreign": (
        "ministry",
        "Ministry of Foreign Affairs of Sandoria",
        "Министерство иностранных дел Сандории",
        "Consular help, agreements with other states",
        "Консульская помощь, договоры с другими государствами",
    ),
    "health": (
        "ministry",
        "Ministry of Health of Sandoria",
        "Министерство здравоохранения Сандории",
        "Health care",
        "Медицинская помощь",
    ),
    "education": (
        "ministry",
        "Ministry of Education of Sandoria",
        "Министерство образования Сандории",
        "Schools, recognition of qualifications",
        "Школы, признание квалификаций",
    ),
    "justice": (
        "ministry",
        "Ministry of Justice of Sandoria",
        "Министерство юстиции Сандории",
        "Drafting of laws",
        "Подготовка законов",
    ),
    "economy": (
        "ministry",
        "Ministry of Economy of Sandoria",
        "Министерство экономики Сандории",
        "Remittances, support of businesses",
        "Денежные переводы, поддержка предприятий",
    ),
    "finance": (
        "ministry",
        "Ministry of Finance of Sandoria",
        "Министерство финансов Сандории",
        "The budget",
        "Бюджет",
    ),
    "youth": (
        "agency",
        "Agency for Youth and Equality of Sandoria",
        "Агентство по делам молодёжи и равенству Сандории",
        "Youth, gender equality",
        "Молодёжь, гендерное равенство",
    ),
    "digital": (
        "agency",
        "Agency for Digital Services of Sandoria",
        "Агентство цифровых услуг Сандории",
        "",
        "",
    ),
    "redcross": (
        "civil_society",
        "Relief Society of Sandoria",
        "Общество помощи Сандории",
        "Help for people in need",
        "Помощь нуждающимся",
    ),
}
"""Institutions besides those that have figures: code -> kind, name and mandate in English and Russian."""

ROLES = {"*": Role.Kind.COORDINATOR, "~": Role.Kind.PARTNER, "?": Role.Kind.CONSULTED}
"""Marks behind the code of an institution in the table of measures; without one it carries out, too."""
SAID = {"*": " (lead)", "~": " (by agreement)", "?": " (consulted)"}
"""How the act says the same."""


STATE, PARTNERS = "State budget", "Partners for development"
COSTS = (
    ("1.1", STATE, 12_000, True),
    ("1.3", STATE, 40_000, True),
    ("2.1", PARTNERS, 250_000, True),
    ("3.1", STATE, 180_000, True),
    ("3.3", STATE, 900_000, True),
    ("3.3", PARTNERS, 600_000, False),
    ("4.1", STATE, 120_000, True),
    ("4.1", PARTNERS, 300_000, False),
    ("5.2", PARTNERS, 60_000, True),
    ("5.3", STATE, 90_000, True),
    ("7.1", STATE, 400_000, True),
    ("7.1", PARTNERS, 200_000, False),
)
"""Money of the second stage in euros: code of the measure, source, amount, whether it is there."""


def load(
    *,
    administrator: Any,
    by: Any,
    approver: Any,
    focal_point: Callable[[Institution], Any],
    commenter: Callable[[Institution], Any],
    institutions: Mapping[str, Institution],
) -> Policy:
    """Enter the policy, its two stages, an amendment of the second, rounds and a report, as people would.

    `focal_point` gives the person who answers for an institution, `commenter` who comments for one.
    """
    lead = institutions["labour"]
    assert lead.country is not None  # it is one of Sandoria
    there = {**institutions, **_others(administrator, lead.country)}
    policy = register.enter_policy(
        by=by,
        institution=lead,
        title={
            "en": "Migration policy concept of Sandoria 2022–2030",
            "ru": "Концепция миграционной политики Сандории на 2022–2030 годы",
        },
        act={
            "en": "Government resolution no. 191 of 4 May 2022 (made up)",
            "ru": "Постановление Правительства № 191 от 4 мая 2022 года (вымышлено)",
        },
        vision={
            "en": "Whoever leaves, stays, comes or returns is safe, knows their rights and is counted.",
            "ru": "Каждый, кто уезжает, остаётся, приезжает или возвращается, в безопасности, знает свои "
            "права и учтён в данных.",
        },
        start=date(2022, 5, 4),
        end=date(2030, 12, 31),
    )
    rows = _rows()
    first = _first_stage(by, policy, there, rows["2022"])
    second = _second_stage(by, policy, there, rows["2026"])
    demonstration_gender.load(plan=second, by=by)
    _amend(by, second, there)
    demonstration_consultation.load(by=by, plan=second, there=there)
    demonstration_rounds.load(plans={"2022": first, "2026": second}, by=by, person=cache(focal_point))
    register.show_policy(by=by, policy=policy, revision=policy.revision, public=True)
    for plan in (first, second):
        plan.refresh_from_db()
    commenter(there["redcross"])
    demonstration_consultation.ask_again(by=by, plan=second, there=there)
    demonstration_reports.load(plans=(first, second), by=by, approver=approver)
    return policy


def _others(administrator: Any, country: Country) -> dict[str, Institution]:
    return {
        code: stakeholders.add_institution(
            by=administrator,
            country=country,
            code=code,
            kind=kind,
            name={"en": english, "ru": russian},
            short_name={},
            mandate={"en": mandate, "ru": mandate_ru} if mandate else {},
            website="",
        )
        for code, (kind, english, russian, mandate, mandate_ru) in OTHERS.items()
    }


def _rows() -> dict[str, list[dict[str, str]]]:
    """{year in which a stage begins: its lines}."""
    found: dict[str, list[dict[str, str]]] = {}
    with demonstration.plan().open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["stage"], []).append(row)
    return found


def _first_stage(by: Any, policy: Policy, there: Mapping[str, Institution], rows: Any) -> Plan:
    plan = register.enter_plan(
        by=by,
        policy=policy,
        title={"en": "Plan of action 2022–2025", "ru": "План действий на 2022–2025 годы"},
        start=date(2022, 7, 1),
        end=date(2025, 12, 31),
        rhythm=Plan.Rhythm.HALF_YEARLY,
    )
    _in_force(
        by,
        _written(by, plan, there, rows),
        act={
            "en": "Government resolution no. 260 (made up)",
            "ru": "Постановление Правительства № 260 (вымышлено)",
        },
        number="260",
        adopted=date(2022, 6, 20),
        since=date(2022, 7, 1),
    )
    return plan


def _second_stage(by: Any, policy: Policy, there: Mapping[str, Institution], rows: Any) -> Plan:
    plan = register.enter_plan(
        by=by,
        policy=policy,
        title={"en": "Plan of action 2026–2030", "ru": "План действий на 2026–2030 годы"},
        start=date(2026, 1, 1),
        end=date(2030, 12, 31),
        escalate_after=10,
    )
    draft = _written(by, plan, there, rows)
    for code, source, amount, committed in COSTS:
        measures.add_cost(
            by=by,
            entry=draft.entries.get(code=code),
            source=source,
            amount=Decimal(amount),
            currency="EUR",
            committed=committed,
        )
    _in_force(
        by,
        draft,
        act={
            "en": "Government resolution no. 404 (made up)",
            "ru": "Постановление Правительства № 404 (вымышлено)",
        },
        number="404",
        adopted=date(2025, 12, 15),
        since=date(2026, 1, 1),
    )
    return plan


def _written(by: Any, plan: Plan, there: Mapping[str, Institution], rows: Any) -> PlanVersion:
    """A draft with the sections and measures of the table."""
    draft = versions.begin(by=by, plan=plan)
    priority: Section | None = None
    section: Section | None = None
    for row in rows:
        title = {"en": row["en"], "ru": row["ru"]}
        if row["code"][0] in "PO":
            level = "priority" if row["code"][0] == "P" else "objective"
            made = measures.add_section(
                by=by,
                version=draft,
                level=level,
                code=row["code"][1:],
                title=title,
                parent=priority if level == "objective" else None,
            )
            priority, section = (made, section) if level == "priority" else (priority, made)
            continue
        assert section is not None  # the table begins with one
        _measure(by, section, title, row, there)
    return draft


def _measure(
    by: Any, section: Section, title: dict[str, str], row: Mapping[str, str], there: Mapping[str, Institution]
) -> Entry:
    named = [
        (word.rstrip("*~?"), word[-1:] if word[-1] in ROLES else "") for word in row["institutions"].split()
    ]
    entry = measures.add(
        by=by,
        version=section.version,
        section=section,
        code=row["code"],
        title=title,
        expected={"en": row["expected_en"], "ru": row["expected_ru"]},
        deadline=row["deadline"],
        institutions=", ".join(f"{there[code]}{SAID.get(mark, '')}" for code, mark in named),
        funding="State budget; Partners for development",
        verification={"en": "Report of the coordinator", "ru": "Отчёт координатора"},
        references=[["sdg", row["sdg"]], ["gcm", row["gcm"]]],
    )
    for code, mark in named:
        kind = ROLES.get(mark, Role.Kind.EXECUTOR)
        measures.set_role(by=by, entry=entry, institution=there[code], kind=kind, revision=entry.revision)
    measures.add_indicator(
        by=by,
        entry=entry,
        title={"en": row["indicator_en"], "ru": row["indicator_ru"]},
        kind=row["kind"],
        by_sex=row["by_sex"] == "1",
        **_milestones(section.version.plan, row["code"]),
    )
    entry.refresh_from_db()
    return entry


def _milestones(plan: Plan, code: str) -> dict[str, Any]:
    """What the table of indicators says of the one of this measure, if it does."""
    with (demonstration.plan_folder() / "indicators.csv").open(encoding="utf-8", newline="") as file:
        rows = {(row["stage"], row["code"]): row for row in csv.DictReader(file)}
    row = rows.get((str(plan.start.year), code))
    if row is None:
        return {}
    pairs = (pair.split() for pair in row["milestones"].split(";"))
    return {
        "measured": row["measured"],
        "unit": row["unit_en"],
        "direction": row["direction"],
        "tolerance": Decimal(row["tolerance"]) if row["tolerance"] else None,
        "baseline": Decimal(row["baseline"]),
        "baseline_year": int(row["baseline_year"]),
        "milestones": {int(year): Decimal(number) for year, number in pairs},
    }


def _in_force(
    by: Any,
    draft: PlanVersion,
    *,
    act: dict[str, str],
    number: str,
    adopted: date,
    since: date,
    reason: dict[str, str] | None = None,
) -> PlanVersion:
    draft.refresh_from_db()
    return versions.put_in_force(
        by=by,
        version=draft,
        revision=draft.revision,
        act=act,
        act_number=number,
        adopted=adopted,
        since=since,
        reason=reason,
    )


def _amend(by: Any, plan: Plan, there: Mapping[str, Institution]) -> None:
    """Two deadlines are moved, a measure is taken out, one comes in, one goes to another institution."""
    draft = versions.begin(by=by, plan=plan)
    for code, deadline in (("1.1", "Q1 2027"), ("7.3", "Q3 2026")):
        entry = draft.entries.get(code=code)
        days = {"first_day": None, "last_day": None, "repeated": ""}
        measures.save(by=by, entry=entry, revision=entry.revision, deadline=deadline, **days)
    dropped = draft.entries.get(code="4.5")
    measures.remove(
        by=by, entry=dropped, revision=dropped.revision, reason="The council of 8.1 takes its place."
    )
    _measure(
        by,
        draft.sections.get(key="4"),
        {
            "en": "Give immigrants' associations a seat in the council on migration",
            "ru": "Предоставить объединениям иммигрантов место в совете по миграции",
        },
        {
            "code": "4.6",
            "deadline": "Q1 2027",
            "institutions": "labour* migration",
            "expected_en": "Two seats are taken",
            "expected_ru": "Заняты два места",
            "indicator_en": "Members of associations in the council, by sex",
            "indicator_ru": "Члены объединений в совете, в разрезе пола",
            "kind": "output",
            "by_sex": "1",
            "sdg": "16.7",
            "gcm": "16",
        },
        there,
    )
    entry = draft.entries.get(code="3.5")
    measures.choose_coordinator(by=by, entry=entry, institution=there["migration"], revision=entry.revision)
    _in_force(
        by,
        draft,
        act={
            "en": "Government resolution no. 87 (made up)",
            "ru": "Постановление Правительства № 87 (вымышлено)",
        },
        number="87",
        adopted=date(2026, 6, 10),
        since=date(2026, 7, 1),
        reason={
            "en": "Parliament took up the law on agencies later than planned, and the forum of associations "
            "was made part of the council on migration.",
            "ru": "Парламент рассмотрел закон об агентствах позже, чем планировалось, а форум объединений "
            "стал частью совета по миграции.",
        },
    )
