"""What can go wrong for an admin who adds bookings.

DomainError
├── DraftGone             the booking to add is dropped, another admin's, or of an older /add
├── PrivateOnly           the answers to a question are read in private only
├── PersonUnclear         the text names nobody
├── PersonUnknown         the bot knows nobody with this username
├── PersonHidden          the message or contact does not say whose account it is
├── PhoneNumber           the number is a telephone's, not a person's at Telegram
├── NameTooLong           the name of a course or stream has too many letters
├── FileTooLarge          a file has more bytes than Telegram lets a bot download
├── FileNotFetched        Telegram does not hand out a file now
├── FileNotRead           what was sent is no table in a text file
├── ImportGone            no import has this number any more
├── ImportChanged         the import is not in the state it was shown in
└── SchoolRefused         the school's table does not take what the desk writes
"""

from typing import Final

from bot.errors import DomainError

_LONGEST_REASON: Final = 90
"""Characters of what a database says, so that an alert has room for it."""


class DraftGone(DomainError):
    """The booking that was to be added is dropped, another admin's, or of an older /add."""

    text_id = "error-draft-gone"


class PrivateOnly(DomainError):
    """The answers to the question are read in the admin's own chat only."""

    text_id = "error-private-only"


class PersonUnclear(DomainError):
    """The text is no username, no link to a person and no number."""

    text_id = "error-person-unclear"


class PersonUnknown(DomainError):
    """The bot knows nobody with this username."""

    text_id = "error-person-unknown"

    def __init__(self, username: str) -> None:
        super().__init__(username=f"@{username}")


class PersonHidden(DomainError):
    """The forwarded message or the contact does not say whose account it is."""

    text_id = "error-person-hidden"


class PhoneNumber(DomainError):
    """The number is a telephone's; Telegram's numbers of people have at most ten digits."""

    text_id = "error-person-phone"


class NameTooLong(DomainError):
    """The name of a course or stream has too many letters."""

    text_id = "error-name-long"

    def __init__(self, longest: int) -> None:
        super().__init__(longest=longest)


class FileTooLarge(DomainError):
    """The file has more bytes than Telegram lets a bot download."""

    text_id = "error-file-large"


class FileNotFetched(DomainError):
    """Telegram does not hand out the file now."""

    text_id = "error-file-fetch"


class FileNotRead(DomainError):
    """What was sent is no table in a text file."""

    text_id = "error-file-kind"


class ImportGone(DomainError):
    """No import has this number, or it is deleted."""

    text_id = "error-import-gone"


class ImportChanged(DomainError):
    """The import is not in the state it was shown in, so the button does nothing."""

    text_id = "error-import-changed"


class SchoolRefused(DomainError):
    """A table of the school does not take what the desk writes; nothing has changed."""

    text_id = "error-school-refused"

    def __init__(self, reason: str) -> None:
        super().__init__(reason=reason[:_LONGEST_REASON])
