"""The copies in front of the application: for whom, how long, how many make one."""

import threading

import pytest
from werkzeug.test import Client
from werkzeug.wrappers import Request, Response

from poll_app.web.front import AT_ONCE, FRESH_S, MAX_PAGES, Front

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
    assert client.get("/a?b=1").text == "page 2 "


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
        client.get(f"/a?{number}")

    assert len(front._pages) <= MAX_PAGES


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
        for _ in range(3 * AT_ONCE)
    ]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join(10)

    assert answers == ["x"] * (3 * AT_ONCE)
    assert most <= AT_ONCE
