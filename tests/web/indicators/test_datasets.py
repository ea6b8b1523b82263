"""From a file to the public: the life of a dataset."""

import pytest
from django.core.exceptions import PermissionDenied

from milepost.errors import MilepostError
from milepost.web.accounts.models import Grant
from milepost.web.audit.models import Event
from milepost.web.indicators.actions import datasets, lists
from milepost.web.indicators.actions.targets import Stale
from milepost.web.indicators.models import Observation, Version
from milepost.web.intake import actions as intake
from milepost.web.jobs import work as jobs
from milepost.web.notices.models import Notice
from milepost.web.traces.models import Edge
from tests.cast import person
from tests.web.indicators.steps import again, listed, public, publish, upload, version_of

FIRST = (
    "8.8.1,2022,,NUMBER,5.1,,",
    "8.8.1,2023,,NUMBER,4.9,,",
    "8.8.1,2023,F,NUMBER,3.0,,",
)
SECOND = (
    "8.8.1,2024,,NUMBER,4.2,,",  # added
    "8.8.1,2023,,NUMBER,4.8,,",  # changed
    "8.8.1,2022,,NUMBER,5.1,,",  # equal
    "8.8.1,2023,F,NUMBER,3.1,,",  # in conflict with the next
    "8.8.1,2023,F,NUMBER,3.2,,",
    "10.9.9,2023,,NUMBER,1,,",  # refused: not on the list
)


def codes(error):
    return [problem.code for problem in error.value.problems]


def test_a_file_with_rows_of_every_kind_goes_in_is_decided_reviewed_and_published(cast):
    (indicator,) = listed(cast, "8.8.1")
    publish(cast, *FIRST)
    assert public(indicator) == {
        ("2022", ""): (5.1, "A"),
        ("2023", ""): (4.9, "A"),
        ("2023", "F"): (3.0, "A"),
    }

    dataset = upload(cast.alice, cast.office, cast.sandoria, *SECOND)
    assert dataset.counts == {"add": 1, "change": 1, "same": 1, "conflict": 2, "refused": 1}
    refused = dataset.delivery.rows.get(outcome="refused")
    assert [fault["code"] for fault in refused.problems] == ["indicator-not-listed"]
    changed = dataset.delivery.rows.get(outcome="change")
    assert changed.before["value"] == 4.9
    with pytest.raises(MilepostError) as error:
        datasets.submit(by=cast.alice, dataset=dataset, revision=dataset.revision)
    assert codes(error) == ["conflicts-undecided"]

    dataset = datasets.decide(by=cast.alice, dataset=dataset, numbers=[5], decision="use")
    assert dataset.counts == {"add": 1, "change": 2, "same": 2, "conflict": 0, "refused": 1}
    dataset = datasets.submit(by=cast.alice, dataset=dataset, revision=dataset.revision)
    assert dataset.state == "submitted"
    assert public(indicator)["2023", ""] == (4.9, "A")  # nothing is public before
    assert Notice.objects.get(kind="review", done_at=None).user == cast.bob

    dataset = again(datasets.approve(by=cast.bob, dataset=dataset, revision=dataset.revision))
    assert dataset.state == "published"
    assert public(indicator) == {
        ("2022", ""): (5.1, "A"),
        ("2023", ""): (4.8, "A"),
        ("2023", "F"): (3.2, "A"),
        ("2024", ""): (4.2, "A"),
    }
    assert public(indicator, 1) == {
        ("2022", ""): (5.1, "A"),
        ("2023", ""): (4.9, "A"),
        ("2023", "F"): (3.0, "A"),
    }
    version = Version.objects.get(indicator=indicator, number=2)
    assert (version.kind, version.added, version.changed, version.removed) == ("release", 1, 2, 0)
    assert not Notice.objects.filter(kind="review", done_at=None).exists()
    assert Notice.objects.get(kind="published", user=cast.alice, address=dataset.address)


def test_every_figure_leads_back_to_file_row_mapping_and_person(cast):
    (indicator,) = listed(cast, "8.8.1")
    dataset = publish(cast, *FIRST)
    edges = set(Edge.objects.values_list("source", "relation", "target"))
    delivery = dataset.delivery
    assert (f"{indicator.address}@1", "rests_on", dataset.address) in edges
    assert (dataset.address, "rests_on", delivery.address) in edges
    assert (delivery.address, "rests_on", delivery.file.address) in edges
    figure = Observation.objects.get(period="2023", series__dimensions="sex")
    assert (figure.dataset, figure.line, figure.sheet) == (dataset, 4, "")
    verbs = list(Event.objects.filter(address=dataset.address).order_by("id").values_list("verb", "by"))
    assert verbs == [
        ("dataset.started", cast.alice.pk),
        ("dataset.read", cast.alice.pk),
        ("dataset.submitted", cast.alice.pk),
        ("dataset.approved", cast.bob.pk),
        ("dataset.published", cast.bob.pk),
    ]


def test_nobody_approves_what_they_had_a_hand_in(cast):
    listed(cast, "8.8.1")
    both = person("betty", ("statistician", cast.office.address), ("reviewer", cast.office.address))
    started = upload(both, cast.office, cast.sandoria, *FIRST[:1])
    submitted = datasets.submit(by=cast.alice, dataset=started, revision=started.revision)
    with pytest.raises(PermissionDenied):  # she started it
        datasets.approve(by=both, dataset=submitted, revision=submitted.revision)

    other = upload(cast.alice, cast.office, cast.sandoria, FIRST[1])
    row = other.delivery.rows.get()
    row = intake.edit_row(by=both, row=row, cells={"obs_value": "4.95"}, revision=row.revision)
    intake.edit_row(by=cast.alice, row=row, cells={"obs_value": "4.96"}, revision=row.revision)
    other = datasets.compare_again(other, [1])
    other = datasets.submit(by=cast.alice, dataset=other, revision=other.revision)
    with pytest.raises(PermissionDenied):  # she mended a row, though another mended it after her
        datasets.approve(by=both, dataset=other, revision=other.revision)
    assert again(datasets.approve(by=cast.bob, dataset=other, revision=other.revision)).state == "published"


def test_who_may_do_what(cast):
    listed(cast, "8.8.1")
    for stranger in (cast.charlie, cast.nobody, cast.bob, cast.adam):
        with pytest.raises(PermissionDenied):
            upload(stranger, cast.office, cast.sandoria, *FIRST)
    dataset = upload(cast.alice, cast.office, cast.sandoria, *FIRST)
    for stranger in (cast.charlie, cast.nobody, cast.bob, cast.frank):
        with pytest.raises(PermissionDenied):
            datasets.submit(by=stranger, dataset=dataset, revision=dataset.revision)
        with pytest.raises(PermissionDenied):
            datasets.discard(by=stranger, dataset=dataset, revision=dataset.revision)
        with pytest.raises(PermissionDenied):
            datasets.decide(by=stranger, dataset=dataset, numbers=[1], decision="leave")
        with pytest.raises(PermissionDenied):
            datasets.describe(by=stranger, dataset=dataset, revision=1, title="", note="", correction=False)
    dataset = datasets.submit(by=cast.alice, dataset=dataset, revision=dataset.revision)
    for stranger in (cast.charlie, cast.nobody, cast.alice, cast.carol, cast.adam):
        with pytest.raises(PermissionDenied):
            datasets.approve(by=stranger, dataset=dataset, revision=dataset.revision)
        with pytest.raises(PermissionDenied):
            datasets.return_(by=stranger, dataset=dataset, revision=dataset.revision, reason="No")
    dataset = again(datasets.approve(by=cast.bob, dataset=dataset, revision=dataset.revision))
    for stranger in (cast.charlie, cast.nobody, cast.alice, cast.carol):
        with pytest.raises(PermissionDenied):
            datasets.withdraw(by=stranger, dataset=dataset, revision=dataset.revision, reason="No")


def test_a_returned_dataset_says_why_and_can_be_sent_again(cast):
    listed(cast, "8.8.1")
    dataset = upload(cast.alice, cast.office, cast.sandoria, *FIRST)
    dataset = datasets.submit(by=cast.alice, dataset=dataset, revision=dataset.revision)
    with pytest.raises(MilepostError) as error:
        datasets.return_(by=cast.bob, dataset=dataset, revision=dataset.revision, reason="  ")
    assert codes(error) == ["reason-missing"]
    dataset = datasets.return_(
        by=cast.bob, dataset=dataset, revision=dataset.revision, reason="2023 looks low."
    )
    assert (dataset.state, dataset.reason) == ("returned", "2023 looks low.")
    told = Notice.objects.get(kind="returned", done_at=None)
    assert (told.user, told.details["note"]) == (cast.alice, "2023 looks low.")
    dataset = datasets.submit(by=cast.alice, dataset=dataset, revision=dataset.revision)
    assert dataset.state == "submitted"
    assert not Notice.objects.filter(kind="returned", done_at=None).exists()


def test_a_submitted_dataset_can_be_recalled_and_a_draft_discarded(cast):
    listed(cast, "8.8.1")
    dataset = upload(cast.alice, cast.office, cast.sandoria, *FIRST)
    dataset = datasets.submit(by=cast.alice, dataset=dataset, revision=dataset.revision)
    dataset = datasets.recall(by=cast.alice, dataset=dataset, revision=dataset.revision)
    assert dataset.state == "draft"
    assert not Notice.objects.filter(kind="review", done_at=None).exists()
    dataset = datasets.discard(by=cast.alice, dataset=dataset, revision=dataset.revision)
    assert dataset.state == "discarded"
    with pytest.raises(MilepostError) as error:
        datasets.submit(by=cast.alice, dataset=dataset, revision=dataset.revision)
    assert codes(error) == ["deed-not-now"]


def test_rows_of_what_was_submitted_stay_as_they_are(cast):
    listed(cast, "8.8.1")
    dataset = upload(cast.alice, cast.office, cast.sandoria, *FIRST)
    dataset = datasets.submit(by=cast.alice, dataset=dataset, revision=dataset.revision)
    row = dataset.delivery.rows.first()
    with pytest.raises(MilepostError):
        intake.edit_row(by=cast.alice, row=row, cells={"obs_value": "9"}, revision=row.revision)
    with pytest.raises(MilepostError):
        datasets.preview(dataset)


def test_figures_that_would_change_nothing_are_not_sent_to_review(cast):
    listed(cast, "8.8.1")
    publish(cast, *FIRST)
    dataset = upload(cast.alice, cast.office, cast.sandoria, *FIRST)
    assert dataset.counts["same"] == 3
    with pytest.raises(MilepostError) as error:
        datasets.submit(by=cast.alice, dataset=dataset, revision=dataset.revision)
    assert codes(error) == ["nothing-to-publish"]


def test_a_file_that_is_not_read_yet_is_not_sent_to_review(cast):
    listed(cast, "8.8.1")
    dataset = upload(cast.alice, cast.office, cast.sandoria, *FIRST, preview=False)
    with pytest.raises(MilepostError) as error:
        datasets.submit(by=cast.alice, dataset=dataset, revision=dataset.revision)
    assert codes(error) == ["dataset-unread"]


def test_a_stale_page_is_told_so(cast):
    listed(cast, "8.8.1")
    dataset = upload(cast.alice, cast.office, cast.sandoria, *FIRST)
    seen = dataset.revision
    datasets.describe(
        by=cast.alice, dataset=dataset, revision=seen, title="Work injuries", note="", correction=False
    )
    with pytest.raises(Stale) as stale:
        datasets.submit(by=cast.alice, dataset=dataset, revision=seen)
    assert stale.value.now.title == "Work injuries"


def test_the_reviewer_is_told_when_other_figures_were_published_meanwhile(cast):
    (indicator,) = listed(cast, "8.8.1")
    publish(cast, *FIRST)
    ours = upload(cast.alice, cast.office, cast.sandoria, "8.8.1,2023,,NUMBER,4.8,,")
    ours = datasets.submit(by=cast.alice, dataset=ours, revision=ours.revision)
    assert ours.delivery.rows.get().before["value"] == 4.9
    publish(cast, "8.8.1,2023,,NUMBER,4.7,,")
    with pytest.raises(MilepostError) as error:
        datasets.approve(by=cast.bob, dataset=ours, revision=ours.revision)
    assert codes(error) == ["dataset-moved"]
    ours = again(ours)
    assert (ours.state, ours.delivery.rows.get().before["value"]) == ("submitted", 4.7)
    assert public(indicator)["2023", ""] == (4.7, "A")
    ours = datasets.approve(by=cast.bob, dataset=ours, revision=ours.revision)
    assert again(ours).state == "published"
    assert public(indicator)["2023", ""] == (4.8, "A")


def test_rows_mended_in_the_grid_are_judged_again_with_those_of_their_keys(cast):
    listed(cast, "8.8.1")
    dataset = upload(
        cast.alice, cast.office, cast.sandoria, "8.8.1,2022,,NUMBER,5.1,,", "8.8.1,2022,,NUMBER,5.1,,"
    )
    assert dataset.counts["same"] == 1  # said twice
    row = dataset.delivery.rows.get(number=1)
    intake.edit_row(by=cast.alice, row=row, cells={"time_period": "2021"}, revision=row.revision)
    dataset = datasets.compare_again(dataset, [1])
    assert dataset.counts == {"add": 2, "change": 0, "same": 0, "conflict": 0, "refused": 0}


def test_a_mended_file_takes_the_place_of_a_returned_one(cast):
    listed(cast, "8.8.1")
    first = upload(cast.alice, cast.office, cast.sandoria, *FIRST)
    second = upload(cast.alice, cast.office, cast.sandoria, *FIRST, instead_of=first)
    assert again(first).state == "discarded"
    assert Edge.objects.filter(source=second.address, relation="supersedes", target=first.address).exists()


def test_a_dry_run_that_is_made_again_gives_the_same(cast):
    listed(cast, "8.8.1")
    dataset = upload(cast.alice, cast.office, cast.sandoria, *SECOND)
    before = list(dataset.delivery.rows.values_list("number", "cells", "outcome", "key"))
    datasets.decide(by=cast.alice, dataset=dataset, numbers=[4], decision="use")
    counts = datasets.preview(again(dataset))
    assert list(dataset.delivery.rows.values_list("number", "cells", "key")) == [
        (number, cells, key) for number, cells, _, key in before
    ]
    assert again(dataset).counts == counts
    assert counts["conflict"] == 0  # what was decided stays decided


def test_an_interrupted_dry_run_leaves_nothing_and_is_taken_up_again(cast):
    listed(cast, "8.8.1")
    dataset = upload(cast.alice, cast.office, cast.sandoria, *FIRST, preview=False)

    class Stopped(BaseException):
        pass

    def stop(step, done, total):
        if step == "Writing the rows" and done:
            raise Stopped

    with pytest.raises(Stopped):
        datasets.preview(dataset, say=stop)
    assert not dataset.delivery.rows.exists()
    assert again(dataset).counts == {}
    jobs.run_all()
    assert again(dataset).counts["add"] == 3


def test_an_indicator_that_is_not_on_the_list_is_refused_with_its_remedy(cast):
    listed(cast, "8.8.1")
    dataset = upload(cast.alice, cast.office, cast.sandoria, "10.9.9,2023,,NUMBER,1,,", FIRST[0])
    (row,) = dataset.delivery.rows.filter(outcome="refused")
    assert row.problems[0]["details"]["indicator"] == "10.9.9"
    listed_now = lists.add(by=cast.carol, country=cast.sandoria, code="10.9.9", title={"en": "Our own"})
    dataset = datasets.compare_again(dataset)
    assert dataset.counts == {"add": 2, "change": 0, "same": 0, "conflict": 0, "refused": 0}
    assert version_of(listed_now) == 0


def test_a_role_that_ended_allows_nothing(cast):
    from django.utils import timezone

    from milepost.web.accounts.queries import forget_grants

    listed(cast, "8.8.1")
    dataset = upload(cast.alice, cast.office, cast.sandoria, *FIRST)
    Grant.objects.filter(user=cast.alice).update(ended_at=timezone.now())
    forget_grants(cast.alice)
    with pytest.raises(PermissionDenied):
        datasets.submit(by=cast.alice, dataset=dataset, revision=dataset.revision)


def test_what_waits_for_whom(cast):
    from django.utils import timezone

    from milepost.web.indicators.queries import work

    listed(cast, "8.8.1")
    betty = person("betty", ("statistician", cast.office.address), ("reviewer", cast.office.address))
    draft = upload(cast.alice, cast.office, cast.sandoria, FIRST[0])
    sent = upload(betty, cast.office, cast.sandoria, FIRST[1])
    sent = datasets.submit(by=cast.alice, dataset=sent, revision=sent.revision)
    now = timezone.now()
    assert work.waiting(cast.alice, now=now).to_finish == [draft]
    assert work.waiting(cast.bob, now=now).to_review == [sent]
    assert work.waiting(betty, now=now).to_review == []  # she started it
    assert work.reviewers(sent) == [cast.bob]
    assert work.waiting(cast.charlie, now=now) == ([], [], [], [])
