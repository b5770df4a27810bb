"""Scenarios of SIGKILL while a file is read, imported and taken back."""

from typing import Final

from tests.faults.verdicts import Promise
from tests.support.stage.replica import Replica
from tests.support.stage.world import World

_KILLED_AT: Final = (0.2, 0.5, 0.8)
"""The shares of the rows after which a replica is killed."""
_FIRST: Final = 5_000_000
_STATE: Final = "SELECT count(*) FROM booking_desk.imports WHERE state = $1"
_ADDED: Final = """
    SELECT count(*) FROM booking_desk.imports WHERE state = $1 AND CASE state
      WHEN 'running' THEN added >= $2 ELSE added <= $2 END
"""


async def killed_in_an_import(world: World) -> Promise:
    """Each row is added once and taken back once, whenever the replicas were killed."""
    rows = world.volume(20_000, 4000)
    replica = await world.replica()
    content = "id,name,course,status\n" + "".join(
        f"{_FIRST + n},Student {n},Course {n % 7},confirmed\n" for n in range(rows)
    )
    world.admin.send_document(world.bot, content.encode(), "students.csv")
    await world.until(_STATE, "reading")
    replica = await _killed(world, replica)
    await world.until(_STATE, "planned")
    await _press(world, "Add")
    for share in _KILLED_AT:
        await world.until(_ADDED, "running", int(rows * share))
        replica = await _killed(world, replica)
    await world.until(_STATE, "done")
    await _expect(world, rows)
    await _press(world, "back")
    await world.until(_ADDED, "undoing", rows // 2)
    await _killed(world, replica)
    await world.until(_STATE, "undone")
    left = await world.sql.fetchval("SELECT count(*) FROM bookings")
    world.expect(left == 0, otherwise=f"{left} bookings are left after the undo")
    [student] = await world.students(1)
    await world.ask_to_confirm(student)
    await world.sent_to(student)
    return Promise()


async def _killed(world: World, replica: Replica) -> Replica:
    """Kill the replica, and return the next one."""
    await replica.kill()
    return await world.replica()


async def _press(world: World, label: str) -> None:
    """Press a button of the import's message as soon as it is drawn."""

    def drawn() -> str | None:
        message = world.admin.chat(world.bot)[-1]
        buttons = [button for row in message.buttons for button in row]
        return next((one.callback_data for one in buttons if label in one.text), None)

    await world.telegram.until(lambda: drawn() is not None)
    message = world.admin.chat(world.bot)[-1]
    world.admin.press(world.bot, message.message_id, drawn() or "")


async def _expect(world: World, rows: int) -> None:
    """Check that every row is there once, with its entry in the log, and owes nobody anything."""
    counts = await world.sql.fetchrow(
        """
        SELECT (SELECT count(*) FROM bookings), (SELECT count(DISTINCT user_id) FROM bookings),
               (SELECT count(*) FROM booking_desk.audit WHERE action = 'add'),
               (SELECT added FROM booking_desk.imports),
               (SELECT count(DISTINCT course_id) FROM bookings) + $1 - 7,
               (SELECT count(*) FROM booking_desk.outbox WHERE kind = 'welcome') + $1
        """,
        rows,
    )
    world.expect(set(counts) == {rows}, otherwise=f"of {rows} rows there are {list(counts)}")
