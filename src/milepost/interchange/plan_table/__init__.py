"""Plans of action as acts print them: one table, in Word or Excel, with headings in Russian or English.

A column is told by its heading, a section by a row or a column of its own, a deadline and the institutions by
their words; what cannot be told for sure is said, and stays as printed.
"""

from milepost.interchange.plan_table.reading import PlanTable, read
from milepost.interchange.plan_table.writing import write

__all__ = ["PlanTable", "read", "write"]
