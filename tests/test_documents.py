"""The texts: they name what there is, nothing that is gone, and their examples run."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from poll_app.cli import main
from poll_app.config import setting_fields

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
TEXTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")])


@pytest.mark.parametrize(
    "known", [field.metadata for field in setting_fields()], ids=lambda known: known["name"]
)
def test_every_setting_stands_in_the_readme_as_the_program_has_it(known):
    row = f"| `{known['name']}` | {known['default'] or 'none'} | {known['help']} |"

    assert row in README.splitlines()


@pytest.mark.parametrize("name", sorted(main.commands))
def test_every_command_stands_in_the_readme_with_its_options(name):
    options = [
        option
        for parameter in main.commands[name].params
        for option in parameter.opts
        if option.startswith("--")
    ]

    rows = [line for line in README.splitlines() if re.match(rf"\| `{name}[ `]", line)]

    assert len(rows) == 1
    assert [option for option in options if option not in rows[0]] == []


def test_the_readme_names_no_setting_or_command_that_is_gone():
    settings = set(re.findall(r"POLL_[A-Z_]+", README))
    rows = README.partition("## Commands")[2].partition("## Settings")[0]

    assert settings == {field.metadata["name"] for field in setting_fields()}
    assert set(re.findall(r"^\| `([a-z-]+)", rows, re.MULTILINE)) == set(main.commands)


@pytest.mark.parametrize("text", TEXTS, ids=lambda path: path.name)
def test_every_link_leads_to_a_file(text):
    links = re.findall(r"\]\((?!https?:|mailto:|#)([^)#]+)", text.read_text("utf-8"))

    assert [link for link in links if not (text.parent / link).exists()] == []


@pytest.mark.parametrize("text", TEXTS, ids=lambda path: path.name)
def test_every_module_a_text_names_exists(text):
    names = set(re.findall(r"`(?:[\w/]+/)?(\w+\.py)`", text.read_text("utf-8")))
    modules = {path.name for path in ROOT.glob("poll_app/**/*.py")} | {
        path.name for path in ROOT.glob("tests/**/*.py")
    }

    assert names <= modules


def test_the_example_computes_the_checksum_of_a_result(client, new_poll):
    poll = new_poll("Will “it” be, e.g. über 5 %?", options=("Yes", "Nö"))
    example = re.search(
        r"python3 -c '\n(.+?)'\n```", (ROOT / "docs/results.md").read_text("utf-8"), re.DOTALL
    )
    answer = client.get(f"/api/v1/polls/{poll.slug}/results")

    ran = subprocess.run(
        [sys.executable, "-c", example[1]], input=answer.data, capture_output=True, check=False
    )

    assert (ran.stdout, ran.stderr) == (b"True\n", b"")
