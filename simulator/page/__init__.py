"""The page on which people read, write and press; plain files, nothing to build."""

from pathlib import Path
from typing import Final

from aiohttp import web

_FILES: Final = Path(__file__).parent / "files"
_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


def add_page(app: web.Application) -> None:
    app.router.add_get("/", _page)
    app.router.add_static("/page", _FILES)


async def _page(_: web.Request) -> web.FileResponse:
    return web.FileResponse(
        _FILES / "index.html",
        headers={"Content-Security-Policy": _POLICY, "Cache-Control": "no-cache"},
    )
