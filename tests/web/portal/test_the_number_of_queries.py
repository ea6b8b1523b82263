import pytest

from milepost.web.ui.memory import cache

PAGES = {
    "/en/xs/": 9,
    "/en/xs/indicators/": 7,
    "/en/xs/indicators/?by=gcm": 8,
    "/en/xs/indicators/10.7.1/": 10,
    "/en/xs/indicators/10.7.1/?by=sex": 10,
    "/en/xs/coverage/": 3,
    "/en/xs/coverage/?by=sex": 3,
    "/en/xs/calendar/": 3,
    "/en/xs/downloads/": 2,
    "/en/xs/indicators/10.7.1/data/csv/": 5,
}


def grow(published):
    """Twenty times as many indicators, versions, series and figures."""
    office = published.office
    for number in range(60):
        indicator = office.indicator(f"12.{number}.1")
        for sex in ("", "F", "M"):
            breakdown = {"sex": sex} if sex else {}
            series = office.series(indicator, "X", "PT", **breakdown)
            office.figures(series, ", ".join(f"{year} {year - 1990}" for year in range(2000, 2025)))
    for age in range(30):
        series = office.series(published.cost, "SL_EMP_RCOST", "MONTHS_EARNINGS", age=f"Y{age}T{age + 1}")
        office.figures(series, ", ".join(f"{year} {year - 1990}" for year in range(2000, 2025)))
    for number in range(3, 12):
        office.version(published.cost, number)
    published.cost.version = 11
    published.cost.save()
    office.cover()


@pytest.mark.parametrize("address", list(PAGES))
def test_a_page_asks_as_often_for_many_figures_as_for_few(judged, client, django_assert_num_queries, address):
    client.get(address)  # what is asked once a minute has been asked
    with django_assert_num_queries(PAGES[address]):
        assert client.get(address).status_code == 200
    grow(judged)
    client.get(address)
    with django_assert_num_queries(PAGES[address]):
        assert client.get(address).status_code == 200


def test_the_matrix_itself_asks_as_often_for_many_figures_as_for_few(
    judged, client, django_assert_num_queries
):
    for size in ("few", "many"):
        if size == "many":
            grow(judged)
        cache.clear()
        with django_assert_num_queries(8):
            assert client.get("/en/xs/coverage/?by=sex").status_code == 200
