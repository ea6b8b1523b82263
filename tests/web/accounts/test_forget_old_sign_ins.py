"""What is kept of sign-ins is dropped in time, and the limits hold for all processes."""

import subprocess
import sys
from datetime import timedelta

import pytest
from axes.models import AccessAttempt, AccessLog
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection
from django.utils import timezone

from milepost.errors import MilepostError
from milepost.web.accounts import tasks
from milepost.web.audit.models import Event
from milepost.web.operation import database
from milepost.web.tasks import PERIODIC, TASKS


def test_old_sign_ins_and_ended_sessions_are_dropped_and_the_rest_stays(cast, client, settings):
    settings.SIGN_IN_DAYS = 30
    client.force_login(cast.alice)
    for days in (10, 31, 400):
        for kind, more in ((AccessLog, {}), (AccessAttempt, {"failures_since_start": 1})):
            one = kind.objects.create(username=f"{days}@example.org", ip_address="192.0.2.7", **more)
            kind.objects.filter(pk=one.pk).update(attempt_time=timezone.now() - timedelta(days=days))
    Session.objects.create(session_key="ended", session_data="", expire_date=timezone.now() - timedelta(1))
    assert tasks.forget(lambda *_: None) == {"sign-ins": 2, "attempts": 2, "sessions": 1}
    assert set(AccessLog.objects.values_list("username", flat=True)) == {"10@example.org", cast.alice.email}
    assert client.get("/en/work/").status_code == 200
    event = Event.objects.get(verb="sign-ins.forgotten")
    assert (event.by, event.details) == (None, {"sign-ins": 2, "attempts": 2, "sessions": 1})
    tasks.forget(lambda *_: None)
    assert Event.objects.filter(verb="sign-ins.forgotten").count() == 1


def test_the_clock_does_it_daily():
    assert TASKS["accounts.forget"] is tasks.forget
    assert PERIODIC["accounts.forget"] == 24 * 60 * 60


SEEN = """
import django
django.setup()
from django.core.cache import cache
print(cache.get("limit"))
"""


def test_another_process_sees_what_this_one_counted(tmp_path):
    code = "from milepost.web.operation import database; database.start(); database.migrate();"
    count = "from django.core.cache import cache; cache.set('limit', [1, 2], 60)"
    environment = {"MILEPOST_HOME": str(tmp_path), "DJANGO_SETTINGS_MODULE": "milepost.web.settings"}
    subprocess.run([sys.executable, "-c", f"{code} {count}"], env=environment, check=True)
    seen = subprocess.run(
        [sys.executable, "-c", SEEN], env=environment, check=True, capture_output=True, text=True
    )
    assert seen.stdout.strip() == "[1, 2]"


@pytest.mark.django_db(transaction=True)
def test_a_database_without_the_table_of_limits_is_not_served():
    cache.set("limit", 1)
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE shared_cache")
    with pytest.raises(MilepostError):
        database.check_migrated()
    database.migrate()
    database.check_migrated()
    assert cache.get("limit") is None
