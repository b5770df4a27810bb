"""The change list of Django's admin, read with Django's own test client."""

from collections.abc import Mapping
from typing import Final
from urllib.parse import parse_qs, urlsplit

import django
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.test import Client

_LIST: Final = "/admin/rivals/booking/"
_APPS: Final = ("admin", "auth", "contenttypes", "sessions", "messages")
_MIDDLEWARE: Final = (
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
)


class ChangeList:
    """The list for a user who is signed in."""

    def __init__(self, dsn: str) -> None:
        """Set Django up on a database; a process can do that only once."""
        _set_up(dsn)
        self._client = Client()
        self._client.force_login(get_user_model().objects.create_superuser("anna"))

    def ask(self, query: Mapping[str, str]) -> None:
        answer = self._client.get(_LIST, query)
        if answer.status_code != 200:
            raise RuntimeError(f"Django answers {answer.status_code}")


def _set_up(dsn: str) -> None:
    settings.configure(
        ALLOWED_HOSTS=["testserver"],
        DATABASES={"default": _database(dsn)},
        INSTALLED_APPS=[*(f"django.contrib.{app}" for app in _APPS), "benchmarks.rivals"],
        MIDDLEWARE=_MIDDLEWARE,
        ROOT_URLCONF="benchmarks.rivals.urls",
        SECRET_KEY="benchmarks",  # noqa: S106
        TEMPLATES=[_templates()],
        USE_TZ=True,
    )
    django.setup()
    call_command("migrate", verbosity=0)


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
