"""One row of an uploaded file is mended by hand: with a reason, by one at a time, the file untouched."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from milepost.errors import MilepostError
from milepost.web.audit.models import Event
from milepost.web.files.queries import open_file
from milepost.web.indicators.actions import datasets
from milepost.web.indicators.models import Observation
from milepost.web.ui.revisions import Stale
from tests.web.indicators.steps import again, listed, table, upload

ROWS = ("8.8.1,2023,,NUMBER,4.5,,", "8.8.1,2024,,NUMBER,many,,", "8.8.1,2024,F,NUMBER,7,,")


@pytest.fixture
def draft(cast):
    listed(cast, "8.8.1")
    return upload(cast.alice, cast.office, cast.sandoria, *ROWS)


def row(dataset, number):
    return dataset.delivery.rows.get(number=number)


def mend(dataset, number, by, why="A slip of the keyboard.", **cells):
    revision = row(dataset, number).revision
    return datasets.mend(by=by, dataset=dataset, number=number, revision=revision, cells=cells, why=why)


def page(dataset, number):
    return reverse("dataset-row", args=[dataset.pk, number])


def typed(answer, **changes):
    """What the form would send as it is shown, with these changes."""
    form = answer.context["form"]
    shown = {field.html_name: "" if field.value() is None else field.value() for field in form}
    return shown | {"why": "As the ministry's letter says."} | changes


def test_a_refused_row_is_mended_and_judged_again_and_the_file_stays_as_it_came(draft, cast):
    assert (draft.counts["add"], draft.counts["refused"]) == (2, 1)
    mended = mend(draft, 2, cast.alice, obs_value="5,5", comment_obs="Mended.")
    assert (mended.counts["add"], mended.counts["refused"]) == (3, 0)
    found = row(draft, 2)
    assert (found.cells["obs_value"], found.as_it_came["obs_value"]) == ("5.5", "many")
    assert (found.problems, found.edited_by, found.revision) == ([], cast.alice, 2)
    with open_file(draft.delivery.file) as file:
        assert file.read() == table(*ROWS)
    event = Event.objects.get(verb="row.edited")
    assert (event.by, event.why) == (cast.alice, "A slip of the keyboard.")
    assert event.details == {"row": 2, "concepts": ["comment_obs", "obs_value"]}  # names, never values


def test_how_the_row_came_is_kept_whatever_is_changed_after(draft, cast):
    mend(draft, 2, cast.alice, obs_value="5")
    mend(draft, 2, cast.alice, obs_value="6")
    assert row(draft, 2).as_it_came["obs_value"] == "many"


def test_a_change_needs_a_reason_and_a_draft_and_somebody_who_may(draft, cast):
    with pytest.raises(MilepostError) as error:
        mend(draft, 2, cast.alice, why=" ", obs_value="5")
    assert [problem.code for problem in error.value.problems] == ["reason-missing"]
    for stranger in (cast.bob, cast.charlie, cast.nobody):
        with pytest.raises(PermissionDenied):
            mend(draft, 2, stranger, obs_value="5")
    draft = datasets.submit(by=cast.alice, dataset=draft, revision=draft.revision)
    with pytest.raises(MilepostError):
        mend(draft, 2, cast.alice, obs_value="5")
    assert row(draft, 2).cells["obs_value"] == "many"


def test_a_row_moved_to_the_key_of_another_one_is_in_conflict_with_it(draft, cast):
    mended = mend(draft, 3, cast.alice, sex="", time_period="2023")
    assert mended.counts["conflict"] == 2
    mended = mend(mended, 3, cast.alice, time_period="2022")
    assert (mended.counts["conflict"], mended.counts["add"]) == (0, 2)


def test_the_page_mends_without_javascript(draft, cast, client):
    client.force_login(cast.alice)
    listing = client.get(draft.get_absolute_url(), {"show": "refused"}).content.decode()
    assert page(draft, 2) in listing
    answer = client.get(page(draft, 2))
    form = answer.context["form"]
    assert (form["obs_value"].value(), form["time_period"].value()) == ("many", "2024")
    answer = client.post(page(draft, 2), typed(answer, obs_value="5.5", by_sex="F"), follow=True)
    assert answer.redirect_chain[0][0].endswith("?show=conflict#row-2")  # the third row says 7
    assert "in conflict with another one" in answer.content.decode()
    answer = client.post(page(draft, 2), typed(client.get(page(draft, 2)), by_sex=""), follow=True)
    said = answer.content.decode()
    assert "the row adds a figure" in said
    assert "Changed by hand" in said
    said = client.get(page(draft, 2)).content.decode()
    assert "many" in said  # as the file has it
    assert "letter says" in said


def test_a_row_with_a_status_and_no_value_is_typed(draft, cast, client):
    client.force_login(cast.alice)
    client.post(page(draft, 2), typed(client.get(page(draft, 2)), obs_value="", obs_status="Q"))
    assert (row(draft, 2).outcome, row(draft, 2).cells["obs_status"]) == ("add", "Q")
    client.post(page(draft, 2), typed(client.get(page(draft, 2)), lower_bound="3"))
    assert row(draft, 2).outcome == "refused"
    assert [fault["code"] for fault in row(draft, 2).problems] == ["bound-without-value"]


def test_without_a_reason_the_page_says_so_and_keeps_what_was_typed(draft, cast, client):
    client.force_login(cast.alice)
    answer = client.post(page(draft, 2), typed(client.get(page(draft, 2)), obs_value="5.5", why=""))
    assert answer.status_code == 422
    assert answer.context["form"]["obs_value"].value() == "5.5"
    assert row(draft, 2).revision == 1


def test_the_second_of_two_people_is_told_and_keeps_what_was_typed(draft, cast, client):
    client.force_login(cast.alice)
    shown = client.get(page(draft, 2))
    mend(draft, 2, cast.alice, obs_value="6")
    answer = client.post(page(draft, 2), typed(shown, obs_value="5.5"))
    assert answer.status_code == 409
    said = answer.content.decode()
    assert "Alice changed this row meanwhile" in said
    assert answer.context["form"]["obs_value"].value() == "5.5"
    assert row(draft, 2).cells["obs_value"] == "6"
    answer = client.post(page(draft, 2), typed(answer, obs_value="5.5"))
    assert answer.status_code == 302
    assert row(draft, 2).cells["obs_value"] == "5.5"
    with pytest.raises(Stale):
        datasets.mend(by=cast.alice, dataset=draft, number=2, revision=1, cells={"obs_value": "1"}, why="x")


def test_who_changed_a_row_does_not_approve_and_the_trace_tells_it_to_insiders_only(draft, cast, client):
    mend(draft, 2, cast.alice, obs_value="5.5", why="As the letter says.")
    sent = datasets.submit(by=cast.alice, dataset=again(draft), revision=again(draft).revision)
    datasets.approve(by=cast.bob, dataset=sent, revision=sent.revision)
    figure = Observation.objects.get(period="2024", series__dimensions="")
    address = reverse("trace", args=[figure.address])
    public = client.get(address).content.decode()
    assert "5.5" in public
    assert "Alice" not in public
    assert "As the letter says" not in public
    client.force_login(cast.bob)
    inside = client.get(address).content.decode()
    assert "Changed by hand" in inside
    assert "As the letter says" in inside
    other = Observation.objects.get(period="2023")
    assert "Changed by hand" not in client.get(reverse("trace", args=[other.address])).content.decode()
    answer = client.get(page(sent, 2))  # to be looked at, not to be changed
    assert (answer.status_code, answer.context["form"]) == (200, None)


def test_strangers_find_no_page_and_reviewers_change_nothing(draft, cast, client):
    assert client.get(page(draft, 2)).status_code == 302
    client.force_login(cast.charlie)
    assert client.get(page(draft, 2)).status_code == 404
    assert client.post(page(draft, 2), {"obs_value": "1"}).status_code == 404
    client.force_login(cast.bob)
    assert client.get(page(draft, 2)).status_code == 403
    assert client.post(page(draft, 2), {"obs_value": "1"}).status_code == 403
    client.force_login(cast.alice)
    assert client.get(page(draft, 99)).status_code == 404
