"""The screens of bulks, with the longest values."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import product

from bot.i18n import Translator
from bot.screens.backlog import bulks
from bot.screens.screen import Screen
from bot.views.bulks import BulkChoice, BulkPage, BulkView
from bot.views.lists import (
    BulkOrigin,
    Origin,
)
from db.models.audit import Actor
from db.models.bulks import Bulk, BulkAction, BulkPart, BulkState, ItemResult
from db.models.lists import START
from tests.unit.texts.screens.every import BOOKING, CHOSEN, NOW, SAVED, STREAMS


def a_bulk(state: BulkState, action: BulkAction, *, tell: bool = True) -> Bulk:
    return Bulk(
        id=1,
        by=Actor(id=11, name="Константин"),
        second=Actor(id=12, name="Александра"),
        action=action,
        stream_id=1,
        tell=tell,
        query=SAVED.number,
        page=START,
        state=state,
        chat_id=None,
        message_id=None,
        language=None,
        undo_until=NOW + timedelta(minutes=1),
        results={None: 1000, ItemResult.DONE: 1000},
    )


def bulk_screens(t: Translator) -> Iterator[Screen]:
    yield bulks.choices(t, BulkChoice(origin=Origin(SAVED), total=9999, streams=STREAMS))
    for state in BulkState:
        for action, tell in product(BulkAction, (True, False)):
            bulk = a_bulk(state, action, tell=tell)
            yield bulks.bulk(
                t,
                BulkView(
                    bulk=bulk,
                    stream=STREAMS[0],
                    filter=CHOSEN,
                    names={},
                    shown=[],
                    bookings={},
                    changes={},
                ),
            )


def bulk_pages(t: Translator) -> Iterator[Screen]:
    concerned = BulkView(
        bulk=a_bulk(BulkState.DONE, BulkAction.CONFIRM),
        stream=STREAMS[0],
        filter=CHOSEN,
        names={},
        shown=[BOOKING.id],
        bookings={BOOKING.id: BOOKING},
        changes={},
    )
    for part in BulkPart:
        yield bulks.page(
            t,
            BulkPage(
                view=concerned, origin=BulkOrigin(1, part, 992), previous=984, following=1000
            ),
        )
