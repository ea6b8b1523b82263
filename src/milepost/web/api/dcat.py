"""The DCAT catalogue (W3C Recommendation, version 3) of what can be downloaded."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from milepost.recipes.publish_files import KINDS
from milepost.values import Text
from milepost.web.indicators import queries
from milepost.web.indicators.queries import open_data
from milepost.web.ui import site

CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


def catalogue(request: HttpRequest) -> dict[str, Any]:
    """The catalogue with one dataset for each indicator that has published figures."""
    found = open_data.indicators(with_data=True)
    api = site.whole(reverse("api-v1:openapi-json"), request)
    return {
        "@context": CONTEXT,
        "@id": site.whole(reverse("data-catalogue"), request),
        "@type": "dcat:Catalog",
        "dct:title": settings.SITE_NAME,
        "dcat:service": {
            "@type": "dcat:DataService",
            "dcat:endpointDescription": {"@id": api},
            "dcat:endpointURL": {"@id": site.whole("/api/v1/", request)},
        },
        "dcat:dataset": [_dataset(request, one) for one in found],
    }


def _dataset(request: HttpRequest, one: Any) -> dict[str, Any]:
    page = site.whole(one.get_absolute_url(), request)
    described: dict[str, Any] = {
        "@id": page,
        "@type": "dcat:Dataset",
        "dct:identifier": one.address,
        "dct:title": _words(queries.title(one)),
        "dct:spatial": _words(Text(one.country.name)),
        "dcat:version": str(one.version),
        "dct:modified": {"@type": "xsd:dateTime", "@value": one.updated_at.isoformat()},
        "dcat:landingPage": {"@id": page},
        "dcat:distribution": [_distribution(request, one, kind) for kind in KINDS],
    }
    if one.custodian is not None:
        described["dct:publisher"] = {"@type": "foaf:Agent", "foaf:name": _words(one.custodian.text)}
    return described


def _distribution(request: HttpRequest, one: Any, kind: str) -> dict[str, Any]:
    download = reverse("indicator-data", args=[one.country.code, one.code, kind])
    media = KINDS[kind].content_type.partition(";")[0]
    return {
        "@type": "dcat:Distribution",
        "dct:format": KINDS[kind].name,
        "dcat:downloadURL": {"@id": site.whole(download, request)},
        "dcat:mediaType": {"@id": f"https://www.iana.org/assignments/media-types/{media}"},
    }


def _words(text: Text) -> list[dict[str, str]]:
    return [{"@language": language, "@value": words} for language, words in text.items()]
