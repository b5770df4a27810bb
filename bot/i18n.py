"""Texts from gettext catalogues, read at start from bot/locales/<language>.po."""

import gettext
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache
from html import escape
from io import BytesIO
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import (
    TIMEDELTA_UNITS,
    format_skeleton,
    format_timedelta,
    get_day_names,
    get_month_names,
)
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from bot.views.adding.imports import Words

_SECOND: Final = timedelta(seconds=1)
_UNITS: Final = tuple(seconds for _, seconds in TIMEDELTA_UNITS)
"""Seconds of each unit of time, the longest first."""
_A_MINUTE: Final = timedelta(minutes=1)
_TWO_DAYS: Final = 2 * 24 * 60 * 60
"""Seconds."""
_RECENT: Final = timedelta(hours=20)
"""Within this time the age of a moment says more than its date."""
_TYPED: Final = "typed-"
"""Prefix of the ids of words that people type; | separates the spellings of one word."""
_READ: Final = "read-"
"""Prefix of the ids of words in files, in the same form; the surest one comes first."""
LOCALES: Final = Path(__file__).parent / "locales"


class TextError(LookupError):
    """The text does not exist, or lacks a value: a bug."""


class Html(str):
    """Finished HTML, which is filled into a text without being escaped again."""

    __slots__ = ()


class Language:
    """The texts of one language."""

    def __init__(self, catalogue: Path) -> None:
        self.code: Final = catalogue.stem
        self.locale: Final = Locale.parse(self.code)
        self.months: Final = get_month_names("abbreviated", locale=self.locale)
        names = get_day_names("short", locale=self.locale)
        self.weekdays: Final = [names[day] for day in range(7)]
        self._gettext, self.ids = _read(catalogue)

    def fill(self, text_id: str, values: Mapping[str, str | int]) -> str:
        """Return the text with `values` filled in unescaped.

        Raises:
            TextError: the text does not exist, or lacks a value.
        """
        if text_id not in self.ids:
            raise TextError(text_id)
        if "count" in values:
            pattern = self._gettext.ngettext(text_id, text_id, int(values["count"]))
        else:
            pattern = self._gettext.gettext(text_id)
        try:
            return pattern.format_map(values)
        except KeyError as missing:
            raise TextError(text_id, str(missing)) from None


class Translator:
    """The texts of one language, in the school's time zone, at the moment `now`.

    A text is named by its msgid. A value called `count` chooses its plural form.
    """

    __slots__ = ("_language", "_others", "_timezone", "now")

    def __init__(
        self, language: Language, timezone: ZoneInfo, now: datetime, others: "Translators"
    ) -> None:
        self._language = language
        self._timezone = timezone
        self._others = others
        # Python subtracts datetimes of one zone by wall clock, which jumps at a clock change.
        self.now = now.astimezone(UTC)

    @property
    def language(self) -> str:
        """The code of the language, such as "ru"."""
        return self._language.code

    def to(self, client: str | None) -> "Translator":
        """Return the translator for another reader, by the language code of their client."""
        return self._others.of(client, self.now)

    @property
    def ids(self) -> frozenset[str]:
        """The ids of all texts."""
        return self._language.ids

    def __call__(self, text_id: str, /, **values: str | int) -> Html:
        """Return the text as HTML with `values` filled in; only this method escapes them.

        Raises:
            TextError: the text does not exist, or lacks a value.
        """
        safe = {name: _safe(value) for name, value in values.items()}
        return Html(self._language.fill(text_id, safe))

    def plain(self, text_id: str, /, **values: str | int) -> str:
        """Return the text for places where Telegram reads no HTML: buttons, alerts, commands.

        Raises:
            TextError: the text does not exist, or lacks a value.
        """
        return self._language.fill(text_id, values)

    def moment(self, moment: datetime) -> str:
        """Return the date and time of day at the school."""
        local = moment.astimezone(self._timezone)
        return f"{self.day(local)}, {local.time().isoformat('minutes')}"

    def clock(self, moment: datetime) -> str:
        """Return the time of day at the school, to the second."""
        return moment.astimezone(self._timezone).time().isoformat("seconds")

    def day(self, day: date) -> str:
        """Return a day of the calendar.

        A card has three dates, and Babel's pattern takes five times as long.
        """
        return f"{day.day} {self._language.months[day.month]} {day.year}"

    def month(self, day: date, *, long: bool = False) -> str:
        """Return the month of a day, such as "Nov 2026", or its `long` form."""
        if not long:
            return f"{self._language.months[day.month]} {day.year}"
        moment = datetime.combine(day, time())
        return format_skeleton("yMMMM", moment, locale=self._language.locale)

    @property
    def weekdays(self) -> Sequence[str]:
        """The short names of the days of the week, Monday first."""
        return self._language.weekdays

    @property
    def today(self) -> date:
        """The present day at the school."""
        return self.now.astimezone(self._timezone).date()

    def date(self, moment: datetime) -> str:
        """Return the date at the school."""
        return self.day(moment.astimezone(self._timezone))

    def when(self, moment: datetime) -> str:
        """Return the date and time; for a recent moment also its age.

        The age never stands alone, because a message in a chat is read again hours later.
        """
        at = self.moment(moment)
        return self.since(moment) if self._since(moment) < _RECENT else at

    def since(self, moment: datetime) -> str:
        """Return the date and time with the age, which is left out within the first minute."""
        at = self.moment(moment)
        if self._since(moment) < _A_MINUTE:
            return at
        ago = self.plain("moment-ago", age=self.age(moment))
        return self.plain("moment-recent", at=at, ago=ago)

    def age(self, moment: datetime) -> str:
        """Return how long ago `moment` was, rounded down to its largest unit.

        From two days on, that is the largest that fits twice.
        """
        seconds = self._since(moment) // _SECOND
        times = 1 if seconds < _TWO_DAYS else 2
        for unit in _UNITS:
            if seconds >= times * unit:
                return _in_words(self._language.code, seconds // unit * unit)
        return _in_words(self._language.code, seconds)

    def _since(self, moment: datetime) -> timedelta:
        return self.now - moment.astimezone(UTC)


@cache
def _read(catalogue: Path) -> tuple[gettext.GNUTranslations, frozenset[str]]:
    """Return the texts of a catalogue, and their ids."""
    with catalogue.open("rb") as file:
        messages = read_po(file, locale=catalogue.stem)
    compiled = BytesIO()
    write_mo(compiled, messages)
    compiled.seek(0)
    msgids = (message.id for message in messages if message.id)
    ids = frozenset(msgid if isinstance(msgid, str) else msgid[0] for msgid in msgids)
    return gettext.GNUTranslations(compiled), ids


@lru_cache(maxsize=1024)
def _in_words(language: str, seconds: int) -> str:
    """Return a duration in words; cached, because lists repeat a few durations."""
    threshold = 1 if seconds < _TWO_DAYS else 2
    return format_timedelta(seconds, threshold=threshold, format="short", locale=language)


def _safe(value: str | int) -> str | int:
    if isinstance(value, str) and not isinstance(value, Html):
        return escape(value, quote=True)
    return value


def _is_typed(text_id: str) -> bool:
    return text_id.startswith(_TYPED)


def _vocabulary(languages: Iterable[Language]) -> Mapping[str, Mapping[str, str]]:
    words: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for language in languages:
        for text_id in filter(_is_typed, language.ids):
            kind, meaning = text_id.removeprefix(_TYPED).split("-")
            words[kind] |= dict.fromkeys(language.fill(text_id, {}).split("|"), meaning)
    return words


def _ranked(languages: Iterable[Language], kind: str) -> Mapping[str, tuple[str, int]]:
    """Return the meaning of each word of a kind in files, and its place among its spellings."""
    prefix = f"{_READ}{kind}-"
    return {
        word: (text_id.removeprefix(prefix), place)
        for language in languages
        for text_id in language.ids
        if text_id.startswith(prefix)
        for place, word in enumerate(language.fill(text_id, {}).split("|"))
    }


class Translators:
    """All languages, and the choice of one for a person."""

    def __init__(self, *, default: str, timezone: ZoneInfo) -> None:
        self._languages = {path.stem: Language(path) for path in sorted(LOCALES.glob("*.po"))}
        self._default = self._languages[default]
        self._timezone = timezone
        self.vocabulary: Final = _vocabulary(self._languages.values())
        """Words that people may type, of all languages: {"status": {"ждут": "pending", …}, …}."""

    @property
    def codes(self) -> Sequence[str]:
        """The codes of all languages, in the order in which people write them."""
        return list(self._languages)

    @property
    def words_of_files(self) -> Words:
        """The words in files, of all languages."""
        languages = self._languages.values()
        statuses = _ranked(languages, "status")
        return Words(
            columns=_ranked(languages, "column"),
            statuses={word: status for word, (status, _) in statuses.items()},
            months=self._months(),
        )

    def _months(self) -> Mapping[str, int]:
        return {
            name[:3].lower(): number
            for language in self._languages.values()
            for widths in language.locale.months.values()
            for number, name in widths["wide"].items()
        }

    def of(self, client: str | None, now: datetime) -> Translator:
        """Return the translator for a Telegram client's language code, such as "ru" or "en-GB"."""
        code = (client or "").partition("-")[0].lower()
        return self._at(self._languages.get(code, self._default), now)

    def all(self, now: datetime) -> Sequence[Translator]:
        """Return a translator for every language."""
        return [self._at(language, now) for language in self._languages.values()]

    def _at(self, language: Language, now: datetime) -> Translator:
        return Translator(language, self._timezone, now, self)
