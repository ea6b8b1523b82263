import pytest
from django.core.exceptions import PermissionDenied

from milepost import catalogue
from milepost.errors import MilepostError
from milepost.values import Observation, Period, Series
from milepost.web.audit.models import Event
from milepost.web.frameworks import actions, queries
from milepost.web.frameworks.models import Definition
from milepost.web.indicators.actions import lists, targets
from milepost.web.indicators.queries import definition as definition_of
from milepost.web.indicators.queries import progress
from milepost.web.traces.models import Edge
from milepost.web.ui.revisions import Stale
from tests.web.indicators.steps import publish

SHIPS = catalogue.definition_file("10.7.1")
OURS = SHIPS.replace("direction: down", "direction: up")
NEW = "/en/work/frameworks/xs/definitions/new/?code=10.7.1"


def save(cast, text=OURS, *, by=None, reason="", revision=0, code=""):
    return actions.save_definition(
        by=by or cast.carol, country=cast.sandoria, text=text, reason=reason, revision=revision, code=code
    )


def codes(error):
    return [problem.code for problem in error.value.problems]


def test_a_national_definition_takes_the_place_of_the_one_that_ships(cast):
    assert queries.definition(cast.sandoria, "10.7.1").direction == "down"
    save(cast)
    assert queries.definition(cast.sandoria, "10.7.1").direction == "up"
    assert queries.definition(cast.norland, "10.7.1").direction == "down"
    assert queries.definition(cast.sandoria, "10.7.2") == catalogue.indicator("10.7.2")
    assert queries.definition(cast.sandoria, "99.9") is None


def test_an_indicator_with_two_codes_has_one_national_definition(cast):
    text = catalogue.definition_file("10.3.1").replace("revision: 1", "revision: 9")
    save(cast, text)
    assert queries.definition(cast.sandoria, "16.b.1").revision == 9


def test_a_definition_of_an_indicator_that_no_framework_knows(cast):
    save(cast, SHIPS.replace("code: 10.7.1", "code: 10.7.9"))
    assert queries.definition(cast.sandoria, "10.7.9").unit.code == "MONTHS_EARNINGS"
    assert [one.code for one in queries.defined(cast.sandoria) if one.ships is None] == ["10.7.9"]


def test_a_revision_has_a_reason_and_the_earlier_one_stays_readable(cast):
    first = save(cast)
    with pytest.raises(MilepostError) as error:
        save(cast, SHIPS, revision=1)
    assert codes(error) == ["reason-missing"]
    second = save(cast, SHIPS.replace("minimum_cell: 30", "minimum_cell: 25"), revision=1, reason="Decree 7.")
    assert [(one.revision, one.current) for one in queries.history(second)] == [(2, True), (1, False)]
    assert queries.definition(cast.sandoria, "10.7.1").minimum_cell == 25
    assert Edge.objects.filter(source=second.address, relation="supersedes", target=first.address).exists()
    assert Event.objects.get(address=second.address).why == "Decree 7."


def test_when_it_ends_the_one_that_ships_is_in_force_again(cast):
    made = save(cast)
    with pytest.raises(MilepostError):
        actions.end_definition(by=cast.carol, definition=made, reason=" ")
    actions.end_definition(by=cast.carol, definition=made, reason="The ministry withdrew it.")
    assert queries.definition(cast.sandoria, "10.7.1").direction == "down"
    with pytest.raises(Stale):
        actions.end_definition(by=cast.carol, definition=made, reason="Again.")
    again = save(cast)
    assert (again.revision, Definition.objects.count()) == (2, 2)


def test_every_fault_of_the_text_is_said_with_its_line(cast):
    wrong = OURS.replace("direction: up", "direction: sideways").replace("individual_ratios", "guess")
    with pytest.raises(MilepostError) as error:
        save(cast, wrong.replace("custodians:", "custodian:"))
    found = {(problem.code, problem.origin.row) for problem in error.value.problems}
    lines = wrong.splitlines()
    assert ("definition-direction", lines.index("direction: sideways") + 1) in found
    assert ("definition-choice", lines.index("method: guess") + 1) in found
    assert {"definition-missing", "definition-unknown-field"} <= {code for code, _line in found}
    assert not Definition.objects.exists()


def test_a_definition_must_give_what_its_worked_example_says(cast):
    with pytest.raises(MilepostError) as error:
        save(cast, SHIPS.replace("statistic: mean}", "statistic: median}", 1))
    assert set(codes(error)) == {"definition-example"}


def test_a_revision_stays_with_its_indicator(cast):
    save(cast)
    with pytest.raises(MilepostError) as error:
        save(cast, SHIPS.replace("code: 10.7.1", "code: 10.7.9"), revision=1, reason="x", code="10.7.1")
    assert codes(error) == ["definition-other-code"]


def test_nobody_overwrites_a_definition_they_have_not_seen(cast, dora):
    save(cast, by=dora)
    with pytest.raises(Stale) as stale:
        save(cast, SHIPS)
    assert stale.value.now.by == dora


def test_only_who_edits_the_frameworks_of_the_country_defines(cast, ralph):
    made = save(cast)
    for stranger in (cast.alice, cast.bob, cast.charlie, cast.frank, cast.adam, cast.nobody, ralph):
        with pytest.raises(PermissionDenied):
            save(cast, by=stranger)
        with pytest.raises(PermissionDenied):
            actions.end_definition(by=stranger, definition=made, reason="No.")


# What it is for ---------------------------------------------------------------------------------------------


def test_a_saved_definition_changes_how_progress_is_judged(cast):
    indicator = lists.add(by=cast.carol, country=cast.sandoria, code="10.7.1")
    rising = Series(
        "s", tuple(Observation(Period.parse(str(year)), year - 2000.0) for year in range(2015, 2025))
    )

    def verdict():
        return progress.judge(rising, method="un", definition=definition_of(indicator)).verdict

    assert verdict() == "stagnation_or_regression"
    save(cast)
    assert verdict() != "stagnation_or_regression"


def test_a_saved_definition_changes_what_the_indicator_page_says(cast, client):
    lists.add(by=cast.carol, country=cast.sandoria, code="10.7.1")
    publish(
        cast,
        *(f"10.7.1,{year},,MONTHS_EARNINGS,{year - 2010},," for year in range(2015, 2025)),
    )
    targets.fix_method(
        by=cast.carol, country=cast.sandoria, framework="sdg", method="un", reason="Agreed.", revision=0
    )
    page = "/en/xs/indicators/10.7.1/"
    assert "Stagnation or regression" in client.get(page).content.decode()
    save(cast)
    assert "Stagnation or regression" not in client.get(page).content.decode()


# In the browser ---------------------------------------------------------------------------------------------


def test_one_starts_from_the_text_that_ships_and_downloads_what_was_saved(cast, client):
    client.force_login(cast.carol)
    page = client.get(NEW)
    assert page.context["form"]["text"].value() == SHIPS
    typed = {"text": OURS.replace("\n", "\r\n"), "reason": "", "revision": "0"}
    saved = client.post(NEW, typed, follow=True)
    made = Definition.objects.get()
    assert saved.redirect_chain == [(f"/en/work/frameworks/definitions/{made.pk}/", 302)]
    assert "direction: up" in saved.content.decode()
    file = client.get(f"/en/work/frameworks/definitions/{made.pk}/file/")
    assert file.content.decode() == OURS
    assert file["Content-Disposition"] == 'attachment; filename="10.7.1.yaml"'
    assert catalogue.parse(file.content.decode(), "10.7.1.yaml").direction == "up"
    assert client.get(NEW).url.endswith(f"/{made.pk}/revise/")  # there is one already


def test_faults_stand_at_the_text_with_line_and_remedy_and_the_text_is_kept(cast, client):
    client.force_login(cast.carol)
    wrong = OURS.replace("direction: up", "direction: sideways").replace("individual_ratios", "guess")
    page = client.post(NEW, {"text": wrong, "reason": "", "revision": "0"})
    assert len(page.context["form"].errors["text"]) == 2
    said = page.content.decode()
    number = wrong.splitlines().index("direction: sideways") + 1
    assert f"Line {number} (direction: sideways): The direction is sideways" in said
    assert "direction: sideways" in said


def test_who_saved_first_is_named_and_the_difference_shown(cast, client, dora):
    client.force_login(cast.carol)
    save(cast, by=dora, reason="Decree 7.")
    text = OURS.replace("minimum_cell: 30", "minimum_cell: 25")
    page = client.post(NEW, {"text": text, "reason": "", "revision": "0"}).content.decode()
    assert "Dora changed this on" in page
    assert "− minimum_cell: 30" in page
    assert "+ minimum_cell: 25" in page
    assert Definition.objects.get().by == dora
    typed = {"text": text, "reason": "Both together.", "revision": "1"}
    assert client.post(NEW, typed).status_code == 302
    assert queries.definition(cast.sandoria, "10.7.1").minimum_cell == 25


def test_the_page_of_a_definition_shows_its_history(cast, client):
    first = save(cast)
    second = save(cast, SHIPS.replace("direction: down", "direction: up"), revision=1, reason="Decree 7.")
    client.force_login(cast.carol)
    page = client.get(first.get_absolute_url()).content.decode()
    assert "Revision 1 is not in force any more." in page
    assert "Decree 7." in page
    assert "Nothing differs." in client.get(second.get_absolute_url()).content.decode()
    assert client.get(f"/en/work/frameworks/definitions/{first.pk}/revise/").status_code == 302
    ended = client.post(f"/en/work/frameworks/definitions/{second.pk}/end/", {"reason": "Withdrawn."})
    assert ended.status_code == 302
    assert queries.definition_in_force(cast.sandoria, "10.7.1") is None


def test_the_pages_in_russian(cast, client):
    made = save(cast)
    client.force_login(cast.carol)
    page = client.get(f"/ru/work/frameworks/definitions/{made.pk}/").content.decode()
    assert "чем больше, тем лучше" in page
    wrong = OURS.replace("direction: up", "direction: sideways")
    page = client.post(
        f"/ru/work/frameworks/definitions/{made.pk}/revise/", {"text": wrong, "reason": "x", "revision": "1"}
    ).content.decode()
    assert "Строка " in page
