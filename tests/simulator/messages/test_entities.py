"""HTML in, entities out."""

from contextlib import suppress
from itertools import combinations, starmap

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import MessageEntity
from aiogram.utils.text_decorations import html_decoration
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from simulator import BotAccount, Person
from simulator.errors import ApiError
from simulator.text.formatted import FormattedText, format_text
from tests.simulator.rules import source


def parse(html: str) -> FormattedText:
    return format_text(html, parse_mode="HTML", entities=None)


def spans(html: str) -> list[tuple[str, str]]:
    """Return type and text of each entity."""
    formatted = parse(html)
    return [(entity.type, entity.extract_from(formatted.text)) for entity in formatted.entities]


@pytest.mark.parametrize(
    ("tag", "kind"),
    [
        ("b", "bold"),
        ("strong", "bold"),
        ("i", "italic"),
        ("em", "italic"),
        ("u", "underline"),
        ("ins", "underline"),
        ("s", "strikethrough"),
        ("strike", "strikethrough"),
        ("del", "strikethrough"),
        ("tg-spoiler", "spoiler"),
        ("code", "code"),
        ("pre", "pre"),
        ("blockquote", "blockquote"),
        ("B", "bold"),
    ],
)
def test_a_tag_becomes_an_entity(tag: str, kind: str) -> None:
    assert spans(f"see <{tag}>this</{tag}> now") == [(kind, "this")]


@pytest.mark.parametrize(
    ("html", "entity"),
    [
        ('<span class="tg-spoiler">x</span>', {"type": "spoiler"}),
        ('<a href="https://example.org/a?b=1&amp;c=2">x</a>',
         {"type": "text_link", "url": "https://example.org/a?b=1&c=2"}),
        ("<a href=example.org>x</a>", {"type": "text_link", "url": "http://example.org/"}),
        ("<blockquote expandable>x</blockquote>", {"type": "expandable_blockquote"}),
        ('<tg-emoji emoji-id="5368324170671202286">x</tg-emoji>',
         {"type": "custom_emoji", "custom_emoji_id": "5368324170671202286"}),
        ('<tg-time unix="1647531900" format="wDT">x</tg-time>',
         {"type": "date_time", "unix_time": 1647531900, "date_time_format": "wDT"}),
        ('<pre><code class="language-python">x</code></pre>',
         {"type": "pre", "language": "python"}),
        ('<code class="language-python">x</code>', {"type": "code"}),
    ],
)  # fmt: skip
def test_attributes_say_the_rest(html: str, entity: dict[str, object]) -> None:
    whole = {"offset": 0, "length": 1}

    assert parse(html).entities == [MessageEntity.model_validate(whole | entity)]


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("&lt;3 &amp; &quot;x&quot; &gt;", '<3 & "x" >'),
        ("&#9731;&#x2603;", "☃☃"),
        ("&#128512;", "😀"),
        ("&nbsp;&copy;", "&nbsp;&copy;"),
        ("&lt", "<"),
        ("&#0;", "&#0;"),
        ("Q&A", "Q&A"),
    ],
)
def test_four_names_and_all_numbers_stand_for_characters(source: str, text: str) -> None:
    assert parse(source).text == text


@source("MessageEntity::parse_html")
@pytest.mark.parametrize(
    ("html", "complaint"),
    [
        ("<p>x</p>", 'Unsupported start tag "p" at byte offset 0'),
        ("Я <3", "Unclosed start tag at byte offset 3"),
        ("<3 x>", 'Unsupported start tag "3" at byte offset 0'),
        ("<br>", 'Unsupported start tag "br" at byte offset 0'),
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("<b>x</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        ("<b", "Unclosed start tag at byte offset 0"),
        ("<a href='x", "Unclosed start tag at byte offset 0"),
        ("<a =x>y</a>", 'Empty attribute name in the tag "a" at byte offset 0'),
        ("<a href=x/y>z</a>", "Unexpected end of name token at byte offset 8"),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ("<tg-emoji>x</tg-emoji>", "Invalid custom emoji identifier specified"),
    ],
)
async def test_broken_markup_is_refused_in_telegrams_words(
    bot: Bot, anna: Person, html: str, complaint: str
) -> None:
    with pytest.raises(TelegramBadRequest) as refusal:
        await bot.send_message(anna.id, html)

    assert refusal.value.message == f"Bad Request: can't parse entities: {complaint}"


def test_offsets_are_counted_in_utf16_code_units() -> None:
    [entity] = parse("😀 <b>😀a</b>").entities

    assert (entity.offset, entity.length) == (3, 3)


def test_entities_come_outermost_first() -> None:
    assert spans("<i><b>x</b> y</i> <u>z</u>") == [
        ("italic", "x y"),
        ("bold", "x"),
        ("underline", "z"),
    ]


@source("MessageEntity::fix_entities")
@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<b>a</b><b>b</b>", [("bold", "ab")]),
        ("<b>a<b>b</b></b>", [("bold", "ab")]),
        ("<b>a<code>b</code>c</b>", [("bold", "a"), ("code", "b"), ("bold", "c")]),
        ("<b> a </b>.", [("bold", "a ")]),
        ("<b> </b>a", []),
        ("<b></b>a", []),
        ("<tg-emoji></tg-emoji>a", []),
        ("<blockquote>a<blockquote>b</blockquote></blockquote>", [("blockquote", "ab")]),
        ("<a href='#'>a</a>", []),
        ("<a href='tg://user?id=x'>a</a>", [("text_link", "a")]),
        ("<a href='http://['>a</a>", []),
        ("<a href='x.org'><a href='y.org'>a</a></a>", [("text_link", "a")]),
        ("<blockquote>a <b>b</b></blockquote>", [("blockquote", "a b"), ("bold", "b")]),
    ],
)
def test_entities_are_put_in_order(html: str, expected: list[tuple[str, str]]) -> None:
    assert spans(html) == expected


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("  x \n ", "x"),
        ("\n<b>x</b>\n", "x"),
        ("a\r\nb\tc", "a\nb c"),
        ("a\u202eb", "ab"),
    ],
)
def test_text_is_cleaned_and_trimmed(source: str, text: str) -> None:
    assert parse(source).text == text


def test_entities_move_with_what_is_cut_before_them() -> None:
    assert spans(" \r a\u202e <b>x</b>") == [("bold", "x")]


@source("MessageEntity::find_entities")
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("see https://example.org/a?b=1.", [("url", "https://example.org/a?b=1")]),
        ("t.me/school_desk_bot", [("url", "t.me/school_desk_bot")]),
        ("anna@example.org", [("email", "anna@example.org")]),
        ("ask @school_desk_bot", [("mention", "@school_desk_bot")]),
        ("/start@school_desk_bot abc", [("bot_command", "/start@school_desk_bot")]),
        ("1/2 and a/b", []),
        ("#north #1", [("hashtag", "#north")]),
        ("school.tv and school.amsterdamned", [("url", "school.tv")]),
        ("call +7 (999) 123-45-67 now", [("phone_number", "+7 (999) 123-45-67")]),
        ("card 4242 4242 4242 4242", [("bank_card_number", "4242 4242 4242 4242")]),
        ("card 4242 4242 4242 4243, order 12345", []),
        ("$USD $usd $TOOLONGTAG a$B", [("cashtag", "$USD")]),
        ("12.5 and so.on", []),
    ],
)
async def test_what_people_write_is_read_too(
    anna: Person, desk: BotAccount, text: str, expected: list[tuple[str, str]]
) -> None:
    message = anna.send(desk, text)

    assert [(e.type, e.extract_from(message.text)) for e in message.entities] == expected


def test_nothing_is_found_in_code_or_links() -> None:
    assert spans("<code>/start</code> <a href='x.org'>@anna</a>") == [
        ("code", "/start"),
        ("text_link", "@anna"),
    ]


async def test_a_person_is_mentioned_without_a_username(
    bot: Bot, desk: BotAccount, anna: Person, boris: Person
) -> None:
    await bot.send_message(
        anna.id, "<a href='tg://user?id=2'>he</a> <a href='tg://user?id=3'>it</a>"
    )

    [mention] = anna.chat(desk)[-1].entities
    assert mention.user
    assert (mention.type, mention.user.first_name) == ("text_mention", boris.name)


@pytest.mark.parametrize("mode", ["XML", "MarkdownV2"])
async def test_other_markup_is_refused(bot: Bot, anna: Person, mode: str) -> None:
    with pytest.raises(Exception, match=r"unsupported parse_mode|reads no Markdown"):
        await bot.send_message(anna.id, "x", parse_mode=mode)


TAGS = st.sampled_from(["b", "i", "u", "s", "tg-spoiler", "code", "blockquote"])
TEXTS = st.text(st.sampled_from("aя😀 \n<&."), max_size=6).map(html_decoration.quote)
MARKUP = st.recursive(
    TEXTS,
    lambda inner: st.one_of(
        st.tuples(TAGS, inner).map(lambda pair: f"<{pair[0]}>{pair[1]}</{pair[0]}>"),
        st.tuples(inner, inner).map("".join),
    ),
    max_leaves=8,
)


@settings(deadline=None)
@given(MARKUP)
@example("<b><code>x</code> </b>")
@example("<b><code>x</code> </b>y")
@example("<b><code>x</code> y</b>")
def test_html_made_of_entities_means_the_same(html: str) -> None:
    once = parse(html)
    # Italics that end inside of bold words are an overlap that no HTML can tell.
    assume(not any(starmap(overlap, combinations(once.entities, 2))))

    again = parse(html_decoration.unparse(once.text, once.entities))

    assert again == once


def overlap(first: MessageEntity, second: MessageEntity) -> bool:
    """Whether the second one, which begins later, is neither inside the first nor beside it."""
    return second.offset < first.offset + first.length < second.offset + second.length


@settings(deadline=None)
@given(st.text(st.sampled_from("<>/&#=;\"' ab1\ud83d😀-"), max_size=30))
def test_any_text_is_either_parsed_or_refused(source: str) -> None:
    with suppress(ApiError):
        parse(source)


@pytest.mark.parametrize("half", ["&#55357;", "\ud83d"])
async def test_half_a_character_is_refused(half: str) -> None:
    with pytest.raises(ApiError, match=r"invalid Unicode|encoded in UTF-8"):
        parse(f"x{half}")


def test_two_halves_are_a_character() -> None:
    assert parse("&#xD83D;&#xDE00;").text == "😀"
