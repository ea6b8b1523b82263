"""One project, or all that a list shows, as a file of IATI that passes the standard's own checks."""

from datetime import date
from decimal import Decimal

import pytest
from lxml import etree

from milepost.interchange import iati
from milepost.values import Figure
from milepost.web.projects.actions import lifecycle, register, reporting, workplan
from milepost.web.projects.queries import iati as queries

FILE = "/en/projects/iati.xml"


@pytest.fixture
def known(cast, mary, fred, proposal, trained):
    """A running project with all that the standard demands; nobody lives on the island that it is for."""
    register.save(
        by=mary,
        project=proposal,
        revision=proposal.revision,
        iati_identifier="XX-EXAMPLE-1",
        start="2025-01-01",
        end="2025-12-31",
        areas=["bv"],
        tags={"dac": ["15190"], "iom": ["3c4b"]},
    )
    register.endorse_for(by=mary, project=proposal, area="bv", day=date(2024, 9, 1), authority="Warden")
    register.add_party(by=mary, project=proposal, role="2", institution=cast.ministry, reference="XX-EXAMPLE")
    for by, deed in ((mary, "endorse"), (fred, "approve"), (mary, "start")):
        lifecycle.step(by=by, project=proposal, deed=deed, revision=proposal.revision)
    return proposal


def one(client, project):
    return client.get(f"/en/projects/{project.pk}/iati.xml")


def activity(answer):
    return etree.fromstring(answer.content).find("iati-activity")


def approved(mary, fred, indicator, number):
    period = indicator.result.project.periods.first()
    actual = reporting.report(by=mary, indicator=indicator, period=period, figures=[Figure(Decimal(number))])
    actual = reporting.submit(by=mary, actual=actual, revision=actual.revision)
    return reporting.approve(by=fred, actual=actual, revision=actual.revision)


def test_the_file_passes_the_checks_of_the_standard(client, mary, fred, known, trained, tmp_path):
    approved(mary, fred, trained, 12)
    client.force_login(mary)
    answer = one(client, known)
    assert answer.status_code == 200, answer.content.decode()
    (tmp_path / "out.xml").write_bytes(answer.content)
    assert [
        problem.code for problem in iati.check(tmp_path / "out.xml") if problem.code != "iati-rules-skipped"
    ] == []


def test_what_goes_in_comes_out(client, mary, fred, known, trained, tmp_path):
    approved(mary, fred, trained, 12)
    client.force_login(mary)
    (tmp_path / "out.xml").write_bytes(one(client, known).content)
    [found] = iati.read(tmp_path / "out.xml").projects
    assert (found.identifier, found.title["ru"]) == ("XX-EXAMPLE-1", "Справедливый найм")
    assert [share.code for share in found.countries] == ["BV"]
    assert found.markers[0].code == "2a"
    assert [(tag.vocabulary, tag.code) for tag in found.tags] == [("99", "iom 3c4b"), ("3", "10.7")]
    assert [(sector.vocabulary, sector.code) for sector in found.sectors] == [("1", "15190"), ("99", "LM")]
    [budget] = found.budgets
    assert (budget.money.value, budget.money.currency) == (Decimal(100000), "USD")


def test_only_approved_figures_go_out(client, mary, fred, known, trained):
    period = known.periods.first()
    reporting.report(by=mary, indicator=trained, period=period, figures=[Figure(Decimal(99))])
    client.force_login(mary)
    assert activity(one(client, known)).findall(".//actual") == []


def test_a_figure_that_is_missing_is_left_out_and_is_not_zero(client, mary, fred, known, trained):
    period = known.periods.first()
    actual = reporting.report(by=mary, indicator=trained, period=period, figures=[Figure(status="O")])
    actual = reporting.submit(by=mary, actual=actual, revision=actual.revision)
    reporting.approve(by=fred, actual=actual, revision=actual.revision)
    client.force_login(mary)
    assert activity(one(client, known)).findall(".//actual") == []


def test_money_spent_is_for_those_who_work_with_the_project(client, mary, fred, known):
    line = register.set_budget_line(
        by=mary, project=known, kind="staff", title={"en": "Manager"}, amount=Decimal(500)
    )
    workplan.spend(by=mary, line=line, day=date(2025, 3, 1), amount=Decimal(120), reference="V-17")
    lifecycle.publish(by=fred, project=known, revision=known.revision)
    client.force_login(mary)
    inside = one(client, known)
    assert activity(inside).findtext("transaction/value") == "120.00"
    assert b"V-17" not in inside.content
    client.logout()
    public = one(client, known)
    assert public.status_code == 200
    assert activity(public).find("transaction") is None
    assert mary.name.encode() not in public.content


def test_what_the_register_lacks_is_named_and_nothing_is_made_up(client, mary, active):
    client.force_login(mary)
    answer = one(client, active)
    assert answer.status_code == 409
    page = answer.content.decode()
    for what in ("iati-identifier", "reporting-org", "participating-org", "activity-date"):
        assert what in page
    assert "Under Partners, money, links add who reports" in page
    assert "Under Edit enter the type of project" not in page  # it has one


def test_a_stranger_gets_no_file(client, cast, zoe, known):
    assert one(client, known).status_code == 404
    client.force_login(zoe)
    assert one(client, known).status_code == 404
    assert b"XX-EXAMPLE-1" not in client.get(FILE).content


def test_the_list_gives_exactly_what_it_shows(client, mary, known):
    client.force_login(mary)
    answer = client.get(FILE)
    assert [each.text for each in etree.fromstring(answer.content).iter("iati-identifier")] == [
        "XX-EXAMPLE-1"
    ]
    assert client.get(f"{FILE}?words=nothing-of-the-kind").status_code == 409  # a file has an activity


def test_a_project_that_lacks_something_is_named_and_the_others_can_go_out(client, cast, mary, known):
    other = register.enter(by=mary, institution=cast.ministry, title={"en": "Half told"}, start="2025")
    client.force_login(mary)
    answer = client.get(f"{FILE}?state=")
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Half told" in page and "Download the 1 that lacks nothing" in page
    assert page.count(known.get_absolute_url()) == 0
    rest = client.get(f"{FILE}?state=&complete=1")
    assert rest.status_code == 200
    assert [each.text for each in etree.fromstring(rest.content).iter("iati-identifier")] == ["XX-EXAMPLE-1"]
    none = client.get(f"{FILE}?words=half+told&complete=1")
    assert none.status_code == 409
    assert other.get_absolute_url() in none.content.decode()
    assert "Download the" not in none.content.decode()


def test_more_projects_than_a_file_holds_are_refused(client, mary, known, monkeypatch):
    monkeypatch.setattr(queries, "MOST", 0)
    client.force_login(mary)
    answer = client.get(FILE)
    assert answer.status_code == 409
    assert "one file holds 0" in answer.content.decode()


def test_no_longer_a_project_takes_more_queries(mary, known, trained, django_assert_max_num_queries):
    with django_assert_max_num_queries(14):
        queries.as_value(known, "https://example.org/", spent=True)
