"""YAML of others: plain data only, and no text that is made to exhaust the reader."""

from typing import Any

import yaml

DEEPEST = 100
"""Levels of nesting. Composing recurses, and thousands of brackets would end the process."""
MOST_NODES = 2_000_000
"""Values that a text may stand for once its aliases are written out."""


def load(text: str, loader: Any = yaml.CSafeLoader) -> Any:
    """The first document of a text as plain data, None if it is empty; what stands below it is not read.

    yaml.YAMLError, with the line where there is one, for broken YAML, for tags that are not plain data, for
    nesting deeper than DEEPEST, for aliases that stand for more than MOST_NODES values or for themselves, and
    for values that cannot be, such as the 31st of June.
    """
    _check(text)
    parser = loader(text)
    try:
        return parser.get_data() if parser.check_data() else None
    except (ValueError, OverflowError, RecursionError) as error:
        raise yaml.YAMLError(str(error)) from error
    finally:
        parser.dispose()


def _check(text: str) -> None:
    """Walk the events of the first document, which takes neither recursion nor memory."""
    sizes: dict[str, int] = {}  # of what an anchor names, aliases written out
    open_nodes: list[tuple[str | None, int]] = []  # (anchor, nodes seen when it began)
    nodes = 0
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        if isinstance(event, yaml.DocumentEndEvent):
            return
        if isinstance(event, yaml.AliasEvent):
            if event.anchor not in sizes:
                raise _fault(event, f"the alias *{event.anchor} stands for nothing that is complete")
            nodes += sizes[event.anchor]
        elif isinstance(event, yaml.CollectionStartEvent):
            open_nodes.append((event.anchor, nodes))
            nodes += 1
            if len(open_nodes) > DEEPEST:
                raise _fault(event, f"it is nested more than {DEEPEST} levels deep")
        elif isinstance(event, yaml.CollectionEndEvent):
            anchor, before = open_nodes.pop()
            if anchor is not None:
                sizes[anchor] = nodes - before
        elif isinstance(event, yaml.ScalarEvent):
            nodes += 1
            if event.anchor is not None:
                sizes[event.anchor] = 1
        if nodes > MOST_NODES:
            raise _fault(event, f"it stands for more than {MOST_NODES:,} values")


def _fault(event: yaml.Event, problem: str) -> yaml.YAMLError:
    return yaml.MarkedYAMLError(problem=problem, problem_mark=event.start_mark)
