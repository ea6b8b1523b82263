"""The process that does the long work."""

import signal
import sys
from types import FrameType

from milepost.web.operation import database
from milepost.web.operation.serve import end_with


def run() -> None:
    """Work until SIGTERM or Ctrl-C; the second one ends it at once."""
    from milepost.web.files import store  # noqa: PLC0415
    from milepost.web.jobs import work  # noqa: PLC0415
    from milepost.web.microdata import actions as microdata  # noqa: PLC0415

    ending = work.Ending()

    def end(number: int, _: FrameType | None) -> None:
        ending()
        signal.signal(number, signal.SIG_DFL)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)
    store.remove_leftovers()
    microdata.tidy()
    work.work_until(ending)


def main(parent: str) -> None:
    """As a part of `milepost serve`, with which it ends."""
    end_with(parent)
    database.start()
    run()


if __name__ == "__main__":
    main(*sys.argv[1:])
