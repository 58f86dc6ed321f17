"""Moderation at the desk: the queue, one decision after the other, several at once, undo."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event

from poll_app.database import db
from tests.desk_client import signed_in_client
from tests.web.acts import element, everything, rows, title, words
from tests.web.desk.texts import LONG, QUEUE, Texts

SENT = {
    "/decide": {"revision": "1", "decision": "publish"},
    "/reply": {"text": "Thank you. We have asked the council."},
    "/erase": {"code": "hate"},
}


@pytest.fixture
def texts(app):
    return Texts(app)


@pytest.fixture
def poll(texts):
    return texts.poll()


def decide(client, number, decision, **data):
    return client.post(
        f"{QUEUE}/{number}/decide", data={"revision": "1", "decision": decision, **data}
    )


def state(app, number):
    return rows(app, "SELECT state, codes FROM reasons WHERE id = :id", id=number)[0]


def undo_of(page):
    """What the button sends that undoes what was just done."""
    return {
        "act": re.search(r'name="act" value="(\d+)"', page.text)[1],
        "then": re.search(r'name="then" value="(\d+)"', page.text)[1],
    }


def test_an_empty_queue_says_what_to_do_next(moderator):
    page = moderator.get(QUEUE)

    assert "Nothing waits. What is held or reported from now on comes here." in words(page)
    assert f'href="{QUEUE}?show=published"' in page.text
    for show in ("held", "reported", "published", "rejected", "removed", "nonsense"):
        assert moderator.get(f"{QUEUE}?show={show}").status_code == 200


def test_the_queue_shows_a_text_in_full_with_all_that_one_needs_to_decide(texts, poll, moderator):
    number = texts.held(poll, "No", f"{LONG}\n\nSee https://a.example/?b=1&c=2", name="Anna")

    page = moderator.get(QUEUE)

    said = words(page)
    for part in (
        f"Text {number} Held", "Should the bridge close?", "Anna", "answered “No”", LONG,
        "It contains a link.", "A moderator reads the first text of every writer", "Waitssince",
    ):  # fmt: skip
        assert part in said
    link = element(page, href="https://a.example/?b=1&c=2")
    assert link.get("rel") == "nofollow ugc noopener noreferrer"


def test_what_a_reader_wrote_is_never_markup(texts, poll, moderator):
    number = texts.held(poll, words='<script>alert(1)</script> "><img src=x onerror=alert(1)>')

    for path in (QUEUE, f"{QUEUE}/{number}", f"{QUEUE}/{number}/erase"):
        page = moderator.get(path)
        assert "<script>alert" not in page.text
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page.text


def test_what_waits_longest_stands_first_and_what_is_new_last(texts, poll, moderator):
    first = texts.held(poll, at=datetime.now(UTC) - timedelta(hours=5))
    last = texts.held(poll, words="Another reason altogether.")

    page = moderator.get(QUEUE)

    assert page.text.index(f'id="text-{first}"') < page.text.index(f'id="text-{last}"')
    assert words(page).count("longer than 2 hours") == 1


def test_a_text_is_published_and_the_next_one_stands_beside_the_message(
    app, texts, poll, moderator, client
):
    first, second = texts.held(poll), texts.held(poll, words="Another reason altogether.")
    then = re.search(r'name="then" value="(\d+)"', moderator.get(QUEUE).text)[1]

    answer = decide(moderator, first, "publish", then=then)

    assert answer.location == f"{QUEUE}?then={second}#next"
    page = moderator.get(answer.location)
    assert "Published. Readers see it. Undo" in words(page)
    assert page.text.index('id="next"') > page.text.index('class="moderated_list"')
    assert f'id="text-{first}"' not in page.text
    assert state(app, first) == ("published", "")


def test_a_text_is_rejected_with_what_its_writer_reads(app, texts, poll, moderator):
    number = texts.held(poll)

    page = moderator.get(decide(moderator, number, "reject", code="insult").location)

    assert "Rejected. Its writer sees why." in words(page)
    assert state(app, number) == ("rejected", "insult")
    assert "It insults somebody." in words(moderator.get(f"{QUEUE}?show=rejected"))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"decision": "reject"}, "Choose why. The writer sees it."),
        ({"decision": "reject", "code": "because"}, "Choose why. The writer sees it."),
        ({"decision": "publish", "code": "hate"}, "A reason is chosen"),
        ({"decision": "hold", "code": "hate"}, "A reason is chosen"),
        ({"decision": "burn"}, "Choose what to do."),
        ({}, "Choose what to do."),
        ({"decision": "publish", "state": "published"}, "fields that do not belong to it"),
        ({"decision": "publish", "reports": "0"}, "fields that do not belong to it"),
        ({"decision": "publish", "revision": "0"}, "Somebody else has decided"),
        ({"decision": "publish", "revision": "x"}, "Somebody else has decided"),
    ],
)
def test_what_is_no_decision_is_refused_and_changes_nothing(
    app, texts, poll, moderator, data, said
):
    number = texts.held(poll)
    before = everything(app)

    page = moderator.post(f"{QUEUE}/{number}/decide", data={"revision": "1", **data})

    assert page.status_code == (409 if "Somebody" in said else 422)
    assert title(page).startswith(f"Error: Text {number}")
    assert said in words(page)
    assert everything(app) == before


def test_a_published_text_is_removed_and_leaves_a_mark(app, texts, poll, moderator):
    number = texts.published(poll)
    texts.report(number, "insult", "hate", "insult")

    said = words(moderator.get(f"{QUEUE}?show=reported"))
    assert "It insults somebody. (2) It is directed against a group of people. (1)" in said
    assert "Keep it" in said
    page = moderator.get(decide(moderator, number, "reject", revision="2", code="hate").location)

    assert "Removed. Readers see that a text stood here" in words(page)
    assert state(app, number) == ("removed", "hate")


def test_a_reported_text_that_is_kept_leaves_the_queue_as_it_was(app, texts, poll, moderator):
    number = texts.published(poll)
    texts.report(number, "off_topic")

    decide(moderator, number, "publish", revision="2")

    assert state(app, number) == ("published", "")
    assert f'id="text-{number}"' not in moderator.get(QUEUE).text


def test_a_decision_is_undone_by_the_button_beside_its_message(app, texts, poll, moderator):
    number = texts.held(poll)
    page = moderator.get(decide(moderator, number, "reject", code="hate").location)

    answer = moderator.post(f"{QUEUE}/undo", data=undo_of(page))

    assert answer.location == f"{QUEUE}?then={number}#next"
    assert "Undone. The text stands where it stood before." in words(moderator.get(answer.location))
    assert state(app, number) == ("held", "new_writer")


def test_two_moderators_decide_about_one_text_and_the_second_is_told(app, texts, poll, moderator):
    number = texts.held(poll)
    other = signed_in_client(app, "moderator", email="b@paper.example", name="Bea")
    decide(other, number, "reject", code="advertising")

    page = decide(moderator, number, "publish")

    assert page.status_code == 409
    said = words(page)
    assert "Somebody else has decided about this meanwhile" in said
    assert "Rejected Rejected a reader’s text (Bea, " in said
    assert "It advertises something." in said
    assert state(app, number) == ("rejected", "advertising")


def test_what_somebody_else_has_decided_since_is_not_undone(app, texts, poll, moderator):
    number = texts.held(poll)
    data = undo_of(moderator.get(decide(moderator, number, "reject", code="hate").location))
    other = signed_in_client(app, "moderator", email="b@paper.example", name="Bea")
    decide(other, number, "publish", revision="2")

    page = moderator.post(f"{QUEUE}/undo", data=data)

    assert page.status_code == 409
    assert "(Bea, " in words(page)
    assert state(app, number) == ("published", "")
    again = moderator.post(f"{QUEUE}/undo", data={**data, "then": "999"})
    assert (again.status_code, title(again)[:17]) == (409, "Error: Moderation")


def several(client, decision, *numbers, revision=1, **data):
    chosen = [("chosen", f"{number}-{revision}") for number in numbers]
    return client.post(f"{QUEUE}/several", data=[*chosen, ("decision", decision), *data.items()])


def test_several_texts_are_shown_with_what_will_happen_before_it_does(app, texts, poll, moderator):
    held = texts.held(poll)
    public = texts.published(poll, words="A reason that everybody sees.")
    before = everything(app)

    page = several(moderator, "reject", held, code="off_topic", show="held")
    assert words(page).count("Only its writer will see it, and why.") == 1
    assert everything(app) == before

    chosen = re.findall(r'name="chosen" value="([\d-]+)"', page.text)
    assert chosen == [f"{held}-1"]
    mixed = moderator.post(
        f"{QUEUE}/several",
        data=[("chosen", f"{held}-1"), ("chosen", f"{public}-2"), ("decision", "reject"),
              ("code", "hate"), ("confirmed", "y")],
    )  # fmt: skip
    assert "1 text is rejected. 1 text is removed." in words(moderator.get(mixed.location))
    assert (state(app, held), state(app, public)) == (("rejected", "hate"), ("removed", "hate"))


def test_several_decisions_are_undone_together(app, texts, poll, moderator):
    numbers = [texts.held(poll, words=f"Reason number {n} of several.") for n in range(3)]
    page = moderator.get(several(moderator, "publish", *numbers, confirmed="y").location)
    assert "3 texts are published. Undo" in words(page)
    data = [("act", act) for act in re.findall(r'name="act" value="(\d+)"', page.text)]

    answer = moderator.post(f"{QUEUE}/undo", data=data)

    assert "Undone for 3 texts." in words(moderator.get(answer.location))
    assert {state(app, number)[0] for number in numbers} == {"held"}
    late = moderator.post(f"{QUEUE}/undo", data=data)
    assert (late.status_code, title(late)[:17]) == (409, "Error: Moderation")


def test_of_several_those_that_somebody_else_decided_are_left_alone(app, texts, poll, moderator):
    first, second = texts.held(poll), texts.held(poll, words="Another reason altogether.")
    decide(moderator, first, "reject", code="hate")

    page = several(moderator, "publish", first, second)
    assert (
        f"Left alone Somebody else decided about these meanwhile, or their writers changed them: Text {first}"
        in words(page)
    )
    done = moderator.get(several(moderator, "publish", first, second, confirmed="y").location)

    assert "Published. Readers see it. 1 was left alone: somebody else came first." in words(done)
    assert (state(app, first)[0], state(app, second)[0]) == ("rejected", "published")
    for step in ({}, {"confirmed": "y"}):
        late = several(moderator, "hold", first, **step)
        assert late.status_code == 409
        assert "Somebody else has decided about this meanwhile" in words(late)


@pytest.mark.parametrize(
    ("data", "status"),
    [
        ({"decision": "publish"}, 422),
        ({"chosen": "1-1", "decision": "reject"}, 422),
        ({"chosen": "1-1"}, 422),
        ({"chosen": "1-1", "decision": "publish", "by": "7"}, 422),
        ({"chosen": "one", "decision": "publish"}, 400),
        ({"chosen": "0-1", "decision": "publish"}, 400),
        ({"chosen": "999999999999-1", "decision": "publish"}, 400),
        ({"chosen": "99-1", "decision": "publish", "confirmed": "y"}, 404),
    ],
)
def test_what_can_not_be_done_to_several_is_refused(app, texts, poll, moderator, data, status):
    texts.held(poll)
    before = everything(app)

    page = moderator.post(f"{QUEUE}/several", data=data)

    assert page.status_code == status
    assert everything(app) == before
    if status == 422:
        assert title(page).startswith("Error: Moderation")
        assert ("checked" in page.text) == ("chosen" in data)


def test_all_texts_of_a_page_are_ticked_by_a_link(texts, poll, moderator):
    texts.held(poll)

    page = moderator.get(f"{QUEUE}?tick=all")

    assert element(page, type="checkbox").get("checked") is not None


def test_the_queue_is_narrowed_down_by_question_words_and_state(texts, poll, moderator):
    other = texts.poll("Should the ferry stay?")
    here, there = (
        texts.held(poll, name="Çelik"),
        texts.held(other, words="Über den Fluss fährt sie."),
    )
    public = texts.published(poll, words="A reason that everybody sees.")

    def found(query):
        return {int(n) for n in re.findall(r'id="text-(\d+)"', moderator.get(QUEUE + query).text)}

    assert found("") == found("?page=99999999999") == found("?page=x") == {here, there}
    assert found(f"?poll={other.slug}") == found("?q=über+fluss") == found("?q=FERRY") | {there}
    assert found("?q=çelik") == {here}
    assert found("?show=published") == {public}
    texts.report(public, "hate")
    assert found("?show=reported&why=hate") == {public}
    assert found("?why=insult") == set()
    assert found("?why=nonsense") == {here, there, public}
    assert found("?q=%25") == found("?poll=unknown") == found("?article=unknown") == set()
    page = moderator.get(f"{QUEUE}?q=%3Cb%3E%00zzz")
    assert "No text fits." in words(page)
    assert f'href="{QUEUE}"' in page.text


def test_the_queue_goes_on_on_further_pages_with_as_many_queries(app, texts, poll, moderator):
    statements = []
    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    texts.held(poll, words="Reason number 0 of very many.")
    statements.clear()
    moderator.get(QUEUE)
    few = len(statements)
    for n in range(1, 27):
        texts.held(poll, words=f"Reason number {n} of very many.")
    statements.clear()
    moderator.get(QUEUE)
    assert len(statements) == few

    first, second = moderator.get(QUEUE), moderator.get(f"{QUEUE}?page=2")

    assert "27 texts here." in words(first)
    assert len(re.findall(r'id="text-', first.text)) == 25
    assert len(re.findall(r'id="text-', second.text)) == 2
    assert "page=2" in decide(moderator, 26, "publish", page="2").location


@pytest.mark.parametrize("number", ["0", "99", "2147483647", "2147483648", "-1", "x", "1.5"])
def test_a_text_that_there_is_not_is_not_found(moderator, number):
    for path in ("", "/erase"):
        assert moderator.get(f"{QUEUE}/{number}{path}").status_code == 404
    for path, data in SENT.items():
        assert moderator.post(f"{QUEUE}/{number}{path}", data=data).status_code == 404


def test_a_decision_that_there_is_not_is_not_undone(moderator):
    assert moderator.post(f"{QUEUE}/undo", data={"act": "99"}).status_code == 404
    assert moderator.post(f"{QUEUE}/undo", data={"act": "x"}).status_code == 400
