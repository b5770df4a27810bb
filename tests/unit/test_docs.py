"""The pages for people: their links lead somewhere, and the settings are the real ones."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.settings import Settings

ROOT = Path(__file__).parents[2]
PAGES = [*sorted(ROOT.glob("*.md")), *sorted(ROOT.glob("docs/*.md"))]


def links(page: Path) -> Iterator[tuple[Path, str]]:
    """Return the file and the heading that each link within the repository leads to."""
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text("utf-8")):
        if "://" not in target:
            file, _, heading = target.partition("#")
            yield (page.parent / file if file else page), heading


def anchors(page: Path) -> set[str]:
    """Return how a link names each heading of the page, as GitHub does."""
    headings = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), flags=re.MULTILINE)
    return {re.sub(r"[^\w -]", "", each.lower()).replace(" ", "-") for each in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_to_a_file_and_a_heading(page: Path) -> None:
    astray = [
        f"{file}#{heading}"
        for file, heading in links(page)
        if not file.exists() or (heading and heading not in anchors(file))
    ]

    assert astray == []


def test_the_engineers_page_names_every_setting() -> None:
    page = (ROOT / "docs" / "operating.md").read_text("utf-8")

    missing = [name for name in Settings.model_fields if f"`{name.upper()}`" not in page]
    assert missing == []
