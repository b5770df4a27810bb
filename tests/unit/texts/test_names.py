"""Names that people chose are made safe for a line of a screen."""

import unicodedata

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from bot.texts.names import clean, course, stream, stream_title, student, username
from db.models.bookings import Booking
from db.models.streams import Stream
from keyboards.notices import public_profile
from tests.support.values import a_booking
from tests.unit.texts.screens.every import NOW, TRANSLATORS

FAMILY = "👨‍👩‍👧‍👦"
ISOLATE, END = "\u2068", "\u2069"

rough = st.text(
    st.characters() | st.sampled_from("\u200b\u200d\u202e\u2066\u2800\u3164\ufe0f\u0301 \n\tא👩")
)


@pytest.mark.parametrize(
    ("text", "visible"),
    [
        (None, ""),
        ("", ""),
        ("   ", ""),
        ("Vera", "Vera"),
        ("  Vera \n\t Ivanova ", "Vera Ivanova"),
        ("<3", "<3"),
        ("a</b>", "a</b>"),
        ("Robert'); DROP TABLE bookings;--", "Robert'); DROP TABLE bookings;--"),
        ("李雷", "李雷"),
        ("\u202eareV", "areV"),
        ("\u2067\u202aVera\u202c\u2069", "Vera"),
        ("a\u061cb", "ab"),
        ("Ve\x00ra\x1b", "Vera"),
        ("Ve\u00adra\u200b\ufeff", "Vera"),
        ("\u3164\u2800\u115f\uffa0", ""),
        ("\u200d\ufe0f\u200d", ""),
        ("\ue000\U000e0001", ""),
        ("دانیال", f"{ISOLATE}دانیال{END}"),
        ("אבי Vera", f"{ISOLATE}אבי Vera{END}"),
        (FAMILY, FAMILY),
        ("é" * 32, "é" * 32),
        ("é" * 33, "é" * 31 + "…"),
        ("😀" * 64, "😀" * 31 + "…"),
        (FAMILY * 64, FAMILY * 31 + "…"),
        ("a" + "\u0301" * 500, "a" + "\u0301" * 11),
    ],
)
def test_a_name_shows_what_can_be_seen_of_it(text: str | None, visible: str) -> None:
    assert clean(text) == visible


@given(text=rough, length=st.integers(1, 64))
def test_a_name_never_takes_more_room_than_it_is_given(text: str, length: int) -> None:
    visible = clean(text, length).strip(ISOLATE + END)

    assert len(regex.findall(r"\X", visible)) <= length
    assert len(visible) <= 12 * length
    assert len(visible.splitlines()) <= 1


@given(text=rough)
def test_a_name_leaves_nothing_open_for_what_follows(text: str) -> None:
    visible = clean(text)
    controls = [char for char in visible if unicodedata.category(char) in {"Cc", "Cf"}]

    assert [char for char in controls if char != "\u200d"] in ([], [ISOLATE, END])
    assert visible == visible.strip()


@given(text=rough)
def test_cleaning_twice_changes_nothing(text: str) -> None:
    visible = clean(text)

    assert clean(visible) == visible


@pytest.mark.parametrize(
    ("booking", "visible"),
    [
        (a_booking(first_name="Vera"), "Vera"),
        (a_booking(first_name=" \u200b", username="vera"), "@vera"),
        (a_booking(first_name=None, username=None), "no name (id 13)"),
        (a_booking(first_name="110"), "@vera"),
        (a_booking(first_name="110", username=None), "no name (id 13)"),
        (a_booking(first_name=None, username=" "), "no name (id 13)"),
    ],
)
def test_a_student_without_a_name_is_called_by_the_next_best_thing(
    booking: Booking, visible: str
) -> None:
    assert student(TRANSLATORS.of("en", NOW), booking) == visible


@pytest.mark.parametrize(
    ("booking", "visible"),
    [
        (a_booking(), ("Drawing", "North")),
        (a_booking(course_name=None, stream_name=None), ("#1", "north")),
        (a_booking(course_name=" ", stream_name="\u200b"), ("#1", "north")),
        (a_booking(course_id=None, course_stream=None, stream_name=None), ("", "")),
    ],
)
def test_a_course_and_a_stream_without_a_name_show_their_codes(
    booking: Booking, visible: tuple[str, str]
) -> None:
    assert (course(booking), stream(booking)) == visible


def test_a_stream_on_a_button_always_has_a_label() -> None:
    nameless = Stream(id=4, course_id=1, code=" ", name=None, is_open=True)

    assert stream_title(nameless) == "#4"


@pytest.mark.parametrize(
    ("stored", "visible"),
    [("vera", "@vera"), ("@vera", "@vera"), (None, ""), (" ", ""), ("@", ""), ("None", "")],
)
def test_a_username_has_its_sign_once(stored: str | None, visible: str) -> None:
    assert username(a_booking(username=stored)) == visible


@pytest.mark.parametrize(
    ("stored", "link"),
    [
        ("vera", "https://t.me/vera"),
        ("@vera", "https://t.me/vera"),
        ("None", None),
        ("null", None),
        (None, None),
        ("@", None),
        ("Вера", None),
    ],
)
def test_only_a_username_is_linked(stored: str | None, link: str | None) -> None:
    assert public_profile(a_booking(username=stored)) == link
