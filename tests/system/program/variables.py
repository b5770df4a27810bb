"""The environment of a program."""

from collections.abc import Mapping

Variables = Mapping[str, str]
