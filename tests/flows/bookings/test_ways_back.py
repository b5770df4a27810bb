"""Every way back leads to where one came from."""

from bot.settings import Settings
from simulator import BotAccount, Telegram
from tests.support.desk import open_desk
from tests.support.person import Person
from tests.support.school import MakeBooking


async def test_a_card_of_a_students_page_leads_back_to_the_page_and_on_to_the_list(
    desk: None, anna: Person, make_booking: MakeBooking
) -> None:
    first, other = [await make_booking(confirmed=n) for n in (1, 2)]
    await anna.opens("/pending", shows="1 booking")
    await anna.press_row(first)
    await anna.press("👤 The student")
    await anna.sees("Bookings")
    await anna.press_row(other)
    await anna.sees(f"Booking #{other}")

    await anna.press("‹ Back to the student")
    await anna.sees("👤 Vera", "Bookings")
    await anna.press("‹ Back to the booking")
    await anna.sees(f"Booking #{first}")
    await anna.press("‹ Back to the list")

    await anna.sees("⏳ Pending · 1 booking")


async def test_all_bookings_of_a_student_lead_back_to_the_students_page(
    desk: None, anna: Person, make_booking: MakeBooking
) -> None:
    made = [await make_booking(course_id=n) for n in range(1, 11)]
    await anna.opens(f"/booking {made[0]}", shows="Booking")
    await anna.press("👤 The student")
    await anna.press("All bookings: 10")
    await anna.sees("10 bookings · page 1 of 2")
    await anna.press("Next ›")
    await anna.sees("page 2 of 2")

    await anna.press("👤 The student")
    await anna.sees("👤 Vera", "Bookings")
    await anna.press("‹ Back to the booking")
    await anna.sees("Booking #")
    await anna.press("‹ Back to the list")

    await anna.sees("page 2 of 2")


async def test_the_card_of_a_review_leads_back_to_the_same_booking_of_the_review(
    desk: None, boris: Person, make_booking: MakeBooking
) -> None:
    for name in ("Olga", "Petr", "Rita"):
        await make_booking(first_name=name, user_id=len(name) + ord(name[0]))
    await boris.opens("/review", shows="Olga")
    await boris.press("⏭ Позже")
    await boris.sees("Petr")
    await boris.press("🪪 Карточка")
    await boris.sees("ℹ️ Почему?")
    await boris.press("ℹ️ Почему?")
    await boris.sees("📜 История")
    await boris.press("‹ К заявке")

    await boris.press("‹ К разбору")

    await boris.sees("Petr", "⏭ Позже")


async def test_the_card_of_a_bookings_log_leads_back_to_that_log(
    desk: None, anna: Person, vera: Person, make_booking: MakeBooking
) -> None:
    vera.start()
    booking = await make_booking()
    await anna.opens(f"/booking {booking}", shows="Pending")
    await anna.press("Confirm")
    await anna.sees("Confirmed by Anna", "‹ All bookings")
    await anna.opens(f"/log {booking}", shows="Log of booking")
    await anna.press(f"Booking #{booking}")
    await anna.sees("Confirmed by Anna")

    await anna.press("‹ Back to the log")

    await anna.sees(f"Log of booking #{booking} · entries: 1")


async def test_the_booking_of_a_notice_opens_below_it_and_the_notice_stays(
    desk: None, anna: Person, make_booking: MakeBooking
) -> None:
    booking = await make_booking()
    await anna.opens(f"/booking {booking}", shows="Pending")
    await anna.press("Confirm")
    await anna.hears("Vera didn't get the welcome")
    notice = anna.screen
    assert "didn't get the welcome" in notice.text

    await anna.press(f"Booking #{booking}", on=notice)

    await anna.sees("Confirmed by Anna", "‹ All bookings")
    assert any("didn't get the welcome" in text for text in anna.inbox)
    assert anna.screen.message_id > notice.message_id


async def test_the_booking_of_a_notice_in_the_group_opens_in_the_admins_own_chat(
    settings: Settings,
    telegram: Telegram,
    desk_bot: BotAccount,
    anna: Person,
    boris: Person,
    make_booking: MakeBooking,
) -> None:
    staff = telegram.add_group(-1_000_000_000_500, "Staff", [anna.account, boris.account])
    staff.add(desk_bot)
    booking = await make_booking()
    async with open_desk(settings.model_copy(update={"staff_chat_id": staff.id})):
        boris.start()
        await boris.hears("Заявки школы")
        await anna.opens(f"/booking {booking}", shows="Pending")
        await anna.press("Confirm")
        await telegram.until(lambda: bool(boris.account.chat(staff)[-1].buttons))
        notice = boris.account.chat(staff)[-1]
        data = notice.buttons[-1][0].callback_data or ""

        press = boris.account.press(staff, notice.message_id, data)
        answer = await press.answered()

        link = f"https://t.me/school_desk_bot?start=b_{booking}"
        assert answer.url == link
        assert "didn't get the welcome" in boris.account.chat(staff)[-1].text
        boris.start(f"b_{booking}")
        await boris.sees(f"Заявка #{booking}", "Подтверждено: Anna")
