import pytest

from milepost.web.plans.models import PlanVersion, Role
from tests.web.conftest import DESK, PHONE, accessible
from tests.web.plans.tables import ROWS, word

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TOO_WIDE = "Math.max(0, document.documentElement.scrollWidth - innerWidth)"


def looked_at(tab):
    """What is wrong with the page as it stands, on a desk and a phone."""
    found = []
    for size in (DESK, PHONE):
        tab.page.set_viewport_size(size)
        found += accessible(tab.page)
        if tab.page.evaluate(TOO_WIDE):
            found.append(f"wider than {size['width']}: {tab.page.url}")
    tab.page.set_viewport_size(DESK)
    return found + tab.faults


def test_from_the_table_of_an_act_to_an_amendment(tab, cast, paula, police, plan, tmp_path):
    page, address = tab.page, f"/en/policies/plans/{plan.pk}/"
    tab.sign_in(paula)
    tab.open(address)
    page.get_by_role("link", name="Hand in the table of the act").click()
    page.get_by_label("Table of the act").set_input_files(word(tmp_path / "act.docx"))
    assert looked_at(tab) == []
    page.get_by_role("button", name="See what was read").click()
    assert page.get_by_text("Nothing has been kept yet.").is_visible()
    assert looked_at(tab) == []
    page.get_by_role("button", name="Take it as a draft").click()
    assert "It is not decided which institution of the register НПО is" in page.content()
    assert looked_at(tab) == []
    page.get_by_label("НПО", exact=True).select_option("none of the register")
    page.get_by_role("button", name="Take it as a draft").click()
    assert page.get_by_text("The draft is there.").is_visible()
    assert looked_at(tab) == []
    page.get_by_role("link", name="Обучить инспекторов").click()
    page.get_by_role("link", name="Who does what").last.click()
    assert looked_at(tab) == []
    page.get_by_role("button", name="This one reports for all").click()
    assert Role.objects.filter(kind="coordinator", entry__code="1.2").get().institution == cast.ministry
    tab.open(address)
    page.get_by_role("link", name="Put in force").click()
    page.locator("input[name=act-en], textarea[name=act-en]").fill("Resolution")
    page.get_by_label("In force from").fill("2026-01-01")
    assert looked_at(tab) == []
    page.get_by_role("button", name="Put in force").click()
    assert PlanVersion.objects.get().state == "in_force"
    amend(tab, address, tmp_path)


def amend(tab, address, tmp_path):
    """The table of a second act: one measure is put off, another one has the number of an earlier one."""
    page = tab.page
    put_off = (*ROWS[2][:2], "IV квартал 2026 г.", *ROWS[2][3:])
    renamed = ("1.2", "Нанять инспекторов", *ROWS[3][2:])
    page.get_by_role("link", name="Hand in the table of an amendment").click()
    rows = (*ROWS[:2], put_off, renamed, *ROWS[4:])
    page.get_by_label("Table of the act").set_input_files(word(tmp_path / "second.docx", rows))
    page.get_by_role("button", name="See what was read").click()
    page.get_by_label("НПО", exact=True).select_option("none of the register")
    page.get_by_label("1.2 is a new measure").check()
    page.get_by_role("button", name="See what these decisions change").click()
    assert page.get_by_text("Against version 1: new 1, amended 1, the same 1, taken out 1.").is_visible()
    assert looked_at(tab) == []
    page.get_by_role("button", name="Take it as a draft").click()
    page.get_by_role("link", name="What was amended").click()
    assert page.get_by_text(
        "New: 1, taken out: 1, amended: 1, of these put off: 1; unchanged: 1."
    ).is_visible()
    assert looked_at(tab) == []


def test_a_measure_is_typed_and_what_another_person_typed_is_not_lost(tab, paula, draft):
    page = tab.page
    law = draft.entries.get(code="1.1")
    tab.sign_in(paula)
    tab.open(f"/en/policies/measures/{law.measure_id}/edit/")
    assert looked_at(tab) == []
    type(law).objects.filter(pk=law.pk).update(revision=law.revision + 1, code="1.1a")
    page.locator("#id_title_0").fill("Adopt two laws")
    page.get_by_role("button", name="Save").first.click()
    assert "Another person changed this meanwhile" in page.content()
    assert page.locator("#id_title_0").input_value() == "Adopt two laws"
    assert looked_at(tab) == []
    page.get_by_role("button", name="Save").first.click()
    law.refresh_from_db()
    assert law.text["en"] == "Adopt two laws"


def test_the_public_reads_the_plan_and_takes_its_table_along(tab, paula, policy, in_force):
    from milepost.web.plans.actions import register

    register.show_policy(by=paula, policy=policy, revision=policy.revision, public=True)
    page = tab.page
    tab.open("/en/policies/")
    page.get_by_role("link", name="Plan of action 2026–2027").click()
    assert looked_at(tab) == []
    with page.expect_download() as download:
        page.get_by_role("link", name="Table in Word").click()
    assert download.value.suggested_filename == f"plan-{in_force.plan_id}-1.docx"
    page.get_by_role("link", name="Who does what").click()
    assert looked_at(tab) == []
    assert "To look at" not in page.content()
