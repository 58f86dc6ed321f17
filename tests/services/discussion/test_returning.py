"""Return codes: the whole part of a reader, from another device."""

import pytest

from poll_app.domain.refusals import NotFound, Refusal
from poll_app.services.discussion.marks import mark_fair
from poll_app.services.discussion.own import find_own_part, get_own_reason
from poll_app.services.discussion.returning import get_returned, renew_code
from poll_app.services.discussion.standings import discussion_version
from poll_app.services.discussion.writing import delete_reason, edit_reason
from poll_app.services.recount import recount
from poll_app.services.voting import find_own_answer
from tests.services.discussion.readers import (
    NOW,
    SITE_NAME,
    draft,
    new_poll,
    published,
    reader,
    replied,
    row,
    rows,
    vote,
    withdraw,
    wrote,
)

ANNA, BEN = reader("anna"), reader("ben")


def test_with_the_code_alone_a_reader_edits_deletes_and_votes(services, poll, ada):
    written = wrote(services, poll, ANNA, "Yes")
    returned = get_returned(written.return_code.lower().replace("-", " "))
    assert (returned.poll_id, returned.poll_slug) == (poll.id, poll.slug)
    again = returned.reader

    assert get_own_reason(written.id, again, now=NOW)[1].text.startswith("Because")
    edit_reason(written.id, again, draft("Written on a phone."), site_name=SITE_NAME, now=NOW)
    assert row("reasons", written.id)["text"] == "Written on a phone."
    assert vote(services, poll, again, "No").done == "changed"
    assert find_own_answer(poll, ANNA).labels == ("No",)
    assert withdraw(services, poll, again).done == "withdrawn"
    assert delete_reason(written.id, again) == poll.slug

    assert row("reasons", written.id)["text"] == ""
    assert find_own_answer(poll, ANNA).withdrawn
    assert recount() == []


def test_the_code_comes_once_and_its_hash_alone_is_stored(services, poll, ada):
    reason = published(services, poll, BEN, "Yes", by=ada)
    vote(services, poll, ANNA, "No")

    first = replied(reason, ANNA, "A reply is a first text as well.")
    second = wrote(services, poll, ANNA, "No", "Then comes the reason.")

    assert first.return_code
    assert second.return_code is None
    stored = rows("SELECT code_hash FROM return_codes")
    assert len(stored) == 2
    assert all(first.return_code.encode() not in bytes(one[0]) for one in stored)


def test_a_code_opens_one_question_only(services, poll):
    other = new_poll("And a tunnel?")
    code = wrote(services, poll, ANNA, "Yes").return_code
    foreign = wrote(services, other, ANNA, "Yes").id
    again = get_returned(code).reader

    with pytest.raises(NotFound, match="another question"):
        vote(services, other, again, "No")
    with pytest.raises(NotFound, match="another question"):
        find_own_part(other, again, now=NOW)
    with pytest.raises(NotFound):
        get_own_reason(foreign, again, now=NOW)
    with pytest.raises(NotFound):
        delete_reason(foreign, again)


def test_a_lost_code_is_replaced(services, poll):
    with pytest.raises(Refusal, match="first text"):
        renew_code(poll, ANNA)
    old = wrote(services, poll, ANNA, "Yes").return_code
    version = discussion_version(poll.id)

    new = renew_code(poll, ANNA)

    assert discussion_version(poll.id) == version
    with pytest.raises(NotFound, match="not known"):
        get_returned(old)
    assert get_returned(new).poll_slug == poll.slug


def test_who_returned_can_do_what_the_cookie_can(services, poll, ada):
    reason = published(services, poll, BEN, "No", by=ada)
    again = get_returned(wrote(services, poll, ANNA, "Yes").return_code).reader

    assert mark_fair(reason, again, now=NOW).stands

    assert find_own_part(poll, ANNA, now=NOW).marked == {reason}
    assert find_own_part(poll, again, now=NOW) == find_own_part(poll, ANNA, now=NOW)
