import re

import pytest

from milepost.web.indicators.models import Observation
from tests.web.conftest import DESK, PHONE, accessible

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

PAGES = (
    "/xs/",
    "/xs/indicators/",
    "/xs/indicators/?by=gcm",
    "/xs/indicators/10.7.1/",
    "/xs/indicators/10.7.1/?by=sex",
    "/xs/indicators/16.2.2/",
    "/xs/coverage/",
    "/xs/coverage/?by=total",
    "/xs/calendar/",
    "/xs/downloads/",
    "/about/",
)


@pytest.mark.parametrize(("language", "size"), [("en", DESK), ("ru", PHONE)], ids=["desk", "phone"])
def test_every_page_can_be_read_by_all(judged, tab, language, size):
    tab.page.set_viewport_size(size)
    for address in PAGES:
        assert tab.open(f"/{language}{address}").status == 200, address
        assert accessible(tab.page) == [], address
        assert tab.page.evaluate("document.documentElement.scrollWidth") <= size["width"], address
        assert tab.faults == [], address


CHOICES = (".tag[aria-current]", ".tag:not([aria-current])")


def test_dark_pages_keep_their_contrast(judged, tab):
    tab.page.emulate_media(color_scheme="dark")
    for address in ("/en/xs/indicators/10.7.1/?by=sex", "/en/xs/coverage/", "/en/xs/"):
        tab.open(address)
        assert accessible(tab.page) == [], address


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_in_forced_colours_the_choice_and_the_focus_stay_visible(judged, tab, scheme):
    tab.page.emulate_media(color_scheme=scheme, forced_colors="active")
    for address in ("/en/xs/indicators/10.7.1/?by=sex", "/en/xs/indicators/", "/en/xs/"):
        tab.open(address)
        assert accessible(tab.page) == [], address
    tab.open("/en/xs/indicators/10.7.1/?by=sex")
    colour = "element => getComputedStyle(element).backgroundColor"
    chosen, other = (tab.page.locator(f".choices {one}").first.evaluate(colour) for one in CHOICES)
    assert chosen != other
    tab.page.keyboard.press("Tab")
    outline = "getComputedStyle(document.activeElement).outlineStyle"
    assert tab.page.evaluate(outline) == "solid"


def test_a_breakdown_is_swapped_in_place_and_the_address_follows(published, tab):
    tab.open("/en/xs/indicators/10.7.1/")
    tab.page.evaluate("window.stayed = true")
    tab.page.click("#by-sex")
    tab.page.wait_for_selector("#chosen:has-text('By sex')")
    assert tab.page.url.endswith("?by=sex")
    assert tab.page.evaluate("window.stayed")
    assert tab.page.locator("#by-sex[aria-current]").count() == 1
    tab.page.go_back()
    tab.page.wait_for_selector("#chosen:has-text('Over time')")
    assert tab.faults == []


def test_the_value_under_the_pointer_is_said(published, tab):
    tab.open("/en/xs/indicators/10.7.1/")
    chart = tab.page.locator("svg.chart").first
    chart.scroll_into_view_if_needed()
    point = tab.page.locator("circle.point").first.bounding_box()
    tab.page.mouse.move(point["x"] + point["width"] / 2, point["y"] + point["height"] / 2)
    assert tab.page.locator("svg .tip text").text_content() == "2018: 8.2 (5.5–9.5)"
    tab.page.keyboard.press("Escape")
    assert tab.page.locator("svg .tip").count() == 0


def test_everything_is_there_without_javascript(judged, browser, live_server):
    context = browser.new_context(java_script_enabled=False, viewport=DESK)
    page = context.new_page()
    page.goto(f"{live_server.url}/en/xs/indicators/10.7.1/")
    page.click("#by-sex")
    assert page.url.endswith("?by=sex")
    assert page.locator("#chosen").inner_text() == "By sex"
    assert page.locator("table.values tbody tr").count() == 3
    page.goto(f"{live_server.url}/en/xs/coverage/")
    page.select_option("#by", "sex")
    page.click("form.filters button")
    assert page.locator("table.matrix thead th").count() == 4
    context.close()


@pytest.mark.parametrize("language", ["en", "ru"])
def test_an_indicator_prints_as_one_page(judged, tab, tmp_path, language):
    for by in ("", "?by=sex"):
        tab.open(f"/{language}/xs/indicators/10.7.1/{by}")
        path = tmp_path / "page.pdf"
        tab.page.pdf(path=path, format="A4", prefer_css_page_size=True)
        assert len(re.findall(rb"/Type\s*/Page\b", path.read_bytes())) == 1


def test_a_figure_opens_where_it_comes_from(published, tab):
    figure = Observation.objects.get(series__indicator=published.cost, series__dimensions="", year=2024)
    tab.open("/en/xs/indicators/10.7.1/")
    assert tab.page.locator(f"a[data-trace][href='/en/trace/observation:{figure.pk}/']").first.is_visible()
