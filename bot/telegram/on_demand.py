"""aiogram's types and methods, each built by pydantic when it is first used.

Building all six hundred takes two thirds of the time to start, and the desk uses a few dozen. This
module must be imported before anything of aiogram, and has no other effect.
"""

from collections.abc import Mapping
from importlib import import_module
from unittest.mock import patch

from pydantic import BaseModel
from pydantic._internal import _config
from pydantic._internal._fields import rebuild_model_fields
from pydantic._internal._namespace_utils import NsResolver


def _know_fields(model: type[BaseModel], *, _types_namespace: Mapping[str, object]) -> None:
    """Resolve the names in the annotations of the fields, which a later build could not."""
    if not model.__pydantic_fields_complete__:
        model.__pydantic_fields__, model.__pydantic_extra_info__ = rebuild_model_fields(
            model,
            config_wrapper=_config.ConfigWrapper(model.model_config, check=False),
            ns_resolver=NsResolver(parent_namespace=_types_namespace),
            typevars_map={},
        )


with (
    patch.dict(_config.config_defaults, {"defer_build": True}),
    patch.object(BaseModel, "model_rebuild", classmethod(_know_fields)),
):
    import_module("aiogram")
