"""Lists under a number: of what somebody looked for, or chose by filters."""

from bot.errors import SearchForgotten
from bot.services.filtered import read_filtered
from bot.services.paging import read_list
from bot.services.search import read_found
from db.database import UnitOfWork
from db.models import BookingList, Filter, Place


async def read_any(uow: UnitOfWork, place: Place) -> BookingList:
    """Read the page at `place`, whatever its list is.

    Raises:
        SearchForgotten: nobody knows any more what the number stood for.
    """
    if place.view is None:
        return await read_list(uow, place)
    match await uow.views.get(place.view):
        case None:
            raise SearchForgotten
        case Filter() as chosen:
            return await read_filtered(uow, place, chosen)
        case search:
            return await read_found(uow, place, search)
