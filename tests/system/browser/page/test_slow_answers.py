"""Who is quicker than the server, or gets its answers in another order, is not left behind."""

import asyncio

from aiogram import Bot
from aiogram.types import BotCommand, InlineQueryResultArticle, InputTextMessageContent
from playwright.async_api import APIResponse, Page, Route, expect

from simulator import BotAccount, Person, Telegram
from tests.support.programs.program import PATIENCE
from tests.system.browser.demo import Chat

STAFF = -1_000_000_000_500


class Held:
    """Answers of the server that reach the page when they are let go."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._answers: list[tuple[Route, APIResponse]] = []
        self._another = asyncio.Condition()

    async def __call__(self, route: Route) -> None:
        answer = await route.fetch()
        async with self._another:
            self._answers.append((route, answer))
            self._another.notify_all()

    async def come(self, number: int) -> None:
        """Wait until the server has answered so many questions."""
        async with asyncio.timeout(PATIENCE), self._another:
            await self._another.wait_for(lambda: len(self._answers) >= number)

    async def let_go(self, index: int) -> None:
        route, answer = self._answers[index]
        await route.fulfill(response=answer)
        # The page has its turn before anybody looks.
        await self._page.evaluate("() => new Promise((done) => setTimeout(done, 50))")


async def held(page: Page, path: str) -> Held:
    answers = Held(page)
    await page.route(f"**/sim/{path}", answers)
    return answers


async def test_an_answer_that_a_later_one_has_overtaken_changes_nothing(
    chat: Chat, bot: Bot, anna: Person, page: Page
) -> None:
    answers = await held(page, "people/*/chat/*")
    await bot.send_message(anna.id, "First")
    await answers.come(1)
    await bot.send_message(anna.id, "Second")
    await answers.come(2)

    await answers.let_go(1)
    await chat.shows("Second")
    await answers.let_go(0)

    await expect(chat.last).to_contain_text("Second")


async def test_who_writes_a_command_before_the_menu_comes_is_offered_it_then(
    chat: Chat, bot: Bot, page: Page
) -> None:
    await bot.set_my_commands([BotCommand(command="bookings", description="Show bookings")])
    answers = await held(page, "people/*/menu/*")
    await page.reload()
    await answers.come(1)
    await chat.input.fill("/bo")

    await answers.let_go(0)
    await page.unroute_all()
    await expect(chat.pane.get_by_role("option")).to_have_count(1)
    await chat.input.press("Enter")

    await chat.shows("/bookings")


async def test_the_panel_can_be_closed_before_it_knows_its_buttons(chat: Chat, page: Page) -> None:
    answers = await held(page, "controls")
    await page.get_by_label("For developers", exact=True).first.click()
    await answers.come(1)

    await page.locator("#panel").get_by_label("Close").click()

    await expect(page.locator("#panel")).to_be_hidden()


async def test_what_is_refused_is_not_given_back_in_another_chat(
    chat: Chat, telegram: Telegram, desk: BotAccount, page: Page, complaints: list[str]
) -> None:
    telegram.add_person(2, "Boris").start(desk)
    answers = await held(page, "people/*/send")
    await chat.write("x" * 4097)
    await answers.come(1)
    await page.locator(".entry", has_text="Boris").click()
    await expect(chat.pane.locator(".title")).to_contain_text("Boris")

    await answers.let_go(0)

    await expect(page.locator("#notices")).to_contain_text("1 to 4096 characters")
    await expect(chat.input).to_have_value("")
    # The browser's console shows the refused request.
    assert len(complaints) == 1
    complaints.clear()


async def test_results_of_a_search_that_was_given_up_are_not_offered(
    chat: Chat, bot: Bot, page: Page
) -> None:
    answers = await held(page, "people/*/search")
    await chat.input.fill("@any_bot ver")
    await answers.come(1)
    query = None
    while query is None:
        for update in await bot.get_updates(timeout=5):
            query = update.inline_query
            await bot.get_updates(offset=update.update_id + 1)
    content = InputTextMessageContent(message_text="Vera, 3 bookings")
    found = InlineQueryResultArticle(id="1", title="Vera", input_message_content=content)
    await bot.answer_inline_query(query.id, [found])
    await chat.input.fill("")

    await answers.let_go(0)

    await expect(chat.pane.get_by_role("option")).to_have_count(0)


async def test_who_has_just_joined_a_group_can_be_looked_at(
    chat: Chat, bot: Bot, anna: Person, desk: BotAccount, telegram: Telegram, page: Page
) -> None:
    staff = telegram.add_group(STAFF, "Staff", [telegram.add_person(2, "Boris")])
    staff.add(desk)
    await page.locator(".entry", has_text="Staff").click()
    await expect(chat.pane.get_by_label("Seen by")).to_be_visible()
    answers = await held(page, "chats")
    await bot.send_message(STAFF, "Welcome")
    await answers.come(1)
    staff.add(anna)
    await answers.come(2)

    await answers.let_go(1)
    await expect(chat.pane.get_by_label("Seen by").locator("option")).to_have_count(2)
    await answers.let_go(0)
    await page.unroute_all()
    await chat.pane.get_by_label("Seen by").select_option("Anna")
    await chat.write("Hello")

    await expect(chat.last).to_have_class("message own new")
