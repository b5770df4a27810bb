"""What the look says of the server, the role and the way between."""

from collections.abc import Iterator
from typing import Final

from db.adoption.facts import VIEWS, Facts, Server
from db.adoption.lines import Line, note, ok, refused

_OLDEST: Final = 140000
_DRIFT_SECONDS: Final = 2


def server_lines(server: Server) -> Iterator[Line]:
    if server.number < _OLDEST:
        yield refused("PostgreSQL", f"{server.version} is too old; 14 or newer is needed")
    else:
        yield ok("PostgreSQL", server.version)
    side = "ahead" if server.ahead > 0 else "behind"
    clock = f"PostgreSQL's is {abs(server.ahead):.1f} s {side}"
    if abs(server.ahead) < _DRIFT_SECONDS:
        yield ok("clock", clock)
    else:
        yield note("clock", f"{clock}; messages leave by PostgreSQL's")


def rights_lines(facts: Facts) -> Iterator[Line]:
    server, role = facts.server, facts.server.role
    missing = []
    if not server.may_create_schema:
        grant = f'GRANT CREATE ON DATABASE "{server.database}" TO "{role}"'
        if facts.is_adopted or facts.strangers:
            grant = f'ALTER SCHEMA booking_desk OWNER TO "{role}"'
        missing.append(f"{role} may not write to the schema booking_desk; {grant}")
    bookings = facts.tables.get("bookings")
    if bookings and bookings.kind not in VIEWS and not bookings.is_owned:
        missing.append(
            f"bookings belongs to {bookings.owner}; {role} must own it, or be a member of its"
            " owner, to add columns, indexes and triggers"
        )
    if not facts.elsewhere and not server.may_create_tables:
        place = bookings.schema if bookings else server.home
        if place is None:
            missing.append(f"no schema of {role}'s search_path exists; SET search_path to one")
        else:
            missing.append(
                f"{role} may create nothing in the schema {place};"
                f' GRANT CREATE ON SCHEMA "{place}" TO "{role}"'
            )
    # What is adopted needs them again only when something must be added.
    say = note if facts.is_adopted else refused
    yield from (say("rights", text) for text in missing)
    if not missing:
        yield ok("rights", f"{role} may do what is needed")
