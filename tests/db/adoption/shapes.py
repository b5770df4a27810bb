"""Shapes of a school's database, small, each as the SQL that makes it."""

from dataclasses import dataclass
from typing import Final

USUAL: Final = {
    "id": "serial PRIMARY KEY",
    "user_id": "bigint NOT NULL",
    "username": "text",
    "first_name": "text",
    "course_id": "integer",
    "course_stream": "varchar(50)",
    "confirmed": "integer DEFAULT 0",
    "created_at": "timestamptz DEFAULT now()",
    "referral_code": "text",
    "discount_percent": "integer DEFAULT 0",
}
USERS: Final = "CREATE TABLE users (user_id bigint PRIMARY KEY, username text, first_name text)"
COURSES: Final = "CREATE TABLE courses (id serial PRIMARY KEY, name text NOT NULL)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """A database and the way its school writes to it."""

    name: str
    sql: str
    users: str = USERS
    courses: str = COURSES
    refusal: str | None = None
    """The line that refuses it; None if it is adopted."""
    table: str = "bookings"
    """What the school's programs call the table."""
    pending: str = "'1'"
    confirmed: str = "'2'"
    """What they write for these statuses."""
    person: str = "'{}'"
    """How they write a person's number."""
    insert: str = (
        "INSERT INTO {table} (user_id, course_id, confirmed) VALUES ({person}, '1', {pending})"
    )
    change: str = "confirmed = {}"


def bookings(*more: str, tail: str = "", name: str = "bookings", **types: str | None) -> str:
    """Return the SQL of a table with other types; None leaves out a column."""
    columns = [f"{name} {kind}" for name, kind in {**USUAL, **types}.items() if kind]
    return f"CREATE TABLE {name} ({', '.join([*columns, *more])}) {tail};"


def adopted(name: str, sql: str, **other: str) -> Shape:
    return Shape(name=name, sql=sql, **other)


ADOPTED: Final = [
    adopted("as usual", bookings()),
    adopted("no table at all", "SELECT", users="SELECT", courses="SELECT"),
    adopted("only bookings", bookings(), users="SELECT", courses="SELECT"),
    adopted("dates without a zone", bookings(created_at="timestamp DEFAULT localtimestamp")),
    adopted("dates without a time", bookings(created_at="date DEFAULT current_date")),
    adopted("dates to the millisecond", bookings(created_at="timestamptz(3) DEFAULT now()")),
    adopted("identity", bookings(id="bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY")),
    adopted("numeric id", bookings(
        id="numeric(10) DEFAULT nextval('numbers') PRIMARY KEY", tail="; SELECT"
    ).replace("CREATE TABLE", "CREATE SEQUENCE numbers; CREATE TABLE", 1)),
    adopted("unique id", bookings(id="serial NOT NULL UNIQUE")),
    adopted("short person", bookings(user_id="integer NOT NULL")),
    adopted("numeric person", bookings(user_id="numeric NOT NULL")),
    adopted("person as text", bookings(user_id="varchar(20) NOT NULL")),
    adopted("bookings of nobody", bookings(user_id="bigint")),
    adopted("small status", bookings(confirmed="smallint DEFAULT 0")),
    adopted("big status", bookings(confirmed="bigint DEFAULT 0")),
    adopted("numeric status", bookings(confirmed="numeric(3) DEFAULT 0")),
    adopted("checked status",
            bookings(confirmed="integer NOT NULL CHECK (confirmed IN (-1, 0, 1, 2))")),
    adopted("status as a domain", "CREATE DOMAIN status AS smallint CHECK (VALUE < 9);"
            + bookings(confirmed="status DEFAULT 0")),
    adopted("big course", bookings(course_id="bigint")),
    adopted("numeric course", bookings(course_id="numeric")),
    adopted("texts in any case", "CREATE EXTENSION citext;" + bookings(
        username="citext", course_stream="citext", referral_code="citext")),
    adopted("padded stream", bookings(course_stream="char(20)")),
    adopted("short texts", bookings(username="varchar(32)", first_name="varchar(64)",
                                    referral_code="varchar(16)", course_stream="text")),
    adopted("fine discount", bookings(discount_percent="numeric(5, 2) DEFAULT 0")),
    adopted("rough discount", bookings(discount_percent="double precision")),
    adopted("no optional column", bookings(
        username=None, first_name=None, course_stream=None, referral_code=None,
        discount_percent=None)),
    adopted("generated column", bookings(
        "label text GENERATED ALWAYS AS (first_name || '!') STORED", "details text")),
    adopted("generated name", bookings(
        "told text", first_name="text GENERATED ALWAYS AS ('Vera') STORED")),
    adopted("columns without equality", bookings("details json DEFAULT '{}'", "place point")),
    adopted("a table of many columns",
            bookings(*(f"extra_{n} text DEFAULT 'x'" for n in range(60)))),
    adopted("partitions by date", bookings(
        "PRIMARY KEY (id, created_at)", id="serial", tail="PARTITION BY RANGE (created_at)")
        + "CREATE TABLE old PARTITION OF bookings FOR VALUES FROM (MINVALUE) TO ('2026-01-01');"
          "CREATE TABLE new PARTITION OF bookings FOR VALUES FROM ('2026-01-01') TO (MAXVALUE)"),
    adopted("partitions by course", bookings(
        "UNIQUE (id, course_id)", id="serial", tail="PARTITION BY HASH (course_id)")
        + "CREATE TABLE even PARTITION OF bookings FOR VALUES WITH (MODULUS 2, REMAINDER 0);"
          "CREATE TABLE odd PARTITION OF bookings FOR VALUES WITH (MODULUS 2, REMAINDER 1)"),
    adopted("triggers of the school", bookings() + """
        CREATE TABLE journal (n integer);
        CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN INSERT INTO journal VALUES (NEW.id); RETURN NEW; END $$;
        CREATE TRIGGER note BEFORE INSERT OR UPDATE ON bookings
           FOR EACH ROW EXECUTE FUNCTION note()"""),
    adopted("forced row security", bookings() + """
        ALTER TABLE bookings ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
        CREATE POLICY everybody ON bookings USING (true)"""),
    adopted("a named schema", "CREATE SCHEMA school; SET search_path = school;" + bookings()),
    adopted("users with rules", bookings(), users="""
        CREATE TABLE users (user_id bigint PRIMARY KEY, phone text NOT NULL, email text NOT NULL,
                            course_stream integer)"""),
    adopted("users by another key", bookings(),
            users="CREATE TABLE users (id serial PRIMARY KEY, telegram_id bigint UNIQUE)"),
    adopted("users as a view", bookings(), users="""
        CREATE TABLE people (user_id bigint); CREATE VIEW users AS SELECT user_id FROM people"""),
    adopted("courses by letters", bookings(),
            courses="CREATE TABLE courses (id uuid, name text)"),
    adopted("courses in the other shape, twice", bookings(), courses="""
        CREATE TABLE courses (course_id bigint, course_name varchar(99), course_stream text);
        INSERT INTO courses VALUES (1, 'One', 'a'), (1, 'One again', 'a'), (99999999999, 'X', 'b')
        """),
]  # fmt: skip


def refused(name: str, refusal: str, sql: str, **other: str) -> Shape:
    return Shape(name=name, refusal=refusal, sql=sql, **other)


_BASE: Final = bookings(name="base")
REFUSED: Final = [
    refused("person as a name", "bookings.user_id is text, and is no Telegram number in 1 of",
            bookings(user_id="text") + "INSERT INTO bookings (user_id) VALUES ('vera')"),
    refused("person as a uuid", "bookings.user_id is uuid; the person's Telegram number is",
            bookings(user_id="uuid"), person="md5('{}')::uuid"),
    refused("no person", "bookings.user_id is missing; the person's Telegram number is needed",
            bookings("person bigint", user_id=None),
            insert="INSERT INTO bookings (person, confirmed) VALUES ({person}, {pending})"),
    refused("status as a boolean", "bookings.confirmed is boolean; a number is needed: 2"
            " confirmed, 1 pending, 0 new, -1 cancelled", bookings(confirmed="boolean"),
            pending="false", confirmed="true"),
    refused("status as words", "bookings.confirmed is text;", bookings(confirmed="text"),
            pending="'pending'", confirmed="'confirmed'"),
    refused("status as an enum", "bookings.confirmed is status;",
            "CREATE TYPE status AS ENUM ('1', '2');" + bookings(confirmed="status")),
    refused("status that is generated",
            "bookings.confirmed is generated; a column is needed that the desk can write",
            bookings("paid integer", confirmed="integer GENERATED ALWAYS AS (paid) STORED"),
            insert="INSERT INTO bookings (user_id, paid) VALUES ({person}, {pending})",
            change="paid = {}"),
    refused("stream that is generated", "bookings.course_stream is generated;",
            bookings(course_stream="text GENERATED ALWAYS AS ('a') STORED")),
    refused("no status", "bookings.confirmed is missing;", bookings("state int", confirmed=None),
            insert="INSERT INTO bookings (user_id, state) VALUES ({person}, {pending})",
            change="state = {}"),
    refused("no date", "bookings.created_at is missing; a date or timestamp is needed",
            bookings(created_at=None)),
    refused("date as text", "bookings.created_at is text; a date or timestamp is needed",
            bookings(created_at="text DEFAULT now()")),
    refused("date that is computed when read",
            "bookings.created_at is computed when it is read; STORED is needed",
            bookings(created_at="date GENERATED ALWAYS AS ('2026-01-01') VIRTUAL")),
    refused("course as text", "bookings.course_id is text; a whole number is needed",
            bookings(course_id="text")),
    refused("stream as a number", "bookings.course_stream is integer; text is needed",
            bookings(course_stream="integer")),
    refused("code as json", "bookings.referral_code is json; text is needed",
            bookings(referral_code="json")),
    refused("names as a list", "bookings.first_name is text[]; text is needed",
            bookings(first_name="text[]")),
    refused("discount as words", "bookings.discount_percent is text; a number is needed",
            bookings(discount_percent="text")),
    refused("id as a uuid", "bookings.id is uuid; a whole number is needed",
            bookings(id="uuid DEFAULT gen_random_uuid() PRIMARY KEY")),
    refused("no key", "bookings.id is no key; ALTER TABLE bookings ADD PRIMARY KEY (id)",
            bookings(id="serial")),
    refused("a key of two columns", "bookings.id is no key;",
            bookings("UNIQUE (id, user_id)", id="serial")),
    refused("an id that may be missing",
            "bookings.id may be NULL; ALTER TABLE bookings ALTER id SET NOT NULL",
            bookings(id="integer UNIQUE DEFAULT nextval('numbers')").replace(
                "CREATE TABLE", "CREATE SEQUENCE numbers; CREATE TABLE", 1)),
    refused("a revision of another type",
            "bookings has a column revision of the school's own (text); the desk needs this name",
            bookings("revision text")),
    refused("a revision of the school's own", "bookings has a column revision of the school's own",
            bookings("revision integer NOT NULL DEFAULT 1")),
    refused("a first revision", "bookings has a column first_revision of the school's own",
            bookings("first_revision date")),
    refused("a view", "bookings is a view; a table is needed, as it gets triggers",
            _BASE + "CREATE VIEW bookings AS SELECT * FROM base", table="base"),
    refused("a materialized view", "bookings is a materialized view;",
            _BASE + "CREATE MATERIALIZED VIEW bookings AS SELECT * FROM base", table="base"),
    refused("heirs", "tables inherit from bookings; partitions are needed instead",
            bookings() + "CREATE TABLE archive () INHERITS (bookings)"),
    refused("a partition alone", "bookings is a partition; the whole table is needed",
            bookings(name="base", id="serial", tail="PARTITION BY LIST (course_id)")
            + "CREATE TABLE bookings PARTITION OF base FOR VALUES IN (1, 2)", table="base"),
    refused("another schema", "bookings lies in the schema school, which postgres does not look"
            ' into; ALTER ROLE "postgres" IN DATABASE', "CREATE SCHEMA school;" + bookings(
                name="bookings").replace("TABLE bookings", "TABLE school.bookings"),
            table="school.bookings"),
    refused("capital letters", 'the table is called "Bookings"; it is needed as bookings',
            bookings(name='"Bookings"'), table='"Bookings"'),
    refused("a schema of our name", "booking_desk.theirs is not the desk's;",
            bookings() + "CREATE SCHEMA booking_desk; CREATE TABLE booking_desk.theirs ()"),
    refused("a table of our name", "booking_desk_newest is not the desk's; the desk needs this",
            bookings() + "CREATE TABLE booking_desk_newest ()"),
    refused("several faults", "bookings.course_id is text; a whole number is needed, and 1 more",
            bookings(referral_code="json", course_id="text")),
]  # fmt: skip
