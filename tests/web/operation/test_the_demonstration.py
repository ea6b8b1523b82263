"""The demonstration stands as people would have made it: by the actions, with an event for each deed."""

import pytest
from django.urls import reverse

from milepost.errors import MilepostError
from milepost.web import demo
from milepost.web.accounts.models import Grant, User
from milepost.web.audit.models import Event
from milepost.web.indicators.models import Dataset, Indicator
from milepost.web.stakeholders.models import Country, Institution, Membership


def events(verb):
    return Event.objects.filter(verb=verb)


@pytest.mark.django_db(transaction=True)
def test_everything_of_the_demonstration_is_in_the_audit(client):
    demo.load()
    granted = {(one.address, one.details["role"], one.details["within"]) for one in events("role.granted")}
    assert granted == {(one.user.address, one.role, one.scope) for one in Grant.objects.all()}
    invited = set(events("person.invited").values_list("address", flat=True))
    assert invited == {one.address for one in User.objects.all()}
    assert events("country.added").count() == Country.objects.count() == 2
    assert events("institution.added").count() == Institution.objects.count()
    assert events("membership.began").count() == Membership.objects.count() > 0
    assert events("indicator.added").count() == Indicator.objects.count()
    published = Dataset.objects.exclude(published_at=None)
    assert events("dataset.published").count() == published.count() > 0
    assert all(one.by is not None for one in events("dataset.approved"))
    for person in demo.PEOPLE:
        signs_in = {"login": person.email, "password": demo.PASSWORD}
        assert client.post(reverse("account_login"), signs_in).url == reverse("work"), person
        client.logout()
    with pytest.raises(MilepostError):
        demo.load()
