"""What goes wrong between a bot and Telegram, on request."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final, get_args

from simulator.errors import ApiError, too_many_requests


@dataclass(frozen=True)
class TooManyRequests:
    """Refused, to be tried again after some seconds."""

    retry_after: int


@dataclass(frozen=True)
class ServerError:
    """An answer from a server that is not well."""

    code: int = 500

    def __post_init__(self) -> None:
        _check(self.code, 400)

    @property
    def phrase(self) -> str:
        known = self.code in HTTPStatus.__members__.values()
        return HTTPStatus(self.code).phrase if known else "Internal Server Error"


@dataclass(frozen=True)
class ProxyError:
    """A page in HTML: something on the way does not get through to Telegram."""

    code: int = 502

    def __post_init__(self) -> None:
        _check(self.code, 200)


@dataclass(frozen=True)
class Refuse:
    """Refused with these words."""

    code: int
    description: str

    def __post_init__(self) -> None:
        _check(self.code, 400)


@dataclass(frozen=True)
class CutBefore:
    """The connection is cut before the call is taken: nothing has happened."""


@dataclass(frozen=True)
class CutAfter:
    """The connection is cut after the call is carried out: it has happened, nobody is told."""


@dataclass(frozen=True)
class Delay:
    """The call is taken and carried out, this many seconds late."""

    seconds: float


Fault = TooManyRequests | ServerError | ProxyError | Refuse | CutBefore | CutAfter | Delay
FAULTS: Final[Mapping[str, type[Fault]]] = {kind.__name__: kind for kind in get_args(Fault)}


def _check(code: int, lowest: int) -> None:
    """Raise ValueError for what is no status of such an answer."""
    if not lowest <= code <= 599:
        raise ValueError(f"{code} is not from {lowest} to 599")


class ConnectionCutError(Exception):
    """The client gets no answer."""


class ProxyAnswerError(Exception):
    """The client gets an answer that is not Telegram's."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


@dataclass
class Rule:
    """Which calls meet a fault, and how many of them still will."""

    fault: Fault
    method: str | None
    chat_id: int | None
    times: int | None

    def matches(self, method: str, chat_id: object) -> bool:
        return (self.method is None or self.method.lower() == method.lower()) and (
            self.chat_id is None or str(self.chat_id) == str(chat_id)
        )


class Faults:
    """Rules, in the order they were added; a call meets the first that is about it."""

    def __init__(self) -> None:
        self.rules: list[Rule] = []

    def add(
        self,
        *,
        fault: Fault,
        method: str | None = None,
        chat_id: int | None = None,
        times: int | None = 1,
    ) -> None:
        """Let the next `times` matching calls meet a fault; None is until `clear`."""
        self.rules.append(Rule(fault, method, chat_id, times))

    def clear(self) -> None:
        self.rules.clear()

    def meet(self, method: str, chat_id: object) -> Fault | None:
        """Return the fault this call meets, and count it."""
        rule = next((rule for rule in self.rules if rule.matches(method, chat_id)), None)
        if rule is None:
            return None
        if rule.times is not None:
            rule.times -= 1
            if not rule.times:
                self.rules.remove(rule)
        return rule.fault


def refuse(fault: Fault | None) -> None:
    """Raise what a fault puts in place of the call, if it does so before it is carried out."""
    match fault:
        case TooManyRequests(retry_after):
            raise too_many_requests(retry_after)
        case ServerError(code):
            raise ApiError(code, fault.phrase)
        case ProxyError(code):
            raise ProxyAnswerError(code)
        case Refuse(code, description):
            raise ApiError(code, description)
        case CutBefore():
            raise ConnectionCutError
