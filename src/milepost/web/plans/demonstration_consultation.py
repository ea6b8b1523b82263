"""A consultation on the second stage of the demonstration's plan, laws to amend, and where measures come
from; all of it is made up."""

import tempfile
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from django.core.files import File
from django.utils import timezone

from milepost.interchange import plan_table
from milepost.web.plans.actions import consultations, laws, links
from milepost.web.plans.models import Consultation, Draft, DraftComment, Measure, Party, Plan, PlanVersion
from milepost.web.plans.queries.links import offered
from milepost.web.plans.queries.versions import as_value
from milepost.web.stakeholders.models import Institution

HOW = Party.How
Listed = tuple[str, str, tuple[str, ...], str]
REGISTER: tuple[Listed, ...] = (
    ("interior", Party.Kind.MINISTRY, (HOW.MEETING, HOW.WRITTEN), "head of the migration division"),
    ("justice", Party.Kind.MINISTRY, (HOW.WRITTEN,), "deputy head of the drafting department"),
    ("finance", Party.Kind.MINISTRY, (HOW.WRITTEN,), ""),
    ("redcross", Party.Kind.CIVIL_SOCIETY, (HOW.MEETING, HOW.ONLINE), "coordinator of programmes"),
)
"""Institutions of the register: code, kind, how it was consulted, who spoke for it."""
OTHERS: tuple[Listed, ...] = (
    ("Association of Municipalities of Sandoria", Party.Kind.LOCAL, (HOW.MEETING,), "mayor of a border town"),
    ("Sandorians Abroad", Party.Kind.MIGRANTS, (HOW.ONLINE,), "member of the board"),
    ("Employers' Union of Sandoria", Party.Kind.EMPLOYERS, (HOW.WRITTEN,), "legal adviser"),
    ("University of Sandoria, chair of demography", Party.Kind.ACADEMIA, (HOW.MEETING,), "researcher"),
)
"""Stakeholders that the register does not have."""


class Said(NamedTuple):
    """A comment: from whom, on which draft and measure, what; what became of it, why, what was changed."""

    who: str
    draft: int
    measure: str
    text: str
    disposition: str = ""
    reason: str = ""
    changed: str = ""


SAID = (
    Said("interior", 1, "5.1", "Name one service that keeps the list of cases.", "accepted", "",
         "The coordinator of the procedure keeps it."),
    Said("interior", 1, "4.2", "Applications online need a signature; say by when it is there.", "partly",
         "The deadline was moved by a year; the signature is the subject of another programme.",
         "Deadline of 4.2."),
    Said("justice", 1, "1.1", "A law on agencies must be drafted before agencies are inspected under it.",
         "accepted", "", "Inspections begin a year after the law."),
    Said("justice", 1, "5.4", "Forced labour is an offence already; amend the article instead of a new one.",
         "accepted", "", "The measure speaks of an amendment."),
    Said("finance", 1, "3.3", "Grants of this size are not in the budget of next year.", "not_accepted",
         "A part is paid by partners, and the rest is stated as still sought."),
    Said("finance", 1, "8.5", "Say which measures come first if money is short.", "noted",
         "The order is decided with each budget."),
    Said("redcross", 1, "5.3", "Shelters should take men and boys, too.", "partly",
         "Places for boys come first; places for men need another building.", "The expected result."),
    Said("redcross", 2, "6.1", "Count the children left behind before guardianship is arranged.", "accepted",
         "", "An indicator on children was added."),
    Said("Association of Municipalities of Sandoria", 1, "3.1", "Counters need staff in small towns.",
         "noted", "Staff is the subject of the reform of local government."),
    Said("Sandorians Abroad", 2, "2.3", "Let consulates answer women by phone without an appointment.",
         "accepted", "", "It is part of the standard."),
    Said("Employers' Union of Sandoria", 2, "1.1", "Let workers pay half of the fee.", "not_accepted",
         "Fees paid by workers are what the measure ends."),
    Said("University of Sandoria, chair of demography", 2, "7.4", "Publish by citizenship as well."),
)  # fmt: skip


class Wanted(NamedTuple):
    """A law to amend: its title, article, what and why in English and Russian, who, until when, by what."""

    title: tuple[str, str]
    number: str
    article: str
    what: tuple[str, str]
    why: tuple[str, str]
    institution: str
    until: date
    measure: str
    steps: tuple[str, ...] = ()


LAWS = (
    Wanted(
        ("Law on employment (made up)", "Закон о занятости (вымышлен)"),
        "18",
        "Articles 4 and 9",
        ("Agencies need a licence, and workers pay no fee.",
         "Агентствам нужна лицензия, работники ничего не платят."),
        ("Fees are asked for in every second case.", "Плату берут в каждом втором случае."),
        "labour",
        date(2026, 12, 31),
        "1.1",
        ("draft", "propose"),
    ),
    Wanted(
        ("Criminal code (made up)", "Уголовный кодекс (вымышлен)"),
        "3",
        "Article 127",
        ("Forced labour is an offence in supply chains, too.",
         "Принудительный труд наказуем и в цепочках поставок."),
        ("The article speaks of the direct employer only.", "Статья говорит только о прямом работодателе."),
        "justice",
        date(2028, 6, 30),
        "5.4",
        ("draft",),
    ),
    Wanted(
        ("Law on personal data (made up)", "Закон о персональных данных (вымышлен)"),
        "77",
        "Article 6",
        ("Institutions may link registers for statistics, without names.",
         "Учреждения вправе связывать реестры для статистики без имён."),
        ("Without it the registers cannot be linked.", "Без этого реестры нельзя связать."),
        "digital",
        date(2027, 3, 31),
        "7.1",
    ),
)  # fmt: skip


def load(*, by: Any, plan: Plan, there: Mapping[str, Institution]) -> Consultation:
    """The consultation on the draft of the plan's first version, closed and public; laws and origins."""
    made = consultations.enter(
        by=by,
        policy=plan.policy,
        plan=plan,
        title={
            "en": "Draft plan of action 2026–2030",
            "ru": "Проект плана действий на 2026–2030 годы",
        },
        about={
            "en": "What is missing in the draft, and what cannot be carried out as it is written?",
            "ru": "Чего не хватает в проекте и что невыполнимо в таком виде?",
        },
        start=date(2025, 9, 15),
        end=date(2025, 10, 31),
    )
    drafts = _drafts(by, made, plan.versions.get(number=1))
    parties = _parties(by, made, there)
    made.refresh_from_db()
    for deed in ("open", "close"):
        consultations.step(by=by, consultation=made, deed=deed, revision=made.revision)
    measures = {one.key: one for one in plan.measures.all()}
    for number, said in enumerate(SAID):
        where = {"draft": drafts[said.draft], "measure": measures[said.measure]}
        _comment(by, made, said, parties[said.who], day=1 + 2 * number, **where)
    _laws(by, plan, there, measures)
    _origins(by, measures)
    return consultations.show(by=by, consultation=made, revision=made.revision, public=True)


def ask_again(*, by: Any, plan: Plan, there: Mapping[str, Institution]) -> Consultation:
    """A consultation that is open: the relief society and two ministries are asked what to amend next."""
    today = timezone.localdate()
    made = consultations.enter(
        by=by,
        policy=plan.policy,
        plan=plan,
        title={
            "en": "What to amend in the plan of action 2026–2030",
            "ru": "Что изменить в плане действий на 2026–2030 годы",
        },
        about={
            "en": "The table is the plan in force. Which deadlines and institutions are to change, and why?",
            "ru": "В таблице – действующий план. Какие сроки и исполнители нужно изменить и почему?",
        },
        start=today - timedelta(days=7),
        end=today + timedelta(days=21),
    )
    version = plan.versions.order_by("-number").first()
    assert version is not None  # it is in force
    note = {"en": "The plan as amended", "ru": "План с изменениями"}
    _draft(by, made, as_value(version, "en").sections, 1, note)
    _parties(by, made, there, [one for one in REGISTER if one[0] != "finance"], ())
    made.refresh_from_db()
    consultations.step(by=by, consultation=made, deed="open", revision=made.revision)
    return consultations.show(by=by, consultation=made, revision=made.revision, public=True)


def _drafts(by: Any, made: Consultation, version: PlanVersion) -> dict[int, Draft]:
    """Two drafts as Word tables: the first one without the last priority."""
    sections = as_value(version, "en").sections
    found = {}
    for number, note in ((1, {}), (2, {"en": "With priority 4", "ru": "С приоритетом 4"})):
        shown = sections[:-1] if number == 1 else sections
        draft = _draft(by, made, shown, number, note)
        Draft.objects.filter(pk=draft.pk).update(
            at=_noon(date(2025, 9, 15) if number == 1 else date(2025, 10, 10))
        )
        found[number] = draft
    return found


def _draft(by: Any, made: Consultation, sections: Any, number: int, note: Mapping[str, str]) -> Draft:
    """Measures as a Word table that is commented on."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"draft-{number}.docx"
        plan_table.write(f"Draft {number}", sections, path, "en")
        with path.open("rb") as file:
            uploads = [(File(file), path.name)]
            return consultations.add_draft(by=by, consultation=made, uploads=uploads, note=note)


def _parties(
    by: Any,
    made: Consultation,
    there: Mapping[str, Institution],
    register: Iterable[Listed] = REGISTER,
    others: Iterable[Listed] = OTHERS,
) -> dict[str, Party]:
    found = {}
    for code, kind, how, role in register:
        found[code] = consultations.add_party(
            by=by, consultation=made, kind=kind, institution=there[code], how=how, role=role
        )
    for name, kind, how, role in others:
        found[name] = consultations.add_party(
            by=by, consultation=made, kind=kind, name=name, how=how, role=role
        )
    return found


def _comment(by: Any, made: Consultation, said: Said, party: Party, *, day: int, **where: Any) -> None:
    """A comment of October 2025 with what was decided in November."""
    comment = consultations.comment(
        by=by,
        consultation=made,
        party=party,
        text=said.text,
        **where,
    )
    if said.disposition:
        consultations.answer(
            by=by,
            comment=comment,
            revision=comment.revision,
            disposition=said.disposition,
            reason=said.reason,
            changed=said.changed,
        )
    came, decided = _noon(date(2025, 10, day)), _noon(date(2025, 11, day))
    DraftComment.objects.filter(pk=comment.pk).update(
        typed_at=came, decided_at=decided if said.disposition else None
    )


def _laws(by: Any, plan: Plan, there: Mapping[str, Institution], measures: Mapping[str, Measure]) -> None:
    for one in LAWS:
        law = laws.enter(
            by=by,
            policy=plan.policy,
            title=_both(one.title),
            what=_both(one.what),
            why=_both(one.why),
            number=one.number,
            article=one.article,
            institution=there[one.institution],
            until=one.until,
            measure=measures[one.measure],
        )
        for deed in one.steps:
            laws.step(by=by, law=law, deed=deed, revision=law.revision)


def _origins(by: Any, measures: Mapping[str, Measure]) -> None:
    """Two recommendations of documents from outside, and what the first measure shows in."""
    links.add_origin(
        by=by,
        measure=measures["1.1"],
        kind="recommendation",
        document="Review of recruitment in Sandoria (made up)",
        number="4",
        year=2024,
        words={"en": "Forbid fees that workers pay.", "ru": "Запретить плату с работников."},
    )
    links.add_origin(
        by=by,
        measure=measures["7.3"],
        kind="gap",
        document="Assessment of migration governance in Sandoria (made up)",
        number="5.2",
        year=2025,
        words={
            "en": "Institutions count different people as immigrants.",
            "ru": "Учреждения по-разному определяют, кто иммигрант.",
        },
    )
    country = measures["1.1"].plan.policy.country
    fees = [key for key, words in offered(by, country, "indicator") if words.startswith("10.7.1 ")]
    for address in fees:
        links.add(by=by, measure=measures["1.1"], address=address)


def _both(words: tuple[str, str]) -> dict[str, str]:
    return dict(zip(("en", "ru"), words, strict=True))


def _noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=timezone.get_current_timezone())
