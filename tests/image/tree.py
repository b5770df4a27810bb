"""A directory tree that takes the steps of a Dockerfile on top of this machine's own files.

Python's image has its Python in /usr/local, and so has the tree: this machine's. What a step
writes ends up in directories of the tree alone, as the layers of an image do.
"""

import asyncio
import os
import re
import shutil
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from tests.image.dockerfile import Context, Step

_NETWORK: Final = re.compile(r"(PIP|UV|SSL)_|.*_proxy$", re.IGNORECASE)
"""Variables that say how this machine reaches package registries."""
_BASE: Final = {
    "PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin",
    "HOME": "/root",
    # A Python that has moved finds its library no more.
    "LD_LIBRARY_PATH": "/usr/local/lib",
}
_MOUNT: Final = """
set -e
cd "$1"
mount -t overlay overlay -o lowerdir=/,upperdir=files,workdir=work root
mount -t overlay overlay -o lowerdir="$2",upperdir=local,workdir=local.work root/usr/local
mount -t proc proc root/proc
mount --rbind /dev root/dev
mount -t tmpfs tmpfs root/tmp
for volume in $3; do
    mkdir -p "volumes$volume"
    mount --bind "volumes$volume" "root$volume"
done
test -z "$4" || mount -o remount,ro root
shift 4
exec "$@"
"""


class Tree:
    """The files of one stage."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self.variables = dict(_BASE)
        self._directory = "/"
        self._user = "0"
        for name in ("files", "work", "local", "local.work", "root"):
            (home / name).mkdir(parents=True)

    @property
    def files(self) -> Path:
        """What its steps have written, without what the base has."""
        return self._home / "files"

    async def take(self, step: Step, context: Context, others: Mapping[str, "Tree"]) -> None:
        """Do what an instruction says."""
        match step.name:
            case "RUN":
                await self._run(step.rest)
            case "COPY":
                self._copy(step.words, context, others)
            case "ENV":
                self.variables |= step.pairs(self.variables)
            case "WORKDIR":
                self._directory = step.rest
                self._at(step.rest).mkdir(parents=True, exist_ok=True)
            case "USER":
                self._user = step.rest
            case "VOLUME":
                self._fill(step.rest)
            case "CMD" | "ENTRYPOINT" | "EXPOSE" | "HEALTHCHECK":
                pass
            case name:
                raise NotImplementedError(name)

    async def started(
        self, *program: str, variables: Mapping[str, str] = {}, read_only: bool = False
    ) -> Process:
        """Start a program as its user, as the first process of its own."""
        settings = self.variables | dict(variables)
        return await asyncio.create_subprocess_exec(
            *("unshare", "--mount", "--pid", "--fork", "--kill-child", "sh", "-c", _MOUNT, "sh"),
            *(str(self._home), sys.base_prefix, " ".join(self._volumes()), read_only * "ro"),
            *("chroot", f"--userspec={self._user}:{self._user}", "root", "env", "-i"),
            *("-C", self._directory),
            *(f"{name}={value}" for name, value in settings.items()),
            *program,
            stdin=DEVNULL,
            stdout=PIPE,
            stderr=PIPE,
        )

    async def _run(self, command: str) -> None:
        network = {name: value for name, value in os.environ.items() if _NETWORK.match(name)}
        running = await self.started("sh", "-c", command, variables=network)
        output, errors = await running.communicate()
        if running.returncode:
            raise RuntimeError(f"{command}\n{(output + errors).decode()}")

    def _copy(self, words: Sequence[str], context: Context, others: Mapping[str, "Tree"]) -> None:
        flags = [word for word in words if word.startswith("--")]
        *sources, target = (word for word in words if not word.startswith("--"))
        place = self._at(target)
        for source in sources:
            if flags:
                stage = others[flags[0].removeprefix("--from=")]
                shutil.copytree(stage.files / source[1:], place, symlinks=True, dirs_exist_ok=True)
                continue
            for path in context.files(source):
                below = path.relative_to(source) if str(path) != source else Path(path.name)
                (place / below).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(path, place / below)

    def _at(self, path: str) -> Path:
        return self.files / str(Path(self._directory) / path)[1:]

    def _fill(self, volume: str) -> None:
        place = self._home / "volumes" / volume[1:]
        shutil.copytree(self._at(volume), place)
        status = self._at(volume).stat()
        os.chown(place, status.st_uid, status.st_gid)

    def _volumes(self) -> Sequence[str]:
        volumes = self._home / "volumes"
        return [f"/{path.name}" for path in volumes.iterdir()] if volumes.exists() else []


def first_process(unshared: Process, program: Sequence[str]) -> int:
    """Return the number of the program that `Tree.started` runs; 0 before it does."""
    children = Path(f"/proc/{unshared.pid}/task/{unshared.pid}/children").read_text("utf-8")
    for number in map(int, children.split()):
        with suppress(OSError):
            words = Path(f"/proc/{number}/cmdline").read_text("utf-8").rstrip("\0").split("\0")
            # An entry point such as env gives way to the words after its own.
            if words and list(program[-len(words) :]) == words:
                return number
    return 0
