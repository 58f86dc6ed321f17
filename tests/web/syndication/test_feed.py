"""The feed as a feed reader has it, the map of the site and robots.txt as search engines have them."""

import html
import xml.etree.ElementTree as ET
from datetime import UTC, date, datetime
from urllib.robotparser import RobotFileParser

import pytest

from poll_app.domain.accounts import COMMAND_LINE
from poll_app.domain.outcomes import OutcomeFacts
from poll_app.services.desk.outcomes import record_outcome
from poll_app.services.polls import NewPoll
from tests.web.acts import change, fill, new_article, rows

feedparser = pytest.importorskip("feedparser", reason="no feedparser to read the feed with")

BASE = "http://127.0.0.1:8000"
CLOSED = datetime(2026, 2, 1, tzinfo=UTC)
_S = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def read(client):
    """The feed, which a parser has nothing to complain of."""
    answer = client.get("/feed.atom")
    assert answer.mimetype == "application/atom+xml"
    feed = feedparser.parse(answer.data)
    assert not feed.bozo, feed.bozo_exception
    return feed


def end(app, slug):
    change(
        app,
        "UPDATE polls SET closes_at = '2026-02-01 00:00:00', revision = revision + 1 WHERE slug = :slug",
        slug=slug,
    )


def test_a_feed_without_events_is_a_feed(client):
    feed = read(client)

    assert feed.entries == []
    assert (feed.feed.title, feed.feed.id) == ("Reader polls", "tag:127.0.0.1,2026:feed")


def test_an_opening_is_told_with_the_answers_and_without_figures(app, client, new_poll):
    fill(app, new_poll("A <b> & c?", slug="one"), Yes=12)
    [entry] = read(client).entries

    assert html.unescape(entry.title) == "Voting has opened: A <b> & c?"
    assert entry.id == "tag:127.0.0.1,2026-01-01:polls/one/1/opened"
    assert entry.link == f"{BASE}/polls/one"
    assert entry.updated == "2026-01-01T00:00:00Z"
    assert "<li>Yes</li>" in entry.content[0].value
    assert "12" not in entry.content[0].value


def test_a_closing_is_told_with_figures_number_of_readers_and_note(app, client, new_poll):
    fill(app, new_poll(slug="one"), Yes=17, No=3)
    end(app, "one")
    closed, opened = read(client).entries
    text = closed.content[0].value

    assert (closed.id.rpartition("/")[2], opened.id.rpartition("/")[2]) == ("closed", "opened")
    assert closed.link == f"{BASE}/polls/one/results"
    assert closed.updated == "2026-02-01T00:00:00Z"
    assert "Most of the 20 readers who voted said Yes (85%)." in text
    assert "Yes: 85%, 17 votes" in text
    assert "Reader vote. 20 readers chose to answer." in text


def test_an_outcome_is_told_with_its_source(app, client, new_poll):
    fill(app, new_poll(slug="one"), Yes=12, No=8)
    end(app, "one")
    facts = OutcomeFacts("It came to pass.", date(2026, 2, 3), "The town hall", "")
    [(revision,)] = rows(app, "SELECT revision FROM polls")
    with app.app_context():
        record_outcome(
            "one",
            facts,
            revision=revision,
            by=COMMAND_LINE,
            now=datetime(2026, 2, 4, tzinfo=UTC),
            today=date(2026, 2, 4),
        )
    first = read(client).entries[0]

    assert first.id.endswith("/outcome")
    assert "It came to pass. (3 Feb 2026, The town hall)" in first.content[0].value
    assert "Reader vote. 20 readers chose to answer." in first.content[0].value


@pytest.mark.parametrize("policy", ["always", "after_vote", "after_close"])
def test_no_figures_of_an_open_poll_are_in_the_feed(app, client, new_poll, policy):
    fill(app, new_poll(slug="one", results_policy=policy), Yes=12, No=8)
    text = client.get("/feed.atom").get_data(as_text=True)

    assert not any(figure in text for figure in ("12 votes", "60%", "20 readers"))


def test_what_is_not_public_is_in_neither_feed_nor_map(app, client, new_poll):
    new_poll("Draft?", slug="draft", opens_at=None)
    new_poll("Later?", slug="later", opens_at=datetime(2099, 1, 1, tzinfo=UTC))
    new_article(app, slug="gone")
    change(app, "UPDATE articles SET withdrawn_at = '2026-02-01 00:00:00'")
    addresses = mapped(client)

    assert read(client).entries == []
    assert f"{BASE}/polls/later" in addresses
    assert not any("draft" in a or "gone" in a or a.endswith("later/results") for a in addresses)


def test_the_feed_is_sent_once_and_found_on_every_page(client, new_poll):
    new_poll(slug="one")
    answer = client.get("/feed.atom")
    again = client.get("/feed.atom", headers={"If-None-Match": answer.headers["ETag"]})
    page = client.get("/").get_data(as_text=True)

    assert again.status_code == 304
    assert '<link rel="alternate" type="application/atom+xml" href="/feed.atom"' in page


def test_the_feed_changes_when_an_event_comes(app, client, new_poll):
    new_poll(slug="one")
    before = client.get("/feed.atom").headers["ETag"]
    end(app, "one")

    assert client.get("/feed.atom").headers["ETag"] != before


def mapped(client):
    """The addresses in the map, by the rules of its schema."""
    answer = client.get("/sitemap.xml")
    assert answer.mimetype == "application/xml"
    root = ET.fromstring(answer.data)
    assert root.tag == f"{_S}urlset"
    assert {child.tag for child in root} == {f"{_S}url"}
    assert all([part.tag for part in url] == [f"{_S}loc"] for url in root)
    found = [url[0].text for url in root]
    assert len(found) == len(set(found)) <= 50_000
    assert all(12 <= len(address) < 2_048 for address in found)
    return found


def test_every_address_of_the_map_answers_and_calls_itself_so(app, client):
    new_article(app, NewPoll("One?", options=("Yes", "No"), slug="one"))

    for address in mapped(client):
        page = client.get(address.removeprefix(BASE))
        assert page.status_code == 200
        assert (
            f'<link rel="canonical" href="{address}"' in page.get_data(as_text=True)
            or "/ledger" in address
        )


def test_robots_keep_off_the_desk_and_find_the_map(client):
    robots = RobotFileParser()
    robots.parse(client.get("/robots.txt").get_data(as_text=True).splitlines())

    assert robots.site_maps() == [f"{BASE}/sitemap.xml"]
    assert not robots.can_fetch("any", f"{BASE}/editor/sign-in")
    assert all(
        robots.can_fetch("any", BASE + p) for p in ("/", "/polls/one", "/polls/one/results.png")
    )


def test_frames_are_read_by_robots_and_not_listed(client, new_poll):
    new_poll(slug="one")
    robots = RobotFileParser()
    robots.parse(client.get("/robots.txt").get_data(as_text=True).splitlines())

    assert robots.can_fetch("any", f"{BASE}/embed/polls/one")
    assert '<meta name="robots" content="noindex">' in client.get("/embed/polls/one").get_data(
        as_text=True
    )
