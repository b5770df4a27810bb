"""An alert fits the 200 characters that Telegram shows."""

from simulator import BotAccount, Telegram
from tests.support.person import Person
from tests.support.school import ANNA_ID, MakeBooking

FAMILY = "👨‍👩‍👧‍👦"
"""One character for a reader, eleven for Telegram."""


async def test_an_alert_with_a_name_beyond_measure_is_cut_and_not_lost(
    desk: None,
    telegram: Telegram,
    desk_bot: BotAccount,
    boris: Person,
    vera: Person,
    make_booking: MakeBooking,
) -> None:
    vera.start()
    account = telegram.add_person(ANNA_ID, FAMILY * 20, language_code="en")
    anna = Person(telegram, desk_bot, account)
    booking = await make_booking()
    for admin in (anna, boris):
        await admin.opens(f"/booking {booking}", shows="⏳")

    await anna.press("Confirm")
    alert = await boris.press("Подтвердить")

    assert alert.show_alert
    assert alert.text is not None
    assert alert.text.startswith(
        f"Ничего не сделано: заявка #{booking} изменилась. Подтверждено: {FAMILY}"
    )
    assert len(alert.text.encode("utf-16-le")) == 400
