"""Records are compared with what is current, against a page of plain Python that is slow and obvious."""

from dataclasses import dataclass

from hypothesis import given, settings
from hypothesis import strategies as st

from milepost.recipes.incoming import Current, Quantity, Record, compare, row_key, tally


def record(number, period="2020", value=1.0, status="A", note="", sex="", refused=False):
    quantity = Quantity(series="S", breakdown=(("sex", sex),) if sex else ())
    return Record(
        number=number,
        sheet="",
        line=number + 1,
        cells={"obs_value": str(value)},
        indicator="10.7.1",
        quantity=quantity,
        period=period,
        year=2020,
        value=value,
        status=status,
        lower=None,
        upper=None,
        attributes={"comment_obs": note} if note else {},
        problems=(),
        key="" if refused else row_key("10.7.1", quantity, period),
    )


def outcomes(records, current=None, decisions=None):
    return [one.outcome for one in compare(records, current or {}, decisions or {})]


def current_of(*records):
    return {one.key: Current(one.value, one.status, one.lower, one.upper, one.attributes) for one in records}


def test_a_row_adds_changes_or_says_the_same():
    current = current_of(record(1), record(2, period="2021"))
    found = compare([record(1), record(2, period="2021", value=2.0), record(3, period="2022")], current)
    assert [one.outcome for one in found] == ["same", "change", "add"]
    assert found[1].before == {"value": 1.0, "status": "A", "lower": None, "upper": None, "attributes": {}}
    assert tally(found) == {"add": 1, "change": 1, "same": 1, "conflict": 0, "refused": 0}


def test_a_comment_or_a_status_that_differs_is_a_change():
    current = current_of(record(1))
    assert outcomes([record(1, note="revised")], current) == ["change"]
    assert outcomes([record(1, status="E")], current) == ["change"]


def test_a_row_said_twice_counts_once_and_the_repeat_is_told():
    found = compare([record(1), record(2)], {})
    assert [one.outcome for one in found] == ["add", "same"]
    assert [problem.code for problem in found[1].problems] == ["same-figure-twice"]


def test_rows_that_contradict_each_other_are_all_in_conflict_until_one_is_used_and_the_others_left():
    rows = [record(1, value=1.0), record(2, value=2.0), record(3, value=2.0), record(4, period="2021")]
    assert outcomes(rows) == ["conflict", "conflict", "conflict", "add"]
    assert outcomes(rows, decisions={1: "use"}) == ["conflict", "conflict", "conflict", "add"]
    assert outcomes(rows, decisions={1: "use", 2: "leave", 3: "leave"}) == ["add", "same", "same", "add"]
    assert outcomes(rows, decisions={1: "leave", 2: "use", 3: "leave"}) == ["same", "add", "same", "add"]
    assert outcomes(rows, decisions={1: "leave", 2: "leave", 3: "leave"}) == ["same", "same", "same", "add"]


def test_a_change_can_be_left_out():
    current = current_of(record(1))
    (judged,) = compare([record(1, value=5.0)], current, {1: "leave"})
    assert (judged.outcome, judged.before) == ("same", None)
    assert [problem.code for problem in judged.problems] == ["left-by-decision"]


def test_a_refused_row_takes_no_part():
    assert outcomes([record(1, refused=True), record(2, refused=True, value=9.0)]) == ["refused", "refused"]


@dataclass
class Obvious:
    """The rule as one would tell it, looking at every other row for each row."""

    rows: list
    current: dict
    decisions: dict

    def outcome(self, row):
        if not row.key:
            return "refused"
        alike = [one for one in self.rows if one.key == row.key]
        staying = [one for one in alike if self.decisions.get(one.number) != "leave"]
        said = {self.said(one) for one in staying}
        contradicted = len({self.said(one) for one in alike}) > 1
        used = any(self.decisions.get(one.number) == "use" for one in staying)
        if len(said) > 1 or (len(said) == 1 and contradicted and not used):
            return "conflict"
        if row not in staying or row is not staying[0]:
            return "same"
        now = self.current.get(row.key)
        if now is None:
            return "add"
        return "same" if self.said(row) == self.said(now) else "change"

    @staticmethod
    def said(one):
        return (one.value, one.status, one.lower, one.upper, tuple(sorted(one.attributes.items())))


@st.composite
def deliveries(draw):
    count = draw(st.integers(0, 9))
    few = {
        "period": st.sampled_from(["2020", "2021", "2022"]),
        "value": st.sampled_from([1.0, 2.0, 1e-9]),
        "status": st.sampled_from(["A", "E"]),
        "note": st.sampled_from(["", "revised"]),
        "sex": st.sampled_from(["", "F"]),
    }
    made = [
        record(n, refused=draw(st.integers(0, 5)) == 0, **{name: draw(one) for name, one in few.items()})
        for n in range(1, count + 1)
    ]
    known = [
        record(0, **{name: draw(one) for name, one in few.items()}) for _ in range(draw(st.integers(0, 4)))
    ]
    decided = {n: draw(st.sampled_from(["use", "leave", ""])) for n in range(1, count + 1)}
    return made, current_of(*known), {n: text for n, text in decided.items() if text}


@settings(max_examples=400, deadline=None)
@given(deliveries())
def test_comparing_agrees_with_the_obvious_rule(delivery):
    rows, current, decisions = delivery
    obvious = Obvious(rows, current, decisions)
    assert outcomes(rows, current, decisions) == [obvious.outcome(row) for row in rows]
    assert sum(tally(compare(rows, current, decisions)).values()) == len(rows)
