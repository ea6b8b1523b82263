"""An institution's own Word file gives its look to the Word documents of the institution's projects."""

import io
from datetime import date
from functools import cache
from typing import Any

import docx
import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from docx.shared import Pt

from milepost.errors import MilepostError
from milepost.web.audit.models import Event
from milepost.web.files import store
from milepost.web.files.queries import open_file
from milepost.web.projects.actions import reference as actions
from milepost.web.projects.actions import reports
from milepost.web.projects.models import ReferenceDocument
from milepost.web.projects.queries import documents, reference
from milepost.web.projects.queries import reports as known
from milepost.web.ui.revisions import Stale

pytestmark = pytest.mark.django_db


@cache  # a document made again has another time in it
def office(words="Ministry of Letters", size=33) -> bytes:
    word: Any = docx.Document()
    word.styles["Heading 1"].font.size = Pt(size)
    word.sections[0].header.paragraphs[0].text = words
    held = io.BytesIO()
    word.save(held)
    return held.getvalue()


def upload(content=None, name="letterhead.docx"):
    return SimpleUploadedFile(name, office() if content is None else content)


def head(content: bytes) -> str:
    return docx.Document(io.BytesIO(content)).sections[0].header.paragraphs[0].text


def sheet(project) -> bytes:
    look = documents.look(project)
    return documents.as_file(documents.fact_sheet(project), "docx", reference=look)


def page(cast):
    return reverse("institution-word", args=[cast.ministry.pk])


def test_an_administrator_loads_replaces_and_removes_it_and_it_is_audited(client, cast, proposal):
    client.force_login(cast.adam)
    place = page(cast)
    assert client.post(place, {"upload": upload(), "revision": 0}).status_code == 302
    assert head(sheet(proposal)) == "Ministry of Letters"
    assert "Milepost Lead" in client.get(place).content.decode()
    second = upload(office("Ministry of Numbers"))
    assert client.post(place, {"upload": second, "revision": 1}).status_code == 302
    assert head(sheet(proposal)) == "Ministry of Numbers"
    removed = client.post(reverse("institution-word-remove", args=[cast.ministry.pk]), {"revision": 2})
    assert removed.status_code == 302 and head(sheet(proposal)) != "Ministry of Numbers"
    verbs = Event.objects.filter(verb__startswith="reference-document.").order_by("pk")
    assert [one.verb.partition(".")[2] for one in verbs] == ["kept", "kept", "removed"]
    assert {one.address for one in verbs} == {cast.ministry.address}


def test_a_specimen_can_be_looked_at_before_and_after(client, cast):
    client.force_login(cast.adam)
    looked = client.post(page(cast), {"upload": upload(), "revision": 0, "look": "1"})
    assert head(looked.content) == "Ministry of Letters"
    assert not ReferenceDocument.objects.exists()
    actions.keep(by=cast.adam, institution=cast.ministry, upload=upload(), revision=0)
    after = client.get(reverse("institution-word-specimen", args=[cast.ministry.pk]))
    assert head(after.content) == "Ministry of Letters"


def test_a_file_with_another_name_is_judged_by_what_it_holds(client, cast):
    client.force_login(cast.adam)
    answer = client.post(page(cast), {"upload": upload(b"MZ\x90 not Word"), "revision": 0})
    assert "no Word file" in answer.content.decode() and not ReferenceDocument.objects.exists()
    looked = client.post(page(cast), {"upload": upload(b"PK\x03\x04"), "revision": 0, "look": "1"})
    assert "no Word file" in looked.content.decode()


def test_only_who_keeps_the_institution_may_load_one(client, cast, mary, zoe):
    for person, status in ((mary, 403), (zoe, 403), (cast.charlie, 403)):
        client.force_login(person)
        assert client.get(page(cast)).status_code == status
        with pytest.raises(PermissionDenied):
            actions.keep(by=person, institution=cast.ministry, upload=upload(), revision=0)
    client.logout()
    assert "/account/login/" in client.get(page(cast))["Location"]


def test_who_loads_one_after_another_person_is_told(cast):
    actions.keep(by=cast.adam, institution=cast.ministry, upload=upload(), revision=0)
    for revision in (0, 7):
        with pytest.raises(Stale):
            actions.keep(by=cast.adam, institution=cast.ministry, upload=upload(), revision=revision)
    with pytest.raises(Stale):
        actions.remove(by=cast.adam, institution=cast.ministry, revision=7)


def test_the_form_says_that_another_person_was_first(client, cast):
    client.force_login(cast.adam)
    actions.keep(by=cast.adam, institution=cast.ministry, upload=upload(), revision=0)
    answer = client.post(page(cast), {"upload": upload(), "revision": 0})
    assert answer.status_code == 200 and 'name="revision" value="1"' in answer.content.decode()


def test_projects_of_other_institutions_keep_the_look_of_the_house(cast, proposal):
    actions.keep(by=cast.adam, institution=cast.abroad, upload=upload(), revision=0)
    assert documents.look(proposal) is None


def test_only_word_files_have_it(cast, proposal):
    actions.keep(by=cast.adam, institution=cast.ministry, upload=upload(), revision=0)
    assert documents.look(proposal, "pdf") is None and documents.look(proposal, "docx") == office()


def test_a_file_that_the_store_lost_is_said_and_can_be_replaced(client, cast, proposal):
    kept = actions.keep(by=cast.adam, institution=cast.ministry, upload=upload(), revision=0)
    store.path_of(kept.file.sha256).unlink()
    with pytest.raises(MilepostError) as caught:
        reference.content(kept)
    assert [problem.code for problem in caught.value.problems] == ["reference-lost"]
    client.force_login(cast.adam)
    assert "not in the store" in client.get(page(cast)).content.decode()
    place = reverse("project-report-file", args=[1, "docx"])
    assert client.get(place).status_code == 404  # no such report
    sheets = reverse("fact-sheet-file", args=[proposal.pk, "docx"])
    client.force_login(cast.mary)
    assert client.get(sheets).status_code == 302
    actions.keep(by=cast.adam, institution=cast.ministry, upload=upload(), revision=1)
    assert head(client.get(sheets).content) == "Ministry of Letters"


def test_an_approved_report_keeps_the_look_it_was_approved_in(client, cast, mary, fred, trained, active):
    """What was approved and sent must not differ from what is on record, so its file is never made again."""
    actions.keep(by=cast.adam, institution=cast.ministry, upload=upload(), revision=0)
    days = {"start": date(2025, 1, 1), "end": date(2025, 6, 30), "language": "en"}
    report = reports.begin(by=mary, project=active, kind="interim", part="all", **days)
    parts = dict.fromkeys(known.parts(report), "Words.")
    report = reports.write(by=mary, report=report, words=parts, revision=report.revision)
    report = reports.submit(by=mary, report=report, revision=report.revision)
    version = reports.approve(by=fred, report=report, revision=report.revision)
    approved = open_file(version.docx).read()
    assert head(approved) == "Ministry of Letters"
    told = Event.objects.get(verb="project-report.kept")
    kept = reference.of(cast.ministry)
    assert kept is not None and told.details["reference"] == kept.file.sha256

    actions.keep(by=cast.adam, institution=cast.ministry, upload=upload(office("New")), revision=1)
    client.force_login(mary)
    answer = client.get(reverse("project-report-file", args=[report.pk, "docx"]))
    assert b"".join(answer.streaming_content) == approved  # type: ignore[attr-defined]
    report.refresh_from_db()
    reports.reopen(by=fred, report=report, revision=report.revision, reason="A figure is wrong.")
    assert head(client.get(reverse("project-report-file", args=[report.pk, "docx"])).content) == "New"
    assert head(open_file(version.docx).read()) == "Ministry of Letters"
