"""The panel in which admins edit a filter."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from bot.errors import SearchForgotten
from bot.services.access import Desk, Permission
from bot.services.lists.choices import DEEPEST, Narrowing, narrowed_by
from bot.services.lists.filtered import names_of
from bot.services.lists.paging import PAGE_SIZE
from bot.views.filters import Choices, Option, Panel
from bot.views.lists import ListKey, SavedQuery, Tab
from db.database import UnitOfWork
from db.models.audit import Actor
from db.models.filters import Filter, FilterField

_NEWEST_MONTHS: Final = 2


class FilterService:
    """The panel in which admins edit a filter.

    Raises:
        NotAllowed: from every method, if `by` may not read.
        SearchForgotten: the saved filter is deleted.
    """

    def __init__(self, desk: Desk, *, timezone: ZoneInfo) -> None:
        """Read the days of filters in the school's `timezone`."""
        self._desk = desk
        self._zone = timezone.key

    async def panel(self, key: ListKey, *, by: Actor, now: datetime) -> Panel:
        """Return the panel for the filter of a list; the filter of a tab is its status."""
        async with self._desk.transaction(by, Permission.READ) as uow:
            if isinstance(key, Tab):
                return await _panel(uow, Filter(zone=self._zone, status=key.status), now)
            return await _panel(uow, await _saved(uow, key), now)

    async def choose(
        self, key: SavedQuery, field: FilterField, value: int, *, by: Actor, now: datetime
    ) -> Panel:
        """Choose an option, or drop it if it is chosen already."""
        async with self._desk.transaction(by, Permission.READ) as uow:
            before = await _saved(uow, key)
            after = await narrowed_by(uow, before, field, value)
            if after == before:
                after = before.without(field)
            return await _panel(uow, after, now)

    async def drop(
        self, key: SavedQuery, field: FilterField, *, by: Actor, now: datetime
    ) -> Panel:
        """Drop the choice of one field."""
        async with self._desk.transaction(by, Permission.READ) as uow:
            return await _panel(uow, (await _saved(uow, key)).without(field), now)

    async def choices(
        self, key: SavedQuery, field: FilterField, offset: int, *, by: Actor, now: datetime
    ) -> Choices:
        """Return a page of all options of a field, from number `offset` on."""
        async with self._desk.snapshot(by) as uow:
            offset = min(offset, DEEPEST - PAGE_SIZE)
            filter_ = await _saved(uow, key)
            narrowing = Narrowing(uow, filter_, now)
            options, more = await narrowing.options(field, offset=offset, limit=PAGE_SIZE)
            months: Sequence[Option] = []
            if field is FilterField.DAYS:
                months, _ = await narrowing.options(FilterField.MONTH, limit=_NEWEST_MONTHS)
            return Choices(
                key=key,
                filter=filter_,
                field=field,
                options=[*options, *months],
                previous=max(0, offset - PAGE_SIZE) if offset else None,
                next=offset + PAGE_SIZE if more else None,
            )


async def _saved(uow: UnitOfWork, key: SavedQuery) -> Filter:
    filter_ = await uow.saved_queries.get(key.number)
    if not isinstance(filter_, Filter):
        raise SearchForgotten
    return filter_


async def _panel(uow: UnitOfWork, filter_: Filter, now: datetime) -> Panel:
    return Panel(
        key=SavedQuery(await uow.saved_queries.keep(filter_)),
        filter=filter_,
        names=await names_of(uow, filter_),
        count=await Narrowing(uow, filter_, now).count(),
    )
