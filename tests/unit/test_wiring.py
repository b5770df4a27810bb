"""Every argument of a handler is provided by name, and routers are built anew each time."""

import inspect
from collections.abc import Iterator, Sequence
from typing import Final
from zoneinfo import ZoneInfo

import pytest
from aiogram import Bot, Dispatcher, Router
from aiogram.dispatcher.event.handler import HandlerObject
from aiogram.enums import UpdateType
from aiogram.filters import Command
from aiogram.filters.callback_data import CallbackQueryFilter
from aiogram.types import TelegramObject, User

import handlers
from bot.i18n import Translators
from bot.services.access import Staff
from bot.settings import Settings
from bot.telegram.answers import Answers
from bot.telegram.bots import Bots
from bot.telegram.speaker import SpeakerMiddleware
from bot.wiring import build_answers, build_dispatcher, build_dispatchers
from bot.wiring.services import Services
from db.database import Database
from db.server.pool import SessionPool
from handlers.common.turns import Turns

TRANSLATORS: Final = Translators(default="en", timezone=ZoneInfo("UTC"))
STAFF: Final = Staff({11})
#: The arguments that aiogram provides for every update from a person.
OF_AIOGRAM: Final = {"bot", "event_from_user", "event_chat", "event_update"}
MOST_ARGUMENTS: Final = 5
#: The arguments that the filters of error handlers provide.
OF_ERRORS: Final = {"error", "callback", "message"}


DESK: Final = Bot("1001:token")
SCHOOL: Final = Bot("1002:token")


def services() -> Services:
    settings = Settings(_env_file=None, bot_token=DESK.token, admin_ids="11")
    return Services.build(
        settings,
        db=Database(SessionPool()),
        bot=User(id=DESK.id, is_bot=True, first_name="School", username="school_bot"),
        translators=TRANSLATORS,
    )


def dispatcher_of(routers: Sequence[Router]) -> Dispatcher:
    bots = Bots(desk=DESK, students=DESK, sees_students=True)
    return build_dispatcher(
        services(),
        routers,
        bots=bots,
        answers=Answers(no_wait),
        turns=Turns(STAFF),
        translators=TRANSLATORS,
    )


async def no_wait() -> float:
    return 0


def provided() -> set[str]:
    return set(dispatcher_of([Router()]).workflow_data)


async def of_the_speaker() -> set[str]:
    async def handler(_: object, data: dict[str, object]) -> dict[str, object]:
        return data

    from_anna = {"event_from_user": User(id=11, is_bot=False, first_name="Anna")}
    data = await SpeakerMiddleware(STAFF, TRANSLATORS)(handler, TelegramObject(), from_anna)
    return set(data)


def routes() -> Iterator[tuple[str, str, HandlerObject]]:
    for router in handlers.build_routers():
        for event, observer in router.observers.items():
            for handler in observer.handlers:
                yield event, f"{handler.callback.__module__}.{handler.callback.__name__}", handler


def bound(event: str, handler: HandlerObject) -> set[str]:
    """Return the arguments that the handler's own filters provide."""
    filters = [filter_.callback for filter_ in handler.filters or []]
    names = OF_ERRORS if event == "error" else set()
    if any(isinstance(filter_, Command) for filter_ in filters):
        names |= {"command"}
    if any(isinstance(filter_, CallbackQueryFilter) for filter_ in filters):
        names |= {"callback_data"}
    return names


every_handler = pytest.mark.parametrize(
    ("event", "handler"),
    [pytest.param(event, handler, id=name) for event, name, handler in routes()],
)


@every_handler
def test_a_handler_has_five_arguments_at_most(event: str, handler: HandlerObject) -> None:
    assert len(inspect.signature(handler.callback).parameters) <= MOST_ARGUMENTS


@every_handler
def test_the_admin_and_the_translator_are_the_last_arguments(
    event: str, handler: HandlerObject
) -> None:
    arguments = list(inspect.signature(handler.callback).parameters)
    last = [name for name in ("by", "t") if name in arguments]

    assert arguments[len(arguments) - len(last) :] == last


@every_handler
async def test_every_argument_of_a_handler_is_provided(event: str, handler: HandlerObject) -> None:
    _, *arguments = inspect.signature(handler.callback).parameters
    given = provided() | await of_the_speaker() | OF_AIOGRAM | bound(event, handler)

    assert set(arguments) <= given


@pytest.mark.parametrize(
    "handler",
    [
        pytest.param(handler, id=name)
        for _, name, handler in routes()
        if "callback_data" in inspect.signature(handler.callback).parameters
    ],
)
def test_a_handler_of_presses_reads_the_payload_its_filter_unpacks(
    handler: HandlerObject,
) -> None:
    [unpacked] = [
        filter_.callback.callback_data
        for filter_ in handler.filters or []
        if isinstance(filter_.callback, CallbackQueryFilter)
    ]

    assert inspect.signature(handler.callback).parameters["callback_data"].annotation is unpacked


def test_no_filter_and_no_handler_is_run_in_a_thread() -> None:
    called = [
        callable_
        for router in handlers.build_routers()
        for observer in router.observers.values()
        for handler in observer.handlers
        for callable_ in (handler, *(handler.filters or []))
    ]

    assert [callable_.callback for callable_ in called if not callable_.awaitable] == []


def test_telegram_is_asked_for_what_the_handlers_take_and_no_more() -> None:
    students = {UpdateType.MESSAGE, UpdateType.CALLBACK_QUERY, UpdateType.MY_CHAT_MEMBER}
    admins = students | {UpdateType.INLINE_QUERY}

    for routers, taken in (
        (handlers.build_routers(), admins),
        ([handlers.build_student_router()], students),
    ):
        assert set(dispatcher_of(routers).resolve_used_update_types()) == taken


def test_nobody_who_wrote_is_kept_in_memory() -> None:
    dispatcher = dispatcher_of([Router()])

    assert dispatcher.fsm not in list(dispatcher.update.outer_middleware)


def test_the_routes_are_built_anew_for_every_dispatcher() -> None:
    first, second = (dispatcher_of(handlers.build_routers()) for _ in range(2))

    assert len(list(first.chain_tail)) == len(list(second.chain_tail)) > 1


@pytest.mark.parametrize(
    ("bots", "seen"),
    [
        (Bots(desk=DESK, students=DESK, sees_students=True), [DESK]),
        (Bots(desk=DESK, students=SCHOOL, sees_students=False), [DESK]),
        (Bots(desk=DESK, students=SCHOOL, sees_students=True), [DESK, SCHOOL]),
    ],
)
def test_every_bot_that_the_desk_sees_is_answered_by_the_same_services(
    bots: Bots, seen: Sequence[Bot]
) -> None:
    made = services()

    dispatchers = build_dispatchers(
        made, bots=bots, answers=build_answers(made, bots), translators=TRANSLATORS
    )

    assert list(dispatchers) == seen
    for dispatcher in dispatchers.values():
        given = dispatcher.workflow_data
        assert all(given[name] is service for name, service in made.by_name().items())
