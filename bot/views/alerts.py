"""What the desk tells the staff about itself."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Self

from db.models.outbox import ALERT, Message, OutgoingMessage, Sender


class Trouble(StrEnum):
    """What can be wrong with the desk."""

    POLLING = "polling"
    """No replica fetches a bot's updates."""
    WEBHOOK = "webhook"
    """Telegram brings a bot's updates to no replica."""
    OUTBOX = "outbox"
    """Messages do not leave."""
    DATABASE = "database"
    """The database does not answer. Nothing can be owed meanwhile: the desk tries to tell it at
    once, and owes that it is over."""
    DESK = "desk"
    """No replica worked, which is told afterwards, too."""


class Phase(StrEnum):
    """How far the trouble is."""

    BEGUN = "begun"
    OVER = "over"
    """Its beginning has been told."""
    PAST = "past"
    """Its beginning could not be told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One thing to tell about one trouble."""

    trouble: Trouble
    phase: Phase
    sign: str
    since: datetime
    until: datetime
    """When it was over; while it is not, when that was last known."""
    bot: str = ""
    """The username of the bot it is about, if any."""

    @classmethod
    def of(cls, message: Message) -> Self:
        """Return what a message of the kind tells."""
        payload = message.payload
        return cls(
            trouble=Trouble(payload["trouble"]),
            phase=Phase(payload["phase"]),
            sign=payload["sign"],
            since=datetime.fromisoformat(payload["since"]),
            until=datetime.fromisoformat(payload["until"]),
            bot=payload["bot"],
        )

    @property
    def subject(self) -> str:
        """What makes it the same one for every replica."""
        return f"{self.sign}:{self.since.isoformat()}:{self.phase}"

    def to(self, chat_id: int) -> OutgoingMessage:
        """Return the message that tells it to a chat."""
        return OutgoingMessage(
            kind=ALERT,
            subject=self.subject,
            chat_id=chat_id,
            sender=Sender.DESK,
            payload={
                "trouble": self.trouble,
                "phase": self.phase,
                "sign": self.sign,
                "since": self.since.isoformat(),
                "until": self.until.isoformat(),
                "bot": self.bot,
            },
        )
