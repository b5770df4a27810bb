"""What goes into a message, checked as Telegram checks it."""

import mimetypes
from collections.abc import Mapping, Sequence
from typing import Any, Final

from aiogram.client.default import Default
from aiogram.methods import EditMessageText, SendMessage
from aiogram.types import (
    Contact,
    Document,
    InlineQueryResultUnion,
    InputFile,
    InputTextMessageContent,
    LinkPreviewOptions,
    Message,
    MessageEntity,
    MessageOriginHiddenUser,
    MessageOriginUser,
    PhotoSize,
)

from simulator.accounts import Account
from simulator.errors import ApiError, bad_request
from simulator.messages.files import FileStore, StoredFile
from simulator.messages.keyboards import inline_keyboard
from simulator.text.formatted import FormattedText, format_text

TEXT_LIMIT: Final = 4096
_CAPTION_LIMIT: Final = 1024
#: What a message consists of, whoever sent it.
_PARTS: Final = (
    "text", "entities", "caption", "caption_entities", "photo", "document", "contact",
)  # fmt: skip


def text(
    source: str | None,
    parse_mode: str | Default | None,
    entities: Sequence[MessageEntity] | None,
    accounts: Mapping[int, Account],
) -> dict[str, Any]:
    """Return the fields of a text message.

    Raises:
        ApiError: it is empty, too long, or its markup is broken.
    """
    if not source:
        raise bad_request("message text is empty")
    formatted = _format(source, parse_mode, entities)
    if not formatted.text:
        raise bad_request("text must be non-empty")
    if formatted.length > TEXT_LIMIT:
        raise bad_request("message is too long")
    return {"text": formatted.text, "entities": _known(formatted.entities, accounts)}


def link_preview(call: SendMessage | EditMessageText) -> dict[str, Any]:
    """Return the field of what was asked of link previews: it comes back as it was sent."""
    asked = call.link_preview_options
    if call.disable_web_page_preview is True and asked is None:
        asked = LinkPreviewOptions(is_disabled=True)
    if not isinstance(asked, LinkPreviewOptions):
        return {"link_preview_options": None}
    given = {name: None if isinstance(value, Default) else value for name, value in asked}
    return {"link_preview_options": asked.model_copy(update=given)}


def caption(
    source: str | None,
    parse_mode: str | Default | None,
    entities: Sequence[MessageEntity] | None,
    accounts: Mapping[int, Account],
) -> dict[str, Any]:
    """Return the fields of a caption, which may be empty.

    Raises:
        ApiError: it is too long, or its markup is broken.
    """
    formatted = _format(source, parse_mode, entities)
    if formatted.length > _CAPTION_LIMIT:
        raise bad_request("message caption is too long")
    return {
        "caption": formatted.text or None,
        "caption_entities": _known(formatted.entities, accounts),
    }


def photo(files: FileStore, source: InputFile | str) -> dict[str, Any]:
    """Return the field of a photo, in the one size it has here."""
    return {"photo": [_picture(files.photo(source))]}


def document(
    files: FileStore, source: InputFile | str, thumbnail: InputFile | None = None
) -> dict[str, Any]:
    """Return the field of a file sent as it is."""
    file, small = files.document(source), files.thumbnail(thumbnail)
    kind, _ = mimetypes.guess_type(file.name)
    return {
        "document": Document(
            file_id=file.file_id,
            file_unique_id=file.unique_id,
            file_name=file.name,
            mime_type=kind or "application/octet-stream",
            file_size=len(file.content),
            thumbnail=_picture(small) if small else None,
        )
    }


def contact(name: str, user_id: int | None) -> dict[str, Any]:
    """Return the field of somebody from an address book, who perhaps has an account."""
    phone = f"+1000{user_id or 0:07}"
    return {"contact": Contact(phone_number=phone, first_name=name, user_id=user_id)}


def contents(message: Message) -> dict[str, Any]:
    """Return the fields that a copy of a message has too; none of a service message."""
    values = {name: getattr(message, name) for name in _PARTS}
    return {name: value for name, value in values.items() if value is not None}


def forwarded(message: Message, *, hidden: bool = False) -> dict[str, Any]:
    """Return the fields of a message that is passed on.

    With `hidden`, all that is known of its author is a name. A message that nobody has written
    has no origin.
    """
    author, origin = message.from_user, message.forward_origin
    if author and hidden:
        origin = MessageOriginHiddenUser(date=message.date, sender_user_name=author.full_name)
    elif author and origin is None:
        origin = MessageOriginUser(date=message.date, sender_user=author)
    return contents(message) | {"forward_origin": origin}


def _picture(file: StoredFile) -> PhotoSize:
    width, height = file.size or (0, 0)
    return PhotoSize(
        file_id=file.file_id,
        file_unique_id=file.unique_id,
        width=width,
        height=height,
        file_size=len(file.content),
    )


def inline_result(
    result: InlineQueryResultUnion, accounts: Mapping[int, Account]
) -> dict[str, Any]:
    """Return the fields of the message that choosing a result sends.

    Raises:
        ApiError: it is of a kind that is not simulated.
    """
    wanted = getattr(result, "input_message_content", None)
    if not isinstance(wanted, InputTextMessageContent):
        raise ApiError(
            501, f"Not Implemented: the simulator sends no result of type {result.type}"
        )
    fields = text(wanted.message_text, wanted.parse_mode, wanted.entities, accounts)
    return fields | {"reply_markup": inline_keyboard(result.reply_markup)}


def _format(
    source: str | None,
    parse_mode: str | Default | None,
    entities: Sequence[MessageEntity] | None,
) -> FormattedText:
    # A default is aiogram's way to say that nothing was sent.
    mode = None if isinstance(parse_mode, Default) else parse_mode
    return format_text(source or "", parse_mode=mode, entities=entities)


def _known(
    entities: Sequence[MessageEntity], accounts: Mapping[int, Account]
) -> list[MessageEntity] | None:
    """Return the entities with real people in them; someone nobody knows is not mentioned."""
    known = []
    for entity in entities:
        if entity.user is None:
            known.append(entity)
        elif entity.user.id in accounts:
            user = accounts[entity.user.id].user
            known.append(entity.model_copy(update={"user": user}))
    return known or None
