"""The buttons under a person's story."""

from collections.abc import Sequence

from bot.i18n import Translator
from bot.texts.lists import row
from db.models import Booking, LogPlace, Place, StudentPage
from keyboards.callbacks import CardButton, LogButton, PersonBookingsButton
from keyboards.markup import Button, Markup, button, markup
from keyboards.notices import public_profile


def student_page(t: Translator, page: StudentPage, place: Place) -> Markup:
    """A row for each booking, all there is where there is more, the profile, and the way back."""
    count = page.discounts.bookings
    everything = PersonBookingsButton.of_fields(person=page.booking.user_id)
    more = [button(t.plain("button-all-bookings", number=count), everything)]
    log = LogButton.of(LogPlace(booking=page.booking.id, person=True))
    decisions = [button(t.plain("button-all-changes", number=page.decisions), log)]
    back = CardButton.of(place, booking=page.booking.id)
    return markup(
        *([button(row(t, each), CardButton.of(place, booking=each.id))] for each in page.bookings),
        more if count > len(page.bookings) else [],
        decisions if page.decisions > len(page.changes) else [],
        _write(t, page.booking),
        [button(t.plain("button-back-to-card"), back)],
    )


def _write(t: Translator, booking: Booking) -> Sequence[Button]:
    # Telegram refuses the whole screen for a button by id to whoever hides their account; the
    # name above is such a link as well, and is then merely no link.
    url = public_profile(booking)
    return [{"text": t.plain("button-profile"), "url": url}] if url else []
