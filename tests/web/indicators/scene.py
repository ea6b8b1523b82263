"""Figures in a real installation, for tests that kill its processes or let two of them meet."""

import multiprocessing
from io import BytesIO

from django.core.files.base import File
from django.db import connections

from milepost.web.indicators.actions import datasets, lists
from milepost.web.indicators.models import Dataset, Indicator, Observation
from milepost.web.indicators.queries.figures import public_in
from milepost.web.stakeholders.models import Country, Institution
from tests.cast import person
from tests.web.indicators.steps import table


def set_up():
    """A country with an office, its people, and 8.8.1 on its list."""
    sandoria = Country.objects.create(code="xs", name={"en": "Sandoria"}, fictional=True, m49="901")
    office = Institution.objects.create(
        country=sandoria, code="statistics", kind="statistical_office", name={"en": "Statistical Office"}
    )
    person("alice", ("statistician", office.address))
    person("bob", ("reviewer", office.address))
    person("boris", ("reviewer", office.address))
    carol = person("carol", ("coordinator", sandoria.address))
    lists.add(by=carol, country=sandoria, code="8.8.1")


def who(name):
    """A person of the scene."""
    from milepost.web.accounts.models import User

    return User.objects.get(email=f"{name}@example.org")


def submitted(*rows):
    """A dataset of these rows that Alice has sent to review."""
    alice, office = who("alice"), Institution.objects.get()
    dataset = datasets.start(
        by=alice,
        upload=File(BytesIO(table(*rows)), name="figures.csv"),
        name="figures.csv",
        country=office.country,
        institution=office,
    )
    datasets.preview(dataset)
    dataset = Dataset.objects.get(pk=dataset.pk)
    return datasets.submit(by=alice, dataset=dataset, revision=dataset.revision)


def approved(*rows):
    """A dataset of these rows that Bob has approved, and that still waits."""
    datasets.AT_ONCE = -1
    dataset = submitted(*rows)
    return datasets.approve(by=who("bob"), dataset=dataset, revision=dataset.revision)


def public(version=None):
    """{period: value} of what is public."""
    return dict(Observation.objects.filter(public_in(version)).values_list("period", "value"))


def state():
    """What there is: public figures, all figures, the version, the states of the datasets."""
    return [
        public(),
        Observation.objects.count(),
        Indicator.objects.get().version,
        list(Dataset.objects.order_by("pk").values_list("state", flat=True)),
    ]


def _do(gate, answers, place, deed, arguments):
    gate.wait()
    try:
        deed(*arguments)
        answers.put((place, "done"))
    except Exception as error:  # the answer is which one
        answers.put((place, type(error).__name__))


def at_once(*deeds):
    """Do each (function, arguments) in a process of its own, at the same moment; how each ended."""
    connections.close_all()
    context = multiprocessing.get_context("fork")
    gate, answers = context.Barrier(len(deeds)), context.Queue()
    processes = [
        context.Process(target=_do, args=(gate, answers, place, deed, arguments))
        for place, (deed, arguments) in enumerate(deeds)
    ]
    for process in processes:
        process.start()
    found = dict(answers.get(timeout=60) for _ in processes)
    for process in processes:
        process.join()
    return [found[place] for place in range(len(deeds))]


def approve(dataset, revision, name):
    """Approve as this person."""
    return datasets.approve(by=who(name), dataset=dataset, revision=revision)


def send_back(dataset, revision, name):
    """Return as this person."""
    return datasets.return_(by=who(name), dataset=dataset, revision=revision, reason="No.")
