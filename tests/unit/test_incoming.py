"""What Telegram may say, and nobody can store."""

import pytest

from bot.telegram.incoming import load


@pytest.mark.parametrize(
    ("content", "value"),
    [
        (b'{"name": "Vera"}', {"name": "Vera"}),
        (b'"\\ud83c\\udf89"', "🎉"),
        (b'["\\ud83c", "Vera"]', ["\ufffd", "Vera"]),
        (b'{"\\ud83c": "\\udf89 Vera \\ud83c"}', {"\ufffd": "\ufffd Vera \ufffd"}),
        (b'"Ve\\u0000ra"', "Vera"),
        (b'"Ve\0ra"', "Vera"),
        (b'"Ve\xff\xfera"', "Ve\ufffd\ufffdra"),
        (b"[9223372036854775807, -9223372036854775807]", [2**63 - 1, 1 - 2**63]),
        (b'{"user_id":9223372036854775808}', {"user_id": None}),
        (b'{"user_id": -9223372036854775809}', {"user_id": None}),
        (b"[18446744073709551616]", [None]),
        (b'{"chat_instance": "-9999999999999999999"}', {"chat_instance": "-9999999999999999999"}),
        (
            b'[true, null, 1.5, {"a": [""]}, 9223372036854775808]',
            [True, None, 1.5, {"a": [""]}, None],
        ),
        ('"🎉"', "🎉"),
    ],
)
def test_what_cannot_be_stored_is_cleaned(content: bytes | str, value: object) -> None:
    assert load(content) == value


@pytest.mark.parametrize("content", [b"", b"{", b"<html>", b"\xff\xfe", b"[" * 100_000])
def test_what_is_no_json_is_a_value_error(content: bytes) -> None:
    with pytest.raises(ValueError, match=r".+"):
        load(content)
