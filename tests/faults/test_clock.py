"""A clock that is set back: the order in which answers arrive counts, never the time they carry."""

import random
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from poll_app.domain.refusals import NotOpen
from poll_app.domain.voters import Voter
from poll_app.domain.voting import Cast, Withdraw
from poll_app.services.poll_views import get_poll
from poll_app.services.recount import recount
from poll_app.services.voting import cast_ballot, find_own_answer
from tests.benchmarks.site import POLL, SECRET

NOW = datetime.now(UTC) + timedelta(days=2)  # the clock is set back, but not before the opening


@pytest.fixture
def poll(site):
    with site.app.app_context():
        yield get_poll(POLL, now=NOW)
    site.close()


@pytest.fixture
def box(site):
    return site.app.extensions["ballot_box"]


def test_the_later_answer_wins_though_its_clock_is_earlier(poll, box):
    voter = Voter("a reader", SECRET)
    first, second = (option.id for option in poll.options[:2])

    said = [
        cast_ballot(box, poll, voter, [first], now=NOW).done,
        cast_ballot(box, poll, voter, [second], now=NOW - timedelta(hours=2)).done,
        cast_ballot(box, poll, voter, [second], now=NOW - timedelta(hours=5)).done,
    ]

    assert said == ["cast", "changed", "unchanged"]
    assert find_own_answer(poll, voter).option_ids == (second,)
    assert recount() == []


def test_any_jumps_of_the_clock_leave_one_ballot_of_each_reader_as_last_said(poll, box):
    keys = [Voter(f"reader {n}", SECRET).key_in(poll.voter_salt) for n in range(10)]
    last = {}
    now = NOW
    for _ in range(40):
        acts = []
        for _ in range(random.randrange(1, 12)):
            now = NOW + timedelta(minutes=random.randrange(-400, 400))
            key = random.choice(keys)
            if last.get(key) and random.random() < 0.2:
                acts.append(Withdraw(poll.id, key, now))
                last[key] = None
            else:
                option = random.choice(poll.options)
                acts.append(Cast(poll.id, key, now, (option.id,), (None,)))
                last[key] = option.id
        outcomes = box.submit_all(acts)
        assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)]
        assert recount() == []

    for number in range(10):
        own = find_own_answer(poll, Voter(f"reader {number}", SECRET))
        said = last.get(keys[number])
        assert (own.option_ids if own else ()) == ((said,) if said else ())


def test_a_clock_before_the_opening_refuses_and_stores_nothing(poll, box, site, ledger):
    with pytest.raises(NotOpen):
        box.submit(
            Cast(
                poll.id,
                bytes(16),
                poll.opens_at - timedelta(hours=1),
                (poll.options[0].id,),
                (None,),
            )
        )
    assert ledger.stored() == {}


def test_a_reader_votes_again_after_the_clock_of_the_server_was_set_back(site, ledger):
    made = ledger.attempt()
    client = site.app.test_client()
    client.set_cookie("voter", made.request().split(b"voter=")[1].split(b"\r\n")[0].decode())
    for hours, option_id in zip((0, -2, -1), ledger.options[:3], strict=True):
        with time_machine.travel(NOW + timedelta(hours=hours), tick=False):
            made.option_id = option_id
            answer = client.post(
                f"/polls/{POLL}/vote",
                data={"option": option_id},
                headers={"Sec-Fetch-Site": "same-origin"},
            )
            made.status = answer.status_code
            assert made.status == 303
    assert ledger.check() == 0
    assert len(ledger.stored()) == 1
