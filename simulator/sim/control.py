"""What goes wrong on request, the record, the clock, and the stream of changes."""

import asyncio
import json
from contextlib import suppress
from dataclasses import asdict
from datetime import timedelta
from typing import Any, Final

from aiohttp import ClientConnectionResetError, web
from pydantic import BaseModel, ConfigDict, PositiveInt, TypeAdapter

from simulator.changes import Change
from simulator.faults import FAULTS, Rule
from simulator.http.calls import Call
from simulator.http.parameters import METHODS
from simulator.sim.request import CONTROLS, TELEGRAM, Body

_CLOSING: Final = web.AppKey("closing", asyncio.Event)


class _NewFault(BaseModel):
    """Where and how often a fault happens; its own fields stand beside these."""

    model_config = ConfigDict(extra="allow")

    kind: str
    method: str | None = None
    chat_id: int | None = None
    times: PositiveInt | None = 1


class _Advance(Body):
    advance: float


def add_to(app: web.Application) -> None:
    app[_CLOSING] = asyncio.Event()
    app.on_shutdown.append(_end_streams)
    app.router.add_get("/faults", _faults)
    app.router.add_post("/faults", _add_fault)
    app.router.add_delete("/faults", _clear_faults)
    app.router.add_get("/calls", _calls)
    app.router.add_post("/clock", _advance)
    app.router.add_get("/controls", _controls)
    app.router.add_post("/controls/{name}", _control)
    app.router.add_get("/events", _events)


async def _faults(request: web.Request) -> web.Response:
    return web.json_response([_about_rule(rule) for rule in request.app[TELEGRAM].faults.rules])


async def _add_fault(request: web.Request) -> web.Response:
    new = _NewFault.model_validate(await request.json())
    if new.method and new.method.lower() not in METHODS:
        raise LookupError(f"the Bot API has no {new.method}")
    fault = TypeAdapter(FAULTS[new.kind]).validate_python(new.model_extra)
    request.app[TELEGRAM].faults.add(
        fault=fault, method=new.method, chat_id=new.chat_id, times=new.times
    )
    return web.json_response(None, status=201)


async def _clear_faults(request: web.Request) -> web.Response:
    request.app[TELEGRAM].faults.clear()
    return web.json_response(None)


async def _calls(request: web.Request) -> web.Response:
    """Answer with the calls numbered above `after`; they are numbered from 1."""
    wanted, after = request.query.get("method"), int(request.query.get("after", 0))
    calls = enumerate(request.app[TELEGRAM].calls, start=1)
    return web.json_response(
        [
            {"number": number} | _record(call)
            for number, call in calls
            if number > after and wanted in {None, call.method}
        ]
    )


async def _advance(request: web.Request) -> web.Response:
    by = _Advance.model_validate(await request.json()).advance
    telegram = request.app[TELEGRAM]
    telegram.clock.advance(timedelta(seconds=by))
    telegram.notify("clock")
    return web.json_response({"now": telegram.clock.now().isoformat()})


async def _controls(request: web.Request) -> web.Response:
    return web.json_response(
        {
            "hint": request.app[TELEGRAM].hint,
            "controls": [
                {
                    "name": name,
                    "question": control.question,
                    "for_developers": control.for_developers,
                }
                for name, control in request.app[CONTROLS].items()
            ],
        }
    )


async def _control(request: web.Request) -> web.Response:
    await request.app[CONTROLS][request.match_info["name"]].act()
    return web.json_response(None)


async def _events(request: web.Request) -> web.StreamResponse:
    """Stream changes: those after Last-Event-ID, or from now on, until the client leaves.

    To whom it is too late to tell them, the first is that everything was cleared.
    """
    telegram = request.app[TELEGRAM]
    sent = int(request.headers.get("Last-Event-ID", telegram.latest))
    response = web.StreamResponse(headers={"Cache-Control": "no-cache"})
    response.content_type = "text/event-stream"
    await response.prepare(request)
    with suppress(ClientConnectionResetError):
        while not request.app[_CLOSING].is_set():
            changes = telegram.since(sent)
            if changes is None:
                changes = [Change(telegram.latest, "clear", {})]
            if changes:
                await response.write(b"".join(map(_event, changes)))
                sent = changes[-1].number
            else:
                await telegram.changed()
    return response


async def _end_streams(app: web.Application) -> None:
    app[_CLOSING].set()
    app[TELEGRAM].notify("closing")


def _event(change: Change) -> bytes:
    # One name for all of them: a page then listens once, not once for each kind.
    data = json.dumps({"kind": change.kind} | dict(change.details))
    return f"id: {change.number}\ndata: {data}\n\n".encode()


def _about_rule(rule: Rule) -> dict[str, Any]:
    where = {"method": rule.method, "chat_id": rule.chat_id, "times": rule.times}
    return {"kind": type(rule.fault).__name__} | asdict(rule.fault) | where


def _record(call: Call) -> dict[str, Any]:
    return {
        "bot": call.bot.username,
        "method": call.method,
        "parameters": call.parameters,
        "started": call.started.isoformat(),
        "finished": call.finished.isoformat() if call.finished else None,
        "status": call.status,
        "body": call.body,
    }
