"""What the rules refuse. The errors carry data; the words are in bot/locales.

DomainError
├── NotAllowed            the person is no admin
├── BookingNotFound       no booking has this number
├── BookingUnclear        what was written is no number
├── BookingChanged        the button was drawn for an older revision
├── UndoTooLate           the grace is over
├── MessageNotFound       no message has this number
├── MessageChanged        the message is not in the state it was shown in
├── GroupChanged          there are more or fewer messages than were asked about
├── ActionNotAllowed      the booking's status does not allow the action
├── ChoiceGone            what a filter offered has vanished
├── PeriodBackwards       it ends before it begins
├── WordsUnclear          a command has words that mean nothing
├── WordsContradict       a command has two words that exclude each other
├── SearchEmpty           there is nothing to look for
├── SearchTooLong         there is too much of it
├── SearchForgotten       an old list of what somebody had looked for
└── StreamNotOpen         a booking cannot be moved there
"""

from typing import ClassVar

from bot.views.bookings import Card
from db.models.bookings import Booking, BookingAction


class DomainError(Exception):
    """A request the rules refuse; the person who made it is told why.

    `text_id` names the message in bot/locales, `params` are its placeholders.
    `handlers.errors` shows it, so a handler never catches a DomainError itself.
    """

    text_id: ClassVar[str]

    def __init__(self, **params: str | int) -> None:
        super().__init__(self.text_id, params)
        self.params = params


class NotAllowed(DomainError):
    """The person is not an admin. They learn nothing of what an admin could do."""

    text_id = "error-not-allowed"


class BookingNotFound(DomainError):
    """No booking has this number."""

    text_id = "error-booking-not-found"

    def __init__(self, number: int | str) -> None:
        super().__init__(booking=number)


class BookingUnclear(DomainError):
    """What was written is not the number of a booking."""

    text_id = "booking-which"


class BookingChanged(DomainError):
    """The booking has changed since the button was drawn, so the button does nothing.

    Usual cause: another admin pressed first. `card` is the booking as it is now.
    """

    text_id = "alert-changed"

    def __init__(self, card: Card) -> None:
        super().__init__(booking=card.booking.id)
        self.card = card


class ActionNotAllowed(DomainError):
    """The booking's status does not allow the action; only a forged button asks for it."""

    text_id = "error-action-not-allowed"

    def __init__(self, booking: Booking, action: BookingAction) -> None:
        super().__init__(booking=booking.id)
        self.action = action


class StreamNotOpen(DomainError):
    """The stream is closed, of another course, gone, or the booking is in it already."""

    text_id = "error-stream-not-open"

    def __init__(self, booking: Booking) -> None:
        super().__init__(booking=booking.id)


class UndoTooLate(DomainError):
    """The grace is over, or the newest change is nothing that could be undone.

    `card` is the booking as it is.
    """

    text_id = "error-undo-too-late"

    def __init__(self, card: Card) -> None:
        super().__init__(booking=card.booking.id)
        self.card = card


class MessageNotFound(DomainError):
    """No message has this number."""

    text_id = "error-message-not-found"

    def __init__(self, message_id: int) -> None:
        super().__init__(message=message_id)


class MessageChanged(DomainError):
    """The message is not in the state it was shown in, so the button does nothing."""

    text_id = "error-message-changed"


class GroupChanged(DomainError):
    """There are more or fewer messages than the admin was asked about, so none is sent."""

    text_id = "error-group-changed"


class ChoiceGone(DomainError):
    """What the button of a filter would choose is not there any more."""

    text_id = "error-choice-gone"


class PeriodBackwards(DomainError):
    """The period ends before it begins."""

    text_id = "error-period-backwards"


class WordsUnclear(DomainError):
    """A command has words that mean nothing."""

    text_id = "error-words-unclear"

    def __init__(self, words: str) -> None:
        super().__init__(words=words)


class WordsContradict(DomainError):
    """A command has two words that exclude each other."""

    text_id = "error-words-contradict"

    def __init__(self, words: str) -> None:
        super().__init__(words=words)


class SearchEmpty(DomainError):
    """There is nothing in the text that could be looked for."""

    text_id = "error-search-empty"


class SearchTooLong(DomainError):
    """No name, number or code is as long as the text."""

    text_id = "error-search-long"

    def __init__(self, longest: int) -> None:
        super().__init__(longest=longest)


class SearchForgotten(DomainError):
    """The list was of something nobody has looked for in a long time."""

    text_id = "error-search-forgotten"
