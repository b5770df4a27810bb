"""One picture for one thing, everywhere."""

from collections.abc import Mapping
from typing import Final

from db.models import BookingStatus

ICONS: Final[Mapping[BookingStatus | None, str]] = {
    None: "📋",
    BookingStatus.NEW: "🆕",
    BookingStatus.PENDING: "⏳",
    BookingStatus.CONFIRMED: "✅",
    BookingStatus.CANCELLED: "🚫",
    BookingStatus.UNKNOWN: "❔",
}
