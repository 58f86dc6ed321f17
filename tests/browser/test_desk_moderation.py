"""Moderation in a real browser: no barrier, fits a telephone, done with the keys alone, no script."""

import pytest

from poll_app import create_app
from poll_app.database import db
from poll_app.services.polls import NewPoll
from tests.browser.site import LONG_LABELS, LONG_WORD
from tests.browser.test_accessibility import violations
from tests.conftest import settings_for
from tests.desk_client import signed_in_client
from tests.inspecting_client import InspectingClient
from tests.web.acts import new_article, rows, serving
from tests.web.desk.texts import LONG, QUEUE, Texts

pytestmark = pytest.mark.browser

PAGES = {
    "empty": f"{QUEUE}?show=rejected",
    "nothing found": f"{QUEUE}?q=zzz",
    "queue": QUEUE,
    "all ticked": f"{QUEUE}?tick=all",
    "held text": f"{QUEUE}/1",
    "published text": f"{QUEUE}/4",
    "erasing": f"{QUEUE}/4/erase",
    "overview": "/editor/",
    "settings": "/editor/articles/an-article/discussion",
    "article": "/editor/articles/an-article",
}


@pytest.fixture
def desk(migrated_sqlite, tmp_path):
    """A site of its own with texts that strain the pages; its application, address and an editor."""
    (tmp_path / "poll_app.sqlite").write_bytes(migrated_sqlite.read_bytes())
    app = create_app(settings_for(tmp_path))
    app.test_client_class = InspectingClient
    texts = Texts(app)
    nine, arabic = texts.poll("Which of nine?", LONG_LABELS), texts.poll("أين؟", ("نعم", "لا"))
    paragraph = f"{LONG} " * 7
    texts.held(
        nine, LONG_LABELS[8], f"{paragraph}\n\n{paragraph}\n\n{paragraph}", name=LONG_WORD[:40]
    )
    texts.held(arabic, "نعم", "لأن الجسر هو الطريق الوحيد. https://example.org/a", name="ليلى")
    texts.held(nine, LONG_LABELS[0], LONG_WORD * 3)
    public = texts.published(nine, LONG_LABELS[0], who="anna")
    texts.report(public, "insult", "hate")
    new_article(app, NewPoll("Where?", options=("Here", "There")))
    with serving(app) as address:
        yield app, address, signed_in_client(app, "editor")
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def at_desk(desk, new_page):
    """Makes a page of a browser where an editor is signed in."""

    def make(path, **details):
        _, address, editor = desk
        page = new_page(**details)
        page.context.add_cookies(
            [{"name": cookie.key, "value": cookie.value, "url": address}
             for cookie in editor._cookies.values()]
        )  # fmt: skip
        page.goto(address + path)
        return page

    return make


def test_no_page_of_moderators_has_a_barrier_and_each_fits_a_telephone(desk, at_desk, axe_source):
    page = at_desk(QUEUE)
    for name, path in PAGES.items():
        answer = page.goto(desk[1] + path)

        assert answer.status == 200, name
        assert violations(page, axe_source) == {}, name
        page.set_viewport_size({"width": 320, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
    assert page.complaints == []


def test_what_is_refused_or_asked_once_more_has_no_barrier(at_desk, axe_source):
    page = at_desk(f"{QUEUE}/1")
    page.get_by_role("button", name="Reject").click()
    page.locator(".error_summary").wait_for()
    assert violations(page, axe_source) == {}
    page.get_by_role("link", name="Back to the queue").click()

    page.get_by_role("button", name="Hold the ticked").click()
    page.locator(".error_summary").wait_for()
    assert violations(page, axe_source) == {}
    page.get_by_role("checkbox", name="Tick text 1", exact=True).check()
    page.get_by_role("button", name="Publish the ticked").click()
    page.get_by_role("heading", name="Publish 1 text?").wait_for()
    assert violations(page, axe_source) == {}
    page.get_by_role("button", name="Publish them").click()
    page.get_by_role("button", name="Undo").wait_for()
    assert violations(page, axe_source) == {}


def focused(page):
    """What has the focus: its value, or where it leads."""
    return page.evaluate("document.activeElement.value || document.activeElement.id")


def tab_to(page, value, most=12):
    """Goes on with the Tab key to the control with this value."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if focused(page) == value:
            return
    raise AssertionError(f"{value} is not within {most} steps")


def test_the_queue_is_worked_through_with_the_keys_alone(desk, at_desk):
    app, _, _ = desk
    page = at_desk(QUEUE)

    tab_to(page, "publish", most=30)
    page.keyboard.press("Enter")
    page.wait_for_url("**/moderation?then=2#next")
    assert focused(page) == "next"

    tab_to(page, "reject")
    page.keyboard.press("Shift+Tab")
    page.keyboard.type("It adv")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/moderation?then=3#next")
    assert "Rejected. Its writer sees why." in page.locator("#next").inner_text()

    page.keyboard.press("Tab")  # the button that undoes it stands first
    page.keyboard.press("Enter")
    page.wait_for_url("**/moderation?then=2#next")

    assert rows(app, "SELECT state, codes FROM reasons ORDER BY id") == [
        ("published", ""), ("held", "links new_writer"), ("held", "new_writer"), ("published", ""),
    ]  # fmt: skip


def test_a_browser_without_scripts_decides_and_undoes(desk, at_desk):
    app, _, _ = desk
    page = at_desk(f"{QUEUE}/1", javascript=False)

    page.locator("select").select_option("off_topic")
    page.get_by_role("button", name="Reject").click()
    page.get_by_role("button", name="Undo").click()
    page.get_by_text("Undone.").wait_for()

    assert rows(app, "SELECT state FROM reasons WHERE id = 1") == [("held",)]
