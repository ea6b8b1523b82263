"""What ships with Milepost: read from the folder `data` when first asked for, and kept."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path

from milepost.catalogue.definitions import (
    Crosswalk,
    Framework,
    Fund,
    FundRule,
    Indicator,
    IndicatorList,
    Item,
    ListVersion,
    near,
)
from milepost.catalogue.parsing import parse, read_source
from milepost.catalogue.reading import Page, read
from milepost.errors import MilepostError, refuse
from milepost.values import CodeList, Text

DATA = Path(__file__).parent / "data"


@cache
def frameworks() -> tuple[Framework, ...]:
    """All frameworks, by code."""
    return tuple(_framework(stem) for stem in _stems("frameworks"))


def framework(code: str) -> Framework:
    """One framework, such as "sdg" or "gcm"; MilepostError with near matches for an unknown code."""
    return _framework(_known(code.strip().lower(), "frameworks", "unknown-framework"))


def goals() -> tuple[Item, ...]:
    """The seventeen Sustainable Development Goals, read without their targets and indicators."""
    return _part_of_framework("sdg/goals")


def indicator_title(code: str) -> Text:
    """The name of a global SDG indicator such as "1.2.1"; an empty Text for a code that is none."""
    return _indicator_titles().get(code, Text())


@cache
def indicators() -> tuple[Indicator, ...]:
    """All indicators that have a definition, in the order of their codes."""
    return tuple(_indicator(stem) for stem in sorted(_stems("indicators/sdg"), key=_in_order))


def indicator(code: str) -> Indicator:
    """One indicator, such as "10.7.1" or "10-7-1"; MilepostError with near matches for an unknown code."""
    plain = code.strip().lower().replace("-", ".")
    if plain in _stems("indicators/sdg"):
        return _indicator(plain)
    for other in indicators():
        if plain in other.same_as:
            return other
    raise _unknown(code, "unknown-indicator", _stems("indicators/sdg"), plain)


def definition_file(code: str) -> str:
    """The file of a definition that ships, as text, for whoever writes one after it; "" where none does.

    >>> definition_file("10.7.1").splitlines()[0]
    'code: 10.7.1'
    """
    return _open("indicators/sdg", code)[0] if code in _stems("indicators/sdg") else ""


def by_series(code: str) -> Indicator | None:
    """The indicator that a statistical series such as "SG_CPA_MIGRS" belongs to, or None."""
    return _by_series().get(code.strip().upper())


@cache
def code_lists() -> tuple[CodeList, ...]:
    """All code lists, by name."""
    return tuple(_code_list(stem) for stem in _stems("code_lists"))


def code_list(name: str) -> CodeList:
    """One code list, such as "sex" or "areas"; MilepostError with near matches for an unknown name.

    Annotations of a code say what else is known of it: "iso2", "base", "sdmx"; "wording:ru" is who worded
    the Russian name where it is not official.
    """
    return _code_list(_known(name.strip().lower(), "code_lists", "unknown-code-list"))


@cache
def funds() -> tuple[Fund, ...]:
    """The funds whose rules ship, by code."""
    return tuple(_fund(stem) for stem in _stems("fund_rules"))


def _fund(stem: str) -> Fund:
    page = _page("fund_rules", stem)
    rules = tuple(
        FundRule(
            code=page.string("rules", number, "code"),
            limit=page.number("rules", number, "limit") or 0,
            most=page.number("rules", number, "most"),
            since=int(page.string("rules", number, "since")),
            until=int(page.string("rules", number, "until") or 0) or None,
            verified=page.get("rules", number, "verified") is True,
            source=page.string("rules", number, "source", "title"),
            url=page.string("rules", number, "source", "url"),
        )
        for number in range(page.count("rules"))
    )
    return Fund(page.string("code"), page.text("name"), rules)


def area_code(code: str) -> str | None:
    """The code in the list "areas" for an M49 number, ISO 3166 code or region code; None for an unknown one.

    >>> area_code("KG"), area_code("KGZ"), area_code("004"), area_code("KG-B"), area_code("Mars")
    ('417', '417', '4', 'KG05', None)
    """
    return _area_codes().get(code.strip().upper().lstrip("0"))


def observation_status(text: str) -> str | None:
    """The code of an observation status given by its code or its name in any language; None for neither.

    >>> observation_status("P"), observation_status("Normal value"), observation_status("?")
    ('P', 'A', None)
    """
    return _observation_statuses().get(text.strip().casefold())


@cache
def _observation_statuses() -> dict[str, str]:
    codes = code_list("observation_status").codes
    by_name = {name.casefold(): code for code, names in codes.items() for name in names.values()}
    return by_name | {code.casefold(): code for code in codes}


@cache
def crosswalks() -> tuple[Crosswalk, ...]:
    """All crosswalks between frameworks, by code."""
    return tuple(_crosswalk(stem) for stem in _stems("crosswalks"))


@cache
def indicator_lists() -> tuple[IndicatorList, ...]:
    """All national lists of indicators with their versions, by code."""
    return tuple(_indicator_list(stem) for stem in _stems("lists"))


@cache
def _stems(folder: str) -> tuple[str, ...]:
    return tuple(sorted(path.name.removesuffix(".yaml") for path in (DATA / folder).glob("*.yaml")))


def _in_order(code: str) -> list[tuple[int, str]]:
    """Codes as people count: 3.c.1 before 10.7.1, and 10.7 before 10.c."""
    return [(int(part), "") if part.isdigit() else (1_000, part) for part in code.split(".")]


def _known(code: str, folder: str, fault: str) -> str:
    if code in _stems(folder):
        return code
    raise _unknown(code, fault, _stems(folder), code)


def _unknown(code: str, fault: str, known: Iterable[str], plain: str) -> MilepostError:
    return refuse(fault, "catalogue", wanted=code, near=near(plain, known))


def _open(folder: str, stem: str) -> tuple[str, str]:
    path = DATA / folder / f"{stem}.yaml"
    return path.read_text(encoding="utf-8"), f"{folder}/{stem}.yaml"


def _page(folder: str, stem: str) -> Page:
    text, name = _open(folder, stem)
    return read(text, name)


@cache
def _indicator(stem: str) -> Indicator:
    text, name = _open("indicators/sdg", stem)
    return parse(text, name)


@cache
def _by_series() -> dict[str, Indicator]:
    return {series.code: entry for entry in indicators() for series in entry.series}


@cache
def _area_codes() -> dict[str, str]:
    areas = code_list("areas")
    codes = {code.upper(): code for code in areas.codes}
    for code, known in areas.annotations.items():
        codes.update((known[key], code) for key in ("iso2", "iso3", "iso") if key in known)
    return codes


@cache
def _framework(stem: str) -> Framework:
    page = _page("frameworks", stem)
    parts = (_part_of_framework(part) for part in page.strings("parts"))
    items = (*_items(page), *(item for part in parts for item in part))
    return Framework(page.string("code"), page.text("name"), read_source(page, ("source",)), items)


@cache
def _part_of_framework(stem: str) -> tuple[Item, ...]:
    """The entries that a framework keeps in a file of their own, such as "sdg/goals"."""
    return _items(_page("frameworks", stem))


def _items(page: Page) -> tuple[Item, ...]:
    wording = page.mapping("wording")
    entries: list[dict] = page.data.get("items", [])
    return tuple(
        Item(
            code=entry["code"],
            level=entry["level"],
            name=Text(entry["name"]),
            parent=entry.get("parent"),
            short=Text(entry.get("short")),
            wording={
                language: who
                for language, who in {**wording, **entry.get("wording", {})}.items()
                if language in entry["name"]
            },
            other_names={set_: Text(words) for set_, words in entry.get("other_names", {}).items()},
        )
        for entry in entries
    )


@cache
def _indicator_titles() -> dict[str, Text]:
    return {item.code: item.name for item in _part_of_framework("sdg/indicators")}


@cache
def _code_list(stem: str) -> CodeList:
    page = _page("code_lists", stem)
    wording = page.mapping("wording")
    codes: dict[str, Text] = {}
    annotations: dict[str, dict[str, str]] = {}
    for entry in page.data["codes"]:
        code = entry["code"]
        codes[code] = Text(entry["name"])
        known = {key: value for key, value in entry.items() if key not in ("code", "name", "wording")}
        worded = {**wording, **entry.get("wording", {})}
        known.update((f"wording:{language}", who) for language, who in worded.items())
        annotations[code] = known
    return CodeList(
        id=page.string("id"),
        codes=codes,
        name=page.text("name"),
        agency=page.string("agency"),
        version=page.string("version"),
        annotations=annotations,
    )


@cache
def _crosswalk(stem: str) -> Crosswalk:
    page = _page("crosswalks", stem)
    return Crosswalk(
        code=page.string("code"),
        name=page.text("name"),
        status=page.string("status"),
        source=read_source(page, ("source",)),
        origin=page.string("from"),
        goal=page.string("to"),
        pairs=tuple((one, other) for one, others in page.mapping("pairs").items() for other in others),
    )


@cache
def _indicator_list(stem: str) -> IndicatorList:
    page = _page("lists", stem)
    return IndicatorList(
        code=page.string("code"),
        country=page.string("country"),
        name=page.text("name"),
        source=read_source(page, ("source",)),
        versions=tuple(
            ListVersion(
                size=entry["size"],
                since=entry.get("since"),
                composition=entry.get("composition", {}),
                note=Text(entry.get("note")),
            )
            for entry in page.data["versions"]
        ),
    )
