"""What every answer carries and every request must pass: headers, host, proxies, limits of size."""

import io

import pytest
from werkzeug.test import create_environ, run_wsgi_app

from poll_app.web.cors import is_public_data
from tests.web.acts import ballots, change, ids_of, post

PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
DATA_POLICY = "default-src 'none'; frame-ancestors 'none'"
EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "Permissions-Policy": (
        "accelerometer=(), camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "X-Frame-Options": "DENY",
}
HTTPS = {"POLL_PUBLIC_URL": "https://polls.example.org"}


@pytest.fixture(autouse=True)
def poll(new_poll):
    return new_poll(options=("Yes", "No"), slug="one")


def every_kind_of_answer(app, poll):
    """One answer of each status and kind that the program gives."""
    client, data = app.test_client(), {"option": ids_of(poll, "Yes")}
    for path in ("/", "/polls/one", "/polls/one/results", "/polls/one/results.csv", "/api/v1/polls/one/results",
                 "/healthz", "/readyz", "/static/css/base.css", "/static/none", "/none", "/api/v1/none",
                 "/polls/one/vote", "/?" + "x" * 3_000):  # fmt: skip
        yield client.get(path)
    yield client.get(
        "/polls/one", headers={"If-None-Match": client.get("/polls/one").headers["ETag"]}
    )
    yield client.head("/polls/one")
    yield client.open("/polls/one", method="OPTIONS")
    yield client.post("/polls/one/vote", data=data, from_elsewhere=True)
    yield client.post("/polls/one/vote", data=data, headers={"Sec-Fetch-Site": "cross-site"})
    yield client.post("/polls/one/vote", json={})
    yield client.post("/polls/one/vote", data={})
    yield client.post("/polls/one/vote", data={**data, "order": "x"})
    yield client.post("/polls/one/vote", data={"option": "x" * 70_000})
    yield app.test_client().post("/polls/one/vote", data=data)
    yield post(app.test_client(use_cookies=False), "/polls/one/vote", data)
    yield post(client, "/polls/one/vote", data)
    change(app, "DROP TABLE choices")
    yield client.get("/polls/one")


def test_every_answer_carries_the_headers_that_guard_it(app, poll):
    answers = list(every_kind_of_answer(app, poll))

    assert {200, 303, 304, 307, 400, 403, 404, 405, 413, 414, 415, 422, 503} == {
        a.status_code for a in answers
    }
    for answer in answers:
        assert {name: answer.headers.get(name) for name in EVERYWHERE} == EVERYWHERE, answer.status
        # What a browser holds when it gets a 304 came with its policy.
        policy = PAGE_POLICY if answer.mimetype == "text/html" else DATA_POLICY
        policy = None if answer.status_code == 304 else policy
        assert answer.headers.get("Content-Security-Policy") == policy
        assert answer.headers["Cache-Control"]
        assert "Strict-Transport-Security" not in answer.headers
        open_to_scripts = [
            name for name in dict(answer.headers) if name.startswith("Access-Control-")
        ]
        assert not open_to_scripts or is_public_data(answer.request.path)


def test_https_is_kept_where_readers_come_by_it(make_app):
    client = make_app(**HTTPS).test_client()

    for path in ("/", "/none", "/static/css/base.css", "/healthz"):
        answer = client.get(path, base_url="https://polls.example.org")
        assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


@pytest.mark.parametrize("host", ["evil.example", "polls.example.org.evil.example", "evil.polls.example.org",
                                  "localhost/x?y", "a b", "polls.example.org@evil.example", "", "[::1"])  # fmt: skip
def test_only_our_own_host_is_answered_for_once_it_is_known(make_app, host):
    client = make_app(**HTTPS).test_client()

    answer = client.get("/polls/one", headers={"Host": host})

    assert answer.status_code == 400
    assert "evil.example" not in answer.get_data(as_text=True)


@pytest.mark.parametrize("host", ["polls.example.org", "localhost:8000", "127.0.0.1"])
def test_our_own_host_and_the_machine_itself_are_answered_for(make_app, host):
    client = make_app(**HTTPS).test_client()

    assert client.get("/polls/one", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("server_name", ["localhost", "any.example"])
@pytest.mark.parametrize("settings", [{}, HTTPS], ids=["anywhere", "https"])
def test_a_request_without_a_host_is_refused(make_app, settings, server_name):
    environ = create_environ("/polls/one")
    environ["SERVER_NAME"] = server_name
    del environ["HTTP_HOST"]

    _, status, headers = run_wsgi_app(make_app(**settings), environ, buffered=True)

    assert status == "400 BAD REQUEST"
    assert headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "host", ["", "a b", "localhost/x", "localhost,evil.example", "a@b", "[::1"]
)
def test_what_is_no_host_is_refused_even_where_every_host_is_ours(client, host):
    assert client.get("/polls/one", headers={"Host": host}).status_code == 400


def test_addresses_in_pages_never_come_from_the_request(make_app):
    client = make_app(POLL_PUBLIC_URL="http://polls.example.org").test_client()

    page = client.get("/polls/one", headers={"Host": "127.0.0.1"}).get_data(as_text=True)

    assert 'rel="canonical" href="http://polls.example.org/polls/one"' in page


FORWARDED = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https", "X-Forwarded-Host": "evil.example",
             "X-Forwarded-Prefix": "/evil", "X-Forwarded-Port": "99", "Forwarded": "for=203.0.113.9"}  # fmt: skip


def limit_reached(app, poll, addresses):
    """The statuses of votes that claim to come from these addresses, two are allowed per network."""
    data = {"option": ids_of(poll, "Yes")}
    return [
        post(
            app.test_client(), "/polls/one/vote", data, headers={"X-Forwarded-For": address}
        ).status_code
        for address in addresses
    ]


def test_what_a_stranger_says_about_proxies_is_ignored(make_app, poll):
    app = make_app(POLL_VOTE_LIMIT="2 per hour")

    page = app.test_client().get("/polls/one", headers=FORWARDED).get_data(as_text=True)
    statuses = limit_reached(app, poll, ["203.0.113.1", "198.51.100.1", "192.0.2.1"])

    assert "evil" not in page
    assert statuses == [303, 303, 429]


def test_the_address_comes_from_the_proxy_where_one_is_trusted(make_app, poll):
    app = make_app(POLL_VOTE_LIMIT="2 per hour", POLL_TRUSTED_PROXIES="1")

    page = app.test_client().get("/polls/one", headers=FORWARDED).get_data(as_text=True)
    forged = "6.6.6.{}, 203.0.113.1"
    statuses = limit_reached(app, poll, [forged.format(n) for n in range(3)] + ["198.51.100.1"])

    assert "evil" not in page
    assert statuses == [303, 303, 429, 303]


@pytest.mark.parametrize("kind", ["one long field", "many short fields"])
def test_a_form_beyond_64_kib_is_refused(app, client, poll, kind):
    junk = "x" * 65_537 if kind == "one long field" else "&".join(["a="] * 25_000)

    answer = client.post(
        "/polls/one/vote", data=f"option={ids_of(poll, 'Yes')[0]}&junk={junk}",
        content_type="application/x-www-form-urlencoded",
    )  # fmt: skip

    assert answer.status_code == 413
    assert ballots(app) == 0


@pytest.mark.parametrize(("parts", "status"), [(63, 303), (64, 413)])
def test_a_form_has_at_most_64_parts(app, client, poll, parts, status):
    data = {"option": ids_of(poll, "Yes"), **{f"part{n}": "x" for n in range(parts)}}

    answer = post(client, "/polls/one/vote", data, content_type="multipart/form-data")

    assert answer.status_code == status
    assert ballots(app) == (status == 303)


@pytest.mark.parametrize(("length", "status"), [(2_048, 200), (2_049, 414)])
def test_a_query_has_at_most_2048_characters(client, length, status):
    assert client.get("/polls/one?" + "q" * length).status_code == status


@pytest.mark.parametrize(
    "kind", ["application/json", "text/plain", "text/xml", "application/octet-stream", ""]
)
def test_only_what_a_form_sends_is_read(app, client, poll, kind):
    body = f'{{"option": {ids_of(poll, "Yes")[0]}}}'

    answer = client.post("/polls/one/vote", data=body, content_type=kind)

    assert answer.status_code == 415
    assert ballots(app) == 0


@pytest.mark.parametrize(
    "body",
    ['{{"option": ["{}"]}}', "[1]", "[" * 1_500, '"{}"'],
    ids=["ballot", "list", "deep", "text"],
)
def test_json_in_chunks_which_states_no_length_is_not_read_either(app, client, poll, body):
    environ = create_environ("/polls/one/vote", method="POST", content_type="application/json", headers={
        "Sec-Fetch-Site": "same-origin", "Transfer-Encoding": "chunked",
        "Cookie": client.post("/polls/one/vote", data={"option": ids_of(poll, "Yes")}).headers["Set-Cookie"],
    })  # fmt: skip
    environ.pop("CONTENT_LENGTH", None)
    environ |= {
        "wsgi.input": io.BytesIO(body.format(poll.options[0].id).encode()),
        "wsgi.input_terminated": True,
    }

    _, status, _ = run_wsgi_app(app, environ, buffered=True)

    assert status.startswith("415")
    assert ballots(app) == 0


@pytest.mark.parametrize("encoding", ["gzip", "br", "deflate", "identity, gzip"])
def test_a_packed_body_is_never_unpacked(app, client, encoding):
    answer = client.post(
        "/polls/one/vote", data=b"\x1f\x8b\x08", content_type="application/x-www-form-urlencoded",
        headers={"Content-Encoding": encoding},
    )  # fmt: skip

    assert answer.status_code == 415
    assert ballots(app) == 0
