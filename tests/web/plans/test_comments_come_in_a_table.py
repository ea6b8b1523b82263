"""Comments come in a table: looked at first, then entered at once, never twice."""

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from milepost.errors import MilepostError
from milepost.interchange import comment_table
from milepost.web.files.models import StoredFile
from milepost.web.plans.actions import comment_tables as actions
from milepost.web.plans.actions import consultations
from milepost.web.plans.models import DraftComment
from milepost.web.plans.queries import comment_tables as queries
from milepost.web.plans.queries import consultations as reading
from milepost.web.ui.revisions import Stale
from tests.web.plans.consulting import prepared

HEADS = "No.,From whom,Draft,Section,Comment,Decision,Reason\n"
LINES = (
    "1,Statistical Office of Sandoria,1,2.1,Count by sex,Accepted,\n"
    "2,Союз строителей,,3.2,Add wages,Not accepted,Another law says so\n"
    "3,Союз строителей,,,Add housing,,\n"
)


def upload(text=HEADS + LINES, name="comments.csv"):
    return SimpleUploadedFile(name, text.encode())


@pytest.fixture
def one(paula, policy):
    return prepared(paula, policy)


def handed_in(paula, one, *args, **more):
    kept = actions.hand_in(by=paula, consultation=one, upload=upload(*args, **more), name="comments.csv")
    return kept, queries.judge(one, kept)


def taken(paula, one, kept, judged, **decisions):
    return actions.take_in(by=paula, consultation=one, stored=kept, digest=judged.digest, decisions=decisions)


def test_what_is_read_is_shown_and_entered_once_it_is_decided(cast, paula, one):
    kept, judged = handed_in(paula, one)
    assert judged.counts == {"add": 3, "answer": 0, "same": 0, "refused": 0}
    assert [(name.printed, name.why) for name in judged.names] == [
        ("Statistical Office of Sandoria", "register"),
        ("Союз строителей", ""),
    ]
    assert not one.comments.exists()
    with pytest.raises(MilepostError) as caught:
        taken(paula, one, kept, judged)
    assert [problem.code for problem in caught.value.problems] == ["comment-party-undecided"]
    taken(paula, one, kept, judged, **{"Союз строителей": "new-unions"})
    assert [(said.number, said.state, said.disposition) for said in one.comments.all()] == [
        (1, "answered", "accepted"),
        (2, "answered", "not_accepted"),
        (3, "open", ""),
    ]
    parties = {str(voice.party): (voice.party.kind, voice.comments) for voice in reading.voices(one)}
    assert parties == {"Statistical Office of Sandoria": ("ministry", 1), "Союз строителей": ("unions", 2)}


def test_the_same_table_again_enters_nothing_twice_and_brings_the_answers(paula, one):
    kept, judged = handed_in(paula, one)
    taken(paula, one, kept, judged, **{"Союз строителей": "new-unions"})
    decided = LINES.replace("Add housing,,", "Add housing,Noted,For the next stage")
    kept, judged = handed_in(paula, one, HEADS + decided)
    assert judged.counts == {"add": 0, "answer": 1, "same": 2, "refused": 0}
    assert not judged.undecided
    taken(paula, one, kept, judged)
    assert one.comments.count() == 3
    assert one.comments.get(number=3).reason == "For the next stage"


def test_lines_that_cannot_be_taken_say_why_and_stay_out(paula, one):
    lines = (
        "1,Union,,,,Accepted,\n2,Union,,,No reason,Not accepted,\n3,Union,,,What,Perhaps,\n"
        "4,Union,7,,Draft 7,,\n5,Union,,,Good,,\n"
    )
    kept, judged = handed_in(paula, one, HEADS + lines)
    assert [problem.code for line in judged.lines for problem in line.problems] == [
        "comment-empty",
        "comment-without-reason",
        "comment-disposition-unknown",
        "comment-draft-unknown",
    ]
    assert taken(paula, one, kept, judged, Union="new-unions")["add"] == 1
    assert DraftComment.objects.get().text == "Good"


def test_a_name_written_otherwise_enters_nothing_twice_once_it_is_decided(paula, one):
    kept, judged = handed_in(paula, one)
    taken(paula, one, kept, judged, **{"Союз строителей": "new-unions"})
    union = str(one.parties.get(name="Союз строителей").pk)
    kept, judged = handed_in(paula, one, HEADS + "3,Стройпрофсоюз,,,Add housing,Noted,Later\n")
    assert judged.counts["add"] == 1
    assert taken(paula, one, kept, judged, **{"Стройпрофсоюз": union})["answer"] == 1
    assert one.comments.count() == 3
    kept, judged = handed_in(paula, one, "Comment\nAdd housing\n")
    assert judged.counts["same"] == 1


def test_a_withdrawn_comment_does_not_come_back_by_a_table(paula, one):
    kept, judged = handed_in(paula, one)
    taken(paula, one, kept, judged, **{"Союз строителей": "new-unions"})
    said = one.comments.get(number=3)
    consultations.withdraw(by=paula, comment=said, revision=said.revision, reason="By mistake")
    _kept, judged = handed_in(paula, one)
    assert [problem.code for line in judged.lines for problem in line.problems] == ["comment-was-withdrawn"]


def test_a_table_that_is_behind_takes_nothing_in(paula, one):
    kept, judged = handed_in(paula, one)
    union = consultations.add_party(by=paula, consultation=one, kind="unions", name="Союз строителей")
    consultations.comment(by=paula, consultation=one, party=union, text="Add wages")
    with pytest.raises(Stale):
        taken(paula, one, kept, judged, **{"Союз строителей": "new-unions"})
    assert one.comments.count() == 1


def test_two_take_the_same_table_and_it_is_entered_once(paula, one):
    kept, judged = handed_in(paula, one)
    taken(paula, one, kept, judged, **{"Союз строителей": "new-unions"})
    with pytest.raises(Stale):
        taken(paula, one, kept, judged, **{"Союз строителей": "new-unions"})
    assert one.comments.count() == 3


def test_a_table_that_names_nobody_asks_from_whom_it_comes(paula, one):
    union = consultations.add_party(by=paula, consultation=one, kind="unions", name="Union")
    kept, judged = handed_in(paula, one, "Comment,Reason\nAdd wages,\nAdd housing,\n")
    assert [(name.printed, name.comments) for name in judged.undecided] == [("", 2)]
    taken(paula, one, kept, judged, **{"": str(union.pk)})
    assert one.comments.filter(party=union).count() == 2


def test_a_file_that_holds_no_comments_is_not_kept(paula, peter, one):
    before = StoredFile.objects.count()
    for text in ("Year,Value\n2024,1\n", "Comment\n \n", "PK\x03\x04 broken"):
        with pytest.raises(MilepostError):
            handed_in(paula, one, text)
    with pytest.raises(PermissionDenied):
        handed_in(peter, one)
    assert StoredFile.objects.count() == before


def test_the_table_goes_out_and_comes_in_again_as_it_was(paula, one, tmp_path):
    kept, judged = handed_in(paula, one)
    taken(paula, one, kept, judged, **{"Союз строителей": "new-unions"})
    for ending in ("csv", "xlsx"):
        path = tmp_path / f"out.{ending}"
        comment_table.write("x", reading.table(reading.listed(paula, one), "en"), path, "en")
        back = actions.hand_in(
            by=paula, consultation=one, upload=SimpleUploadedFile("x", path.read_bytes()), name=path.name
        )
        assert queries.judge(one, back).counts == {"add": 0, "answer": 0, "same": 3, "refused": 0}


def test_the_pages_show_decide_and_take_back(client, paula, cast, one):
    client.force_login(paula)
    sent = client.post(reverse("comments-read", args=[one.pk]), {"file": upload()})
    preview = client.get(sent["Location"]).content.decode()
    assert "New comments: 3" in preview and "Nothing has been kept yet." in preview
    kept = StoredFile.objects.get(owner=queries.owner(one))
    client.force_login(cast.nobody)
    assert client.get(sent["Location"]).status_code == 404
    client.force_login(paula)
    judged = queries.judge(one, kept)
    field = judged.undecided[0].field
    refused = client.post(sent["Location"], {"digest": judged.digest, field: ""}).content.decode()
    assert "It is not decided who Союз строителей is." in refused
    client.post(sent["Location"], {"digest": judged.digest, field: "new-unions"})
    assert one.comments.count() == 3
    again = client.post(reverse("comments-read", args=[one.pk]), {"file": upload()})
    client.post(f"{again['Location']}withdraw/")
    assert not StoredFile.objects.filter(owner=queries.owner(one)).exists()
