"""A database that the desk cannot use stays as it is, and the error says why."""

from uuid import uuid4

import asyncpg
import pytest

from db.database import Database
from db.errors import DatabaseUnavailable, MigrationError
from db.migrate import DatabaseNewer
from db.school import School, SoldStream


async def test_a_database_of_a_newer_desk_is_left_alone(
    adopted: Database, school: asyncpg.Connection
) -> None:
    await school.execute("INSERT INTO booking_desk.migrations VALUES ('9999_later.sql', '', 9999)")

    with pytest.raises(DatabaseNewer, match=r"9999_later.sql"):
        await adopted.migrate()


async def test_a_role_that_may_not_alter_is_told_so_and_leaves_nothing_behind(
    school: asyncpg.Connection, empty_dsn: str
) -> None:
    role = f"guest_{uuid4().hex}"
    await school.execute(f"CREATE ROLE {role} LOGIN; GRANT SELECT ON bookings TO {role}")

    async with Database.connect(empty_dsn.replace("postgres@", f"{role}@")) as db:
        with pytest.raises(
            MigrationError, match=r"may not write to the schema booking_desk; GRANT CREATE"
        ):
            await db.migrate()

    assert await school.fetchval("SELECT to_regnamespace('booking_desk') IS NULL")
    await school.execute(f"DROP OWNED BY {role}; DROP ROLE {role}")


async def test_a_role_that_may_make_schemas_but_owns_no_table_is_told_so(
    school: asyncpg.Connection, empty_dsn: str
) -> None:
    role = f"guest_{uuid4().hex}"
    database = await school.fetchval("SELECT current_database()")
    await school.execute(
        f"""
        CREATE ROLE {role} LOGIN;
        GRANT CREATE ON DATABASE {database} TO {role};
        GRANT CREATE ON SCHEMA public TO {role};
        """
    )

    async with Database.connect(empty_dsn.replace("postgres@", f"{role}@")) as db:
        with pytest.raises(MigrationError, match=r"bookings belongs to postgres; .* must own it"):
            await db.migrate()

    await school.execute(f"DROP OWNED BY {role} CASCADE; DROP ROLE {role}")


async def test_a_role_that_owns_a_schema_made_beforehand_may_make_none(
    school: asyncpg.Connection, empty_dsn: str
) -> None:
    role = f"guest_{uuid4().hex}"
    await school.execute(
        f"""
        CREATE ROLE {role} LOGIN;
        CREATE SCHEMA booking_desk AUTHORIZATION {role};
        GRANT CREATE ON SCHEMA public TO {role};
        """
    )
    for table in ("bookings", "users", "courses"):
        await school.execute(f"ALTER TABLE {table} OWNER TO {role}")

    async with Database.connect(empty_dsn.replace("postgres@", f"{role}@")) as db:
        await db.migrate()

    assert await school.fetchval("SELECT count(*) FROM booking_desk.migrations") > 0
    await school.execute(f"REASSIGN OWNED BY {role} TO postgres")
    await school.execute(f"DROP OWNED BY {role}; DROP ROLE {role}")


@pytest.mark.parametrize(
    ("right", "wrong", "why"),
    [
        ("/postgres?", "/no_such_school?", 'database "no_such_school" does not exist'),
        ("postgres@", "stranger@", 'role "stranger" does not exist'),
        ("postgres@/", "postgres@one:1:2/", "the address is not valid"),
    ],
)
async def test_an_address_that_leads_nowhere_makes_the_database_unavailable(
    server: str, right: str, wrong: str, why: str
) -> None:
    with pytest.raises(DatabaseUnavailable, match=why):
        async with Database.connect(server.replace(right, wrong)):
            pass


async def test_a_sample_that_cannot_be_written_says_why_in_one_line(empty_dsn: str) -> None:
    stream = SoldStream(course_id=1, course_name="Design", code="d1", name="Mornings")
    async with Database.connect(empty_dsn) as db:
        await db.migrate()

    with pytest.raises(DatabaseUnavailable, match=r"^duplicate key .*\Z"):
        async with School.connect(empty_dsn) as school:
            await school.open([stream, stream], [])
