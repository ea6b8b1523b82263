"""The map, its table and the list are of the same projects; shapes have a disclaimer."""

import json
import re
from decimal import Decimal
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.urls import reverse

from milepost.errors import MilepostError
from milepost.web.audit.models import Event
from milepost.web.projects.actions import lifecycle, register, shapes
from milepost.web.projects.models import MapShapes
from milepost.web.projects.queries import map as places
from milepost.web.projects.queries import portfolio, visible_to
from tests.cast import person

pytestmark = pytest.mark.django_db
SQUARE = [[70, 39], [76, 39], [76, 43], [70, 43], [70, 39]]
WORDS = {"en": "No opinion on any border.", "ru": "Не выражает мнения о границах."}


def enter(cast, mary, title, areas, budget=None, currency="", **more):
    return register.enter(
        by=mary,
        institution=cast.ministry,
        title={"en": title},
        areas=areas,
        budget=None if budget is None else Decimal(budget),
        currency=currency,
        **more,
    )


@pytest.fixture
def several(cast, mary):
    """Six projects: three for one state, two for several, one for none; one for a made-up state."""
    return [
        enter(cast, mary, "Alone", ["kg"], 1000, "USD", type="LM"),
        enter(cast, mary, "Alone too", ["kg"], type="LM"),
        enter(cast, mary, "Made up", ["xs"], 500, "USD", type="PO"),
        enter(cast, mary, "Together", ["kg", "tj"], 3000, "USD", type="PO"),
        enter(cast, mary, "All", ["kg", "tj", "uz"], 200, "USD", type="LM"),
        enter(cast, mary, "Nowhere", [], 70, "USD", type="PO"),
    ]


def spread_of(user, **wanted):
    return places.spread(portfolio.narrowed(visible_to(user), wanted))


def test_figures_by_hand(mary, several):
    """Each state, and each project once."""
    found = spread_of(mary)
    rows = {row.code: (row.projects, row.alone, row.with_others, row.budget) for row in found.rows}
    assert rows == {
        "kg": (4, 2, 2, Decimal(1000)),
        "tj": (2, 0, 2, None),
        "uz": (1, 0, 1, None),
        "xs": (1, 1, 0, Decimal(500)),
    }
    assert [row.code for row in found.rows] == ["kg", "tj", "xs", "uz"]
    assert found.one == (3, Decimal(1500), 1)
    assert found.several == (2, Decimal(3200), 0)
    assert found.none == (1, Decimal(70), 0)
    assert found.total == (6, Decimal(4770), 1)
    assert [row.code for row in found.off_the_map] == ["xs"]


@pytest.mark.parametrize(
    "wanted",
    [{}, {"type": "LM"}, {"area": "tj"}, {"words": "al"}, {"least": Decimal(300)}, {"state": "active"}],
)
def test_the_table_adds_up_to_the_totals_of_the_list(mary, several, wanted):
    """Whatever is asked for: numbers, and money where it is added up."""
    found, totals = spread_of(mary, **wanted), portfolio.totals(portfolio.narrowed(visible_to(mary), wanted))
    assert found.total.projects == totals.projects
    assert found.one.projects + found.several.projects + found.none.projects == totals.projects
    assert sum(row.alone for row in found.rows) == found.one.projects
    assert {row.code: row.projects for row in found.rows} == dict(totals.by_area)
    assert found.total.unstated == totals.without_budget
    if totals.money:
        assert found.total.budget == totals.money[0].total
        parts = [part.budget or 0 for part in (found.one, found.several, found.none)]
        assert sum(parts) == totals.money[0].total
        assert sum(row.budget or 0 for row in found.rows) == (found.one.budget or 0)


def test_each_link_of_the_map_leads_to_as_many_projects_as_it_says(client, mary, several):
    """With the choice that was made; circle and row lead to the same list."""
    client.force_login(mary)
    page = client.get(reverse("projects-map") + "?type=LM&page=7&measure=budget")
    rows = page.context["spread"].rows
    assert len(rows) == 3
    for row in rows:
        listed = client.get(row.link)
        assert listed.context["totals"].projects == row.projects
        assert dict(parse_qsl(urlsplit(row.link).query)) == {"type": "LM", "area": row.code}


def test_territories_and_made_up_states_have_a_name_and_a_list_of_their_own(client, cast, mary, several):
    """Tokelau is not in the list of areas, and Sandoria in none."""
    enter(cast, mary, "Far away", ["tk"])
    client.force_login(mary)
    rows = {row.code: row for row in client.get(reverse("projects-map")).context["spread"].rows}
    assert {code: rows[code].name["en"] for code in ("tk", "xs")} == {"tk": "Tokelau", "xs": "Sandoria"}
    assert rows["tk"].place is not None
    for code in ("tk", "xs"):
        assert client.get(rows[code].link).context["totals"].projects == 1


def test_where_a_state_was_asked_for_the_rows_of_others_lead_nowhere(mary, several):
    """They hold the projects for both, and no list shows these alone."""
    found = places.linked(spread_of(mary, area="tj"), QueryDict("area=tj"), "tj")
    assert {row.code: (row.projects, bool(row.link)) for row in found.rows} == {
        "kg": (2, False),
        "tj": (2, True),
        "uz": (1, False),
    }


def test_circles_are_of_the_states_of_the_table_that_have_a_point(client, mary, several):
    """A made-up state, and a state without budget, stand in the table only."""
    client.force_login(mary)
    page = client.get(reverse("projects-map")).content.decode()
    assert re.findall(r'aria-label="([^"]*: \d+ projects?)"', page) == [
        "Kyrgyzstan: 4 projects",
        "Tajikistan: 2 projects",
        "Uzbekistan: 1 project",
    ]
    assert page.count("not on the map") == 1
    budgets = client.get(reverse("projects-map") + "?measure=budget").content.decode()
    assert re.findall(r'aria-label="([^"]* USD)"', budgets) == ["Kyrgyzstan: 1,000 USD"]


def test_budgets_in_several_currencies_are_not_added_up(client, cast, mary, several):
    """Not in the table, and not on the map."""
    enter(cast, mary, "Euro", ["kg"], 10, "EUR")
    found = spread_of(mary)
    assert (found.currency, found.currencies) == ("", ["EUR", "USD"])
    assert {row.budget for row in found.rows} | {found.total.budget} == {None}
    assert places.measure_of(found, "budget") == "projects"
    client.force_login(mary)
    page = client.get(reverse("projects-map") + "?measure=budget").content.decode()
    assert "several currencies" in page
    assert "Kyrgyzstan: 5 projects" in page


def test_projects_without_a_state_are_listed_as_such(client, mary, several):
    """With a link to each."""
    client.force_login(mary)
    page = client.get(reverse("projects-map"))
    assert [str(one) for one in page.context["without"]] == ["Nowhere"]
    assert several[-1].get_absolute_url() in page.content.decode()


def test_the_map_shows_what_the_list_shows_to_this_reader(client, cast, mary, fred, zoe, several, active):
    """Nothing to a stranger, the public projects to everybody."""
    for user in (None, zoe, mary):
        client.logout() if user is None else client.force_login(user)
        listed, drawn = client.get(reverse("projects")), client.get(reverse("projects-map"))
        expected = 7 if user is mary else 0
        assert listed.context["totals"].projects == drawn.context["spread"].total.projects == expected
    lifecycle.publish(by=fred, project=active, revision=active.revision)
    client.logout()
    page = client.get(reverse("projects-map"))
    assert [row.code for row in page.context["spread"].rows] == ["xs"]
    assert "No state of these projects has a point" in page.content.decode()


def test_the_list_leads_to_the_map_of_the_same_choice(client, mary, several):
    """And back."""
    client.force_login(mary)
    assert (
        f"{reverse('projects-map')}?type=LM" in client.get(reverse("projects") + "?type=LM").content.decode()
    )
    assert (
        f"{reverse('projects')}?type=LM" in client.get(reverse("projects-map") + "?type=LM").content.decode()
    )


def test_the_map_asks_the_database_a_fixed_number_of_times(mary, several, django_assert_num_queries):
    """Two, however many projects there are; names of made-up states are kept."""
    places.spread(visible_to(mary))
    with django_assert_num_queries(2):
        places.spread(visible_to(mary))


# Shapes -----------------------------------------------------------------------------------------------------


def upload(data=None):
    """A file as a form sends it."""
    data = data or {"type": "Polygon", "coordinates": [SQUARE]}
    return SimpleUploadedFile("land.geojson", json.dumps(data).encode())


def post(client, **typed):
    fields = {"source": "Survey office, 2025", "disclaimer-en": WORDS["en"], "disclaimer-ru": WORDS["ru"]}
    return client.post(reverse("map-shapes"), {"upload": upload(), **fields, **typed}, follow=True)


def test_shapes_are_on_everybody_s_map_with_disclaimer_and_source(client, cast, mary, fred, several):
    """Loaded by the administrator, and written down."""
    client.force_login(cast.adam)
    assert "The shapes are on the map." in post(client).content.decode()
    (event,) = Event.objects.filter(verb="map.shapes-loaded")
    assert event.details == {"file": "land.geojson", "source": "Survey office, 2025", "shapes": 1}
    client.force_login(mary)
    page = client.get(reverse("projects-map")).content.decode()
    assert 'class="land"' in page
    assert WORDS["en"] in page
    assert "Source of the shapes: Survey office, 2025." in page
    assert WORDS["ru"] in client.get("/ru/projects/map/").content.decode()


def test_shapes_without_disclaimer_in_each_language_or_source_are_refused(cast):
    """All that is wanting is told at once, and nothing is kept."""
    with pytest.raises(MilepostError) as refused:
        shapes.load(by=cast.adam, upload=upload(), source=" ", disclaimer={"en": "Words", "ru": " "})
    assert [one.code for one in refused.value.problems] == [
        "shapes-source-missing",
        "shapes-disclaimer-missing",
    ]
    assert refused.value.problems[1].details == {"languages": "Русский"}
    assert not MapShapes.objects.exists()


def test_a_file_with_faults_is_refused_with_all_of_them(client, cast):
    """On the page, with their places, and nothing is kept."""
    client.force_login(cast.adam)
    wrong = {"type": "MultiLineString", "coordinates": [[[0, 0], [500, 0]], [[0, 0], "<b>"]]}
    page = post(client, upload=upload(wrong)).content.decode()
    assert "coordinates[0][1]: [500, 0] lies outside of the globe" in page
    assert "coordinates[1][1]: &lt;b&gt; is no position" in page
    assert not MapShapes.objects.exists()


def test_only_who_keeps_the_whole_installation_loads_and_removes(client, cast, mary, fred):
    """Not who keeps one country, nor a fund manager."""
    made = shapes.load(by=cast.adam, upload=upload(), source="Office", disclaimer=WORDS)
    local = person("lena", ("administrator", cast.sandoria.address))
    for user in (mary, fred, cast.carol, local):
        client.force_login(user)
        assert client.get(reverse("map-shapes")).status_code == 403
        assert client.post(reverse("map-shapes-remove", args=[made.pk])).status_code == 403
        with pytest.raises(PermissionDenied):
            shapes.load(by=user, upload=upload(), source="Office", disclaimer=WORDS)
        with pytest.raises(PermissionDenied):
            shapes.remove(by=user, shapes=made)
        assert reverse("map-shapes") not in client.get(reverse("projects-map")).content.decode()
    client.logout()
    assert client.get(reverse("map-shapes")).status_code == 302


def test_shapes_can_be_taken_off_again(client, cast, mary, several):
    """With an event; the disclaimer goes with them."""
    made = shapes.load(by=cast.adam, upload=upload(), source="Office", disclaimer=WORDS)
    client.force_login(cast.adam)
    client.post(reverse("map-shapes-remove", args=[made.pk]))
    assert Event.objects.filter(verb="map.shapes-removed", by=cast.adam).count() == 1
    client.force_login(mary)
    page = client.get(reverse("projects-map")).content.decode()
    assert 'class="land"' not in page
    assert WORDS["en"] not in page


def test_no_more_than_four_files_of_shapes(cast):
    """Each is drawn on every map."""
    for _number in range(shapes.MOST):
        shapes.load(by=cast.adam, upload=upload(), source="Office", disclaimer=WORDS)
    with pytest.raises(MilepostError, match="loaded already"):
        shapes.load(by=cast.adam, upload=upload(), source="Office", disclaimer=WORDS)


def test_large_shapes_are_simplified_before_they_are_kept(cast):
    """A coast of a hundred thousand positions is drawn with some thousands."""
    coast = [[n / 1000 % 170, (n % 7) / 1000] for n in range(100_000)]
    made = shapes.load(
        by=cast.adam,
        upload=upload({"type": "LineString", "coordinates": coast}),
        source="Office",
        disclaimer=WORDS,
    )
    kept = MapShapes.objects.get(pk=made.pk).as_value()
    assert 1000 < sum(shape.positions for shape in kept) <= 6_000
