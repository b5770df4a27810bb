"""Filters by the state of the welcome, and schools to filter."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import product
from typing import Any

from bot.services.bookings.effects import owe_welcome
from db.database import Database, UnitOfWork
from db.models.bookings import BookingStatus
from db.models.filters import Filter, WelcomeState

DAY_ONE = datetime(2026, 3, 1, tzinfo=UTC)
UNDELIVERED = Filter(welcome=WelcomeState.UNDELIVERED)
WAITING = Filter(welcome=WelcomeState.WAITING)
ARRIVED = Filter(welcome=WelcomeState.DELIVERED)
STATES = {
    WelcomeState.UNDELIVERED: ["queued", "sending", "unknown", "waiting", "failed"],
    WelcomeState.WAITING: ["waiting"],
    WelcomeState.DELIVERED: ["sent"],
}
_LEADING: Sequence[Mapping[str, Any]] = (
    {},
    {"status": BookingStatus.PENDING},
    {"status": BookingStatus.CONFIRMED},
    {"course": 1},
    {"stream": "stream_1"},
    {"code": "CODE"},
)
_MORE: Sequence[Mapping[str, Any]] = (
    {"discount": True},
    {"discount": False, "status": BookingStatus.CONFIRMED},
    {"stream": "stream_1", "course": 1},
    {"code": "code", "stream": "stream_1"},
)
INDEXED = [UNDELIVERED, WAITING, *(replace(ARRIVED, **fields) for fields in _LEADING)]
"""Filters that an index of welcomes finds."""
COMBINED = [replace(filter_, **more) for filter_, more in product(INDEXED, _MORE)]
"""Filters with conditions that these indexes do not find."""
OWED = """
    INSERT INTO booking_desk.outbox
           (kind, key, booking_id, revision, chat_id, sender, state)
    SELECT 'welcome', id, id, 1, user_id, 'students', 'waiting' FROM bookings
"""
WALKED = """
    INSERT INTO bookings
           (user_id, course_id, course_stream, confirmed, referral_code, created_at)
    SELECT n, 1 + n % 2, 'stream_' || n % 2, 1 + n / 4 % 2, CASE n / 8 % 2 WHEN 0 THEN 'Code' END,
           '2026-01-01Z'::timestamptz + n * interval '1 minute'
      FROM generate_series(1, $1::integer) AS n
"""


async def owed(db: Database, booking_id: int) -> None:
    async with db.transaction() as uow:
        await owe(uow, booking_id)


async def owe(uow: UnitOfWork, booking_id: int) -> None:
    if booking := await uow.bookings.lock(booking_id):
        await owe_welcome(uow, booking, revision=booking.revision)
