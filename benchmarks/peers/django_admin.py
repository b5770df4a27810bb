"""Django admin's change list, as it comes, through Django's own test client."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final
from urllib.parse import parse_qs, urlsplit

import django
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.test import Client

_PAGE: Final = 100
"""Rows of a page, unless Django is told otherwise."""
_LIST: Final = "/admin/peers/booking/"
_APPS: Final = ("admin", "auth", "contenttypes", "sessions", "messages")
_MIDDLEWARE: Final = (
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
)


def set_up(dsn: str, *, bookings: int, name: str) -> Mapping[str, Callable[[], None]]:
    """Set Django up on a database; return what its admin can be asked, a search of `name` too."""
    settings.configure(
        ALLOWED_HOSTS=["testserver"],
        DATABASES={"default": _database(dsn)},
        INSTALLED_APPS=[*(f"django.contrib.{each}" for each in _APPS), "benchmarks.peers"],
        MIDDLEWARE=_MIDDLEWARE,
        ROOT_URLCONF="benchmarks.peers.urls",
        SECRET_KEY="benchmarks",  # noqa: S106
        TEMPLATES=[_templates()],
        USE_TZ=True,
    )
    django.setup()
    call_command("migrate", verbosity=0)
    client = Client()
    client.force_login(get_user_model().objects.create_superuser("anna"))
    last = (bookings - 1) // _PAGE + 1
    return {
        "page 1": partial(_get, client, {}),
        "the last page": partial(_get, client, {"p": last}),
        "a search": partial(_get, client, {"q": name}),
    }


def _get(client: Client, query: Mapping[str, object]) -> None:
    answer = client.get(_LIST, query)
    if answer.status_code != 200:
        raise RuntimeError(f"Django answers {answer.status_code}")


def _database(dsn: str) -> Mapping[str, object]:
    url = urlsplit(dsn)
    where = parse_qs(url.query)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": url.path.removeprefix("/"),
        "USER": url.username,
        "HOST": where["host"][0],
        "PORT": where["port"][0],
        "CONN_MAX_AGE": None,
    }


def _templates() -> Mapping[str, object]:
    processors = (
        "django.template.context_processors.request",
        "django.contrib.auth.context_processors.auth",
        "django.contrib.messages.context_processors.messages",
    )
    return {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": processors},
    }
