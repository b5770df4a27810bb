"""A person in a test: writes, presses buttons that were really sent, and waits for answers."""

import asyncio
from collections.abc import Callable

from aiogram.types import InlineKeyboardButton

from keyboards.payloads.bookings import CardButton
from simulator import Answer, BotAccount, ChatMessage, Press, Telegram
from simulator import Person as Account

CANCELLING = {
    "en": ("🚫 Cancel…", "Yes, cancel it"),
    "ru": ("🚫 Отменить…", "Да, отменить"),
}


class Person:
    """Someone in a private chat with one bot."""

    def __init__(self, telegram: Telegram, bot: BotAccount, account: Account) -> None:
        self.id = account.id
        self.account = account
        self._telegram = telegram
        self._bot = bot

    def start(self, payload: str | None = None) -> None:
        self.account.start(self._bot, payload)

    def send(self, text: str) -> None:
        self.account.send(self._bot, text)

    def reply(self, text: str) -> None:
        """Reply to the newest message of the bot."""
        self.account.send(self._bot, text, reply_to=self.screen)

    async def replies(self, text: str, *, shows: str) -> None:
        """Reply to the newest message of the bot, and wait for a new one that says `shows`."""
        before = len(self.inbox)
        self.reply(text)
        await self._telegram.until(lambda: len(self.inbox) > before)
        await self.sees(shows)

    def block(self) -> None:
        self.account.block(self._bot)

    def unblock(self) -> None:
        self.account.unblock(self._bot)

    def delete(self, message: ChatMessage) -> None:
        self.account.delete(self._bot, message.message_id)

    async def answers(self, *words: str) -> None:
        """Write each of the words, and wait for the bot's answer to it."""
        for word in words:
            await self.opens(word, shows="")

    async def opens(self, command: str, *, shows: str) -> None:
        """Write a command, and wait for a new message that says `shows`."""
        before = len(self.inbox)
        self.send(command)
        await self._telegram.until(lambda: len(self.inbox) > before)
        await self.sees(shows)

    async def finds(self, command: str, *words: str) -> None:
        """Repeat a command until the answer has all these words.

        Raises:
            TimeoutError: no answer has them all.
        """
        async with asyncio.timeout(20):
            while True:
                await self.opens(command, shows="")
                if all(word in self._view() for word in words):
                    return

    async def sees(self, *words: str) -> None:
        """Wait until the newest message of the bot, with its buttons, has all these words.

        Raises:
            AssertionError: it does not have them; the error shows the message.
        """
        try:
            await self._telegram.until(lambda: all(word in self._view() for word in words))
        except TimeoutError:
            raise AssertionError(f"{words} are not on the screen:\n{self._view()}") from None

    async def hears(self, *words: str) -> None:
        """Wait until any message of the bot has all these words.

        Raises:
            AssertionError: no message has them; the error shows all messages.
        """
        try:
            await self._telegram.until(
                lambda: any(all(word in text for word in words) for text in self.inbox)
            )
        except TimeoutError:
            raise AssertionError(f"{words} were not heard, but {self.inbox}") from None

    async def misses(self, word: str) -> None:
        """Wait until the newest message of the bot has this word no more."""
        await self._telegram.until(lambda: word not in self._view())

    async def refreshes(self, *, until: str) -> None:
        """Press Refresh repeatedly until the screen says `until`."""
        async with asyncio.timeout(20):
            while until not in self._view():
                await self.press("Refresh")

    async def press(self, label: str, *, on: ChatMessage | None = None) -> Answer:
        """Wait for a button whose label contains `label`, press it, wait for the bot's answer.

        Raises:
            AssertionError: there is no such button; the error shows the message.
        """
        if on is None:
            await self._offers(lambda text: label in text, label)
        return await self.tap(label, on=on).answered()

    async def cancels(self) -> Answer:
        """Cancel the booking on the screen, and answer the question without a word."""
        asks, answers = CANCELLING[self.account.account.language_code or "en"]
        await self.press(asks)
        return await self.press(answers)

    async def press_row(self, booking: int) -> Answer:
        """Wait for a list with the row of this booking, and press it."""
        await self._telegram.until(lambda: bool(self._messages) and booking in self.listed)
        return await self.forge(self.row(booking)).answered()

    async def choose(self, beginning: str) -> None:
        """Press the only button whose label, marked or not, begins so; wait for a new screen."""
        await self._offers(lambda text: text.removeprefix("✓ ").startswith(beginning), beginning)
        [label] = [text for text in self.buttons if text.removeprefix("✓ ").startswith(beginning)]
        before = self._view()
        self.forge(self.choice(label))
        await self._telegram.until(lambda: self._view() != before)

    async def _offers(self, fits: Callable[[str], bool], words: str) -> None:
        """Wait until the newest message of the bot has a button whose label fits."""
        try:
            await self._telegram.until(
                lambda: bool(self._messages) and any(map(fits, self.buttons))
            )
        except TimeoutError:
            raise AssertionError(
                f"no button {words!r} is on the screen:\n{self._view()}"
            ) from None

    def tap(self, label: str, *, on: ChatMessage | None = None) -> Press:
        """Press a button without waiting."""
        message = on or self.screen
        return self.forge(self.button(label, on=message).callback_data or "", on=message)

    def forge(self, data: str, *, on: ChatMessage | None = None) -> Press:
        """Press a button that may not exist, as a forged client does."""
        return self.account.press(self._bot, (on or self.screen).message_id, data)

    def button(self, label: str, *, on: ChatMessage | None = None) -> InlineKeyboardButton:
        for row in (on or self.screen).buttons:
            for button in row:
                if label in button.text:
                    return button
        raise LookupError(f"no button {label!r} on:\n{self._view()}")

    def choice(self, label: str) -> str:
        """Return the payload of the button with exactly this label."""
        rows = self.screen.buttons
        [button] = [button for row in rows for button in row if button.text == label]
        return button.callback_data or ""

    @property
    def buttons(self) -> list[str]:
        """The labels on the newest message, in reading order."""
        return [button.text for row in self.screen.buttons for button in row]

    @property
    def rows(self) -> list[str]:
        """The labels of the bookings on a list, in their order."""
        return [button.text for button in self._rows]

    @property
    def listed(self) -> list[int]:
        """The numbers of the bookings on a list, in their order."""
        return [CardButton.unpack(button.callback_data or "").booking for button in self._rows]

    def row(self, booking: int) -> str:
        """Return the payload of the row of this booking."""
        payloads = [row.callback_data or "" for row in self._rows]
        return payloads[self.listed.index(booking)]

    @property
    def _rows(self) -> list[InlineKeyboardButton]:
        buttons = [button for row in self.screen.buttons for button in row]
        return [
            button
            for button in buttons
            if (button.callback_data or "").startswith(f"{CardButton.__prefix__}:")
        ]

    @property
    def screen(self) -> ChatMessage:
        """The newest message of the bot."""
        return self._messages[-1]

    @property
    def inbox(self) -> list[str]:
        """The present texts of the bot's messages, oldest first."""
        return [message.text for message in self._messages]

    @property
    def _messages(self) -> list[ChatMessage]:
        return [message for message in self.account.chat(self._bot) if message.from_bot]

    def _view(self) -> str:
        if not self._messages:
            return ""
        return "\n".join([self.screen.text, *self.buttons])
