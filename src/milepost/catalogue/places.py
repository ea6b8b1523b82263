"""Where countries lie: one point each, for maps without borders."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from milepost.catalogue.reading import read
from milepost.catalogue.shipped import DATA
from milepost.values import Text


@dataclass(frozen=True, slots=True)
class Place:
    """The point of a country or territory: degrees north and east, and from where they are known.

    `name` is that of a territory that the list "areas" does not have; empty for all others.
    """

    iso2: str
    m49: str
    latitude: float
    longitude: float
    source: Text
    name: Text


@cache
def places() -> Mapping[str, Place]:
    """{ISO 3166-1 alpha-2: its point}; made-up countries have none.

    >>> places()["KG"].m49, places()["KG"].latitude
    ('417', 41.5)
    """
    name = "projects/places.yaml"
    data = read((DATA / name).read_text(encoding="utf-8"), name).data
    sources = {key: Text(words) for key, words in data["sources"].items()}
    return MappingProxyType(
        {
            each["iso2"]: Place(
                each["iso2"],
                each["m49"],
                float(each["latitude"]),
                float(each["longitude"]),
                sources[each["source"]],
                Text(each.get("name", {})),
            )
            for each in data["places"]
        }
    )
