"""What dimensions, categories, units and quantities are called: Text in several languages."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from milepost import catalogue
from milepost.errors import MilepostError
from milepost.values import Text
from milepost.web.frameworks import queries as frameworks
from milepost.web.stakeholders.models import Country

AREA = "area"
"""The dimension of regions, which a series keeps apart from its breakdown."""

TOTAL = ""
"""What stands for "not broken down" in an address and in the coverage."""

NATIONAL = "N"

DIMENSIONS: dict[str, Promise] = {
    TOTAL: _("Total"),
    AREA: _("Region"),
    "activity": _("Economic activity"),
    "age": _("Age"),
    "camp": _("Camp or elsewhere"),
    "cause": _("Cause"),
    "composite_breakdown": _("Other breakdown"),
    "corridor": _("Corridor of remittances"),
    "cust_breakdown": _("National breakdown"),
    "destination": _("Country of destination"),
    "disability_status": _("Disability"),
    "disbursing_instrument": _("How it is paid out"),
    "documented": _("Status of documents"),
    "donor": _("Donor"),
    "education_lev": _("Education"),
    "exploitation": _("Form of exploitation"),
    "funding_instrument": _("How it is paid in"),
    "ground": _("Ground of discrimination"),
    "income_wealth_quantile": _("Income or wealth"),
    "migratory_status": _("Migratory status"),
    "occupation": _("Occupation"),
    "origin": _("Country of origin"),
    "origin_region": _("Region of origin"),
    "product": _("Product"),
    "provider_type": _("Type of provider"),
    "recipient": _("Recipient"),
    "ref_area": _("Region"),
    "route": _("Migration route"),
    "sex": _("Sex"),
    "type_of_study": _("Type of study"),
    "urbanisation": _("Town or country"),
}
"""What the dimensions of breakdowns are called; a national one that is not here is called as it is."""

SHORT = {
    "SEX": {
        "F": Text(en="Women", ru="Женщины"),
        "M": Text(en="Men", ru="Мужчины"),
    },
}
"""Categories that people call otherwise than the code list, which says "Female" and "Male"."""

_LISTS = {AREA: "areas", "destination": "areas", "origin": "areas"}


Words = Text | str
"""Words in several languages, or a code that is its own name in all of them."""


class Quantity(NamedTuple):
    """What an indicator measures in one of its series: told apart by everything but place and breakdown."""

    code: str
    unit: str
    unit_mult: str
    frequency: str
    reporting_type: str

    @property
    def key(self) -> str:
        """How an address names it: "SL_EMP_FTLINJUR:PER_100000_WKRS_EMP", without empty ends."""
        kind = "" if self.reporting_type == NATIONAL else self.reporting_type
        return ":".join((self.code, self.unit, self.unit_mult, self.frequency, kind)).rstrip(":")


Own = Mapping[tuple[str, str], Text]
"""Names that a country gave: of the codes it added, {(dimension or list, code): name}, and of the lists that
are its own, with "" for the code."""


def dimension(code: str, own: Own | None = None) -> str:
    """What a dimension is called in the reader's language: by the country, else here, else by its code."""
    if own and (title := own.get((code, ""))):
        return said(title, get_language() or "en")
    known = DIMENSIONS.get(code)
    return str(known) if known is not None else code.replace("_", " ").capitalize()


def breakdown(by: str, own: Own | None = None) -> str:
    """What several dimensions joined with "+" are called: "Age and sex" is "Age, sex"."""
    first, *others = (dimension(code, own) for code in by.split("+"))
    return ", ".join((first, *(other[0].lower() + other[1:] for other in others)))


def own_codes(country: Country) -> dict[tuple[str, str], Text]:
    """The names that a country gave to codes and lists of its own, retired codes too, in one query."""
    return {(one.list, one.code): one.text for one in frameworks.own_codes(country)} | own_titles(country)


def own_titles(country: Country) -> dict[tuple[str, str], Text]:
    """The titles that a country gave to lists of its own, for pages that name no category."""
    return {(name, ""): title for name, title in frameworks.list_titles(country).items()}


def category(dimension: str, code: str, own: Own | None = None) -> Words:
    """What a category is called: by the country, else by the code lists that ship, else as it is."""
    if own:
        found = own.get((dimension, code)) or own.get((_LISTS.get(dimension, dimension), code))
        if found:
            return found
    return _shipped(dimension, code)


@lru_cache(maxsize=16_384)
def _shipped(dimension: str, code: str) -> Words:
    short = SHORT.get(dimension.upper(), {}).get(code)
    if short is not None:
        return short
    name = _LISTS.get(dimension, dimension)
    if name == "areas":
        found = catalogue.code_list("areas").codes.get(catalogue.area_code(code) or "")
        return found or code
    if name == "composite_breakdown":
        return _composite().get(code) or code
    try:
        return catalogue.code_list(name).codes.get(code) or code
    except MilepostError:
        return code


@lru_cache(maxsize=1)
def _composite() -> Mapping[str, Text]:
    return {**catalogue.code_list("migratory_status").codes, **catalogue.code_list("policy_domain").codes}


def said(words: Words, language: str) -> str:
    """Words in a language, or the nearest there is; a code, which is of no language, as it is."""
    return words if isinstance(words, str) else words.best(language, language.partition("-")[0])[0]


def label(categories: Iterable[tuple[str, str]], language: str, own: Own | None = None) -> str:
    """What the place of a series in its breakdown is called: "Women, 15 to 24 years old"."""
    return ", ".join(said(category(dimension, code, own), language) for dimension, code in categories)


def unit(quantity: Quantity, definition: catalogue.Indicator | None) -> tuple[str, Words]:
    """(code, name) of a quantity's unit; the definition's where the series says none."""
    if not quantity.unit and definition is not None:
        own = definition.unit_of(quantity.code)
        return own.code, own.name
    return quantity.unit, catalogue.code_list("unit").codes.get(quantity.unit) or quantity.unit


def quantity_name(quantity: Quantity, definition: catalogue.Indicator | None) -> Words:
    """What a series measures: by the definition, else its code."""
    measured = definition.measured(quantity.code) if definition is not None else None
    return measured.name if measured is not None else quantity.code


def metadata_field(code: str) -> str:
    """What a field of an indicator's national metadata is called, in the reader's language."""
    known = FIELDS.get(code)
    return str(known) if known is not None else code.replace("_", " ").capitalize()


FIELDS: dict[str, Promise] = {
    "computation_calculations": _("Calculation"),
    "computation_definitions": _("Definitions"),
    "comments_limitations": _("Comments and limitations"),
    "contact": _("Contact for questions"),
    "data_sources": _("Data sources"),
    "definition": _("National definition"),
    "frequency": _("How often it is published"),
    "limitations": _("Comments and limitations"),
    "method": _("Method of computation"),
    "national_geographical_coverage": _("Geographical coverage"),
    "note": _("Note"),
    "periodicity": _("Periodicity"),
    "population": _("Population covered"),
    "source": _("Source of the data"),
}
"""Fields of national metadata; one that is not here is called as it is."""


def metadata(fields: Mapping[str, Any]) -> list[tuple[str, Words]]:
    """(name, words) of the fields of national metadata that hold words."""
    return [
        (metadata_field(code), Text(words) if isinstance(words, Mapping) else str(words))
        for code, words in fields.items()
        if words and isinstance(words, Mapping | str)
    ]
