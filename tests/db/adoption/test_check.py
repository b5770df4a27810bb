"""`python -m bot check` says in one line for each thing what a start would find."""

from collections.abc import Sequence

import asyncpg
import pytest
from pydantic import AnyHttpUrl, SecretStr

from bot.check import check
from bot.settings import Settings
from bot.telegram.bots import open_bots
from db.adoption.lines import Line, Verdict, note, ok, refused
from simulator import BotAccount
from tests.db.adoption.catalogue import catalogue
from tests.support.databases import read_only
from tests.support.school import DESK_TOKEN


@pytest.fixture
def settings(telegram_url: str, desk_bot: BotAccount, empty_dsn: str) -> Settings:
    return Settings(
        _env_file=None,
        bot_token=DESK_TOKEN,
        admin_ids="11",
        database_url=empty_dsn,
        telegram_api_url=telegram_url,
    )


def about(subject: str, lines: Sequence[Line]) -> Sequence[Line]:
    return [line for line in lines if line.subject == subject]


async def test_a_school_is_told_what_is_there_what_is_added_and_how_long_it_takes(
    school: asyncpg.Connection, settings: Settings
) -> None:
    before = await catalogue(school)

    lines = await check(settings)

    assert [line.subject for line in lines] == [
        *("TLS", "pooling", "PostgreSQL", "clock", "rights", "tables", "tables", "tables"),
        *("columns", "keys", "triggers", "names", "adds", "takes", "token", "webhook"),
    ]
    assert {line.verdict for line in lines} == {Verdict.OK}
    [columns] = about("columns", lines)
    assert columns.text.startswith("id integer, user_id bigint, course_id integer, confirmed int")
    assert about("tables", lines)[0] == ok("tables", "public.bookings: 612 rows")
    assert about("adds", lines) == [
        ok("adds", "users.course_stream, bookings.revision, bookings.first_revision, 10 indexes on"
                   " bookings, 6 triggers on bookings, the schema booking_desk")
    ]  # fmt: skip
    assert about("takes", lines) == [ok("takes", "about 1 s for 612 bookings")]
    assert await catalogue(school) == before


async def test_every_fault_has_a_line(school: asyncpg.Connection, settings: Settings) -> None:
    await school.execute(
        """
        ALTER TABLE bookings ALTER referral_code TYPE json USING NULL, DROP created_at,
                             ADD revision uuid
        """
    )

    wrong = [line for line in await check(settings) if line.verdict is Verdict.REFUSED]

    assert [str(line) for line in wrong] == [
        "no    columns     bookings.referral_code is json; text is needed",
        "no    columns     bookings.created_at is missing; a date or timestamp is needed",
        "no    names       bookings has a column revision of the school's own (uuid); the desk"
        " needs this name",
    ]


async def test_the_database_of_a_desk_is_fit_for_it(settings: Settings, dsn: str) -> None:
    lines = await check(settings.model_copy(update={"database_url": SecretStr(dsn)}))

    assert {line.verdict for line in lines} == {Verdict.OK}
    assert about("adds", lines) == [ok("adds", "nothing; the desk is here")]


async def test_what_has_got_lost_is_told(
    settings: Settings, dsn: str, sql: asyncpg.Connection
) -> None:
    await sql.execute(
        """
        DROP TRIGGER booking_desk_after_update ON bookings;
        ALTER TABLE users DROP course_stream
        """
    )

    lines = await check(settings.model_copy(update={"database_url": SecretStr(dsn)}))

    [line] = about("adds", lines)
    lost = "users.course_stream, 1 trigger on bookings: they have got lost since"
    assert line == note("adds", lost)


async def test_a_database_out_of_reach_keeps_nothing_from_being_told(settings: Settings) -> None:
    nowhere = SecretStr("postgresql://owner@127.0.0.1:9/school")

    database, token, webhook = await check(settings.model_copy(update={"database_url": nowhere}))

    assert database.verdict is Verdict.REFUSED
    assert database.text.endswith("check DATABASE_URL")
    assert token == ok("token", "BOT_TOKEN is @school_desk_bot's")
    assert webhook == ok("webhook", "none; the desk polls")


async def test_a_database_that_takes_no_changes_is_refused(
    school: asyncpg.Connection, settings: Settings
) -> None:
    await read_only(school, "on")

    [line, *_] = await check(settings)

    assert line.verdict is Verdict.REFUSED
    assert "default_transaction_read_only" in line.text


async def test_a_token_that_telegram_does_not_know_is_refused(settings: Settings) -> None:
    unknown = settings.model_copy(update={"bot_token": SecretStr("1:unknown")})

    lines = await check(unknown)

    assert about("token", lines) == [refused("token", "Telegram does not know BOT_TOKEN")]


@pytest.mark.parametrize(
    ("ours", "line"),
    [
        (None,
         note("webhook", "old.example receives the updates; the start takes it away, to poll")),
        ("https://old.example/x", ok("webhook", "old.example receives the updates")),
        ("https://new.example/x",
         note("webhook", "old.example receives the updates; the start sets new.example")),
    ],
)  # fmt: skip
async def test_a_webhook_that_is_set_is_told(
    settings: Settings, ours: str | None, line: Line
) -> None:
    async with open_bots(settings) as bots:
        await bots.desk.set_webhook("https://old.example/x")
    by_webhook = (
        {"webhook_url": AnyHttpUrl(ours), "webhook_secret": SecretStr("x")} if ours else {}
    )

    assert about("webhook", await check(settings.model_copy(update=by_webhook))) == [line]
