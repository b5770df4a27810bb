"""What the demo has to show: everybody of the sample, and who books while one watches."""

from playwright.async_api import Page, expect

from tests.system.browser.demo import ANNA, Chat, Demo


async def test_everybody_of_the_sample_is_in_telegram(page: Page, demo: Demo) -> None:
    await page.goto(demo.address(ANNA))
    anna = Chat(page, 0)
    await anna.shows("12 bookings")
    await anna.press("🆕")
    await anna.shows("41 bookings")
    await anna.last.locator(".inline").first.click()
    await anna.shows("Booking #")

    await anna.press("Confirm")
    await anna.shows("Confirmed by Anna")
    await anna.last.locator(".text a").first.click()

    student = Chat(page, 1)
    await expect(student.pane).to_be_visible()
    await student.shows("welcome!")


async def test_a_student_books_while_one_watches(page: Page, demo: Demo) -> None:
    await page.goto(demo.address(ANNA))
    anna, hint = Chat(page, 0), page.locator("#hint")
    await anna.shows("12 bookings")
    await expect(hint).to_contain_text("You are everybody here")

    await hint.get_by_role("button", name="A student books").click()
    await expect(hint).to_contain_text("Amélie has just booked")
    await expect(page.locator(".entry .name").first).to_have_text("Amélie")
    await demo.let_time_pass(60)
    await expect(hint).to_contain_text("Иван has just booked")

    await anna.press("Refresh")
    await anna.shows("14 bookings")


async def test_a_card_warns_of_a_second_booking_and_a_profile_names_old_names(
    page: Page, demo: Demo
) -> None:
    await page.goto(demo.address(ANNA))
    anna = Chat(page, 0)
    await anna.shows("12 bookings")

    await anna.press("Next")
    await anna.open_card("Тимур")
    await anna.shows("another booking for this course")
    await anna.press("The student")

    await anna.shows("Also known as: ")
    await expect(anna.last).to_contain_text("Тимур (2 смена)")


async def test_a_table_of_bookings_is_there_to_be_imported(page: Page, demo: Demo) -> None:
    await page.goto(demo.address(ANNA))
    anna = Chat(page, 0)
    await anna.shows("12 bookings")

    await page.locator("#hint").get_by_role("button", name="Anna sends a table").click()
    await anna.shows("6 bookings can be added")
    await anna.press("Add 6")

    await anna.shows("Done: 6 bookings are in")


async def test_the_desk_is_searched_from_any_chat(page: Page, demo: Demo) -> None:
    await page.goto(demo.address(ANNA))
    anna = Chat(page, 0)
    await anna.shows("12 bookings")
    await page.locator(".entry", has_text="Staff").click()

    await anna.input.fill("@school_desk_bot María")
    await anna.pane.get_by_role("option", name="María").first.click()

    await anna.shows("via @school_desk_bot")


async def test_who_has_decided_everything_is_told_how_to_go_on(page: Page, demo: Demo) -> None:
    await demo.let_time_pass(60)
    await page.goto(demo.address(ANNA))
    anna, hint = Chat(page, 0), page.locator("#hint")
    await expect(hint).to_contain_text("has just booked")

    await anna.press("Refresh")
    await anna.press("All…")
    await anna.press("Confirm all")
    await anna.press("Confirm 13")
    await anna.shows("Done: 13 bookings")

    await expect(hint).to_contain_text("begin anew with Reset")
    await anna.press("Undo all 13")
    await expect(hint).to_contain_text("You are everybody here")
