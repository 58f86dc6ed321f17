"""Fair points, changed minds, reports: who may, how often it counts, what the page says then."""

import pytest

from poll_app.services.polls import NewPoll
from tests.web.acts import change, element, everything, post, rows, vote, words
from tests.web.discussion.talkers import (
    article_of,
    discussed,
    give_reply,
    newest,
    read,
    reader_of,
    said,
    shown,
    stored,
)

POLL = NewPoll("Shall we build the bridge?", options=("Yes", "No"), slug="bridge")
PAGE = "/polls/bridge/reasons"


@pytest.fixture
def poll(app):
    (poll,) = discussed(app, POLL)
    return poll


@pytest.fixture
def reason_id(app, poll):
    return said(app, poll, "Yes")[1]


@pytest.fixture
def other(app, poll):
    return reader_of(app, poll, "No")


def pressed(page, reason_id, action):
    """Whether the button of this text is pressed; None where there is none."""
    for form in article_of(page, reason_id).iter("{http://www.w3.org/1999/xhtml}form"):
        if form.get("action") == f"/reasons/{reason_id}/{action}":
            return form.find(".//{http://www.w3.org/1999/xhtml}button").get("aria-pressed") == "true"  # fmt: skip
    return None


def test_a_fair_point_counts_once_and_is_taken_back(app, poll, reason_id, other, client):
    assert pressed(other.get(PAGE), reason_id, "fair-point") is False

    for _ in range(2):
        assert other.post(f"/reasons/{reason_id}/fair-point", data={"mark": "on"}).status_code == 303  # fmt: skip
    assert "Found fair by readers who answered No: 1 of 1." in read(client.get(PAGE), reason_id)
    assert pressed(other.get(PAGE), reason_id, "fair-point") is True

    other.post(f"/reasons/{reason_id}/fair-point", data={"mark": "off"})
    assert "Found fair" not in read(client.get(PAGE), reason_id)


def test_a_post_that_says_nothing_turns_the_mark(app, poll, reason_id, other):
    for count in (1, 0, 1):
        other.post(f"/reasons/{reason_id}/fair-point")
        assert rows(app, "SELECT count(*) FROM fair_points") == [(count,)]


@pytest.mark.parametrize(
    ("fields", "address"),
    [
        ({}, "/reasons/{id}#r-{id}"),
        ({"here": "reasons"}, "/polls/bridge/reasons#r-{id}"),
        ({"here": "reasons", "order": "newest"}, "/polls/bridge/reasons?order=newest#r-{id}"),
        ({"here": "side", "side": "7", "page": "3"}, "/polls/bridge/reasons/7?page=3#r-{id}"),
        ({"here": "results"}, "/polls/bridge/results#r-{id}"),
        ({"here": "https://evil.example"}, "/reasons/{id}#r-{id}"),
    ],
)
def test_a_mark_leads_back_to_where_it_was_made(poll, reason_id, other, fields, address):
    answer = other.post(f"/reasons/{reason_id}/fair-point", data=fields)

    assert answer.location == address.format(id=reason_id)


@pytest.mark.parametrize("fields", [{"here": "side", "side": "x"}, {"here": "side", "side": "1", "page": "0"}, {"here": "reasons", "order": "loudest"}])  # fmt: skip
def test_a_made_up_place_is_refused(poll, reason_id, other, fields):
    assert other.post(f"/reasons/{reason_id}/fair-point", data=fields).status_code == 400


@pytest.mark.parametrize("act", ["fair-point", "changed-my-mind"])
def test_only_who_has_answered_marks(app, poll, reason_id, client, act):
    before = everything(app)

    page = client.post(f"/reasons/{reason_id}/{act}")

    assert page.status_code == 422
    assert "Answer the question first" in words(page)
    assert element(page, href="/polls/bridge") is not None
    assert everything(app) == before


def test_nobody_marks_the_own_reason(app, poll):
    reader, reason_id = said(app, poll, "Yes")

    assert pressed(reader.get(PAGE), reason_id, "fair-point") is None
    page = reader.post(f"/reasons/{reason_id}/fair-point")
    assert (page.status_code, rows(app, "SELECT count(*) FROM fair_points")) == (422, [(0,)])


def test_what_both_sides_find_fair_stands_first(app, poll, client):
    loud, bridge = (said(app, poll, "Yes", text)[1] for text in ("Loud: of course!", "Quiet, and fair to all."))  # fmt: skip
    yes = [reader_of(app, poll, "Yes") for _ in range(4)]
    no = reader_of(app, poll, "No")
    for one in yes:
        one.post(f"/reasons/{loud}/fair-point", data={"mark": "on"})
    for one in (yes[0], no):
        one.post(f"/reasons/{bridge}/fair-point", data={"mark": "on"})

    assert shown(client.get(PAGE)) == [bridge, loud]
    assert shown(client.get(f"{PAGE}?order=most_marked")) == [loud, bridge]
    assert shown(client.get(f"{PAGE}?order=newest")) == [bridge, loud]
    assert client.get(f"{PAGE}?order=loudest").status_code == 400


def test_who_changed_the_answer_names_the_reason_that_did_it(app, poll, reason_id, other, client):
    assert pressed(other.get(PAGE), reason_id, "changed-my-mind") is None
    vote(other, poll, "Yes")
    assert "You have changed your answer." in words(other.get("/polls/bridge/results"))

    assert other.post(f"/reasons/{reason_id}/changed-my-mind").status_code == 303
    assert "Changed 1 mind." in read(client.get(PAGE), reason_id)
    assert pressed(other.get(PAGE), reason_id, "changed-my-mind") is True

    other.post(f"/reasons/{reason_id}/changed-my-mind")
    assert "Changed 1 mind." not in read(client.get(PAGE), reason_id)


def test_who_did_not_change_the_answer_names_none(app, poll, reason_id, other):
    page = other.post(f"/reasons/{reason_id}/changed-my-mind")

    assert page.status_code == 422
    assert "You have not changed your answer" in words(page)


def test_a_text_is_reported_on_a_page_of_its_own(app, poll, reason_id, other):
    page = other.get(f"/reasons/{reason_id}/report")
    assert "It insults somebody." in words(page)

    answer = other.post(f"/reasons/{reason_id}/report", data={"code": "insult"})

    assert answer.location == "/polls/bridge/reasons?reported=1#reported"
    assert "A moderator looks at what readers report." in words(other.get(answer.location))
    assert "Take my report back" in words(other.get(f"/reasons/{reason_id}/report"))
    other.post(f"/reasons/{reason_id}/report")
    assert rows(app, "SELECT count(*) FROM reports") == [(0,)]


def test_a_report_says_what_is_wrong(app, poll, reason_id, other):
    for code in ("", "nonsense", "duplicate"):
        page = other.post(f"/reasons/{reason_id}/report", data={"code": code})
        assert page.status_code == 422
        assert "What is wrong with it? Choose what is wrong with it." in words(page)


def test_a_reader_who_has_not_answered_reports_too_but_does_not_weigh(app, poll, reason_id):
    for _ in range(4):
        answer = post(app.test_client(), f"/reasons/{reason_id}/report", {"code": "hate"})
        assert answer.status_code == 303

    assert stored(app, reason_id)[0] == "published"


def test_several_reports_hold_a_text_until_somebody_looks(app, poll, reason_id, client):
    for _ in range(3):
        reader_of(app, poll, "No").post(f"/reasons/{reason_id}/report", data={"code": "hate"})

    assert stored(app, reason_id)[:2] == ("held", "reports")
    assert client.get(f"/reasons/{reason_id}/report").status_code == 404
    assert shown(client.get(PAGE)) == []


def test_of_the_reports_from_one_network_the_first_weighs(make_app):
    app = make_app(POLL_VOTE_LIMIT="1000 per minute")
    bridge, tunnel = discussed(app, POLL, NewPoll("Or a tunnel?", options=("Yes", "No")))
    (_, reason_id), (_, other_id) = said(app, bridge, "Yes"), said(app, tunnel, "Yes")

    def report(poll, id_, *networks):
        for network in networks:
            sender = reader_of(app, poll, "No")
            sender.environ_base["REMOTE_ADDR"] = f"198.51.{network}.7"
            sender.post(f"/reasons/{id_}/report", data={})  # without a code it takes no turn
            assert sender.post(f"/reasons/{id_}/report", data={"code": "hate"}).status_code == 303

    report(bridge, reason_id, 1, 1, 1, 2)
    assert stored(app, reason_id)[0] == "published"
    assert rows(app, "SELECT reports FROM reasons WHERE id = :id", id=reason_id) == [(4,)]
    report(tunnel, other_id, 1, 2)
    report(bridge, reason_id, 3)

    assert stored(app, reason_id)[:2] == ("held", "reports")
    assert rows(app, "SELECT sum(weighs) FROM reports") == [(5,)]


def test_a_reply_is_reported_as_well(app, poll, reason_id, other):
    give_reply(app, other, reason_id, "It does not flood that often.")
    reader = reader_of(app, poll, "Yes")

    assert reader.get(f"/reasons/{newest(app)}/report").status_code == 200
    assert reader.post(f"/reasons/{newest(app)}/report", data={"code": "hate"}).status_code == 303


def test_a_client_without_origin_and_cookie_reports_after_confirming(app, poll, reason_id):
    client = app.test_client()
    asked = client.post(f"/reasons/{reason_id}/report", data={"code": "hate"}, from_elsewhere=True)

    assert asked.status_code == 200
    assert "Please confirm" in words(asked)


def test_a_browser_that_keeps_no_cookie_is_told_why(app, poll, reason_id):
    client = app.test_client(use_cookies=False)

    page = post(client, f"/reasons/{reason_id}/report", {"code": "hate"})

    assert page.status_code == 403
    assert "did not keep the cookie" in words(page)


@pytest.mark.parametrize("policy", ["after_vote", "after_close"])
def test_figures_of_sides_and_answers_of_today_wait_for_the_result(app, client, policy):
    (poll,) = discussed(app, NewPoll("Hidden?", options=("Yes", "No"), slug="hidden", results_policy=policy))  # fmt: skip
    writer, reason_id = said(app, poll, "Yes")
    other = reader_of(app, poll, "No")
    other.post(f"/reasons/{reason_id}/fair-point")
    for reader, label in ((writer, "No"), (other, "Yes")):
        vote(reader, poll, label)
    other.post(f"/reasons/{reason_id}/changed-my-mind")

    def told():
        (one,) = client.get("/api/v1/polls/hidden/reasons").json["reasons"]
        return one["position"][0]["label"], *map(one.get, ("position_now", "fair_points", "minds_changed"))  # fmt: skip

    page = client.get("/polls/hidden/reasons")
    assert "answered Yes when writing " in read(page, reason_id)
    assert "1 reader found it fair." in read(page, reason_id)
    for figure in ("1 of 1", "1 reason", "No now", "Changed"):
        assert figure not in words(page)
    assert told() == ("Yes", None, None, None)

    change(app, "UPDATE polls SET closes_at = '2026-02-01 00:00:00', revision = revision + 1")
    page = client.get("/polls/hidden/reasons")
    assert "answered Yes when writing, No now" in read(page, reason_id)
    assert "Yes: 1 of 1. Changed 1 mind." in read(page, reason_id)  # the mark went with the answer
    position, now, marks, minds = told()
    assert (position, now[0]["label"], marks[0]["fair_points"], minds) == ("Yes", "No", 1, 1)


def test_a_newsroom_reply_is_marked_and_not_reported(app, poll, reason_id, client):
    change(app, "INSERT INTO accounts (email, name, role, created_at) VALUES ('a@b.example', 'Ed Itor', 'editor', '2026-01-01 00:00:00.000000')")  # fmt: skip
    change(app, "INSERT INTO reasons (poll_id, parent_id, account_id, position, name, text, state, codes, hour, published_hour, reports, revision) SELECT poll_id, id, 1, '', 'Ed Itor', 'We have asked.', 'published', '', hour, hour, 0, 1 FROM reasons")  # fmt: skip
    change(app, "UPDATE discussions SET version = version + 1")

    told = read(client.get(PAGE), newest(app))

    assert told.startswith("Reply by Ed Itor Newsroom")
    assert "Report" not in told
