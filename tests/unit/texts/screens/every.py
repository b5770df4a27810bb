"""Each screen of the desk, with the longest values."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from bot.i18n import Translator, Translators
from bot.screens import bookings, filters, history, lists, notices, outbox, people
from bot.screens.backlog.arrivals import arrivals, subscriptions
from bot.screens.backlog.review import gone as review_gone
from bot.screens.backlog.review import review
from bot.screens.screen import Screen
from bot.screens.search import found
from bot.views.bookings import Card
from bot.views.filters import Choices, Option, Panel
from bot.views.history import Explanation, Log
from bot.views.lists import (
    EVERYTHING,
    BulkOrigin,
    FilteredList,
    FoundList,
    LogOrigin,
    Meaning,
    MessageOrigin,
    Origin,
    Page,
    Place,
    SavedQuery,
    Tab,
    TabList,
)
from bot.views.outbox import (
    Arrivals,
    MessageCard,
    MessageList,
    MessageRow,
    Missed,
    Notice,
    Subscriptions,
)
from bot.views.people import StudentPage
from bot.views.review import Decided, ReviewCard, ReviewEnd, Round
from db.models.audit import Actor, Change, LogFilter, Placement, Remark
from db.models.bookings import STATUS_CODES, BookingAction, BookingStatus, Reachability
from db.models.bulks import BulkPart
from db.models.counts import AtLeast
from db.models.filters import Filter, FilterField, WelcomeState
from db.models.lists import START, Cursor, Edge
from db.models.outbox import (
    CANCELLED,
    REMINDER,
    UNREACHED,
    Attempt,
    GroupKey,
    MessageState,
    Reason,
)
from db.models.people import Discounts
from db.models.search import Search
from db.models.streams import Stream
from keyboards.payloads.bookings import LostButton
from keyboards.payloads.filters import CalendarButton
from keyboards.payloads.history import HistoryButton, PersonLogButton
from keyboards.payloads.outbox import MessagesButton
from tests.support.values import a_booking, a_message

NOW: Final = datetime(2026, 9, 30, 23, 58, tzinfo=UTC)
TRANSLATORS: Final = Translators(default="en", timezone=ZoneInfo("UTC"))
SAVED: Final = SavedQuery(2**31 - 1)
NAME: Final = "Александра Конст"
BOOKING: Final = a_booking(
    id=99_999,
    username="vera_petrova",
    first_name=NAME,
    course_name="Акварель для начинающих",
    stream_name="Осень, выходные, утро",
    created_at=NOW - timedelta(days=47),
    reachability=Reachability.NEVER_STARTED,
)


def a_page(*items: Any) -> Page[Any]:
    return Page(
        items=items,
        cursor=Cursor(Edge.FROM, 1),
        number=12,
        last=99,
        total=790,
        previous=START,
        next=START,
    )


CHANGE: Final = Change(
    id=1,
    booking_id=BOOKING.id,
    revision=1,
    action=BookingAction.MOVE,
    actor=Actor(id=11, name="Константин"),
    at=NOW - timedelta(minutes=47),
    age=timedelta(minutes=47),
    status_before=BookingStatus.PENDING,
    status_after=BookingStatus.CONFIRMED,
    before=Placement(course_id=1, course_name=None, course_stream="a", stream_name=None),
    after=Placement(course_id=1, course_name=None, course_stream="b", stream_name=None),
    user_before=13,
    user_id=13,
    user_stream_before=None,
    remark=Remark.of_words("Ждём вас осенью"),
)
STREAMS: Final = [
    Stream(id=n, course_id=1, code=f"{n}", name="Осень, выходные, утро, группа 12", is_open=True)
    for n in range(20)
]
CHOSEN: Final = Filter(
    status=BookingStatus.CONFIRMED,
    course=1,
    stream="autumn-2026-weekends",
    since=NOW.date(),
    until=NOW.date(),
    discount=True,
    code="FRIEND10",
    welcome=WelcomeState.UNDELIVERED,
)


ATTEMPT: Final = Attempt(
    attempt=3,
    at=NOW,
    state=MessageState.FAILED,
    reason=Reason.BLOCKED,
    detail="Forbidden: bot was blocked by the user",
)


def a_card(status: BookingStatus, action: BookingAction | None, state: MessageState) -> Card:
    return Card(
        booking=BOOKING._replace(confirmed=STATUS_CODES[status]),
        decision=None if action is None else CHANGE._replace(action=action),
        messages=[a_message(state=state)],
        actions=frozenset(BookingAction),
        undo_until=None if action is None else NOW,
        telling=a_message(kind=CANCELLED, state=state),
        reminder=a_message(
            kind=REMINDER, state=MessageState.QUEUED, due_at=NOW + timedelta(minutes=1)
        ),
        may_remind=action is None,
    )


def cards(t: Translator) -> Iterator[Screen]:
    places: tuple[Place, ...] = (
        Origin(),
        LogOrigin(LogFilter(), START),
        MessageOrigin(1),
        BulkOrigin(1, BulkPart.LEFT),
    )
    for status in (BookingStatus.NEW, BookingStatus.PENDING, BookingStatus.CANCELLED):
        for place in places:
            yield bookings.booking_card(t, a_card(status, None, MessageState.FAILED), place)
            for action in (BookingAction.CONFIRM, BookingAction.CANCEL, BookingAction.MOVE):
                card = a_card(status, action, MessageState.FAILED)
                yield bookings.booking_card(t, card, place)
    yield from cards_in_trouble(t)
    yield from new_bookings(t)
    yield bookings.gone(t, 99_999)


def cards_in_trouble(t: Translator) -> Iterator[Screen]:
    card = a_card(BookingStatus.CONFIRMED, None, MessageState.UNKNOWN)
    for state in (MessageState.WAITING, MessageState.UNKNOWN, MessageState.WITHDRAWN):
        for writer in (None, CHANGE.actor):
            card = replace(
                card,
                messages=[a_message(state=state, reason=Reason.TOLD_BY_HAND)],
                writer=writer,
            )
            yield bookings.booking_card(t, card, Origin())
    yield bookings.ask_resend(t, card, Origin())


def shown_lists(t: Translator) -> Iterator[Screen]:
    short = BOOKING._replace(first_name="Жужжужж", stream_name="Мощь, выходные")
    page = a_page(BOOKING, short, BOOKING._replace(first_name="1", username=None))
    counts = dict.fromkeys((None, *STATUS_CODES), 9999)
    for tab in (EVERYTHING, Tab(BookingStatus.NEW), Tab(BookingStatus.PENDING)):
        yield lists.booking_list(t, TabList(key=tab, page=page, counts=counts))
    waiting = Filter(status=BookingStatus.PENDING)
    for chosen in (CHOSEN, waiting):
        yield lists.booking_list(t, FilteredList(key=SAVED, page=page, filter=chosen, names={}))
    search = Search(text="Александра")
    yield lists.booking_list(t, FoundList(key=SAVED, page=page, search=search, nearest=False))


def panels(t: Translator) -> Iterator[Screen]:
    named = {FilterField.COURSE: "Акварель для начинающих", FilterField.STREAM: "Осень, выходные"}
    for count in (1234, AtLeast(1000)):
        panel = Panel(key=SAVED, filter=CHOSEN, names=named, count=count)
        yield filters.panel(t, panel, "school_desk_bot")
    meant = [Meaning(key=SAVED, filter=Filter(stream=CHOSEN.stream), names=named)]
    yield filters.ambiguous(t, "stream:осень", meant)
    courses = [Meaning(key=SAVED, filter=Filter(course=1), names=named)]
    search = Search(text="Александра")
    nothing = FoundList(key=SAVED, page=a_page(), search=search, nearest=True)
    yield found(t, nothing, [*meant, *courses])
    values = {
        FilterField.STATUS: STATUS_CODES.values(),
        FilterField.DAYS: (1, 7, 30),
        FilterField.MONTH: (24_320, 24_321),
        FilterField.DISCOUNT: (0, 1),
        FilterField.WELCOME: (0, 1, 2),
        FilterField.STREAM: (1,),
    }
    for field, numbers in values.items():
        options = [
            Option(field=field, value=n, label="Осень, выходные, ут", chosen=True, count=9999)
            for n in numbers
        ]
        yield filters.choices(
            t,
            Choices(key=SAVED, filter=CHOSEN, field=field, options=options, previous=0, next=8),
        )
    calendar = CalendarButton(saved=1, field=FilterField.SINCE, month=2026 * 12 + 8)
    yield filters.month(t, calendar)


def histories(t: Translator) -> Iterator[Screen]:
    admins = [Actor(id=n, name="Константин Второй") for n in range(4)]
    for criteria in (LogFilter(actor=1, action=BookingAction.UNDO), LogFilter(booking=1)):
        log = Log(
            filter=criteria, page=a_page(CHANGE), bookings={BOOKING.id: BOOKING}, actors=admins
        )
        yield history.log(t, log)
        for kind in (HistoryButton, PersonLogButton):
            payload = kind.model_validate({"tab": "a", "edge": Edge.FIRST, "booking": 1})
            yield history.history(t, log, payload)
    why = Explanation(
        booking=BOOKING,
        decided=CHANGE,
        moved=None,
        welcome=None,
        tellings={1: a_message(kind=CANCELLED)},
        notices=[],
        notified=[],
    )
    yield history.why(t, why, Origin())
    page = StudentPage(
        booking=BOOKING,
        names=[],
        older_names=False,
        bookings=[BOOKING],
        messages=[],
        older_messages=False,
        changes=[],
        decisions=9999,
        discounts=Discounts(bookings=9999, discounted=0),
    )
    yield people.student_page(t, page, Origin())


def messages(t: Translator) -> Iterator[Screen]:
    origin = MessagesButton(state=MessageState.FAILED)
    for state in MessageState:
        message = a_message(state=state, reason=Reason.TOLD_BY_HAND, text=None)
        card = MessageCard(
            message=message, booking=BOOKING, attempts=[ATTEMPT], moves=frozenset(MessageState)
        )
        yield outbox.message_card(t, card, origin)
        yield outbox.message_card(t, replace(card, writer=CHANGE.actor), origin)
        yield outbox.ask_resend(t, card, origin)
        yield outbox.lost(t, card, LostButton(tab="a", booking=1, message=1))
    group = GroupKey(MessageState.WAITING, Reason.NEVER_STARTED)
    row = MessageRow(message=a_message(), booking=None)
    notice = MessageRow(message=a_message(kind=UNREACHED), booking=BOOKING, reader=NAME)
    messages = MessageList(group=group, page=a_page(row, notice))
    yield outbox.message_list(t, messages)
    yield outbox.ask_resend_all(t, messages, twice=True)


def unreached(t: Translator) -> Iterator[Screen]:
    anna = CHANGE.actor
    for state in MessageState:
        for booking in (BOOKING, None):
            message = a_message(state=state, reason=Reason.TOLD_BY_HAND)
            student = Missed(booking=booking, message=message, writer=anna)
            for students in ([student], [replace(student, writer=None)], [student] * 12):
                notice = Notice(id=1, students=students)
                yield notices.unreached(t, t, notice, bot="school_bot")


def new_bookings(t: Translator) -> Iterator[Screen]:
    card = a_card(BookingStatus.CONFIRMED, BookingAction.CONFIRM, MessageState.SENT)
    for actions in ({BookingAction.CONFIRM}, {BookingAction.UNDO}):
        shown = replace(card, actions=frozenset(actions))
        yield arrivals(t, Arrivals(bookings=[BOOKING], others=0, card=shown))
    for own, group in ((True, None), (True, True), (False, False)):
        yield subscriptions(t, Subscriptions(own=own, group=group))
    yield arrivals(t, Arrivals(bookings=[BOOKING] * 12, others=10_000, card=None))


def reviews(t: Translator) -> Iterator[Screen]:
    round_ = Round(SAVED, NOW)
    card = a_card(BookingStatus.PENDING, BookingAction.CONFIRM, MessageState.FAILED)
    done = [Decided(BOOKING, NOW)]
    yield review(t, ReviewCard(round=round_, card=card, waiting=9999, decided=done))
    yield review(t, ReviewEnd(round=round_, waiting=9999, tally={}, decided=done))
    elsewhere = a_card(BookingStatus.CONFIRMED, BookingAction.CONFIRM, MessageState.SENT)
    yield review(t, ReviewCard(round=round_, card=elsewhere, waiting=9999, decided=()))
    yield review_gone(t, BOOKING.id, round_)
