"""Adding a booking by hand: /add, the answers to its questions, and its buttons."""

from aiogram import Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message, ReplyKeyboardRemove

from bot.errors.adding import PrivateOnly
from bot.i18n import Translator
from bot.screens.adding import by_hand as screens
from bot.services.adding.additions import AdditionService
from bot.services.adding.drafts import DraftService
from bot.texts.adding.by_hand import person as name_of
from db.models.adding.drafts import DraftField
from db.models.audit import Actor
from handlers.adding.people import person_in
from handlers.common.screen import send, show
from keyboards.adding.by_hand import picker
from keyboards.payloads.adding.by_hand import (
    AddButton,
    AddDraftButton,
    DraftButton,
    DraftChoiceButton,
    DropDraftButton,
    PickPersonButton,
    UndoAddingButton,
)


async def begin(message: Message, drafts: DraftService, by: Actor, t: Translator) -> None:
    await send(message, screens.draft(t, await drafts.begin(by=by)))


async def begin_here(
    callback: CallbackQuery, drafts: DraftService, by: Actor, t: Translator
) -> None:
    # The answers come as messages, which are read in private only.
    if callback.message is None or callback.message.chat.id != by.id:
        raise PrivateOnly
    await show(callback, screens.draft(t, await drafts.begin(by=by)))


async def answers_draft(message: Message, drafts: DraftService, by: Actor) -> bool:
    """Whether the message answers what the admin's draft asks for."""
    if message.text is None and message.contact is None and message.forward_origin is None:
        return False
    return not (message.text or "").startswith("/") and await drafts.waits(by=by)


async def answer(message: Message, drafts: DraftService, by: Actor, t: Translator) -> None:
    if message.contact is None and message.forward_origin is None:
        view = await drafts.answer(message.text or "", by=by)
    else:
        view = await drafts.take_person(person_in(message), by=by)
    await send(message, screens.draft(t, view))


async def has_chosen(message: Message) -> bool:
    return message.users_shared is not None


async def take_chosen(message: Message, drafts: DraftService, by: Actor, t: Translator) -> None:
    """Take whom the admin chose in Telegram, also when the draft is long forgotten."""
    person = person_in(message)
    view = await drafts.take_person(person, by=by)
    chosen = view.draft.person or person
    await message.answer(
        t("add-picked", person=name_of(chosen)), reply_markup=ReplyKeyboardRemove()
    )
    await send(message, screens.draft(t, view))


async def ask(
    callback: CallbackQuery,
    callback_data: DraftButton,
    drafts: DraftService,
    by: Actor,
    t: Translator,
) -> None:
    view = await drafts.show(
        callback_data.draft, callback_data.field, offset=callback_data.offset, by=by
    )
    await show(callback, screens.draft(t, view))


async def choose(
    callback: CallbackQuery,
    callback_data: DraftChoiceButton,
    drafts: DraftService,
    by: Actor,
    t: Translator,
) -> None:
    view = await drafts.choose(
        callback_data.draft, callback_data.field, callback_data.value, by=by
    )
    await show(callback, screens.draft(t, view))


async def pick(
    callback: CallbackQuery,
    callback_data: PickPersonButton,
    drafts: DraftService,
    by: Actor,
    t: Translator,
) -> None:
    """Show the button that only a keyboard can have, in a message of its own."""
    view = await drafts.show(callback_data.draft, DraftField.PERSON, by=by)
    await show(callback, screens.draft(t, view))
    if isinstance(callback.message, Message):
        await callback.message.answer(t("add-pick"), reply_markup=picker(t))


async def drop(
    callback: CallbackQuery,
    callback_data: DropDraftButton,
    drafts: DraftService,
    by: Actor,
    t: Translator,
) -> None:
    await drafts.cancel(callback_data.draft, by=by)
    await show(callback, screens.dropped(t))


async def add(
    callback: CallbackQuery,
    callback_data: AddDraftButton,
    additions: AdditionService,
    by: Actor,
    t: Translator,
) -> None:
    result = await additions.add(
        callback_data.draft,
        revision=callback_data.revision,
        known=callback_data.known,
        by=by,
        now=t.now,
    )
    await show(callback, screens.outcome(t, result))


async def undo(
    callback: CallbackQuery,
    callback_data: UndoAddingButton,
    additions: AdditionService,
    by: Actor,
    t: Translator,
) -> None:
    await additions.undo(callback_data.booking, revision=callback_data.revision, by=by)
    await show(callback, screens.undone(t, callback_data.booking))


def register(router: Router) -> None:
    router.message.register(begin, Command("add", ignore_case=True))
    router.message.register(take_chosen, has_chosen)
    router.message.register(answer, answers_draft)
    router.callback_query.register(begin_here, AddButton.filter())
    router.callback_query.register(ask, DraftButton.filter())
    router.callback_query.register(choose, DraftChoiceButton.filter())
    router.callback_query.register(pick, PickPersonButton.filter())
    router.callback_query.register(drop, DropDraftButton.filter())
    router.callback_query.register(add, AddDraftButton.filter())
    router.callback_query.register(undo, UndoAddingButton.filter())
