"""Settings of a process: order of sources, spelling, secrets (runtime.md §6, SEC-40)."""

import dataclasses
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from lunarfront.kernel.config import ConfigError, Settings, ensure_secret_key, load_settings

GOOD_KEY = "kT3x-9vQmZ2pLwB7sRdY4hJcNf6uGaE1oiXq"


def refusal(environ: Mapping[str, str]) -> str:
    with pytest.raises(ConfigError) as caught:
        load_settings(environ)
    return str(caught.value)


def env_file(folder: Path, content: str) -> dict[str, str]:
    path = folder / "lunarfront.env"
    path.write_text(content, encoding="utf-8")
    return {"LUNARFRONT_ENV_FILE": str(path)}


def private(path: Path, content: str, mode: int = 0o600) -> str:
    path.write_text(content, encoding="utf-8")
    path.chmod(mode)
    return str(path)


def test_defaults_need_nothing() -> None:
    settings = load_settings({})
    assert (settings.host, settings.port, settings.threads, settings.pool_size) == ("127.0.0.1", 8000, 2, 4)
    assert (settings.env, settings.jobs, settings.server) == ("production", "rq", "granian")
    assert 1 <= settings.workers <= 4
    assert settings.backup_dir == settings.home / "backups"
    assert settings.metrics_address == ("127.0.0.1", 9108)


def test_environment_wins_over_env_file_and_that_over_defaults(tmp_path: Path) -> None:
    given = env_file(tmp_path, "# shop\nexport LUNARFRONT_PORT=8100\nLUNARFRONT_HOST='0.0.0.0'\n\n")
    settings = load_settings({**given, "LUNARFRONT_PORT": "8200"})
    assert (settings.port, settings.host) == (8200, "0.0.0.0")
    sources = {name: source for name, _, source in settings.describe()}
    assert sources["LUNARFRONT_PORT"] == "environment"
    assert sources["LUNARFRONT_HOST"] == given["LUNARFRONT_ENV_FILE"]
    assert sources["LUNARFRONT_WORKERS"] == "default"


def test_empty_value_hides_the_env_file_and_turns_metrics_off(tmp_path: Path) -> None:
    given = env_file(tmp_path, "DATABASE_ADMIN_URL=postgresql://boss:pw@db/shop\n")
    settings = load_settings({**given, "DATABASE_ADMIN_URL": "", "LUNARFRONT_METRICS": ""})
    assert settings.database_admin_url is None
    assert settings.metrics_address is None


def test_passwords_in_an_env_file_are_taken_as_they_are(tmp_path: Path) -> None:
    given = env_file(tmp_path, "DATABASE_URL=postgresql://lf_app:a$b#c=d@db/shop\n")
    assert load_settings(given).database_url == "postgresql+psycopg://lf_app:a$b#c=d@db/shop"


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("LUNARFRONT_PROT", "LUNARFRONT_PORT"),
        ("LUNARFRONT_WORKER", "LUNARFRONT_WORKERS"),
        ("LUNARFRONT_SECRETKEY", "LUNARFRONT_SECRET_KEY"),
    ],
)
def test_unknown_name_is_refused_with_the_nearest_right_one(wrong: str, right: str, tmp_path: Path) -> None:
    assert f"Did you mean {right}?" in refusal({wrong: "1"})
    assert f"Did you mean {right}?" in refusal(env_file(tmp_path, f"{wrong}=1\n"))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LUNARFRONT_PORT", "80 80"),
        ("LUNARFRONT_PORT", "70000"),
        ("LUNARFRONT_WORKERS", "0"),
        ("LUNARFRONT_JOBS", "celery"),
        ("LUNARFRONT_ENV", "staging"),
        ("LUNARFRONT_PUBLIC_URL", "shop.example.com"),
        ("LUNARFRONT_TRUSTED_PROXIES", "10.0.0.0/8, proxy"),
        ("LUNARFRONT_METRICS", "9108"),
        ("LUNARFRONT_UPDATE_CHECK", "maybe"),
        ("DATABASE_URL", "mysql://a:b@c/d"),
        ("REDIS_URL", "http://cache"),
    ],
)
def test_wrong_value_is_refused_by_name(name: str, value: str) -> None:
    assert refusal({name: value}).startswith(f"{name} must ")


def test_names_of_tests_are_refused_by_a_normal_start() -> None:
    for name in ("LUNARFRONT_PG_UNSAFE", "LUNARFRONT_CHROMIUM", "LUNARFRONT_TEST_DATABASE_ADMIN_URL"):
        assert "for tests only" in refusal({name: "1"})
    assert load_settings({"LUNARFRONT_PG_UNSAFE": "1"}, testing=True).pg_unsafe


def test_sec_40_every_secret_has_a_file_form(tmp_path: Path) -> None:
    path = private(tmp_path / "key", f"{GOOD_KEY}\n")
    settings = load_settings({"LUNARFRONT_SECRET_KEY_FILE": path})
    assert settings.secret_key == GOOD_KEY
    assert ("LUNARFRONT_SECRET_KEY", "********", f"file {path}") in settings.describe()
    url = private(tmp_path / "url", "postgres://lf_app:pw@db/shop")
    assert load_settings({"DATABASE_URL_FILE": url}).database_url == "postgresql+psycopg://lf_app:pw@db/shop"


def test_sec_40_secret_file_that_others_read_is_refused(tmp_path: Path) -> None:
    path = private(tmp_path / "key", GOOD_KEY, mode=0o640)
    assert "0600" in refusal({"LUNARFRONT_SECRET_KEY_FILE": path})
    assert "cannot be read" in refusal({"STRIPE_API_KEY_FILE": str(tmp_path / "missing")})
    assert "is empty" in refusal({"STRIPE_API_KEY_FILE": private(tmp_path / "empty", "")})


def test_sec_40_both_forms_of_a_secret_are_refused(tmp_path: Path) -> None:
    path = private(tmp_path / "key", GOOD_KEY)
    answer = refusal({"LUNARFRONT_SECRET_KEY_FILE": path, "LUNARFRONT_SECRET_KEY": GOOD_KEY})
    assert "LUNARFRONT_SECRET_KEY_FILE" in answer


def test_sec_40_environment_replaces_the_other_form_of_the_env_file(tmp_path: Path) -> None:
    given = env_file(tmp_path, f"LUNARFRONT_SECRET_KEY_FILE={tmp_path / 'missing'}\n")
    assert load_settings({**given, "LUNARFRONT_SECRET_KEY": GOOD_KEY}).secret_key == GOOD_KEY


@pytest.mark.parametrize(
    "key",
    [
        "q7-tiny",
        "a" * 31,
        "a" * 64,
        "ababababababababababababababababababab",
        "please-change-me-before-you-go-live-0123456789",
        "django-insecure-0123456789abcdefghijklmnopqrstuv",
    ],
)
def test_sec_40_weak_and_known_keys_are_refused_without_showing_them(key: str) -> None:
    answer = refusal({"LUNARFRONT_SECRET_KEY": key})
    assert answer.startswith("LUNARFRONT_SECRET_KEY ")
    assert key not in answer


def test_sec_40_known_examples_are_refused_for_every_secret() -> None:
    published = "sk_test_" + "4eC39HqLyjWDarjtT1zdp7dc"
    assert "known example" in refusal({"STRIPE_API_KEY": published})
    assert "known example" in refusal({"DATABASE_URL": "postgresql://lf_app:changeme@db/shop"})


def test_sec_40_key_is_made_once_for_all_processes(tmp_path: Path) -> None:
    settings = load_settings({"LUNARFRONT_HOME": str(tmp_path / "home")})
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: ensure_secret_key(settings), range(8)))
    path = settings.secrets_dir / "secret_key"
    assert keys == {path.read_text(encoding="ascii")}
    assert len(keys.pop()) >= 32
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert [item.name for item in path.parent.iterdir()] == ["secret_key"]


def test_home_that_cannot_be_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="ascii")
    for home in (tmp_path / "file", tmp_path / "file" / "home"):
        with pytest.raises(ConfigError, match="LUNARFRONT_HOME"):
            ensure_secret_key(load_settings({"LUNARFRONT_HOME": str(home)}))


def test_sec_40_given_key_writes_no_file(tmp_path: Path) -> None:
    settings = load_settings({"LUNARFRONT_HOME": str(tmp_path / "home"), "LUNARFRONT_SECRET_KEY": GOOD_KEY})
    assert ensure_secret_key(settings) == GOOD_KEY
    assert not settings.home.exists()


def test_sec_40_secrets_are_never_shown() -> None:
    settings = load_settings(
        {
            "DATABASE_URL": "postgresql://lf_app:geheim-1@db/shop?sslpassword=geheim-2",
            "REDIS_URL": "redis://:geheim-3@cache/0",
            "LUNARFRONT_SECRET_KEY": GOOD_KEY,
            "STRIPE_WEBHOOK_SECRET": "whsec_geheim-4",
        }
    )
    shown = repr(settings) + str(settings.describe())
    assert "geheim" not in shown
    assert GOOD_KEY not in shown
    assert "postgresql+psycopg://lf_app:********@db/shop" in shown


def test_every_setting_is_described() -> None:
    fields = {field.name for field in dataclasses.fields(Settings)} - {"sources"}
    assert len(load_settings({}).describe()) == len(fields)


def test_settings_do_not_change() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        load_settings({}).port = 1  # type: ignore[misc]
