"""Where updates come from, and where the desk listens."""

from collections.abc import Mapping

import pytest

from bot.settings import Http, SettingsError
from tests.unit.settings.loading import WEBHOOK, Load, host_of


def test_without_an_address_updates_are_fetched(load: Load) -> None:
    assert load(WEBHOOK_SECRET="s3cret").webhook is None


@pytest.mark.parametrize(
    "address",
    [
        "https://desk.example.org",
        "https://desk.example.org/telegram",
        "https://desk.example.org:8443/telegram/",
    ],
)
def test_telegram_finds_the_desk_at_a_public_address(load: Load, address: str) -> None:
    webhook = load(WEBHOOK_URL=address, WEBHOOK_SECRET="s3cret-_").webhook

    assert webhook is not None
    assert webhook.url.rstrip("/") == address.rstrip("/")
    assert webhook.secret.get_secret_value() == "s3cret-_"


def test_a_bot_api_server_of_ones_own_finds_the_desk_anywhere(load: Load) -> None:
    address = "http://desk:8080/telegram"
    settings = load(
        WEBHOOK_URL=address, WEBHOOK_SECRET="s3cret", TELEGRAM_API_URL="http://api:8081"
    )

    assert str(settings.webhook_url) == address


def test_nobody_is_listened_to_unless_something_is_asked_for(load: Load) -> None:
    assert load().http is None
    assert load(WEBHOOK_PORT="9000", HTTP_HOST="::").http is None


@pytest.mark.parametrize(
    ("ports", "port"),
    [
        ({}, 8080),
        ({"WEBHOOK_PORT": "9000"}, 9000),
        ({"HTTP_PORT": "9000"}, 9000),
        ({"HTTP_PORT": "9000", "WEBHOOK_PORT": "9000"}, 9000),
    ],
)
def test_a_webhook_is_listened_for_everywhere_at_a_port_with_two_names(
    load: Load, ports: Mapping[str, str], port: int
) -> None:
    assert load(**WEBHOOK, **ports).http == Http(None, port)


def test_a_desk_that_polls_listens_on_this_machine_alone(load: Load) -> None:
    assert load(HTTP_PORT="9000").http == Http("127.0.0.1", 9000)


@pytest.mark.parametrize("host", ["::", "127.0.0.1", "192.0.2.1"])
@pytest.mark.parametrize("more", [{}, WEBHOOK])
def test_a_desk_listens_at_the_address_it_is_given(
    load: Load, host: str, more: Mapping[str, str]
) -> None:
    assert host_of(load(HTTP_HOST=host, HTTP_PORT="9000", **more)) == host


def test_two_ports_that_differ_are_named(load: Load) -> None:
    with pytest.raises(SettingsError) as caught:
        load(HTTP_PORT="9000", WEBHOOK_PORT="9001")

    assert str(caught.value) == (
        "WEBHOOK_PORT is not valid."
        " It should be left out, or the same as HTTP_PORT, whose older name it is."
    )


def test_an_address_needs_a_secret(load: Load) -> None:
    with pytest.raises(SettingsError) as caught:
        load(WEBHOOK_URL="https://desk.example.org/telegram")

    assert str(caught.value).startswith("WEBHOOK_SECRET is missing. It should be a secret of")
