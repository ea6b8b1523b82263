import pytest

from tests.web.conftest import DESK, PHONE, accessible

pytestmark = [pytest.mark.browser, pytest.mark.django_db]


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("colours", ["light", "dark"])
def test_every_component_is_shown_and_can_be_read_by_all(tab, tmp_path, language, size, colours):
    tab.page.set_viewport_size(size)
    tab.page.emulate_media(color_scheme=colours)
    assert tab.open(f"/{language}/components/").status == 200
    assert accessible(tab.page) == []
    assert tab.page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    tab.page.screenshot(path=tmp_path / "components.png", full_page=True)
    assert tab.faults == []
