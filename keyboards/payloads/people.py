"""What the buttons about a person say."""

from keyboards.payloads.base import Payload
from keyboards.payloads.bookings import CardButton
from keyboards.payloads.wire import PersonId


class PersonButton(CardButton, prefix="p1"):
    """Show the story of the person whose booking this is."""


class PersonBookingsButton(Payload, prefix="b1"):
    """List all the bookings of one person."""

    person: PersonId
