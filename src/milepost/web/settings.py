"""Settings of the application: from the environment only; a bad value stops the start and is named.

| variable | meaning | default |
|---|---|---|
| MILEPOST_HOME | folder for everything that is kept | ~/.milepost |
| DATABASE_URL, or DATABASE_URL_FILE | the database: postgresql://… or sqlite:///… | SQLite in MILEPOST_HOME |
| MILEPOST_SECRET_KEY, or MILEPOST_SECRET_KEY_FILE | key for signatures | made once, in MILEPOST_HOME |
| MILEPOST_HOSTS | names the site answers to, with commas between | that of MILEPOST_URL, and localhost |
| MILEPOST_URL | the public address of the site, for letters and citations | by the first host |
| MILEPOST_TIME_ZONE | the time zone, such as Asia/Bishkek, where a country has none of its own | UTC |
| MILEPOST_HTTPS | 1 where a proxy speaks HTTPS for the site: secure cookies, HSTS | 0 |
| MILEPOST_PROXIES | how many proxies stand before the server, for the address of a caller | 0 |
| MILEPOST_SIGN_IN_DAYS | days for which is kept who signed in from where | 90 |
| MILEPOST_EMAIL_URL, or MILEPOST_EMAIL_URL_FILE | smtp://user:password@host:port?tls=1 | files in mail/ |
| MILEPOST_EMAIL_FROM | the sender of letters | milepost@localhost |
| MILEPOST_MICRODATA | on: figures may be computed here from records of persons or units | off |
| MILEPOST_MAX_MICRODATA_MB | the largest file of records that is taken in, in megabytes | 2000 |
| MILEPOST_SOURCE_<NAME> | a database whose tables may be measured: postgresql://… | |
| MILEPOST_CLUSTER_<NAME> | a Spark that may measure: spark://host:7077, yarn, local[4] | |
| MILEPOST_INSTITUTIONS_<NAME> | who may use what has this name: xs/statistics, xs/labour | nobody |
| MILEPOST_SITE_NAME | what the site calls itself | Milepost |
| MILEPOST_DEBUG | 1 shows errors in the browser; never on a server | 0 |
"""

import os
import re
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit
from zoneinfo import available_timezones

import dj_database_url
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.http.request import validate_host

from milepost.web.ui import languages

SHORTEST_KEY = 50
SOURCE, CLUSTER, INSTITUTIONS = "MILEPOST_SOURCE_", "MILEPOST_CLUSTER_", "MILEPOST_INSTITUTIONS_"
NAME = re.compile(r"[A-Z][A-Z0-9_]*")
SPARK = re.compile(r"local(\[(\*|\d+)\])?|spark://\S+|k8s://\S+|yarn")
INSTITUTION = re.compile(r"([a-z]{2}/)?[-\w]{1,40}", re.ASCII)
MOST = 10_000
SITE = re.compile(r"(?P<scheme>https?)://(?P<host>[a-z0-9.-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?")
LOCAL = "localhost,127.0.0.1,[::1]"
ENGINES = {
    "django.db.backends.sqlite3": "SQLite",
    "django.db.backends.postgresql": "PostgreSQL",
}
SQLITE = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
}


def read(environment: Mapping[str, str]) -> dict[str, Any]:
    """The settings that depend on the environment; ImproperlyConfigured names every bad value at once."""
    problems: list[str] = []
    home = _home(environment, problems)
    https = _switch(environment, "MILEPOST_HTTPS", problems)
    url, host = _public_address(environment, https, problems)
    hosts = [name.strip() for name in environment.get("MILEPOST_HOSTS", _local(host)).split(",")]
    if not all(hosts) or "*" in hosts:
        problems.append("MILEPOST_HOSTS: name each host, with commas between; * is not allowed.")
    elif host and not validate_host(host, hosts):
        problems.append(f"MILEPOST_URL: the site does not answer to {host}; name it in MILEPOST_HOSTS too.")
    found = {
        "HOME": home,
        "DEBUG": _switch(environment, "MILEPOST_DEBUG", problems),
        "HTTPS": https,
        "URL": url,
        "TIME_ZONE": _time_zone(environment, problems),
        "PROXIES": _count(environment, "MILEPOST_PROXIES", 0, problems),
        "SIGN_IN_DAYS": _count(environment, "MILEPOST_SIGN_IN_DAYS", 90, problems, least=1),
        "ALLOWED_HOSTS": hosts,
        "SECRET_KEY": _secret_key(environment, home, problems),
        "DATABASE": _database(environment, home, problems),
        "MICRODATA": _on_or_off(environment, "MILEPOST_MICRODATA", problems),
        "MICRODATA_MEGABYTES": _megabytes(environment, "MILEPOST_MAX_MICRODATA_MB", 2000, problems),
        "EMAIL": _email(environment, home, problems),
        "EMAIL_FROM": environment.get("MILEPOST_EMAIL_FROM") or "milepost@localhost",
        **_connections(environment, problems),
        "SITE_NAME": environment.get("MILEPOST_SITE_NAME") or "Milepost",
    }
    if problems:
        raise ImproperlyConfigured("\n".join(problems))
    return found


def _home(environment: Mapping[str, str], problems: list[str]) -> Path:
    home = Path(environment.get("MILEPOST_HOME") or Path.home() / ".milepost").expanduser().absolute()
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        problems.append(
            f"MILEPOST_HOME: {home} cannot be made ({error.strerror}); name a folder you may write to."
        )
    return home


def _public_address(environment: Mapping[str, str], https: bool, problems: list[str]) -> tuple[str, str]:
    """The address without a slash at its end, and its host; both empty where none is named."""
    url = environment.get("MILEPOST_URL", "").rstrip("/").lower()
    if not url:
        return "", ""
    site = SITE.fullmatch(url)
    if site is None:
        problems.append(
            f"MILEPOST_URL: {url!r} is no site's address; write https://figures.example.org, without a path."
        )
        return "", ""
    if https and site["scheme"] == "http":
        problems.append(
            "MILEPOST_URL: it begins with http://, but MILEPOST_HTTPS says that readers use https://."
        )
    return url, site["host"]


def _local(host: str) -> str:
    """The hosts where none are named: this machine, and that of the public address first."""
    return f"{host},{LOCAL}" if host else LOCAL


def _time_zone(environment: Mapping[str, str], problems: list[str]) -> str:
    name = environment.get("MILEPOST_TIME_ZONE") or "UTC"
    if name not in available_timezones():
        problems.append(f"MILEPOST_TIME_ZONE: {name!r} is no time zone; write one such as Asia/Bishkek.")
        return "UTC"
    return name


def _switch(environment: Mapping[str, str], name: str, problems: list[str]) -> bool:
    text = environment.get(name, "0")
    if text not in ("0", "1"):
        problems.append(f"{name}: {text!r} is neither 0 nor 1.")
    return text == "1"


def _on_or_off(environment: Mapping[str, str], name: str, problems: list[str]) -> bool:
    text = environment.get(name) or "off"
    if text not in ("on", "off"):
        problems.append(f"{name}: {text!r} is neither on nor off.")
    return text == "on"


def _megabytes(environment: Mapping[str, str], name: str, default: float, problems: list[str]) -> float:
    text = environment.get(name, "").strip() or str(default)
    try:
        found = float(text)
    except ValueError:
        found = 0.0
    if not 0 < found < 1e9:  # NaN fails too
        problems.append(f"{name}: {text!r} is no number of megabytes above 0.")
        return default
    return found


def _connections(environment: Mapping[str, str], problems: list[str]) -> dict[str, Any]:
    """The databases and clusters that an administrator has named, in small letters, and who may use them."""
    sources = _named(environment, SOURCE, problems)
    clusters = _named(environment, CLUSTER, problems)
    users = _named(environment, INSTITUTIONS, problems)
    for name in sorted({*sources} & {*clusters}):
        problems.append(f"{CLUSTER}{name.upper()}: a database is called so already; give it another name.")
    for name, master in clusters.items():
        if not SPARK.fullmatch(master):
            problems.append(f"{CLUSTER}{name.upper()}: no Spark; write spark://host:7077, yarn, or local[4].")
    for name in sorted({*users} - {*sources} - {*clusters}):
        problems.append(
            f"{INSTITUTIONS}{name.upper()}: no database and no cluster is called so; "
            f"set {SOURCE}{name.upper()} or {CLUSTER}{name.upper()}, or take it away."
        )
    return {
        "MICRODATA_SOURCES": sorted(sources),
        "MICRODATA_CLUSTERS": clusters,
        "MICRODATA_INSTITUTIONS": {
            name: _institutions(f"{INSTITUTIONS}{name.upper()}", text, problems)
            for name, text in users.items()
        },
    }


def _named(environment: Mapping[str, str], prefix: str, problems: list[str]) -> dict[str, str]:
    """{name in small letters: what is set}, of the variables that begin so and hold something."""
    found = {}
    for variable in sorted(environment):
        text = environment[variable].strip()
        if not variable.startswith(prefix) or not text:
            continue
        name = variable.removeprefix(prefix)
        if NAME.fullmatch(name):
            found[name.lower()] = text
        else:
            problems.append(f"{variable}: write the name in capitals, digits and _, a letter first.")
    return found


def _institutions(variable: str, text: str, problems: list[str]) -> list[str]:
    """The institutions of a list: country/code, or the code of an international one alone."""
    found = [word.strip() for word in text.split(",")]
    wrong = [word for word in found if not INSTITUTION.fullmatch(word)]
    if wrong:
        problems.append(
            f"{variable}: {', '.join(map(repr, wrong))} names no institution; write country and code, such "
            "as xs/statistics, with commas between, or the code alone of an international one."
        )
    return found


def _count(
    environment: Mapping[str, str], name: str, default: int, problems: list[str], *, least: int = 0
) -> int:
    text = environment.get(name) or str(default)
    if not (text.isascii() and text.isdigit() and least <= int(text) <= MOST):
        problems.append(f"{name}: {text!r} is no whole number from {least} to {MOST}.")
        return default
    return int(text)


def _given(environment: Mapping[str, str], name: str, problems: list[str]) -> str | None:
    """A variable, or the content of the file that its twin with _FILE names; None for neither."""
    file = environment.get(f"{name}_FILE")
    if name in environment or file is None:
        return environment.get(name)
    try:
        return Path(file).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        problems.append(f"{name}_FILE: {file} cannot be read ({getattr(error, 'strerror', None) or error}).")
        return ""


def _secret_key(environment: Mapping[str, str], home: Path, problems: list[str]) -> str:
    """The key given, or the one kept in MILEPOST_HOME, readable by its owner only."""
    before = len(problems)
    key = _given(environment, "MILEPOST_SECRET_KEY", problems)
    if key is None:
        try:
            return _kept_key(home / "secret-key")
        except OSError as error:
            problems.append(f"MILEPOST_HOME: the secret key cannot be kept there ({error.strerror}).")
            return ""
    if len(key) < SHORTEST_KEY and len(problems) == before:
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


def _database(environment: Mapping[str, str], home: Path, problems: list[str]) -> dict[str, Any]:
    """What DATABASE_URL names, else an SQLite file in MILEPOST_HOME."""
    url = _given(environment, "DATABASE_URL", problems) or f"sqlite:///{home / 'milepost.sqlite3'}"
    try:
        found: dict[str, Any] = dict(dj_database_url.parse(url, conn_max_age=60, conn_health_checks=True))
    except (ValueError, KeyError):
        problems.append("DATABASE_URL: cannot be read; write postgresql://user:password@host:5432/name.")
        return {}
    if found.get("ENGINE") not in ENGINES:
        problems.append(f"DATABASE_URL: {urlsplit(url).scheme} is not served; use PostgreSQL or SQLite.")
    elif ENGINES[found["ENGINE"]] == "SQLite":
        found["OPTIONS"] = {**found.get("OPTIONS", {}), **SQLITE}
    return found


def _email(environment: Mapping[str, str], home: Path, problems: list[str]) -> dict[str, Any]:
    """Django's settings of e-mail; without a server the letters are kept as files."""
    url = _given(environment, "MILEPOST_EMAIL_URL", problems)
    if not url:
        return {
            "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "EMAIL_FILE_PATH": str(home / "mail"),
        }
    try:
        parts = urlsplit(url)
        port = parts.port or 587
    except ValueError:
        parts, port = urlsplit(""), 0
    if parts.scheme != "smtp" or not parts.hostname:
        problems.append("MILEPOST_EMAIL_URL: write smtp://user:password@host:587?tls=1.")
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname or "",
        "EMAIL_PORT": port,
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": "tls=1" in parts.query,
        "EMAIL_TIMEOUT": 20,
    }


_found = read(os.environ)
HOME: Path = _found["HOME"]
SECRET_KEY = _found["SECRET_KEY"]
DEBUG = _found["DEBUG"]
ALLOWED_HOSTS = _found["ALLOWED_HOSTS"]
SITE_URL: str = _found["URL"]
DATABASES = {"default": _found["DATABASE"]}
MICRODATA: bool = _found["MICRODATA"]
MICRODATA_MEGABYTES: float = _found["MICRODATA_MEGABYTES"]
MICRODATA_SOURCES: list[str] = _found["MICRODATA_SOURCES"]
MICRODATA_CLUSTERS: dict[str, str] = _found["MICRODATA_CLUSTERS"]
MICRODATA_INSTITUTIONS: dict[str, list[str]] = _found["MICRODATA_INSTITUTIONS"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SITE_NAME = _found["SITE_NAME"]
DEFAULT_FROM_EMAIL = SERVER_EMAIL = _found["EMAIL_FROM"]
globals().update(_found["EMAIL"])

ROOT_URLCONF = "milepost.web.urls"
WSGI_APPLICATION = "milepost.web.wsgi.application"
INSTALLED_APPS = [
    "milepost.web.ui",
    "milepost.web.audit",
    "milepost.web.traces",
    "milepost.web.files",
    "milepost.web.jobs",
    "milepost.web.accounts",
    "milepost.web.stakeholders",
    "milepost.web.discussions",
    "milepost.web.notices",
    "milepost.web.intake",
    "milepost.web.frameworks",
    "milepost.web.indicators",
    "milepost.web.microdata",
    "milepost.web.plans",
    "milepost.web.projects",
    "milepost.web.search",
    "milepost.web.api",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "csp",
    "django_htmx",
    "ninja",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "milepost.web.api.middleware.OpenDataMiddleware",
    "milepost.web.ui.middleware.NoNulMiddleware",
    "milepost.web.ui.moments.ZoneMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "milepost.web.accounts.middleware.SignInAgainMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "axes.middleware.AxesMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "milepost.web.ui.context.page",
            ],
            "builtins": ["django.templatetags.i18n", "milepost.web.ui.templatetags.ui"],
        },
    }
]

# What the low floors need of the high ones, named so that no import runs upwards.
ADDRESSES = "milepost.web.addresses.KINDS"
PLACES = "milepost.web.accounts.queries.scopes"
JOBS = "milepost.web.tasks.TASKS"
JOB_TITLES = "milepost.web.tasks.TITLES"
PERIODIC = "milepost.web.tasks.PERIODIC"
TRACE_WORDS = "milepost.web.addresses.DESCRIBE"
NOTICE_PAGES = "milepost.web.addresses.NOTICE_PAGES"
WORK_AHEAD = "milepost.web.addresses.WORK_AHEAD"
NAVIGATION = "milepost.web.navigation.PAGES"
BANNER = "milepost.web.navigation.banner"
HANDOVERS = "milepost.web.navigation.HANDOVERS"
FORM_RENDERER = "milepost.web.ui.forms.Renderer"

CACHES = {
    "default": {  # shared by all processes: the limits of sign-in and of the API
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "shared_cache",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    },
    "memory": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},  # of one process: ui.memory
}
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_REDIRECT_URL = "work"
LOGIN_URL = "account_login"
ACCOUNT_ADAPTER = "milepost.web.accounts.adapter.Adapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # an administrator invites people; nobody signs up
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,20/h/key",
    "reset_password": "5/m/ip,3/h/key",
    "change_password": "5/m/user",
    "reauthenticate": "10/m/user",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_ADAPTER = "milepost.web.accounts.second_factor.Adapter"
MFA_TOTP_ISSUER = SITE_NAME
MFA_TOTP_TOLERANCE = 1  # clocks of phones
MFA_ALLOW_UNVERIFIED_EMAIL = True  # the invitation went to it
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105
PASSWORD_RESET_TIMEOUT = 4 * 60 * 60
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_FORM_FIELD = "login"
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "milepost.web.accounts.lockout.answer"
AXES_VERBOSE = False
AXES_CLIENT_IP_CALLABLE = "milepost.web.accounts.lockout.caller"
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
SIGN_IN_DAYS: int = _found["SIGN_IN_DAYS"]
ALLAUTH_TRUSTED_PROXY_COUNT = _found["PROXIES"]

LANGUAGES = languages.offered(HOME)
LOCALE_PATHS = languages.compiled(HOME)
LANGUAGE_CODE = "en"
TIME_ZONE = _found["TIME_ZONE"]  # of forms and pages; what is kept is in UTC
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STATIC_ROOT.mkdir(exist_ok=True)
_REPORTS = Path(__file__).parents[1] / "reports"
STATICFILES_DIRS = [_REPORTS / "static", _REPORTS / "writers" / "static"]
WHITENOISE_USE_FINDERS = True
MEDIA_ROOT = HOME / "files"
FILE_UPLOAD_TEMP_DIR = None
FILE_UPLOAD_PERMISSIONS = 0o600
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}
NINJA_NUM_PROXIES = _found["PROXIES"]
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_FAILURE_VIEW = "milepost.web.ui.errors.stale"
if _found["HTTPS"]:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {"milepost": {"level": "INFO"}},
}
