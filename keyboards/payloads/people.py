"""The payloads of the page of a person."""

from keyboards.payloads.base import Payload
from keyboards.payloads.bookings import CardButton
from keyboards.payloads.wire import PersonId


class PersonButton(CardButton, prefix="p1"):
    """Show the page of the person who has this booking."""


class PersonBookingsButton(Payload, prefix="b1"):
    """List all bookings of one person."""

    person: PersonId
