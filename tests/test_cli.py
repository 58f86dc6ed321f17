"""The command line, as an operator types it: what it prints, and how it ends."""

import csv
import io
import json
import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from poll_app.cli import main
from poll_app.config import setting_fields
from poll_app.database import sqlite_driver

ROOT = Path(__file__).parent.parent
SAMPLE = ROOT.parent / "shared" / "articles" / "what-lies-ahead.txt"
SECRET = "a secret that is long enough for a test"
TEXT = "# Rain\n\nWords.\n\n## Questions\n\n- Will it rain?\n- What then?\n"

# Each command makes an application of its own, which ends with the process in real life.
pytestmark = pytest.mark.filterwarnings(
    "ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"
)


@pytest.fixture
def cli(tmp_path):
    """Runs a command on an installation that nobody has touched yet."""

    def run(*words, code=0, given=None, **environ):
        runner = CliRunner(env=clean(tmp_path, **environ))
        done = runner.invoke(main, [str(word) for word in words], input=given)
        assert done.exit_code == code, done.output
        if code == 1:
            line = done.stderr.strip()
            assert line.startswith("Error: ")
            assert "\n" not in line
            assert "Traceback" not in line
        return done

    return run


@pytest.fixture
def site(cli, sqlite_url):
    """The same on a migrated database."""
    return cli


def clean(tmp_path, **environ):
    """An environment without what this machine may have set."""
    wiped = {known.metadata["name"]: None for known in setting_fields()}
    return wiped | {"POLL_DATA_DIR": str(tmp_path), "POLL_SECRET_KEY": SECRET} | environ


def change(tmp_path, statement):
    """Changes the database behind the program's back, while nothing else has it open."""
    with closing(sqlite_driver.connect(tmp_path / "poll_app.sqlite")) as connection, connection:
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute(statement)


def vote(tmp_path, slug, *places):
    """Ballots as another process of the site writes them."""
    program = (
        "import sys; from datetime import UTC, datetime; from poll_app import create_app\n"
        "from poll_app.domain.voters import Voter; from poll_app.services.poll_views import get_poll\n"
        "from poll_app.services.voting import cast_ballot\n"
        "app, now = create_app(), datetime.now(UTC)\n"
        "with app.app_context():\n"
        "    poll = get_poll(sys.argv[1], now=now)\n"
        "    for number, place in enumerate(sys.argv[2:]):\n"
        "        chosen = [poll.options[int(place)].id]\n"
        "        cast_ballot(app.extensions['ballot_box'], poll, Voter(str(number), 's'), chosen, now=now)\n"
    )
    environ = {**os.environ, **{k: v for k, v in clean(tmp_path).items() if v}}
    words = [sys.executable, "-c", program, slug, *map(str, places)]
    subprocess.run(words, check=True, cwd=ROOT, env=environ)


def test_help_names_every_command_and_needs_no_settings(cli):
    said = cli("--help", POLL_PORT="not a number").output

    for name in main.commands:
        assert name in said
    assert "Traceback" not in said


@pytest.mark.parametrize("command", sorted(main.commands))
def test_every_command_explains_itself(cli, command):
    assert cli(command, "--help").output.startswith("Usage:")


@pytest.mark.parametrize(
    "words",
    [
        ["no-such-command"],
        ["list-polls", "--no-such-option"],
        ["import-article"],
        ["add-poll"],
        ["add-poll", "--question", "Is it?"],
        ["add-poll", "--question", "Is it?", "--option", "a", "--method", "guess"],
        ["export"],
        ["export", "slug", "--format", "xml"],
    ],
)
def test_wrong_usage_ends_with_2(cli, words):
    assert "Usage:" in cli(*words, code=2).stderr


def test_a_bad_setting_is_one_line_that_names_it(cli):
    assert "POLL_PORT must be" in cli("config", code=1, POLL_PORT="x").stderr


@pytest.mark.parametrize("words", [["list-polls"], ["export", "slug"], ["recount"], ["serve"]])
def test_a_database_that_is_not_there_is_one_line_that_says_what_to_do(cli, words):
    assert "poll-app init" in cli(*words, code=1).stderr


def test_a_database_that_does_not_answer_is_one_line_without_the_password(cli):
    url = "postgresql://user:hidden@127.0.0.1:1/none"

    said = cli("list-polls", code=1, POLL_DATABASE_URL=url)

    assert "hidden" not in said.output + said.stderr


def test_init_makes_the_database_with_the_sample_and_does_nothing_the_second_time(cli):
    first, second = cli("init"), cli("init")

    assert "three questions" in first.output
    assert second.output == ""
    assert len(cli("list-polls").output.splitlines()) == 3


def test_an_article_becomes_drafts(site, tmp_path):
    (tmp_path / "rain.md").write_text(TEXT)

    said = site("import-article", tmp_path / "rain.md").output

    assert "/articles/rain" in said
    assert "will-it-rain: Will it rain? (draft)" in said
    assert "what-then: What then? (draft, waits for its options)" in said
    assert [line.split()[:2] for line in site("list-polls").output.splitlines()] == [
        ["draft", "will-it-rain"], ["draft", "what-then"],
    ]  # fmt: skip


def test_an_article_can_be_published_at_once(site, tmp_path):
    (tmp_path / "rain.md").write_text(TEXT)

    said = site(
        "import-article", tmp_path / "rain.md", "--open", "--slug", "wet", "--title", "Wet weather"
    ).output

    assert "Imported “Wet weather” as /articles/wet" in said
    assert "will-it-rain: Will it rain? (open)" in said
    assert "what-then: What then? (draft, waits for its options)" in said


def test_an_article_without_questions_is_stored_and_that_is_said(site, tmp_path):
    (tmp_path / "dry.txt").write_text("Some words.\n\nAnd a question? No list, though.\n")

    assert "No questions were found" in site("import-article", tmp_path / "dry.txt").output


@pytest.mark.skipif(not SAMPLE.exists(), reason="the shared sample article is not here")
def test_the_shared_sample_yields_its_three_questions(site):
    said = site("import-article", SAMPLE, "--open").output

    assert "/articles/" in said
    assert sum(line.startswith("  ") for line in said.splitlines()) == 3


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (None, "No such file or directory"),
        (b"", "There is no text"),
        (b" \n\t\n", "There is no text"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00", ""),
        (bytes(range(256)) * 20, ""),
        (b"# A\n\n" + b"word " * 220_000, ""),
    ],
    ids=["missing", "empty", "blank", "image", "binary", "too large"],
)
def test_a_file_that_is_no_article_is_refused_in_one_line(site, tmp_path, data, words):
    if data is not None:
        (tmp_path / "file.txt").write_bytes(data)

    assert words in site("import-article", tmp_path / "file.txt", code=1).stderr

    assert site("list-polls").output == ""


def test_a_directory_is_no_article(site, tmp_path):
    assert "Is a directory" in site("import-article", tmp_path, code=1).stderr


@pytest.mark.parametrize("slug", ["", "A b", "../x"])
def test_an_address_that_is_none_is_refused(site, tmp_path, slug):
    (tmp_path / "rain.md").write_text(TEXT)

    assert (
        "An address holds"
        in site("import-article", tmp_path / "rain.md", "--slug", slug, code=1).stderr
    )


def test_a_poll_is_added_and_its_slug_alone_is_printed(site):
    slug = site(
        "add-poll", "--question", "Is it?", "--option", "Yes", "--option", "No", "--open"
    ).output

    assert slug == "is-it\n"
    exported = json.loads(site("export", "is-it", "--format", "json").output)
    assert [option["label"] for option in exported["options"]] == ["Yes", "No", "Not sure"]
    assert (exported["poll"]["status"], exported["poll"]["method"]) == ("open", "single")


def test_a_poll_is_a_draft_unless_it_is_opened_and_can_do_without_not_sure(site):
    site(
        "add-poll",
        "--question",
        "Is it?",
        "--option",
        "Yes",
        "--option",
        "No",
        "--not-sure",
        "",
        "--method",
        "multiple",
    )

    assert site("list-polls").output.split() == ["draft", "is-it", "Is", "it?"]
    assert "no such question" in site("export", "is-it", code=1).stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--question", " ", "--option", "a", "--option", "b"], "Enter some text"),
        (["--question", "Is it?", "--option", "a", "--option", "A"], "Two options are the same"),
        (["--question", "Is it?", "--option", "a\u202eb", "--option", "c"], "direction-changing"),
        (["--question", "Is it?", "--option", "a", "--not-sure", ""], "2 to 20 options"),
        (
            ["--question", "Is it?", "--option", "a", "--option", "b", "--article", "none"],
            "no article “none”",
        ),
    ],
)
def test_a_poll_that_can_not_be_is_refused_in_one_line(site, words, said):
    assert said in site("add-poll", *words, code=1).stderr
    assert site("list-polls").output == ""


def test_an_export_holds_the_same_figures_as_the_api(site, tmp_path, app):
    site("add-poll", "--question", "Is it?", "--option", "Yes, =1", "--option", "No", "--open")
    vote(tmp_path, "is-it", 0, 0, 1)

    from_json = json.loads(site("export", "is-it", "--format", "json").output)
    text = site("export", "is-it").output
    from_api = app.test_client().get("/api/v1/polls/is-it/results").json

    assert {**from_json, "as_of": ""} == {**from_api, "as_of": ""}
    table = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    assert [(row["option"], int(row["votes"])) for row in table] == [
        (option["label"], option["votes"]) for option in from_api["options"]
    ]
    assert {int(row["ballots"]) for row in table} == {from_api["ballots"]} == {3}


def test_an_unknown_poll_can_not_be_exported(site):
    assert "no such question" in site("export", "unknown", code=1).stderr


def test_recounting_finds_nothing_wrong_until_a_figure_is_false(site, tmp_path):
    site("add-poll", "--question", "Is it?", "--option", "Yes", "--option", "No", "--open")
    vote(tmp_path, "is-it", 0, 0, 1)
    assert "Every tally equals its ballots" in site("recount").output

    change(tmp_path, "UPDATE tallies SET votes = 7 WHERE votes = 2")
    change(tmp_path, "UPDATE turnouts SET ballots = 4")
    wrong = site("recount", code=1)
    rows = [line.split()[-3:] for line in wrong.stdout.splitlines()[1:]]
    repaired = site("recount", "--repair")

    assert sorted(rows) == [["1", "7", "2"], ["ballots", "4", "3"]]
    assert all("is-it" in line for line in wrong.stdout.splitlines()[1:])
    assert "--repair" in wrong.stderr
    assert "were set" in repaired.output
    assert "Every tally equals its ballots" in site("recount").output


def test_config_prints_every_setting_with_its_origin_and_no_secret(cli, tmp_path):
    (tmp_path / ".env").write_text("POLL_PERCENT_FROM=25\n")

    said = cli(
        "config",
        POLL_DATABASE_URL="postgresql://user:hidden@host/name",
        POLL_REDIS_URL="redis://:hidden@localhost",
        POLL_VOTE_LIMIT="off",
    ).output

    lines = dict(line.split("=", 1) for line in said.splitlines())
    assert list(lines) == [known.metadata["name"] for known in setting_fields()]
    assert lines["POLL_PERCENT_FROM"] == "25  # file"
    assert lines["POLL_VOTE_LIMIT"] == "off  # environment"
    assert lines["POLL_PORT"] == "8000  # default"
    assert lines["POLL_SECRET_KEY"] == "(secret)  # environment"
    assert "hidden" not in said
    assert SECRET not in said


def test_an_error_is_on_stderr_and_the_answer_on_stdout(site):
    wrong = site("export", "unknown", code=1)

    assert wrong.stdout == ""
    assert site("list-polls").stderr == ""


def test_what_an_installation_keeps_is_nobody_elses_to_read(cli, tmp_path):
    cli("init")
    cli("backup", tmp_path / "copy.sqlite")
    (tmp_path / "poll_app.sqlite").rename(tmp_path / "before")
    for log in tmp_path.glob("poll_app.sqlite-*"):
        log.unlink()
    cli("restore", tmp_path / "copy.sqlite")

    open_to_others = [file.name for file in tmp_path.iterdir() if file.stat().st_mode & 0o077]
    assert open_to_others == []
