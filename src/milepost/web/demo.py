"""The demonstration: published figures of Kyrgyzstan, and Sandoria, a made-up country, to try everything on.

What stands under the name of a real state was published (see the folder's README); requests, targets, drafts
and two agencies that differ are Sandoria's. Everything goes the way that figures of people go: file, dry run,
submission, approval by another person.
"""

import datetime
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from django.db import transaction
from django.utils import timezone

from milepost import catalogue, demonstration
from milepost.errors import MilepostError, refuse
from milepost.interchange import open_sdg
from milepost.interchange.open_sdg import translate
from milepost.values import Origin
from milepost.web.accounts import actions as accounts
from milepost.web.accounts import invitations
from milepost.web.accounts.models import User
from milepost.web.indicators.actions import calendar, datasets, lists, requests, targets
from milepost.web.indicators.models import Dataset, Indicator
from milepost.web.intake.models import Row
from milepost.web.jobs import work
from milepost.web.plans import demonstration as plans
from milepost.web.projects import demonstration as projects
from milepost.web.stakeholders import actions as stakeholders
from milepost.web.stakeholders.models import Country, Institution

PASSWORD = "milepost-demonstration"  # noqa: S105 - everybody may know it; it opens a demonstration only
DOMAIN = "example.org"
GLOBAL = ("10-7-2", "10-7-4", "17-3-2", "17-18-1")
"""Indicators of Kyrgyzstan whose figures come from the global database."""


class Person(NamedTuple):
    """An account of the demonstration, called after its role, or by `called` where another one has it."""

    role: str
    name: str
    called: str = ""

    @property
    def key(self) -> str:
        """By what this person is found."""
        return self.called or self.role

    @property
    def email(self) -> str:
        """How this person signs in."""
        return f"{self.key}@{DOMAIN}"


ADMINISTRATOR = Person("administrator", "Administrator (demonstration)")
PEOPLE = (
    Person("statistician", "Statistician (demonstration)"),
    Person("reviewer", "Reviewer (demonstration)"),
    Person("coordinator", "SDG coordinator (demonstration)"),
    Person("focal-point", "Focal point (demonstration)"),
    Person("reader", "Reader (demonstration)"),
    Person("plan-coordinator", "Plan coordinator (demonstration)"),
    Person("plan-coordinator", "Head of the plan's secretariat (demonstration)", "plan-approver"),
    Person("head", "Head of the ministry (demonstration)"),
    Person("commenter", "Commenter of a relief society (demonstration)"),
    Person("project-manager", "Project manager (demonstration)"),
    Person("fund-manager", "Fund manager (demonstration)"),
    ADMINISTRATOR,
)


def load() -> None:
    """Fill an empty installation; MilepostError where there are users already."""
    if User.objects.exists():
        raise refuse("demonstration-not-empty", Origin("demo"))
    with transaction.atomic():
        administrator = _joined(
            accounts.first_administrator(email=ADMINISTRATOR.email, name=ADMINISTRATOR.name)
        )
        kyrgyzstan, sandoria = _kyrgyzstan(administrator), _sandoria(administrator)
        people = _people(administrator, kyrgyzstan, sandoria)
        _list_kyrgyzstan(people, kyrgyzstan)
        _list_sandoria(people, sandoria)
    _publish_kyrgyzstan(people, kyrgyzstan)
    _publish_sandoria(people, sandoria)
    _work_in_sandoria(people, sandoria)
    plans.load(
        administrator=people["administrator"],
        by=people["plan-coordinator"],
        approver=people["plan-approver"],
        focal_point=partial(_focal_point, people, sandoria.institutions["labour"]),
        commenter=partial(_commenter, people[ADMINISTRATOR.role]),
        institutions=sandoria.institutions,
    )
    projects.load(
        manager=people["project-manager"],
        fund=people["fund-manager"],
        office=sandoria.institutions["projects"],
        ministry=sandoria.institutions["labour"],
    )


def how_to_sign_in() -> str:
    """What is said when the demonstration stands."""
    if not User.objects.filter(demonstration=True, is_active=True).exists():
        return "There is no demonstration in this installation; sign in with your own account."
    accounts = "\n".join(f"  {person.email}" for person in PEOPLE)
    return f"Sign in as one of these; the password of each is {PASSWORD}\n{accounts}"


# People and places ------------------------------------------------------------------------------------------


class Place(NamedTuple):
    """A country with its institutions by code."""

    country: Country
    institutions: dict[str, Institution]


def _people(administrator: User, kyrgyzstan: Place, sandoria: Place) -> dict[str, User]:
    """Everybody by role, invited by the administrator, with roles in both countries and a place of work."""
    office, ministry = sandoria.institutions["statistics"], sandoria.institutions["labour"]
    fund = sandoria.institutions["projects"]
    countries = (kyrgyzstan.country.address, sandoria.country.address)
    offices = (*(one.address for one in kyrgyzstan.institutions.values()), office.address)
    duties = {
        "statistician": (offices, office),
        "reviewer": (countries, office),
        "coordinator": (countries, office),
        "focal-point": ((ministry.address,), ministry),
        "reader": ((sandoria.country.address,), office),
        "plan-coordinator": ((ministry.address,), ministry),
        "head": ((ministry.address,), ministry),
        "project-manager": ((fund.address,), fund),
        "fund-manager": ((fund.address,), fund),
    }
    found = {ADMINISTRATOR.role: administrator}
    for person in PEOPLE:
        if person.role in duties:
            scopes, employer = duties[person.role]
            found[person.key] = _joins(administrator, person, scopes, employer)
    return found


def _joins(administrator: User, person: Person, scopes: Sequence[str], employer: Institution) -> User:
    first, *others = scopes
    user = stakeholders.invite(
        by=administrator,
        email=person.email,
        name=person.name,
        language="en",
        role=person.role,
        scope=first,
        institution=employer,
        since=datetime.date(2026, 1, 1),
    )
    for scope in others:
        accounts.grant(by=administrator, user=user, role=person.role, scope=scope)
    return _joined(user)


def _focal_point(people: dict[str, User], ministry: Institution, institution: Institution) -> User:
    """Who answers for an institution in rounds of the plan; each has an account of its own."""
    if institution == ministry:
        return people["focal-point"]
    person = Person(
        "focal-point", f"Focal point, {institution.code} (demonstration)", f"focal-{institution.code}"
    )
    return _joins(people[ADMINISTRATOR.role], person, (institution.address,), institution)


def _commenter(administrator: User, institution: Institution) -> User:
    """Who comments on drafts for an institution."""
    person = next(one for one in PEOPLE if one.role == "commenter")
    return _joins(administrator, person, (institution.address,), institution)


def _joined(user: User) -> User:
    """The same with the password that everybody knows, marked as an account of the demonstration."""
    accounts.accept_invitation(token=invitations.token(user), password=PASSWORD)
    User.objects.filter(pk=user.pk).update(demonstration=True)
    return User.objects.get(pk=user.pk)


def _place(
    administrator: User,
    *,
    code: str,
    m49: str,
    name: dict[str, str],
    institutions: dict[str, Any],
    time_zone: str = "",
    fictional: bool = False,
) -> Place:
    country = stakeholders.add_country(
        by=administrator,
        code=code,
        m49=m49,
        name=name,
        time_zone=time_zone,
        open_to_public=True,
        example=True,
        fictional=fictional,
    )
    nothing: dict[str, Any] = {"short_name": {}, "mandate": {}, "website": ""}
    made = {
        key: stakeholders.add_institution(
            by=administrator, country=country, code=key, **{**nothing, **fields}
        )
        for key, fields in institutions.items()
    }
    return Place(country, made)


def _kyrgyzstan(administrator: User) -> Place:
    words = _words()
    return _place(
        administrator,
        code="kg",
        m49="417",
        name={"en": "Kyrgyzstan", "ru": "Кыргызстан", "ky": "Кыргызстан"},
        time_zone="Asia/Bishkek",
        institutions={
            "nsc": {"kind": "statistical_office", "name": dict(words["institutions.nsc"])},
            "un": {"kind": "international", "name": dict(words["institutions.un"])},
        },
    )


def _list_kyrgyzstan(people: dict[str, User], place: Place) -> None:
    words, platform = _words(), open_sdg.open_platform(demonstration.folder())
    for stem in platform.codes:
        code = stem.replace("-", ".")
        fields = {
            "limitations": words.get(f"limitations.{stem}"),
            "definition": words.get(f"definitions.{stem}"),
        }
        lists.add(
            by=people["coordinator"],
            country=place.country,
            code=code,
            title={} if catalogue.indicator_title(code) else {"en": code},
            custodian=place.institutions["un" if stem in GLOBAL else "nsc"],
            metadata={field: dict(texts) for field, texts in fields.items() if texts},
        )


def _words() -> Any:
    platform = open_sdg.open_platform(demonstration.folder())
    return translate.words(platform.translations, ("en", "ru"))


def _sandoria(administrator: User) -> Place:
    institutions = {
        "statistics": {
            "kind": "statistical_office",
            "name": {"en": "Statistical Office of Sandoria", "ru": "Статистическая служба Сандории"},
            "mandate": {
                "en": "Official statistics; coordinates the indicators of the SDGs",
                "ru": "Официальная статистика; координация показателей ЦУР",
            },
        },
        "labour": {
            "kind": "ministry",
            "name": {"en": "Ministry of Labour of Sandoria", "ru": "Министерство труда Сандории"},
            "mandate": {
                "en": "Labour migration, safety at work",
                "ru": "Трудовая миграция, безопасность труда",
            },
        },
        "projects": {
            "kind": "agency",
            "name": {
                "en": "Office for migration projects of Sandoria",
                "ru": "Бюро миграционных проектов Сандории",
            },
        },
    }
    return _place(
        administrator,
        code="xs",
        m49="",
        name={"en": "Sandoria", "ru": "Сандория"},
        institutions=institutions,
        fictional=True,
    )


def _list_sandoria(people: dict[str, User], place: Place) -> None:
    office = place.institutions["statistics"]
    for code in ("10.7.1", "10.7.2", "10.7.3", "10.c.1", "8.8.1", "16.2.2", "17.3.2"):
        lists.add(by=people["coordinator"], country=place.country, code=code, custodian=office)


# Figures ----------------------------------------------------------------------------------------------------


def _publish_kyrgyzstan(people: dict[str, User], place: Place) -> None:
    for path in sorted((demonstration.folder() / "data").glob("*.csv")):
        stem = path.stem.removeprefix("indicator_")
        institution = place.institutions["un" if stem in GLOBAL else "nsc"]
        dataset = _read(people["statistician"], path, place.country, institution, stem.replace("-", "."))
        _publish(people, dataset)


def _publish_sandoria(people: dict[str, User], place: Place) -> None:
    office, ministry = place.institutions["statistics"], place.institutions["labour"]
    titles = {
        "recruitment-cost": "Labour migration survey 2018–2025: recruitment cost",
        "occupational-injuries": "Register of occupational injuries 2016–2025",
        "detected-victims": "Detected victims of trafficking 2015–2025",
        "remittances": "Balance of payments: remittances 2012–2025",
        "remittance-costs": "Costs of remittances 2014–2025",
    }
    folder = demonstration.practice()
    for stem, title in titles.items():
        dataset = _read(people["statistician"], folder / f"{stem}.csv", place.country, office, title)
        _publish(people, dataset)
    corrected = _read(
        people["statistician"],
        folder / "remittance-costs-corrected.csv",
        place.country,
        office,
        "Costs of remittances 2023, corrected",
        note="Two providers were counted twice in 2023.",
        correction=True,
    )
    _publish(people, corrected)
    beside = _read(
        people["focal-point"],
        folder / "occupational-injuries-of-the-ministry.csv",
        place.country,
        ministry,
        "Fatal injuries by the ministry's own count",
    )
    _publish(people, beside, sender="focal-point")


def _work_in_sandoria(people: dict[str, User], place: Place) -> None:
    """What is under way: a draft with a conflict, a method, targets, a request, a release to come."""
    country = place.country
    office, ministry = place.institutions["statistics"], place.institutions["labour"]
    _read(
        people["statistician"],
        demonstration.practice() / "remittances-2026.csv",
        country,
        office,
        "Balance of payments: remittances, spring 2026",
    )
    coordinator = people["coordinator"]
    targets.fix_method(
        by=coordinator,
        country=country,
        framework="sdg",
        method="un",
        reason="It is the method of the United Nations' own progress chart.",
        revision=0,
    )
    act = {
        "en": "Programme for fair recruitment, 12 March 2024, no. 118 (made up)",
        "ru": "Программа справедливого найма от 12 марта 2024 года № 118 (вымышлена)",
    }
    cost = Indicator.objects.get(country=country, code="10.7.1")
    targets.set_target(
        by=coordinator,
        indicator=cost,
        series_code="SL_EMP_RCOST",
        unit="MONTHS_EARNINGS",
        value=3,
        year=2030,
        baseline_value=8.2,
        baseline_year=2018,
        source=act,
    )
    targets.set_target(
        by=coordinator,
        indicator=Indicator.objects.get(country=country, code="10.c.1"),
        series_code="SI_RMT_COST",
        unit="PT",
        value=3,
        year=2030,
        source={"en": "SDG target 10.c", "ru": "Задача ЦУР 10.c"},
    )
    injuries = Indicator.objects.get(country=country, code="8.8.1")
    today = timezone.localdate()
    requests.send(
        by=coordinator,
        asking=office,
        asked=ministry,
        indicator=injuries,
        cells=[
            {
                "indicator": injuries.code,
                "series": "SL_EMP_FTLINJUR",
                "unit_measure": "PER_100000_WKRS_EMP",
                "time_period": year,
                **status,
            }
            for status in ({}, {"migratory_status": "MS_MIGRANT"}, {"migratory_status": "MS_NOMIGRANT"})
            for year in ("2024", "2025")
        ],
        due=today + datetime.timedelta(days=14),
        note="For the national review.",
    )
    calendar.plan(
        by=people["reviewer"],
        country=country,
        title={"en": "Recruitment cost 2026", "ru": "Стоимость найма, 2026 год"},
        planned_at=_at_nine(today + datetime.timedelta(days=60)),
        indicators=[cost],
    )


def _at_nine(day: datetime.date) -> datetime.datetime:
    """The hour at which figures come out, by the clocks of this site."""
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(9)))


def _read(
    user: User,
    path: Path,
    country: Country,
    institution: Institution,
    title: str,
    **more: Any,
) -> Dataset:
    """A draft of a file, read."""
    dataset = datasets.start(
        by=user, upload=path, name=path.name, country=country, institution=institution, title=title, **more
    )
    work.run_all()
    dataset.refresh_from_db()
    return dataset


def _publish(people: dict[str, User], dataset: Dataset, sender: str = "statistician") -> None:
    """Leave out what conflicts, submit, approve as another person."""
    user = people[sender]
    conflicts = Row.objects.filter(delivery=dataset.delivery, outcome=Row.Outcome.CONFLICT)
    if numbers := list(conflicts.values_list("number", flat=True)):
        dataset = datasets.decide(by=user, dataset=dataset, numbers=numbers, decision=Row.Decision.LEAVE)
    try:
        dataset = datasets.submit(by=user, dataset=dataset, revision=dataset.revision)
        datasets.approve(by=people["reviewer"], dataset=dataset, revision=dataset.revision)
    except MilepostError as error:
        raise MilepostError(
            [*error.problems, *refuse("demonstration-file", Origin(dataset.title)).problems]
        ) from error
    work.run_all()
