"""Each import that breaks a contract of pyproject.toml fails the lint."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[2]
PACKAGES: Final = ("bot", "db", "handlers", "keyboards", "simulator")


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the directory of a copy of the program, which tests can break."""
    tree = tmp_path_factory.mktemp("tree")
    for package in PACKAGES:
        shutil.copytree(
            ROOT / package, tree / package, ignore=shutil.ignore_patterns("__pycache__")
        )
    shutil.copy(ROOT / "pyproject.toml", tree)
    return tree


def lint(tree: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()"],
        cwd=tree,
        env={"COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )


@contextmanager
def added(module: Path, line: str) -> Iterator[None]:
    """Add a line to a module, which may be new, until the block ends."""
    before = module.read_text() if module.exists() else None
    module.write_text(f"{before or ''}\n{line}\n")
    try:
        yield
    finally:
        if before is None:
            module.unlink()
        else:
            module.write_text(before)


def test_the_program_keeps_its_contracts(tree: Path) -> None:
    linted = lint(tree)

    assert linted.returncode == 0, linted.stdout


@pytest.mark.parametrize(
    ("importer", "imported"),
    [
        ("bot.telegram.intake.updates", "bot.app"),
        ("bot.telegram.session", "bot.telegram.intake.polling"),
        ("bot.running.repeat", "bot.telegram.intake.webhook"),
        ("bot.texts.icons", "bot.services.status"),
        ("keyboards.people", "bot.services.people"),
        ("handlers.status", "db.embedded.sandbox"),
        ("handlers.status", "db.database"),
        ("bot.services.status", "aiogram"),
        ("bot.wiring", "aiohttp"),
        ("bot.workers.delivery", "simulator"),
    ],
)
def test_a_wrong_import_breaks_a_contract(tree: Path, importer: str, imported: str) -> None:
    with added(tree / f"{importer.replace('.', '/')}.py", f"import {imported}"):
        linted = lint(tree)

    assert linted.returncode == 1
    assert f"{importer} -> {imported}" in linted.stdout


@pytest.mark.parametrize("module", ["bot/letters.py", "bot/telegram/letters.py"])
def test_a_module_without_a_layer_breaks_a_contract(tree: Path, module: str) -> None:
    with added(tree / module, '"""No layer names this module."""'):
        linted = lint(tree)

    assert linted.returncode == 1
    assert "letters" in linted.stdout


def test_a_program_loads_no_server_measures_nothing_and_builds_few_types() -> None:
    loaded = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys, bot.telegram.on_demand, bot.commands, aiogram.types as types\n"
            "built = '__pydantic_complete__'\n"
            "print(*sys.modules, *(f'{name}!' for name, of in vars(types).items()"
            " if getattr(of, built, False)))",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )

    modules = loaded.stdout.split()
    built = [name for name in modules if name.endswith("!")]
    assert "aiohttp.client" in modules
    assert "aiohttp.web" not in modules
    assert "prometheus_client" not in modules
    assert len(built) < 50, built
