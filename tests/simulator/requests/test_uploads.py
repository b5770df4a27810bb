"""Photos and documents, there and back."""

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramAPIError, TelegramBadRequest
from aiogram.types import BufferedInputFile

from simulator import BotAccount, Person
from tests.simulator.rules import source
from tests.simulator.values import png

JPEG = b"\xff\xd8\xff\xe0\x00\x04JF\xff\xc0\x00\x0b\x08\x00\x40\x00\x80\x01\x01\x11\x00"


async def test_a_document_comes_back_as_it_was_sent(
    bot: Bot, desk: BotAccount, anna: Person
) -> None:
    await bot.send_document(
        anna.id, BufferedInputFile(b"1,2\n", "список.csv"), caption="<b>list</b>"
    )

    message = anna.chat(desk)[-1]
    assert message.document
    assert (message.document.file_name, message.document.mime_type) == ("список.csv", "text/csv")
    assert (message.caption, message.html) == ("list", "<b>list</b>")
    downloaded = await bot.download(message.document)
    assert downloaded
    assert downloaded.read() == b"1,2\n"


@pytest.mark.parametrize(
    ("content", "size"), [(png(640, 480), (640, 480)), (JPEG, (128, 64))], ids=["PNG", "JPEG"]
)
async def test_a_photo_has_a_size(
    bot: Bot, desk: BotAccount, anna: Person, content: bytes, size: tuple[int, int]
) -> None:
    await bot.send_photo(anna.id, BufferedInputFile(content, "photo"))

    photo = anna.chat(desk)[-1].photo
    assert photo
    assert (photo.width, photo.height) == size


async def test_a_file_is_sent_again_by_its_id(bot: Bot, desk: BotAccount, anna: Person) -> None:
    receipt = anna.send_document(desk, b"%PDF", "receipt.pdf").document
    assert receipt

    sent = await bot.send_document(anna.id, receipt.file_id)

    assert sent.document
    assert sent.document.model_dump() == receipt.model_dump()


async def test_a_bot_gets_what_people_send(bot: Bot, desk: BotAccount, anna: Person) -> None:
    anna.send_photo(desk, JPEG, caption="receipt for @school_desk_bot")

    message = (await bot.get_updates())[-1].message
    assert message
    assert message.photo
    assert message.caption == "receipt for @school_desk_bot"
    downloaded = await bot.download(message.photo[-1])
    assert downloaded
    assert downloaded.read() == JPEG


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"no picture", "IMAGE_PROCESS_FAILED"),
        (png(9000, 2000), "PHOTO_INVALID_DIMENSIONS"),
        (png(2100, 100), "PHOTO_INVALID_DIMENSIONS"),
        (b"", "file must be non-empty"),
        (
            b"x" * (10 * 1024**2 + 1),
            "file of size 10485761 bytes is too big for a photo; the maximum size is 10485760",
        ),
    ],
    ids=["not a picture", "too large", "too narrow", "empty", "too many bytes"],
)
async def test_what_is_no_photo_is_refused(
    bot: Bot, anna: Person, content: bytes, complaint: str
) -> None:
    with pytest.raises(TelegramBadRequest, match=complaint):
        await bot.send_photo(anna.id, BufferedInputFile(content, "photo.png"))


async def test_a_file_has_at_most_50_megabytes(bot: Bot, anna: Person) -> None:
    huge = BufferedInputFile(bytes(50 * 1024**2 + 1), "huge.bin")

    with pytest.raises(TelegramAPIError, match="Request Entity Too Large"):
        await bot.send_document(anna.id, huge)


async def test_a_bot_downloads_at_most_20_megabytes(
    bot: Bot, desk: BotAccount, anna: Person
) -> None:
    document = anna.send_document(desk, bytes(20 * 1024**2 + 1), "film.mp4").document
    assert document

    with pytest.raises(TelegramBadRequest, match="file is too big"):
        await bot.get_file(document.file_id)


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        ("file-77", "wrong remote file identifier specified: "),
        ("https://example.org/photo.png", "wrong file identifier/HTTP URL specified"),
    ],
)
async def test_a_file_nobody_has_sent_is_refused(
    bot: Bot, anna: Person, source: str, complaint: str
) -> None:
    with pytest.raises(TelegramBadRequest, match=complaint):
        await bot.send_photo(anna.id, source)


async def test_a_document_is_no_photo(bot: Bot, desk: BotAccount, anna: Person) -> None:
    document = anna.send_document(desk, b"x", "x.txt").document
    assert document

    with pytest.raises(TelegramBadRequest, match="can't use file of type Document as Photo"):
        await bot.send_photo(anna.id, document.file_id)


@source("MessageContent 5241")
async def test_captions_have_at_most_1024_characters(bot: Bot, anna: Person) -> None:
    file = BufferedInputFile(b"x", "x.txt")
    await bot.send_document(anna.id, file, caption="😀" * 1024)

    with pytest.raises(TelegramBadRequest, match="message caption is too long"):
        await bot.send_document(anna.id, file, caption="😀" * 1025)
