import os
import stat
import subprocess
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured


@pytest.fixture(scope="module")
def settings(tmp_path_factory):
    os.environ["MILEPOST_HOME"] = str(tmp_path_factory.mktemp("home"))
    os.environ["DJANGO_SETTINGS_MODULE"] = "milepost.web.settings"
    from milepost.web import settings

    return settings


def test_the_key_is_made_once_and_only_its_owner_reads_it(settings, tmp_path):
    first = settings.read({"MILEPOST_HOME": str(tmp_path)})
    assert settings.read({"MILEPOST_HOME": str(tmp_path)})["SECRET_KEY"] == first["SECRET_KEY"]
    assert stat.S_IMODE((tmp_path / "secret-key").stat().st_mode) == 0o600
    assert len(first["SECRET_KEY"]) >= 50


def test_a_key_may_come_from_a_file(settings, tmp_path):
    (tmp_path / "key").write_text("k" * 60 + "\n", encoding="utf-8")
    found = settings.read({"MILEPOST_HOME": str(tmp_path), "MILEPOST_SECRET_KEY_FILE": str(tmp_path / "key")})
    assert found["SECRET_KEY"] == "k" * 60


def test_every_bad_value_is_named_at_once(settings, tmp_path):
    bad = {
        "MILEPOST_HOME": str(tmp_path),
        "MILEPOST_DEBUG": "yes",
        "MILEPOST_HOSTS": "*",
        "MILEPOST_SECRET_KEY": "short",
    }
    with pytest.raises(ImproperlyConfigured) as refused:
        settings.read(bad)
    assert sorted(line.split(":")[0] for line in str(refused.value).splitlines()) == [
        "MILEPOST_DEBUG",
        "MILEPOST_HOSTS",
        "MILEPOST_SECRET_KEY",
    ]


@pytest.mark.parametrize(
    "url",
    [
        "figures.example.org",
        "ftp://figures.example.org",
        "https://figures.example.org/portal",
        "https://figures.example.org?x=1",
        "https://user:password@figures.example.org",
        "https://figures.example.org:port",
        "https://figures example.org",
        "https://",
        "https://[::1",
    ],
)
def test_an_address_that_is_none_is_refused(settings, tmp_path, url):
    with pytest.raises(ImproperlyConfigured, match=r"^MILEPOST_URL: .* is no site's address"):
        settings.read({"MILEPOST_HOME": str(tmp_path), "MILEPOST_URL": url})


def test_the_site_answers_to_its_public_address(settings, tmp_path):
    named = {"MILEPOST_HOME": str(tmp_path), "MILEPOST_URL": "https://Figures.example.org:8443/"}
    found = settings.read(named)
    assert found["URL"] == "https://figures.example.org:8443"
    assert found["ALLOWED_HOSTS"] == ["figures.example.org", "localhost", "127.0.0.1", "[::1]"]
    assert settings.read(named | {"MILEPOST_HOSTS": ".example.org"})["ALLOWED_HOSTS"] == [".example.org"]
    with pytest.raises(ImproperlyConfigured, match=r"MILEPOST_URL: the site does not answer to figures"):
        settings.read(named | {"MILEPOST_HOSTS": "localhost"})
    with pytest.raises(ImproperlyConfigured, match=r"MILEPOST_URL: it begins with http://"):
        settings.read(named | {"MILEPOST_URL": "http://figures.example.org", "MILEPOST_HTTPS": "1"})
    assert settings.read({"MILEPOST_HOME": str(tmp_path), "MILEPOST_URL": "http://[::1]:8000"})["URL"]


def test_a_time_zone_is_one_that_there_is(settings, tmp_path):
    home = {"MILEPOST_HOME": str(tmp_path)}
    assert settings.read(home)["TIME_ZONE"] == "UTC"
    assert settings.read(home | {"MILEPOST_TIME_ZONE": "Asia/Bishkek"})["TIME_ZONE"] == "Asia/Bishkek"
    for wrong in ("Bishkek", "UTC+6", "../etc/passwd"):
        with pytest.raises(ImproperlyConfigured, match="MILEPOST_TIME_ZONE"):
            settings.read(home | {"MILEPOST_TIME_ZONE": wrong})


def test_a_home_that_cannot_be_made_is_named(settings, tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(ImproperlyConfigured, match="MILEPOST_HOME"):
        settings.read({"MILEPOST_HOME": str(tmp_path / "file" / "home"), "MILEPOST_SECRET_KEY": "k" * 60})


@pytest.mark.parametrize("door", ["wsgi", "asgi"])
def test_the_application_answers_through_both_doors(tmp_path, door):
    code = f"""
import milepost.web.{door}
from django.core.management import call_command
from django.test import Client
call_command("migrate", verbosity=0)
answer = Client(headers={{"host": "localhost"}}).get("/health/")
assert answer.status_code == 200, answer
assert answer.json()["status"] == "ok"
assert answer["X-Frame-Options"] == "DENY"
assert Client(headers={{"host": "elsewhere"}}).get("/health/").status_code == 400
"""
    environment = {
        **os.environ,
        "MILEPOST_HOME": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "milepost.web.settings",
    }
    subprocess.run([sys.executable, "-c", code], env=environment, check=True)
