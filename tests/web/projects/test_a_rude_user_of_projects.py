"""What the forms of a project say to wrong answers: a reason at the field, what was typed, and no change."""

import pytest
from django.urls import reverse

from milepost.web.projects.actions import register
from milepost.web.projects.models import Continuity, Goal, Party, Project

pytestmark = pytest.mark.django_db
NUL, LONG, WIDE, ARABIC = "a\x00b", "x" * 30_000, "９９", "١٢٣"


def around(client, project, form, **typed):
    """Send one of the forms of the page "Partners, money, links"."""
    return client.post(reverse("project-around", args=[project.pk]), {"form": form, **typed})


def edited(client, project, **typed):
    """Send the record again with something else in it."""
    address = reverse("project-edit", args=[project.pk])
    form = client.get(address).context["form"]
    said = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    plain = {name: value for name, value in said.items() if isinstance(value, str | int) and value != ""}
    return client.post(address, {**plain, "title-en": "Fair recruitment", "areas": "Sandoria", **typed})


def faults(answer, form="form"):
    """Everything that a form says is wrong."""
    found = answer.context["forms"][form] if form != "form" else answer.context["form"]
    return " ".join(str(each) for errors in found.errors.values() for each in errors)


def test_a_second_lead_is_refused_by_name_of_the_first(client, mary, proposal):
    client.force_login(mary)
    around(client, proposal, "party", **{"role": "2", "name-en": "Ministry of Work"})
    answer = around(client, proposal, "party", **{"role": "2", "name-en": "Another lead"})
    assert "Ministry of Work" in faults(answer, "party")
    assert "Another lead" in answer.content.decode()
    assert Party.objects.filter(role="2").count() == 1


@pytest.mark.parametrize(
    "typed",
    [
        {"start": "2026", "end": "2025"},
        {"start": "2025-05-12", "end": "2025-05-11"},
        {"start": "2025-02-30"},
        {"start": "soon"},
        {"start": "0000"},
        {"start": ARABIC},
        {"budget": "fifty thousand"},
        {"budget": "-1"},
        {"budget": "1e400"},
        {"budget": "NaN"},
        {"budget": "Infinity"},
        {"budget": "9" * 40},
        {"budget": "0.001"},
        {"currency": "dollars"},
        {"year": "20"},
        {"year": "about 2024"},
        {"areas": "Atlantis"},
        {"type": "no such type"},
        {"iom": "<script>"},
        {"project_code": NUL},
        {"title-en": ""},
        {"narrative-en": LONG},
    ],
)
def test_the_record_takes_nothing_that_cannot_be(client, mary, proposal, typed):
    client.force_login(mary)
    before = Project.objects.values().get(pk=proposal.pk)
    answer = edited(client, proposal, **typed)
    assert answer.status_code == 200
    assert faults(answer)
    assert Project.objects.values().get(pk=proposal.pk) == before


def test_before_and_after_make_no_circle(client, cast, mary, proposal):
    client.force_login(mary)
    second, third = (
        register.enter(by=mary, institution=cast.ministry, title={"en": title}) for title in ("Two", "Three")
    )
    for one, after in ((proposal, second), (second, third)):
        assert around(client, one, "link", other=str(after.pk), kind="after").status_code == 302
    for one, other, kind in (
        (third, proposal, "after"),
        (proposal, third, "before"),
        (proposal, proposal, "after"),
        (proposal, proposal, "beside"),
        (second, proposal, "beside"),
    ):
        assert faults(around(client, one, "link", other=str(other.pk), kind=kind), "link")
    assert Continuity.objects.count() == 2


@pytest.mark.parametrize("other", ["", "999999", "9" * 30, NUL, ARABIC, "no such code", "²"])
def test_a_project_that_does_not_exist_is_no_neighbour(client, mary, proposal, other):
    client.force_login(mary)
    assert faults(around(client, proposal, "link", other=other, kind="after"), "link")


@pytest.mark.parametrize(
    "typed",
    [
        {"end": "2027", "asked_on": "2026-07-01"},
        {"end": "2025", "asked_on": "2025-03-01"},
        {"end": "2026-06", "asked_on": "2025-03-01"},
        {"end": "for ever", "asked_on": "2025-03-01"},
        {"end": "2027", "asked_on": "2025-02-30"},
        {"end": "2027", "asked_on": "2025-03-01", "reason": " "},
        {"end": "2027", "asked_on": "2025-03-01", "revision": "x"},
    ],
)
def test_an_extension_is_asked_for_in_time_and_lengthens(client, fred, active, typed):
    client.force_login(fred)
    sent = {"reason": "Floods", "revision": active.revision, **typed}
    answer = client.post(reverse("project-extend", args=[active.pk]), sent)
    assert answer.status_code == 200
    assert faults(answer)
    active.refresh_from_db()
    assert active.end == "2026-06"


@pytest.mark.parametrize("amount", ["", "a lot", "-5", "NaN", "1e30", "0.001", NUL])
def test_a_budget_line_is_an_amount(client, mary, proposal, amount):
    client.force_login(mary)
    answer = around(client, proposal, "line", **{"kind": "staff", "title-en": "Staff", "amount": amount})
    assert faults(answer, "line")
    assert not proposal.budget_lines.exists()


@pytest.mark.parametrize(
    "typed",
    [
        {"value": ""},
        {"value": "many"},
        {"value": "NaN"},
        {"value": "1e40"},
        {"value": WIDE + "x"},
        {"value": "5", "status": "M"},
        {"value": "50", "reason": ""},
    ],
)
def test_a_target_is_a_number_with_a_reason(client, mary, trained, typed):
    client.force_login(mary)
    address = reverse("result-goal", args=[trained.pk, "end"])
    answer = client.post(address, {"reason": "More came", "seen": "1", "status": "A", **typed})
    assert answer.status_code == 200
    assert faults(answer)
    assert Goal.objects.get(indicator=trained, kind="end", current=True).value == 40
