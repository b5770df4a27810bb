"""Scenarios of SIGKILL between a cancellation and the message that tells the student of it."""

from typing import Final

from simulator import ChatMessage, Delay, Person
from tests.faults.verdicts import TAKEN_OVER, Promise
from tests.support.stage.world import PATIENCE, World

_WORDS: Final = "See you in autumn"
_ASK: Final = "Cancel…"
_ANSWER: Final = "Yes, cancel it"


async def killed_between_a_cancellation_and_its_news(world: World) -> Promise:
    """The news is owed with the admin's words, and its grace is not over."""
    replica = await world.replica({"UNDO_SECONDS": "2"})
    [student] = await world.students(1)
    await _cancel(world, student)
    await world.until("SELECT count(*) FROM booking_desk.outbox WHERE state = 'queued'")
    await replica.kill()
    await world.replica()
    await world.settled()
    world.expect(_WORDS in _heard(world, student), otherwise="the admin's words are lost")
    return Promise(delay=TAKEN_OVER)


async def killed_after_the_news_of_a_cancellation_left(world: World) -> Promise:
    """Telegram delivers the news after the replica is killed."""
    replica = await world.replica()
    [student] = await world.students(1)
    world.telegram.faults.add(fault=Delay(1), method="sendMessage", chat_id=student.id)
    await _cancel(world, student)
    await world.sent_to(student)
    await replica.kill()
    await world.replica()
    return Promise(twice=1)


async def _cancel(world: World, student: Person) -> None:
    """Cancel the student's booking with own words, without waiting for what follows."""
    card = await world.show_card(student)
    _press(world, card, _ASK)
    question = await _drawn(world, _ANSWER)
    world.admin.send(world.bot, _WORDS, reply_to=question)
    _press(world, await _drawn(world, _ANSWER, says=_WORDS), _ANSWER)


async def _drawn(world: World, button: str, says: str = "") -> ChatMessage:
    """Wait until the newest message of the bot has the button, and return it."""
    await world.telegram.until(
        lambda: button in _labels(_newest(world)) and says in _newest(world).text,
        timeout=PATIENCE,
    )
    return _newest(world)


def _newest(world: World) -> ChatMessage:
    return [message for message in world.admin.chat(world.bot) if message.from_bot][-1]


def _labels(message: ChatMessage) -> str:
    return " ".join(button.text for row in message.buttons for button in row)


def _press(world: World, message: ChatMessage, label: str) -> None:
    buttons = (button for row in message.buttons for button in row)
    data = next(button.callback_data for button in buttons if label in button.text)
    world.admin.press(world.bot, message.message_id, data or "")


def _heard(world: World, student: Person) -> str:
    return "\n".join(message.text for message in student.chat(world.bot) if message.from_bot)
