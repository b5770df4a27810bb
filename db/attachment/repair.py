"""Make up for what the triggers have missed, while other programs go on writing."""

from collections import Counter
from collections.abc import Set
from functools import partial
from typing import Final

import structlog

from db.attachment.locks import gently
from db.attachment.parts import missing
from db.connection import Connection
from db.lists.counts import CountRepository

_SECONDS: Final = 3600
ATTACHED: Final = "ATTACH"
DETACHED: Final = "DETACH"
"""The notes of a fault that was none of a write."""

# The last entry of the log says how a booking stood when the triggers were lost.
_REMEMBER_BY_THE_LOG: Final = """
    INSERT INTO booking_desk.remembered
    SELECT booking_id, true, revision, user_id, confirmed_after, course_after, stream_after
      FROM (SELECT DISTINCT ON (booking_id) * FROM booking_desk.log
             ORDER BY booking_id, revision DESC) AS newest
     WHERE action <> 'delete'
    ON CONFLICT DO NOTHING
"""
# After a detachment every booking is remembered but those that are new.
_REMEMBER_NO_NEW_ONE: Final = """
    INSERT INTO booking_desk.remembered (booking_id, existed)
    SELECT id, false FROM bookings
     WHERE confirmed = 2
       AND NOT EXISTS (SELECT FROM booking_desk.remembered WHERE booking_id = bookings.id)
    ON CONFLICT DO NOTHING
"""
_CATCH_UP: Final = """
    WITH taken AS (
        DELETE FROM booking_desk.remembered RETURNING *
    ),
    -- A button that was drawn before is stale.
    changed AS (
        UPDATE bookings AS booking
           SET revision = booking.revision + 1
          FROM taken
         WHERE booking.id = taken.booking_id
           AND CASE WHEN existed THEN
                    (taken.user_id, taken.confirmed, taken.course_id, taken.course_stream)
                    IS DISTINCT FROM
                    (booking_desk.person_id(booking.user_id),
                     booking_desk.whole(booking.confirmed),
                     booking_desk.whole(booking.course_id), booking.course_stream::text)
               ELSE booking.confirmed = 2 END
        RETURNING booking.id, booking.revision, booking_desk.person_id(booking.user_id) AS user_id,
                  booking_desk.whole(booking.confirmed) AS confirmed,
                  booking_desk.whole(booking.course_id) AS course_id,
                  booking.course_stream::text AS course_stream, existed,
                  taken.user_id AS user_before, taken.confirmed AS confirmed_before,
                  taken.course_id AS course_before, taken.course_stream AS stream_before
    ),
    gone AS (
        INSERT INTO booking_desk.audit
               (booking_id, revision, user_id, action, confirmed_before, confirmed_after,
                course_before, course_after, stream_before, stream_after)
        -- The column may have been lost, too.
        SELECT booking_id,
               1 + coalesce(revision, (SELECT max(known.revision) FROM booking_desk.log AS known
                                        WHERE known.booking_id = taken.booking_id), 1),
               user_id, 'delete', confirmed, confirmed,
               course_id, course_id, course_stream, course_stream
          FROM taken
         WHERE existed AND NOT EXISTS (SELECT FROM bookings WHERE id = booking_id)
        ON CONFLICT DO NOTHING
    )
    INSERT INTO booking_desk.external_changes
           (booking_id, revision, user_before, user_id, confirmed_before, confirmed_after,
            course_before, course_after, stream_before, stream_after)
    SELECT id, revision, CASE WHEN existed THEN user_before ELSE user_id END, user_id,
           CASE WHEN existed THEN confirmed_before ELSE 0 END, confirmed,
           CASE WHEN existed THEN course_before ELSE course_id END, course_id,
           CASE WHEN existed THEN stream_before ELSE course_stream END, course_stream
      FROM changed
"""
_LEARN_COURSES: Final = """
    INSERT INTO booking_desk.courses (course_id)
    SELECT DISTINCT booking_desk.whole(course_id) FROM bookings
     WHERE booking_desk.whole(course_id) IS NOT NULL
    ON CONFLICT DO NOTHING
"""
# A stream that began earlier gets a lower number.
_LEARN_STREAMS: Final = """
    INSERT INTO booking_desk.streams (course_id, code)
    SELECT booking_desk.whole(course_id), course_stream::text
      FROM bookings
     WHERE booking_desk.whole(course_id) IS NOT NULL AND course_stream IS NOT NULL
     GROUP BY 1, 2
     ORDER BY min(created_at), 1, 2
    ON CONFLICT DO NOTHING
"""
_LIST_WELCOMES: Final = """
    UPDATE booking_desk.welcomes AS welcome
       SET listed_at = booking.listed_at, confirmed = booking.confirmed,
           course_id = booking.course_id, course_stream = booking.course_stream,
           discount_percent = booking.discount_percent, code = booking.code
      FROM (SELECT id, coalesce(booking_desk.moment(created_at), 'epoch') AS listed_at,
                   booking_desk.whole(confirmed) AS confirmed,
                   booking_desk.whole(course_id) AS course_id,
                   course_stream::text AS course_stream,
                   booking_desk.percent(discount_percent) AS discount_percent,
                   lower(left(referral_code::text, 64)) AS code
              FROM bookings) AS booking
     WHERE id = booking_id
       AND (welcome.listed_at, welcome.confirmed, welcome.course_id, welcome.course_stream,
            welcome.discount_percent, welcome.code)
           IS DISTINCT FROM
           (booking.listed_at, booking.confirmed, booking.course_id, booking.course_stream,
            booking.discount_percent, booking.code)
"""
_UNLIST_WELCOMES: Final = """
    DELETE FROM booking_desk.welcomes
     WHERE NOT EXISTS (SELECT FROM bookings WHERE id = booking_id)
"""

_READ_NAMES_AGAIN: Final = """
    WITH before AS (DELETE FROM booking_desk.unread_names)
    INSERT INTO booking_desk.unread_names VALUES (-9223372036854775808)
"""

logger = structlog.get_logger(__name__)


async def repair(connection: Connection) -> None:
    """Make up for every fault that is noted; nothing while the triggers are not there.

    Names are read again later, by `NameRepository.read`. A fault is forgotten after its repair, so
    a program that dies leaves it to the next one.
    """
    lacking = await missing(connection)
    if lacking.triggers or lacking.columns or not lacking.repair:
        return
    faults = await connection.fetch("SELECT id, during, reason FROM booking_desk.faults")
    kinds = {fault["during"] for fault in faults}
    await CountRepository(connection).recount()
    for statement in (_LEARN_COURSES, _LEARN_STREAMS, _LIST_WELCOMES, _UNLIST_WELCOMES):
        await gently(connection, partial(connection.execute, statement, timeout=_SECONDS))
    await gently(connection, partial(_catch_up, connection, kinds))
    await connection.execute(
        "DELETE FROM booking_desk.faults WHERE id = ANY($1)", [fault["id"] for fault in faults]
    )
    writes = Counter((fault["during"], fault["reason"]) for fault in faults)
    for (during, reason), n in writes.items():
        if during not in {ATTACHED, DETACHED}:
            logger.warning("repaired what was missed", during=during, reason=reason, writes=n)


async def _catch_up(connection: Connection, kinds: Set[str]) -> None:
    """Record what other programs have changed unseen, and have it followed up."""
    if DETACHED in kinds:
        await connection.execute(_REMEMBER_NO_NEW_ONE, timeout=_SECONDS)
    elif ATTACHED in kinds:
        await connection.execute(_REMEMBER_BY_THE_LOG, timeout=_SECONDS)
    await connection.execute(_CATCH_UP, timeout=_SECONDS)
    await connection.execute(_READ_NAMES_AGAIN)
    await connection.execute("SELECT pg_notify('booking_desk', 'external')")
