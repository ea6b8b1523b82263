"""The process that answers: gunicorn with our application."""

import sys
from typing import Any

from django.core.wsgi import get_wsgi_application
from gunicorn.app.base import BaseApplication

from milepost.web.operation import database
from milepost.web.operation.serve import end_with

THREADS = 4
SECONDS = 120
GRACE = 20


class Server(BaseApplication):
    """gunicorn, set up in code: no file of settings, no control socket, no log of readers."""

    def __init__(self, **settings: Any):
        self.settings = settings
        super().__init__()

    def load_config(self) -> None:
        """Hand the settings over."""
        for name, value in self.settings.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """The application."""
        return get_wsgi_application()


def main(parent: str, bind: str, workers: str) -> None:
    """As a part of `milepost serve`, with which it ends."""
    end_with(parent)
    database.start()
    Server(
        bind=bind,
        workers=int(workers),
        worker_class="gthread",
        threads=THREADS,
        timeout=SECONDS,
        graceful_timeout=GRACE,
        loglevel="warning",
        control_socket_disable=True,
    ).run()


if __name__ == "__main__":
    main(*sys.argv[1:])
