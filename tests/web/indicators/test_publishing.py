"""What is public, version by version: intervals against a plain-Python model, embargo, kill, withdrawal."""

from datetime import timedelta

import pytest
from django.utils import timezone

from milepost.errors import MilepostError
from milepost.recipes import incoming
from milepost.web.indicators import tasks
from milepost.web.indicators.actions import datasets, publishing
from milepost.web.indicators.models import Coverage, Dataset, Observation, Series, Version
from milepost.web.indicators.queries.coverage import withdrawn_from
from milepost.web.jobs import work as jobs
from milepost.web.notices.models import Notice
from milepost.web.traces.models import Edge
from tests.web.indicators.steps import again, listed, public, publish, upload, version_of
from tests.web.operation.installation import installation, migrated  # noqa: F401


def codes(error):
    return [problem.code for problem in error.value.problems]


# Versions ---------------------------------------------------------------------------------------------------


def test_a_correction_says_publicly_what_was_wrong(cast):
    (indicator,) = listed(cast, "8.8.1")
    first = publish(cast, "8.8.1,2023,,NUMBER,4.9,,", "8.8.1,2022,,NUMBER,5,,")
    with pytest.raises(MilepostError) as error:
        upload(cast.alice, cast.office, cast.sandoria, "8.8.1,2023,,NUMBER,5.9,,", correction=True)
    assert codes(error) == ["correction-unexplained"]
    second = publish(cast, "8.8.1,2023,,NUMBER,5.9,,", correction=True, note="A region was counted twice.")
    version = Version.objects.get(indicator=indicator, number=2)
    assert (version.kind, version.note, version.changed) == ("correction", "A region was counted twice.", 1)
    assert Edge.objects.filter(source=second.address, relation="corrects", target=first.address).exists()
    assert again(first).state == "published"  # 2022 still rests on it
    assert public(indicator, 1)["2023", ""] == (4.9, "A")


def test_the_note_of_an_ordinary_release_stays_inside(cast):
    (indicator,) = listed(cast, "8.8.1")
    publish(cast, "8.8.1,2023,,NUMBER,4.9,,", note="Ask Frank about the regions.")
    assert Version.objects.get(indicator=indicator).note == ""


def test_a_dataset_is_superseded_when_all_its_figures_were_replaced(cast):
    listed(cast, "8.8.1")
    first = publish(cast, "8.8.1,2022,,NUMBER,5,,", "8.8.1,2023,,NUMBER,4.9,,")
    publish(cast, "8.8.1,2022,,NUMBER,5.1,,")
    assert again(first).state == "published"
    last = publish(cast, "8.8.1,2023,,NUMBER,4.8,,")
    assert again(first).state == "superseded"
    assert Edge.objects.filter(source=last.address, relation="supersedes", target=first.address).exists()


def test_withdrawn_figures_leave_the_public_at_once_and_old_versions_say_so(cast):
    (indicator,) = listed(cast, "8.8.1")
    wrong = publish(cast, "8.8.1,2023,,NUMBER,4.9,,")
    publish(cast, "8.8.1,2024,,NUMBER,4.7,,")
    with pytest.raises(MilepostError) as error:
        datasets.withdraw(by=cast.bob, dataset=wrong, revision=wrong.revision, reason="")
    assert codes(error) == ["reason-missing"]
    wrong = datasets.withdraw(
        by=cast.bob, dataset=wrong, revision=wrong.revision, reason="The survey was void."
    )
    assert wrong.state == "withdrawn"
    assert public(indicator) == {("2024", ""): (4.7, "A")}
    assert public(indicator, 1) == {("2023", ""): (4.9, "A")}
    last = Version.objects.get(indicator=indicator, number=3)
    assert (last.kind, last.note, last.removed) == ("withdrawal", "The survey was void.", 1)
    for number in (1, 2):
        version = Version.objects.get(indicator=indicator, number=number)
        (told,) = withdrawn_from(version)
        assert (told, told.reason) == (wrong, "The survey was void.")
    assert not withdrawn_from(last)


def test_withdrawn_figures_can_be_published_anew(cast):
    (indicator,) = listed(cast, "8.8.1")
    row = "8.8.1,2023,,NUMBER,4.9,,"
    wrong = publish(cast, row)
    datasets.withdraw(by=cast.bob, dataset=wrong, revision=wrong.revision, reason="Too early.")
    publish(cast, row)
    assert public(indicator) == {("2023", ""): (4.9, "A")}
    assert version_of(indicator) == 3


def test_a_suppressed_figure_is_public_as_such_and_covered_as_suppressed(cast):
    (indicator,) = listed(cast, "8.8.1")
    publish(cast, "8.8.1,2023,F,NUMBER,,Q,", "8.8.1,2023,,NUMBER,4.9,,")
    assert public(indicator)["2023", "F"] == (None, "Q")
    cells = {(one.dimension, one.year): (one.kind, one.cells) for one in Coverage.objects.all()}
    assert cells == {("", 2023): ("national", 1), ("sex", 2023): ("suppressed", 1)}


# Embargo ----------------------------------------------------------------------------------------------------


def to_approve(cast, *rows):
    dataset = upload(cast.alice, cast.office, cast.sandoria, *rows)
    return datasets.submit(by=cast.alice, dataset=dataset, revision=dataset.revision)


def test_nothing_is_public_before_its_date_by_no_way(cast):
    (indicator,) = listed(cast, "8.8.1")
    dataset = to_approve(cast, "8.8.1,2023,,NUMBER,4.9,,")
    tomorrow = timezone.now() + timedelta(days=1)
    dataset = datasets.schedule(by=cast.bob, dataset=dataset, revision=dataset.revision, release_at=tomorrow)
    dataset = datasets.approve(by=cast.bob, dataset=dataset, revision=dataset.revision)
    assert again(dataset).state == "approved"
    assert Notice.objects.filter(kind="approved", user=cast.alice, done_at=None).exists()
    with pytest.raises(MilepostError) as error:
        datasets.publish(by=cast.bob, dataset=dataset, revision=dataset.revision)
    assert codes(error) == ["release-not-yet"]
    assert not datasets.publish_when_due(dataset)
    assert public(indicator) == {}
    Dataset.objects.filter(pk=dataset.pk).update(release_at=timezone.now())
    assert tasks.release_due(lambda *_: None)["published"] == 1
    assert public(indicator) == {("2023", ""): (4.9, "A")}
    assert again(dataset).state == "published"
    assert tasks.release_due(lambda *_: None)["published"] == 0


def test_what_was_approved_goes_back_where_others_published_before_its_date(cast):
    (indicator,) = listed(cast, "8.8.1")
    dataset = to_approve(cast, "8.8.1,2023,,NUMBER,4.9,,")
    dataset = datasets.schedule(
        by=cast.bob,
        dataset=dataset,
        revision=dataset.revision,
        release_at=timezone.now() + timedelta(days=1),
    )
    dataset = datasets.approve(by=cast.bob, dataset=dataset, revision=dataset.revision)
    publish(cast, "8.8.1,2023,,NUMBER,4.4,,")
    Dataset.objects.filter(pk=dataset.pk).update(release_at=timezone.now())
    assert not datasets.publish_when_due(again(dataset))
    dataset = again(dataset)
    assert (dataset.state, dataset.counts["change"]) == ("returned", 1)
    assert Notice.objects.filter(kind="returned", user=cast.alice, done_at=None).exists()
    assert public(indicator)["2023", ""] == (4.4, "A")


def test_many_rows_are_published_by_a_job(cast, monkeypatch):
    monkeypatch.setattr(datasets, "AT_ONCE", 2)
    (indicator,) = listed(cast, "8.8.1")
    dataset = publish(cast, *(f"8.8.1,{year},,NUMBER,4,," for year in range(2015, 2020)))
    assert (dataset.state, public(indicator)) == ("approved", {})
    jobs.run_all()
    assert again(dataset).state == "published"
    assert len(public(indicator)) == 5


# Several at once, and a process that dies -------------------------------------------------------------------


@pytest.fixture
def place(installation):  # noqa: F811
    """A real installation with the scene set up."""
    installation.python("from tests.web.indicators import scene; scene.set_up()")
    return installation


def test_two_reviewers_at_once_do_not_both_act(place):
    answers = place.python("""
        from tests.web.indicators import scene
        answer = []
        for round in range(6):
            dataset = scene.submitted(f"8.8.1,2023,,NUMBER,{10 + round},,")
            seen = dataset.revision
            ended = scene.at_once(
                (scene.approve, (dataset, seen, "bob")), (scene.send_back, (dataset, seen, "boris"))
            )
            answer.append([ended, scene.state()[3][-1]])
    """)
    for ended, state in answers:
        assert sorted(ended) == ["Stale", "done"]
        assert state == ("published" if ended[0] == "done" else "returned")


def test_two_publications_of_one_indicator_at_once_make_two_versions(place):
    ended, (public_now, _count, version, states) = place.python("""
        from tests.web.indicators import scene
        one, two = scene.submitted("8.8.1,2022,,NUMBER,1,,"), scene.submitted("8.8.1,2023,,NUMBER,2,,")
        ended = scene.at_once(
            (scene.approve, (one, one.revision, "bob")), (scene.approve, (two, two.revision, "boris"))
        )
        answer = [ended, scene.state()]
    """)
    assert ended == ["done", "done"]
    assert (public_now, version) == ({"2022": 1.0, "2023": 2.0}, 2)
    assert states == ["published", "published"]


def test_two_publications_of_one_figure_at_once_are_not_both_done(place):
    ended, (public_now, count, version, states) = place.python("""
        from tests.web.indicators import scene
        one, two = scene.submitted("8.8.1,2022,,NUMBER,1,,"), scene.submitted("8.8.1,2022,,NUMBER,2,,")
        ended = scene.at_once(
            (scene.approve, (one, one.revision, "bob")), (scene.approve, (two, two.revision, "boris"))
        )
        answer = [ended, scene.state()]
    """)
    assert sorted(ended) == ["MilepostError", "done"]  # who came second must look again
    assert public_now == {"2022": 1.0 if ended[0] == "done" else 2.0}
    assert (count, version, sorted(states)) == (1, 1, ["published", "submitted"])


@pytest.mark.parametrize("step", ["WRITING", "COUNTING"])
def test_a_publication_that_is_killed_leaves_nothing_half_written(place, step, tmp_path):
    before = place.python("""
        from tests.web.indicators import scene
        from milepost.web.indicators.actions import datasets
        datasets.publish_when_due(scene.approved("8.8.1,2023,,NUMBER,4.9,,"))
        scene.approved("8.8.1,2023,,NUMBER,4.8,,", "8.8.1,2024,,NUMBER,4.7,,")
        answer = scene.state()
    """)
    assert before == [{"2023": 4.9}, 1, 1, ["published", "approved"]]
    died = tmp_path / "died"
    with pytest.raises(AssertionError):
        place.python(f"""
            import os, pathlib, signal
            from milepost.web.indicators.actions import datasets, publishing
            from milepost.web.indicators.models import Dataset
            def die(step, done, total):
                if step == publishing.{step}:
                    pathlib.Path({str(died)!r}).touch()
                    os.kill(os.getpid(), signal.SIGKILL)
            datasets.publish_when_due(Dataset.objects.get(state="approved"), say=die)
        """)
    assert died.exists()
    after = place.python("""
        from tests.web.indicators import scene
        from milepost.web.indicators.actions import datasets
        answer = [scene.state()]
        answer.append(datasets.publish_when_due(scene.Dataset.objects.get(state="approved")))
        answer += [scene.state(), scene.public(1)]
    """)
    assert after[0] == before
    assert after[1:] == [True, [{"2023": 4.8, "2024": 4.7}, 3, 2, ["superseded", "published"]], {"2023": 4.9}]


# Details ----------------------------------------------------------------------------------------------------


def test_a_figure_keeps_everything_that_the_row_said(cast):
    listed(cast, "8.8.1")
    publish(cast, "8.8.1,2023,,NUMBER,4.9,E,Two regions are missing.")
    figure = Observation.objects.get()
    assert (figure.value, figure.status, figure.year) == (4.9, "E", 2023)
    assert figure.attributes == {"comment_obs": "Two regions are missing."}
    its = Series.objects.get()
    assert (its.unit, its.area, its.breakdown, its.dimensions) == ("NUMBER", "", {}, "")
    assert its.official == cast.office


@pytest.mark.django_db(transaction=True)
def test_figures_become_public_only_within_a_transaction(cast):
    with pytest.raises(RuntimeError):
        publishing.publish([], dataset=Dataset(), at=timezone.now())


def test_the_key_of_a_series_is_that_of_the_dry_run(cast):
    (indicator,) = listed(cast, "8.8.1")
    publish(cast, "8.8.1,2023,F,NUMBER,4.9,,")
    its = Series.objects.get()
    quantity = incoming.Quantity("", "NUMBER", "", "", "N", "", (("sex", "F"),))
    assert its.key == incoming.quantity_key("8.8.1", quantity)
    assert its.indicator == indicator
