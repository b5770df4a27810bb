"""Reading the Dockerfile and .dockerignore, as far as ours go."""

import json
import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath
from typing import Final

_JOINED: Final = re.compile(r"\\\n\s*")


@dataclass(frozen=True, slots=True)
class Step:
    """One instruction."""

    name: str
    rest: str

    @property
    def words(self) -> Sequence[str]:
        """Its words, or its JSON list after the flags."""
        if "[" in self.rest:
            return list(map(str, json.loads(self.rest[self.rest.index("[") :])))
        return shlex.split(self.rest)

    def pairs(self, known: Mapping[str, str]) -> Mapping[str, str]:
        """The variables that ENV sets, with those that are known filled in."""
        filled = re.sub(r"\$(\w+)", lambda name: known[name[1]], self.rest)
        return dict(word.split("=", 1) for word in shlex.split(filled))


def stages(dockerfile: Path) -> Sequence[tuple[str, Sequence[Step]]]:
    """Return the name of each stage, or "", and its steps."""
    found: list[tuple[str, list[Step]]] = []
    for line in _JOINED.sub(" ", dockerfile.read_text("utf-8")).splitlines():
        name, _, rest = line.partition(" ")
        if not name or name.startswith("#"):
            continue
        if name == "FROM":
            found.append((rest.partition(" AS ")[2], []))
        else:
            found[-1][1].append(Step(name, rest))
    return found


def last(steps: Sequence[Step], name: str) -> Step:
    """Return the instruction that counts."""
    return [step for step in steps if step.name == name][-1]


class Context:
    """The files that a build may copy."""

    def __init__(self, root: Path) -> None:
        self._root = root
        lines = (root / ".dockerignore").read_text("utf-8").split()
        self._rules = [(line.lstrip("!"), line.startswith("!")) for line in lines]

    def files(self, name: str) -> Sequence[PurePosixPath]:
        """Return the files of a directory, or the file itself, without what is ignored."""
        below = self._below(self._root / name)
        relative = [PurePosixPath(path.relative_to(self._root)) for path in below]
        return [path for path in relative if self._is_let_in(path)]

    def _below(self, path: Path) -> Iterator[Path]:
        """Yield the files below; a directory that lets nothing in is not looked through."""
        if path.is_file():
            yield path
        elif path.is_dir() and self._may_let_in(PurePosixPath(path.relative_to(self._root))):
            for child in path.iterdir():
                yield from self._below(child)

    def _may_let_in(self, directory: PurePosixPath) -> bool:
        let_in = (PurePosixPath(pattern) for pattern, lets_in in self._rules if lets_in)
        return self._is_let_in(directory) or any(
            pattern.is_relative_to(directory) for pattern in let_in
        )

    def _is_let_in(self, path: PurePosixPath) -> bool:
        let_in = True
        for pattern, lets_in in self._rules:
            if any(_matches(each, pattern) for each in (path, *path.parents)):
                let_in = lets_in
        return let_in


def _matches(path: PurePosixPath, pattern: str) -> bool:
    if pattern.startswith("**/"):
        return fnmatch(path.name, pattern[3:])
    return len(path.parts) == len(PurePosixPath(pattern).parts) and fnmatch(str(path), pattern)
