"""The buttons to the other pages of a list."""

from collections.abc import Callable, Iterable
from typing import Any, Final

from bot.i18n import Translator
from bot.views.lists import Page
from db.models.counts import AtLeast
from db.models.lists import START, Cursor, Edge
from keyboards.markup import Button, button

_LAST: Final = Cursor(Edge.LAST)
_SECOND_PAGE: Final = 2


def pages(t: Translator, page: Page[Any], to: Callable[[Cursor], str]) -> Iterable[Button]:
    """Return the buttons to the first, previous, next and last page; `to` makes payloads.

    The first and last page have none where the neighbour is the same.
    """
    if page.previous:
        if page.number > _SECOND_PAGE:
            yield button(t.plain("button-first"), to(START))
        yield button(t.plain("button-previous"), to(page.previous))
    if page.previous or page.next:
        label = t.plain("button-page", number=page.number, last=page.last)
        yield button(label, to(page.cursor))
    if page.next:
        yield button(t.plain("button-next"), to(page.next))
        if isinstance(page.last, AtLeast) or page.last > page.number + 1:
            yield button(t.plain("button-last", last=page.last), to(_LAST))


def turns(
    t: Translator, previous: int | None, following: int | None, to: Callable[[int], str]
) -> Iterable[Button]:
    """Return the buttons to the previous and next page of a list that is read by offset."""
    if previous is not None:
        yield button(t.plain("button-previous"), to(previous))
    if following is not None:
        yield button(t.plain("button-next"), to(following))
