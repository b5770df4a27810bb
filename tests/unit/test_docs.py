"""The documentation: its links work, and it names the real settings."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.settings import Settings

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


def test_the_engineers_page_names_every_setting() -> None:
    page = (ROOT / "docs" / "operating.md").read_text("utf-8")

    missing = [name for name in Settings.model_fields if f"`{name.upper()}`" not in page]
    assert missing == []
