"""The documentation: its links work, and it names the real settings."""

import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pytest

from bot.__main__ import build_parser
from bot.settings import Settings

COMMAND = re.compile(r"python -m bot ([a-z-]+(?: (?:--[a-z]+|[A-Z]+|/[\w/.]+))*)")
ROOT = Path(__file__).parents[2]
PAGES = [*sorted(ROOT.glob("*.md")), *sorted(ROOT.glob("docs/*.md"))]


def links(page: Path) -> Iterator[tuple[Path, str]]:
    """Yield the file and the heading of each link within the repository."""
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text("utf-8")):
        if "://" not in target:
            file, _, heading = target.partition("#")
            yield (page.parent / file if file else page), heading


def anchors(page: Path) -> set[str]:
    """Return the anchors that GitHub makes from the headings of the page."""
    headings = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), flags=re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_to_a_file_and_a_heading(page: Path) -> None:
    broken = [
        f"{file}#{heading}"
        for file, heading in links(page)
        if not file.exists() or (heading and heading not in anchors(file))
    ]

    assert broken == []


def test_the_page_of_the_settings_names_every_one() -> None:
    page = (ROOT / "docs" / "settings.md").read_text("utf-8")

    missing = [name for name in Settings.model_fields if f"`{name.upper()}`" not in page]
    assert missing == []


def commands() -> list[str]:
    """Return what the pages tell the reader to run."""
    shell = (ROOT / "compose.yaml").read_text("utf-8")
    ran = [found.replace(",", "") for found in re.findall(r"command: \[(.*)\]", shell)]
    pages = [page for page in PAGES if page.name != "CHANGELOG.md"]
    said = [COMMAND.findall(page.read_text("utf-8")) for page in pages]
    return sorted({*ran, *chain.from_iterable(said)})


@pytest.mark.parametrize("command", commands())
def test_every_command_of_the_pages_is_one(command: str) -> None:
    assert build_parser().parse_args(command.split()).command
