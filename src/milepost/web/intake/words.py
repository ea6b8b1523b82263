"""What columns can be, and how far reading is, in words."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from milepost import catalogue
from milepost.recipes import incoming
from milepost.values import Text
from milepost.web.ui.templatetags.ui import plain

CONCEPTS: dict[str, Promise] = {
    "indicator": _("Indicator"),
    "time_period": pgettext_lazy("column", "Year or period"),
    "obs_value": pgettext_lazy("column", "Value"),
    "obs_status": pgettext_lazy("column", "Status of the value"),
    incoming.ACROSS: pgettext_lazy("column", "A year: each cell below is its value"),
    "lower_bound": pgettext_lazy("column", "Lower bound"),
    "upper_bound": pgettext_lazy("column", "Upper bound"),
    "series": pgettext_lazy("column", "Series"),
    "unit_measure": pgettext_lazy("column", "Unit"),
    "unit_mult": pgettext_lazy("column", "Multiplier of the unit"),
    "ref_area": pgettext_lazy("column", "Area"),
    "reporting_type": pgettext_lazy("column", "Reporting type"),
    "freq": pgettext_lazy("column", "Frequency"),
    "sex": pgettext_lazy("column", "Sex"),
    "age": pgettext_lazy("column", "Age"),
    "urbanisation": pgettext_lazy("column", "Urban or rural"),
    "income_wealth_quantile": pgettext_lazy("column", "Quantile of income or wealth"),
    "education_lev": pgettext_lazy("column", "Education"),
    "occupation": pgettext_lazy("column", "Occupation"),
    "cust_breakdown": pgettext_lazy("column", "National breakdown"),
    "composite_breakdown": pgettext_lazy("column", "Other breakdown"),
    "disability_status": pgettext_lazy("column", "Disability"),
    "activity": pgettext_lazy("column", "Economic activity"),
    "product": pgettext_lazy("column", "Product"),
    "migratory_status": pgettext_lazy("column", "Migratory status"),
    "destination": pgettext_lazy("column", "Country of destination"),
    "documented": pgettext_lazy("column", "Documented or not"),
    "corridor": pgettext_lazy("column", "Corridor"),
    "recipient": pgettext_lazy("column", "Recipient country"),
    "provider_type": pgettext_lazy("column", "Type of provider"),
    "type_of_study": pgettext_lazy("column", "Type of study"),
    "route": pgettext_lazy("column", "Route"),
    "camp": pgettext_lazy("column", "Camp or not"),
    "exploitation": pgettext_lazy("column", "Form of exploitation"),
    "disbursing_instrument": pgettext_lazy("column", "Means of payout"),
    "funding_instrument": pgettext_lazy("column", "Means of payment"),
    "origin_region": pgettext_lazy("column", "Region of origin"),
    "donor": pgettext_lazy("column", "Donor"),
    "ground": pgettext_lazy("column", "Ground of discrimination"),
    "cause": pgettext_lazy("column", "Cause"),
    "nature": pgettext_lazy("column", "Nature of the figure"),
    "comment_obs": pgettext_lazy("column", "Comment on the value"),
    "comment_ts": pgettext_lazy("column", "Comment on the series"),
    "source_detail": pgettext_lazy("column", "Source"),
    "time_detail": pgettext_lazy("column", "Detail of the period"),
    "time_coverage": pgettext_lazy("column", "Coverage in time"),
    "base_per": pgettext_lazy("column", "Base period"),
    "geo_info_url": pgettext_lazy("column", "Address of a map"),
    "geo_info_type": pgettext_lazy("column", "Kind of map"),
    "cust_breakdown_lb": pgettext_lazy("column", "Name of the national breakdown"),
    "data_last_update": pgettext_lazy("column", "Last update"),
}
"""Every concept by its code; one that is not listed is called by its code."""

NOTHING: Mapping[str, Text] = {}

GROUPS: tuple[tuple[Promise, tuple[str, ...]], ...] = (
    (_("The figure"), ("indicator", *incoming.FIGURE)),
    (_("What it is a figure of"), incoming.QUANTITY),
    (_("Breakdowns"), incoming.dimensions()),
    (_("Notes"), incoming.NOTES),
)

STATES: dict[str, tuple[str, Promise, bool]] = {
    "waiting": ("○", pgettext_lazy("delivery", "Waiting to be read"), False),
    "mapping": ("▲", pgettext_lazy("delivery", "Columns or words to be decided"), True),
    "read": ("●", pgettext_lazy("delivery", "Read"), False),
    "failed": ("✕", pgettext_lazy("delivery", "Could not be read"), True),
}
"""(shape, words, whether grave) of the states of a delivery."""


def name_of(concept: str, titles: Mapping[str, Text] = NOTHING) -> str:
    """What a concept is called; a breakdown of the country's own by its title, else by its code."""
    if concept in titles:
        return plain(titles[concept])
    return str(CONCEPTS.get(concept, concept))


def codes_of(concept: str, national: incoming.National) -> dict[str, Text]:
    """{code: name} of a concept in a country, without the code for "no breakdown"; {} where it has none."""
    return {code: name for code, name in national.names(concept).items() if code != incoming.TOTAL}


def name_of_series(code: str) -> Text:
    """What a statistical series measures, as its definition says; an empty Text for an unknown one."""
    definition = catalogue.by_series(code)
    measured = definition.measured(code) if definition else None
    return measured.name if measured else Text()
