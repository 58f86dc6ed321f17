"""What the tools hold: directions between the rooms, types, style."""

import subprocess
import sys

import pytest

from tests.guards.tree import ROOT


@pytest.mark.parametrize(
    "words",
    [
        ["-c", "from importlinter.cli import lint_imports_command as c; c()", "--no-cache"],
        ["-m", "mypy"],
        ["-m", "ruff", "check", "."],
        ["-m", "ruff", "format", "--check", "."],
    ],
    ids=["import directions", "types", "style", "layout"],
)
def test_the_tool_has_nothing_to_say(words):
    done = subprocess.run(
        [sys.executable, *words], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
