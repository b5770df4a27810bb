"""Whatever leads deeper into an import, or a booking to add, leads back."""

from simulator import Telegram
from tests.flows.adding.conftest import Send
from tests.flows.adding.test_imports import FILE
from tests.flows.test_every_way_back import Walk
from tests.support.person import Person

UNREADABLE = "104;Nadia;Drawing;autumn;perhaps;31.12.2025;;\n"


async def test_every_screen_of_an_import_leads_back(
    patient_desk: None, telegram: Telegram, anna: Person, send: Send
) -> None:
    await send(FILE + UNREADABLE, "Is this right?", "3 bookings can be added")
    walk = Walk(telegram, anna)

    await walk.go()

    assert {step[-1] for step in walk.steps} == {"i2", "i3"}
    assert ("i3", "i3") in walk.steps


async def test_every_question_about_a_booking_to_add_leads_back(
    patient_desk: None, telegram: Telegram, anna: Person
) -> None:
    await anna.opens("/add", shows="Who is it for?")
    await anna.answers("42", "Drawing", "autumn")
    await anna.sees("How far along is it?")
    await anna.press("⏳ Pending")
    await anna.sees("Is all of it right?")
    walk = Walk(telegram, anna)

    await walk.go()

    assert walk.steps == {("a1",)}
