"""Trainings, workshops, dialogues: what is typed of them, who sees them, what was learnt and agreed."""

import csv
import io
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from milepost.errors import MilepostError
from milepost.web.audit.models import Event
from milepost.web.projects import scores
from milepost.web.projects.actions import engagements as actions
from milepost.web.projects.actions import lifecycle, register
from milepost.web.projects.models import Engagement
from milepost.web.projects.queries import engagements as queries
from milepost.web.projects.queries.lifecycle import due
from milepost.web.ui.revisions import Stale
from tests.cast import person

pytestmark = pytest.mark.django_db
CAME = {("ministry", "F"): 7, ("ministry", "M"): 4, ("civil_society", "F"): 1, ("other", "U"): 2}


def recorded(mary, about, **more):
    """A training of two days in spring."""
    typed = {
        "kind": "training",
        "first_day": date(2025, 3, 4),
        "last_day": date(2025, 3, 5),
        "topic": {"en": "Fair recruitment", "ru": "Справедливый найм"},
        "place": "Port Sand",
        "came": CAME,
        **more,
    }
    return actions.record(by=mary, about=about, **typed)


@pytest.fixture
def training(mary, active):
    """The training of the project."""
    return recorded(mary, active, notes="The hall was cold.")


def told(error):
    """The codes of the faults."""
    return {problem.code for problem in error.value.problems}


def url(name, *args):
    """The address of a page in English."""
    return reverse(name, args=args)


# What is typed ----------------------------------------------------------------------------------------------


def test_it_belongs_to_a_thing_by_its_address_and_lies_where_that_lies(training, active, cast):
    assert (training.about, training.institution, training.days) == (active.address, cast.ministry, 2)
    event = Event.objects.get(verb="engagement.recorded")
    assert (event.address, event.scope) == (training.address, cast.ministry.address)


def test_it_may_belong_to_another_kind_of_thing(client, mary, cast):
    programme = register.save_programme(
        by=mary, institution=cast.ministry, title={"en": "Recruitment"}, description={}
    )
    made = recorded(mary, programme)
    assert made.about == programme.address
    assert queries.things(mary, [made.about]) == {programme.address: programme}
    client.force_login(mary)
    found = client.get(made.get_absolute_url()).content.decode()
    assert "Fair recruitment" in found and programme.get_absolute_url() in found
    assert f"?about={programme.address}" in client.get(programme.get_absolute_url()).content.decode()
    assert client.get(url("engagement-edit", made.pk)).status_code == 200
    new = url("engagement-new") + f"?about={programme.address}"
    answer = client.post(new, {"kind": "workshop", "first_day": "2025-05-06", "topic-en": "Fees"})
    assert answer.status_code == 302
    assert queries.narrowed(queries.visible_to(mary), {"about": programme.address}).count() == 2


def test_it_does_not_belong_to_just_anything(mary, trained):
    with pytest.raises(MilepostError) as error:
        recorded(mary, trained)
    assert told(error) == {"engagement-of-nothing"}


def test_all_faults_come_at_once(mary, active, cast):
    with pytest.raises(MilepostError) as error:
        recorded(
            mary,
            active,
            last_day=date(2025, 3, 1),
            came={("ministry", "F"): 10**7},
            parties=[
                actions.Party("organiser", cast.office),
                actions.Party("organiser", cast.office),
                actions.Party("participant", name=" "),
            ],
        )
    assert told(error) == {"ends-before-start", "attendance-impossible", "party-twice", "party-nameless"}


def test_nobody_counted_is_not_nobody_came(mary, active):
    silent = recorded(mary, active, came={})
    empty = recorded(mary, active, came={("ministry", "F"): 0})
    assert queries.people(silent.attendance.all()).total is None
    assert queries.people(empty.attendance.all()).total == 0
    assert queries.totals(queries.visible_to(mary)).uncounted == 1


def test_a_change_by_two_people_loses_nothing(mary, training):
    typed = {"kind": "workshop", "first_day": training.first_day, "topic": {"en": "Other"}}
    actions.edit(by=mary, engagement=training, revision=1, **typed)
    with pytest.raises(Stale):
        actions.edit(by=mary, engagement=training, revision=1, **typed)


def test_a_focal_point_types_it_with_day_kind_and_topic(client, mary, active):
    client.force_login(mary)
    page = url("engagement-new") + f"?about={active.address}"
    assert client.get(page).status_code == 200
    answer = client.post(page, {"kind": "dialogue", "first_day": "2025-05-06", "topic-en": "Fees"})
    made = Engagement.objects.get()
    assert answer.status_code == 302 and answer["Location"] == made.get_absolute_url()
    assert (made.last_day, made.attendance.count(), made.public) == (date(2025, 5, 6), 0, False)


def test_everything_typed_comes_back_in_the_form(client, mary, active, cast):
    client.force_login(mary)
    typed = {
        "kind": "workshop",
        "first_day": "2025-05-06",
        "last_day": "2025-05-07",
        "topic-en": "Fees",
        "came-ministry-F": "3",
        "came-other-U": "0",
        "organisers": [str(cast.ministry.pk)],
        "other_participants": "Union of cooks\nUnion of cooks\n\nUnion of drivers",
        "public": "on",
    }
    client.post(url("engagement-new") + f"?about={active.address}", typed)
    made = Engagement.objects.get()
    assert {(each.role, str(each)) for each in made.parties.all()} == {
        ("organiser", "Ministry of Labour of Sandoria"),
        ("participant", "Union of cooks"),
        ("participant", "Union of drivers"),
    }
    page = client.get(url("engagement-edit", made.pk)).content.decode()
    assert 'name="came-ministry-F" value="3"' in page and 'name="came-other-U" value="0"' in page
    assert "Union of cooks\nUnion of drivers" in page
    typed |= {"revision": "1", "came-ministry-F": "4"}
    client.post(url("engagement-edit", made.pk), typed)
    assert queries.people(made.attendance.all()).women == 4


def test_a_number_in_words_is_refused_and_nothing_typed_is_lost(client, mary, active):
    client.force_login(mary)
    typed = {"kind": "dialogue", "first_day": "2025-05-06", "topic-en": "Fees", "came-ministry-F": "many"}
    page = client.post(url("engagement-new") + f"?about={active.address}", typed).content.decode()
    assert "Not a whole number: many" in page and 'value="many"' in page and not Engagement.objects.exists()


# Who sees what ----------------------------------------------------------------------------------------------


def test_only_public_ones_of_public_things_are_for_everybody(client, mary, fred, active, training):
    page = url("engagement", training.pk)
    assert client.get(page).status_code == 404
    training.public = True
    training.save()
    assert client.get(page).status_code == 404  # the project is not public
    lifecycle.publish(by=fred, project=active, revision=active.revision)
    answer = client.get(page).content.decode()
    assert "Fair recruitment" in answer and "cold" not in answer and "What was agreed" not in answer
    assert "Fair recruitment" in client.get(url("engagements")).content.decode()
    assert "Fair recruitment" in client.get(url("project-engagements", active.pk)).content.decode()


def test_strangers_find_nothing_and_change_nothing(client, zoe, active, training):
    client.force_login(zoe)
    for name, args in (
        ("engagement", (training.pk,)),
        ("engagement-edit", (training.pk,)),
        ("engagement-knowledge", (training.pk,)),
        ("agreement-new", (training.pk,)),
    ):
        assert client.get(url(name, *args)).status_code == 404
    for name in ("engagement-remove", "engagement-count"):
        assert client.post(url(name, training.pk)).status_code == 404
    assert client.get(url("engagement-new") + f"?about={active.address}").status_code == 404
    assert "Fair recruitment" not in client.get(url("engagements")).content.decode()
    with pytest.raises(PermissionDenied):
        recorded(zoe, active)


def test_who_reads_may_not_change(client, fred, training, active):
    client.force_login(fred)
    assert "cold" in client.get(url("engagement", training.pk)).content.decode()
    assert client.get(url("engagement-edit", training.pk)).status_code == 403
    assert client.get(url("engagement-new") + f"?about={active.address}").status_code == 403


def test_a_country_reads_what_its_projects_do(client, cast, zoe, fred, mary, active, training):
    reader = person("ruth", ("reader", cast.norland.address))
    client.force_login(reader)
    assert client.get(url("engagement", training.pk)).status_code == 404
    active.beneficiaries.create(area="xn")
    assert "cold" in client.get(url("engagement", training.pk)).content.decode()


@pytest.mark.parametrize("name", ["engagement-new", "engagement-edit", "engagement-knowledge"])
def test_an_anonymous_reader_is_asked_to_sign_in(client, training, active, name):
    args = () if name == "engagement-new" else (training.pk,)
    answer = client.get(url(name, *args))
    assert answer.status_code == 302 and "login" in answer["Location"]


# Knowledge --------------------------------------------------------------------------------------------------


def keep(mary, training, text, maximum=10):
    """Scores as lines of a sheet."""
    training.refresh_from_db()
    return actions.write_scores(
        by=mary,
        engagement=training,
        revision=training.revision,
        maximum=Decimal(maximum),
        scores=scores.read(text),
    )


def test_pairs_give_a_mean_change_with_its_interval(mary, training):
    keep(mary, training, "A1;4;7\nB2;5;6\nC3;3;8\nD4;6;\nE5;;9")
    found = queries.learnt(training, inside=True).change
    assert (found.pairs, found.incomplete, found.mean, round(found.lower, 3)) == (3, 2, 3, -1.968)


@pytest.mark.parametrize(
    "text",
    [
        "code,before,after\nA1,4.5,7\nB2,5,6",
        "после;до;код\n7;4,5;A1\n6;5;B2",
        "A1\t4,5\t7\nB2\t5\t6\n\n",
        "A1;4,5;7\nB2;5;6\nC3;;",
    ],
)
def test_a_sheet_is_read_however_it_was_saved(text):
    assert scores.read(text) == [
        scores.Typed("A1", Decimal("4.5"), Decimal(7)),
        scores.Typed("B2", Decimal(5), Decimal(6)),
    ]


def test_every_line_at_fault_is_named(mary, training):
    with pytest.raises(MilepostError) as error:
        scores.read("A1;four;7\nB2;5;six")
    assert [(each.code, each.origin.row) for each in error.value.problems] == [
        ("score-unreadable", 1),
        ("score-unreadable", 2),
    ]
    with pytest.raises(MilepostError) as error:
        keep(mary, training, "Ivanova;4;7\nB2;5;6\nb2;5;6\nC3;4;11\nD4;-1;2")
    assert told(error) == {"score-code", "score-code-twice", "score-out-of-range"}
    assert not training.scores.exists()


def test_too_few_pairs_and_codes_are_never_public(client, mary, fred, active, training):
    Engagement.objects.update(public=True)
    lifecycle.publish(by=fred, project=active, revision=active.revision)
    lines = ["q7a1;4;7", "q7a2;5;6", "q7a3;3;8", "q7a4;2;5"]
    keep(mary, training, "\n".join(lines))
    page = url("engagement", training.pk)
    assert "Mean change" not in client.get(page).content.decode()
    keep(mary, training, "\n".join([*lines, "q7a5;1;1"]))
    answer = client.get(page).content.decode()
    assert "Mean change: 2.40 points" in answer and "q7a" not in answer
    client.force_login(mary)
    assert "q7a" not in client.get(page).content.decode()


def test_scores_are_typed_in_the_grid_pasted_or_brought_as_a_file(client, mary, training):
    client.force_login(mary)
    page = url("engagement-knowledge", training.pk)
    grid = {"grid-code": ["A1", "B2", ""], "grid-before": ["4", "5", ""], "grid-after": ["7,5", "", ""]}
    client.post(page, {"maximum": "10", "revision": "1", **grid})
    assert [(each.code, each.after) for each in training.scores.all()] == [
        ("a1", Decimal("7.5")),
        ("b2", None),
    ]
    assert 'value="7.5"' in client.get(page).content.decode()
    client.post(page, {"maximum": "10", "revision": "2", "sheet": "C3;1;2"})
    assert [each.code for each in training.scores.all()] == ["c3"]
    upload = SimpleUploadedFile("s.csv", "код;до;после\nD4;1;2".encode("cp1251"))
    client.post(page, {"maximum": "10", "revision": "3", "file": upload})
    assert [each.code for each in training.scores.all()] == ["d4"]
    refused = client.post(page, {"maximum": "10", "revision": "4", "sheet": "Anna;1;2"}).content.decode()
    assert "is no anonymous code" in refused and "Anna;1;2" in refused


# Agreements -------------------------------------------------------------------------------------------------


def test_what_was_agreed_is_due_until_it_is_done(mary, active, training, cast):
    tomorrow = timezone.localdate() + timedelta(days=1)
    one = actions.agree(
        by=mary, engagement=training, what={"en": "Send the register"}, institution=cast.office, due=tomorrow
    )
    words = [each.what for each in due(active, timezone.localdate())]
    assert "Agreed: Send the register (Statistical Office of Sandoria)" in words
    with pytest.raises(MilepostError) as error:
        actions.settle(by=mary, agreement=one, deed="drop", revision=1)
    assert told(error) == {"reason-missing"}
    actions.settle(by=mary, agreement=one, deed="do", revision=1)
    assert one.state == "done"
    assert not any("Send the register" in each.what for each in due(active, timezone.localdate()))
    with pytest.raises(MilepostError):
        actions.settle(by=mary, agreement=one, deed="drop", revision=2, reason="No")
    assert actions.settle(by=mary, agreement=one, deed="reopen", revision=2).state == "open"


def test_agreements_stand_on_the_pages_of_engagement_and_project(client, mary, active, training):
    client.force_login(mary)
    typed = {"what-en": "Publish the fees", "name": "Chamber of recruiters", "due": "2025-04-01"}
    client.post(url("agreement-new", training.pk), typed)
    [one] = training.agreements.all()
    for page in (
        url("engagement", training.pk),
        url("project", active.pk),
        url("project-engagements", active.pk),
    ):
        answer = client.get(page).content.decode()
        assert "Publish the fees" in answer and "Chamber of recruiters" in answer and "Late" in answer
    client.post(url("agreement-edit", training.pk, one.pk), {**typed, "due": "", "revision": "1"})
    client.post(
        url("agreement-settle", training.pk, one.pk), {"deed": "drop", "revision": "2", "reason": "No law"}
    )
    one.refresh_from_db()
    assert (one.state, one.reason, one.due) == ("dropped", "No law", None)


# Lists ------------------------------------------------------------------------------------------------------


def test_list_totals_and_export_agree(client, mary, active, training):
    recorded(
        mary, active, kind="dialogue", first_day=date(2026, 1, 9), last_day=None, came={("ministry", "F"): 5}
    )
    client.force_login(mary)
    found = queries.totals(queries.visible_to(mary))
    assert (found.engagements, found.people) == (2, (13, 4, 2))
    assert [(str(each.name), each.number) for each in found.kinds] == [("Training", 1), ("Dialogue", 1)]
    assert {str(each.name): each.people.total for each in found.institutions} == {
        "Ministry": 16,
        "Civil society organisation": 1,
        "Other, or not known": 2,
    }
    assert sum(each.people.total for each in found.institutions) == found.people.total
    exported = client.get(url("engagements-export", "csv") + "?kind=dialogue").content.decode("utf-8-sig")
    [head, line] = csv.reader(io.StringIO(exported))
    assert line[head.index("Participants")] == "5" and line[head.index("Men")] == ""
    assert client.get(url("engagements-export", "xlsx")).status_code == 200
    assert client.get(url("engagements-export", "pdf")).status_code == 404
    page = client.get(url("engagements") + f"?year=2026&about={active.address}").content.decode()
    assert "1 engagement ·" in page and "5 participants" in page


def test_a_long_list_asks_no_more_questions(client, mary, active, training, django_assert_max_num_queries):
    for number in range(12):
        recorded(mary, active, first_day=date(2025, 4, number + 1), last_day=None)
    client.force_login(mary)
    with django_assert_max_num_queries(30):
        client.get(url("engagements"))


def test_who_takes_one_back_takes_its_scores_with_it(client, mary, active, training):
    keep(mary, training, "A1;1;2")
    client.force_login(mary)
    client.post(url("engagement-remove", training.pk), {"revision": training.revision - 1})
    assert Engagement.objects.exists()  # the scores came meanwhile
    training.refresh_from_db()
    answer = client.post(url("engagement-remove", training.pk), {"revision": training.revision})
    assert answer["Location"] == url("project-engagements", active.pk) and not Engagement.objects.exists()
