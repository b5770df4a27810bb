"""The Bot API's methods, a module a family."""

from typing import Final

from simulator.methods import (
    chats,
    edits,
    files,
    invites,
    messages,
    profile,
    queries,
    topics,
    updates,
)
from simulator.methods.table import Table

HANDLERS: Final[Table] = {
    **chats.HANDLERS,
    **edits.HANDLERS,
    **files.HANDLERS,
    **invites.HANDLERS,
    **messages.HANDLERS,
    **profile.HANDLERS,
    **queries.HANDLERS,
    **topics.HANDLERS,
    **updates.HANDLERS,
}
