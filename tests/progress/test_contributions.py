"""What projects bring to a target is added up by unit, each thing once."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from milepost.progress.contributions import Claim, contributed
from milepost.values.figures import Amount

PARTS = st.sampled_from([Decimal(1), Decimal("0.5"), Decimal("0.25")])
AMOUNTS = st.one_of(
    st.integers(0, 1000).map(lambda number: Amount(Decimal(number))),
    st.sampled_from(["missing", "not_reported", "not_applicable"]).map(lambda why: Amount(reason=why)),
)


def claim(key, number, unit="persons", **more):
    return Claim(key, unit, **{"measure": "number", "direction": "up", **more, "amount": Amount(number)})


def test_a_percentage_and_what_is_to_be_kept_are_not_added():
    found = contributed(
        [
            claim(1, Decimal(40)),
            claim(2, Decimal(80), "per cent", measure="percentage"),
            claim(3, Decimal(7), direction="maintain"),
        ]
    )
    assert [(one.unit, one.value) for one in found.sums] == [("persons", 40)]
    assert [(one.claim.key, one.why) for one in found.left_out] == [(2, "not_additive"), (3, "maintained")]


def test_zero_is_counted_and_nothing_reported_is_not():
    silent = Claim(2, "persons", "number", "up", Amount(reason="not_reported"))
    found = contributed([claim(1, Decimal(0)), silent])
    assert [(one.value, len(one.counted)) for one in found.sums] == [(0, 1)]
    assert [one.why for one in found.left_out] == ["not_reported"]


def test_different_units_stay_apart():
    found = contributed(
        [claim(1, Decimal(4)), claim(2, Decimal(3), "schools"), claim(3, Decimal(5), " PERSONS")]
    )
    assert [(one.unit, one.value) for one in found.sums] == [("persons", 9), ("schools", 3)]


@given(
    st.lists(
        st.tuples(st.sampled_from(["persons", "Persons ", "schools"]), AMOUNTS, PARTS, st.booleans()),
        max_size=12,
    )
)
def test_sums_are_those_of_counting_one_by_one(drawn):
    claims = [
        Claim(key, unit, "number", "up", amount, share, counted_in=99 if elsewhere else None)
        for key, (unit, amount, share, elsewhere) in enumerate(drawn)
    ]
    found = contributed(claims)
    for unit in ("persons", "schools"):
        expected = [
            amount.value * share
            for its, amount, share, elsewhere in drawn
            if its.strip().lower() == unit and amount.value is not None and not elsewhere
        ]
        said = [one for one in found.sums if one.unit.lower() == unit]
        assert [one.value for one in said] == ([sum(expected)] if expected else [])
    told = [each.claim.key for one in found.sums for each in one.counted] + [
        one.claim.key for one in found.left_out
    ]
    assert sorted(told) == list(range(len(drawn)))
