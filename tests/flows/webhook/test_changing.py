"""The desk changes from polling to a webhook and back, also against another program."""

from aiohttp import ClientSession

from bot.settings import Settings
from simulator import BotAccount, Telegram
from tests.support.desk import open_desk
from tests.support.net.webhook import until_ready
from tests.support.person import Person


async def test_what_was_written_to_a_desk_that_polled_is_answered_through_the_webhook(
    polled: Settings, hooked: Settings, telegram: Telegram, desk_bot: BotAccount, anna: Person
) -> None:
    async with open_desk(polled):
        await anna.opens("/pending", shows="Nobody is waiting")
    anna.send("/bookings")

    async with open_desk(hooked):
        await anna.hears("No bookings yet")
        await telegram.until(lambda: not desk_bot.updates.pending)

    assert len(anna.inbox) == 2


async def test_what_was_written_to_a_webhook_is_answered_by_a_desk_that_polls(
    polled: Settings, hooked: Settings, telegram: Telegram, desk_bot: BotAccount, anna: Person
) -> None:
    async with open_desk(hooked):
        await anna.opens("/pending", shows="Nobody is waiting")
        await telegram.until(lambda: not desk_bot.updates.pending)
    anna.send("/bookings")

    async with open_desk(polled):
        await anna.hears("No bookings yet")
        await anna.opens("/pending", shows="Nobody is waiting")

    assert len(anna.inbox) == 3


async def test_a_desk_that_polls_goes_on_when_another_program_sets_a_webhook(
    polled: Settings, hooked: Settings, http: ClientSession, anna: Person
) -> None:
    async with open_desk(polled):
        await anna.opens("/pending", shows="Nobody is waiting")
        async with open_desk(hooked):
            await until_ready(http, hooked)
            await anna.opens("/bookings", shows="No bookings yet")
        await anna.opens("/pending", shows="Nobody is waiting")


async def test_a_webhook_that_another_program_removed_is_set_again(
    desk: None, telegram: Telegram, desk_bot: BotAccount, anna: Person
) -> None:
    await anna.opens("/pending", shows="Nobody is waiting")

    desk_bot.webhook = None

    anna.send("/bookings")
    await telegram.until(lambda: "No bookings yet" in anna.inbox[-1], timeout=15)
