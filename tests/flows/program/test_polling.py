"""The desk goes on polling after any error, and misses no update."""

import pytest
from structlog.testing import capture_logs

from simulator import CutAfter, Refuse, ServerError, Telegram, TooManyRequests
from simulator.faults import Fault, ProxyError
from tests.support.person import Person

FAILED, TOO_OFTEN = "updates cannot be fetched", "asked for updates too often"


@pytest.mark.parametrize(
    ("fault", "event"),
    [
        pytest.param(CutAfter(), FAILED, id="the answer is lost"),
        pytest.param(TooManyRequests(1), TOO_OFTEN, id="Telegram wants a pause"),
        pytest.param(ServerError(500), FAILED, id="Telegram has a fault"),
        pytest.param(Refuse(401, "Unauthorized"), FAILED, id="Telegram does not know the token"),
        pytest.param(ProxyError(502), FAILED, id="something on the way has a fault"),
        pytest.param(ProxyError(200), FAILED, id="something on the way answers instead"),
    ],
)
async def test_updates_are_fetched_again_after_a_failure(
    desk: None, telegram: Telegram, anna: Person, fault: Fault, event: str
) -> None:
    with capture_logs() as lines:
        telegram.faults.add(fault=fault, method="getUpdates")
        for _ in range(2):
            await anna.opens("/pending", shows="Nobody is waiting")

    assert len(anna.inbox) == 2
    assert event in [line["event"] for line in lines]
    assert "error" not in [line["log_level"] for line in lines]


async def test_an_error_that_cannot_even_be_told_keeps_nobody_from_what_comes_next(
    desk: None, telegram: Telegram, anna: Person
) -> None:
    with capture_logs() as lines:
        telegram.faults.add(fault=ServerError(500), method="sendMessage", chat_id=anna.id)
        anna.send("/booking 999")
        await telegram.until(lambda: not telegram.faults.rules)
        await anna.opens("/pending", shows="Nobody is waiting")

    assert len(anna.inbox) == 1
    assert [line["event"] for line in lines if "exc_info" in line] == ["an update failed"]
