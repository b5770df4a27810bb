"""Settings: each variable is read once, and each wrong one gets one readable line."""

import re
from pathlib import Path

import pytest

from bot.settings import Settings, SettingsError
from tests.unit.settings.loading import SECRET, WEBHOOK, Load, host_of, port_of

ROOT = Path(__file__).parents[3]
EXAMPLE = ROOT / ".env.example"


def test_the_example_names_every_setting_and_no_other() -> None:
    named = re.findall(r"^(?:# )?([A-Z_]+)=", EXAMPLE.read_text(), flags=re.MULTILINE)

    assert sorted(named) == sorted(name.upper() for name in Settings.model_fields)


def test_the_example_shows_the_defaults(load: Load) -> None:
    example = dict(re.findall(r"^# ([A-Z_]+)=(.+)$", EXAMPLE.read_text(), flags=re.MULTILINE))
    settings = load()

    assert example["DATA_DIR"] == str(settings.data_dir)
    assert settings.http is None
    assert example["HTTP_HOST"] == host_of(load(HTTP_PORT=example["HTTP_PORT"]))
    assert example["HTTP_PORT"] == str(port_of(load(**WEBHOOK)))
    assert example["TIMEZONE"] == str(settings.timezone)
    assert example["LANGUAGE"] == settings.language


def test_the_example_as_it_is_lacks_only_the_two_it_asks_for(
    load: Load, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path(".env").write_text(EXAMPLE.read_text())

    with pytest.raises(SettingsError) as caught:
        load(BOT_TOKEN="", ADMIN_IDS="")

    assert re.findall(r"^\w+", str(caught.value), flags=re.MULTILINE) == ["ADMIN_IDS", "BOT_TOKEN"]


def test_a_file_named_env_is_read(load: Load) -> None:
    Path(".env").write_text("TIMEZONE=Europe/Riga\n")

    assert load().timezone.key == "Europe/Riga"


@pytest.mark.parametrize("written", ["11,12", "11 12", " 11, 12 ,", "12\n11"])
def test_admins_are_separated_by_commas_or_spaces(load: Load, written: str) -> None:
    assert load(ADMIN_IDS=written).admin_ids == {11, 12}


def test_a_variable_left_empty_is_left_out(load: Load) -> None:
    settings = load(DATABASE_URL="", STUDENT_BOT_TOKEN="", TELEGRAM_API_URL="", LANGUAGE="")

    assert settings.database_url is None
    assert settings.student_bot_token is None
    assert settings.telegram_api_url is None
    assert settings.language == "en"


@pytest.mark.parametrize(
    ("written", "language"), [("ru", "ru"), ("ru_RU.UTF-8", "ru"), ("de_DE:ru_RU:en", "ru")]
)
def test_a_desktop_may_have_set_the_language_to_a_list(
    load: Load, written: str, language: str
) -> None:
    assert load(LANGUAGE=written).language == language


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://user:password@host/name",
        "postgres://host:5433/name",
        "postgresql://user@[::1]:5432/name",
        "postgresql://one:1,two:2/name",
        "postgresql://postgres@/postgres?host=%2Frun&port=5432",
    ],
)
def test_an_address_of_postgresql_comes_in_many_forms(load: Load, address: str) -> None:
    database_url = load(DATABASE_URL=address).database_url

    assert database_url is not None
    assert database_url.get_secret_value() == address


@pytest.mark.parametrize("name", ["BOT_TOKEN", "ADMIN_IDS"])
def test_a_variable_that_is_missing_is_named(load: Load, name: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load(**{name: ""})

    description = Settings.model_fields[name.lower()].description
    assert str(caught.value) == f"{name} is missing. It should be {description}."


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BOT_TOKEN", SECRET),
        ("BOT_TOKEN", f"123456: {SECRET}"),
        ("STUDENT_BOT_TOKEN", SECRET),
        ("ADMIN_IDS", "@anna"),
        ("SEND_RATE", "1e-300"),
        ("SEND_RATE", "0.009"),
        ("SEND_RATE", "nan"),
        ("APPROVAL_FROM", "1"),
        ("APPROVAL_FROM", "1001"),
        ("ADMIN_IDS", "11; 12"),
        ("ADMIN_IDS", "-100123"),
        ("ADMIN_IDS", "11, 9223372036854775808"),
        ("ADMIN_IDS", " , "),
        ("DATABASE_URL", f"mysql://user:{SECRET}@host/name"),
        ("DATABASE_URL", f"postgresql://user:half/{SECRET}@host/name"),
        ("DATABASE_URL", f"postgresql://user:{SECRET}@host:port/name"),
        ("DATABASE_URL", f"postgresql://user:pass@host:[{SECRET}/name"),
        ("DATABASE_URL", f"postgresql://user:{SECRET}@host:65536/name"),
        ("DATABASE_URL", "postgresql://host/name?port=65536"),
        ("STAFF_CHAT_ID", "-9223372036854775809"),
        ("TELEGRAM_API_URL", "127.0.0.1:8081"),
        ("WEBHOOK_URL", "http://desk.example.org/telegram"),
        ("WEBHOOK_URL", "https://desk.example.org:8080/telegram"),
        ("WEBHOOK_URL", f"https://user:{SECRET}@desk.example.org/telegram"),
        ("WEBHOOK_URL", f"https://desk.example.org/telegram?secret={SECRET}"),
        ("WEBHOOK_URL", "desk.example.org"),
        ("WEBHOOK_URL", "https://desk.example.org/запись"),
        ("WEBHOOK_URL", "https://desk.example.org/{desk}"),
        ("WEBHOOK_SECRET", f"{SECRET} with spaces"),
        ("WEBHOOK_SECRET", f"{SECRET}-секрет"),
        ("WEBHOOK_SECRET", "s" * 257),
        ("HTTP_HOST", "desk.example.org"),
        ("HTTP_HOST", "127.0.0.1:8080"),
        ("HTTP_PORT", "0"),
        ("HTTP_PORT", "65536"),
        ("HTTP_PORT", "https"),
        ("WEBHOOK_PORT", "0"),
        ("WEBHOOK_PORT", "65536"),
        ("WEBHOOK_PORT", "https"),
        ("TIMEZONE", "Riga"),
        ("TIMEZONE", "../../etc/passwd"),
        ("TIMEZONE", "Europe"),
        ("LANGUAGE", "de"),
        ("LANGUAGE", "english"),
    ],
)
def test_a_malformed_variable_is_named_and_never_shown(load: Load, name: str, value: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load(**{name: value})

    description = Settings.model_fields[name.lower()].description
    assert str(caught.value) == f"{name} is not valid. It should be {description}."
    assert caught.value.__context__ is None


def test_a_parameter_that_postgresql_does_not_know_is_named(load: Load) -> None:
    with pytest.raises(
        SettingsError, match=r"^DATABASE_URL has the parameter schema, which "
    ) as of:
        load(DATABASE_URL=f"postgresql://user:{SECRET}@host/name?schema=public")

    assert SECRET not in str(of.value)
    assert str(of.value).count("\n") == 0


def test_a_single_admin_cannot_be_asked_for_a_second_ones_approval(load: Load) -> None:
    with pytest.raises(SettingsError, match=r"^APPROVAL_FROM is of no use with a single admin"):
        load(APPROVAL_FROM="100")

    assert load(APPROVAL_FROM="100", ADMIN_IDS="11 12").approval_from == 100


def test_a_direct_address_alone_is_of_no_use(load: Load) -> None:
    with pytest.raises(SettingsError, match=r"^DATABASE_DIRECT_URL is of no use without DATABASE"):
        load(DATABASE_DIRECT_URL="postgresql://host/name")


def test_a_file_may_begin_with_the_mark_of_its_encoding(load: Load) -> None:
    Path(".env").write_text("LANGUAGE=ru\n", encoding="utf-8-sig")

    assert load().language == "ru"


def test_a_file_that_is_no_text_is_named_and_never_shown(load: Load) -> None:
    Path(".env").write_bytes(f"BOT_TOKEN={SECRET}\n# Привет".encode("cp1251"))

    with pytest.raises(SettingsError) as caught:
        load()

    assert str(caught.value) == ".env cannot be read. It should be a text file in UTF-8."
    assert caught.value.__context__ is None


def test_each_wrong_variable_has_its_line(load: Load) -> None:
    with pytest.raises(SettingsError) as caught:
        load(BOT_TOKEN="", ADMIN_IDS="anna boris", TIMEZONE="Riga")

    lines = str(caught.value).splitlines()
    assert [line.partition(" ")[0] for line in lines] == ["ADMIN_IDS", "BOT_TOKEN", "TIMEZONE"]


def test_secrets_do_not_show_when_the_settings_are_printed(load: Load) -> None:
    settings = load(
        STUDENT_BOT_TOKEN=f"77:{SECRET}",
        DATABASE_URL=f"postgresql://user:{SECRET}@host/name",
        WEBHOOK_URL="https://desk.example.org",
        WEBHOOK_SECRET=SECRET,
    )

    assert SECRET not in repr(settings)
    assert SECRET not in repr(settings.webhook)
