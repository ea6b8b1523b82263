"""Settings of the application: from the environment only; a bad value stops the start and is named.

| variable | meaning | default |
|---|---|---|
| MILEPOST_HOME | folder for everything that is kept | ~/.milepost |
| MILEPOST_SECRET_KEY, or MILEPOST_SECRET_KEY_FILE | key for signatures | made once, in MILEPOST_HOME |
| MILEPOST_HOSTS | names the site answers to, with commas between | localhost, 127.0.0.1, [::1] |
| MILEPOST_DEBUG | 1 shows errors in the browser; never on a server | 0 |
"""

import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured

SHORTEST_KEY = 50
LOCAL = "localhost,127.0.0.1,[::1]"


def read(environment: Mapping[str, str]) -> dict[str, Any]:
    """The settings that depend on the environment; ImproperlyConfigured names every bad value at once."""
    problems: list[str] = []
    home = Path(environment.get("MILEPOST_HOME") or Path.home() / ".milepost").expanduser()
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        problems.append(
            f"MILEPOST_HOME: {home} cannot be made ({error.strerror}); name a folder you may write to."
        )
    debug = environment.get("MILEPOST_DEBUG", "0")
    if debug not in ("0", "1"):
        problems.append(f"MILEPOST_DEBUG: {debug!r} is neither 0 nor 1.")
    hosts = [
        host.strip() for host in environment.get("MILEPOST_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
    ]
    if not all(hosts) or "*" in hosts:
        problems.append("MILEPOST_HOSTS: name each host, with commas between; * is not allowed.")
    key = _secret_key(environment, home, problems)
    if problems:
        raise ImproperlyConfigured("\n".join(problems))
    return {"SECRET_KEY": key, "DEBUG": debug == "1", "ALLOWED_HOSTS": hosts, "HOME": home}


def _secret_key(environment: Mapping[str, str], home: Path, problems: list[str]) -> str:
    """The key given, or the one kept in MILEPOST_HOME, readable by its owner only."""
    given = environment.get("MILEPOST_SECRET_KEY")
    file = environment.get("MILEPOST_SECRET_KEY_FILE")
    try:
        if given is None and file is None:
            return _kept_key(home / "secret-key")
        key = given if given is not None else Path(file or "").read_text(encoding="utf-8").strip()
    except OSError as error:
        problems.append(
            f"MILEPOST_SECRET_KEY_FILE: {error.filename} cannot be read or made ({error.strerror})."
        )
        return ""
    if len(key) < SHORTEST_KEY:
        problems.append(
            f"MILEPOST_SECRET_KEY: {SHORTEST_KEY} characters at least; leave it out to have one made."
        )
    return key


def _kept_key(path: Path) -> str:
    if not path.exists():
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(secrets.token_urlsafe(SHORTEST_KEY))
    return path.read_text(encoding="utf-8")


_found = read(os.environ)
HOME = _found["HOME"]
SECRET_KEY = _found["SECRET_KEY"]
DEBUG = _found["DEBUG"]
ALLOWED_HOSTS = _found["ALLOWED_HOSTS"]

ROOT_URLCONF = "milepost.web.urls"
WSGI_APPLICATION = "milepost.web.wsgi.application"
INSTALLED_APPS: list[str] = []
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
LANGUAGES = [("en", "English"), ("ru", "Русский")]
LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_TZ = True
