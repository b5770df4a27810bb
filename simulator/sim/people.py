"""Bots, people and groups, what they see, and what they do."""

from collections.abc import Iterator
from dataclasses import asdict
from itertools import chain
from mimetypes import guess_type
from typing import Any, Final

from aiohttp import web

from simulator.accounts import BotAccount
from simulator.http.wire import wire
from simulator.sim.acts import ACTS
from simulator.sim.request import TELEGRAM, Body, person_of, place_named
from simulator.sim.views import offered, shown_in, summary
from simulator.telegram import Telegram


class _NewBot(Body):
    token: str
    username: str
    name: str


class _NewPerson(Body):
    id: int
    first_name: str
    last_name: str | None = None
    username: str | None = None
    language_code: str | None = None
    bio: str | None = None


async def _bots(request: web.Request) -> web.Response:
    return web.json_response([_about_bot(bot) for bot in request.app[TELEGRAM].bots.values()])


async def _add_bot(request: web.Request) -> web.Response:
    new = _NewBot.model_validate(await request.json())
    bot = request.app[TELEGRAM].add_bot(new.token, username=new.username, name=new.name)
    return web.json_response(_about_bot(bot), status=201)


async def _people(request: web.Request) -> web.Response:
    people = request.app[TELEGRAM].people.values()
    return web.json_response([asdict(person.account) for person in people])


async def _add_person(request: web.Request) -> web.Response:
    new = _NewPerson.model_validate(await request.json())
    details = new.model_dump(exclude={"id", "first_name"})
    person = request.app[TELEGRAM].add_person(new.id, new.first_name, **details)
    return web.json_response(asdict(person.account), status=201)


async def _groups(request: web.Request) -> web.Response:
    return web.json_response(
        [
            {
                "id": group.id,
                "title": group.title,
                "members": [user_id for user_id in group.chat.members if group.chat.has(user_id)],
                "links": [wire(link.about) for link in group.chat.links.values()],
            }
            for group in request.app[TELEGRAM].groups.values()
        ]
    )


async def _chats(request: web.Request) -> web.Response:
    telegram = request.app[TELEGRAM]
    return web.json_response(list(chain(_private_chats(telegram), _group_chats(telegram))))


def _private_chats(telegram: Telegram) -> Iterator[dict[str, Any]]:
    """Also those nobody has begun: somebody may want to begin them."""
    for person in telegram.people.values():
        for bot in telegram.bots.values():
            chat = telegram.private(bot, person.account)
            yield {
                "person": person.id,
                "place": bot.username,
                "begun": chat is not None,
                "blocked": chat is not None and chat.blocked,
                **summary(bot, person),
            }


def _group_chats(telegram: Telegram) -> Iterator[dict[str, Any]]:
    for group in telegram.groups.values():
        for person in telegram.people.values():
            if group.chat.has(person.id):
                yield {
                    "person": person.id,
                    "place": str(group.id),
                    "begun": True,
                    "blocked": False,
                } | summary(group, person)


async def _chat(request: web.Request) -> web.Response:
    place = place_named(request.app[TELEGRAM], request.match_info["place"])
    return web.json_response(shown_in(place, person_of(request)))


async def _menu(request: web.Request) -> web.Response:
    place = place_named(request.app[TELEGRAM], request.match_info["place"])
    person = person_of(request)
    if not isinstance(place, BotAccount):
        return web.json_response({"commands": [], "keyboard": None})
    commands = [wire(command) for command in person.menu(place)]
    return web.json_response({"commands": commands, "keyboard": wire(person.keyboard(place))})


async def _act(request: web.Request) -> web.Response:
    act = ACTS[request.match_info["act"]].model_validate(await request.json())
    return web.json_response(act.carry_out(request.app[TELEGRAM], person_of(request)))


async def _answer(request: web.Request) -> web.Response:
    answer = request.app[TELEGRAM].queries[request.match_info["id"]].answer
    return web.json_response(asdict(answer) if answer else None)


async def _results(request: web.Request) -> web.Response:
    results = request.app[TELEGRAM].searches[request.match_info["id"]].results
    return web.json_response(None if results is None else [offered(one) for one in results])


async def _file(request: web.Request) -> web.Response:
    file = request.app[TELEGRAM].files.get(request.match_info["id"])
    if file is None:
        raise web.HTTPNotFound
    # Whatever a bot uploads is not to run as a page of this address.
    headers = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox"}
    kind, _ = guess_type(file.name)
    return web.Response(
        body=file.content, content_type=kind or "application/octet-stream", headers=headers
    )


def _about_bot(bot: BotAccount) -> dict[str, Any]:
    return {"id": bot.id, "username": bot.username, "name": bot.name, "inline": bot.inline}


ROUTES: Final = (
    web.get("/bots", _bots),
    web.post("/bots", _add_bot),
    web.get("/people", _people),
    web.post("/people", _add_person),
    web.get("/groups", _groups),
    web.get("/chats", _chats),
    web.get(r"/people/{id:\d+}/chat/{place}", _chat),
    web.get(r"/people/{id:\d+}/menu/{place}", _menu),
    web.post(rf"/people/{{id:\d+}}/{{act:{'|'.join(ACTS)}}}", _act),
    web.get("/presses/{id}", _answer),
    web.get("/searches/{id}", _results),
    web.get("/files/{id}", _file),
)
