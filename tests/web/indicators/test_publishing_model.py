"""Whatever is published, corrected, withdrawn or chosen: what is public equals a plain-Python model."""

from collections import Counter
from io import BytesIO

import pytest
from django.core.files.base import File
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from milepost.errors import MilepostError
from milepost.web.indicators.actions import datasets, official
from milepost.web.indicators.models import Coverage, Observation, Series, Version
from tests.cast import person
from tests.web.indicators.steps import again, listed, public, table, version_of

INSTITUTIONS = ("office", "ministry")
PLACES = [(year, sex) for year in ("2021", "2022") for sex in ("", "F", "M")]
FIGURES = st.dictionaries(
    st.sampled_from(PLACES), st.sampled_from([1.0, 2.0, 3.0, None]), min_size=1, max_size=4
)


class Published(RuleBasedStateMachine):
    """The model: `current` of each institution, the `official` one of each series, and every version."""

    people: dict
    sent = Bundle("sent")

    def __init__(self):
        super().__init__()
        self.block = transaction.atomic()
        self.block.__enter__()
        cast = self.people["cast"]
        self.institutions = {"office": cast.office, "ministry": cast.ministry}
        self.senders = {"office": cast.alice, "ministry": cast.frank}
        self.reviewers = {"office": cast.bob, "ministry": self.people["mina"]}
        self.carol = cast.carol
        self.sandoria = cast.sandoria
        self.indicator = self.people["indicator"]
        self.current = {name: {} for name in INSTITUTIONS}  # {(year, sex): (value, dataset)}
        self.official = {}  # {sex: institution}
        self.versions = [{}]  # what is public in each

    def teardown(self):
        transaction.set_rollback(True)
        self.block.__exit__(None, None, None)

    # The model ----------------------------------------------------------------------------------------------

    def shown(self):
        return {
            (year, sex): value
            for name in INSTITUTIONS
            for (year, sex), (value, _) in self.current[name].items()
            if self.official.get(sex) == name
        }

    def would(self, name, figures):
        """What these figures would do: {place: (before, after)}."""
        now = self.current[name]
        return {
            place: (now[place][0] if place in now else "nothing", value)
            for place, value in figures.items()
            if place not in now or now[place][0] != value
        }

    def change(self):
        """A new version, where something public changed."""
        if self.shown() != self.versions[-1]:
            self.versions.append(self.shown())

    @initialize()
    def begin_with_two_sources(self):
        for name, value in (("office", 1.0), ("ministry", 2.0)):
            figures = dict.fromkeys(PLACES[:4], value)
            self.approve_one(self.send_one(name, figures))

    # The deeds ----------------------------------------------------------------------------------------------

    @rule(target=sent, name=st.sampled_from(INSTITUTIONS), figures=FIGURES)
    def send(self, name, figures):
        return self.send_one(name, figures)

    @rule(one=consumes(sent))
    def approve(self, one):
        self.approve_one(one)

    def send_one(self, name, figures):
        rows = [
            f"8.8.1,{year},{sex},NUMBER,{'' if value is None else value},{'Q' if value is None else ''},"
            for (year, sex), value in figures.items()
        ]
        dataset = datasets.start(
            by=self.senders[name],
            upload=File(BytesIO(table(*rows)), name="figures.csv"),
            name="figures.csv",
            country=self.sandoria,
            institution=self.institutions[name],
        )
        datasets.preview(dataset)
        dataset = again(dataset)
        would = self.would(name, figures)
        assert dataset.counts["add"] == sum(before == "nothing" for before, _ in would.values())
        assert dataset.counts["change"] == sum(before != "nothing" for before, _ in would.values())
        try:
            dataset = datasets.submit(by=self.senders[name], dataset=dataset, revision=dataset.revision)
        except MilepostError:
            assert not would
        return [name, dataset.pk, figures, would]

    def approve_one(self, one):
        name, pk, figures, promised = one
        dataset = datasets.Dataset.objects.get(pk=pk)
        if dataset.state != "submitted":
            return
        would = self.would(name, figures)
        reviewer = self.reviewers[name]
        if would != promised:  # others came first: the reviewer is told, and looks again
            with pytest.raises(MilepostError):
                datasets.approve(by=reviewer, dataset=dataset, revision=dataset.revision)
            assert public(self.indicator) == self.said(self.versions[-1])
            dataset = again(dataset)
        if not would:
            with pytest.raises(MilepostError):
                datasets.approve(by=reviewer, dataset=dataset, revision=dataset.revision)
            return
        dataset = datasets.approve(by=reviewer, dataset=dataset, revision=dataset.revision)
        assert again(dataset).state == "published"
        for (year, sex), (_, value) in would.items():
            self.current[name][year, sex] = (value, pk)
            self.official.setdefault(sex, name)
        self.change()

    @precondition(lambda self: any(self.current.values()))
    @rule(data=st.data())
    def withdraw(self, data):
        live = sorted({pk for name in INSTITUTIONS for _, pk in self.current[name].values()})
        pk = data.draw(st.sampled_from(live))
        dataset = datasets.Dataset.objects.get(pk=pk)
        name = "office" if dataset.institution == self.institutions["office"] else "ministry"
        datasets.withdraw(
            by=self.reviewers[name], dataset=dataset, revision=dataset.revision, reason="Wrong."
        )
        self.current[name] = {place: found for place, found in self.current[name].items() if found[1] != pk}
        self.change()

    @precondition(lambda self: any(self.current.values()))
    @rule(data=st.data())
    def choose(self, data):
        name = data.draw(st.sampled_from([one for one in INSTITUTIONS if self.current[one]]))
        having = sorted({sex for _, sex in self.current[name]})
        sexes = data.draw(st.sets(st.sampled_from(having), min_size=1))
        series = [
            its
            for its in Series.objects.filter(indicator=self.indicator)
            if its.breakdown.get("sex", "") in sexes
        ]
        taken = any(self.official[sex] != name for sex in sexes)
        official.choose(
            by=self.carol, series=series, institution=self.institutions[name], reason="Closer to the source."
        )
        for sex in sexes:
            self.official[sex] = name
        if taken:  # another source is a new version, even where it says the same
            self.versions.append(self.shown())

    # What always holds --------------------------------------------------------------------------------------

    @staticmethod
    def said(figures):
        return {place: (value, "Q" if value is None else "A") for place, value in figures.items()}

    @invariant()
    def every_version_shows_what_it_showed(self):
        assert version_of(self.indicator) == len(self.versions) - 1
        for number, figures in enumerate(self.versions):
            assert public(self.indicator, number) == self.said(figures), number
        assert public(self.indicator) == self.said(self.versions[-1])

    @invariant()
    def versions_count_what_changed(self):
        for version in Version.objects.filter(indicator=self.indicator):
            before, after = self.versions[version.number - 1], self.versions[version.number]
            assert version.added == len(after.keys() - before.keys())
            assert version.removed == len(before.keys() - after.keys())
            assert version.changed >= sum(before[k] != after[k] for k in before.keys() & after.keys())

    @invariant()
    def what_is_current_is_what_each_institution_said_last(self):
        for name in INSTITUTIONS:
            rows = Observation.objects.filter(institution=self.institutions[name], current=True)
            found = {(one.period, one.series.breakdown.get("sex", "")): one.value for one in rows}
            assert found == {place: value for place, (value, _) in self.current[name].items()}

    @invariant()
    def coverage_counts_what_is_public(self):
        shown = self.versions[-1]
        valued = Counter(("sex" if sex else "", int(y)) for (y, sex), v in shown.items() if v is not None)
        hidden = Counter(("sex" if sex else "", int(y)) for (y, sex), v in shown.items() if v is None)
        expected = {place: ("suppressed", count) for place, count in hidden.items()}
        expected |= {place: ("national", count) for place, count in valued.items()}
        found = Coverage.objects.filter(indicator=self.indicator)
        assert {(one.dimension, one.year): (one.kind, one.cells) for one in found} == expected


def test_what_is_public_equals_the_model_at_any_time(cast):
    Published.people = {
        "cast": cast,
        "mina": person("mina", ("reviewer", cast.ministry.address)),
        "indicator": listed(cast, "8.8.1")[0],
    }
    run_state_machine_as_test(
        Published,
        settings=settings(
            max_examples=12,
            stateful_step_count=14,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
