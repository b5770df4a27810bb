"""Each cell is read, or its line, column and reason are named."""

from datetime import UTC, datetime

import pytest

from db.models.adding.imports import CellProblem, Field, Row, RowResult
from tests.unit.files.reading import BERLIN, rows_of

NEW_YEARS_EVE = datetime(2026, 12, 31, tzinfo=BERLIN)


def row_of(header: str, cells: str) -> Row:
    [row] = rows_of(f"id\t{header}\n11\t{cells}\n")
    return row


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-12-31", NEW_YEARS_EVE),
        ("2026-12-31 10:00", NEW_YEARS_EVE.replace(hour=10)),
        ("2026-12-31T10:00:30", NEW_YEARS_EVE.replace(hour=10, second=30)),
        ("2026-12-31T10:00:00Z", datetime(2026, 12, 31, 10, tzinfo=UTC)),
        ("2026-12-31 10:00:00.5+03", datetime(2026, 12, 31, 7, 0, 0, 500_000, UTC)),
        ("31.12.2026", NEW_YEARS_EVE),
        ("31.12.2026 10:00", NEW_YEARS_EVE.replace(hour=10)),
        ("31.12.2026, 9:05:07", NEW_YEARS_EVE.replace(hour=9, minute=5, second=7)),
        ("31/12/2026", NEW_YEARS_EVE),
        ("12/31/2026 23:59", NEW_YEARS_EVE.replace(hour=23, minute=59)),
        ("31 Dec 2026", NEW_YEARS_EVE),
        ("31 дек 2026", NEW_YEARS_EVE),
        ("31 декабря 2026 г., 10:00", NEW_YEARS_EVE.replace(hour=10)),
        ("Dec 31, 2026", NEW_YEARS_EVE),
        ("1 мая 2026", datetime(2026, 5, 1, tzinfo=BERLIN)),
        ("5/5/2026", datetime(2026, 5, 5, tzinfo=BERLIN)),
    ],
)
def test_a_date_in_any_spelling_is_meant_at_the_school_unless_it_has_a_zone(
    text: str, moment: datetime
) -> None:
    assert row_of("created_at", text).created_at == moment


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("31.02.2026", CellProblem.DATE),
        ("2026-13-01", CellProblem.DATE),
        ("2026-12-31 25:00", CellProblem.DATE),
        ("2026-12-31 10:00 tomorrow", CellProblem.DATE),
        ("31.12.26", CellProblem.DATE),
        ("46387", CellProblem.DATE),
        ("31 Foo 2026", CellProblem.DATE),
        ("31.12.1026", CellProblem.DATE),
        ("0001-01-01T00:00:00+23:59", CellProblem.DATE),
        ("32/13/2026", CellProblem.DATE),
        ("yesterday", CellProblem.DATE),
        ("٣١.١٢.٢٠٢٦", CellProblem.DATE),
        ("03/04/2026", CellProblem.DATE_UNCLEAR),
        ("2027-06-01", CellProblem.DATE_AHEAD),
        ("9999-12-31T23:59:59-23:59", CellProblem.DATE_AHEAD),
    ],
)
def test_what_is_no_date_is_named(text: str, problem: CellProblem) -> None:
    row = row_of("created_at", text)

    assert (row.result, row.problem, row.field) == (
        RowResult.UNREADABLE,
        problem,
        Field.CREATED,
    )
    assert (row.line, row.shown) == (2, text)


@pytest.mark.parametrize(
    ("told", "month"),
    [("25/12/2026", 4), ("12/25/2026", 3)],
)
def test_other_rows_tell_which_way_round_a_date_is(told: str, month: int) -> None:
    rows = rows_of(f"id,date\n1,03/04/2026\n2,{told}\n")

    assert [row.created_at and row.created_at.month for row in rows] == [month, 12]


def test_rows_that_tell_two_ways_leave_the_others_unclear() -> None:
    rows = rows_of("id,date\n1,03/04/2026\n2,25/12/2026\n3,12/25/2026\n")

    assert [row.problem for row in rows] == [CellProblem.DATE_UNCLEAR, None, None]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        *(("0", 0), ("1", 1), ("2", 2), ("-1", -1), ("", 0), ("NULL", 0)),
        *(("Pending", 1), ("paid", 2), ("Cancelled", -1), ("NEW", 0)),
        *(("ждёт", 1), ("Подтверждена", 2), ("отменена", -1), ("Новая", 0), ("Оплачено", 2)),
    ],
)
def test_a_status_is_a_number_or_a_word_of_either_language(text: str, code: int) -> None:
    assert row_of("status", text).confirmed == code


@pytest.mark.parametrize(
    ("text", "user_id", "username"),
    [
        ("11", 11, None),
        (" 11 ", 11, None),
        ("id 11", 11, None),
        ("9999999999", 9_999_999_999, None),
        ("@vera_p", None, "vera_p"),
        ("https://t.me/vera_p", None, "vera_p"),
    ],
)
def test_a_person_is_a_number_or_a_username(
    text: str, user_id: int | None, username: str | None
) -> None:
    [row] = rows_of(f"id;x\n{text};y\n")

    assert (row.result, row.user_id, row.username) == (None, user_id, username)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        *((each, CellProblem.PHONE) for each in ("+79161234567", "8 (916) 123-45-67")),
        *((each, CellProblem.PHONE) for each in ("79161234567", "0", "011", "-5", "12.0")),
        *((each, CellProblem.NO_ID) for each in ("1,2E+09", "1e9", "Vera", "１１", "=11")),
    ],
)
def test_a_number_that_is_no_persons_is_refused(text: str, problem: CellProblem) -> None:
    [row] = rows_of(f"id;x\n{text};y\n")

    assert (row.problem, row.field, row.shown) == (problem, Field.PERSON, text)


@pytest.mark.parametrize(
    ("header", "cell", "problem", "field"),
    [
        ("username", "not a name", CellProblem.NO_USERNAME, Field.USERNAME),
        ("username", "vera!", CellProblem.NO_USERNAME, Field.USERNAME),
        ("name", "a" * 129, CellProblem.LONG, Field.NAME),
        ("course", "a" * 65, CellProblem.LONG, Field.COURSE),
        ("course", "2147483648", CellProblem.COURSE, Field.COURSE),
        ("course", "-1", CellProblem.COURSE, Field.COURSE),
        ("stream", "a" * 51, CellProblem.LONG, Field.STREAM),
        ("code", "a" * 65, CellProblem.LONG, Field.CODE),
        ("status", "3", CellProblem.STATUS, Field.STATUS),
        ("status", "maybe", CellProblem.STATUS, Field.STATUS),
        ("discount", "101", CellProblem.DISCOUNT, Field.DISCOUNT),
        ("discount", "ten", CellProblem.DISCOUNT, Field.DISCOUNT),
    ],
)
def test_a_cell_that_cannot_be_read_is_named(
    header: str, cell: str, problem: CellProblem, field: Field
) -> None:
    row = row_of(header, cell)

    assert (row.result, row.problem, row.field) == (RowResult.UNREADABLE, problem, field)
    assert len(row.shown or "") <= 40


def test_a_row_needs_somebody_and_no_more_cells_than_the_header() -> None:
    rows = rows_of("id,username,name\n,,Vera\nnull,None,Vera\n11,vera,Vera,Art\n12,vera,V,,\n13\n")

    assert [row.problem for row in rows] == [
        CellProblem.NOBODY,
        CellProblem.NOBODY,
        CellProblem.CELLS,
        None,
        None,
    ]


def test_a_course_is_a_number_or_a_name_and_a_discount_may_have_its_sign() -> None:
    rows = rows_of("id;course;discount\n1;7;10%\n2;Art;15,00\n3;;\n")

    assert [(row.course_id, row.course_name, row.discount_percent) for row in rows] == [
        (7, None, 10),
        (None, "Art", 15),
        (None, None, None),
    ]


def test_what_is_invisible_in_a_text_is_dropped() -> None:
    row = row_of("name", "\u202eVera\u200b  P")

    assert row.first_name == "Vera P"
