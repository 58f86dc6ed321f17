"""Importing at the desk: what is shown before anything is stored, what is refused, what is stored."""

from io import BytesIO
from pathlib import Path

import html5lib
import pytest
from werkzeug.datastructures import FileStorage

from poll_app.domain.importing import MAX_ARTICLE_BYTES
from tests.inspecting_client import text_of
from tests.web.acts import change, element, everything, rows, title, words
from tests.web.desk.test_articles import EVIL

IMPORT = "/editor/articles/import"
SHARED = Path(__file__).parents[4] / "shared" / "articles" / "what-lies-ahead.txt"
SAMPLE = """# The bridge

A *long* story.

## What now?

- Should the town build a bridge?
- Which ferry should go on?
- Is the money there?

What do you think? Tell us in the comments.
"""
_H = "{http://www.w3.org/1999/xhtml}"


def bring(editor, text="", **fields):
    return editor.post(IMPORT, data={"text": text, "format": "detect", **fields})


def upload(editor, data, name="article.txt", **fields):
    file = FileStorage(BytesIO(data), filename=name)
    return editor.post(
        IMPORT, data={"text": "", "format": "detect", "file": file, **fields},
        content_type="multipart/form-data",
    )  # fmt: skip


def fields_of(page):
    """What the browser would send of the form on this page, without its buttons."""
    found = {}
    for control in html5lib.parse(page.text).iter():
        name = control.get("name") if isinstance(control.tag, str) else None
        if control.tag == f"{_H}textarea":
            found[name] = (control.text or "").removeprefix("\n")
        elif control.tag == f"{_H}select":
            chosen = [o for o in control if o.get("selected") is not None] or list(control)
            found[name] = chosen[0].get("value")
        elif control.tag == f"{_H}input" and (
            control.get("type") not in {"checkbox", "radio", "file"}
            or control.get("checked") is not None
        ):
            found[name] = control.get("value", "")
    found.pop("csrf_token", None)
    return found


def go_on(editor, page, step, **changes):
    """Sends the page that shows what was found, with these changes; None unchecks."""
    sent = {**fields_of(page), **changes, "step": step}
    return editor.post(
        IMPORT, data={name: value for name, value in sent.items() if value is not None},
        content_type="multipart/form-data",
    )  # fmt: skip


def stored(app):
    return rows(app, "SELECT question, opens_at IS NOT NULL FROM polls ORDER BY id")


def test_what_was_found_is_shown_and_nothing_is_stored(app, editor):
    before = everything(app)

    page = bring(editor, SAMPLE)

    assert page.status_code == 200
    assert fields_of(page) == {
        "title": "The bridge",
        "language": "",
        "body": SAMPLE.partition("\n\n")[2],
        "standfirst": "",
        "source": "",
        "discussion_prompt": "What do you think?",
        "q1-take": "y",
        "q1-question": "Should the town build a bridge?",
        "q1-options": "Yes\nNo",
        "q1-not_sure": "y",
        "q2-take": "y",
        "q2-question": "Which ferry should go on?",
        "q2-options": "",
        "q2-not_sure": "y",
        "q3-take": "y",
        "q3-question": "Is the money there?",
        "q3-options": "Yes\nNo",
        "q3-not_sure": "y",
        "q4-question": "",
        "q4-options": "",
        "q4-not_sure": "y",
    }
    said = words(page)
    assert "3 questions were found" in said
    assert "A long story." in said
    assert "No options are proposed for this question." in said
    assert "Offer “Not sure” as the last option" in said
    assert everything(app) == before


def test_one_button_publishes_the_article_with_its_questions_open(app, editor, client):
    page = bring(editor, SAMPLE)

    answer = go_on(editor, page, "publish", **{"q2-options": "It stays\r\nIt goes\r\n"})

    assert (answer.status_code, answer.location) == (303, "/editor/articles/the-bridge")
    assert "Published, and 3 questions are open." in words(editor.get(answer.location))
    public = words(client.get("/articles/the-bridge"))
    assert "3 questions for you" in public
    assert "What do you think?" in public
    for text in ("Should the town build a bridge?", "It stays", "It goes", "Not sure"):
        assert text in public
    assert rows(app, "SELECT act FROM acts ORDER BY id") == [
        ("article.added",), *[("poll.added",)] * 3, ("article.published",), *[("poll.opened",)] * 3
    ]  # fmt: skip


def test_a_question_without_answers_stays_a_draft(app, editor):
    answer = go_on(editor, bring(editor, SAMPLE), "publish")

    assert "2 questions are open. 1 question waits for its options." in words(
        editor.get(answer.location)
    )
    assert [opened for _, opened in stored(app)] == [True, False, True]


def test_the_other_button_saves_drafts(app, editor, client):
    answer = go_on(editor, bring(editor, SAMPLE), "save")

    assert "Saved as drafts. Readers don’t see them yet." in words(editor.get(answer.location))
    assert not any(opened for _, opened in stored(app))
    assert client.get("/articles/the-bridge").status_code == 404


def test_what_the_editor_changed_is_what_is_stored(app, editor):
    changes = {
        "title": "Another title", "body": "Another text.", "language": "de",
        "standfirst": "In short", "source": "The Harbour News", "discussion_prompt": "",
        "q1-take": None, "q2-question": "Which ferry?", "q2-options": "A\n\n B \nC",
        "q2-not_sure": None, "q2-several": "y", "q4-question": "And you?", "q4-options": "Ja\nNein",
    }  # fmt: skip

    go_on(editor, bring(editor, SAMPLE), "save", **changes)

    assert rows(
        app, "SELECT title, body, language, standfirst, source, discussion_prompt FROM articles"
    ) == [("Another title", "Another text.", "de", "In short", "The Harbour News", "")]
    assert rows(
        app, "SELECT p.question, p.method, o.label, o.not_sure FROM polls p"
        " JOIN options o ON o.poll_id = p.id ORDER BY p.id, o.place",
    ) == [
        *[("Which ferry?", "multiple", label, False) for label in "ABC"],
        ("Is the money there?", "single", "Yes", False),
        ("Is the money there?", "single", "No", False),
        ("Is the money there?", "single", "Weiß nicht", True),
        ("And you?", "single", "Ja", False),
        ("And you?", "single", "Nein", False),
        ("And you?", "single", "Weiß nicht", True),
    ]  # fmt: skip


def test_it_can_be_looked_at_again_before_it_is_saved(app, editor):
    before = everything(app)
    page = go_on(
        editor, bring(editor, SAMPLE), "check",
        **{"body": "A **new** text.", "q3-take": None, "q4-question": "Own?"},
    )  # fmt: skip

    assert page.status_code == 200
    assert "A new text." in words(page)
    sent = fields_of(page)
    assert "q3-take" not in sent
    assert (sent["q4-question"], sent["q4-take"], sent["q5-question"]) == ("Own?", "y", "")
    assert everything(app) == before


def test_the_own_question_keeps_its_place_when_shown_again_and_again(app, editor):
    page = go_on(editor, bring(editor, SAMPLE), "check", **{"q4-question": "Own?"})
    page = go_on(editor, page, "check")
    page = go_on(editor, page, "check", **{"q4-take": None})

    assert "q6-question" not in fields_of(page)
    go_on(editor, page, "save")
    assert "Own?" not in str(stored(app))


def test_an_article_without_questions_is_imported_too(app, editor):
    page = bring(editor, "# Title\n\nOnly words.")
    assert "No questions were found" in words(page)

    assert go_on(editor, page, "publish").status_code == 303
    assert stored(app) == []


def test_german_questions_make_a_german_article(editor):
    page = bring(editor, "# Titel\n\nText.\n\n- Soll die Stadt eine Brücke bauen?\n")

    assert fields_of(page)["language"] == "de"
    assert "Offer “Weiß nicht” as the last option" in words(page)


def test_hints_are_shown_and_ask_for_a_reason_to_publish(app, editor):
    page = bring(editor, "# Title\n\nText.\n\n- Will it rain?\n")
    assert "This asks what will happen, but not by when." in words(page)

    refused = go_on(editor, page, "publish")
    assert refused.status_code == 422
    assert "Why you go on: Say why, in a sentence." in words(refused)
    assert fields_of(refused)["q1-question"] == "Will it rain?"
    assert stored(app) == []

    assert go_on(editor, refused, "publish", reason="It is for today.").status_code == 303
    assert rows(app, "SELECT reason FROM acts WHERE act = 'poll.opened'") == [("It is for today.",)]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"title": " "}, "Title: Enter some text."),
        ({"title": "Join \u202eOTAN"}, "Title: Remove the control"),
        ({"body": "x" * 200_001}, "Text: Use at most 200,000 characters"),
        ({"language": "<b>"}, "Language of the article: Choose a language"),
        ({"q2-question": ""}, "Question 2: Enter some text."),
        ({"q3-question": "x" * 301}, "Question 3: Use at most 300 characters, not 301."),
        ({"q2-options": "Only one", "q2-not_sure": None}, "Options of question 2: Give 2 to 20"),
        ({"q2-options": "Only one"}, "Options of question 2: Give 2 to 19 options, without “Not"),
        ({"q2-options": "\n".join(map(str, range(20)))}, "Options of question 2: Give 2 to 19"),
        ({"q1-options": "Yes\nyes"}, "Options of question 1: Two options are the same."),
        ({"q1-options": "Yes\nnot SURE"}, "Options of question 1: Two options are the same."),
        ({"q1-options": "Yes\n" + "x" * 201}, "Options of question 1: Use at most 200"),
        ({"q1-options": "Yes\nN\u202eo"}, "Options of question 1: Remove the control"),
        ({"q4-options": "A\nB"}, "Question 4: Enter some text."),
    ],
)
@pytest.mark.parametrize("step", ["save", "publish"])
def test_what_cant_be_is_named_by_its_number_and_everything_typed_is_kept(
    app, editor, step, changes, told
):
    before = everything(app)
    page = bring(editor, SAMPLE)

    answer = go_on(editor, page, step, standfirst="Typed before.", **changes)

    assert answer.status_code == 422
    assert title(answer).startswith("Error: Check what was found")
    assert told in words(answer)
    assert "Typed before." in answer.text
    assert everything(app) == before
    sent = {**fields_of(page), "standfirst": "Typed before.", **changes}
    kept = fields_of(answer)
    assert {name: kept.get(name) for name in sent} == sent


def test_what_publishing_settles_is_told_before(editor):
    assert "may be compared is settled then" in words(bring(editor, SAMPLE))


def test_a_title_that_is_only_a_guess_is_called_one(editor):
    guessed = bring(editor, "It is old.\n\nSays Who\n\nThe town says so.")

    assert "No title was found" in text_of(element(guessed, id="title-hint"))
    assert "No title was found" not in words(bring(editor, SAMPLE))


def test_more_text_than_an_article_may_have_is_refused_where_it_was_given(editor):
    assert "At most 200,000 characters." in words(editor.get(IMPORT))

    pasted, brought = bring(editor, "word " * 42_000), upload(editor, b"word " * 42_000)

    assert (pasted.status_code, brought.status_code) == (422, 422)
    assert element(pasted, href="#text") is not None
    assert element(brought, href="#file") is not None
    assert "Use at most 200,000 characters" in words(brought)


def test_an_error_leads_to_the_options_of_its_question(app, editor):
    answer = go_on(editor, bring(editor, SAMPLE), "save", **{"q1-options": "Yes\nNo",
                   "q1-not_sure": "y", "q2-options": "One", "q2-not_sure": "y"})  # fmt: skip

    assert element(answer, href="#q2-options") is not None
    assert element(answer, href="#q1-options") is None


def test_a_question_that_is_not_taken_may_be_anything(app, editor):
    answer = go_on(
        editor, bring(editor, SAMPLE), "save", **{"q1-take": None, "q1-question": "x" * 999}
    )

    assert answer.status_code == 303
    assert len(stored(app)) == 2


def test_rows_that_no_page_of_ours_sent_are_not_taken(app, editor):
    page = bring(editor, SAMPLE)

    go_on(
        editor, page, "save",
        **{"q99-question": "Evil?", "q99-take": "y", "q0-question": "Evil?", "q0-take": "y",
           "q-1-question": "Evil?", "slug": "evil", "published_at": "2026-01-01", "votes": "99"},
    )  # fmt: skip

    assert "Evil?" not in str(stored(app))
    assert rows(app, "SELECT slug, published_at FROM articles") == [("the-bridge", None)]


def test_there_is_an_end_to_the_questions_of_one_import(editor):
    page = bring(editor, "# T\n\n" + "".join(f"- Is it {n}?\n" for n in range(20)))
    for number in range(21, 25):
        page = go_on(editor, page, "check", **{f"q{number}-question": f"Own {number}?"})
    page = go_on(editor, page, "check", **{"q25-question": "Own 25?"})

    assert "q25-question" in fields_of(page)
    assert "q26-question" not in fields_of(page)
    assert go_on(editor, page, "save").status_code == 303


@pytest.mark.parametrize(
    ("name", "data", "shown"),
    [
        ("a.txt", "Title\n\n*Plain* <b>text</b>.", "*Plain* <b>text</b>."),
        ("a.md", "# Title\n\n*Marked* text.", "Marked text."),
        ("a.html", "<h1>Title</h1><p>A <i>page</i>.<script>x</script>", "A page."),
        ("A.HTM", "<h1>Title</h1><p>A page.", "A page."),
        ("a", "\ufeffTitle\n\nUmlauts: äöü", "Umlauts: äöü"),
    ],
)
def test_a_file_is_read_in_its_format(editor, name, data, shown):
    page = upload(editor, data.encode(), name)

    assert page.status_code == 200
    preview = next(
        found for found in html5lib.parse(page.text).iter(f"{_H}div")
        if "preview--short" in (found.get("class") or "")
    )  # fmt: skip
    assert shown in text_of(preview)


@pytest.mark.parametrize(
    ("chosen", "shown"),
    [("text", "*a*"), ("markdown", "a"), ("html", "*a*"), ("detect", "*a*"), ("nonsense", "*a*")],
)
def test_the_format_can_be_chosen(editor, chosen, shown):
    page = bring(editor, "Title\n\n*a*", format=chosen)

    assert shown in words(page)
    assert (fields_of(page)["body"].strip().endswith("*a*")) == (chosen == "markdown")


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"\x89PNG\r\n\x1a\n\0\0", "The article must be a text file in UTF-8."),
        (b"GIF89a\xff\xfe\0", "The article must be a text file in UTF-8."),
        ("Größe".encode("latin-1"), "The article must be a text file in UTF-8."),
        (b"a\0b", "The article must be a text file in UTF-8."),
        (b"%PDF-1.7 ...", "This is a PDF file. Open it, copy its text and paste it here"),
        (b"PK\x03\x04....", "This is a Word or LibreOffice file. Open it, copy its text"),
        (b"{\\rtf1 x}", "This is a RTF file."),
        (b"  \n ", "There is no text in this file."),
        (b"a\n\n" * 11_000, "Use a file of at most 20,000 lines"),
        (
            b"# T\n\n" + b"".join(b"- Is it %d?\n" % n for n in range(21)),
            "Use a file with at most 20 questions",
        ),
    ],
)
def test_a_file_that_cant_be_read_is_refused_with_what_to_do(app, editor, data, told):
    before = everything(app)

    answer = upload(editor, data)

    assert answer.status_code == 422
    assert title(answer).startswith("Error: Import an article")
    assert f"File: {told}" in words(answer)
    assert everything(app) == before


def test_pasted_text_that_cant_be_read_is_kept_with_the_reason_beside_it(editor):
    answer = bring(editor, "%PDF-1.7 pasted")

    assert answer.status_code == 422
    assert "Text of the article: This is a PDF file." in words(answer)
    assert element(answer, id="text").text.strip() == "%PDF-1.7 pasted"


@pytest.mark.parametrize("text", ["", " \r\n "])
def test_nothing_brought_is_nothing_to_read(editor, text):
    answer = bring(editor, text)

    assert answer.status_code == 422
    assert "Paste the text of an article, or choose a file." in words(answer)


def test_text_and_file_together_are_refused_and_the_text_is_kept(editor):
    answer = upload(editor, b"A file", text="Pasted")

    assert answer.status_code == 422
    assert "Use one of the two" in words(answer)
    assert element(answer, id="text").text.strip() == "Pasted"


def test_an_empty_file_is_no_file(editor):
    assert "choose a file" in words(upload(editor, b""))


def test_a_file_of_nearly_one_mebibyte_is_read_and_one_byte_too_many_is_413(app, editor):
    before = everything(app)
    page = b"<p>Text</p><!--" + b"a" * 1_023_980 + b"-->"  # 1,000 KiB, as the form says
    assert upload(editor, page, "article.html").status_code == 200

    answer = upload(editor, b"a" * (MAX_ARTICLE_BYTES + 1))

    assert answer.status_code == 413
    assert title(answer).startswith("That is too long")
    assert "1 MiB" in words(answer)
    assert everything(app) == before


@pytest.mark.parametrize("who", ["nobody", "moderator"])
def test_only_who_may_import_may_send_much(app, request, who):
    client = app.test_client() if who == "nobody" else request.getfixturevalue("moderator")

    answer = client.post(IMPORT, data={"text": "x" * 500_000})

    assert answer.status_code == (401 if who == "nobody" else 403)


def test_a_preview_of_somebody_who_was_signed_out_can_be_sent_again(app, editor):
    page = bring(editor, SAMPLE)
    change(app, "DELETE FROM sign_ins")

    answer = go_on(editor, page, "publish")

    assert answer.status_code == 401
    assert element(answer, name="q1-question").get("value") == "Should the town build a bridge?"
    assert element(answer, name="step").get("value") == "publish"
    assert stored(app) == []


def test_nothing_harmful_survives_an_import(editor, client):
    for name in ("evil.md", "evil.html", "evil.txt"):
        page = upload(editor, f"# Evil {name}\n\n{EVIL}\n".encode(), name)
        public = go_on(editor, page, "publish").location.replace("/editor", "")
        for shown in (page, client.get(public)):
            assert shown.status_code == 200
            assert "<script>alert" not in shown.text
            assert "<iframe" not in shown.text
            assert "<img" not in shown.text
            assert 'href="javascript:' not in shown.text
            assert 'href="data:' not in shown.text
            assert 'onclick="' not in shown.text


@pytest.mark.skipif(not SHARED.exists(), reason="the shared article is not here")
def test_the_shared_article_becomes_three_open_questions(editor, client):
    page = upload(editor, SHARED.read_bytes(), SHARED.name)
    assert "3 questions were found" in words(page)

    answer = go_on(
        editor, page, "publish",
        **{"q2-options": "Less\nMore", "reason": "The article leaves the dates open."},
    )  # fmt: skip

    assert "3 questions are open." in words(editor.get(answer.location))
    public = words(client.get(answer.location.replace("/editor", "")))
    assert "3 questions for you" in public
    assert "Can Ukraine achieve NATO membership amid the ongoing war?" in public
