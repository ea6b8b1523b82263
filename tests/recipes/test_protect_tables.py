import pytest

from milepost.disclosure import Rules
from milepost.errors import MilepostError
from milepost.recipes import protect

TABLE = """\
sex,region,value,n
_T,_T,120,120
F,_T,63,63
M,_T,57,57
_T,North,70,70
_T,South,50,50
F,North,60,60
F,South,3,3
M,North,10,10
M,South,47,47
"""


@pytest.fixture
def write(tmp_path):
    def write(text, name="table.csv"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


def codes(error):
    return [problem.code for problem in error.value.problems]


def test_a_table_of_counts_comes_back_with_its_unsafe_cell_and_three_more_blank(write):
    protected = protect.protect_table(write(TABLE), rules=Rules(minimum=5))
    assert protected.dimensions == ("sex", "region")
    assert protected.columns == ("sex", "region", "value", "n", "status")
    blank = [(row["sex"], row["region"]) for row in protected.rows if row["status"] == "Q"]
    assert blank == [("F", "North"), ("F", "South"), ("M", "North"), ("M", "South")]
    assert all(row["value"] == row["n"] == "" for row in protected.rows if row["status"] == "Q")
    assert protected.rows[0] == {"sex": "_T", "region": "_T", "value": "120", "n": "120", "status": "A"}


def test_the_protocol_says_why_and_that_it_is_not_public(write):
    protected = protect.protect_table(write(TABLE), rules=Rules(minimum=5))
    protocol = protect.protocol_as_dict(protected)
    assert protocol["public"] is False
    assert protocol["counts"] == {"few-respondents": 1, "complement": 3}
    assert protocol["rules"]["minimum"] == 5


def test_columns_may_be_named_and_totals_may_be_words(write):
    text = TABLE.replace("_T", "Total").replace("value,n", "people,asked")
    protected = protect.protect_table(
        write(text), dimensions=["sex", "region"], n="asked", value="people", rules=Rules(minimum=5)
    )
    assert sum(row["status"] == "Q" for row in protected.rows) == 4


def test_shares_are_protected_by_their_counts_and_what_they_are_made_of_is_not_given_out(write):
    text = """\
Year,Sex,Value,N,SE,Numerator,Denominator
2024,,25,100,4.3,25,100
2024,F,33.3,3,30,1,3
2024,M,24.7,97,4.4,24,97
"""
    protected = protect.protect_table(write(text), rules=Rules(minimum=5))
    assert protected.columns == ("Year", "Sex", "Value", "N", "SE", "status")
    assert [row["status"] for row in protected.rows] == ["A", "Q", "Q"]
    assert [row["SE"] for row in protected.rows] == ["4.3", "", ""]


def test_values_that_do_not_add_up_are_taken_for_ratios(write):
    text = "sex,value,n\n_T,50,100\nF,55,40\nM,47,60\n"
    protected = protect.protect_table(write(text), rules=Rules(minimum=5))
    assert [row["value"] for row in protected.rows] == ["50", "55", "47"]
    with pytest.raises(MilepostError) as error:
        protect.protect_table(write(text), rules=Rules(minimum=5, rounding=5))
    assert codes(error) == ["rounding-of-ratio"]


def test_totals_that_were_rounded_to_a_decimal_still_add_up(write):
    text = "sex,value,n\n_T,100.0,90\nF,33.3,30\nM,33.3,30\nO,33.3,30\n"
    protected = protect.protect_table(write(text), rules=Rules(minimum=5, rounding=5))
    assert [row["value"] for row in protected.rows] == ["100", "35", "35", "35"]


def test_a_margin_smaller_than_its_parts_is_refused_with_its_row(write):
    with pytest.raises(MilepostError) as error:
        protect.protect_table(write(TABLE.replace("F,_T,63,63", "F,_T,62,62")), rules=Rules(minimum=5))
    assert codes(error) == ["margins-do-not-add"]
    assert error.value.problems[0].details["row"] == 3


def test_a_previous_release_is_known_to_the_attacker(write):
    previous = write("sex,region,value,n\nM,South,47,47\n", "before.csv")
    with pytest.raises(MilepostError) as error:
        protect.protect_table(
            write("sex,value,n\n_T,50,50\nF,3,3\nM,47,47\n"),
            previous=write("sex,value,n\nM,47,47\n_T,50,50\n", "old.csv"),
            rules=Rules(minimum=5),
        )
    assert codes(error) == ["cannot-protect"]
    protected = protect.protect_table(write(TABLE), previous=previous, rules=Rules(minimum=5))
    out = {(row["sex"], row["region"]) for row in protected.rows if row["status"] == "Q"}
    assert ("F", "South") in out
    assert ("M", "South") not in out


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("value,n\n3,3\n", "no-dimensions"),
        ("sex,region\nF,North\n", "nothing-to-protect"),
        ("sex,value,n\nF,3,three\n", "number-unreadable"),
        ("sex,value,n\nF,3,3\nF,3,3\n", "cell-twice"),
        ("sex,value\nF,3\nM,9\n", "respondents-missing"),
    ],
)
def test_what_is_wrong_with_a_table_is_said(write, text, code):
    with pytest.raises(MilepostError) as error:
        protect.protect_table(write(text), rules=Rules(minimum=5))
    assert codes(error) == [code]


def test_a_column_that_is_not_there_is_named(write):
    with pytest.raises(MilepostError) as error:
        protect.protect_table(write(TABLE), n="asked", rules=Rules(minimum=5))
    assert codes(error) == ["column-missing"]
