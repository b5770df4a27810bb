"""Frozen values that rows become; the only part of `db` that screens may see."""

from db.models.bookings import (
    EPOCH,
    STATUS_CODES,
    Actor,
    Booking,
    BookingAction,
    BookingStatus,
    Change,
    Reachability,
    Seat,
    Stream,
    status_of,
)
from db.models.counts import MOST_FOUND, AtLeast, counted
from db.models.filters import (
    Criteria,
    Filter,
    FilterField,
    WelcomeState,
)
from db.models.found import Hits, Search, Targets
from db.models.log import LogFilter, Period
from db.models.messages import (
    MESSAGE_TRANSITIONS,
    UNDELIVERED,
    UNREACHED,
    WELCOME,
    Attempt,
    Claim,
    GroupKey,
    Message,
    MessageGroup,
    MessageState,
    OutgoingMessage,
    Reason,
    Sender,
    sources_of,
)
from db.models.people import Discounts, Name
from db.models.screens import (
    QueueState,
)

__all__ = [
    "EPOCH",
    "MESSAGE_TRANSITIONS",
    "MOST_FOUND",
    "STATUS_CODES",
    "UNDELIVERED",
    "UNREACHED",
    "WELCOME",
    "Actor",
    "AtLeast",
    "Attempt",
    "Booking",
    "BookingAction",
    "BookingStatus",
    "Change",
    "Claim",
    "Criteria",
    "Discounts",
    "Filter",
    "FilterField",
    "GroupKey",
    "Hits",
    "LogFilter",
    "Message",
    "MessageGroup",
    "MessageState",
    "Name",
    "OutgoingMessage",
    "Period",
    "QueueState",
    "Reachability",
    "Reason",
    "Search",
    "Seat",
    "Sender",
    "Stream",
    "Targets",
    "WelcomeState",
    "counted",
    "sources_of",
    "status_of",
]
