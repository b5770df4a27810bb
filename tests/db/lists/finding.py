"""The bookings that an admin finds by a search."""

from datetime import timedelta
from typing import Final

from bot.services.lists.search import SearchService
from bot.views.lists import FoundCard
from db.models.audit import Actor

ANNA: Final = Actor(id=11, name="Anna")
NO_GRACE: Final = timedelta(0)


async def found(search: SearchService, text: str) -> list[int]:
    """Return the bookings that the text means, without those that are only similar."""
    result = await search.find(text, by=ANNA)
    if isinstance(result, FoundCard):
        return [result.card.booking.id]
    return [] if result.nearest else [booking.id for booking in result.page.items]
