"""No lost update: what an action says when the thing was changed while a person looked at it."""

from typing import Any


class Stale(Exception):
    """Somebody else changed it meanwhile; `now` is what it has become, None where it is gone."""

    def __init__(self, now: Any = None) -> None:
        super().__init__(str(now))
        self.now = now
