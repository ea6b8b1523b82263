import pytest
from axe_playwright_python.sync_playwright import Axe

from milepost.reports.overview import write
from milepost.values import Text
from tests.reports.cases import entry, overview, series
from tests.reports.test_overview import FULL

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    out = tmp_path_factory.mktemp("site")
    entries = (
        entry("3-c-1", **FULL),
        entry(
            "10-7-1",
            title=Text(en="A title of many words that goes on and on, by sex, age and migratory status" * 2),
        ),
        entry("10-7-4", headline=series("2014 97.7, 2018 98.9, 2023 99.5/P"), title=Text(ru="Беженцы")),
    )
    return write(overview(*entries, example=True), out)


@pytest.mark.parametrize("width, scheme, language", [(1440, "light", 0), (390, "dark", 1), (390, "light", 0)])
def test_nothing_keeps_a_reader_out(browser, site, width, scheme, language):
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page.goto(site[language].as_uri())
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.close()


def test_indicators_are_found_by_words_and_verdict(browser, site):
    page = browser.new_page()
    page.goto(site[0].as_uri())
    page.fill("input[type=search]", "migratory")
    assert page.locator("article:visible").count() == 1
    assert page.locator("output").inner_text() == "1 of 3"
    page.fill("input[type=search]", "")
    page.select_option("select", "stagnation_or_regression")
    assert page.locator("article:visible h3").inner_text().startswith("3.c.1")
    page.close()


def test_a_figure_opens_the_table_it_comes_from(browser, site):
    page = browser.new_page()
    page.goto(site[0].as_uri())
    page.locator("#i-3-c-1 a.figure.now").click()
    page.locator("tr:target").wait_for(state="visible")
    assert "46.9" in page.locator("tr:target").inner_text()
    page.close()


def test_the_page_is_complete_without_scripts(browser, site):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(site[0].as_uri())
    assert page.locator(".filter").is_hidden()
    assert page.locator("article").count() == 3
    context.close()
