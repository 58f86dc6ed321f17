"""Settings: read once, from the environment and the data directory, refused with their name."""

import os
import re
import stat
import subprocess
import sys
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from poll_app.config import SettingError, load_settings, setting_fields

SECRET = "a secret that is long enough for a test"
ROOT = Path(__file__).parent.parent


def load(tmp_path, **environ):
    return load_settings({"POLL_DATA_DIR": str(tmp_path), "POLL_SECRET_KEY": SECRET, **environ})


def test_an_installation_works_without_any_setting(tmp_path):
    settings = load_settings({"POLL_DATA_DIR": str(tmp_path)})

    assert settings.data_dir == tmp_path
    assert settings.database_url == f"sqlite:///{tmp_path}/poll_app.sqlite"
    assert settings.redis_url is None
    assert len(settings.secret_key) == 64
    assert settings.public_url == "http://127.0.0.1:8000"
    assert (settings.host, settings.port, settings.trusted_proxies) == ("127.0.0.1", 8000, 0)
    assert 1 <= settings.workers <= os.cpu_count()
    assert (settings.vote_limit, settings.percent_from) == ("30 per minute", 10)
    assert settings.embed_origins is None
    assert (settings.locale, settings.time_zone, settings.site_name) == (
        "en",
        "UTC",
        "Reader polls",
    )
    assert set(settings.origins.values()) == {"environment", "default"}


def test_every_setting_describes_itself():
    for known in setting_fields():
        assert re.fullmatch(r"POLL_[A-Z_]+", known.metadata["name"])
        assert known.metadata["help"]
        assert f"POLL_{known.name.upper()}" == known.metadata["name"]


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("POLL_REDIS_URL", "redis://:p@localhost:6379/0", "redis://:p@localhost:6379/0"),
        ("POLL_REDIS_URL", "unix:///run/redis.sock", "unix:///run/redis.sock"),
        ("POLL_SECRET_KEY", "x" * 32, "x" * 32),
        ("POLL_PUBLIC_URL", "https://polls.example.org/", "https://polls.example.org"),
        ("POLL_PUBLIC_URL", "HTTPS://Polls.example.org:8443", "https://polls.example.org:8443"),
        ("POLL_PUBLIC_URL", "http://[::1]:8000", "http://[::1]:8000"),
        ("POLL_HOST", "0.0.0.0", "0.0.0.0"),  # noqa: S104 - a value like any other
        ("POLL_PORT", " 80 ", 80),
        ("POLL_PORT", "65535", 65535),
        ("POLL_WORKERS", "3", 3),
        ("POLL_TRUSTED_PROXIES", "2", 2),
        ("POLL_VOTE_LIMIT", "off", None),
        ("POLL_EMBED_ORIGINS", " Any ", None),
        ("POLL_EMBED_ORIGINS", " , ", None),
        ("POLL_EMBED_ORIGINS", "https://WWW.Paper.example/", "https://www.paper.example"),
        (
            "POLL_EMBED_ORIGINS",
            "https://a.example, http://127.0.0.1:8001 https://a.example",
            "https://a.example http://127.0.0.1:8001",
        ),
        ("POLL_VOTE_LIMIT", "5/hour", "5/hour"),
        ("POLL_PERCENT_FROM", "1", 1),
        ("POLL_LOCALE", "de", "de"),
        ("POLL_LOCALE", "pt-BR", "pt_BR"),
        ("POLL_TIME_ZONE", "Europe/Kyiv", "Europe/Kyiv"),
        ("POLL_SITE_NAME", "Лист <&>", "Лист <&>"),
        ("POLL_DATABASE_URL", "postgres://u:p@h:5432/d", "postgresql+psycopg://u:p@h:5432/d"),
        (
            "POLL_DATABASE_URL",
            "postgresql://u:p@h/d?sslmode=require",
            "postgresql+psycopg://u:p@h/d?sslmode=require",
        ),
        ("POLL_DATABASE_URL", "postgresql+psycopg:///d", "postgresql+psycopg:///d"),
        ("POLL_DATABASE_URL", "sqlite:////var/lib/a.sqlite", "sqlite:////var/lib/a.sqlite"),
    ],
)
def test_a_setting_is_read(tmp_path, name, text, value):
    settings = load(tmp_path, **{name: text})

    assert getattr(settings, name.removeprefix("POLL_").lower()) == value
    assert settings.origins[name] == "environment"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        *(
            (name, text)
            for name in ("POLL_PORT", "POLL_WORKERS", "POLL_TRUSTED_PROXIES", "POLL_PERCENT_FROM")
            for text in ("x", "-1", "1.5", "٣", "1_0", "0x1", "99999999", "9" * 5000, " ")
        ),
        ("POLL_PORT", "0"),
        ("POLL_PORT", "65536"),
        ("POLL_WORKERS", "0"),
        ("POLL_PERCENT_FROM", "0"),
        ("POLL_SECRET_KEY", "too short"),
        ("POLL_REDIS_URL", "localhost"),
        ("POLL_REDIS_URL", "http://localhost"),
        ("POLL_REDIS_URL", "redis://localhost:port/0"),
        ("POLL_REDIS_URL", "redis://"),
        ("POLL_PUBLIC_URL", "polls.example.org"),
        ("POLL_PUBLIC_URL", "ftp://polls.example.org"),
        ("POLL_PUBLIC_URL", "https://polls.example.org/path"),
        ("POLL_PUBLIC_URL", "https://polls.example.org?a=b"),
        ("POLL_PUBLIC_URL", "https://polls.example.org?"),
        ("POLL_PUBLIC_URL", "https://user@polls.example.org"),
        ("POLL_PUBLIC_URL", "https://polls example.org"),
        ("POLL_PUBLIC_URL", "http://["),
        ("POLL_PUBLIC_URL", "http://host:99999"),
        ("POLL_PUBLIC_URL", "https://"),
        *(
            ("POLL_EMBED_ORIGINS", text)
            for text in (
                "paper.example",
                "*",
                "https://*.paper.example",
                "https://paper.example/news",
                "https://paper.example?x",
                "https://hidden@paper.example",
                "https://",
                "https://a..example",
                "https://-a.example",
                "https://paper.example:0",
                "https://paper.example:99999",
                "https://paper.example:port",
                "https://[::1]:8000",  # a policy can't name it
                "https://пример.example",
                "ftp://paper.example",
                "data:",
                "'self'",
                "none",
                "any https://paper.example",
                "https://paper.example; script-src *",
                "https://paper.example\r\nX-Evil:1",
                "https://a.example https://b.example/x",
            )
        ),
        ("POLL_VOTE_LIMIT", "many"),
        ("POLL_VOTE_LIMIT", "0 per minute"),
        ("POLL_VOTE_LIMIT", "-3 per minute"),
        ("POLL_VOTE_LIMIT", "3 per century"),
        ("POLL_VOTE_LIMIT", "OFF"),
        ("POLL_LOCALE", "tlh"),
        ("POLL_LOCALE", "en en"),
        ("POLL_TIME_ZONE", "Mars/Olympus"),
        ("POLL_TIME_ZONE", "Europe"),
        ("POLL_TIME_ZONE", "../../etc/passwd"),
        ("POLL_TIME_ZONE", "/etc/localtime"),
        ("POLL_DATABASE_URL", "mysql://u@h/d"),
        ("POLL_DATABASE_URL", "postgresql://"),
        ("POLL_DATABASE_URL", "postgresql://host"),
        ("POLL_DATABASE_URL", "postgresql://u:hidden@host:port/d"),
        ("POLL_DATABASE_URL", "sqlite://"),
        ("POLL_DATABASE_URL", "sqlite:///"),
        ("POLL_DATABASE_URL", "a.sqlite"),
    ],
)
def test_a_value_that_does_not_parse_is_refused_by_the_name_of_its_setting(tmp_path, name, text):
    with pytest.raises(SettingError, match=rf"^{name} (must|needs) ") as refused:
        load(tmp_path, **{name: text})

    assert str(refused.value).endswith(".")
    assert "\n" not in str(refused.value)
    assert "hidden" not in str(refused.value)


@pytest.mark.parametrize("name", [known.metadata["name"] for known in setting_fields()])
def test_an_empty_value_is_as_good_as_none(tmp_path, name):
    (tmp_path / ".env").write_text(f"{name}=\n")
    settings = load(tmp_path, **({} if name == "POLL_DATA_DIR" else {name: ""}))

    assert settings.origins[name] == ("environment" if name == "POLL_DATA_DIR" else "default")


def test_the_file_in_the_data_directory_is_read_and_the_environment_wins(tmp_path):
    (tmp_path / ".env").write_text(
        "POLL_PORT=81\nPOLL_SITE_NAME='Häuser: ${HOME}'\nPOLL_HOST=a\n", "utf-8"
    )

    settings = load(tmp_path, POLL_HOST="b")

    assert (settings.port, settings.site_name, settings.host) == (81, "Häuser: ${HOME}", "b")
    assert [settings.origins[name] for name in ("POLL_PORT", "POLL_HOST", "POLL_LOCALE")] == [
        "file", "environment", "default",
    ]  # fmt: skip


def test_a_value_in_the_file_is_refused_by_its_name_too(tmp_path):
    (tmp_path / ".env").write_text("POLL_PORT=eighty\n")

    with pytest.raises(SettingError, match=r"^POLL_PORT must"):
        load(tmp_path)


def test_a_file_that_is_no_text_is_refused(tmp_path):
    (tmp_path / ".env").write_bytes(b"POLL_PORT=\xff\xfe\n")

    with pytest.raises(SettingError, match=r"^POLL_DATA_DIR: .* is not UTF-8 text"):
        load(tmp_path)


def test_the_secret_key_is_made_once_and_for_its_owner_alone(tmp_path):
    data_dir = tmp_path / "a" / "new" / "one"
    first = load_settings({"POLL_DATA_DIR": str(data_dir)})
    again = load_settings({"POLL_DATA_DIR": str(data_dir)})
    other = load_settings({"POLL_DATA_DIR": str(tmp_path / "other")})

    assert first.secret_key == again.secret_key != other.secret_key
    assert stat.S_IMODE((data_dir / "secret_key").stat().st_mode) == 0o600


def test_no_key_is_kept_where_one_is_given(tmp_path):
    load(tmp_path)

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("kept", [b"", b"short", b"\xff" * 64])
def test_a_kept_key_that_is_damaged_is_refused_not_replaced(tmp_path, kept):
    (tmp_path / "secret_key").write_bytes(kept)

    with pytest.raises(SettingError, match=r"^POLL_SECRET_KEY"):
        load_settings({"POLL_DATA_DIR": str(tmp_path)})

    assert (tmp_path / "secret_key").read_bytes() == kept


def test_a_data_directory_that_can_not_be_made_is_refused(tmp_path):
    (tmp_path / "file").write_text("")

    with pytest.raises(SettingError, match=r"^POLL_DATA_DIR: .*/file/data can't be used"):
        load_settings({"POLL_DATA_DIR": str(tmp_path / "file" / "data")})


def test_a_key_that_can_not_be_kept_is_refused(tmp_path):
    (tmp_path / "secret_key").mkdir()

    with pytest.raises(
        SettingError, match=r"^POLL_SECRET_KEY is not set and .*secret_key can't be read"
    ):
        load_settings({"POLL_DATA_DIR": str(tmp_path)})


def test_a_link_to_nowhere_is_no_place_for_a_key(tmp_path):
    (tmp_path / "secret_key").symlink_to(tmp_path / "no" / "such" / "place")

    with pytest.raises(SettingError, match=r"^POLL_SECRET_KEY"):
        load_settings({"POLL_DATA_DIR": str(tmp_path)})


def test_an_address_of_six_groups_is_written_so_that_a_browser_understands_it(tmp_path):
    assert load(tmp_path, POLL_HOST="::1").public_url == "http://[::1]:8000"


@pytest.mark.parametrize(
    ("url", "secure"),
    [("https://a.example", True), ("HTTPS://a.example", True), ("http://a.example", False)],
)
def test_the_public_address_says_whether_cookies_are_bound_to_https(tmp_path, url, secure):
    assert load(tmp_path, POLL_PUBLIC_URL=url).secure is secure


def test_settings_show_no_secret_in_a_log(tmp_path):
    said = repr(
        load(
            tmp_path,
            POLL_DATABASE_URL="postgresql://u:hidden@h/d",
            POLL_REDIS_URL="redis://:hidden@h",
        )
    )

    assert SECRET not in said
    assert "hidden" not in said


def test_the_zone_that_times_are_shown_in_exists_on_this_machine(tmp_path):
    assert ZoneInfo(load(tmp_path).time_zone)


@pytest.mark.parametrize(
    ("module", "name", "url"),
    [
        ("psycopg", "POLL_DATABASE_URL", "postgresql://h/d"),
        ("redis", "POLL_REDIS_URL", "redis://h"),
    ],
)
def test_a_driver_that_is_not_installed_is_named(tmp_path, module, name, url):
    program = (
        f"import sys; sys.modules[{module!r}] = None\n"  # how Python itself marks a module as absent
        "from poll_app.config import load_settings, SettingError\n"
        f"try: load_settings({{'POLL_DATA_DIR': {str(tmp_path)!r}, {name!r}: {url!r}}})\n"
        "except SettingError as error: print(error)"
    )
    said = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT
    )

    assert said.stdout.startswith(f"{name} needs a driver: pip install 'poll-app[")
