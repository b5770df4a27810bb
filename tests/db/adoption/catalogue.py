"""PostgreSQL's own notes of a database, in a form that tests can compare."""

from collections.abc import Sequence

import asyncpg


async def catalogue(sql: asyncpg.Connection) -> Sequence[tuple[object, ...]]:
    """Return a sum of everything PostgreSQL notes of what is in the database but rows."""
    sums = []
    for name in ("namespace", "class", "attribute", "index", "constraint", "trigger", "proc",
                 "type", "extension", "attrdef", "rewrite", "depend"):  # fmt: skip
        # What is written again has another xmin, even if it is the same.
        query = f"SELECT count(*), sum(hashtext(row::text || xmin)) FROM pg_{name} AS row"
        sums.append(tuple(await sql.fetchrow(query)))
    return sums
