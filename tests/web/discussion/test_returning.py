"""The way back from another device with a return code."""

from datetime import UTC, datetime, timedelta

import pytest

from poll_app.domain.accounts import COMMAND_LINE
from poll_app.services.desk.wording import reword
from poll_app.services.polls import NewPoll
from tests.web.acts import (
    OPENED,
    change,
    element,
    everything,
    ids_of,
    new_article,
    rows,
    vote,
    words,
)
from tests.web.discussion.talkers import (
    TEXT,
    discussed,
    give_reason,
    made,
    newest,
    reader_of,
    said,
    stored,
)

POLL = NewPoll("Shall we build the bridge?", options=("Yes", "No"), slug="bridge")


@pytest.fixture
def poll(app):
    (poll,) = discussed(app, POLL)
    return poll


@pytest.fixture
def code(app, poll):
    """The code of a reader who answered Yes and wrote text 1."""
    reader, reason_id = said(app, poll, "Yes")
    assert reason_id == 1
    return element(reader.get("/polls/bridge/reasons/mine"), class_="code").text


@pytest.fixture
def back(client, code):
    """Sends the code with what one button does."""
    return lambda act="", **fields: client.post("/return", data={"code": code, "act": act, **fields})  # fmt: skip


def test_the_code_opens_answer_and_text_and_sets_no_cookie(back):
    page = back()

    assert page.status_code == 200
    assert "You answered: Yes." in words(page)
    assert TEXT in words(page)
    assert "Set-Cookie" not in page.headers
    assert "no-store" in page.headers["Cache-Control"]


def test_the_code_is_taken_however_it_is_typed(client, code):
    assert client.post("/return", data={"code": f" {code.lower().replace('-', ' ')} "}).status_code == 200  # fmt: skip


@pytest.mark.parametrize("typed", ["", "0000-0000-0000-0000", "ABC", "x" * 60_000, "\u0660" * 16, "a\x00b"])  # fmt: skip
def test_what_is_no_code_is_told(app, client, typed):
    page = client.post("/return", data={"code": typed})

    assert page.status_code == 422
    assert element(page, class_="error_summary") is not None


def test_codes_are_not_to_be_guessed(client):
    answers = [client.post("/return", data={"code": "0000-0000-0000-0000"}) for _ in range(31)]

    assert [a.status_code for a in answers[:30]] == [422] * 30
    assert answers[30].status_code == 429
    assert answers[30].headers["Retry-After"]


def test_the_answer_is_changed_and_withdrawn(app, poll, back):
    page = back("vote", option=ids_of(poll, "No"))
    assert "Your answer was changed." in words(page)
    assert rows(app, "SELECT option_id FROM choices") == [(int(ids_of(poll, "No")[0]),)]

    page = back("withdraw")
    assert "Your answer was withdrawn." in words(page)
    assert rows(app, "SELECT count(*) FROM choices") == [(0,)]


@pytest.mark.parametrize("option", [[], ["99"], ["x"], ["1", "2"]])
def test_an_answer_that_can_not_be_changes_nothing(app, back, option):
    before = everything(app)

    assert back("vote", option=option).status_code == 422
    assert everything(app) == before


def test_a_closed_question_is_not_answered_again(app, poll, back):
    change(app, "UPDATE polls SET closes_at = '2026-02-01 00:00:00.000000', revision = revision + 1")  # fmt: skip
    before = everything(app)

    assert "the answer can’t be changed" in words(back())
    assert back("vote", option=ids_of(poll, "No")).status_code == 409
    assert back("withdraw").status_code == 409
    assert everything(app) == before


def test_the_text_is_changed_with_a_preview(app, back):
    assert element(back("edit", id="1"), id="text").text.strip() == TEXT
    fields = {"id": "1", "text": "Because of the floods.", "made": made(app, "edit 1")}

    seen = back("save", do="preview", **fields)
    assert "Nothing is sent yet." in words(seen)
    assert stored(app, 1)[3] == TEXT

    assert "Your text was changed." in words(back("save", do="send", **fields))
    assert stored(app, 1)[3] == "Because of the floods."


def test_the_text_is_deleted_after_asking(app, back):
    assert "Delete for good Keep it" in words(back("delete", id="1"))
    assert stored(app, 1)[3] == TEXT

    page = back("erase", id="1")

    assert "Your text was deleted." in words(page)
    assert stored(app, 1)[3] == ""


@pytest.mark.parametrize("act", ["edit", "save", "delete", "erase"])
def test_a_code_reaches_no_text_of_somebody_else(app, poll, back, act):
    _, foreign = said(app, poll, "No", "Somebody else wrote this.")
    before = everything(app)

    assert back(act, id=str(foreign), text="X.").status_code == 404
    assert back(act, id="1x", text="X.").status_code == 422
    assert everything(app) == before


def test_a_code_reaches_no_other_question(app, back):
    other, *_ = new_article(app, NewPoll("Other?", options=("Yes", "No"), slug="other"), slug="two")

    assert back("vote", option=ids_of(other, "Yes")).status_code == 422
    assert rows(app, "SELECT count(*) FROM ballots WHERE poll_id = :id", id=other.id) == [(0,)]


@pytest.mark.parametrize("act", ["edit", "save", "delete", "erase"])
def test_a_code_reaches_no_text_to_a_question_that_is_compared_with_its_own(app, client, act):
    one, other = discussed(
        app,
        NewPoll("One?", options=("Yes", "No"), slug="one"),
        NewPoll("Other?", options=("Yes", "No"), slug="other"),
        voter_salt=b"the same for both",
    )
    reader, _ = said(app, one, "Yes", "Why I answered the first one so.")
    vote(reader, other, "Yes")
    give_reason(app, reader, other)
    second = newest(app)
    code = element(reader.get("/polls/one/reasons/mine"), class_="code").text
    before = everything(app)

    told = {"code": code, "act": act, "id": str(second), "text": "X."}
    assert client.post("/return", data=told).status_code == 404
    assert everything(app) == before


def put_new_wording(app, poll, new, *, now):
    """The question with another meaning, whatever its check says of that."""
    why = {"reason": "A tunnel.", "in_spite": "It is a test."}
    with app.app_context():
        reword("bridge", new, **why, revision=poll.revision[1], by=COMMAND_LINE, now=now)


def test_a_code_for_a_question_that_was_reworded_still_opens_the_text(app, poll, back):
    new = NewPoll("Shall we dig a tunnel?", options=("Yes", "No"))
    put_new_wording(app, poll, new, now=datetime.now(UTC))

    page = back()

    assert page.status_code == 200
    assert "Shall we build the bridge?" in words(page)
    assert TEXT in words(page)
    assert "the answer can’t be changed" in words(page)
    assert "Your text was deleted." in words(back("erase", id="1"))


def test_what_was_said_of_an_earlier_wording_stays_with_it(app, poll, code, client):
    new = NewPoll("Shall we dig a tunnel?", options=("Yes", "No"))
    put_new_wording(app, poll, new, now=datetime.now(UTC))

    page = client.get("/polls/bridge/reasons")
    assert TEXT not in words(page)
    assert "1 reason was given to an earlier wording: Shall we build the bridge?" in words(page)
    earlier = client.get("/polls/bridge/reasons/wordings/1")
    assert TEXT in words(earlier)
    assert element(earlier, class_="simulated") is None
    change(app, "UPDATE polls SET simulated = true, revision = revision + 1")
    earlier = client.get("/polls/bridge/reasons/wordings/1")
    assert element(earlier, class_="simulated") is not None
    assert "Fair point" not in words(earlier)
    assert client.get("/polls/bridge/reasons/wordings/2").status_code == 404


def test_figures_about_an_earlier_wording_wait_for_the_present_result(app, poll, code, client):
    reader_of(app, poll, "No").post("/reasons/1/fair-point", data={"mark": "on"})
    new = NewPoll("A tunnel?", options=("Yes", "No"), results_policy="after_close")
    put_new_wording(app, poll, new, now=OPENED + timedelta(days=1))
    paths, marks = ("/polls/bridge/reasons/wordings/1", "/reasons/1"), "No: 1 of 1"

    hidden = [client.get(path) for path in paths]
    assert [marks in words(page) for page in hidden] == [False, False]
    assert "1 reason" not in words(hidden[0])

    change(app, "UPDATE polls SET closes_at = '2026-02-01 00:00:00', revision = revision + 1")
    tags = [{"If-None-Match": page.headers["ETag"]} for page in hidden]
    shown = [client.get(path, headers=tag) for path, tag in zip(paths, tags, strict=True)]
    assert [marks in words(page) for page in shown] == [True, True]
