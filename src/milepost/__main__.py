"""The `milepost` command: one dict of commands."""

import signal
import sys

_before = signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C ends it without words while it is loading
import argparse  # noqa: E402
import logging  # noqa: E402

from milepost import cli  # noqa: E402
from milepost.web.operation import commands  # noqa: E402

signal.signal(signal.SIGINT, _before)


def _demo_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--if-empty", action="store_true", help="leave an installation that has users as it is"
    )


def _demo(options: argparse.Namespace) -> int:
    from milepost.web.operation import database  # noqa: PLC0415

    database.start()
    database.check_migrated()
    from milepost.web import demo  # noqa: PLC0415

    logging.getLogger("milepost.web.jobs").setLevel(
        logging.WARNING
    )  # the work done on the way needs no words
    if not (options.if_empty and database.has_users()):
        demo.load()
    print(demo.how_to_sign_in())
    return cli.DONE


COMMANDS = {
    **cli.COMMANDS,
    **{name: cli.Command(*command) for name, command in commands.COMMANDS.items()},
    "demo": cli.Command(
        "load the demonstration into an empty installation and say how to sign in",
        "milepost demo",
        _demo_arguments,
        _demo,
    ),
}


def main(arguments: list[str] | None = None) -> int:
    """Run one command; the exit code is 0 for done, 1 for faults or refused input, 2 for a wrong call."""
    return cli.run(COMMANDS, sys.argv[1:] if arguments is None else arguments)


if __name__ == "__main__":
    sys.exit(main())
