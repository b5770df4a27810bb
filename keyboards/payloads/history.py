"""The payloads of the log, and of the button that explains a booking."""

from db.models.audit import LogFilter
from db.models.lists import START, Cursor, Edge
from keyboards.payloads.base import Payload
from keyboards.payloads.bookings import CardButton
from keyboards.payloads.wire import Action, BookingId, EdgeName, PeriodName, PersonId


class WhyButton(CardButton, prefix="w1"):
    """Explain why the booking is as it is."""


class HistoryButton(CardButton, prefix="j4"):
    """Show one page of the log of the booking."""

    log_edge: EdgeName = Edge.FIRST
    entry: BookingId | None = None

    @property
    def cursor(self) -> Cursor:
        return Cursor(self.log_edge, self.entry)


class PersonLogButton(HistoryButton, prefix="j5"):
    """Show one page of the log of the person who has the booking."""


class LogButton(Payload, prefix="j3"):
    """Show one page of the log; the fields are those of `LogFilter` and `Cursor`."""

    actor: PersonId | None = None
    action: Action | None = None
    period: PeriodName | None = None
    booking: BookingId | None = None
    person: bool = False
    edge: EdgeName = Edge.FIRST
    entry: BookingId | None = None

    @classmethod
    def of(cls, criteria: LogFilter, cursor: Cursor = START) -> str:
        return cls.of_fields(
            actor=criteria.actor,
            action=criteria.action,
            period=criteria.period,
            booking=criteria.booking,
            person=criteria.person,
            edge=cursor.edge,
            entry=cursor.id,
        )

    @property
    def criteria(self) -> LogFilter:
        return LogFilter(
            actor=self.actor,
            action=self.action,
            period=self.period,
            booking=self.booking,
            person=self.person,
        )

    @property
    def cursor(self) -> Cursor:
        return Cursor(self.edge, self.entry)
