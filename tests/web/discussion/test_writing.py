"""Writing a reason: the box, preview, errors, what the writer sees of it afterwards."""

import re

import pytest

from poll_app.services.polls import NewPoll
from tests.web.acts import change, element, everything, post, rows, text_of, vote, words
from tests.web.discussion.talkers import (
    TEXT,
    discussed,
    give_reason,
    give_reply,
    made,
    newest,
    read,
    reader_of,
    said,
    stored,
)

POLL = NewPoll("Shall we build the bridge?", options=("Yes", "No"), not_sure="Not sure", slug="bridge")  # fmt: skip


@pytest.fixture
def poll(app):
    (poll,) = discussed(app, POLL)
    return poll


@pytest.fixture
def reader(app, poll):
    return reader_of(app, poll, "Yes")


def test_who_has_answered_is_asked_why(reader, client):
    page = reader.get("/polls/bridge/results")

    assert element(page, id="text") is not None
    assert "At most 2,000 characters." in words(page)
    assert element(page, href="/discussion-policy") is not None
    assert element(client.get("/polls/bridge/results"), id="text") is None


def test_a_reason_is_published_and_shown_with_the_position(app, poll, reader, client):
    answer = give_reason(app, reader, poll, name="Ana")

    assert answer.status_code == 303
    assert answer.location == "/polls/bridge/reasons/mine#code"  # which is shown only once
    told = read(client.get("/polls/bridge/reasons"), newest(app))
    assert told.startswith("Ana, answered Yes")
    assert TEXT in told
    assert "Your reason is published." in words(reader.get("/polls/bridge/results"))


def test_a_preview_stores_nothing_and_keeps_what_was_typed(app, poll, reader):
    before = everything(app)

    page = give_reason(app, reader, poll, "One.\n\nTwo: https://example.org/a.", do="preview")

    assert page.status_code == 200
    assert everything(app) == before
    link = element(page, href="https://example.org/a")
    assert link.get("rel") == "nofollow ugc noopener noreferrer"
    assert element(page, id="text").text.strip() == "One.\n\nTwo: https://example.org/a."
    assert "answered Yes" in words(page)


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"text": "  \n "}, "Enter some text."),
        ({"text": "\u200b\u2060"}, "Enter some text."),
        ({"text": "x" * 2_001}, "Use at most 2,000 characters, not 2,001."),
        ({"text": "a\x00b"}, "Remove the control characters."),
        ({"text": TEXT, "name": "The Editor"}, "could be taken for somebody of the newsroom"),
        ({"text": TEXT, "name": "x" * 41}, "Use at most 40 characters, not 41."),
    ],
)
@pytest.mark.parametrize("do", ["send", "preview"])
def test_what_can_not_stand_there_is_told_and_kept(app, poll, reader, fields, told, do):
    before = everything(app)

    page = give_reason(app, reader, poll, **fields, do=do)

    assert page.status_code == 422
    assert told in words(page)
    assert "Error: " in page.text
    assert element(page, class_="error_summary") is not None
    assert fields.get("name", "") == (element(page, id="name").get("value") or "")
    assert everything(app) == before


def test_a_browser_without_an_answer_is_led_to_the_question(app, poll, client):
    page = give_reason(app, client, poll)

    assert page.status_code == 422
    assert "Answer the question first" in words(page)
    assert element(page, href="/polls/bridge") is not None
    assert "Set-Cookie" not in page.headers
    assert rows(app, "SELECT count(*) FROM reasons") == [(0,)]


def test_who_withdrew_the_answer_is_led_there_too(app, poll, reader):
    post(reader, "/polls/bridge/withdraw")

    assert give_reason(app, reader, poll).status_code == 422


def test_another_site_can_not_send_a_reason(app, poll, reader):
    answer = reader.post("/polls/bridge/reasons", data={"text": TEXT}, headers={"Sec-Fetch-Site": "cross-site"})  # fmt: skip

    assert answer.status_code == 403
    assert rows(app, "SELECT count(*) FROM reasons") == [(0,)]


def test_a_client_that_says_nothing_of_its_origin_confirms(app, poll, reader):
    data = {"text": "A first line.\n\nA second one.", "made": made(app, f"reason {poll.id}")}
    asked = reader.post("/polls/bridge/reasons", data=data, from_elsewhere=True)
    confirm = element(asked, name="confirm").get("value")

    answer = reader.post("/polls/bridge/reasons", data={**data, "confirm": confirm}, from_elsewhere=True)  # fmt: skip

    assert (asked.status_code, answer.status_code) == (200, 303)
    assert stored(app, newest(app))[3] == "A first line.\n\nA second one."


def test_what_no_person_does_is_held_and_its_writer_told_why(app, poll, reader, client):
    reader.post("/polls/bridge/reasons", data={"text": TEXT, "link": "https://x.example"})

    page = reader.get("/polls/bridge/reasons/mine")
    assert stored(app, newest(app))[:2] == ("held", "too_fast honeypot")
    assert "held for review, only you see it" in words(page)
    assert "A field was filled in that is meant to stay empty." in words(page)
    assert TEXT not in client.get("/polls/bridge/reasons").text
    assert client.get(f"/reasons/{newest(app)}").status_code == 404


def test_a_forged_time_of_the_form_tells_nothing(app, poll, reader):
    give_reason(app, reader, poll, made="1.x")

    assert stored(app, newest(app))[1] == "too_fast"


def test_a_preview_keeps_the_time_of_its_first_form(app, poll, reader):
    stamp = made(app, f"reason {poll.id}")

    page = give_reason(app, reader, poll, do="preview", made=stamp)

    assert element(page, name="made").get("value") == stamp


def test_until_when_it_can_be_changed_is_told_with_the_zone(app, poll, reader):
    give_reason(app, reader, poll)

    page = reader.get("/polls/bridge/reasons/mine")

    assert re.search(r"change it until \d+ \w+ \d{4}, \d\d:00 UTC, and delete", words(page))


def test_what_is_written_later_is_where_its_writer_is_led(app, poll, reader):
    _, reason_id = said(app, poll, "No")
    give_reason(app, reader, poll)

    answer = give_reply(app, reader, reason_id)

    assert answer.location == f"/polls/bridge/reasons/mine#r-{newest(app)}"


def test_a_rejected_reason_says_why(app, poll, reader):
    give_reason(app, reader, poll)
    change(app, "UPDATE reasons SET state = 'rejected', codes = 'insult'")

    page = reader.get("/polls/bridge/reasons/mine")

    assert "Your reason: not published" in words(page)
    assert "It insults somebody." in words(page)


def test_nobody_gives_two_reasons(app, poll, reader):
    give_reason(app, reader, poll)

    page = give_reason(app, reader, poll, "Another one, with other words.")

    assert page.status_code == 422
    assert "You have given a reason already." in words(page)
    assert "Another one" in page.text


def test_a_closed_discussion_takes_nothing(app, poll, reader):
    _, reason_id = said(app, poll, "No")
    change(app, "UPDATE articles SET discussion_closes_at = '2026-01-02 00:00:00.000000', discussion_opens_at = '2026-01-01 00:00:00.000000', revision = revision + 1")  # fmt: skip

    answers = [
        give_reason(app, reader, poll),
        give_reply(app, reader, reason_id),
        reader.get(f"/reasons/{reason_id}/reply"),
        reader.post(f"/reasons/{reason_id}/fair-point"),
        reader.post(f"/reasons/{reason_id}/changed-my-mind"),
    ]

    assert [answer.status_code for answer in answers] == [409] * 5
    assert "The discussion closed on 2 January 2026" in words(answers[0])
    page = reader.get("/polls/bridge/reasons")
    assert "Fair point" not in words(page)
    assert element(reader.get("/polls/bridge/results"), id="text") is None


# The return code


def test_the_return_code_is_shown_once_after_the_first_text(app, poll, reader):
    give_reason(app, reader, poll)

    first, second = (reader.get("/polls/bridge/reasons/mine") for _ in range(2))

    assert re.search(r"Your return code: [0-9A-Z]{4}(-[0-9A-Z]{4}){3} ", words(first))
    assert "from any device" in words(first)
    assert "Your return code:" not in words(second)
    assert "no-store" in first.headers["Cache-Control"]


def test_a_new_return_code_replaces_the_old_one(app, poll, reader):
    give_reason(app, reader, poll)
    old = element(reader.get("/polls/bridge/reasons/mine"), class_="code").text

    answer = reader.post("/polls/bridge/reasons/code")
    new = element(reader.get("/polls/bridge/reasons/mine"), class_="code").text

    assert answer.status_code == 303
    assert new != old
    assert app.test_client().post("/return", data={"code": old}).status_code == 422
    assert app.test_client().post("/return", data={"code": new}).status_code == 200


def test_a_network_makes_only_so_many_return_codes(app, poll, reader):
    give_reason(app, reader, poll)

    answers = [reader.post("/polls/bridge/reasons/code") for _ in range(31)]

    assert [answer.status_code for answer in answers] == [303] * 30 + [429]


def test_the_cookie_with_the_code_goes_to_its_page_only_and_says_nothing_to_another_reader(
    app, poll, reader
):
    answer = give_reason(app, reader, poll)
    cookie = next(c for c in answer.headers.getlist("Set-Cookie") if c.startswith("once="))

    assert "Path=/polls/bridge/reasons/mine" in cookie
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    other = reader_of(app, poll, "No")
    other.set_cookie("once", cookie.split(";")[0].removeprefix("once="))
    assert "Your return code" not in words(other.get("/polls/bridge/reasons/mine"))


# Changing and deleting


def test_a_change_is_visible_with_what_stood_there(app, poll, client):
    reader, reason_id = said(app, poll, "Yes")

    page = reader.get(f"/reasons/{reason_id}/edit")
    assert element(page, id="text").text.strip() == TEXT
    data = {"text": "Because of the floods.", "made": made(app, f"edit {reason_id}")}
    answer = reader.post(f"/reasons/{reason_id}/edit", data=data)

    assert answer.status_code == 303
    told = read(client.get(f"/reasons/{reason_id}"), reason_id)
    assert "Because of the floods." in told
    assert "Changed; see the earlier text" in told
    assert TEXT in told


def test_a_name_that_its_writer_took_back_is_shown_no_more(app, poll, client):
    reader, reason_id = said(app, poll, "Yes", name="Anna Abend")
    assert "Anna Abend" in words(client.get(f"/reasons/{reason_id}"))

    data = {"text": TEXT, "made": made(app, f"edit {reason_id}")}
    reader.post(f"/reasons/{reason_id}/edit", data=data)

    page = words(client.get(f"/reasons/{reason_id}"))
    assert "Changed; see the earlier text" in page
    assert "Anna Abend" not in page


def test_a_preview_of_a_change_changes_nothing(app, poll):
    reader, reason_id = said(app, poll, "Yes")
    before = everything(app)

    page = reader.post(f"/reasons/{reason_id}/edit", data={"text": "New.", "do": "preview"})

    assert page.status_code == 200
    assert everything(app) == before


def test_what_is_deleted_is_gone_at_once(app, poll, client):
    reader, reason_id = said(app, poll, "Yes", name="Ana")
    assert "Delete for good" in words(reader.get(f"/reasons/{reason_id}/delete"))

    answer = reader.post(f"/reasons/{reason_id}/delete")

    assert answer.status_code == 303
    assert answer.location == "/polls/bridge/reasons/mine?deleted=1#deleted"
    assert text_of(element(reader.get(answer.location), id="deleted")) == "Your text was deleted."
    assert element(reader.get("/polls/bridge/reasons/mine"), id="deleted") is None
    assert stored(app, reason_id) == ("deleted", "", "", "")
    assert TEXT not in client.get("/polls/bridge/reasons").text
    assert "Why did you answer so?" in words(reader.get("/polls/bridge/results"))


@pytest.mark.parametrize("act", ["edit", "delete"])
def test_nobody_touches_the_text_of_somebody_else(app, poll, reader, client, act):
    _, reason_id = said(app, poll, "No")
    before = everything(app)

    for browser in (reader, client):
        assert browser.get(f"/reasons/{reason_id}/{act}").status_code == 404
        assert browser.post(f"/reasons/{reason_id}/{act}", data={"text": "X."}).status_code == 404
    assert everything(app) == before


@pytest.mark.parametrize("number", ["0", "99", "2147483648", "99999999999999999999"])
@pytest.mark.parametrize("act", ["", "/reply", "/edit", "/delete", "/report", "/fair-point", "/changed-my-mind"])  # fmt: skip
def test_a_text_that_there_is_not_is_not_found(poll, reader, number, act):
    path = f"/reasons/{number}{act}"
    fetched, posted = reader.get(path), reader.post(path, data={"text": TEXT, "code": "hate"})

    assert fetched.status_code in {404, 405}
    assert posted.status_code in {404, 405}
    assert 404 in {fetched.status_code, posted.status_code}


# Replies


def test_a_reply_stands_below_what_it_replies_to(app, poll, reader, client):
    _, reason_id = said(app, poll, "No")
    assert TEXT in words(reader.get(f"/reasons/{reason_id}/reply"))

    answer = give_reply(app, reader, reason_id, "It floods only once in ten years.", name="Bo")

    assert answer.status_code == 303
    told = read(client.get("/polls/bridge/reasons"), newest(app))
    assert told.startswith("Reply by Bo, answered Yes")
    assert newest(app) != reason_id


def test_a_reply_takes_no_reply(app, poll, reader):
    _, reason_id = said(app, poll, "No")
    give_reply(app, reader, reason_id)

    assert reader.get(f"/reasons/{newest(app)}/reply").status_code == 404
    assert give_reply(app, reader, newest(app), "More.").status_code == 404


def test_who_has_not_answered_is_led_to_the_question_from_the_form_of_a_reply(app, poll, client):
    _, reason_id = said(app, poll, "No")

    assert "Answer the question first" in words(client.get(f"/reasons/{reason_id}/reply"))


def test_too_many_texts_are_told_with_the_text_kept(app, poll, reader):
    _, reason_id = said(app, poll, "No")
    for n in range(5):
        assert give_reply(app, reader, reason_id, f"Reply number {n} of this reader.").status_code == 303  # fmt: skip

    page = give_reply(app, reader, reason_id, "One more reply of mine.")

    assert page.status_code == 429
    assert "You can write 5 texts an hour." in words(page)
    assert "One more reply of mine." in page.text
    assert page.headers["Retry-After"]


def test_a_network_that_sends_much_is_slowed_down(make_app):
    app = make_app(POLL_VOTE_LIMIT="1000 per minute")
    (poll,) = discussed(app, POLL)
    readers = [reader_of(app, poll, "Yes") for _ in range(21)]

    answers = [give_reason(app, one, poll, f"{TEXT} {n}") for n, one in enumerate(readers)]

    assert [a.status_code for a in answers[:20]] == [303] * 20
    assert answers[20].status_code == 429
    assert "Much came from your network" in words(answers[20])


def test_the_position_held_when_writing_stays_beside_a_later_one(app, poll, client):
    reader, reason_id = said(app, poll, "Yes")

    vote(reader, poll, "No")
    assert "answered Yes when writing, No now" in read(
        client.get("/polls/bridge/reasons"), reason_id
    )
    post(reader, "/polls/bridge/withdraw")
    assert "answered Yes when writing and withdrew the answer since" in read(
        client.get("/polls/bridge/reasons"), reason_id
    )
