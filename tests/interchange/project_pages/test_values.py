"""Amounts, dates and countries as people write them."""

from decimal import Decimal

import pytest

from milepost.catalogue.projects import project_words
from milepost.interchange.project_pages import countries_in, values


@pytest.mark.parametrize(
    ("text", "value", "currency"),
    [
        ("150,000", "150000", None),
        ("150000.00", "150000.00", None),
        ("USD 37,887", "37887", "USD"),
        ("37 887,50 EUR", "37887.50", "EUR"),
        ("US$ 1,500,000.25", "1500000.25", "USD"),
        ("€ 20'000", "20000", "EUR"),
        ("$ 500", "500", "$"),
        ("1.500.000,25", "1500000.25", None),
        ("81 675 dollars E.-U.", "81675", "USD"),
        ("0", "0", None),
        ("USD 200 000,00", "200000.00", "USD"),
        ("200.000 USD", "200000", "USD"),
        ("1,5 million", "1500000", None),
        ("1.5 millions d'euros", "1500000", "EUR"),
        ("1,5 млн долл. США", "1500000", "USD"),
        ("USD$ 200,000", "200000", "USD"),
        ("$150,000 USD", "150000", "USD"),
        ("U.S. $150,000", "150000", "USD"),
        ("200 000 $ US", "200000", "USD"),
        ("200 000 dollars américains", "200000", "USD"),
        ("200 000 dollars É.-U.", "200000", "USD"),
        ("CHF 100'000.-", "100000", "CHF"),
        ("1 500 000 FCFA", "1500000", "FCFA"),
    ],
)
def test_amounts_in_digits(text, value, currency):
    found = values.amount(text)
    assert (found.value, found.currency) == (Decimal(value), currency)


@pytest.mark.parametrize(
    "text",
    ["", "one million", "deux cent mille", "100k", "-5", "1,00,000", "USD", "EUR 5 USD", "1 2", "10.000.00"],
)
def test_what_is_no_amount_is_not_guessed(text):
    assert values.amount(text).value is None


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2024", (2024,)),
        ("2024-05-31", (2024, 5, 31)),
        ("October 21, 2019", (2019, 10, 21)),
        ("1er août 2020", (2020, 8, 1)),
        ("21.01.2020", (2020, 1, 21)),
        ("03/04/2020", (2020,)),
        ("13/04/2020", (2020, 4, 13)),
        ("31 мая 2021", (2021, 5, 31)),
        ("juillet 2020", (2020, 7)),
        ("soon", None),
    ],
)
def test_dates(text, moment):
    assert values.moment(text) == moment


@pytest.mark.parametrize(
    "text", ["2020", "1er août 2020", "March 2019 to present", "21.01.2020", "с мая 2020 по 2021 год"]
)
def test_what_is_a_date_and_nothing_else(text):
    assert values.is_date(text)


@pytest.mark.parametrize("text", ["planned: 2020", "Date;2020", "in the lake year 2020", "soon"])
def test_what_is_more_than_a_date(text):
    assert not values.is_date(text)


def test_a_year_is_not_before_a_month_within_it():
    assert not values.is_before("2019", "March 2019")
    assert values.is_before("March 2019", "April 2019")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Democratic Republic of the Congo Eswatini Lesotho",
         ["Democratic Republic of the Congo", "Eswatini", "Lesotho"]),
        ("Congo Democratic Republic of the Congo", ["Congo", "Democratic Republic of the Congo"]),
        ("Guinea Guinea-Bissau Equatorial Guinea Papua New Guinea",
         ["Guinea", "Guinea-Bissau", "Equatorial Guinea", "Papua New Guinea"]),
        ("Niger Nigeria", ["Niger", "Nigeria"]),
        ("Sudan South Sudan", ["Sudan", "South Sudan"]),
        ("Dominica Dominican Republic", ["Dominica", "Dominican Republic"]),
        ("Antigua and Barbuda Trinidad & Tobago St. Kitts and Nevis",
         ["Antigua and Barbuda", "Trinidad & Tobago", "St. Kitts and Nevis"]),
        ("Moldova, Republic of; Venezuela (Bolivarian Republic of)",
         ["Moldova, Republic of", "Venezuela (Bolivarian Republic of)"]),
        ("Bolivia (Plurinational State of) Iran (Islamic Republic of)",
         ["Bolivia (Plurinational State of)", "Iran (Islamic Republic of)"]),
        ("Federated States of Micronesia Marshall Islands",
         ["Federated States of Micronesia", "Marshall Islands"]),
        ("CÔTE D’IVOIRE; cote d'ivoire", ["CÔTE D’IVOIRE", "cote d'ivoire"]),
        ("Kenya, Uganda and the Gambia", ["Kenya", "Uganda", "the Gambia"]),
        ("Argentine et Brésil", ["Argentine", "Brésil"]),
        ("ChileUruguay", ["Chile", "Uruguay"]),
        ("Republic of Kenya Republic of Uganda", ["Republic of Kenya", "Republic of Uganda"]),
        ("Kingdom of Tonga; République du Bénin", ["Kingdom of Tonga", "République du Bénin"]),
        ("Kenya (lead), Eswatini (formerly Swaziland)", ["Kenya (lead)", "Eswatini (formerly Swaziland)"]),
        ("Gambia (the) Gambia, The", ["Gambia (the)", "Gambia, The"]),
        ("1. Kenya 2. Uganda", ["Kenya", "Uganda"]),
        ("Kenya*, Uganda**.", ["Kenya", "Uganda"]),
        ("Fiji (national)", ["Fiji"]),
        ("Congo, Democratic Republic of the; Bolivia, Plurinational State of, Peru",
         ["Congo, Democratic Republic of the", "Bolivia, Plurinational State of", "Peru"]),
    ],
)  # fmt: skip
def test_lists_of_countries(text, names):
    found = countries_in(text)
    known = [country for country in found if country.printed != "national"]
    assert [country.printed for country in known] == names
    assert all(country.code for country in known)


def test_names_in_any_language_and_of_any_time_are_the_same_country():
    codes = {countries_in(name)[0].code for name in ("Eswatini", "Swaziland", "Эсватини")}
    assert len(codes) == 1
    assert countries_in("Swaziland")[0].old


def test_prefixes_of_types_are_each_used_once():
    prefixes = [word.code for word in project_words("type")]
    assert len(prefixes) == len(set(prefixes))
    assert {word.code for word in project_words("type") if word.inferred} == {"CS", "IS", "NC", "RM", "RR"}
