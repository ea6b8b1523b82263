"""The map without a mouse and on a telephone, by a person in a real browser."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from milepost.web.projects.actions import register, shapes
from milepost.web.projects.models import Tag
from tests.web.conftest import DESK, PHONE, accessible

LAKE = b'{"type": "Polygon", "coordinates": [[[76, 42], [78, 42], [77, 43], [76, 42]]]}'
TOO_WIDE = "Math.max(0, document.documentElement.scrollWidth - innerWidth)"


def test_a_circle_is_reached_by_the_keyboard_and_leads_to_its_projects(tab, page, cast, mary):
    """The largest first; every state looks and reads well, in both languages."""
    for title, areas in (("One", ["kg"]), ("Two", ["kg", "tj"]), ("Three", []), ("Four", ["xs"])):
        register.enter(by=mary, institution=cast.ministry, title={"en": title}, areas=areas)
    shapes.load(
        by=cast.adam,
        upload=SimpleUploadedFile("lake.geojson", LAKE),
        source="Survey office, 2025",
        disclaimer={"en": "No opinion on any border.", "ru": "Не выражает мнения о границах."},
    )
    tab.sign_in(mary)
    for path in (reverse("projects-map"), "/ru/projects/map/"):
        for size in (DESK, PHONE):
            page.set_viewport_size(size)
            tab.open(path)
            assert not accessible(page)
            assert page.evaluate(TOO_WIDE) == 0
    page.set_viewport_size(DESK)
    tab.open(reverse("projects-map"))
    page.get_by_role("button", name="Show", exact=True).focus()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "Kyrgyzstan: 2 projects"
    page.keyboard.press("Enter")
    page.wait_for_url("**/en/projects/?area=kg")
    assert page.locator("main").get_by_text("2 projects").count() == 1


def test_results_by_code_look_well(tab, page, mary, active, trained):
    """With a project under two codes, one of which repeats the other."""
    for code in ("3c4b", "3c5c"):
        Tag.objects.create(project=active, framework="iom", code=code)
    tab.sign_in(mary)
    for path in (reverse("projects-by-code"), "/ru/projects/by-code/"):
        for size in (DESK, PHONE):
            page.set_viewport_size(size)
            tab.open(f"{path}?year=2025")
            assert not accessible(page)
            assert page.evaluate(TOO_WIDE) == 0
    assert page.locator("main").get_by_text("3c5c").count() == 2
