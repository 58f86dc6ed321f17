"""The desk in a real browser: from a finished article to open questions, as somebody new does it."""

import os
import re
import subprocess
import sys
from pathlib import Path
from uuid import uuid4

import pytest

from poll_app import create_app
from poll_app.database import db
from tests.conftest import settings_for
from tests.desk_client import signed_in_client
from tests.web.acts import serving

pytestmark = pytest.mark.browser

SHARED = Path(__file__).parents[3] / "shared" / "articles" / "what-lies-ahead.txt"
OWN_TEXT = """What the new tram line leaves open

The line opens in spring, says the mayor.
Its cost has doubled since it was planned.

What comes next?

- Will the tram carry passengers by June 2027?
- Which part of the line should be built next?
- Should the ring road lose a lane to the tram?
"""
THREE_OF_THE_SHARED = [
    "Will NATO abandon its cautious approach and deploy troops?",
    "How will the Trump administration influence NATO's decisions?",
    "Can Ukraine achieve NATO membership amid the ongoing war?",
]
EMAIL, PASSWORD = "ada@paper.example", "nine purple trams at dusk"
OWN = "Should the council have decided earlier?"
MOST_LOADS = 12
COMMAND = [sys.executable, "-c", "from poll_app.cli import main; main()"]


@pytest.fixture
def newsroom(tmp_path):
    """A fresh installation with one editor, made by the commands that the README names."""
    environ = {**os.environ, "POLL_DATA_DIR": str(tmp_path), "POLL_SECRET_KEY": "s" * 40}

    def command(*words, given=None):
        subprocess.run(
            [*COMMAND, *words], env=environ, input=given, text=True, check=True, capture_output=True
        )

    command("init")
    command("add-editor", EMAIL, "--role", "editor", "--password-stdin", given=f"{PASSWORD}\n")
    app = create_app(settings_for(tmp_path, POLL_SECRET_KEY="s" * 40))
    with serving(app) as address:
        yield address
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def stranger(new_page, request):
    """Somebody who has never been here; `loads` and `clicks` count what it takes them."""
    page = new_page(javascript=request.param)
    page.loads, page.clicks = [], []
    page.on("framenavigated", lambda frame: page.loads.append(frame.url))
    return page


def press(page, name, role="button", **where):
    page.clicks.append(name)
    page.get_by_role(role, name=name, **where).first.click()


def import_and_publish(page, address, text):
    """From the address that the command printed to a published article; leaves the browser there."""
    page.goto(f"{address}/editor/")
    page.get_by_label("E-mail").fill(EMAIL)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    press(page, "Sign in", exact=True)
    press(page, "Import an article", role="link")
    page.get_by_label("Text of the article").fill(text)
    press(page, "Show what was found")
    page.get_by_role("heading", name="Check what was found").wait_for()
    *answers, _of_an_own_question = page.get_by_label(re.compile("^Options of question")).all()
    for field in answers:
        if not field.input_value().strip():
            field.fill("More\nLess\nNo change")
    reason = page.get_by_label("Why you go on")
    if reason.count():
        reason.fill("The article says when.")
    press(page, "Save and publish with its questions open")


def add_own_question(page):
    """One more under the same article, opened at once; leaves the browser at the question."""
    press(page, "Add a question", role="link")
    page.get_by_label("Question", exact=True).fill(OWN)
    options = page.get_by_label(re.compile(r"^Option \d"))
    options.nth(0).fill("Yes")
    options.nth(1).fill("No")
    press(page, "Save the draft")
    press(page, "Open or schedule", role="link")
    now = page.get_by_label("Now", exact=True)
    now.wait_for()
    if not now.is_checked():
        page.clicks.append("Now")
        now.check()
    press(page, "Save the times")
    page.get_by_role("status").filter(has_text="Voting is open.").wait_for()


def asked_of_readers(page, address):
    """The questions of the newest article that can be voted on, as readers see them."""
    page.goto(address)
    page.locator("h2 a").first.click()
    page.wait_for_url("**/articles/*")
    return page.locator(".ballot form legend").all_inner_texts()


@pytest.mark.parametrize("source", ["shared", "own"])
def test_an_editor_gets_from_an_article_to_four_open_questions_in_a_few_clicks(
    newsroom, stranger, source
):
    if source == "shared" and not SHARED.exists():
        pytest.skip(f"no {SHARED}")
    text = SHARED.read_text("utf-8") if source == "shared" else OWN_TEXT

    import_and_publish(stranger, newsroom, text)
    add_own_question(stranger)
    taken = len(stranger.loads), len(stranger.clicks)
    asked = asked_of_readers(stranger, newsroom)

    closing = THREE_OF_THE_SHARED if source == "shared" else re.findall(r"- (.+)", OWN_TEXT)
    assert asked == [*closing, OWN]
    print(f"{source}: {taken[0]} pages, {taken[1]} clicks")  # noqa: T201 - for whoever tunes it
    assert taken[0] <= MOST_LOADS
    assert stranger.complaints == []


@pytest.fixture
def at_a_question(live, site, new_poll):
    """Opens an open question at the desk in this page and returns the page."""
    cookie = signed_in_client(site, "editor", email=f"{uuid4()}@paper.example").get_cookie("desk")

    def open_in(page):
        page.context.add_cookies([{"name": "desk", "value": cookie.value, "url": live}])
        page.goto(f"{live}/editor/polls/{new_poll().slug}")
        return page

    return open_in


def test_a_button_copies_the_embed_code_and_says_so(new_page, at_a_question):
    page = at_a_question(new_page(permissions=["clipboard-read", "clipboard-write"]))
    page.get_by_role("button", name="Copy the code").click()

    page.get_by_role("status").filter(has_text="Copied.").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.get_by_label("Embed code").input_value()
    assert copied.startswith("<iframe src=")
    assert page.complaints == []


def test_where_copying_is_refused_the_code_is_selected_for_the_hand(new_page, at_a_question):
    page = at_a_question(new_page(permissions=[]))
    page.evaluate("delete Object.getPrototypeOf(navigator).clipboard")
    page.get_by_role("button", name="Copy the code").click()

    page.get_by_role("status").filter(has_text="It is selected: copy it by hand.").wait_for()
    assert "<iframe src=" in page.evaluate(
        "getSelection().toString() || document.activeElement.value"
    )


def test_without_scripts_there_is_no_button_that_does_nothing(new_page, at_a_question):
    page = at_a_question(new_page(javascript=False))

    assert page.get_by_label("Embed code").is_visible()
    assert not page.get_by_role("button", name="Copy the code").is_visible()
