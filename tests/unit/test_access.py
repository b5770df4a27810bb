"""Only admins pass: routes filter everybody else out, and use cases refuse them again."""

import inspect
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import pytest
from aiogram import Router
from aiogram.dispatcher.event.handler import HandlerObject
from aiogram.enums import ChatType
from aiogram.types import Chat, Message

import handlers
from bot.errors import NotAllowed
from bot.services.access import Desk, Staff
from bot.services.bookings.decisions import BookingService
from bot.services.history import HistoryService
from bot.services.lists.filters import FilterService
from bot.services.lists.pages import ListService
from bot.services.lists.query_text import QueryTextService
from bot.services.lists.search import SearchService
from bot.services.outbox.admin import OutboxService
from bot.services.people import PersonService
from bot.services.status import StatusService
from db.database import Database
from db.models.audit import Actor
from db.server.pool import SessionPool
from handlers.common.access import from_admin

STAFF: Final = Staff({11})
STRANGER: Final = Actor(id=13, name="Vera")
FROM_VERA: Final = Message(
    message_id=1, date=datetime.now(UTC), chat=Chat(id=13, type=ChatType.PRIVATE)
)
NOWHERE: Final = Database(SessionPool())
DESK: Final = Desk(NOWHERE, STAFF)
LISTS: Final = ListService(DESK, timezone=ZoneInfo("UTC"))
SERVICES: Final = (
    BookingService(DESK, grace=timedelta(0)),
    FilterService(DESK, timezone=ZoneInfo("UTC")),
    HistoryService(DESK),
    LISTS,
    OutboxService(DESK, student_bot="school_bot"),
    PersonService(DESK),
    SearchService(DESK, grace=timedelta(0)),
    StatusService(DESK, version="", mode="polling"),
    QueryTextService(DESK, LISTS, {}, timezone=ZoneInfo("UTC")),
)


def use_cases() -> Iterator[Any]:
    for service in SERVICES:
        for name, method in inspect.getmembers(service, inspect.iscoroutinefunction):
            if not name.startswith("_"):
                yield pytest.param(method, id=f"{type(service).__name__}.{name}")


@pytest.mark.parametrize("use_case", list(use_cases()))
async def test_a_use_case_refuses_a_stranger_before_it_does_anything(
    use_case: Callable[..., Any],
) -> None:
    nothing = dict.fromkeys(inspect.signature(use_case).parameters)

    with pytest.raises(NotAllowed):
        await use_case(**nothing | {"by": STRANGER})


def routes_for_admins() -> Iterator[Any]:
    for router in handlers.build_routers():
        for event, observer in router.observers.items():
            for handler in observer.handlers:
                by = inspect.signature(handler.callback).parameters.get("by")
                if by and by.annotation is Actor:
                    name = f"{handler.callback.__module__}.{handler.callback.__name__}"
                    yield pytest.param(router, event, handler, id=name)


@pytest.mark.parametrize(("router", "event", "handler"), list(routes_for_admins()))
async def test_a_handler_that_needs_an_admin_is_called_for_admins_alone(
    router: Router, event: str, handler: HandlerObject
) -> None:
    filters = [head.observers[event].check_root_filters for head in router.chain_head]
    passed = [(await check(FROM_VERA, by=None))[0] for check in filters]

    assert not all(passed) or from_admin in [filter_.callback for filter_ in handler.filters or []]
