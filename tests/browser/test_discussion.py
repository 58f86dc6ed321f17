"""The discussion in a real browser: a reason's whole life without JavaScript, no barrier on any page,
and nothing that readers write is ever run."""

import shutil
from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from poll_app import create_app
from poll_app.database import db
from poll_app.services.poll_views import get_poll
from poll_app.services.polls import NewPoll
from tests.browser.site import LONG_LABELS, LONG_WORD
from tests.browser.test_accessibility import violations
from tests.conftest import settings_for
from tests.inspecting_client import InspectingClient
from tests.web.acts import change, rows, serving, vote
from tests.web.discussion.talkers import discussed, give_reply, newest, reader_of, said

pytestmark = pytest.mark.browser

ARABIC = "أعتقد أن الجسر سيقرب بين ضفتي النهر (2026)."
POLLS = (
    NewPoll("Shall we build the bridge?", options=("Yes", "No"), not_sure="Not sure", slug="bridge"),
    NewPoll("Which of nine?", options=LONG_LABELS, slug="nine"),
    NewPoll("Nobody yet?", options=("Yes", "No"), slug="empty"),
    NewPoll("What do they write?", options=("Yes", "No"), slug="hostile"),
    NewPoll("Is it so?", options=("Yes", "No"), slug="life"),
)  # fmt: skip
# Each tries to run something, to leave its element or its attribute, or to pose as an address.
HOSTILE = (
    "<script>alert(1)</script>", "</p></div></article><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>", "<svg onload=alert(1)>", "<svg><script>alert(1)</script></svg>",
    '"><img src=x onerror=alert(1)>', "'><svg/onload=alert(1)>", "<iframe src=javascript:alert(1)>",
    "<iframe srcdoc='<script>parent.alert(1)</script>'></iframe>", "<body onload=alert(1)>",
    "<details open ontoggle=alert(1)>x</details>", "<input autofocus onfocus=alert(1)>",
    "<marquee onstart=alert(1)>", "<video><source onerror=alert(1)></video>", "<math href=javascript:alert(1)>x",
    "<a href=javascript:alert(1)>x</a>", "[x](javascript:alert(1))", '![x](x"onerror=alert(1))',
    "javascript:alert(1)//http://example.org", "java\tscript:alert(1)", "data:text/html,<script>alert(1)</script>",
    'http://example.org/"onmouseover=alert(1)//', "http://example.org/'onclick='alert(1)",
    "https://example.org/<script>alert(1)</script>", "http://javascript:alert(1)@example.org/",
    "http://example.org/#<img/src/onerror=alert(1)>", 'https://exa"mple.org/x', "http://[::1]:99999/x",
    "<style>*{display:none}</style>", "<link rel=stylesheet href=//evil.example/x.css>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>", "<base href=//evil.example/>",
    "<form action=//evil.example><button>Send</button></form>", "</textarea><script>alert(1)</script>",
    "</title><script>alert(1)</script>", "<!--><script>alert(1)</script>-->", "<![CDATA[<script>alert(1)</script>]]>",
    "{{ 7*7 }}{% raw %}${7*7}#{7*7}", "%3Cscript%3Ealert(1)%3C/script%3E", "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;alert(1)&#60;/script&#62;", "＜script＞alert(1)＜/script＞", "<scr<script>ipt>alert(1)</scr</script>ipt>",
)  # fmt: skip


@pytest.fixture(scope="module")
def town(migrated_sqlite, tmp_path_factory):
    """A site with discussions in every state that looks different."""
    folder = tmp_path_factory.mktemp("town")
    shutil.copy(migrated_sqlite, folder / "poll_app.sqlite")
    app = create_app(settings_for(folder))
    app.test_client_class = InspectingClient
    bridge, nine, _, hostile, _ = discussed(app, *POLLS, slug="town", discussion_prompt="And you?")
    writer, first = said(app, bridge, "Yes", "Because the ferry stops at six.", name="Ana")
    other, _ = said(app, bridge, "No", f"{LONG_WORD * 9}\n\nhttps://example.org/a", name="W" * 40)
    said(app, bridge, "Yes", ARABIC, name="أحمد")
    gone, _ = said(app, bridge, "No", "This one is removed later.")
    change(app, "UPDATE reasons SET state = 'removed', codes = 'insult' WHERE id = 4")
    give_reply(app, other, first, "It could stop at eight.")
    other.post(f"/reasons/{first}/fair-point")
    vote(gone, bridge, "Yes")
    gone.post(f"/reasons/{first}/changed-my-mind")
    said(app, nine, LONG_LABELS[0], "x" * 2_000)
    for text in HOSTILE:
        said(app, hostile, "Yes", text, name=text[:40])
    change(
        app,
        "UPDATE reasons SET state = 'published', published_hour = hour, codes = ''"
        " WHERE state = 'held' AND name <> ''",
    )
    change(app, "UPDATE discussions SET version = version + 1")
    app.writer = writer
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(scope="module")
def there(town):
    """Its address."""
    with serving(town) as address:
        yield address


@pytest.fixture
def writing(page, there, town):
    """The browser of the reader who wrote text 1."""
    value = town.writer.get_cookie("voter").value
    page.context.add_cookies([{"name": "voter", "value": value, "url": there}])
    return page


FOR_ALL = {
    "reasons": "/polls/bridge/reasons",
    "newest": "/polls/bridge/reasons?order=newest",
    "nine": "/polls/nine/reasons",
    "empty": "/polls/empty/reasons",
    "one side": "/polls/bridge/reasons/1",
    "reason": "/reasons/1",
    "report": "/reasons/2/report",
    "vote first": "/reasons/1/reply",
    "policy": "/discussion-policy",
    "return": "/return",
    "results": "/polls/bridge/results",
    "article": "/articles/town",
    "frame": "/embed/polls/bridge/results",
    "nothing of mine": "/polls/bridge/reasons/mine",
}
FOR_ONE = {
    "reasons": "/polls/bridge/reasons",
    "mine": "/polls/bridge/reasons/mine",
    "reply": "/reasons/2/reply",
    "edit": "/reasons/1/edit",
    "delete": "/reasons/1/delete",
    "results": "/polls/bridge/results",
}


def looked_at(page, address, axe_source):
    assert page.goto(address).status == 200
    assert violations(page, axe_source) == {}
    page.set_viewport_size({"width": 320, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.complaints == []


@pytest.mark.parametrize("path", [pytest.param(path, id=n) for n, path in FOR_ALL.items()])
def test_a_page_of_the_discussion_has_no_barrier(page, there, axe_source, path):
    looked_at(page, there + path, axe_source)


@pytest.mark.parametrize("path", [pytest.param(path, id=n) for n, path in FOR_ONE.items()])
def test_a_page_for_a_reader_has_no_barrier(writing, there, axe_source, path):
    looked_at(writing, there + path, axe_source)


def test_previews_and_errors_have_no_barrier(page, there, town, axe_source):
    reader = reader_of(town, _poll(town), "No")
    page.context.add_cookies([{"name": "voter", "value": reader.get_cookie("voter").value, "url": there}])  # fmt: skip
    page.goto(f"{there}/polls/bridge/results")
    page.get_by_role("button", name="Send", exact=True).click()
    page.locator(".error_summary").wait_for()
    assert page.title().startswith("Error: ")
    assert violations(page, axe_source) == {}

    page.get_by_label("Your text").fill("Because of the meadow.")
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_role("heading", name="Preview", level=1)).to_be_visible()
    assert violations(page, axe_source) == {}

    page.goto(f"{there}/return")
    page.get_by_role("button", name="Go on").click()
    page.locator(".error_summary").wait_for()
    assert violations(page, axe_source) == {}


def _poll(app):
    with app.app_context():
        return get_poll("bridge", now=datetime.now(UTC))


def test_nothing_that_readers_write_is_run(new_page, there, town):
    page = new_page()
    page.add_init_script(
        "window.broken = []; window.alert = () => broken.push('alert');"
        "document.addEventListener('securitypolicyviolation', e => broken.push(e.blockedURI));"
    )
    page.on("dialog", lambda dialog: dialog.dismiss())
    (side,) = rows(town, "SELECT min(id) FROM options WHERE poll_id = 4")[0]
    (first,) = rows(town, "SELECT min(id) FROM reasons WHERE poll_id = 4")[0]
    paths = [
        f"/polls/hostile/reasons/{side}", f"/polls/hostile/reasons/{side}?page=2",
        "/polls/hostile/reasons", "/polls/hostile/results", "/articles/town",
        "/embed/polls/hostile/results", f"/reasons/{first}", f"/reasons/{first}/report",
    ]  # fmt: skip
    seen = ""
    for path in paths:
        page.goto(there + path)
        seen += page.locator("main").inner_text()
        assert page.evaluate("broken") == [], path
        links = page.locator("main .reader_text a").evaluate_all("all => all.map(a => [a.protocol, a.rel])")  # fmt: skip
        assert {protocol for protocol, _ in links} <= {"http:", "https:"}
        assert page.locator(".reason img, .reason iframe, .reason script, form[action^='//']").count() == 0  # fmt: skip
    assert page.complaints == []
    assert "49" not in seen.replace("149", "")
    assert all(text.split("\t")[0] in seen for text in HOSTILE[:20])


def test_the_whole_life_of_a_reason_without_javascript(new_page, there, town):  # noqa: PLR0915 - a life is long
    writer, other, device = (new_page(javascript=False) for _ in range(3))

    def publish():
        change(town, "UPDATE reasons SET state = 'published', codes = '', published_hour = hour WHERE state = 'held'")  # fmt: skip
        change(town, "UPDATE discussions SET version = version + 1")

    def answer(page, label):
        page.goto(f"{there}/polls/life")
        page.get_by_label(label, exact=True).check()
        page.get_by_role("button", name="Vote", exact=True).or_(page.get_by_role("button", name="Change my answer")).click()  # fmt: skip
        page.wait_for_url("**/results*#your-answer")

    # The writer answers, writes, looks at a preview, sends; it waits, because it came quickly.
    answer(writer, "Yes")
    writer.get_by_label("Your text").fill("Because it has always been so.")
    writer.get_by_label("Name").fill("Ana")
    writer.get_by_role("button", name="Preview").click()
    expect(writer.get_by_text("Nothing is sent yet. Readers will see:")).to_be_visible()
    writer.get_by_role("button", name="Send", exact=True).click()
    writer.wait_for_url("**/polls/life/reasons/mine#code")
    expect(writer.get_by_role("heading", name="held for review, only you see it")).to_be_visible()
    expect(writer.locator(".code")).to_be_in_viewport()
    writer.set_viewport_size({"width": 320, "height": 900})
    assert writer.locator(".code").evaluate("code => code.getBoundingClientRect().height") < 40
    code = writer.locator(".code").inner_text()
    reason_id = newest(town)

    # Nobody else sees it before a moderator has.
    answer(other, "No")
    other.goto(f"{there}/polls/life/reasons")
    expect(other.get_by_text("Nobody has said why yet.")).to_be_visible()
    publish()

    # Somebody of the other side finds it fair, replies, and changes sides for it.
    other.reload()
    reason = other.locator(f"#r-{reason_id}")
    expect(reason.get_by_role("heading")).to_have_text("Ana, answered Yes")
    reason.get_by_role("button", name="Fair point").click()
    expect(reason.get_by_role("button", name="Fair point")).to_have_attribute("aria-pressed", "true")  # fmt: skip
    expect(reason).to_contain_text("No: 1 of 1.")
    reason.get_by_role("link", name="Reply").click()
    other.get_by_label("Your text").fill("Not before the war.")
    other.get_by_role("button", name="Send", exact=True).click()
    expect(other.get_by_role("heading", name="Your reply: held for review")).to_be_visible()
    publish()
    answer(other, "Yes")
    other.goto(f"{there}/polls/life/reasons")
    other.locator(f"#r-{reason_id}").get_by_role("button", name="This changed my mind").click()
    expect(other.locator(f"#r-{reason_id}")).to_contain_text("Changed 1 mind.")

    # The writer puts it better; what stood there stays to be seen.
    writer.goto(f"{there}/polls/life/reasons/mine")
    writer.get_by_role("link", name="Change it").click()
    writer.get_by_label("Your text").fill("Because it was so in my youth.")
    writer.get_by_role("button", name="Send the change").click()
    writer.wait_for_url("**/mine#r-*")
    publish()
    other.reload()
    expect(other.get_by_text("Changed; see the earlier text")).to_be_visible()
    expect(other.locator(f"#r-{reason_id}")).to_contain_text("Not before the war.")

    # From another device, with the code: another answer, then the words are gone, the reply stays.
    device.goto(f"{there}/return")
    device.get_by_label("Return code").fill(code)
    device.get_by_role("button", name="Go on").click()
    expect(device.get_by_text("You answered: Yes.")).to_be_visible()
    device.get_by_label("No", exact=True).check()
    device.get_by_role("button", name="Change my answer").click()
    expect(device.get_by_role("status")).to_have_text("Your answer was changed.")
    other.reload()
    expect(other.locator(f"#r-{reason_id}-by")).to_have_text("Ana, answered Yes when writing, No now")  # fmt: skip
    device.get_by_role("button", name="Delete it").click()
    device.get_by_role("button", name="Keep it").click()
    device.get_by_role("button", name="Delete it").click()
    device.get_by_role("button", name="Delete for good").click()
    expect(device.get_by_role("status")).to_have_text("Your text was deleted.")
    assert device.context.cookies() == []
    other.reload()
    expect(other.locator(f"#r-{reason_id}-by")).to_have_text("The writer deleted this text.")
    expect(other.locator(f"#r-{reason_id}")).to_contain_text("Not before the war.")
    assert "in my youth" not in other.content()
    assert "always been so" not in other.content()
