"""Searches for people and their bookings: names that count as the same, and the cost."""

import json
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta

import asyncpg
import pytest

from bot.errors import SearchEmpty, SearchForgotten, SearchTooLong
from bot.services.lists.finding import spellings_of
from bot.services.lists.search import SearchService
from bot.views.lists import FoundList
from db.connection import Connection
from db.database import Database
from db.lists.search import SearchRepository
from db.models.lists import START, Cursor, Edge
from db.models.search import Targets
from db.people.names import NameRepository
from tests.db.lists.finding import ANNA, found
from tests.db.lists.walks import Walker
from tests.support.postgres import Plan, plan_of
from tests.support.school import MakeBooking


@pytest.fixture
async def maria(make_booking: MakeBooking) -> int:
    """The booking, among others, that the searches look for."""
    await make_booking(user_id=501, first_name="Олег", username="oleg_k")
    await make_booking(user_id=502, first_name="Anna-Lena", username=None)
    return await make_booking(
        user_id=503, first_name="Мария Иванова", username="masha_iv", referral_code="FRIEND10"
    )


@pytest.mark.parametrize(
    "text",
    [
        *("Мария", "МАРИЯ", "мари", "maria", "Marya", "Mariya", "Марья", "María", "Mariia"),
        *("Мприя", "Мрия", "Marai", "Марих", "иванова мария", "Ivanova", "вано", "ив"),
        *("@masha_iv", "MASHA_IV", "https://t.me/masha_iv", "t.me/Masha_Iv?start=1"),
        *("https://t.me/masha_iv/123?single", "https://t.me/masha_iv/s/7", "t.me/masha_iv/"),
        *("tg://user?id=503", "TG://user?id=503"),
        *("sha_iv", "ASHA", "@masha_iv", "riend", "END1"),
        *("friend10", "503", "\u202eма\u200bрия\u202c", "  Мария\n\tИванова  "),
    ],
)
async def test_a_person_is_found_however_they_are_called(
    search: SearchService, maria: int, text: str
) -> None:
    assert await found(search, text) == [maria]


@pytest.mark.parametrize(
    ("name", "texts"),
    [
        ("Jiří", ["jiri", "JIŘÍ", "Jir\u030ci\u0301"]),
        ("Hương", ["huong", "HƯƠNG", "Hu\u031bo\u031bng"]),
        ("Đặng Thị", ["dang thi", "đặng"]),
        ("Ægir", ["aegir", "æGIR"]),
        ("Γιώργος", ["giorgos", "Γιωργος", "ΓΙΏΡΓΟΣ"]),
        ("Θεοδώρου", ["theodoru"]),
        ("Ștefan Țepeș", ["stefan tepes", "Ştefan Ţepeş"]),
        ("Yağız Işık", ["yagiz isik"]),
        ("İbrahim", ["ibrahim", "IBRAHIM"]),
        ("Қайрат Ғани", ["kairat gani", "ҚАЙРАТ"]),
        ("Ўткир", ["utkir"]),
        ("Straße", ["strasse", "STRASSE", "strase"]),
        ("Łukasz", ["lukasz"]),
        ("Čapek", ["Chapek", "C\u030capek"]),
        ("Се\u0308ме\u0308н", ["Сёмён", "семен", "Semen"]),
        ("Jose\u0301", ["José", "jose"]),
        ("Андреи\u0306", ["Андрей", "andrei"]),
        ("Zoë Günther", ["zoe gunther"]),
        ("Søren Þór", ["soren thor"]),
    ],
)
async def test_accents_and_alphabets_make_no_difference(
    search: SearchService, make_booking: MakeBooking, name: str, texts: Sequence[str]
) -> None:
    await make_booking(user_id=501, first_name="Олег", username="oleg_k")
    booking = await make_booking(user_id=502, first_name=name, username=None)

    for text in [name, *texts]:
        assert await found(search, text) == [booking], text


@pytest.mark.parametrize(
    ("name", "folded"), [("Jiří", "iri"), ("ΓΙΏΡΓΟΣ", "giorgos"), ("ЁЖ", "ezh"), ("Å’s", "as")]
)
async def test_names_have_one_spelling_also_where_the_locale_knows_only_ascii(
    sql: asyncpg.Connection, name: str, folded: str
) -> None:
    lowered = await sql.fetchval('SELECT lower($1 COLLATE "C")', name)
    assert await sql.fetchval('SELECT booking_desk.folded($1 COLLATE "C")', name) == folded
    assert await sql.fetchval("SELECT booking_desk.folded($1)", lowered) == folded


@pytest.mark.parametrize(
    "text",
    [
        *(
            "%",
            "_",
            "__________",
            "' OR 1=1; --",
            ".*[a-z]+(",
            "@%%%",
            "😀",
            "\\",
            "\u2800",
        ),
        *(
            "99999999999999999999999",
            "-1",
            "#",
            "@",
            "t.me/",
            "tg://user?id=99999999999999999999999",
            "Мария Петрова",
            "{}",
            "\x00maria\x00",
        ),
    ],
)
async def test_odd_texts_find_nothing_and_break_nothing(
    search: SearchService, maria: int, text: str
) -> None:
    assert await found(search, text) == ([maria] if "maria" in text else [])


@pytest.mark.parametrize("text", ["@maria", "t.me/Maria", "@ivanova", "@masha"])
async def test_a_username_that_nobody_has_is_nobodys_name_and_brings_only_the_nearest(
    search: SearchService, maria: int, text: str
) -> None:
    result = await search.find(text, by=ANNA)

    assert isinstance(result, FoundList)
    assert result.nearest
    assert [booking.id for booking in result.page.items] == [maria]


@pytest.mark.parametrize("text", ["", " \n\t", "\u200b\u202e\ufeff"])
async def test_nothing_visible_is_nothing_to_look_for(search: SearchService, text: str) -> None:
    with pytest.raises(SearchEmpty):
        await search.find(text, by=ANNA)


async def test_a_text_longer_than_any_name_is_refused(search: SearchService) -> None:
    with pytest.raises(SearchTooLong):
        await search.find("x" * 65, by=ANNA)


@pytest.mark.parametrize("slip", ["ivn", "ivaan", "iavn", "ivxn", "xvan", "ivanx"])
def test_a_word_one_slip_away_is_among_the_spellings(slip: str) -> None:
    assert "ivan" in spellings_of(slip)


@pytest.mark.parametrize("other", ["ixxn", "ivanxx", "iv"])
def test_a_word_two_slips_away_is_not(other: str) -> None:
    assert "ivan" not in spellings_of(other)


async def test_the_same_search_has_the_same_number_for_everybody(
    search: SearchService, maria: int, make_booking: MakeBooking
) -> None:
    await make_booking(user_id=504, first_name="Maria")

    results = [await search.find(text, by=ANNA) for text in ("мария", "мария", "maria")]

    first, again, other = [result.key for result in results if isinstance(result, FoundList)]
    assert first == again != other


async def test_a_search_that_is_forgotten_cannot_be_paged(
    search: SearchService, db: Database, anna: Walker, maria: int
) -> None:
    result = await search.find("oleg anna", by=ANNA)
    assert isinstance(result, FoundList)
    async with db.transaction() as uow:
        assert await uow.saved_queries.forget(timedelta(0)) == 1

    with pytest.raises(SearchForgotten):
        await anna.turns(result.key, START)


async def test_every_page_of_a_search_is_the_slice_its_edge_names(
    db: Database, make_booking: MakeBooking
) -> None:
    made = [await make_booking(user_id=600 + n % 3, referral_code="X") for n in range(10)][::-1]
    targets = Targets(people=[600, 601], bookings=[made[0], made[5]], codes=["x"])

    async def read(edge: Edge, booking: int | None) -> list[int]:
        async with db.snapshot() as uow:
            return list(await uow.search.page(targets, Cursor(edge, booking), limit=3))

    assert await read(Edge.FIRST, None) == made[:3]
    assert await read(Edge.LAST, None) == made[-3:]
    assert await read(Edge.AFTER, made[4]) == made[5:8]
    assert await read(Edge.FROM, made[4]) == made[4:7]
    assert await read(Edge.BEFORE, made[4]) == made[1:4]


Ask = Callable[[Connection], Awaitable[object]]
EVERYTHING = Targets(people=range(10, 2010, 10), bookings=[5], codes=["half"])
DEEP = Cursor(Edge.AFTER, 12_000)
ASKS: Sequence[tuple[str, Ask]] = [
    ("page", lambda c: SearchRepository(c).page(EVERYTHING, DEEP, limit=8)),
    ("first", lambda c: SearchRepository(c).first(EVERYTHING, limit=8)),
    ("newer", lambda c: SearchRepository(c).count(EVERYTHING, Cursor(Edge.BEFORE, 12_000))),
    ("people", lambda c: NameRepository(c).people([["maria"]], limit=200)),
    ("both", lambda c: NameRepository(c).people([["maria"], ["name1"]], limit=200)),
    ("known", lambda c: NameRepository(c).known(spellings_of("marina"))),
    ("username", lambda c: NameRepository(c).people_by_username("USER_7", limit=200)),
    ("start", lambda c: NameRepository(c).people_by_username_start("user_", limit=8)),
]


async def test_no_search_reads_a_table_from_end_to_end(namesakes: Connection) -> None:
    plans = [(name, await plan_of(namesakes, ask(namesakes))) for name, ask in ASKS]

    for table in ("bookings", "names", "words", "dictionary"):
        assert [name for name, plan in plans if "Seq Scan" in plan.scans(table)] == []
    read = {name: plan.rows_read("bookings") + plan.rows_read("words") for name, plan in plans}
    assert max(read.values()) < 6000, read


async def test_pages_of_more_than_is_counted_go_on_to_the_end_and_back(
    namesakes: Connection, search: SearchService, anna: Walker
) -> None:
    result = await search.find("half", by=ANNA)
    assert isinstance(result, FoundList)
    assert result.page.next

    second = (await anna.turns(result.key, result.page.next)).page
    last = (await anna.turns(result.key, Cursor(Edge.LAST))).page
    assert last.previous
    before = (await anna.turns(result.key, last.previous)).page

    assert [booking.id for booking in result.page.items] == list(range(25_000, 24_984, -2))
    assert [booking.id for booking in second.items] == list(range(24_984, 24_968, -2))
    assert [booking.id for booking in last.items] == list(range(16, 0, -2))
    assert str(result.page.total) == "1000+"
    assert f"{result.page.number} of {result.page.last}" == "1 of 125+"
    assert f"{second.number} of {second.last}" == "2 of 125+"
    assert f"{before.number} of {before.last}" == "126+ of 127+"
    assert before.next
    assert last.next is None


async def test_a_part_that_nobody_has_finds_nobody(search: SearchService, maria: int) -> None:
    for text in ("sha%iv", "xasha_iv", "a__iv", "friend_0", "riendx"):
        result = await search.find(text, by=ANNA)
        assert isinstance(result, FoundList)
        assert result.nearest or not result.page.items


async def test_the_part_of_a_username_reads_no_more_of_many_names_than_it_returns(
    sql: asyncpg.Connection,
) -> None:
    await sql.execute(
        """
        INSERT INTO booking_desk.names (user_id, name, is_username, learned)
        SELECT n, 'student_' || n || CASE WHEN n % 2000 = 0 THEN '_draws' ELSE '' END, true, true
          FROM generate_series(1, 20000) AS n;
        ANALYZE booking_desk.names;
        """
    )
    condition = "is_username AND lower(name) LIKE '%\\_draws%'"
    [row] = await sql.fetch(
        "EXPLAIN (ANALYZE, FORMAT JSON) SELECT user_id FROM booking_desk.names"
        f" WHERE {condition} LIMIT 200"
    )
    plan = Plan(json.loads(row[0])[0]["Plan"])

    assert await NameRepository(sql).people_by_username_part("_DRAWS", limit=5) != []
    assert plan.scans("names") == {"Bitmap Heap Scan"}
    assert plan.rows_read("names") <= 20


async def test_the_part_of_nearly_every_username_is_found_in_a_few_of_them(
    sql: asyncpg.Connection,
) -> None:
    await sql.execute(
        """
        INSERT INTO booking_desk.names (user_id, name, is_username, learned)
        SELECT n, CASE WHEN n = 7 THEN 'ann_draws' ELSE 'student_' || n END, true, true
          FROM generate_series(1, 25000) AS n;
        ANALYZE booking_desk.names;
        """
    )
    names = NameRepository(sql)

    people = await names.people_by_username_part("tudent", limit=200)

    assert len(set(people)) == 200
    assert people == await names.people_by_username_part("tudent", limit=200)
    assert await names.people_by_username_part("n_draw", limit=200) == [7]
    [row] = await sql.fetch(
        "EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) SELECT booking_desk.usernames_with('tudent', 200)"
    )
    # The index alone would read more than twice as many.
    assert json.loads(row[0])[0]["Plan"]["Shared Hit Blocks"] <= 12


async def test_the_parts_of_codes_cost_a_look_up_for_each_code(
    sql: asyncpg.Connection, make_booking: MakeBooking
) -> None:
    await sql.execute(
        """
        INSERT INTO bookings (user_id, course_id, course_stream, confirmed, referral_code)
        SELECT n, 1, 'north', 0, 'CODE-' || n % 10 FROM generate_series(1, 5000) AS n;
        ANALYZE bookings;
        """
    )

    plan = await plan_of(sql, SearchRepository(sql).codes_with("de-7", limit=20))

    assert await SearchRepository(sql).codes_with("DE-7", limit=20) == ["code-7"]
    assert plan.rows_read("bookings") <= 11
