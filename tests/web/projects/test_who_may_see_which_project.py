"""One rule of sight for list, page, export, search, trace and files; one permission for each deed."""

import pytest
from django.urls import reverse

from milepost.web.projects.actions import lifecycle, register
from milepost.web.projects.queries import actuals, indicators, programmes, results, visible_to

pytestmark = pytest.mark.django_db


def sees(user, project):
    """Whether the project is visible to a user."""
    return visible_to(user).filter(pk=project.pk).exists()


def test_a_proposal_is_seen_where_it_is_kept(cast, mary, fred, zoe, proposal):
    """Not by the country it is for, not abroad, not by other institutions."""
    assert sees(mary, proposal)
    assert sees(fred, proposal)
    for stranger in (zoe, cast.alice, cast.charlie, cast.nobody):
        assert not sees(stranger, proposal)


def test_the_coordinator_of_the_institutions_country_sees_it(cast, proposal):
    """A role in the country holds in its institutions."""
    assert sees(cast.carol, proposal)


def test_a_country_sees_what_is_for_it_once_it_is_no_proposal(cast, mary, zoe):
    """A project kept abroad, for Sandoria."""
    project = register.enter(by=zoe, institution=cast.abroad, title={"en": "From abroad"}, areas=["xs"])
    assert not sees(cast.carol, project)
    project.state = "active"
    project.save()
    assert sees(cast.carol, project)
    assert not sees(mary, project)


def test_the_public_sees_what_is_public_only(client, active, fred):
    """Page, list, export and matrix: before, nothing; after, the approved."""
    pages = [
        reverse("project", args=[active.pk]),
        reverse("results", args=[active.pk]),
    ]
    assert all(client.get(page).status_code == 404 for page in pages)
    assert "Fair recruitment" not in client.get(reverse("projects")).text
    assert "Fair recruitment" not in client.get(reverse("projects-export", args=["csv"])).content.decode()
    lifecycle.publish(by=fred, project=active, revision=active.revision)
    assert all(client.get(page).status_code == 200 for page in pages)
    assert "Fair recruitment" in client.get(reverse("projects")).text
    assert "Fair recruitment" in client.get(reverse("projects-export", args=["csv"])).content.decode()


def test_a_proposal_cannot_be_made_public(proposal, fred):
    """Nothing is public before it is approved."""
    from milepost.errors import MilepostError

    with pytest.raises(MilepostError, match="cannot be done now"):
        lifecycle.publish(by=fred, project=proposal, revision=proposal.revision)


def test_rows_indicators_and_programmes_go_by_their_projects(cast, mary, zoe, trained):
    """Whoever does not see the project sees nothing of it."""
    assert results(mary).count() == 3
    assert indicators(mary).get() == trained
    for stranger in (zoe, cast.charlie):
        assert not results(stranger).exists()
        assert not indicators(stranger).exists()
        assert not actuals(stranger).exists()
        assert not programmes(stranger).exists()


@pytest.mark.parametrize(
    "name", ["project-edit", "project-around", "results", "reporting", "project-extend", "period-new"]
)
def test_pages_of_a_hidden_project_are_not_found(client, proposal, zoe, name):
    """A thing one may not see is a 404, whatever one may do elsewhere."""
    client.force_login(zoe)
    assert client.get(reverse(name, args=[proposal.pk])).status_code == 404


def test_what_one_sees_but_may_not_do_is_forbidden(client, cast, active):
    """The coordinator reads the project and edits nothing of it."""
    client.force_login(cast.carol)
    assert client.get(reverse("project", args=[active.pk])).status_code == 200
    assert client.get(reverse("project-edit", args=[active.pk])).status_code == 403
    assert client.post(reverse("project-step", args=[active.pk]), {}).status_code in (302, 403)
    active.refresh_from_db()
    assert active.state == "active"
