"""Shapes on the globe, as an office draws them: areas and lines, for maps."""

from dataclasses import dataclass

Position = tuple[float, float]
"""Degrees east, degrees north: in this order, as in GeoJSON."""


@dataclass(frozen=True, slots=True)
class Shape:
    """One area (`closed`: its edges, then its holes) or some lines; `lines` are their positions in order."""

    closed: bool
    lines: tuple[tuple[Position, ...], ...]

    @property
    def positions(self) -> int:
        """How many positions it has."""
        return sum(len(line) for line in self.lines)
