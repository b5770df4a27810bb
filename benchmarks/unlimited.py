"""The desk at a pace that its settings refuse: `python -m benchmarks.unlimited 1000`."""

import asyncio
import sys

from bot.app import run
from bot.logs import configure_logging
from bot.settings import load_settings


async def main(rate: str) -> None:
    settings = load_settings().model_copy(update={"send_rate": float(rate)})
    await run(settings, stop=asyncio.Event())


if __name__ == "__main__":
    configure_logging()
    asyncio.run(main(sys.argv[1]))
