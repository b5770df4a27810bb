"""For whom a booking is added: every way to name a person."""

import pytest
from aiogram.types import KeyboardButton

from simulator import BotAccount, Telegram
from tests.support.person import Person
from tests.support.school import VERA_ID, MakeBooking


async def test_a_person_is_known_by_username_contact_forward_link_or_choice(
    patient_desk: None,
    telegram: Telegram,
    desk_bot: BotAccount,
    anna: Person,
    make_booking: MakeBooking,
) -> None:
    await make_booking(username="vera", first_name="Vera")
    olga = telegram.add_person(14, "Olga", username="olga_p", language_code="en")
    said = olga.send(desk_bot, "When does it begin?")

    await anna.opens("/add", shows="Who is it for?")
    await anna.answers("@VERA")
    await anna.sees(f"Vera · @vera · id {VERA_ID}", "Which course?")

    await anna.opens("/add", shows="Who is it for?")
    await anna.answers("https://t.me/vera")
    await anna.sees(f"id {VERA_ID}", "Which course?")

    await anna.opens("/add", shows="Who is it for?")
    anna.account.send_contact(desk_bot, "Petya", user_id=15)
    await anna.sees("Petya · id 15", "Which course?")

    await anna.opens("/add", shows="Who is it for?")
    anna.account.forward(desk_bot, said)
    await anna.sees("Olga · @olga_p · id 14", "Which course?")

    await anna.opens("/add", shows="Who is it for?")
    await anna.press("👤 Choose in Telegram")
    await anna.hears("Press the button below")
    keyboard = anna.account.keyboard(desk_bot)
    assert keyboard
    [[button]] = keyboard.keyboard
    assert isinstance(button, KeyboardButton)
    anna.account.share_users(desk_bot, [olga])
    await anna.sees("Olga · @olga_p · id 14", "Which course?")
    assert anna.account.keyboard(desk_bot) is None


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("@nobody_here", "does not know @nobody_here"),
        ("+7 916 123-45-67", "looks like a phone number"),
        ("79161234567", "looks like a phone number"),
        ("0", "looks like a phone number"),
        ("somebody", "Who do you mean?"),
        ("１２", "Who do you mean?"),
        ("<b>&", "Who do you mean?"),
    ],
)
async def test_what_names_nobody_is_said_and_asked_again(
    patient_desk: None, anna: Person, said: str, answer: str
) -> None:
    await anna.opens("/add", shows="Who is it for?")
    anna.send(said)
    await anna.sees(answer)

    await anna.answers("42")
    await anna.sees("id 42", "Which course?")


async def test_a_hidden_author_and_a_contact_without_an_account_are_nobody(
    patient_desk: None, desk_bot: BotAccount, anna: Person, vera: Person
) -> None:
    said = vera.account.send(desk_bot, "Hello")
    await anna.opens("/add", shows="Who is it for?")
    anna.account.forward(desk_bot, said, hidden=True)
    await anna.sees("does not say whose account")
    anna.account.send_contact(desk_bot, "Petya")
    await anna.sees("does not say whose account")


async def test_of_several_people_with_a_username_the_admin_chooses(
    patient_desk: None, anna: Person, make_booking: MakeBooking
) -> None:
    await make_booking(user_id=21, first_name="Old Vera", username="vera")
    await make_booking(user_id=22, first_name="New Vera", username="vera")

    await anna.opens("/add", shows="Who is it for?")
    await anna.answers("@vera")
    await anna.sees("Which of them?")
    await anna.press("New Vera")

    await anna.sees("New Vera", "id 22", "Which course?")
