"""The moment that bookings are listed by, in three spellings.

A booking without a date counts as made in 1970. Each spelling has indexes of its own. With one
spelling PostgreSQL may read a tab or a filtered list through the index of all bookings, and skip
thousands of rows if the status or the stream has only old bookings.
"""

from typing import Final

OF_ALL: Final = "coalesce(booking_desk.moment(created_at), 'epoch'::timestamptz)"
OF_TAB: Final = (
    "CASE WHEN created_at IS NULL THEN 'epoch'::timestamptz"
    " ELSE booking_desk.moment(created_at) END"
)
OF_FILTERED: Final = (
    "CASE WHEN created_at IS NOT NULL THEN booking_desk.moment(created_at)"
    " ELSE 'epoch'::timestamptz END"
)
