"""A focal point of a partner records what was held; it counts once who reports on the project accepts it."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from milepost.errors import MilepostError
from milepost.web.audit.models import Event
from milepost.web.projects.actions import engagements as actions
from milepost.web.projects.models import Engagement, Party, Project
from milepost.web.projects.queries import deadlines, scoping, visible_to
from milepost.web.projects.queries import engagements as queries
from milepost.web.projects.queries.lifecycle import due
from milepost.web.ui.revisions import Stale
from tests.cast import person

pytestmark = pytest.mark.django_db
TYPED = {"kind": "workshop", "first_day": date(2025, 3, 4), "topic": {"en": "Fees"}}


@pytest.fixture
def paul(cast, active):
    """Focal point of the statistical office, which carries the project out as a partner."""
    Party.objects.create(project=active, institution=cast.office, role=Party.Role.IMPLEMENTING)
    return person("paul", ("focal-point", cast.office.address), works_for=cast.office)


@pytest.fixture
def workshop(paul, active):
    """What Paul recorded, for everybody to read."""
    return actions.record(by=paul, about=active, came={("ministry", "F"): 3}, public=True, **TYPED)


def told(error):
    """The codes of the faults."""
    return {problem.code for problem in error.value.problems}


def test_a_partner_and_the_projects_own_ministry_record(cast, paul, active):
    for who in (paul, cast.frank):
        made = actions.record(by=who, about=active, **TYPED)
        assert (made.recorded_by, made.accepted_at, made.institution) == (who, None, cast.ministry)
        assert queries.may_change(who, made)


def test_others_do_not(cast, active, trained):
    stranger = person("peter", ("focal-point", cast.office.address), works_for=cast.office)
    for who in (stranger, cast.charlie, cast.nobody, cast.alice, cast.fred):
        with pytest.raises(PermissionDenied):
            actions.record(by=who, about=active, **TYPED)
    assert not visible_to(stranger).exists()


def test_a_proposal_has_no_partners_yet(cast, proposal):
    assert not visible_to(cast.frank).exists()
    with pytest.raises(PermissionDenied):
        actions.record(by=cast.frank, about=proposal, **TYPED)


def test_who_reports_on_the_project_accepts_at_once_what_they_record(mary, active):
    made = actions.record(by=mary, about=active, **TYPED)
    assert (made.accepted_by, made.accepted_at is not None) == (mary, True)


def test_until_it_is_accepted_the_partner_changes_it_and_after_that_no_more(mary, paul, workshop):
    actions.edit(by=paul, engagement=workshop, revision=1, **{**TYPED, "kind": "dialogue"})
    agreed = actions.agree(by=paul, engagement=workshop, what={"en": "A guide"})
    actions.accept(by=mary, engagement=workshop, revision=workshop.revision)
    event = Event.objects.get(verb="engagement.accepted")
    assert (event.by, event.address) == (mary, workshop.address)
    assert not queries.may_change(paul, workshop)
    for deed in (
        lambda: actions.edit(by=paul, engagement=workshop, revision=workshop.revision, **TYPED),
        lambda: actions.agree(by=paul, engagement=workshop, what={"en": "More"}),
        lambda: actions.settle(by=paul, agreement=agreed, deed="do", revision=1),
        lambda: actions.write_scores(
            by=paul, engagement=workshop, revision=workshop.revision, maximum=None, scores=[]
        ),
        lambda: actions.remove(by=paul, engagement=workshop, revision=workshop.revision),
    ):
        with pytest.raises(PermissionDenied):
            deed()
    actions.edit(by=mary, engagement=workshop, revision=workshop.revision, **TYPED)


def test_a_partner_takes_back_what_is_not_accepted_and_only_that(mary, paul, active, workshop):
    of_mary = actions.record(by=mary, about=active, **TYPED)
    with pytest.raises(PermissionDenied):
        actions.remove(by=paul, engagement=of_mary, revision=1)
    actions.remove(by=paul, engagement=workshop, revision=workshop.revision)
    assert list(Engagement.objects.all()) == [of_mary]


def test_nobody_accepts_twice_or_what_has_changed_or_for_themselves(mary, fred, paul, workshop):
    for who in (paul, fred):
        with pytest.raises(PermissionDenied):
            actions.accept(by=who, engagement=workshop, revision=1)
    with pytest.raises(Stale):
        actions.accept(by=mary, engagement=workshop, revision=7)
    actions.accept(by=mary, engagement=workshop, revision=1)
    with pytest.raises(MilepostError) as error:
        actions.accept(by=mary, engagement=workshop, revision=workshop.revision)
    assert told(error) == {"accepted-already"}


def test_it_is_not_public_and_does_not_count_before_it_is_accepted(client, mary, active, trained, workshop):
    Project.objects.filter(pk=active.pk).update(public=True)
    page = reverse("engagement", args=[workshop.pk])
    assert client.get(page).status_code == 404
    assert "Fees" not in client.get(reverse("engagements")).content.decode()
    with pytest.raises(MilepostError) as error:
        actions.count_for(by=mary, engagement=workshop, indicator=trained, what="participants")
    assert told(error) == {"not-accepted"}
    actions.accept(by=mary, engagement=workshop, revision=1)
    assert client.get(page).status_code == 200
    assert actions.count_for(by=mary, engagement=workshop, indicator=trained, what="participants")


def test_a_partner_lets_nothing_count_and_reports_nothing(client, paul, active, trained, workshop):
    with pytest.raises(PermissionDenied):
        actions.count_for(by=paul, engagement=workshop, indicator=trained, what="participants")
    client.force_login(paul)
    assert client.post(reverse("engagement-count", args=[workshop.pk])).status_code == 403
    assert client.get(reverse("reporting", args=[active.pk])).status_code == 403
    assert deadlines.due_for(paul) == []


def test_a_partner_sees_of_the_project_what_the_public_would_see(client, paul, active):
    """Its record, results and engagements; not its money, people, risks or drafts."""
    assert not scoping.works_with(paul, active)
    client.force_login(paul)
    for name in ("project", "results", "tracking", "project-engagements"):
        assert client.get(reverse(name, args=[active.pk])).status_code == 200
    for name in ("money", "staff", "risks", "workplan", "project-reports"):
        assert client.get(reverse(name, args=[active.pk])).status_code in (403, 404)
    assert client.get(reverse("project-edit", args=[active.pk])).status_code == 403
    assert "Fair recruitment" in client.get(reverse("projects")).content.decode()


def test_the_whole_way_on_the_pages(client, mary, paul, active):
    client.force_login(paul)
    listed = client.get(reverse("project-engagements", args=[active.pk])).content.decode()
    new = reverse("engagement-new") + f"?about={active.address}"
    assert new.replace("&", "&amp;") in listed
    answer = client.post(
        new, {"kind": "dialogue", "first_day": "2025-05-06", "topic-en": "Fees"}, follow=True
    )
    said = answer.content.decode()
    assert "until then you can change it" in said
    assert "waits to be accepted" in said
    assert "Accept the engagement" not in said
    made = Engagement.objects.get()
    client.force_login(mary)
    assert "Accept an engagement: Fees" in client.get(reverse("work")).content.decode()
    assert "Accept the engagement" in client.get(made.get_absolute_url()).content.decode()
    client.post(reverse("engagement-accept", args=[made.pk]), {"revision": made.revision})
    made.refresh_from_db()
    assert made.accepted_by == mary
    assert "Accept an engagement" not in client.get(reverse("work")).content.decode()
    client.force_login(paul)
    assert client.get(reverse("engagement-edit", args=[made.pk])).status_code == 403


def test_agreements_of_what_is_not_accepted_are_not_due(mary, paul, active, workshop):
    day = timezone.localdate() + timedelta(days=9)
    actions.agree(by=paul, engagement=workshop, what={"en": "A guide"}, due=day)
    assert not [one for one in due(active, timezone.localdate()) if "A guide" in one.what]
    actions.accept(by=mary, engagement=workshop, revision=workshop.revision)
    assert [one for one in due(active, timezone.localdate()) if "A guide" in one.what]


def test_who_stops_being_a_partner_sees_it_no_more(client, paul, active, workshop):
    Party.objects.filter(project=active).delete()
    client.force_login(paul)
    assert client.get(reverse("engagement", args=[workshop.pk])).status_code == 404
    assert client.get(reverse("project", args=[active.pk])).status_code == 404
