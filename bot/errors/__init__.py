"""The requests that the rules refuse. An error carries data; its words are in bot/locales.

DomainError
├── NotAllowed            the person lacks the permission
├── BookingNotFound       no booking has this number
├── BookingUnclear        the text is not the number of a booking
├── BookingChanged        the button was drawn for an older revision
├── QuestionForgotten     the question is so old that it is deleted
├── QuestionChanged       the admin has written other words since
├── ReasonsFull          the list of reasons has as many as fit a question
├── WordsTooLong          own words are longer than a message has room for
├── UndoTooLate           the grace is over, or nothing can be undone
├── MessageNotFound       no message has this number
├── MessageChanged        the message is not in the state it was shown in
├── TakenByAnother        another admin writes to the student
├── GroupChanged          the group has more or fewer messages than the admin confirmed
├── ActionNotAllowed      the booking's status does not allow the action
├── ChoiceGone            the option of a filter does not exist any more
├── PeriodBackwards       the period ends before it begins
├── WordsUnclear          a command has words that mean nothing
├── WordsContradict       a command has two words that exclude each other
├── BulkNotFound          no bulk has this number
├── BulkChanged           the bulk is not in the state it was shown in
├── SecondAdminNeeded     whoever asks cannot approve
├── NothingToReview       the list has others than bookings that wait
├── SearchEmpty           the text has nothing that can be searched for
├── SearchTooLong         the text is longer than any name, number or code
├── SearchForgotten       the saved query of an old list is deleted
├── StreamNotOpen         a booking cannot be moved there
├── OutOfReach            the bot cannot write to the student
├── RemindedAlready       the student was reminded a short time ago
├── ReminderLeft          the reminder cannot be taken back any more
└── WordsAmbiguous        words may mean several streams or courses
"""

from collections.abc import Sequence
from typing import ClassVar

from bot.views.bookings import Card
from bot.views.lists import Meaning
from db.models.bookings import Booking


class DomainError(Exception):
    """A request that the rules refuse; the answer to it says why.

    `text_id` names the text in bot/locales, `params` fill its placeholders.
    `handlers.errors` shows it, so a handler never catches a DomainError itself.
    """

    text_id: ClassVar[str]

    def __init__(self, **params: str | int) -> None:
        super().__init__(self.text_id, params)
        self.params = params


class NotAllowed(DomainError):
    """The person lacks the permission. The text does not say what an admin could do."""

    text_id = "error-not-allowed"


class BookingNotFound(DomainError):
    """No booking has this number."""

    text_id = "error-booking-not-found"

    def __init__(self, number: int | str) -> None:
        super().__init__(booking=number)


class BookingUnclear(DomainError):
    """The text is not the number of a booking."""

    text_id = "booking-which"


class BookingChanged(DomainError):
    """The booking has changed since the button was drawn, so the button does nothing.

    The usual cause is another admin who pressed first. `card` shows the booking as it is now;
    `back` is the payload of the button back from it, if the pressed button has none.
    """

    text_id = "alert-changed"

    def __init__(self, card: Card, back: str | None = None) -> None:
        super().__init__(booking=card.booking.id)
        self.card = card
        self.back = back


class QuestionForgotten(DomainError):
    """The question was asked so long ago that it is deleted."""

    text_id = "error-question-forgotten"


class QuestionChanged(DomainError):
    """The admin has written other words since the button was drawn."""

    text_id = "error-question-changed"


class ReasonsFull(DomainError):
    """The list of reasons has as many as fit a question."""

    text_id = "error-reasons-full"

    def __init__(self, most: int) -> None:
        super().__init__(longest=most)


class WordsTooLong(DomainError):
    """An admin's own words are longer than a message has room for."""

    text_id = "error-words-too-long"

    def __init__(self, longest: int) -> None:
        super().__init__(longest=longest)


class ActionNotAllowed(DomainError):
    """The booking's status does not allow the action; only a forged button causes this."""

    text_id = "error-action-not-allowed"

    def __init__(self, booking: Booking, action: str) -> None:
        super().__init__(booking=booking.id)
        self.action = action


class OutOfReach(DomainError):
    """The bot cannot write to the student, or nobody knows whose booking it is."""

    text_id = "error-out-of-reach"

    def __init__(self, booking: Booking) -> None:
        super().__init__(booking=booking.id)


class RemindedAlready(DomainError):
    """The student was reminded of the booking a short time ago."""

    text_id = "error-reminded-already"

    def __init__(self, booking: Booking, days: int) -> None:
        super().__init__(booking=booking.id, days=days)


class ReminderLeft(DomainError):
    """The reminder cannot be taken back, because it may have left."""

    text_id = "error-reminder-left"

    def __init__(self, booking: Booking) -> None:
        super().__init__(booking=booking.id)


class StreamNotOpen(DomainError):
    """The stream is closed, of another course, gone, or already that of the booking."""

    text_id = "error-stream-not-open"

    def __init__(self, booking: Booking) -> None:
        super().__init__(booking=booking.id)


class UndoTooLate(DomainError):
    """The grace is over, or the newest change is none that can be undone.

    `card` shows the booking as it is now.
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


class TakenByAnother(DomainError):
    """Another admin has said that they write to the student."""

    text_id = "error-taken-by-another"

    def __init__(self, name: str) -> None:
        super().__init__(name=name)


class GroupChanged(DomainError):
    """The group has more or fewer messages than the admin confirmed, so none is sent."""

    text_id = "error-group-changed"


class ChoiceGone(DomainError):
    """The option that a filter's button names does not exist any more."""

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


class WordsAmbiguous(DomainError):
    """Words may mean several streams or courses; `meanings` are the lists that they may name."""

    text_id = "error-words-ambiguous"

    def __init__(self, words: str, meanings: Sequence[Meaning]) -> None:
        super().__init__(words=words)
        self.meanings = meanings


class BulkNotFound(DomainError):
    """No bulk has this number, or it is deleted."""

    text_id = "error-bulk-not-found"


class BulkChanged(DomainError):
    """The bulk is not in the state it was shown in, so the button does nothing."""

    text_id = "error-bulk-changed"


class SecondAdminNeeded(DomainError):
    """Whoever began the bulk cannot approve it."""

    text_id = "error-second-admin-needed"


class NothingToReview(DomainError):
    """The list has others than bookings that wait for a decision."""

    text_id = "error-nothing-to-review"


class SearchEmpty(DomainError):
    """The text has nothing that can be searched for."""

    text_id = "error-search-empty"


class SearchTooLong(DomainError):
    """The text is longer than any name, number or code."""

    text_id = "error-search-long"

    def __init__(self, longest: int) -> None:
        super().__init__(longest=longest)


class SearchForgotten(DomainError):
    """The saved query of the list was not used for long and is deleted."""

    text_id = "error-search-forgotten"
