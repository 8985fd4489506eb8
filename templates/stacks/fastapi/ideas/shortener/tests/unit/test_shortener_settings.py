import pytest

from app.settings import Settings, load_settings


def message(monkeypatch: pytest.MonkeyPatch, **environment: str) -> str:
    """Return what the process says before it ends."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit) as ended:
        load_settings()
    return str(ended.value.code)


def test_production_refuses_the_default_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    production = {"ENVIRONMENT": "production", "DATABASE_URL": "sqlite:////srv/app.db"}
    text = message(monkeypatch, **production)
    assert text.startswith("Configuration error: BOOTSTRAP_SECRET: 'change-me' is the default")
    monkeypatch.setenv("BOOTSTRAP_SECRET", "a secret of our own")
    assert load_settings().is_production


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BOOTSTRAP_SECRET", "short"),
        ("ALLOW_PRIVATE_HOSTS", "sometimes"),
        ("CACHE_SECONDS", "0"),
        ("FLUSH_SECONDS", "0"),
        ("FLUSH_SECONDS", "soon"),
        ("RATE_LIMIT_PER_ADDRESS", "many"),
        ("RATE_LIMIT_PER_TOKEN", "10"),
    ],
)
def test_a_wrong_value_names_its_variable(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    assert message(monkeypatch, **{name: value}).startswith(f"Configuration error: {name}: ")


def test_everything_has_a_default_in_development() -> None:
    settings = Settings()
    assert settings.redis_url is None
    assert settings.allow_private_hosts is False
