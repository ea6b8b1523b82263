"""National definitions, codes and lists: from the upload to the public, by their own limits and names."""

import pytest
from django.urls import reverse

from milepost import catalogue
from milepost.web.frameworks import actions as frameworks
from milepost.web.indicators.actions import datasets, lists
from milepost.web.indicators.models import Observation
from milepost.web.indicators.queries import entry as grids
from milepost.web.intake import queries
from milepost.web.intake.models import Row
from tests.web.intake.test_mapping_columns import fields, page

NATIONAL = (
    catalogue.definition_file("10.7.1")
    .replace("code: 10.7.1", "code: N-1")
    .replace("SL_EMP_RCOST", "XS_PERMITS")
    .replace("limits: {minimum: 0}", "limits: {minimum: 2}")
)
FIGURES = """Indicator,Year,Region,Kind of permit,Value
N-1,2024,,,5
N-1,2024,Northern district,,6
N-1,2024,,Seasonal,7
N-1,2023,,Seasonal,1
"""


@pytest.fixture
def country(office):
    """Sandoria with an indicator, a region and a code list of its own."""
    frameworks.save_definition(by=office.carol, country=office.sandoria, text=NATIONAL, reason="", revision=0)
    lists.add(by=office.carol, country=office.sandoria, code="N-1", title={"en": "Cost of permits"})
    added = (
        ("areas", "NORTH", "Northern district", "Северный округ"),
        ("kind_of_permit", "SEAS", "Seasonal", "Сезонное"),
    )
    for name, code, english, russian in added:
        frameworks.add_code(
            by=office.carol,
            country=office.sandoria,
            list=name,
            code=code,
            name={"en": english, "ru": russian},
        )
    return office


def test_national_figures_come_in_by_national_words_and_limits_and_reach_the_public(draft, country, client):
    dataset = draft(FIGURES)
    assert (dataset.delivery.state, dataset.counts["add"], dataset.counts["refused"]) == ("read", 3, 1)
    cells = [row.cells for row in queries.rows(dataset.delivery)]
    assert (cells[1]["ref_area"], cells[2]["kind_of_permit"]) == ("NORTH", "SEAS")
    refused = Row.objects.get(outcome="refused")
    assert [fault["code"] for fault in refused.problems] == ["value-impossible"]
    assert refused.problems[0]["details"]["bounds"] == "≥ 2"  # the country's, not the one that ships

    client.force_login(country.alice)
    for language, region, permit in (
        ("ru", "Северный округ", "Сезонное"),
        ("en", "Northern district", "Seasonal"),
    ):
        said = client.get(f"/{language}/work/datasets/{dataset.pk}/?show=add").content.decode()
        assert region in said
        assert permit in said

    sent = datasets.submit(by=country.alice, dataset=dataset, revision=dataset.revision)
    datasets.approve(by=country.bob, dataset=sent, revision=sent.revision)
    public = Observation.objects.filter(public_from=1).select_related("series")
    assert {(one.series.area, tuple(one.series.breakdown.items()), one.value) for one in public} == {
        ("", (), 5.0), ("NORTH", (), 6.0), ("", (("kind_of_permit", "SEAS"),), 7.0),
    }  # fmt: skip
    client.logout()
    shown = client.get(reverse("indicator", args=["xs", "N-1"]), {"by": "area"}).content.decode()
    assert "Northern district" in shown


def test_everything_is_called_as_the_country_calls_it(draft, country, client):
    title = {"en": "Sort of permit", "ru": "Вид разрешения"}
    frameworks.call_list(
        by=country.carol, country=country.sandoria, list="kind_of_permit", name=title, revision=0
    )
    dataset = draft(FIGURES)
    sent = datasets.submit(by=country.alice, dataset=dataset, revision=dataset.revision)
    datasets.approve(by=country.bob, dataset=sent, revision=sent.revision)
    public = Observation.objects.filter(public_from=1).select_related("series")
    trace = {
        one.value: client.get(f"/en/trace/{one.address}/").content.decode() for one in public.order_by("pk")
    }
    assert "Northern district" in trace[6.0]
    assert "Sort of permit" in trace[7.0]
    assert "Seasonal" in trace[7.0]

    assert "Вид разрешения" in client.get("/ru/xs/coverage/").content.decode()
    shown = client.get("/en/xs/indicators/N-1/", {"by": "kind_of_permit"}).content.decode()
    assert "By sort of permit" in shown
    client.force_login(country.alice)
    again = draft(FIGURES.replace(",7", ",8"), "again.csv")
    row = queries.rows(again.delivery).get(number=3)
    assert (
        "Sort of permit" in client.get(reverse("dataset-row", args=[again.pk, row.number])).content.decode()
    )
    grid = client.get(
        reverse("entry-new"),
        {"institution": country.office.pk, "indicator": public[0].series.indicator_id},
    )
    assert "Sort of permit" in grid.content.decode()


def test_another_country_does_not_know_them(draft, country, bring):
    from milepost.web.indicators.models import Indicator

    Indicator.objects.create(country=country.norland, code="8.8.1", slug="xn-8.8.1", order="8.8.1")
    delivery = bring(
        "Indicator,Year,Region,Value\n8.8.1,2024,Northern district,5\n",
        by=country.charlie,
        country=country.norland,
        institution=country.abroad,
    )
    dataset = datasets.begin(by=country.charlie, delivery=delivery)
    datasets.preview(dataset, by=country.charlie)
    delivery.refresh_from_db()
    assert delivery.state == "mapping"


def test_the_page_of_columns_offers_what_the_country_added(draft, country, client):
    delivery = draft(
        "Indicator,Year,Region,What kind,Value\nN-1,2024,Far north,weekly,5\n", "more.csv"
    ).delivery
    client.force_login(country.alice)
    form = client.get(page(delivery)).context["form"]
    offered = form.fields[next(name for name in form.fields if form.fields[name].label == "What kind")]
    assert "kind_of_permit" in {
        code for _group, codes in offered.choices if not isinstance(codes, str) for code, _ in codes
    }
    said = client.get(page(delivery)).content.decode()
    assert "Northern district" in said  # as a code for "Far north"
    labels = {form[name].label: name for name in form.fields}
    answer = client.post(
        page(delivery), fields(form) | {labels["What kind"]: "kind_of_permit", labels["Far north"]: "NORTH"}
    )
    form = client.get(page(delivery)).context["form"]
    labels = {form[name].label: name for name in form.fields}
    assert "Seasonal (SEAS)" in dict(form.fields[labels["weekly"]].choices).values()
    answer = client.post(page(delivery), fields(form) | {labels["weekly"]: "SEAS"})
    assert answer.url == delivery.dataset.get_absolute_url()
    assert datasets.preview(delivery.dataset, by=country.alice)["add"] == 1


def test_a_grid_offers_them_too(country):
    from milepost.web.indicators.models import Indicator

    offered = dict(grids.dimensions(Indicator.objects.get(code="N-1")))
    assert "NORTH" in dict(offered["ref_area"])
    assert dict(offered["kind_of_permit"])["SEAS"].best("ru")[0] == "Сезонное"


def test_a_code_that_is_retired_is_not_known_any_more(draft, country):
    from milepost.web.frameworks.models import Code

    code = Code.objects.get(code="NORTH")
    frameworks.change_code(by=country.carol, code=code, name=code.name, active=False, revision=code.revision)
    dataset = draft("Indicator,Year,Region,Value\nN-1,2024,Northern district,6\n")
    assert dataset.delivery.state == "mapping"
