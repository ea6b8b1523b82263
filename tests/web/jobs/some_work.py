"""Work for the tests, short and slow, good and bad."""

import time
from pathlib import Path

from milepost.errors import MilepostError
from milepost.values import Origin, Problem


def count(progress, file, name="", seconds=0.0):
    """Count to three."""
    for number in range(3):
        progress("Counting", number, 3)
        time.sleep(seconds)
    with Path(file).open("a") as done:
        done.write(f"{name}\n")
    return {"counted": 3}


def walk(progress, file, steps=1000, pause=0.1):
    """Walk step by step.

    Each step is written down, and kept as a checkpoint.
    """
    first = progress.job.checkpoint.get("next", 0)
    for step in range(first, steps):
        progress("Walking", step, steps)
        with Path(file).open("a") as done:
            done.write(f"{progress.job.attempt}:{step}\n")
        progress.checkpoint(next=step + 1)
        time.sleep(pause)


def hold(progress, file, seconds):
    """Hold one long transaction."""
    from django.db import transaction

    from milepost.web.audit.actions import record

    with transaction.atomic():
        record(by=None, verb="test.held", address="test:1")
        progress.checkpoint(begun=True)
        Path(file).write_text("held")
        time.sleep(seconds)


def refuse(progress, text="12,5x"):
    """Read what cannot be read."""
    raise MilepostError(
        [
            Problem("number-unreadable", Origin("visas.csv", row=4, column="Value"), {"text": text}),
            Problem("empty-file", Origin("permits.csv")),
        ]
    )


def crash(progress):
    """Fall over."""
    raise RuntimeError("the secret is 12345")


def swallow(progress, file):
    """Catch every fault of its own."""
    for number in range(1000):
        try:
            progress(f"Step {number}", number, 1000)
        except Exception:
            Path(file).write_text("swallowed")
        time.sleep(0.05)


TASKS = {each.__name__: each for each in (count, walk, hold, refuse, crash, swallow)}
PERIODIC = {}
EVERY_HOUR = {"count-hourly": 3600}
TITLES = {"walk": "Walk step by step", "refuse": "Read what cannot be read"}
