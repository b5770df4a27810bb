"""What has been released stays; what never was is refused."""

import re
from hashlib import sha256

import pytest

from db.connection import Connection
from db.database import Database
from db.migrate import (
    MIGRATIONS,
    DatabaseUnreleased,
    migrate,
)
from tests.db.school.files import Write

FROZEN = {
    "0001_school.sql": "97166badf8acc7e5aec5f9da050fc0a4f89174c89b6e6edff629dc15bf8a184a",
    "0002_catalogue.sql": "f77564390877ae956f737659420bd072eb493deef8635e80cae71e5548675df3",
    "0003_counts.sql": "5cf8cbce61c9c6fcc05c15217b35fc867144b7367231cc9d58c5fbad1201a619",
    "0004_audit.sql": "9d2c2eeec9e3b01979dd304ebd5bbeb22ad8e740329f3a798819d443d861b776",
    "0005_people.sql": "88846014f96a6062e4dd01f42d60cbfb89c1cf726c0ab14acec09cb3bbe5bc38",
    "0006_outbox.sql": "2d10a8a701e2029f8122f6ac95906b9b39a3db6daa6ee7343a59728b8d8e3e57",
    "0007_welcomes.sql": "40010a0512c6ae69268af8906a0d451f20ef300221753d8eebf187749d8afeb7",
    "0008_names.sql": "57231437daed5e8997994a793e361f18dfa97212a04e669fcf52489492120b03",
    "0009_saved_queries.sql": "aeba6452149d31cdf8d26bd34e2cbac5793f26ba8ca20912068fa8b912114c95",
    "0010_updates.sql": "24ae2e60ee334b39805390e824ad0a0e6438bcff17b79953f2c22fb154ff399d",
    "0011_writes.sql": "e1fe8c6c914a1d70d81fb15e98fde6c2f43b47824b90bcc905533f469b24e773",
    "0012_claims.sql": "ba9e646c3ac35bf651e50b6c41a6551cc5c7e9dc559b077116737a04e751bedb",
    "0013_signs.sql": "d68bb465fdb6ee68370c054c4e6ef26483f895030e958e691f85b9628053e96f",
    "0014_bulks.sql": "6b364bc5bb400c19c8f3262c13db644748fa5f14e433cc78abb42c4afdfb82ee",
    "0015_drafts.sql": "6523df445c3d76c7ec230572b7ad54ae1be6b09735bbcd76605ad863c852590e",
    "0016_copies.sql": "40484f9cd47ed00a6503d3e7c88a0f8307bc27aa5e4882cdebe5e5ba7c2e0ef0",
    "0017_imports.sql": "40f6df64580f9cf69a20ba7fec605ed18f8b2cfead45217fe78dbd8a67cb6ffb",
    "0018_questions.sql": "bb143b690e9754b77a91ca5e76a6d70864917f044747346f51445106b0589373",
    "0019_notices.sql": "b0365e6681dec0503bb931d279bb13f3fb43cb8a2bfd5a89d87e0a43e45da737",
    "0020_reasons.sql": "f24422550ca7be38f15bbf5fe6f8e1d8dae525411a7417d7136d7c875b8253fa",
    "0021_arrivals.sql": "799fc642a18c160a1c9dac89c99c7c8682f59bef85aaf5834ce0a3e8cfd98bd8",
    "0022_subscriptions.sql": "9e4a6b924935138b4bdc9f359b407723868334410226850c093f33cc38688523",
}
UNRELEASED = [
    "0001_school",
    "0002_catalogue",
    "0003_counts",
    "0004_audit",
    "0005_people",
    "0006_outbox",
    "0007_pace",
    "0008_names",
    "0009_log",
    "0010_filters",
    "0011_updates",
    "0012_reused_numbers",
    "0013_spent_attempts",
]


async def test_a_database_of_an_unreleased_program_is_refused_in_a_line_that_says_what_to_do(
    connection: Connection, empty_dsn: str
) -> None:
    await migrate(connection, MIGRATIONS)
    await connection.execute(
        """
        INSERT INTO bookings (user_id, course_id, confirmed) VALUES (13, 1, 2);
        UPDATE bookings SET confirmed = 1;
        UPDATE booking_desk.migrations SET name = '0007_pace.sql', checksum = 'another'
         WHERE name LIKE '0007%';
        """
    )
    booking = await connection.fetchrow("SELECT * FROM bookings")

    with pytest.raises(DatabaseUnreleased) as refused:
        await migrate(connection, MIGRATIONS)

    assert "0007_pace.sql" in str(refused.value)
    assert "\n" not in str(refused.value)
    [advice] = re.findall(r"DROP SCHEMA \w+ CASCADE", str(refused.value))
    await connection.execute(advice)
    async with Database.connect(empty_dsn) as db:
        await db.migrate()
    assert (
        dict(booking).items() <= dict(await connection.fetchrow("SELECT * FROM bookings")).items()
    )
    assert (
        await connection.fetchval("SELECT sum(n) FROM booking_desk.ledger WHERE course_id IS NULL")
        == 3
    )


async def test_the_database_of_the_last_unreleased_program_is_refused(
    connection: Connection, write: Write
) -> None:
    await migrate(connection, write(**{f"_{name}": "SELECT 1" for name in UNRELEASED}))

    with pytest.raises(DatabaseUnreleased):
        await migrate(connection, MIGRATIONS)


def test_what_has_been_released_is_never_changed() -> None:
    """A database has these texts applied; what has to be otherwise is the next file's."""
    texts = {path.name: path.read_bytes() for path in MIGRATIONS.glob("*.sql")}

    assert {name: sha256(text).hexdigest() for name, text in texts.items()} == FROZEN
