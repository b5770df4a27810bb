"""The demo as a program: how it starts and ends, and what it says if it cannot start."""

import asyncio
import re
from pathlib import Path

from playwright.async_api import Browser, BrowserContext

from tests.support.programs.program import read_until, run_to_the_end, started
from tests.system.browser.demo import ANNA, BORIS, MARIA, Chat, Demo, demo_running, stopped


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


async def test_chats_and_decisions_begin_anew_with_each_start(
    window: BrowserContext, browser: Browser, tmp_path: Path
) -> None:
    async with demo_running(tmp_path) as demo:
        page = await window.new_page()
        await page.goto(demo.address(ANNA, MARIA))
        anna = Chat(page, 0)
        await anna.open_card("María")
        await anna.press("Confirm")
        await anna.shows("Confirmed by Anna")
        await page.close()

    async with demo_running(tmp_path, TZ="Asia/Tokyo") as demo:
        page = await browser.new_page(timezone_id="Asia/Tokyo", locale="en-GB")
        await page.goto(demo.address(ANNA, MARIA))
        anna = Chat(page, 0)
        await anna.open_card("María")
        await anna.press("Confirm")
        await anna.shows("You can undo until")
        undone = re.search(r"until (\d\d):(\d\d)", await anna.last.inner_text())
        sent = re.search(r"(\d\d):(\d\d)", await anna.last.locator(".meta").inner_text())
        await page.close()

    assert undone
    assert sent
    minutes = [60 * int(found[1]) + int(found[2]) for found in (sent, undone)]
    # The card was opened a moment before, perhaps on the other side of midnight.
    assert (minutes[1] - minutes[0]) % (24 * 60) <= 5


async def test_what_it_says_is_plain_and_ends_with_the_address(tmp_path: Path) -> None:
    async with started(tmp_path, "demo", "--port", "0") as program:
        [address] = await read_until(program.stdout, "The desk is open at http://127.0.0.1:")
        [*before] = await read_until(program.stderr, "the desk is open")

        program.interrupt()
        rest = (await program.rest()).decode().splitlines()

    assert len(before) == 2
    assert not any(line.startswith("{") for line in [address, *before, *rest])


async def test_who_asks_twice_for_a_reset_gets_one(tmp_path: Path) -> None:
    async with demo_running(tmp_path) as demo:
        await read_until(demo.program.stderr, "the desk is open")
        first = asyncio.create_task(demo.press("Reset"))
        await read_until(demo.program.stderr, "filling the tables")
        await asyncio.gather(first, demo.reset())

        await demo.restart()

        assert await demo.length(BORIS) == 4
