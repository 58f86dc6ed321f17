"""Accessibility by axe: WCAG 2.2 AA and best practice, light and dark, telephone and desk."""

import pytest

from tests.browser.site import PAGES
from tests.web.acts import ids_of, post

pytestmark = pytest.mark.browser

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SETTLED = "() => Promise.all(document.getAnimations().map(a => a.finished)).then(() => null)"
RUN = "rules => axe.run({runOnly: rules}).then(r => r.violations.map(v => [v.id, v.nodes.map(n => n.html.slice(0, 200))]))"


@pytest.fixture(scope="session")
def axe_source():
    """The text of axe, to be loaded into each page once."""
    package = pytest.importorskip(
        "axe_playwright_python.sync_playwright", reason="no axe for chromium"
    )
    return package.Axe().axe_script


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
