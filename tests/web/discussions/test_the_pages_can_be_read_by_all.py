import pytest

from milepost.web.discussions import actions
from tests.web.conftest import DESK, PHONE, accessible

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(("language", "size"), [("en", DESK), ("ru", PHONE)], ids=["desk", "phone"])
def test_a_discussion_can_be_read_by_all(tab, tmp_path, cast, language, size):
    office = cast.office.address
    opening = actions.comment(
        address=office,
        text="The wages of 2024 look low; compare https://example.org/a/very/long/address/of/a/table?year=2024.\n\n@Bob?",
        by=cast.alice,
    )
    actions.reply(to=opening, text="They are. The survey left out seasonal workers.", by=cast.bob)
    taken_back = actions.reply(to=opening, text="Nonsense.", by=cast.alice)
    actions.withdraw(comment=taken_back, by=cast.alice)
    settled = actions.comment(address=office, text="Is the series complete?", by=cast.bob)
    actions.resolve(comment=settled, by=cast.alice)
    tab.sign_in(cast.alice)
    tab.page.set_viewport_size(size)
    pages = (("discussion", f"{office}/"), ("reply", f"{opening.pk}/reply/"), ("edit", f"{opening.pk}/edit/"))
    for name, path in pages:
        assert tab.open(f"/{language}/work/discussions/{path}").status == 200
        for details in tab.page.locator("main details").all():
            details.evaluate("it => it.open = true")
        tab.page.screenshot(path=tmp_path / f"{name}.png", full_page=True)
        assert accessible(tab.page) == []
        assert tab.page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    assert tab.faults == []


def test_words_typed_on_a_page_arrive_and_are_answered(tab, cast):
    office = cast.office.address
    tab.sign_in(cast.alice)
    tab.open(f"/en/work/discussions/{office}/")
    tab.page.get_by_label("Comment").fill("Is 2024 complete, @Bob?")
    tab.page.get_by_role("button", name="Comment").click()
    tab.page.wait_for_selector("text=Is 2024 complete, @Bob?")
    tab.sign_in(cast.bob)
    tab.open("/en/work/")
    tab.page.get_by_role("link", name="Statistical Office of Sandoria").click()
    tab.open(f"/en/work/discussions/{office}/")
    tab.page.get_by_text("Reply", exact=True).first.click()
    tab.page.get_by_label("Reply").fill("Yes.")
    tab.page.get_by_role("button", name="Send the reply").click()
    tab.page.wait_for_selector("article >> text=Yes.")
    assert tab.faults == []
