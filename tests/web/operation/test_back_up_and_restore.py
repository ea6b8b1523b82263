import hashlib
import json
import stat
import subprocess
import sys
import textwrap
import zipfile

import pytest

from tests.web.operation.installation import ROOT, SERVER, Installation, copied, wait_until


def manifest(path):
    with zipfile.ZipFile(path) as archive:
        return json.loads(archive.read("manifest.json"))


def content(path):
    """What a backup holds, table by table."""
    return {table["name"]: (table["rows"], table["sha256"]) for table in manifest(path)["tables"]}


def changed(path, target, name, change):
    """A copy of an archive in which one member is another."""
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(target, "w") as new:
        for info in old.infolist():
            data = old.read(info)
            new.writestr(info.filename, change(data) if info.filename == name else data)
    return target


@pytest.fixture(scope="session")
def template(migrated, tmp_path_factory):
    """An installation with rows of every kind, which no test changes."""
    made = copied(migrated, tmp_path_factory.mktemp("planted") / "home")
    made.python("from tests.web.operation.some_rows import plant; plant()")
    return made


@pytest.fixture(scope="session")
def backup(template, tmp_path_factory):
    """Its backup."""
    path = tmp_path_factory.mktemp("backup") / "backup.zip"
    done = template.milepost("backup", path)
    assert done.returncode == 0, done.stderr
    assert "2 files" in done.stdout
    return path


@pytest.fixture
def planted(template, tmp_path):
    """An installation with rows of every kind."""
    made = copied(template, tmp_path / "home")
    yield made
    made.end()


def test_a_restored_installation_is_the_same(planted, backup, bare, tmp_path):
    done = bare.milepost("restore", backup)
    assert done.returncode == 0, done.stderr
    bare.milepost("backup", tmp_path / "again.zip")
    assert content(tmp_path / "again.zip") == content(backup)
    assert content(backup)["audit_event"][0] > 4
    key = bare.home / "secret-key"
    assert key.read_text() == (planted.home / "secret-key").read_text()
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    answer = bare.python("""
        from milepost.web.accounts.models import User
        from milepost.web.files import queries
        from milepost.web.files.models import StoredFile
        user = User.objects.get()
        answer = [user.check_password("a long enough password"), user.name]
        answer += [problem for _, _, problem in queries.check_store()]
        answer.append(queries.open_file(StoredFile.objects.get(public=True)).read() == b"\\x00\\xff" * 50_000)
    """)
    assert answer == [True, "Alice 😀", None, None, True]


def test_a_backup_is_its_owners_only(backup):
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600


def test_numbers_of_deleted_rows_are_not_given_again(planted, backup, bare):
    last = """
        from milepost.web.jobs.models import Job
        answer = Job.objects.create(kind="next").pk
    """
    bare.milepost("restore", backup)
    assert bare.python(last) == planted.python(last) == 4


def test_a_backup_while_others_write_holds_one_moment(planted, bare, tmp_path):
    enough = tmp_path / "enough"
    code = f"""
        import django
        django.setup()
        from pathlib import Path
        from tests.web.operation.some_rows import pour
        pour(Path({str(enough)!r}))
    """
    command = [sys.executable, "-c", textwrap.dedent(code)]
    writer = subprocess.Popen(command, cwd=ROOT, env=planted.environment)
    poured = """
        from milepost.web.audit.models import Event
        answer = Event.objects.filter(verb="test.poured").count()
    """
    before = wait_until(lambda: planted.python(poured))
    counts = []
    try:
        for path in (tmp_path / "1.zip", tmp_path / "2.zip"):
            assert planted.milepost("backup", path).returncode == 0
            assert bare.milepost("restore", "--force", path).returncode == 0
            count, whole = bare.python("""
                from django.db.models import Count
                from milepost.web.audit.models import Event
                poured = Event.objects.filter(verb="test.poured")
                halves = poured.values("address", "details__half").annotate(n=Count("pk"))
                both = {}
                for row in halves:
                    both.setdefault(row["address"], {})[row["details__half"]] = row["n"]
                whole = all(len(n) == 2 and len(set(n.values())) == 1 for n in both.values())
                answer = [poured.count(), whole]
            """)
            assert whole, "half a transaction"
            counts.append(count)
    finally:
        enough.touch()
        writer.wait()
    assert before <= counts[0] < counts[1] <= planted.python(poured), "nobody wrote meanwhile"


@pytest.mark.skipif(not SERVER, reason="needs both databases")
def test_what_was_kept_in_sqlite_is_read_into_postgresql_and_back(backup, planted, tmp_path):
    """`planted` is on PostgreSQL here."""
    (tmp_path / "sqlite").mkdir()
    embedded = Installation(tmp_path / "sqlite", f"sqlite:///{tmp_path / 'sqlite' / 'milepost.sqlite3'}")
    done = embedded.milepost("restore", backup)
    assert done.returncode == 0, done.stderr
    embedded.milepost("backup", tmp_path / "sqlite.zip")
    assert content(tmp_path / "sqlite.zip") == content(backup)
    done = planted.milepost("restore", "--force", tmp_path / "sqlite.zip")
    assert done.returncode == 0, done.stderr
    planted.milepost("backup", tmp_path / "back.zip")
    assert content(tmp_path / "back.zip") == content(backup)
    found = embedded.python("""
        from datetime import datetime, UTC
        from milepost.web.jobs.models import Job
        answer = Job.objects.filter(run_after=datetime(2026, 1, 1, tzinfo=UTC)).count()
    """)
    assert found == 1


def test_an_installation_that_is_used_is_not_replaced_unasked(planted, backup):
    done = planted.milepost("restore", backup)
    assert done.returncode == 1
    assert "users: 1" in done.stderr
    assert planted.milepost("restore", "--force", backup).returncode == 0


def test_a_damaged_backup_changes_nothing(backup, bare, tmp_path):
    one_row_less = changed(
        backup, tmp_path / "a.zip", "tables/audit_event.jsonl", lambda data: data.split(b"\n", 1)[1]
    )
    other_file = changed(
        backup,
        tmp_path / "b.zip",
        next(name for name in zipfile.ZipFile(backup).namelist() if name.startswith("files/")),
        lambda data: b"x" + data,
    )
    cut = tmp_path / "c.zip"
    cut.write_bytes(backup.read_bytes()[:-200])
    nothing = tmp_path / "d.zip"
    nothing.write_bytes(b"")
    paths = [str(path) for path in (one_row_less, other_file, cut, nothing, tmp_path / "e.zip", backup)]
    answer = bare.python(f"""
        from pathlib import Path
        from milepost.errors import MilepostError
        from milepost.web.operation import database, restore
        answer = []
        for path in {paths}:
            try:
                answer.append(restore.read(Path(path)).files)
            except MilepostError as error:
                kept = [path for path in Path({str(bare.home)!r}, "files").rglob("*") if path.is_file()]
                users = database.has_users() if len(answer) == 1 else False
                answer.append([error.problems[0].code, len(kept), users])
    """)
    assert answer == [
        ["backup-damaged", 0, False],
        ["backup-damaged", 0, False],
        ["backup-damaged", 0, False],
        ["backup-damaged", 0, False],
        ["not-found", 0, False],
        2,
    ]


def test_rows_that_do_not_fit_together_change_nothing(planted, backup, tmp_path):
    lost = {}

    def without_users(data):
        lost["sha256"] = hashlib.sha256(b"").hexdigest()
        return b""

    def said(data):
        found = json.loads(data)
        for table in found["tables"]:
            if table["name"] == "accounts_user":
                table["sha256"], table["rows"] = lost["sha256"], 0
        return json.dumps(found).encode()

    first = changed(backup, tmp_path / "1.zip", "tables/accounts_user.jsonl", without_users)
    second = changed(first, tmp_path / "2.zip", "manifest.json", said)
    done = planted.milepost("restore", "--force", second)
    assert done.returncode == 1
    assert "do not fit together" in done.stderr
    assert planted.python("from milepost.web.accounts.models import User; answer = User.objects.count()") == 1


def test_the_backup_of_another_version_is_refused(planted, backup, tmp_path):
    def older(data):
        return json.dumps(
            {**json.loads(data), "version": "0.0.9", "migrations": ["jobs.0001_initial"]}
        ).encode()

    done = planted.milepost("restore", "--force", changed(backup, tmp_path / "o.zip", "manifest.json", older))
    assert done.returncode == 1
    assert "Milepost 0.0.9" in done.stderr


def test_files_that_are_lost_are_named_and_the_rest_is_kept(planted, bare, tmp_path):
    kept = [path for path in (planted.home / "files").rglob("*") if path.is_file()]
    kept[0].unlink()
    done = planted.milepost("backup", tmp_path / "x.zip")
    assert done.returncode == 0
    assert "1 files" in done.stdout
    assert kept[0].name in done.stderr
    assert bare.milepost("restore", tmp_path / "x.zip").returncode == 0


def test_words_of_the_state_come_along(planted, bare, tmp_path):
    folder = planted.home / "locale" / "ky" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "own.po").write_text('msgid "Sign in"\nmsgstr "Кирүү"\n', encoding="utf-8")
    planted.milepost("backup", tmp_path / "x.zip")
    bare.milepost("restore", tmp_path / "x.zip")
    assert "Кирүү" in (bare.home / "locale/ky/LC_MESSAGES/own.po").read_text(encoding="utf-8")


def test_a_key_of_the_environment_is_not_in_the_backup(planted, bare, tmp_path):
    done = planted.milepost("backup", tmp_path / "x.zip", MILEPOST_SECRET_KEY="k" * 60)
    assert "key for signatures is not in it" in done.stdout
    assert manifest(tmp_path / "x.zip")["home"] == []


def test_a_name_that_says_something_else_is_refused(planted, tmp_path):
    done = planted.milepost("backup", tmp_path / "x.tar.gz")
    assert done.returncode == 1
    assert "zip" in done.stderr


def test_every_column_of_the_application_can_be_kept():
    from milepost.web.operation.tables import LEFT_OUT, tables

    names = {table.name for table in tables()}
    assert {"accounts_user", "audit_event", "files_storedfile", "jobs_job", "traces_edge"} <= names
    assert not names & set(LEFT_OUT)
