import pytest
from django.core.cache import cache as shared
from django.core.cache.backends.db import DatabaseCache
from django.test import RequestFactory

from milepost.web.api.views import BUNDLE, Throttle
from milepost.web.indicators import models


@pytest.fixture(autouse=True)
def fresh_throttle(db):
    shared.clear()


def get(client, path, **query):
    answer = client.get(f"/api/v1/{path}", query)
    assert answer.status_code == 200, answer.content
    return answer.json()


def values(found):
    return [(item["year"], item["value"], item["status"]) for item in found["items"]]


def test_what_is_public_now_is_there_and_nothing_else(client, figures):
    found = get(client, "observations")
    assert values(found) == [(2023, 8.1, "A"), (2024, 7.4, "A"), (2024, None, "Q")]
    assert found["items"][0] | {"id": 0, "trace": ""} == {
        "id": 0,
        "country": "xs",
        "indicator": "10.7.1",
        "series": "SL_EMP_RCOST",
        "unit": "MONTHS_EARNINGS",
        "unit_mult": "",
        "area": "",
        "reporting_type": "N",
        "frequency": "",
        "breakdown": {},
        "period": "2023",
        "year": 2023,
        "value": 8.1,
        "status": "A",
        "lower": 7.5,
        "upper": 8.7,
        "attributes": {},
        "source": {
            "code": "statistics",
            "name": {"en": "Statistical Office of Sandoria", "ru": "Статистическая служба Сандории"},
        },
        "trace": "",
    }


def test_signing_in_shows_no_more(client, cast, figures):
    client.force_login(cast.alice)
    assert len(get(client, "observations")["items"]) == 3


def test_an_earlier_version_reads_as_it_was(client, figures):
    found = get(client, "observations", country="xs", indicator="10.7.1", version=1)
    assert values(found) == [(2023, 8.2, "A"), (2024, 7.4, "A"), (2024, None, "Q")]
    assert client.get("/api/v1/observations?country=xs&indicator=10.7.1&version=3").status_code == 404
    assert client.get("/api/v1/observations?version=1").status_code == 404


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"dimensions": ""}, [8.1, 7.4]),
        ({"breakdown": "sex:F"}, [None]),
        ({"breakdown": ["sex:F", "age:Y0T17"]}, []),
        ({"from_year": 2024, "dimensions": ""}, [7.4]),
        ({"to_year": 2023}, [8.1]),
        ({"status": "Q"}, [None]),
        ({"series": "SI_RMT_COST"}, []),
        ({"country": "xn"}, []),
    ],
)
def test_filters_narrow(client, figures, query, expected):
    assert [item["value"] for item in get(client, "observations", **query)["items"]] == expected


def test_pages_follow_each_other_without_gap(client, figures):
    first = get(client, "observations", limit=2)
    second = client.get(first["next"]).json()
    assert values(first) + values(second) == values(get(client, "observations"))
    assert second["next"] is None


def test_a_parameter_that_is_not_known_is_refused(client, figures):
    assert client.get("/api/v1/observations?form_year=2024").status_code == 422
    assert client.get("/api/v1/indicators?limit=5000").status_code == 422
    refused = client.get("/api/v1/observations?breakdown=sex:F&breakdown=sex&limit=0")
    assert refused.status_code == 422
    assert refused.json()["detail"].startswith("breakdown.1: ")  # all faults at once, as one text
    assert "; limit: " in refused.json()["detail"]


def test_indicators_tell_what_they_are(client, figures):
    found = get(client, "indicators", country="xs")
    assert [(item["code"], item["version"]) for item in found["items"]] == [("10.7.1", 2), ("10.c.1", 0)]
    assert found["count"] == 2
    assert [item["code"] for item in get(client, "indicators", with_data=True)["items"]] == ["10.7.1"]
    one = get(client, "indicators/xs/10.7.1")
    assert one["definition"]["direction"] == "down"
    assert one["title"]["ru"]
    assert [version["number"] for version in get(client, "indicators/xs/10.7.1/versions")] == [2, 1]


def test_a_country_that_is_not_open_is_not_there(client, figures):
    assert [item["code"] for item in get(client, "countries")["items"]] == ["xn", "xs"]
    assert client.get("/api/v1/indicators/xz/10.7.1").status_code == 404
    assert get(client, "observations", country="xz")["items"] == []


def test_an_indicator_that_is_not_listed_is_not_there(client, figures):
    models.Indicator.objects.filter(pk=figures.pk).update(listed=False)
    assert client.get("/api/v1/indicators/xs/10.7.1").status_code == 404
    assert get(client, "observations")["items"] == []


def test_coverage_targets_releases(client, cast, figures):
    models.Target.objects.create(
        indicator=figures, value=3, year=2030, source={"en": "Decree 12"}, by=cast.carol
    )
    assert get(client, "coverage", country="xs")["items"] == [
        {
            "country": "xs",
            "indicator": "10.7.1",
            "dimension": "",
            "year": 2024,
            "kind": "national",
            "cells": 1,
        }
    ]
    assert get(client, "targets")["items"][0]["act"] == {"en": "Decree 12"}
    assert get(client, "releases")["items"] == []


def test_the_catalogue_is_there(client, db):
    assert {"sdg", "gcm"} <= {item["code"] for item in get(client, "frameworks")}
    assert len(get(client, "frameworks/gcm")["items"]) >= 23
    assert client.get("/api/v1/frameworks/nothing").status_code == 404
    assert {"sex", "age"} <= {item["id"] for item in get(client, "code-lists")}


def test_dcat_names_every_indicator_with_figures_and_its_downloads(client, figures):
    answer = client.get("/api/v1/catalogue.jsonld")
    assert answer["Content-Type"] == "application/ld+json"
    (dataset,) = answer.json()["dcat:dataset"]
    assert dataset["dct:identifier"] == "indicator:xs-10.7.1"
    addresses = [each["dcat:downloadURL"]["@id"] for each in dataset["dcat:distribution"]]
    for address in addresses:
        assert client.get(address).status_code == 200, address


def test_an_answer_that_has_not_changed_is_not_sent_again(client, shelf, figures):
    first = client.get("/api/v1/observations")
    again = client.get("/api/v1/observations", headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    shelf.figure(models.Series.objects.get(key="a"), 2026, 7.0)
    changed = client.get("/api/v1/observations", headers={"if-none-match": first["ETag"]})
    assert changed.status_code == 200


def test_pages_of_other_sites_may_read_it(client, figures):
    assert client.get("/api/v1/countries")["Access-Control-Allow-Origin"] == "*"
    preflight = client.options("/api/v1/observations", headers={"origin": "https://example.org"})
    assert preflight.status_code == 204
    assert "POST" not in preflight["Access-Control-Allow-Methods"]
    assert "Access-Control-Allow-Origin" not in client.get("/health/")


def test_nothing_can_be_written(client, figures):
    for method in (client.post, client.put, client.patch, client.delete):
        assert method("/api/v1/observations").status_code == 405


def test_too_many_calls_are_told_when_to_come_back(client, db):
    answers = [client.get("/api/v1/countries") for _ in range(605)]
    assert answers[0].status_code == 200
    assert answers[-1].status_code == 429
    assert int(answers[-1]["Retry-After"]) > 0


def test_two_processes_count_together(db, rf: RequestFactory, monkeypatch):
    call = rf.get("/api/v1/countries")
    first, second = Throttle("40/m"), Throttle("40/m")
    let_through, remembered = [], (Memory(), Memory())
    for number in range(70):
        process = (first, second)[number % 2]
        process.cache = DatabaseCache("shared_cache", {})  # a client of its own, as another process has
        monkeypatch.setattr("milepost.web.api.views.memory.cache", remembered[number % 2])
        let_through.append(process.allow_request(call))
    assert 40 <= let_through.count(True) <= 40 + 2 * (BUNDLE - 1)
    assert let_through[-1] is False


def test_who_calls_now_and_then_writes_nothing(db, client, django_assert_num_queries):
    client.get("/api/v1/countries")
    with django_assert_num_queries(3) as asked:
        client.get("/api/v1/countries")
    assert not [one["sql"] for one in asked.captured_queries if not one["sql"].startswith("SELECT")]


class Memory(dict):
    """What one process remembers."""

    def set(self, key, value, timeout):
        self[key] = value
