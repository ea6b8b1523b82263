"""The pages of programmes at a desk and on a telephone, in both languages."""

from datetime import date
from decimal import Decimal

from django.urls import reverse

from milepost.web.projects.actions import engagements, register
from milepost.web.projects.models import Project
from tests.web.conftest import DESK, PHONE, accessible

TOO_WIDE = "Math.max(0, document.documentElement.scrollWidth - innerWidth)"


def test_a_programme_looks_and_reads_well(tab, page, cast, mary):
    programme = register.save_programme(
        by=mary, institution=cast.ministry, title={"en": "Recruitment", "ru": "Найм"}, description={}
    )
    made = [
        register.enter(
            by=mary,
            institution=cast.ministry,
            programme=programme,
            title={"en": f"Project of {year}, with a long name", "ru": f"Проект {year} года"},
            start=str(year),
            end=end,
            budget=Decimal(1000),
            currency="USD",
            areas=["xs"],
        )
        for year, end in ((2019, "2020"), (2023, "2024"), (2024, ""))
    ]
    Project.objects.filter(programme=programme).update(state="active")
    register.connect(by=mary, first=made[0], second=made[1], kind="after")
    register.connect(by=mary, first=made[1], second=made[2], kind="beside")
    engagements.record(
        by=mary,
        about=programme,
        kind="training",
        first_day=date(2024, 2, 3),
        topic={"en": "Contracts"},
        came={("ministry", "F"): 4},
    )
    tab.sign_in(mary)
    for language in ("en", "ru"):
        for path in (programme.get_absolute_url(), reverse("programmes")):
            for size in (DESK, PHONE):
                page.set_viewport_size(size)
                tab.open(path.replace("/en/", f"/{language}/"))
                assert not accessible(page)
                assert page.evaluate(TOO_WIDE) == 0
    page.set_viewport_size(DESK)
    tab.open(reverse("programmes"))
    page.get_by_role("link", name="Recruitment").click()
    assert page.get_by_role("img", name="Projects of the programme Recruitment over time").count() == 1
    assert page.locator("main li").get_by_text("no project ran: 731 days.").count() == 0
    assert page.locator("main li").get_by_text("no project ran: 730 days.").count() == 1
