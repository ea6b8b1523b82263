import pytest

from milepost import catalogue
from milepost.web.frameworks import actions
from milepost.web.indicators.actions import lists
from milepost.web.ui.memory import cache
from tests.web.conftest import DESK, PHONE, accessible

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SHIPS = catalogue.definition_file("10.7.1")


@pytest.fixture
def made(cast):
    """A pair of each status, a definition in its second revision, codes and tags."""
    cache.clear()
    for code in ("10.7.1", "10.7.2", "8.8.1"):
        lists.add(by=cast.carol, country=cast.sandoria, code=code)
    common = {"by": cast.carol, "country": cast.sandoria}
    actions.decide_link(
        **common, origin="sdg/10.7.1", goal="gcm/6", status="confirmed", reason="", revision=0
    )
    actions.decide_link(
        **common,
        origin="sdg/10.7.2",
        goal="gcm/23",
        status="rejected",
        reason="The indicator is wider than that objective.",
        revision=0,
    )
    text = SHIPS.replace("direction: down", "direction: up")
    actions.save_definition(**common, text=text, reason="As in decree 7.", revision=0)
    second = actions.save_definition(
        **common,
        text=text.replace("minimum_cell: 30", "minimum_cell: 25"),
        reason="Smaller cells were agreed with the office.",
        revision=1,
    )
    code = actions.add_code(
        **common, list="areas", code="XS01", name={"en": "Upper valley", "ru": "Верхняя долина"}
    )
    tag = actions.add_tag(**common, name={"en": "Fair recruitment", "ru": "Честный найм"})
    actions.put_tag(by=cast.carol, tag=tag, on=["indicator:xs-10.7.1"])
    return {
        "all": "?country=xs",
        "sdg": "xs/entries/sdg/",
        "crosswalks": "xs/crosswalks/",
        "crosswalk": "xs/crosswalks/sdg/gcm/",
        "pair": "xs/crosswalks/pair/?origin=sdg/10.7.2&goal=gcm/23",
        "definitions": "xs/definitions/",
        "new": "xs/definitions/new/?code=10.7.2",
        "definition": f"definitions/{second.pk}/",
        "end": f"definitions/{second.pk}/end/",
        "codes": "xs/codes/",
        "list": "xs/codes/areas/",
        "code": f"xs/codes/areas/{code.pk}/",
        "tags": "xs/tags/",
        "tag": f"xs/tags/{tag.pk}/",
    }


@pytest.mark.parametrize(("language", "size"), [("en", DESK), ("ru", PHONE)], ids=["desk", "phone"])
def test_frameworks_can_be_read_by_all(tab, tmp_path, cast, made, language, size):
    tab.sign_in(cast.carol)
    tab.page.set_viewport_size(size)
    for name, path in made.items():
        assert tab.open(f"/{language}/work/frameworks/{path}").status == 200
        _look(tab, tmp_path / f"{name}.png", size)
    tab.open(f"/{language}/work/frameworks/{made['new']}")
    text = tab.page.locator("textarea[name=text]")
    text.fill(text.input_value().replace("direction: up", "direction: sideways"))
    tab.page.locator("main form button[type=submit]").click()
    tab.page.wait_for_selector(".error-summary")
    _look(tab, tmp_path / "faults.png", size)
    assert tab.faults == []


def _look(tab, picture, size):
    tab.page.screenshot(path=picture, full_page=True)
    assert accessible(tab.page) == []
    assert tab.page.evaluate("document.documentElement.scrollWidth") <= size["width"]
