"""An import of IATI says what it adds, overwrites and leaves, field by field."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from milepost.recipes import iati
from milepost.values import Text
from milepost.values.project import Budget, Money, Party, Project, Share
from milepost.values.results import Baseline, Figure, Reference, ReportingPeriod, Result, ResultIndicator

FIGURE = Figure(Decimal(50), numerator=Decimal(1), denominator=Decimal(2))
INDICATOR = ResultIndicator(
    "1.1",
    Text(en="Share"),
    unit="%",
    direction="maintain",
    over_time="ratio",
    baseline=Baseline(2021, None, (FIGURE,)),
    periods=(ReportingPeriod(date(2022, 1, 1), date(2022, 12, 31), targets=(FIGURE,)),),
)
KNOWN = Project(
    "P1",
    Text(en="Return"),
    status="2",
    days=(("planned_start", date(2022, 1, 1)),),
    budgets=(Budget(date(2022, 1, 1), date(2022, 12, 31), Money(Decimal(5), "USD"), line="staff"),),
    results=(Result("1", "output", Text(en="Helped"), indicators=(INDICATOR,)),),
)


def as_iati_has_it(indicator, **changes):
    plain = replace(FIGURE, numerator=None, denominator=None)
    return ResultIndicator(
        indicator.code,
        indicator.title,
        baseline=Baseline(2021, None, (plain,)),
        periods=(ReportingPeriod(date(2022, 1, 1), date(2022, 12, 31), targets=(plain,), **changes),),
    )


def test_a_new_project_is_all_added():
    (found,) = iati.compare([KNOWN], {})
    assert found.is_new
    assert {change.field for change in found.adds} >= {"title", "status", "days/planned_start", "budgets"}
    assert found.overwrites == found.leaves == ()


def test_fields_are_added_overwritten_or_left_one_by_one():
    file = replace(
        KNOWN,
        title=Text(en="Safe return"),
        description=Text(en="Words"),
        days=(("planned_start", date(2022, 1, 1)), ("actual_start", date(2022, 2, 1))),
    )
    (found,) = iati.compare([file], {"P1": KNOWN})
    assert not found.is_new
    assert [change.field for change in found.adds] == ["description", "days/actual_start"]
    assert found.overwrites == (iati.Change("title", Text(en="Return"), Text(en="Safe return")),)
    assert "days/planned_start" in found.leaves


def test_what_a_file_does_not_say_overwrites_nothing():
    (found,) = iati.compare([Project("P1", Text())], {"P1": KNOWN})
    assert found.adds == found.overwrites == ()
    assert {"title", "status", "budgets", "results/1/title"} <= set(found.leaves)


def test_what_iati_has_no_place_for_is_not_overwritten():
    """Rules of aggregation, direction "maintain", budget lines, numerators: not to say them is no change."""
    new = (Figure(Decimal(45)),)
    indicator = as_iati_has_it(INDICATOR, actuals=new)
    file = replace(
        KNOWN,
        budgets=(replace(KNOWN.budgets[0], line=""),),
        results=(replace(KNOWN.results[0], indicators=(indicator,)),),
    )
    (found,) = iati.compare([file], {"P1": KNOWN})
    assert found.overwrites == ()
    field = "results/1/indicators/1.1/periods/2022-01-01 2022-12-31/actuals"
    assert found.adds == (iati.Change(field, None, new),)


def test_lists_are_compared_element_by_element():
    donor = Party(Text(en="Donor"), "1", "XX-1", "10")
    known = replace(KNOWN, parties=(donor,), tags=(Reference("3", "10.7"),), countries=(Share("XS"),))
    file = replace(
        KNOWN,
        parties=(Party(Text(en="Helper"), "4"),),
        tags=(Reference("3", "10.7"), Reference("3", "8.8")),
        countries=(Share("XS", percentage=Decimal(40)), Share("XT", percentage=Decimal(60))),
    )
    (found,) = iati.compare([file], {"P1": known})
    assert [change.field for change in found.adds] == ["parties/4/Helper", "countries/XT", "tags/3/8.8"]
    assert [change.field for change in found.overwrites] == ["countries/XS"]
    assert {"parties/1/XX-1", "tags/3/10.7"} <= set(found.leaves)


def test_what_a_file_does_not_say_of_an_element_overwrites_nothing():
    known = replace(KNOWN, sectors=(Share("15190", "1", Decimal(100), Text(en="Migration")),))
    (found,) = iati.compare([replace(KNOWN, sectors=(Share("15190"),))], {"P1": known})
    assert found.adds == found.overwrites == ()
    assert "sectors/1/15190" in found.leaves


def test_a_percentage_of_zero_is_said():
    known = replace(KNOWN, countries=(Share("XS", percentage=Decimal(40)),))
    (found,) = iati.compare([replace(KNOWN, countries=(Share("XS", percentage=Decimal(0)),))], {"P1": known})
    assert [change.field for change in found.overwrites] == ["countries/XS"]


def test_the_same_element_named_twice_is_not_lost():
    twice = (Share("XS", percentage=Decimal(40)), Share("XS", percentage=Decimal(60)))
    (found,) = iati.compare([replace(KNOWN, countries=twice)], {"P1": KNOWN})
    assert [change.field for change in found.adds] == ["countries/XS", "countries/XS (2)"]
