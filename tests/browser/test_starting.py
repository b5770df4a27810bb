"""The demo as a program: how it starts and ends, and what it says if it cannot start."""

import asyncio
from pathlib import Path

from playwright.async_api import Page

from tests.browser.demo import ANNA, BORIS, MARIA, Chat, Demo, demo_running, stopped
from tests.support.programs.program import read_until, run_to_the_end


async def refused(directory: Path, *arguments: str) -> list[str]:
    """Start a demo that cannot run, and return its output."""
    ended = await run_to_the_end(directory, "demo", *arguments)
    assert ended.code == 1
    return ended.complaint.splitlines()


async def test_it_ends_with_ctrl_c_and_leaves_no_process(tmp_path: Path) -> None:
    async with demo_running(tmp_path) as demo:
        before = children(demo)
        assert await stopped(demo.program) == 0

    assert before
    assert alive(before) == []


def children(demo: Demo) -> list[str]:
    pid = demo.program.pid
    return Path(f"/proc/{pid}/task/{pid}/children").read_text().split()


def alive(pids: list[str]) -> list[str]:
    return [pid for pid in pids if Path("/proc", pid).exists()]


async def test_a_second_demo_says_that_the_port_is_taken(demo: Demo, tmp_path: Path) -> None:
    port = demo.url.rpartition(":")[2]

    [line] = await refused(tmp_path, "--port", port)

    assert line.startswith(f"Port {port} is in use, perhaps by another demo.")


async def test_a_port_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    [line] = await refused(tmp_path, "--port", "99999")

    assert line.startswith("Port 99999 cannot be used: ")


async def test_a_second_demo_on_the_same_data_says_so(tmp_path: Path) -> None:
    async with demo_running(tmp_path):
        [line] = await refused(tmp_path, "--port", "0")

    assert "in use by another running program" in line


async def test_data_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / ".demo").write_text("not a directory")

    [line] = await refused(tmp_path, "--port", "0")

    assert ".demo" in line


async def test_data_is_kept_unless_it_is_to_be_fresh(page: Page, tmp_path: Path) -> None:
    anna = Chat(page, 0)
    async with demo_running(tmp_path) as demo:
        await page.goto(demo.address(ANNA, MARIA))
        await anna.shows("12 bookings")
        await anna.open_card("María")
        await anna.press("Confirm")
        await anna.shows("Confirmed by Anna")
        await page.goto("about:blank")

    for arguments, pending in ((), "11 bookings"), (("--fresh",), "12 bookings"):
        async with demo_running(tmp_path, *arguments) as demo:
            await page.goto(demo.address(ANNA, MARIA))
            await anna.shows(pending)
            await page.goto("about:blank")


async def test_who_asks_twice_for_a_reset_gets_one(tmp_path: Path) -> None:
    async with demo_running(tmp_path) as demo:
        await read_until(demo.program.stderr, "the desk is open")
        first = asyncio.create_task(demo.press("Reset"))
        await read_until(demo.program.stderr, "migrated")
        await asyncio.gather(first, demo.reset())

        await demo.restart()

        assert await demo.length(BORIS) == 4
