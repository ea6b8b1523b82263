"""A rate whose denominator comes from another file: explained, measured, deleted with the records."""

import math

import pytest
import yaml
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from milepost.recipes.measure import measure
from milepost.web.audit.models import Event
from milepost.web.indicators.actions import lists
from milepost.web.jobs import work as jobs
from milepost.web.microdata import actions
from milepost.web.microdata.models import Measurement
from tests.web.microdata import steps
from tests.web.microdata.test_measuring_from_records import everything_kept

ACCIDENTS = b"case,gender,deadly\n" + b"".join(
    b"c%d,%s,%d\n" % (at, b"m" if at % 3 else b"w", at % 20 == 0) for at in range(600)
)
WORKERS = b"Sex,Persons\nwomen,20000\nmen,48317\nwomen,10000\nmen,1683\n"
SECRET = "48317"


def deaths(sex):
    """How many died, by hand."""
    return sum(at % 20 == 0 for at in range(600) if sex is None or bool(at % 3) == (sex == "M"))


@pytest.fixture
def one(alice, cast):
    """A draft of 8.8.1 over a list of accidents, without a denominator."""
    lists.add(by=cast.carol, country=cast.sandoria, code="8.8.1", custodian=cast.office)
    steps.brought_in(alice, cast, ACCIDENTS, name="accidents.csv", indicator="8.8.1")
    return steps.last()


def page(one, name="columns"):
    return reverse(f"measurement-{name}", args=[one.pk])


def first_said(client, one):
    """What the columns of the accidents mean, as far as a person says it before the second file."""
    client.post(page(one), steps.typed(client, one, role_0="deadly", by_0="gender"))
    one = steps.last()
    form = client.get(page(one)).context["form"]
    codes = {steps.field_of(form, "sex", "m"): "M", steps.field_of(form, "sex", "w"): "F"}
    client.post(page(one), steps.typed(client, one, **codes))
    return steps.last()


def second_brought(client, one, content=WORKERS, name="workers.csv"):
    """The answer to the form with the second file."""
    upload = SimpleUploadedFile(name, content)
    return client.post(page(one, "second-bring"), {"revision": one.revision, "file": upload})


def second_said(client, one, **changes):
    """The answer to the form that explains the second file."""
    form = client.get(page(one, "second")).context["form"]
    said = {field.name: field.value() or "" for field in form}
    return client.post(page(one, "second"), {**said, **changes})


def codes_of(form, dimension="sex"):
    (found,) = [each for each in form.breakdowns if each.name == dimension]
    return {line.value: line.field.value() for line in found.values}


def with_second(client, one):
    """Both files explained."""
    one = first_said(client, one)
    assert second_brought(client, one).status_code == 302
    one = steps.last()
    form = client.get(page(one, "second")).context["form"]
    assert codes_of(form) == {"men": "M", "women": "F"}
    assert second_said(client, one).status_code == 302
    return steps.last()


def sent(client, one):
    """The answer to "Save and measure"."""
    return client.post(page(one), {**steps.typed(client, one, tables=["sex"]), "measure": "1"})


def by_sex(one):
    return {cell["breakdown"]["sex"]: cell.get("value") for cell in one.cells}


def test_a_rate_over_a_second_file_is_measured_and_both_files_are_deleted(alice, one):
    one = with_second(alice, one)
    assert {path.name for path in (actions.records.home() / one.folder).iterdir()} == {
        "records.csv",
        "second.csv",
    }
    assert yaml.safe_load(one.mapping)["second"] == {
        "file": "workers.csv",
        "columns": {"workers": "Persons"},
        "dimensions": {"sex": "Sex"},
        "recodes": {"sex": {"men": "M", "women": "F"}},
    }
    answer = sent(alice, one)
    assert answer.status_code == 302, answer.context["form"].errors
    jobs.run_all()
    one = steps.last()
    assert (one.state, one.problems, steps.folders()) == ("measured", [], [])
    assert by_sex(one) == {
        "_T": pytest.approx(deaths(None) / 80000 * 100000),
        "M": pytest.approx(deaths("M") / 50000 * 100000),
        "F": pytest.approx(deaths("F") / 30000 * 100000),
    }
    assert one.summary["about"]["second_source"]["name"] == "workers.csv"
    assert one.second["sha256"] == one.summary["about"]["second_source"]["sha256"]
    assert "workers.csv" in alice.get(one.get_absolute_url()).content.decode()
    assert one.second["sha256"] in alice.get(reverse("trace", args=[one.address])).content.decode()
    assert "c599" not in everything_kept()
    assert SECRET not in everything_kept()


def test_the_mapping_of_the_wizard_works_on_the_command_line(alice, one, tmp_path):
    one = with_second(alice, one)
    sent(alice, one)
    jobs.run_all()
    one = steps.last()
    (tmp_path / "mapping.yaml").write_bytes(alice.get(page(one, "mapping")).content)
    (tmp_path / "accidents.csv").write_bytes(ACCIDENTS)
    (tmp_path / "workers.csv").write_bytes(WORKERS)
    found = measure("8.8.1", tmp_path / "accidents.csv", tmp_path / "mapping.yaml", year=2025, by=[["sex"]])
    assert [cell.value for cell in found.estimates.cells] == [cell.get("value") for cell in one.cells]
    assert found.estimates.about["mapping"]["sha256"] == one.summary["about"]["mapping"]["sha256"]


def test_where_the_method_takes_no_second_file_none_is_offered(alice, cast):
    steps.brought_in(alice, cast)
    one = steps.last()
    assert reverse("measurement-second", args=[one.pk]) not in alice.get(page(one)).content.decode()
    answer = second_brought(alice, one)
    assert answer.status_code == 422
    assert steps.folders() == [one.folder]
    assert steps.last().second == {}


def test_it_is_offered_where_the_method_takes_one(alice, one):
    assert page(one, "second") in alice.get(page(one)).content.decode()


def test_the_denominator_is_asked_of_one_file_only(alice, one):
    named = [role.name for role in alice.get(page(one)).context["form"].roles]
    assert named == ["fatal", "workers"]
    one = with_second(alice, one)
    assert [role.name for role in alice.get(page(one)).context["form"].roles] == ["fatal"]


def test_a_second_file_whose_columns_tell_nothing_is_explained_first(alice, one):
    one = first_said(alice, one)
    second_brought(alice, one, b"x,y\nmen,1\nwomen,2\n")
    one = steps.last()
    answer = sent(alice, one)
    assert answer.status_code == 200
    assert "the mapping does not use it" in answer.content.decode()
    second_said(alice, one, denominator="y", by_0="x")
    one = steps.last()
    assert codes_of(alice.get(page(one, "second")).context["form"]) == {"men": "M", "women": "F"}
    assert sent(alice, one).status_code == 302


def test_a_breakdown_that_the_second_file_lacks_is_a_fault(alice, one):
    one = with_second(alice, one)
    second_said(alice, one, by_0="")
    one = steps.last()
    answer = sent(alice, one)
    assert answer.status_code == 200
    assert "would have no denominator" in answer.content.decode()
    assert "would have no denominator" in alice.get(page(one, "second")).content.decode()


def test_another_file_takes_the_place_of_the_first_and_the_folder_holds_no_third(alice, one):
    one = with_second(alice, one)
    alice.post(page(one, "second-drop"), {"revision": one.revision})
    one = steps.last()
    assert "second" not in yaml.safe_load(one.mapping)
    assert [path.name for path in (actions.records.home() / one.folder).iterdir()] == ["records.csv"]
    second_brought(alice, one, WORKERS.replace(b",", b"\t"), "other.tsv")
    one = steps.last()
    second_brought(alice, one)
    one = steps.last()
    assert {path.name for path in (actions.records.home() / one.folder).iterdir()} == {
        "records.csv",
        "second.csv",
    }
    assert steps.folders() == [one.folder]


def test_a_second_file_that_cannot_be_read_leaves_nothing_and_changes_nothing(alice, one):
    answer = second_brought(alice, one, b"no such thing", "workers.parquet")
    assert answer.status_code == 422
    assert answer.context["bring"].errors["file"]
    assert (steps.last().second, steps.folders()) == ({}, [one.folder])


def test_given_up_both_are_deleted(alice, one):
    one = with_second(alice, one)
    alice.post(page(one, "discard"), {"revision": one.revision})
    assert (steps.last().state, steps.folders()) == ("discarded", [])


def test_a_stale_form_brings_nothing_in(alice, one):
    stale = Measurement.objects.get(pk=one.pk)
    first_said(alice, one)
    answer = second_brought(alice, stale)
    assert answer.status_code == 422
    assert "changed this meanwhile" in answer.content.decode()
    assert (steps.last().second, steps.folders()) == ({}, [one.folder])


def test_the_mapping_of_last_year_waits_for_its_second_file(alice, one, cast):
    one = with_second(alice, one)
    steps.brought_in(alice, cast, ACCIDENTS, name="accidents.csv", indicator="8.8.1", year=2026)
    new = steps.last()
    assert new.mapping == one.mapping
    answer = sent(alice, new)
    assert "second file, which is not there: workers.csv" in answer.content.decode()
    second_brought(alice, steps.last(), name="workers-2026.csv")
    new = steps.last()
    said = yaml.safe_load(new.mapping)["second"]
    assert (said["file"], said["columns"]) == ("workers-2026.csv", {"workers": "Persons"})
    assert sent(alice, new).status_code == 302


def test_strangers_neither_see_it_nor_bring_one_in(alice, one, cast):
    one = with_second(alice, one)
    for person, status in ((cast.charlie, 404), (cast.bob, 403)):
        client = Client()
        client.force_login(person)
        for name in ("second", "sheet", "second-sheet"):
            assert client.get(page(one, name)).status_code == status
        assert second_brought(client, one).status_code == status
        assert client.post(page(one, "second-drop"), {"revision": one.revision}).status_code == status
    assert steps.folders() == [one.folder]
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.alice)
    assert second_brought(client, one).status_code == 403
    assert steps.folders() == [one.folder]


def test_what_was_done_is_in_the_audit_without_any_value(alice, one):
    with_second(alice, one)
    event = Event.objects.get(verb="measurement.second-brought")
    assert event.details["size"] == len(WORKERS)
    assert SECRET not in str(list(Event.objects.values()))


def test_the_rate_of_victims_is_offered_beside_their_numbers(alice, cast):
    lists.add(by=cast.carol, country=cast.sandoria, code="16.2.2", custodian=cast.office)
    victims = b"sex,victims\n" + b"M,3\nF,2\n" * 20
    steps.brought_in(alice, cast, victims, name="victims.csv", indicator="16.2.2")
    one = steps.last()
    form = alice.get(page(one)).context["form"]
    assert form["series"].value() == ""
    assert [role.name for role in form.roles] == ["victims", "population"]
    second_brought(alice, one, b"Sex,Population\nM,3000\nF,4000\n", "population.csv")
    one = steps.last()
    assert yaml.safe_load(one.mapping)["second"]["columns"] == {"population": "Population"}
    assert sent(alice, one).status_code == 302
    jobs.run_all()
    one = steps.last()
    assert (one.state, one.series) == ("measured", "")
    assert by_sex(one) == {
        "_T": pytest.approx(100 / 7000 * 1e5),
        "M": pytest.approx(60 / 3000 * 1e5),
        "F": pytest.approx(40 / 4000 * 1e5),
    }


def test_refugees_are_added_to_the_population_of_the_second_file(alice, cast):
    lists.add(by=cast.carol, country=cast.sandoria, code="10.7.4", custodian=cast.office)
    rows = b"sex,refugees\n" + b"M,1\nF,1\n" * 300
    steps.brought_in(alice, cast, rows, name="refugees.csv", indicator="10.7.4")
    one = steps.last()
    second_brought(alice, one, b"sex,population\nM,3000000\nF,4000000\n", "population.csv")
    assert sent(alice, steps.last()).status_code == 302
    jobs.run_all()
    one = steps.last()
    assert one.state == "measured"
    assert by_sex(one)["_T"] == pytest.approx(600 / 7000600 * 1e5)
    assert math.isclose(by_sex(one)["F"], 300 / 4000300 * 1e5, rel_tol=1e-9)
