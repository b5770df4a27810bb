"""Files in every usual form are read, and hostile ones are refused by line."""

import io
import zipfile

import pytest

from bot.services.adding.files.text import LONGEST_ROW
from db.models.adding.imports import MOST_COLUMNS, MOST_ROWS, Field, FileProblem, RowResult
from tests.unit.files.reading import parsed, refusal_of, rows_of

TABLE = "user_id{0}Имя{0}Курс\n11{0}Вера{0}Рисование\n12{0}Пётр{0}Рисование\n"


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize(
    ("encoding", "known"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("utf-16", "utf-16"),
        ("cp1251", "cp1251"),
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_a_table_is_read_in_each_encoding_with_each_delimiter(
    delimiter: str, encoding: str, known: str, newline: str
) -> None:
    text = TABLE.format(delimiter).replace("\n", newline)

    layout, columns, rows = parsed(text.encode(encoding))

    assert (layout.encoding, layout.delimiter, layout.has_header) == (known, delimiter, True)
    assert columns == {Field.PERSON: 0, Field.NAME: 1, Field.COURSE: 2}
    assert [(row.line, row.user_id, row.first_name, row.course_name) for row in rows] == [
        (2, 11, "Вера", "Рисование"),
        (3, 12, "Пётр", "Рисование"),
    ]
    assert all(row.result is None and row.confirmed == 0 for row in rows)


def test_utf_16_of_big_endians_has_its_mark_too() -> None:
    content = b"\xfe\xff" + TABLE.format(",").encode("utf-16-be")

    assert [row.user_id for row in parsed(content)[2]] == [11, 12]


def test_quoted_cells_have_delimiters_quotes_and_lines_and_the_row_its_first_line() -> None:
    text = 'id,name,course\n11,"Vera ""V"", the\nfirst",Art\n\n , ,\n12,Petya,"Art, late"\n'

    rows = rows_of(text)

    assert [(row.line, row.first_name, row.course_name) for row in rows] == [
        (2, 'Vera "V", the first', "Art"),
        (6, "Petya", "Art, late"),
    ]


def test_a_spreadsheet_may_announce_the_delimiter() -> None:
    rows = rows_of("sep=;\r\nid;name\r\n11;Vera, V\r\n")

    assert [(row.line, row.user_id, row.first_name) for row in rows] == [(3, 11, "Vera, V")]


def test_a_file_without_names_of_columns_tells_the_person_by_the_number() -> None:
    layout, columns, rows = parsed(b"Vera,11,@vera\nPetya,12,@petya\n")

    assert not layout.has_header
    assert columns == {Field.PERSON: 1, Field.USERNAME: 2}
    assert [(row.line, row.user_id, row.username) for row in rows] == [
        (1, 11, "vera"),
        (2, 12, "petya"),
    ]


def test_of_two_columns_the_surer_name_counts_and_of_two_with_one_name_the_first() -> None:
    _, columns, rows = parsed(b"id,user_id,Date,date\n7,11,2026-01-02,2026-01-03\n")

    assert columns == {Field.PERSON: 1, Field.CREATED: 2}
    assert rows[0].user_id == 11


def test_a_file_whose_names_say_nothing_is_read_all_the_same() -> None:
    layout, columns, rows = parsed(b"foo,bar\nVera,Art\n")

    assert (layout.has_header, columns) == (True, {})
    assert [row.result for row in rows] == [RowResult.UNREADABLE]


def test_a_formula_is_text() -> None:
    [row] = rows_of("id,name,code\n11,=cmd|'/C calc'!A0,@SUM(1+1)\n")

    assert (row.first_name, row.referral_code) == ("=cmd|'/C calc'!A0", "@SUM(1+1)")


def zipped() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb.csv", b"0" * 10_000_000)
    return target.getvalue()


@pytest.mark.parametrize(
    ("content", "problem", "line"),
    [
        (b"", FileProblem.EMPTY, None),
        (b"\xef\xbb\xbf\r\n\r\n", FileProblem.EMPTY, None),
        (b",,\n,,\n", FileProblem.EMPTY, None),
        (b"id,name\n", FileProblem.NO_ROWS, None),
        (b"id,name\n , \n", FileProblem.NO_ROWS, None),
        (zipped(), FileProblem.ARCHIVE, None),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", FileProblem.ARCHIVE, None),
        (b"id,name\n11,Ve\x00ra\n", FileProblem.BINARY, 2),
        ("id,name\n11,Ve\x00ra\n".encode("utf-16"), FileProblem.BINARY, 2),
        ("id,name\n11,Vera\n".encode("utf-16-le"), FileProblem.BINARY, 1),
        (bytes(range(256)), FileProblem.BINARY, 1),
        ("id,имя\n11,Вера\n".encode() + b"12,\xed\xa0\x80\n", FileProblem.ENCODING, 3),
        ("id,имя\n".encode() + "Вера\n".encode() * 9 + b"\xff\xfe,1\n", FileProblem.ENCODING, 11),
        (b"\xff\xfei\x00d\x00\n\x00\x00\xd8\n\x00", FileProblem.ENCODING, 2),
        (b"id,name\n11,\x98\n", FileProblem.ENCODING, 2),
        (b'id,name\n11,"Vera\n12,Petya\n', FileProblem.QUOTES, 2),
        (b'id,name\n11,"Vera" P\n', FileProblem.QUOTES, 2),
        (b'id,name\n11,"' + b"a" * 131_073 + b'"\n', FileProblem.LONG, 2),
        (b"id,name\n11," + b"a" * 1_000_000 + b"\n", FileProblem.LONG, 2),
        (b'id,name\n11,"' + b"a\n" * LONGEST_ROW + b'"\n', FileProblem.LONG, None),
        (b"id,name\n" + b"," * 10_000 + b"1\n", FileProblem.COLUMNS, 2),
        (b"," * MOST_COLUMNS + b"id\n", FileProblem.COLUMNS, 1),
        (b"id\n" + b"1\n" * (MOST_ROWS + 1), FileProblem.ROWS, MOST_ROWS + 2),
    ],
    ids=lambda value: None if isinstance(value, bytes) else str(value),
)
def test_what_cannot_be_read_is_refused_with_its_line(
    content: bytes, problem: FileProblem, line: int | None
) -> None:
    refused, where = refusal_of(content)

    assert refused is problem
    if line is not None:
        assert where == line


def test_the_most_rows_are_read() -> None:
    content = b"id\n" + b"1\n" * MOST_ROWS

    assert len(parsed(content)[2]) == MOST_ROWS
