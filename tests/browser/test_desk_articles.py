"""The desk's pages of an article in a real browser: no barrier, no script, a file chosen, Enter."""

import re

import pytest
from playwright.sync_api import expect

from poll_app import create_app
from poll_app.database import db
from tests.browser.test_accessibility import violations
from tests.conftest import settings_for
from tests.desk_client import signed_in_client
from tests.inspecting_client import InspectingClient
from tests.web.acts import rows, serving
from tests.web.desk.test_articles import publish, write
from tests.web.desk.test_imports import SAMPLE, bring, go_on

pytestmark = pytest.mark.browser

ARTICLES = "/editor/articles"
PAGES = {
    "list": "", "nothing found": "?q=zzz", "new": "/new", "import": "/import",
    "draft": "/a-headline", "edit": "/a-headline/edit", "delete": "/a-headline/delete",
    "preview": "/a-headline/preview", "public": "/the-bridge", "edit public": "/the-bridge/edit",
    "withdraw": "/the-bridge/withdraw", "withdrawn": "/gone",
}  # fmt: skip


@pytest.fixture(scope="module")
def desk(migrated_sqlite, tmp_path_factory):
    """A site of its own with an article in each state; its address and an editor's cookie."""
    folder = tmp_path_factory.mktemp("desk")
    (folder / "poll_app.sqlite").write_bytes(migrated_sqlite.read_bytes())
    app = create_app(settings_for(folder))
    app.test_client_class = InspectingClient
    editor = signed_in_client(app, "editor")
    go_on(editor, bring(editor, SAMPLE), "publish")
    gone = write(editor, title="Gone")
    publish(editor, gone)
    editor.post(f"{gone}/withdraw", data={"reason": "Wrong."})
    write(editor)
    editor.get(ARTICLES)  # shows what was done, so that no test is shown it
    with serving(app) as address:
        yield app, editor, address
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def at_desk(desk, new_page):
    """Makes a page of a browser where the editor is signed in, at this address of the articles."""

    def make(path="", **details):
        _, editor, address = desk
        page = new_page(**details)
        page.context.add_cookies(
            [{"name": cookie.key, "value": cookie.value, "url": address}
             for cookie in editor._cookies.values()]
        )  # fmt: skip
        page.goto(address + ARTICLES + path)
        return page

    return make


@pytest.mark.parametrize("path", [pytest.param(path, id=name) for name, path in PAGES.items()])
def test_a_page_of_an_article_has_no_barrier(at_desk, axe_source, path):
    page = at_desk(path)

    assert violations(page, axe_source) == {}
    assert page.complaints == []


def test_what_was_found_and_what_is_wrong_with_it_has_no_barrier(at_desk, axe_source):
    page = at_desk("/import")
    page.get_by_label("Text of the article").fill(SAMPLE)
    page.get_by_role("button", name="Show what was found").click()
    page.get_by_role("heading", name="3 questions were found").wait_for()
    assert violations(page, axe_source) == {}

    page.get_by_label("Options of question 1").fill("Only one\nonly ONE")
    page.get_by_role("button", name="Save as drafts").click()
    page.get_by_role("alert").wait_for()

    assert page.title().startswith("Error: ")
    assert violations(page, axe_source) == {}
    page.get_by_role("link", name=re.compile("Options of question 1")).click()
    expect(page.locator(":focus")).to_have_id("q1-options")


def test_two_editors_see_the_difference_without_a_barrier(at_desk, axe_source):
    mine, theirs = at_desk("/a-headline/edit"), at_desk("/a-headline/edit")
    for page, words in ((theirs, "Theirs"), (mine, "Mine")):
        page.get_by_label("Standfirst").fill(words)
        page.get_by_role("button", name="Save", exact=True).click()

    mine.get_by_role("heading", name="What differs").wait_for()

    assert mine.locator(".difference del").inner_text() == "Theirs"
    assert mine.locator(".difference ins").inner_text() == "Mine"
    assert violations(mine, axe_source) == {}


@pytest.mark.parametrize("javascript", [True, False])
def test_a_file_becomes_three_open_questions(at_desk, desk, javascript):
    page = at_desk("/import", javascript=javascript)
    title = f"Uploaded {'with' if javascript else 'without'} scripts"
    text = SAMPLE.replace("The bridge", title).replace("Which ferry should", "May a ferry")
    page.get_by_label("Or a file").set_input_files(
        {"name": "bridge.md", "mimeType": "text/markdown", "buffer": text.encode()}
    )
    page.get_by_role("button", name="Show what was found").click()
    assert page.get_by_label("Title").input_value() == title
    page.get_by_role("button", name="Save and publish with its questions open").click()
    assert page.get_by_role("status").first.inner_text() == "Published, and 3 questions are open."

    page.get_by_role("link", name="Open its public page").click()
    page.wait_for_url("**/articles/*")

    assert page.locator(".ballot form legend").all_inner_texts() == [
        "Should the town build a bridge?", "May a ferry go on?", "Is the money there?",
    ]  # fmt: skip
    assert page.complaints == []


def test_enter_in_a_field_shows_it_again_and_stores_nothing(at_desk, desk):
    app, *_ = desk
    before = rows(app, "SELECT count(*) FROM articles")
    page = at_desk("/import", javascript=False)
    page.get_by_label("Text of the article").fill(SAMPLE.replace("The bridge", "Not saved"))
    page.get_by_role("button", name="Show what was found").click()

    page.get_by_label("Title").press("Enter")
    page.get_by_role("heading", name="Check what was found").wait_for()

    assert rows(app, "SELECT count(*) FROM articles") == before


def test_a_preview_sends_nothing(at_desk):
    page = at_desk("/the-bridge/preview")

    assert page.locator("button:enabled").count() == 0
    assert page.locator(".ballot input:enabled:not([type=hidden])").count() == 0


@pytest.mark.parametrize("path", [pytest.param(path, id=name) for name, path in PAGES.items()])
def test_a_page_fits_a_narrow_screen(at_desk, path):
    page = at_desk(path, width=320)

    assert page.evaluate("document.documentElement.scrollWidth") <= 320
