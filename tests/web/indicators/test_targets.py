"""Targets in public acts: set, revised, ended; how far it is to them; and the one method that judges it."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from milepost.errors import MilepostError
from milepost.web.audit.models import Event
from milepost.web.indicators.actions import targets as actions
from milepost.web.indicators.models import MethodChoice, Target
from milepost.web.indicators.queries import standings
from milepost.web.traces import nodes
from milepost.web.traces.models import Edge
from milepost.web.ui.revisions import Stale
from tests.cast import person
from tests.web.indicators.steps import listed, publish

ACT = {"en": "Presidential decree No. 7 of 2024", "ru": "Указ Президента № 7 от 2024 года"}
FIGURES = tuple(f"8.8.1,{year},,NUMBER,{25 - (year - 2015)},," for year in range(2015, 2025))


@pytest.fixture
def indicator(cast):
    return listed(cast, "8.8.1")[0]


@pytest.fixture
def dora(cast):
    """Another coordinator of Sandoria."""
    return person("dora", ("coordinator", cast.sandoria.address))


def put(cast, indicator, *, by=None, value=5.0, year=2030, source=ACT, **fields):
    return actions.set_target(
        by=by or cast.carol, indicator=indicator, value=value, year=year, source=source, **fields
    )


def fix(cast, method="un", *, by=None, reason="Agreed in the council.", revision=0):
    return actions.fix_method(
        by=by or cast.carol,
        country=cast.sandoria,
        framework="sdg",
        method=method,
        reason=reason,
        revision=revision,
    )


def codes(error):
    return [(problem.code, problem.origin.column) for problem in error.value.problems]


# Deeds ------------------------------------------------------------------------------------------------------


def test_a_target_has_its_act_in_several_languages_and_leads_to_its_indicator(cast, indicator):
    target = put(cast, indicator, unit="NUMBER", baseline_value=25, baseline_year=2015, direction="down")
    assert (target.text["ru"], target.revision, target.current) == (ACT["ru"], 1, True)
    assert Edge.objects.filter(source=target.address, relation="measures", target=indicator.address).exists()
    event = Event.objects.get(address=target.address)
    assert (event.verb, event.by, event.scope) == ("target.set", cast.carol, cast.sandoria.address)
    assert "value" not in event.details


def test_all_that_is_wrong_with_a_target_is_said_at_once(cast, indicator):
    with pytest.raises(MilepostError) as error:
        put(
            cast,
            indicator,
            value=float("nan"),
            year=1492,
            source={"en": " "},
            baseline_value=3,
            direction="sideways",
        )
    assert codes(error) == [
        ("number-unreadable", "value"),
        ("period-unreadable", "year"),
        ("baseline-half", "baseline_year"),
        ("direction-unreadable", "direction"),
        ("source-missing", "source"),
    ]
    with pytest.raises(MilepostError) as error:
        put(cast, indicator, baseline_value=3, baseline_year=2030)
    assert codes(error) == [("baseline-late", "baseline_year")]
    assert not Target.objects.exists()


def test_a_number_that_the_definition_makes_impossible_is_no_target(cast, indicator):
    with pytest.raises(MilepostError) as error:
        put(cast, indicator, value=-1, baseline_value=-2, baseline_year=2015)
    assert codes(error) == [("target-impossible", "value"), ("target-impossible", "baseline_value")]


def test_for_a_quantity_group_and_year_one_target_is_in_force(cast, indicator):
    put(cast, indicator, unit="NUMBER")
    put(cast, indicator, unit="NUMBER", year=2027)
    put(cast, indicator, unit="NUMBER", breakdown={"sex": "F"})
    with pytest.raises(MilepostError) as error:
        put(cast, indicator, unit="NUMBER")
    assert codes(error) == [("target-twice", "year")]
    with pytest.raises(MilepostError) as error:
        put(cast, indicator, unit="NUMBER", breakdown={"sex": "F"})
    assert codes(error) == [("target-twice", "year")]
    assert Target.objects.filter(current=True).count() == 3


def test_a_revision_takes_the_place_of_the_earlier_one_which_stays_readable(cast, indicator):
    first = put(cast, indicator)
    second = actions.revise_target(by=cast.carol, target=first, reason="Decree 9.", value=4.0)
    assert [(one.value, one.current, one.revision) for one in standings.revisions(first)] == [
        (4.0, True, 2),
        (5.0, False, 1),
    ]
    assert (second.source, second.reason) == (ACT, "Decree 9.")
    assert Edge.objects.filter(source=second.address, relation="supersedes", target=first.address).exists()
    assert Event.objects.get(verb="target.revised").details["fields"] == ["value"]
    again = actions.revise_target(by=cast.carol, target=second, reason="Decree 11.", year=2028)
    assert list(standings.in_force(cast.carol, cast.sandoria)) == [again]


def test_a_revision_may_not_take_the_year_of_another_target(cast, indicator):
    put(cast, indicator)
    other = put(cast, indicator, year=2027)
    with pytest.raises(MilepostError) as error:
        actions.revise_target(by=cast.carol, target=other, reason=" ", year=2030)
    assert codes(error) == [("reason-missing", "reason"), ("target-twice", "year")]
    other.refresh_from_db()
    assert other.current


def test_a_target_that_ended_says_why(cast, indicator):
    target = put(cast, indicator)
    with pytest.raises(MilepostError):
        actions.end_target(by=cast.carol, target=target, reason=" ")
    actions.end_target(by=cast.carol, target=target, reason="The programme was closed.")
    assert standings.why_ended(target) == "The programme was closed."
    assert not standings.in_force(cast.carol, cast.sandoria)
    put(cast, indicator)  # there is room for another


def test_nobody_revises_or_ends_what_they_have_not_seen(cast, indicator, dora):
    first = put(cast, indicator)
    second = actions.revise_target(by=dora, target=first, reason="Decree 9.", value=4.0)
    with pytest.raises(Stale) as stale:
        actions.revise_target(by=cast.carol, target=first, reason="Decree 8.", value=3.0)
    assert (stale.value.now, stale.value.now.by) == (second, dora)
    with pytest.raises(Stale):
        actions.end_target(by=cast.carol, target=first, reason="Over.")
    assert Target.objects.filter(current=True).get() == second


def test_the_method_is_fixed_with_a_reason_and_each_change_is_a_version(cast, dora):
    with pytest.raises(MilepostError) as error:
        fix(cast, "guess", reason=" ")
    assert codes(error) == [("method-unknown", "method"), ("reason-missing", "reason")]
    fix(cast)
    with pytest.raises(Stale) as stale:
        fix(cast, "statcan", by=dora)
    assert stale.value.now.by == cast.carol
    assert fix(cast, "statcan", by=dora, revision=1).revision == 2
    assert [one.method for one in standings.method_choices(cast.sandoria)] == ["statcan", "un"]
    assert standings.method_choices(cast.norland) == []


def test_only_who_sets_targets_in_the_country_may(cast, indicator):
    target = put(cast, indicator)
    for stranger in (cast.alice, cast.bob, cast.charlie, cast.frank, cast.adam, cast.nobody):
        for deed in (
            lambda by: put(cast, indicator, by=by, year=2025),
            lambda by: actions.revise_target(by=by, target=target, reason="x", value=1.0),
            lambda by: actions.end_target(by=by, target=target, reason="x"),
            lambda by: fix(cast, by=by),
        ):
            with pytest.raises(PermissionDenied):
                deed(stranger)
    assert (Target.objects.count(), MethodChoice.objects.count()) == (1, 0)


# The way there ----------------------------------------------------------------------------------------------


def standing(cast, method="un"):
    return standings.standings(standings.in_force(cast.carol, cast.sandoria), method)[0]


def test_how_far_it_is_rests_on_the_latest_public_figure(cast, indicator):
    put(cast, indicator, unit="NUMBER", baseline_value=25, baseline_year=2015, direction="down")
    assert (standing(cast).latest, standing(cast).verdict) == (None, None)
    publish(cast, *FIGURES)
    now = standing(cast)
    assert (now.latest.period, now.latest.value) == ("2024", 16.0)
    assert now.verdict.verdict == "acceleration_needed"


def test_a_target_for_women_is_judged_by_the_figures_of_women(cast, indicator):
    put(cast, indicator, unit="NUMBER", breakdown={"sex": "F"}, direction="down")
    publish(cast, *FIGURES, "8.8.1,2024,F,NUMBER,3,,")
    assert standing(cast).latest.value == 3.0


def test_how_far_it_is_to_many_targets_takes_as_many_queries_as_to_one(
    cast, indicator, django_assert_num_queries
):
    publish(cast, *FIGURES)
    for year in (2026, 2027, 2028, 2029):
        put(cast, indicator, unit="NUMBER", year=year, direction="down")
    found = list(standings.in_force(cast.carol, cast.sandoria))
    standings.standings(found, "un")  # definitions are kept
    with django_assert_num_queries(2):
        assert {one.latest.value for one in standings.standings(found, "un")} == {16.0}


# In the browser ---------------------------------------------------------------------------------------------

LIST = "/en/work/targets/"
NEW = "/en/work/targets/xs/8.8.1/new/"
TYPED = {
    "quantity": "|NUMBER",
    "group": "",
    "value": "5",
    "year": "2030",
    "baseline_value": "25",
    "baseline_year": "2015",
    "direction": "down",
    "source-en": ACT["en"],
    "source-ru": ACT["ru"],
    "source_url": "https://acts.example.org/7",
}


def test_a_target_is_set_and_shown_with_its_verdict_and_the_reason_for_it(cast, client, indicator):
    publish(cast, *FIGURES)
    client.force_login(cast.carol)
    saved = client.post(NEW, TYPED)
    target = Target.objects.get()
    assert saved.url == f"/en/work/targets/{target.pk}/"
    assert (target.series_code, target.unit, target.breakdown, target.source) == ("", "NUMBER", {}, ACT)
    page = client.get(LIST).content.decode()
    assert "1 target is in force." in page
    assert "verdicts stay internal until it is" in page
    assert "Fair progress, but acceleration needed" in page
    assert "From 25 in 2015 to 16 in 2024" in page  # the explanation with its numbers
    assert ACT["en"] in page
    page = client.get(saved.url).content.decode()
    assert "5 by the end of 2030" in page


def test_a_target_for_a_group_of_people_is_set(cast, client, indicator):
    publish(cast, *FIGURES, "8.8.1,2024,F,NUMBER,3,,")
    client.force_login(cast.carol)
    client.post(NEW, TYPED | {"group": "sex|F"})
    assert Target.objects.get().breakdown == {"sex": "F"}
    assert "Women" in client.get(LIST).content.decode()


def test_faults_of_a_target_stand_at_their_fields_with_what_was_typed(cast, client, indicator):
    publish(cast, *FIGURES)
    client.force_login(cast.carol)
    page = client.post(NEW, TYPED | {"value": "-3", "baseline_year": "2031", "source-en": "Only this"})
    assert set(page.context["form"].errors) == {"value", "baseline_year"}
    assert 'value="Only this"' in page.content.decode()
    assert not Target.objects.exists()


def test_who_revised_first_is_named_and_what_was_typed_goes_to_the_new_revision(
    cast, client, indicator, dora
):
    first = put(cast, indicator)
    second = actions.revise_target(by=dora, target=first, reason="Decree 9.", value=4.0)
    client.force_login(cast.carol)
    typed = {**TYPED, "value": "3", "reason": "Decree 8."}
    page = client.post(f"/en/work/targets/{first.pk}/revise/", typed).content.decode()
    assert "Dora changed this on" in page
    assert "Decree 9." in page
    assert 'value="3"' in page
    assert "Decree 8." in page
    assert f'action="/en/work/targets/{second.pk}/revise/"' in page
    assert client.post(f"/en/work/targets/{second.pk}/revise/", typed).status_code == 302
    assert Target.objects.get(current=True).value == 3.0
    assert client.get(f"/en/work/targets/{first.pk}/revise/").status_code == 302


def test_what_was_ended_meanwhile_cannot_be_revised_and_the_page_says_so(cast, client, indicator, dora):
    target = put(cast, indicator)
    actions.end_target(by=dora, target=target, reason="Over.")
    client.force_login(cast.carol)
    page = client.post(
        f"/en/work/targets/{target.pk}/revise/", {**TYPED, "value": "3", "reason": "Decree 8."}
    ).content.decode()
    assert "The target was ended" in page
    assert "Decree 8." in page
    assert "Over." in client.get(f"/en/work/targets/{target.pk}/").content.decode()


def test_a_target_is_ended_with_its_reason(cast, client, indicator):
    target = put(cast, indicator)
    client.force_login(cast.carol)
    place = f"/en/work/targets/{target.pk}/end/"
    assert "reason" in client.post(place, {"reason": ""}).context["form"].errors
    client.post(place, {"reason": "The programme was closed."})
    assert "No targets are set." in client.get(LIST).content.decode()


def test_verdicts_are_internal_until_the_method_is_fixed_and_public_from_then_on(cast, client, indicator):
    publish(cast, *FIGURES)
    target = put(cast, indicator, unit="NUMBER", direction="down")
    public, page = "/en/xs/indicators/8.8.1/", f"/en/work/targets/{target.pk}/"
    words = "Acceleration needed"
    assert words.lower() not in client.get(public).content.decode().lower()
    client.force_login(cast.nobody)
    assert words.lower() not in client.get(page).content.decode().lower()
    client.force_login(cast.carol)
    assert words.lower() in client.get(page).content.decode().lower()
    form = client.get("/en/work/method/xs/").content.decode()
    assert form.lower().count("2030") >= 1  # what each method says of the target
    fixed = client.post(
        "/en/work/method/xs/", {"method": "un", "reason": "Agreed in the council.", "revision": "0"}
    )
    assert fixed.url == "/en/work/targets/?country=xs"
    client.force_login(cast.nobody)
    assert words.lower() in client.get(page).content.decode().lower()
    client.logout()
    assert words.lower() in client.get(public).content.decode().lower()


def test_who_fixed_the_method_first_is_named(cast, client, dora):
    fix(cast, by=dora, reason="As the region does.")
    client.force_login(cast.carol)
    page = client.post(
        "/en/work/method/xs/", {"method": "statcan", "reason": "Simpler.", "revision": "0"}
    ).content.decode()
    assert "Dora changed this on" in page
    assert "As the region does." in page
    assert "Simpler." in page
    assert 'name="revision" value="1"' in page
    assert MethodChoice.objects.get().by == dora


def test_before_it_is_fixed_the_methods_can_be_tried(cast, client, indicator):
    publish(cast, *FIGURES)
    put(cast, indicator, unit="NUMBER", direction="down")
    client.force_login(cast.carol)
    one, other = (client.get(f"{LIST}?method={method}") for method in ("un", "statcan"))
    assert one.context["standings"][0].verdict.method == "un"
    assert other.context["standings"][0].verdict.method == "statcan"
    fix(cast)
    assert client.get(f"{LIST}?method=statcan").context["method"] == "un"


def test_who_sees_which_page(cast, client, indicator):
    target = put(cast, indicator)
    page = f"/en/work/targets/{target.pk}/"
    deeds = [NEW, f"{page}revise/", f"{page}end/", "/en/work/method/xs/"]
    seen = {
        "carol": (200, 200, [200] * 4),
        "alice": (200, 200, [403] * 4),
        "bob": (200, 200, [403] * 4),
        "charlie": (404, 200, [403, 403, 403, 404]),  # of Norland; acts are public
        "frank": (403, 200, [403, 403, 403, 404]),
        "adam": (403, 200, [403, 403, 403, 404]),
        "nobody": (403, 200, [403, 403, 403, 404]),
    }
    for name, (of_list, of_target, of_deeds) in seen.items():
        client.force_login(getattr(cast, name))
        assert client.get(f"{LIST}?country=xs").status_code == of_list, name
        assert client.get(page).status_code == of_target, name
        assert [client.get(deed).status_code for deed in deeds] == of_deeds, name
    client.logout()
    for place in (LIST, page, *deeds):
        assert client.get(place).url.startswith("/en/account/login/")


def test_the_targets_of_a_hidden_country_are_hidden(cast, client, indicator):
    target = put(cast, indicator)
    cast.sandoria.open_to_public = False
    cast.sandoria.save()
    for stranger in (cast.charlie, cast.nobody):
        client.force_login(stranger)
        assert client.get(f"/en/work/targets/{target.pk}/").status_code == 404
    client.force_login(cast.alice)
    assert client.get(f"/en/work/targets/{target.pk}/").status_code == 200


def test_no_name_of_staff_stands_on_the_page_of_a_target(cast, client, indicator):
    target = put(cast, indicator)
    client.force_login(cast.nobody)
    assert "Carol" not in client.get(f"/en/work/targets/{target.pk}/").content.decode()


def test_the_pages_in_russian(cast, client, indicator):
    publish(cast, *FIGURES)
    target = put(cast, indicator, unit="NUMBER", value=4.5, direction="down")
    client.force_login(cast.carol)
    page = client.get("/ru/work/targets/").content.decode()
    assert "Действует 1 целевое значение." in page
    assert ACT["ru"] in page
    page = client.get(f"/ru/work/targets/{target.pk}/").content.decode()
    assert "4,5 к концу 2030 года" in page
    assert "Метод оценки прогресса" in client.get("/ru/work/method/xs/").content.decode()


def test_the_address_of_a_target_leads_to_its_page(cast, indicator, client):
    target = put(cast, indicator, unit="NUMBER")
    page = reverse("target", args=[target.pk])
    assert nodes.page(target) == page
    client.force_login(cast.frank)
    assert page in client.get(f"/en/trace/{target.address}/").content.decode()
