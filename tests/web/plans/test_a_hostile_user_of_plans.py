"""A hostile person sends wrong methods, forged keys and breaking words to every address of plans."""

import pytest

from milepost.web.audit.models import Event
from milepost.web.plans import urls
from tests.web.hostile import BREAKING, ELSEWHERE, addresses, forged

pytestmark = pytest.mark.django_db


@pytest.fixture
def page_of(amendment):
    """Every address of a plan in force with a draft of its amendment."""
    return dict(addresses(urls.urlpatterns, amendment.plan.pk)) | {
        f"{name} of the draft": address for name, address in addresses(urls.urlpatterns, amendment.pk)
    }


@pytest.mark.parametrize("method", ["put", "patch", "delete", "trace", "head", "get"])
def test_no_method_but_post_changes_anything(client, paula, page_of, method):
    client.force_login(paula)
    before = Event.objects.count()
    for name, address in page_of.items():
        answer = getattr(client, method)(address)
        if method not in ("get", "head"):
            assert answer.status_code in (403, 404, 405), name
        assert answer.status_code < 500, name
    assert Event.objects.count() == before


@pytest.mark.parametrize("said", ["1", "0", "-1", "999999999", *BREAKING], ids=str)
def test_who_works_elsewhere_changes_nothing_with_forged_fields(client, peter, policy, page_of, said):
    client.force_login(peter)
    before = Event.objects.count()
    for name, address in page_of.items():
        answer = client.post(address, forged(BREAKING.get(said) or said))
        assert answer.status_code < 500, name
        assert not answer.get("Location", "").startswith(ELSEWHERE), name
    assert not Event.objects.filter(by=peter, scope=policy.institution.address).exists()
    assert Event.objects.exclude(by=peter).count() == before


@pytest.mark.parametrize("said", ["1", "0", "-1", "999999999", *BREAKING], ids=str)
def test_who_may_write_gets_an_answer_to_everything(client, paula, page_of, said):
    client.force_login(paula)
    for name, address in page_of.items():
        answer = client.post(address, forged(BREAKING.get(said) or said))
        assert answer.status_code < 500, name
        assert not answer.get("Location", "").startswith(ELSEWHERE), name


@pytest.mark.parametrize("reader", ["nobody", "peter"])
def test_a_plan_that_is_not_public_is_nowhere(client, request, cast, amendment, page_of, reader):
    client.force_login(cast.nobody if reader == "nobody" else request.getfixturevalue("peter"))
    for name, address in page_of.items():
        shown = client.get(address)
        assert "Plan of action 2026" not in shown.content.decode(errors="replace"), name
