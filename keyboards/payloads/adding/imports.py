"""The payloads of imports."""

from keyboards.payloads.base import Payload
from keyboards.payloads.wire import (
    ColumnNumber,
    FileFieldName,
    ImportId,
    ImportStepName,
    Offset,
    Revision,
)


class ImportHelpButton(Payload, prefix="i0"):
    """Say how a file is imported."""


class ImportButton(Payload, prefix="i1"):
    """Do a step with an import that was drawn at this revision."""

    imported: ImportId
    step: ImportStepName
    revision: Revision = 0


class ImportTroublesButton(Payload, prefix="i2"):
    """Show the rows that an import leaves out or keeps, from number `offset` on."""

    imported: ImportId
    offset: Offset = 0


class ImportColumnsButton(Payload, prefix="i3"):
    """Show which column is what; with a field, the columns that it can be, from `offset` on."""

    imported: ImportId
    field: FileFieldName | None = None
    offset: Offset = 0


class ImportMapButton(Payload, prefix="i4"):
    """Say which column the field is; None is none."""

    imported: ImportId
    revision: Revision
    field: FileFieldName
    column: ColumnNumber | None = None
