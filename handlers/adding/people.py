"""People in what an admin shares: a contact, a forwarded message, a choice in Telegram."""

from aiogram.types import Contact, Message, MessageOriginUser, SharedUser, User, UsersShared

from bot.errors.adding import PersonHidden
from db.models.adding.drafts import Person


def person_in(message: Message) -> Person:
    """Return the person whom the message shares.

    Raises:
        PersonHidden: it does not say whose account it is.
    """
    match message:
        case Message(users_shared=UsersShared(users=[SharedUser() as shared, *_])):
            name = _full(shared.first_name, shared.last_name)
            return Person(user_id=shared.user_id, first_name=name, username=shared.username)
        case Message(forward_origin=MessageOriginUser(sender_user=User(is_bot=False) as author)):
            return Person(
                user_id=author.id, first_name=author.first_name, username=author.username
            )
        case Message(contact=Contact(user_id=int(user_id)) as contact):
            name = _full(contact.first_name, contact.last_name)
            return Person(user_id=user_id, first_name=name)
        case _:
            raise PersonHidden


def _full(first: str | None, last: str | None) -> str | None:
    return " ".join(filter(None, (first, last))) or None
