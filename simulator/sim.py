"""The thin HTTP face of people, faults and the record, for programs that run elsewhere.

Everything is JSON. A place is a bot's username or a group's id.

    GET    /sim/bots                      the bots
    POST   /sim/bots                      {"token", "username", "name"}
    GET    /sim/people                    the people
    POST   /sim/people                    {"id", "first_name", …}
    GET    /sim/people/{id}/chat/{place}  what someone sees there, oldest first
    POST   /sim/people/{id}/{act}         start, send, press, block, unblock
    GET    /sim/presses/{id}              the answer to a press, null while there is none
    POST   /sim/faults                    {"kind": "TooManyRequests", "retry_after": 3,
                                           "method": "sendMessage", "chat_id": 1, "times": 1}
    DELETE /sim/faults                    no more faults
    GET    /sim/calls?method=…            what bots have asked, and what they were told
    POST   /sim/clock                     {"advance": seconds}
    GET    /sim/events                    changes as they happen, as server-sent events
"""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from datetime import timedelta
from typing import Any, Final

from aiohttp import web
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from simulator.accounts import BotAccount
from simulator.acts import ACTS, shown
from simulator.calls import Call
from simulator.changes import Change
from simulator.faults import FAULTS
from simulator.people import Person, Place
from simulator.telegram import Telegram

_TELEGRAM: Final = web.AppKey("telegram", Telegram)
_CLOSING: Final = web.AppKey("closing", asyncio.Event)
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _NewBot(_Body):
    token: str
    username: str
    name: str


class _NewPerson(_Body):
    id: int
    first_name: str
    last_name: str | None = None
    username: str | None = None
    language_code: str | None = None


class _NewFault(BaseModel):
    """Where and how often a fault happens; its own fields stand beside these."""

    model_config = ConfigDict(extra="allow")

    kind: str
    method: str | None = None
    chat_id: int | None = None
    times: int | None = 1


class _Advance(_Body):
    advance: float


def build_sim(telegram: Telegram) -> web.Application:
    app = web.Application(middlewares=[_explain])
    app[_TELEGRAM] = telegram
    app[_CLOSING] = asyncio.Event()
    app.on_shutdown.append(_end_streams)
    app.router.add_get("/bots", _bots)
    app.router.add_post("/bots", _add_bot)
    app.router.add_get("/people", _people)
    app.router.add_post("/people", _add_person)
    app.router.add_get(r"/people/{id:\d+}/chat/{place}", _chat)
    app.router.add_post(rf"/people/{{id:\d+}}/{{act:{'|'.join(ACTS)}}}", _act)
    app.router.add_get("/presses/{id}", _answer)
    app.router.add_post("/faults", _add_fault)
    app.router.add_delete("/faults", _clear_faults)
    app.router.add_get("/calls", _calls)
    app.router.add_post("/clock", _advance)
    app.router.add_get("/events", _events)
    return app


@web.middleware
async def _explain(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer what cannot be done with the reason."""
    try:
        return await handler(request)
    except ValidationError as error:
        return web.json_response({"error": str(error)}, status=400)
    except LookupError as error:
        return web.json_response({"error": str(error)}, status=404)
    except (RuntimeError, ValueError) as error:
        return web.json_response({"error": str(error)}, status=409)


async def _bots(request: web.Request) -> web.Response:
    return web.json_response([_about_bot(bot) for bot in request.app[_TELEGRAM].bots.values()])


async def _add_bot(request: web.Request) -> web.Response:
    new = _NewBot.model_validate(await request.json())
    bot = request.app[_TELEGRAM].add_bot(new.token, username=new.username, name=new.name)
    return web.json_response(_about_bot(bot), status=201)


async def _people(request: web.Request) -> web.Response:
    people = request.app[_TELEGRAM].people.values()
    return web.json_response([asdict(person.account) for person in people])


async def _add_person(request: web.Request) -> web.Response:
    new = _NewPerson.model_validate(await request.json())
    person = request.app[_TELEGRAM].add_person(
        new.id,
        new.first_name,
        last_name=new.last_name,
        username=new.username,
        language_code=new.language_code,
    )
    return web.json_response(asdict(person.account), status=201)


async def _chat(request: web.Request) -> web.Response:
    place = _place(request.app[_TELEGRAM], request.match_info["place"])
    return web.json_response([shown(one) for one in _person(request).chat(place)])


async def _act(request: web.Request) -> web.Response:
    act = ACTS[request.match_info["act"]].model_validate(await request.json())
    place = _place(request.app[_TELEGRAM], act.place)
    return web.json_response(act.carry_out(_person(request), place))


async def _answer(request: web.Request) -> web.Response:
    answer = request.app[_TELEGRAM].queries[request.match_info["id"]].answer
    return web.json_response(asdict(answer) if answer else None)


async def _add_fault(request: web.Request) -> web.Response:
    new = _NewFault.model_validate(await request.json())
    fault = TypeAdapter(FAULTS[new.kind]).validate_python(new.model_extra)
    request.app[_TELEGRAM].faults.add(
        fault=fault, method=new.method, chat_id=new.chat_id, times=new.times
    )
    return web.json_response(None, status=201)


async def _clear_faults(request: web.Request) -> web.Response:
    request.app[_TELEGRAM].faults.clear()
    return web.json_response(None)


async def _calls(request: web.Request) -> web.Response:
    wanted = request.query.get("method")
    calls = request.app[_TELEGRAM].calls
    return web.json_response([_record(one) for one in calls if wanted in {None, one.method}])


async def _advance(request: web.Request) -> web.Response:
    by = _Advance.model_validate(await request.json()).advance
    clock = request.app[_TELEGRAM].clock
    clock.advance(timedelta(seconds=by))
    return web.json_response({"now": clock.now().isoformat()})


async def _events(request: web.Request) -> web.StreamResponse:
    """Stream changes: those after Last-Event-ID, or from now on, until the client leaves."""
    telegram = request.app[_TELEGRAM]
    latest = telegram.recent[-1].number if telegram.recent else 0
    sent = int(request.headers.get("Last-Event-ID", latest))
    response = web.StreamResponse(headers={"Cache-Control": "no-cache"})
    response.content_type = "text/event-stream"
    await response.prepare(request)
    while not request.app[_CLOSING].is_set():
        for change in [one for one in telegram.recent if one.number > sent]:
            await response.write(_event(change))
            sent = change.number
        await telegram.changed()
    return response


async def _end_streams(app: web.Application) -> None:
    app[_CLOSING].set()
    app[_TELEGRAM].notify("closing")


def _event(change: Change) -> bytes:
    data = json.dumps(dict(change.details))
    return f"id: {change.number}\nevent: {change.kind}\ndata: {data}\n\n".encode()


def _person(request: web.Request) -> Person:
    return request.app[_TELEGRAM].people[int(request.match_info["id"])]


def _place(telegram: Telegram, name: str) -> Place:
    """Return what a name in a request means.

    Raises:
        LookupError: no bot has this username, and no group this id.
    """
    for bot in telegram.bots.values():
        if bot.username == name:
            return bot
    for group in telegram.groups.values():
        if str(group.id) == name:
            return group
    raise LookupError(f"there is no {name}")


def _about_bot(bot: BotAccount) -> dict[str, Any]:
    return {"id": bot.id, "username": bot.username, "name": bot.name}


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
