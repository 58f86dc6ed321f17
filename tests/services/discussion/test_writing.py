"""Writing a reason or a reply, editing, deleting: on every database."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from poll_app.database import Base, db, writing
from poll_app.domain.discussion.pipeline import Draft
from poll_app.domain.refusals import NotFound, NotOpen, Refusal, TooMany
from poll_app.models import Poll, Reason
from poll_app.services.discussion.moderation import decide
from poll_app.services.discussion.own import find_own_part, get_own_reason
from poll_app.services.discussion.reading import get_discussion, get_reason
from poll_app.services.discussion.reports import report_reason
from poll_app.services.discussion.writing import (
    delete_reason,
    edit_reason,
    preview,
    write_reason,
    write_reply,
)
from tests.services.discussion.readers import (
    HOUR,
    LONG,
    NOW,
    SITE_NAME,
    discussed_at_once,
    draft,
    marked,
    new_poll,
    option,
    publish,
    published,
    reader,
    replied,
    revision,
    row,
    rows,
    shown,
    shown_ids,
    vote,
    withdraw,
    wrote,
)

ANNA, BEN = reader("anna"), reader("ben")
# Markup, scripts, templates, formulas, addresses that do more than lead somewhere.
XSS = (
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg/onload=alert(1)>", '"><b onmouseover=alert(1)>x',
    "</textarea><script>alert(1)</script>", "[a](javascript:alert(1))", "<a href=javascript:alert(1)>x</a>",
    "{{ 7*7 }} {% for x in () %}", "${7*7} #{7*7}", "javascript:alert(document.cookie)", "data:text/html,<script>1</script>",
    "<iframe srcdoc='<script>1</script>'>", "<math><mtext><style><img src=x onerror=alert(1)>", "&lt;script&gt;alert(1)",
    '=HYPERLINK("https://evil.example")', "'; DROP TABLE reasons; --", "%3Cscript%3Ealert(1)", "<!--><script>alert(1)//-->",
)  # fmt: skip


def edited(reason_id, voter, words, *, name="", now=NOW, **facts):
    return edit_reason(reason_id, voter, draft(words, name, **facts), site_name=SITE_NAME, now=now)


def test_a_reason_waits_for_a_moderator_and_is_then_shown_with_the_position(services, poll, ada):
    written = wrote(services, poll, ANNA, "Yes", name=" Anna ")

    assert (written.state, written.codes, written.poll_slug) == ("held", ("new_writer",), poll.slug)
    assert shown(poll, "Yes") == ()
    publish(written.id, by=ada, now=NOW + HOUR)
    (view,) = shown(poll, "Yes")
    assert (view.name, view.text, view.state) == ("Anna", LONG, "published")
    assert [piece.text for line in view.paragraphs[0] for piece in line] == [LONG]
    assert view.position.labels == ("Yes",)
    assert view.later is None
    assert (view.hour.minute, view.published_hour - view.hour) == (0, HOUR)
    assert not view.by_editor


def test_without_a_counted_ballot_nobody_writes(services, poll):
    with pytest.raises(Refusal, match="Answer the question first"):
        write_reason(poll, ANNA, draft(), site_name=SITE_NAME, now=NOW)
    vote(services, poll, ANNA, "Yes")
    withdraw(services, poll, ANNA)
    with pytest.raises(Refusal, match="Answer the question first"):
        write_reason(poll, ANNA, draft(), site_name=SITE_NAME, now=NOW)

    assert rows("SELECT id FROM reasons") == []


def test_one_reason_per_reader_and_question(services, poll):
    first = wrote(services, poll, ANNA, "Yes")

    again = write_reason(poll, ANNA, draft(), site_name=SITE_NAME, now=NOW)
    with pytest.raises(Refusal, match="given a reason already"):
        write_reason(poll, ANNA, draft("Another reason entirely."), site_name=SITE_NAME, now=NOW)

    assert (again.id, again.return_code) == (first.id, None)
    other = wrote(services, new_poll("And a tunnel?"), ANNA, "Yes")
    assert other.id != first.id
    assert "duplicate" not in other.codes


def test_the_same_text_of_two_readers_is_held_as_a_duplicate(services, poll):
    wrote(services, poll, ANNA, "Yes")

    assert wrote(services, poll, BEN, "No", LONG.upper()).codes == ("duplicate", "new_writer")


def test_what_a_script_filled_in_is_held_and_never_dropped(services, poll):
    vote(services, poll, ANNA, "Yes")

    written = write_reason(poll, ANNA, Draft(LONG, trap="x"), site_name=SITE_NAME, now=NOW)

    assert written.codes == ("too_fast", "honeypot", "new_writer")
    assert row("reasons", written.id)["text"] == LONG


def test_markup_is_plain_text_in_the_database(services, poll):
    stored = {}
    for number, words in enumerate(XSS):
        written = wrote(services, poll, reader(number), "Yes", words)
        stored[words] = row("reasons", written.id)["text"]

    assert stored == {words: words for words in XSS}
    assert find_own_part(poll, reader(0), now=NOW).reason.text == XSS[0]


def test_a_name_of_the_newsroom_is_refused(services, poll, ada):
    for name in ("Ada Byron", "Аda Вyron", "the editor", "The Daily Bugle"):
        with pytest.raises(Refusal, match="newsroom"):
            wrote(services, poll, ANNA, "Yes", name=name)
        with pytest.raises(Refusal, match="newsroom"):
            preview(draft(name=name), site_name=SITE_NAME)

    assert rows("SELECT id FROM reasons") == []


def test_a_preview_stores_nothing(services):
    assert preview(draft(" a \n\n\n b ", " Anna "), site_name=SITE_NAME).text == "a\n\nb"
    assert rows("SELECT id FROM reasons") == []


def test_writing_is_limited_per_hour_and_in_all(services, poll, ada):
    first = published(services, poll, ANNA, "Yes", by=ada)
    for number in range(4):
        replied(first, ANNA, f"Something new, number {number}.")

    with pytest.raises(TooMany, match="an hour"):
        replied(first, ANNA, "One more thing that I have to say.")
    for number in range(35):
        replied(first, ANNA, f"Later words, number {number}.", now=NOW + HOUR * (1 + number // 5))
    with pytest.raises(TooMany, match="40 texts"):
        replied(first, ANNA, "The very last thing.", now=NOW + 90 * HOUR)

    vote(services, poll, BEN, "No")
    assert replied(first, BEN, "But others may still write.").state == "held"


def test_who_was_published_once_is_no_new_writer(services, poll, ada):
    first = published(services, poll, ANNA, "Yes", by=ada)

    reply = replied(first, ANNA, "And one more thing: it pays.")

    assert reply.state == "published"
    (view,) = shown(poll, "Yes")
    assert [(one.text, one.position.labels) for one in view.replies] == [
        ("And one more thing: it pays.", ("Yes",))
    ]
    assert get_discussion(poll, now=NOW).replies == 1


def test_replies_have_one_level_and_stand_under_what_is_published(services, poll, ada):
    held = wrote(services, poll, ANNA, "Yes").id
    vote(services, poll, BEN, "No")
    with pytest.raises(NotFound):
        replied(held, BEN)
    with pytest.raises(NotFound):
        replied(999, BEN)
    publish(held, by=ada)
    reply = replied(held, BEN, "I see this otherwise.")
    publish(reply.id, by=ada)

    with pytest.raises(NotFound):
        write_reply(reply.id, ANNA, draft("To the reply."), site_name=SITE_NAME, now=NOW)
    assert replied(held, BEN, "I see this otherwise.").id == reply.id


def test_a_discussion_closes_apart_from_voting(services, poll, ada):
    short = new_poll("A short one?", closes_at=NOW + HOUR)
    vote(services, short, ANNA, "Yes")
    day = timedelta(days=1)

    late = write_reason(short, ANNA, draft(), site_name=SITE_NAME, now=NOW + 14 * day)
    vote_of_ben = reader("nobody")
    with pytest.raises(NotOpen, match="closed"):
        write_reason(short, vote_of_ben, draft(), site_name=SITE_NAME, now=NOW + 15 * day)

    assert late.state == "held"
    assert delete_reason(late.id, ANNA) == short.slug


def test_a_draft_has_no_discussion(services, poll):
    with writing() as session:
        session.get(Poll, poll.id).opens_at = None

    with pytest.raises(NotFound):
        write_reason(poll, ANNA, draft(), site_name=SITE_NAME, now=NOW)


def test_an_edit_is_visible_with_what_stood_there(services, ada):
    poll = discussed_at_once()
    reason_id = published(services, poll, ANNA, "Yes", by=ada, name="Anna")

    again = edited(reason_id, ANNA, "Because it is shorter, and cheaper too.", now=NOW + HOUR)

    assert again.state == "published"
    (view,) = shown(poll, "Yes")
    assert view.text == "Because it is shorter, and cheaper too."
    assert view.edited_hour == view.hour + HOUR
    assert [(one.text, one.name, one.hour) for one in view.earlier] == [(LONG, "Anna", view.hour)]
    assert view.earlier[0].paragraphs[0][0][0].text == LONG


def test_an_edit_is_looked_at_like_a_new_text(services, poll, ada):
    reason_id = published(services, poll, ANNA, "Yes", by=ada)

    again = edited(reason_id, ANNA, "Look at https://casino.example, a fine place.")

    assert (again.state, again.codes) == ("held", ("links", "words.en", "new_writer"))
    assert shown(poll, "Yes") == ()
    publish(reason_id, by=ada)
    assert [len(one.earlier) for one in shown(poll, "Yes")] == [1]


def test_what_nobody_has_seen_leaves_no_trace_when_edited(services, poll):
    written = wrote(services, poll, ANNA, "Yes")

    edited(written.id, ANNA, "A better text from the beginning.")

    assert rows("SELECT * FROM reason_texts") == []
    assert row("reasons", written.id)["revision"] == 2


def test_what_a_moderator_has_read_is_not_replaced_unread(services, poll, ada):
    reason_id = published(services, poll, ANNA, "Yes", by=ada)

    again = edited(reason_id, ANNA, "Something else altogether.")

    assert (again.state, again.codes) == ("held", ("new_writer",))
    publish(reason_id, by=ada)
    assert replied(reason_id, ANNA, "And one more thing: it pays.").state == "published"
    assert edited(reason_id, ANNA, "Changed by a known writer.").state == "published"


def earlier(reason_id):
    return rows(f"SELECT text FROM reason_texts WHERE reason_id = {reason_id} ORDER BY number")


def test_what_readers_saw_before_reports_held_it_is_kept_and_nothing_else(services, ada):
    """Otherwise whoever is abusive waits for the reports and then writes something kind."""
    poll = discussed_at_once()
    reason_id = wrote(services, poll, ANNA, "Yes", "What readers saw and reported.").id
    for number in range(3):
        vote(services, poll, reader(number), "No")
        report_reason(reason_id, reader(number), "insult", now=NOW)

    for words in ("Never shown, with https://town.example.", "Nor was this.", "Kind by now."):
        assert edited(reason_id, ANNA, words).state == "held"

    assert row("reasons", reason_id)["codes"] == "reports edited"
    assert earlier(reason_id) == [("What readers saw and reported.",)]
    publish(reason_id, by=ada)
    edited(reason_id, ANNA, "And kinder still.")
    assert earlier(reason_id)[1:] == [("Kind by now.",)]


def test_what_moderators_hold_is_kept_only_if_readers_saw_it(services, ada):
    poll = discussed_at_once()
    reason_id = wrote(services, poll, ANNA, "Yes", "What readers saw.").id
    hold(reason_id, by=ada)
    edited(reason_id, ANNA, "Shown once a moderator had read it.")
    publish(reason_id, by=ada)
    edited(reason_id, ANNA, "Never shown, with https://town.example.")
    hold(reason_id, by=ada)
    assert row("reasons", reason_id)["codes"] == "links moderator"

    edited(reason_id, ANNA, "Something without a link.")

    assert earlier(reason_id) == [
        ("What readers saw.",), ("Shown once a moderator had read it.",),
    ]  # fmt: skip


def hold(reason_id, *, by):
    decide({reason_id: revision(reason_id)}, "hold", by=by, now=NOW)


def test_an_edit_that_changes_nothing_is_none(services, poll, ada):
    reason_id = published(services, poll, ANNA, "Yes", by=ada)
    before = row("reasons", reason_id)

    edited(reason_id, ANNA, LONG)

    assert row("reasons", reason_id) == before


def test_editing_ends_and_belongs_to_the_writer(services, ada):
    poll = discussed_at_once()
    reason_id = published(services, poll, ANNA, "Yes", by=ada)

    with pytest.raises(NotFound):
        edited(reason_id, BEN, "Not mine at all.")
    with pytest.raises(Refusal, match="end of the hour"):
        edited(reason_id, ANNA, "Too late for this.", now=NOW + 2 * HOUR)
    for number in range(5):
        edited(reason_id, ANNA, f"Once more, for the time {number}.")
    with pytest.raises(Refusal, match="often enough"):
        edited(reason_id, ANNA, "And once more again.")
    decide({reason_id: revision(reason_id)}, "reject", code="insult", by=ada, now=NOW)
    with pytest.raises(Refusal, match="only deleted"):
        edited(reason_id, ANNA, "No, please, wait.")


def test_the_position_stays_and_the_later_one_comes_from_the_ballot(services, poll, ada):
    reason_id = published(services, poll, ANNA, "Yes", by=ada)

    vote(services, poll, ANNA, "No", now=NOW + HOUR)
    (view,) = shown(poll, "Yes")
    assert (view.position.labels, view.later.labels) == (("Yes",), ("No",))
    withdraw(services, poll, ANNA, now=NOW + HOUR)
    (view,) = shown(poll, "Yes")
    assert (view.position.labels, view.later.labels) == (("Yes",), ())
    vote(services, poll, ANNA, "Yes", now=NOW + HOUR)
    assert shown(poll, "Yes")[0].later is None
    assert row("reasons", reason_id)["position"] == str(option(poll, "Yes"))


def test_of_several_choices_the_first_one_is_the_side(services, ada):
    poll = new_poll("Which?", method="multiple", max_choices=2)
    vote(services, poll, ANNA, "No", "Yes")
    written = write_reason(poll, ANNA, draft(), site_name=SITE_NAME, now=NOW)
    publish(written.id, by=ada)

    (view,) = shown(poll, "Yes")

    assert view.position.labels == ("Yes", "No")
    assert shown(poll, "No") == ()


def test_deleting_erases_the_words_and_leaves_the_counts(services, ada):
    poll = discussed_at_once()
    reason_id = published(services, poll, ANNA, "Yes", by=ada, name="Anna")
    edited(reason_id, ANNA, "Because it is shorter, and cheaper too.")
    vote(services, poll, BEN, "No")
    marked(reason_id, BEN)
    reply = replied(reason_id, BEN, "I see this otherwise.").id
    publish(reply, by=ada)

    assert delete_reason(reason_id, ANNA) == poll.slug

    stored = row("reasons", reason_id)
    assert (stored["text"], stored["name"], stored["codes"]) == ("", "", "")
    assert rows("SELECT * FROM reason_texts") == []
    assert rows("SELECT readers FROM fair_counts") == [(1,)]
    (view,) = shown(poll, "Yes")
    assert (view.state, view.text, view.name, view.earlier, view.marks) == (
        "deleted",
        "",
        "",
        (),
        1,
    )
    assert [one.text for one in view.replies] == ["I see this otherwise."]
    with pytest.raises(NotFound):
        delete_reason(reason_id, ANNA)
    with pytest.raises(NotFound):
        get_own_reason(reason_id, ANNA, now=NOW)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_erased_words_are_no_longer_in_the_file(services, poll):
    """PostgreSQL overwrites them when it tidies up, at a time of its own."""
    words = "Nobody shall find these words again. " * 50
    written = wrote(services, poll, ANNA, "Yes", words)
    edited(written.id, ANNA, words.upper())

    delete_reason(written.id, ANNA)

    db.session.rollback()
    with db.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    held = Path(db.engine.url.database).read_bytes()
    assert b"SQLite format 3" in held
    assert b"shall find these" not in held
    assert b"SHALL FIND THESE" not in held


def test_without_replies_a_deleted_reason_is_gone(services, poll, ada):
    reason_id = published(services, poll, ANNA, "Yes", by=ada)
    reply = replied(reason_id, ANNA, "And one more thing: it pays.").id

    delete_reason(reply, ANNA)
    assert shown(poll, "Yes")[0].replies == ()
    delete_reason(reason_id, ANNA)

    assert shown_ids(poll, "Yes") == []
    with pytest.raises(NotFound):
        get_reason(reason_id, now=NOW)
    with pytest.raises(NotFound):
        get_reason(reply, now=NOW)


def test_who_deleted_a_reason_may_give_another_within_the_limits(services, poll):
    for number in range(5):
        written = wrote(services, poll, ANNA, "Yes", f"A reason, number {number}.")
        delete_reason(written.id, ANNA)

    with pytest.raises(TooMany):
        wrote(services, poll, ANNA, "Yes", "The sixth within the hour.")


def test_no_time_of_a_reader_is_finer_than_an_hour(services, ada):
    poll = discussed_at_once()
    reason_id = published(services, poll, ANNA, "Yes", by=ada)
    edited(reason_id, ANNA, "Because it is shorter, and cheaper too.")
    vote(services, poll, BEN, "No")
    marked(reason_id, BEN)
    report_reason(reason_id, BEN, "insult", now=NOW)
    tables = ("reasons", "reason_texts", "fair_points", "markers", "minds_changed", "reports",
              "return_codes", "fair_counts", "discussions")  # fmt: skip
    db.session.rollback()

    times = [
        value
        for name in tables
        for line in db.session.execute(select(Base.metadata.tables[name])).mappings()
        for value in line.values()
        if hasattr(value, "minute")
    ]

    assert len(times) >= 6
    assert {(time.minute, time.second, time.microsecond) for time in times} == {(0, 0, 0)}
    columns = {column.name for name in tables for column in Base.metadata.tables[name].columns}
    assert not {name for name in columns if "address" in name or "agent" in name or "ip" in name}


def test_the_own_part_of_a_reader(services, poll, ada):
    assert find_own_part(poll, None, now=NOW).reason is None
    assert "Answer the question" in str(find_own_part(poll, ANNA, now=NOW).why_not)
    vote(services, poll, ANNA, "Yes")
    part = find_own_part(poll, ANNA, now=NOW)
    assert (part.why_not, part.may_reply, part.reason, part.may_name) == (None, True, None, False)

    written = write_reason(poll, ANNA, draft(), site_name=SITE_NAME, now=NOW)
    part = find_own_part(poll, ANNA, now=NOW)
    assert "already" in str(part.why_not)
    assert part.own_ids == {written.id}
    assert [str(one) for one in part.reason.told] == [
        "A moderator reads the first text of every writer to a question, and changes of it."
    ]
    assert part.reason.editable_until == part.reason.hour + 2 * HOUR
    decide({written.id: 1}, "reject", code="off_topic", by=ada, now=NOW)
    view, own = get_own_reason(written.id, ANNA, now=NOW)
    assert (view.slug, own.state, own.codes) == (poll.slug, "rejected", ("off_topic",))
    assert own.editable_until is None
    for voter in (BEN, None):
        with pytest.raises(NotFound):
            get_own_reason(written.id, voter, now=NOW)


def test_the_database_itself_refuses_a_second_reason(services, poll):
    written = wrote(services, poll, ANNA, "Yes")
    twin = {key: value for key, value in row("reasons", written.id).items() if key != "id"}

    def add_twin():
        with writing() as session:
            hour = session.get(Reason, written.id).hour
            session.add(Reason(**{**twin, "hour": hour}))

    with pytest.raises(IntegrityError):
        add_twin()
