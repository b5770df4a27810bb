"""Values for the fields of each payload."""

from collections.abc import Mapping
from datetime import UTC

from hypothesis import strategies as st

from bot.texts.lists import TABS
from bot.views.acting import MessageAction
from bot.views.adding.imports import ImportStep
from bot.views.bulks import BulkStep
from bot.views.lists import (
    BookingLogOrigin,
    BulkOrigin,
    LogOrigin,
    MessageOrigin,
    Origin,
    PersonOrigin,
    ReviewOrigin,
    SavedQuery,
    Tab,
)
from bot.views.review import Step
from db.models.adding.drafts import DraftField
from db.models.adding.imports import MOST_COLUMNS, Field
from db.models.audit import LogFilter, Period
from db.models.bookings import EPOCH, BookingAction
from db.models.bulks import BulkAction, BulkPart
from db.models.counts import MOST_FOUND, AtLeast
from db.models.filters import FilterField
from db.models.lists import Cursor, Edge
from db.models.outbox import MessageState, Reason
from keyboards.payloads.adding.by_hand import (
    AddButton,
    AddDraftButton,
    DraftButton,
    DraftChoiceButton,
    DropDraftButton,
    PickPersonButton,
    UndoAddingButton,
)
from keyboards.payloads.adding.imports import (
    ImportButton,
    ImportColumnsButton,
    ImportHelpButton,
    ImportMapButton,
    ImportTroublesButton,
)
from keyboards.payloads.base import Payload
from keyboards.payloads.bookings import (
    AskCancelButton,
    AskMoveButton,
    CardButton,
    DecisionButton,
    LostActionButton,
    LostButton,
    NoticeCardButton,
    NoticeDecisionButton,
    RemindButton,
)
from keyboards.payloads.bulks import BulkButton, BulkChoiceButton, BulkPageButton, RehearseButton
from keyboards.payloads.filters import (
    CalendarButton,
    ChoiceButton,
    ChoicesButton,
    DropButton,
    FilterButton,
)
from keyboards.payloads.history import HistoryButton, LogButton, PersonLogButton, WhyButton
from keyboards.payloads.lists import ListButton
from keyboards.payloads.outbox import (
    MessageActionButton,
    MessageButton,
    MessagesButton,
    NoticeActionButton,
    NoticeGroupButton,
    OneMessageButton,
    OutboxButton,
    ResendAllButton,
    SubscriptionButton,
)
from keyboards.payloads.people import PersonBookingsButton, PersonButton
from keyboards.payloads.questions import (
    AnswerButton,
    QuestionButton,
    ReasonButton,
    ReasonsButton,
)
from keyboards.payloads.review import (
    BeginReviewButton,
    NoticeReviewButton,
    ReviewAnswerButton,
    ReviewButton,
    ReviewCancelButton,
    ReviewDecisionButton,
)
from keyboards.payloads.wire import MICROSECOND, tab_of

BUTTONS: list[type[ListButton]] = [
    ListButton,
    CardButton,
    DecisionButton,
    AskCancelButton,
    AskMoveButton,
    RemindButton,
    LostActionButton,
    LostButton,
    PersonButton,
]
moments = st.datetimes(timezones=st.just(UTC))
ids = st.integers(0, 2**63 - 1)
between = st.sampled_from([Edge.AFTER, Edge.BEFORE, Edge.FROM])
nothing = st.none()
ends = st.builds(Cursor, st.sampled_from([Edge.FIRST, Edge.LAST]), nothing, nothing)
tabs = st.builds(Tab, st.sampled_from(TABS))
saved_queries = st.builds(SavedQuery, st.integers(1, 2**31 - 1))
origins = st.one_of(
    st.builds(Origin, tabs | saved_queries, ends),
    st.builds(Origin, tabs, st.builds(Cursor, between, ids, moments)),
    st.builds(Origin, saved_queries, st.builds(Cursor, between, ids, nothing)),
)
log_filters = st.builds(
    LogFilter,
    actor=st.none() | st.integers(1, 2**52 - 1),
    action=st.none() | st.sampled_from(BookingAction),
    period=st.none() | st.sampled_from(Period),
)
places_beside = st.builds(LogOrigin, log_filters, st.builds(Cursor, between, ids, nothing) | ends)
views = st.integers(1, 2**31 - 1)
seconds = moments.map(lambda moment: moment.replace(microsecond=0))
outside = (
    origins
    | places_beside
    | st.builds(MessageOrigin, ids)
    | st.builds(ReviewOrigin, tabs | saved_queries, seconds)
    | st.just(BookingLogOrigin())
    | st.builds(BulkOrigin, views, st.sampled_from(BulkPart), st.integers(0, 2**31 - 1))
)
places = outside | st.builds(PersonOrigin, outside, st.none() | st.integers(0, 36**6) | ids)
numbers_of_views = views.map(lambda number: tab_of(SavedQuery(number)))


since_1970 = moments.map(lambda moment: (moment - EPOCH) // MICROSECOND)


page = {
    "tab": st.sampled_from("anpcx") | numbers_of_views,
    "edge": st.sampled_from(Edge),
    "at": st.none() | since_1970,
    "row": st.none() | ids,
}
card = {**page, "booking": ids}
decided = {**card, "revision": st.integers(0, 2**31 - 1)}
numbers = st.integers(0, MOST_FOUND)
group = {
    "state": st.sampled_from(MessageState),
    "reason": st.none() | st.sampled_from(Reason),
    "edge": st.sampled_from(Edge),
    "row": st.none() | ids,
}
message = {**group, "message": ids}
review = {"tab": page["tab"], "began": st.integers(0, 2**33 - 1), "booking": ids}
answer = {
    "question": views,
    "version": st.integers(0, 2**31 - 1),
    "tell": st.booleans(),
    "choice": st.none() | views,
}
FIELDS: Mapping[type[Payload], Mapping[str, st.SearchStrategy[object]]] = {
    ListButton: page,
    CardButton: card,
    NoticeCardButton: {"booking": ids},
    NoticeDecisionButton: {
        "booking": ids,
        "revision": st.integers(0, 2**31 - 1),
        "action": st.sampled_from([BookingAction.CONFIRM, BookingAction.UNDO]),
    },
    PersonButton: card,
    WhyButton: card,
    LostButton: {**card, "message": ids},
    LostActionButton: {
        **decided,
        "attempts": st.integers(0, 2**31 - 1),
        "action": st.sampled_from(MessageAction),
    },
    AskCancelButton: decided,
    AskMoveButton: decided,
    QuestionButton: {
        "question": views,
        "tell": st.booleans(),
        "offset": st.integers(0, 36**4 - 1),
    },
    AnswerButton: answer,
    ReasonsButton: {},
    ReasonButton: {"reason": views, "listed": st.booleans()},
    ReviewCancelButton: {**review, "revision": st.integers(0, 2**31 - 1)},
    ReviewAnswerButton: {"tab": page["tab"], "began": review["began"], **answer},
    DecisionButton: {
        **decided,
        "action": st.sampled_from([BookingAction.CONFIRM, BookingAction.REOPEN]),
    },
    BulkChoiceButton: page,
    RehearseButton: {
        **page,
        "action": st.sampled_from(BulkAction),
        "stream": st.none() | st.integers(1, 2**31 - 1),
        "older": st.none() | st.integers(1, 36**2 - 1),
    },
    BulkButton: {"bulk": views, "step": st.sampled_from(BulkStep)},
    BulkPageButton: {
        "bulk": views,
        "part": st.sampled_from(BulkPart),
        "offset": st.integers(0, 36**4 - 1),
    },
    BeginReviewButton: {"tab": page["tab"]},
    NoticeReviewButton: {},
    ReviewButton: {**review, "step": st.sampled_from(Step)},
    ReviewDecisionButton: {
        **review,
        "revision": st.integers(0, 2**31 - 1),
        "action": st.sampled_from([BookingAction.CONFIRM, BookingAction.REOPEN]),
    },
    RemindButton: {**decided, "undo": st.booleans()},
    FilterButton: {"tab": page["tab"]},
    ChoiceButton: {
        "saved": views,
        "field": st.sampled_from(FilterField),
        "value": st.integers(-(2**31), 2**63 - 1),
    },
    DropButton: {"saved": views, "field": st.sampled_from(FilterField)},
    ChoicesButton: {
        "saved": views,
        "field": st.sampled_from([FilterField.COURSE, FilterField.STREAM, FilterField.CODE]),
        "offset": st.integers(0, 36**4 - 1),
    },
    CalendarButton: {
        "saved": views,
        "field": st.sampled_from([FilterField.SINCE, FilterField.UNTIL]),
        "month": st.integers(12, 12 * 10_000 - 1),
    },
    OneMessageButton: {"message": ids},
    HistoryButton: {**card, "log_edge": st.sampled_from(Edge), "entry": st.none() | ids},
    PersonLogButton: {**card, "log_edge": st.sampled_from(Edge), "entry": st.none() | ids},
    LogButton: {
        "actor": st.none() | st.integers(1, 2**52),
        "action": st.none() | st.sampled_from(BookingAction),
        "period": st.none() | st.sampled_from(Period),
        "booking": st.none() | ids,
        "person": st.booleans(),
        "edge": st.sampled_from(Edge),
        "entry": st.none() | ids,
    },
    AddButton: {},
    DraftButton: {
        "draft": views,
        "field": st.none() | st.sampled_from(DraftField),
        "offset": st.integers(0, 36**4 - 1),
    },
    DraftChoiceButton: {
        "draft": views,
        "field": st.sampled_from(DraftField),
        "value": st.integers(-(2**31), 2**63 - 1),
    },
    PickPersonButton: {"draft": views},
    DropDraftButton: {"draft": views},
    AddDraftButton: {"draft": views, "revision": st.integers(0, 2**31 - 1), "known": ids},
    ImportHelpButton: {},
    ImportButton: {
        "imported": views,
        "step": st.sampled_from(ImportStep),
        "revision": st.integers(0, 2**31 - 1),
    },
    ImportTroublesButton: {"imported": views, "offset": st.integers(0, 36**4 - 1)},
    ImportColumnsButton: {
        "imported": views,
        "field": st.none() | st.sampled_from(Field),
        "offset": st.integers(0, 36**4 - 1),
    },
    ImportMapButton: {
        "imported": views,
        "revision": st.integers(0, 2**31 - 1),
        "field": st.sampled_from(Field),
        "column": st.none() | st.integers(0, MOST_COLUMNS - 1),
    },
    UndoAddingButton: {"booking": ids, "revision": st.integers(0, 2**31 - 1)},
    PersonBookingsButton: {"person": st.integers(-(2**63), 2**63 - 1)},
    OutboxButton: {},
    NoticeActionButton: {
        "message": ids,
        "attempts": st.integers(0, 2**31 - 1),
        "action": st.sampled_from(MessageAction),
    },
    SubscriptionButton: {"told": st.booleans(), "group": st.booleans()},
    NoticeGroupButton: {"state": st.none() | group["state"], "reason": group["reason"]},
    MessagesButton: group,
    ResendAllButton: {**group, "asked": st.none() | numbers | numbers.map(AtLeast)},
    MessageButton: message,
    MessageActionButton: {
        **message,
        "attempts": st.integers(0, 2**31 - 1),
        "action": st.sampled_from(MessageAction),
    },
}
payloads = st.sampled_from(list(FIELDS)).flatmap(
    lambda button: st.tuples(st.just(button), st.fixed_dictionaries(dict(FIELDS[button])))
)
fields = st.text("0123456789abcfilnpxz-: _٣\x00é", max_size=20) | st.text(max_size=8)
forgeries = st.builds(
    lambda prefix, parts: ":".join([prefix, *parts]),
    st.sampled_from([button.__prefix__ for button in BUTTONS]),
    st.lists(fields, max_size=8),
)
