"""The desk's pages of a poll in a real browser: no barrier, no script needed, Enter saves."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.test_accessibility import violations
from tests.desk_client import signed_in_client
from tests.web.desk.test_polls import act, create, opened

pytestmark = pytest.mark.browser

PAGES = {
    "list": "/editor/polls", "nothing found": "/editor/polls?q=zzz", "new": "/editor/polls/new",
    "draft": "{draft}", "edit": "{draft}/edit", "times": "{draft}/times", "delete": "{draft}/delete",
    "preview": "{draft}/preview", "open": "{open}", "end": "{open}/end", "close": "{open}/close",
    "correct": "{open}/correct", "reword": "{open}/reword", "survey": "{open}/survey",
    "closed": "{closed}", "reopen": "{closed}/reopen", "outcome": "{closed}/outcome",
}  # fmt: skip


@pytest.fixture(scope="module")
def desk(site):
    """An editor's client and a poll in each state."""
    editor = signed_in_client(site, "editor", email="polls@paper.example")
    polls = {
        "draft": create(editor, question="Will the desk’s draft be opened?"),
        "open": opened(editor, question="Is the desk’s question open?"),
        "closed": opened(editor, question="Is the desk’s question closed?"),
    }
    editor.post(f"{polls['closed']}/close")
    return editor, polls


@pytest.fixture
def at_desk(desk, new_page, live):
    """Makes a page of a browser where the editor is signed in."""

    def make(**details):
        editor, _ = desk
        page = new_page(**details)
        for cookie in editor._cookies.values():
            page.context.add_cookies(
                [{"name": cookie.key, "value": cookie.value, "url": live + "/editor/"}]
            )
        return page

    return make


@pytest.mark.parametrize("path", [pytest.param(path, id=name) for name, path in PAGES.items()])
def test_a_page_of_the_desk_has_no_barrier(at_desk, desk, live, axe_source, path):
    page = at_desk()
    page.goto(live + path.format(**desk[1]))

    assert page.locator("h1").count() == 1
    assert violations(page, axe_source) == {}
    assert page.complaints == []


@pytest.mark.parametrize("javascript", [True, False])
def test_a_question_is_written_and_opened(at_desk, live, javascript):
    page = at_desk(javascript=javascript)
    page.goto(f"{live}/editor/polls/new")
    page.get_by_label("Question", exact=True).fill(
        f"Does it work {'with' if javascript else 'in'} ways?"
    )
    page.get_by_role("button", name="Add an option").click()
    expect(page.get_by_label("Option 4", exact=True)).to_be_focused()
    page.get_by_label("Option 1", exact=True).fill("No")
    page.get_by_label("Option 2", exact=True).fill("Yes")
    page.get_by_role("button", name=re.compile("Up.*Option 2")).click()
    expect(page.get_by_label("Option 1", exact=True)).to_have_value("Yes")
    page.get_by_label("Option 1", exact=True).press("Enter")
    page.wait_for_url("**/editor/polls/does-it-work-*")
    page.get_by_role("link", name="Open or schedule").click()
    page.get_by_label("Now", exact=True).check()
    page.get_by_role("button", name="Save the times").click()

    assert page.get_by_role("status").first.inner_text() == "Voting is open."


def test_a_form_in_error_has_no_barrier_and_its_summary_has_the_focus(at_desk, live, axe_source):
    page = at_desk()
    page.goto(f"{live}/editor/polls/new")
    page.get_by_role("button", name="Save the draft").click()

    expect(page).to_have_title(re.compile("^Error: New question"))
    expect(page.locator(":focus")).to_have_class("error_summary")
    page.get_by_role("link", name="Question: Enter some text.").click()
    expect(page.locator(":focus")).to_have_id("question")
    assert violations(page, axe_source) == {}


def test_the_difference_between_two_editors_has_no_barrier(at_desk, desk, live, axe_source):
    editor, _ = desk
    address = create(editor, question="Who saves first?")
    page = at_desk()
    page.goto(f"{live}{address}/edit")
    act(editor, f"{address}/edit", question="The other one?", option=["A", "B"], method="single",
        results_policy="always", not_sure_label="")  # fmt: skip
    page.get_by_role("button", name="Save", exact=True).click()

    assert "The other one?" in page.locator(".difference").inner_text()
    assert violations(page, axe_source) == {}
