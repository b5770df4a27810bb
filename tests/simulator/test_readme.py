"""The example in the simulator's readme."""

from pathlib import Path
from typing import Any

import simulator

README = Path(simulator.__file__).with_name("README.md")


async def test_the_example_works_as_it_is_printed() -> None:
    example = README.read_text().split("```python\n")[1].split("```")[0]
    names: dict[str, Any] = {}

    exec(example, names)  # noqa: S102

    await names["test_a_student_is_greeted"]()
