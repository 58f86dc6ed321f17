"""Frames in real pages of other sites, where the browser blocks third-party cookies."""

import shutil
from datetime import UTC, datetime
from urllib.parse import urlencode

import pytest

from poll_app import create_app
from poll_app.database import db
from poll_app.services.sample import load_sample
from tests.browser.conftest import CHROMIUM, FLAGS
from tests.browser.framing import (
    ELSEWHERE,
    OURS,
    SAME_SITE,
    THIRD,
    make_certificate,
    newspaper,
    serving_tls,
    unbound,
)
from tests.conftest import settings_for

sync_api = pytest.importorskip("playwright.sync_api")
expect = sync_api.expect

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    if not shutil.which("openssl"):
        pytest.skip("no openssl here to make a certificate with")
    return make_certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture(scope="module")
def data_dir(migrated_sqlite, tmp_path_factory):
    folder = tmp_path_factory.mktemp("framed")
    shutil.copy(migrated_sqlite, folder / "poll_app.sqlite")
    return folder


@pytest.fixture(scope="module")
def make_site(data_dir):
    """Applications on one database, as if served by https at this port."""
    apps = []

    def make(port, **changes):
        apps.append(
            create_app(settings_for(data_dir, POLL_PUBLIC_URL=f"https://{OURS}:{port}", **changes))
        )
        return apps[-1]

    yield make
    for app in apps:
        with app.app_context():
            db.engine.dispose()


@pytest.fixture(scope="module")
def site(make_site):
    """The application that tests ask for polls and ballots; it has the sample article."""
    app = make_site(443)
    with app.app_context():
        load_sample(now=datetime.now(UTC))
    return app


@pytest.fixture(scope="module")
def ours(make_site, site, certificate):
    """Our address, by https."""
    with serving_tls(make_site, certificate) as port:
        yield f"https://{OURS}:{port}"


@pytest.fixture(scope="module")
def papers(certificate):
    """The port at which every other site answers."""
    with serving_tls(lambda _port: newspaper, certificate) as port:
        yield port


@pytest.fixture(scope="module")
def strict_browser(chromium):
    """A browser that knows the names of our sites and takes no third-party cookies."""
    flags = ["--host-resolver-rules=MAP *.test 127.0.0.1", "--test-third-party-cookie-phaseout"]
    browser = chromium.browser_type.launch(executable_path=CHROMIUM, args=[*FLAGS, *flags])
    yield browser
    browser.close()


@pytest.fixture
def new_page(strict_browser):
    """Makes a page in a fresh profile."""
    contexts = []

    def make(**details):
        context = strict_browser.new_context(ignore_https_errors=True, **details)
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        page.complaints = []
        page.on("console", lambda message: page.complaints.append(message.text))
        return page

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def page(new_page):
    return new_page()


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without"])
def reader(request, new_page):
    """A reader who has never been here, with scripts on and off."""
    return new_page(java_script_enabled=request.param)


@pytest.fixture
def paper(papers):
    """The address of a page of another site around what is given."""

    def address(frame, *, on=ELSEWHERE, **given):
        return f"https://{on}:{papers}/?{urlencode({'frame': frame, **given})}"

    return address


def vote(page, label, button="Vote"):
    frame = page.frame_locator("iframe").first
    frame.get_by_label(label, exact=True).check()
    frame.get_by_role("button", name=button, exact=True).click()
    return frame


def answered(frame, label):
    expect(frame.get_by_role("status")).to_contain_text(f"counts: {label}.")


def test_a_reader_votes_changes_and_withdraws_inside_another_sites_page(
    reader, ours, paper, new_poll, held
):
    poll = new_poll()
    address = paper(f"{ours}/embed/polls/{poll.slug}?theme=dark")
    reader.goto(address)
    assert reader.context.cookies() == []

    frame = vote(reader, "Yes")
    answered(frame, "Yes")
    assert held(poll) == [["Yes"]]
    (cookie,) = reader.context.cookies()
    assert (cookie["name"], cookie["sameSite"], cookie["secure"]) == ("__Host-voter", "None", True)
    assert cookie["partitionKey"] == "https://news.test"

    reader.reload()  # another day: the frame knows its reader
    answered(frame, "Yes")
    frame.get_by_role("link", name="Change or withdraw it").click()
    vote(reader, "No", "Change my answer")
    answered(frame, "No")
    assert held(poll) == [["No"]]

    frame.get_by_role("link", name="Change or withdraw it").click()
    frame.get_by_role("button", name="Withdraw my answer").click()
    expect(frame.get_by_role("status")).to_contain_text("You withdrew your answer.")
    assert held(poll) == []
    assert reader.url == address
    assert frame.locator("html").evaluate("() => location.search") == "?theme=dark"


def test_a_reader_looks_at_the_results_in_the_frame_without_voting(reader, ours, paper, new_poll):
    reader.goto(paper(f"{ours}/embed/polls/{new_poll().slug}"))
    frame = reader.frame_locator("iframe")

    frame.get_by_role("button", name="Show me the results without voting").click()

    expect(frame.get_by_text("Nobody has voted yet.")).to_be_visible()


def test_an_answer_takes_the_place_of_its_form_in_an_article(reader, ours, paper):
    reader.goto(paper(f"{ours}/embed/articles/what-lies-ahead"))
    frame = reader.frame_locator("iframe")
    first = frame.locator("form", has_text="cautious approach")

    first.get_by_label("Yes", exact=True).check()
    first.get_by_role("button", name="Vote", exact=True).click()

    answered(frame, "Yes")
    expect(frame.locator("fieldset")).to_have_count(2)


def test_without_the_bound_cookie_this_browser_takes_none_and_the_way_out_works(
    page, make_site, certificate, paper, new_poll, held
):
    """What the test above would be worth if third-party cookies were not blocked: nothing."""
    poll = new_poll()
    with serving_tls(lambda port: unbound(make_site(port)), certificate) as port:
        page.goto(paper(f"https://{OURS}:{port}/embed/polls/{poll.slug}"))
        frame = vote(page, "Yes")
        expect(frame.get_by_role("heading", name="Your answer was not counted")).to_be_visible()
        assert held(poll) == []

        with page.expect_popup() as opened:
            frame.get_by_role("link", name="Open the question on its own page").first.click()
        own = opened.value
        own.get_by_label("Yes", exact=True).check()
        own.get_by_role("button", name="Vote", exact=True).click()
        own.wait_for_url("**/results*#your-answer")

    assert held(poll) == [["Yes"]]


def test_each_site_around_a_frame_is_another_browser_to_us_as_the_method_says(
    page, ours, paper, papers, new_poll, held
):
    poll = new_poll()
    address = f"{ours}/embed/polls/{poll.slug}"

    for site in (ELSEWHERE, THIRD):
        page.goto(paper(address, on=site))
        answered(vote(page, "Yes"), "Yes")
    page.goto(f"{ours}/polls/{poll.slug}")
    assert page.locator(".own_answer").count() == 0
    page.goto(f"{ours}/polls/{poll.slug}/results")

    assert "is another browser" in page.locator("main").text_content()
    assert held(poll) == [["Yes"], ["Yes"]]


@pytest.mark.parametrize("first", ["frame", "page"])
def test_on_a_page_of_our_own_site_frame_and_page_share_one_answer(
    page, ours, paper, new_poll, held, first
):
    poll = new_poll()
    around, own = (
        paper(f"{ours}/embed/polls/{poll.slug}", on=SAME_SITE),
        f"{ours}/polls/{poll.slug}",
    )

    page.goto(around if first == "frame" else own)
    if first == "frame":
        answered(vote(page, "Yes"), "Yes")
        page.goto(own)
        expect(page.locator(".own_answer")).to_contain_text("You answered: Yes.")
    else:
        page.get_by_label("Yes", exact=True).check()
        page.get_by_role("button", name="Vote", exact=True).click()
        page.wait_for_url("**/results*#your-answer")
        page.goto(around)
        answered(page.frame_locator("iframe"), "Yes")

    assert held(poll) == [["Yes"]]


def test_a_frame_shut_in_without_its_origin_can_not_vote_and_says_so(
    page, ours, paper, new_poll, held
):
    poll = new_poll()
    address = f"{ours}/embed/polls/{poll.slug}"

    page.goto(paper(address, sandbox="allow-forms"))
    frame = vote(page, "Yes")
    expect(frame.get_by_role("heading", name="Not accepted")).to_be_visible()
    assert held(poll) == []

    page.goto(paper(address, sandbox="allow-forms allow-same-origin allow-popups"))
    answered(vote(page, "Yes"), "Yes")


def test_only_the_sites_named_show_frames_and_none_shows_our_pages(
    page, make_site, certificate, paper, papers, new_poll
):
    slug = new_poll().slug
    allowed = {"POLL_EMBED_ORIGINS": f"https://{SAME_SITE}:{papers}"}
    with serving_tls(lambda port: make_site(port, **allowed), certificate) as port:
        own = f"https://{OURS}:{port}"
        shown = {}
        for site in (SAME_SITE, ELSEWHERE):
            for path in (f"/embed/polls/{slug}", f"/polls/{slug}"):
                page.goto(paper(own + path, on=site), wait_until="load")
                shown[site, path[:6]] = page.frames[1].url.startswith(own)

    assert shown == {
        (SAME_SITE, "/embed"): True, (SAME_SITE, "/polls"): False,
        (ELSEWHERE, "/embed"): False, (ELSEWHERE, "/polls"): False,
    }  # fmt: skip
    assert any("frame-ancestors" in text for text in page.complaints)


# Height


def height_of(page, title="frame"):
    return page.locator(f"iframe[title={title}]").evaluate("e => e.getBoundingClientRect().height")


def content_of(page):
    return page.frames[1].evaluate("document.documentElement.getBoundingClientRect().height")


FITS = "([e, high]) => Math.abs(e.clientHeight - high) <= 1"


def await_fit(page):
    """Waits until the frame is as high as what it holds."""
    frame = page.locator("iframe[title=frame]").element_handle()
    for _ in range(20):
        try:
            page.wait_for_function(FITS, arg=[frame, content_of(page)], timeout=500)
        except sync_api.Error:
            continue
        return height_of(page)
    raise AssertionError((height_of(page), content_of(page)))


def test_with_the_loader_the_frame_is_as_high_as_its_content(page, ours, paper, new_poll):
    page.goto(paper(f"{ours}/embed/polls/{new_poll().slug}", script=f"{ours}/embed.js"))
    form = await_fit(page)

    answered(vote(page, "Yes"), "Yes")
    result = await_fit(page)
    page.locator("iframe").evaluate("e => { e.width = 600 }")
    wide = await_fit(page)

    assert form > 300
    assert len({form, result, wide}) == 3
    assert page.frames[1].evaluate("document.documentElement.scrollHeight <= innerHeight")


@pytest.mark.parametrize("javascript", [True, False])
def test_without_the_loader_the_frame_keeps_its_height_and_scrolls(
    new_page, ours, paper, new_poll, javascript
):
    page = new_page(java_script_enabled=javascript)
    page.goto(paper(f"{ours}/embed/polls/{new_poll().slug}"))

    answered(vote(page, "Yes"), "Yes")

    assert page.locator("iframe").bounding_box()["height"] in (200, 204)  # 204: with its border


def test_the_loader_hears_only_our_frames_and_keeps_within_bounds(
    page, ours, paper, papers, new_poll
):
    forger = f"https://{THIRD}:{papers}/forger"
    page.goto(
        paper(f"{ours}/embed/polls/{new_poll().slug}", forger=forger, script=f"{ours}/embed.js")
    )
    before = await_fit(page)
    page.wait_for_function("origin => heard.includes(origin)", arg=f"https://{THIRD}:{papers}")
    page.evaluate("postMessage({type: 'poll-height', height: 1234}, '*')")
    page.wait_for_function("heard.includes(location.origin)")

    assert height_of(page) == before
    assert height_of(page, "forger") in (200, 204)

    def claim(height):
        heard = page.evaluate("heard.length")
        page.frames[1].evaluate(
            f"parent.postMessage({{type: 'poll-height', height: {height}}}, '*')"
        )
        page.wait_for_function("n => heard.length > n", arg=heard)
        return page.locator("iframe[title=frame]").evaluate("e => e.style.height")

    assert claim("99999") == "4000px"
    assert claim("-5") == "80px"
    assert [claim(odd) for odd in ("NaN", "Infinity", "'500'", "null")] == ["80px"] * 4


def test_the_scripts_and_the_frame_break_no_rule_and_ask_nobody_else(page, ours, paper, new_poll):
    asked = []
    page.on("request", lambda request: asked.append(request.url))

    page.goto(paper(f"{ours}/embed/polls/{new_poll().slug}", script=f"{ours}/embed.js"))
    await_fit(page)

    theirs = [
        url for url in asked if not url.startswith(ours) and f"https://{ELSEWHERE}" not in url
    ]
    assert theirs == []
    assert [text for text in page.complaints if "favicon" not in text] == []
