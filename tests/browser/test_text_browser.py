"""A text browser, which sends nothing of where a post comes from: it reads, confirms and votes."""

import re
import shutil
import subprocess

import pytest

pytestmark = pytest.mark.textbrowser

ENTER, DOWN, RIGHT = "key ^J", "key Down Arrow", "key Right Arrow"


@pytest.fixture
def lynx(tmp_path):
    """Runs lynx with cookies that are kept from run to run."""
    command = shutil.which("lynx")
    if not command:
        pytest.skip("no lynx here: apt-get install lynx")
    (tmp_path / "lynx.cfg").write_text(
        "ACCEPT_ALL_COOKIES:TRUE\nPERSISTENT_COOKIES:TRUE\nFORCE_SSL_PROMPT:YES\n"
    )
    cookies = tmp_path / "cookies"
    cookies.touch()

    def run(*arguments, data=None):
        return subprocess.run(
            [command, f"-cfg={tmp_path}/lynx.cfg", "-accept_all_cookies", f"-cookie_file={cookies}",
             f"-cookie_save_file={cookies}", "-width=100", "-display_charset=utf-8", *arguments],
            input=data, capture_output=True, text=True, timeout=60, check=True,
            env={"TERM": "vt100", "HOME": str(tmp_path), "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
        ).stdout  # fmt: skip

    return run


def posted(lynx, address, pairs):
    """The source of what is answered to these fields."""
    body = "&".join(f"{name}={value}" for name, value in pairs)
    return lynx("-source", "-post_data", address, data=f"{body}\n---\n")


def confirmation(page):
    """The fields of the form that asks to confirm."""
    return re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page)


def test_the_question_and_its_options_are_read_as_text(lynx, live, new_poll):
    poll = new_poll()

    text = lynx("-dump", f"{live}/polls/{poll.slug}")

    assert "Is it so?" in text
    assert re.search(r"\( ?\) (Yes|No)\n", text)
    assert "Not sure" in text
    assert "[BUTTON]" in text or "Vote" in text


def test_the_data_for_programs_is_described_as_text(lynx, live):
    text = lynx("-dump", f"{live}/api/docs")

    assert "GET /api/v1/polls/{slug}/results" in text
    assert "curl 'http://127.0.0.1:8000/api/v1/polls'" in text


def test_a_text_browser_confirms_and_its_answer_counts(lynx, live, new_poll, held):
    poll = new_poll()
    address = f"{live}/polls/{poll.slug}/vote"
    yes = next(option.id for option in poll.options if option.label == "Yes")

    asked = posted(lynx, address, [("option", yes)])
    before = held(poll)
    posted(lynx, address, confirmation(asked))

    assert "Please confirm" in asked
    assert (before, held(poll)) == ([], [["Yes"]])


def test_the_text_browser_sees_its_own_answer_and_changes_it(lynx, live, new_poll, held):
    poll = new_poll()
    address = f"{live}/polls/{poll.slug}/vote"
    ids = {option.label: option.id for option in poll.options}
    for label in ("Yes", "No"):
        posted(lynx, address, confirmation(posted(lynx, address, [("option", ids[label])])))

    assert held(poll) == [["No"]]
    assert "Your answer counts: No." in lynx("-dump", f"{live}/polls/{poll.slug}/results")


def test_the_text_browser_withdraws_after_confirming(lynx, live, new_poll, held):
    poll = new_poll()
    vote, withdraw = f"{live}/polls/{poll.slug}/vote", f"{live}/polls/{poll.slug}/withdraw"
    posted(lynx, vote, confirmation(posted(lynx, vote, [("option", poll.options[0].id)])))

    posted(lynx, withdraw, confirmation(posted(lynx, withdraw, [("x", "")])))

    assert held(poll) == []


def test_results_are_a_table_in_text(lynx, live):
    text = lynx("-dump", f"{live}/polls/votes-40/results")

    assert re.search(r"Yes +26 +65%", text)
    assert "the 40 readers who voted" in " ".join(text.split())
