import csv
import io
import re

from tests.web.portal.test_the_indicator_page import words

PAGE = "/en/xs/coverage/"


def cells(html, code):
    """What the row of an indicator says, cell by cell, for the ear."""
    row = next(part for part in html.split("<tbody>")[1].split("<tr>") if f">{code}</a>" in part)
    found = re.findall(r"(?s)<td[^>]*>(.*?)</td>", row)
    return [re.sub(r"<[^>]+>", "", cell).strip() for cell in found]


def test_the_first_sentence_says_what_cannot_be_measured_and_for_whom(published, read):
    said = words(read(PAGE))
    assert "Of 5 indicators, 3 cannot be measured with national figures yet." in said
    assert (
        "Breakdowns that definitions ask for and that are most often missing: sex (3 of 4), age (3 of 3)"
        in said
    )
    assert "Without a national figure: 10.7.2, 10.7.4, 16.2.2" in said


def test_russian_says_the_same(published, read):
    said = words(read("/ru/xs/coverage/"))
    assert "Из 5 показателей по национальным данным пока нельзя измерить: 3." in said
    assert "пол (3 из 4), возраст (3 из 3)" in said


def test_a_cell_is_said_in_words_with_its_years(published, read):
    html = read(PAGE)
    heads = re.findall(r'<th scope="col">(.*?)</th>', html)[1:]
    row = dict(zip(heads, cells(html, "10.7.1"), strict=True))
    assert row["Total"] == "National figure 2018–2024"
    assert row["Sex"] == "National figure 2022–2024"
    assert row["Age"] == "No figure"
    assert cells(html, "10.7.4")[0] == "Global database only 2020–2024"


def test_what_a_definition_does_not_ask_for_is_no_gap(published, read):
    html = read(PAGE)
    heads = re.findall(r'<th scope="col">(.*?)</th>', html)[1:]
    assert dict(zip(heads, cells(html, "8.8.1"), strict=True))["Age"] == "not asked for"


def test_one_breakdown_by_year_shows_suppressed_and_missing(published, read):
    men = published.cost.series.get(breakdown={"sex": "M"})
    women = published.cost.series.get(breakdown={"sex": "F"})
    for series in (men, women):
        published.office.figures(series, "2020 -/Q")
    published.office.cover()
    html = read(f"{PAGE}?by=sex")
    heads = re.findall(r'<th scope="col">(.*?)</th>', html)[1:]
    assert heads == ["2020", "2021", "2022", "2023", "2024"]
    assert cells(html, "10.7.1") == [
        "Suppressed",
        "No figure",
        "National figure",
        "National figure",
        "National figure",
    ]


def test_the_total_by_year(published, read):
    assert cells(read(f"{PAGE}?by=total"), "10.7.1")[0] == "National figure"


def test_one_goal_alone(published, read):
    html = read(f"{PAGE}?goal=8")
    assert ">8.8.1</a>" in html.split("<tbody>")[1]
    assert ">10.7.1</a>" not in html.split("<tbody>")[1]
    assert "Of 5 indicators" in html  # the sentence is about all


def test_a_cell_has_its_word_in_the_text_and_its_kind_for_the_shape(published, read):
    html = read(PAGE)
    assert '<td class="national"><i>National figure</i> <b>2018–</b>2024</td>' in html
    assert '<td class="none"><i>No figure</i></td>' in html


def test_all_measured_is_said_as_such(cast, read):
    from tests.web.portal.conftest import COST, Office

    office = Office(cast.office, cast.alice)
    office.figures(office.series(office.indicator("10.7.1"), **COST), "2020 1")
    office.cover()
    assert "The 1 indicator has national figures." in words(read(PAGE))


def test_it_can_be_downloaded(published, client):
    answer = client.get(f"{PAGE}data/")
    assert answer["Content-Disposition"] == 'attachment; filename="xs-coverage.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert {
        "indicator": "10.7.1",
        "dimension": "sex",
        "year": "2024",
        "coverage": "national",
        "figures": "2",
        "notice": "",
    } in rows
    assert {row["coverage"] for row in rows} == {"national", "global"}


def test_a_publication_shows_in_the_matrix_at_once(published, read):
    assert cells(read(PAGE), "10.7.2")[0] == "No figure"
    office, policies = published.office, published.policies
    office.version(policies, 1)
    policies.version = 1
    policies.save()
    office.figures(office.series(policies, "SG_CPA_MIGRS", "NUMBER"), "2025 3")
    office.cover()
    assert cells(read(PAGE), "10.7.2")[0] == "National figure 2025"


def test_an_indicator_taken_off_the_list_leaves_the_matrix_at_once(published, read):
    assert ">10.7.4</a>" in read(PAGE)
    published.refugees.listed = False
    published.refugees.save()
    assert ">10.7.4</a>" not in read(PAGE)
