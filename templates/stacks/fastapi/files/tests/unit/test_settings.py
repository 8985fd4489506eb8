from pathlib import Path

import pytest

from app.configuration import CommonSettings, load

POSTGRES = "postgresql://todo:secret@db.example:5432/todo"


def message(monkeypatch: pytest.MonkeyPatch, **environment: str) -> str:
    """Return what the process says before it ends."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit) as ended:
        load(CommonSettings)
    return str(ended.value.code)


def test_everything_has_a_default_in_development() -> None:
    settings = CommonSettings()
    assert settings.database_url == "sqlite:///data/app.db"
    assert (settings.host, settings.port) == ("127.0.0.1", 8000)
    assert settings.cors_allowed_origins == ("*",)


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "9000")
    monkeypatch.setenv("CORS_ALLOWED_ORIGINS", "https://a.example, https://b.example:8443")
    monkeypatch.setenv("PUBLIC_URL", "https://api.example/base/")
    settings = load(CommonSettings)
    assert settings.port == 9000
    assert settings.cors_allowed_origins == ("https://a.example", "https://b.example:8443")
    assert settings.public_url == "https://api.example/base"


def test_an_empty_variable_is_one_that_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "")
    monkeypatch.setenv("PUBLIC_URL", "")
    assert load(CommonSettings) == CommonSettings()


def test_the_file_env_is_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("PORT=9001\nPOSTGRES_PASSWORD=for-compose-only\n", encoding="utf-8")
    monkeypatch.setitem(CommonSettings.model_config, "env_file", file)
    assert load(CommonSettings).port == 9001


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ENVIRONMENT", "staging"),
        ("PORT", "eighty"),
        ("PORT", "65536"),
        ("LOG_LEVEL", "loud"),
        ("LOG_FORMAT", "xml"),
        ("MAX_BODY_BYTES", "0"),
        ("CORS_ALLOWED_ORIGINS", "app.example.com"),
        ("CORS_ALLOWED_ORIGINS", "https://app.example.com/path"),
        ("PUBLIC_URL", "api.example.com"),
        ("PUBLIC_URL", "https://api.example.com/?q=1"),
        ("DATABASE_URL", "no url"),
        ("DATABASE_URL", "mysql://root@localhost/app"),
        ("DATABASE_URL", "postgresql://localhost"),
        ("DATABASE_URL", "sqlite://"),
    ],
)
def test_a_wrong_value_names_its_variable(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    assert message(monkeypatch, **{name: value}).startswith(f"Configuration error: {name}: ")


def test_every_wrong_value_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = message(monkeypatch, PORT="x", LOG_LEVEL="x").splitlines()
    assert [line.split(": ")[1] for line in lines] == ["PORT", "LOG_LEVEL"]


def test_a_wrong_value_is_not_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "hunter2" not in message(monkeypatch, DATABASE_URL="mysql://root:hunter2@db/app")


def test_production_refuses_the_default_database_password(monkeypatch: pytest.MonkeyPatch) -> None:
    url = POSTGRES.replace("secret", "change-me")
    text = message(monkeypatch, ENVIRONMENT="production", DATABASE_URL=url)
    assert text.startswith("Configuration error: DATABASE_URL: 'change-me' is the default password")


def test_production_needs_a_database_url(monkeypatch: pytest.MonkeyPatch) -> None:
    text = message(monkeypatch, ENVIRONMENT="production")
    assert text == "Configuration error: DATABASE_URL: must be set in production"


@pytest.mark.parametrize("url", [POSTGRES, "sqlite:////srv/app.db"])
def test_production_takes_a_database_that_is_named(
    monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("ENVIRONMENT", "production")
    monkeypatch.setenv("DATABASE_URL", url)
    assert load(CommonSettings).database_url == url


@pytest.mark.parametrize(
    ("url", "driver", "query"),
    [
        ("sqlite:///data/app.db", "sqlite+aiosqlite", {}),
        ("postgres://u:p@h/db", "postgresql+asyncpg", {}),
        ("postgresql://u:p@h/db?sslmode=require", "postgresql+asyncpg", {"ssl": "require"}),
    ],
)
def test_the_plain_url_becomes_the_drivers(url: str, driver: str, query: dict[str, str]) -> None:
    made = CommonSettings(database_url=url).sqlalchemy_url
    assert made.drivername == driver
    assert dict(made.query) == query


@pytest.mark.parametrize(
    ("environment", "log_format", "json_logs"),
    [
        ("development", None, False),
        ("production", None, True),
        ("development", "json", True),
        ("production", "console", False),
    ],
)
def test_production_logs_json_unless_told_otherwise(
    monkeypatch: pytest.MonkeyPatch, environment: str, log_format: str | None, json_logs: bool
) -> None:
    monkeypatch.setenv("DATABASE_URL", POSTGRES)
    monkeypatch.setenv("ENVIRONMENT", environment)
    if log_format:
        monkeypatch.setenv("LOG_FORMAT", log_format)
    assert load(CommonSettings).json_logs is json_logs
