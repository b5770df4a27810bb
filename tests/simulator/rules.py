"""Which of Telegram's rules the tests hold, and where Telegram's own sources have them.

`python -m tests.simulator.rules` writes them to `docs/rules.md`.
"""

import ast
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final, TypeVar

_Test = TypeVar("_Test", bound=Callable[..., Any])

PAGE: Final = Path(__file__).parents[2] / "docs" / "rules.md"
#: Words that a name cannot spell as they are.
_SPELLED: Final = {"telegram": "Telegram", "telegrams": "Telegram's", "json": "JSON"}
_BEGINNING: Final = """\
# Rules of Telegram that the simulator keeps

Written by `python -m tests.simulator.rules` from the tests that hold these rules.

The sources are those of Telegram's own server: `Client`, `ClientManager`, `HttpConnection` and
`Query` are files of tdlib/telegram-bot-api 10.0, all others of the tdlib/td it is built with;
after the file come a line, or the function. Where the simulator differs, `simulator/README.md`
says so.

| Rule | Source | Held by |
|---|---|---|
"""


def source(_where: str) -> Callable[[_Test], _Test]:
    """Name the place in Telegram's sources that a test repeats."""
    return lambda test: test


def render() -> str:
    """Return the page of all rules."""
    return _BEGINNING + "".join(f"| {' | '.join(row)} |\n" for row in _rows())


def _rows() -> Iterator[tuple[str, str, str]]:
    for path in sorted(Path(__file__).parent.rglob("test_*.py")):
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                for where in _sources(node):
                    yield _sentence(node.name), where, f"`{path.stem}`"


def _sources(test: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[str]:
    for decorator in test.decorator_list:
        match decorator:
            case ast.Call(func=ast.Name(id="source"), args=[ast.Constant(value=str(where))]):
                yield where


def _sentence(name: str) -> str:
    words = name.removeprefix("test_").split("_")
    sentence = " ".join(_SPELLED.get(word, word) for word in words)
    return sentence[0].upper() + sentence[1:]


if __name__ == "__main__":
    PAGE.write_text(render())
