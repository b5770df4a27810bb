"""The buttons of notices to admins."""

import re
from collections.abc import Sequence
from functools import partial
from typing import Final

from bot.i18n import Translator
from bot.texts.names import bare_username
from bot.views.acting import IN_TROUBLE, MessageAction
from bot.views.outbox import Missed, Notice
from db.models.bookings import Booking
from db.models.outbox import GroupKey, Message
from keyboards.markup import Button, Markup, button, in_rows, markup
from keyboards.message_actions import lost_actions
from keyboards.payloads.bookings import NoticeCardButton
from keyboards.payloads.outbox import NoticeActionButton, NoticeGroupButton

_ACROSS: Final = 2
_USERNAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]{3,31}")
_MAX_COPIED: Final = 256
_BY_ID: Final = "tg://user?id="


def unreached(t: Translator, student: Missed, by_hand: str, link: str) -> Markup:
    """Return the buttons of a notice about one student: what helps to write, and what can be done.

    The copied text ends with the link that starts the bot.
    """
    booking, message = student.booking, student.message
    if booking is None:
        return markup()
    actions = lost_actions(t, message, student.writer, partial(_payload, message))
    by_oneself: Sequence[Button] = []
    if message.state in IN_TROUBLE:
        by_oneself = [
            copy(t, by_hand, link),
            {"text": t.plain("button-profile"), "url": profile(booking)},
        ]
    card = NoticeCardButton.of_fields(booking=booking.id)
    return markup(
        by_oneself,
        actions[:1],
        *in_rows(actions[1:], _ACROSS),
        [button(t.plain("button-booking", id=booking.id), card)],
    )


def several(t: Translator, notice: Notice) -> Markup:
    """Return the button that lists the students, as far as any is out of reach still."""
    groups = {GroupKey(each.message.state, each.message.reason) for each in notice.in_trouble}
    if not groups:
        return markup()
    group = groups.pop() if len(groups) == 1 else None
    payload = NoticeGroupButton.of_fields(
        state=group and group.state, reason=group and group.reason
    )
    return markup([button(t.plain("button-unreached"), payload)])


def copy(t: Translator, text: str, link: str) -> Button:
    """Return the button that copies a text with the link below it."""
    copied = f"{_cut(text, _MAX_COPIED - len(link) - 1)}\n{link}"
    return {"text": t.plain("button-copy"), "copy_text": {"text": copied}}


def _payload(message: Message, action: MessageAction) -> str:
    return NoticeActionButton.of_fields(
        message=message.id, attempts=message.attempts, action=action
    )


def without_profile(original: Markup) -> Markup:
    """Return the buttons without links by id, which some people's privacy settings forbid."""
    return markup(
        *(
            [button for button in row if not button.get("url", "").startswith(_BY_ID)]
            for row in original["inline_keyboard"]
        )
    )


def _cut(text: str, length: int) -> str:
    """Return the beginning of the text, counted in UTF-16 as Telegram does."""
    return text.encode("utf-16-le")[: 2 * length].decode("utf-16-le", "ignore")


def profile(booking: Booking) -> str:
    """Return a link to the student's profile.

    A link by username is preferred: one by id opens only if the reader's client knows the person.
    """
    return public_profile(booking) or f"{_BY_ID}{booking.user_id}"


def public_profile(booking: Booking) -> str | None:
    """Return a link to the profile that opens for everybody, or None without a username."""
    name = bare_username(booking.username)
    return f"https://t.me/{name}" if _USERNAME.fullmatch(name) else None
