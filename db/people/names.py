"""Names of people; migrations/0008_names.sql turns a name into words."""

from collections.abc import Sequence
from typing import Any, Final

from db.connection import Connection
from db.models.people import Name

_DRAWN: Final = 5000
"""The number of people with the rarest word who are checked for the other words."""
# With LIMIT PostgreSQL does not read all people who have such a word. With IS TRUE it reads the
# few words of the person instead of looking for each word.
_HAS: Final = """
    CROSS JOIN LATERAL (SELECT FROM booking_desk.words
                         WHERE user_id = drawn.user_id AND (word = ANY(${0}::text[])) IS TRUE
                         LIMIT 1) AS has_{0}
"""

_READ: Final = """
    INSERT INTO booking_desk.names AS known (user_id, name, is_username, learned, since)
    SELECT booking_desk.person_id(user_id), name, is_username, is_username,
           coalesce(min(booking_desk.moment(created_at)), now())
      FROM bookings
     CROSS JOIN LATERAL booking_desk.called(first_name, username)
     WHERE id > $1::bigint AND id <= $2::bigint
       AND booking_desk.person_id(user_id) IS NOT NULL
     GROUP BY 1, 2, 3, 4
     ORDER BY 1, 2, 3
    ON CONFLICT (user_id, name, is_username) DO UPDATE
       SET since = excluded.since
     WHERE known.since > excluded.since
"""


class NameRepository:
    """The view `booking_desk.all_names`, and the words that they consist of."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def learn(self, *, limit: int | None) -> int:
        """Learn up to `limit` new names, or all; return how many, about."""
        bookings: int = await self._connection.fetchval(
            "SELECT booking_desk.learn_new_names($1)", limit
        )
        names: int = await self._connection.fetchval("SELECT booking_desk.learn_words($1)", limit)
        return max(bookings, names)

    async def are_known(self) -> bool:
        """Whether no name is left to learn; another program may be learning it."""
        known: bool = await self._connection.fetchval(
            """
            SELECT NOT EXISTS (SELECT FROM booking_desk.new_names)
               AND NOT EXISTS (SELECT FROM booking_desk.names WHERE NOT learned)
            """
        )
        return known

    async def read(self, *, limit: int | None) -> bool:
        """Read the names of up to `limit` bookings made before the desk, or of all.

        Returns:
            Whether there are more.
        """
        above = await self._connection.fetchval(
            "SELECT above FROM booking_desk.unread_names FOR UPDATE SKIP LOCKED"
        )
        if above is None:
            return False
        last, n = await self._connection.fetchrow(
            """
            SELECT max(id)::bigint, count(*)
              FROM (SELECT id FROM bookings WHERE id > $1::bigint ORDER BY id LIMIT $2) AS next
            """,
            above,
            limit,
        )
        await self._connection.execute(_READ, above, last)
        if limit is None or n < limit:
            await self._connection.execute("DELETE FROM booking_desk.unread_names")
            return False
        await self._connection.execute("UPDATE booking_desk.unread_names SET above = $1", last)
        return True

    async def words_of(self, text: str) -> Sequence[str]:
        """Return the words of a text in their common spelling."""
        folded: str = await self._connection.fetchval("SELECT booking_desk.folded($1)", text)
        return folded.split()

    async def known(self, words: Sequence[str]) -> Sequence[str]:
        """Return the words that are in some name."""
        return await self._column(
            "SELECT word FROM booking_desk.dictionary WHERE word = ANY($1::text[]) ORDER BY 1",
            words,
        )

    async def with_fragment(self, fragment: str, *, limit: int) -> Sequence[str]:
        """Return the words that begin with the fragment, then those that contain it."""
        return await self._column("SELECT booking_desk.words_with($1, $2)", fragment, limit)

    async def nearest(self, word: str, *, limit: int) -> Sequence[str]:
        """Return the words most similar to this one, the nearest first."""
        return await self._column("SELECT booking_desk.words_like($1, $2)", word, limit)

    async def people(self, spellings: Sequence[Sequence[str]], *, limit: int) -> Sequence[int]:
        """Return people who have a word of each group in their names.

        They are ordered by the words of the group that fewest people have. At most a few thousand
        people with these words are checked for the words of the other groups.
        """
        rarest, *others = spellings
        if others:
            sizes = [await self._having(words) for words in spellings]
            _, n = min(zip(sizes, range(len(sizes)), strict=True))
            rarest, others = spellings[n], [*spellings[:n], *spellings[n + 1 :]]
        return await self._column(
            f"""
            WITH drawn AS (
                SELECT theirs.user_id, min(wanted.n) AS n
                  FROM unnest($1::text[]) WITH ORDINALITY AS wanted (word, n)
                 CROSS JOIN LATERAL (SELECT words.user_id
                                       FROM booking_desk.words
                                      WHERE words.word = wanted.word
                                      ORDER BY words.user_id DESC
                                      LIMIT $2) AS theirs
                 GROUP BY theirs.user_id
                 ORDER BY n, theirs.user_id DESC
                 LIMIT $2
            )
            SELECT drawn.user_id
              FROM drawn
              {"".join(_HAS.format(n) for n in range(4, 4 + len(others)))}
             ORDER BY drawn.n, drawn.user_id DESC
             LIMIT $3
            """,
            rarest,
            _DRAWN if others else limit,
            limit,
            *others,
        )

    async def _having(self, words: Sequence[str]) -> int:
        n: int = await self._connection.fetchval(
            """
            SELECT count(*) FROM (SELECT FROM booking_desk.words
                                   WHERE word = ANY($1::text[]) LIMIT $2) AS counted
            """,
            words,
            _DRAWN,
        )
        return n

    async def people_by_username(self, username: str, *, limit: int) -> Sequence[int]:
        """Return the people who have or had this username; case does not matter."""
        return await self._column(
            """
            SELECT DISTINCT user_id
              FROM booking_desk.all_names
             WHERE is_username AND lower(name) COLLATE "C" = lower($1)
             LIMIT $2
            """,
            username,
            limit,
        )

    async def people_by_username_start(self, start: str, *, limit: int) -> Sequence[int]:
        """Return people whose usernames begin with `start`, in the order of the usernames."""
        return await self._column(
            """
            SELECT user_id
              FROM booking_desk.all_names
             WHERE is_username
               AND lower(name) COLLATE "C" >= lower($1)
               AND lower(name) COLLATE "C" < lower($1) || chr(1114111)
             ORDER BY lower(name) COLLATE "C", user_id
             LIMIT $2
            """,
            start,
            limit,
        )

    async def people_by_username_part(self, part: str, *, limit: int) -> Sequence[int]:
        """Return people whose usernames contain `part`, if it has three letters or more."""
        return await self._column("SELECT booking_desk.usernames_with($1, $2)", part, limit)

    async def of_person(self, user_id: int | None, *, limit: int) -> Sequence[Name]:
        """Return the person's present and former names and usernames, the newest first."""
        rows = await self._connection.fetch(
            """
            SELECT name, is_username, min(since) AS since
              FROM booking_desk.all_names
             WHERE user_id = $1
             GROUP BY name, is_username
             ORDER BY since DESC, is_username, name
             LIMIT $2
            """,
            user_id,
            limit,
        )
        return [Name(**row) for row in rows]

    async def _column(self, sql: str, *values: object) -> list[Any]:
        return [row[0] for row in await self._connection.fetch(sql, *values)]
