"""Articles at the desk: the pages, what they refuse, and what readers then see."""

from datetime import UTC, datetime

import html5lib
import pytest
from sqlalchemy import event

from poll_app.database import db
from poll_app.services.polls import NewPoll, add_poll
from tests.desk_client import signed_in_client
from tests.web.acts import change, element, everything, new_article, rows, title, words
from tests.web.test_errors import is_discreet

ARTICLES = "/editor/articles"
TEXT = {"title": "A headline", "body": "Some *words*.", "standfirst": "A standfirst"}
BRIDGE = NewPoll("Should the town build a bridge?", options=("Yes", "No"), not_sure="Not sure")
FERRY = NewPoll("Shall the ferry go on?", options=("Yes", "No"), not_sure="Not sure")
EVIL = """<script>alert(1)</script><img src=x onerror=alert(1)>

[link](javascript:alert(1)) [data](data:text/html,x) <javascript:alert(1)> ![x](https://evil.example/x.png)

<iframe src="//evil.example"></iframe> &lt;b&gt; [ok](https://example.org "t\\" onclick=alert(1)")"""


def write(editor, **fields):
    """Writes a draft; its address."""
    answer = editor.post(f"{ARTICLES}/new", data={**TEXT, **fields})
    assert answer.status_code == 303, words(answer)
    return answer.location


def save(editor, address, **fields):
    revision = element(editor.get(f"{address}/edit"), name="revision").get("value")
    return editor.post(f"{address}/edit", data={**TEXT, "revision": revision, **fields})


def publish(editor, address, **fields):
    revision = element(editor.get(address), name="revision").get("value")
    return editor.post(
        f"{address}/publish", data={"revision": revision, "questions": "y", **fields}
    )


def slugs(app):
    return [slug for (slug,) in rows(app, "SELECT slug FROM articles ORDER BY id")]


def test_an_empty_list_says_what_to_do_next(editor):
    page = editor.get(ARTICLES)

    assert "There is no article yet. Paste one" in words(page)
    assert element(page, href=f"{ARTICLES}/import") is not None


def test_the_list_names_articles_with_state_questions_and_ballots(app, editor, client):
    (poll,) = new_article(app, BRIDGE, title="A public one", source="The Harbour News")
    client.post(f"/polls/{poll.slug}/vote", data={"option": str(poll.options[0].id)})
    client.post(f"/polls/{poll.slug}/vote", data={"option": str(poll.options[0].id)})
    write(editor)

    page = words(editor.get(ARTICLES))

    assert "A headline" in page
    assert "No questions yet" in page
    assert "A public one The Harbour News Published" in page
    assert "Should the town build a bridge? Open 1 ballot" in page
    assert "All (2) Drafts (1) Published (1) Withdrawn (0)" in page


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("q=bridge", {"A public one"}),
        ("state=draft", {"A headline"}),
        ("state=published&q=headline", set()),
        ("state=nonsense&page=-3", {"A headline", "A public one"}),
        ("page=99999999999999999999", {"A headline", "A public one"}),
        ("page=2", set()),
        ("q=%00%ff%27", set()),
        ("q=" + "x" * 1_900, set()),
        ("q=<script>alert(1)</script>", set()),
    ],
)
def test_the_list_is_searched_and_narrowed_down_by_its_address(app, editor, query, shown):
    new_article(app, BRIDGE, title="A public one")
    write(editor)

    page = editor.get(f"{ARTICLES}?{query}")

    assert page.status_code == 200
    assert {name for name in ("A headline", "A public one") if name in words(page)} == shown
    assert shown or "No article has these words" in words(page) or "no article here" in words(page)


def test_a_long_list_goes_on_on_a_second_page(app, editor):
    for number in range(51):
        new_article(app, slug=f"article-{number}", title=f"Article {number}.")

    first, second = editor.get(ARTICLES), editor.get(f"{ARTICLES}?page=2")

    assert "Article 50." in words(first)
    assert "Article 0." not in words(first)
    assert element(first, href=f"{ARTICLES}?page=2") is not None
    assert "Article 0." in words(second)
    assert element(second, href=f"{ARTICLES}?page=1") is not None


def test_a_list_takes_as_many_queries_for_many_articles_as_for_one(app, editor):
    statements = []
    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    new_article(app, BRIDGE)
    editor.get(ARTICLES)
    statements.clear()
    editor.get(ARTICLES)
    few = len(statements)
    for number in range(20):
        new_article(app, FERRY, slug=f"article-{number}")
    statements.clear()

    editor.get(ARTICLES)

    assert len(statements) == few


def test_an_article_is_written_by_hand_and_seen_by_nobody_yet(app, editor, client):
    address = write(editor)

    assert address == f"{ARTICLES}/a-headline"
    page = editor.get(address)
    assert "Saved as a draft. Readers don’t see it yet." in words(page)
    assert element(page, role="status") is not None
    assert "Draft Readers have not seen it." in words(page)
    assert client.get("/articles/a-headline").status_code == 404
    assert client.get("/api/v1/articles/a-headline").status_code == 404


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("title", "", "Title: Enter some text."),
        ("title", "x" * 201, "Title: Use at most 200 characters, not 201."),
        ("title", "Join \u202eOTAN", "Title: Remove the control or direction-changing characters"),
        ("title", "a\0b", "Title: Remove the control"),
        ("standfirst", "x" * 601, "Standfirst: Use at most 600"),
        ("source", "x" * 201, "Source: Use at most 200"),
        ("discussion_prompt", "x" * 601, "Question for the discussion: Use at most 600"),
        ("body", "x" * 200_001, "Text: Use at most 200,000 characters, not 200,001."),
        ("body", "x\n" * 20_001, "Text: Use at most 20,000 lines."),
        ("language", "klingon!", "Language of the article: Choose a language from the list."),
        ("slug", "Not A Slug", "Address: An address holds a-z"),
        ("slug", "import", "Address: The address “import” is taken."),
        ("slug", "x" * 81, "Address: An address holds"),
    ],
)
def test_a_field_that_cant_be_is_named_and_everything_typed_is_kept(
    app, editor, field, value, told
):
    answer = editor.post(
        f"{ARTICLES}/new", data={**TEXT, "source": "The Harbour News", field: value}
    )

    assert answer.status_code == 422
    assert title(answer).startswith("Error: Write an article")
    assert told in words(answer)
    assert element(answer, id=field).get("aria-invalid") == "true"
    assert field in {"source", "body"} or "The Harbour News" in answer.text
    assert field == "body" or "Some *words*." in answer.text
    assert slugs(app) == []


def test_fields_that_no_form_of_ours_has_are_not_taken(app, editor):
    write(editor, published_at="2026-01-01", id="99", revision="7", withdrawn_at="x", state="open")

    assert rows(app, "SELECT id, published_at, withdrawn_at, revision FROM articles") == [
        (1, None, None, 1)
    ]


def test_a_text_of_the_greatest_length_passes_in_any_script(app, editor):
    answer = editor.post(
        f"{ARTICLES}/new",
        data={**TEXT, "body": "界" * 200_000},
        content_type="multipart/form-data",  # as the form says
    )

    assert answer.status_code == 303

    assert rows(app, "SELECT length(body) FROM articles") == [(200_000,)]


def test_an_edit_is_saved_and_said(app, editor):
    address = write(editor)

    answer = save(editor, address, title="Another headline", language="de")

    assert (answer.status_code, answer.location) == (303, address)
    assert "Saved. Another headline" in words(editor.get(address))
    assert rows(app, "SELECT title, language FROM articles") == [("Another headline", "de")]


def test_the_edit_form_holds_what_is_stored(editor):
    address = write(editor, language="de", body="\n\n# A *b*\r\n\r\n<c> & </textarea>")

    page = editor.get(f"{address}/edit")

    assert element(page, id="body").text.strip("\n") == "# A *b*\n\n<c> & </textarea>"
    assert element(page, value="de").get("selected") is not None
    assert element(page, id="slug").get("value") == "a-headline"


def test_saving_can_lead_on_to_the_preview(editor):
    address = write(editor)

    assert save(editor, address, preview="y").location == f"{address}/preview"


def test_the_address_of_a_draft_can_be_changed_that_of_a_public_article_not(app, editor, client):
    address = write(editor)
    moved = save(editor, address, slug="elsewhere").location
    assert moved == f"{ARTICLES}/elsewhere"
    publish(editor, moved)

    assert element(editor.get(f"{moved}/edit"), id="slug") is None
    save(editor, moved, slug="somewhere")

    assert slugs(app) == ["elsewhere"]
    assert client.get("/articles/elsewhere").status_code == 200


def test_the_second_of_two_editors_is_shown_the_difference_and_nothing_is_lost(app, editor):
    address = write(editor)
    other = signed_in_client(app, "editor", email="other@paper.example")
    assert save(other, address, title="Theirs", body="a\nb\nc\nd\ne").status_code == 303

    answer = editor.post(
        f"{address}/edit", data={**TEXT, "title": "Mine", "body": "Some *words*.", "revision": "1"}
    )

    assert answer.status_code == 409
    assert title(answer).startswith("Error: ")
    said = words(answer)
    assert "Somebody else has saved changes since you opened this form." in said
    assert "Title Saved by somebody else Theirs Typed by you Mine" in said
    assert "Text Saved by somebody else a b c d e Typed by you Some *words*." in said
    assert "Standfirst Saved by" not in said
    assert element(answer, id="title").get("value") == "Mine"
    assert rows(app, "SELECT title FROM articles") == [("Theirs",)]

    revision = element(answer, name="revision").get("value")
    again = editor.post(f"{address}/edit", data={**TEXT, "title": "Mine", "revision": revision})

    assert again.status_code == 303
    assert rows(app, "SELECT title FROM articles") == [("Mine",)]


@pytest.mark.parametrize("revision", ["", "0", "-1", "1.0", "١", "9" * 30, "x", None])
def test_a_revision_that_was_made_up_is_an_old_one(app, editor, revision):
    address = write(editor)
    before = everything(app)

    data = {**TEXT, "title": "Mine"} | ({} if revision is None else {"revision": revision})

    assert editor.post(f"{address}/edit", data=data).status_code == 409
    assert everything(app)["articles"] == before["articles"]


def test_a_refused_edit_keeps_what_was_typed(app, editor):
    address = write(editor)

    answer = save(editor, address, title="", body="Typed.")

    assert answer.status_code == 422
    assert element(answer, id="body").text.strip() == "Typed."
    assert rows(app, "SELECT title FROM articles") == [("A headline",)]


def test_an_address_that_is_taken_is_refused_when_editing(editor):
    write(editor, slug="taken", title="Another")

    answer = save(editor, write(editor), slug="taken")

    assert answer.status_code == 422
    assert "Address: The address “taken” is taken." in words(answer)


def test_publishing_shows_it_to_readers_with_its_questions_open(app, editor, client):
    address = write(editor)
    new_draft(app, address)

    answer = publish(editor, address)

    assert (answer.status_code, answer.location) == (303, address)
    assert "Published, and 1 question is open." in words(editor.get(address))
    page = client.get("/articles/a-headline")
    assert "Should the town build a bridge?" in words(page)
    assert element(page, action="/polls/should-the-town-build-a-bridge/vote") is not None


def test_publishing_without_its_questions_opens_none(app, editor, client):
    address = write(editor)
    new_draft(app, address)

    revision = element(editor.get(address), name="revision").get("value")
    editor.post(f"{address}/publish", data={"revision": revision})

    assert "Published. Readers see it now." in words(editor.get(address))
    assert "bridge" not in words(client.get("/articles/a-headline"))


def test_hints_are_shown_and_ask_for_a_reason(app, editor):
    address = write(editor)
    new_draft(app, address, NewPoll("Will it rain?", options=("Yes", "No"), not_sure="Not sure"))
    assert "This asks what will happen, but not by when." in words(editor.get(address))

    refused = publish(editor, address, reason=" ")
    assert refused.status_code == 422
    assert title(refused).startswith("Error: A headline")
    assert "Why you go on: Say why, in a sentence." in words(refused)
    assert rows(app, "SELECT published_at FROM articles") == [(None,)]

    assert publish(editor, address, reason="It is for today.").status_code == 303
    assert rows(app, "SELECT reason FROM acts WHERE act = 'poll.opened'") == [("It is for today.",)]


def test_publishing_what_somebody_else_has_changed_is_refused(app, editor):
    address = write(editor)
    save(editor, address, title="Another headline")

    answer = editor.post(f"{address}/publish", data={"revision": "1"})

    assert answer.status_code == 409
    assert "Look at it again first." in words(answer)
    assert rows(app, "SELECT published_at FROM articles") == [(None,)]


def test_withdrawing_asks_for_a_reason_and_readers_get_410(app, editor, client):
    address = write(editor)
    publish(editor, address)
    assert "Withdraw this article?" in words(editor.get(f"{address}/withdraw"))

    refused = editor.post(f"{address}/withdraw", data={"reason": ""})
    assert refused.status_code == 422
    assert client.get("/articles/a-headline").status_code == 200

    answer = editor.post(f"{address}/withdraw", data={"reason": "It was wrong."})
    assert (answer.status_code, answer.location) == (303, address)
    gone = client.get("/articles/a-headline")
    assert gone.status_code == 410
    assert "withdrawn" in words(gone)
    assert "It was wrong." not in gone.text
    assert client.get("/api/v1/articles/a-headline").status_code == 410

    assert "Publish again" in words(editor.get(address))
    publish(editor, address)
    assert client.get("/articles/a-headline").status_code == 200


def test_a_draft_cant_be_withdrawn(editor):
    answer = editor.post(f"{write(editor)}/withdraw", data={"reason": "x"})

    assert answer.status_code == 422
    assert "This article was never public." in words(answer)


def test_a_draft_is_deleted_after_a_second_question(app, editor):
    address = write(editor)
    new_draft(app, address)
    assert "the drafts of its questions: This can’t be undone. Should the town" in words(
        editor.get(f"{address}/delete")
    )

    answer = editor.post(f"{address}/delete")

    assert (answer.status_code, answer.location) == (303, ARTICLES)
    assert "“A headline” is deleted." in words(editor.get(ARTICLES))
    assert slugs(app) == []
    assert editor.get(address).status_code == 404


def test_what_readers_have_seen_is_not_deleted(app, editor):
    address = write(editor)
    publish(editor, address)

    answer = editor.post(f"{address}/delete")

    assert answer.status_code == 422
    assert "it can be withdrawn, not deleted" in words(answer)
    assert slugs(app) == ["a-headline"]


def test_a_preview_is_the_readers_page_with_its_buttons_switched_off(app, editor, client):
    address = write(editor, language="de", discussion_prompt="And you?")
    new_draft(app, address)

    page = editor.get(f"{address}/preview")

    assert "Preview: not public." in words(page)
    assert "Preview: not public" in title(page)
    assert page.headers["Cache-Control"] == "private, no-store"
    vote = element(page, action="/polls/should-the-town-build-a-bridge/vote")
    assert vote is not None
    assert {button.get("disabled") for button in all_of(page, "button")} == {""}
    assert [f.get("disabled") for f in all_of(page, "fieldset")] == [""]
    assert element(page, rel="canonical") is None

    publish(editor, address)
    public = words(client.get("/articles/a-headline"))
    shown = words(page)
    for text in ("A headline", "Some words.", "Should the town build a bridge?", "And you?"):
        assert text in public
        assert text in shown


def test_nothing_harmful_survives_in_the_preview_or_in_public(editor, client):
    address = write(
        editor, title="<script>alert(1)</script>", body=EVIL, standfirst="<b onclick=x>"
    )
    publish(editor, address)
    public = f"/articles/{address.rpartition('/')[2]}"

    for page in (editor.get(f"{address}/preview"), client.get(public), editor.get(address)):
        # The inspecting client refuses scripts, handlers and requests to others besides.
        assert "<script>alert" not in page.text
        assert "<iframe" not in page.text
        assert "<img" not in page.text
        assert 'href="javascript:' not in page.text
        assert 'href="data:' not in page.text
        assert 'onclick="' not in page.text
        assert "<b onclick" not in page.text


def test_questions_move_by_buttons(app, editor):
    new_article(app, BRIDGE, FERRY, slug="a-headline")
    address = f"{ARTICLES}/a-headline"

    answer = editor.post(f"{address}/move", data={"up": "shall-the-ferry-go-on"})

    assert (answer.status_code, answer.location) == (303, f"{address}#order")
    page = words(editor.get(address))
    assert page.index("Shall the ferry") < page.index("Should the town")
    editor.post(f"{address}/move", data={"down": "shall-the-ferry-go-on"})
    page = words(editor.get(address))
    assert page.index("Shall the ferry") > page.index("Should the town")


def test_a_question_is_taken_off_and_put_on_again(app, editor, client):
    new_article(app, BRIDGE, slug="a-headline")
    address = f"{ARTICLES}/a-headline"
    assert "Put an existing question here" not in words(editor.get(address))

    off = editor.post(f"{address}/take-off", data={"poll": "should-the-town-build-a-bridge"})
    assert off.location == f"{address}#order"
    assert "no longer stands on this article" in words(editor.get(address))
    assert "bridge" not in words(client.get("/articles/a-headline"))
    assert client.get("/polls/should-the-town-build-a-bridge").status_code == 200

    on = editor.post(f"{address}/place", data={"poll": "should-the-town-build-a-bridge"})
    assert on.location == f"{address}#order"
    assert "bridge" in words(client.get("/articles/a-headline"))


def test_a_question_of_another_article_is_not_placed(app, editor):
    new_article(app, BRIDGE, slug="one")
    new_article(app, slug="two")

    answer = editor.post(f"{ARTICLES}/two/place", data={"poll": "should-the-town-build-a-bridge"})

    assert answer.status_code == 422
    assert "take it off there first" in words(answer)


@pytest.mark.parametrize("poll", ["", "unknown", "a\0b", "../x", "shall-the-ferry-go-on"])
@pytest.mark.parametrize("act", ["move", "take-off"])
def test_only_a_question_of_this_article_can_be_moved_or_taken_off(app, editor, act, poll):
    new_article(app, BRIDGE, slug="one")
    new_article(app, FERRY, slug="two")
    before = everything(app)

    answer = editor.post(f"{ARTICLES}/one/{act}", data={"poll": poll, "up": poll})

    assert answer.status_code == (400 if act == "move" and not poll else 404)
    assert everything(app) == before


@pytest.mark.parametrize(
    "path", ["", "/edit", "/preview", "/withdraw", "/delete", "/publish", "/move", "/place"]
)
@pytest.mark.parametrize("slug", ["unknown", "A", "a%00", "..", "x" * 81])
def test_an_unknown_article_is_not_there(editor, slug, path):
    method = editor.post if path in {"/publish", "/move", "/place"} else editor.get

    answer = method(f"{ARTICLES}/{slug}{path}", data={"up": "x"})

    assert answer.status_code == 404
    assert is_discreet(answer)


def test_a_form_that_was_open_while_somebody_signed_out_is_not_lost(app, editor):
    address = write(editor)
    change(app, "DELETE FROM sign_ins")

    answer = editor.post(f"{address}/edit", data={**TEXT, "title": "Typed", "revision": "1"})

    assert answer.status_code == 401
    assert element(answer, name="title").get("value") == "Typed"
    assert rows(app, "SELECT title FROM articles") == [("A headline",)]


def test_a_long_text_of_somebody_who_was_signed_out_stays_in_the_browser(app, editor):
    address = write(editor)
    change(app, "DELETE FROM sign_ins")

    answer = editor.post(f"{address}/edit", data={**TEXT, "body": "x" * 100_000})

    assert answer.status_code == 401
    assert "your browser still has it" in words(answer)


@pytest.mark.parametrize("path", ["new", "a-headline/edit"])
def test_more_than_an_article_may_be_is_refused_with_a_page_of_the_desk(app, editor, path):
    write(editor)
    before = everything(app)

    answer = editor.post(f"{ARTICLES}/{path}", data={**TEXT, "body": "x" * 1_048_576})

    assert answer.status_code == 413
    assert "An article with its questions may have 1 MiB" in words(answer)
    assert everything(app) == before


def test_a_form_that_holds_no_article_takes_no_more_than_any_other(editor):
    address = write(editor)

    assert editor.post(f"{address}/withdraw", data={"reason": "x" * 70_000}).status_code == 413


def new_draft(app, address, new=BRIDGE):
    with app.app_context():
        return add_poll(
            new, article_slug=address.rpartition("/")[2], opens_at=None, now=datetime.now(UTC)
        )


def all_of(page, tag):
    return list(html5lib.parse(page.text).iter(f"{{http://www.w3.org/1999/xhtml}}{tag}"))
