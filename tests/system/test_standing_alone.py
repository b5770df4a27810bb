"""The simulator as a program of its own."""

import asyncio
import signal
import sys

from aiohttp import ClientSession


async def test_it_runs_as_a_program_until_it_is_interrupted(http: ClientSession) -> None:
    program = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "simulator", "--port", "0", "--bot", "1001:x:desk_bot"),
        *("--lenient", "--accept-unsimulated"),
        stdout=asyncio.subprocess.PIPE,
    )
    assert program.stdout

    url = (await program.stdout.readline()).decode().strip()
    async with http.get(f"{url}/bot1001:x/getMe?colour=red") as response:
        me = (await response.json())["result"]
    async with http.get(f"{url}/bot1001:x/logOut?colour=red") as response:
        unsimulated = await response.json()
    program.send_signal(signal.SIGINT)

    assert me["username"] == "desk_bot"
    assert unsimulated == {"ok": True, "result": True}
    assert await program.wait() == 130
