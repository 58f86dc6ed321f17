"""Accessibility by axe: WCAG 2.2 AA and best practice, light and dark, telephone and desk."""

from datetime import UTC, datetime

import pytest

from poll_app.services.polls import NewPoll, add_poll
from tests.browser.site import PAGES
from tests.desk_client import signed_in_client
from tests.web.acts import ids_of, post

pytestmark = pytest.mark.browser

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SETTLED = "() => Promise.all(document.getAnimations().map(a => a.finished)).then(() => null)"
RUN = "rules => axe.run({runOnly: rules}).then(r => r.violations.map(v => [v.id, v.nodes.map(n => n.html.slice(0, 200))]))"


def violations(page, source):
    """What axe finds in either colour scheme on either size of screen."""
    page.evaluate(source)
    found = {}
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for width in (360, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            page.evaluate(SETTLED)
            found[scheme, width] = page.evaluate(RUN, RULES)
    return {where: what for where, what in found.items() if what}


@pytest.mark.parametrize("path", [pytest.param(path, id=name) for name, path in PAGES.items()])
def test_a_page_has_no_barrier(visitor, live, axe_source, path):
    visitor.goto(live + path)

    assert violations(visitor, axe_source) == {}


@pytest.mark.parametrize("then", ["/polls/{}/results", "/polls/{}"])
@pytest.mark.parametrize("method", ["single", "multiple"])
def test_the_readers_own_answer_has_no_barrier(page, live, axe_source, new_poll, then, method):
    poll = new_poll(method=method)
    page.goto(f"{live}/polls/{poll.slug}")
    page.get_by_label("Yes", exact=True).check()
    page.get_by_role("button", name="Vote", exact=True).click()
    page.wait_for_url("**/results#your-answer")
    page.goto(live + then.format(poll.slug))

    assert "Yes" in page.locator(".own_answer").inner_text()
    assert violations(page, axe_source) == {}


@pytest.mark.parametrize("method", ["single", "multiple"])
def test_the_form_with_an_error_has_no_barrier(page, live, axe_source, new_poll, method):
    page.goto(f"{live}/polls/{new_poll(method=method).slug}")
    page.get_by_role("button", name="Vote", exact=True).click()
    page.wait_for_url("**/vote*")

    assert page.title().startswith("Error: ")
    assert violations(page, axe_source) == {}


def confirm(client, path, data):
    return client.post(path, data=data, from_elsewhere=True)


def expired(client, path, data):
    return client.post(
        path, data={**data, "confirm": confirm(client, path, data).text[:9]}, from_elsewhere=True
    )


def no_cookie(client, path, data):
    client._cookies = None  # a browser that keeps none
    return post(client, path, data)


def elsewhere(client, path, data):
    return client.post(path, data=data, headers={"Sec-Fetch-Site": "cross-site"})


@pytest.mark.parametrize("answer", [confirm, expired, no_cookie, elsewhere])
def test_a_page_that_few_browsers_get_has_no_barrier(
    page, live, site, axe_source, new_poll, answer
):
    poll = new_poll()
    given = answer(site.test_client(), f"/polls/{poll.slug}/vote", {"option": ids_of(poll, "Yes")})
    # What another client was answered, shown in this browser at an address of the same site.
    page.route(
        "**/shown-here",
        lambda route: route.fulfill(
            status=200, headers=dict(given.headers), body=given.get_data(as_text=True)
        ),
    )
    page.goto(f"{live}/shown-here")

    assert page.locator("h1").count() == 1
    assert violations(page, axe_source) == {}


AT_THE_DESK = {
    "overview": "/editor/",
    "search": "/editor/?q=question",
    "nothing found": "/editor/?q=zzz",
    "places": "/editor/places",
    "record": "/editor/log",
    "record without a line": "/editor/log?kind=survey",
    "articles": "/editor/articles",
    "article": "/editor/articles/what-lies-ahead",
    "new article": "/editor/articles/new",
    "edited article": "/editor/articles/what-lies-ahead/edit",
    "import": "/editor/articles/import",
    "preview of an article": "/editor/articles/what-lies-ahead/preview",
    "withdrawing": "/editor/articles/what-lies-ahead/withdraw",
    "questions": "/editor/polls",
    "new question": "/editor/polls/new",
    "draft": "/editor/polls/desk-draft",
    "edited draft": "/editor/polls/desk-draft/edit",
    "preview of a question": "/editor/polls/desk-draft/preview",
    "times": "/editor/polls/desk-draft/times",
    "deleting": "/editor/polls/desk-draft/delete",
    "open question": "/editor/polls/votes-40",
    "moved end": "/editor/polls/votes-40/end",
    "closing": "/editor/polls/votes-40/close",
    "correction": "/editor/polls/votes-40/correct",
    "rewording": "/editor/polls/votes-40/reword",
    "survey": "/editor/polls/votes-40/survey",
    "closed question": "/editor/polls/over",
    "outcome": "/editor/polls/over/outcome",
    "reopening": "/editor/polls/over/reopen",
    "people": "/editor/people",
    "invitation": "/editor/people/invite",
    "account": "/editor/account",
    "second factor": "/editor/account/code-app",
}
REFUSED = {
    "import": ("/editor/articles/import", "Show what was found"),
    "article": ("/editor/articles/new", "Save"),
    "question": ("/editor/polls/new", "Save the draft"),
    "outcome": ("/editor/polls/over/outcome", "Record the outcome"),
    "survey": ("/editor/polls/votes-40/survey", "Put it beside the result"),
    "reopening": ("/editor/polls/over/reopen", "Reopen voting"),
    "invitation": ("/editor/people/invite", "Make the link"),
    "password": ("/editor/account", "Change the password"),
}


@pytest.fixture(scope="session")
def desk_cookie(site):
    """What the browser of an admin holds; a draft lies on the desk."""
    new = NewPoll("Isn't it so?", options=("Yes", "No"), slug="desk-draft")
    with site.app_context():
        add_poll(new, opens_at=None, now=datetime.now(UTC))
    return signed_in_client(site, "admin").get_cookie("desk", path="/").value


@pytest.fixture
def at_desk(page, live, desk_cookie):
    """A browser where an admin is signed in."""
    page.context.add_cookies([{"name": "desk", "value": desk_cookie, "url": live}])
    return page


@pytest.mark.parametrize("path", [pytest.param(path, id=n) for n, path in AT_THE_DESK.items()])
def test_a_page_of_the_desk_has_no_barrier_and_fits_a_telephone(at_desk, live, axe_source, path):
    answer = at_desk.goto(live + path)

    assert answer.status == 200
    assert violations(at_desk, axe_source) == {}
    at_desk.set_viewport_size({"width": 320, "height": 900})
    assert at_desk.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert at_desk.complaints == []


@pytest.mark.parametrize(("path", "button"), [pytest.param(*r, id=n) for n, r in REFUSED.items()])
def test_a_form_of_the_desk_with_an_error_has_no_barrier(at_desk, live, axe_source, path, button):
    at_desk.goto(live + path)
    at_desk.locator("main").get_by_role("button", name=button).last.click()
    at_desk.locator(".error_summary").wait_for()

    assert at_desk.title().startswith("Error: ")
    assert violations(at_desk, axe_source) == {}


def test_the_sign_in_that_is_refused_has_no_barrier(page, live, axe_source):
    page.goto(f"{live}/editor/sign-in")
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.locator(".error_summary").wait_for()

    assert violations(page, axe_source) == {}
