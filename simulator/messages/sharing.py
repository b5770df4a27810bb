"""People whom somebody chooses for a button of a keyboard."""

from collections.abc import Sequence

from aiogram.types import (
    KeyboardButtonRequestUsers,
    ReplyKeyboardMarkup,
    SharedUser,
    UsersShared,
)

from simulator.accounts import Account


def chosen(keyboard: ReplyKeyboardMarkup | None, users: Sequence[Account]) -> UsersShared:
    """Return what the bot is told that asks for people.

    Raises:
        LookupError: no button of the keyboard asks for people.
        ValueError: it asks for fewer people, or for one at least.
    """
    buttons = [one for row in keyboard.keyboard for one in row] if keyboard else []
    asked = next((one.request_users for one in buttons if one.request_users), None)
    if asked is None:
        raise LookupError("no button asks for people")
    most = asked.max_quantity or 1
    if not 1 <= len(users) <= most:
        raise ValueError(f"the button asks for 1 to {most} people")
    return UsersShared(request_id=asked.request_id, users=[_shared(user, asked) for user in users])


def _shared(account: Account, asked: KeyboardButtonRequestUsers) -> SharedUser:
    """Return what a bot is told of somebody: their names only if it asked for them."""
    return SharedUser(
        user_id=account.id,
        first_name=account.first_name if asked.request_name else None,
        last_name=account.last_name if asked.request_name else None,
        username=account.username if asked.request_username else None,
    )
