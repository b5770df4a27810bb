"""Run a Telegram of one's own: `python -m simulator --bot 1001:token:username`."""

import argparse
import asyncio
import sys

from simulator.http.server import serve
from simulator.telegram import Telegram


async def main(arguments: argparse.Namespace) -> None:
    telegram = Telegram(
        limits=arguments.limits,
        strict=not arguments.lenient,
        accept_unsimulated=arguments.accept_unsimulated,
    )
    for bot in arguments.bot:
        token, _, username = bot.rpartition(":")
        telegram.add_bot(token, username=username, name=username)
    async with serve(telegram, host=arguments.host, port=arguments.port) as url:
        sys.stdout.write(f"{url}\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m simulator", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8081)
    parser.add_argument(
        "--bot", action="append", default=[], metavar="TOKEN:USERNAME", help="a bot it knows"
    )
    parser.add_argument("--limits", action="store_true", help="enforce flood limits")
    parser.add_argument(
        "--lenient", action="store_true", help="ignore what Telegram ignores, as Telegram does"
    )
    parser.add_argument(
        "--accept-unsimulated",
        action="store_true",
        help="answer true, not 501, to what is not simulated",
    )
    return parser.parse_args()


if __name__ == "__main__":
    try:
        asyncio.run(main(parse_arguments()))
    except KeyboardInterrupt:
        sys.exit(130)
