"""The desk, as admins and students use it."""

import asyncio
import re

from playwright.async_api import Page, expect

from tests.system.browser.demo import ANNA, BORIS, GLEB, LEI, MARIA, NILS, Chat, Demo

#: Milliseconds of the demo's grace.
GRACE = 5_000


async def test_a_confirmed_student_is_welcomed_in_the_same_view(page: Page, demo: Demo) -> None:
    await page.goto(demo.address(ANNA, MARIA))
    anna, maria = Chat(page, 0), Chat(page, 1)
    await anna.open_card("María")

    await anna.press("Confirm")

    await anna.is_told("is confirmed")
    await anna.shows("Confirmed by Anna")
    await maria.shows("María, welcome!")


async def test_the_plain_address_shows_an_admin_and_the_student_who_waits_longest(
    page: Page, demo: Demo
) -> None:
    await page.goto(demo.url)

    await expect(page.locator(".pane .title b")).to_have_text(
        ["Anna’s phone · School desk", "María’s phone · School desk"]
    )
    await expect(page.locator("#chats .entry")).to_have_count(15)


async def test_of_two_admins_who_press_at_once_one_decides(page: Page, demo: Demo) -> None:
    await page.goto(demo.address(ANNA, BORIS))
    anna, boris = Chat(page, 0), Chat(page, 1)
    await anna.open_card("Глеб")
    await boris.press("Глеб")
    await boris.shows("Заявка #")

    # The script clicks, because there is only one mouse for both presses.
    await asyncio.gather(
        anna.button("Confirm").dispatch_event("click"),
        boris.button("Подтвердить").dispatch_event("click"),
    )

    alert = page.locator(".alert")
    await expect(alert).to_have_text(re.compile("Confirmed by Борис|Подтверждено: Anna"))
    await anna.shows("Confirmed")
    await boris.shows("Подтверждена")


async def test_an_undone_decision_reaches_nobody(page: Page, demo: Demo) -> None:
    await page.goto(demo.address(ANNA, MARIA))
    anna, maria = Chat(page, 0), Chat(page, 1)
    await anna.open_card("María")
    await anna.press("Confirm")

    await anna.press("Undo")

    await anna.shows("Pending")
    await expect(anna.button("Confirm")).to_be_visible()
    await page.wait_for_timeout(GRACE + 1_000)
    await expect(maria.messages).to_have_count(2)


async def test_a_student_reads_why_the_booking_is_cancelled_in_the_same_view(
    page: Page, demo: Demo
) -> None:
    await page.goto(demo.address(ANNA, GLEB))
    anna, gleb = Chat(page, 0), Chat(page, 1)
    await anna.open_card("Глеб")
    await anna.press("Cancel…")
    await anna.shows("Глеб, ваша заявка")
    await expect(anna.button("There are no places left.")).to_be_visible()

    await anna.last.hover()
    await anna.last.get_by_label("Reply").click()
    await anna.write("До осени!")
    await anna.shows("💬 До осени!")
    await anna.press("Yes, cancel it")

    await anna.shows("Cancelled by Anna")
    await gleb.shows("💬 До осени!")


async def test_pages_are_turned_there_and_back(page: Page, demo: Demo) -> None:
    await page.goto(demo.address(ANNA))
    anna = Chat(page, 0)
    await anna.shows("page 1 of 2")

    await anna.press("Next")
    await anna.shows("page 2 of 2")
    await expect(anna.button("Priya")).to_be_visible()

    await anna.press("‹")
    await anna.shows("page 1 of 2")
    await expect(anna.button("María")).to_be_visible()


async def test_a_student_who_has_blocked_the_bot_is_welcomed_after_unblocking(
    page: Page, demo: Demo
) -> None:
    await page.goto(demo.address(ANNA, LEI))
    anna, lei = Chat(page, 0), Chat(page, 1)
    await anna.open_card("李雷")
    await anna.press("Confirm")
    await anna.shows("has blocked the bot")

    await lei.pane.get_by_role("button", name="Unblock").click()

    await lei.shows("welcome!")


async def test_a_student_who_never_started_the_bot_is_welcomed_after_start(
    page: Page, demo: Demo
) -> None:
    await page.goto(demo.address(ANNA, NILS))
    anna, nils = Chat(page, 0), Chat(page, 1)
    await anna.open_card("Nils")
    await anna.press("Confirm")
    await anna.shows("Nils didn't get the welcome")

    await nils.pane.get_by_role("button", name="Start").click()

    await nils.shows("Nils, welcome!")


async def test_what_is_pressed_while_the_bot_restarts_is_answered_afterwards(
    page: Page, demo: Demo
) -> None:
    await page.goto(demo.address(ANNA, GLEB))
    anna, gleb = Chat(page, 0), Chat(page, 1)
    await anna.open_card("Глеб")

    await demo.restart()
    await anna.press("Confirm")

    await anna.shows("Confirmed by Anna")
    await gleb.shows("Глеб")
    await expect(gleb.messages).to_have_count(3)


async def test_a_bot_that_a_fault_keeps_from_starting_is_started_again(
    page: Page, demo: Demo
) -> None:
    await page.goto(demo.address(ANNA))
    anna = Chat(page, 0)

    await demo.fail("getMe")
    await demo.restart()

    await anna.open_card("María")


async def test_everything_is_done_with_the_keyboard_alone(page: Page, demo: Demo) -> None:
    await page.goto(demo.address(ANNA, MARIA))
    anna, maria = Chat(page, 0), Chat(page, 1)
    await anna.shows("12 bookings")
    await anna.input.focus()

    await page.keyboard.type("/pen")
    await page.keyboard.press("Enter")
    await expect(anna.messages).to_have_count(6)
    await anna.button("María").focus()
    await page.keyboard.press("Enter")
    await anna.button("Confirm").focus()
    await page.keyboard.press("Enter")

    await maria.shows("María, welcome!")
    await page.keyboard.press("Alt+ArrowDown")
    await expect(page.locator(".pane .title b").first).not_to_contain_text("Anna")


async def test_a_reset_brings_the_sample_data_back(page: Page, demo: Demo) -> None:
    await page.goto(demo.address(ANNA, MARIA))
    anna, maria = Chat(page, 0), Chat(page, 1)
    await anna.open_card("María")
    await anna.press("Confirm")
    await maria.shows("María, welcome!")

    await page.locator("#hint").get_by_role("button", name="Reset").click()
    await page.locator("dialog").get_by_role("button", name="Reset").click()

    await expect(maria.messages).to_have_count(2)
    await anna.shows("12 bookings")
