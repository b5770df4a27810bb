"""Filters as text: the line above a list, and the panel."""

from collections.abc import Mapping
from datetime import date
from typing import Final, Literal, TypeAlias

from bot.i18n import Translator
from bot.texts import icons, names
from bot.views.filters import Choices, Option, Panel
from bot.views.lists import Meaning
from db.models.bookings import BookingStatus, status_of
from db.models.filters import Filter, FilterField, WelcomeState

_WELCOMES: Final = tuple(WelcomeState)
_DAYS: Final = {1: "today", 7: "week", 30: "month"}
_PERIOD: Final = (FilterField.DAYS, FilterField.SINCE, FilterField.UNTIL)
_LENGTH: Final = 24
_SHORT: Final = 14
_SEPARATOR: Final = " · "

DayName: TypeAlias = Literal[FilterField.SINCE, FilterField.UNTIL]


def criteria_line(t: Translator, criteria: Filter, labels: Mapping[FilterField, str]) -> str:
    """Return all criteria as one line of plain text; "" if there are none."""
    return _SEPARATOR.join(_criteria(t, criteria, labels).values())


def meaning(meant: Meaning) -> str:
    """Return the course and the stream of a list that words may mean, as plain text."""
    course = [] if meant.filter.course is None else [_course(meant.filter, meant.names)]
    stream = meant.filter.stream and _stream(meant.filter, meant.names)
    code = names.clean(meant.filter.stream, _SHORT)
    return _SEPARATOR.join(
        [*course, *([f"{stream} ({code})" if stream != code else code] if stream else [])]
    )


def offer(t: Translator, meant: Meaning) -> str:
    """Return the label that shows the list of a stream or of a course."""
    if meant.filter.course is not None:
        course = names.clean(_course(meant.filter, meant.names), _SHORT)
        return t.plain("button-show-course", course=course)
    return t.plain(
        "button-show-stream", stream=names.clean(_stream(meant.filter, meant.names), _SHORT)
    )


def ambiguous(t: Translator, words: str) -> str:
    return t("error-words-ambiguous", words=words)


def question(t: Translator, panel: Panel, field: FilterField) -> str:
    """Return a question of the panel with its answer, as plain text; DAYS asks for the period."""
    answer = _answer(t, panel, field) or t.plain("filter-any")
    return t.plain(f"filter-question-{field.name.lower()}", answer=answer)


def _answer(t: Translator, panel: Panel, field: FilterField) -> str:
    chosen = panel.filter
    match field:
        case FilterField.COURSE if chosen.course is not None:
            return _course(chosen, panel.names)
        case FilterField.STREAM if chosen.stream:
            return _stream(chosen, panel.names)
        case FilterField.CODE if chosen.code:
            return names.clean(chosen.code, _LENGTH)
        case FilterField.DISCOUNT if chosen.discount is not None:
            return t.plain(f"filter-answer-discount-{'with' if chosen.discount else 'without'}")
        case FilterField.WELCOME if chosen.welcome:
            return t.plain(f"filter-answer-welcome-{chosen.welcome}")
    criteria = _criteria(t, chosen, panel.names)
    parts = _PERIOD if field is FilterField.DAYS else (field,)
    return " ".join(criteria[part] for part in parts if part in criteria)


def _course(criteria: Filter, labels: Mapping[FilterField, str]) -> str:
    return names.clean(labels.get(FilterField.COURSE), _LENGTH) or f"#{criteria.course}"


def _stream(criteria: Filter, labels: Mapping[FilterField, str]) -> str:
    return names.clean(labels.get(FilterField.STREAM), _LENGTH) or names.clean(
        criteria.stream, _LENGTH
    )


def day(t: Translator, field: DayName, criteria: Filter) -> str:
    """Return the day that a period begins or ends with, as plain text; "" if there is none."""
    return _criteria(t, criteria, {}).get(field, "")


def _criteria(
    t: Translator, criteria: Filter, labels: Mapping[FilterField, str]
) -> Mapping[FilterField, str]:
    texts = {
        FilterField.STATUS: criteria.status and _status(t, criteria.status),
        FilterField.COURSE: criteria.course is not None
        and t.plain("filter-course", course=_course(criteria, labels)),
        FilterField.STREAM: criteria.stream
        and t.plain("filter-stream", stream=_stream(criteria, labels)),
        FilterField.DAYS: criteria.days and _days(t, criteria.days),
        FilterField.SINCE: criteria.since and t.plain("filter-since", day=t.day(criteria.since)),
        FilterField.UNTIL: criteria.until and t.plain("filter-until", day=t.day(criteria.until)),
        FilterField.DISCOUNT: criteria.discount is not None and _discount(t, criteria.discount),
        FilterField.CODE: criteria.code
        and t.plain("filter-code", code=names.clean(criteria.code)),
        FilterField.WELCOME: criteria.welcome and _welcome(t, criteria.welcome),
    }
    return {field: text for field, text in texts.items() if isinstance(text, str)}


def _status(t: Translator, status: BookingStatus) -> str:
    return f"{icons.BOOKING[status]} {t.plain(f'tab-{status}')}"


def _days(t: Translator, days: int) -> str:
    return t.plain(f"filter-days-{_DAYS[days]}")


def _discount(t: Translator, granted: bool) -> str:
    return t.plain(f"filter-discount-{'with' if granted else 'without'}")


def _welcome(t: Translator, state: WelcomeState) -> str:
    return t.plain(f"filter-welcome-{state}")


def panel(t: Translator, panel: Panel) -> str:
    line = criteria_line(t, panel.filter, panel.names) or t.plain("filter-nothing")
    return f"{t('filter-heading')}\n{t('filter-chosen', line=line)}\n\n{t('filter-hint')}"


def choices(t: Translator, choices: Choices) -> str:
    """Return the question above the options of a field."""
    question = t(f"filter-which-{choices.field.name.lower()}")
    return f"{question}\n\n{t('filter-numbers' if choices.options else 'filter-no-choice')}"


def option_label(t: Translator, option: Option) -> str:
    """Return the label of an option with its count, as plain text."""
    mark = f"{icons.CHOSEN} " if option.chosen else ""
    return f"{mark}{_option_name(t, option)} {option.count}"


def _option_name(t: Translator, option: Option) -> str:
    match option.field:
        case FilterField.STATUS:
            return _status(t, status_of(option.value))
        case FilterField.DAYS:
            return _days(t, option.value)
        case FilterField.MONTH:
            return t.month(date(option.value // 12, option.value % 12 + 1, 1))
        case FilterField.DISCOUNT:
            return _discount(t, option.value == 1)
        case FilterField.WELCOME:
            return _welcome(t, _WELCOMES[option.value])
        case _:
            return names.clean(option.label, 20)


def month(t: Translator, field: FilterField, number: int) -> str:
    """Return the heading of a calendar; `number` counts months from the year 0."""
    year, month = divmod(number, 12)
    return t(f"calendar-{field.name.lower()}", month=t.month(date(year, month + 1, 1), long=True))
