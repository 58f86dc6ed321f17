"""The record at the desk: its page, what narrows it down, its table."""

import csv
import io
from datetime import UTC, datetime

import pytest

from poll_app.database import writing
from poll_app.domain.accounts import COMMAND_LINE, Person
from poll_app.services.record import record
from poll_app.services.record_pages import PAGE_SIZE
from tests.web.acts import element, text_of, words

NOW = datetime(2026, 11, 22, 12, 34, 56, tzinfo=UTC)


@pytest.fixture
def write(app):
    def write(act, on="A bridge", by=COMMAND_LINE, **details):
        with app.app_context(), writing() as session:
            record(session, act, by=by, now=NOW, on=on, **details)

    return write


def table(answer):
    return list(csv.reader(io.StringIO(answer.get_data(as_text=True).removeprefix("\ufeff"))))


def test_an_empty_record_says_with_what_it_begins(editor):
    assert "The record is empty." in words(editor.get("/editor/log"))


def test_a_line_says_who_when_what_and_what_stood_there(editor, write):
    write(
        "article.edited", before={"title": "A brige"}, after={"title": "A bridge"}, reason="Typo."
    )

    said = words(editor.get("/editor/log"))

    assert "Edited an article A bridge" in said
    assert "Command line · 22 November 2026, 12:34 UTC" in said
    assert "Reason: Typo. Title Before A brige" in said
    assert "After A bridge" in said


@pytest.mark.parametrize(
    ("after", "said"),
    [
        ({"opens_at": "2026-11-22T12:34:00+00:00"}, "Opens 22 November 2026, 12:34 UTC"),
        ({"options": ["Yes", "No"]}, "Options Yes No"),
        ({"shares": [["Yes", 40], ["No", 60]]}, "Shares Yes 40 No 60"),
        ({"people": 1204}, "People asked 1,204"),
        ({"not_sure": True}, "Answer for the undecided Yes"),
        ({"article": None}, "Article –"),
        ({"method": "multiple"}, "Method Several answers"),
        ({"results_policy": "after_vote"}, "Results are shown After one’s own vote"),
        ({"role": "admin"}, "Role Admin"),
        ({"role": "owner"}, "Role owner"),
        ({"something_new": {"a": 1}}, "something new a: 1"),
    ],
    ids=str,
)
def test_what_stood_there_is_told_in_words(editor, write, after, said):
    write("poll.edited", after=after)

    assert said in words(editor.get("/editor/log"))


def test_what_did_not_change_is_not_struck_out(editor, write):
    times = {"opens_at": "2026-01-01T00:00:00+00:00"}
    write("poll.scheduled", before={**times, "closes_at": None}, after={**times, "closes_at": "2026-02-01T00:00:00+00:00"})  # fmt: skip

    said = words(editor.get("/editor/log"))

    assert "1 January 2026" not in said
    assert "After 1 February 2026, 00:00 UTC" in said


def test_two_people_of_one_name_are_told_apart_by_their_address(editor, write):
    write("article.added", by=Person(editor.person_id, "Ed", "unused", "editor"))

    page = editor.get("/editor/log")

    assert "Ed (editor@paper.example) · 22 November" in words(page)
    assert "Editor Person (editor@paper.example)" in text_of(element(page, id="person"))
    assert table(editor.get("/editor/log.csv"))[1][10] == "editor@paper.example"


def test_a_long_text_opens_on_demand(editor, write):
    write("article.added", after={"body": "word " * 200})

    assert "<summary>What was stored</summary>" in editor.get("/editor/log").text


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("person=0", ["A bridge"]),
        ("kind=account", ["Somebody"]),
        ("kind=account.role", ["Somebody"]),
        ("kind=unknown", []),
        ("q=BRIDGE", ["A bridge"]),
        ("q=%00%0a", ["A bridge", "Somebody"]),
        ("person=&kind=&q=&article=&poll=", ["A bridge", "Somebody"]),
        ("poll=77", []),
    ],
)
def test_it_is_narrowed_down_by_person_act_and_words(editor, write, query, shown):
    write("article.added", on="A bridge")
    write(
        "account.role", on="Somebody", by=Person(editor.person_id, "Ed", "e@paper.example", "admin")
    )

    said = words(editor.get(f"/editor/log?{query}")).partition("Download")[2]

    assert {on for on in ("A bridge", "Somebody") if f" {on} " in said} == set(shown)
    assert ("No line fits." in said) == (not shown)


@pytest.mark.parametrize(
    "query", ["before=", "before=x", "before=-1", "person=x", "poll=1e9", "article=0"]
)
@pytest.mark.parametrize("path", ["/editor/log", "/editor/log.csv"])
def test_a_damaged_number_is_refused(editor, path, query):
    expected = 200 if path.endswith("csv") and query.startswith("before") else 400

    assert editor.get(f"{path}?{query}").status_code == expected


def test_the_pages_go_on_and_keep_what_was_asked(editor, write):
    for n in range(PAGE_SIZE + 1):
        write("article.added", on=f"Number {n}.")

    page = editor.get("/editor/log?kind=article")

    assert "Number 0." not in page.text
    assert 'href="/editor/log?before=2&amp;kind=article"' in page.text
    assert "Number 0." in editor.get("/editor/log?before=2&kind=article").text


def test_the_table_has_every_line_and_is_a_file(editor, write):
    for n in range(PAGE_SIZE + 1):
        write("article.added", on=f"Number {n}.")

    answer = editor.get("/editor/log.csv")
    head, *rows = table(answer)

    assert head == [
        "number",
        "time",
        "who",
        "act",
        "what",
        "subject",
        "before",
        "after",
        "reason",
        "public",
        "email",
    ]
    assert [row[5] for row in rows] == [f"Number {n}." for n in range(PAGE_SIZE, -1, -1)]
    assert rows[0][:5] == [
        str(PAGE_SIZE + 1),
        "2026-11-22T12:34:56Z",
        "Command line",
        "article.added",
        "Added an article",
    ]
    assert answer.mimetype == "text/csv"
    disposition = answer.headers["Content-Disposition"]
    assert disposition.startswith('attachment; filename="record-20')
    assert disposition.isascii()
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_table_has_what_was_asked_for(editor, write):
    write("article.added", on="One")
    write("account.role", on="Two", after={"role": "admin"})

    _, *rows = table(editor.get("/editor/log.csv?kind=account"))

    assert [(row[5], row[7], row[9]) for row in rows] == [("Two", '{"role": "admin"}', "no")]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_of_the_table_is_a_formula(editor, write, start):
    evil = f'{start}HYPERLINK("http://evil.example")'
    write("article.added", on=evil, by=Person(None, evil, "", "admin"), reason=evil)

    (_, row) = table(editor.get("/editor/log.csv"))

    assert [row[2], row[5], row[8]] == [f"'{evil}"] * 3
