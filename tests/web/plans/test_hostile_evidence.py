"""Files that show what was done come from many hands: hostile names and contents, sent over the web."""

import io
import zipfile
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from milepost.interchange.limits import SIZE_SETTING
from milepost.web.audit.models import Event
from milepost.web.files.models import StoredFile
from milepost.web.plans.actions import rounds
from tests.cast import person

PDF = b"%PDF-1.7 minutes"
SCRIPT = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"


@pytest.fixture
def answer(paula, in_force):
    one = rounds.open_round(
        by=paula, plan=in_force.plan, start=date(2026, 1, 1), end=date(2026, 3, 31), due=date(2026, 4, 20)
    )
    return one.answers.get(entry__code="1.1")


@pytest.fixture
def send(client, cast, answer):
    """Send a file as a focal point's browser does; gives the page that follows."""
    client.force_login(cast.frank)

    def sent(name, content):
        upload = SimpleUploadedFile("plain", content)
        upload._name = name  # what a browser of a hostile person says
        address = reverse("round-answer-file", args=[answer.pk])
        return client.post(address, {"file": upload}, follow=True)

    return sent


def zipped(members):
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as book:
        for name, content in members.items():
            book.writestr(name, content)
    return held.getvalue()


@pytest.mark.parametrize(
    ("name", "kept_as"),
    [
        ("../../../etc/cron.d/minutes.pdf", "minutes.pdf"),
        ("C:\\Users\\ann\\minutes.pdf", "minutes.pdf"),
        ("minutes\u202efdp.exe.pdf", "minutesfdp.exe.pdf"),
        ("minutes\u200b\u2066.pdf", "minutes.pdf"),
        ("<img src=x onerror=alert(1)>.pdf", "<img src=x onerror=alert(1)>.pdf"),
        ("minutes'; filename=run.exe.pdf", "minutes'; filename=run.exe.pdf"),
        ("ПРОТОКОЛ.PDF", "ПРОТОКОЛ.PDF"),
    ],
)
def test_a_hostile_name_is_a_name_only(client, send, name, kept_as):
    page = send(name, PDF).content.decode()
    kept = StoredFile.objects.get()
    assert kept.name == kept_as
    assert "<img src=x" not in page
    assert "\u202e" not in page
    handed = client.get(kept.get_absolute_url())
    said = handed["Content-Disposition"]
    assert said.startswith("attachment")
    assert not any(sign in said for sign in "\r\n\0/")
    assert handed["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in handed["Content-Security-Policy"]


def test_a_name_of_any_length_keeps_its_ending(send):
    send("протокол " * 40 + ".pdf", PDF)
    kept = StoredFile.objects.get()
    assert len(kept.name) <= 150
    assert kept.name.endswith(".pdf")


def test_signs_that_end_a_name_for_others_are_left_out(cast, answer):
    upload = SimpleUploadedFile("x.pdf", PDF)
    kept = rounds.attach(by=cast.frank, answer=answer, upload=upload, name="minutes\0.html\r\nX: y.pdf")
    assert kept.name == "minutes.htmlX: y.pdf"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("page.html", b"<script>alert(1)</script>"),
        ("picture.svg", SCRIPT),
        ("minutes.pdf", SCRIPT),
        ("minutes.pdf", b"<html><script>alert(1)</script>"),
        ("minutes.pdf", b"MZ\x90\x00"),
        ("photo.png", PDF),
        ("photo.jpg", SCRIPT),
        ("minutes.docx", PDF),
        ("minutes.docx", b"PK\x03\x04 no archive at all"),
        ("minutes.docx", zipped({"run.exe": b"MZ"})),
        ("minutes.xlsx", zipped({"word/document.xml": b"<w/>"})),
        ("minutes.docm", zipped({"word/document.xml": b"<w/>"})),
        ("minutes.pdf.exe", PDF),
        ("minutes.pdf\u202e.svg", PDF),
        ("minutes", PDF),
        (".pdf", PDF),
        ("table.csv", b"a\x00b"),
        ("archive.zip", zipped({"a.txt": b"a"})),
    ],
)
def test_a_content_that_is_not_what_its_name_says_is_refused(send, name, content):
    assert send(name, content).status_code == 200
    assert not StoredFile.objects.exists()
    assert not Event.objects.filter(verb="answer.evidence").exists()


@pytest.mark.parametrize(
    ("name", "members"),
    [
        ("minutes.docx", {"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>"}),
        ("figures.xlsx", {"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<x/>"}),
        ("minutes.odt", {"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"<o/>"}),
        ("figures.ods", {"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": b""}),
    ],
)
def test_documents_of_offices_are_taken(send, name, members):
    send(name, zipped(members))
    assert StoredFile.objects.get().name == name


def test_an_archive_that_unfolds_without_end_is_refused(send):
    bomb = {"[Content_Types].xml": b"<Types/>", "word/document.xml": b"\0" * 150_000_000}
    page = send("minutes.docx", zipped(bomb)).content.decode()
    assert not StoredFile.objects.exists()
    assert "no honest file of this size does" in page


def test_a_document_that_carries_a_program_is_refused(send):
    held = {"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>", "word/vbaProject.bin": b"x"}
    send("minutes.docx", zipped(held))
    assert not StoredFile.objects.exists()


def test_a_file_without_content_is_refused_and_says_so(send):
    assert "Choose a file that is not empty" in send("minutes.pdf", b"").content.decode()
    assert not StoredFile.objects.exists()


def test_a_file_above_the_limit_is_refused_and_says_so(send, monkeypatch):
    monkeypatch.setenv(SIZE_SETTING, "0.001")
    page = send("minutes.pdf", PDF + b"x" * 2000).content.decode()
    assert "0.001" in page
    assert not StoredFile.objects.exists()


def test_evidence_is_for_those_who_read_the_answer(client, cast, paula, police, policy, answer, send):
    from milepost.web.plans.actions import register

    register.show_policy(by=paula, policy=policy, revision=policy.revision, public=True)
    send("minutes.pdf", PDF)
    address = StoredFile.objects.get().get_absolute_url()
    fiona = person("fiona", ("focal-point", cast.ministry.address), works_for=cast.ministry)
    pavel = person("pavel", ("focal-point", police.address), works_for=police)

    def statuses():
        found = {}
        for user in (cast.charlie, cast.nobody, pavel, cast.frank, fiona, paula, cast.carol):
            client.force_login(user)
            found[user.name] = client.get(address).status_code
        client.logout()
        assert client.get(address).status_code in (302, 404)
        return found

    theirs = {"Charlie": 404, "Nobody": 404, "Pavel": 404, "Frank": 200, "Fiona": 200}
    assert statuses() == {**theirs, "Paula": 404, "Carol": 404}  # a draft is its institution's own
    answer.refresh_from_db()
    rounds.save(by=cast.frank, answer=answer, revision=answer.revision, done="partly", text="Drafted")
    rounds.submit(by=cast.frank, answer=answer, revision=answer.revision)
    assert statuses() == {**theirs, "Paula": 200, "Carol": 200}


def test_who_does_not_answer_adds_no_file(client, cast, paula, answer):
    for user, status in ((paula, 403), (cast.carol, 403), (cast.charlie, 404)):
        client.force_login(user)
        address = reverse("round-answer-file", args=[answer.pk])
        upload = {"file": SimpleUploadedFile("minutes.pdf", PDF)}
        assert client.post(address, upload).status_code == status, user
    assert not StoredFile.objects.exists()
