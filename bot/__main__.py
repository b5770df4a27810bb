"""The command line: `python -m bot run`."""

# Imports create no garbage, so the collector would only slow the start.
import gc
import os
import signal

if __name__ == "__main__":
    gc.disable()
    # The number of a closed standard stream would be that of the next file: libuv aborts at it.
    while (spare := os.open(os.devnull, os.O_RDWR)) in range(3):
        pass
    os.close(spare)

    def end(number: int, _: object) -> None:
        """End the program at once, without a traceback."""
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)
        # Linux ignores a signal with the default action for the first process of a container.
        os._exit(128 + number)

    # These handlers serve until the event loop has its own.
    signal.signal(signal.SIGINT, end)
    signal.signal(signal.SIGTERM, end)
    # A container's entry point holds signals back until somebody handles them.
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT, signal.SIGTERM})

import argparse
import sys
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import NoReturn


def main() -> int:
    """Return the exit code."""
    arguments = build_parser().parse_args()
    if arguments.command == "health":
        # It is asked every few seconds, so it loads nothing of the desk.
        from bot.http.asking import health  # noqa: PLC0415

        return health()

    import_module("bot.telegram.on_demand")
    from bot.commands import carry_out  # noqa: PLC0415

    gc.freeze()
    gc.enable()
    return carry_out(arguments)


def build_parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="python -m bot", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("run", help="against Telegram")
    commands.add_parser("check", help="what a start would find; nothing is touched")
    commands.add_parser("health", help="ask the desk that runs here whether it is ready")
    migrate = commands.add_parser("migrate", help="bring the database up to date, and end")
    migrate.add_argument("--plan", action="store_true", help="only say what there is to do")
    detach = commands.add_parser("detach", help="take the triggers off the school's tables")
    detach.add_argument(
        "--everything",
        action="store_true",
        help="and columns, indexes and all that the desk knows",
    )
    back_up = commands.add_parser("backup", help="write a backup of the database into a directory")
    back_up.add_argument("directory", type=Path)
    back_up.add_argument("--keep", type=int, default=14, help="how many of the newest stay there")
    back_up.add_argument(
        "--nightly", action="store_true", help="each night until it is stopped, and prove each"
    )
    prove = commands.add_parser("restore-check", help="restore a backup for a moment, and count")
    prove.add_argument("file", type=Path)
    restore = commands.add_parser("restore", help="restore a backup into an empty database")
    restore.add_argument("file", type=Path)
    demo = commands.add_parser("demo", help="against a Telegram on this machine")
    demo.add_argument("--port", type=int, default=8081, help="of the page")
    return parser


class _Parser(argparse.ArgumentParser):
    """A parser whose exit code is its own, also where a full disk takes none of its words."""

    def exit(self, status: int = 0, message: str | None = None) -> NoReturn:
        """End the program; Python itself would write again, fail, and exit with 120."""
        with suppress(SystemExit):
            super().exit(status, message)
        for stream in (sys.stdout, sys.stderr):
            with suppress(AttributeError, OSError):
                stream.flush()
        os._exit(status)


if __name__ == "__main__":
    sys.exit(main())
