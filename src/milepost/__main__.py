"""The `milepost` command: one dict of commands."""

import signal
import sys

_before = signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C ends it without words while it is loading
from milepost import cli  # noqa: E402

signal.signal(signal.SIGINT, _before)

COMMANDS = {**cli.COMMANDS}


def main(arguments: list[str] | None = None) -> int:
    """Run one command; the exit code is 0 for done, 1 for faults or refused input, 2 for a wrong call."""
    return cli.run(COMMANDS, sys.argv[1:] if arguments is None else arguments)


if __name__ == "__main__":
    sys.exit(main())
