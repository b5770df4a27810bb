"""Getting files back."""

from typing import Final

from aiogram.methods import GetFile
from aiogram.types import File

from simulator.accounts import BotAccount
from simulator.errors import bad_request
from simulator.messages.files import WRONG_ID
from simulator.methods.table import Table
from simulator.world import World

_LARGEST_DOWNLOAD: Final = 20 * 1024**2


def get_file(world: World, _: BotAccount, call: GetFile) -> File:
    file = world.files.get(call.file_id)
    if not call.file_id:
        raise bad_request("file_id not specified")
    if file is None:
        raise bad_request(WRONG_ID)
    if len(file.content) > _LARGEST_DOWNLOAD:
        raise bad_request("file is too big")
    return File(
        file_id=file.file_id,
        file_unique_id=file.unique_id,
        file_size=len(file.content),
        file_path=file.path,
    )


HANDLERS: Final[Table] = {GetFile: get_file}
