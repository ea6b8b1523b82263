"""A database or cluster has a name, and a list of the institutions that may use it; nobody else does."""

from datetime import timedelta

import psycopg
import pytest
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from milepost.web.accounts.models import Grant
from milepost.web.indicators.actions import lists
from milepost.web.jobs import work as jobs
from milepost.web.microdata import actions, queries
from milepost.web.microdata.models import Measurement
from milepost.web.settings import read
from tests.interchange.microdata.test_fetching_from_a_database import server  # noqa: F401
from tests.spark import needs_spark
from tests.web.microdata import steps, survey

OFFICE, MINISTRY = "xs/statistics", "xs/labour"
TABLE = "postgresql:surveys/micro.workers"


@pytest.fixture
def named(settings):
    """A database and a cluster that the office of Sandoria may use, each of them alone."""
    settings.MICRODATA_SOURCES = ["surveys"]
    settings.MICRODATA_CLUSTERS = {"ministries": "local[1]"}
    settings.MICRODATA_INSTITUTIONS = {"surveys": [OFFICE], "ministries": [OFFICE]}
    return settings


@pytest.fixture
def workers(server, monkeypatch):  # noqa: F811
    """The survey as a table of a database."""
    monkeypatch.setenv("MILEPOST_SOURCE_SURVEYS", server)
    columns = "person text, region int, cluster int, weight float8, sex int, age int, born text, cost float8"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("drop schema if exists micro cascade")
        connection.execute("create schema micro")
        connection.execute(f"create table micro.workers ({columns}, earnings float8)")
        with connection.cursor().copy("copy micro.workers from stdin") as copy:
            for row in survey.records():
                copy.write_row([None if cell == "" else cell for cell in row])


def signed_in(person):
    client = Client()
    client.force_login(person)
    return client


def asked(client, institution, country="xs", **more):
    """The answer to the form with a table of the database."""
    said = {"place": f"{institution.pk}-{country}", "indicator": "10.7.1", "year": 2025, "title": ""}
    return client.post(
        reverse("measurement-new"), {**said, "connection": "surveys", "table": "micro.workers", **more}
    )


def sent(client, one, **more):
    """Explained and sent to be measured."""
    said = {**steps.explained(client, one), **more, "measure": "1"}
    return client.post(reverse("measurement-columns", args=[one.pk]), said)


# Settings ---------------------------------------------------------------------------------------------------


def test_the_list_of_a_connection_names_institutions_by_country_and_code(tmp_path):
    found = read(
        {
            "MILEPOST_HOME": str(tmp_path),
            "MILEPOST_SOURCE_SURVEYS": "postgresql://reader@db/surveys",
            "MILEPOST_CLUSTER_MINISTRY_2": "spark://host:7077",
            "MILEPOST_INSTITUTIONS_SURVEYS": " xs/statistics, iom ",
        }
    )
    assert found["MICRODATA_SOURCES"] == ["surveys"]
    assert found["MICRODATA_CLUSTERS"] == {"ministry_2": "spark://host:7077"}
    assert found["MICRODATA_INSTITUTIONS"] == {"surveys": ["xs/statistics", "iom"]}


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"MILEPOST_INSTITUTIONS_SURVEYS": "Statistics Office"}, "'Statistics Office' names no institution"),
        ({"MILEPOST_INSTITUTIONS_SURVEYS": "xs/statistics,"}, "'' names no institution"),
        ({"MILEPOST_INSTITUTIONS_SURVEYS": "*"}, "'*' names no institution"),
        ({"MILEPOST_INSTITUTIONS_SURVEYS": "xs/a/b"}, "'xs/a/b' names no institution"),
        ({"MILEPOST_INSTITUTIONS_OTHER": "xs/statistics"}, "no database and no cluster is called so"),
        ({"MILEPOST_CLUSTER_SURVEYS": "local"}, "a database is called so already"),
        ({"MILEPOST_CLUSTER_BIG": "http://host"}, "MILEPOST_CLUSTER_BIG: no Spark"),
        ({"MILEPOST_SOURCE_lower": "postgresql://x"}, "MILEPOST_SOURCE_lower: write the name in capitals"),
    ],
)
def test_a_list_of_unknown_form_stops_the_start(tmp_path, environment, said):
    known = {"MILEPOST_HOME": str(tmp_path), "MILEPOST_SOURCE_SURVEYS": "postgresql://reader@db/surveys"}
    with pytest.raises(ImproperlyConfigured) as found:
        read({**known, **environment})
    assert said in str(found.value)


# Databases --------------------------------------------------------------------------------------------------


def test_without_a_list_nobody_uses_a_connection(alice, cast, named):
    named.MICRODATA_INSTITUTIONS = {}
    assert queries.databases(cast.office) == queries.clusters(cast.office) == []
    assert "connection" not in alice.get(reverse("measurement-new")).context["form"].fields


def test_only_the_institutions_of_the_list_see_it(alice, cast, named):
    for person, sees in ((cast.alice, True), (cast.charlie, False), (cast.frank, False)):
        text = signed_in(person).get(reverse("measurement-new")).content.decode()
        assert ("surveys" in text) is sees
    assert queries.databases(cast.abroad) == []  # its code is the same, its country is not


def test_who_works_for_two_institutions_uses_it_for_the_one_of_the_list(alice, cast, named):
    Grant.objects.create(user=cast.alice, role="statistician", scope=cast.ministry.address)
    form = asked(alice, cast.ministry).context["form"]
    assert "This institution may not use it" in str(form.errors["connection"])


@pytest.mark.parametrize("who", ["alice", "charlie"])
def test_the_action_refuses_a_table_that_is_not_the_institutions(who, cast, named):
    steps.listed(cast)
    named.MICRODATA_INSTITUTIONS = {"surveys": [MINISTRY]}
    place = {"alice": (cast.sandoria, cast.office), "charlie": (cast.norland, cast.abroad)}[who]
    for table in (TABLE, "postgresql:SURVEYS/micro.workers", "postgresql:other/micro.workers"):
        with pytest.raises(PermissionDenied):
            actions.start(
                by=getattr(cast, who),
                country=place[0],
                institution=place[1],
                indicator="10.7.1",
                year=2025,
                table=table,
            )


def test_a_table_is_measured_and_leaves_nothing_behind(alice, cast, named, workers):
    assert asked(alice, cast.office).status_code == 302
    one = steps.last()
    assert (one.source_name, one.folder) == (TABLE, "")
    assert {column["name"]: column.get("whole") for column in one.columns}["sex"] is True
    assert sent(alice, one).status_code == 302
    jobs.run_all()
    one = steps.last()
    assert (one.state, one.problems, steps.folders()) == ("measured", [], [])
    whole = next(cell for cell in one.cells if set(cell["breakdown"].values()) == {"_T"})
    assert whole["value"] == pytest.approx(survey.mean_ratio(lambda row: True), rel=1e-9)


def test_the_job_looks_at_the_list_again(alice, cast, named, workers):
    asked(alice, cast.office)
    one = steps.last()
    assert sent(alice, one).status_code == 302
    named.MICRODATA_INSTITUTIONS = {"surveys": [MINISTRY]}
    jobs.run_all()
    one = steps.last()
    assert (one.state, one.cells) == ("failed", [])
    assert [problem["code"] for problem in one.problems] == ["connection-not-allowed"]
    page = alice.get(one.get_absolute_url()).content.decode()
    assert "MILEPOST_INSTITUTIONS_SURVEYS" in page


def test_what_is_not_allowed_any_more_is_not_sent(alice, cast, named, workers):
    asked(alice, cast.office)
    one = steps.last()
    typed = steps.explained(alice, one)
    named.MICRODATA_INSTITUTIONS = {}
    answer = alice.post(reverse("measurement-columns", args=[one.pk]), {**typed, "measure": "1"})
    assert "may not use the database surveys" in answer.content.decode()
    assert steps.last().state == "draft"


def test_a_second_table_is_the_institutions_own_too(alice, cast, named, workers, server):  # noqa: F811
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("create table micro.employed (sex int, workers int)")
        connection.execute("insert into micro.employed values (1, 40000), (2, 20000)")
    lists.add(by=cast.carol, country=cast.sandoria, code="8.8.1", custodian=cast.office)
    steps.brought_in(alice, cast, b"sex,fatal\n" + b"1,1\n2,0\n2,1\n" * 40, indicator="8.8.1", name="a.csv")
    one = steps.last()
    address = reverse("measurement-second-bring", args=[one.pk])
    said = {"revision": one.revision, "connection": "surveys", "table": "micro.employed"}
    named.MICRODATA_INSTITUTIONS = {}
    assert alice.post(address, said).status_code == 422
    with pytest.raises(PermissionDenied):
        actions.bring_second(
            by=cast.alice, measurement=one, revision=one.revision, table="postgresql:surveys/micro.employed"
        )
    named.MICRODATA_INSTITUTIONS = {"surveys": [OFFICE]}
    assert alice.post(address, said).status_code == 302
    one = steps.last()
    assert one.second["name"] == "postgresql:surveys/micro.employed"
    page = reverse("measurement-columns", args=[one.pk])
    alice.post(page, {**steps.typed(alice, one, tables=["sex"]), "measure": "1"})
    jobs.run_all()
    one = steps.last()
    assert (one.state, one.problems, steps.folders()) == ("measured", [], [])
    assert [cell["value"] for cell in one.cells] == pytest.approx([80 / 60000 * 1e5, 100.0, 200.0])


def test_a_second_file_beside_a_table_has_a_folder_that_goes_with_it(alice, cast, named, workers):
    lists.add(by=cast.carol, country=cast.sandoria, code="8.8.1", custodian=cast.office)
    asked(alice, cast.office, indicator="8.8.1")
    assert steps.folders() == []

    def brought():
        one = steps.last()
        said = {"revision": one.revision, "file": SimpleUploadedFile("w.csv", b"sex,workers\n1,4\n2,5\n")}
        assert alice.post(reverse("measurement-second-bring", args=[one.pk]), said).status_code == 302
        return steps.last()

    one = brought()
    assert steps.folders() == [one.folder]
    alice.post(reverse("measurement-second-drop", args=[one.pk]), {"revision": one.revision})
    assert (steps.last().folder, steps.folders()) == ("", [])
    one = brought()
    Measurement.objects.update(touched_at=timezone.now() - timedelta(hours=25))
    actions.tidy()
    assert (steps.last().state, steps.folders()) == ("failed", [])


# Clusters ---------------------------------------------------------------------------------------------------


@pytest.fixture
def draft(alice, cast, named):
    """Records of the office that are to be explained."""
    steps.brought_in(alice, cast)
    return steps.last()


def test_a_cluster_is_offered_to_the_institutions_of_its_list(alice, draft, named):
    page = reverse("measurement-columns", args=[draft.pk])
    form = alice.get(page).context["form"]
    assert [choice for choice, _words in form.fields["engine"].choices] == ["", "ministries"]
    named.MICRODATA_INSTITUTIONS = {"ministries": [MINISTRY]}
    assert "engine" not in alice.get(page).context["form"].fields
    with pytest.raises(PermissionDenied):
        actions.explain(
            by=draft.created_by,
            measurement=draft,
            revision=draft.revision,
            text=draft.mapping,
            tables=[],
            engine="ministries",
        )


def test_a_cluster_that_is_withdrawn_gives_the_work_back(alice, draft, named):
    assert sent(alice, draft, engine="ministries").status_code == 302
    named.MICRODATA_CLUSTERS = {}
    jobs.run_all()
    one = steps.last()
    assert (one.state, steps.folders()) == ("draft", [one.folder])
    assert [problem["code"] for problem in one.problems] == ["cluster-not-allowed"]
    assert sent(alice, one, engine="").status_code == 302
    jobs.run_all()
    assert steps.last().state == "measured"


@needs_spark
def test_the_cluster_comes_to_the_same_figures(alice, cast, draft, monkeypatch):
    monkeypatch.delenv("MILEPOST_SPARK", raising=False)
    tables = ["sex+migratory_status"]
    assert sent(alice, draft, engine="ministries", tables=tables).status_code == 302
    jobs.run_all()
    there = steps.last()
    assert (there.state, there.problems, steps.folders()) == ("measured", [], [])
    assert there.summary["about"]["engine"] == "spark"
    assert "MILEPOST_SPARK" not in actions.os.environ
    here = steps.measured(alice, cast, tables=tables)
    assert [cell["breakdown"] for cell in there.cells] == [cell["breakdown"] for cell in here.cells]
    for name in ("value", "se", "n"):
        numbers = [cell.get(name) for cell in here.cells if cell["status"] != "Q"]
        assert [cell.get(name) for cell in there.cells if cell["status"] != "Q"] == pytest.approx(
            numbers, rel=1e-9
        )
