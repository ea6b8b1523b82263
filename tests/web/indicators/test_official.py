"""Two institutions give figures for one quantity: one is official, and it is said why."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from milepost.errors import MilepostError
from milepost.web.indicators.actions import lists, official
from milepost.web.indicators.models import Indicator, Observation, OfficialChoice, Series, Version
from milepost.web.indicators.queries import work
from milepost.web.notices.models import Notice
from milepost.web.traces.models import Edge
from tests.cast import person
from tests.web.indicators.steps import listed, public, publish, version_of

OURS = ("8.8.1,2022,,NUMBER,5,,", "8.8.1,2023,,NUMBER,4.9,,", "8.8.1,2023,F,NUMBER,3,,")
THEIRS = ("8.8.1,2023,,NUMBER,4.1,,", "8.8.1,2024,,NUMBER,4,,", "8.8.1,2023,F,NUMBER,3,,")


@pytest.fixture
def mina(cast):
    return person("mina", ("reviewer", cast.ministry.address))


@pytest.fixture
def indicator(cast, mina):
    (found,) = listed(cast, "8.8.1")
    publish(cast, *OURS)
    publish(cast, *THEIRS, by=cast.frank, reviewer=mina, institution=cast.ministry)
    return found


def headline(indicator):
    return Series.objects.get(indicator=indicator, dimensions="")


def test_the_first_source_stays_official_and_the_coordinator_is_told(cast, indicator):
    assert public(indicator) == {
        ("2022", ""): (5.0, "A"),
        ("2023", ""): (4.9, "A"),
        ("2023", "F"): (3.0, "A"),
    }
    assert version_of(indicator) == 1  # nothing public changed
    told = Notice.objects.get(kind="conflict")
    assert (told.user, told.address) == (cast.carol, indicator.address)
    assert list(work.undecided_for(cast.carol)) == [indicator]
    assert not work.two_sources(cast.alice)
    beside = Observation.objects.filter(institution=cast.ministry)
    assert all(one.public_from is None and one.current for one in beside)


def test_they_stand_beside_each_other_with_their_differences(cast, indicator):
    side = next(one for one in work.side_by_side(indicator) if one.series.dimensions == "")
    assert side.institutions == (cast.office, cast.ministry)
    assert [(row.period, row.spread) for row in side.rows] == [
        ("2022", None),
        ("2023", pytest.approx(0.8)),
        ("2024", None),
    ]
    assert side.differing == 1


def test_another_source_is_chosen_for_all_periods_of_a_series_with_a_reason(cast, indicator):
    (version,) = official.choose(
        by=cast.carol,
        series=[headline(indicator)],
        institution=cast.ministry,
        reason="Nearer to the source.",
    )
    assert public(indicator) == {
        ("2023", ""): (4.1, "A"),
        ("2024", ""): (4.0, "A"),
        ("2023", "F"): (3.0, "A"),
    }
    assert public(indicator, 1)["2023", ""] == (4.9, "A")
    assert (version.number, version.kind, version.note) == (2, "source", "Nearer to the source.")
    assert (version.added, version.changed, version.removed) == (1, 1, 1)
    assert OfficialChoice.objects.get().by == cast.carol
    edges = set(Edge.objects.values_list("source", "relation"))
    assert (version.address, "decided_by") in edges
    assert {relation for _, relation in edges} >= {"chosen_over", "decided_by", "rests_on"}


def test_going_back_copies_what_was_public_before(cast, indicator):
    series = [headline(indicator)]
    official.choose(by=cast.carol, series=series, institution=cast.ministry, reason="One.")
    official.choose(by=cast.carol, series=series, institution=cast.office, reason="Two.")
    assert public(indicator)["2022", ""] == (5.0, "A")
    for number, shown in ((1, 4.9), (2, 4.1), (3, 4.9)):
        assert public(indicator, number)["2023", ""] == (shown, "A")
    rows = Observation.objects.filter(institution=cast.office, series=series[0], period="2023")
    found = sorted(rows.values_list("public_from", "public_until", "current"))
    assert found == [(1, 2, False), (3, None, True)]


def test_to_confirm_the_source_is_a_decision_too_but_no_version(cast, indicator):
    every = list(Series.objects.filter(indicator=indicator))
    assert official.choose(by=cast.carol, series=every, institution=cast.office, reason="As agreed.") == []
    assert version_of(indicator) == 1
    assert not work.undecided(indicator)
    assert not Notice.objects.filter(kind="conflict", done_at=None).exists()


def test_who_may_not_choose_and_what_cannot_be_chosen(cast, indicator):
    series = [headline(indicator)]
    for stranger in (cast.alice, cast.bob, cast.charlie, cast.frank, cast.nobody):
        with pytest.raises(PermissionDenied):
            official.choose(by=stranger, series=series, institution=cast.ministry, reason="Mine.")
    with pytest.raises(MilepostError) as error:
        official.choose(by=cast.carol, series=series, institution=cast.ministry, reason=" ")
    assert error.value.problems[0].code == "reason-missing"
    with pytest.raises(MilepostError) as error:
        official.choose(by=cast.carol, series=series, institution=cast.abroad, reason="Why not.")
    assert error.value.problems[0].code == "source-without-figures"
    assert version_of(indicator) == 1


def test_new_figures_of_the_chosen_source_are_public_and_of_the_other_are_not(cast, indicator, mina):
    official.choose(by=cast.carol, series=[headline(indicator)], institution=cast.ministry, reason="Nearer.")
    publish(cast, "8.8.1,2025,,NUMBER,3.9,,", by=cast.frank, reviewer=mina, institution=cast.ministry)
    publish(cast, "8.8.1,2025,,NUMBER,3.5,,")
    assert public(indicator)["2025", ""] == (3.9, "A")
    assert version_of(indicator) == 3
    assert Indicator.objects.get(pk=indicator.pk).versions.count() == 3


def test_the_page_chooses_for_some_series_or_for_all(cast, indicator, client):
    address = reverse("source", args=["xs", "8.8.1"])
    client.force_login(cast.alice)
    assert client.get(address).status_code == 404
    assert client.get(reverse("sources")).status_code == 403
    client.force_login(cast.carol)
    assert "8.8.1" in client.get(reverse("sources")).content.decode()
    page = client.get(address)
    assert "4.9" in page.content.decode() and "4.1" in page.content.decode()
    data = {"institution": cast.ministry.pk, "reason": "", "series": [headline(indicator).pk]}
    assert client.post(address, data).status_code == 200  # the reason is asked for
    assert version_of(indicator) == 1
    assert client.post(address, {**data, "reason": "Nearer."}).status_code == 302
    assert public(indicator)["2023", ""] == (4.1, "A")
    assert Version.objects.get(indicator=indicator, number=2).changed == 1


def test_the_notice_and_the_public_page_lead_those_who_choose_to_the_choice(cast, indicator, client):
    choice = reverse("source", args=["xs", "8.8.1"])
    client.force_login(cast.carol)
    notice = Notice.objects.get(kind="conflict")
    assert client.get(reverse("notice", args=[notice.pk]))["Location"] == choice
    assert choice in client.get(indicator.get_absolute_url()).content.decode()
    for reader in (None, cast.charlie, cast.alice):
        client.logout()
        if reader is not None:
            client.force_login(reader)
        assert choice not in client.get(indicator.get_absolute_url()).content.decode()


def test_who_may_not_choose_any_more_is_led_to_the_indicator(cast, indicator, client):
    cast.carol.grants.update(role="reader")
    client.force_login(cast.carol)
    notice = Notice.objects.get(kind="conflict")
    assert client.get(reverse("notice", args=[notice.pk]))["Location"] == indicator.get_absolute_url()


def test_my_work_names_the_indicator_by_code_and_title(cast, indicator, client):
    client.force_login(cast.carol)
    title = "8.8.1 Fatal and non-fatal occupational injuries"
    assert f"<strong>{title}" in client.get("/en/work/").text
    assert "<strong>8.8.1 " in client.get("/ru/work/").text
    assert title not in client.get("/ru/work/").text
    lists.edit(
        by=cast.carol,
        indicator=indicator,
        revision=indicator.revision,
        title={"en": "Injuries at work"},
        custodian=None,
        listed=True,
        metadata={},
    )
    assert "<strong>8.8.1 Injuries at work" in client.get("/en/work/").text  # and English again
