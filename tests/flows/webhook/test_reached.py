"""Whether Telegram gets through to a webhook, as only Telegram knows."""

from aiogram import Bot, Dispatcher
from aiogram.client.telegram import TelegramAPIServer
from pydantic import SecretStr

from bot.settings import Webhook
from bot.telegram.intake.webhook import WebhookReceiver
from bot.telegram.session import WatchedSession
from db.database import Database
from tests.support.net.webhook import SECRET
from tests.support.person import Person
from tests.support.programs.processes import free_port
from tests.support.school import DESK_TOKEN
from tests.support.waiting import until


async def test_a_webhook_is_not_well_while_telegram_cannot_bring_what_there_is(
    telegram_url: str, anna: Person, db: Database
) -> None:
    session = WatchedSession(api=TelegramAPIServer.from_base(telegram_url))
    async with Bot(DESK_TOKEN, session=session) as bot:
        receiver = WebhookReceiver(
            bot,
            Dispatcher(),
            db=db,
            address=Webhook(f"http://127.0.0.1:{free_port()}/telegram", SecretStr(SECRET)),
            admins=set(),
        )

        async def fails() -> bool:
            await receiver.keep()
            return not receiver.is_well

        await receiver.keep()
        at_first = receiver.is_well
        anna.send("/pending")
        await until(fails)
        await bot.delete_webhook(drop_pending_updates=True)
        await receiver.keep()
        await receiver.keep()

        assert (at_first, receiver.is_well) == (True, True)
