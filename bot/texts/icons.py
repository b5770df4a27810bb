"""The icons of statuses, message states and reachability."""

from collections.abc import Mapping
from typing import Final

from db.models.bookings import BookingStatus, Reachability
from db.models.outbox import MessageState

CHOSEN: Final = "✓"
BOOKING: Final[Mapping[BookingStatus | None, str]] = {
    None: "📋",
    BookingStatus.NEW: "🆕",
    BookingStatus.PENDING: "⏳",
    BookingStatus.CONFIRMED: "✅",
    BookingStatus.CANCELLED: "🚫",
    BookingStatus.UNKNOWN: "⚪",
}
MESSAGE: Final[Mapping[MessageState, str]] = {
    MessageState.QUEUED: "📤",
    MessageState.SENDING: "📤",
    MessageState.SENT: "💌",
    MessageState.UNKNOWN: "❓",
    MessageState.WAITING: "📪",
    MessageState.FAILED: "⚠️",
    MessageState.WITHDRAWN: "✖️",
}
UNREACHABLE: Final[Mapping[Reachability, str]] = {
    Reachability.NEVER_STARTED: "🚪",
    Reachability.BLOCKED: "📵",
    Reachability.DEACTIVATED: "👻",
}
