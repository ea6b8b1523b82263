"""Long work on the files."""

from typing import Any

from django.utils.translation import gettext_noop

from milepost.errors import MilepostError
from milepost.web.files import queries, store


def check_files(progress: Any) -> dict[str, Any]:
    """Check that every file is as it came.

    MilepostError with those that are missing or changed; else how many were read.
    """
    store.remove_leftovers()
    problems, count = [], 0
    for done, total, problem in queries.check_store():
        progress(gettext_noop("Reading files"), done, total)
        count = done
        if problem is not None:
            problems.append(problem)
    if problems:
        raise MilepostError(problems)
    return {"files": count}
