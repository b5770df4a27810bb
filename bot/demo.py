"""The same program against a Telegram on this machine: no token, no account, no database.

The local Telegram has no window yet: people act through its HTTP side, as the printed lines show.
"""

import asyncio
import sys
from typing import Final

from bot.app import run
from bot.settings import Settings
from simulator import Telegram, serve

PORT: Final = 8081
_TOKEN: Final = "1001:demo-desk"  # noqa: S105
_ANNA: Final = 1
_HOW: Final = """\
The desk is at a Telegram of its own. Anna (id 1) is its admin:
  curl -X POST {url}/sim/people/1/start -d '{{"place": "school_desk_bot"}}'
  curl -X POST {url}/sim/people/1/send -d '{{"place": "school_desk_bot", "text": "/pending"}}'
  curl {url}/sim/people/1/chat/school_desk_bot
Ctrl-C ends it; its data stays in .demo.
"""


async def demo(*, stop: asyncio.Event) -> None:
    """Run the desk and a Telegram for it until `stop` is set.

    Raises:
        EmbeddedPostgresError: the database cannot run.
        OSError: the port is in use.
    """
    telegram = Telegram()
    telegram.add_bot(_TOKEN, username="school_desk_bot", name="School desk")
    telegram.add_person(_ANNA, "Anna", username="anna", language_code="en")
    async with serve(telegram, port=PORT) as url:
        settings = Settings.model_validate(
            {
                "bot_token": _TOKEN,
                "admin_ids": str(_ANNA),
                "data_dir": ".demo",
                "telegram_api_url": url,
            }
        )
        sys.stdout.write(_HOW.format(url=url))
        sys.stdout.flush()
        await run(settings, stop=stop)
