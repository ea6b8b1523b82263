"""What columns and words mean: asked once, remembered, asked again when forgotten."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from milepost.errors import MilepostError
from milepost.web.audit.models import Event
from milepost.web.indicators.actions import datasets
from milepost.web.intake import actions, queries
from milepost.web.intake.models import Mapping
from milepost.web.jobs.models import Job
from milepost.web.traces.models import Edge
from milepost.web.ui.revisions import Stale
from tests.web.intake.conftest import FIGURES, OWN_WORDS

DECIDED = {
    "columns": {"Jahr": "time_period", "Wert": "obs_value", "Geschlecht": "sex", "Bemerkung": "comment_obs"},
    "codes": {"sex": {"Insgesamt": "_T"}},
    "fixed": {"indicator": "10.7.1"},
}


def page(delivery):
    return reverse("delivery", args=[delivery.pk])


def fields(form):
    """What the form would send as it is shown."""
    return {field.html_name: "" if field.value() is None else field.value() for field in form}


def fill(form, **by_label):
    """The form with these choices: label of a field -> value."""
    sent = fields(form)
    names = {form[name].label: name for name in form.fields}
    return sent | {names[label]: value for label, value in by_label.items()}


def test_a_file_of_strange_words_waits_for_a_person(draft):
    dataset = draft(OWN_WORDS, "bericht.csv")
    assert dataset.delivery.state == "mapping"
    assert dataset.counts.get("add", 0) == 0


def test_the_page_asks_for_what_is_not_known_and_the_file_is_read_by_the_answer(draft, office, client):
    dataset = draft(OWN_WORDS, "bericht.csv")
    delivery = dataset.delivery
    client.force_login(office.alice)
    answer = client.get(page(delivery))
    form = answer.context["form"]
    said = answer.content.decode()
    assert "Jahr" in said
    assert "2020" in said  # a first value
    assert 'style="' not in said

    choices = {
        "Jahr": "time_period",
        "Wert": "obs_value",
        "Geschlecht": "sex",
        "Bemerkung": "comment_obs",
        "Indicator": "10.7.1",
    }
    answer = client.post(page(delivery), fill(form, **choices))
    assert answer.url == page(delivery)  # the words of the column are not known yet
    answer = client.get(page(delivery))
    form = answer.context["form"]
    assert [word.text for word in form.words_by_concept()[0][2] if word.open] == ["Insgesamt"]
    assert form["fixed_indicator"].value() == "10.7.1"
    answer = client.post(page(delivery), fields(form))  # "no breakdown" is suggested
    assert answer.url == reverse("dataset", args=[dataset.pk])
    assert Job.objects.get(kind="dataset.preview").arguments == {"dataset": dataset.pk}

    counts = datasets.preview(dataset, by=office.alice)
    assert (counts["add"], counts["refused"]) == (3, 0)
    cells = [row.cells for row in queries.rows(delivery)]
    assert [one.get("sex", "") for one in cells] == ["", "F", "M"]
    assert cells[1]["comment_obs"] == "vorläufig"


WITH_INDICATOR = "Ziel,Jahr,Wert,Geschlecht\n10.7.1,2020,8.2,Insgesamt\n10.7.1,2020,9.0,weiblich\n"
READ_AS = {
    "columns": {
        "Ziel": "indicator",
        "Jahr": "time_period",
        "Wert": "obs_value",
        "Geschlecht": "sex",
    },
    "codes": {"sex": {"Insgesamt": "_T"}},
    "fixed": {},
}


def test_the_next_file_with_these_columns_needs_no_work(draft, office):
    first = draft(WITH_INDICATOR, "bericht.csv", READ_AS)
    second = draft(WITH_INDICATOR.replace("2020", "2022"), "bericht-2022.csv")
    assert (second.delivery.state, second.delivery.mapping) == ("read", first.delivery.mapping)
    assert second.counts["add"] == 2


def test_what_was_said_of_all_rows_is_asked_again_for_another_file(draft, office, client):
    first = draft(OWN_WORDS, "bericht.csv", DECIDED)
    other = draft(OWN_WORDS.replace("8.2", "88"), "andere.csv")  # of another indicator, with the same columns
    assert (other.delivery.state, other.counts) == ("mapping", {})
    client.force_login(office.alice)
    answer = client.get(page(other.delivery))
    assert answer.context["form"]["fixed_indicator"].value() == "10.7.1"
    assert "See below whether it holds for this file, too" in answer.content.decode()
    answer = client.post(page(other.delivery), fill(answer.context["form"], Indicator="17.3.2"))
    assert answer.status_code == 302
    datasets.preview(other, by=office.alice)
    assert {row.cells["indicator"] for row in queries.rows(other.delivery)} == {"17.3.2"}
    assert {row.cells["indicator"] for row in queries.rows(first.delivery)} == {"10.7.1"}

    datasets.preview(first, by=office.alice)  # the last mapping says 17.3.2: that is not taken for it either
    first.delivery.refresh_from_db()
    assert first.delivery.state == "mapping"


def test_what_was_said_of_all_rows_is_confirmed_by_saving_and_whoever_does_had_a_hand_in_it(
    draft, office, client
):
    words = {"sex": {"Insgesamt": "_T", "weiblich": "F", "männlich": "M"}}
    first = draft(OWN_WORDS, "bericht.csv", DECIDED | {"codes": words})
    second = draft(OWN_WORDS.replace("2020", "2022"), "bericht-2022.csv")
    client.force_login(office.alice)
    form = client.get(page(second.delivery)).context["form"]
    answer = client.post(page(second.delivery), fields(form))
    assert answer.url == reverse("dataset", args=[second.pk])
    assert datasets.preview(second, by=office.alice)["add"] == 3
    second.delivery.refresh_from_db()
    assert second.delivery.mapping == first.delivery.mapping  # nothing changed, so it is no new one
    assert Event.objects.filter(verb="delivery.mapped", address=second.delivery.address).count() == 1


def test_a_mapping_leaves_its_trace(draft, office):
    first = draft(OWN_WORDS, "bericht.csv").delivery
    mapping = actions.remember(by=office.alice, delivery=first, **DECIDED)
    assert (mapping.revision, mapping.institution) == (1, office.office)
    assert Edge.objects.filter(source=first.address, relation="mapped_by", target=mapping.address).exists()
    assert Event.objects.filter(verb="delivery.mapped", address=first.address, by=office.alice).exists()


def test_a_new_revision_only_where_something_changed(draft, office):
    delivery = draft(OWN_WORDS, "bericht.csv").delivery
    one = actions.remember(by=office.alice, delivery=delivery, **DECIDED)
    same = actions.remember(by=office.alice, delivery=delivery, **DECIDED)
    assert same == one
    other = actions.remember(
        by=office.alice, delivery=delivery, **{**DECIDED, "fixed": {"indicator": "17.3.2"}}
    )
    assert (other.revision, Mapping.objects.get(pk=one.pk).fixed) == (2, {"indicator": "10.7.1"})


def test_a_new_word_is_asked_for_the_rest_is_known(draft, office):
    draft(WITH_INDICATOR, "bericht.csv", READ_AS)
    later = draft(WITH_INDICATOR + "10.7.1,2021,5,divers\n", "bericht.csv").delivery
    assert later.state == "mapping"
    _how, unknown = queries.reading(later)
    assert [(one.kind, one.text) for one in unknown] == [("word", "divers")]


def test_a_forgotten_mapping_has_the_next_file_asked_anew(draft, office, client):
    delivery = draft(OWN_WORDS, "bericht.csv").delivery
    mapping = actions.remember(by=office.alice, delivery=delivery, **DECIDED)
    client.force_login(office.alice)
    listed = client.get(reverse("mappings")).content.decode()
    assert "Jahr" in listed
    answer = client.post(reverse("mapping-forget", args=[mapping.pk]), follow=True)
    assert "Jahr" not in answer.content.decode()
    assert draft(OWN_WORDS, "bericht.csv").delivery.state == "mapping"
    answer = client.get(reverse("mapping", args=[mapping.pk]))
    assert [one.forgotten for one in answer.context["revisions"]] == [True, False]
    with pytest.raises(Stale):
        actions.forget(by=office.alice, mapping=mapping)


def test_the_second_of_two_people_is_told_and_keeps_what_was_chosen(draft, office, client):
    delivery = draft(OWN_WORDS, "bericht.csv").delivery
    client.force_login(office.alice)
    form = client.get(page(delivery)).context["form"]
    actions.remember(by=office.alice, delivery=delivery, **DECIDED)
    answer = client.post(page(delivery), fill(form, Jahr="time_period"))
    assert answer.status_code == 200
    assert "Alice changed this mapping meanwhile" in answer.content.decode()
    assert answer.context["form"]["column_0"].value() == "time_period"
    assert Mapping.objects.count() == 1
    again = client.post(page(delivery), fields(answer.context["form"]))
    assert again.status_code == 302


def test_two_columns_cannot_be_one_concept(draft, office, client):
    delivery = draft(OWN_WORDS, "bericht.csv").delivery
    twice = {**DECIDED["columns"], "Bemerkung": "sex"}
    with pytest.raises(MilepostError):
        actions.remember(by=office.alice, delivery=delivery, columns=twice, codes={}, fixed={})
    client.force_login(office.alice)
    form = client.get(page(delivery)).context["form"]
    answer = client.post(page(delivery), fill(form, Geschlecht="sex", Bemerkung="sex"))
    assert "Bemerkung" in answer.content.decode()
    assert answer.context["form"].non_field_errors()


def test_a_column_can_be_a_breakdown_of_its_own(draft, office, client):
    content = "Year,Series,Value,Type of permit\n2020,SL_EMP_RCOST,5,seasonal\n"
    delivery = draft(content, "permits.csv").delivery
    client.force_login(office.alice)
    form = client.get(page(delivery)).context["form"]
    client.post(page(delivery), fill(form, **{"Type of permit": "own"}))
    assert Mapping.objects.get().columns["Type of permit"] == "type_of_permit"


def test_a_file_that_is_understood_asks_nothing(draft):
    dataset = draft(FIGURES)
    assert (dataset.delivery.state, dataset.counts["add"]) == ("read", 3)
    assert dataset.delivery.mapping.columns["Value"] == "obs_value"  # the trace says how it was read


def test_figures_in_review_keep_their_mapping(draft, office):
    dataset = draft(OWN_WORDS, "bericht.csv")
    dataset.state = "submitted"
    dataset.save()
    delivery = dataset.delivery
    with pytest.raises(MilepostError):
        actions.remember(by=office.alice, delivery=delivery, **DECIDED)
    with pytest.raises(MilepostError):
        actions.read_again(by=office.alice, delivery=delivery)


def test_strangers_find_no_page_and_readers_cannot_change(draft, office, client):
    delivery = draft(OWN_WORDS, "bericht.csv").delivery
    mapping = actions.remember(by=office.alice, delivery=delivery, **DECIDED)
    pages = [
        page(delivery),
        reverse("delivery-faults", args=[delivery.pk]),
        reverse("delivery-faults-csv", args=[delivery.pk]),
        reverse("delivery-marked", args=[delivery.pk]),
        reverse("mapping", args=[mapping.pk]),
    ]
    deeds = [
        page(delivery),
        reverse("delivery-read", args=[delivery.pk]),
        reverse("mapping-forget", args=[mapping.pk]),
    ]
    for address in [*pages, *deeds]:
        assert client.get(address).status_code == 302  # to the sign-in page
    client.force_login(office.charlie)
    for address in pages:
        assert client.get(address).status_code == 404
    for address in deeds:
        assert client.post(address).status_code == 404
    client.force_login(office.bob)  # reviews, but does not upload
    for address in pages:
        assert client.get(address).status_code == 200
    for address in deeds:
        assert client.post(address).status_code == 403
    with pytest.raises(PermissionDenied):
        actions.remember(by=office.bob, delivery=delivery, **DECIDED)
    assert client.get(reverse("deliveries")).status_code == 200
