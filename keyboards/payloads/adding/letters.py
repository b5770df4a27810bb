"""The letters by which payloads name what belongs to adding bookings."""

from typing import Final

from bot.views.adding.imports import ImportStep
from db.models.adding.drafts import DraftField
from db.models.adding.imports import Field

DRAFT_FIELDS: Final = {
    DraftField.PERSON: "p",
    DraftField.COURSE: "c",
    DraftField.STREAM: "s",
    DraftField.STATUS: "t",
}
FILE_FIELDS: Final = {
    Field.PERSON: "p",
    Field.USERNAME: "u",
    Field.NAME: "n",
    Field.COURSE: "c",
    Field.STREAM: "s",
    Field.STATUS: "t",
    Field.CREATED: "d",
    Field.CODE: "r",
    Field.DISCOUNT: "k",
}
IMPORT_STEPS: Final = {
    ImportStep.SHOW: "s",
    ImportStep.BEGIN: "b",
    ImportStep.HALT: "h",
    ImportStep.GO_ON: "g",
    ImportStep.KEEP: "k",
    ImportStep.UNDO: "u",
    ImportStep.DROP: "d",
    ImportStep.WELCOME: "w",
    ImportStep.TWINS: "t",
}
