"""The files that ship the desk agree with the repository."""

import re
import tomllib
from typing import Final

from bot.settings import Settings
from tests.image.dockerfile import Context, last, stages
from tests.support.programs.processes import ROOT

STAGES: Final = stages(ROOT / "Dockerfile")
PACKAGES: Final = ["bot", "db", "handlers", "keyboards"]


def text(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def test_the_image_is_built_with_the_uv_of_the_makefile() -> None:
    [makefiles] = re.findall(r"^UV := (\S+)$", text("Makefile"), re.MULTILINE)

    assert re.findall(r"uv==(\S+)", text("Dockerfile")) == [makefiles]


def test_both_stages_have_the_same_python_which_the_project_allows() -> None:
    bases = re.findall(r"^FROM python:([0-9.]+)(-\S+)", text("Dockerfile"), re.MULTILINE)
    oldest = tomllib.loads(text("pyproject.toml"))["project"]["requires-python"]

    assert len(set(bases)) == 1
    assert f">={bases[0][0]}" == oldest


def test_every_package_of_the_program_is_copied_and_nothing_else() -> None:
    _, steps = STAGES[0]
    sources = [source for step in steps if step.name == "COPY" for source in step.words[:-1]]

    assert sources == ["pyproject.toml", "uv.lock", *PACKAGES]
    assert all(Context(ROOT).files(source) for source in sources)


def test_what_is_private_or_of_no_use_is_no_part_of_the_build() -> None:
    context = Context(ROOT)

    assert not any(context.files(name) for name in ("tests", "simulator", ".git", ".venv", "docs"))
    assert not any(path.suffix == ".pyc" for name in PACKAGES for path in context.files(name))


def test_the_images_variables_are_settings_of_the_desk() -> None:
    _, steps = STAGES[-1]
    known = {"PATH": ""}
    names = [name for step in steps if step.name == "ENV" for name in step.pairs(known)]

    ours = {name for name in names if not name.startswith(("PATH", "PYTHON"))}
    assert ours == {"DATA_DIR", "HTTP_HOST", "HTTP_PORT"}
    assert {name.lower() for name in ours} <= Settings.model_fields.keys()
    assert last(steps, "USER").rest == "10001"
