"""/outbox: the groups of messages and the pages of a group."""

import asyncpg

from tests.support.outbox import put, state_of
from tests.support.person import Person


async def test_an_outbox_where_all_is_well_says_so(desk: None, anna: Person) -> None:
    await anna.opens("/outbox", shows="🎉 Everything has arrived")

    assert anna.buttons == ["💌 Sent", "🔄 Refresh"]


async def test_what_was_not_delivered_is_counted_by_state_and_reason(
    anna: Person, boris: Person, booking: int, sql: asyncpg.Connection
) -> None:
    await put(sql, booking, "waiting", "blocked", 3)
    await put(sql, booking + 1, "failed", "refused", 2)
    await put(sql, booking + 2, "sent", count=4)
    await put(sql, booking + 3, "withdrawn", "cancelled", 4)

    await anna.opens("/outbox", shows="Not delivered · 5 messages")
    await boris.opens("/outbox", shows="Не доставлено · 5 сообщений")

    assert anna.buttons[:2] == [
        "📪 3 · on hold: the recipient has blocked the bot",
        "⚠️ 2 · failed: Telegram refused the text",
    ]
    assert boris.buttons[0] == "📪 3 · отложено: адресат заблокировал бота"


async def test_a_group_is_read_page_by_page_the_newest_first(
    anna: Person, booking: int, sql: asyncpg.Connection
) -> None:
    await put(sql, booking, "failed", "refused", 20)
    await anna.opens("/outbox", shows="20 messages")
    pages = []

    await anna.press("failed")
    for number in (1, 2):
        await anna.sees(f"page {number} of 3")
        pages.append(payloads(anna))
        await anna.press("Next ›")
    await anna.sees("page 3 of 3")
    pages.append(payloads(anna))

    assert [len(page) for page in pages] == [8, 8, 4]
    assert len({message for page in pages for message in page}) == 20
    await anna.press("« 1")
    await anna.sees("page 1 of 3")
    assert payloads(anna) == pages[0]
    await anna.press("3 »")
    await anna.sees("page 3 of 3")
    assert payloads(anna) == pages[2]


async def test_no_page_of_a_long_history_is_the_last_before_its_end(
    anna: Person, booking: int, sql: asyncpg.Connection
) -> None:
    await put(sql, booking, "sent", count=1016)
    await anna.opens("/outbox", shows="Everything has arrived")
    await anna.press("Sent")
    await anna.sees("page 1 of 126+", "126+ »")
    await anna.press("126+ »")
    await anna.sees("page 126+ of 126+")
    seen = []
    for _ in range(3):
        before = payloads(anna)
        seen += before
        await anna.choose("‹ Prev")
    await anna.sees("page 124 of 127")

    for label in ("page 125 of 127", "page 126+ of 127+", "page 126+ of 126+"):
        await anna.choose("Next ›")
        await anna.sees(label)
    assert len(set(seen)) == 24


def payloads(person: Person) -> list[str]:
    """Return the messages on a page, from the last field of the payloads of its rows."""
    rows = [button for row in person.screen.buttons for button in row if " #" in button.text]
    return [(button.callback_data or "").rpartition(":")[2] for button in rows]


async def test_what_was_sent_can_be_looked_up(
    anna: Person, booking: int, sql: asyncpg.Connection
) -> None:
    await put(sql, booking, "sent")
    await anna.opens("/outbox", shows="Everything has arrived")

    await anna.press("Sent")
    await anna.press(f"💌 #{booking}")
    await anna.sees("For the engineer: message 1", "Welcome delivered")

    assert anna.buttons == [f"Booking #{booking}", "‹ Back to the list", "🔄 Refresh"]


async def test_none_of_it_exists_for_a_stranger(
    anna: Person, vera: Person, booking: int, sql: asyncpg.Connection
) -> None:
    await put(sql, booking, "failed", "refused")
    drawn = []
    await anna.opens("/outbox", shows="failed")
    drawn += data_on(anna)
    for label in ("failed", f"#{booking}"):
        await anna.press(label)
        await anna.sees("Back to the list" if "#" in label else "Send all again")
        drawn += data_on(anna)

    refused = {(await vera.forge(data).answered()).text for data in drawn}
    await vera.opens("/outbox", shows="/start")
    await vera.opens("/status", shows="/start")

    assert {data[:2] for data in drawn} >= {"o1", "g2", "r3", "n2", "e2", "c1"}
    assert refused == {"This button does not work any more."}
    assert await state_of(sql) == ("failed", "refused")


def data_on(person: Person) -> list[str]:
    return [button.callback_data or "" for row in person.screen.buttons for button in row]
