"""The pages of a discussion: both sides, one side, one text, caching, JSON, Atom."""

from datetime import UTC, datetime

import feedparser
import pytest
from sqlalchemy import event, text

from poll_app.database import db, writing
from poll_app.services.polls import NewPoll
from tests.web.acts import change, element, new_article, vote, words
from tests.web.discussion.talkers import (
    TEXT,
    article_of,
    discussed,
    give_reply,
    newest,
    read,
    reader_of,
    said,
    shown,
)

POLL = NewPoll("Shall we build the bridge?", options=("Yes", "No"), not_sure="Not sure", slug="bridge")  # fmt: skip
PAGE = "/polls/bridge/reasons"
HOUR = "2026-11-20 10:00:00.000000"


@pytest.fixture
def poll(app):
    (poll,) = discussed(app, POLL, discussion_prompt="What would a bridge change?", slug="town")
    return poll


@pytest.fixture
def fill(app, poll):
    """Puts so many reasons into the table, on the first two sides in turn."""

    def put(count):
        sides = [option.id for option in poll.options][:2]
        rows = [
            {
                "poll": poll.id, "key": n.to_bytes(16, "big"), "side": sides[n % 2],
                "position": str(sides[n % 2]), "text": f"Reason {n}.", "hour": HOUR,
            }
            for n in range(count)
        ]  # fmt: skip
        with app.app_context(), writing() as session:
            session.execute(
                text(
                    "INSERT INTO reasons (poll_id, voter_key, side_id, position, name, text, state,"
                    " codes, hour, published_hour, reports, revision) VALUES (:poll, :key, :side,"
                    " :position, '', :text, 'published', '', :hour, :hour, 0, 1)"
                ),
                rows,
            )
            session.execute(text("INSERT INTO discussions VALUES (:poll, 1)"), {"poll": poll.id})

    return put


@pytest.fixture
def statements(app):
    """Counts what the database is asked."""
    asked = []
    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", lambda *about: asked.append(about[2]))
    return asked


def test_every_answer_has_its_side_also_without_reasons(app, poll, client):
    page = client.get(PAGE)
    assert "Nobody has said why yet." in words(page)

    said(app, poll, "No")

    assert "No reader who answered so has said why." in words(client.get(PAGE))


def test_each_side_gets_as_many_places(fill, client):
    fill(30)

    page = client.get(PAGE)

    assert len(shown(page)) == 10
    assert element(page, href="/polls/bridge/reasons/1") is not None


def test_a_side_goes_on_page_by_page(fill, client):
    fill(120)

    pages = [client.get(f"{PAGE}/1?order=newest&page={n}") for n in (1, 2, 3)]

    seen = [number for page in pages for number in shown(page)]
    assert (len(seen), len(set(seen))) == (60, 60)
    assert element(pages[0], rel="next").get("href") == f"{PAGE}/1?order=newest&page=2"
    assert element(pages[2], rel="next") is None


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/1?page=4", 404), ("/99", 404), ("/1?page=0", 400), ("/1?page=x", 400), ("/0", 404),
        ("/1?page=99999999", 400), ("/1?order=x", 400), ("/2147483648", 404), ("/-1", 404),
        ("/1?page=٢", 400),
    ],
)  # fmt: skip
def test_a_page_that_there_is_not(fill, client, path, status):
    fill(60)

    assert client.get(PAGE + path).status_code == status


def test_an_address_with_digits_of_another_script_is_none(poll, client):
    assert client.get(f"{PAGE}/١").status_code == 404


def test_a_text_has_an_address_of_its_own_with_all_replies(app, poll, client):
    reader, reason_id = said(app, poll, "Yes")
    for n in range(4):
        give_reply(app, reader, reason_id, f"Reply number {n} to this reason.")
    other = reader_of(app, poll, "No")
    give_reply(app, other, reason_id, "The fifth reply to it.")
    give_reply(app, other, reason_id, "The sixth reply to it.")

    assert "The sixth reply" not in words(client.get(PAGE))
    assert element(client.get(PAGE), href=f"/reasons/{reason_id}") is not None
    assert "The sixth reply" in words(client.get(f"/reasons/{reason_id}"))
    assert "The sixth reply" in words(client.get(f"/reasons/{newest(app)}"))


def test_what_was_removed_leaves_a_line_that_says_why(app, poll, client):
    _, reason_id = said(app, poll, "Yes", name="Ana")
    change(app, "UPDATE reasons SET state = 'removed', codes = 'insult'")
    change(app, "UPDATE discussions SET version = version + 1")

    told = read(client.get(PAGE), reason_id)

    assert told == "A moderator removed this text. It insults somebody."


def test_what_is_held_or_rejected_is_seen_by_nobody_else(app, poll, client):
    _, reason_id = said(app, poll, "Yes")
    for state in ("held", "rejected"):
        change(app, "UPDATE reasons SET state = :state", state=state)
        change(app, "UPDATE discussions SET version = version + 1")
        for path in (PAGE, "/polls/bridge/results", "/articles/town", "/api/v1/polls/bridge/reasons", f"{PAGE}.atom", f"{PAGE}/1"):  # fmt: skip
            assert TEXT not in client.get(path).text, path
        assert client.get(f"/reasons/{reason_id}").status_code == 404


def test_the_article_says_when_it_is_discussed(app, poll, client):
    assert "Answer a question above, then say why." in words(client.get("/articles/town"))
    said(app, poll, "Yes")
    assert TEXT in words(client.get("/articles/town"))

    change(app, "UPDATE articles SET discussion_opens_at = '2099-01-01 10:00:00.000000', revision = revision + 1")  # fmt: skip
    assert "The discussion opens on 1 January 2099" in words(client.get("/articles/town"))
    change(app, "UPDATE articles SET discussion_opens_at = '2026-01-01 10:00:00.000000', discussion_closes_at = '2026-01-02 10:00:00.000000', revision = revision + 1")  # fmt: skip
    assert "The discussion closed on 2 January 2026" in words(client.get("/articles/town"))
    assert TEXT in words(client.get("/articles/town"))
    change(app, "DELETE FROM reasons")
    change(app, "UPDATE discussions SET version = version + 1")
    change(app, "UPDATE articles SET discussion_opens_at = NULL, discussion_closes_at = NULL, revision = revision + 1")  # fmt: skip
    assert "The discussion is not open yet." in words(client.get("/articles/town"))


def test_a_withdrawn_article_is_gone_with_its_discussion(app, poll, client):
    said(app, poll, "Yes")
    change(app, "UPDATE articles SET withdrawn_at = '2026-11-20 10:00:00.000000', revision = revision + 1")  # fmt: skip

    answer = client.get("/articles/town")

    assert answer.status_code == 410
    assert TEXT not in answer.text


PUBLIC = [PAGE, f"{PAGE}/1", "/reasons/1", "/polls/bridge/results", "/articles/town", "/api/v1/polls/bridge/reasons", f"{PAGE}.atom", "/embed/polls/bridge/results"]  # fmt: skip


@pytest.mark.parametrize("path", PUBLIC)
def test_a_page_without_a_cookie_is_the_same_for_all_and_changes_with_the_discussion(
    app, poll, path
):
    reader, reason_id = said(app, poll, "Yes")
    one, other = (app.test_client().get(path) for _ in range(2))
    tag = one.headers["ETag"]
    assert "public" in one.headers["Cache-Control"]
    assert "s-maxage" in one.headers["Cache-Control"]
    assert "Set-Cookie" not in one.headers
    assert tag == other.headers["ETag"]
    if path != "/articles/town":  # options are shuffled there
        assert one.data == other.data
    again = app.test_client().get(path, headers={"If-None-Match": tag})
    assert again.status_code == 304

    give_reply(app, reader, reason_id, "A reply that is new here.")

    changed = app.test_client().get(path, headers={"If-None-Match": tag})
    assert (changed.status_code, changed.headers["ETag"] != tag) == (200, True)
    tag = changed.headers["ETag"]
    vote(reader, poll, "No")  # the position is told beside the text
    assert app.test_client().get(path, headers={"If-None-Match": tag}).status_code == 200


@pytest.mark.parametrize("path", [PAGE, f"{PAGE}/1", "/reasons/1", f"{PAGE}/mine", "/reasons/1/reply"])  # fmt: skip
def test_a_page_for_one_reader_is_kept_by_nobody(app, poll, path):
    reader, _ = said(app, poll, "Yes")

    assert reader.get(path).headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("path", [PAGE, f"{PAGE}?order=newest", f"{PAGE}/1?page=2", "/polls/bridge/results", "/articles/town", "/api/v1/polls/bridge/reasons", f"{PAGE}.atom", "/reasons/7"])  # fmt: skip
def test_ten_thousand_reasons_take_no_more_statements_than_sixty(app, poll, fill, statements, path):
    def asked():
        statements.clear()
        assert app.test_client().get(path).status_code == 200
        return len(statements)

    fill(60)
    asked()
    app.extensions["rendered"].clear() if "rendered" in app.extensions else None
    few = asked()
    change(app, "DELETE FROM reasons")
    change(app, "DELETE FROM discussions")
    fill(10_000)
    change(app, "UPDATE discussions SET version = 2")
    first = asked()
    app.extensions["rendered"].clear() if "rendered" in app.extensions else None

    assert asked() == few
    assert first - few <= 6  # the order, worked out once


def test_reasons_are_read_by_programs_page_by_page(app, poll, fill, client):
    fill(7)
    seen, address = [], "/api/v1/polls/bridge/reasons?limit=3"
    while address:
        page = client.get(address)
        seen += [one["id"] for one in page.json["reasons"]]
        address = page.json["next"] and page.json["next"].partition("8000")[2]
        assert ("Link" in page.headers) == bool(address)

    assert seen == [7, 6, 5, 4, 3, 2, 1]


@pytest.mark.parametrize("query", ["?limit=0", "?limit=x", "?limit=1&limit=2", "?cursor=AAAA", "?cursor="])  # fmt: skip
def test_what_programs_ask_for_is_checked(poll, client, query):
    answer = client.get(f"/api/v1/polls/bridge/reasons{query}")

    assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")


def test_the_json_of_a_reason(app, poll, client):
    reader, reason_id = said(app, poll, "Yes", name="Ana")
    other = reader_of(app, poll, "No")
    other.post(f"/reasons/{reason_id}/fair-point")
    give_reply(app, other, reason_id, "A reply to it, and no more.")
    vote(reader, poll, "No")

    told = client.get("/api/v1/polls/bridge/reasons").json

    yes, no, _ = ({"id": option.id, "label": option.label} for option in poll.options)
    assert (told["status"], told["next"]) == ("open", None)
    (one,) = told["reasons"]
    (reply,) = one.pop("replies")
    assert one == {
        "id": reason_id, "url": f"http://127.0.0.1:8000/reasons/{reason_id}", "state": "published",
        "by_newsroom": False, "name": "Ana", "text": TEXT, "hour": one["hour"],
        "edited_hour": None, "position": [yes], "position_now": [no],
        "fair_points": [{"option": no["id"], "fair_points": 1, "seen_by": 1}],
        "minds_changed": 0, "replies_in_all": 1,
    }  # fmt: skip
    assert one["hour"].endswith(":00:00Z")
    assert reply["text"] == "A reply to it, and no more."


def test_the_feed_has_the_newest_reasons(app, poll, client):
    _, reason_id = said(app, poll, "Yes", "Is 1 < 2 & 3 > 2? <b>So.</b>", name="Ana & Bo")

    answer = client.get(f"{PAGE}.atom")
    feed = feedparser.parse(answer.data)

    assert answer.mimetype == "application/atom+xml"
    assert not feed.bozo
    (entry,) = feed.entries
    assert entry.title == "A reader who answered Yes"
    assert entry.author == "Ana & Bo"
    assert entry.link == f"http://127.0.0.1:8000/reasons/{reason_id}"
    assert entry.content[0].value == "Is 1 < 2 & 3 > 2? <b>So.</b>"
    assert datetime.now(UTC).strftime("%Y-%m-%dT%H") in entry.updated


def test_an_empty_feed_is_one_too(poll, client):
    feed = feedparser.parse(client.get(f"{PAGE}.atom").data)

    assert not feed.bozo
    assert feed.entries == []


def test_the_policy_names_every_reason_to_refuse(client):
    told = words(client.get("/discussion-policy"))

    assert "It insults somebody." in told
    assert "at most 2,000 characters" in told
    assert "Text and name are erased at once" in told


def test_figures_of_those_who_saw_are_told_for_every_side(app, poll, client):
    _, reason_id = said(app, poll, "Yes")
    _, second = said(app, poll, "Yes", "A second reason, quite another.")
    for label, number in (("Yes", second), ("No", reason_id), ("No", second)):
        reader_of(app, poll, label).post(f"/reasons/{number}/fair-point")

    told = read(client.get(PAGE), reason_id)

    assert "Found fair by readers who answered Yes: 0 of 1; No: 1 of 2." in told
    assert article_of(client.get(PAGE), reason_id).get("aria-labelledby") == f"r-{reason_id}-by"


def test_every_page_of_reasons_says_that_ballots_were_made_up(app, poll, client):
    _, reason_id = said(app, poll, "Yes")
    change(app, "UPDATE polls SET simulated = true, revision = revision + 1")

    for path in (PAGE, f"{PAGE}/{poll.options[0].id}", f"/reasons/{reason_id}"):
        assert element(client.get(path), class_="simulated") is not None


def test_a_reply_is_announced_as_one(app, poll, client):
    _, reason_id = said(app, poll, "Yes", name="Ana")
    give_reply(app, reader_of(app, poll, "No"), reason_id, "It is not so.", name="Ben")

    page = client.get(PAGE)

    assert read(page, newest(app)).startswith("Reply by Ben, answered No")
    assert read(page, reason_id).startswith("Ana, answered Yes")


def test_nobody_is_waited_for_where_nobody_can_write(app, poll, client):
    change(app, "UPDATE articles SET discussion_closes_at = '2026-01-02 00:00:00.000000', discussion_opens_at = '2026-01-01 00:00:00.000000', revision = revision + 1")  # fmt: skip

    page = client.get(PAGE)

    assert "The discussion closed on 2 January 2026" in words(page)
    assert "Nobody has said why yet." not in words(page)


def test_who_waits_for_a_moderator_is_not_told_to_write(app, client):
    (held,) = discussed(app, NewPoll("Is it held?", options=("Yes", "No"), slug="held"), slug="held", moderation="before")  # fmt: skip
    writer, _ = said(app, held, "Yes")

    assert "Whoever has answered the question can." in words(client.get("/polls/held/results"))
    assert "Whoever has answered" not in words(writer.get("/polls/held/results"))


def test_the_question_leads_to_its_reasons_where_it_is_discussed(app, poll, client):
    new_article(app, NewPoll("Alone?", options=("Yes", "No"), slug="alone"), slug="quiet")
    first = client.get("/polls/bridge")

    assert element(first, href=PAGE) is not None
    assert element(client.get("/polls/alone"), href="/polls/alone/reasons") is None
    change(app, "UPDATE articles SET discussion_closes_at = '2026-01-02 00:00:00.000000', discussion_opens_at = '2026-01-01 00:00:00.000000', revision = revision + 1")  # fmt: skip
    closed = client.get("/polls/bridge")
    assert element(closed, href=PAGE) is None
    assert closed.headers["ETag"] != first.headers["ETag"]
