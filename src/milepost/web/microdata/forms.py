"""What people say of records: where they are, what their columns mean, what is asked of the result."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import count
from typing import Any, NamedTuple

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.utils.translation import gettext_lazy as lazy

from milepost import catalogue
from milepost.interchange.microdata import ENDINGS
from milepost.measure.mapping import DESIGN
from milepost.measure.task import LONELY, REPLICATIONS
from milepost.recipes.incoming import National
from milepost.values import Problem, Text
from milepost.web.indicators.models import Indicator
from milepost.web.indicators.queries import figures, names
from milepost.web.microdata import explaining
from milepost.web.stakeholders.models import Country, Institution
from milepost.web.ui.templatetags.ui import plain

Place = tuple[Institution, Country]
FILE, TABLE = "file", "table"
OWN = 2
"""Breakdowns of one's own that can be added at once."""
NEW_BANDS = 2
CONDITIONS = 2
"""Empty lines for more age groups, and for more conditions."""
LONGEST_LIST = 60
"""Code lists longer than this are offered as suggestions to a field, not as a list to choose from."""

DESIGN_WORDS = {
    "weight": lazy("Weight"),
    "stratum": lazy("Stratum"),
    "psu": lazy("Primary sampling unit"),
    "fpc": lazy("Sampling units in the population, or share drawn"),
}
LONELY_WORDS = {
    "refuse": lazy("stop and say so"),
    "certainty": lazy("taken with certainty: no variance"),
    "average": lazy("the average variance of the other strata"),
    "centre": lazy("centred on the mean of all units"),
}
REPLICATION_WORDS = {
    "jackknife": lazy("jackknife"),
    "stratified-jackknife": lazy("stratified jackknife"),
    "bootstrap": lazy("bootstrap"),
    "brr": lazy("balanced repeated replication"),
}
STATISTICS = {
    "mean": lazy("mean of each person's own ratio"),
    "median": lazy("median of each person's own ratio"),
    "p80": lazy("80th percentile of each person's own ratio"),
}
ROLES = {
    "numerator": lazy("Numerator"),
    "denominator": lazy("Denominator"),
    "value": pgettext_lazy("column", "Value"),
    "trait": lazy("Has the trait: yes or no"),
}
"""Roles of methods that a definition gives no words for."""


class SourceForm(forms.Form):
    """Where records are: in a file, or in a table of a database that an administrator has named."""

    file = forms.FileField(label=lazy("File of records"), required=False)
    connection = forms.ChoiceField(label=lazy("Or a table of this database"), required=False)
    table = forms.RegexField(
        r"^(?:[^/.]+\.)?[^/.]+$",
        label=lazy("Table"),
        required=False,
        max_length=130,
        help_text=lazy("Its name, with the schema in front where it has one: survey.persons."),
    )
    rows = lazy("One person or unit a row.")

    def __init__(self, *args: Any, connections: Sequence[str], megabytes: float, **kwargs: Any):
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        endings = _("{endings}; up to {limit} MB.").format(endings=", ".join(ENDINGS), limit=f"{megabytes:g}")
        fields["file"].help_text = f"{endings} {self.rows}"
        if connections:
            fields["connection"].choices = [("", _("none")), *((name, name) for name in connections)]
        else:
            del fields["connection"], fields["table"]

    def clean(self) -> dict[str, Any]:
        """One source."""
        said = super().clean() or {}
        table = bool(said.get("connection") or said.get("table"))
        if table and not (said.get("connection") and said.get("table")):
            self.add_error("table", _("Give both: the connection and the table."))
        if "file" not in self.errors:
            if not table and not said.get("file"):
                self.add_error("file", _("Choose a file of records."))
            elif table and said.get("file"):
                self.add_error("file", _("Either a file or a table: take one of them away."))
        return said

    @property
    def address_of_table(self) -> str:
        """How the table is opened, "" for a file."""
        said = self.cleaned_data
        if not said.get("connection"):
            return ""
        return f"postgresql:{said['connection']}/{said['table']}"


class NewForm(SourceForm):
    """An indicator, a year, and where the records are.

    `connections` gives the databases of each institution that may use any: {key of the institution: names}.
    """

    place = forms.ChoiceField(label=lazy("Institution"))
    indicator = forms.ChoiceField(label=lazy("Indicator"))
    year = forms.IntegerField(label=lazy("Year"), min_value=1900, max_value=2100)
    title = forms.CharField(
        label=lazy("Title"),
        required=False,
        max_length=200,
        help_text=lazy("Left blank it is made of the indicator, the year and the file."),
    )

    def __init__(
        self,
        *args: Any,
        places: Iterable[Place],
        indicators: Iterable[Indicator],
        connections: Mapping[int, Sequence[str]],
        **kwargs: Any,
    ):
        self.allowed = connections
        offered = sorted({name for names in connections.values() for name in names})
        super().__init__(*args, connections=offered, **kwargs)
        fields: dict[str, Any] = self.fields
        self.places = {f"{one.pk}-{country.code}": (one, country) for one, country in places}
        fields["place"].choices = [
            (key, f"{plain(one.name)} ({plain(country.name)})") for key, (one, country) in self.places.items()
        ]
        self.listed = {(one.country.code, one.code) for one in indicators}
        titles = {one.code: f"{one.code} {plain(figures.title(one))}"[:140] for one in indicators}
        fields["indicator"].choices = [("", _("choose")), *titles.items()]
        self.order_fields(["place", "indicator", "year", "title", "file"])

    def clean_place(self) -> Place:
        """The institution and the country."""
        return self.places[self.cleaned_data["place"]]

    def clean(self) -> dict[str, Any]:
        """An indicator of the country's list, and a database that is the institution's to use."""
        said = super().clean()
        place, code = said.get("place"), said.get("indicator")
        if place and code and (place[1].code, code) not in self.listed:
            self.add_error("indicator", _("It is not on the list of this country."))
        name = said.get("connection")
        if place and name and name not in self.allowed.get(place[0].pk, ()):
            self.add_error("connection", _("This institution may not use it."))
        return said


class SecondSourceForm(SourceForm):
    """Where the denominator is."""

    file = forms.FileField(label=lazy("File of the denominator"), required=False)
    rows = lazy("A row each group, such as the population by sex, or each person or unit.")


class SheetForm(forms.Form):
    """Which sheet of a workbook is meant."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    sheet = forms.ChoiceField(label=lazy("Sheet"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, sheets: Sequence[str], **kwargs: Any):
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["sheet"].choices = [(name, name) for name in sheets]


class Value(NamedTuple):
    """A line of the page: a value of the file, its words, and the field of its code."""

    value: str
    label: str
    field: Any


class Breakdown(NamedTuple):
    """A breakdown on the page: its column, and how the column's values become codes."""

    name: str
    words: str
    column: Any
    values: list[Value]
    bands: list[tuple[Any, Any, Any]]
    other: Any

    @property
    def has_words(self) -> bool:
        """Whether the file has words for any of the values."""
        return any(value.label for value in self.values)


class ColumnsForm(forms.Form):
    """What each column means, which breakdowns are crossed, what the office asks of the result.

    The form is built from the mapping as it was saved; entries that it does not show are kept as they are.
    """

    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self,
        data: Any = None,
        *,
        measurement: Any,
        definition: catalogue.Indicator,
        national: National,
        clusters: Sequence[str] = (),
    ):
        super().__init__(data, initial={"revision": measurement.revision})
        self.measurement, self.definition, self.national = measurement, definition, national
        self.said: dict[str, Any] = explaining.data_of(measurement.mapping)
        self.series = explaining.series_of(definition, self.said)
        self.roles = explaining.roles(definition, self.series, second=bool(self._part("second")))
        self.denominator = explaining.denominator_of(definition, self.series)
        self.columns = {column["name"]: column for column in measurement.columns}
        self.dimensions = self._dimensions()
        self._paths: dict[str, str] = {}  # entry of the mapping -> field
        self._add_method()
        self._add_design()
        self._add_breakdowns()
        self._add_conditions()
        self._add_asked()
        self._add_engine(clusters)

    # Building

    def _dimensions(self) -> list[str]:
        known = (*self.definition.breakdowns, explaining.MIGRATORY)
        return list(dict.fromkeys((*self._part("dimensions"), *known)))

    def _part(self, name: str) -> dict[str, Any]:
        found = self.said.get(name)
        return found if isinstance(found, dict) else {}

    def _column_field(self, label: Any, chosen: Any, *, hint: Any = "") -> forms.ChoiceField:
        return column_field(self.columns, label, chosen, hint=hint)

    def _add(self, name: str, field: forms.Field, *paths: str) -> None:
        self.fields[name] = field
        self._paths |= dict.fromkeys(paths, name)

    def _add_method(self) -> None:
        computed = explaining.computed_series(self.definition)
        if len(computed) > 1:
            titles = {code: self.definition.measured(code) for code in computed}
            choices = [(code, f"{code}: {plain(one.name)}"[:140]) for code, one in titles.items() if one]
            if whole := explaining.is_whole(self.definition):
                choices.insert(0, ("", f"{self.definition.code}: {plain(self.definition.title)}"[:140]))
            field = forms.ChoiceField(
                label=_("Series"), choices=choices, initial=self.series or "", required=not whole
            )
            self._add("series", field, "series")
        if explaining.takes_statistic(self.definition, self.series):
            options = self.definition.calculation(self.series)[1]
            chosen = self.said.get("statistic") or options.get("statistic", "mean")
            field = forms.ChoiceField(label=_("Statistic"), choices=list(STATISTICS.items()), initial=chosen)
            self._add("statistic", field, "statistic")
        for number, role in enumerate(self.roles):
            label = ROLES.get(role.name, role.name.replace("_", " ").capitalize())
            field = self._column_field(
                label, self._part("columns").get(role.name), hint=plain(role.what) if role.what else ""
            )
            self._add(f"role_{number}", field, f"columns, {role.name}", f"recodes, {role.name}")
            column = self.columns.get(self._part("columns").get(role.name, ""))
            if role.answers and column:
                self._add_answers(number, role.name, str(label), column)

    def _add_answers(self, at: int, role: str, label: str, column: Mapping[str, Any]) -> None:
        """Which values of a column mean yes, where they do not say so themselves."""
        said = self._part("recodes").get(role) or {}
        for number, (value, words) in enumerate(column["values"].items()):
            field = forms.ChoiceField(
                label=f"{label}: {words or value}",
                choices=[("", _("as it says itself")), ("yes", _("yes")), ("no", _("no"))],
                initial=said.get(value, ""),
                required=False,
            )
            self._add(f"role_{at}_is_{number}", field)

    def _add_design(self) -> None:
        if not explaining.is_sampled(self.definition, self.series):
            return
        for name in DESIGN:
            field = self._column_field(DESIGN_WORDS[name], self._part("columns").get(name))
            self._add(name, field, f"columns, {name}")
        self._add(
            "nested",
            forms.BooleanField(
                label=_("Numbers of sampling units begin anew in every stratum"),
                required=False,
                initial=self.said.get("nested") is True,
            ),
            "nested",
        )
        self._add(
            "lonely",
            forms.ChoiceField(
                label=_("A stratum with one sampling unit"),
                choices=[(code, LONELY_WORDS[code]) for code in LONELY],
                initial=self.said.get("lonely", "refuse"),
            ),
            "lonely",
        )
        replicates = self._part("replicates")
        prefix = replicates.get("prefix") or replicates.get("columns")
        self._add(
            "replicates",
            forms.ChoiceField(
                label=_("Replicate weights"),
                choices=[("", _("none")), *((code, REPLICATION_WORDS[code]) for code in REPLICATIONS)],
                initial=replicates.get("kind", ""),
                required=False,
            ),
            "replicates, kind",
            "replicates",
        )
        self._add(
            "prefix",
            forms.CharField(
                label=_("Their columns begin with"),
                initial=prefix if isinstance(prefix, str) else "",
                required=False,
                max_length=60,
            ),
            "replicates, prefix",
            "replicates, columns",
        )

    def _add_breakdowns(self) -> None:
        chosen, recodes = self._part("dimensions"), self._part("recodes")
        for at, name in enumerate(self.dimensions):
            column = chosen.get(name)
            self._add(
                f"by_{at}",
                self._column_field(names.dimension(name), column),
                f"dimensions, {name}",
                f"recodes, {name}",
            )
            if column in self.columns:
                self._add_recode(at, name, self.columns[column], recodes.get(name) or {})
        for at in range(OWN):
            self._add(
                f"own_{at}",
                forms.CharField(
                    label=_("Breakdown of your own"),
                    required=False,
                    max_length=60,
                    widget=forms.TextInput(attrs={"list": "known-dimensions", "autocomplete": "off"}),
                ),
            )
            self._add(f"own_by_{at}", self._column_field(_("Column"), ""))
        tables = [
            ("+".join(one), " × ".join(names.dimension(each) for each in one))
            for one in explaining.crossings([name for name in self.dimensions if chosen.get(name)])
        ]
        if tables:
            self._add(
                "tables",
                forms.MultipleChoiceField(
                    label=_("Tables"),
                    choices=tables,
                    initial=["+".join(one) for one in self.measurement.tables],
                    required=False,
                    widget=forms.CheckboxSelectMultiple,
                    help_text=_("Each has all its totals. The total is always measured."),
                ),
            )

    def _add_recode(self, at: int, name: str, column: Mapping[str, Any], recode: Mapping[str, Any]) -> None:
        if column["values"]:
            for number, (value, label) in enumerate(column["values"].items()):
                code = recode.get(value) or recode.get(label, "") if label else recode.get(value, "")
                self._add(f"code_{at}_{number}", self._code_field(name, label or value, code))
        elif column["kind"] == "number":
            bands = [(code, ends) for code, ends in recode.items() if isinstance(ends, list)]
            for number in range(len(bands) + NEW_BANDS):
                code, (low, high) = bands[number] if number < len(bands) else ("", (None, None))
                for part, initial in (("from", low), ("to", high)):
                    field = forms.FloatField(
                        label=_("From") if part == "from" else _("To"), initial=initial, required=False
                    )
                    field.widget.attrs |= {"step": "any", "class": "short"}
                    self._add(f"{part}_{at}_{number}", field)
                self._add(f"band_{at}_{number}", self._code_field(name, _("Code"), code))
        if column["values"] or recode:
            self._add(f"other_{at}", other_field(recode.get("other")))

    def _code_field(self, dimension: str, label: str, chosen: Any) -> forms.Field:
        return code_field(self.national, dimension, label, chosen)

    def _add_conditions(self) -> None:
        where = list(self._part("where").items())
        for at in range(len(where) + CONDITIONS):
            column, entry = where[at] if at < len(where) else ("", None)
            ends = entry if isinstance(entry, dict) else {}
            words = entry if isinstance(entry, list) else [] if ends or entry is None else [entry]
            path = (f"where, {column}",) if column else ()
            self._add(f"where_{at}", self._column_field(_("Only rows where"), column), *path)
            self._add(
                f"where_is_{at}",
                forms.CharField(
                    label=_("is one of"),
                    initial=", ".join(str(word) for word in words),
                    required=False,
                    max_length=500,
                ),
            )
            for part, label in (("from", _("or from")), ("to", _("to"))):
                field = forms.FloatField(label=label, initial=ends.get(part), required=False)
                field.widget.attrs |= {"step": "any", "class": "short"}
                self._add(f"where_{part}_{at}", field)

    def _add_asked(self) -> None:
        reliability, rules = self._part("reliability"), self._part("disclosure")
        least = explaining.minimum(self.definition, self.measurement.lowered)
        self._add(
            "minimum_n",
            forms.IntegerField(
                label=_("Unreliable below so many respondents"),
                initial=reliability.get("minimum_n"),
                required=False,
                min_value=1,
            ),
            "reliability, minimum_n",
        )
        self._add(
            "maximum_cv",
            forms.FloatField(
                label=_("Unreliable above this coefficient of variation"),
                initial=reliability.get("maximum_cv"),
                required=False,
                min_value=0,
                help_text=_("As a share: 0.3 is 30 %."),
            ),
            "reliability, maximum_cv",
        )
        self.fields["maximum_cv"].widget.attrs["step"] = "any"
        given = rules.get("n_k")
        pair = given if isinstance(given, list) and len(given) == 2 else [None, None]
        self._add(
            "minimum",
            forms.IntegerField(
                label=_("Fewest respondents of a cell"),
                initial=rules.get("minimum") or least,
                required=False,
                min_value=1,
                help_text=_("The definition asks for {minimum}.").format(minimum=self.definition.minimum_cell)
                if self.definition.minimum_cell
                else _("The definition sets none."),
            ),
            "disclosure, minimum",
            "disclosure",
        )
        for name, label, initial, path in (
            (
                "p_percent",
                _("p % rule: nobody is to be known to within p %"),
                rules.get("p_percent"),
                "p_percent",
            ),
            ("rule_n", _("(n, k) rule: the n largest respondents"), pair[0], "n_k"),
            ("rule_k", _("give at most k % of the total"), pair[1], "n_k"),
        ):
            field = forms.FloatField(label=label, initial=initial, required=False, min_value=0)
            field.widget.attrs["step"] = "any"
            self._add(name, field, f"disclosure, {path}")
        self._add(
            "unanimous",
            forms.BooleanField(
                label=_("Hide shares of exactly 0 or 100 %"),
                required=False,
                initial=rules.get("unanimous") is True,
            ),
            "disclosure, unanimous",
        )

    def _add_engine(self, clusters: Sequence[str]) -> None:
        """Where it is computed, if there is a choice."""
        chosen = self.measurement.engine
        if not clusters and not chosen:
            return
        choices = [("", _("on this server")), *((name, name) for name in clusters)]
        if chosen and chosen not in clusters:
            choices.append((chosen, _("{cluster} (not allowed any more)").format(cluster=chosen)))
        field = forms.ChoiceField(label=_("Cluster"), choices=choices, initial=chosen, required=False)
        field.help_text = _("For more records than this server can take: the cluster reads them here.")
        self._add("engine", field, "engine")

    # For the page

    def group(self, *prefixes: str) -> list[Any]:
        """The fields whose names begin so, in their order."""
        return [self[name] for name in self.fields if name.startswith(prefixes)]

    @property
    def method_fields(self) -> list[Any]:
        """What is measured, and from which columns."""
        return self.group("series", "statistic", "role_")

    @property
    def design_fields(self) -> list[Any]:
        """How the sample was drawn."""
        return [self[name] for name in (*DESIGN, "nested", "lonely") if name in self.fields]

    @property
    def replicate_fields(self) -> list[Any]:
        """Replicate weights."""
        return [self[name] for name in ("replicates", "prefix") if name in self.fields]

    @property
    def breakdowns(self) -> list[Breakdown]:
        """Each breakdown with its column, values and bands."""
        return [self._breakdown(at, name) for at, name in enumerate(self.dimensions)]

    def _breakdown(self, at: int, name: str) -> Breakdown:
        column = self.columns.get(self._part("dimensions").get(name, ""))
        said: dict[str, str] = column["values"] if column else {}
        values = [
            Value(value, label, self[f"code_{at}_{number}"])
            for number, (value, label) in enumerate(said.items())
            if f"code_{at}_{number}" in self.fields
        ]
        bands = [
            (self[f"from_{at}_{number}"], self[f"to_{at}_{number}"], self[f"band_{at}_{number}"])
            for number in _while(lambda number: f"band_{at}_{number}" in self.fields)
        ]
        other = self[f"other_{at}"] if f"other_{at}" in self.fields else None
        return Breakdown(name, names.dimension(name), self[f"by_{at}"], values, bands, other)

    @property
    def own(self) -> list[tuple[Any, Any]]:
        """Lines for breakdowns of one's own."""
        return [(self[f"own_{at}"], self[f"own_by_{at}"]) for at in range(OWN)]

    @property
    def conditions(self) -> list[list[Any]]:
        """Lines of conditions."""
        numbers = _while(lambda at: f"where_{at}" in self.fields)
        return [
            [self[f"{part}_{at}"] for part in ("where", "where_is", "where_from", "where_to")]
            for at in numbers
        ]

    @property
    def asked_fields(self) -> list[Any]:
        """What the office asks of the result: reliability."""
        return [self["minimum_n"], self["maximum_cv"]]

    @property
    def engine_fields(self) -> list[Any]:
        """Where it is computed."""
        return [self["engine"]] if "engine" in self.fields else []

    @property
    def too_long(self) -> list[str]:
        """The columns of breakdowns whose rows were too many to be looked through."""
        return [name for name, column in self.columns.items() if column.get("whole") is False]

    @property
    def rule_fields(self) -> list[Any]:
        """The rules of disclosure control."""
        return [self[name] for name in ("minimum", "p_percent", "rule_n", "rule_k", "unanimous")]

    @property
    def suggestions(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """(id, [(code, name)]) of the lists that fields suggest from."""
        known = [(name, names.dimension(name)) for name in self.national.dimensions]
        found = [("known-dimensions", known)]
        return [*found, *suggestions(self.national, self._part("dimensions"))]

    # What was said

    def data_said(self) -> dict[str, Any]:
        """The mapping as plain data; entries that the page does not show stay as they are."""
        typed = self.cleaned_data
        series = (typed["series"] or None) if "series" in typed else self.series
        data = {**self.said, **explaining.governed(self.definition, series)}
        if "lonely" in typed:
            data["lonely"] = typed["lonely"]
        if "statistic" in typed:
            usual = self.definition.calculation(self.series)[1].get("statistic", "mean")
            data["statistic"] = typed["statistic"] if typed["statistic"] != usual else None
        if data.get("lonely") == "refuse":
            del data["lonely"]
        data["nested"] = typed.get("nested", False)
        shown = {role.name for role in self.roles} | set(DESIGN)
        data["columns"] = {
            **{name: column for name, column in self._part("columns").items() if name not in shown},
            **{role.name: typed[f"role_{at}"] for at, role in enumerate(self.roles) if typed[f"role_{at}"]},
            **{name: typed[name] for name in DESIGN if typed.get(name)},
        }
        data["replicates"] = self._replicates_said()
        data["dimensions"] = {
            name: typed[f"by_{at}"] for at, name in enumerate(self.dimensions) if typed[f"by_{at}"]
        } | {
            typed[f"own_{at}"].strip(): typed[f"own_by_{at}"]
            for at in range(OWN)
            if typed[f"own_{at}"].strip() and typed[f"own_by_{at}"]
        }
        data["recodes"] = self._recodes_said(data["dimensions"])
        base = explaining.base_of(
            code for code in data["recodes"].get(explaining.MIGRATORY, {}).values() if isinstance(code, str)
        )
        if base or explaining.MIGRATORY not in data["dimensions"]:
            data["migratory_base"] = base
        data["where"] = self._conditions_said()
        data["reliability"] = {
            name: typed[name] for name in ("minimum_n", "maximum_cv") if typed.get(name) is not None
        }
        data["disclosure"] = self._rules_said()
        return explaining.tidy(data)

    def _replicates_said(self) -> dict[str, Any]:
        typed, before = self.cleaned_data, self._part("replicates")
        if not typed.get("replicates"):
            return {}
        found = {**before, "kind": typed["replicates"]}
        if typed.get("prefix"):
            found = {name: entry for name, entry in found.items() if name != "columns"}
            found["prefix"] = typed["prefix"]
        return found

    def _recodes_said(self, dimensions: Mapping[str, str]) -> dict[str, Any]:
        """The recodes of dimensions whose columns stay; of those that are new, a first guess."""
        before = self._part("dimensions")
        found = {name: entry for name, entry in self._part("recodes").items() if name not in self.dimensions}
        found |= self._answers_said()
        for name, column in dimensions.items():
            known = self.columns.get(column)
            if known is None:
                continue
            if before.get(name) != column:
                recode = explaining.suggested_recode(name, known, self.national)
            else:
                recode = self._recode_said(self.dimensions.index(name), name, known)
            if recode:
                found[name] = recode
        return found

    def _answers_said(self) -> dict[str, Any]:
        """{role: {value: yes or no}} of the columns whose values were given an answer."""
        found = {}
        for at, role in enumerate(self.roles):
            column = self.columns.get(self._part("columns").get(role.name, ""))
            if role.answers and column and self.cleaned_data[f"role_{at}"] == column["name"]:
                said = {
                    value: answer
                    for number, value in enumerate(column["values"])
                    if (answer := self.cleaned_data.get(f"role_{at}_is_{number}"))
                }
                if said:
                    found[role.name] = said
        return found

    def _recode_said(self, at: int, name: str, column: Mapping[str, Any]) -> dict[str, Any]:
        typed, before = self.cleaned_data, self._part("recodes").get(name) or {}
        found: dict[str, Any] = {}
        if column["values"]:
            fields = enumerate(column["values"])
            found = {value: code for number, value in fields if (code := typed.get(f"code_{at}_{number}"))}
            found = {**not_shown(before, column), **found}
        elif column["kind"] == "number":
            for number in _while(lambda number: f"band_{at}_{number}" in self.fields):
                low, high = typed.get(f"from_{at}_{number}"), typed.get(f"to_{at}_{number}")
                if code := typed.get(f"band_{at}_{number}"):
                    found[code] = [_whole(low), _whole(high)]
        else:
            return before
        if not found:
            return {}
        if "missing" in before:
            found["missing"] = before["missing"]
        if other := typed.get(f"other_{at}"):
            found["other"] = other
        return found

    def _conditions_said(self) -> dict[str, Any]:
        typed = self.cleaned_data
        found: dict[str, Any] = {}
        for at in _while(lambda at: f"where_{at}" in self.fields):
            column = typed.get(f"where_{at}")
            words = [word.strip() for word in typed.get(f"where_is_{at}", "").split(",") if word.strip()]
            ends = {part: typed.get(f"where_{part}_{at}") for part in ("from", "to")}
            ends = {part: _whole(end) for part, end in ends.items() if end is not None}
            if column and (words or ends):
                found[column] = words or ends
        return found

    def _rules_said(self) -> dict[str, Any]:
        typed, before = self.cleaned_data, self._part("disclosure")
        shown = ("minimum", "p_percent", "n_k", "unanimous")
        found = {name: entry for name, entry in before.items() if name not in shown}
        least = explaining.minimum(self.definition, self.measurement.lowered)
        if typed.get("minimum") and typed["minimum"] != least:
            found["minimum"] = typed["minimum"]
        if typed.get("p_percent") is not None:
            found["p_percent"] = _whole(typed["p_percent"])
        if typed.get("rule_n") is not None and typed.get("rule_k") is not None:
            found["n_k"] = [_whole(typed["rule_n"]), _whole(typed["rule_k"])]
        if typed.get("unanimous"):
            found["unanimous"] = True
        return found

    def tables_said(self) -> list[list[str]]:
        """The breakdowns that are crossed; one that is new by itself."""
        chosen = [one.split("+") for one in self.cleaned_data.get("tables", [])]
        before = self._part("dimensions")
        new = [[name] for name in self.data_said().get("dimensions", {}) if name not in before]
        return [*chosen, *new]

    def show(self, problems: Iterable[Problem], words: Any) -> None:
        """Each fault of the mapping at its field, else above the form; `words` says it in a sentence."""
        for problem in problems:
            path = problem.origin.column or ""
            self.add_error(self._field_of(path), words(problem))
            if problem.code == "values-uncoded":
                self._mark_uncoded(path.rpartition(", ")[2])

    def _mark_uncoded(self, dimension: str) -> None:
        """A word at each value without a code."""
        for field in (line.field for one in self.breakdowns if one.name == dimension for line in one.values):
            if not field.value():
                self.add_error(field.name, _("Give it a code."))

    def _field_of(self, path: str) -> str | None:
        """The field of the entry that a fault names, or of the one that it lies in."""
        while path:
            if path in self._paths:
                return self._paths[path]
            path = path.rpartition(", ")[0]
        return None


class MappingForm(forms.Form):
    """A mapping file instead of the form."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    mapping = forms.FileField(
        label=gettext_lazy("Mapping file"),
        help_text=gettext_lazy("As milepost measure --mapping takes it (.yaml)."),
    )


class LowerForm(forms.Form):
    """Less protection than the definition asks for."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    minimum = forms.IntegerField(
        label=lazy("Fewest respondents of a cell"),
        min_value=0,
        max_value=1000,
        help_text=lazy("0 hides nothing at all."),
    )
    reason = forms.CharField(label=lazy("Reason"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))


class DeedForm(forms.Form):
    """A deed on a measurement as the person saw it."""

    revision = forms.IntegerField(widget=forms.HiddenInput)


class DatasetForm(DeedForm):
    """What stands with the figures when they go on."""

    title = forms.CharField(label=lazy("Title"), max_length=200)
    source = forms.CharField(
        label=lazy("Source of the data"),
        required=False,
        max_length=300,
        help_text=lazy("The survey or register, such as Labour force survey 2025. It is published."),
    )
    comment = forms.CharField(
        label=lazy("Comment on the values"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=lazy("It is published with every value."),
    )
    note = forms.CharField(
        label=lazy("Note"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=lazy(
            "For the reviewer. Of a correction it is public: what was wrong, and how it came to light."
        ),
    )
    correction = forms.BooleanField(
        label=lazy("It corrects figures that were published wrong"), required=False
    )

    def clean(self) -> dict[str, Any]:
        """A correction needs its note."""
        cleaned = super().clean() or {}
        if cleaned.get("correction") and not (cleaned.get("note") or "").strip():
            self.add_error("note", _("Say what was wrong: this note is published with the correction."))
        return cleaned


def column_field(
    columns: Mapping[str, Mapping[str, Any]], label: Any, chosen: Any, *, hint: Any = ""
) -> forms.ChoiceField:
    """One of the columns, or none; one that the file does not have stays to be seen."""
    chosen = chosen if isinstance(chosen, str) else ""
    choices = [("", _("none")), *((name, _called(column)) for name, column in columns.items())]
    if chosen and chosen not in columns:
        choices.append((chosen, _("{column} (not in this file)").format(column=chosen)))
    return forms.ChoiceField(label=label, choices=choices, initial=chosen, required=False, help_text=hint)


def code_field(national: National, dimension: str, label: str, chosen: Any) -> forms.Field:
    """The code of a value: chosen from the code list, or typed where that is long or any word will do."""
    codes = codes_of(national, dimension)
    chosen = str(chosen or "")
    if not codes or len(codes) > LONGEST_LIST:
        attributes = {"list": f"codes-{dimension}", "autocomplete": "off"} if codes else {}
        return forms.CharField(
            label=label,
            initial=chosen,
            required=False,
            max_length=60,
            widget=forms.TextInput(attrs=attributes),
        )
    choices: list[Any] = [("", _("not said")), *_grouped(dimension, codes)]
    if chosen and chosen not in codes:
        choices.append((chosen, chosen))
    return forms.ChoiceField(label=label, choices=choices, initial=chosen, required=False)


def codes_of(national: National, dimension: str) -> dict[str, Text]:
    """{code: name} of a dimension, with the code for unknown; {} where any word will do."""
    found = {
        code: name
        for code, name in national.names(dimension).items()
        if code != "_T" and not (dimension == explaining.MIGRATORY and code.startswith("MS_"))
    }
    return {**found, explaining.MISSING: found.get(explaining.MISSING, _unknown())} if found else {}


def suggestions(national: National, dimensions: Iterable[str]) -> list[tuple[str, list[tuple[str, str]]]]:
    """(id, [(code, name)]) of the long code lists that fields suggest from."""
    found = []
    for name in dimensions:
        codes = codes_of(national, name)
        if len(codes) > LONGEST_LIST:
            found.append((f"codes-{name}", [(code, plain(words)) for code, words in codes.items()]))
    return found


def not_shown(recode: Mapping[str, Any], column: Mapping[str, Any]) -> dict[str, Any]:
    """The codes of values that other files with these columns have; the page keeps what it does not show."""
    shown = {*column["values"], *column["values"].values(), "missing", "other"}
    return {
        value: code for value, code in recode.items() if str(value) not in shown and isinstance(code, str)
    }


def other_field(chosen: Any) -> forms.CharField:
    """The code that every value takes that has none of its own."""
    return forms.CharField(
        label=_("Code for every other value"),
        initial=chosen or "",
        required=False,
        max_length=60,
        help_text=_("Left blank, another value stops the measurement. Blank cells are unknown (_U)."),
    )


def _called(column: Mapping[str, Any]) -> str:
    says = column["says"]
    return f"{column['name']}: {says}"[:100] if says else column["name"]


def _grouped(dimension: str, codes: Mapping[str, Text]) -> list[Any]:
    """The codes as choices; of the migratory status by what it rests on."""
    said = [(code, f"{code} – {plain(name)}") for code, name in codes.items()]
    if dimension != explaining.MIGRATORY:
        return said
    bases = {"birth": _("By country of birth"), "citizenship": _("By citizenship")}
    grouped: list[Any] = [
        (words, [one for one in said if explaining.base_of([one[0]]) == base])
        for base, words in bases.items()
    ]
    return [*grouped, *(one for one in said if explaining.base_of([one[0]]) is None)]


def _unknown() -> Text:
    return Text(en="Unknown", ru="Неизвестно")


def _whole(number: float | None) -> float | int | None:
    return int(number) if number is not None and float(number).is_integer() else number


def _while(there: Any) -> list[int]:
    """The numbers from 0 as long as there is one."""
    found = []
    for number in count():
        if not there(number):
            return found
        found.append(number)
    return found
