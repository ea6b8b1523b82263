"""Everything that reads: who may see which project, the portfolio, the results matrix."""

from milepost.web.projects.queries.scoping import actuals, indicators, programmes, results, visible_to

__all__ = ["actuals", "indicators", "programmes", "results", "visible_to"]
