"""Questionnaires as data: domains, sub-domains, questions, the answers offered, what counts as evidence.

A questionnaire has versions: files with one code and different `version`. A later one says in `earlier` which
of its questions stood in a former one under another code, which are new, and which mean something else now.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal, TypeVar, get_args

import yaml

from milepost.catalogue.definitions import WORDINGS, Source, near
from milepost.catalogue.parsing import check_names, read_source
from milepost.catalogue.reading import Page, read
from milepost.catalogue.shipped import DATA, framework, frameworks
from milepost.errors import refuse
from milepost.values import Origin, Text

Standing = Literal["present", "partial", "absent", ""]
"""What an answer says of the thing asked for; "" for an answer that says neither."""
Kind = Literal["presence", "yes_no", "graded", "text"]
"""How a question is answered; graded: by the answers that the questionnaire itself lists."""
KINDS: tuple[Kind, ...] = get_args(Kind)
LEVELS = ("national", "local")
"""Which government may be asked."""
STANDINGS: tuple[Standing, ...] = ("present", "partial", "absent")
"""From the most to the least."""

REQUIRED = ("code", "name", "version", "domains")
OPTIONAL = ("example", "indicator", "source", "wording", "answers", "classes", "earlier")
_PARTS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "answers": (("code", "name"), ("points", "only_in", "standing")),
    "classes": (("code", "from", "name"), ()),
    "domains": (("code", "items"), ("name", "question", "answers", "subdomains")),
    "subdomains": (("code", "name"), ()),
    "items": (("code", "name"), ("kind", "subdomain", "help", "evidence", "levels", "references")),
    "earlier": (("version",), ("questions", "not_comparable")),
}
"""The fields of each part of a file: (required, optional)."""
LONGEST_CODE = 40
_CODE = re.compile(r"[\w.-]+", re.ASCII)
_Path = tuple[str | int, ...]
Name = TypeVar("Name", bound=str)


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer that may be given, what it says, its points if there are any, and where it is offered.

    `only_in` are the domains that offer it (empty: all do).
    """

    code: str
    name: Text
    standing: Standing = ""
    points: float | None = None
    only_in: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """One item of a questionnaire, such as "1a".

    `help` explains it, `evidence` says what proves an answer. `references` are (framework, code) of what the
    question is about, such as ("gcm", "15").
    """

    code: str
    name: Text
    kind: Kind = "graded"
    subdomain: str = ""
    help: Text = field(default_factory=Text)
    evidence: Text = field(default_factory=Text)
    levels: tuple[str, ...] = ("national",)
    references: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Subdomain:
    """A part of a domain."""

    code: str
    name: Text


@dataclass(frozen=True, slots=True)
class QuestionDomain:
    """The items of one policy domain, under their common question where they have one.

    `answers` rewords an answer here.
    """

    code: str
    question: Text
    items: tuple[Question, ...]
    answers: Mapping[str, Text] = field(default_factory=dict)
    name: Text = field(default_factory=Text)
    subdomains: tuple[Subdomain, ...] = ()


@dataclass(frozen=True, slots=True)
class ResultClass:
    """A class of the result: its code, its lower bound in per cent (included), its name."""

    code: int
    lower: float
    name: Text


@dataclass(frozen=True, slots=True)
class Earlier:
    """How a former version belongs to this one.

    `questions` is {code here: code there}, None for a question that is new; one that is not named had the
    same code. `not_comparable` are codes here whose answers mean something else now.
    """

    version: str
    questions: Mapping[str, str | None] = field(default_factory=dict)
    not_comparable: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """Questions by domain, the answers with their points, and the classes of the result.

    `example` marks one that is nobody's official instrument. `indicator` is what its answers come to, if
    anything.
    """

    code: str
    name: Text
    indicator: str
    source: Source
    wording: Mapping[str, str]
    answers: tuple[Answer, ...]
    classes: tuple[ResultClass, ...]
    domains: tuple[QuestionDomain, ...]
    version: str = "1"
    example: bool = False
    earlier: tuple[Earlier, ...] = ()

    def __iter__(self) -> Iterator[tuple[QuestionDomain, Question]]:
        """Every question with its domain, in the order in which they are asked."""
        return ((domain, item) for domain in self.domains for item in domain.items)

    def offered(self, code: str) -> tuple[Answer, ...]:
        """The answers that a question offers, as they are worded there; none for text. KeyError: unknown."""
        domain, item = next(((domain, item) for domain, item in self if item.code == code), (None, None))
        if domain is None or item is None:
            raise KeyError(code)
        if item.kind != "graded":
            return kinds_of_answer().get(item.kind, ())
        return tuple(
            Answer(one.code, domain.answers.get(one.code, one.name), one.standing, one.points, one.only_in)
            for one in self.answers
            if not one.only_in or domain.code in one.only_in
        )

    def since(self, version: str) -> Earlier:
        """How a version belongs to this one; where nothing is said, the same code is the same question."""
        return next((one for one in self.earlier if one.version == version), Earlier(version))


# What ships -------------------------------------------------------------------------------------------------


@cache
def questionnaires() -> tuple[Questionnaire, ...]:
    """Every questionnaire that ships, former versions too, by code and version."""
    return tuple(_shipped(path.name) for path in sorted((DATA / "questionnaires").glob("*.yaml")))


def questionnaire(code: str, version: str = "") -> Questionnaire:
    """One questionnaire, such as "sdg-10-7-2", by default in its latest version.

    MilepostError with near matches for an unknown code or version.
    """
    stem = code.strip().lower() + (f"@{version}" if version else "")
    latest = {one.code: one for one in reversed(questionnaires())}  # "code@1.yaml" comes after "code.yaml"
    of_version = {f"{one.code}@{one.version}": one for one in questionnaires()}
    found = (of_version if version else latest).get(stem)
    if found is None:
        raise refuse(
            "unknown-questionnaire", "catalogue", wanted=stem, near=near(stem, [*latest, *of_version])
        )
    return found


@cache
def _shipped(name: str) -> Questionnaire:
    path = DATA / "questionnaires" / name
    return parse_questionnaire(path.read_text(encoding="utf-8"), f"questionnaires/{name}")


@cache
def kinds_of_answer() -> dict[str, tuple[Answer, ...]]:
    """{"presence": absent, partial, present; "yes_no": no, yes}, the same in every questionnaire."""
    page = read((DATA / "kinds_of_answer.yaml").read_text(encoding="utf-8"), "kinds_of_answer.yaml")
    return {
        kind: tuple(
            Answer(entry["code"], Text(entry["name"]), entry["standing"]) for entry in page.data[kind]
        )
        for kind in ("presence", "yes_no")
    }


# Writing ----------------------------------------------------------------------------------------------------


def written(questionnaire: Questionnaire) -> str:
    """The questionnaire as the text of its file, which `parse_questionnaire` reads back as it is."""
    return yaml.safe_dump(data_of(questionnaire), allow_unicode=True, sort_keys=False, width=100)


def data_of(questionnaire: Questionnaire) -> dict[str, Any]:
    """The questionnaire as the entries of its file; what is blank is left out."""
    source = questionnaire.source
    return _filled(
        code=questionnaire.code,
        version=questionnaire.version,
        example=questionnaire.example,
        name=questionnaire.name,
        indicator=questionnaire.indicator,
        source=_filled(title=source.title, dated=source.dated, url=source.url, note=source.note),
        wording=questionnaire.wording,
        answers=[
            _filled(
                code=one.code,
                points=one.points,
                standing=one.standing,
                only_in=list(one.only_in),
                name=one.name,
            )
            for one in questionnaire.answers
        ],
        classes=[
            {"code": one.code, "from": one.lower, "name": dict(one.name)} for one in questionnaire.classes
        ],
        earlier=[
            _filled(version=one.version, questions=one.questions, not_comparable=list(one.not_comparable))
            for one in questionnaire.earlier
        ],
        domains=[_data_of_domain(domain) for domain in questionnaire.domains],
    )


def _data_of_domain(domain: QuestionDomain) -> dict[str, Any]:
    parts = [{"code": part.code, "name": dict(part.name)} for part in domain.subdomains]
    items = [
        _filled(
            code=item.code,
            subdomain=item.subdomain,
            kind=item.kind,
            levels=list(item.levels),
            name=item.name,
            help=item.help,
            evidence=item.evidence,
            references=[f"{framework}/{code}" for framework, code in item.references],
        )
        for item in domain.items
    ]
    answers = {code: dict(words) for code, words in domain.answers.items()}
    about = _filled(
        code=domain.code, name=domain.name, question=domain.question, answers=answers, subdomains=parts
    )
    return about | {"items": items}


def _filled(**entries: Any) -> dict[str, Any]:
    plain = {name: dict(value) if isinstance(value, Mapping) else value for name, value in entries.items()}
    return {
        name: value
        for name, value in plain.items()
        if value is not False and value not in (None, "", [], {})  # 0 points are points
    }


# Reading ----------------------------------------------------------------------------------------------------


def parse_questionnaire(text: str, origin: Origin | str) -> Questionnaire:
    """Read the file of a questionnaire; MilepostError with every fault of it, each with its line."""
    return questionnaire_of(read(text, origin))


def questionnaire_of(page: Page) -> Questionnaire:
    """The questionnaire that a page holds; MilepostError with every fault of it, each with its place."""
    check_names(page, (), REQUIRED, OPTIONAL)
    found = Questionnaire(
        code=_code(page, ("code",)),
        name=_words(page, "name"),
        indicator=page.string("indicator"),
        source=read_source(page, ("source",)),
        wording=page.mapping("wording"),
        answers=tuple(_answer(page, path) for path in _each(page, "answers")),
        classes=tuple(_class(page, path) for path in _each(page, "classes")),
        domains=tuple(_domain(page, path) for path in _each(page, "domains")),
        version=page.string("version"),
        example=page.get("example") is True,
        earlier=tuple(_earlier(page, path) for path in _each(page, "earlier")),
    )
    _check_sense(page, found)
    page.refuse_if_faulty()
    return found


def _each(page: Page, *path: str | int) -> Iterator[_Path]:
    """The paths of the entries of a list; their fields are checked by the name of the list."""
    part = str(path[-1])
    for at in range(page.count(*path)):
        check_names(page, (*path, at), *_PARTS[part])
        yield (*path, at)


def _words(page: Page, *path: str | int) -> Text:
    found = page.text(*path)
    if not found and page.get(*path) == {}:
        page.fault("definition-missing", *path)
    return found


def _code(page: Page, path: _Path) -> str:
    code = page.string(*path)
    if code and (len(code) > LONGEST_CODE or not _CODE.fullmatch(code)):
        page.fault("questionnaire-code", *path, found=code, limit=LONGEST_CODE)
    return code


def _chosen(page: Page, path: _Path, known: tuple[Name, ...], default: Name) -> Name:
    """One of the known names; a fault for another one."""
    found = page.string(*path) or default
    if found == default:
        return default
    for name in known:
        if name == found:
            return name
    page.fault("definition-choice", *path, found=found, known=", ".join(known))
    return default


def _answer(page: Page, path: _Path) -> Answer:
    return Answer(
        _code(page, (*path, "code")),
        _words(page, *path, "name"),
        _chosen(page, (*path, "standing"), STANDINGS, ""),
        page.number(*path, "points"),
        page.strings(*path, "only_in"),
    )


def _class(page: Page, path: _Path) -> ResultClass:
    lower = page.number(*path, "from")
    return ResultClass(page.whole(*path, "code") or 0, lower or 0, _words(page, *path, "name"))


def _domain(page: Page, path: _Path) -> QuestionDomain:
    rewords = page.mapping(*path, "answers")
    return QuestionDomain(
        code=_code(page, (*path, "code")),
        question=page.text(*path, "question"),
        items=tuple(_question(page, at) for at in _each(page, *path, "items")),
        answers={code: page.text(*path, "answers", code) for code in rewords},
        name=page.text(*path, "name"),
        subdomains=tuple(
            Subdomain(_code(page, (*at, "code")), _words(page, *at, "name"))
            for at in _each(page, *path, "subdomains")
        ),
    )


def _question(page: Page, path: _Path) -> Question:
    levels = page.strings(*path, "levels")
    for at, level in enumerate(levels):
        if level not in LEVELS:
            page.fault("definition-choice", *path, "levels", at, found=level, known=", ".join(LEVELS))
    return Question(
        code=_code(page, (*path, "code")),
        name=_words(page, *path, "name"),
        kind=_chosen(page, (*path, "kind"), KINDS, "graded"),
        subdomain=page.string(*path, "subdomain"),
        help=page.text(*path, "help"),
        evidence=page.text(*path, "evidence"),
        levels=levels or ("national",),
        references=tuple(
            _reference(page, (*path, "references", at)) for at in range(page.count(*path, "references"))
        ),
    )


def _reference(page: Page, path: _Path) -> tuple[str, str]:
    """ "gcm/15" as ("gcm", "15"); a framework or code that is not in the catalogue is a fault."""
    words = page.string(*path)
    name, _, code = words.partition("/")
    known = {one.code for one in frameworks()}
    if words and (name not in known or all(item.code != code for item in framework(name).items)):
        page.fault("questionnaire-reference", *path, found=words, known=", ".join(sorted(known)))
    return name, code


def _earlier(page: Page, path: _Path) -> Earlier:
    codes = page.mapping(*path, "questions")
    return Earlier(
        version=page.string(*path, "version"),
        questions={here: page.string(*path, "questions", here) or None for here in codes},
        not_comparable=page.strings(*path, "not_comparable"),
    )


def _check_sense(page: Page, found: Questionnaire) -> None:
    """Faults between entries: a code twice, a sub-domain or answer that is nowhere listed, no question."""
    for language, who in found.wording.items():
        if who not in WORDINGS:
            page.fault("definition-choice", "wording", language, found=who, known=", ".join(WORDINGS))
    domains = [domain.code for domain in found.domains]
    _check_once(page, "domains", domains, [("domains", at, "code") for at in range(len(domains))])
    answers = [answer.code for answer in found.answers]
    _check_once(page, "answers", answers, [("answers", at, "code") for at in range(len(answers))])
    for at, answer in enumerate(found.answers):
        for each, domain in enumerate(answer.only_in):
            if domain not in domains:
                path = ("answers", at, "only_in", each)
                page.fault("definition-choice", *path, found=domain, known=", ".join(domains))
    paths: list[_Path] = []
    for at, domain in enumerate(found.domains):
        _check_domain(page, found, at, domain)
        paths += [("domains", at, "items", each, "code") for each in range(len(domain.items))]
    codes = [item.code for _domain, item in found]
    _check_once(page, "items", codes, paths)
    for at, one in enumerate(found.earlier):
        for here in one.questions:
            if here not in codes:
                page.fault("questionnaire-mapping", "earlier", at, "questions", here, found=here)
        for each, here in enumerate(one.not_comparable):
            if here not in codes:
                page.fault("questionnaire-mapping", "earlier", at, "not_comparable", each, found=here)
    if not codes and page.get("domains") is not None:
        page.fault("questionnaire-without-questions", "domains")


def _check_domain(page: Page, found: Questionnaire, at: int, domain: QuestionDomain) -> None:
    parts = [part.code for part in domain.subdomains]
    _check_once(
        page, "subdomains", parts, [("domains", at, "subdomains", n, "code") for n in range(len(parts))]
    )
    known = [answer.code for answer in found.answers]
    for code in domain.answers:
        if code not in known:
            path = ("domains", at, "answers", code)
            page.fault("definition-choice", *path, found=code, known=", ".join(known))
    for each, item in enumerate(domain.items):
        path = ("domains", at, "items", each)
        if item.subdomain and item.subdomain not in parts:
            page.fault(
                "definition-choice", *path, "subdomain", found=item.subdomain, known=", ".join(parts) or "–"
            )
        if page.get(*path, "kind") in (None, "graded") and not found.answers:
            page.fault("questionnaire-without-answers", *path, "kind", item=item.code)


def _check_once(page: Page, what: str, codes: list[str], paths: list[_Path]) -> None:
    """A fault for every code that was given before in the same list."""
    seen: set[str] = set()
    for code, path in zip(codes, paths, strict=True):
        if code and code in seen:
            page.fault("questionnaire-code-twice", *path, found=code, what=what)
        seen.add(code)
