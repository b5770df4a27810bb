"""Linters of the Dockerfile, compose.yaml and the files of deploy/."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tests.support.programs.processes import ROOT

_VARIABLES: Final = {"DESK_DOMAIN": "desk.example.org", "POSTGRES_PASSWORD": "secret"}
_YAML: Final = "{extends: relaxed, rules: {line-length: {max: 99}}}"
_UNITS: Final = ("booking-desk.service", "booking-desk.socket")


def complaints(scratch: Path) -> Iterator[str]:
    """Yield what the linters say; a linter that is not here is named on standard error."""
    yield from _said("hadolint", "Dockerfile")
    yield from _said("yamllint", "-d", _YAML, "compose.yaml", "deploy/kubernetes.yaml")
    yield from _said("kubernetes-validate", "--strict", "deploy/kubernetes.yaml")
    caddyfile = ("--config", "deploy/Caddyfile", "--adapter", "caddyfile")
    yield from _said("caddy", "validate", *caddyfile)
    yield from _said("caddy", "fmt", "--diff", "deploy/Caddyfile")
    yield from _said("systemd-analyze", "verify", *_units(scratch))
    yield from _said("docker", "compose", "config", "--quiet")


def _said(*command: str) -> Iterator[str]:
    program = Path(sys.executable).with_name(command[0])
    path = str(program) if program.exists() else shutil.which(command[0])
    if path is None or (command[0] == "docker" and not _has_compose()):
        sys.stderr.write(f"not here, so not asked: {' '.join(command[:2])}\n")
        return
    asked = _run(path, *command[1:])
    sys.stderr.write(f"{' '.join(command[:2])}: {asked.returncode}\n")
    if asked.returncode:
        yield f"{' '.join(command)}\n{asked.stdout}{asked.stderr}"


def _run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603
        command,
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "HOME": os.environ["HOME"], **_VARIABLES},
        capture_output=True,
        text=True,
        check=False,
    )


def _has_compose() -> bool:
    return _run("docker", "compose", "version").returncode == 0


def _units(scratch: Path) -> Iterator[str]:
    """Yield the units, with a program that is here."""
    for name in _UNITS:
        text = (ROOT / "deploy" / "systemd" / name).read_text("utf-8")
        unit = scratch / name
        unit.write_text(re.sub(r"(?<=ExecStart=)\S+", "/bin/true", text), "utf-8")
        yield str(unit)
