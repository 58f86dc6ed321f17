"""The ballot box under many hands at once: every ballot counts, once, or the reader is told."""

import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from sqlalchemy import create_engine, event, text

from poll_app import create_app
from poll_app.database import db, engine_options
from poll_app.domain.refusals import Busy, NotFound, NotOpen, Refusal
from poll_app.domain.voters import Voter
from poll_app.domain.voting import Cast, Peek, Withdraw
from poll_app.services.ballot_box import BallotBox
from poll_app.services.ballot_rows import load_rules
from poll_app.services.poll_views import get_poll
from poll_app.services.polls import NewPoll, add_poll
from poll_app.services.recount import recount
from poll_app.services.results import get_result
from poll_app.services.voting import cast_ballot
from tests.conftest import settings_for

NOW = datetime(2026, 11, 22, 12, 30, tzinfo=UTC)
MANY = 40
PATIENCE_S = 0.3


@pytest.fixture
def box(services):
    return services.extensions["ballot_box"]


@pytest.fixture
def poll(services):
    new = NewPoll("Which?", options=("A", "B", "C"), not_sure="Not sure")
    return get_poll(add_poll(new, opens_at=NOW, now=NOW), now=NOW)


@pytest.fixture
def make_engine_on():
    """Engines on a database, as other processes have them."""
    engines = []

    def make(url):
        engines.append(create_engine(url, **engine_options(url, connections=5)))
        return engines[-1]

    yield make
    for engine in engines:
        engine.dispose()


@pytest.fixture
def make_engine(make_engine_on, database_url):
    """The same, on the database of the test."""
    return lambda url=database_url: make_engine_on(url)


@contextmanager
def locked(engine):
    """Another program holds the tables."""
    connection = engine.raw_connection()
    cursor = connection.cursor()
    if engine.dialect.name == "sqlite":
        cursor.execute("BEGIN IMMEDIATE")
    else:
        cursor.execute("LOCK TABLE ballots IN ACCESS EXCLUSIVE MODE")
    try:
        yield
    finally:
        connection.rollback()
        connection.close()


def cast(poll, reader, place=0, at=NOW):
    return Cast(poll.id, key_of(poll, reader), at, (poll.options[place].id,), (None,))


def key_of(poll, reader):
    return Voter(f"reader {reader}", "a secret").key_in(poll.voter_salt)


def submit_together(box, acts):
    """Every act from a thread of its own, all let go at one moment; what each of them got."""
    start = threading.Barrier(len(acts))

    def submit(act):
        start.wait()
        try:
            return box.submit(act).done
        except Refusal as refusal:
            return type(refusal).__name__

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(submit, acts))


def figures_of(poll):
    db.session.rollback()
    result = get_result(poll, now=NOW, percent_from=1)
    return [option.votes for option in result.options], result.ballots


def test_one_reader_who_sends_at_once_is_counted_once(box, poll):
    done = submit_together(box, [cast(poll, 1)] * MANY)

    assert sorted(done) == ["cast"] + ["unchanged"] * (MANY - 1)
    assert figures_of(poll) == ([1, 0, 0, 0], 1)
    assert recount() == []


def test_many_readers_who_send_at_once_are_all_counted(box, poll):
    done = submit_together(box, [cast(poll, reader, reader % 4) for reader in range(MANY)])

    assert done == ["cast"] * MANY
    assert figures_of(poll) == ([10, 10, 10, 10], MANY)
    assert recount() == []


def test_a_reader_who_changes_the_answer_in_parallel_holds_exactly_one(box, poll):
    done = submit_together(box, [cast(poll, 1, number % 4) for number in range(MANY)])

    assert done.count("cast") == 1
    assert set(done) <= {"cast", "changed", "unchanged"}
    votes, ballots = figures_of(poll)
    assert (sum(votes), ballots) == (1, 1)
    assert recount() == []


def test_any_mixture_of_acts_at_once_leaves_true_figures(box, poll):
    acts = []
    for number in range(MANY):
        key = key_of(poll, number % 5)
        acts.append(
            (
                cast(poll, number % 5, number % 3),
                Withdraw(poll.id, key, NOW),
                Peek(poll.id, key, NOW),
            )[number % 3]
        )

    done = submit_together(box, acts)

    assert set(done) <= {"cast", "changed", "unchanged", "withdrawn", "peeked", "NotFound"}
    assert recount() == []


def test_a_bad_act_among_good_ones_is_refused_alone(box, poll, make_engine):
    closed = get_poll(add_poll(NewPoll("Old?", options=("A", "B")), opens_at=NOW, now=NOW), now=NOW)
    strange = Cast(poll.id, key_of(poll, 90), NOW, (closed.options[0].id,), (None,))
    early = cast(closed, 91, at=NOW.replace(hour=0))
    unknown = Cast(999_999, b"k" * 16, NOW, (1,), (None,))
    nothing = Withdraw(poll.id, key_of(poll, 92), NOW)

    # Whatever waits while the first is being written makes one batch.
    with ThreadPoolExecutor(MANY) as threads, locked(make_engine()):
        first = threads.submit(box.submit, cast(poll, 0))
        time.sleep(0.1)
        good = [threads.submit(box.submit, cast(poll, reader)) for reader in range(1, 10)]
        bad = [threads.submit(box.submit, act) for act in (strange, early, unknown, nothing)]
        time.sleep(0.1)

    assert [found.result().done for found in (first, *good)] == ["cast"] * 10
    refusals = [type(found.exception()) for found in bad]
    assert refusals == [Refusal, NotOpen, NotFound, NotFound]
    assert figures_of(poll)[1] == 10
    assert recount() == []


def test_acts_that_arrive_while_a_commit_is_under_way_share_the_next_one(
    services, poll, make_engine
):
    engine = make_engine()
    box, commits = BallotBox(engine), []
    event.listen(engine, "commit", commits.append)

    with ThreadPoolExecutor(MANY) as threads, locked(make_engine()):
        found = [threads.submit(box.submit, cast(poll, reader)) for reader in range(MANY)]
        time.sleep(0.2)
    assert {receipt.result().done for receipt in found} == {"cast"}
    assert len(commits) <= 5
    assert figures_of(poll) == ([MANY, 0, 0, 0], MANY)


def test_when_too_many_wait_the_next_one_is_told_and_nothing_of_it_is_stored(
    services, poll, make_engine
):
    box = BallotBox(make_engine(), max_waiting=3)

    with ThreadPoolExecutor(MANY) as threads, locked(make_engine()):
        found = [threads.submit(box.submit, cast(poll, 0))]
        time.sleep(0.3)
        found += [threads.submit(box.submit, cast(poll, reader)) for reader in range(1, 10)]
        time.sleep(0.3)
        with pytest.raises(Busy, match="Too many answers"):
            box.submit(cast(poll, 99))

    taken = [receipt for receipt in found if receipt.exception() is None]
    assert {type(receipt.exception()) for receipt in found if receipt not in taken} == {Busy}
    assert 3 <= len(taken) <= 4
    assert figures_of(poll)[1] == len(taken)
    assert box.submit(cast(poll, 99)).done == "cast"


def seconds_of(box, act):
    """How long this act waits for its refusal."""
    started = time.monotonic()
    with pytest.raises(Busy, match="can’t be stored"):
        box.submit(act)
    return time.monotonic() - started


def test_while_another_program_holds_the_database_nobody_waits_longer_than_the_limit(
    services, poll, make_engine
):
    box = BallotBox(make_engine(), patience_s=PATIENCE_S)
    assert box.submit(cast(poll, 0)).done == "cast"

    with ThreadPoolExecutor(MANY) as threads, locked(make_engine()):
        waiting = []
        for reader in range(1, MANY):
            waiting.append(threads.submit(seconds_of, box, cast(poll, reader)))
            time.sleep(2 * PATIENCE_S / MANY)
        assert max(found.result() for found in waiting) < 2 * PATIENCE_S
    assert figures_of(poll)[1] == 1

    assert submit_together(box, [cast(poll, reader) for reader in range(1, MANY)]) == (
        ["cast"] * (MANY - 1)
    )
    assert recount() == []


def test_when_the_one_that_leads_is_refused_all_that_wait_are_refused_with_it(
    services, poll, make_engine
):
    box = BallotBox(make_engine(), patience_s=2.0)

    with ThreadPoolExecutor(MANY) as threads, locked(make_engine()):
        threads.submit(seconds_of, box, cast(poll, 0))
        time.sleep(1.0)
        late = [threads.submit(seconds_of, box, cast(poll, reader)) for reader in (1, 2, 3)]
        assert max(found.result() for found in late) < 1.7
        assert seconds_of(box, cast(poll, 4)) < 1.7  # it is known now
    assert figures_of(poll)[1] == 0

    box.submit(cast(poll, 4))
    assert figures_of(poll)[1] == 1


HOLDER = """
import fcntl, os, sys
handle = os.open(sys.argv[1], os.O_RDWR | os.O_CREAT)
fcntl.flock(handle, fcntl.LOCK_EX)
print("held", flush=True)
sys.stdin.read()
"""


@pytest.mark.parametrize("suffix", [".lock", ".next.lock"])
def test_a_process_that_hangs_on_to_the_lock_file_holds_nobody_up_for_long(
    app, sqlite_url, make_engine_on, suffix
):
    box = BallotBox(make_engine_on(sqlite_url), patience_s=PATIENCE_S)
    with app.app_context():
        new = NewPoll("Or?", options=("A", "B"))
        poll = get_poll(add_poll(new, opens_at=NOW, now=NOW), now=NOW)
        file = sqlite_url.removeprefix("sqlite:///") + suffix
        with subprocess.Popen(
            [sys.executable, "-c", HOLDER, file],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        ) as holder:
            assert holder.stdout.readline() == "held\n"
            started = time.monotonic()
            acts = [cast(poll, reader) for reader in range(MANY)]
            assert submit_together(box, acts) == ["Busy"] * MANY
            assert time.monotonic() - started < 3 * PATIENCE_S
            holder.stdin.close()
        assert figures_of(poll)[1] == 0

        assert submit_together(box, acts) == ["cast"] * MANY
        assert figures_of(poll)[1] == MANY


def test_those_who_wait_behind_a_commit_that_takes_too_long_are_told(services, poll, make_engine):
    engine = make_engine()
    box = BallotBox(engine, patience_s=PATIENCE_S)

    @event.listens_for(engine, "commit")
    def take_long(_connection):
        time.sleep(3 * PATIENCE_S)

    with ThreadPoolExecutor(MANY) as threads:
        first = threads.submit(box.submit, cast(poll, 0))
        time.sleep(PATIENCE_S / 2)
        late = [threads.submit(seconds_of, box, cast(poll, reader)) for reader in (1, 2, 3)]

    assert first.result().done == "cast"
    assert max(found.result() for found in late) < 2 * PATIENCE_S
    assert figures_of(poll)[1] == 1


def test_who_is_being_written_when_the_patience_ends_waits_for_what_comes_of_it(
    services, poll, make_engine
):
    engine = make_engine()
    box = BallotBox(engine, patience_s=PATIENCE_S)

    @event.listens_for(engine, "commit")
    def take_long(_connection):
        time.sleep(0.8 * PATIENCE_S)

    with ThreadPoolExecutor(MANY) as threads:
        first = threads.submit(box.submit, cast(poll, 0))
        time.sleep(PATIENCE_S / 10)
        next_ones = [threads.submit(box.submit, cast(poll, reader)) for reader in (1, 2, 3)]

    assert {found.result().done for found in [first, *next_ones]} == {"cast"}
    assert figures_of(poll)[1] == 4


def test_of_two_boxes_that_always_write_neither_starves(services, poll, make_engine):
    boxes, over = [BallotBox(make_engine()), BallotBox(make_engine())], threading.Event()
    written = [0, 0]

    def write_on(number):
        while not over.is_set():
            boxes[number].submit(cast(poll, number, written[number] % 4))
            written[number] += 1

    with ThreadPoolExecutor(2) as threads:
        found = [threads.submit(write_on, number) for number in (0, 1)]
        time.sleep(1.5)
        over.set()

    assert [receipt.exception() for receipt in found] == [None, None]
    assert min(written) > max(written) / 5
    assert recount() == []


def test_a_database_that_can_not_be_written_is_busy_and_can_still_be_read(
    services, poll, make_engine
):
    engine = make_engine()

    @event.listens_for(engine, "checkout")
    def only_read(connection, _record, _proxy):
        if engine.dialect.name == "sqlite":
            connection.execute("PRAGMA query_only=ON")
        else:
            connection.execute("SET default_transaction_read_only=on")
            connection.commit()

    with pytest.raises(Busy, match="can’t be stored"):
        BallotBox(engine).submit(cast(poll, 1))

    assert figures_of(poll) == ([0, 0, 0, 0], 0)


def test_a_database_that_is_not_there_is_busy(services, poll, make_engine, tmp_path):
    urls = (
        f"sqlite:///{tmp_path}/no/such/folder/a.sqlite",
        "postgresql+psycopg://127.0.0.1:1/none",
    )

    for url in urls:
        box = BallotBox(make_engine(url))
        assert submit_together(box, [cast(poll, reader) for reader in range(3)]) == ["Busy"] * 3


@pytest.mark.parametrize("readers", [3, 400])
def test_two_boxes_as_of_two_processes_keep_the_figures_true(services, poll, make_engine, readers):
    boxes = [BallotBox(make_engine()), BallotBox(make_engine())]
    outcomes = []

    def hammer(number):
        for turn in range(20):
            reader = (number * 20 + turn) % readers
            outcomes.append(boxes[number % 2].submit(cast(poll, reader, (number + turn) % 4)).done)

    with ThreadPoolExecutor(20) as threads:
        list(threads.map(hammer, range(20)))

    assert len(outcomes) == 400
    assert outcomes.count("cast") == figures_of(poll)[1] == readers
    assert sum(figures_of(poll)[0]) == readers
    assert recount() == []


def test_counting_again_while_ballots_arrive_finds_no_difference(services, poll, make_engine):
    box, done = BallotBox(make_engine()), threading.Event()

    def vote_on(number):
        while not done.is_set():
            box.submit(cast(poll, number, time.monotonic_ns() % 4))

    with ThreadPoolExecutor(4) as threads:
        voters = [threads.submit(vote_on, number) for number in range(4)]
        found = [recount(repair=True) for _ in range(15)]
        done.set()
        for voter in voters:
            voter.result()

    assert found == [[]] * 15
    assert recount() == []


PROCESS = """
import sys
from datetime import UTC, datetime
from sqlalchemy import create_engine
from poll_app.database import engine_options
from poll_app.domain.voting import Cast
from poll_app.services.ballot_box import BallotBox
from poll_app.services.ballot_rows import load_rules

url, poll_id, turn, *options = sys.argv[1:]
box = BallotBox(engine := create_engine(url, **engine_options(url, connections=5)))
now = datetime(2026, 11, 22, 12, 30, tzinfo=UTC)
for number in range(60):
    option_id = int(options[(number + int(turn)) % len(options)])
    box.submit(Cast(int(poll_id), b"%016d" % (number % 30), now, (option_id,), (None,)))
engine.dispose()
"""


def test_two_processes_keep_the_figures_true(services, poll, database_url):
    options = [str(option.id) for option in poll.options]
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", PROCESS, database_url, str(poll.id), str(turn), *options],
            stderr=subprocess.PIPE,
            text=True,
        )
        for turn in range(2)
    ]
    errors = [process.communicate(timeout=60)[1] for process in processes]

    assert errors == ["", ""]
    assert figures_of(poll)[1] == 30
    assert recount() == []


def test_the_box_needs_no_application_around_it(services, poll, box):
    found = []
    thread = threading.Thread(target=lambda: found.append(box.submit(cast(poll, 1)).done))

    thread.start()
    thread.join()

    assert found == ["cast"]


def test_a_request_that_waits_holds_no_connection(services, box, poll):
    assert figures_of(poll)[1] == 0
    db.session.execute(text("SELECT 1"))

    cast_ballot(box, poll, Voter("reader", "a secret"), [poll.options[0].id], now=NOW)

    assert db.engine.pool.checkedout() == 0


@pytest.fixture
def on_postgresql(postgresql_url, tmp_path):
    """A poll on PostgreSQL alone: a commit to a file can't get lost on its way."""
    app = create_app(settings_for(tmp_path, POLL_DATABASE_URL=postgresql_url))
    with app.app_context():
        new = NewPoll("Which?", options=("A", "B", "C"), not_sure="Not sure")
        yield get_poll(add_poll(new, opens_at=NOW, now=NOW), now=NOW)
        db.session.remove()
        db.engine.dispose()


@pytest.mark.postgresql
@pytest.mark.parametrize("came_through", [False, True])
def test_a_connection_that_breaks_at_the_commit_neither_loses_nor_doubles_an_act(
    on_postgresql, postgresql_url, came_through
):
    poll, broken = on_postgresql, []
    engine = create_engine(postgresql_url)
    killer = create_engine(postgresql_url)
    box = BallotBox(engine)

    @event.listens_for(engine, "commit")
    def break_it(connection):
        if not broken:
            return
        broken.pop()
        driver = connection.connection.driver_connection
        backend = driver.info.backend_pid
        if came_through:  # it is durable, and then the answer gets lost
            driver.commit()
            driver.execute("SELECT 1")
        with killer.begin() as other:
            other.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": backend})

    def submit_over_a_break(act):
        broken.append(True)
        done = box.submit(act).done
        assert broken == []
        return done

    assert submit_over_a_break(cast(poll, 1)) == "cast"
    assert box.submit(cast(poll, 1)).done == "unchanged"
    assert figures_of(poll) == ([1, 0, 0, 0], 1)
    # Written a second time it would find no ballot: only the number of the batch tells.
    assert submit_over_a_break(Withdraw(poll.id, key_of(poll, 1), NOW)) == "withdrawn"
    engine.dispose()
    killer.dispose()

    assert figures_of(poll) == ([0, 0, 0, 0], 0)
    assert recount() == []


def test_a_ballot_that_the_database_refuses_again_and_again_is_not_stored(app, sqlite_url):
    engine = create_engine(sqlite_url, **engine_options(sqlite_url, connections=2))
    with app.app_context():
        poll = get_poll(
            add_poll(NewPoll("Or?", options=("A", "B")), opens_at=NOW, now=NOW), now=NOW
        )
        with engine.begin() as connection:
            connection.exec_driver_sql(
                "CREATE TRIGGER refuse BEFORE INSERT ON choices BEGIN SELECT RAISE(ABORT, 'no'); END"
            )

        with pytest.raises(Busy):
            BallotBox(engine).submit(cast(poll, 1))

        assert figures_of(poll) == ([0, 0], 0)
        assert recount() == []
    engine.dispose()


def test_the_rules_kept_in_memory_are_let_go_before_they_are_too_many(poll):
    kept = dict.fromkeys(range(-1_001, 0), ((), None))

    with db.engine.connect() as connection:
        rules = load_rules(connection, [poll.id], kept)

    assert list(kept) == list(rules) == [poll.id]
