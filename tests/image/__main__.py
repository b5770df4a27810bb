"""Take the image's steps without Docker, and try what they make: `python -m tests.image`."""

import asyncio
import os
import re
import shutil
import signal
import sys
from asyncio.subprocess import Process
from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from simulator import Telegram, serve
from tests.image.dockerfile import Context, Step, last, stages
from tests.image.linters import complaints
from tests.image.tree import Tree, first_process
from tests.support.person import Person
from tests.support.programs.processes import ROOT, free_port
from tests.support.waiting import until

_TOKEN: Final = "1001:desk-token-of-the-image"
_ADMIN: Final = 1
_PATIENCE: Final = 60
_STOP_SECONDS: Final = 10
_MOMENTS: Final = (0.0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0)
"""Seconds after the first process has begun."""
_NOT_SHIPPED: Final = {"tests", "simulator", "benchmarks", ".git", ".env", "uv"}
_DEVELOPMENT: Final = {"hypothesis", "mypy", "playwright", "pytest", "ruff", "uv"}


def main() -> int:
    if os.geteuid() != 0 or shutil.which("unshare") is None:
        sys.stderr.write("Root on Linux is needed, to mount.\n")
        return 1
    # What is mounted over cannot be a file system in memory, as /tmp may be.
    with TemporaryDirectory(prefix="image-", dir="/var/tmp") as directory:
        home = Path(directory)
        home.chmod(0o755)
        found = [*complaints(home), *asyncio.run(_tried(home))]
    for complaint in found:
        sys.stderr.write(f"FAILED: {complaint}\n")
    sys.stdout.write(f"{len(found)} complaints\n")
    return 1 if found else 0


async def _tried(home: Path) -> Sequence[str]:
    tree, steps = await _built(home)
    used, backed_up = await _use(tree, steps), await _backed_up(tree, steps)
    stopped = await _stopped_early(tree, steps)
    return [*_misplaced(tree), *used, *backed_up, *stopped]


async def _built(home: Path) -> tuple[Tree, Sequence[Step]]:
    trees: dict[str, Tree] = {}
    for name, steps in stages(ROOT / "Dockerfile"):
        trees[name] = Tree(home / (name or "image"))
        for step in steps:
            sys.stderr.write(f"{step.name} {step.rest}\n")
            await trees[name].take(step, Context(ROOT), trees)
    return trees[""], steps


def _misplaced(tree: Tree) -> Sequence[str]:
    """Describe what should not be in the image, or be as it is."""
    app = tree.files / "app"
    size = sum(path.lstat().st_size for path in app.rglob("*"))
    sys.stderr.write(f"/app has {size / 1e6:.0f} MB\n")
    installed = {path.name.partition("-")[0] for path in app.glob(".venv/lib/*/*/*.dist-info")}
    writable = (path for path in app.rglob("*") if not path.is_symlink() and _is_open(path))
    return [
        *(f"{name} is in the image" for name in sorted(_NOT_SHIPPED) if (app / name).exists()),
        *(f"{name} is installed" for name in sorted(_DEVELOPMENT & installed)),
        *(f"{path} can be written by others than root" for path in writable),
    ]


def _is_open(path: Path) -> bool:
    status = path.stat()
    return status.st_uid != 0 or bool(status.st_mode & 0o022)


async def _use(tree: Tree, steps: Sequence[Step]) -> Sequence[str]:
    """Run the image on a read-only root, be answered, ask for its health, and stop it."""
    telegram = Telegram()
    bot = telegram.add_bot(_TOKEN, username="school_desk_bot", name="School desk")
    anna = Person(telegram, bot, telegram.add_person(_ADMIN, "Anna", language_code="en"))
    async with serve(telegram) as api:
        variables = {
            "BOT_TOKEN": _TOKEN,
            "ADMIN_IDS": str(_ADMIN),
            "TELEGRAM_API_URL": api,
            "HTTP_PORT": str(free_port()),
        }
        desk = await tree.started(*_program(steps), variables=variables, read_only=True)
        async with asyncio.timeout(_PATIENCE):
            await telegram.until(lambda: _is_polled(telegram), timeout=_PATIENCE)
            await anna.opens("/bookings", shows="No bookings yet")
            code, words = await _health(tree, steps, variables)
            began = asyncio.get_running_loop().time()
            os.kill(await _first_process(desk, _program(steps)), signal.SIGTERM)
            _, log = await desk.communicate()
        took = asyncio.get_running_loop().time() - began
    lines = log.decode().splitlines()
    sys.stderr.write(f"health: {words}; {lines[-1]}\n")
    checks = {
        f"health says {words!r} and {code}": (code, words) == (0, "ready"),
        f"it ended with {desk.returncode}": desk.returncode == 0,
        f"the stop took {took:.1f} s": took < _STOP_SECONDS,
        f"its last line is {lines[-1]}": "the desk is closed" in lines[-1],
    }
    return [miss for miss, kept in checks.items() if not kept]


def _is_polled(telegram: Telegram) -> bool:
    return any(call.method == "getUpdates" for call in telegram.calls)


async def _health(
    tree: Tree, steps: Sequence[Step], variables: dict[str, str]
) -> tuple[int | None, str]:
    asked = await tree.started(*last(steps, "HEALTHCHECK").words, variables=variables)
    output, errors = await asked.communicate()
    return asked.returncode, (output + errors).decode().strip()


async def _backed_up(tree: Tree, steps: Sequence[Step]) -> Sequence[str]:
    """Let compose's backup service back up what the desk has left, prove it, wait, and stop."""
    [command] = re.findall(r"command: \[(.*)\]", (ROOT / "compose.yaml").read_text("utf-8"))
    *once, nightly = command.split(", ")
    variables = {"BOT_TOKEN": _TOKEN, "ADMIN_IDS": str(_ADMIN), "TMPDIR": "/data"}

    async def said(*arguments: str) -> str:
        program = [*last(steps, "ENTRYPOINT").words, *arguments]
        running = await tree.started(*program, variables=variables, read_only=True)
        output, errors = await running.communicate()
        return (output or errors).decode().strip()

    proof = await said("restore-check", await said(*once))
    program = [*last(steps, "ENTRYPOINT").words, *once, nightly]
    waiting = await tree.started(*program, variables=variables, read_only=True)
    assert waiting.stderr is not None
    async with asyncio.timeout(_PATIENCE):
        await waiting.stderr.readline()
        os.kill(await _first_process(waiting, program), signal.SIGTERM)
        await waiting.communicate()
    sys.stderr.write(f"backup: {proof}; nightly: {waiting.returncode}\n")
    checks = {
        f"the backup is proved by {proof!r}": proof.startswith("The backup is good"),
        f"the nightly backups ended with {waiting.returncode}": waiting.returncode == 0,
    }
    return [miss for miss, kept in checks.items() if not kept]


async def _stopped_early(tree: Tree, steps: Sequence[Step]) -> Sequence[str]:
    """Send SIGTERM at moments of the start, and count what does not end by it."""
    waiting = {
        "BOT_TOKEN": _TOKEN,
        "ADMIN_IDS": str(_ADMIN),
        "TELEGRAM_API_URL": "http://127.0.0.1:9",
    }
    lost = []
    for moment in _MOMENTS:
        desk = await tree.started(*_program(steps), variables=waiting, read_only=True)
        number = await _first_process(desk, _program(steps))
        await asyncio.sleep(moment)
        os.kill(number, signal.SIGTERM)
        ending = asyncio.create_task(desk.communicate())
        done, _ = await asyncio.wait([ending], timeout=_STOP_SECONDS)
        if not done:
            lost.append(f"a SIGTERM after {moment} s is lost")
            os.kill(number, signal.SIGKILL)
        await ending
    sys.stderr.write(f"SIGTERM at {len(_MOMENTS)} moments of the start: {len(lost)} lost\n")
    return lost


async def _first_process(desk: Process, program: Sequence[str]) -> int:
    """Wait until the image's own program is the first process, and return its number."""

    async def running() -> int:
        return first_process(desk, program)

    return await until(running, seconds=_PATIENCE)


def _program(steps: Sequence[Step]) -> Sequence[str]:
    return list(chain(last(steps, "ENTRYPOINT").words, last(steps, "CMD").words))


if __name__ == "__main__":
    sys.exit(main())
