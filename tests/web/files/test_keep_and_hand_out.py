import hashlib
import os
import stat
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from milepost.errors import MilepostError
from milepost.values import Origin
from milepost.web.audit.models import Event
from milepost.web.files import actions, queries, store, tasks
from milepost.web.files.models import StoredFile

ROWS = b"Year,Value\n2019,3\n"


@pytest.fixture(autouse=True)
def _home(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"


def keep(by, content=ROWS, name="visas.csv", **more):
    return actions.keep(SimpleUploadedFile("x", content), by=by, name=name, **more)


def kept_files():
    return [path for path in Path(django_settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def test_a_file_is_kept_as_it_came_under_its_hash(cast):
    stored = keep(cast.alice, owner=cast.office.address)
    assert stored.sha256 == hashlib.sha256(ROWS).hexdigest()
    (path,) = kept_files()
    assert path == store.path_of(stored.sha256)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with queries.open_file(stored) as file:
        assert file.read() == ROWS
    event = Event.objects.get(verb="file.kept")
    assert (event.address, event.by) == (stored.address, cast.alice)


def test_the_same_content_is_on_the_disk_once(cast):
    first, second = keep(cast.alice), keep(cast.bob, name="other.csv")
    assert first.pk != second.pk
    assert len(kept_files()) == 1


def test_a_file_of_this_machine_is_kept_too(cast, tmp_path):
    (tmp_path / "there.csv").write_bytes(ROWS)
    assert actions.keep(tmp_path / "there.csv", by=cast.alice, name="there.csv").size == len(ROWS)
    with pytest.raises(MilepostError, match="no such file"):
        actions.keep(tmp_path / "nowhere.csv", by=cast.alice, name="nowhere.csv")


def test_a_damaged_content_is_mended_when_it_comes_again(cast):
    stored = keep(cast.alice)
    store.path_of(stored.sha256).write_bytes(b"half")
    keep(cast.bob)
    assert store.hash_of(store.path_of(stored.sha256)) == stored.sha256


@pytest.mark.parametrize(("content", "code"), [(b"", "empty-file"), (b"x" * 20_000, "too-large")])
def test_empty_and_large_files_are_refused_and_leave_nothing(cast, monkeypatch, content, code):
    monkeypatch.setenv("MILEPOST_MAX_FILE_MB", "0.01")
    with pytest.raises(MilepostError) as refused:
        keep(cast.alice, content)
    assert [problem.code for problem in refused.value.problems] == [code]
    assert kept_files() == []
    assert not StoredFile.objects.exists()


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\data\\Визы 2024.xlsx", "Визы 2024.xlsx"),
        ("report\u202excod.exe", "reportxcod.exe"),
        ("a\r\nSet-Cookie: x.csv", "aSet-Cookie: x.csv"),
        ("  .. ", "file"),
        ("я" * 400 + ".xlsx", "я" * 145 + ".xlsx"),
    ],
)
def test_names_do_not_command_or_deceive(cast, name, clean):
    assert keep(cast.alice, name=name).name == clean


def test_what_a_killed_process_left_is_removed_a_day_later(cast):
    keep(cast.alice)
    left = Path(django_settings.MEDIA_ROOT) / "incoming" / "tmp123"
    left.write_bytes(b"half")
    assert store.remove_leftovers() == 0
    os.utime(left, (0, 0))
    assert store.remove_leftovers() == 1
    assert len(kept_files()) == 1


def test_files_that_are_missing_or_changed_are_found(cast):
    good, lost, changed = (
        keep(cast.alice),
        keep(cast.alice, b"lost"),
        keep(cast.alice, b"changed", "Визы.csv"),
    )
    keep(cast.bob)
    store.path_of(lost.sha256).unlink()
    store.path_of(changed.sha256).write_bytes(b"chanGed")
    said = []

    def progress(*words):
        said.append(words)

    with pytest.raises(MilepostError) as found:
        tasks.check_files(progress)
    assert {(problem.code, problem.origin.file) for problem in found.value.problems} == {
        ("stored-file-missing", "visas.csv"),
        ("stored-file-changed", "Визы.csv"),
    }
    assert said[-1] == ("Reading files", 3, 3)
    StoredFile.objects.exclude(sha256=good.sha256).delete()
    assert tasks.check_files(progress) == {"files": 1}


# Who may have it --------------------------------------------------------------------------------------------


def status(client, user, stored):
    if user is None:
        client.logout()
    else:
        client.force_login(user)
    return client.get(reverse("file", args=[stored.pk])).status_code


def test_ones_own_file_is_handed_out_to_nobody_else(client, cast):
    stored = keep(cast.alice)
    assert status(client, cast.alice, stored) == 200
    for stranger in (cast.bob, cast.charlie, cast.adam, cast.nobody, None):
        assert status(client, stranger, stored) == 404


def test_a_file_of_a_thing_is_for_those_who_work_with_the_thing(client, cast):
    stored = keep(cast.alice, owner=cast.office.address)  # the office itself is known to everybody
    assert status(client, cast.bob, stored) == 200
    assert status(client, cast.carol, stored) == 200
    for stranger in (cast.charlie, cast.frank, cast.adam, cast.nobody, None):
        assert status(client, stranger, stored) == 404


def test_a_public_file_is_for_everybody(client, cast):
    stored = keep(cast.alice, public=True)
    for reader in (None, cast.nobody, cast.charlie):
        assert status(client, reader, stored) == 200


def test_a_file_of_a_thing_that_is_not_there_is_its_owners_only(client, cast):
    stored = keep(cast.alice, owner="dataset:999")
    assert status(client, cast.bob, stored) == 404


def test_a_closed_account_gets_nothing(cast):
    stored = keep(cast.alice)
    cast.alice.is_active = False
    assert queries.find(cast.alice, stored.pk) is None


def test_a_file_is_a_download_whatever_it_says_it_is(client, cast):
    page = keep(cast.alice, b"<script>alert(1)</script>", "page.html", public=True)
    answer = client.get(reverse("file", args=[page.pk]))
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"] == 'attachment; filename="page.html"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert b"".join(answer.streaming_content) == b"<script>alert(1)</script>"
    named = keep(cast.alice, ROWS, "Визы.csv")
    client.force_login(cast.alice)
    answer = client.get(reverse("file", args=[named.pk]))
    assert answer["Content-Type"] == "text/csv"
    assert "filename*=utf-8''%D0%92%D0%B8%D0%B7%D1%8B.csv" in answer["Content-Disposition"]
    assert answer["Cache-Control"] == "private, no-store"


def test_a_file_that_the_store_has_lost_is_told_to_the_log(client, cast, caplog):
    stored = keep(cast.alice, public=True)
    store.path_of(stored.sha256).unlink()
    assert status(client, None, stored) == 404
    assert stored.sha256 in caplog.text


def test_many_pieces_are_one_content():
    kept = store.write(iter([b"a" * 70_000, b"b" * 70_000]), Origin(""), limit=10**6)
    assert kept.sha256 == hashlib.sha256(b"a" * 70_000 + b"b" * 70_000).hexdigest()
    assert store.path_of(kept.sha256).stat().st_size == kept.size == 140_000
