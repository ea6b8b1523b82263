"""Every address × every role: `who_sees_which_address.txt` is the table, and it holds in the application.

A new address stands in no line of the table, and this test fails until somebody has said who may see it.
With `--write-table` this file's tests write the table anew, to be read before it is committed.
"""

import re
from pathlib import Path

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests.web.world import built

TABLE = Path(__file__).with_suffix("").with_name("who_sees_which_address.txt")
ROLES = ("anonymous", "nobody", "charlie", "frank", "alice", "bob", "carol", "mary", "fred", "adam")
STRANGERS = ROLES[:3]
OTHERS = ("allauth", "ninja", "django.views")

WORDS = {  # what stands in an address -> which thing of the world it is
    "notices": "notice",
    "audit": "event",
    "jobs": "job",
    "people": "invited",
    "roles": "grant",
    "memberships": "membership",
    "discussions": "comment",
    "deliveries": "delivery",
    "mappings": "mapping",
    "definitions": "definition",
    "codes": "code",
    "tags": "tag",
    "datasets": "draft",
    "measurements": "measurement",
    "releases": "release",
    "entry": "form",
    "targets": "target",
    "requests": "request",
    "files": "file",
    "projects": "project",
    "programmes": "programme",
    "results": "result",
    "indicators": "result_indicator",
    "reports": "actual",
    "views": "view",
    "tasks": "task",
    "posts": "post",
    "expenditures": "expenditure",
    "risks": "risk",
    "shapes": "shapes",
    "engagements": "engagement",
    "documents": "report",
    "contributions": "contribution",
    "to-target": "target",
    "to-measure": "measure",
    "policies": "policy",
    "plans": "plan",
    "measures": "measure",
    "rounds": "round",
    "answers": "answer",
    "sections": "section",
    "parts": "part",
    "read": "plan_file",
    "consultations": "consultation",
    "consulted": "party",
    "tables": "comments_file",
    "draft-comments": "draft_comment",
    "laws": "law",
    "origins": "origin",
    "plan-reports": "plan_report",
    "published": "plan_published",
    "texts": "accepted_answer",
}
PARTS = {
    "country:country": "xs",
    "slug:country": "xs",
    "str:name": "destination",
    "int:number": "1",
    "slug:origin": "sdg",
    "slug:goal": "gcm",
    "slug:kind": "csv",
    "str:ending": "csv",
    "slug:language": "en",
    "slug:what": "document",
    "slug:deed": "submit",
}
PROJECTS = {
    "slug:kind": "baseline",
    "int:row": "row",
    "int:period": "period",
    "int:indicator": "result_indicator",
}
"""The same in addresses of projects: a word, or a thing of the world."""
ROWS = {"agreements": "agreement", "counts": "link", "periods": "period", "around": "project_document"}
"""Which thing a row is, by the word before it."""


def addresses(resolver=None, before=""):
    """(name, address with places) of every page of our own."""
    for one in (resolver or get_resolver()).url_patterns:
        place = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from addresses(one, place)
        elif isinstance(one, URLPattern) and one.callback.__module__.startswith("milepost."):
            yield one.name or place, place


def filled(place: str, world) -> str:
    """The address of a thing of the world."""
    before = ""

    def part(match):
        key = match[1]
        if "projects/" in place and key in PROJECTS:
            row = next((thing for word, thing in ROWS.items() if f"{word}/" in place), PROJECTS[key])
            thing = world.get(row if key == "int:row" else PROJECTS[key])
            return str(thing.pk) if thing is not None else PROJECTS[key]
        if key == "str:ending" and ("fact-sheet" in place or "documents/" in place):
            return "pdf"
        if key == "str:ending" and ("plans/" in place or "policies/" in place):
            return "xlsx"
        if key == "int:institution":
            return str(world["plan"].policy.institution_id)
        if key == "int:row" and "measures/" in place and "indicators/" in place:
            return str(world["part"].pk)
        if key in PARTS:
            return PARTS[key]
        if key == "slug:code":
            return "sdg" if "frameworks" in place else "xs"
        if key == "str:code":
            return world["indicator"].code
        if key == "str:token":
            return world["token"]
        if key == "str:address":
            return world["draft"].address if "discussions" in place else world["observation"].address
        if "institutions" in before:
            return str(world["draft"].institution_id)
        named = [thing for word, thing in WORDS.items() if f"{word}/" in place[: match.start()]]
        return str(world[named[-1]].pk)

    before = place
    return "/" + re.sub(r"<([\w:]+)>", part, place)


def client_of(cast, role: str) -> Client:
    client = Client(raise_request_exception=True)
    if role != "anonymous":
        client.force_login(getattr(cast, role))
    return client


def answer(response) -> str:
    if response.status_code == 302 and "/account/login/" in response["Location"]:
        return "sign-in"
    return str(response.status_code)


@pytest.fixture
def world(cast):
    return built(cast)


@pytest.fixture
def seen(cast, world):
    """{name: {role: answer to GET}}."""
    clients = {role: client_of(cast, role) for role in ROLES}
    return {
        name: {role: answer(client.get(filled(place, world))) for role, client in clients.items()}
        for name, place in addresses()
    }


def written(seen) -> str:
    width = max(map(len, seen)) + 2
    lines = [" ".join(["address".ljust(width), *(role.ljust(9) for role in ROLES)]).rstrip()]
    for name, row in sorted(seen.items()):
        lines.append(" ".join([name.ljust(width), *(row[role].ljust(9) for role in ROLES)]).rstrip())
    return "\n".join(lines) + "\n"


def test_the_table_says_who_sees_what(seen, request):
    if request.config.getoption("--write-table"):
        TABLE.write_text(written(seen), encoding="utf-8")
    assert written(seen).splitlines() == TABLE.read_text(encoding="utf-8").splitlines()


def test_strangers_can_send_nothing_to_a_thing_of_another_country(cast, world):
    allowed = {"sign-in", "403", "404", "405"}
    clients = {role: client_of(cast, role) for role in STRANGERS}
    for name, place in addresses():
        if "<" not in place or name in ("invitation",):
            continue
        for role, client in clients.items():
            found = answer(client.post(filled(place, world), {}))
            assert found in allowed, (name, role, found)


def test_nothing_under_work_is_open_to_those_who_did_not_sign_in():
    work = {name for name, place in addresses() if "/work/" in place or place.startswith("en/work/")}
    rows = (line.split() for line in TABLE.read_text(encoding="utf-8").splitlines()[1:])
    anonymous = {name: answers[ROLES.index("anonymous")] for name, *answers in rows}
    assert work
    assert {anonymous[name] for name in work} <= {"sign-in", "405"}
