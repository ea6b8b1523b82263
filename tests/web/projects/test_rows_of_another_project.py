"""A row of one project under the address of another is not found, even by who may change both."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from milepost.errors import MilepostError
from milepost.values import Figure
from milepost.web.audit.models import Event
from milepost.web.projects.actions import matrix, register
from milepost.web.projects.models import Goal, Period, Result

pytestmark = pytest.mark.django_db


@pytest.fixture
def other(cast, mary):
    """Another project of the same manager, with a result, a period, and everything around."""
    project = register.enter(by=mary, institution=cast.ministry, title={"en": "Border posts"})
    matrix.add_result(by=mary, project=project, level="objective", code="O", title={"en": "Posts work"})
    matrix.add_period(by=mary, project=project, start=date(2025, 1, 1), end=date(2025, 12, 31))
    register.add_party(by=mary, project=project, role="4", name={"en": "Customs"})
    register.set_budget_line(
        by=mary, project=project, kind="staff", title={"en": "Staff"}, amount=Decimal(10)
    )
    return project


def kept(*projects) -> tuple[object, ...]:
    """What a request may not have changed."""
    rows = [
        sorted(one.pk for one in getattr(project, name).all())
        for project in projects
        for name in ("results", "periods", "parties", "budget_lines", "documents")
    ]
    return rows, Goal.objects.count(), Event.objects.count(), [*Period.objects.values_list("pk", "locked")]


def tried(client, user, address: str, **typed: str) -> set[int]:
    client.force_login(user)
    return {client.get(address).status_code, client.post(address, typed).status_code}


def test_rows_of_another_project_are_not_found(client, mary, fred, proposal, trained, other):
    theirs, ours = other.periods.get(), proposal.periods.all()[0]
    addresses = [
        (mary, reverse("period-remove", args=[proposal.pk, theirs.pk])),
        (fred, reverse("period-lock", args=[proposal.pk, theirs.pk])),
        (mary, reverse("report", args=[proposal.pk, theirs.pk, trained.pk])),
        (mary, reverse("report", args=[other.pk, ours.pk, trained.pk])),
        (mary, reverse("report", args=[other.pk, theirs.pk, trained.pk])),
        (mary, reverse("project-remove", args=[proposal.pk, "party", other.parties.get().pk])),
        (mary, reverse("project-remove", args=[proposal.pk, "line", other.budget_lines.get().pk])),
        (mary, f"{reverse('result-goal', args=[trained.pk, 'target'])}?period={theirs.pk}"),
        (mary, f"{reverse('result-new', args=[proposal.pk])}?below={other.results.get().pk}"),
    ]
    before = kept(proposal, other)
    for user, address in addresses:
        assert tried(client, user, address, value="5", code="X", **{"title-en": "X"}) <= {404, 405}, address
        assert kept(proposal, other) == before, address


def test_a_link_of_two_others_is_not_taken_off_here(client, cast, mary, proposal, other):
    third = register.enter(by=mary, institution=cast.ministry, title={"en": "Third"})
    link = register.connect(by=mary, first=other, second=third, kind="after")
    address = reverse("project-remove", args=[proposal.pk, "link", link.pk])
    assert tried(client, mary, address) <= {404, 405}
    assert link.__class__.objects.filter(pk=link.pk).exists()


def test_a_field_that_the_form_does_not_show_changes_nothing(client, cast, mary, proposal, other):
    client.force_login(mary)
    address = reverse("result-new", args=[proposal.pk])
    typed = {
        "code": "Z",
        "title-en": "Mine",
        "title_en": "Mine",
        "project": other.pk,
        "parent": other.results.get().pk,
    }
    client.post(address, {**typed, "level": "output", "revision": 99})
    assert other.results.count() == 1
    made = Result.objects.filter(project=proposal, code="Z").first()
    assert made is None or (made.level, made.parent, made.revision) == ("objective", None, 1)


def test_an_action_itself_refuses_a_row_of_another_project(mary, proposal, trained, other):
    with pytest.raises(MilepostError):
        matrix.set_goal(
            by=mary, indicator=trained, kind="target", figure=Figure(Decimal(5)), period=other.periods.get()
        )
    assert not Goal.objects.filter(period=other.periods.get()).exists()
