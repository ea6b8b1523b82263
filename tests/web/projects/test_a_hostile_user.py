"""A hostile person sends wrong methods, forged keys and breaking words to every address of projects."""

import pytest

from milepost.web.audit.models import Event
from milepost.web.projects import urls
from milepost.web.projects.actions import reporting
from milepost.web.projects.models import Period
from tests.web.hostile import BREAKING, ELSEWHERE, addresses, forged

pytestmark = pytest.mark.django_db


@pytest.fixture
def page_of(mary, active, trained):
    """Every address of the project that Mary runs; its first report is a draft."""
    period = Period.objects.order_by("start")[0]
    reporting.report(by=mary, indicator=trained, period=period, figures=[])
    return dict(addresses(urls.urlpatterns, active.pk))


@pytest.mark.parametrize("method", ["put", "patch", "delete", "trace", "head", "get"])
def test_no_method_but_post_changes_anything(client, mary, page_of, method):
    client.force_login(mary)
    before = Event.objects.count()
    for name, address in page_of.items():
        answer = getattr(client, method)(address)
        if method not in ("get", "head"):
            assert answer.status_code in (403, 404, 405), name
        assert answer.status_code < 500, name
    assert Event.objects.count() == before


@pytest.mark.parametrize("said", ["1", "0", "-1", "999999999", *BREAKING], ids=str)
def test_who_works_elsewhere_changes_nothing_with_forged_fields(client, zoe, active, page_of, said):
    client.force_login(zoe)
    before = Event.objects.exclude(by=zoe).count(), type(active).objects.values().get(pk=active.pk)
    for name, address in page_of.items():
        answer = client.post(address, forged(BREAKING.get(said) or said))
        assert answer.status_code < 500, name
        assert not answer.get("Location", "").startswith(ELSEWHERE), name
    assert before == (Event.objects.exclude(by=zoe).count(), type(active).objects.values().get(pk=active.pk))
    assert not Event.objects.filter(by=zoe, scope=active.institution.address).exists()


@pytest.mark.parametrize("said", ["1", "0", "-1", "999999999", *BREAKING], ids=str)
def test_who_may_write_gets_an_answer_to_everything(client, mary, page_of, said):
    client.force_login(mary)
    for name, address in page_of.items():
        answer = client.post(address, forged(BREAKING.get(said) or said))
        assert answer.status_code < 500, name
        assert not answer.get("Location", "").startswith(ELSEWHERE), name


def test_a_revision_that_is_yet_to_come_or_long_gone_saves_nothing(client, mary, active, page_of):
    client.force_login(mary)
    before = type(active).objects.values().get(pk=active.pk)
    for revision in ("0", "2147483647", "9" * 30):
        for name in ("project-edit", "project-step"):
            if name in page_of:
                client.post(page_of[name], {"revision": revision, "title-en": "Mine now", "deed": "complete"})
    assert type(active).objects.values().get(pk=active.pk) == before
