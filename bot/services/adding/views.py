"""Reading a draft, with what can be chosen next."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import islice
from typing import Final

from bot.views.adding.by_hand import DraftView
from db.database import UnitOfWork
from db.models.adding.drafts import Draft, DraftField
from db.models.bookings import Booking
from db.models.streams import Stream

CHOICES: Final = 8
"""Courses or streams on one page."""
_DUPLICATES: Final = 3


async def read_draft(
    uow: UnitOfWork, draft: Draft, *, offset: int = 0, grace: timedelta
) -> DraftView:
    """Return the draft with the choices from number `offset` on."""
    courses, streams = {}, list[Stream]()
    if draft.asks is DraftField.COURSE:
        courses = dict(await uow.streams.courses(offset=offset, limit=CHOICES + 1))
    if draft.asks is DraftField.STREAM:
        streams = [*await uow.streams.open_of(draft.course_id)][offset : offset + CHOICES + 1]
    return DraftView(
        draft=draft,
        course=await _course(uow, draft),
        stream=draft.course_stream
        and await uow.streams.name(draft.course_stream, draft.course_id),
        courses=dict(islice(courses.items(), CHOICES)),
        streams=streams[:CHOICES],
        offset=offset,
        more=max(len(courses), len(streams)) > CHOICES,
        duplicates=await duplicates(uow, draft),
        grace=grace,
    )


async def duplicates(uow: UnitOfWork, draft: Draft) -> Sequence[Booking]:
    """Return the person's active bookings of the same course, newest first."""
    ids = await uow.bookings.duplicates(draft.user_id, draft.course_id, limit=_DUPLICATES)
    bookings = await uow.bookings.of_ids(frozenset(ids))
    return [bookings[number] for number in ids if number in bookings]


async def _course(uow: UnitOfWork, draft: Draft) -> str | None:
    if draft.course_id is None:
        return draft.course_name
    return await uow.streams.course_name(draft.course_id)
