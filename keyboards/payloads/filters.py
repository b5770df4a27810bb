"""The payloads of the filter panel."""

from bot.views.lists import ListKey, SavedQuery
from keyboards.payloads.base import Payload
from keyboards.payloads.wire import (
    Choice,
    DayField,
    FieldName,
    ManyOptions,
    Month,
    Offset,
    SavedId,
    TabName,
    list_of,
    tab_of,
)


class FilterButton(Payload, prefix="f2"):
    """Show the filter panel of a list: of a saved query or of a tab."""

    tab: TabName

    @classmethod
    def of(cls, key: ListKey) -> str:
        return cls.of_fields(tab=tab_of(key))

    @property
    def key(self) -> ListKey:
        return list_of(self.tab)


class PanelButton(Payload, prefix="-p"):
    """A button of the panel of a saved query."""

    saved: SavedId

    @property
    def key(self) -> SavedQuery:
        return SavedQuery(self.saved)


class ChoiceButton(PanelButton, prefix="h1"):
    """Choose an option, or drop it if it is chosen."""

    field: FieldName
    value: Choice


class DropButton(PanelButton, prefix="x1"):
    """Drop the criterion of a field."""

    field: FieldName


class ChoicesButton(PanelButton, prefix="y1"):
    """Show all the options of a field, from number `offset` on."""

    field: ManyOptions
    offset: Offset = 0


class CalendarButton(PanelButton, prefix="k1"):
    """Show a month to choose a day from."""

    field: DayField
    month: Month
