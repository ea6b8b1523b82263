"""A project is entered, changed, linked and shown; what cannot be so is said at its field."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from milepost.errors import MilepostError
from milepost.web.audit.models import Event
from milepost.web.projects.actions import register
from milepost.web.projects.queries import table, visible_to
from milepost.web.ui.revisions import Stale

pytestmark = pytest.mark.django_db


def codes(error):
    """The codes of the faults of an error, by field."""
    return {(problem.origin.column, problem.code) for problem in error.value.problems}


def test_a_moment_is_as_precise_as_it_is_known(proposal):
    """2025 is the whole year; 2026-06 ends on the last day of June; the words stay as typed."""
    assert (proposal.start, proposal.first_day) == ("2025", date(2025, 1, 1))
    assert (proposal.end, proposal.last_day) == ("2026-06", date(2026, 6, 30))


def test_every_fault_is_said_at_once(cast, mary, proposal):
    """An unreadable start, and a code that another project has."""
    register.save(by=mary, project=proposal, revision=1, project_code="LM.0001")
    with pytest.raises(MilepostError) as error:
        register.enter(
            by=mary, institution=cast.ministry, title={"en": "Twice"}, start="soon", project_code="LM.0001"
        )
    assert codes(error) == {("start", "moment-unreadable"), ("project_code", "project-code-taken")}


def test_the_end_before_the_start_is_refused(cast, mary):
    """A year that ends before the other begins; the same year is no fault."""
    with pytest.raises(MilepostError) as error:
        register.enter(by=mary, institution=cast.ministry, title={"en": "A"}, start="2025", end="2024-12")
    assert codes(error) == {("end", "ends-before-start")}
    register.enter(by=mary, institution=cast.ministry, title={"en": "A"}, start="2025-05", end="2025")


def test_nobody_enters_projects_elsewhere(cast, mary):
    """The project manager of the ministry enters none for the office."""
    with pytest.raises(PermissionDenied):
        register.enter(by=mary, institution=cast.office, title={"en": "Not mine"})


def test_a_stale_form_changes_nothing(mary, proposal):
    """The second of two people is told; the first one's words stay."""
    register.save(by=mary, project=proposal, revision=1, managing_office="Minsk")
    with pytest.raises(Stale):
        register.save(by=mary, project=proposal, revision=1, managing_office="Bishkek")
    proposal.refresh_from_db()
    assert proposal.managing_office == "Minsk"


def test_a_language_that_the_form_does_not_show_is_kept(mary, proposal):
    """A title in Kyrgyz survives an edit of the English one."""
    register.save(by=mary, project=proposal, revision=1, title={"en": "Fair", "ky": "Адилет"})
    register.save(by=mary, project=proposal, revision=2, title={"en": "Fairer"})
    proposal.refresh_from_db()
    assert proposal.title == {"en": "Fairer", "ky": "Адилет"}


def test_one_organisation_is_accountable(cast, mary, proposal):
    """Two leads are refused; the same one may have another role."""
    register.add_party(by=mary, project=proposal, role="2", institution=cast.ministry)
    with pytest.raises(MilepostError) as error:
        register.add_party(by=mary, project=proposal, role="2", institution=cast.office)
    assert codes(error) == {("role", "second-lead")}
    register.add_party(by=mary, project=proposal, role="4", institution=cast.ministry)


def test_projects_never_come_after_themselves(cast, mary):
    """A after B after C: C after A would close the circle, by whatever way."""
    first, second, third = (
        register.enter(by=mary, institution=cast.ministry, title={"en": name}) for name in "ABC"
    )
    register.connect(by=mary, first=first, second=second, kind="after")
    register.connect(by=mary, first=second, second=third, kind="after")
    with pytest.raises(MilepostError) as error:
        register.connect(by=mary, first=third, second=first, kind="after")
    [problem] = error.value.problems
    assert problem.code == "project-after-itself"
    assert problem.details["path"] == "A → B → C → A"
    with pytest.raises(MilepostError, match="linked already"):
        register.connect(by=mary, first=second, second=first, kind="beside")


def test_the_funds_rules_warn_and_never_refuse(mary, proposal):
    """Staff and office at 45 %, nothing for the evaluation: two warnings with their source."""
    register.save(by=mary, project=proposal, revision=1, fund="idf", year=2024)
    for kind, amount in (("staff", 40000), ("office", 5000), ("operational", 55000)):
        register.set_budget_line(
            by=mary, project=proposal, kind=kind, title={"en": kind}, amount=Decimal(amount)
        )
    found = {one.code: one.details for one in table.warnings(proposal, date(2025, 3, 1))}
    assert set(found) == {"staff-and-office-share", "evaluation-share"}
    assert found["staff-and-office-share"]["share"] == "45.0"
    assert found["staff-and-office-share"]["source"]


def test_a_share_just_below_the_rule_is_not_told_as_the_rule(mary, proposal):
    """4.98 % is not rounded to the 5 % that it misses."""
    register.save(by=mary, project=proposal, revision=1, fund="idf", year=2024)
    for kind, amount in (("operational", 95020), ("evaluation", 4980)):
        register.set_budget_line(
            by=mary, project=proposal, kind=kind, title={"en": kind}, amount=Decimal(amount)
        )
    [found] = table.warnings(proposal, date(2025, 3, 1))
    assert (found.code, found.details["share"], found.details["limit"]) == ("evaluation-share", "4.98", "5")


def test_a_rule_holds_for_its_years_only(mary, proposal):
    """A project approved before the rule was made is not measured by it."""
    register.save(by=mary, project=proposal, revision=1, fund="idf", year=2015)
    register.set_budget_line(
        by=mary, project=proposal, kind="staff", title={"en": "All"}, amount=Decimal(100000)
    )
    assert not list(table.warnings(proposal, date(2015, 3, 1)))


def test_each_change_leaves_who_and_what(mary, proposal):
    """The event names the fields, and holds no words of them."""
    register.save(by=mary, project=proposal, revision=1, managing_office="Minsk", why="The office moved")
    event = Event.objects.filter(verb="project.edited").latest("pk")
    assert (event.by, event.address, event.why) == (mary, proposal.address, "The office moved")
    assert event.details == {"fields": ["managing_office"]}


def test_the_form_enters_what_was_typed(client, cast, mary):
    """Names of states in any language, codes of the results framework, tags."""
    client.force_login(mary)
    typed = {
        "institution": cast.ministry.pk,
        "title-en": "Border posts",
        "areas": "Кыргызстан\nSandoria",
        "budget": "1500.50",
        "currency": "usd",
        "sdg": ["10.7"],
        "iom": "3c4b, 3c5c",
        "start": "2025",
    }
    answer = client.post(reverse("project-new"), typed)
    project = visible_to(mary).get()
    assert answer["Location"] == project.get_absolute_url()
    assert sorted(project.beneficiaries.values_list("area", flat=True)) == ["kg", "xs"]
    assert (project.budget, project.currency) == (Decimal("1500.50"), "USD")
    assert {(tag.framework, tag.code) for tag in project.tags.all()} == {
        ("sdg", "10.7"),
        ("iom", "3c4b"),
        ("iom", "3c5c"),
    }


def test_a_wrong_form_says_what_is_wrong_and_keeps_the_rest(client, cast, mary):
    """A budget in words, an unknown state: nothing is saved, nothing typed is lost."""
    client.force_login(mary)
    typed = {
        "institution": cast.ministry.pk,
        "title-en": "Border posts",
        "areas": "Atlantis",
        "budget": "a million",
    }
    answer = client.post(reverse("project-new"), typed)
    assert answer.status_code == 200
    assert set(answer.context["form"].errors) == {"areas", "budget"}
    assert "Border posts" in answer.text
    assert not visible_to(mary).exists()


def test_a_document_is_had_by_everybody_only_while_the_project_is_public(client, active, mary, fred):
    """Published with the project, and hidden with it."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    from milepost.web.projects.actions import lifecycle

    upload = SimpleUploadedFile("agreement.pdf", b"%PDF-1.4 words")
    made = register.attach(
        by=mary, project=active, upload=upload, name="agreement.pdf", kind="agreement", title={}, public=True
    )
    address = made.file.get_absolute_url()
    assert client.get(address).status_code != 200
    lifecycle.publish(by=fred, project=active, revision=active.revision)
    assert client.get(address).status_code == 200
    lifecycle.hide(by=fred, project=active, revision=active.revision, reason="A mistake")
    assert client.get(address).status_code != 200
