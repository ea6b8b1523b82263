"""Linear programs of this room: how far a table can be moved without any published figure changing."""

from collections.abc import Iterable, Sequence

import highspy
import numpy as np

Row = tuple[int, Sequence[int]]
"""A relation between columns: the total, and the parts that add up to it."""

DUAL, PRIMAL = 1, 4


class Program:
    """Columns that are moved, in rows that must go on adding up; solved again and again.

    Every row says that the movement of the total equals the movements of its parts. With `split`, each
    column is two, one upwards and one downwards (at `width` further on), so that movement itself can cost.
    """

    def __init__(
        self,
        rows: Iterable[Row],
        lower: np.ndarray,
        upper: np.ndarray,
        cost: np.ndarray,
        *,
        strategy: int,
        split: bool = False,
        right: np.ndarray | None = None,
    ):
        starts, index, entries = [0], [], []
        width = len(cost) // 2 if split else len(cost)
        for total, parts in rows:
            for column, sign in ((total, 1.0), *((part, -1.0) for part in parts)):
                index.append(column)
                entries.append(sign)
                if split:
                    index.append(column + width)
                    entries.append(-sign)
            starts.append(len(index))
        height = len(starts) - 1
        program = highspy.HighsLp()
        program.num_col_, program.num_row_ = len(cost), height
        program.col_cost_, program.col_lower_, program.col_upper_ = cost, lower, upper
        sides = np.zeros(height) if right is None else right
        program.row_lower_ = program.row_upper_ = sides
        program.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        program.a_matrix_.start_ = np.array(starts, dtype=np.int32)
        program.a_matrix_.index_ = np.array(index, dtype=np.int32)
        program.a_matrix_.value_ = np.array(entries, dtype=np.float64)
        self._highs = highspy.Highs()
        for option, setting in _OPTIONS.items():
            self._highs.setOptionValue(option, setting)
        self._highs.setOptionValue("simplex_strategy", strategy)
        self._highs.passModel(program)
        self._afresh = strategy == DUAL
        self.solved = 0

    def bound(self, column: int, lower: float, upper: float) -> None:
        """Let a column move between these bounds only."""
        self._highs.changeColBounds(column, lower, upper)

    def price(self, column: int, cost: float) -> None:
        """Set what a unit of a column's movement costs."""
        self._highs.changeColCost(column, cost)

    def prices(self, costs: np.ndarray) -> None:
        """Set the costs of all columns."""
        self._highs.changeColsCost(len(costs), np.arange(len(costs), dtype=np.int32), costs)

    def cheapest(self) -> np.ndarray | None:
        """The movement that costs least; None where no movement fits."""
        self.solved += 1
        if self._afresh:  # nothing moves at first: from there the dual simplex has the shortest way
            self._highs.clearSolver()
        self._highs.run()
        status = self._highs.getModelStatus()
        if status not in _DECIDED:  # lost its way from the last solution: once more from the beginning
            self._highs.clearSolver()
            self._highs.run()
            status = self._highs.getModelStatus()
        if status == highspy.HighsModelStatus.kInfeasible:
            return None
        if status != highspy.HighsModelStatus.kOptimal:
            raise ArithmeticError(f"the linear program ended as {self._highs.modelStatusToString(status)}")
        return np.array(self._highs.getSolution().col_value)


_OPTIONS = {
    "output_flag": False,
    "threads": 1,
    "presolve": "off",
    "random_seed": 0,
    "simplex_dual_edge_weight_strategy": 1,
}
_DECIDED = {highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kInfeasible}
