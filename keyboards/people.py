"""The buttons of the page of a person."""

from collections.abc import Sequence

from bot.i18n import Translator
from bot.texts.lists import row
from bot.views.lists import PersonOrigin, Place, outside_of
from bot.views.people import StudentPage
from db.models.bookings import Booking
from keyboards.markup import Button, Markup, button, markup
from keyboards.notices import public_profile
from keyboards.payloads.bookings import CardButton
from keyboards.payloads.history import PersonLogButton
from keyboards.payloads.people import PersonBookingsButton


def student_page(t: Translator, page: StudentPage, origin: Place) -> Markup:
    """Return a row for each booking, then the buttons to more, to the profile, and back."""
    count = page.discounts.bookings
    everything = PersonBookingsButton.of_fields(person=page.booking.user_id)
    more = [button(t.plain("button-all-bookings", number=count), everything)]
    log = PersonLogButton.of(origin, booking=page.booking.id)
    decisions = [button(t.plain("button-all-changes", number=page.decisions), log)]
    here = PersonOrigin(outside_of(origin), page.booking.id)
    back = CardButton.of(origin, booking=page.booking.id)
    return markup(
        *(
            [button(row(t, booking), CardButton.of(here, booking=booking.id))]
            for booking in page.bookings
        ),
        more if count > len(page.bookings) else [],
        decisions if page.decisions > len(page.changes) else [],
        _profile(t, page.booking),
        [button(t.plain("button-back-to-card"), back)],
    )


def _profile(t: Translator, booking: Booking) -> Sequence[Button]:
    # Telegram refuses the whole message if a button links by id to a person who forbids it. The
    # name in the text is such a link too, but Telegram then only drops the link.
    url = public_profile(booking)
    return [{"text": t.plain("button-profile"), "url": url}] if url else []
