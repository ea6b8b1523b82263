"""SDMX-JSON data messages (1.0 and 2.0), as the inputs of an Open SDG repository may name them.

Read are series with their observations, and observations by themselves; every cell is the text of the file.
A file has no lines worth naming, so an observation's place is its number in the file.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from milepost.errors import refuse
from milepost.interchange import limits
from milepost.values import Origin, Table

Cells = dict[str, str]
Observation = tuple[str, str, Cells, int]
"""Period, value, attributes, number in the file."""
_TIME = "TIME_PERIOD"


def series(path: Path) -> list[tuple[Cells, Cells, list[Observation]]]:
    """(dimensions, attributes, observations) of every series of a message, in the order of the file.

    Raises MilepostError for what is no JSON, or no data message of SDMX-JSON.
    """
    message = _message(path)
    try:
        return list(_series(message))
    except (KeyError, IndexError, TypeError, ValueError, AttributeError) as error:
        raise refuse("damaged", str(path), why=f"its data do not fit its structure ({error})") from error


def table(path: Path, code: str) -> Table:
    """All observations as they stand, under the ids of the components."""
    rows = []
    for keys, attributes, observations in series(path):
        for period, value, own, _ in observations:
            rows.append({**keys, _TIME: period, "OBS_VALUE": value, **attributes, **own})
    ids = list(dict.fromkeys(id for row in rows for id in row)) or [_TIME, "OBS_VALUE"]
    cells = [tuple([row.get(id, "") for id in ids]) for row in rows]
    return Table(code, tuple(ids), cells, Origin(str(path)), range(1, len(cells) + 1))


def _message(path: Path) -> Mapping[str, Any]:
    """The part of a document that holds the data sets; numbers stay texts, so that none is changed."""
    try:
        found = json.loads(limits.contents(path), parse_float=str, parse_int=str, parse_constant=str)
    except json.JSONDecodeError as error:
        raise refuse("damaged", Origin(str(path), row=error.lineno), why=error.msg) from error
    except (UnicodeDecodeError, RecursionError) as error:
        raise refuse("damaged", str(path), why=str(error)) from error
    found = found.get("data", found) if isinstance(found, dict) else {}
    if not isinstance(found, dict) or "dataSets" not in found:
        raise refuse("sdmx-message", str(path), found="JSON without dataSets")
    return found


class _Component(NamedTuple):
    """A dimension or attribute: its id, and its codes in the order that data refer to."""

    id: str
    codes: Sequence[str]


def _series(message: Mapping[str, Any]) -> Iterator[tuple[Cells, Cells, list[Observation]]]:
    number = 0
    for data_set in message["dataSets"]:
        structure = _structure(message, data_set)
        shared = {each.id: each.codes[0] for each in _components(structure, "dimensions", "dataSet")}
        of_key = _components(structure, "dimensions", "series")
        remarks = _components(structure, "attributes", "series")
        for key, held in (data_set.get("series") or {}).items():
            found = list(_observations(structure, held.get("observations") or {}, number))
            number += len(found)
            observations = [(time, value, {**keys, **own}, n) for keys, time, value, own, n in found]
            yield (
                {**shared, **_cells(of_key, key.split(":"))},
                _cells(remarks, held.get("attributes") or []),
                observations,
            )
        for keys, time, value, own, n in _observations(structure, data_set.get("observations") or {}, number):
            yield {**shared, **keys}, {}, [(time, value, own, n)]
            number = n


def _observations(
    structure: Mapping[str, Any], held: Mapping[str, Sequence[Any]], before: int
) -> Iterator[tuple[Cells, str, str, Cells, int]]:
    """Dimensions but time, period, value, attributes and number of each observation."""
    of_key = _components(structure, "dimensions", "observation")
    remarks = _components(structure, "attributes", "observation")
    for number, (key, values) in enumerate(held.items(), before + 1):
        keys = _cells(of_key, key.split(":"))
        time = keys.pop(_TIME, "")
        value = "" if values[0] is None else str(values[0])
        yield keys, time, value, _cells(remarks, values[1:]), number


def _structure(message: Mapping[str, Any], data_set: Mapping[str, Any]) -> Mapping[str, Any]:
    if "structure" in message:
        return message["structure"]
    return message["structures"][int(data_set.get("structure", 0))]


def _components(structure: Mapping[str, Any], kind: str, part: str) -> list[_Component]:
    given = structure.get(kind, {}).get(part) or ()
    return [_Component(each["id"], [_code(each["id"], value) for value in each["values"]]) for each in given]


def _code(id: str, value: Any) -> str:
    """The code of a value; of a period its name, which the platform takes."""
    if not isinstance(value, Mapping):
        return str(value)
    names = ("name", "id", "value") if id == _TIME else ("id", "value", "name")
    return str(next((value[name] for name in names if isinstance(value.get(name), str)), ""))


def _cells(components: Sequence[_Component], places: Sequence[Any]) -> Cells:
    """{id: code} of the components that have a value; what is no place in their list is the value itself."""
    found = {}
    for component, place in zip(components, places, strict=False):
        if place is None:
            continue
        text = str(place)
        found[component.id] = component.codes[int(text)] if component.codes and text.isdecimal() else text
    return found
