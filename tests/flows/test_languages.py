"""Each person reads the language of their own client."""

from bot.settings import Settings
from simulator import BotAccount, Telegram
from tests.support.desk import open_desk
from tests.support.person import Person
from tests.support.school import MakeBooking


async def test_a_russian_admin_works_in_russian(
    desk: None, boris: Person, vera: Person, make_booking: MakeBooking
) -> None:
    vera.start()
    booking = await make_booking()
    await make_booking(course_stream="south")

    await boris.opens("/pending", shows="2 заявки")
    await boris.press_row(booking)
    await boris.sees(f"Заявка #{booking}", "‹")
    answer = await boris.press("Подтвердить")
    await boris.sees("Подтверждено: Борис")

    assert answer.text == f"✅ Заявка #{booking} подтверждена. Приветствие уже в пути."


async def test_russian_counts_have_their_three_forms(
    desk: None, boris: Person, make_booking: MakeBooking
) -> None:
    for more, words in ((1, "1 заявка"), (1, "2 заявки"), (3, "5 заявок")):
        for _ in range(more):
            await make_booking()
        await boris.opens("/bookings", shows=words)


async def test_a_student_is_welcomed_in_their_language_whatever_the_admins_is(
    desk: None,
    anna: Person,
    telegram: Telegram,
    desk_bot: BotAccount,
    make_booking: MakeBooking,
) -> None:
    olga = Person(telegram, desk_bot, telegram.add_person(21, "Ольга", language_code="ru"))
    booking = await make_booking(user_id=olga.id, first_name="Ольга")
    olga.start()
    await olga.sees("Ольга, вот ваши заявки")

    await anna.opens(f"/booking {booking}", shows="Pending")
    await anna.press("Confirm")

    await olga.hears("Ольга, добро пожаловать!")


async def test_others_are_spoken_to_in_the_language_of_the_school(
    settings: Settings, telegram: Telegram, desk_bot: BotAccount
) -> None:
    people = [
        Person(telegram, desk_bot, telegram.add_person(30 + n, "Kai", language_code=code))
        for n, code in enumerate(["de", None, "en-GB"])
    ]

    async with open_desk(settings.model_copy(update={"language": "ru"})):
        for person in people:
            person.start()
        german, unknown, british = people
        await german.sees("заявок у вас пока нет")
        await unknown.sees("заявок у вас пока нет")
        await british.sees("you have no bookings here yet")
