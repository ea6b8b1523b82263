"""How a value is computed, in one sentence for readers."""

from collections.abc import Mapping
from typing import Any

from milepost.reports.sentences import number, translator

METHODS = {
    "total": "Sum over all units.",
    "mean": "Mean over all units.",
    "proportion": "Share of those who answered that have the trait.",
    "ratio_of_totals": "Ratio of two totals.",
    "quantile": "Quantile over all units.",
    "rate": "Number of cases over the population from a second source.",
    "refugee_rate": "Refugees from the country over its population and those refugees together.",
    "incidents": "Persons counted over all known incidents; a minimum.",
    "service_average": "Simple average of the cost of all services, fee and exchange-rate margin together.",
    "smart": "Simple average of the three cheapest services that qualify, in one corridor.",
    "share_of_gdp": "Sum of the components over the gross domestic product.",
    "child_labour": "Share of children whose weekly hours pass the threshold of their age.",
}
"""Every method of the measure room but one, which has a sentence for each statistic."""

STATISTICS = {
    "mean": "Mean of each person's own ratio; not the ratio of the two means.",
    "median": "Median of each person's own ratio.",
    "p80": "80th percentile of each person's own ratio.",
}

_PER = {100: "In per cent.", None: "Per {per}."}


def in_words(method: str, options: Mapping[str, Any], language: str) -> str:
    """The method with its statistic and its scale: "Ratio of two totals. Per 100,000."

    >>> in_words("ratio_of_totals", {"per": 100000}, "en")
    'Ratio of two totals. Per 100,000.'
    >>> in_words("individual_ratios", {"statistic": "median"}, "en")
    "Median of each person's own ratio."
    """
    say = translator(language)
    what = STATISTICS[options.get("statistic", "mean")] if method == "individual_ratios" else METHODS[method]
    per = options.get("per", 1)
    if per == 1:
        return say(what)
    return f"{say(what)} {say(_PER.get(per, _PER[None]), per=number(per, language))}"
