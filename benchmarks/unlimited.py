"""The desk with a pace that its settings would refuse: `python -m benchmarks.unlimited 1000`."""

import sys

from bot import __main__ as program
from bot.settings import Settings, load_settings


def _without_limit() -> Settings:
    return load_settings().model_copy(update={"send_rate": float(_rate)})


if __name__ == "__main__":
    _rate = sys.argv.pop()
    sys.argv.append("run")
    program.load_settings = _without_limit
    sys.exit(program.main())
