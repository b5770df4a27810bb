"""An admin writes what they know of a student, and finds the booking."""

import asyncpg
import pytest

from simulator import BotAccount, Telegram
from tests.support.person import Person
from tests.support.school import MakeBooking


@pytest.fixture
async def maria(make_booking: MakeBooking) -> int:
    """Return the booking, among others, that every search here must find."""
    await make_booking(user_id=501, first_name="Олег", username="oleg_k", confirmed=2)
    await make_booking(user_id=502, first_name="Anna-Lena", username=None, confirmed=1)
    return await make_booking(
        user_id=503, first_name="Мария Иванова", username="masha_iv", referral_code="FRIEND10"
    )


@pytest.mark.parametrize("text", ["/find мария", "Marya", "t.me/masha_iv", "friend10"])
async def test_whatever_is_known_of_a_student_opens_their_only_booking(
    desk: None, anna: Person, maria: int, text: str
) -> None:
    await anna.opens(text, shows=f"Booking #{maria}")
    await anna.press("‹ Back to the list")
    await anna.sees("🔎 ", "1 booking")


async def test_a_booking_is_found_by_its_number(desk: None, anna: Person, maria: int) -> None:
    await anna.opens(f"/find #{maria}", shows=f"Booking #{maria}")


async def test_several_hits_are_a_list_that_leads_to_cards_and_back(
    desk: None, anna: Person, make_booking: MakeBooking
) -> None:
    made = [await make_booking(user_id=600 + n, first_name="Иван") for n in range(10)]

    await anna.opens("/find ivan", shows="10 bookings · page 1 of 2")
    await anna.press("Next")
    await anna.sees("page 2 of 2", f"#{made[0]} ")
    await anna.press(f"#{made[0]} ")
    await anna.sees(f"Booking #{made[0]}")
    await anna.press("Back")

    await anna.sees("🔎 ivan", "page 2 of 2")
    assert len(anna.rows) == 2


@pytest.mark.parametrize("text", ["pending stream:7", "ждут", "stream:7th", 'stream:"7TH Stream"'])
async def test_words_of_a_filter_are_one_without_a_command(
    desk: None, anna: Person, make_booking: MakeBooking, sql: asyncpg.Connection, text: str
) -> None:
    booking = await make_booking(course_stream="7th_stream")
    await make_booking(course_stream="north", confirmed=2)
    await sql.execute("UPDATE booking_desk.streams SET name = '7th stream' WHERE code ~ '^7'")

    await anna.opens(text, shows="Filter: ")

    assert anna.listed == [booking]


async def test_several_numbers_are_several_bookings_and_a_sign_means_no_person(
    desk: None, anna: Person, make_booking: MakeBooking
) -> None:
    first, second = await make_booking(user_id=2), await make_booking(user_id=800)
    third = await make_booking(user_id=first)

    await anna.opens(f"{first}, #{second}", shows="2 bookings")
    await anna.opens(f"#{first}", shows=f"Booking #{first} ·")
    await anna.opens(f"booking {first}", shows=f"Booking #{first} ·")
    await anna.opens(f"Заявка #{second}", shows=f"Booking #{second} ·")
    await anna.opens(f"{first}", shows="2 bookings")
    assert anna.listed == [third, first]


async def test_the_beginning_of_a_username_is_enough(
    desk: None, anna: Person, make_booking: MakeBooking
) -> None:
    booking = await make_booking(user_id=800, first_name="Vera", username="aisha_draws")
    short = await make_booking(user_id=801, first_name="Vera", username="jb")

    await anna.opens("aisha", shows=f"Booking #{booking} ·")
    await anna.opens("jb", shows=f"Booking #{short} ·")


@pytest.mark.parametrize("text", ["zzzz", "aaaaaa"])
async def test_one_letter_again_and_again_is_no_part_of_a_name(
    desk: None, anna: Person, make_booking: MakeBooking, text: str
) -> None:
    await make_booking(first_name="Zara")
    await make_booking(user_id=800, first_name="Suzan")

    await anna.opens(text, shows="🔎")

    assert "Nothing found" in anna.screen.text or "Closest" in anna.screen.text


async def test_without_a_hit_the_nearest_are_offered(desk: None, anna: Person, maria: int) -> None:
    await anna.opens("Марианна", shows="No exact match. Closest:")

    assert anna.listed == [maria]


async def test_what_is_like_nothing_is_said_to_be(desk: None, anna: Person, maria: int) -> None:
    await anna.opens("Zqwxhh", shows="Nothing found, and nothing like it")


@pytest.mark.parametrize("hidden", [False, True])
async def test_a_forwarded_message_finds_its_author(
    desk: None,
    anna: Person,
    vera: Person,
    desk_bot: BotAccount,
    make_booking: MakeBooking,
    hidden: bool,
) -> None:
    booking = await make_booking()

    message = vera.account.send(desk_bot, "When does it start?")
    anna.account.forward(desk_bot, message, hidden=hidden)

    await anna.sees(f"Booking #{booking}")


async def test_a_hidden_author_with_a_name_of_any_length_is_found(
    desk: None,
    anna: Person,
    telegram: Telegram,
    desk_bot: BotAccount,
    make_booking: MakeBooking,
) -> None:
    name = "Wolfeschlegelsteinhausenbergerdorff " * 2 + "Anastasia"
    author = telegram.add_person(77, name)
    booking = await make_booking(user_id=77, first_name=name)

    anna.account.forward(desk_bot, author.send(desk_bot, "Hello"), hidden=True)

    await anna.sees(f"Booking #{booking}")


async def test_a_command_that_somebody_else_wrote_finds_its_author_and_does_nothing(
    desk: None, anna: Person, vera: Person, desk_bot: BotAccount, make_booking: MakeBooking
) -> None:
    other, hers = await make_booking(user_id=501), await make_booking()

    message = vera.account.send(desk_bot, f"/booking {other}")
    anna.account.forward(desk_bot, message)

    await anna.sees(f"Booking #{hers}")


@pytest.mark.parametrize("user_id", [503, None])
async def test_a_shared_contact_finds_the_person(
    desk: None, anna: Person, desk_bot: BotAccount, maria: int, user_id: int | None
) -> None:
    anna.account.send_contact(desk_bot, "Мария", user_id=user_id)

    await anna.sees(f"Booking #{maria}")


async def test_whatever_is_written_gets_an_answer(desk: None, anna: Person, maria: int) -> None:
    await anna.opens("/find", shows="What should I look for?")
    await anna.opens("\u200b\u202e", shows="What should I look for?")
    await anna.opens("x" * 4096, shows="at most 64 characters")
    await anna.opens("/find " + "🙂" * 2000, shows="at most 64 characters")
    await anna.opens("' OR 1=1; --", shows="Nothing found")
    await anna.opens("/find <b>&", shows="<b>&")


async def test_a_number_that_is_nobodys_is_like_no_other(
    desk: None, anna: Person, make_booking: MakeBooking
) -> None:
    await make_booking(user_id=800, first_name="Vera 7 B")

    for number in ("8", "9" * 24, "№ 404"):
        await anna.opens(number, shows="Nothing found")
        assert anna.buttons == ["🔄 Refresh"]


async def test_a_list_of_something_long_forgotten_says_so(
    desk: None, anna: Person, maria: int
) -> None:
    await anna.opens("/pending", shows="page 1")

    answer = await anna.forge("l1:vzz:f::", on=anna.screen).answered()

    assert "This list has expired" in (answer.text or "")


async def test_what_a_student_writes_finds_nothing(desk: None, vera: Person, maria: int) -> None:
    await vera.opens("Мария", shows="I can show you your bookings")

    assert vera.buttons == []


async def test_a_name_that_a_person_had_before_still_finds_them(
    desk: None, anna: Person, make_booking: MakeBooking
) -> None:
    old = await make_booking(user_id=700, first_name="Екатерина", username="katya_old")
    await make_booking(user_id=700, first_name="Kate", username="kate_new")

    await anna.opens("@katya_old", shows="2 bookings")

    assert anna.listed[1] == old
