"""The copies in front of the application: for whom, how long, how many make one."""

import gc
import sys
import threading
import time
from contextlib import contextmanager

import pytest
from werkzeug.test import Client
from werkzeug.wrappers import Request, Response

from poll_app.web.caching import SHARED_S, UNCHANGED
from poll_app.web.front import FRESH_S, MAX_PAGES, Front
from poll_app.web.places import DESK_AT_ONCE, HEALTH, READS_AT_ONCE, WRITES_AT_ONCE
from poll_app.wsgi import ready

PUBLIC = "public, max-age=0, s-maxage=10"


class Clock:
    now = 1_000.0

    def __call__(self):
        return self.now


class Pages:
    """An application that counts what it is asked."""

    def __init__(self, **headers):
        self.asked = []
        self.headers = {"Cache-Control": PUBLIC, "ETag": 'W/"one"', **headers}
        self.status = 200
        self.meanwhile = lambda: None

    def __call__(self, environ, start):
        request = Request(environ)
        self.asked.append(request.full_path)
        self.meanwhile()
        body = f"page {len(self.asked)} {request.get_data(as_text=True)}"
        return Response(body, self.status, self.headers)(environ, start)


@pytest.fixture
def clock():
    return Clock()


def site(pages, clock):
    return Client(Front(pages, clock=clock), use_cookies=False)


def test_a_second_reader_gets_the_copy_of_the_first(clock):
    pages = Pages()
    client = site(pages, clock)

    answers = [client.get("/a").text for _ in range(3)]

    assert answers == ["page 1 "] * 3
    assert client.get("/b").text == "page 2 "


def test_a_copy_grows_old_and_tells_its_age(clock):
    pages = Pages()
    client = site(pages, clock)
    client.get("/a")

    clock.now += FRESH_S
    kept = client.get("/a")
    clock.now += 0.1
    new = client.get("/a")

    assert (kept.text, kept.headers["Age"]) == ("page 1 ", "1")
    assert new.text == "page 2 "
    assert "Age" not in new.headers


def test_an_old_copy_is_new_while_the_application_says_that_nothing_changed(clock):
    pages = Pages()
    still, said = [True, True, False, True], []

    def application(environ, start):
        environ[UNCHANGED] = lambda: said.append(still.pop(0)) or said[-1]
        return pages(environ, start)

    client = site(application, clock)
    answers = [client.get("/a")]
    for _ in range(4):
        clock.now += SHARED_S + 1
        answers += [client.get("/a"), client.get("/a")]

    assert [answer.text for answer in answers] == ["page 1 "] * 5 + ["page 2 "] * 4
    assert not [answer for answer in answers if "Age" in answer.headers]
    assert said == [True, True, False, True]


@pytest.mark.parametrize(
    "sent", [{"headers": {"Cookie": "voter=x"}}, {"headers": {"Range": "bytes=0-1"}}]
)
def test_a_reader_with_a_cookie_never_gets_a_copy(clock, sent):
    pages = Pages()
    client = site(pages, clock)
    client.get("/a")

    assert [client.get("/a", **sent).text for _ in range(2)] == ["page 2 ", "page 3 "]
    assert client.get("/a").text == "page 1 "


@pytest.mark.parametrize(
    "headers",
    [{"Cache-Control": "private, no-store"}, {"Set-Cookie": "a=b"}, {"Cache-Control": "no-store"}],
)
def test_what_is_not_for_everybody_is_not_kept(clock, headers):
    pages = Pages(**headers)
    client = site(pages, clock)

    assert [client.get("/a").text for _ in range(2)] == ["page 1 ", "page 2 "]


def test_an_error_is_not_kept(clock):
    pages = Pages()
    pages.status = 503
    client = site(pages, clock)

    assert [client.get("/a").text for _ in range(2)] == ["page 1 ", "page 2 "]


def test_who_has_the_page_is_told_so_and_gets_no_body(clock):
    pages = Pages()
    client = site(pages, clock)

    answers = [client.get("/a", headers={"If-None-Match": '"one"'}) for _ in range(2)]

    assert [(answer.status_code, answer.text) for answer in answers] == [(304, "")] * 2
    assert answers[0].headers["ETag"] == 'W/"one"'
    assert len(pages.asked) == 1
    assert client.get("/a", headers={"If-None-Match": '"other"'}).status_code == 200


def test_while_one_makes_a_new_copy_the_others_go_on_with_the_old_one(clock):
    pages = Pages()
    client = site(pages, clock)
    client.get("/a")
    clock.now += FRESH_S + 1
    during = []

    def once():
        pages.meanwhile = lambda: None
        other = threading.Thread(target=lambda: during.append(client.get("/a").text))
        other.start()
        other.join(5)

    pages.meanwhile = once
    answer = client.get("/a").text

    assert (answer, during) == ("page 2 ", ["page 1 "])


def test_who_comes_while_the_first_copy_is_made_waits_for_it(clock):
    pages = Pages()
    client = site(pages, clock)
    answers, others = [], []

    def once():
        pages.meanwhile = lambda: None
        for _ in range(8):
            others.append(threading.Thread(target=lambda: answers.append(client.get("/a").text)))
            others[-1].start()

    pages.meanwhile = once
    client.get("/a")
    for other in others:
        other.join(5)

    assert answers == ["page 1 "] * 8
    assert len(pages.asked) == 1


def test_the_memory_for_copies_is_bounded(clock):
    pages = Pages()
    front = Front(pages, clock=clock)
    client = Client(front)

    for number in range(MAX_PAGES + 50):
        client.get(f"/{number}")

    assert len(front._pages) <= MAX_PAGES


def test_made_up_queries_push_no_page_out_of_memory(clock):
    pages = Pages()
    front = Front(pages, clock=clock)
    client = Client(front)
    client.get("/a")

    for number in range(50):
        client.get(f"/a?{number}")
        client.get(f"/a?v={number}")
        client.get(f"/a?utm_source=x&q={number}")

    assert len(pages.asked) == 151
    assert list(front._pages) == [("/a", "")]


def test_a_link_out_of_a_newsletter_leads_to_the_same_copy(clock):
    pages = Pages()
    client = site(pages, clock)

    links = ["/a?utm_source=mail&utm_medium=x", "/a", "/a?fbclid=IwAR0", "/a?gclid=1&utm_id=2"]

    assert {client.get(link).text for link in links} == {"page 1 "}


def test_a_picture_is_one_copy_by_whatever_figures_a_card_names_it(clock):
    pages = Pages()
    front = Front(pages, clock=clock)
    client = Client(front)

    for number in range(3):
        client.get(f"/polls/one/results.png?v={number:012x}")

    assert list(front._pages) == [("/polls/one/results.png", "")]
    assert len(pages.asked) == 1


def test_an_asset_is_kept_under_the_address_that_pages_name_alone(clock):
    asset = Pages(**{"Cache-Control": "public, max-age=31536000, immutable"})
    other = Pages(**{"Cache-Control": "public, max-age=0, no-cache"})
    front = Front(
        lambda environ, start: (asset if hashed(environ) else other)(environ, start), clock=clock
    )
    client = Client(front)

    for query in ("?v=0123456789ab", "?v=0123456789ab&x=1", "?v=ba9876543210", ""):
        for _ in range(2):
            client.get(f"/static/a.css{query}")

    assert list(front._pages) == [("/static/a.css", "v=0123456789ab")]


def hashed(environ):
    return "v=0123456789ab" in environ["QUERY_STRING"]


def test_a_host_that_is_not_ours_gets_no_copy_and_makes_none(clock):
    pages = Pages()
    front = Front(pages, hosts=["polls.example", "127.0.0.1"], clock=clock)
    client = Client(front)

    ours = {client.get("/a", base_url=f"http://{host}").text for host in HOSTS}
    others = [client.get("/a", headers={"Host": host}).text for host in STRANGERS]

    assert ours == {"page 1 "}
    assert others == ["page 2 ", "page 3 ", "page 4 "]
    assert len(front._pages) == 1


HOSTS = ("polls.example", "polls.example:8000", "polls.example:8001", "127.0.0.1:8000")
STRANGERS = ("evil.example", "polls.example.evil.example", "polls example")


def test_pages_that_are_not_there_push_none_out_of_memory(clock):
    pages = Pages()
    front = Front(pages, clock=clock)
    client = Client(front)
    client.get("/a")

    pages.status = 404
    during = []
    pages.meanwhile = lambda: during.append(list(front._pages))
    for number in range(5):
        client.get(f"/none/{number}")

    assert during == [[("/a", "")]] * 5
    assert front._awaited == {}


def test_those_who_waited_for_an_answer_that_is_not_for_all_do_not_wait_for_each_other(clock):
    pages = Pages(**{"Cache-Control": "no-store"})
    client = site(pages, clock)
    together = threading.Barrier(4, timeout=5)  # broken where they come one after another
    others = [threading.Thread(target=lambda: client.get("/a")) for _ in range(4)]

    def first():
        pages.meanwhile = together.wait
        for other in others:
            other.start()
        while not all(waits(other) for other in others):
            threading.Event().wait(0.01)

    pages.meanwhile = first
    client.get("/a")
    for other in others:
        other.join(10)

    assert not together.broken
    assert len(pages.asked) == 5


def waits(thread):
    """Whether this thread is stopped at the lock of the one who makes the page."""
    frame = sys._current_frames().get(thread.ident)
    return frame is not None and frame.f_code.co_name == "_renewed"


class Stuck:
    """An application whose posts wait until they are told to go on."""

    def __init__(self):
        self.go_on = threading.Event()
        self.inside = threading.Semaphore(0)

    def __call__(self, environ, start):
        request = Request(environ)
        if request.method == "POST":
            self.inside.release()
            assert self.go_on.wait(30)
        return Response(request.path)(environ, start)


@contextmanager
def stuck_votes(front, application, count):
    answers = []
    voters = [
        threading.Thread(target=lambda: answers.append(Client(front).post("/vote").status_code))
        for _ in range(count)
    ]
    for voter in voters:
        voter.start()
    try:
        for _ in range(min(count, WRITES_AT_ONCE)):
            assert application.inside.acquire(timeout=10)
        yield answers
    finally:
        application.go_on.set()
        for voter in voters:
            voter.join(30)


@pytest.mark.parametrize("cookie", [{}, {"Cookie": "voter=x"}], ids=["stranger", "reader"])
def test_pages_are_answered_while_waiting_votes_take_all_their_places(cookie):
    application = Stuck()
    front = Front(application)
    with stuck_votes(front, application, 2 * WRITES_AT_ONCE) as answers:
        started = time.monotonic()
        for page in ("/", "/polls/one", HEALTH):
            assert Client(front).get(page, headers=cookie).text == page
            assert Client(front).head(page, headers=cookie).status_code == 200
        assert time.monotonic() - started < 1
        assert answers == []

    assert answers == [200] * 2 * WRITES_AT_ONCE


@pytest.mark.parametrize("path", ["/editor/sign-in", "//editor/sign-in"])
def test_votes_and_pages_are_answered_while_those_who_sign_in_take_all_their_places(path):
    go_on, inside = threading.Event(), threading.Semaphore(0)

    def application(environ, start):
        if "editor" in environ["PATH_INFO"]:
            inside.release()
            assert go_on.wait(30)
        return Response("ok")(environ, start)

    front = Front(application)
    guessers = [
        threading.Thread(
            target=lambda: Client(front).post("/", environ_overrides={"PATH_INFO": path})
        )
        for _ in range(2 * WRITES_AT_ONCE)
    ]
    for guesser in guessers:
        guesser.start()
    for _ in range(DESK_AT_ONCE):
        assert inside.acquire(timeout=10)

    assert Client(front).post("/vote").text == "ok"
    assert Client(front).get("/").text == "ok"
    assert not inside.acquire(blocking=False)

    go_on.set()
    for guesser in guessers:
        guesser.join(30)


def test_the_process_says_that_it_lives_while_all_pages_are_stuck():
    go_on, inside = threading.Event(), threading.Semaphore(0)

    def application(environ, start):
        if environ["PATH_INFO"] != HEALTH:
            inside.release()
            assert go_on.wait(30)
        return Response("ok")(environ, start)

    front = Front(application)
    readers = [
        threading.Thread(target=lambda n=n: Client(front).get(f"/{n}"))
        for n in range(2 * READS_AT_ONCE)
    ]
    for reader in readers:
        reader.start()
    for _ in range(READS_AT_ONCE):
        assert inside.acquire(timeout=10)

    assert Client(front).get(HEALTH).text == "ok"

    go_on.set()
    for reader in readers:
        reader.join(30)


def test_who_finds_no_place_in_time_is_told_when_to_come_back_and_nothing_was_begun():
    application = Stuck()
    front = Front(application, patience_s=0.05)
    with stuck_votes(front, application, WRITES_AT_ONCE):
        answer = Client(front).post("/vote", data="x")
        assert not application.inside.acquire(blocking=False)

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert answer.headers["Cache-Control"] == "no-store"
    assert Client(front).post("/vote").status_code == 200


def test_a_program_that_finds_no_place_is_told_so_as_a_problem():
    application = Stuck()
    front = Front(application, patience_s=0.05)
    with stuck_votes(front, application, WRITES_AT_ONCE):
        posted = Client(front).post("/api/v1/polls", data="x")

    assert (posted.status_code, posted.mimetype) == (503, "application/problem+json")
    assert posted.json["status"] == 503
    assert posted.json["detail"] == "Too busy at this moment. Try again shortly."


def test_a_body_is_read_before_a_place_inside_is_taken(clock):
    inside, most = 0, 0
    gate = threading.Lock()

    def application(environ, start):
        nonlocal inside, most
        with gate:
            inside += 1
            most = max(most, inside)
        threading.Event().wait(0.01)
        with gate:
            inside -= 1
        return Response(Request(environ).get_data())(environ, start)

    front = Front(application, clock=clock)
    answers = []
    senders = [
        threading.Thread(target=lambda: answers.append(Client(front).post("/v", data=b"x").text))
        for _ in range(3 * WRITES_AT_ONCE)
    ]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join(10)

    assert answers == ["x"] * (3 * WRITES_AT_ONCE)
    assert most <= WRITES_AT_ONCE


def test_what_a_server_has_loaded_is_left_out_of_collections(app):
    try:
        assert Client(ready(app)).get("/healthz").status_code == 200
        assert gc.get_freeze_count() > 10_000
    finally:
        gc.unfreeze()
