"""The HTTP face of people, faults and the record: for the page, and for programs elsewhere.

Everything is JSON. A place is a bot's username or a group's id.

    GET    /sim/bots                      the bots
    POST   /sim/bots                      {"token", "username", "name"}
    GET    /sim/people                    the people
    POST   /sim/people                    {"id", "first_name", …}
    GET    /sim/groups                    the groups, who is in them, the links that lead there
    GET    /sim/chats                     every chat with its latest message
    GET    /sim/people/{id}/chat/{place}  what someone sees there, oldest first
    GET    /sim/people/{id}/menu/{place}  what they are offered there: commands, keyboard
    POST   /sim/people/{id}/{act}         start, send, press, block, … (see `acts.py`)
    GET    /sim/presses/{id}              the answer to a press, null while there is none
    GET    /sim/searches/{id}             the results of a search, null while there are none
    GET    /sim/files/{id}                a photo or a document
    GET    /sim/faults                    the faults that calls will meet
    POST   /sim/faults                    {"kind": "TooManyRequests", "retry_after": 3,
                                           "method": "sendMessage", "chat_id": 1, "times": 1}
    DELETE /sim/faults                    no more faults
    GET    /sim/calls?method=…&after=…    what bots have asked, and what they were told
    POST   /sim/clock                     {"advance": seconds}
    GET    /sim/controls                  what the program around says, and can do, such as a reset
    POST   /sim/controls/{name}           do it
    GET    /sim/events                    changes as they happen, as server-sent events
"""

from collections.abc import Mapping

from aiohttp import web

from simulator.sim import control, people
from simulator.sim.request import CONTROLS, TELEGRAM, Control, explain
from simulator.telegram import Telegram


def build_sim(telegram: Telegram, controls: Mapping[str, Control]) -> web.Application:
    app = web.Application(middlewares=[explain])
    app[TELEGRAM] = telegram
    app[CONTROLS] = dict(controls)
    app.add_routes(people.ROUTES)
    control.add_to(app)
    return app
