"""The students' bot: its updates come to its own address, or to the school's program."""

from typing import Final

from pydantic import SecretStr

from bot.settings import Settings
from simulator import Telegram
from tests.support.desk import open_desk
from tests.support.person import Person
from tests.support.school import MakeBooking

STUDENTS_TOKEN: Final = "1002:student-token-of-the-tests"


async def test_the_students_bot_has_an_address_of_its_own(
    hooked: Settings, telegram: Telegram, anna: Person, vera: Person, make_booking: MakeBooking
) -> None:
    school_bot = telegram.add_bot(STUDENTS_TOKEN, username="school_bot", name="School")
    vera_at_school = Person(telegram, school_bot, vera.account)
    booking = await make_booking()
    both = hooked.model_copy(
        update={"student_bot_token": SecretStr(STUDENTS_TOKEN), "student_bot_polling": True}
    )
    async with open_desk(both):
        await anna.opens(f"/booking {booking}", shows="Pending")
        await anna.press("Confirm")
        await anna.hears("Vera didn't get the welcome")
        vera_at_school.start()
        await vera_at_school.hears("welcome!")

    assert school_bot.webhook is not None
    assert school_bot.webhook.url == f"{hooked.webhook_url}/students"


async def test_a_students_bot_that_the_school_serves_keeps_its_webhook(
    hooked: Settings, telegram: Telegram, anna: Person
) -> None:
    school_bot = telegram.add_bot(STUDENTS_TOKEN, username="school_bot", name="School")
    only_sends = hooked.model_copy(update={"student_bot_token": SecretStr(STUDENTS_TOKEN)})

    async with open_desk(only_sends):
        await anna.opens("/pending", shows="Nobody is waiting")

    assert school_bot.webhook is None
