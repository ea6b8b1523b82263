"""Records come in, are explained and measured, and become figures that another person publishes."""

import json
import re

import pytest
from django.apps import apps
from django.core import serializers
from django.test import Client
from django.urls import reverse

from milepost.recipes.measure import measure
from milepost.web.indicators.actions import datasets
from milepost.web.indicators.models import Dataset, Observation
from milepost.web.jobs import work as jobs
from milepost.web.traces.models import Edge
from tests.web.microdata import steps, survey


def cells_of(one):
    """{(sex, age, migratory status): cell}."""
    names = ("sex", "age", "migratory_status")
    return {tuple(cell["breakdown"][name] for name in names): cell for cell in one.cells}


def everything_kept() -> str:
    """All rows of all tables, as text."""
    return "".join(serializers.serialize("json", model.objects.all()) for model in apps.get_models())


def content_of(answer) -> str:
    """What an answer holds, however it is sent."""
    return (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode()


def test_records_are_measured_protected_and_deleted(alice, cast):
    one = steps.measured(alice, cast)
    assert (one.state, one.problems) == ("measured", [])
    assert steps.folders() == []
    assert one.folder == ""
    assert one.gone_at is not None
    cells = cells_of(one)
    assert cells["_T", "_T", "_T"]["value"] == pytest.approx(survey.mean_ratio(lambda row: True), rel=1e-9)
    women = cells["F", "Y25T34", "_T"]
    assert women["value"] == pytest.approx(
        survey.mean_ratio(lambda row: row[4] == 2 and 25 <= row[5] <= 34), rel=1e-9
    )
    assert women["ci_low"] < women["value"] < women["ci_high"]
    assert cells["F", "Y_GE65", "FOREIGN_BORN"] == {
        "breakdown": {"sex": "F", "age": "Y_GE65", "migratory_status": "FOREIGN_BORN"},
        "status": "Q",
    }
    assert one.summary["about"]["design"]["strata"] == 10
    assert one.summary["about"]["design"]["psus"] == 80
    assert one.summary["about"]["migratory_base"] == "birth"


def test_a_file_of_spss_explains_itself(alice, cast, tmp_path):
    steps.brought_in(alice, cast, survey.as_sav(tmp_path / "workers.sav"), name="workers.sav")
    one = steps.last()
    form = alice.get(reverse("measurement-columns", args=[one.pk])).context["form"]
    codes = {each.name: {line.value: line.field.value() for line in each.values} for each in form.breakdowns}
    assert codes["sex"] == {"1": "M", "2": "F"}
    assert codes["migratory_status"] == {"1": "NATIVE_BORN", "2": "FOREIGN_BORN"}
    said = steps.typed(alice, one, stratum="region", psu="cluster", tables=["sex+migratory_status"])
    answer = alice.post(reverse("measurement-columns", args=[one.pk]), {**said, "measure": "1"})
    assert answer.status_code == 302
    jobs.run_all()
    one = steps.last()
    assert (one.state, one.problems, steps.folders()) == ("measured", [], [])
    found = {tuple(cell["breakdown"].values()): cell.get("value") for cell in one.cells}
    assert found["F", "FOREIGN_BORN"] == pytest.approx(
        survey.mean_ratio(lambda row: row[4] == 2 and row[6] == "abroad"), rel=1e-9
    )


def test_what_is_measured_is_reviewed_and_published_as_any_other_figure(alice, cast):
    one = steps.measured(alice, cast)
    made = alice.post(
        reverse("measurement-dataset", args=[one.pk]),
        {"revision": one.revision, "title": "Workers 2025", "source": "Survey of workers 2025"},
    )
    dataset = Dataset.objects.get()
    assert made["Location"].endswith(dataset.get_absolute_url())
    jobs.run_all()
    dataset.refresh_from_db()
    assert dataset.counts["add"] == len(one.cells)
    assert dataset.counts["refused"] == dataset.counts["conflict"] == 0
    dataset = datasets.submit(by=cast.alice, dataset=dataset, revision=dataset.revision)
    bob = Client()
    bob.force_login(cast.bob)
    assert bob.get(one.get_absolute_url()).status_code == 200
    assert "Not for publication" in bob.get(one.get_absolute_url()).content.decode()
    datasets.approve(by=cast.bob, dataset=dataset, revision=dataset.revision)

    public = Observation.objects.filter(public_from=1)
    assert public.count() == len(one.cells)
    by = {tuple(sorted(each.series.breakdown.values())): each for each in public.select_related("series")}
    hidden = by["F", "FOREIGN_BORN", "Y_GE65"]
    assert (hidden.value, hidden.lower, hidden.upper, hidden.status) == (None, None, None, "Q")
    total = by[()]
    cell = cells_of(one)["_T", "_T", "_T"]
    assert (total.value, total.lower, total.upper) == (cell["value"], cell["ci_low"], cell["ci_high"])
    assert total.attributes["source_detail"] == "Survey of workers 2025"
    page = Client().get(reverse("indicator", args=["xs", "10.7.1"])).content.decode()
    assert f"{cell['value']:.2f}"[:4] in page
    assert f"{cell['ci_low']:.2f}"[:4] in page

    trace = Client().get(reverse("trace", args=[total.address])).content.decode()
    assert "microdata of the institution" in trace
    assert "workers.csv" not in trace
    assert one.sha256[:12] not in trace
    inside = alice.get(reverse("trace", args=[dataset.address])).content.decode()
    assert "workers.csv" in inside
    assert one.sha256 in inside


def test_a_hidden_figure_is_nowhere(alice, cast):
    one = steps.measured(alice, cast)
    alice.post(reverse("measurement-dataset", args=[one.pk]), {"revision": one.revision, "title": "W"})
    jobs.run_all()
    dataset = Dataset.objects.get()
    dataset = datasets.submit(by=cast.alice, dataset=dataset, revision=dataset.revision)
    datasets.approve(by=cast.bob, dataset=dataset, revision=dataset.revision)
    is_hidden = lambda row: row[4] == 2 and row[5] >= 65 and row[6] == "abroad"  # noqa: E731
    figure = f"{survey.mean_ratio(is_hidden):.6f}"[:-1]
    others = lambda row: row[4] == 2 and row[5] >= 65 and row[6] == "here"  # noqa: E731
    complement = f"{survey.mean_ratio(others):.6f}"[:-1]
    kept = everything_kept()
    assert cells_of(one)["F", "Y_GE65", "NATIVE_BORN"]["status"] == "Q"
    pages = [
        alice.get(one.get_absolute_url()),
        alice.get(dataset.get_absolute_url()),
        alice.get(reverse("measurement-mapping", args=[one.pk])),
        *(
            Client().get(address)
            for address in (
                reverse("indicator", args=["xs", "10.7.1"]),
                "/en/xs/indicators/10.7.1/data/csv/",
                "/en/xs/indicators/10.7.1/data/json/",
                "/api/v1/observations?country=xs&indicator=10.7.1",
            )
        ),
    ]
    file = content_of(alice.get(reverse("file", args=[dataset.delivery.file.pk])))
    assert file.count("\n") == len(one.cells) + 1
    assert {page.status_code for page in pages} == {200}
    for text in (kept, *(content_of(page) for page in pages), file):
        assert figure not in text
        assert complement not in text
        assert survey.SECRET not in text
        assert "P00102" not in text
    assert not re.search(r'"n": ?7\b', kept)


def test_the_way_of_a_figure_leads_back_to_the_definition(alice, cast):
    one = steps.measured(alice, cast)
    alice.post(reverse("measurement-dataset", args=[one.pk]), {"revision": one.revision, "title": "W"})
    dataset = Dataset.objects.get()
    edges = set(Edge.objects.values_list("source", "relation", "target"))
    assert (dataset.address, "rests_on", one.address) in edges
    assert (one.address, "computed_with", "indicator:xs-10.7.1") in edges


def test_the_mapping_file_is_the_one_of_the_command_line(alice, cast, tmp_path):
    one = steps.measured(alice, cast)
    text = alice.get(reverse("measurement-mapping", args=[one.pk])).content
    (tmp_path / "mapping.yaml").write_bytes(text)
    (tmp_path / "workers.csv").write_bytes(survey.as_csv())
    found = measure(
        "10.7.1",
        tmp_path / "workers.csv",
        tmp_path / "mapping.yaml",
        year=2025,
        by=[["sex", "age", "migratory_status"]],
    )
    assert [cell.value for cell in found.estimates.cells] == [cell.get("value") for cell in one.cells]
    assert json.loads(json.dumps(found.protocol)) == one.protocol


def test_what_was_published_of_the_same_records_is_known_when_others_are_hidden(alice, cast):
    first = steps.measured(alice, cast, tables=["age+migratory_status"])
    alice.post(reverse("measurement-dataset", args=[first.pk]), {"revision": first.revision, "title": "W"})
    jobs.run_all()
    dataset = Dataset.objects.get()
    dataset = datasets.submit(by=cast.alice, dataset=dataset, revision=dataset.revision)
    datasets.approve(by=cast.bob, dataset=dataset, revision=dataset.revision)
    second = steps.measured(alice, cast)
    assert second.problems == []
    shown = sum(cell["status"] != "Q" for cell in first.cells)
    assert second.protocol["previous"] == shown
    before = {tuple(cell["breakdown"].values()) for cell in first.cells if cell["status"] != "Q"}
    after = {key[1:]: cell["status"] for key, cell in cells_of(second).items() if key[0] == "_T"}
    assert not [key for key in before if after[key] == "Q"]  # nothing can hide those again
